"""sdxfix: closed classes, disks with an I/O error, INVALID volumes (guide D.9, F.1.3); sdxdcdown."""

import pytest
from conftest import Trial
from tests.core.mirrors import Breaking

from sdxsim.lab.mishap import met
from sdxsim.lab.scenarios import load

CLASS = {"class": "Class1"}


@pytest.fixture
def lab():
    return Breaking().no_spares()


# -- closing, and -C ------------------------------------------------------------------------------------------------

DEVICES = ["c1t1d0", "c2t1d0", "c1t2d0", "c1t3d0", "c2t2d0", "c2t3d0", "c1t4d0", "c2t4d0", "c1t5d0", "c3t9d0",
           "c1t6d0", "c3t1d0"]  # fmt: skip


def only(lab, number):
    """Class1 with `number` ENABLE disks, the others out."""
    disks = lab.lab.classes["Class1"].disks.items()
    lab.klass(disks={n: d._replace(status="ENABLE" if i < number else "SWAP") for i, (n, d) in enumerate(disks)})


@pytest.mark.parametrize(
    ("enabled", "left"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (12, 2)], ids=str
)  # fmt: skip
def test_the_class_closes_with_so_many_accessible_disks_and_not_with_one_more(lab, enabled, left):
    only(lab, enabled)
    for device in DEVICES[: enabled - left - 1]:
        lab.fault(f"disk {device} fail")
    assert lab.lab.classes["Class1"].closed == {}
    lab.fault(f"path {DEVICES[enabled - left - 1]}")
    assert lab.lab.classes["Class1"].closed == {"node1": "FewDB" if left else "NoDB"}
    lab.refused("sdxfix -C -c Class1", "class.databases", **CLASS)
    lab.fault(f"path {DEVICES[enabled - left - 1]} repair")
    assert lab.done("sdxfix -C -c Class1") == ""
    assert lab.lab.classes["Class1"].closed == {}


def test_bad_blocks_close_no_class(lab):
    for device in DEVICES:
        lab.fault(f"disk {device} io-error")
    assert lab.lab.classes["Class1"].closed == {}


def test_a_root_class_closes_only_without_any_disk(lab):
    lab.fault("disk c0t0d0 fail")
    assert lab.lab.classes["System"].closed == {}
    assert lab.fault("disk c0t1d0 fail") == ["class.closing_none"]
    assert lab.lab.classes["System"].closed == {"node1": "NoDB"}


@pytest.fixture
def closed(lab):
    """Ten of twelve disks lost: FewDB."""
    for device in DEVICES[:9]:
        lab.fault(f"path {device}")
    assert lab.fault(f"path {DEVICES[9]}") == ["class.closing_few"]
    return lab


@pytest.mark.parametrize(
    "line",
    [
        "sdxvolume -N -c Class1",
        "sdxvolume -F -c Class1 -v Nothing",
        "sdxattr -V -c Class1 -v Volume1 -a lock=on",
        "sdxproxy Part -c Class1 -p Copy2",
        "sdxproxy Root -c Class1 -m Group1",
        "sdxproxy Join -c Class1 -m Volume3 -p Single1",
        "sdxswap -O -c Class1 -d Disk1",
        "sdxswap -I -c Class1 -d Disk1",
        "sdxfix -D -c Class1 -d Disk1 -e online",
        "sdxfix -V -c Class1 -d Disk1 -v Volume1",
    ],
)
def test_a_closed_class_refuses_everything(closed, line):
    closed.refused(line, "class.closed", **CLASS)


def test_other_classes_go_on(closed):
    closed.done("sdxattr -V -c System -v root -a jrm=off")


def test_sdxinfo_still_shows_the_objects(closed):
    assert "volume Volume1" in closed.done("sdxinfo -V -c Class1")


def test_what_is_mounted_of_a_closed_class_stays_but_io_fails(closed):
    assert closed.tried("chgrp sys /data/notes").stderr == "chgrp: /data/notes: I/O error\n"
    assert closed.tried("fsck -y /dev/sfdsk/Class1/rdsk/Volume3").status == 34


def test_copies_of_a_closed_class_fail(lab):
    lab.done("sdxswap -O -c Class1 -d Disk3")
    lab.done("sdxswap -I -c Class1 -d Disk3 -e nowaitsync")
    for device in DEVICES:
        if device not in ("c1t2d0", "c1t3d0"):
            lab.fault(f"path {device}")
    assert lab.lab.classes["Class1"].closed == {"node1": "FewDB"}
    assert lab.lab.copies == ()


