"""A command as a process of its own that costs 10 ms: a fork of this one, with everything imported.

The host's clock stands still in it, so that what it commits is the same bytes each time.
"""

import contextlib
import gc
import io
import os
import pickle
import select
import signal
import sys
import time
import traceback
from collections import namedtuple

import sdxsim.commands.boot
import sdxsim.lab.cli
import sdxsim.rules.table
import sdxsim.store.commit
import sdxsim.store.history
import sdxsim.store.waiting
import sdxsim.words.grammar
from sdxsim import entry
from sdxsim.commands import STANDINS, at_ok, standin

from .cases import NOW
from .hook import Watch

BROKEN = 99  # exit status of a command that ended with a traceback

sdxsim.rules.table.all_rules()
for _name in STANDINS:
    standin(_name)
at_ok()
with contextlib.redirect_stdout(io.StringIO()):
    sdxsim.lab.cli.app(["clock", "--help"], standalone_mode=False)  # typer loads most of itself when it is first used
gc.collect()
gc.freeze()  # what is loaded by now is no garbage: a child that looks for some would copy all of it


class Ran(namedtuple("Ran", "status out err calls")):
    """What came of it. `status` is minus the signal's number when a signal ended it."""

    __slots__ = ()


def forked(function, patience=60):
    """`function()` -> exit status, in a child that never comes back; Ran, `calls` what it left in `forked.calls`."""
    out, err, log = (os.memfd_create(name) for name in ("out", "err", "log"))
    child = os.fork()
    if not child:
        _become(function, out, err, log)
    status = waited(child, patience)
    try:
        return Ran(status, _text(out), _text(err), pickle.loads(_bytes(log) or pickle.dumps([])))
    finally:
        for fd in (out, err, log):
            os.close(fd)


def waited(child, patience=60):
    """The exit status of `child`; one that hangs is killed, and that is an error of its own."""
    ends = os.pidfd_open(child)
    in_time, _, _ = select.select([ends], [], [], patience)
    os.close(ends)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert in_time, f"process {child} did not end in {patience} s"
    return status


def ran(argv, lab, before=None, prepare=None, environ=(), clock=lambda: NOW * 1_000_000):
    """The command `argv` on the lab at `lab`. `before(number, call)` is asked before each of its file calls."""

    def command():
        os.environ.clear()
        os.environ.update({"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC", "SDXSIM_STATE": str(lab), **dict(environ)})
        if clock:
            time.time_ns = clock
        if prepare:
            prepare()
        if before:
            watch = Watch(os.path.dirname(os.path.abspath(lab)), before)
            command.calls = watch.calls
            watch.install()
        return entry.main(list(argv))

    return forked(command)


# as they are before a Watch wraps them
_write, _exit, _dumps = os.write, os._exit, pickle.dumps


def _become(function, out, err, log):
    status = BROKEN
    sys.settrace(None)  # whoever measures what is run gets nothing from a process that ends like this
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)
        sys.stderr = sys.__stderr__ = open(2, "w", closefd=False)
        status = function()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        _write(err, traceback.format_exc().encode())
    finally:
        _write_all(log, _dumps(list(getattr(function, "calls", ()))))
        _exit(status)


def _write_all(fd, data):
    while data:
        data = data[_write(fd, data) :]


def _bytes(fd):
    os.lseek(fd, 0, os.SEEK_SET)
    parts = []
    while part := os.read(fd, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _text(fd):
    return _bytes(fd).decode("utf-8", "replace")
