"""Where a runbook's commands act: on a lab in memory that nobody else sees, or on a lab on disk.

Both have: `look()` -> (lab, virtual time now), `execute(argv, node)` -> Outcome, `move_to(then)`, and
`ahead()`, a stage in memory on which to try what would come. The files that commands name are the
stage's own, {path: text}: those of the host are neither read nor written.
"""

import os
import time
from errno import ENOENT

from ...execute import execute, returned, unwritten
from ...model import clock
from ...model.outcome import Hang, Outcome
from ...model.status import FROZEN
from ...turn import wall
from .. import session
from ..clockwork import moved_to, spoken
from .inside import HOME, answer

_GLANCE = 0.02  # seconds between two looks while a command waits for copies on a running clock


class InMemory:
    """A lab that is never written anywhere."""

    def __init__(self, lab, mode=FROZEN):
        at = wall()
        self.lab = lab._replace(clock=lab.clock._replace(mode=mode, wall=at))
        self.files = {}

    def look(self):
        """(lab, its virtual time now)."""
        return self.lab, clock.now(self.lab.clock, wall())

    def execute(self, argv, node=None):
        """Runs one command line on a node; its Outcome once it has returned, waiting included."""
        at = wall()
        outcome = _acted(self, self.lab, argv, node, clock.now(self.lab.clock, at), at)
        self.lab = outcome.lab
        return _returned(self, _filed(self, argv, outcome))

    def move_to(self, then):
        """Moves a frozen clock to a later virtual time."""
        self.lab = moved_to(self.lab, then, wall())

    def ahead(self):
        """A stage of its own with this lab."""
        return _beside(self, self.lab)


class OnDisk:
    """The lab at `path`; every command that changes it commits it. Raises Trouble, Complaint."""

    def __init__(self, path):
        self.path = path
        self.files = {}

    def look(self):
        """(lab, its virtual time now)."""
        return session.seen(self.path)

    def execute(self, argv, node=None):
        """Runs one command line on a node; its Outcome once it has returned, waiting included."""

        def change(lab, now, at):
            outcome = _acted(self, lab, argv, node, now, at)
            return outcome.lab, outcome, outcome.status

        outcome, _ = session.changed(self.path, argv, change)
        return _returned(self, _filed(self, argv, outcome))

    def move_to(self, then):
        """Moves a frozen clock to a later virtual time."""
        _, now = self.look()
        argv = ["sdxsim", "clock", "advance", spoken(then - now)]
        session.changed(self.path, argv, lambda lab, now, at: (moved_to(lab, max(then, now), at), None, 0))

    def ahead(self):
        """A stage in memory with this lab."""
        lab, _ = self.look()
        return _beside(self, lab)


def _beside(stage, lab):
    other = InMemory(lab, lab.clock.mode)
    other.files = dict(stage.files)
    return other


def _acted(stage, lab, argv, node, now, at):
    if argv == HOME:
        return Outcome(lab)
    if argv[0] == "sdxsim":
        return answer(lab, argv[1:], now, at, stage.look, node)

    def read(path):
        if path not in stage.files:
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
        return stage.files[path]

    return execute(lab, argv, now, node, read)


def _filed(stage, argv, outcome):
    """The outcome when the files it leaves have been written, after what it changed was kept."""
    for path, text, replace in outcome.written:
        if path in stage.files and not replace:
            return unwritten(outcome, argv[0], path, None)
        stage.files[path] = text
    return outcome


def _returned(stage, outcome):
    """The outcome when the copies it waits for have ended, which on a running clock takes its time.

    A command that hangs on a locked file system would hang for ever: nobody else unlocks it.
    """
    if not outcome.waits or type(outcome.waits) is Hang:
        return outcome._replace(waits=None)
    while True:
        lab, now = stage.look()
        back = returned(lab, outcome.waits, now)
        if back:
            out, err, status = back
            said = outcome._replace(stdout=outcome.stdout + out, stderr=outcome.stderr + err)
            return said._replace(status=status, waits=None)
        time.sleep(_GLANCE)
