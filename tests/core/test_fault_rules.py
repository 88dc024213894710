"""What breaks, and what sdxinfo shows of it: I/O errors, copies that fail, the check of disks at boot, crashes."""

import pytest
from conftest import MINUTE
from tests.core.mirrors import Breaking

from sdxsim.lab.scenarios import load
from sdxsim.rules import faults
from sdxsim.rules.copying import settle
from sdxsim.solaris import condition


@pytest.fixture
def lab():
    return Breaking()


@pytest.fixture
def bare(lab):
    """Without hot spare."""
    return lab.no_spares()


# -- I/O errors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["disk c1t1d0 fail", "disk Class1/Disk1 io-error", "path c1t1d0"])
def test_an_io_error_marks_the_disk_and_makes_its_slices_invalid(bare, words):
    bare.fault(words)
    assert bare.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert (bare.disk("Disk1").status, bare.disk("Disk1").error) == ("ENABLE", True)
    assert not bare.disk("Disk2").error
    assert bare.slices("Volume3") == {"Lower1": "ACTIVE", "Lower2": "ACTIVE"}
    assert bare.volume("Volume1", "Class1").started == {"node1": "rw"}


def test_the_last_valid_slice_stays_as_it_is(bare):
    bare.fault("disk c1t1d0 fail")
    bare.fault("disk c2t1d0 fail")
    assert bare.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert bare.disk("Disk2").error
    bare.fault("disk c1t5d0 fail")
    assert bare.slices("Single1") == {"Alone": "ACTIVE"}


def test_slices_of_stopped_volumes_meet_the_error_too(bare):
    bare.done("sdxvolume -F -c Class1 -v Volume3")
    bare.fault("disk Class1/Disk4 fail")
    assert bare.slices("Volume3") == {"Lower1": "INVALID", "Lower2": "STOP"}


def test_slices_of_joined_proxies_are_invalid_until_parted_and_rejoined(bare):
    bare.fault("disk Class1/Proxy2 io-error")
    assert bare.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "INVALID"}
    bare.fault("disk Class1/Proxy2 repair")
    bare.done("sdxproxy Part -c Class1 -p Copy2")
    assert bare.slices("Copy2") == {"Proxy1": "ACTIVE", "Proxy2": "INVALID"}
    bare.done("sdxvolume -F -c Class1 -v Copy2")
    bare.done("sdxproxy Rejoin -c Class1 -p Copy2 -e waitsync")
    assert bare.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "STOP"}


def test_repair_brings_the_drive_back_and_not_the_data(bare):
    bare.fault("disk c1t1d0 fail")
    bare.fault("disk c1t1d0 repair")
    assert bare.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert bare.disk("Disk1").error
    bare.fault("path c1t2d0")
    bare.fault("path c1t2d0 repair")
    assert bare.lab.devices["c1t2d0"].trouble == ""


def test_a_bad_block_is_not_repaired_with_the_path(bare):
    bare.fault("disk c1t1d0 io-error")
    before = bare.lab
    bare.fault("path c1t1d0 repair")
    assert bare.lab is before


def test_what_breaks_twice_changes_nothing_the_second_time(bare):
    bare.fault("disk c1t1d0 fail")
    before = bare.lab
    bare.fault("disk c1t1d0 fail")
    assert bare.lab is before


def test_a_drive_outside_gds_breaks_without_consequences(bare):
    bare.device("c3t9d0", label="")
    bare.klass(disks={n: d for n, d in bare.lab.classes["Class1"].disks.items() if n != "Small1"})
    classes = bare.lab.classes
    bare.fault("disk c3t9d0 fail")
    bare.fault("disk c3t9d0 replace 1000")
    assert bare.lab.classes == classes
    assert bare.lab.devices["c3t9d0"].blocks == 1000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "'' is no fault"),
        ("disk", "'disk' is no fault"),
        ("disk c1t1d0", "'disk c1t1d0' is no fault"),
        ("disk c1t1d0 burn", "'disk c1t1d0 burn' is no fault"),
        ("disk c1t1d0 fail 7", "'disk c1t1d0 fail 7' is no fault"),
        ("disk c1t1d0 replace 0", "'disk c1t1d0 replace 0' is no fault"),
        ("disk c1t1d0 replace 1000000000000001", "'disk c1t1d0 replace 1000000000000001' is no fault"),
        ("disk c1t1d0 replace \u0663", "'disk c1t1d0 replace \u0663' is no fault"),
        ("path", "'path' is no fault"),
        ("path c1t1d0 fail", "'path c1t1d0 fail' is no fault"),
        ("power now", "no node 'now'"),
        ("copy-source Class1", "'copy-source Class1' is no fault"),
        ("disk c9t9d9 fail", "no device and no disk CLASS/DISK 'c9t9d9'"),
        ("disk Class1/Disk9 fail", "no device and no disk CLASS/DISK 'Class1/Disk9'"),
        ("copy-source Class1 Volume9", "no volume 'Volume9' in class 'Class1'"),
    ],
)
def test_words_that_are_no_fault(lab, words, sentence):
    assert faults.wrong(lab.lab, words.split()) == sentence


