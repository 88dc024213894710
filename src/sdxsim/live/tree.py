"""The live trees of a lab: `LAB/live/NODE`, see the package's own text.

What was last shown stands in `LAB/live/.NODE.json`: the mounts, and of each path kind, permission
bits, what its content is called, what changes when it is written to (inode, size, times) and whose it is. Before a
directory is brought in line, what it will show (`next`) and what will be put aside (`aside`) are noted there as
well: who is killed in between leaves paths that are as they were or as they will be, and neither is taken
for an edit.
"""

import json
import os
import time

from ..model import clock
from ..model.names import visible, well_spelled
from ..model.records import Kept
from ..model.status import RUNNING
from ..rules.copying import settle
from ..solaris.owners import Ids
from ..store import disk
from ..store.commit import commit, locked
from ..store.lab import look
from ..store.objects import content, content_name
from ..store.trouble import Trouble, Uncertain
from . import fittings
from .ground import DEPTH, FILE, LINK, NAME, PART, TOTAL, Entry, Ground, owners
from .view import Edit, Place, edited, left, places, shows

LIVE, LEFT, NEW = "live", "left", ".new"
FORMAT = 1
_RACY = 50_000_000  # ns: who writes twice within a tick of the kernel's clock leaves no trace in the times
_TOO_MUCH = f"{FILE >> 20} MB a file and {TOTAL >> 20} MB at a time are the most"
_LEFT_OUT = {
    "other": "it is no file, directory or link, or has names elsewhere",
    "far": f"{DEPTH} directories in each other and {NAME} bytes of a path are the most",
}
_TOLD = 5  # sentences; more are counted


class _Shown(dict):
    """What was last shown of a node: `mounts`, `rows` {path: [kind, mode, name, sign, own]}, `next`, `aside`, when."""


def directory(path, node):
    """Where the name space of that node of the lab at `path` is shown."""
    return f"{path}/{LIVE}/{node}"


def exists(path):
    """True when the lab at `path` has live trees."""
    return os.path.isdir(f"{path}/{LIVE}")


def make(path):
    """The lab at `path` has live trees, one a node, as they should be. Returns sentences. Raises Trouble."""
    look(path).close()
    try:
        disk.make_directory(f"{path}/{LIVE}")
    except OSError as fault:
        raise Trouble(f"cannot make {path}/{LIVE}: {fault.strerror}") from fault
    return show(path)


def end(path):
    """Edits are harvested, and the lab at `path` has no live trees any more. Returns sentences. Raises Trouble."""
    with locked(path):
        work = _Work(path)
        try:
            work.harvest()
            for node in _nodes(work.lab()):
                work.bring_in_line(node, {}, {})
                os.rmdir(directory(path, node))
                disk.remove(_notes(path, node))
            fittings.end(path)
            disk.remove(f"{path}/{LIVE}/{NEW}")
            try:
                os.rmdir(f"{path}/{LIVE}")
            except OSError:
                work.said.append(f"{path}/{LIVE} stays: it holds what is not of it")
        except OSError as fault:
            raise _trouble(path, fault) from fault
        finally:
            work.close()
        return work.sentences()


def harvest(path):
    """What was edited goes into the volumes of the lab at `path`, in one commit. Returns sentences. Raises Trouble."""
    # no lock where there is nothing to do, which is nearly always
    return () if not exists(path) or _is_untouched(path) else show(path)


def show(path):
    """Harvests, and brings the trees of the lab at `path` in line with it. Returns sentences. Raises Trouble."""
    if not exists(path):
        return ()
    with locked(path):
        work = _Work(path)
        try:
            work.show()
        except OSError as fault:
            raise _trouble(path, fault) from fault
        finally:
            work.close()
        return work.sentences()


def _trouble(path, fault):
    return Trouble(f"the live tree in {path}/{LIVE} cannot be used: {fault.strerror}")


def _notes(path, node):
    return f"{path}/{LIVE}/.{node}.json"


def _nodes(lab):
    """Names of the nodes that can be shown: as the name of a directory among others."""
    return [name for name in lab.nodes if well_spelled(name)]


# -- what was shown -------------------------------------------------------------------------------------------------


