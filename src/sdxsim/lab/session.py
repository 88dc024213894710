"""A lab on disk, for the verbs of the lab tool: a turn at it, with what is in doubt made a complaint."""

import sys

from ..turn import seen, taken
from .complaint import UNCERTAIN, Complaint, shown

__all__ = ["changed", "seen"]


def changed(path, argv, change):
    """(answer, status) of `change(lab, now, wall)` -> (lab, answer, status), kept as operation `argv`.

    The very same lab means that nothing is to be kept. Raises Trouble and Complaint.
    """
    turn = taken(path, argv, change)
    for sentence in turn.told:
        sys.stderr.write(f"sdxsim: {shown(sentence)}\n")
    if turn.doubt:
        raise Complaint(turn.doubt, status=UNCERTAIN)
    return turn.answer, turn.status
