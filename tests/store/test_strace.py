"""The same faults from outside: real processes, and the system calls that they make."""

import pytest
from faults import inject, strace, workers
from faults.cases import CASES
from faults.hook import ERR, OUT
from faults.invariant import experiments
from tally import judged

REASON = strace.why_not()
pytestmark = pytest.mark.skipif(bool(REASON), reason=str(REASON))

THREE = [next(c for c in CASES if c.what == what) for what in ("proxy.part", "attr.volume", "volume.start")]


def all_struck(scratch, cases, options):
    total, found = 0, []
    for experiment in experiments(scratch, cases):
        for option in options:
            count, violations = strace.struck(experiment, option)
            total, found = total + count, found + violations
    return total, found


def test_real_processes_killed_at_every_system_call(scratch):
    points, found = all_struck(scratch, THREE, ["signal=KILL"])
    judged("killed by strace", found, commands=len(THREE), points=points)


def test_strace_sees_what_the_hook_sees(scratch):
    for experiment in experiments(scratch, THREE):
        experiment.fresh()
        _, lines = strace.traced(experiment.case.argv, experiment.lab)
        outside = [strace.as_python(s) for s in strace.strikes(lines, experiment.lab)]
        inside = [
            "open" if call.name == "listdir" else call.name for call in experiment.calls  # to list is to open
            if call.changes or call.name in ("flock", "listdir", *inject.SYNCS) or (call.where == OUT and call.name == "write")
            or (call.name == "open" and call.where in ("lab", "lab/lock", "lab/objects"))
        ]  # fmt: skip
        assert [name for name in outside if name] == inside
        assert not any(call.where == ERR and call.name == "write" for call in experiment.calls)


@pytest.mark.long
def test_real_processes_of_every_command_killed_at_every_system_call(scratch):
    counts, found = workers.tried("strace kills", scratch)
    judged("killed by strace, all", found, **counts)


@pytest.mark.long
def test_system_calls_that_fail(scratch):
    errors = [f"error={error}" for error in inject.ERRORS if error != "EINTR"]  # Python tries those again itself
    faults, found = all_struck(scratch, THREE, errors)
    judged("failing system calls", found, commands=len(THREE), faults=faults)
