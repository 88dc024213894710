"""Shadow objects: another node's view of the disks of a class (guide 2.2.2, D.17)."""

import random

import pytest
from conftest import Trial

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.words import render
from sdxsim.words.notes import Note

MAKE = "sdxshadowdisk -M -c Shadow1 -d c0t1d0=Disk1,c0t2d0=Disk2"


class Two(Trial):
    """A Trial whose commands are typed on a node: `node` for all that follow."""

    node = "node2"

    def tried(self, line):
        outcome = execute(self.lab, line.split(), self.now, self.node)
        self.lab = outcome.lab
        return outcome

    def on(self, node, line):
        self.node, before = node, self.node
        try:
            return self.done(line)
        finally:
            self.node = before


@pytest.fixture
def two():
    """Scenario cluster, the disks of Local1 (node1's) connected to both nodes; commands go to node2."""
    lab = load("cluster")
    devices = {n: d._replace(nodes=()) if n in ("c0t1d0", "c0t2d0") else d for n, d in lab.devices.items()}
    return Two(lab._replace(devices=devices))


@pytest.fixture
def made(two):
    """With Volume1 of Local1 as ShadowV on node2."""
    two.done(MAKE)
    two.done("sdxshadowdisk -C -c Shadow1 -g G -d Disk1,Disk2")
    two.done("sdxshadowvolume -M -c Shadow1 -g G -v ShadowV -s 2097152")
    return two


def content(trial, class_name="Local1", name="Volume1"):
    return trial.lab.classes[class_name].volumes[name].data


# -- what they are ------------------------------------------------------------------------------------------------


def test_a_shadow_class_comes_with_its_first_disk_and_changes_nothing_on_it(two):
    devices = two.lab.devices
    assert two.done(MAKE) == (
        "SDX:sdxshadowdisk: INFO: Shadow1: created class\n"
        "SDX:sdxshadowdisk: INFO: Disk1: created disk\n"
        "SDX:sdxshadowdisk: INFO: Disk2: created disk\n"
    )
    assert two.lab.devices == devices
    klass = two.lab.classes["Shadow1"]
    assert (klass.type, klass.scope, klass.shadow, klass.private) == ("local", ("node2",), True, 65_536)
    assert "class  Shadow1 local" in two.done("sdxinfo -C")
    assert "Shadow1" not in two.on("node1", "sdxinfo")


def test_a_shadow_volume_is_active_at_once_read_only_and_never_copied(made):
    volume = made.lab.classes["Shadow1"].volumes["ShadowV"]
    assert (volume.started, volume.mode, volume.jrm, volume.pslice) == ({"node2": "ro"}, "ro", False, False)
    assert [s.status for s in volume.slices] == ["ACTIVE", "ACTIVE"]
    assert not made.lab.copies
    table = made.done("sdxinfo -V -c Shadow1")
    assert "volume ShadowV Shadow1 G       off  off    65536  2162687  2097152 ACTIVE" in table


def test_the_same_place_shows_the_same_data_read_only(made):
    assert made.lab.classes["Shadow1"].volumes["ShadowV"].data.type == "none"
    before = content(made)
    said = made.tried("mount -F ufs /dev/sfdsk/Shadow1/dsk/ShadowV /mnt")
    assert said.status and "write-protected" in said.stderr
    made.done("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/ShadowV /mnt")
    assert "/mnt on /dev/sfdsk/Shadow1/dsk/ShadowV" in made.done("mount")
    assert content(made) == before


def test_what_is_written_through_it_is_on_the_other_side(made):
    made.on("node1", "sdxvolume -F -c Local1 -v Volume1")
    made.done("sdxshadowvolume -F -c Shadow1")
    made.done("sdxshadowvolume -N -c Shadow1 -v ShadowV -e mode=rw")
    made.done("mount -F ufs /dev/sfdsk/Shadow1/dsk/ShadowV /mnt")
    assert content(made).fsmnt == "/mnt"
    made.done("umount /mnt")
    assert made.lab.classes["Shadow1"].volumes["ShadowV"].data.type == "none"


