"""sdxswap: a disk is taken out and put in; what is refused (guide D.8, 5.3.4)."""

import pytest
from tests.core.mirrors import Breaking

READY = "SDX:sdxswap: INFO: Disk1: ready for swapping\n"
WAITED = (
    "SDX:sdxswap: INFO: Disk1: waiting for the completion of copying...\n"
    "SDX:sdxswap: INFO: Disk1: copying completed successfully\n"
)
OUT, IN = "sdxswap -O -c Class1 -d ", "sdxswap -I -c Class1 -d "


@pytest.fixture
def lab():
    return Breaking().no_spares()


@pytest.fixture
def out(lab):
    """Disk1 is out."""
    assert lab.done(OUT + "Disk1") == READY
    return lab


def test_out_detaches_all_slices_of_the_disk(out):
    assert out.disk("Disk1").status == "SWAP"
    assert out.slices("Volume1") == {"Disk1": "NOUSE", "Disk2": "ACTIVE"}
    assert out.slices("Volume2") == {"Disk1": "NOUSE", "Disk2": "ACTIVE"}


def test_in_returns_after_the_copy(out):
    before = out.now
    assert out.done(IN + "Disk1") == WAITED
    assert out.now - before == 102_400
    assert out.disk("Disk1").status == "ENABLE"
    assert out.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}


def test_in_with_nowaitsync_returns_before_the_copy(out):
    before = out.now
    assert out.done(IN + "Disk1 -e nowaitsync") == ""
    assert out.now == before
    assert out.slices("Volume1") == {"Disk1": "COPY", "Disk2": "ACTIVE"}
    out.finish()
    assert out.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}


@pytest.mark.parametrize(("delay", "ms"), [("0", 102_400), ("10", 112_640), ("1000", 1_126_400)])
def test_delay_slows_the_copy(out, delay, ms):
    before = out.now
    out.done(IN + f"Disk1 -e delay={delay}")
    assert out.now - before == ms


def test_a_delay_past_the_limit_is_refused(out):
    out.refused(IN + "Disk1 -e delay=1001", "usage.value", option="delay", value="1001")


def test_stopped_volumes_are_copied_too_and_stay_stopped(lab):
    lab.done("sdxvolume -F -c Class1 -v Volume3")
    lab.done(OUT + "Disk3")
    assert lab.slices("Volume3") == {"Lower1": "NOUSE", "Lower2": "STOP"}
    lab.done(IN + "Disk3")
    assert lab.slices("Volume3") == {"Lower1": "STOP", "Lower2": "STOP"}


def test_two_disks_of_a_lower_group_are_both_needed(lab):
    lab.done(OUT + "Disk3")
    lab.done(OUT + "Disk4")
    assert lab.done(IN + "Disk3") == ""
    assert lab.slices("Volume3") == {"Lower1": "NOUSE", "Lower2": "ACTIVE"}
    lab.done(IN + "Disk4")
    assert lab.slices("Volume3") == {"Lower1": "ACTIVE", "Lower2": "ACTIVE"}


def test_a_new_drive_gets_the_label_and_loses_the_error(lab):
    lab.fault("disk Class1/Disk1 fail")
    lab.done(OUT + "Disk1")
    lab.fault("disk Class1/Disk1 replace")
    assert lab.lab.devices["c1t1d0"].label == ""
    lab.done(IN + "Disk1")
    assert lab.lab.devices["c1t1d0"].label == "Class1/Disk1"
    assert not lab.disk("Disk1").error
    lab.reboot()
    assert lab.disk("Disk1").status == "ENABLE"


def test_a_drive_that_fails_while_it_is_copied_onto(out):
    out.later(1, "disk Class1/Disk1 io-error")
    outcome = out.tried(IN + "Disk1")
    assert outcome.status == 1
    assert outcome.stderr == "SDX:sdxswap: ERROR: Disk1: copying was cancelled\n"
    assert out.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}


def test_a_slice_of_a_joined_proxy_stays_invalid_until_parted_and_rejoined(lab):
    lab.done(OUT + "Proxy1")
    assert lab.slices("Copy2") == {"Proxy1": "NOUSE", "Proxy2": "STOP"}
    assert lab.done(IN + "Proxy1") == ""
    assert lab.slices("Copy2") == {"Proxy1": "INVALID", "Proxy2": "STOP"}
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.done("sdxvolume -F -c Class1 -v Copy2")
    lab.done("sdxproxy Rejoin -c Class1 -p Copy2 -e waitsync")
    assert lab.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "STOP"}


def test_a_slice_of_a_parted_proxy_is_copied(lab):
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.done(OUT + "Proxy1")
    lab.done(IN + "Proxy1")
    assert lab.slices("Copy2") == {"Proxy1": "ACTIVE", "Proxy2": "ACTIVE"}


