"""Volumes of a local class: related one by one, and what root classes have no occasion for."""

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.records import Class, Device, Disk, Group, Node, Slice, Volume

SIZE = 65_536


def volume(name, group, members, first=SIZE, running=False, **more):
    status = "ACTIVE" if running else "STOP"
    return Volume(
        name, group, first, more.pop("blocks", SIZE), tuple(Slice(m, status) for m in members),
        {"node1": "rw"} if running else {}, **more,
    )  # fmt: skip


@pytest.fixture
def data():
    """Class1, local: Master in a mirror of two, One in a mirror of one disk, Striped in a stripe, Alone on a disk."""
    lab = load("backing-up")
    members = {"Pair": ("D1", "D2"), "Solo": ("D3",), "Wide": ("D4", "D5"), "Wider": ("D6", "D7")}
    kinds = {"Pair": "mirror", "Solo": "mirror", "Wide": "stripe", "Wider": "mirror"}
    disks = {m: Disk(m, "c9t" + m[1:] + "d0", "undef", g) for g, ms in members.items() for m in ms}
    disks["D8"] = Disk("D8", "c9t8d0", "single")
    groups = {g: Group(g, kinds[g], ms, 10 * SIZE, 32_768, ((0, SIZE),)) for g, ms in members.items()}
    made = [
        volume("Master", "Pair", ("D1", "D2"), running=True, wear=60),
        volume("Beside", "Pair", ("D1", "D2"), first=2 * SIZE),
        volume("One", "Solo", ("D3",)),
        volume("Big", "Solo", ("D3",), first=2 * SIZE, blocks=2 * SIZE),
        volume("Busy", "Solo", ("D3",), first=4 * SIZE, running=True),
        volume("Striped", "Wide", ("Wide",)),
        volume("Alone", None, ("D8",)),
    ]
    klass = Class("Class1", "local", ("node1",), disks, groups, {v.name: v for v in made})
    devices = {d.device: Device(d.device, "/x", 10 * SIZE, 1, label=f"Class1/{d.name}") for d in disks.values()}
    return Trial(lab._replace(classes={**lab.classes, "Class1": klass}, devices={**lab.devices, **devices}))


def statuses(trial, name):
    return trial.statuses(name, "Class1")


JOIN = "sdxproxy Join -c Class1 -m Master -p "


def test_a_volume_is_joined_parted_and_rejoined_by_itself(data):
    data.done(JOIN + "One")
    assert statuses(data, "One") == ["COPY"]
    assert statuses(data, "Master") == ["ACTIVE", "ACTIVE"]
    data.done("sdxvolume -F -c Class1 -v Master")  # only read by the copy
    data.done("sdxvolume -N -c Class1 -v Master")
    data.finish()
    assert statuses(data, "One") == ["STOP"]
    data.done("sdxproxy Part -c Class1 -p One")
    assert statuses(data, "One") == ["ACTIVE"]
    data.done("sdxvolume -F -c Class1 -v One")
    data.done("sdxproxy Rejoin -c Class1 -p One")
    assert data.lab.copies[0].blocks == 0  # nothing was mounted, nothing changed
    data.finish()
    data.done("sdxproxy Break -c Class1 -p One")
    data.done("sdxvolume -N -c Class1 -v One")


def test_the_master_may_be_stopped_when_it_is_not_copied(data):
    data.done(JOIN + "One -e waitsync")
    data.done("sdxvolume -F -c Class1 -v Master")
    assert statuses(data, "Master") == ["STOP", "STOP"]


def test_ec_copies_onto_a_proxy_that_is_no_mirror_unless_told_otherwise(data):
    data.lab = data.lab._replace(functions=("OPC", "EC"))
    data.done(JOIN + "One -e delay=100")
    assert [(c.engine, c.delay) for c in data.lab.copies] == [("EC", 0)]
    data.finish()
    data.done(JOIN + "Alone -e softcopy,delay=100")
    assert [(c.engine, c.delay) for c in data.lab.copies] == [("soft", 100)]
    assert "soft" in data.done("sdxinfo -S -o Alone -e long")


def test_a_copy_under_way_goes_on_as_opc_when_parted_at_once(data):
    data.done(JOIN + "One")
    data.advance(1000)
    data.done("sdxproxy Part -c Class1 -p One -e instant")
    (copy,) = data.lab.copies
    assert (copy.engine, copy.background) == ("OPC", True)
    assert 0 < copy.blocks < SIZE
    assert data.volume("One", "Class1").started