def test_another_place_shows_nothing(two):
    two.done(MAKE)
    two.done("sdxshadowdisk -C -c Shadow1 -g G -d Disk1,Disk2")
    two.done("sdxshadowvolume -M -c Shadow1 -g G -v Other -s 2097153")
    assert two.lab.classes["Shadow1"].volumes["Other"].blocks == 2_129_920
    assert two.tried("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/Other /mnt").status


def test_a_single_disk_shows_one_side_of_a_mirror(two):
    two.done("sdxshadowdisk -M -c Shadow1 -d c0t2d0=Disk2:single")
    two.done("sdxshadowvolume -M -c Shadow1 -d Disk2 -v V -s 2097152")
    two.done("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/V /mnt")


def test_an_invalid_slice_shows_nothing(two):
    klass = two.lab.classes["Local1"]
    volume = klass.volumes["Volume1"]
    slices = (volume.slices[0], volume.slices[1]._replace(status="INVALID"))
    volumes = {"Volume1": volume._replace(slices=slices)}
    two.lab = two.lab._replace(classes={**two.lab.classes, "Local1": klass._replace(volumes=volumes)})
    two.done("sdxshadowdisk -M -c Shadow1 -d c0t2d0=Disk2:single")
    two.done("sdxshadowvolume -M -c Shadow1 -d Disk2 -v V -s 2097152")
    assert two.tried("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/V /mnt").status


def test_a_detached_slice_shows_what_it_holds(two):
    klass = two.lab.classes["Local1"]
    volume = klass.volumes["Volume1"]
    held = volume.data._replace(fsmnt="/then")
    detached = volume.slices[1]._replace(status="TEMP", mode="rw", owner="node1", data=held)
    volumes = {"Volume1": volume._replace(slices=(volume.slices[0], detached))}
    two.lab = two.lab._replace(classes={**two.lab.classes, "Local1": klass._replace(volumes=volumes)})
    two.done("sdxshadowdisk -M -c Shadow1 -d c0t2d0=Disk2:single")
    two.done("sdxshadowvolume -M -c Shadow1 -d Disk2 -v V -s 2097152")
    two.done("sdxshadowvolume -F -c Shadow1")
    two.done("sdxshadowvolume -N -c Shadow1 -e mode=rw")
    two.done("mount -F ufs /dev/sfdsk/Shadow1/dsk/V /mnt")
    after = two.lab.classes["Local1"].volumes["Volume1"]
    assert (after.data, after.slices[1].data.fsmnt) == (volume.data, "/mnt")


def test_shadow_objects_are_gone_after_a_boot_of_their_node(made):
    made.on("node1", "shutdown -y -g0 -i6")
    assert "Shadow1" in made.lab.classes
    made.done("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/ShadowV /mnt")
    made.done("shutdown -y -g0 -i6")
    assert "Shadow1" not in made.lab.classes
    assert content(made).type == "ufs"


def test_a_disk_put_beside_others_is_not_copied(two):
    two.done(MAKE)
    two.done("sdxshadowdisk -C -c Shadow1 -g G -d Disk1")
    two.done("sdxshadowvolume -M -c Shadow1 -g G -v V -s 2097152")
    two.done("sdxshadowdisk -C -c Shadow1 -g G -d Disk2")
    assert two.statuses("V", "Shadow1") == ["ACTIVE", "ACTIVE"]
    assert not two.lab.copies
    assert content(two) == content(Two(load("cluster")))
    two.done("sdxshadowdisk -D -c Shadow1 -g G -d Disk1")
    assert two.statuses("V", "Shadow1") == ["ACTIVE"]


def test_everything_is_removed_again(made):
    before = load("cluster").classes
    made.refused("sdxshadowvolume -R -c Shadow1 -v ShadowV", "object.active", object="ShadowV")
    made.done("sdxshadowvolume -F -c Shadow1 -v ShadowV")
    made.refused("sdxshadowgroup -R -c Shadow1 -g G", "object.exists", object="ShadowV", holder="G")
    made.refused("sdxshadowdisk -D -c Shadow1 -g Nope -d Disk1", "object.unknown", object="Nope")
    assert made.done("sdxshadowvolume -R -c Shadow1 -v ShadowV").endswith("ShadowV: removed volume\n")
    made.refused("sdxshadowdisk -R -c Shadow1 -d Disk1", "object.connected", object="Disk1")
    made.done("sdxshadowgroup -R -c Shadow1 -g G")
    made.done("sdxshadowdisk -R -c Shadow1 -d Disk1")
    assert made.done("sdxshadowdisk -R -c Shadow1 -d Disk2") == (
        "SDX:sdxshadowdisk: INFO: Disk2: removed disk\nSDX:sdxshadowdisk: INFO: Shadow1: removed class\n"
    )
    assert made.lab.classes == before


