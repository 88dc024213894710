"""One process: a turn at the lab, and then it speaks. The only print and the only exit here.

What was decided is on the disk before anything is printed.
"""

import gc
import os
import sys
import time

from .commands import ASKING, OF_SHELLS, ON_TERMINALS, OPENBOOT, STANDINS
from .execute import execute, returned, unwritten
from .model.outcome import INTERRUPTED, Hang, Next, Question, Shell, Wait
from .store.place import place, standing
from .store.trouble import Trouble
from .turn import Stopped, seen, taken
from .words import render
from .words.notes import Note
from .words.syntax import COMMANDS

_GLANCE = 0.1  # seconds between two looks at copies that are waited for
STATUS_MISUSED = 2  # an unknown command name (ours)
STATUS_UNCERTAIN = 3  # the change was made; that it is durable, or was reported, is not sure (ours)


def process(argv=None):
    """As main, for a process that does nothing else; does not return.

    A command ends before there is garbage worth looking for, and leaves nothing that Python's own way
    out would have to flush or put away: that is 2 ms of a command, and a tenth of one on a large lab.
    """
    argv = list(sys.argv if argv is None else argv)
    if argv and os.path.basename(argv[0]) == "sdxsim":
        sys.exit(main(argv))
    gc.disable()
    os._exit(main(argv))


def main(argv=None):
    """Runs the command named by argv[0] (default: this process's own argv). Returns its exit status."""
    argv = list(sys.argv if argv is None else argv)
    name = os.path.basename(argv[0]) if argv else ""
    try:
        _open_standard_streams()
        _let_owners_use_what_they_make()
        if name == "sdxsim":
            from .lab.door import main as lab_main  # the lab tool's imports are its own

            return lab_main(argv[1:], os.environ, lambda text: _speak(text, "", render.STATUS_OK))
        if name not in COMMANDS and name not in STANDINS and name not in OPENBOOT:
            return _speak("", f"sdxsim: '{name}' is no command of the simulator\n", STATUS_MISUSED)
        return _run([name, *argv[1:]])
    except KeyboardInterrupt:
        return 130
    except Stopped as stopped:
        return 128 + stopped.number


def _open_standard_streams():
    """File descriptors 0 to 2 exist, so that no file of the lab becomes one and gets printed into."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open("/dev/null", os.O_RDONLY)


def _let_owners_use_what_they_make():
    """Whatever the umask, who makes a file of the lab can use it: the lock, a directory, not even for a moment less."""
    masked = os.umask(0o077)
    if masked != 0o077:
        os.umask(masked & 0o077)


def _run(argv):
    """Runs the command; one that hangs on a locked file system, or asks, is run again, without the lock meanwhile."""
    told, highest = False, render.STATUS_OK
    shell = Shell(standing(os.environ), () if _asks(argv[0]) else None) if argv[0] in OF_SHELLS else None
    while True:
        status, waits = _once(argv, told, shell)
        if type(waits) is Hang:
            told = True
            time.sleep(_GLANCE)
        elif type(waits) is Question:
            shell = shell._replace(answers=(*shell.answers, (waits.text, _line())))
        elif type(waits) is Next:
            highest = max(highest, status)
            shell = shell._replace(answers=(), done=waits.done)
        else:
            return max(highest, status)


def _asks(name):
    return name in ASKING and (name not in ON_TERMINALS or os.isatty(0))


def _line():
    """What is typed, as far as the end of the line; what stands behind it belongs to whoever reads next."""
    typed = b""
    try:
        while (byte := os.read(0, 1)) not in (b"", b"\n"):
            typed += byte
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:
        return None
    return typed.decode("utf-8", "surrogateescape") if typed or byte else None


def _once(argv, told, shell):
    """(exit status, what it waits for) of the command, which has spoken; that it hangs is told the first time."""
    read = _reader()

    def decide(lab, now, _wall):
        outcome = execute(lab, argv, now, os.environ.get("SDXSIM_NODE"), read, shell)
        return outcome.lab, outcome, outcome.status

    at = os.environ.get("SDXSIM_AT")
    try:
        path = place(os.environ)
        if at:
            from . import past  # the present comes without

            turn = past.taken(path, past.number(at), decide)
        else:
            turn = taken(path, argv, decide)
    except Trouble as trouble:
        return _speak("", _complaint(argv[0], str(trouble)), render.STATUS_ERROR), None
    except Exception as bug:  # such as a string where a number belongs, with a checksum that is right
        if sys.flags.dev_mode:
            raise
        sentence = f"the lab at {path} is damaged, or this is a fault of sdxsim: {type(bug).__name__}: {bug}"
        return _speak("", _complaint(argv[0], " ".join(sentence.split())), render.STATUS_ERROR), None
    outcome = turn.answer
    if type(outcome.waits) is not Hang:
        return _told(argv, path, turn), outcome.waits
    if at:  # nothing happens in the past
        return _speak("", outcome.stderr, outcome.status), None
    if not told:
        _write(2, outcome.stderr)
    return outcome.status, outcome.waits


def _told(argv, path, turn):
    """Says what came of it, waits for copies where it does, and returns the exit status."""
    outcome = turn.answer
    for name, text, replace in outcome.written:
        from .store import outside

        if fault := outside.write(name, text, replace):
            outcome = unwritten(outcome, argv[0], name, *fault)
    for sentence in turn.told:
        outcome = outcome._replace(stderr=f"{outcome.stderr}sdxsim: {sentence}\n")
    if not turn.changed:
        return _speak(outcome.stdout, outcome.stderr, outcome.status)
    try:
        _write(1, outcome.stdout)
        _write(2, outcome.stderr + _warning(argv[0], turn.caution))
        _write(2, _complaint(argv[0], turn.doubt) if turn.doubt else "")
        if type(outcome.waits) is Wait:
            outcome = outcome._replace(status=_wait(path, outcome.waits))
    except OSError as fault:
        lost = f"the change was made, but not reported: {fault.strerror}"
        return _speak("", _complaint(argv[0], lost), STATUS_UNCERTAIN)
    except Trouble as trouble:  # while it waited
        return _speak("", _complaint(argv[0], str(trouble)), STATUS_UNCERTAIN)
    return STATUS_UNCERTAIN if turn.doubt else outcome.status


def _reader():
    """What reads the files that the user named; each once, for a decision may be made twice."""
    texts = {}

    def read(path):
        from .store import outside

        if path not in texts:
            texts[path] = outside.read(path)
        return texts[path]

    return read


def _wait(path, waits):
    """Sleeps, without the lock, until the copies have ended; then prints the rest. Returns the exit status."""
    while True:
        lab, now = seen(path)
        back = returned(lab, waits, now)
        if back:
            out, err, status = back
            _write(1, out)
            _write(2, err)
            return status
        time.sleep(_GLANCE)


def _complaint(command, sentence):
    line = render.line(command, Note("lab.trouble", {"trouble": sentence}))
    return line if command in COMMANDS else f"{command}: {line.partition(': ERROR: ')[2]}"


def _warning(command, sentence):
    if not sentence:
        return ""
    line = render.line(command, Note("lab.caution", {"caution": sentence}))
    return line if command in COMMANDS else f"{command}: {line.partition(': WARNING: ')[2]}"


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