def _noted(path, node):
    """The _Shown of a node; None where nothing was shown yet, or where it cannot be told what was."""
    try:
        fd = os.open(_notes(path, node), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(fd, "rb") as file:
            found = _Shown(json.loads(file.read()))
        if found["format"] != FORMAT:
            return None
        found["mounts"] = {row[0]: Place(*row) for row in found["mounts"]}
        for rows in (found["rows"], found["next"] or {}):
            for path_, row in rows.items():
                kind, mode, name, sign, own = (*row, ())[:5]  # notes of earlier versions have four
                rows[path_] = [str(kind), int(mode), str(name), tuple(map(int, sign)), tuple(map(int, own))]
        found["at"], found["aside"] = int(found["at"]), set(found["aside"])
        return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _note(path, node, mounts, rows, coming=None, aside=()):
    new = f"{path}/{LIVE}/{NEW}.json"
    content_ = {"format": FORMAT, "mounts": [list(place) for place in mounts.values()], "rows": rows,
                "next": coming, "aside": sorted(aside), "at": time.time_ns()}  # fmt: skip
    disk.remove(new)
    disk.write_new(new, json.dumps(content_).encode("ascii"))
    disk.replace(new, _notes(path, node))


def _untouched(row, entry, at):
    """True when the entry is as it was shown, by what changes with each write."""
    if entry is None or (row[0], row[1]) != (entry.kind, entry.mode) or (row[4] and owners() and row[4] != entry.own):
        return False
    if entry.kind == "dir":
        return True
    return row[3] == entry.sign and _settled(row, at)


def _given(ids, entry, rows, between):
    """(user, group) that it was given to since it was shown as one of these rows (None: not), () if it was not.

    `between`: somebody was killed while he showed it, and may not have come to giving it away.
    """
    owns = [row[4] for row in rows if row and row[0] == entry.kind]
    if ids is None or entry.own in owns or () in owns:
        return ()
    return () if owns and between and entry.own == (os.geteuid(), os.getegid()) else ids.names(entry.own)


def _owned(seen, row):
    """True when what was seen is whose the row says."""
    return not row[4] or seen[4] == row[4]


def _settled(row, at):
    return row[0] == "dir" or (len(row[3]) == 4 and row[3][3] < at - _RACY)


def _is_untouched(path):
    """True when nothing of what was shown was touched since."""
    opened = look(path)
    opened.close()
    for node in _nodes(opened.document.lab):
        noted = _noted(path, node)
        if noted is None or noted["next"] is not None:
            return False
        with Ground(directory(path, node)) as ground:
            try:
                found = ground.walk(os.open)  # nothing is unlocked without the lock
            except Trouble:
                return False
        rows, at = noted["rows"], noted["at"]
        if found.keys() != rows.keys() or not all(_untouched(row, found[p], at) for p, row in rows.items()):
            return False
    return True


# -- the work, under the lock ---------------------------------------------------------------------------------------


class _Work:
    """One harvest, and perhaps one showing, of a lab whose lock is held."""

    def __init__(self, path):
        self.path, self.said, self.kept = path, [], {}
        self.opened = look(path)
        self.live = Ground(f"{path}/{LIVE}")
        self.seen = {}  # {node: {path: [kind, mode, name, sign]}}: what stands there, harvested or not
        self.refused = {}  # {node: {path: why}}

    def close(self):
        for ground in (self.live, *self.kept.values()):
            os.close(ground.fd)
        self.opened.close()

    def lab(self):
        return self.opened.document.lab

    def sentences(self):
        more = len(self.said) - _TOLD
        told = self.said if more <= 1 else [*self.said[:_TOLD], f"and {more} more"]
        return tuple(visible(sentence) for sentence in told)

    def harvest(self):
        """Edits of all nodes go into the lab."""
        before = self.lab()
        at = time.time_ns() // 1_000_000
        now = clock.now(before.clock, at)
        lab = settled = settle(before, now)
        for node in _nodes(before):
            edits, mounts = self._edits(node)
            if edits:
                lab, refused = edited(lab, lab.nodes[node], edits, mounts, now)
                self.refused[node].update(refused)
            for path, why in sorted(self.refused[node].items()):
                self.said.append(left(path, why))
        if lab is settled:
            return
        if lab.clock.mode == RUNNING:
            lab = lab._replace(clock=clock.at(lab.clock, now, at))
        op = {"argv": ["sdxsim", "harvest"], "at": now, "wall": at, "status": 0}
        try:
            commit(self.path, self.opened, lab, op)
        except Uncertain as doubt:
            self.said.append(str(doubt))
        self.opened.close()
        self.opened = look(self.path)

    def show(self):
        """The same, and then every node's tree is as the lab says."""
        self.harvest()
        lab = self.lab()
        lab = settle(lab, clock.now(lab.clock, time.time_ns() // 1_000_000))
        fitted = fittings.exist(self.path)
        for name in _nodes(lab):
            node = lab.nodes[name]
            target = shows(lab, node)
            if fitted:
                target = fittings.furnished(self.path, target)
                fittings.show_devices(self.path, lab, node)
            self.bring_in_line(name, target, places(lab, node))

    # -- what was edited --

    def _edits(self, node):
        """({path: Edit or None}, {mount point: Place}); what cannot be taken is refused."""
        refused, seen = self.refused.setdefault(node, {}), self.seen.setdefault(node, {})
        noted, where = _noted(self.path, node), directory(self.path, node)
        if not os.path.lexists(where):
            disk.make_directory(where)
            return {}, {}
        with Ground(where) as ground:
            found = ground.walk()
            if noted is None:  # nobody knows what was shown, so what is there is kept, and not taken for anything
                if found:
                    ground_ = self._left()
                    os.rename(node, self._free(ground_, node), src_dir_fd=self.live.fd, dst_dir_fd=ground_.fd)
                    self.said.append(f"what was in {where} is in {self.path}/{LEFT}: nobody knows what it is")
                    disk.make_directory(where)
                return {}, {}
            return self._compared(ground, found, noted, refused, seen, self._ids(node)), noted["mounts"]

    def _ids(self, node):
        """The Ids of that node's users and groups, None where files are nobody's but ours."""
        return Ids(self.lab(), self.lab().nodes[node]) if owners() else None

    def _compared(self, ground, found, noted, refused, seen, ids):
        rows, coming, edits, total = noted["rows"], noted["next"], {}, 0
        for path, entry in found.items():
            if path in noted["aside"] and entry.kind != "dir":
                seen[path] = [entry.kind, entry.mode, "", (), ()]
                refused[path] = "it was left out before"
                continue
            row, then = rows.get(path), (coming or {}).get(path)
            if row and _untouched(row, entry, noted["at"]):
                seen[path] = row
                continue
            if entry.kind in _LEFT_OUT:
                seen[path], refused[path] = [entry.kind, entry.mode, "", (), ()], _LEFT_OUT[entry.kind]
                continue
            read, why = self._read(ground, path, entry)
            if why:
                seen[path], refused[path] = ["file", entry.mode, "", (), ()], why
                continue
            name, text, entry = read
            seen[path] = [entry.kind, entry.mode, name, entry.sign, entry.own if ids else ()]
            known = [r for r in (row, then) if r and (r[0], r[2]) == (entry.kind, name)]
            total += entry.sign[1] if entry.kind == "file" and not known else 0
            if total > TOTAL and not known and entry.kind == "file":
                seen[path], refused[path] = ["file", entry.mode, "", (), ()], _TOO_MUCH
                continue
            own = _given(ids, entry, (row, then), coming is not None)
            mode = None if entry.kind == "link" else entry.mode
            if not known or own or (mode is not None and not any(r[1] == mode for r in known)):
                edits[path] = Edit(entry.kind, mode, text, own)
        for path, row in rows.items():
            stays = coming is None or (path in coming and coming[path][:3] == row[:3])
            if stays and path not in found and path not in noted["aside"]:
                edits[path] = None
        return edits

    @staticmethod
    def _read(ground, path, entry):
        """((name of the content, content as text, its Entry), why it cannot be taken or "")."""
        if entry.kind == "link":
            target = ground.target(path)
            return (target, target, entry), ""
        if entry.kind == "dir":
            return ("", "", entry), ""
        read = ground.content(path, entry) if entry.sign[1] <= FILE else (b"", entry)
        if read is None:
            return None, "it was changed while it was read"
        raw, entry = read
        if max(len(raw), entry.sign[1]) > FILE:
            return None, _TOO_MUCH
        return (content_name(raw), raw.decode("utf-8", "surrogateescape"), entry), ""

    # -- what is shown --

    def bring_in_line(self, node, target, mounts):
        """`LAB/live/NODE` shows `target` {path: Shown}, and it is noted."""
        where, seen = directory(self.path, node), self.seen[node]
        refused = self.refused[node]
        wanted, bodies, ids = {}, {}, self._ids(node)
        for path, shown in target.items():
            if not _fits(path, shown.file):
                continue  # it stays in its volume
            wanted[path], bodies[path] = self._row(shown, ids)
        noted = _noted(self.path, node)
        same = {p for p, row in wanted.items() if p in seen and seen[p][:3] == row[:3] and _owned(seen[p], row)}
        current = noted and noted["next"] is None and noted["mounts"] == mounts
        quiet = current and not refused and noted["rows"].keys() == wanted.keys() == seen.keys() == same
        if quiet and all(noted["rows"][p] == seen[p] and _settled(seen[p], noted["at"]) for p in same):
            return
        if noted is None:
            _note(self.path, node, {}, {}, wanted)
        elif refused or seen.keys() != wanted.keys() or len(same) != len(wanted):
            # what stands there now is harvested: from here on it is what was shown; or it is put aside
            _note(self.path, node, mounts, {p: r for p, r in seen.items() if p not in refused}, wanted, refused)
        with Ground(where) as ground:
            touched = set()
            for path in sorted(seen, reverse=True):  # what is in a directory before the directory
                if path not in wanted or wanted[path][0] != seen[path][0] or (path in refused and path not in same):
                    self._take_away(ground, path, seen[path], path in refused or _touched(ground, path, seen[path]))
                    touched.add(path.rpartition("/")[0])
            for path, row in wanted.items():
                there = path in seen and seen[path][0] == row[0] and not (path in refused and path not in same)
                if there and path in same:
                    row[3] = seen[path][3]
                elif there and row[0] == "dir":
                    row[4] = ground.own(path, row[4]).own if row[4] else ()
                    ground.mode(path, row[1])
                elif there and seen[path][2] == row[2]:
                    entry = ground.own(path, row[4])
                    if row[0] == "file":
                        ground.mode(path, row[1])
                        entry = ground.entry(path)
                    row[3], row[4] = entry.sign, entry.own if row[4] else ()
                elif (there and _touched(ground, path, seen[path])) or (path not in seen and ground.entry(path)):
                    continue  # somebody was quicker than we: the next harvest finds it
                else:
                    made = self._made(ground, path, row, bodies[path])
                    row[3], row[4] = made.sign, made.own if row[4] else ()
                    touched.add(path.rpartition("/")[0])
            for path in sorted(touched):
                ground.sync(path)
        _note(self.path, node, mounts, wanted)
        self.seen[node] = wanted

    def _made(self, ground, path, row, body):
        """The Entry of what was made there."""
        kind, mode, name, _, own = row
        if kind == "dir":
            ground.directory(path, mode, own)
            return ground.entry(path)
        if kind == "link":
            return ground.link(path, name, self.live, own)
        return ground.file(path, mode, body(), self.live, own)

    def _row(self, shown, ids):
        """([kind, mode, name, sign, own], a function that gives the content) of what is to be shown."""
        file = shown.file
        if file is None:
            return ["dir", 0o755, "", (), ()], None
        own = ids.of(file) if ids else ()
        if file.kind == "dir":
            return ["dir", file.mode & 0o777 | 0o700, "", (), own], None
        if file.kind == "link":
            return ["link", 0o777, file.text, (), own], None
        mode = file.mode & 0o777 | 0o400
        if type(file.text) is Kept:
            return ["file", mode, file.text.name, (), own], lambda: content(file.text.source.path, file.text)
        raw = file.text.encode("utf-8", "surrogateescape")
        return ["file", mode, content_name(raw), (), own], lambda: raw

    def _take_away(self, ground, path, row, keep):
        entry = Entry(row[0], row[1])
        try:
            if keep and row[0] != "dir":
                to = self._left()
                flat = os.fsencode(path.strip("/").replace("/", "_"))[-200:]
                ground.move(path, (to, self._free(to, os.fsdecode(flat))))
                self.said.append(f"what was {path} is in {self.path}/{LEFT}")
            else:
                ground.remove(path, entry)
        except OSError:
            if row[0] != "dir":
                raise  # a directory that holds what nobody has seen yet stays until the next time

    def _left(self):
        if "left" not in self.kept:
            disk.make_directory(f"{self.path}/{LEFT}")
            self.kept["left"] = Ground(f"{self.path}/{LEFT}")
        return self.kept["left"]

    def _free(self, ground, name):
        there, number = set(os.listdir(ground.fd)), 1
        while f"{number}-{name}" in there:
            number += 1
        return f"{number}-{name}"


def _fits(path, file):
    """True for what a file system of the host can hold; whatever else a lab's document says."""
    if path.count("/") > DEPTH or len(os.fsencode(path)) > NAME or max(map(len, os.fsencode(path).split(b"/"))) > PART:
        return False
    to = os.fsencode(file.text) if file is not None and file.kind == "link" else b"."
    return 0 < len(to) <= LINK and b"\0" not in to


def _touched(ground, path, row):
    """True when a file was written to since it was walked past."""
    entry = ground.entry(path)
    return row[0] == "file" and entry is not None and bool(row[3]) and entry.sign != tuple(row[3])
