"""sdxconfig: a class's configuration saved, changed as text, removed and restored (guide D.13)."""

import random
import shlex

import pytest
from conftest import Trial

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.rules.configtable import HEAD, Wrong, parsed, written

BACKUP = "sdxconfig Backup -c Class1"


class Filed(Trial):
    """A Trial whose commands read and write files of its own."""

    def __init__(self, lab):
        super().__init__(lab)
        self.files = {}

    def read(self, path):
        if path not in self.files:
            raise FileNotFoundError(2, "No such file or directory")
        return self.files[path]

    def tried(self, line):
        outcome = execute(self.lab, shlex.split(line), self.now, read=self.read)
        self.lab = outcome.lab
        for path, text, _ in outcome.written:
            self.files[path] = text
        return outcome


@pytest.fixture
def filed():
    """Scenario data without its proxy."""
    made = Filed(load("data"))
    made.done("sdxproxy Break -c Class1 -p Copy1")
    return made


@pytest.fixture
def saved(filed):
    """With the table of Class1 in file `t`, and on standard input."""
    filed.done(BACKUP + " -o t")
    filed.files[None] = filed.files["t"]
    return filed


@pytest.fixture
def gone(saved):
    """With Class1 removed."""
    saved.done("sdxvolume -F -c Class1")
    saved.done("sdxconfig Remove -c Class1")
    return saved


def configured(lab):
    """What a table tells of Class1."""
    return written(lab.classes["Class1"])


# -- Backup -------------------------------------------------------------------------------------------------------


def test_backup_prints_the_table_or_gives_it_to_a_file_and_changes_nothing(filed):
    before = filed.lab
    printed = filed.done(BACKUP)
    assert printed.startswith(HEAD + "\nclass Class1 type=local ")
    assert "\ngroup Group1 type=mirror width=* members=Disk1:Disk2\n" in printed
    assert filed.done(BACKUP + " -o t -e update") == ""
    assert filed.files == {"t": printed}
    assert filed.tried(BACKUP + " -o t").written == (("t", printed, False),)
    assert filed.tried(BACKUP + " -o t -e update").written == (("t", printed, True),)
    assert filed.lab is before


def test_backup_is_refused(filed):
    filed.refused("sdxconfig Backup -c System", "class.not_in_root", object="System")
    filed.refused("sdxconfig Backup -c Nope", "class.unknown", **{"class": "Nope"})
    Filed(load("data")).refused(BACKUP, "object.related", object="Copy1")
    filed.done("sdxdisk -C -c Class1 -g Switch -d Disk6,Disk7 -a type=switch")
    filed.refused(BACKUP, "config.switch", object="Switch")


@pytest.mark.parametrize(
    ("what", "note", "fields"),
    [("DISABLE", "object.status", {"object": "Disk1", "status": "DISABLE"}), ("SWAP", None, {}),
     ("TEMP", "object.detached", {"object": "Volume1"}), ("TEMP-STOP", "object.detached", {"object": "Volume1"})],
)  # fmt: skip
def test_backup_with_disks_and_slices_out_of_order(filed, what, note, fields):
    klass = filed.lab.classes["Class1"]
    if what.startswith("TEMP"):
        volume = klass.volumes["Volume1"]
        slices = (volume.slices[0], volume.slices[1]._replace(status=what, owner="node1", data=volume.data))
        klass = klass._replace(volumes={**klass.volumes, "Volume1": volume._replace(slices=slices)})
    else:
        klass = klass._replace(disks={**klass.disks, "Disk1": klass.disks["Disk1"]._replace(status=what)})
    filed.lab = filed.lab._replace(classes={**filed.lab.classes, "Class1": klass})
    if note:
        filed.refused(BACKUP, note, **fields)
    else:
        filed.done(BACKUP)


@pytest.mark.parametrize(
    "line",
    [BACKUP, "sdxconfig Remove -c Class1", "sdxconfig Restore -c Class1 -i t",
     "sdxconfig Convert -e rename -c Class1=Class2 -i t", "sdxconfig Convert -e remove -c Class1 -g Group1 -i t"],
)  # fmt: skip
def test_only_in_multi_user_mode(saved, line):
    node = saved.lab.nodes["node1"]
    saved.lab = saved.lab._replace(nodes={"node1": node._replace(power="single-user")})
    saved.refused(line, "node.not_multi_user", node="node1")


# -- the round trip -----------------------------------------------------------------------------------------------