def test_the_largest_drive(lab):
    assert faults.wrong(lab.lab, ("disk", "c1t1d0", "replace", "1000000000000000")) == ""


# -- copies ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def copying(bare):
    """Disk1 was exchanged and is being copied from Disk2."""
    bare.done("sdxswap -O -c Class1 -d Disk1")
    bare.done("sdxswap -I -c Class1 -d Disk1 -e nowaitsync")
    assert bare.slices("Volume1") == {"Disk1": "COPY", "Disk2": "ACTIVE"}
    return bare


def test_a_copy_onto_a_disk_that_fails_leaves_it_invalid(copying):
    copying.fault("disk Class1/Disk1 io-error")
    assert copying.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert copying.lab.copies == ()


def test_a_copy_whose_source_fails_leaves_the_destination_invalid(copying):
    """Causes (c) and (d) of F.1.1: E is 1 on the other disk."""
    copying.fault("disk Class1/Disk2 io-error")
    assert copying.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert (copying.disk("Disk1").error, copying.disk("Disk2").error) == (False, True)
    assert copying.lab.copies == ()


def test_copy_source_breaks_the_disk_that_is_read(copying):
    copying.fault("copy-source Class1 Volume1")
    assert copying.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert copying.disk("Disk2").error
    assert copying.slices("Volume2")["Disk1"] == "INVALID"  # the same disk was read for it


def test_copy_source_of_a_proxy_leaves_the_proxy_invalid(bare):
    bare.done("sdxproxy Part -c Class1 -p Copy2")
    bare.done("sdxvolume -F -c Class1 -v Copy2")
    bare.done("sdxproxy Rejoin -c Class1 -p Copy2")
    bare.fault("copy-source Class1 Copy2")
    assert bare.slices("Copy2") == {"Proxy1": "INVALID", "Proxy2": "INVALID"}
    assert not bare.volume("Copy2", "Class1").valid
    assert bare.slices("Volume2") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}  # Disk1 was read
    bare.done("sdxproxy Part -c Class1 -p Copy2")
    assert not bare.volume("Copy2", "Class1").started  # nothing there to start
    bare.done("sdxproxy Rejoin -c Class1 -p Copy2 -e waitsync")
    assert bare.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "STOP"}


def test_copy_source_without_a_copy_changes_nothing(bare):
    before = bare.lab
    bare.fault("copy-source Class1 Volume1")
    assert bare.lab is before


def test_a_copy_onto_a_broken_disk_fails_at_once(bare):
    bare.done("sdxproxy Part -c Class1 -p Copy2")
    bare.done("sdxvolume -F -c Class1 -v Copy2")
    bare.fault("disk Class1/Proxy2 fail")
    assert bare.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "INVALID"}
    outcome = bare.tried("sdxproxy Rejoin -c Class1 -p Copy2 -e waitsync")
    assert outcome.status == 1
    assert outcome.stderr == "SDX:sdxproxy: ERROR: Copy2: copying was cancelled\n"
    assert bare.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "INVALID"}


def test_nothing_is_copied_onto_a_disk_out_of_use(bare):
    bare.done("sdxproxy Part -c Class1 -p Copy2")
    bare.done("sdxvolume -F -c Class1 -v Copy2")
    bare.done("sdxswap -O -c Class1 -d Proxy2")
    bare.done("sdxproxy Rejoin -c Class1 -p Copy2")
    assert bare.slices("Copy2") == {"Proxy1": "COPY", "Proxy2": "NOUSE"}


