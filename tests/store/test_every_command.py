"""Each command that changes a lab, killed, failing, its power cut: the commit tier of three kinds of fault.

Together because a command is prepared once for all of them; the same in full is in test_kill.py, test_errors.py
and test_power.py.
"""

import os
import shutil
import tempfile

import pytest
from faults import replay, workers
from faults.inject import ERRORS
from tally import judged


@pytest.fixture(scope="module")
def results():
    """{experiment: (counts, violations)}"""
    cuts = [f"{kind}, {model}" for kind in ("cuts", "cuts behind") for model in replay.MODELS]
    made = tempfile.mkdtemp(prefix="sdxsim-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    yield workers.all_tried(["kills", "errors", *cuts], made)
    shutil.rmtree(made, ignore_errors=True)


def test_killed_before_any_call_that_matters(results):
    counts, found = results["kills"]
    judged("killed before a call", found, **counts)


def test_calls_that_fail(results):
    counts, found = results["errors"]
    judged("failing calls, a sample", found, **counts, errors=len(ERRORS))


@pytest.mark.parametrize("model", replay.MODELS)
def test_no_disk_that_a_cut_may_leave_has_lost_anything(results, model):
    counts, found = results[f"cuts, {model}"]
    judged(f"power cuts on paper, {model}", found, **counts)


@pytest.mark.parametrize("model", replay.MODELS)
def test_nor_while_a_second_command_works(results, model):
    counts, found = results[f"cuts behind, {model}"]
    judged(f"power cuts on paper, {model}, and a second command", found, **counts)
