"""Waiting until nothing copies: a frozen clock is moved there at once, a running one is watched.

A copy that a halted node drives stands still and would be waited for in vain: that is said, not waited for.
"""

import time

from ..model.queries import ends
from ..model.status import FROZEN
from ..rules.copying import settle
from .clockwork import moved_to, shown_time, spoken
from .complaint import FAILURE, Complaint

GLANCE = 0.2  # seconds between two looks at a lab that somebody else may change


def last_end(lab):
    """When the last copy of a settled lab ends, None when nothing copies. Raises Complaint: one never does.

    A copy that sdxcopy -I has interrupted goes on when somebody says so, and is not waited for.
    """
    if any(c.paused for c in lab.copies):
        raise Complaint(_stands_still(lab), hint="type 'boot' first")
    return max((ends(c) for c in lab.copies if not c.interrupted), default=None)


def waited(lab, now, wall, timeout=None):
    """(lab, sentence, status) after waiting on a frozen clock, at most `timeout` ms of virtual time.

    The very same lab when nothing copies. Raises Complaint.
    """
    settled = settle(lab, now)
    end = last_end(settled)
    if end is None:
        return lab, "nothing copies\n", 0
    if timeout is not None and end > now + timeout:
        later = moved_to(lab, now + timeout, wall)
        return later, _ran_out(timeout, len(later.copies)), FAILURE
    moved = moved_to(lab, end, wall)
    if moved.copies:  # a fault on the way began others, or brought the node down
        return _after_a_fault(moved, now, wall, timeout)
    return moved, _over(end, end - now), 0


def _after_a_fault(lab, begun, wall, timeout):
    now = lab.clock.virtual
    if any(c.paused for c in lab.copies):
        return lab, _stands_still(lab) + "\n", FAILURE
    left = None if timeout is None else timeout - (now - begun)
    if left is not None and left <= 0:
        return lab, _ran_out(timeout, len(lab.copies)), FAILURE
    later, said, status = waited(lab, now, wall, left)
    return later, _over(later.clock.virtual, later.clock.virtual - begun) if status == 0 else said, status


def _stands_still(lab):
    paused = sum(c.paused for c in lab.copies)
    return f"{paused} of {len(lab.copies)} copies stand still because the node is halted, waiting would never end"


def _over(now, ms):
    return f"nothing copies any more at {shown_time(now)}, after {spoken(ms)}\n"


def _ran_out(timeout, left):
    copies = "1 copy goes on" if left == 1 else f"{left} copies go on"
    return f"{copies} after {spoken(timeout)}\n"


def watched(look, timeout=None, show=lambda done, now, end, copies: None):
    """(sentence, status) after waiting on a clock that runs; `look()` gives (lab, its time now).

    `show(done, now, end, copies)` is told each time: how much of the wait is over (0 to 1), when the
    last copy ends, how many there are. Returns None if the clock was frozen meanwhile. Raises Complaint.
    """
    begun = None
    while True:
        lab, now = look()
        begun = now if begun is None else begun
        copies = settle(lab, now).copies
        end = last_end(lab._replace(copies=copies))
        if end is None:
            return (_over(now, now - begun) if now > begun else "nothing copies\n"), 0
        if lab.clock.mode == FROZEN:
            return None
        left = end - now
        if timeout is not None:
            left = min(left, begun + timeout - now)
            if left <= 0:
                return _ran_out(timeout, len(copies)), FAILURE
        show((now - begun) / max(1, end - begun), now, end, len(copies))
        time.sleep(min(GLANCE, max(0.001, left / 1000 / lab.clock.speed)))