def test_remove_and_restore_bring_back_the_class_and_what_its_volumes_held(gone):
    assert "Class1" not in gone.lab.classes
    assert {d.label for d in gone.lab.devices.values() if d.name.startswith("c1")} == {""}
    said = gone.done("sdxconfig Restore -c Class1 -i t")
    assert "Class1: created class\n" in said and "Volume1: started volume on node node1\n" in said
    assert configured(gone.lab) == gone.files["t"]
    assert gone.statuses("Volume1", "Class1") == ["ACTIVE", "COPY"]
    gone.finish()
    assert gone.statuses("Volume1", "Class1") == ["ACTIVE", "ACTIVE"]
    data = load("data").classes["Class1"].volumes["Volume1"]
    assert gone.volume("Volume1", "Class1").data == data.data
    assert gone.volume("Volume1", "Class1").wear == data.wear
    assert {d.remains for d in gone.lab.devices.values()} == {()}


def test_restore_without_copies(gone):
    gone.done("sdxconfig Restore -c Class1 -i t -e skipsync")
    assert not gone.lab.copies
    assert gone.statuses("Volume1", "Class1") == ["ACTIVE", "ACTIVE"]


def test_a_locked_volume_is_restored_stopped(saved):
    saved.done("sdxattr -V -c Class1 -v Volume1 -a lock=on")
    saved.done(BACKUP + " -o t -e update")
    saved.done("sdxvolume -F -c Class1")
    saved.done("sdxconfig Remove -c Class1")
    saved.done("sdxconfig Restore -c Class1 -i t")
    assert saved.statuses("Volume1", "Class1") == ["STOP", "INVALID"]
    assert saved.statuses("Volume2", "Class1") == ["ACTIVE", "COPY"]


def test_what_is_registered_anew_in_between_is_lost(gone):
    gone.done("sdxdisk -M -c Other -d c1t1d0=D")
    gone.done("sdxclass -R -c Other")
    gone.done("sdxconfig Restore -c Class1 -i t -e skipsync")
    assert gone.volume("Volume1", "Class1").data.type == "none"
    assert gone.volume("Volume3", "Class1").data == load("data").classes["Class1"].volumes["Volume3"].data


def test_a_lab_with_remains_is_kept_whole(gone):
    from sdxsim.store.document import from_bytes

    assert from_bytes(gone.bytes(), "x").lab == gone.lab
    assert gone.lab.devices["c1t1d0"].remains


def test_the_identification_may_be_left(saved):
    saved.done("sdxvolume -F -c Class1")
    saved.done("sdxconfig Remove -c Class1 -e keepid")
    assert saved.lab.devices["c1t1d0"].label == "Class1/Disk1"
    fields = {"device": "c1t1d0", "class": "Class1"}
    saved.refused("sdxconfig Restore -c Class1 -i t -e chkps", "device.managed", **fields)
    saved.done("sdxconfig Restore -c Class1 -i t")


def test_chkps_takes_disks_without_private_slices(gone):
    gone.done("sdxconfig Restore -c Class1 -i t -e chkps,skipsync")


def test_nested_groups_go_round(saved):
    saved.done("sdxdisk -M -c Class2 -d c3t1d0=A,c3t2d0=B,c4t1d0=C,c4t2d0=D")
    saved.done("sdxdisk -C -c Class2 -g S1 -d A,B -a type=stripe,width=64")
    saved.done("sdxdisk -C -c Class2 -g S2 -d C,D -a type=stripe,width=64")
    saved.done("sdxgroup -C -c Class2 -h M -l S1,S2")
    saved.done("sdxvolume -M -c Class2 -g M -v V -s 1000000")
    saved.finish()
    before = saved.lab.classes["Class2"]
    saved.done("sdxconfig Backup -c Class2 -o n")
    saved.done("sdxvolume -F -c Class2")
    saved.done("sdxconfig Remove -c Class2")
    saved.done("sdxconfig Restore -c Class2 -i n -e skipsync")
    after = saved.lab.classes["Class2"]
    assert {g.name: g for g in after.groups.values()} == before.groups
    assert after.volumes == before.volumes


# -- Remove -------------------------------------------------------------------------------------------------------


