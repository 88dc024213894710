"""Spare disks take a failed member's place, and go back (guide 1.2.2, D.8)."""

import pytest
from tests.core.mirrors import Breaking


@pytest.fixture
def lab():
    return Breaking()


def test_a_spare_is_connected_and_copied_onto(lab):
    assert lab.fault("disk Class1/Disk1 fail") == ["spare.for_disk"]
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE", "Spare2": "COPY"}
    assert lab.slices("Volume2") == {"Disk1": "INVALID", "Disk2": "ACTIVE", "Spare2": "COPY"}
    assert lab.slices("Copy2") == {"Proxy1": "STOP", "Proxy2": "STOP"}
    lab.finish()
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE", "Spare2": "ACTIVE"}


def test_how_sdxinfo_shows_it(lab):
    lab.fault("disk Class1/Disk1 fail")
    assert lab.done("sdxinfo -G -o Group1").splitlines()[2].split()[3:] == [
        "Disk1:Disk2:Spare2", "17661952", "14450688", "1",
    ]  # fmt: skip
    assert lab.done("sdxinfo -D -o Spare2").splitlines()[2].split()[2:5] == ["mirror", "Class1", "Group1"]
    assert lab.done("sdxinfo -S -o Volume1").splitlines()[4] == "slice  Class1  Group1  Spare2  Volume1 COPY"


@pytest.mark.parametrize(
    ("mode", "disk", "spare"),
    [
        ("exbox", "Disk1", "Spare2"),  # c1: Spare1 is on the same controller
        ("exbox", "Disk2", "Spare1"),  # c2: neither is, the first registered
        ("bybox", "Disk1", "Spare1"),
        ("bybox", "Disk2", "Spare1"),
    ],
)
def test_which_spare_is_chosen(lab, mode, disk, spare):
    lab.klass(hsmode=mode)
    lab.fault(f"disk Class1/{disk} fail")
    assert [d.name for d in lab.lab.classes["Class1"].disks.values() if d.standin] == [spare]


def test_the_same_controller_will_do_when_there_is_no_other(lab):
    lab.fault("disk Class1/Spare2 fail")
    assert lab.fault("disk Class1/Disk1 fail") == ["spare.for_disk"]
    assert "Spare1" in lab.slices("Volume1")


@pytest.mark.parametrize(("blocks", "connected"), [(3_211_264, True), (3_211_263, False)])
def test_a_spare_that_is_too_small_is_not_connected(lab, blocks, connected):
    lab.device("c3t1d0", blocks=blocks)
    lab.device("c1t6d0", blocks=blocks)
    assert (lab.fault("disk Class1/Disk1 fail") == ["spare.for_disk"]) is connected


def test_without_hot_spare_none_is_connected(lab):
    lab.no_spares()
    assert lab.fault("disk Class1/Disk1 fail") == []
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}


def test_groups_with_proxies_get_none(lab):
    assert lab.fault("disk Class1/Proxy1 fail") == []
    assert lab.slices("Copy2") == {"Proxy1": "INVALID", "Proxy2": "STOP"}


@pytest.mark.parametrize("words", ["disk Class1/Alone fail", "disk Class1/Spare1 fail"])
def test_only_mirror_groups_get_one(lab, words):
    assert lab.fault(words) == []


def test_a_lower_group_is_replaced_by_a_spare_that_is_large_enough(lab):
    assert lab.fault("disk Class1/Disk3 fail") == ["spare.for_group"]
    assert lab.disk("Small1").standin == "Lower1"
    assert lab.slices("Volume3") == {"Lower1": "INVALID", "Lower2": "ACTIVE", "Small1": "COPY"}
    lab.fault("disk Class1/Disk4 fail")  # of the same member
    assert not lab.disk("Spare1").standin
    assert not lab.disk("Spare2").standin


def test_no_spare_comes_later_than_the_error(lab):
    """Not when hot spare is turned on, and not when one is freed."""
    lab.no_spares()
    lab.fault("disk Class1/Disk1 fail")
    lab.klass(hs=True)
    lab.fault("disk Class1/Alone io-error")
    lab.done("sdxvolume -F -c Class1 -v Single1")
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE"}


def test_a_second_member_gets_the_second_spare(lab):
    lab.fault("disk Class1/Disk1 fail")
    lab.finish()
    lab.fault("disk Class1/Disk2 fail")
    lab.finish()
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "INVALID", "Spare2": "ACTIVE", "Spare1": "ACTIVE"}


def test_a_spare_that_fails_is_not_replaced_itself(lab):
    lab.fault("disk Class1/Disk1 fail")
    lab.finish()
    lab.fault("disk Class1/Spare2 fail")
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE", "Spare2": "INVALID"}
    assert not lab.disk("Spare1").standin


def test_the_only_slice_left_has_nothing_to_copy_from(lab):
    lab.klass(hs=False)
    lab.fault("disk Class1/Disk1 fail")
    lab.klass(hs=True)
    lab.lab = lab.lab._replace(devices={**lab.lab.devices, "c2t1d0": lab.lab.devices["c2t1d0"]._replace(present=False)})
    lab.fault("disk Class1/Alone fail")
    assert not any(d.standin for d in lab.lab.classes["Class1"].disks.values())


def test_the_spare_goes_back_when_the_disk_was_exchanged_and_copied(lab):
    lab.fault("disk Class1/Disk1 fail")
    lab.finish()
    lab.done("sdxswap -O -c Class1 -d Disk1")
    lab.fault("disk Class1/Disk1 replace")
    lab.done("sdxswap -I -c Class1 -d Disk1 -e nowaitsync")
    assert lab.slices("Volume1") == {"Disk1": "COPY", "Disk2": "ACTIVE", "Spare2": "ACTIVE"}
    lab.advance(60_000)  # Volume2 is done, Volume1 not yet: redundancy of all is wanted
    assert "Spare2" in lab.slices("Volume2")
    lab.finish()
    assert lab.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}
    spare = lab.disk("Spare2")
    assert (spare.type, spare.group, spare.standin) == ("spare", None, None)
    assert lab.lab.classes["Class1"].groups["Group1"].members == ("Disk1", "Disk2")


def test_a_spare_goes_back_before_it_was_copied_onto_if_the_disk_was_quicker(lab):
    lab.fault("disk Class1/Disk1 fail")
    lab.advance(1)
    lab.done("sdxswap -O -c Class1 -d Disk1")
    lab.fault("disk Class1/Disk1 replace")
    lab.lab = lab.lab._replace(copies=tuple(c._replace(delay=1000) for c in lab.lab.copies))
    lab.done("sdxswap -I -c Class1 -d Disk1")
    assert lab.slices("Volume1") == {"Disk1": "ACTIVE", "Disk2": "ACTIVE"}
    assert lab.lab.copies == ()


def test_a_spare_outlives_a_reboot(lab):
    lab.fault("disk Class1/Disk1 io-error")
    lab.finish()
    lab.reboot()
    assert lab.slices("Volume1") == {"Disk1": "INVALID", "Disk2": "ACTIVE", "Spare2": "ACTIVE"}


def test_a_spare_that_stands_in_may_be_exchanged_itself(lab):
    lab.fault("disk Class1/Disk1 fail")
    lab.finish()
    lab.done("sdxswap -O -c Class1 -d Spare2")
    assert lab.slices("Volume1")["Spare2"] == "NOUSE"
    lab.done("sdxswap -I -c Class1 -d Spare2")
    assert lab.slices("Volume1")["Spare2"] == "ACTIVE"
