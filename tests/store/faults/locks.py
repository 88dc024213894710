"""Holders of a lab's lock that are killed, stopped or orphaned; and whether ever two hold it at once."""

import contextlib
import os
import signal
import time

from sdxsim.store.commit import locked
from sdxsim.store.lock import Lock
from sdxsim.store.trouble import Trouble

from .process import waited


@contextlib.contextmanager
def holder(path, more=lambda: None):
    """A process that holds the lock of the lab at `path` until it is killed; `more()` is done in it."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(out)
            with locked(path):
                more()
                os.write(into, b"!")
                time.sleep(600)
        finally:
            os._exit(1)
    os.close(into)
    assert os.read(out, 1) == b"!"
    os.close(out)
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def is_free(path, patience=0.05):
    """True when the lock is to be had within `patience` seconds."""
    try:
        with Lock(f"{path}/lock", patience):
            return True
    except Trouble:
        return False


def refusal(path, patience=0.2):
    """(what a writer is told that waits in vain, how many seconds it waited)."""
    began = time.monotonic()
    try:
        with Lock(f"{path}/lock", patience):
            return None, time.monotonic() - began
    except Trouble as trouble:
        return str(trouble), time.monotonic() - began


def crowd(path, size, patience=120, moment=0.002):
    """`size` processes that take the lock in turn: how often two had it at once, or one did not get it.

    Each reads a number from a file and, a `moment` (seconds) later, writes the next one: two at once would write the
    same. The last of them writes `size`.
    """
    counter = f"{path}.counter"
    with open(counter, "w") as file:
        file.write("0")

    def turn():
        with Lock(f"{path}/lock", patience):
            with open(counter) as file:
                number = int(file.read())
            time.sleep(moment)
            with open(counter, "w") as file:
                file.write(str(number + 1))
        return 0

    children = []
    gate, opens = os.pipe()
    with holder(path):  # not this process, whose forks would hold it on
        for _ in range(size):
            child = os.fork()
            if not child:
                status = 1
                try:
                    os.close(opens)
                    os.read(gate, 1)  # until all of them stand there
                    status = turn()
                finally:
                    os._exit(status)
            children.append(child)
        os.close(gate)
        os.close(opens)
        time.sleep(0.2)
    failed = sum(waited(child, patience) != 0 for child in children)
    with open(counter) as file:
        return size - int(file.read()), failed


def inode_after_use(path):
    """(inode of the lock file before, after) a writer came and went; None for no file."""
    before = _inode(f"{path}/lock")
    with locked(path):
        pass
    return before, _inode(f"{path}/lock")


def _inode(name):
    return os.stat(name).st_ino if os.path.exists(name) else None
