"""Reading a lab. A reader opens state.json, takes no lock and writes nothing."""

import os
import stat

from .document import from_bytes
from .trouble import Damaged, NoLab, Trouble

STATE = "state.json"
LARGEST = 1 << 30  # bytes a document may have

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Opened:
    """A document as read, with the file it came from held open, so that a change is noticed for certain."""

    def __init__(self, fd, raw, document):
        self.fd, self.raw, self.document = fd, raw, document

    def close(self):
        if self.fd is not None:
            close(self.fd)
            self.fd = None

    def is_current(self, path):
        """True when the lab at `path` still is this very document (its inode cannot be used again: it is open).

        Raises Trouble when that cannot be found out.
        """
        name = f"{path}/{STATE}"
        try:
            there = os.stat(name, follow_symlinks=False)
            here = os.fstat(self.fd)
        except FileNotFoundError:
            return False
        except OSError as fault:
            raise Trouble(f"cannot read {name}: {fault.strerror}") from fault
        return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def close(fd):
    """Only read from, so that an error now takes nothing away from what was read, or from a change made since."""
    try:
        os.close(fd)
    except OSError:
        pass


def _read_all(fd, size):
    parts = []
    while size > 0:
        part = os.read(fd, size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _with_offer(damage, path):
    """The same complaint, and which earlier document could take the damaged one's place."""
    from .history import newest_intact  # nobody needs it who has a whole lab

    intact = newest_intact(path)
    offer = f"the newest intact one is {intact}" if intact else "there is no intact one in its history"
    return Damaged(f"{damage}; {offer}")


def _has_history(path):
    from .history import numbers  # nobody needs it who has a lab

    try:
        return bool(numbers(path))
    except OSError as fault:
        raise Trouble(f"cannot read the history of {path}: {fault.strerror}") from None


def look(path):
    """The lab at `path`, Opened; takes no lock and writes nothing. Raises NoLab, Damaged, Trouble."""
    name = f"{path}/{STATE}"
    try:
        fd = os.open(name, _READ)
    except (FileNotFoundError, NotADirectoryError):
        if _has_history(path):
            raise _with_offer(Damaged(f"{name} is missing"), path) from None
        raise NoLab(f"no lab at {path}, 'sdxsim init' makes one") from None
    except OSError as fault:
        raise Trouble(f"cannot open {name}: {fault.strerror}") from fault
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            raise Trouble(f"{name} is not a regular file")
        if about.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
            raise Trouble(f"{name} belongs to another user")
        if about.st_size > LARGEST:
            raise Damaged(f"{name} is damaged: {about.st_size} bytes are too many")
        raw = _read_all(fd, about.st_size + 1)
        return Opened(fd, raw, from_bytes(raw, name, path))
    except OSError as fault:
        close(fd)
        raise Trouble(f"cannot read {name}: {fault.strerror}") from fault
    except Damaged as damage:
        close(fd)
        raise _with_offer(damage, path) from None
    except BaseException:
        close(fd)
        raise
