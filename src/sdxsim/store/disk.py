"""The calls that change the disk, few and named, so that a test can count and break them.

Every one is durable or says so by raising OSError; none is retried (after a failed fsync the kernel
may have dropped the data, so a second fsync that succeeds proves nothing).
"""

import os

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_new(path, data):
    """A new file holding `data`, on the disk when this returns; nothing is left of it on failure."""
    fd = os.open(path, _NEW, 0o600)
    try:
        try:
            os.fchmod(fd, 0o600)  # whatever the umask
            view = memoryview(data)
            while view:
                view = view[os.write(fd, view) :]
            os.fsync(fd)
        finally:
            os.close(fd)
    except BaseException:
        remove(path)
        raise


def keep(path, name, data):
    """A second name `name` for the file at `path`, which holds `data`; a copy where links do not work."""
    remove(name)
    try:
        os.link(path, name, follow_symlinks=False)
    except OSError:
        write_new(name, data)


def write_anew(name, data):
    """A file `name` holding `data`, whatever was there."""
    remove(name)
    write_new(name, data)


def set_aside(path, name):
    """Whatever is at `path`, be it no file at all, is at `name` also, or instead. False when nothing is there."""
    try:
        os.link(path, name, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError:  # a directory, or a file system without links
        os.rename(path, name)
    return True


def replace(new, path):
    """THE commit: `path` is now what `new` was."""
    os.rename(new, path)


def sync_directory(path):
    """The names in the directory are on the disk when this returns."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def remove(path):
    """No file of that name; quiet when there was none."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def make_directory(path):
    """A directory of that name (0700 when it is made here), and its own name on the disk."""
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        return
    os.chmod(path, 0o700)  # whatever the umask
    sync_directory(os.path.dirname(path) or ".")
