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
from .store.trouble import Damaged, Newer, Trouble, Uncertain


class Turn(Record, fields="lab answer status changed doubt caution told", defaults=(False, "", "", ())):
    """What a turn came to: the lab after it, the decision's answer and exit status, what was kept.

    `changed`: the lab is not what it was. `doubt` is "", or says that the change exists but may not
    outlive a power failure. `caution` is "", or says what is wrong with where the lab is.
    `told`: sentences about edits of the live trees that were left out.
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
    """As `taken_alone`, with what people edited in the lab's live trees harvested before, and those in line after.

    Where it cannot be harvested (no room, say) nothing is changed; who only looks is answered, and told.
    """
    try:
        told = harvested(path)
    except Trouble as trouble:
        turned = _looked(path, decide)
        if turned is None:
            raise
        return turned._replace(told=(f"{trouble} (what was edited there is not in this answer)",))
    return _among_the_living(path, argv, told, taken_alone(path, argv, decide))


def _looked(path, decide):
    """The Turn in which `decide` changes nothing, else None. Raises Trouble."""
    opened = look(path)
    opened.close()
    decided, _, _ = _asked(opened, decide)
    return Turn(*decided) if decided[0] is opened.document.lab else None


def harvested(path):
    """What people edited is in the volumes of the lab at `path`, and in their images. Sentences; raises Trouble."""
    if not exists(f"{path}/live"):  # nearly always
        return ()
    from .live.tree import harvest

    if not exists(f"{path}/images"):
        return harvest(path)
    before = look(path)
    try:
        told = harvest(path)
        changed = before.document.lab.images and not before.is_current(path)
    finally:
        before.close()
    if changed:
        from .live.images import follow

        told += _tried(follow, path)
    return told


def _among_the_living(path, argv, told, turned):
    if turned.changed and exists(f"{path}/live"):
        from .live.tree import show

        told += _tried(show, path)
    if turned.changed and turned.lab.images:
        from .live.images import follow

        told += _tried(follow, path, argv)
    return turned._replace(told=told) if told else turned


def _tried(what, *arguments):
    try:
        return what(*arguments)
    except Trouble as trouble:
        return (str(trouble),)


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
            lab, doubt = _rebased(lab, now, at), ""
            try:
                commit(path, opened, lab, {"argv": argv, "at": now, "wall": at, "status": status})
            except Uncertain as uncertain:
                doubt = str(uncertain)
        from .store.ground import caution

        return Turn(lab, answer, status, True, doubt, caution(path))
    finally:
        opened.close()


def set_back(path, argv, choose):
    """As `set_back_alone`, with the lab's live trees in line afterwards; of a damaged lab nothing is harvested."""
    opened = exists(f"{path}/live") and _opened_if_whole(path)
    if opened:
        opened.close()
        told = harvested(path)
        return _among_the_living(path, argv, told, set_back_alone(path, argv, choose))
    return set_back_alone(path, argv, choose)


def set_back_alone(path, argv, choose):
    """The Turn that makes an earlier lab the present one, as operation `argv`; it works on a damaged lab too.

    `choose(document)` -> (lab, answer): the Document in place, None when that is damaged or gone. A
    clock that runs goes on from what it shows in the chosen lab. The answer becomes (answer, where
    what was damaged is kept, or None). Raises Trouble and what `choose` raises, with nothing changed.
    """
    from .store.commit import commit, locked, recover

    opened = _opened_if_whole(path)  # where there is no lab no lock file is made
    if opened:
        opened.close()
    _end_quietly_on_signals()
    with locked(path):
        opened = _opened_if_whole(path)
        try:
            lab, answer = choose(opened and opened.document)
            at, doubt, aside = wall(), "", None
            if lab.clock.mode == RUNNING:
                lab = lab._replace(clock=clock.at(lab.clock, lab.clock.virtual, at))
            now = clock.now(opened.document.lab.clock, at) if opened else lab.clock.virtual
            op = {"argv": argv, "at": now, "wall": at, "status": 0}
            try:
                if opened:
                    commit(path, opened, lab, op)
                else:
                    _, aside = recover(path, lab, op)
            except Uncertain as uncertain:
                doubt = str(uncertain)
            return Turn(lab, (answer, aside), 0, True, doubt)
        finally:
            if opened:
                opened.close()


def _opened_if_whole(path):
    try:
        return look(path)
    except Newer:
        raise  # not damaged, only not ours to read
    except Damaged:
        return None


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
