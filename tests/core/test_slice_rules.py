"""sdxslice and sdxattr -S: slices detached, used by themselves, and attached again."""

from pathlib import Path

import pytest
from conftest import MINUTE, Trial

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.solaris import devices

MIRRORS = Path(__file__).parent.parent / "runbooks" / "mirrors.json"
DETACH = "sdxslice -M -c System -d Root2 -v home"
SLICE = "Root2.home"
RAW, BLOCK = "/dev/sfdsk/System/rdsk/Root2.home", "/dev/sfdsk/System/dsk/Root2.home"


@pytest.fixture
def lab():
    return Trial(load("mirrored"))


@pytest.fixture
def detached(lab):
    lab.done(DETACH)
    return lab


def statuses(lab):
    return lab.statuses("home")


def test_a_slice_is_detached_from_a_running_volume(lab):
    assert lab.done(DETACH) == (
        "SDX:sdxslice: INFO: Root2.home: started slice on node node1\n"
        "        /dev/sfdsk/System/rdsk/Root2.home\n"
        "        /dev/sfdsk/System/dsk/Root2.home\n"
    )
    assert statuses(lab) == ["ACTIVE", "TEMP"]
    row = lab.done("sdxinfo -S -o Root2.home -e long").splitlines()[-1].split()
    assert row[3:8] == ["Root2", "home", "on", "rw", "TEMP"]
    assert lab.done("sdxinfo -S -o Root1.home -e long").splitlines()[-1].split()[5:7] == ["*", "*"]


def test_it_holds_what_the_volume_held_and_can_be_checked_and_mounted(detached):
    assert "Last Mounted on /home" in detached.done(f"fsck -y {RAW}")
    detached.done(f"mount -F ufs {BLOCK} /mnt")
    assert f"/mnt on {BLOCK} " in detached.done("mount")
    detached.refused("sdxslice -F -c System -s Root2.home", "object.in_use", object=SLICE)
    detached.refused("sdxslice -R -c System -s Root2.home", "object.in_use", object=SLICE)
    detached.done("umount /mnt")
    detached.done("sdxslice -F -c System -s Root2.home")
    assert detached.tried(f"mount -F ufs {BLOCK} /mnt").stderr == f"mount: {BLOCK} no such device\n"


def test_it_is_stopped_and_started(detached):
    assert detached.done("sdxslice -F -c System -s Root2.home") == (
        "SDX:sdxslice: INFO: Root2.home: stopped slice on node node1\n"
    )
    assert statuses(detached) == ["ACTIVE", "TEMP-STOP"]
    assert detached.done("sdxslice -F -c System -s Root2.home") == ""
    assert "started slice" in detached.done("sdxslice -N -c System -s Root2.home")
    assert detached.done("sdxslice -N -c System -s Root2.home") == ""
    assert statuses(detached) == ["ACTIVE", "TEMP"]


def test_attached_again_only_what_changed_is_copied(detached):
    detached.advance(10 * MINUTE)
    assert detached.done("sdxslice -R -c System -s Root2.home") == ""
    (copy,) = detached.lab.copies
    assert 1200 * 10 <= copy.blocks < 1200 * 10 + 1000
    assert statuses(detached) == ["ACTIVE", "COPY"]
    detached.finish()
    assert statuses(detached) == ["ACTIVE", "ACTIVE"]


def test_writes_to_the_detached_slice_are_copied_over_too(detached):
    quiet = Trial(detached.lab)
    detached.done(f"mount -F ufs {BLOCK} /mnt")
    detached.done("umount /mnt")
    for trial in (quiet, detached):
        trial.done("sdxslice -R -c System -d Root2 -v home")
    assert detached.lab.copies[0].blocks > quiet.lab.copies[0].blocks


def test_without_jrm_or_after_a_reboot_everything_is_copied(lab):
    lab.done(f"{DETACH} -a jrm=off")
    lab.done("sdxslice -R -c System -s Root2.home -e waitsync")
    lab.done(DETACH)
    lab.done("shutdown -y -g0 -i6")
    assert statuses(lab) == ["ACTIVE", "TEMP"]
    lab.done("sdxslice -R -c System -s Root2.home -e delay=5")
    (copy,) = lab.lab.copies
    assert (copy.blocks, copy.delay) == (lab.volume("home").blocks, 5)


def test_waitsync_waits(detached):
    assert detached.done("sdxslice -R -c System -s Root2.home -e waitsync") == (
        "SDX:sdxslice: INFO: Root2.home: waiting for the completion of copying...\n"
        "SDX:sdxslice: INFO: Root2.home: copying completed successfully\n"
    )
    assert statuses(detached) == ["ACTIVE", "ACTIVE"]