def test_without_opc_a_copy_under_way_is_not_parted_at_once(data):
    data.lab = data.lab._replace(functions=())
    data.done(JOIN + "One")
    data.refused("sdxproxy Part -c Class1 -p One -e instant", "object.copying", object="One")


# fmt: off
@pytest.mark.parametrize(("proxy", "note", "fields"), [
    ("Beside",           "join.together", {"object": "Beside"}),
    ("Striped",          "join.type",      {"object": "Striped"}),
    ("Big",              "join.size",      {"object": "Big"}),
    ("Busy",             "object.active",  {"object": "Busy"}),
    ("Solo",             "join.kinds",     {"object": "Solo"}),
    ("One -a Master=X:on", "object.unknown", {"object": "Master"}),
])
# fmt: on
def test_join_of_a_volume_is_refused(data, proxy, note, fields):
    data.refused(JOIN + proxy, note, **fields)


def test_no_chains(data):
    data.done(JOIN + "One")
    data.finish()
    data.refused("sdxproxy Join -c Class1 -m One -p Alone", "object.related", object="One")
    data.refused("sdxproxy Join -c Class1 -m Alone -p Master", "object.related", object="Master")
    data.refused(JOIN + "One", "object.related", object="One")


def test_join_while_the_master_is_copied_or_invalid_is_refused(data):
    data.done(JOIN + "One")
    data.finish()
    data.done("sdxproxy Part -c Class1 -p One")
    data.done("sdxproxy Update -c Class1 -p One -e instant")
    data.done("sdxproxy Cancel -c Class1 -p One")
    data.done("sdxproxy Break -c Class1 -p One")
    data.refused("sdxproxy Join -c Class1 -m One -p Alone", "object.status", object="One", status="INVALID")


def test_join_by_group_wants_mirrors_room_and_few_slices(data):
    data.refused("sdxproxy Join -c Class1 -m Wide -p Wider", "join.type", object="Wide")
    data.refused("sdxproxy Join -c Class1 -m Wider -p Solo", "join.empty", object="Wider")
    klass = data.lab.classes["Class1"]
    small = klass.groups["Wider"]._replace(blocks=3 * SIZE)
    data.lab = data.lab._replace(
        classes={**data.lab.classes, "Class1": klass._replace(groups={**klass.groups, "Wider": small})}
    )
    data.refused("sdxproxy Join -c Class1 -m Solo -p Wider", "join.small", object="Wider")


def test_at_most_32_slices_of_a_master_and_its_proxies(data):
    klass = data.lab.classes["Class1"]
    many = tuple(f"E{i}" for i in range(29))
    wide = klass.volumes["One"]._replace(slices=tuple(Slice(m, "STOP") for m in many))
    devices = {m: data.lab.devices["c9t3d0"]._replace(name=m, label=f"Class1/{m}") for m in many}
    disks = {m: Disk(m, m, group="Solo") for m in many}
    klass = klass._replace(volumes={**klass.volumes, "One": wide}, disks={**klass.disks, **disks})
    data.lab = data.lab._replace(
        classes={**data.lab.classes, "Class1": klass}, devices={**data.lab.devices, **devices}
    )
    data.done(JOIN + "One")  # 2 and 29
    data.finish()
    data.done(JOIN + "Alone")  # and 1 are 32
    data.finish()
    klass = data.lab.classes["Class1"]
    extra = volume("Extra", "Wider", ("D6", "D7"))
    data.lab = data.lab._replace(
        classes={**data.lab.classes, "Class1": klass._replace(volumes={**klass.volumes, "Extra": extra})}
    )
    data.refused(JOIN + "Extra", "join.slices", object="Master")


def test_names_made_by_join_obey_the_rules(data):
    klass = data.lab.classes["Class1"]
    long = klass.volumes["Master"]._replace(name="M" * 30)
    volumes = {"M" * 30: long}
    bare = klass._replace(volumes=volumes)
    data.lab = data.lab._replace(classes={**data.lab.classes, "Class1": bare})
    data.refused("sdxproxy Join -c Class1 -m Pair -p Wider", "name.long", string="M" * 30 + "_Wider")


