"""Every law of the walk can be broken: a lab that breaks it, and nothing else, is noticed by it."""

import pytest
from tests.walk import laws

from sdxsim.lab.scenarios import load
from sdxsim.model.records import Copy, Mount, Pair, Relation
from sdxsim.model.status import OBP


def lab():
    return load("data")


def with_class(made, **fields):
    klass = made.classes["Class1"]
    return made._replace(classes={**made.classes, "Class1": klass._replace(**fields)})


def with_volume(name, /, **fields):
    """Scenario `data` with one volume of Class1 otherwise than it can be."""
    made = lab()
    volumes = made.classes["Class1"].volumes
    return with_class(made, volumes={**volumes, name: volumes[name]._replace(**fields)})


def with_statuses(name, /, *statuses, **fields):
    volume = lab().classes["Class1"].volumes[name]
    slices = tuple(s._replace(status=status) for s, status in zip(volume.slices, statuses, strict=True))
    return with_volume(name, slices=slices, **fields)


def with_disk(name, /, **fields):
    made = lab()
    disks = made.classes["Class1"].disks
    return with_class(made, disks={**disks, name: disks[name]._replace(**fields)})


def with_group(name, /, **fields):
    made = lab()
    groups = made.classes["Class1"].groups
    return with_class(made, groups={**groups, name: groups[name]._replace(**fields)})


def with_relation(**fields):
    made = lab()
    (relation,) = made.classes["Class1"].relations
    return with_class(made, relations=(relation._replace(**fields),))


def with_relations(*more):
    made = lab()
    return with_class(made, relations=(*made.classes["Class1"].relations, *more))


def with_copy(**fields):
    copy = Copy("Class1", "Volume2", "Volume2", ("Disk2",), 1, 0, 1)
    return lab()._replace(copies=(copy._replace(**fields),))


def with_node(**fields):
    made = lab()
    return made._replace(nodes={"node1": made.nodes["node1"]._replace(**fields)})


def mounted(special):
    made = lab()
    return with_node(mounts=(*made.nodes["node1"].mounts, Mount(special, "/x")))


def renamed():
    made = lab()
    klass = made.classes["Class1"]
    volume = klass.volumes["Volume2"]._replace(name="Disk1")
    return with_class(made, volumes={**klass.volumes, "Disk1": volume})


def two_disks_of_one_device():
    return with_disk("Disk6", device="c1t1d0")


ONE = lab().classes["Class1"].volumes["Volume2"]
NUMBER = lab().classes["Class1"].volumes["Volume1"].number