def test_groups_of_groups(two):
    four = {"c1t1d0": "Disk1", "c1t2d0": "Disk3", "c2t1d0": "Disk2", "c2t2d0": "Disk4"}
    klass = two.lab.classes["Class1"]._replace(scope=("node1",))  # node2 is another domain for this test
    two.lab = two.lab._replace(classes={**two.lab.classes, "Class1": klass})
    two.done("sdxshadowdisk -M -c S -d " + ",".join(f"{device}={name}" for device, name in four.items()))
    two.done("sdxshadowdisk -C -c S -g A -d Disk1,Disk3 -a type=stripe,width=64")
    two.done("sdxshadowdisk -C -c S -g B -d Disk2,Disk4 -a type=stripe,width=64")
    two.done("sdxshadowgroup -C -c S -h Top -l A,B")
    two.done("sdxshadowvolume -M -c S -g Top -v V -s 1000")
    assert two.statuses("V", "S") == ["ACTIVE", "ACTIVE"]
    two.refused("sdxshadowvolume -M -c S -g A -v W -s 1000", "object.connected", object="A")
    two.refused("sdxshadowgroup -R -c S -g A", "object.connected", object="A")
    two.done("sdxshadowgroup -D -c S -h Top -l B")
    assert two.statuses("V", "S") == ["ACTIVE"]


# -- refusals -----------------------------------------------------------------------------------------------------


# fmt: off
@pytest.mark.parametrize(("words", "note", "fields"), [
    ("-c Local2 -d c0t1d0=Disk1",        "class.taken",       {"class": "Local2"}),
    ("-c Local1 -d c0t1d0=Disk1",        "class.taken",       {"class": "Local1"}),
    ("-c S -d c9t1d0=Disk1",             "device.unknown",    {"device": "c9t1d0"}),
    ("-c S -d c0t0d0=Disk1",             "device.unknown",    {"device": "c0t0d0"}),
    ("-c S -d c0t1d0=Disk1,c0t1d0=Disk1", "device.named_twice", {"object": "c0t1d0"}),
    ("-c S -d c1t1d0=Disk1",             "device.registered", {"device": "c1t1d0", "class": "Class1"}),
    ("-c S -d c3t0d0=Disk1",             "shadow.no_label",   {"device": "c3t0d0"}),
    ("-c S -d c0t1d0=Mine",              "shadow.name",       {"object": "Mine", "name": "Disk1"}),
    ("-c S -d c0t1d0=Disk1:spare",       "shadow.type",       {"object": "Disk1"}),
    ("-c S -d c0t1d0=Disk1:keep",        "shadow.type",       {"object": "Disk1"}),
])
# fmt: on
def test_registering_is_refused(two, words, note, fields):
    two.refused("sdxshadowdisk -M " + words, note, **fields)


def test_a_device_is_a_shadow_disk_of_a_node_once(two):
    two.done(MAKE)
    two.refused("sdxshadowdisk -M -c Other -d c0t1d0=Disk1", "device.registered", device="c0t1d0", **{"class": "Shadow1"})


def test_a_device_that_does_not_answer(two):
    devices = two.lab.devices
    two.lab = two.lab._replace(devices={**devices, "c0t1d0": devices["c0t1d0"]._replace(present=False)})
    two.refused(MAKE, "device.absent", device="c0t1d0")


def test_shadow_disks_of_a_class_are_of_one_class(two):
    two.done("sdxshadowdisk -M -c S -d c0t1d0=Disk1")
    klass = two.lab.classes["Class1"]._replace(scope=("node1",))
    two.lab = two.lab._replace(classes={**two.lab.classes, "Class1": klass})
    fields = {"device": "c2t1d0", "class": "Class1", "other": "Local1"}
    two.refused("sdxshadowdisk -M -c S -d c2t1d0=Disk2", "shadow.class", **fields)


