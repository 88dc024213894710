"""A command killed, or sent a signal, before each of its file calls leaves the old lab or the new one."""

import pytest
from faults import workers
from tally import judged


@pytest.mark.long
def test_killed_before_every_call(scratch):
    counts, found = workers.tried("every kill", scratch)
    judged("killed before every call", found, **counts)


@pytest.mark.long
def test_ended_by_a_signal_before_any_call_that_matters(scratch):
    counts, found = workers.tried("signals", scratch)
    judged("signals", found, **counts)