def test_objects_are_as_before_but_stopped_volumes_of_a_local_class_run(lab):
    lab.done("sdxattr -V -c Class1 -v Single1 -a lock=on")
    lab.done("sdxvolume -F -c Class1 -v Volume3,Single1")
    for device in DEVICES[2:]:
        lab.fault(f"path {device}")
    assert lab.lab.classes["Class1"].closed == {"node1": "FewDB"}
    for device in DEVICES[2:]:
        lab.fault(f"path {device} repair")
    lab.done("sdxfix -C -c Class1")
    assert lab.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}
    assert lab.volume("Volume3", "Class1").started == {"node1": "rw"}
    assert not lab.volume("Single1", "Class1").started  # locked
    assert not lab.volume("Copy2", "Class1").started  # a joined proxy


def test_running_volumes_of_a_shared_class_are_stopped(closed):
    closed.klass(type="shared")
    closed.fault("path c1t1d0 repair")
    closed.done("sdxfix -C -c Class1")
    assert not any(v.started for v in closed.lab.classes["Class1"].volumes.values())
    assert closed.slices("Volume1")["Disk2"] != "ACTIVE"


def test_disks_that_are_still_broken_show_it_after_reopening(closed):
    closed.fault("path c1t1d0 repair")
    closed.done("sdxfix -C -c Class1")
    assert closed.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}  # it broke while the class was open
    assert closed.disk("Disk6").error


def test_a_class_that_is_open_is_not_opened(lab):
    lab.refused("sdxfix -C -c Class1", "class.open", **CLASS)
    lab.refused("sdxfix -C -c Class9", "class.unknown", **{"class": "Class9"})


def test_a_class_with_too_few_disks_at_boot_is_not_started(lab):
    lab.done("shutdown -y -g0 -i0")
    for device in DEVICES[2:]:
        lab.fault(f"path {device}")
    lab.reboot()
    assert lab.lab.classes["Class1"].closed == {"node1": "FewDB"}
    assert not lab.volume("Volume1", "Class1").started
    assert lab.disk("Disk3").status == "ENABLE"  # nothing could be written down
    for device in DEVICES[2:]:
        lab.fault(f"path {device} repair")
    lab.done("sdxfix -C -c Class1")
    assert lab.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}


def test_a_boot_opens_a_class_whose_disks_are_back(closed):
    closed.done("shutdown -y -g0 -i0")
    for device in DEVICES:
        closed.fault(f"path {device} repair")
    closed.reboot()
    assert closed.lab.classes["Class1"].closed == {}
    assert closed.volume("Volume3", "Class1").started


def test_a_crash_of_a_node_with_a_closed_class(closed):
    closed.fault("power")
    for device in DEVICES:
        closed.fault(f"path {device} repair")
    closed.done("boot")
    assert closed.slices("Volume3") == {"Lower1": "INVALID", "Lower2": "ACTIVE"}  # as when it closed
    assert not [c for c in closed.lab.copies if c.klass == "Class1"]  # no crash of its own


# -- sdxdcdown ------------------------------------------------------------------------------------------------------


def test_the_table_of_open_classes(lab):
    assert (
        lab.done("sdxdcdown")
        == """\
CLASS   DOWN REASON NDK NEN NDB NLDB DEVNAM
------- ---- ------ --- --- --- ---- -------------------------------------------------------
System  no   -        2   2   2    0 c0t0d0:c0t1d0
Class1  no   -       12  12   8    0 c1t1d0:c2t1d0:c1t2d0:c1t3d0:c2t2d0:c2t3d0:c1t4d0:c2t4d0
"""
    )


def test_the_table_of_a_closed_class(closed):
    assert (
        closed.done("sdxdcdown -c Class1")
        == """\
CLASS   DOWN REASON NDK NEN NDB NLDB DEVNAM
------- ---- ------ --- --- --- ---- -------------
Class1  yes  FewDB   12  12   2    6 c1t6d0:c3t1d0
"""
    )


def test_the_table_without_any_database(lab):
    for device in ("c0t0d0", "c0t1d0"):
        lab.fault(f"disk {device} fail")
    assert lab.done("sdxdcdown -c System").splitlines()[1:] == [
        "------- ---- ------ --- --- --- ---- ------",
        "System  yes  NoDB     2   2   0    2 -",
    ]