def test_disks_of_a_root_class_are_not_shadowed():
    lab, far = load("backing-up"), load("cluster")
    trial = Two(lab._replace(nodes={**lab.nodes, "node2": far.nodes["node2"]._replace(mounts=())}))
    device, label = next((d.name, d.label) for d in trial.lab.devices.values() if d.label.startswith("System/"))
    trial.refused(f"sdxshadowdisk -M -c S -d {device}={label[7:]}", "class.not_in_root", object=label[7:])


def refused(trial, line, note, **fields):
    outcome = trial.tried(line)
    assert outcome.stderr.splitlines(keepends=True)[0] == render.line(line.split()[0], Note(note, fields)), line
    assert outcome.status == 1


@pytest.mark.parametrize(
    "line",
    ["sdxvolume -F -c Shadow1", "sdxdisk -R -c Shadow1 -d Disk1", "sdxattr -C -c Shadow1 -a hs=off", "sdxclass -R -c Shadow1",
     "sdxconfig Backup -c Shadow1", "sdxcopy -B -c Shadow1 -v ShadowV", "sdxdevinfo -c Shadow1",
     "sdxproxy Break -c Shadow1 -p ShadowV", "sdxgroup -R -c Shadow1 -g G"],
)  # fmt: skip
def test_shadow_objects_are_outside_all_other_commands(made, line):
    refused(made, line, "class.unknown", **{"class": "Shadow1"})


@pytest.mark.parametrize(
    "line",
    ["sdxshadowvolume -F -c Class1", "sdxshadowdisk -R -c Class1 -d Disk1", "sdxshadowgroup -R -c Local2 -g Group1",
     "sdxshadowvolume -N -c Local1 -v Volume1"],
)  # fmt: skip
def test_and_all_others_outside_theirs(made, line):
    refused(made, line, "class.unknown", **{"class": line.split()[3]})


def test_other_commands_do_not_take_the_name_of_a_shadow_class(made):
    made.refused("sdxdisk -M -c Shadow1 -d c3t0d0=Disk3", "class.taken", **{"class": "Shadow1"})
    refused(made, "sdxattr -C -c Local2 -a name=Shadow1", "object.active", object="Volume1")


def test_a_node_does_not_register_its_own_shadow_disk(made):
    made.refused("sdxdisk -M -c New -d c0t1d0=D", "device.registered", device="c0t1d0", **{"class": "Local1"})
    lab = made.lab
    made.lab = lab._replace(classes={n: k for n, k in lab.classes.items() if n != "Local1"})
    made.refused("sdxdisk -M -c New -d c0t1d0=D", "device.registered", device="c0t1d0", **{"class": "Shadow1"})
    made.on("node1", "sdxdisk -M -c New -d c0t1d0=D")  # elsewhere nobody knows of it


def test_what_lies_below_may_go_while_it_is_mounted(made):
    made.done("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/ShadowV /mnt")
    made.on("node1", "sdxvolume -F -c Local1 -v Volume1")
    made.on("node1", "sdxvolume -R -c Local1 -v Volume1")
    made.done("mount")
    made.done("umount /mnt")
    made.done("sdxshadowvolume -F -c Shadow1")
    assert made.tried("fsck-sim -n /dev/sfdsk/Shadow1/rdsk/ShadowV").status


