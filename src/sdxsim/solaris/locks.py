"""File system locks (lockfs(1M)), and what hangs on them.

Guide 6.4.6 4-1: with / write-locked the system may hang, with /var the commands of GDS do. That what
writes to a write-locked file system hangs is what such a lock is for; the other locks are only shown (ours).
"""

from . import files

WRITE, NAME, DELETE, HARD = "write", "name", "delete", "hard"
NONE = "unlock"  # as lockfs lists it
FREE = ("lockfs",)  # what goes on all the same (ours: somebody must be able to unlock)


def hung_on(node, command, words, of_gds, directory="/"):
    """The mount point of the write-locked file system that the command hangs on, or None."""
    if command in FREE:
        return None
    locked = [m.point for m in node.mounts if m.lock == WRITE]
    if not locked:
        return None
    if "/" in locked:
        return "/"
    if of_gds and "/var" in locked:
        return "/var"
    if command == "chgrp":
        paths = (files.normal(files.absolute(word, directory)) for word in words if not word.startswith("-"))
        places = (files.mount_over(node, path) for path in paths)
        return next((mount.point for mount in places if mount and mount.point in locked), None)
    return None
