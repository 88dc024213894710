"""Would these tests notice? Each wrong store of faults/mutants.py is noticed by the experiment named there."""

from itertools import islice
from pathlib import Path

import pytest
import test_damage
import test_objects
import test_together
from faults import damage, inject, locks, mutants, replay
from faults.cases import CASES, lab_of
from faults.invariant import Experiment

from sdxsim.store.commit import create
from sdxsim.store.document import Document, to_bytes

SPEAKS = next(case for case in CASES if case.what == "volume.start")  # one that prints something


WRITES_OBJECTS = next(case for case in CASES if case.what == "chgrp")


def experiment(scratch, case=SPEAKS):
    return Experiment(case, scratch / "experiment")


def lock_file(scratch):
    path = str(scratch / "lab")
    create(path, lab_of("joined"), {"argv": ["made"]})
    before, after = locks.inode_after_use(path)
    return [] if before and before == after else ["another file"]


def cuts(scratch):
    found = []
    for case in (SPEAKS, WRITES_OBJECTS):
        found += replay.cuts(experiment(scratch, case), replay.WEAK, scratch / "cut")[1]
    return found


def every_call_fails_once(scratch):
    tested = experiment(scratch)
    return inject.errors(tested, [(at, "EIO", False, None) for at in inject.points(tested, every=True)])[1]


def flips(_scratch):
    raw = to_bytes(Document(7, {"argv": ["x"]}, damage.small_lab()))
    return [what for what, data in damage.broken(raw) if test_damage.is_read(data)]


def some(raw):
    return islice(damage.broken(raw), 0, None, 7)


# the experiments of the tests named in the table, each on a single command, or in small
EXPERIMENTS = {
    "test_eight_clients_and_random_kills": lambda scratch: test_together.history(scratch / "lab", 8, 12, 1, kills=0)[1],
    "test_the_lock_is_the_same_file_for_ever": lock_file,
    "test_no_disk_that_a_cut_may_leave_has_lost_anything": cuts,
    "test_every_damage_to_the_document_is_noticed_and_the_newest_kept_one_is_offered":
        lambda scratch: test_damage.swept(test_damage.Place(scratch), versions=some)[1],
    "test_no_flip_and_no_truncation_of_a_full_lab_is_read": flips,
    "test_killed_before_any_call_that_matters": lambda scratch: inject.kills(experiment(scratch))[1],
    "test_calls_that_fail": every_call_fails_once,
    "test_every_damage_to_an_object_is_noticed": lambda scratch: test_objects.unnoticed(str(scratch / "lab"), 20),
}  # fmt: skip


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: mutant.what)
def test_a_wrong_store_is_noticed(scratch, monkeypatch, mutant):
    mutants.put_in_place(mutant, monkeypatch)
    for chance in range(5):  # where it takes a race, the first may be won
        (scratch / str(chance)).mkdir()
        if EXPERIMENTS[mutant.killed_by.partition("::")[2]](scratch / str(chance)):
            return
    pytest.fail(f"{mutant.what} was not noticed")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_right_store_is_not(scratch, name):
    assert EXPERIMENTS[name](scratch) == []


def test_the_tests_named_are_there():
    for mutant in mutants.MUTANTS:
        file, _, name = mutant.killed_by.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text()
