"""sdxattr of classes, disks and groups; sdxparam; sdxinfo -I; sdxdevinfo; the scenario data."""

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.records import Node


@pytest.fixture
def trial():
    made = Trial(load("data"))
    made.done("sdxproxy Break -c Class1 -p Copy1")
    return made


def table(text):
    return [line.split() for line in text.splitlines()[2:]]


def klass(trial, name="Class1"):
    return trial.lab.classes[name]


# -- a class ----------------------------------------------------------------------------------------------------


def test_a_renamed_class_is_renamed_wherever_it_is_named(trial):
    trial.refused("sdxattr -C -c Class1 -a name=Data", "object.active", object="Volume1")
    trial.done("sdxdisk -C -c Class1 -g Group1 -d Disk6")
    trial.finish()
    trial.done("sdxvolume -F -c Class1")
    order = list(trial.lab.classes)
    trial.done("sdxattr -C -c Class1 -a name=Data")
    assert list(trial.lab.classes) == [{"Class1": "Data"}.get(name, name) for name in order]
    assert klass(trial, "Data").name == "Data"
    assert trial.lab.devices["c1t1d0"].label == "Data/Disk1"
    trial.refused("sdxinfo -c Class1", "class.unknown", **{"class": "Class1"})
    assert "/dev/sfdsk/Data/dsk/Volume1" in trial.done("sdxvolume -N -c Data -v Volume1")
    trial.done("mount -F ufs /dev/sfdsk/Data/dsk/Volume1 /mnt")
    trial.refused("sdxattr -C -c Data -a name=Other", "object.active", object="Volume1")


def test_copies_go_with_a_renamed_class(trial):
    trial.done("sdxvolume -F -c Class1")
    trial.done("sdxproxy Join -c Class1 -m Volume1 -p Copy1")
    trial.refused("sdxattr -C -c Class1 -a name=Data", "object.related", object="Copy1")
    relations = klass(trial)._replace(relations=())
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": relations})
    trial.done("sdxattr -C -c Class1 -a name=Data")
    assert [c.klass for c in trial.lab.copies] == ["Data"]
    trial.finish()


def test_a_class_name_is_unique_and_short(trial):
    trial.done("sdxvolume -F -c Class1")
    trial.refused("sdxattr -C -c Class1 -a name=System", "class.taken", **{"class": "System"})
    trial.refused(f"sdxattr -C -c Class1 -a name={'x' * 33}", "name.long", string="x" * 33)
    trial.done(f"sdxattr -C -c Class1 -a name={'x' * 32}")


def test_hot_spare_and_response_time_change_in_any_state(trial):
    before = trial.lab
    trial.done("sdxattr -C -c Class1 -a hs=on,hsmode=exbox")
    assert trial.lab is before
    trial.done("sdxattr -C -c Class1 -a hs=off,hsmode=bybox,iotimeout=on:77:on")
    assert (klass(trial).hs, klass(trial).hsmode, klass(trial).iotimeout) == (False, "bybox", (True, 77, True))
    assert trial.done("sdxinfo -I -c Class1") == (
        "CLASS   MODE TIME PANIC\n"
        "------- ---- ---- -----\n"
        "Class1   on    77   on\n"
    )
    assert [row[-1] for row in table(trial.done("sdxinfo -G -c Class1"))] == ["0", "0"]  # hot spare is off
    trial.done("sdxattr -C -c Class1 -a iotimeout=off")
    assert trial.done("sdxinfo -I -c Class1").endswith("\nClass1  off    23  off\n")


def test_the_manuals_own_line_and_table():
    """Linux 4.7 guide 6.12.1, to the character."""
    trial = Trial(load("data"))
    trial.done("sdxdisk -M -c Class -d c3t1d0=Disk1")
    trial.done("sdxattr -C -c Class -a iotimeout=on:77:on")
    assert trial.done("sdxinfo -I -c Class") == (
        "CLASS   MODE TIME PANIC\n------- ---- ---- -----\nClass    on    77   on\n"
    )


@pytest.mark.parametrize("word", ["on:23:maybe", "on:x", "on:0", "on:10000", "maybe", "on:23:on:off", "on:", ":23"])
def test_a_wrong_iotimeout_is_refused(trial, word):
    note = "attribute.value"
    trial.refused(f"sdxattr -C -c Class1 -a iotimeout={word}", note, attribute="iotimeout", value=word)


def test_nothing_is_shown_of_a_class_that_is_closed_down(trial):
    closed = klass(trial)._replace(closed={"node1": "FewDB"})
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": closed})
    assert trial.done("sdxinfo -I -c Class1") == ""
    assert [row[0] for row in table(trial.done("sdxinfo -I"))] == ["System"]
    trial.refused("sdxinfo -I -c Class9", "class.unknown", **{"class": "Class9"})