# -- faults that are due --------------------------------------------------------------------------------------------


def test_faults_happen_when_they_are_due_between_copies_that_end(copying):
    """Volume2 is copied after 51.2 s, Volume1 after 102.4 s; Disk2 breaks after a minute."""
    copying.later(1, "disk Class1/Disk2 io-error")
    copying.advance(MINUTE - 1)
    assert copying.slices("Volume2") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}
    assert copying.slices("Volume1")["Disk1"] == "COPY"
    copying.advance(1)
    assert copying.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}
    assert copying.slices("Volume2") == {"Disk1": "ACTIVE", "Disk2": "INVALID"}
    assert copying.lab.faults == ()


@pytest.mark.parametrize(("ms", "status"), [(102_399, "INVALID"), (102_400, "ACTIVE")])
def test_at_the_same_moment_the_copy_has_ended_first(copying, ms, status):
    copying.lab = copying.lab._replace(faults=((copying.now + ms, "disk", "Class1/Disk2", "io-error"),))
    copying.advance(10 * MINUTE)
    assert copying.slices("Volume1")["Disk1"] == status


def test_looking_often_or_once_comes_to_the_same(lab):
    lab.later(1, "disk Class1/Disk1 fail")
    lab.later(2, "disk Class1/Disk5 io-error")
    lab.later(3, "power")
    once = settle(lab.lab, lab.now + 5 * MINUTE)
    often = lab.lab
    for second in range(0, 301):
        often = settle(often, lab.now + second * 1000)
    assert once == often
    assert once.nodes["node1"].power == "obp"


def test_a_fault_whose_object_is_gone_by_then_is_forgotten(lab):
    lab.later(1, "copy-source Class1 Gone")
    lab.advance(2 * MINUTE)
    assert lab.lab.faults == ()


def test_a_scenario_may_have_faults():
    made = load("backing-up")._replace(faults=((0, "disk", "c0t1d0", "fail"),))
    broken = settle(made, made.clock.virtual)
    assert [s.status for s in broken.classes["System"].volumes["root"].slices] == ["ACTIVE", "INVALID"]


# -- the check at boot ----------------------------------------------------------------------------------------------


def test_a_disk_that_is_not_there_at_boot_is_disabled_and_back_when_it_is(bare):
    bare.done("shutdown -y -g0 -i0")
    bare.fault("path Class1/Disk2")
    bare.reboot()
    assert bare.disk("Disk2").status == "DISABLE"
    assert bare.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "NOUSE"}
    bare.fault("path Class1/Disk2 repair")
    assert bare.disk("Disk2").status == "DISABLE"  # until the next boot
    bare.reboot()
    assert bare.disk("Disk2").status == "ENABLE"
    assert bare.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "COPY"}
    bare.finish()
    assert bare.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}


def test_another_drive_in_its_place_is_disabled(bare):
    bare.done("shutdown -y -g0 -i0")
    bare.fault("disk Class1/Disk2 replace")
    bare.reboot()
    assert bare.disk("Disk2").status == "DISABLE"
    bare.done("sdxswap -O -c Class1 -d Disk2")
    bare.done("sdxswap -I -c Class1 -d Disk2")
    assert bare.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}
    bare.reboot()
    assert bare.disk("Disk2").status == "ENABLE"


def test_a_bad_block_does_not_hide_who_the_disk_is(bare):
    bare.fault("disk Class1/Disk2 io-error")
    bare.reboot()
    assert (bare.disk("Disk2").status, bare.disk("Disk2").error) == ("ENABLE", True)


def test_a_volume_that_loses_its_last_valid_slice_at_boot_is_invalid(bare):
    bare.fault("disk Class1/Disk1 fail")
    bare.fault("disk Class1/Disk1 repair")
    bare.done("umount /data")
    bare.done("shutdown -y -g0 -i0")
    bare.fault("disk Class1/Disk2 fail")
    bare.reboot()
    assert bare.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "NOUSE"}
    assert not bare.volume("Volume1", "Class1").valid
    bare.refused("sdxvolume -N -c Class1 -v Volume1", "object.status", object="Volume1", status="INVALID")
    bare.fault("disk Class1/Disk2 repair")
    bare.reboot()  # which of the two is good nobody can tell any more
    assert bare.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "INVALID"}
    bare.done("sdxfix -V -c Class1 -d Disk2 -v Volume1")


