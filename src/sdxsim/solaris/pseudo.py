"""File systems without a device that every Solaris 10 host has (recalled: high; their numbers are ours)."""

# fmt: off
_ROOT, _USR, _VAR = "/", "/usr", "/var"
_TABLE = (
    # special    mount point          type      options     dev=       stands after
    ("/devices", "/devices",          "devfs",  "rw",       "4dc0000", _ROOT),
    ("ctfs",     "/system/contract",  "ctfs",   "rw",       "4e00001", _ROOT),
    ("proc",     "/proc",             "proc",   "rw",       "4e40000", _ROOT),
    ("mnttab",   "/etc/mnttab",       "mntfs",  "rw",       "4e80001", _ROOT),
    ("swap",     "/etc/svc/volatile", "tmpfs",  "rw,xattr", "4ec0001", _ROOT),
    ("objfs",    "/system/object",    "objfs",  "rw",       "4f00001", _ROOT),
    ("fd",       "/dev/fd",           "fd",     "rw",       "50c0001", _USR),
    ("swap",     "/tmp",              "tmpfs",  "rw,xattr", "4ec0002", _VAR),
    ("swap",     "/var/run",          "tmpfs",  "rw,xattr", "4ec0003", _VAR),
)
# fmt: on
_FILES = ("/etc/mnttab",)  # mounted on a file, and one itself


def after(node, point):
    """(special, point, type, options, dev) of those that mnttab lists right after the node's mount on `point`."""
    points = {m.point for m in node.mounts}
    stand = {_ROOT: _ROOT, _USR: _USR if _USR in points else _ROOT}
    stand[_VAR] = _VAR if _VAR in points else stand[_USR]
    return [row[:5] for row in _TABLE if stand[row[5]] == point]


def at(node, path):
    """(special, mount point, type, options, dev) of the one that `path` (normal) lies on, None for the others."""
    if not any(m.point == "/" for m in node.mounts):
        return None
    over = max((m.point for m in node.mounts if path == m.point or path.startswith(f"{m.point}/")), key=len, default="")
    found = [row[:5] for row in _TABLE if path == row[1] or path.startswith(f"{row[1]}/")]
    return found[0] if found and len(found[0][1]) >= len(over) else None


def kind(node, path):
    """directory or file for the mount point of one of them, else None."""
    row = at(node, path)
    if row is None or row[1] != path:
        return None
    return "file" if path in _FILES else "directory"


def named(node, name):
    """The last of them with that mount point or special, or None."""
    if not any(m.point == "/" for m in node.mounts):
        return None
    return next((row[:5] for row in reversed(_TABLE) if name in row[:2]), None)
