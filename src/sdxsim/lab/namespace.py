"""A name space in which a lab's node stands at real paths: /etc, /mnt, /home, /dev/sfdsk are the node's.

Made with the system calls themselves (user and mount name spaces, Linux 3.8 and later): neither bubblewrap nor
unshare(1) has to be there, and what could not be made is known before anything is started. All of the
host is mounted read-only, and a second user name space locks that: whoever types there is root over the lab and cannot
mount anything writable again. /tmp, /run and /dev/shm are the shell's own.

What programs of the host need (/usr, /lib, /bin, /sbin ...) stays the host's; all of the host is below /.host.
"""

import ctypes
import errno
import os
import signal
import stat
import sys

from ..model.record import Record
from ..store.place import HOST

# never the node's: programs of the host would not start, or these are made by us
HOSTS = ("usr", "bin", "sbin", "proc", "sys", "dev", "run", "tmp", "nix", "gnu", "boot", "root", HOST[1:])
PRIVATE = ("tmp", "run")
LINKS = ("alternatives", "ld.so.cache", "localtime", "terminfo", "static", "vim")  # programs look for them in /etc

_NEWNS, _NEWUSER = 0x20000, 0x10000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_DETACH = 2
_MOUNT_SETATTR, _AT_RECURSIVE, _AT_FDCWD, _ATTR_RDONLY = 442, 0x8000, -100, 1
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "console")
_OLD, _NEW = "/old", "/new"


class Cannot(Exception):
    """Why there is no such name space here: one sentence."""


class Plan(Record, fields="lab node tops python main binds notes"):
    """What is to be made: of the `lab` (a real path), its `node`; `tops`: names in / that are the node's.

    `python`, `main`: where they are called inside. `binds`: what has to be there below /tmp and /run.
    `notes`: what stays the host's although the node has it, as sentences.
    """

    __slots__ = ()

    def inside(self, path):
        """Where that absolute path of the host is found inside."""
        return HOST + path if _top(path) in self.tops else path

    def place(self, path):
        """The same for a directory that somebody is in: below /tmp and /run there is only what was brought there."""
        brought = any(f"{path}/".startswith(f"{there}/") for there in (self.lab, *self.binds))
        return HOST + path if _top(path) in PRIVATE and not brought else self.inside(path)


def links():
    """{path in the live tree: where it leads inside} for what programs of the host look for in /etc."""
    return {f"/etc/{name}": f"{HOST}/etc/{name}" for name in LINKS if os.path.lexists(f"/etc/{name}")}


def planned(lab, node, python, main):
    """The Plan for the live tree of that node of the lab at `lab`, which is there."""
    lab, main = os.path.realpath(lab), os.path.realpath(main)
    base = map(os.path.realpath, (sys.base_prefix, sys.base_exec_prefix))
    fixed = {_top(p) for p in (*_absolute(python), *base)}
    first = os.path.join(os.path.realpath(os.path.dirname(python)), os.path.basename(python))
    tops, notes = [], []
    for name in sorted(os.listdir(f"{lab}/live/{node}")):
        if name in HOSTS or name.startswith("lib"):
            continue
        if name in fixed:
            notes.append(f"/{name} is the host's, for Python is there: the node's is $SDXSIM_ROOT/{name}")
        else:
            tops.append(name)
    package = os.path.dirname(main)
    checkout = os.path.dirname(os.path.dirname(package))
    needed = (os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix),
              checkout if os.path.exists(f"{checkout}/pyproject.toml") else package)  # fmt: skip
    binds = sorted({path for path in needed if _top(path) in PRIVATE})
    plan = Plan(lab, node, tuple(tops), None, None, tuple(binds), tuple(notes))
    return plan._replace(python=plan.inside(first), main=plan.inside(main))


def _top(path):
    return path.split("/")[1]


def _absolute(path):
    """Where the file leads through symbolic links that name an absolute path: those are not moved with it."""
    found = []
    for _ in range(40):
        if not os.path.islink(path):
            break
        to = os.readlink(path)
        found += [to] if to.startswith("/") else []
        path = os.path.normpath(os.path.join(os.path.dirname(path), to))
    return found


