"""The writers' lock: flock on the file `lock`, which is never deleted.

Uncontended, which is nearly always, it is taken here with one call; a writer that finds it taken asks again
for a moment, in which others usually have done. Only who has to wait for longer loads filelock (store.waiting),
whose import costs many times a command's own run: were it paid by everybody who waits at all, sixteen writers
would mostly wait for that. The longer one has waited, the more often one asks, or the unlucky would wait longest.
The kernel frees the lock when its holder dies, however it dies.
"""

import fcntl
import os
import stat
import time

from .trouble import Trouble

PATIENCE = 30  # seconds
SOON, PAUSE = 3, 0.02  # seconds for which it is asked for again, and between the first two times
RANK = 0.05  # seconds of waiting by which one asks as often again: who came first is likely to be next

_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def _is_still(fd, path):
    """True when `path` names the file that is open as `fd` (it was not replaced meanwhile)."""
    try:
        there = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    here = os.fstat(fd)
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


class Lock:
    """`with Lock(path):` holds the lock, or raises Trouble when it is not to be had in PATIENCE seconds."""

    def __init__(self, path, patience=PATIENCE):
        self.path, self.patience = path, patience
        self._release = None

    def __enter__(self):
        began = time.monotonic()
        try:
            self._release = self._taken_at_once() or self._taken_soon(began, min(SOON, self.patience))
        except OSError as fault:
            raise Trouble(f"cannot lock {self.path}: {fault.strerror}") from fault
        if not self._release:
            from .waiting import wait_for  # 100 ms, paid only by those who wait anyway

            self._release = wait_for(self.path, self.patience, _is_still, began)
        return self

    def _taken_soon(self, began, patience):
        """As `_taken_at_once`, asked again and again, the more often the longer it has been waited for."""
        while (waited := time.monotonic() - began) < patience:
            time.sleep(PAUSE / (1 + waited / RANK))
            if release := self._taken_at_once():
                return release
        return None

    def _taken_at_once(self):
        """What releases the lock, None when somebody else has it. Raises OSError and Trouble."""
        fd = os.open(self.path, _OPEN, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise Trouble(f"{self.path} is not a regular file")
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(fd, self.path):
                return lambda: os.close(fd)
        except BlockingIOError:
            pass
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        return None

    def __exit__(self, *_):
        try:
            self._release()
        except OSError:
            pass  # it is free all the same, and what was done under it is done
