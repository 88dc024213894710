"""What related objects allow: every row of `rules.related` is typed."""

from pathlib import Path

import pytest
from conftest import Trial

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.model.records import Device, Disk, Group
from sdxsim.model.status import EC
from sdxsim.rules import copying, jrm, related
from sdxsim.rules.engine import Asked
from sdxsim.words.messages import MESSAGES

LAB = load(str(Path(__file__).parent.parent / "runbooks" / "proxies.json"))


def with_class(trial, **fields):
    klass = trial.lab.classes["Class1"]
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": klass._replace(**fields)})


def with_slices(trial, name, *statuses, **fields):
    klass = trial.lab.classes["Class1"]
    volume = klass.volumes[name]
    slices = tuple(s._replace(status=status) for s, status in zip(volume.slices, statuses, strict=True))
    with_class(trial, volumes={**klass.volumes, name: volume._replace(slices=slices, **fields)})


# -- the states rows are tried in: Volume4, a mirror, is the proxy of Volume1; all is stopped ------------------------


def joined():
    trial = Trial(LAB)
    trial.done("sdxproxy Join -c Class1 -m Volume1 -p Volume4 -e waitsync")
    trial.done("umount /mnt1")
    trial.done("sdxvolume -F -c Class1 -v Volume1")
    return trial


def parted():
    trial = joined()
    trial.done("sdxproxy Part -c Class1 -p Volume4")
    trial.done("sdxvolume -F -c Class1 -v Volume4")
    return trial


def by_group():
    trial = Trial(LAB)
    trial.done("sdxproxy Join -c Class1 -m Group1 -p Group3 -e waitsync")
    return trial


def detached():
    trial = parted()
    with_slices(trial, "Volume1", "STOP", "TEMP-STOP")
    with_slices(trial, "Volume4", "STOP", "TEMP-STOP")
    return trial


def with_more_disks():
    """Disk7 is undefined; Low is a group of Disk8 and Disk9, without volumes."""
    trial = parted()
    klass = trial.lab.classes["Class1"]
    names = {"Disk7": None, "Disk8": "Low", "Disk9": "Low"}
    disks = {n: Disk(n, f"c9t{n[4:]}d0", group=g) for n, g in names.items()}
    low = Group("Low", "stripe", ("Disk8", "Disk9"), 35_323_904, 32_768)
    with_class(trial, disks={**klass.disks, **disks}, groups={**klass.groups, "Low": low})
    devices = {d.device: Device(d.device, "/x", 17_682_084, 3591) for d in disks.values()}
    trial.lab = trial.lab._replace(devices={**trial.lab.devices, **devices})
    return trial


def with_a_lower_group():
    trial = with_more_disks()
    klass = trial.lab.classes["Class1"]
    group = klass.groups["Group1"]
    with_class(trial, groups={**klass.groups, "Group1": group._replace(members=(*group.members, "Low"))})
    return trial


def exchanged():
    """Disk2 and Disk6 are out for exchange."""
    trial = parted()
    klass = trial.lab.classes["Class1"]
    with_class(trial, disks={n: d._replace(status="SWAP") if n in ("Disk2", "Disk6") else d for n, d in klass.disks.items()})
    with_slices(trial, "Volume1", "STOP", "NOUSE")
    with_slices(trial, "Volume4", "STOP", "NOUSE")
    return trial


def invalid_slices():
    trial = parted()
    with_slices(trial, "Volume1", "STOP", "INVALID")
    with_slices(trial, "Volume4", "STOP", "INVALID")
    return trial


def resynchronizing():
    trial = invalid_slices()
    for name, member in (("Volume1", "Disk2"), ("Volume4", "Disk6")):
        trial.lab = copying.resynchronize(trial.lab, "Class1", name, (member,), trial.now)
    return trial


def invalid():
    trial = parted()
    with_slices(trial, "Volume1", "INVALID", "INVALID", valid=False)
    with_slices(trial, "Volume4", "INVALID", "INVALID", valid=False)
    return trial


