"""df(1M): how full the mounted file systems are. Source: solaris.md 3; the plain and -h forms are recalled.

A name longer than its column stands alone on its line, as on a terminal. Numbers of memory are ours.
"""

from ..model.outcome import Outcome, Shell
from ..model.queries import find_volume, place_of
from ..solaris import damage, files, mounts, pseudo
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text
from . import swap

USAGE = 1
FAILED = 1
COLUMN = 20  # of a special in -k and -h
TYPES = (  # of Solaris 10
    "ufs", "tmpfs", "proc", "devfs", "ctfs", "objfs", "mntfs", "fd", "nfs", "hsfs", "pcfs", "udfs", "lofs", "zfs",
    "cachefs", "autofs", "sharefs",
)  # fmt: skip
_HEADS = (("n", None), ("h", "df.h"), ("b", "df.b"), ("e", "df.e"), ("k", "df.k"))  # the first that was asked for
_TMPFS = {"/etc/svc/volatile": 312, "/tmp": 16, "/var/run": 32}  # KB used (ours)


def run(lab, node, words, now, shell=Shell()):
    """df [-k|-h|-n|-t|-b|-e] [-a] [-l] [-F ufs] [directory|special ...]"""
    try:
        found, operands = getopt("df", words, "F:abeghklntVvo:")
    except BadOption as bad:
        return Outcome(lab, "", str(bad) + text("df.usage"), USAGE)
    if unknown := unsimulated("df", found, "gVvo"):
        return Outcome(lab, "", unknown, USAGE)
    asked = dict(found)
    if asked.get("F", "ufs") not in TYPES:
        return Outcome(lab, "", text("df.type_unknown", type=asked["F"]), USAGE)
    rows = [row for row in _rows(lab, node) if asked.get("F") in (None, row[2])]
    err = ""
    if operands:
        chosen = [(name, _row(lab, node, rows, files.absolute(name, shell.directory))) for name in operands]
        err = "".join(text("df.not_found", name=name) for name, row in chosen if row is None)
        rows = [row for _, row in chosen if row]
    out = "".join(_shown(asked, row) for row in rows)
    head = next((id for letter, id in _HEADS if letter in asked), None)
    return Outcome(lab, (text(head) if head and out else "") + out, err, FAILED if err else 0)


def _rows(lab, node):
    """(special, point, type, KB in all, KB used, KB available, free i-nodes, i-nodes) of everything mounted."""
    made = []
    for special, point, type, *_ in mounts.rows(lab, node):
        place = place_of(lab, special)
        if type == "ufs" and place:
            made.append((special, point, type, *_ufs(find_volume(lab, *place).data)))
        elif type == "tmpfs":
            free, used = swap.available(lab, node), _TMPFS[point]
            made.append((special, point, type, free + used, used, free, free, free + used))
        else:
            made.append((special, point, type, 0, 0, 0, 0, 0))
    return made


def _ufs(fs):
    total = fs.used + fs.frags + 8 * fs.blocks
    kept = min(10, max(1, 64 * 1024 * 100 // max(1, total)))  # minfree in percent, as mkfs reckons it
    available, inodes = max(0, total - total * kept // 100 - fs.used), damage.highest_inode(fs)
    return total, fs.used, available, inodes - fs.inodes, inodes


def _row(lab, node, rows, name):
    """The row of what is mounted at, from or above `name`, or None."""
    path = files.normal(name) if name else ""
    same = [row for row in rows if path in (row[0], row[1])]
    if same:
        return same[-1]
    if files.kind(lab, node, path) not in ("file", "directory"):
        return None
    below, mount = pseudo.at(node, path), files.mount_over(node, path)
    point = below[1] if below else mount and mount.point
    return next((row for row in rows if row[1] == point), None)


def _shown(asked, row):
    special, point, type, total, used, avail, inodes, files = row
    if "n" in asked:
        return text("df.type", point=point, type=type)
    if {"b", "e"} & set(asked) and "h" not in asked:
        return text("df.one", special=special, value=total - used if "b" in asked else inodes)
    if "h" not in asked and "k" not in asked:
        said = text("df.plain", point=point, special=special, blocks=2 * (total - used), free=inodes)
        return said + text("df.total", blocks=2 * total, files=files) if "t" in asked else said
    both = used + avail
    capacity = round(used * 100 / both) if both else 0
    sizes = [_human(n) for n in (total, used, avail)] if "h" in asked else [total, used, avail]
    alone = text("df.special", special=special) if len(special) > COLUMN else ""
    fields = dict(zip(("total", "used", "avail"), sizes, strict=True), capacity=capacity, point=point)
    id = "df.row_h" if "h" in asked else "df.row"
    return alone + text(id, special="" if alone else special, **fields)


def _human(kilobytes):
    """A size in 0K, 312K, 2.0G, 94M: one digit behind the point below ten."""
    size, unit = kilobytes, "K"
    for larger in "MGT":
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.1f}{unit}" if unit != "K" and size < 10 else f"{round(size)}{unit}"