def test_type_and_scope_change_where_there_are_nodes(trial):
    line = "sdxattr -C -c Class1 -a "
    trial.refused(line + "type=shared", "object.active", object="Volume1")
    trial.done("sdxvolume -F -c Class1")
    trial.refused(line + "type=shared", "class.no_shared", **{"class": "Class1"})
    trial.lab = trial.lab._replace(nodes={**trial.lab.nodes, "node2": Node("node2")})
    trial.refused(line + "scope=node1:node2", "class.not_shared", **{"class": "Class1"})
    trial.refused(line + "type=shared,scope=node1:node3", "node.unknown", node="node3")
    trial.refused(line + "type=shared,scope=node2", "scope.elsewhere")
    for scope in ("node1", "node1:node1", "node2:node2:node1"):
        trial.refused(line + f"type=shared,scope={scope}", "attribute.value", attribute="scope", value=scope)
    trial.done(line + "type=shared,scope=node2:node1")
    assert (klass(trial).type, klass(trial).scope) == ("shared", ("node2", "node1"))
    trial.done(line + "type=local")
    assert (klass(trial).type, klass(trial).scope) == ("local", ("node1",))
    trial.done(line + "type=shared")
    assert (klass(trial).type, klass(trial).scope) == ("shared", ("node1", "node2"))


@pytest.mark.parametrize("change", ["name=Other", "type=shared", "type=shared,scope=node1:node2"])
def test_a_class_keeps_name_and_nodes_while_a_slice_is_detached(trial, change):
    """Its special files are the class's, and it is one node's."""
    trial.lab = trial.lab._replace(nodes={**trial.lab.nodes, "node2": Node("node2")})
    trial.done("sdxslice -M -c Class1 -d Disk2 -v Volume2")
    trial.done("sdxvolume -F -c Class1")
    trial.refused(f"sdxattr -C -c Class1 -a {change}", "object.detached", object="Volume2")
    trial.done("sdxattr -C -c Class1 -a hs=off")


def test_a_root_class_stays_one():
    trial = Trial(load("backing-up"))
    trial.done("sdxproxy Break -c System -p Proxy1")
    trial.done("sdxproxy Break -c System -p Proxy2")
    trial.refused("sdxattr -C -c System -a type=local", "class.not_in_root", object="System")
    trial.refused("sdxattr -C -c System -a type=root", "attribute.value", attribute="type", value="root")
    trial.done("sdxattr -C -c System -a hs=off")


# -- a disk -----------------------------------------------------------------------------------------------------


def test_a_disk_is_renamed_and_becomes_another_kind(trial):
    trial.done("sdxattr -D -c Class1 -d Disk6 -a name=Reserve,type=spare")
    assert list(klass(trial).disks)[5] == "Reserve"
    assert klass(trial).disks["Reserve"].type == "spare"
    assert trial.lab.devices["c2t3d0"].label == "Class1/Reserve"
    trial.done("sdxattr -D -c Class1 -d Reserve -a type=single")
    trial.done("sdxattr -D -c Class1 -d Reserve -a type=undef")
    before = trial.lab
    trial.done("sdxattr -D -c Class1 -d Reserve -a type=undef,name=Reserve")
    assert trial.lab is before


# fmt: off
@pytest.mark.parametrize(("words", "note", "fields"), [
    ("-d Disk1 -a name=X",           "object.connected", {"object": "Disk1"}),
    ("-d Disk5 -a name=X",           "object.exists",    {"object": "Volume3", "holder": "Disk5"}),
    ("-d Disk9 -a name=X",           "object.unknown",   {"object": "Disk9"}),
    ("-d Disk6 -a name=Disk7",       "object.taken",     {"object": "Disk7"}),
    ("-d Disk6 -a name=Group1",      "object.taken",     {"object": "Group1"}),
    ("-d Disk6 -a name=Volume1",     "object.taken",     {"object": "Volume1"}),
    ("-d Disk6 -a type=keep",        "class.only_root",  {"object": "Disk6"}),
    ("-d Disk6 -a type=mirror",      "attribute.value",  {"attribute": "type", "value": "mirror"}),
    ("-d Disk6 -a width=32",         "attribute.name",   {"attribute": "width"}),
    (f"-d Disk6 -a type=single,name={'n' * 29}", "name.long", {"string": "n" * 29}),
    (f"-d Disk6 -a name={'n' * 33}", "name.long",        {"string": "n" * 33}),
])
# fmt: on
def test_attributes_of_a_disk_are_refused(trial, words, note, fields):
    trial.refused(f"sdxattr -D -c Class1 {words}", note, **fields)


