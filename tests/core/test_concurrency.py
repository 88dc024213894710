"""copy_concurrency and proxy_copy_concurrency: more copies than that wait, and begin when others end."""

import pytest
from conftest import ALL_PROXIES, Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import ends

MB = 2048
SECOND = 20_480  # blocks


def made(volumes, blocks=50 * SECOND // 32_768 * 32_768):
    """A class with a mirror of so many volumes, each of which is being copied."""
    lab = Trial(load("bare"))
    lab.done("sdxdisk -M -c Class1 -a type=local -d c1t1d0=Disk1,c2t1d0=Disk2")
    lab.done("sdxdisk -C -c Class1 -g Group1 -d Disk1,Disk2")
    for n in range(volumes):
        lab.done(f"sdxvolume -M -c Class1 -g Group1 -v V{n} -s {blocks} -a pslice=off")
    return lab


def running(lab):
    return [c.volume for c in lab.lab.copies if c.since <= lab.now]


def waiting(lab):
    return [c.volume for c in lab.lab.copies if c.since > lab.now]


def test_eight_copies_at_a_time_and_no_more():
    lab = made(8)
    assert (len(running(lab)), waiting(lab)) == (8, [])
    lab = made(9)
    assert (len(running(lab)), waiting(lab)) == (8, ["V8"])


def test_those_that_wait_show_copy_and_begin_in_their_order():
    lab = made(3)
    lab.done("sdxcopy -C -c Class1 -v V0,V1,V2")
    lab.done("sdxparam -S -p copy_concurrency=1")
    lab.done("sdxcopy -B -c Class1 -v V1,V2,V0 -e nowaitsync")
    assert (running(lab), waiting(lab)) == (["V1"], ["V2", "V0"])
    assert [lab.statuses(f"V{n}", "Class1") for n in range(3)] == [["ACTIVE", "COPY"]] * 3
    rows = [line.split() for line in lab.done("sdxinfo -S -c Class1 -e long").splitlines()]
    assert {(row[4], row[8], row[9]) for row in rows if row[3] == "Disk2"} == {
        ("V0", "wait", "0"), ("V1", "run", "0"), ("V2", "wait", "0")
    }  # fmt: skip
    first = ends(lab.lab.copies[0]) - lab.now
    assert [ends(c) - lab.now for c in lab.lab.copies] == [first, 2 * first, 3 * first]
    lab.advance(first)
    assert (lab.statuses("V1", "Class1"), running(lab), waiting(lab)) == (["ACTIVE", "ACTIVE"], ["V2"], ["V0"])
    lab.advance(2 * first)
    assert not lab.lab.copies


def test_a_copy_that_is_waited_for_is_waited_for_to_its_end():
    lab = made(2)
    lab.done("sdxcopy -C -c Class1 -v V0,V1")
    lab.done("sdxparam -S -p copy_concurrency=1")
    lab.done("sdxcopy -B -c Class1 -v V0 -e nowaitsync")
    assert lab.done("sdxcopy -B -c Class1 -v V1") == (
        "SDX:sdxcopy: INFO: V1: waiting for the completion of copying...\n"
        "SDX:sdxcopy: INFO: V1: copying completed successfully\n"
    )
    assert not lab.lab.copies


@pytest.mark.parametrize("end", ["sdxcopy -C -c Class1 -v V0", "sdxcopy -I -c Class1 -v V0"])
def test_the_next_begins_when_one_is_ended(end):
    lab = made(2)
    lab.done("sdxcopy -C -c Class1 -v V0,V1")
    lab.done("sdxparam -S -p copy_concurrency=1")
    lab.done("sdxcopy -B -c Class1 -v V0,V1 -e nowaitsync")
    lab.advance(5_000)
    assert waiting(lab) == ["V1"]
    lab.done(end)
    copy = next(c for c in lab.lab.copies if c.volume == "V1")
    assert copy.since == lab.now


def test_what_was_interrupted_waits_like_a_new_one_and_keeps_what_it_had():
    lab = made(2)
    lab.advance(1_000)
    lab.done("sdxparam -S -p copy_concurrency=1")
    lab.advance(4_000)  # both run: a parameter holds for what begins
    assert running(lab) == ["V0", "V1"]
    lab.done("sdxcopy -I -c Class1 -v V0")
    lab.done("sdxcopy -B -c Class1 -v V0 -e nowaitsync")
    first, second = lab.lab.copies
    assert (first.volume, first.done, first.since) == ("V0", 5 * SECOND, ends(second))


def test_more_concurrency_lets_the_others_begin_at_once():
    lab = made(2)
    lab.done("sdxcopy -C -c Class1 -v V0,V1")
    lab.done("sdxparam -S -p copy_concurrency=1")
    lab.done("sdxcopy -B -c Class1 -v V0,V1 -e nowaitsync")
    lab.advance(1_000)
    lab.done("sdxparam -S -p copy_concurrency=2")
    assert waiting(lab) == []


def test_four_copies_between_masters_and_proxies_and_no_more(parted):
    parted.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    parted.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    order = [c.volume for c in parted.lab.copies]
    assert (running(parted), waiting(parted)) == (order[:4], order[4:])
    shown = parted.done("sdxinfo -S -c System").splitlines()
    assert sum(line.endswith(" COPY") for line in shown) == 12
    parted.finish()


def test_copies_by_the_disk_array_do_not_count(parted):
    parted.done("sdxparam -S -p proxy_copy_concurrency=1")
    parted.done("sdxproxy Update -c System -p Proxy1,Proxy2 -e instant")
    assert waiting(parted) == []


def test_a_copy_onto_a_spare_disk_pauses_as_sdxparam_says():
    lab = Trial(load("data"))
    from sdxsim.lab import mishap

    lab.lab, _ = mishap.met(lab.lab, ("disk", "Class1/Disk1", "fail"), None, None, lab.now)
    assert {c.delay for c in lab.lab.copies if "Spare1" in c.members} == {50}
