"""A command killed before any of its file calls leaves the old lab or the new one."""

import signal

import pytest
from faults import inject
from faults.cases import CASES
from faults.invariant import experiments
from tally import judged

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGQUIT)


def tried(scratch, attempt):
    """What `attempt(experiment, its number)` -> (how many, violations) comes to over all commands."""
    total, found = 0, []
    for i, experiment in enumerate(experiments(scratch)):
        count, violations = attempt(experiment, i)
        assert count, experiment.case
        total += count
        found += violations
    return total, found


def test_killed_before_any_call_that_matters(scratch):
    points, found = tried(scratch, lambda e, i: inject.kills(e))
    judged("killed before a call", found, commands=len(CASES), points=points)


@pytest.mark.long
def test_killed_before_every_call(scratch):
    points, found = tried(scratch, lambda e, i: inject.kills(e, every=True))
    judged("killed before every call", found, commands=len(CASES), points=points)


@pytest.mark.long
def test_ended_by_a_signal_before_any_call_that_matters(scratch):
    sent, found = tried(scratch, lambda e, i: inject.signals(e, SIGNALS))
    judged("signals", found, commands=len(CASES), sent=sent)