def test_a_disk_stays_out_over_a_reboot(out):
    out.fault("disk Class1/Disk1 replace")
    out.reboot()
    assert out.disk("Disk1").status == "SWAP"
    out.done(IN + "Disk1")


# -- refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [OUT, IN])
def test_an_unknown_disk(lab, option):
    lab.refused(option + "Disk9", "object.unknown", object="Disk9")


def test_out_twice(out):
    out.refused(OUT + "Disk1", "object.status", object="Disk1", status="SWAP")


def test_in_of_a_disk_that_is_not_out(lab):
    lab.refused(IN + "Disk1", "object.status", object="Disk1", status="ENABLE")
    lab.fault("disk Class1/Disk1 fail")
    lab.refused(IN + "Disk1", "object.status", object="Disk1", status="ENABLE")


def test_the_only_valid_slice(lab):
    lab.fault("disk Class1/Disk1 io-error")
    lab.refused(OUT + "Disk2", "object.only_valid", object="Disk2.Volume1")
    lab.refused(OUT + "Alone", "object.only_valid", object="Alone.Single1")
    lab.done(OUT + "Disk1")
    lab.refused(OUT + "Disk2", "object.only_valid", object="Disk2.Volume1")


def test_the_only_valid_slice_while_the_other_is_copied(out):
    out.done(IN + "Disk1 -e nowaitsync")
    out.refused(OUT + "Disk2", "object.only_valid", object="Disk2.Volume1")
    out.done(OUT + "Disk1")  # the copy onto it ends
    assert out.slices("Volume1") == {"Disk1": "NOUSE", "Disk2": "ACTIVE"}
    assert out.lab.copies == ()


def test_a_disk_that_is_in_no_group(lab):
    lab.refused(OUT + "Spare1", "disk.no_group", object="Spare1")


def test_a_detached_slice(lab):
    volume = lab.volume("Volume1", "Class1")
    slices = tuple(s._replace(status="TEMP") if s.member == "Disk1" else s for s in volume.slices)
    lab.klass(volumes={**lab.lab.classes["Class1"].volumes, "Volume1": volume._replace(slices=slices)})
    lab.refused(OUT + "Disk1", "object.status", object="Disk1.Volume1", status="TEMP")


@pytest.mark.parametrize("disk", ["Disk1", "Proxy1"])
def test_master_and_proxy_while_one_is_copied_to_the_other(lab, disk):
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.done("sdxvolume -F -c Class1 -v Copy2")
    lab.done("sdxproxy Rejoin -c Class1 -p Copy2")
    lab.refused(OUT + disk, "object.copying", object=disk)
    lab.finish()
    lab.done(OUT + disk)
    if disk == "Disk1":
        lab.done("sdxproxy Part -c Class1 -p Copy2")
        lab.done("sdxvolume -F -c Class1 -v Copy2")
        lab.done("sdxproxy Rejoin -c Class1 -p Copy2")
        lab.refused(IN + disk, "object.copying", object=disk)


def test_a_drive_that_does_not_answer(out):
    out.fault("disk Class1/Disk1 fail")
    out.refused(IN + "Disk1", "device.absent", device="c1t1d0")
    out.fault("disk Class1/Disk1 repair")
    out.fault("path Class1/Disk1")
    out.refused(IN + "Disk1", "device.absent", device="c1t1d0")


def test_a_drive_that_is_smaller_by_a_block(out):
    blocks = out.lab.devices["c1t1d0"].blocks
    out.fault(f"disk Class1/Disk1 replace {blocks - 1}")
    out.refused(IN + "Disk1", "device.small", object="c1t1d0")
    out.fault(f"disk Class1/Disk1 replace {blocks}")
    out.done(IN + "Disk1")


def test_a_small_drive_replaced_by_one_as_large_as_the_first(out):
    out.fault("disk Class1/Disk1 replace 100")
    out.fault("disk Class1/Disk1 replace")
    out.done(IN + "Disk1")


def test_a_larger_drive_is_fine_and_is_the_measure_from_then_on(out):
    out.fault("disk Class1/Disk1 replace 20000000")
    out.done(IN + "Disk1")
    out.done(OUT + "Disk1")
    out.fault("disk Class1/Disk1 replace 19999999")
    out.refused(IN + "Disk1", "device.small", object="c1t1d0")


def test_a_disabled_disk_needs_the_invalid_volumes_of_its_group_removed(lab):
    lab.fault("disk Class1/Disk1 io-error")
    lab.fault("disk Class1/Disk1 repair")
    lab.done("sdxvolume -F -c Class1 -v Volume2")
    lab.done("umount /data")
    lab.done("shutdown -y -g0 -i0")
    lab.fault("disk Class1/Disk2 fail")
    lab.reboot()
    lab.refused(OUT + "Disk2", "object.status", object="Volume1", status="INVALID")


