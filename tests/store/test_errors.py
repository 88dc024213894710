"""A file call that fails, once or for good, is no success and no traceback, and leaves nothing behind."""

import pytest
from faults import inject
from faults.cases import CASES
from tally import judged
from test_kill import tried


def test_calls_that_fail(scratch):
    faults, found = tried(scratch, lambda e, i: inject.errors(e, inject.sampled(e, i)))
    judged("failing calls, a sample", found, commands=len(CASES), faults=faults, errors=len(inject.ERRORS))


@pytest.mark.long
def test_every_call_that_fails_in_every_way(scratch):
    faults, found = tried(scratch, lambda e, i: inject.errors(e, inject.thorough(e)))
    judged("failing calls, all", found, commands=len(CASES), faults=faults, errors=len(inject.ERRORS))