_SDX = "sdxcopy -{} -c Class1 -v {}"
# fmt: off
LINES = {  # (form, on what): the state, and what is typed
    ("attr.class", "their class"):               (parted, "sdxattr -C -c Class1 -a hs=off"),
    ("attr.group", "a group of theirs"):         (parted, "sdxattr -G -c Class1 -g Group1 -a name=Other"),
    ("disk.connect", "a group of theirs"):       (with_more_disks, "sdxdisk -C -c Class1 -g Group1 -d Disk7"),
    ("disk.disconnect", "a group of theirs"):    (parted, "sdxdisk -D -c Class1 -g Group1 -d Disk2"),
    ("group.connect", "a group of theirs"):      (with_more_disks, "sdxgroup -C -c Class1 -h Group4 -l Low"),
    ("group.disconnect", "a group of theirs"):   (with_a_lower_group, "sdxgroup -D -c Class1 -h Group1 -l Low"),
    ("slice.make", "a slice of theirs"):         (parted, "sdxslice -M -c Class1 -d Disk2 -v Volume1"),
    ("slice.remove", "a slice of theirs"):       (detached, "sdxslice -R -c Class1 -s Disk2.Volume1"),
    ("slice.stop", "a slice of theirs"):         (detached, "sdxslice -F -c Class1 -s Disk2.Volume1"),
    ("slice.start", "a slice of theirs"):        (detached, "sdxslice -N -c Class1 -s Disk2.Volume1"),
    ("slice.take", "a slice of theirs"):         (detached, "sdxslice -T -c Class1 -s Disk6.Volume4"),
    ("attr.slice", "a slice of theirs"):         (detached, "sdxattr -S -c Class1 -s Disk6.Volume4 -a jrm=off"),
    ("volume.make", "a master or proxy group"):  (by_group, "sdxvolume -M -c Class1 -g Group1 -v New -s 32768"),
    ("volume.make", "another group"):            (by_group, "sdxvolume -M -c Class1 -g Group4 -v New -s 32768"),
    ("volume.remove", "a master"):               (parted, "sdxvolume -R -c Class1 -v Volume1"),
    ("volume.remove", "a proxy"):                (parted, "sdxvolume -R -c Class1 -v Volume4"),
    ("volume.remove", "another volume"):         (parted, "sdxvolume -R -c Class1 -v Volume2"),
    ("volume.resize", "a master"):               (parted, "sdxvolume -S -c Class1 -v Volume1 -s 4227072"),
    ("volume.resize", "a proxy"):                (parted, "sdxvolume -S -c Class1 -v Volume4 -s 4227072"),
    ("volume.start", "a master"):                (parted, "sdxvolume -N -c Class1 -v Volume1"),
    ("volume.stop", "a master"):                 (joined, "sdxvolume -F -c Class1 -v Volume1"),
    ("volume.start", "a parted proxy"):          (parted, "sdxvolume -N -c Class1 -v Volume4"),
    ("volume.stop", "a parted proxy"):           (parted, "sdxvolume -F -c Class1 -v Volume4"),
    ("volume.start", "a joined proxy"):          (joined, "sdxvolume -N -c Class1 -v Volume4"),
    ("volume.stop", "a joined proxy"):           (joined, "sdxvolume -F -c Class1 -v Volume4"),
    ("attr.volume", "a master"):                 (parted, "sdxattr -V -c Class1 -v Volume1 -a lock=on"),
    ("attr.volume", "a proxy"):                  (parted, "sdxattr -V -c Class1 -v Volume4 -a lock=on"),
    ("swap.out", "a disk of theirs"):            (parted, "sdxswap -O -c Class1 -d Disk2"),
    ("swap.in", "a disk of theirs"):             (exchanged, "sdxswap -I -c Class1 -d Disk2"),
    ("copy.start", "a master"):                  (invalid_slices, _SDX.format("B", "Volume1")),
    ("copy.cancel", "a master"):                 (resynchronizing, _SDX.format("C", "Volume1")),
    ("copy.interrupt", "a master"):              (resynchronizing, _SDX.format("I", "Volume1")),
    ("copy.pace", "a master"):                   (resynchronizing, _SDX.format("P", "Volume1") + " -e delay=10"),
    ("copy.start", "a parted proxy"):            (invalid_slices, _SDX.format("B", "Volume4")),
    ("copy.cancel", "a parted proxy"):           (resynchronizing, _SDX.format("C", "Volume4")),
    ("copy.interrupt", "a parted proxy"):        (resynchronizing, _SDX.format("I", "Volume4")),
    ("copy.pace", "a parted proxy"):             (resynchronizing, _SDX.format("P", "Volume4") + " -e delay=10"),
    ("copy.start", "a joined proxy"):            (joined, _SDX.format("B", "Volume4")),
    ("copy.cancel", "a joined proxy"):           (joined, _SDX.format("C", "Volume4")),
    ("copy.interrupt", "a joined proxy"):        (joined, _SDX.format("I", "Volume4")),
    ("copy.pace", "a joined proxy"):             (joined, _SDX.format("P", "Volume4") + " -e delay=1"),
    ("fix.volume", "a master"):                  (invalid, "sdxfix -V -c Class1 -d Disk1 -v Volume1"),
    ("fix.volume", "a proxy"):                   (invalid, "sdxfix -V -c Class1 -d Disk5 -v Volume4"),
    ("config.backup", "their class"):            (parted, "sdxconfig Backup -c Class1"),
    ("info", "anything of theirs"):              (parted, "sdxinfo -A -c Class1 -o Volume1"),
}
# fmt: on
RELATED = [MESSAGES[i][1].partition("}")[2] for i in ("object.related", "proxy.not_parted", "object.copying", "proxy.session")]