def enter(plan, scripts, cwd):
    """This process is in the name space, in the directory that was `cwd` on the host, if it can be there.

    `scripts` {name: text} stand in the place of the lab's commands, None: as they are. Raises Cannot; what
    of it was done then is this process's own, which should end.
    """
    libc = _Libc()
    ids = _ids()
    proc = _open("/proc", os.O_PATH)
    _unshare(libc, proc, ids)
    _build(libc, plan, scripts)
    inner = ids if os.geteuid() == 0 and ids[0][0] == "uid_map" else _one(0, 0)
    _unshare(libc, proc, inner)
    os.close(proc)
    try:
        os.chdir(plan.place(cwd))
    except OSError:
        os.chdir("/")


# -- user name spaces -----------------------------------------------------------------------------------------------


def _ids():
    """Who is who inside: for root all as they are, for others root is oneself, and nobody else is known."""
    if os.geteuid() != 0:
        return _one(os.geteuid(), os.getegid())
    maps = []
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/self/{name}") as file:
            rows = [line.split() for line in file]
        maps.append((name, "".join(f"{row[0]} {row[0]} {row[2]}\n" for row in rows)))
    return maps


def _one(user, group):
    return [("setgroups", "deny"), ("uid_map", f"0 {user} 1\n"), ("gid_map", f"0 {group} 1\n")]


def _unshare(libc, proc, ids):
    """New name spaces of users and mounts; a helper that stays in the old ones says who is who."""
    me = os.getpid()
    wait, go = os.pipe()
    helper = os.fork()
    if not helper:
        number = errno.EIO
        try:
            os.close(go)
            if os.read(wait, 1):
                for name, text in ids:
                    fd = os.open(f"{me}/{name}", os.O_WRONLY, dir_fd=proc)
                    os.write(fd, text.encode())
                    os.close(fd)
                number = 0
        except OSError as fault:
            number = fault.errno
        finally:
            os._exit(number)
    os.close(wait)
    try:
        libc.call("unshare", _NEWUSER | _NEWNS)
        os.write(go, b"!")
    finally:
        os.close(go)
        _, status = os.waitpid(helper, 0)
    if number := os.waitstatus_to_exitcode(status):
        raise Cannot(f"user name space: {os.strerror(abs(number))}")


# -- mounts ---------------------------------------------------------------------------------------------------------


class _Libc:
    def __init__(self):
        try:
            self.libc = ctypes.CDLL(None, use_errno=True)
            for name in ("mount", "umount2", "unshare", "pivot_root", "syscall"):
                getattr(self.libc, name)
        except (OSError, AttributeError):
            raise Cannot("the C library does not know name spaces") from None

    def call(self, name, *arguments):
        given = [os.fsencode(a) if isinstance(a, str) else a for a in arguments]
        if getattr(self.libc, name)(*given) == -1:
            number = ctypes.get_errno()
            about = f" {arguments[1]}" if name == "mount" else ""
            raise Cannot(f"{name}{about}: {os.strerror(number)}")

    def mount(self, source, target, kind, flags, data=None):
        self.call("mount", source, target, kind, ctypes.c_ulong(flags), data)

    def tmpfs(self, target, mode):
        self.mount("tmpfs", target, "tmpfs", _NOSUID | _NODEV, f"mode={mode:o}")

    def bind(self, source, target):
        self.mount(source, target, None, _BIND | _REC)

    def protect(self, target, deep=True):
        """Nothing is written below there: to all mounts there are, where `deep`."""
        attributes = (ctypes.c_uint64 * 4)(_ATTR_RDONLY, 0, 0, 0)
        done = self.libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, os.fsencode(target), _AT_RECURSIVE if deep else 0,
                                 attributes, ctypes.c_size_t(32))  # fmt: skip
        if done == 0:
            return
        if ctypes.get_errno() != errno.ENOSYS:
            raise Cannot(f"mount_setattr {target}: {os.strerror(ctypes.get_errno())}")
        for point in _points(target) if deep else [target]:  # Linux before 5.12
            flags = os.statvfs(point).f_flag & (_RDONLY | _NOSUID | _NODEV | _NOEXEC)
            times = os.statvfs(point).f_flag & 0x1C00  # noatime, nodiratime, relatime: as in mount(2), but relatime
            flags |= (times & 0xC00) | (1 << 21 if times & 0x1000 else 0)
            self.mount(None, point, None, _REMOUNT | _BIND | _RDONLY | flags)


