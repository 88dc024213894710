"""A lab as it was: what a command sees when SDXSIM_AT=N is set.

It is the lab after operation N, at the virtual time at which that was made. Nothing there can be
changed; what changes nothing (a view, a refusal, a no-op) answers as it would have then.
"""

from .store.history import document
from .store.lab import look
from .store.trouble import Trouble
from .turn import Turn

VARIABLE = "SDXSIM_AT"


def number(text):
    """The operation that $SDXSIM_AT names. Raises Trouble."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 12 or int(text) == 0:
        raise Trouble(f"{VARIABLE} is '{text}', which is not the number of an operation")
    return int(text)


def seen(path, wanted):
    """(lab, virtual time) of the lab at `path` after operation `wanted`. Raises Trouble."""
    found = document(path, wanted)
    if found is None:
        opened = look(path)
        opened.close()
        # it may have been replaced between the two looks
        found = opened.document if opened.document.seq == wanted else document(path, wanted)
    if found is None:
        raise Trouble(f"there is no operation {wanted} in the lab's history")
    # a clock that runs is set anew by each commit
    return found.lab, found.lab.clock.virtual


def taken(path, wanted, decide):
    """The Turn of `decide(lab, now, wall)` on the lab after operation `wanted`. Raises Trouble if it changes it."""
    lab, now = seen(path, wanted)
    decided = decide(lab, now, lab.clock.wall)
    if decided[0] is not lab:
        raise unchangeable(wanted)
    return Turn(*decided)


def unchangeable(wanted):
    """The Trouble of whoever would change the past."""
    return Trouble(f"the lab is seen as it was after operation {wanted}, which cannot be changed; unset {VARIABLE}")