def test_a_stopped_volumes_slice_is_at_rest_when_copied():
    lab = Trial(load("mirrored"))
    lab.done("umount /home")
    lab.done("sdxvolume -F -c System -v home")
    lab.done(DETACH)
    assert statuses(lab) == ["STOP", "TEMP"]
    lab.done("sdxslice -R -c System -s Root2.home -e waitsync")
    assert statuses(lab) == ["STOP", "STOP"]


@pytest.mark.parametrize(
    ("line", "note", "fields"),
    [
        ("sdxslice -M -c System -d Root9 -v home", "object.unknown", {"object": "Root9"}),
        ("sdxslice -M -c System -d Root2 -v nothing", "object.unknown", {"object": "nothing"}),
        ("sdxslice -M -c System -d Var2 -v home", "object.unknown", {"object": "Var2.home"}),
        ("sdxslice -M -c System -d Root1 -v home", "object.only_valid", {"object": "Root1.home"}),
        (DETACH, "object.status", {"object": SLICE, "status": "TEMP"}),
        ("sdxslice -F -c System -s Root1.home", "slice.not_detached", {"object": "Root1.home"}),
        ("sdxslice -N -c System -s Root2.home,Root1.home", "slice.not_detached", {"object": "Root1.home"}),
        ("sdxslice -R -c System -s Root1.home", "slice.not_detached", {"object": "Root1.home"}),
        ("sdxslice -R -c System -s Root2.nothing", "object.unknown", {"object": "Root2.nothing"}),
        ("sdxslice -T -c System -s Root2.home", "class.not_shared", {"class": "System"}),
        ("sdxattr -S -c System -s Root1.home -a jrm=off", "slice.not_detached", {"object": "Root1.home"}),
        ("sdxattr -S -c System -s Root2.home -a mode=ro", "slice.active", {"object": SLICE}),
        ("sdxattr -S -c System -s Root2.home -a mode=x", "attribute.value", {"attribute": "mode", "value": "x"}),
        ("sdxvolume -R -c System -v home", "object.in_use", {"object": "home"}),
    ],
)
def test_refusals(detached, line, note, fields):
    detached.refused(line, note, **fields)


def test_mirrors_of_one_slice_and_volumes_without_physical_slice_are_not_detached():
    lab = Trial(load("bare"))
    lab.done("sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3,c1t4d0=D4")
    lab.done("sdxdisk -C -c Class1 -g G1 -d D1,D2")
    lab.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1 -a pslice=off")
    lab.done("sdxdisk -C -c Class1 -g G2 -d D3")
    lab.done("sdxvolume -M -c Class1 -g G2 -v V2 -s 1")
    lab.finish()
    lab.refused("sdxslice -M -c Class1 -d D1 -v V1", "slice.no_pslice", object="V1")
    lab.refused("sdxslice -M -c Class1 -d D3 -v V2", "object.only_valid", object="D3.V2")
    lab.done("sdxdisk -C -c Class1 -g G2 -d D4")
    lab.refused("sdxslice -M -c Class1 -d D3 -v V2", "object.copying", object="V2")


def test_masters_and_proxies_are_not_detached():
    lab = Trial(load("backing-up"))
    lab.refused(DETACH, "object.related", object=SLICE)


def test_attributes_of_a_detached_slice(detached):
    detached.done("sdxattr -S -c System -s Root2.home -a jrm=off")
    detached.done("sdxslice -F -c System -s Root2.home")
    detached.done("sdxattr -S -c System -s Root2.home -a mode=ro")
    detached.done("sdxslice -N -c System -s Root2.home")
    assert detached.tried(f"mount -F ufs {BLOCK} /mnt").stderr == f"mount: {BLOCK} write-protected\n"
    detached.done(f"mount -F ufs -o ro {BLOCK} /mnt")
    detached.done("umount /mnt")
    detached.done("sdxslice -R -c System -s Root2.home")
    assert detached.lab.copies[0].blocks == detached.volume("home").blocks


# -- two nodes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def two():
    """A shared class of node1 and node2 with V1 in a mirror of two, detached D2.V1 of node1."""
    lab = load("bare")
    node2 = lab.nodes["node1"]._replace(name="node2", mounts=())
    trial = Trial(lab._replace(nodes={**lab.nodes, "node2": node2}))
    for line in (
        "sdxdisk -M -c Shared -a type=shared,scope=node1:node2 -d c1t1d0=D1,c1t2d0=D2",
        "sdxdisk -C -c Shared -g G1 -d D1,D2",
        "sdxvolume -M -c Shared -g G1 -v V1 -s 1",
    ):
        trial.done(line)
    trial.finish()
    trial.done("sdxslice -M -c Shared -d D2 -v V1")
    return trial


