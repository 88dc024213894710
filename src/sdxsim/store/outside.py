"""Files of the user's own that a command names: read, and written whole or not at all."""

import os
import stat
from errno import EFBIG

LARGEST = 1 << 20  # bytes of a file that is read; a class with thousands of volumes has less


def read(path):
    """The text of the file at `path`, of standard input for None. Raises OSError."""
    with open(0 if path is None else path, "rb", closefd=path is not None) as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise OSError(EFBIG, os.strerror(EFBIG))
    return raw.decode("utf-8", "surrogateescape")


def write(path, text, replace):
    """Writes the file; () if that went well, (None,) if it exists and must not be replaced, else (the reason,)."""
    data = text.encode()
    try:
        old = _regular(path) if replace else None
        if old is not None:
            _put(os.path.realpath(path), data, stat.S_IMODE(old.st_mode))
        elif replace and os.path.exists(path):
            _fill(os.open(path, os.O_WRONLY | os.O_CLOEXEC), data)  # a terminal, a pipe, /dev/null
        else:
            _make(path, data, 0o666)
    except FileExistsError as fault:
        return (fault.strerror if replace else None,)
    except (OSError, ValueError) as fault:
        return (getattr(fault, "strerror", None) or str(fault),)
    return ()


def _regular(path):
    """The status of a regular file, None of anything else and of nothing."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _make(path, data, mode):
    """A new file; of one that could not be written nothing is left."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        _fill(fd, data)
    except BaseException:
        os.unlink(path)
        raise


def _put(path, data, mode):
    """In the place of a file at once: it is the old one or the new one, and keeps its permissions."""
    new = f"{path}.{os.getpid()}.new"
    _make(new, data, 0o600)
    try:
        os.chmod(new, mode)
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise


def _fill(fd, data):
    with open(fd, "wb") as file:
        file.write(data)
        file.flush()
        if stat.S_ISREG(os.fstat(fd).st_mode):
            os.fsync(fd)