def _points(top):
    """The mount points at and below `top`."""
    found = []
    with open("/old/proc/self/mountinfo" if os.path.isdir("/old/proc/self") else "/proc/self/mountinfo", "rb") as file:
        for line in file:
            point = os.fsdecode(line.split()[4].decode("unicode_escape").encode("latin-1"))
            if point == top or point.startswith(f"{top}/"):
                found.append(point)
    return found


def _build(libc, plan, scripts):
    try:
        libc.mount(None, "/", None, _REC | _PRIVATE)
        base = "/tmp" if os.path.isdir("/tmp") else "/var"
        libc.tmpfs(base, 0o755)
        os.mkdir(f"{base}{_OLD}")
        os.mkdir(f"{base}{_NEW}")
        libc.call("pivot_root", base, f"{base}{_OLD}")
        os.chdir("/")
        libc.tmpfs(_NEW, 0o755)
        _host(libc, plan)
        _devices(libc, plan)
        _private(libc, plan)
        _lab(libc, plan, scripts)
        libc.protect(_NEW, deep=False)
        os.chdir(_NEW)
        libc.call("pivot_root", ".", ".")
        libc.call("umount2", ".", _DETACH)
        os.chdir("/")
    except OSError as fault:
        raise Cannot(f"{fault.filename or 'mounts'}: {fault.strerror}") from None


def _host(libc, plan):
    """The host below /.host, all of it read-only, and what stays at its own path."""
    os.mkdir(_NEW + HOST)
    libc.bind(_OLD, _NEW + HOST)
    libc.protect(_NEW + HOST)
    if os.path.isdir(f"{_NEW}{HOST}/run"):
        libc.tmpfs(f"{_NEW}{HOST}/run", 0o755)  # sockets of daemons that would write for us
    for name in sorted(os.listdir(_OLD)):
        source, target = f"{_NEW}{HOST}/{name}", f"{_NEW}/{name}"
        kind = os.lstat(source).st_mode
        if name in (*PRIVATE, *plan.tops, "dev", HOST[1:]):
            continue
        if stat.S_ISLNK(kind):
            os.symlink(os.readlink(source), target)
        elif stat.S_ISDIR(kind):
            os.mkdir(target)
            libc.bind(source, target)
            libc.protect(target)  # where below /.host somebody mounted in between


def _devices(libc, plan):
    dev = f"{_NEW}/dev"
    os.mkdir(dev)
    libc.tmpfs(dev, 0o755)
    for name in _DEVICES:
        if os.path.exists(f"{_OLD}/dev/{name}"):
            os.close(os.open(f"{dev}/{name}", os.O_WRONLY | os.O_CREAT, 0o666))
            libc.bind(f"{_OLD}/dev/{name}", f"{dev}/{name}")
    for name, to in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(to, f"{dev}/{name}")
    os.mkdir(f"{dev}/shm")
    libc.tmpfs(f"{dev}/shm", 0o1777)
    if os.path.isdir(f"{_OLD}/dev/pts"):
        os.mkdir(f"{dev}/pts")
        libc.bind(f"{_OLD}/dev/pts", f"{dev}/pts")
        os.symlink("pts/ptmx", f"{dev}/ptmx")
    shown = f"{_OLD}{plan.lab}/live/.shell/{plan.node}"
    for name in ("sfdsk", "dsk", "rdsk"):
        os.mkdir(f"{dev}/{name}")
        _bind_own(libc, shown, name, f"{dev}/{name}")
        libc.protect(f"{dev}/{name}")
    libc.protect(dev, deep=False)


