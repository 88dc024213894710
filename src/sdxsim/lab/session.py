"""A lab on disk, for the verbs of the lab tool: a turn at it, with what is in doubt made a complaint.

With SDXSIM_AT=N set it is the lab after operation N, which is only looked at.
"""

import os
import sys

from .. import past, turn
from .complaint import UNCERTAIN, Complaint, shown


def at():
    """The operation that $SDXSIM_AT names, None for the present. Raises Trouble."""
    named = os.environ.get(past.VARIABLE)
    return past.number(named) if named else None


def seen(path):
    """(lab, its virtual time now). Raises Trouble."""
    wanted = at()
    return past.seen(path, wanted) if wanted else turn.seen(path)


def changed(path, argv, change):
    """(answer, status) of `change(lab, now, wall)` -> (lab, answer, status), kept as operation `argv`.

    The very same lab means that nothing is to be kept. Raises Trouble and Complaint.
    """
    wanted = at()
    return _sure(past.taken(path, wanted, change) if wanted else turn.taken(path, argv, change))


def set_back(path, argv, choose):
    """The answer of `choose(document)`, see turn.set_back; what is damaged and kept aside is in it. Raises likewise."""
    at_present()
    return _sure(turn.set_back(path, argv, choose))[0]


def at_present():
    """Raises Trouble when $SDXSIM_AT is set: the verb changes the lab, or waits for it to change."""
    wanted = at()
    if wanted:
        raise past.unchangeable(wanted)


def _sure(turned):
    for sentence in turned.told:
        sys.stderr.write(f"sdxsim: {shown(sentence)}\n")
    if turned.doubt:
        raise Complaint(turned.doubt, status=UNCERTAIN)
    return turned.answer, turned.status