def test_whatever_is_typed_on_two_nodes_refusals_change_nothing_and_labs_are_kept_whole(two):
    from sdxsim.store.document import from_bytes

    draw = random.Random(7)
    lines = """
        sdxshadowdisk -M -c S -d c0t1d0=Disk1,c0t2d0=Disk2 | sdxshadowdisk -M -c S -d c0t1d0=Disk1:single
        sdxshadowdisk -C -c S -g G -d Disk1,Disk2 | sdxshadowdisk -C -c S -g G -d Disk1 | sdxshadowdisk -D -c S -g G -d Disk1
        sdxshadowdisk -C -c S -g G -d Disk2 -a type=concat | sdxshadowgroup -C -c S -h H -l G | sdxshadowgroup -R -c S -g G
        sdxshadowgroup -D -c S -h H -l G | sdxshadowdisk -R -c S -d Disk1 | sdxshadowdisk -R -c S -d Disk2
        sdxshadowvolume -M -c S -g G -v V -s 2097152 | sdxshadowvolume -M -c S -d Disk1 -v V -s 2097152
        sdxshadowvolume -M -c S -g H -v V -s 2097152 | sdxshadowvolume -F -c S | sdxshadowvolume -N -c S
        sdxshadowvolume -N -c S -v V -e mode=rw | sdxshadowvolume -R -c S -v V | sdxinfo -A -e long | umount /mnt
        mount -F ufs -o ro /dev/sfdsk/S/dsk/V /mnt | mount -F ufs /dev/sfdsk/S/dsk/V /mnt | fsck-sim -y /dev/sfdsk/S/rdsk/V
        sdxvolume -F -c Local1 | sdxvolume -N -c Local1 | sdxvolume -R -c Local1 -v Volume1 | sdxconfig Remove -c Local1
        sdxvolume -M -c Local1 -g Group1 -v Volume1 -s 2097152 | sdxdisk -D -c Local1 -g Group1 -d Disk1
        mount -F ufs /dev/sfdsk/Local1/dsk/Volume1 /local | umount /local | shutdown -y -g0 -i6 | sdxinfo -V
        sdxdisk -M -c Local1 -d c0t1d0=Disk1,c0t2d0=Disk2 | sdxdisk -C -c Local1 -g Group1 -d Disk1,Disk2
    """
    lines = [line.strip() for row in lines.strip().split("\n") for line in row.split("|")]
    succeeded = set()
    for _ in range(3000):
        two.node, line, before = draw.choice(["node1", "node2", "node2"]), draw.choice(lines), two.lab
        outcome = two.tried(line)
        if outcome.status == 0:
            succeeded.add(line)
        elif line.startswith("sdx"):
            assert two.lab is before, line
        if draw.randrange(20) == 0:
            two.advance(60_000)
            assert from_bytes(two.bytes(), "x").lab == two.lab
    assert len(succeeded) > len(lines) * 3 // 4, set(lines) - succeeded


def test_a_shadow_volume_in_use_is_neither_stopped_nor_removed(made):
    made.done("mount -F ufs -o ro /dev/sfdsk/Shadow1/dsk/ShadowV /mnt")
    made.refused("sdxshadowvolume -F -c Shadow1 -v ShadowV", "object.in_use", object="ShadowV")
    made.refused("sdxshadowvolume -R -c Shadow1 -v ShadowV", "object.in_use", object="ShadowV")


def test_starting_twice_and_stopping_twice_change_nothing(made):
    before = made.lab
    assert made.done("sdxshadowvolume -N -c Shadow1") == ""
    assert made.lab is before
    made.done("sdxshadowvolume -F -c Shadow1")
    before = made.lab
    assert made.done("sdxshadowvolume -F -c Shadow1 -v ShadowV") == ""
    assert made.lab is before


def test_a_shadow_volume_needs_room_and_a_free_name(made):
    made.refused("sdxshadowvolume -M -c Shadow1 -g G -v ShadowV -s 1", "object.taken", object="ShadowV")
    made.refused("sdxshadowvolume -M -c Shadow1 -g G -v W -s 99999999", "join.small", object="G")
    made.refused("sdxshadowvolume -M -c Shadow1 -g Nope -v W -s 1", "object.unknown", object="Nope")
    made.refused("sdxshadowvolume -M -c Shadow1 -d Disk1 -v W -s 1", "disk.not_single", object="Disk1")


def test_a_thousand_and_twenty_four_shadow_volumes_and_not_one_more(made):
    klass = made.lab.classes["Shadow1"]
    one = klass.volumes["ShadowV"]
    many = {f"V{i}": one._replace(name=f"V{i}", first=65_536 + i, blocks=1) for i in range(1023)}
    made.lab = made.lab._replace(classes={**made.lab.classes, "Shadow1": klass._replace(volumes=many)})
    made.done("sdxshadowvolume -M -c Shadow1 -g G -v Last -s 1")
    fields = {"object": "Over", "group": "G", "most": 1024}
    made.refused("sdxshadowvolume -M -c Shadow1 -g G -v Over -s 1", "volume.many", **fields)


def test_a_lab_with_shadow_objects_is_kept_whole(made):
    from sdxsim.store.document import from_bytes

    assert from_bytes(made.bytes(), "x").lab == made.lab
