"""sdxcopy: copies inside mirror volumes begun, cancelled, interrupted and gone on with."""

import pytest
from conftest import MINUTE, Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import copied

SIZE = 20_480 * 600  # blocks: ten minutes


@pytest.fixture
def lab():
    """V1 and V2 in a mirror of two disks, the second slices being copied."""
    trial = Trial(load("bare"))
    for line in (
        "sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3,c1t4d0=D4",
        "sdxdisk -C -c Class1 -g G1 -d D1,D2",
        f"sdxvolume -M -c Class1 -g G1 -v V1 -s {SIZE}",
        "sdxvolume -M -c Class1 -g G1 -v V2 -s 1",
    ):
        trial.done(line)
    return trial


def statuses(lab, name="V1"):
    return lab.statuses(name, "Class1")


def cancelled(lab):
    lab.done("sdxcopy -C -c Class1 -v V1,V2")
    return lab


def test_cancelled_copies_leave_invalid_slices_and_a_running_volume(lab):
    lab.done("sdxcopy -C -c Class1 -v V1,V2")
    assert statuses(lab) == ["ACTIVE", "INVALID"]
    assert not lab.lab.copies
    assert "ACTIVE" in lab.done("sdxinfo -V -o V1")
    lab.refused("sdxcopy -C -c Class1 -v V1", "copy.none", object="V1")


def test_invalid_slices_are_copied_and_that_is_waited_for(lab):
    cancelled(lab)
    before = lab.now
    assert lab.done("sdxcopy -B -c Class1 -v V1") == (
        "SDX:sdxcopy: INFO: V1: waiting for the completion of copying...\n"
        "SDX:sdxcopy: INFO: V1: copying completed successfully\n"
    )
    assert statuses(lab) == ["ACTIVE", "ACTIVE"]
    assert lab.now - before >= 10 * MINUTE
    assert lab.done("sdxcopy -B -c Class1 -v V1") == ""  # nothing is INVALID any more


def test_nobody_waits_with_nowaitsync(lab):
    cancelled(lab)
    assert lab.done("sdxcopy -B -c Class1 -v V1 -e nowaitsync,delay=10") == ""
    assert statuses(lab) == ["ACTIVE", "COPY"]
    assert [c.delay for c in lab.lab.copies] == [10]
    lab.refused("sdxcopy -B -c Class1 -v V1", "object.copying", object="V1")


def test_a_stopped_volume_is_copied_too_and_stays_stopped(lab):
    cancelled(lab)
    lab.done("sdxvolume -F -c Class1 -v V1")
    lab.done("sdxcopy -B -c Class1 -v V1")
    assert statuses(lab) == ["STOP", "STOP"]


def test_an_interrupted_copy_stands_still_and_goes_on_from_there(lab):
    lab.advance(4 * MINUTE)
    lab.done("sdxcopy -I -c Class1 -v V1")
    assert statuses(lab) == ["ACTIVE", "COPY-STOP"]
    lab.advance(60 * MINUTE)
    assert statuses(lab) == ["ACTIVE", "COPY-STOP"]
    (copy,) = lab.lab.copies
    done = copied(copy, lab.now)
    assert 0.39 * copy.blocks < done < 0.41 * copy.blocks
    row = lab.done("sdxinfo -S -o V1 -e long").splitlines()[-1].split()
    assert (row[7], row[8], int(row[9])) == ("COPY-STOP", "intr", done)
    lab.done("sdxcopy -I -c Class1 -v V1")
    assert copied(lab.lab.copies[0], lab.now) == done
    lab.done("sdxcopy -B -c Class1 -v V1 -e nowaitsync")
    lab.advance(5 * MINUTE)
    assert statuses(lab) == ["ACTIVE", "COPY"]
    lab.advance(2 * MINUTE)
    assert statuses(lab) == ["ACTIVE", "ACTIVE"]


def test_an_interrupted_copy_may_be_cancelled(lab):
    lab.done("sdxcopy -I -c Class1 -v V1")
    lab.done("sdxcopy -C -c Class1 -v V1")
    assert statuses(lab) == ["ACTIVE", "INVALID"]