def test_remove_is_refused(saved):
    saved.refused("sdxconfig Remove -c System", "class.not_local", **{"class": "System"})
    saved.refused("sdxconfig Remove -c Class1", "object.active", object="Volume1")
    saved.done("mount -F ufs /dev/sfdsk/Class1/dsk/Volume2 /mnt")
    saved.refused("sdxconfig Remove -c Class1", "object.in_use", object="Volume2")
    saved.done("umount /mnt")
    saved.done("sdxattr -C -c Class1 -a iotimeout=on:30:on")
    saved.done("sdxvolume -F -c Class1")
    saved.refused("sdxconfig Remove -c Class1", "class.panic", **{"class": "Class1"})


def test_remove_waits_for_copies(filed):
    filed.done("sdxvolume -F -c Class1 -v Volume2,Volume3")
    filed.done("sdxproxy Join -c Class1 -m Volume1 -p Copy1")
    filed.done("sdxvolume -F -c Class1 -v Volume1")
    filed.refused("sdxconfig Remove -c Class1", "object.copying", object="Volume1")


# -- Restore ------------------------------------------------------------------------------------------------------


def test_restore_is_refused_for_what_is_there(gone, saved):
    gone.refused("sdxconfig Restore -c Class1 -i nope", "file.unreadable", file="nope", reason="No such file or directory")
    gone.refused("sdxconfig Restore -c Class9 -i t", "config.class", **{"class": "Class9", "has": "Class1"})
    gone.refused("sdxconfig Restore -c System -i t", "class.taken", **{"class": "System"})
    gone.done("sdxdisk -M -c Other -d c2t1d0=D")
    gone.refused("sdxconfig Restore -c Class1 -i t", "device.registered", device="c2t1d0", **{"class": "Other"})
    gone.done("sdxclass -R -c Other")
    devices = gone.lab.devices
    gone.lab = gone.lab._replace(devices={**devices, "c2t1d0": devices["c2t1d0"]._replace(present=False)})
    gone.refused("sdxconfig Restore -c Class1 -i t", "device.absent", device="c2t1d0")
    gone.lab = gone.lab._replace(devices={**devices, "c2t1d0": devices["c2t1d0"]._replace(nodes=("node2",))})
    gone.refused("sdxconfig Restore -c Class1 -i t", "device.unknown", device="c2t1d0")
    gone.lab = gone.lab._replace(devices={**devices, "c2t1d0": devices["c2t1d0"]._replace(blocks=98_303)})
    gone.refused("sdxconfig Restore -c Class1 -i t", "device.small", object="c2t1d0")
    end = 8_454_144 + 2_097_152
    gone.lab = gone.lab._replace(devices={**devices, "c2t1d0": devices["c2t1d0"]._replace(blocks=end - 1)})
    gone.refused("sdxconfig Restore -c Class1 -i t", "config.misfit", object="Volume2", holder="Group1")
    gone.lab = gone.lab._replace(devices={**devices, "c2t1d0": devices["c2t1d0"]._replace(blocks=end)})
    gone.done("sdxconfig Restore -c Class1 -i t")


def test_restore_where_the_class_exists(saved):
    saved.refused("sdxconfig Restore -c Class1 -i t", "class.taken", **{"class": "Class1"})


def test_a_disk_with_open_slices_is_not_taken(gone):
    bare = Filed(load("bare"))
    bare.files["t"] = gone.files["t"].replace("c1t1d0", "c0t0d0")
    for line in ("c2t1d0", "c1t2d0", "c2t2d0", "c1t3d0", "c2t3d0", "c1t4d0", "c2t4d0"):
        assert line in bare.lab.devices
    bare.refused("sdxconfig Restore -c Class1 -i t", "device.busy", device="c0t0d0", pslice="c0t0d0s0")


def test_a_shared_class_is_restored_as_a_local_one(gone):
    gone.files["t"] = gone.files["t"].replace("type=local", "type=shared")
    gone.done("sdxconfig Restore -c Class1 -i t")
    assert (gone.lab.classes["Class1"].type, gone.lab.classes["Class1"].scope) == ("local", ("node1",))


# -- Convert ------------------------------------------------------------------------------------------------------


def converted(filed, words, note=None, **fields):
    """The table that Convert prints, or its refusal."""
    line = f"sdxconfig Convert -e {words}"
    if note:
        return filed.refused(line, note, **fields)
    before = filed.lab
    text = filed.done(line)
    assert filed.lab is before
    parsed(text)
    return text


def test_rename(saved):
    text = converted(saved, "rename -c Class1=ClassX")
    assert text == saved.files["t"].replace("class Class1", "class ClassX")
    converted(saved, "rename -c ClassX=Class1", "config.class", **{"class": "ClassX", "has": "Class1"})
    saved.done("sdxconfig Convert -e rename,update -c Class1=ClassX -i t -o t")
    assert saved.files["t"] == text