def test_the_last_enabled_disk(lab):
    disks = lab.lab.classes["Class1"].disks
    volumes = {n: v for n, v in lab.lab.classes["Class1"].volumes.items() if n not in ("Volume2", "Copy2", "Volume1")}
    others = {n: d._replace(status="SWAP") for n, d in disks.items() if n != "Disk1"}
    lab.klass(disks={**others, "Disk1": disks["Disk1"]}, relations=(), volumes=volumes)
    lab.refused(OUT + "Disk1", "class.last_disk", object="Disk1", **{"class": "Class1"})


@pytest.mark.parametrize("line", ["sdxswap", "sdxswap -O -c Class1", "sdxswap -I -O -c Class1 -d Disk1"])
def test_wrong_typing(lab, line):
    lab.refused(line, "usage.syntax")


def test_a_single_disk_without_valid_volumes_is_exchanged():
    """Linux D.1.2 (seen): its INVALID volumes are removed before."""
    lab = Breaking()
    lab.refused(OUT + "Alone", "object.only_valid", object="Alone.Single1")
    lab.refused(OUT + "Spare1", "disk.no_group", object="Spare1")
    lab.done("shutdown -y -g0 -i0")
    lab.fault("disk Class1/Alone fail")
    lab.done("boot")
    lab.refused(OUT + "Alone", "object.status", object="Single1", status="INVALID")
    lab.done("sdxvolume -R -c Class1 -v Single1")
    lab.done(OUT + "Alone")
    lab.fault("disk Class1/Alone replace")
    lab.done(IN + "Alone")
    assert lab.lab.classes["Class1"].disks["Alone"].status == "ENABLE"


def test_the_copies_of_a_new_disk_pause_as_sdxparam_says():
    lab = Breaking()
    lab.done("sdxparam -S -p copy_delay=7")
    lab.done(OUT + "Disk2")
    lab.done(IN + "Disk2 -e nowaitsync")
    assert {c.delay for c in lab.lab.copies} == {7}


# -- what is made while a disk is out -------------------------------------------------------------------------------


def test_a_volume_made_while_a_disk_is_out_is_copied_onto_it_when_it_is_in(out):
    assert "New: started volume" in out.done("sdxvolume -M -c Class1 -g Group1 -v New -s 1")
    assert out.slices("New") == {"Disk1": "NOUSE", "Disk2": "ACTIVE"}
    out.done(IN + "Disk1 -e nowaitsync")
    assert out.slices("New") == {"Disk1": "COPY", "Disk2": "ACTIVE"}


@pytest.fixture
def half(lab):
    """Group9 of two disks, of which Spare2 is out; Group1 is in no relation any more."""
    lab.done("sdxproxy Break -c Class1 -p Copy2")
    for disk in ("Spare1", "Spare2"):
        lab.done(f"sdxattr -D -c Class1 -d {disk} -a type=undef")
    lab.done("sdxdisk -C -c Class1 -g Group9 -d Spare1,Spare2")
    lab.done(OUT + "Spare2")
    return lab


def test_a_join_shows_no_copy_where_a_disk_is_out(half):
    half.done("sdxproxy Join -c Class1 -m Group1 -p Group9")
    assert half.slices("Volume1_Group9") == {"Spare1": "COPY", "Spare2": "NOUSE"}
    half.finish()
    assert half.slices("Volume1_Group9") == {"Spare1": "STOP", "Spare2": "NOUSE"}


def test_nothing_is_joined_where_no_disk_can_be_written(half):
    half.done("sdxdisk -D -c Class1 -g Group9 -d Spare1")
    half.refused("sdxproxy Join -c Class1 -m Group1 -p Group9", "object.status", object="Spare2", status="SWAP")


@pytest.fixture
def parted(lab):
    """Copy2 is parted, it and its master are stopped."""
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.done("sdxvolume -F -c Class1 -v Volume2,Copy2")
    lab.done("sdxattr -V -c Class1 -v Volume2 -a lock=on")
    lab.done("sdxattr -V -c Class1 -v Copy2 -a lock=on")
    return lab


@pytest.mark.parametrize("word", ["Rejoin", "Update"])
def test_nothing_is_copied_onto_a_proxy_whose_disks_are_all_disabled(parted, word):
    for device in ("c1t4d0", "c2t4d0"):
        parted.fault(f"path {device}")
    parted.reboot()
    parted.refused(f"sdxproxy {word} -c Class1 -p Copy2", "object.status", object="Proxy1", status="DISABLE")


@pytest.mark.parametrize("word", ["RejoinRestore", "Restore"])
def test_nothing_is_copied_back_onto_a_master_whose_disks_are_all_disabled(parted, word):
    for device in ("c1t1d0", "c2t1d0"):
        parted.fault(f"path {device}")
    parted.reboot()
    parted.refused(f"sdxproxy {word} -c Class1 -p Copy2", "object.status", object="Disk1", status="DISABLE")
