"""Snapshots under faults: each is whole or not there, and the lab beside them is never touched."""

import pytest
from faults.cases import lab_of
from faults.inject import killing
from faults.process import ran
from tally import judged

from sdxsim.store import snapshots
from sdxsim.store.commit import create
from sdxsim.store.lab import look
from sdxsim.store.trouble import Trouble

SAVE, AGAIN = ["sdxsim", "snapshot", "save", "kept"], ["sdxsim", "snapshot", "save", "kept", "--force"]
DELETE = ["sdxsim", "snapshot", "delete", "kept"]


def kept(path):
    """The lab in the snapshot, None without one. Raises Damaged where half of one is there."""
    if "kept" not in [snapshot.name for snapshot in snapshots.listed(path)]:
        return None
    return snapshots.saved(path, "kept").lab


@pytest.mark.parametrize(
    ("line", "begun"), [(SAVE, None), (AGAIN, "parted"), (DELETE, "joined")], ids=["saved", "replaced", "deleted"]
)
def test_killed_at_any_call_a_snapshot_is_whole_or_not_there(scratch, line, begun):
    lab, number, wrong = lab_of("joined"), 1, []
    new = None if line is DELETE else lab
    while True:
        path = f"{scratch}/{number}"
        create(path, lab, {"argv": ["prepared"]})
        if begun:
            snapshots.save(path, "kept", look(path).document._replace(lab=lab_of(begun)))
        before, opened = kept(path), look(path)
        run = ran(line, path, before=killing(number))
        try:
            found = kept(path)
        except Trouble as trouble:
            wrong.append(f"killed at call {number}: {trouble}")
            break
        if found != before and found != new:
            wrong.append(f"killed at call {number}: neither the old snapshot nor the new one")
        if look(path).raw != opened.raw:
            wrong.append(f"killed at call {number}: the lab itself has changed")
        if ran(AGAIN, path).status != 0 or kept(path) != lab:
            wrong.append(f"killed at call {number}: the next one does not work")
        if run.status == 0:
            break
        number += 1
    judged(f"snapshots, {line[2]}d, killed", wrong, calls=number)
    assert number > 5