def test_replace_devices(saved):
    wanted = saved.files["t"].replace("c1t1d0", "c3t1d0").replace("c2t1d0", "c3t2d0")
    assert converted(saved, "replace -c Class1 -d Disk1=c3t1d0,Disk2=c3t2d0 -i t") == wanted
    assert converted(saved, "replace -c Class1 -p c1t1d0=c3t1d0,c2t1d0=c3t2d0") == wanted
    swapped = converted(saved, "replace -c Class1 -p c1t1d0=c2t1d0,c2t1d0=c1t1d0")
    assert "disk Disk1 device=c2t1d0 " in swapped and "disk Disk2 device=c1t1d0 " in swapped
    converted(saved, "replace -c Class1 -d Disk1=c2t1d0", "device.named_twice", object="c2t1d0")
    converted(saved, "replace -c Class1 -d Disk1=c3t1d0,Disk1=c3t2d0", "device.named_twice", object="Disk1")
    converted(saved, "replace -c Class1 -p c1t1d0=c3t1d0,c1t1d0=c3t2d0", "device.named_twice", object="c1t1d0")
    converted(saved, "replace -c Class1 -d Nope=c3t1d0", "object.unknown", object="Nope")
    converted(saved, "replace -c Class1 -p c9t1d0=c3t1d0", "config.device", device="c9t1d0")


def test_remove_disks(saved):
    text = converted(saved, "remove -c Class1 -d Disk2,Disk5,Spare1")
    assert "members=Disk1\n" in text and "Volume3" not in text and "Spare1" not in text and "Volume1" in text
    converted(saved, "remove -c Class1 -d Disk1,Disk2", "object.connected", object="Disk1")
    converted(saved, "remove -c Class1 -d Nope", "object.unknown", object="Nope")
    saved.files["s"] = saved.files["t"].replace("group Group1 type=mirror width=*", "group Group1 type=concat width=*")
    saved.files["s"] = saved.files["s"].replace("pslice=1", "pslice=*").replace("pslice=0", "pslice=*")
    converted(saved, "remove -c Class1 -d Disk2 -i s", "object.connected", object="Disk2")


def test_remove_groups(saved):
    text = converted(saved, "remove -c Class1 -g Group1")
    assert "Disk1" not in text and "Disk2 " not in text and "Volume1" not in text and "Group2" in text
    converted(saved, "remove -c Class1 -g Nope", "object.unknown", object="Nope")
    nested = saved.files["t"].replace("end\n", "")
    nested = "\n".join(row for row in nested.split("\n") if not row.startswith("volume"))
    nested = nested.replace("type=mirror", "type=concat")
    saved.files["n"] = nested + "group Top type=mirror width=* members=Group1:Group2\nend\n"
    converted(saved, "remove -c Class1 -g Group1 -i n", "object.connected", object="Group1")
    assert "group" not in converted(saved, "remove -c Class1 -g Top -i n")


def test_something_is_left(saved):
    few = saved.files["t"].split("\n")
    rows = [row for row in few if row.startswith(("#", "class", "disk Disk1 ", "disk Disk2 ", "group Group1 "))]
    saved.files["f"] = "\n".join([*rows, "end", ""])
    converted(saved, "remove -c Class1 -g Group1 -i f", "config.empty", **{"class": "Class1"})


# -- bad tables ---------------------------------------------------------------------------------------------------

VOLUME1 = "volume Volume1 in=Group1 first=65536 blocks=8388608 jrm=on lock=off mode=rw pslice=0"


