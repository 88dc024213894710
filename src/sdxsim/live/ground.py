"""The host's side of a live tree: walking and changing a directory that other people write to.

Every name is opened from the directory above it, none through a link (openat, O_NOFOLLOW), so that
whatever is planted there nothing outside is read, written or removed.
"""

import contextlib
import os
import stat

from ..model.record import Record
from ..store.trouble import Trouble

ENTRIES, DEPTH, NAME = 20_000, 32, 1023  # names in a tree, directories in each other, bytes of a path
PART, LINK = 255, 4095  # bytes of a name, and of where a link leads: Linux' limits
FILE, TOTAL = 16 << 20, 64 << 20  # bytes of a file, and of all that is read at a time

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Entry(Record, fields="kind mode sign names own", defaults=((), 1, ())):
    """What stands there: `kind` file, dir, link, other or far (too deep, too long a name), permission bits.

    `sign`: what changes when it is written to;
    `names`: how many it has; `own`: (uid, gid).
    """

    __slots__ = ()


class Ground:
    """A directory of ours, held open."""

    def __init__(self, path):
        self.path = path
        try:
            self.fd = os.open(path, _DIRECTORY)
        except OSError as fault:
            raise Trouble(f"{path} is no directory of a live tree: {fault.strerror}") from fault

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    # -- looking ----------------------------------------------------------------------------------------------------

    def walk(self, opened=None):
        """{path: Entry} of everything below; paths begin with /. Raises Trouble when it is too much.

        `opened` opens a directory (os.open); without it one that its owner, we, has locked is unlocked on the way.
        """
        found = {}
        self._walk(self.fd, "", found, opened or _opened)
        several = {}
        for path, entry in found.items():
            if entry.kind == "file" and entry.names > 1:
                several.setdefault(entry.sign[0], []).append(path)
        for paths in several.values():
            if len(paths) < found[paths[0]].names:  # it has a name elsewhere: not only ours
                for path in paths:
                    found[path] = found[path]._replace(kind="other")
        return found

    def _walk(self, fd, above, found, opened):
        with os.scandir(fd) as entries:
            names = [entry.name for entry in entries]
        for name in names:
            path = f"{above}/{name}"
            if len(found) == ENTRIES:
                raise Trouble(f"{self.path} holds more than {ENTRIES:,} files: take some away there")
            try:
                about = os.stat(name, dir_fd=fd, follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone meanwhile
            found[path] = _entry(about)
            if path.count("/") > DEPTH or len(os.fsencode(path)) > NAME:
                found[path] = found[path]._replace(kind="far")
            elif stat.S_ISDIR(about.st_mode):
                try:
                    inner = opened(name, _DIRECTORY, dir_fd=fd)
                except FileNotFoundError:
                    continue
                except OSError as fault:
                    raise Trouble(f"cannot read {self.path}{path}: {fault.strerror}") from fault
                try:
                    self._walk(inner, path, found, opened)
                finally:
                    os.close(inner)

    def _above(self, path):
        """(descriptor of the directory that `path` is in, its last name)."""
        *parts, name = path.strip("/").split("/")
        fd = os.dup(self.fd)
        try:
            for part in parts:
                inner = os.open(part, _DIRECTORY, dir_fd=fd)
                os.close(fd)
                fd = inner
        except BaseException:
            os.close(fd)
            raise
        return fd, name

    def entry(self, path):
        """The Entry of what stands there now, None for nothing."""
        try:
            fd, name = self._above(path)
        except OSError:
            return None
        try:
            return _entry(os.stat(name, dir_fd=fd, follow_symlinks=False))
        except FileNotFoundError:
            return None
        finally:
            os.close(fd)

    def content(self, path, entry):
        """(bytes of the file, its Entry as it was read), None if it is no such file any more. Raises Trouble."""
        fd, name = self._above(path)
        try:
            try:
                opened = _opened(name, _READ, dir_fd=fd)
            except OSError:
                raise Trouble(f"cannot read {self.path}{path}") from None
            with open(opened, "rb") as file:
                now = _entry(os.fstat(opened))
                if now.kind != "file":
                    return None
                raw = file.read(FILE + 1)
                return raw, _entry(os.fstat(opened))
        finally:
            os.close(fd)

    def target(self, path):
        """Where the symbolic link leads, as text."""
        fd, name = self._above(path)
        try:
            return os.readlink(name, dir_fd=fd)
        finally:
            os.close(fd)

    # -- changing ---------------------------------------------------------------------------------------------------

    def remove(self, path, entry):
        """Takes away a file, link or empty directory; quiet when it is gone or not empty."""
        fd, name = self._above(path)
        try:
            (os.rmdir if entry.kind == "dir" else os.unlink)(name, dir_fd=fd)
        except FileNotFoundError:
            pass
        finally:
            os.close(fd)

    def move(self, path, to):
        """Moves what stands there out, to the name `to` of the Ground `to`: (Ground, name)."""
        fd, name = self._above(path)
        try:
            os.rename(name, to[1], src_dir_fd=fd, dst_dir_fd=to[0].fd)
        finally:
            os.close(fd)

    def directory(self, path, mode, own=()):
        """A directory with that mode is there; `own` as for a file."""
        fd, name = self._above(path)
        try:
            try:
                os.mkdir(name, 0o700, dir_fd=fd)
            except FileExistsError:
                pass
            inner = os.open(name, _DIRECTORY, dir_fd=fd)
            try:
                _give(inner, own)
                os.fchmod(inner, mode)
            finally:
                os.close(inner)
        finally:
            os.close(fd)

    def file(self, path, mode, raw, workshop, own=()):
        """A file with that content is there at once, made in the Ground `workshop`; its Entry.

        `own`: (uid, gid) whose it is to be, where we may say so; () ours.
        """
        fd, name = self._above(path)
        try:
            workshop.clear("new")
            made = os.open("new", _NEW, 0o600, dir_fd=workshop.fd)
            with open(made, "wb") as file:
                file.write(raw)
                file.flush()
                _give(made, own)
                os.fchmod(made, mode)
                os.fsync(made)
            os.rename("new", name, src_dir_fd=workshop.fd, dst_dir_fd=fd)
            return _entry(os.stat(name, dir_fd=fd, follow_symlinks=False))
        finally:
            os.close(fd)

    def link(self, path, target, workshop, own=()):
        """A symbolic link that leads there; its Entry. `own` as for a file."""
        fd, name = self._above(path)
        try:
            workshop.clear("new")
            os.symlink(target, "new", dir_fd=workshop.fd)
            _give("new", own, dir_fd=workshop.fd, follow_symlinks=False)
            os.rename("new", name, src_dir_fd=workshop.fd, dst_dir_fd=fd)
            return _entry(os.stat(name, dir_fd=fd, follow_symlinks=False))
        finally:
            os.close(fd)

    def own(self, path, own):
        """It belongs to the user and the group `own`, where we may say so; its Entry."""
        fd, name = self._above(path)
        try:
            _give(name, own, dir_fd=fd, follow_symlinks=False)
            return _entry(os.stat(name, dir_fd=fd, follow_symlinks=False))
        finally:
            os.close(fd)

    def mode(self, path, mode):
        """Its permission bits; of a file or directory."""
        fd, name = self._above(path)
        try:
            inner = _opened(name, _READ, dir_fd=fd)
            try:
                os.fchmod(inner, mode)
            finally:
                os.close(inner)
        finally:
            os.close(fd)

    def clear(self, name):
        """No file of that name."""
        try:
            os.unlink(name, dir_fd=self.fd)
        except FileNotFoundError:
            pass

    def sync(self, path):
        """The names in the directory are on the disk."""
        try:
            fd, name = self._above(path) if path.strip("/") else (os.dup(self.fd), ".")
        except FileNotFoundError:
            return
        try:
            inner = os.open(name, _DIRECTORY, dir_fd=fd)
            try:
                os.fsync(inner)
            finally:
                os.close(inner)
        except FileNotFoundError:
            pass
        finally:
            os.close(fd)


def _opened(name, flags, *, dir_fd):
    """A descriptor of what stands there, also where its owner, we, may not read it: chmod 000 is an edit like others.

    A file's mode is as before then; a directory stays open to us, for what is in it is still to be found.
    """
    try:
        return os.open(name, flags, dir_fd=dir_fd)
    except PermissionError:
        held = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=dir_fd)
    try:
        mode, here = stat.S_IMODE(os.fstat(held).st_mode), f"/proc/self/fd/{held}"  # this very one, and no link
        inside = stat.S_ISDIR(os.fstat(held).st_mode)
        if inside or stat.S_ISREG(os.fstat(held).st_mode):
            os.chmod(here, mode | (0o700 if inside else 0o400))
        opened = os.open(name, flags, dir_fd=dir_fd)
        if not inside:
            os.chmod(here, mode)
        return opened
    finally:
        os.close(held)


def _give(what, own, **where):
    if own:
        with contextlib.suppress(OSError):
            os.chown(what, *own, **where)


def _entry(about):
    bits, own = stat.S_IMODE(about.st_mode) & 0o777, (about.st_uid, about.st_gid)
    sign = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    if stat.S_ISREG(about.st_mode):
        return Entry("file", bits, sign, about.st_nlink, own)
    if stat.S_ISDIR(about.st_mode):
        return Entry("dir", bits, own=own)
    if stat.S_ISLNK(about.st_mode):
        return Entry("link", 0o777, sign, own=own)
    return Entry("other", bits, own=own)


def owners():
    """True where files can be given to others, and are seen as theirs by whoever looks: by root, of several users."""
    if os.geteuid() != 0:
        return False
    try:
        with open("/proc/self/uid_map", encoding="ascii") as file:
            return sum(int(row.split()[2]) for row in file) > 1
    except (OSError, ValueError, IndexError):
        return True  # no name spaces of users