def texts(guards):
    return [MESSAGES[guard.note_id][1].partition("}")[2] for guard in guards]


def name(cell):
    return f"{cell.form} on {cell.what}"


def test_every_row_has_its_line_and_every_line_its_row():
    assert [(cell.form, cell.what) for cell in related.CELLS] == list(LINES)


def typed(cell, change=lambda trial: None):
    """The trial after the state's making and `change`, and the Outcome of the row's line."""
    made, line = LINES[cell.form, cell.what]
    trial = made()
    change(trial)
    before = trial.bytes()
    outcome = execute(trial.lab, line.split(), trial.now)
    if outcome.status:
        trial.lab = outcome.lab
        assert trial.bytes() == before
    return outcome


ALWAYS = {related.unrelated, related.class_unrelated, related.group_unrelated, related.no_proxy, related.no_joined_proxy}
REFUSED = [c for c in related.CELLS if set(c.guards) & ALWAYS or c.what == "a joined proxy"]
ALLOWED = [c for c in related.CELLS if c not in REFUSED]
WHILE = [c for c in ALLOWED if c.guards]


@pytest.mark.parametrize("cell", REFUSED, ids=name)
def test_it_is_refused_while_related(cell):
    outcome = typed(cell)
    assert outcome.status == 1
    assert outcome.stderr.splitlines()[0].endswith(tuple(texts(cell.guards))), outcome.stderr


@pytest.mark.parametrize("cell", ALLOWED, ids=name)
def test_it_is_not_refused_for_being_related(cell):
    outcome = typed(cell)
    assert not outcome.stderr.endswith(tuple(f"{text}\n" for text in RELATED)), outcome.stderr


def between(source, target):
    """A copy from one of the pair onto the other's first slice, beside whatever else is under way."""

    def change(trial):
        klass = trial.lab.classes["Class1"]
        member = klass.volumes[target].slices[0].member
        trial.lab = copying.begin(trial.lab, "Class1", source, target, 4096, trial.now, members=(member,))

    return change