def _private(libc, plan):
    for name, mode in zip(PRIVATE, (0o1777, 0o755), strict=True):
        os.mkdir(f"{_NEW}/{name}")
        libc.tmpfs(f"{_NEW}/{name}", mode)
    for path in plan.binds:
        os.makedirs(_NEW + path, exist_ok=True)
        libc.bind(_OLD + path, _NEW + path)
        libc.protect(_NEW + path)


def _lab(libc, plan, scripts):
    """The lab itself, which commands write to, and the node's files at their paths."""
    at = _NEW + plan.inside(plan.lab)
    if _top(plan.lab) in PRIVATE:
        os.makedirs(at, exist_ok=True)
    libc.bind(_OLD + plan.lab, at)
    live = f"{_OLD}{plan.lab}/live/{plan.node}"
    for name in plan.tops:
        if stat.S_ISDIR(os.lstat(f"{live}/{name}").st_mode):
            os.mkdir(f"{_NEW}/{name}")
            _bind_own(libc, live, name, f"{_NEW}/{name}")
        else:
            os.symlink(f"{plan.inside(plan.lab)}/live/{plan.node}/{name}", f"{_NEW}/{name}")
    if scripts is not None:
        libc.tmpfs(f"{at}/bin", 0o755)
        for name, text in scripts.items():
            with open(f"{at}/bin/{name}", "wb") as file:
                file.write(os.fsencode(text))
                os.fchmod(file.fileno(), 0o755)
        libc.protect(f"{at}/bin", deep=False)


def _bind_own(libc, above, name, target):
    """Binds a directory of the lab's, and never what a link in its place leads to."""
    outer = _open(above, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    inner = _open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, outer)
    libc.bind(f"{_OLD}/proc/self/fd/{inner}", target)
    os.close(inner)
    os.close(outer)


def _open(path, flags, above=None):
    return os.open(path, flags | os.O_CLOEXEC, dir_fd=above)


# -- a process that is waited for -----------------------------------------------------------------------------------

_PASSED = (signal.SIGTERM, signal.SIGHUP)


def waited(prepare):
    """The wait status of a child that `prepare()` makes into another program, (None, why) when that raised Cannot.

    Signals from the terminal are the child's business, TERM and HUP are passed on to it; a terminal that it took is
    taken back.
    """
    told, tell = os.pipe()
    group = _in_front()
    before = {n: signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGQUIT)}
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever ignores it never learns of an end
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (*_PASSED, signal.SIGCHLD))  # they are waited for below
    child = os.fork()
    if not child:
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.close(told)
            for number, handler in before.items():
                signal.signal(number, signal.SIG_IGN if handler is signal.SIG_IGN else signal.SIG_DFL)
            prepare()
        except Cannot as cannot:
            os.write(tell, b"-" + str(cannot).encode("utf-8", "backslashreplace"))
        except OSError as fault:
            os.write(tell, b"-" + str(fault.strerror).encode())
        except BaseException as error:
            os.write(tell, b"!" + str(error).encode("utf-8", "backslashreplace"))
        finally:
            os._exit(126)
    os.close(tell)
    try:
        with open(told, "rb") as pipe:
            why = pipe.read().decode("utf-8")
        status = _ended(child)
    finally:
        _take_back(group)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
    return (None, why) if why else (status, "")


def _ended(child):
    """The wait status of the child, once it has ended. Signals are taken one by one: a handler might come too late."""
    while True:
        number = signal.sigwait((*_PASSED, signal.SIGCHLD))
        if number != signal.SIGCHLD:
            _pass(child, number)
            continue
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status


def _pass(child, number):
    try:
        os.kill(child, number)
        os.kill(child, signal.SIGCONT)
    except ProcessLookupError:
        pass


def _in_front():
    try:
        group = os.tcgetpgrp(0)
        return group if group == os.getpgrp() else None
    except OSError:
        return None


def _take_back(group):
    if group is None:
        return
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(0, group)
    except OSError:
        pass
    finally:
        signal.signal(signal.SIGTTOU, before)