# fmt: off
BROKEN = {
    "a volume is called as a disk is":           (laws.names_are_unique, renamed),
    "a volume is known by another name":         (laws.names_are_unique, lambda: with_volume("Volume2", name="Other")),
    "a type that there is not":                  (laws.kinds_are_known, lambda: with_disk("Disk6", type="odd")),
    "a disk's status that there is not":         (laws.kinds_are_known, lambda: with_disk("Disk6", status="odd")),
    "a class without disks":                     (laws.kinds_are_known, lambda: with_class(lab(), disks={})),
    "a disk that thinks it is in a group":       (laws.kinds_are_known, lambda: with_disk("Disk6", group="Group9")),
    "a slice's status that there is not":        (laws.kinds_are_known, lambda: with_statuses("Volume2", "odd", "ACTIVE")),
    "running on a node outside the scope":       (laws.kinds_are_known, lambda: with_volume("Volume2", started={"x": "rw"})),
    "a group with a block too many":             (laws.groups_are_what_their_members_make_them,
                                                  lambda: with_group("Group1", blocks=17_661_953)),
    "a member of two groups":                    (laws.groups_are_what_their_members_make_them,
                                                  lambda: with_group("Group2", members=("Disk3", "Disk1"))),
    "a name too long":                           (laws.limits_are_kept, lambda: with_disk("Disk6", name="n" * 33)),
    "a single disk's name too long":             (laws.limits_are_kept, lambda: with_disk("Disk5", name="n" * 29)),
    "a name with a blank":                       (laws.limits_are_kept, lambda: with_disk("Disk6", name="a b")),
    "keep in a local class":                     (laws.limits_are_kept, lambda: with_disk("Disk6", type="keep")),
    "a switch group of three":                   (laws.limits_are_kept,
                                                  lambda: with_group("Group1", type="switch", members=("Disk1", "Disk2", "Disk6"))),
    "a mirror in a mirror":                      (laws.limits_are_kept, lambda: with_group("Group1", members=("Group2",))),
    "a physical slice on a lower group":         (laws.limits_are_kept, lambda: with_nested()),
    "seven physical slices":                     (laws.limits_are_kept, lambda: with_more(7, number=3)),
    "volumes without end":                       (laws.limits_are_kept, lambda: with_more(1025, pslice=False)),
    "33 slices of a master and its proxies":     (laws.limits_are_kept,
                                                  lambda: with_volume("Copy1", slices=ONE.slices * 16)),
    "volumes that overlap":                      (laws.areas_add_up, lambda: with_volume("Volume2", first=ONE.first - 1)),
    "a volume beyond the end":                   (laws.areas_add_up, lambda: with_volume("Volume2", blocks=17_000_000)),
    "a volume of no blocks":                     (laws.areas_add_up, lambda: with_volume("Volume2", blocks=0)),
    "two volumes in one physical slice":         (laws.areas_add_up, lambda: with_volume("Volume2", number=NUMBER)),
    "a volume on a disk that is not single":     (laws.areas_add_up, lambda: with_disk("Disk5", type="undef")),
    "ACTIVE though stopped":                     (laws.slices_agree_with_their_volume, lambda: with_volume("Volume2", started={})),
    "valid without a good slice":                (laws.slices_agree_with_their_volume,
                                                  lambda: with_statuses("Volume2", "INVALID", "INVALID")),
    "INVALID with a good slice":                 (laws.slices_agree_with_their_volume,
                                                  lambda: with_volume("Volume2", valid=False, started={})),
    "INVALID and running":                       (laws.slices_agree_with_their_volume,
                                                  lambda: with_statuses("Volume2", "INVALID", "INVALID", valid=False)),
    "a slice too few":                           (laws.slices_agree_with_their_volume,
                                                  lambda: with_volume("Volume2", slices=ONE.slices[:1])),
    "detached, and nobody's":                    (laws.slices_agree_with_their_volume,
                                                  lambda: with_statuses("Volume2", "ACTIVE", "TEMP")),
    "good on a disk that is out":                (laws.slices_agree_with_their_volume, lambda: with_disk("Disk2", status="SWAP")),
    "NOUSE on a disk in use":                    (laws.slices_agree_with_their_volume,
                                                  lambda: with_statuses("Volume2", "ACTIVE", "NOUSE")),
    "a joined proxy that runs":                  (laws.slices_agree_with_their_volume,
                                                  lambda: with_running_proxy()),
    "a proxy of two masters":                    (laws.relations_are_whole,
                                                  lambda: with_relations(Relation("Volume2", "Copy1", "volume", "parted",
                                                                                  (Pair("Volume2", "Copy1"),)))),
    "a chain":                                   (laws.relations_are_whole,
                                                  lambda: with_relations(Relation("Copy1", "Volume2", "volume", "parted",
                                                                                  (Pair("Copy1", "Volume2"),)))),
    "a proxy smaller than its master":           (laws.relations_are_whole, lambda: with_volume("Copy1", blocks=32_768)),
    "a relation to nothing":                     (laws.relations_are_whole, lambda: with_relation(master="Nothing")),
    "joined, and changes recorded":              (laws.relations_are_whole, lambda: with_joined_record()),
    "neither joined nor parted":                 (laws.relations_are_whole, lambda: with_relation(state="odd")),
    "a device that is two disks":                (laws.devices_are_in_one_class, two_disks_of_one_device),
    "COPY, and nothing is copied":               (laws.copies_are_shown, lambda: with_statuses("Volume2", "ACTIVE", "COPY")),
    "a copy that is not shown":                  (laws.copies_are_shown, with_copy),
    "a copy from nothing":                       (laws.copies_are_shown, lambda: with_copy(source="Nothing", interrupted=True)),
    "a copy onto nothing":                       (laws.copies_are_shown, lambda: with_copy(members=())),
    "mounted, and there is nothing":             (laws.mounts_lie_on_what_runs, lambda: mounted("/dev/sfdsk/Class1/dsk/Nothing")),
    "mounted and stopped":                       (laws.mounts_lie_on_what_runs,
                                                  lambda: stopped(mounted("/dev/sfdsk/Class1/dsk/Volume2"))),
    "mounted on a node that is halted":          (laws.mounts_lie_on_what_runs, lambda: with_node(power=OBP)),
    "running on a node that is halted":          (laws.what_is_halted_runs_nothing, lambda: with_node(power=OBP, mounts=())),
}
# fmt: on


def with_nested():
    made = with_group("Group2", type="concat")
    groups = made.classes["Class1"].groups
    return with_class(made, groups={**groups, "Group1": groups["Group1"]._replace(members=("Disk1", "Group2"))})


def with_more(count, **fields):
    made = lab()
    volumes = made.classes["Class1"].volumes
    more = {f"V{n}": ONE._replace(name=f"V{n}", **fields) for n in range(count)}
    return with_class(made, volumes={**volumes, **more})


def stopped(made):
    klass = made.classes["Class1"]
    slices = tuple(s._replace(status="STOP") for s in klass.volumes["Volume2"].slices)
    volume = klass.volumes["Volume2"]._replace(started={}, slices=slices)
    return with_class(made, volumes={**klass.volumes, "Volume2": volume})


def with_running_proxy():
    made = with_statuses("Copy1", "ACTIVE", "ACTIVE", started={"node1": "ro"})
    (relation,) = made.classes["Class1"].relations
    return with_class(made, relations=(relation._replace(state="joined"),))


def with_joined_record():
    (relation,) = lab().classes["Class1"].relations
    assert relation.pairs[0].tracking is not None
    return with_relation(state="joined")


def asked(law, made):
    """The law, of the lab or of each class."""
    takes = law.__code__.co_varnames[: law.__code__.co_argcount]
    if takes == ("lab",):
        law(made)
        return
    for klass in made.classes.values():
        law(*({"lab": made, "klass": klass}[name] for name in takes))


def test_the_scenario_is_a_lab():
    made = lab()
    laws.hold(made, made.clock.virtual)
    laws.shown_and_kept(made, made.clock.virtual)


@pytest.mark.parametrize("what", BROKEN)
def test_the_law_notices(what):
    law, broken = BROKEN[what]
    asked(law, lab())
    with pytest.raises(AssertionError):
        asked(law, broken())
    with pytest.raises(AssertionError):
        laws.hold(broken(), broken().clock.virtual)


def test_every_law_has_a_lab_that_breaks_it():
    named = {law.__name__ for law, _ in BROKEN.values()}
    called = set(laws.hold.__code__.co_names) - {"classes", "values", "settle"}
    assert called == named
