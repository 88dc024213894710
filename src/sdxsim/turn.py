"""One turn at a lab on disk: look, decide, and keep what was decided.

Processes and the lab tool go through here, so that there is one way to change a lab. The decision is
first made on the lab as it stands, without a lock: one that changes nothing (a view, a refusal, a
no-op) is all there is to do. Otherwise the lock is taken; if another command was quicker, the lab is
read and the decision made again.
"""

import time
from os.path import exists

from .model import clock
from .model.record import Record
from .model.status import RUNNING
from .store.lab import look
from .store.trouble import Trouble, Uncertain


class Turn(Record, fields="lab answer status changed doubt told", defaults=(False, "", ())):
    """What a turn came to: the lab after it, the decision's answer and exit status, what was kept.

    `changed`: the lab is not what it was. `doubt` is "", or says that the change exists but may not
    outlive a power failure. `told`: sentences about edits of the live trees that were left out.
    """

    __slots__ = ()


class Stopped(BaseException):
    """A signal (its `number`) asked the process to end."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def wall():
    """The host's clock in ms."""
    return time.time_ns() // 1_000_000


def seen(path):
    """(lab, its virtual time now) of the lab at `path`. Raises Trouble."""
    opened = look(path)
    opened.close()
    lab = opened.document.lab
    return lab, clock.now(lab.clock, wall())


def taken(path, argv, decide):
    """As `taken_alone`, with what people edited in the lab's live trees harvested before, and those in line after."""
    if not exists(f"{path}/live"):
        return taken_alone(path, argv, decide)
    from .live.tree import harvest, show  # seldom

    told = harvest(path)
    turn = taken_alone(path, argv, decide)
    if turn.changed:
        try:
            told += show(path)
        except Trouble as trouble:
            told += (str(trouble),)
    return turn._replace(told=told)


def taken_alone(path, argv, decide):
    """The Turn in which `decide(lab, now, wall)` -> (lab, answer, status) is asked and kept.

    It is kept as operation `argv`; the very same lab means that nothing is to be kept. Raises Trouble,
    and what `decide` raises, with nothing changed.
    """
    opened = look(path)
    try:
        decided, now, at = _asked(opened, decide)
        if decided[0] is opened.document.lab:
            return Turn(*decided)
        from .store.commit import commit, locked  # readers, the most frequent, come without

        _end_quietly_on_signals()
        with locked(path):
            if not opened.is_current(path):
                opened.close()
                opened = look(path)
                decided, now, at = _asked(opened, decide)
                if decided[0] is opened.document.lab:
                    return Turn(*decided)
            lab, answer, status = decided
            lab = _rebased(lab, now, at)
            try:
                commit(path, opened, lab, {"argv": argv, "at": now, "wall": at, "status": status})
            except Uncertain as doubt:
                return Turn(lab, answer, status, True, str(doubt))
            return Turn(lab, answer, status, True)
    finally:
        opened.close()


def _asked(opened, decide):
    lab, at = opened.document.lab, wall()
    now = clock.now(lab.clock, at)
    return decide(lab, now, at), now, at


def _rebased(lab, now, at):
    """A running clock starts anew from each commit, so that the host's clock stepping back costs little."""
    if lab.clock.mode != RUNNING or lab.clock.wall == at:
        return lab
    return lab._replace(clock=clock.at(lab.clock, now, at))


def _end_quietly_on_signals():
    # not `signal`: it gives the numbers names, for which it loads enum, 2 ms
    from _signal import SIGHUP, SIGTERM, signal

    def end(number, _frame):
        raise Stopped(number)

    for number in (SIGTERM, SIGHUP):
        signal(number, end)
