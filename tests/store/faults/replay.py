"""Power cuts on paper: every disk that a command's calls may leave when the power goes at any moment.

What was called is known; what of it had reached the disk is not, except that fsync of a file brings its
data there and fsync of a directory the names in it (2.7 of the reliability notes, after ALICE). Two
disks: `ordered` keeps the directory operations in their order, as a journal does, `weak` loses any of
them. A file whose data were not synced holds all of them, half, NULs, NULs in its first 4 KiB, or none.
"""

import itertools
import os
from collections import namedtuple

from .cases import NONE
from .hook import OUT
from .invariant import planted, seen
from .process import ran

MODELS = ORDERED, WEAK = "ordered", "weak"


class Disk(namedtuple("Disk", "names inodes told")):
    """A disk after a cut: {name: inode or None for a directory}, {inode: data}; `told`: how many commands had reported."""

    __slots__ = ()


class _Inode:
    def __init__(self, data=b""):
        self.data, self.synced = data, len(data)


class Replay:
    """The calls of commands typed one after another, replayed: `disks(model)` are what a cut may leave."""

    def __init__(self, tree, runs):
        self.steps = [(call, number) for number, run in enumerate(runs) for call in run]
        self.ends = {sum(map(len, runs[: number + 1])): number + 1 for number in range(len(runs))}
        self.names = {"lab": None} if tree else {}  # as the kernel sees them now
        self.inodes, self.by_fd = [], {}
        for name, content in sorted(tree.items()):
            self.names[f"lab/{name}"] = None if content is None else self._new(content)
        self.durable, self.pending, self.told = dict(self.names), [], 0

    def _new(self, data=b""):
        self.inodes.append(_Inode(data))
        return len(self.inodes) - 1

    def disks(self, model):
        """Yields every Disk, after each prefix of the calls, each but once."""
        met = set()
        for at in range(len(self.steps) + 1):
            if at:
                self._do(*self.steps[at - 1])
            self.told = self.ends.get(at, self.told)
            for disk in self._now(model):
                key = (frozenset(disk.names.items()), tuple(sorted(disk.inodes.items())), disk.told)
                if key not in met:
                    met.add(key)
                    yield disk

    def _do(self, call, number):
        if not call.done:
            return
        name, where = call.name, call.where
        if name == "open":
            if call.creates:
                self._rename_to({where: self._new()})
            self.by_fd[call.fd] = where, self.names.get(where)
        elif name == "write" and where == OUT:
            self.told = number + 1
        elif name == "write" and call.fd in self.by_fd:
            self.inodes[self.by_fd[call.fd][1]].data += call.data
        elif name in ("fsync", "fdatasync"):
            self._sync(*self.by_fd[call.fd])
        elif name == "mkdir":
            self._rename_to({where: None})
        elif name in ("rename", "replace"):
            self._rename_to({call.to: self.names[where]}, gone=where)
        elif name == "link":
            self._rename_to({call.to: self.names[where]})
        elif name in ("unlink", "remove"):
            self._rename_to({}, gone=where)

    def _rename_to(self, new, gone=None):
        self.names.update(new)
        if gone:
            self.names.pop(gone, None)
        if all("/bin/" not in name for name in (*new, gone or "")):  # the lab's commands can be made anew
            self.pending.append((os.path.dirname(next(iter(new), gone)), new, gone))

    def _sync(self, where, inode):
        if inode is not None:
            self.inodes[inode].synced = len(self.inodes[inode].data)
            return
        for directory, new, gone in self.pending:
            if directory == ("" if where == "." else where):
                _apply(self.durable, new, gone)
        self.pending = [p for p in self.pending if p[0] != ("" if where == "." else where)]

    def _now(self, model):
        for lost_none in _kept(self.pending, model):
            names = dict(self.durable)
            for _, new, gone in lost_none:
                _apply(names, new, gone)
            names = {n: i for n, i in names.items() if _has_parents(n, names)}
            loose = sorted({i for n, i in names.items() if i is not None and self._is_loose(i)})
            whole = {i: self.inodes[i].data for i in names.values() if i is not None and i not in loose}
            for data in itertools.product(*(_torn(self.inodes[i]) for i in loose)):
                yield Disk(names, {**whole, **dict(zip(loose, data, strict=True))}, self.told)

    def _is_loose(self, inode):
        return self.inodes[inode].synced < len(self.inodes[inode].data)


def _apply(names, new, gone):
    names.update(new)
    if gone:
        names.pop(gone, None)


def _has_parents(name, names):
    parent = os.path.dirname(name)
    return not parent or (parent in names and _has_parents(parent, names))


def _kept(pending, model):
    """The directory operations that had reached the disk: those before any one, or any of them."""
    if model == ORDERED:
        return [pending[:n] for n in range(len(pending) + 1)]
    return [[p for p, kept in zip(pending, which, strict=True) if kept]
            for which in itertools.product((False, True), repeat=len(pending))]  # fmt: skip


def _torn(inode):
    data, synced = inode.data, inode.synced
    loose = len(data) - synced
    page = min(4096, loose)
    ways = (b"", data[synced:], data[synced : synced + loose // 2], b"\0" * loose, b"\0" * page + data[synced + page :])
    return list(dict.fromkeys(data[:synced] + way for way in ways))


def cuts(experiment, model, top, second=None):
    """Cuts the power at every moment of the command: (disks judged, violations).

    `second`: (calls, Seen) of a command typed right behind it, at whose moments the power goes as well.
    """
    labs, runs, found, count = [experiment.old, experiment.new], [experiment.calls], [], 0
    if second:
        runs, labs = [*runs, second[0]], [*labs, second[1]]
    for disk in Replay(experiment.old_tree if experiment.old.kind != NONE else {}, runs).disks(model):
        count += 1
        now = _seen_on(disk, experiment.on_paper, str(top))
        if now not in labs:
            found.append(f"{experiment.case.line}, {model}: LOST, {now.kind}")
        elif now not in labs[disk.told :]:
            found.append(f"{experiment.case.line}, {model}: ACKED-LOST, success was reported and the change is gone")
    return count, found


def _seen_on(disk, known, top):
    """What a fresh look finds on the disk; `known`: on disks that held the same, whatever led to them."""
    held = {name: None if inode is None else disk.inodes[inode] for name, inode in disk.names.items()}
    key = hash(frozenset(held.items()))
    if key not in known:
        planted(held, top)
        known[key] = seen(f"{top}/lab")
    return known[key]


def followed(experiment, argv):
    """(calls, Seen) of `argv` typed right behind the experiment's command; None if it changes nothing there."""
    planted(experiment.new_tree, experiment.lab)
    run = ran(argv, experiment.lab, before=lambda number, call: None)
    now = seen(experiment.lab)
    return (run.calls, now) if run.status == 0 and now != experiment.new else None