def on(trial, node, line):
    outcome = execute(trial.lab, line.split(), trial.now, node)
    trial.lab = outcome.lab
    return outcome


def test_only_the_node_that_detached_it_may_use_it(two):
    assert "TEMP-STOP" in on(two, "node2", "sdxinfo -S -o V1").stdout
    assert "D2.V1: detached by node node1" in on(two, "node2", "sdxslice -F -c Shared -s D2.V1").stderr
    assert "D2.V1: detached by node node1" in on(two, "node2", "sdxslice -R -c Shared -s D2.V1").stderr


def test_another_node_takes_it_over_and_what_was_recorded_is_lost(two):
    taken = on(two, "node2", "sdxslice -T -c Shared -s D2.V1")
    assert taken.stdout == "SDX:sdxslice: INFO: D2.V1: current node has taken over the slice\n"
    assert "TEMP-STOP" in on(two, "node1", "sdxinfo -S -o V1").stdout
    assert on(two, "node2", "sdxslice -T -c Shared -s D2.V1").stdout == ""
    assert on(two, "node2", "sdxslice -R -c Shared -s D2.V1").status == 0
    assert two.lab.copies[0].blocks == two.volume("V1", "Shared").blocks


def test_stopped_slices_of_a_shared_class_are_active_after_a_reboot(two):
    two.done("sdxslice -F -c Shared -s D2.V1")
    two.done("shutdown -y -g0 -i6")
    assert two.statuses("V1", "Shared") == ["ACTIVE", "TEMP"]


def test_stopped_slices_of_other_classes_stay_stopped(detached):
    detached.done("sdxslice -F -c System -s Root2.home")
    detached.done("shutdown -y -g0 -i6")
    assert statuses(detached) == ["ACTIVE", "TEMP-STOP"]


# -- pslice and name of the volume ------------------------------------------------------------------------------


def test_a_physical_slice_gets_the_lowest_free_number_and_can_be_detached():
    lab = Trial(load("data"))
    lab.done("sdxproxy Break -c Class1 -p Copy1")
    lab.done("sdxvolume -F -c Class1 -v Volume1")
    lab.done("sdxattr -V -c Class1 -v Volume1 -a pslice=off")
    assert (lab.volume("Volume1", "Class1").pslice, lab.volume("Volume1", "Class1").number) == (False, None)
    lab.refused("sdxslice -M -c Class1 -d Disk1 -v Volume1", "slice.no_pslice", object="Volume1")
    lab.done("sdxattr -V -c Class1 -v Volume1 -a pslice=on")
    assert lab.volume("Volume1", "Class1").number == 0  # Volume2 has 1
    lab.done("sdxslice -M -c Class1 -d Disk1 -v Volume1")


def test_no_physical_slice_on_lower_level_groups():
    lab = Trial(load(str(MIRRORS)))
    lab.done("sdxvolume -F -c Class1 -v Volume3")
    made = lab.volume("Volume3", "Class1")
    if made.pslice:
        lab.done("sdxattr -V -c Class1 -v Volume3 -a pslice=off")
    lab.refused("sdxattr -V -c Class1 -v Volume3 -a pslice=on", "volume.no_pslice", object="Volume3")


def test_the_volume_of_a_detached_slice_keeps_its_name_and_its_physical_slice():
    lab = Trial(load("data"))
    lab.done("sdxproxy Break -c Class1 -p Copy1")
    lab.done("sdxslice -M -c Class1 -d Disk1 -v Volume1")
    lab.done("sdxvolume -F -c Class1 -v Volume1")
    for change in ("name=Other", "pslice=off"):
        lab.refused(f"sdxattr -V -c Class1 -v Volume1 -a {change}", "object.detached", object="Volume1")
    lab.done("sdxattr -V -c Class1 -v Volume1 -a lock=on")


def test_no_two_mounted_volumes_have_the_same_dev():
    lab = Trial(load("data"))
    lab.done("sdxproxy Break -c Class1 -p Copy1")
    for name in ("Disk1.Volume1", "Disk2.Volume2"):
        disk, volume = name.split(".")
        lab.done(f"sdxslice -M -c Class1 -d {disk} -v {volume}")
    places = [(k.name, v) for k in lab.lab.classes.values() for v in (*k.volumes,)]
    places += [("Class1", "Disk1.Volume1"), ("Class1", "Disk2.Volume2")]
    assert len({devices.dev(lab.lab, *place) for place in places}) == len(places)