def test_a_disk_out_of_use_holds_no_database(lab):
    lab.done("sdxswap -O -c Class1 -d Disk1")
    row = lab.done("sdxdcdown -c Class1").splitlines()[2]
    assert row == "Class1  no   -       12  11   8    0 c2t1d0:c1t2d0:c1t3d0:c2t2d0:c2t3d0:c1t4d0:c2t4d0:c1t5d0"


def test_sdxdcdown_of_an_unknown_class(lab):
    lab.refused("sdxdcdown -c Class9", "class.unknown", **{"class": "Class9"})


# -- -D -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def repaired(lab):
    """Disk1 had an I/O error; its path is repaired."""
    lab.fault("path Class1/Disk1")
    lab.fault("path Class1/Disk1 repair")
    assert lab.disk("Disk1").error
    return lab


def test_the_error_is_cleared_and_slices_stay_invalid(repaired):
    assert repaired.done("sdxfix -D -c Class1 -d Disk1 -e online") == ""
    assert not repaired.disk("Disk1").error
    assert repaired.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert repaired.disk("Disk1").status == "ENABLE"


def test_without_online_the_volumes_of_the_group_must_rest(repaired):
    fix = "sdxfix -D -c Class1 -d Disk1"
    repaired.refused(fix, "object.active", object="Volume1")
    repaired.done("umount /data")
    repaired.done("sdxvolume -F -c Class1 -v Volume1")
    repaired.refused(fix, "object.active", object="Volume2")
    repaired.done("sdxvolume -F -c Class1 -v Volume2")
    repaired.done(fix)
    assert not repaired.disk("Disk1").error


def test_the_volumes_of_the_highest_group_and_of_a_single_disk_count(lab):
    lab.refused("sdxfix -D -c Class1 -d Disk3", "object.active", object="Volume3")
    lab.refused("sdxfix -D -c Class1 -d Alone", "object.active", object="Single1")
    lab.done("sdxvolume -F -c Class1 -v Single1")
    lab.done("sdxfix -D -c Class1 -d Alone")


def test_a_disk_that_cannot_be_read(lab):
    lab.fault("disk Class1/Disk1 io-error")
    lab.refused("sdxfix -D -c Class1 -d Disk1 -e online", "device.read", device="c1t1d0")
    lab.done("sdxfix -D -c Class1 -d Disk1 -e online -x NoRdchk")
    assert lab.disk("Disk1").error  # the next I/O found it again


def test_without_an_error_there_is_nothing_to_do(lab):
    before = lab.lab
    lab.done("sdxfix -D -c Class1 -d Disk1 -e online -x NoRdchk")
    assert lab.lab is before


def test_disks_of_a_switch_group_and_disks_out_of_use(lab):
    groups = lab.lab.classes["Class1"].groups
    lab.klass(groups={**groups, "Lower1": groups["Lower1"]._replace(type="switch", actdisk="Disk3")})
    lab.refused("sdxfix -D -c Class1 -d Disk3 -e online", "disk.switch", disk="Disk3", group="Lower1")
    lab.done("sdxswap -O -c Class1 -d Disk1")
    lab.refused("sdxfix -D -c Class1 -d Disk1 -e online", "object.status", object="Disk1", status="SWAP")
    lab.refused("sdxfix -D -c Class1 -d Disk9", "object.unknown", object="Disk9")


def test_an_unknown_word_for_x(lab):
    lab.refused("sdxfix -D -c Class1 -d Disk1 -x Devlabel", "usage.option", option="Devlabel")


# -- -V -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def invalid(lab):
    """Volume1 and Volume2 lost both slices, Volume3 its last at a boot; all disks are back."""
    for name in ("Disk1", "Disk3"):
        lab.fault(f"path Class1/{name}")
        lab.fault(f"path Class1/{name} repair")
    lab.done("shutdown -y -g0 -i0")
    for name in ("Disk2", "Disk5"):
        lab.fault(f"path Class1/{name}")
    lab.reboot()
    for name in ("Disk2", "Disk5"):
        lab.fault(f"path Class1/{name} repair")
    lab.reboot()
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "INVALID"}
    return lab


def test_a_slice_is_made_the_valid_one_and_the_volume_started(invalid):
    assert "INVALID" in invalid.done("sdxinfo -V -o Volume1").splitlines()[3]
    assert invalid.done("sdxfix -V -c Class1 -d Disk1 -v Volume1") == ""
    assert invalid.slices("Volume1") == {"Disk1": "STOP", "Disk2": "INVALID"}
    assert invalid.done("sdxinfo -V -o Volume1").splitlines()[3].endswith(" STOP")
    invalid.done("sdxvolume -N -c Class1 -v Volume1 -e nosync")
    assert invalid.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "INVALID"}
    assert invalid.volume("Volume1", "Class1").data.defects  # to be checked before it is used


