"""A lab on disk, for the verbs of the lab tool: looked at without a lock, changed under it."""

from ..entry import wall
from ..model import clock
from ..model.status import RUNNING
from ..store.lab import commit, locked, look
from ..store.trouble import Uncertain
from .complaint import Complaint


def seen(path):
    """(lab, its virtual time now) of the lab at `path`. Raises Trouble."""
    opened = look(path)
    opened.close()
    lab = opened.document.lab
    return lab, clock.now(lab.clock, wall())


def changed(path, argv, change):
    """Commits what `change(lab, now, wall)` makes of the lab at `path`, as operation `argv`.

    `change` returns (lab, answer, status); the very same lab means that nothing is to be kept. It is
    run again if another command was quicker. Returns (lab, answer, status). Raises Trouble, Complaint.
    """
    opened = look(path)
    try:
        lab, answer, status, now, at = _tried(opened, change)
        if lab is opened.document.lab:
            return lab, answer, status
        with locked(path):
            if not opened.is_current(path):
                opened.close()
                opened = look(path)
                lab, answer, status, now, at = _tried(opened, change)
                if lab is opened.document.lab:
                    return lab, answer, status
            lab = rebased(lab, now, at)
            commit(path, opened, lab, {"argv": argv, "at": now, "wall": at, "status": status})
    except Uncertain as doubt:
        raise Complaint(str(doubt), status=3) from None
    finally:
        opened.close()
    return lab, answer, status


def _tried(opened, change):
    lab, at = opened.document.lab, wall()
    now = clock.now(lab.clock, at)
    return (*change(lab, now, at), now, at)


def rebased(lab, now, at):
    """A running clock starts anew from each commit, so that the host's clock stepping back costs little."""
    if lab.clock.mode != RUNNING or lab.clock.wall == at:
        return lab
    return lab._replace(clock=clock.at(lab.clock, now, at))