def test_a_single_disks_name_of_28(trial):
    trial.done(f"sdxattr -D -c Class1 -d Disk6 -a type=single,name={'n' * 28}")
    trial.refused(f"sdxattr -D -c Class1 -d {'n' * 28} -a name={'n' * 29}", "name.long", string="n" * 29)


def test_disks_of_a_root_class(trial):
    trial.done("sdxdisk -M -c System -d c3t1d0=Extra")
    trial.refused("sdxattr -D -c System -d Extra -a type=single", "class.not_in_root", object="Extra")
    trial.refused("sdxattr -D -c System -d Extra -a type=keep", "device.no_slice", object="Extra")
    trial.done("sdxattr -D -c System -d Extra -a type=spare")


# -- a group ----------------------------------------------------------------------------------------------------


def test_a_group_is_renamed_with_everything_in_it(trial):
    trial.refused("sdxattr -G -c Class1 -g Group1 -a name=Data", "object.active", object="Volume1")
    trial.done("sdxvolume -F -c Class1")
    trial.done("sdxattr -G -c Class1 -g Group1 -a name=Data")
    assert list(klass(trial).groups) == ["Data", "Group2"]
    assert {v.group for v in klass(trial).volumes.values()} == {"Data", "Group2", None}
    assert klass(trial).disks["Disk1"].group == "Data"
    trial.done("sdxdisk -C -c Class1 -g S -d Disk6,Disk7 -a type=stripe")
    volume = klass(trial).volumes["Volume3"]
    striped = volume._replace(name="V", group="S", slices=(volume.slices[0]._replace(member="S"),))
    it = klass(trial)._replace(volumes={**klass(trial).volumes, "V": striped})
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": it})
    trial.done("sdxattr -G -c Class1 -g S -a name=T")
    assert [s.member for s in klass(trial).volumes["V"].slices] == ["T"]


# fmt: off
@pytest.mark.parametrize(("words", "note", "fields"), [
    ("-g S -a name=X",             "object.connected",  {"object": "S"}),
    ("-g Group9 -a name=X",        "object.unknown",    {"object": "Group9"}),
    ("-g Group2 -a name=Disk1",    "object.taken",      {"object": "Disk1"}),
    ("-g Group2 -a name=Volume1",  "object.taken",      {"object": "Volume1"}),
    ("-g Group2 -a actdisk=Disk3", "group.not_switch",  {"object": "Group2"}),
    ("-g W -a actdisk=Disk3",      "object.not_connected", {"object": "Disk3", "group": "W"}),
    ("-g Group2 -a width=32",      "attribute.name",    {"attribute": "width"}),
    (f"-g Group2 -a name={'n' * 33}", "name.long",      {"string": "n" * 33}),
])
# fmt: on
def test_attributes_of_a_group_are_refused(trial, words, note, fields):
    trial.done("sdxdisk -C -c Class1 -g S -d Disk6 -a type=stripe")
    trial.done("sdxgroup -C -c Class1 -h M -l S")
    trial.done("sdxdisk -C -c Class1 -g W -d Disk7 -a type=switch")
    trial.refused(f"sdxattr -G -c Class1 {words}", note, **fields)


def test_the_new_active_disk_is_in_order(trial):
    trial.done("sdxdisk -C -c Class1 -g W -d Disk6,Disk7 -a type=switch")
    it = klass(trial)
    disks = {**it.disks, "Disk7": it.disks["Disk7"]._replace(status="DISABLE")}
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": it._replace(disks=disks)})
    trial.refused("sdxattr -G -c Class1 -g W -a actdisk=Disk7", "object.status", object="Disk7", status="DISABLE")


# -- sdxparam ---------------------------------------------------------------------------------------------------


def test_parameters_are_shown_and_set(trial):
    trial.done("sdxparam -S -p copy_delay=100,copy_concurrency=2")
    assert trial.done("sdxparam -G -p copy_delay,copy_concurrency") == (
        "PARAM                  VALUE\n"
        "---------------------- -----\n"
        "copy_delay               100\n"
        "copy_concurrency           2\n"
    )
    assert trial.lab.nodes["node1"].params == {"copy_delay": 100, "copy_concurrency": 2}
    before = trial.lab
    trial.done("sdxparam -S -p copy_delay=100")
    assert trial.lab is before
    trial.done("sdxparam -S -p spare_copy_delay=1 -e default")
    assert trial.lab.nodes["node1"].params == {"spare_copy_delay": 1}
    assert len(table(trial.done("sdxparam -G"))) == 5


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("copy_concurrency", 1, 1024), ("copy_delay", 0, 1000), ("proxy_copy_concurrency", 1, 1024),
        ("proxy_copy_delay", 0, 1000), ("spare_copy_delay", 0, 1000),
    ],
)  # fmt: skip
def test_limits_of_parameters(trial, name, least, most):
    for good in (least, most):
        trial.done(f"sdxparam -S -p {name}={good}")
    for bad in (str(least - 1), str(most + 1), "x", "1e2"):
        trial.refused(f"sdxparam -S -p {name}={bad}", "param.value", param=name, val=bad)


