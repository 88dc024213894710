"""Many clients at one lab: what was acknowledged was done once, in an order that all of them could see."""

import os

import pytest
from faults import clients
from faults.cases import lab_of
from tally import judged

from sdxsim.store.commit import create


def history(path, number, commands, seed, **how):
    """(events, violations) of a history on a new lab at `path`."""
    create(str(path), lab_of("joined"), {"argv": ["made"]})
    start, events = clients.together(str(path), number, commands, seed, **how)
    return events, clients.violations(start, events, str(path), before=1)


def counted(events):
    reads = sum(not e.seconds for e in events)
    took = zip(("ms_median", "ms_p99", "ms_longest"), (round(1000 * s) for s in clients.latency(events)), strict=True)
    return {"commands": len(events), "reads": reads, "killed": sum(not e.known for e in events), **dict(took)}


def test_eight_clients_and_random_kills(scratch):
    events, found = history(scratch / "lab", 8, 25, seed=1)
    assert sum(e.known for e in events) > 100
    judged("8 clients at once", found, **counted(events))


def test_the_check_tells_a_lost_a_doubled_and_a_late_command(scratch):
    path = scratch / "lab"
    create(str(path), lab_of("joined"), {"argv": ["made"]})
    start, events = clients.together(str(path), 2, 6, seed=3, kills=0)
    assert clients.violations(start, events, str(path), before=1) == []
    writers = [e for e in events if e.seconds]
    last, first = max(writers, key=lambda e: e.printed), min(writers, key=lambda e: e.printed)
    lost = events[0]._replace(seconds=999, status=0)
    for forged in (lost, last._replace(printed=first.printed), last._replace(printed=last.printed + 1),
                   first._replace(called=last.returned + 1, returned=last.returned + 2)):  # fmt: skip
        assert clients.violations(start, [*(e for e in events if e.seconds != forged.seconds), forged], str(path), before=1)
    assert clients.violations(start, [e for e in events if e is not first], str(path), before=1)


@pytest.mark.long
def test_sixteen_clients_as_real_processes(tmp_path, request):
    for seed in range(request.config.getoption("--seeds")):
        events, found = history(tmp_path / f"lab{seed}", 16, 60, seed=seed, kills=0.3 * (seed % 2), processes=True)
        judged(f"16 clients, seed {seed}, load {os.getloadavg()[0]:.1f}", found, **counted(events))