def test_of_a_lower_group(invalid):
    invalid.refused("sdxfix -V -c Class1 -d Lower2 -v Volume3", "object.unknown", object="Lower2")
    invalid.done("sdxfix -V -c Class1 -g Lower2 -v Volume3")
    assert invalid.slices("Volume3") == {"Lower1": "INVALID", "Lower2": "STOP"}


def test_only_invalid_volumes(lab):
    lab.refused("sdxfix -V -c Class1 -d Disk1 -v Volume1", "object.status", object="Volume1", status="ACTIVE")
    lab.done("sdxvolume -F -c Class1 -v Single1")
    lab.refused("sdxfix -V -c Class1 -d Alone -v Single1", "object.status", object="Single1", status="STOP")


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("-d Disk9 -v Volume1", "Disk9"),
        ("-d Disk1 -v Volume9", "Volume9"),
        ("-g Disk1 -v Volume1", "Disk1"),
        ("-d Disk3 -v Volume1", "Disk3.Volume1"),
        ("-d Disk3 -v Volume3", "Disk3.Volume3"),
    ],
)
def test_what_has_no_slice_of_the_volume(lab, words, unknown):
    lab.refused(f"sdxfix -V -c Class1 {words}", "object.unknown", object=unknown)


def test_a_slice_on_a_disk_out_of_use(lab):
    lab.fault("path Class1/Disk1")
    lab.fault("path Class1/Disk1 repair")
    lab.done("shutdown -y -g0 -i0")
    lab.fault("path Class1/Disk2")
    lab.reboot()
    lab.refused("sdxfix -V -c Class1 -d Disk2 -v Volume1", "object.status", object="Disk2.Volume1", status="NOUSE")


def test_a_slice_on_a_disk_that_cannot_be_read(invalid):
    invalid.fault("disk Class1/Disk1 io-error")
    invalid.refused("sdxfix -V -c Class1 -d Disk1 -v Volume1", "device.read", device="c1t1d0")


def test_a_proxy_gets_its_data_from_its_master(lab):
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.done("sdxvolume -F -c Class1 -v Copy2")
    lab.done("sdxproxy Rejoin -c Class1 -p Copy2")
    lab.fault("copy-source Class1 Copy2")
    lab.refused("sdxfix -V -c Class1 -d Proxy1 -v Copy2", "object.related", object="Copy2")
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.refused("sdxfix -V -c Class1 -d Proxy1 -v Copy2", "object.related", object="Copy2")
    lab.done("sdxproxy Rejoin -c Class1 -p Copy2")


def test_while_a_copy_reads_or_writes_it(invalid):
    invalid.done("sdxfix -V -c Class1 -d Disk1 -v Volume2")
    invalid.done("sdxproxy Part -c Class1 -p Copy2")
    invalid.done("sdxvolume -F -c Class1 -v Copy2")
    invalid.done("sdxproxy Rejoin -c Class1 -p Copy2")
    volume = invalid.volume("Volume2", "Class1")
    slices = tuple(s._replace(status="INVALID") for s in volume.slices)
    bad = volume._replace(valid=False, started={}, slices=slices)
    invalid.klass(volumes={**invalid.lab.classes["Class1"].volumes, "Volume2": bad})
    invalid.refused("sdxfix -V -c Class1 -d Disk1 -v Volume2", "object.copying", object="Volume2")


def test_an_invalid_slice_on_a_disk_out_of_use():
    lab = Trial(load("backing-up"))
    for line in (
        "sdxproxy Part -c System -p Proxy2", "sdxvolume -F -c System -v Pswap,Pvar,Popt",
        "sdxproxy Rejoin -c System -p Proxy2",
    ):  # fmt: skip
        lab.done(line)
    lab.lab, _ = met(lab.lab, ["disk", "System/Pvar1", "replace"], None, None, lab.now)
    for line in ("shutdown -y -g0 -i0", "boot -s", "sdxproxy Break -c System -p Proxy2 -e force"):
        lab.done(line)
    lab.refused("sdxfix -V -c System -d Pvar1 -v Popt", "object.status", object="Pvar1", status="DISABLE")
    lab.done("sdxfix -V -c System -d Pvar2 -v Popt")