def test_names_given_twice_in_a_are_refused(data):
    klass = data.lab.classes["Class1"]
    volumes = {n: v for n, v in klass.volumes.items() if v.group == "Pair"}
    data.lab = data.lab._replace(classes={**data.lab.classes, "Class1": klass._replace(volumes=volumes)})
    line = "sdxproxy Join -c Class1 -m Pair -p Wider -a "
    data.refused(line + "Master=X:on,Beside=X:on", "object.taken", object="X")
    data.refused(line + "Master=D1:on", "object.taken", object="D1")
    data.refused(line + "Master=X:on,Beside=Y:on,Master=Z:on", "device.named_twice", object="Master")
    data.done(line + "Master=X:on:off,Beside=Y:off")
    assert not data.volume("X", "Class1").pslice
    assert data.volume("X", "Class1").number is None


def test_a_physical_slice_is_one_of_six(data):
    klass = data.lab.classes["Class1"]
    six = {f"V{i}": volume(f"V{i}", "Wider", ("D6", "D7")) for i in range(6)}
    seventh = volume("V6", "Wider", ("D6", "D7"), pslice=False)
    data.lab = data.lab._replace(
        classes={**data.lab.classes, "Class1": klass._replace(volumes={**klass.volumes, **six, "V6": seventh})}
    )
    data.refused("sdxattr -V -c Class1 -v V6 -a pslice=on", "volume.slices", object="V6", group="Wider")
    data.done("sdxattr -V -c Class1 -v V0 -a pslice=off")
    data.done("sdxattr -V -c Class1 -v V6 -a pslice=on")


def test_a_renamed_volume_keeps_its_relation_in_both_roles(data):
    data.done(JOIN + "One -e waitsync")
    data.done("sdxattr -V -c Class1 -v One -a name=Uno")
    data.done("sdxvolume -F -c Class1 -v Master")
    data.done("sdxattr -V -c Class1 -v Master -a name=Capo")
    relation = data.lab.classes["Class1"].relations[0]
    assert relation[:2] == ("Capo", "Uno")
    data.done("sdxproxy Part -c Class1 -p Uno")


def test_root_is_for_root_classes(data):
    data.done(JOIN + "One -e waitsync")
    data.done("sdxproxy Part -c Class1 -p One")
    data.refused("sdxproxy Root -c Class1 -p One", "class.not_root", **{"class": "Class1"})


def test_a_class_of_another_node_is_not_seen(data):
    klass = data.lab.classes["Class1"]
    data.lab = data.lab._replace(
        nodes={**data.lab.nodes, "node2": Node("node2")},
        classes={**data.lab.classes, "Class1": klass._replace(scope=("node2",))},
    )
    data.refused("sdxvolume -N -c Class1", "class.unknown", **{"class": "Class1"})
    assert "Class1" not in data.done("sdxinfo -C")
    data.done("shutdown -y -g0 -i0")
    data.done("boot")
    assert not data.volume("One", "Class1").started  # node1's boot starts nothing of it


def test_nodes_of_a_shared_class(data):
    klass = data.lab.classes["Class1"]
    data.lab = data.lab._replace(classes={**data.lab.classes, "Class1": klass._replace(type="shared")})
    data.done("sdxvolume -F -c Class1 -v Master -e allnodes")
    data.done("sdxvolume -N -c Class1 -v Master -e node=node1")
    data.refused("sdxvolume -F -c Class1 -v Master -e node=node9", "node.unknown", node="node9")
    assert "node1" in data.done("sdxinfo -C -c Class1")


def test_tables_of_single_disks_and_long_names(data):
    text = data.done("sdxinfo -VSD -c Class1 -o Alone -e long")
    assert "volume Alone   single Class1  *       D8 " in text
    assert "slice  Class1  *       D8      Alone " in text
    assert "disk   D8      single Class1  *       c9t8d0" in text
    assert data.done("sdxinfo -o D8").count("\n") == 3


def test_changes_count_while_it_was_mounted_and_only_then(data):
    klass = data.lab.classes["Class1"]
    holds = klass.volumes["Master"]._replace(data=load("backing-up").classes["System"].volumes["home"].data)
    data.lab = data.lab._replace(
        classes={**data.lab.classes, "Class1": klass._replace(volumes={**klass.volumes, "Master": holds})}
    )
    data.done(JOIN + "One -e waitsync")
    data.done("sdxproxy Part -c Class1 -p One")
    data.advance(10 * 60_000)  # not mounted: nothing changes
    data.done("mount -F ufs /dev/sfdsk/Class1/dsk/Master /mnt")
    data.advance(10 * 60_000)  # 60 blocks a minute
    data.done("umount /mnt")
    data.advance(10 * 60_000)
    data.done("sdxvolume -F -c Class1 -v One")
    data.done("sdxproxy Rejoin -c Class1 -p One")
    assert 600 <= data.lab.copies[0].blocks < 600 + 500
