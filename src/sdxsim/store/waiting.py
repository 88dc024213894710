"""Waiting for the lock: the only importer of filelock."""

import os
import time

from .trouble import Trouble

try:
    from filelock import FileLock, Timeout
except ImportError:  # the launchers start Python with -S: no site-packages until asked for
    import site

    site.main()
    from filelock import FileLock, Timeout


def _holder(path):
    """Who holds the lock, as far as the kernel tells (/proc/locks: ... FLOCK ... PID MAJOR:MINOR:INODE ...)."""
    try:
        inode = str(os.stat(path).st_ino)
        with open("/proc/locks") as locks:
            for words in map(str.split, locks):
                if words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode:
                    return f"process {words[4]}"
    except (OSError, IndexError):
        pass  # not this kernel's way of telling
    return "another command"


def wait_for(path, patience, is_still, began):
    """Takes the lock within `patience` seconds of `began` and returns what releases it; raises Trouble."""
    deadline = began + patience
    while True:
        lock = FileLock(path, mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=max(0, deadline - time.monotonic()), poll_interval=0.01)
            if is_still(lock._context.lock_file_fd, path):
                return lock.release
            lock.release()
        except Timeout:
            raise Trouble(f"the lab is in use by {_holder(path)}: {path} was not free for {patience} s") from None
        except OSError as fault:
            raise Trouble(f"cannot lock {path}: {fault.strerror}") from fault
