"""Named states of a lab, which stay when history is pruned: `sdxsim snapshot`.

The JSON of list has name, number (of the operation the lab was at), at and wall (when it was saved, in
virtual time and by the host's clock) and bytes; all but the name null where the snapshot is damaged.
"""

import json

from ..model import clock
from ..model.names import NAME_LENGTH, well_spelled
from ..model.status import RUNNING
from ..store import snapshots
from ..store.commit import locked
from ..store.document import Document
from ..store.lab import look
from ..turn import wall
from . import session
from .back import with_aside
from .clockwork import iso, shown_time
from .complaint import Misuse, shown
from .overview import table


def spelled(name):
    """`name` if it may be a snapshot's. Raises Misuse."""
    if not well_spelled(name) or len(name) > NAME_LENGTH:
        raise Misuse(f"'{name}' is no name for a snapshot",
                     hint=f"at most {NAME_LENGTH} letters, digits, '-' and '_', a letter or digit first")  # fmt: skip
    return name


def saved(path, argv, name, force):
    """Saves the lab at `path` as snapshot `name`; the line to say. Raises Trouble, Complaint, Uncertain."""
    spelled(name)
    session.at_present()
    look(path).close()  # where there is no lab no lock file is made
    with locked(path):
        opened = look(path)
        opened.close()
        seq, _, lab = opened.document
        at = wall()
        now = clock.now(lab.clock, at)
        if lab.clock.mode == RUNNING:
            lab = lab._replace(clock=clock.at(lab.clock, now, at))
        op = {"argv": argv, "at": now, "wall": at, "status": 0}
        snapshots.save(path, name, Document(seq, op, lab), force)
    return f"snapshot '{name}' of the lab after operation {seq}\n"


def restored(path, argv, name):
    """Makes the lab at `path` what snapshot `name` holds; the lines to say. Raises Trouble, Complaint."""
    spelled(name)

    def choose(_):
        return snapshots.saved(path, name).lab, f"the lab is as snapshot '{name}' has it\n"

    return with_aside(session.set_back(path, argv, choose))


def deleted(path, name):
    """Deletes snapshot `name` of the lab at `path`; the line to say. Raises Trouble, Complaint, Uncertain."""
    spelled(name)
    session.at_present()
    look(path).close()  # where there is no lab no lock file is made
    with locked(path):
        snapshots.delete(path, name)
    return f"snapshot '{name}' is deleted\n"


def as_json(found):
    """Snapshots as JSON, newline included."""
    rows = [
        {
            "name": s.name,
            "number": s.seq,
            "at": iso(s.op["at"]) if s.op else None,
            "wall": iso(s.op["wall"]) if s.op else None,
            "bytes": s.size if s.op else None,
        }
        for s in found
    ]
    return json.dumps(rows, indent=2) + "\n"


def as_text(found):
    """Snapshots as a table."""
    rows = [
        (shown(s.name), str(s.seq), shown_time(s.op["at"]), shown_time(s.op["wall"]), str(s.size))
        if s.op
        else (shown(s.name), "-", "damaged", "", "-")
        for s in found
    ]
    return table(("NAME", "OPERATION", "VIRTUAL TIME", "HOST'S TIME", "BYTES"), rows)
