"""What was done to a lab, operation by operation: `sdxsim log`, and what of it can be had back: `sdxsim history`.

The JSON of log, oldest first, which scripts may rely on (more keys may come, none goes or changes its
meaning):

    number      the operation's; SDXSIM_AT takes it
    at, wall    when it was made, in virtual time and by the host's clock: ISO 8601
    argv        the command line, a list; `sdxsim init ...` for the one that made the lab
    status      its exit status; a waiting command's when it began to wait

All but the number are null where the document of an operation is damaged. The JSON of history has
number, argv, bytes, file (which may hold others too), and intact: true or false.
"""

import json
import shlex
from itertools import islice

from ..store.history import Generation, backwards
from ..store.lab import STATE, look
from ..store.trouble import Damaged
from .clockwork import iso, shown_time
from .complaint import shown
from .overview import table


def operations(path, count=None, upto=None):
    """The newest `count` Generations of the lab at `path`, oldest first, the present one too. Raises Trouble.

    `upto`: none above that number.
    """
    opened = look(path)
    opened.close()
    seq, op, _ = opened.document
    newest = [Generation(seq, op, len(opened.raw), f"{path}/{STATE}", True)] if upto is None or upto >= seq else []
    below = seq if newest else upto + 1
    older = backwards(path, below)
    return list(islice(older, None if count is None else max(0, min(count, seq) - len(newest))))[::-1] + newest


def restorable(path):
    """The Generations of the lab at `path` but the present one, oldest first; of a damaged lab too. Raises Trouble."""
    try:
        opened = look(path)
    except Damaged:
        return list(backwards(path))[::-1]
    opened.close()
    return [kept for kept in backwards(path) if kept.number != opened.document.seq][::-1]


def told(op):
    """The command line of an operation, for people."""
    argv = (op or {}).get("argv")
    return shown(shlex.join(argv)) if isinstance(argv, list) and all(isinstance(a, str) for a in argv) else "?"


def _when(op, key, show):
    ms = (op or {}).get(key)
    return show(ms) if isinstance(ms, int) else None


def as_json(found):
    """Operations as JSON, newline included."""
    rows = [
        {
            "number": g.number,
            "at": _when(g.op, "at", iso),
            "wall": _when(g.op, "wall", iso),
            "argv": (g.op or {}).get("argv"),
            "status": (g.op or {}).get("status"),
        }
        for g in found
    ]
    return json.dumps(rows, indent=2) + "\n"


def as_text(found):
    """Operations as a table."""
    rows = [
        (
            str(g.number),
            _when(g.op, "at", shown_time) or "?",
            _when(g.op, "wall", shown_time) or "?",
            str((g.op or {}).get("status", "?")),
            told(g.op) if g.intact else "? (its document is damaged)",
        )
        for g in found
    ]
    return table(("NUMBER", "VIRTUAL TIME", "HOST'S TIME", "STATUS", "COMMAND"), rows)


def history_as_json(found):
    """What can be had back, as JSON, newline included."""
    rows = [
        {"number": g.number, "argv": (g.op or {}).get("argv"), "bytes": g.size, "file": g.file, "intact": g.intact}
        for g in found
    ]
    return json.dumps(rows, indent=2) + "\n"


def history_as_text(found):
    """What can be had back, as a table."""
    rows = [
        (
            str(g.number),
            _when(g.op, "at", shown_time) or "?",
            str(g.size) if g.intact else "-",
            "damaged" if not g.intact else "packed" if g.file.endswith(".pack") else "whole",
            told(g.op),
        )
        for g in found
    ]
    return table(("NUMBER", "VIRTUAL TIME", "BYTES", "KEPT", "MADE BY"), rows)
