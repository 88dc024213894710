"""Sees every file call a command makes on its lab, from inside the process, and lets a fault happen there.

Python's functions are wrapped, not the kernel's: a call that some C code makes by itself goes unseen.
test_strace.py compares what is seen here with what strace sees.
"""

import builtins
import fcntl
import os

PATHS = ("open", "stat", "lstat", "access", "readlink", "listdir", "scandir", "unlink", "remove", "rmdir", "mkdir",
         "chmod", "chown", "utime", "truncate", "rename", "replace", "link", "symlink")  # fmt: skip
DESCRIPTORS = ("read", "pread", "write", "pwrite", "writev", "fsync", "fdatasync", "fchmod", "fstat", "ftruncate",
               "close", "sendfile", "copy_file_range")  # fmt: skip
CHANGES = frozenset(("create", "write", "pwrite", "writev", "ftruncate", "truncate", "rename", "replace", "link",
                     "symlink", "unlink", "remove", "rmdir", "mkdir", "chmod", "fchmod", "chown", "utime", "sendfile",
                     "copy_file_range"))  # fmt: skip
OUT, ERR = "<out>", "<err>"


class Call:
    """A call: its name, the name it is about (below the top directory, or OUT, ERR), a second name, data."""

    __slots__ = ("creates", "data", "done", "fd", "name", "to", "where")

    def __init__(self, name, where, to=None, data=None):
        self.name, self.where, self.to, self.data = name, where, to, data
        self.fd, self.creates, self.done = None, False, False

    def __repr__(self):
        return f"{self.name} {self.where}" + (f" -> {self.to}" if self.to else "")

    @property
    def changes(self):
        """True when the disk is not what it was afterwards."""
        return (self.name in CHANGES or self.creates) and self.where not in (OUT, ERR)


class Watch:
    """Wraps the calls when installed. `before(number, call)` may kill, raise, or do nothing.

    Below `top` everything counts, and what is written to standard output and error. There is no way
    back: this is for a process that is thrown away.
    """

    def __init__(self, top, before):
        self.top, self.before, self.calls, self.open = os.path.abspath(top), before, [], {1: OUT, 2: ERR}

    def install(self):
        for name in PATHS:
            setattr(os, name, self._on_path(name, getattr(os, name)))
        for name in DESCRIPTORS:
            if hasattr(os, name):
                setattr(os, name, self._on_descriptor(name, getattr(os, name)))
        fcntl.flock = self._on_descriptor("flock", fcntl.flock)
        builtins.open = self._on_path("open", builtins.open)

    def _below(self, path):
        """The name of `path` below the top directory, None when it is not there."""
        if isinstance(path, int):
            return self.open.get(path)
        if not isinstance(path, (str, bytes, os.PathLike)):
            return None
        full = os.path.abspath(os.fsdecode(path))
        if full == self.top:
            return "."
        return full[len(self.top) + 1 :] if full.startswith(self.top + "/") else None

    def _tell(self, call):
        self.calls.append(call)
        self.before(len(self.calls), call)

    def _on_path(self, name, real):
        def call(*args, **more):
            where = self._below(args[0]) if args else None
            to = self._below(args[1]) if name in ("rename", "replace", "link", "symlink") else None
            if where is None and to is None:
                return real(*args, **more)
            about = Call(name, where, to)
            if name == "open" and len(args) > 1 and isinstance(args[1], int):
                about.creates = bool(args[1] & os.O_CREAT) and not os.path.lexists(os.path.join(self.top, where))
                about.data = "truncated" if args[1] & os.O_TRUNC else None
            self._tell(about)
            value = real(*args, **more)
            about.done = True
            if name == "open" and isinstance(value, int):
                about.fd, self.open[value] = value, where
            return value

        call.real = real
        return call

    def _on_descriptor(self, name, real):
        def call(fd, *args, **more):
            where = self.open.get(fd)
            if where is None:
                return real(fd, *args, **more)
            about = Call(name, where)
            about.fd = fd
            if name == "write":
                about.data = bytes(args[0])
            try:
                self._tell(about)
            except OSError:
                if name == "close":  # as the kernel does: closed whatever it answers
                    self.open.pop(fd, None)
                    real(fd)
                raise
            value = real(fd, *args, **more)
            about.done = True
            if name == "write":
                about.data = about.data[:value]
            elif name == "close":
                self.open.pop(fd, None)
            return value

        return call