# fmt: off
@pytest.mark.parametrize(("old", "new", "where"), [
    (HEAD, HEAD[:-1] + "2",                "line 1 is not"),
    ("\nend\n", "\n",                      "does not end"),
    ("\nend\n", "\nend",                   "does not end"),
    ("\nend\n", "\nend\nend\n",            "does not end"),
    ("disk Disk1 device=c1t1d0", "disk Disk1 ", "line 3"),
    ("disk Disk1 ", "disk -Disk1 ",        "line 3: -Disk1 is no name"),
    ("disk Disk1 ", "disk " + "D" * 33 + " ", "is no name"),
    ("disk Disk2 ", "disk Disk1 ",         "line 4: Disk1 stands twice"),
    ("volume Volume2 ", "volume Disk1 ",   "Disk1 stands twice"),
    ("disk Disk5 ", "disk " + "D" * 29 + " ", "too long"),
    ("device=c2t1d0", "device=c1t1d0",     "line 4: device=c1t1d0"),
    ("device=c2t1d0", "device=../x",       "line 4: device=../x"),
    ("type=single", "type=keep",           "type=keep"),
    ("type=local", "type=root",            "type=root"),
    ("private=65536", "private=0",         "private=0"),
    ("private=65536", "private=065536",    "private=065536"),
    ("private=65536", "private=65537",     "private=65537"),
    ("private=65536", "private=" + "9" * 16, "private="),
    ("members=Disk1:Disk2", "members=Disk1:Disk3", "line 12: members"),
    ("members=Disk1:Disk2", "members=Disk1:Disk1", "members"),
    ("members=Disk1:Disk2", "members=Disk1:Spare1", "members"),
    ("members=Disk1:Disk2", "members=Disk1:Disk5", "members"),
    ("members=Disk1:Disk2", "members=Group2", "members"),
    ("type=mirror width=* members=Disk3", "type=switch width=* members=Disk3", "type=switch"),
    ("type=mirror width=* members=Disk3", "type=mirror width=32 members=Disk3", "width=32"),
    ("type=mirror width=* members=Disk3", "type=stripe width=33 members=Disk3", "members or width"),
    ("in=Disk5", "in=Disk6",               "in=Disk6"),
    ("in=Disk5", "in=Nope",                "in=Nope"),
    ("first=65536 blocks=8388608 jrm=on lock=off mode=rw", "first=65536 blocks=8388609 jrm=on lock=off mode=rw", "blocks="),
    ("first=65536 blocks=8388608 jrm=on lock=off mode=rw", "first=32768 blocks=8388608 jrm=on lock=off mode=rw", "overlaps"),
    ("first=8454144", "first=8421376",     "Volume2 overlaps"),
    ("pslice=1", "pslice=0",               "physical slices in Group1"),
    ("pslice=1", "pslice=2",               "pslice=2"),
    ("jrm=on", "jrm=On",                   "jrm=On"),
    ("jrm=on lock=off", "lock=off jrm=on", "not understood"),
    ("mode=rw", "mode=rx",                 "mode=rx"),
    ("\ndisk Disk1", "\n\ndisk Disk1",     "line 3: not understood"),
    ("disk Disk1", "disk Disk\u00e4",      "not understood"),
    ("class Class1", "disk Class1",        "not understood"),
    ("end\n", "class Other type=local hs=on hsmode=exbox private=65536\nend\n", "out of order"),
])
# fmt: on
def test_a_bad_table_is_refused_in_one_line(gone, old, new, where):
    assert old in gone.files["t"]
    gone.files["bad"] = gone.files["t"].replace(old, new, 1)
    outcome = gone.tried("sdxconfig Restore -c Class1 -i bad")
    assert outcome.status == 1 and outcome.stderr.count("\n") == 1 and "Class1" not in gone.lab.classes
    assert outcome.stderr.startswith("SDX:sdxconfig: ERROR: bad: illegal configuration table, ")
    assert where in outcome.stderr


def test_tables_in_disorder_never_get_through(gone):
    """Whatever becomes of a table, it is refused in one line or is a class that gives the same table again."""
    draw, good = random.Random(5), gone.files["t"]
    words = good.replace("\n", " \n ").split(" ")
    for _ in range(1500):
        mixed = list(words)
        for _ in range(draw.randrange(1, 3)):
            at, other = draw.randrange(len(mixed)), draw.randrange(len(mixed))
            mixed[at] = draw.choice([mixed[other], "", "\0", mixed[at][:-1], mixed[at] + "0"])
        text = " ".join(mixed).replace(" \n ", "\n")
        try:
            klass = parsed(text)
        except Wrong as wrong:
            assert "\n" not in str(wrong)
            continue
        assert parsed(written(klass)) == klass


def test_standard_input_is_named_so(filed):
    filed.files[None] = "nothing\n"
    where = f"line 1 is not '{HEAD}'"
    line = "sdxconfig Convert -e rename -c Class1=Class2"
    filed.refused(line, "config.bad", file="standard input", where=where)


def test_without_files_there_is_nothing_to_read():
    trial = Trial(load("data"))
    line = "sdxconfig Restore -c Class9 -i t"
    trial.refused(line, "file.unreadable", file="t", reason="there are no files")