def test_unknown_parameters(trial):
    trial.refused("sdxparam -S -p copy_delay=1,speed=9", "param.name", param="speed")
    trial.refused("sdxparam -G -p speed", "param.name", param="speed")
    trial.refused("sdxparam -S -p copy_delay=1,copy_delay=2", "param.value", param="copy_delay", val="1")


def test_delays_are_the_parameters_unless_given(trial):
    trial.done("sdxparam -S -p copy_delay=7,proxy_copy_delay=9")
    trial.done("sdxdisk -C -c Class1 -g Group1 -d Disk6")
    assert {c.delay for c in trial.lab.copies} == {7}
    trial.finish()
    trial.done("sdxproxy Join -c Class1 -m Volume1 -p Copy1")
    assert {c.delay for c in trial.lab.copies} == {9}
    trial.finish()
    trial.done("sdxproxy Part -c Class1 -p Copy1")
    trial.done("sdxvolume -F -c Class1 -v Copy1")
    trial.done("sdxproxy Rejoin -c Class1 -p Copy1 -e delay=3")
    assert {c.delay for c in trial.lab.copies} == {3}


def test_parameters_outlive_a_reboot(trial):
    trial.done("sdxparam -S -p copy_delay=7")
    trial.done("shutdown -y -g0 -i6")
    assert table(trial.done("sdxparam -G -p copy_delay")) == [["copy_delay", "7"]]


# -- sdxdevinfo and the scenario --------------------------------------------------------------------------------


def test_devices_are_shown_registered_or_not(trial):
    rows = table(trial.done("sdxdevinfo"))
    assert len(rows) == len(trial.lab.devices)
    assert ["c3t1d0", "*", "*", "17682084", "3591", "*", "/pci@1f,2000/scsi@3/disk@1,0"] in rows
    assert [row[0] for row in table(trial.done("sdxdevinfo -c Class1 -d Disk1,Disk5"))] == ["c1t1d0", "c1t3d0"]
    assert len(table(trial.done("sdxdevinfo -c System"))) == 8
    assert [row[:3] for row in table(trial.done("sdxdevinfo -d Root1"))] == [["c0t0d0", "System", "Root1"]]
    trial.refused("sdxdevinfo -c Class1 -d Root1", "object.unknown", object="Root1")
    trial.refused("sdxdevinfo -c Class9", "class.unknown", **{"class": "Class9"})


def test_the_scenario_data_has_a_class_of_every_kind_of_object():
    trial = Trial(load("data"))
    assert [row[1:] for row in table(trial.done("sdxinfo -C"))] == [
        ["System", "root", "(local)", "0"],
        ["Class1", "local", "(local)", "1"],
    ]
    disks = [(row[1], row[2], row[4], row[5]) for row in table(trial.done("sdxinfo -D -c Class1"))]
    assert disks == [
        ("Disk1", "mirror", "Group1", "c1t1d0"), ("Disk2", "mirror", "Group1", "c2t1d0"),
        ("Disk3", "mirror", "Group2", "c1t2d0"), ("Disk4", "mirror", "Group2", "c2t2d0"),
        ("Disk5", "single", "*", "c1t3d0"), ("Disk6", "undef", "*", "c2t3d0"),
        ("Disk7", "undef", "*", "c1t4d0"), ("Spare1", "spare", "*", "c2t4d0"),
    ]  # fmt: skip
    long = [(row[1], row[2], row[6], row[7], row[-2]) for row in table(trial.done("sdxinfo -V -c Class1 -e long"))]
    assert [row for row in long if row[0] != "*"] == [
        ("Volume1", "mirror", "*", "*", "ACTIVE"), ("Volume2", "mirror", "*", "*", "ACTIVE"),
        ("Copy1", "mirror", "Volume1", "Part", "STOP"), ("Volume3", "single", "*", "*", "ACTIVE"),
    ]  # fmt: skip
    free = [row for row in table(trial.done("sdxinfo -D -o Disk5 -e long"))]
    assert free[0][7] == str(17_661_952 - 65_536 - 1_048_576)
    assert [row[-1] for row in table(trial.done("sdxinfo -V -o Volume3"))] == ["PRIVATE", "ACTIVE", "FREE"]
    assert [row[-1] for row in table(trial.done("sdxinfo -V -o Disk5"))] == ["PRIVATE", "ACTIVE", "FREE"]
    trial.done("sdxproxy Rejoin -c Class1 -p Copy1 -e waitsync")
    trial.done("mount -F ufs /dev/sfdsk/Class1/dsk/Volume1 /mnt")
