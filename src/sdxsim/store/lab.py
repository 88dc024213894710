"""Reading a lab. A reader opens state.json, takes no lock and writes nothing."""

import os
import stat

from .document import from_bytes
from .trouble import Damaged, Newer, NoLab, Trouble

STATE, HISTORY = "state.json", "history"
LARGEST = 1 << 30  # bytes a document may have

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Opened:
    """A document as read, with the file it came from held open, so that a change is noticed for certain."""

    def __init__(self, fd, raw, document):
        self.fd, self.raw, self.document = fd, raw, document

    def close(self):
        if self.fd is not None:
            _close(self.fd)
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


def _close(fd):
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


def _checked_open(name):
    """(descriptor, bytes) of the file `name`; a link, a pipe, somebody else's file are no documents."""
    fd = os.open(name, _READ)
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            raise Trouble(f"{name} is not a regular file")
        if about.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
            raise Trouble(f"{name} belongs to another user")
        if about.st_size > LARGEST:
            raise Damaged(f"{name} is damaged: {about.st_size} bytes are too many")
        return fd, _read_all(fd, about.st_size + 1)
    except OSError as fault:
        _close(fd)
        raise Trouble(f"cannot read {name}: {fault.strerror}") from fault
    except BaseException:
        _close(fd)
        raise


def read(name):
    """The bytes of the document file `name`. Raises FileNotFoundError and other OSErrors, Damaged, Trouble."""
    fd, raw = _checked_open(name)
    _close(fd)
    return raw


def document_name(path, number):
    """The file in which the document that operation `number` made is kept when it is replaced."""
    return f"{path}/{HISTORY}/{number:06d}.json"


def newest_number(path):
    """The highest number that any name in the history of the lab at `path` carries, 0 if there is none.

    Raises OSError: a history may be there, unread.
    """
    try:
        names = os.listdir(f"{path}/{HISTORY}")
    except (FileNotFoundError, NotADirectoryError):
        return 0
    parted = [name.rpartition(".") for name in names]
    numbers = [stem.rpartition("-")[2] for stem, _, kind in parted if kind in ("json", "pack", "damaged")]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _with_offer(damage, path):
    """The same complaint, and which earlier document could take the damaged one's place."""
    from .history import newest_intact  # nobody needs it who has a whole lab

    intact = newest_intact(path)
    if intact is None:
        return Damaged(f"{damage}; there is no intact one in its history")
    restore = f"'sdxsim history restore {intact.number}' brings it back"
    return Damaged(f"{damage}; the newest intact one is {intact.file} ({restore})")


def _has_history(path):
    try:
        return newest_number(path) > 0
    except OSError as fault:
        raise Trouble(f"cannot read the history of {path}: {fault.strerror}") from None


def look(path):
    """The lab at `path`, Opened; takes no lock and writes nothing. Raises NoLab, Damaged, Trouble."""
    name = f"{path}/{STATE}"
    try:
        fd, raw = _checked_open(name)
    except (FileNotFoundError, NotADirectoryError):
        if _has_history(path):
            raise _with_offer(Damaged(f"{name} is missing"), path) from None
        raise NoLab(f"no lab at {path}, 'sdxsim init' makes one") from None
    except OSError as fault:
        raise Trouble(f"cannot open {name}: {fault.strerror}") from fault
    except Damaged as damage:
        raise _with_offer(damage, path) from None
    try:
        return Opened(fd, raw, from_bytes(raw, name, path))
    except BaseException as fault:
        _close(fd)
        if isinstance(fault, Damaged) and not isinstance(fault, Newer):
            raise _with_offer(fault, path) from None
        raise
