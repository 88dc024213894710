"""lockfs(1M): lists, sets and takes away locks of file systems. Source: solaris.md 3.

What hangs on a lock is in `solaris.locks`.
"""

from ..model.outcome import Outcome, Shell
from ..model.queries import with_node
from ..solaris import files, locks
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

USAGE, FAILED = 1, 2
_KINDS = {"w": locks.WRITE, "n": locks.NAME, "d": locks.DELETE, "h": locks.HARD, "u": ""}


def run(lab, node, words, now, shell=Shell()):
    """lockfs [-w|-n|-d|-h|-u] [-c string] [-f] [-v] [-a] [file system ...]"""
    try:
        found, operands = getopt("lockfs", words, "afvwndheuc:")
    except BadOption as bad:
        return Outcome(lab, text("lockfs.usage"), str(bad), USAGE)
    if unknown := unsimulated("lockfs", found, "e"):
        return Outcome(lab, "", unknown, USAGE)
    asked = dict(found)
    kinds = [_KINDS[letter] for letter in asked if letter in _KINDS]
    acts = bool(kinds) or "f" in asked
    if len(kinds) > 1 or ("c" in asked and not kinds) or (acts and not operands and "a" not in asked):
        return Outcome(lab, text("lockfs.usage"), "", USAGE)
    every = [m.point for m in node.mounts if m.type == "ufs"] if "a" in asked else []
    if acts:
        return _set(lab, node, [*every, *operands], kinds, asked.get("c", ""), shell.directory)
    if not every and not operands:
        return Outcome(lab, _listed(m for m in node.mounts if m.lock))
    mounts, err = _found(lab, node, [*every, *operands], shell.directory)
    return Outcome(lab, _listed(m for _, m in mounts), err, FAILED if err else 0)


def _listed(mounts):
    rows = [text("lockfs.row", point=m.point, kind=m.lock or locks.NONE, comment=m.comment) for m in mounts]
    return (text("lockfs.header") if rows else "") + "".join(rows)


def _found(lab, node, names, directory):
    """([(name, mount of a UFS that it is in)], what is said of the other names)."""
    mounts, err = [], ""
    for name in names:
        path = files.absolute(name, directory)
        place, kind = files.locate(lab, node, path), files.kind(lab, node, path)
        if kind is None:
            err += text("lockfs.failed", file=name, error=text("error.ENOENT"))
        elif place is None or kind in ("block", "raw"):
            err += text("lockfs.failed", file=name, error=text("error.ENOTTY"))
        else:
            mounts.append((name, files.mount_over(node, files.normal(path))))
    return mounts, err


def _set(lab, node, names, kinds, comment, directory):
    """`kinds` is empty for -f alone, after which nothing is different (ours)."""
    mounts, err = _found(lab, node, names, directory)
    for name, mount in mounts if kinds else ():
        here = lab.nodes[node.name]
        mount = next(m for m in reversed(here.mounts) if m.point == mount.point)
        if mount.lock == locks.HARD:
            err += text("lockfs.failed", file=name, error=text("error.EIO")) + text("lockfs.hard")
            continue
        changed = mount._replace(lock=kinds[0], comment=comment if kinds[0] else "")
        if changed != mount:
            lab = with_node(lab, here._replace(mounts=tuple(changed if m is mount else m for m in here.mounts)))
    return Outcome(lab, "", err, FAILED if err else 0)
