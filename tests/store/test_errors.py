"""A file call that fails, once or for good, is no success and no traceback, and leaves nothing behind."""

import pytest
from faults import workers
from faults.inject import ERRORS
from tally import judged


@pytest.mark.long
def test_every_call_that_fails_in_every_way(scratch):
    counts, found = workers.tried("every error", scratch)
    judged("failing calls, all", found, **counts, errors=len(ERRORS))