@pytest.mark.parametrize("way", [("Volume1", "Volume4"), ("Volume4", "Volume1")], ids=" to ".join)
@pytest.mark.parametrize("cell", WHILE, ids=name)
def test_it_is_refused_while_copying_between_master_and_proxy(cell, way):
    outcome = typed(cell, between(*way))
    assert outcome.status == 1
    assert outcome.stderr.splitlines()[0].endswith(": copying in progress")


def in_session(trial):
    relation = trial.lab.classes["Class1"].relations[0]
    pair = relation.pairs[0]._replace(session=EC)
    trial.lab = jrm.with_pairs(trial.lab, "Class1", relation, {pair.proxy: pair})


@pytest.mark.parametrize("cell", WHILE, ids=name)
def test_it_is_refused_in_a_session_of_master_and_proxy(cell):
    outcome = typed(cell, in_session)
    assert outcome.status == 1
    assert outcome.stderr.splitlines()[0].endswith(": copy session exists")


# -- the guards themselves, before there are forms that use them ----------------------------------------------------


def judged(trial, guard, target):
    asked = Asked(trial.lab, trial.lab.classes["Class1"], trial.lab.nodes["node1"], "x", {}, trial.now)
    return guard(asked, target)


# fmt: off
@pytest.mark.parametrize(("guard", "free", "held"), [
    (related.unrelated,       ("Volume2", "Group2", "Disk3", "Disk3.Volume2", "Group3", "New"),
                              ("Volume1", "Volume4", "Group1", "Group4", "Disk1", "Disk6", "Disk2.Volume1")),
    (related.group_unrelated, ("Group1", "Group4", "Disk1"), ()),
    (related.no_proxy,        ("Volume1", "Group1", "Disk1"), ("Volume4",)),
    (related.no_joined_proxy, ("Volume1", "Volume4"), ()),
    (related.no_copy,         ("Volume1", "Volume4", "Disk1"), ()),
    (related.no_session,      ("Volume1", "Volume4", "Disk1"), ()),
])
# fmt: on
def test_the_guards_know_what_lies_behind_a_name(guard, free, held):
    trial = parted()
    assert [judged(trial, guard, name) for name in free] == [None] * len(free)
    assert [judged(trial, guard, name) for name in held] == list(held)


def test_the_guards_take_records_too():
    trial = parted()
    klass = trial.lab.classes["Class1"]
    assert judged(trial, related.unrelated, klass.groups["Group1"]) == "Group1"
    assert judged(trial, related.unrelated, klass.disks["Disk5"]) == "Disk5"
    assert judged(trial, related.class_unrelated, None) == "Class1"
    assert judged(Trial(LAB), related.class_unrelated, None) is None


def test_groups_related_as_a_whole_are_related_through_lower_groups():
    trial = by_group()
    klass = trial.lab.classes["Class1"]
    with_class(trial, groups={**klass.groups, "Group1": klass.groups["Group1"]._replace(members=("Low",)),
                              "Low": Group("Low", "concat", ("Disk1",), 1, 32_768)})  # fmt: skip
    for guard in (related.unrelated, related.group_unrelated):
        assert judged(trial, guard, "Low") == "Low"
        assert judged(trial, guard, "Group3") == "Group3"
        assert judged(trial, guard, "Group4") is None


def test_copies_and_sessions_are_seen_from_both_sides_and_from_their_disks():
    trial = parted()
    between("Volume1", "Volume4")(trial)
    in_session(trial)
    for guard in (related.no_copy, related.no_session):
        assert [judged(trial, guard, n) for n in ("Volume1", "Volume4", "Disk2", "Disk5")] == ["Volume1", "Volume4", "Disk2", "Disk5"]
        assert judged(trial, guard, "Volume2") is None
    assert judged(joined(), related.no_joined_proxy, "Volume4") == "Volume4"


def test_spare_disks_serve_no_group_with_proxies():
    trial = parted()
    klass = trial.lab.classes["Class1"]
    assert related.holds_proxies(klass, "Group4")
    assert not related.holds_proxies(klass, "Group1")
    assert related.holds_proxies(by_group().lab.classes["Class1"], "Group3")
