"""One process: look -> execute -> commit -> speak -> status. The only print and the only exit here.

A command is first executed on the lab as it stands, without a lock; if it changes nothing (a view, a
refusal, a no-op) that is all. Otherwise the lock is taken, and if another command was quicker the
lab is read and the command executed again; then it is committed, and only then does it speak.
"""

import os
import sys
import time

from .commands import STANDINS
from .execute import execute
from .model import clock
from .model.queries import copies_onto, duration, ends
from .model.status import FROZEN, RUNNING
from .rules.copying import settle
from .store.lab import commit, locked, look
from .store.place import place
from .store.trouble import Trouble, Uncertain
from .words import render
from .words.notes import Note
from .words.syntax import COMMANDS

STATUS_MISUSED = 2  # an unknown command name (ours)
STATUS_UNCERTAIN = 3  # the change was made; that it is durable, or was reported, is not sure (ours)


def main(argv=None):
    """Runs the command named by argv[0] (default: this process's own argv). Returns its exit status."""
    argv = list(sys.argv if argv is None else argv)
    name = os.path.basename(argv[0]) if argv else ""
    _open_standard_streams()
    if name == "sdxsim":
        from .lab.cli import main as lab_main  # typer, 100 ms: the lab tool's alone

        return lab_main(argv[1:])
    if name not in COMMANDS and name not in STANDINS:
        return _speak("", f"sdxsim: '{name}' is no command of the simulator\n", STATUS_MISUSED)
    try:
        return _run([name, *argv[1:]], place(os.environ))
    except KeyboardInterrupt:
        return 130
    except Stopped as stopped:
        return 128 + stopped.number


class Stopped(BaseException):
    """A signal asked the process to end."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def _open_standard_streams():
    """File descriptors 0 to 2 exist, so that no file of the lab becomes one and gets printed into."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open("/dev/null", os.O_RDONLY)


def wall():
    """The host's clock in ms."""
    return time.time_ns() // 1_000_000


def _run(argv, path):
    opened = None
    try:
        opened = look(path)
        outcome, now = _executed(opened, argv)
        if outcome.lab is opened.document.lab:
            return _speak(outcome.stdout, outcome.stderr, outcome.status)
        outcome, problem, opened = _committed(path, opened, argv, outcome, now)
    except Trouble as trouble:
        return _speak("", _complaint(argv[0], str(trouble)), render.STATUS_ERROR)
    finally:
        if opened is not None:
            opened.close()
    status = outcome.status
    if problem:
        status = STATUS_UNCERTAIN
    try:
        _write(1, outcome.stdout)
        _write(2, outcome.stderr + (_complaint(argv[0], problem) if problem else ""))
        if outcome.waits:
            _wait(path, outcome.waits)
    except OSError as fault:
        lost = f"the change was made, but not reported: {fault.strerror}"
        return _speak("", _complaint(argv[0], lost), STATUS_UNCERTAIN)
    return status


def _executed(opened, argv):
    lab = opened.document.lab
    now = clock.now(lab.clock, wall())
    return execute(lab, argv, now), now


def _committed(path, opened, argv, outcome, now):
    """(outcome, problem or "", the Opened in use) after the change is on the disk."""
    _end_quietly_on_signals()
    with locked(path):
        if not opened.is_current(path):
            opened.close()
            opened = look(path)
            outcome, now = _executed(opened, argv)
            if outcome.lab is opened.document.lab:
                return outcome, "", opened
        op = {"argv": argv, "at": now, "wall": wall(), "status": outcome.status}
        try:
            commit(path, opened, _rebased(outcome.lab, now), op)
        except Uncertain as doubt:
            return outcome, str(doubt), opened
    return outcome, "", opened


def _rebased(lab, now):
    """A running clock starts anew from each commit, so that the host's clock stepping back costs little."""
    if lab.clock.mode != RUNNING:
        return lab
    return lab._replace(clock=clock.at(lab.clock, now, wall()))


def _end_quietly_on_signals():
    import signal  # only writers need it

    def end(number, _frame):
        raise Stopped(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _wait(path, waits):
    """Sleeps, without the lock, until nothing copies onto the volumes any more; then prints the rest."""
    while True:
        opened = look(path)
        opened.close()
        lab = opened.document.lab
        now = clock.now(lab.clock, wall())
        lab = settle(lab, now)
        left = [c for name in waits.volumes for c in copies_onto(lab, waits.klass, name)]
        if not left:
            break
        latest = max((duration(c) if c.paused else ends(c) - now) for c in left)
        seconds = latest / 1000 / max(1, lab.clock.speed) if lab.clock.mode != FROZEN else 0.2
        time.sleep(min(max(seconds, 0.02), 1.0))
    _write(1, waits.notes)


def _complaint(command, sentence):
    line = render.line(command, Note("lab.trouble", {"trouble": sentence}))
    return line if command in COMMANDS else f"{command}: {line.partition(': ERROR: ')[2]}"


def _speak(out, err, status):
    try:
        _write(1, out)
    except OSError as fault:
        if not isinstance(fault, BrokenPipeError):
            err += f"sdxsim: cannot write: {fault.strerror}\n"
        status = status or render.STATUS_ERROR
    try:
        _write(2, err)
    except OSError:
        status = status or render.STATUS_ERROR
    return status


def _write(fd, text):
    data = memoryview(text.encode("utf-8", "surrogateescape"))
    while data:
        data = data[os.write(fd, data) :]
