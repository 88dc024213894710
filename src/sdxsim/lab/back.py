"""Going back: undo, and a document of history. Each is one more operation, which can be undone.

A frozen clock comes back with the lab it belongs to. One that runs goes on from where it stood: for
undo the moment at which the first operation undone was made, so that only the operations are undone,
not the time that went by before them; else the moment at which the state was made.
"""

from itertools import islice

from ..model.status import RUNNING
from ..store.history import backwards, document
from ..store.lab import look
from . import session
from .complaint import Complaint
from .log import told


def undone(path, argv, count):
    """Undoes the last `count` operations of the lab at `path`; a line for each. Raises Trouble, Complaint."""

    def choose(present):
        if present is None:
            look(path)  # which says what is wrong with it, and what helps
        earlier = list(islice(backwards(path, present.seq), min(count, present.seq)))
        if len(earlier) < count:
            raise Complaint(_too_many(len(earlier), present), hint="'sdxsim log' lists the operations")
        ops = [(present.seq, present.op), *((g.number, g.op) for g in earlier[:-1])]
        lab = _document(path, earlier[-1].number).lab
        return _showing(lab, (ops[-1][1] or {}).get("at")), [f"undone: {n}  {told(op)}\n" for n, op in ops]

    lines, _ = session.set_back(path, argv, choose)
    return "".join(lines)


def _too_many(there_are, present):
    if not there_are:
        return f"there is nothing to undo, operation {present.seq} made the lab or is the oldest one known"
    return f"there {'is 1 operation' if there_are == 1 else f'are {there_are} operations'} to undo, not more"


def _showing(lab, virtual):
    if lab.clock.mode != RUNNING or not isinstance(virtual, int):
        return lab
    return lab._replace(clock=lab.clock._replace(virtual=max(virtual, lab.clock.virtual)))


def _document(path, number):
    found = document(path, number)
    if found is None:
        raise Complaint(f"there is no operation {number} in the lab's history", hint="'sdxsim history' lists them")
    return found


def restored(path, argv, number):
    """Makes the lab at `path` what it was after operation `number`; the lines to say. Raises Trouble, Complaint."""

    def choose(present):
        if present and present.seq == number:
            raise Complaint(f"the lab is as it was after operation {number}")
        return _document(path, number).lab, f"the lab is as it was after operation {number}\n"

    return with_aside(session.set_back(path, argv, choose))


def with_aside(answer):
    """What to say of `answer`: (line, where a damaged document is kept, or None)."""
    line, aside = answer
    return line + (f"the damaged document is kept as {aside}\n" if aside else "")