def test_interrupted_copies_are_not_waited_for(lab):
    lab.done("sdxcopy -I -c Class1 -v V1")
    lab.advance(MINUTE)
    assert statuses(lab, "V2") == ["ACTIVE", "ACTIVE"]


def test_another_pace_keeps_what_was_copied(lab):
    lab.advance(5 * MINUTE)
    before = copied(next(c for c in lab.lab.copies if c.volume == "V1"), lab.now)
    lab.done("sdxcopy -P -c Class1 -v V1 -e delay=1000")
    (copy,) = [c for c in lab.lab.copies if c.volume == "V1"]
    assert (copied(copy, lab.now), copy.delay) == (before, 1000)
    lab.advance(6 * MINUTE)
    assert statuses(lab) == ["ACTIVE", "COPY"]
    lab.done("sdxcopy -P -c Class1 -v V1 -e delay=0")
    lab.advance(6 * MINUTE)
    assert statuses(lab) == ["ACTIVE", "ACTIVE"]


@pytest.mark.parametrize("word", ["B", "C", "I", "P"])
def test_only_mirrors_are_copied(lab, word):
    lab.done("sdxdisk -C -c Class1 -g Wide -d D3,D4 -a type=stripe")
    lab.done("sdxvolume -M -c Class1 -g Wide -v V3 -s 1")
    more = " -e delay=1" if word == "P" else ""
    lab.refused(f"sdxcopy -{word} -c Class1 -v V3{more}", "volume.not_mirror", object="V3")
    lab.refused(f"sdxcopy -{word} -c Class1 -v V1,V9{more}", "object.unknown", object="V9")


@pytest.mark.parametrize("word", ["B", "C", "I", "P"])
def test_copies_between_master_and_proxy_are_not_its_business(lab, word):
    lab.finish()
    lab.done("sdxdisk -C -c Class1 -g G2 -d D3")
    lab.done("sdxproxy Join -c Class1 -m G1 -p G2 -a V1=P1:on,V2=P2:on")
    more = " -e delay=1" if word == "P" else ""
    lab.refused(f"sdxcopy -{word} -c Class1 -v P1{more}", "object.copying", object="P1")
    lab.refused(f"sdxcopy -{word} -c Class1 -v V1{more}", "object.copying", object="V1")


def test_a_reboot_begins_a_running_copy_again_and_leaves_an_interrupted_one(lab):
    lab.advance(5 * MINUTE)
    lab.done("sdxcopy -I -c Class1 -v V1")
    lab.done("shutdown -y -g0 -i6")
    assert statuses(lab) == ["ACTIVE", "COPY-STOP"]
    lab.done("sdxcopy -B -c Class1 -v V1 -e nowaitsync")
    lab.done("shutdown -y -g0 -i6")
    assert copied(lab.lab.copies[0], lab.now) == 0


def test_of_a_lab_kept_before_it_was_told_what_lay_under_a_copy_nothing_is_made_up():
    trial = Trial(load("backing-up"))
    trial.done("sdxproxy Part -c System -p Proxy1")
    trial.done("sdxproxy Update -c System -p Proxy1 -e instant")
    trial.lab = trial.lab._replace(copies=tuple(c._replace(under=None) for c in trial.lab.copies))
    before = trial.volume("Proot").data
    trial.done("sdxproxy Cancel -c System -p Proxy1")
    assert trial.volume("Proot").data == before


def test_a_mirror_that_is_copied_inside_may_be_started_but_not_stopped(lab):
    cancelled(lab)
    lab.done("sdxvolume -F -c Class1 -v V1")
    lab.done("sdxcopy -B -c Class1 -v V1 -e nowaitsync")
    assert statuses(lab) == ["STOP", "COPY"]
    lab.done("sdxvolume -N -c Class1 -v V1")
    assert statuses(lab) == ["ACTIVE", "COPY"] and len(lab.lab.copies) == 1
    lab.refused("sdxvolume -F -c Class1 -v V1", "object.copying", object="V1")
    lab.finish()
    assert statuses(lab) == ["ACTIVE", "ACTIVE"]