def test_the_only_slice_of_a_volume_is_as_good_as_it_was(bare):
    bare.done("shutdown -y -g0 -i0")
    bare.fault("path Class1/Alone")
    bare.reboot()
    assert bare.slices("Single1") == {"Alone": "NOUSE"}
    assert not bare.volume("Single1", "Class1").valid
    bare.fault("path Class1/Alone repair")
    bare.reboot()
    assert bare.slices("Single1") == {"Alone": "ACTIVE"}


def test_a_lower_group_comes_back_with_its_last_disk(bare):
    bare.done("shutdown -y -g0 -i0")
    bare.fault("path Class1/Disk3")
    bare.fault("path Class1/Disk4")
    bare.reboot()
    assert bare.slices("Volume3") == {"Lower1": "NOUSE", "Lower2": "ACTIVE"}
    bare.fault("path Class1/Disk3 repair")
    bare.reboot()
    assert bare.slices("Volume3") == {"Lower1": "NOUSE", "Lower2": "ACTIVE"}
    bare.fault("path Class1/Disk4 repair")
    bare.reboot()
    assert bare.slices("Volume3") == {"Lower1": "COPY", "Lower2": "ACTIVE"}


def test_a_boot_that_fails_leaves_the_check_undone(bare):
    bare.done("shutdown -y -g0 -i0")
    bare.fault("path c0t0d0")
    bare.fault("path c0t1d0")
    before = bare.bytes()
    assert bare.tried("boot").status == 1
    assert bare.bytes() == before


def test_the_other_system_disk_boots_when_the_first_does_not(bare):
    """P19."""
    bare.fault("disk System/Root1 fail")
    assert bare.slices("root", "System") == {"Root1": "INVALID", "Root2": "ACTIVE"}
    bare.done("shutdown -y -g0 -i0")
    assert "Boot device: /pci@1f,4000/scsi@3/disk@1,0:a " in bare.done("boot")
    bare.fault("disk System/Root1 replace")
    bare.done("sdxswap -O -c System -d Root1")
    bare.done("sdxswap -I -c System -d Root1")
    assert bare.slices("root", "System") == {"Root1": "ACTIVE", "Root2": "ACTIVE"}
    bare.done("shutdown -y -g0 -i0")
    assert "Boot device: /pci@1f,4000/scsi@3/disk@0,0:a " in bare.done("boot")


def test_a_new_drive_has_no_boot_block_before_it_is_swapped_in(bare):
    bare.fault("disk System/Root1 replace")
    bare.done("shutdown -y -g0 -i0")
    assert bare.tried("boot /pci@1f,4000/scsi@3/disk@0,0:a").status == 1


# -- panic and power ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["power", "panic"])
def test_a_crash_halts_the_node_at_once_and_mirrors_are_copied_after_the_boot(lab, words):
    lab.fault(words)
    node = lab.lab.nodes["node1"]
    assert (node.power, node.mounts) == ("obp", ())
    lab.refused("sdxinfo", "lab.halted", node="node1")
    lab.done("boot")
    assert lab.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "COPY"}
    assert lab.slices("Copy2") == {"Proxy1": "COPY", "Proxy2": "COPY"}
    assert lab.slices("Single1") == {"Alone": "ACTIVE"}
    lab.finish()
    assert lab.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}
    assert lab.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "STOP"}


def test_with_jrm_only_what_may_differ_is_copied(lab):
    lab.done("sdxattr -V -c Class1 -v Volume3 -a jrm=off")
    lab.fault("power")
    lab.done("boot")
    blocks = {c.volume: c.blocks for c in lab.lab.copies}
    assert blocks["Volume1"] == 128 + 60  # mounted, and a minute's wear
    assert blocks["Volume2"] == blocks["Copy2"] == 128
    assert blocks["Volume3"] == lab.volume("Volume3", "Class1").blocks


def test_jrm_does_not_help_where_a_slice_was_not_valid(lab):
    lab.no_spares().fault("disk Class1/Proxy1 io-error")
    lab.fault("disk Class1/Proxy1 repair")
    lab.fault("panic")
    lab.done("boot")
    blocks = {c.volume: c.blocks for c in lab.lab.copies}
    assert blocks["Volume2"] == lab.volume("Volume2", "Class1").blocks  # its joined proxy had an INVALID slice
    assert blocks["Copy2"] == lab.volume("Copy2", "Class1").blocks
    assert lab.slices("Copy2") == {"Proxy1": "INVALID", "Proxy2": "COPY"}
    assert blocks["Volume1"] == 188


def test_stopped_volumes_are_not_copied_after_a_crash(lab):
    lab.done("sdxattr -V -c Class1 -v Volume3 -a lock=on")
    lab.done("sdxvolume -F -c Class1 -v Volume3")
    lab.fault("panic")
    lab.done("boot")
    assert lab.slices("Volume3") == {"Lower1": "STOP", "Lower2": "STOP"}


def test_an_orderly_shutdown_copies_nothing(lab):
    lab.reboot()
    assert lab.lab.copies == ()


def test_file_systems_look_as_parts_of_a_busy_system_do(lab):
    data = lab.volume("Volume1", "Class1").data
    lab.fault("power")
    left = lab.volume("Volume1", "Class1").data
    assert left == condition.image(data, True, "multi-user", False, lab.now)
    assert left.defects
    assert lab.volume("Volume3", "Class1").data.defects == ()


def test_records_of_parted_proxies_are_lost_in_a_crash(lab):
    lab.done("sdxproxy Part -c Class1 -p Copy2")
    lab.fault("power")
    lab.done("boot")
    assert lab.lab.classes["Class1"].relations[0].pairs[0].tracking is None
    assert lab.slices("Copy2") == {"Proxy1": "ACTIVE", "Proxy2": "ACTIVE"}  # it ran read-only


def test_a_copy_that_a_crash_interrupts_begins_again(lab):
    lab.no_spares().done("sdxswap -O -c Class1 -d Disk1")
    lab.done("sdxswap -I -c Class1 -d Disk1 -e nowaitsync")
    lab.advance(MINUTE)
    lab.fault("power")
    lab.done("boot")
    again = next(c for c in lab.lab.copies if c.volume == "Volume1")
    assert (again.blocks, again.since) == (2_097_152, lab.now)


def test_a_crash_of_a_halted_node_changes_nothing(lab):
    lab.done("shutdown -y -g0 -i0")
    before = lab.lab
    lab.fault("power")
    assert lab.lab is before


# -- what users of a broken volume meet -----------------------------------------------------------------------------


def test_a_volume_whose_drives_do_not_answer_cannot_be_read(bare):
    bare.done("umount /data")
    bare.fault("disk Class1/Disk1 fail")
    bare.done("fsck -y /dev/sfdsk/Class1/rdsk/Volume1")
    bare.fault("disk Class1/Disk2 fail")
    outcome = bare.tried("fsck -y /dev/sfdsk/Class1/rdsk/Volume1")
    assert (outcome.status, outcome.stdout) == (34, "Can't open /dev/sfdsk/Class1/rdsk/Volume1: I/O error\n")
    outcome = bare.tried("mount -F ufs /dev/sfdsk/Class1/dsk/Volume1 /data")
    assert (outcome.status, outcome.stderr) == (
        32,
        "mount: I/O error\nmount: Cannot mount /dev/sfdsk/Class1/dsk/Volume1\n",
    )


def test_a_mount_of_it_stays_but_nothing_can_be_written(bare):
    bare.done("chgrp sys /data/notes")
    bare.fault("disk Class1/Disk1 fail")
    bare.done("chgrp root /data/notes")
    bare.fault("disk Class1/Disk2 fail")
    outcome = bare.tried("chgrp sys /data/notes")
    assert (outcome.status, outcome.stderr) == (1, "chgrp: /data/notes: I/O error\n")
    bare.tried("chgrp -R sys /data")
    assert bare.volume("Volume1", "Class1").data.files["/notes"].group == "root"
    bare.fault("disk Class1/Disk2 repair")
    bare.done("chgrp sys /data/notes")


def test_a_volume_that_is_copied_inside_may_be_used(bare):
    bare.done("umount /data")
    bare.done("sdxswap -O -c Class1 -d Disk1")
    bare.done("sdxswap -I -c Class1 -d Disk1 -e nowaitsync")
    bare.done("mount -F ufs /dev/sfdsk/Class1/dsk/Volume1 /data")
