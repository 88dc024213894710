"""sdxinfo: which objects are meant, and what stands in their rows. It changes nothing.

Guide D.6: letters choose object kinds (-A is -CDGSV); with a letter the named objects and those
related to them are shown, without only the named ones; without -o every object counts as named.
Rows come in order of creation, volumes of a group by block (the order of rows is undefined, D.6).
"""

from ..model.outcome import Outcome
from ..model.queries import (
    above,
    copied,
    lower_groups,
    relation_of_proxy,
    relation_of_volume,
    sees,
    spares_for,
    top,
    volumes_of_group,
    volumes_on,
)
from ..model.sizes import areas, free_blocks, single
from ..model.status import ACTIVE, FREE, INVALID, JOINED, PRIVATE, SINGLE, SOFT, SPARE, STOP, TEMP, TEMP_STOP
from ..words.attributes import IO_SECONDS
from ..words.notes import Refusal
from ..words.render import table
from ..words.views import ORDER, columns

NONE = "*"


class Meant:
    """The names that -o means in one class, by kind; None stands for all."""

    def __init__(self, klass, name):
        self.kinds = {}
        self.disks = self.groups = self.volumes = self.slices = None
        if name is None:
            return
        self.disks, self.groups, self.volumes = set(), set(), set()
        if name == klass.name:
            own = {"volume": klass.volumes, "group": klass.groups, "disk": klass.disks}
            self.kinds = {"class", *(kind for kind, named in own.items() if name in named)}
            self.disks = self.groups = self.volumes = None
        elif name in klass.volumes:
            self.kinds = {"volume"}
            self._volume(klass, klass.volumes[name])
        elif name in klass.groups:
            self.kinds = {"group"}
            self._group(klass, name)
            over = self._over(klass, name)
            self.volumes = {v.name for v in volumes_of_group(klass, top(klass, name))}
            if over:  # of its volumes, what lies on this member
                self.slices = {(v, m) for v in self.volumes for m in {*self.groups, *self.disks}}
        elif name in klass.disks:
            self.kinds = {"disk"}
            self.disks = {name}
            lower = {name, *self._over(klass, name)}
            self.volumes = {v.name for v in volumes_on(klass, name)}
            self.slices = {(v, m) for v in self.volumes for m in lower}
        else:
            member, _, volume = name.partition(".")
            self.kinds = {"slice"}
            self._volume(klass, klass.volumes[volume])
            self.slices = {(volume, member)}

    def _volume(self, klass, volume):
        self.volumes = {volume.name}
        if volume.group:
            self._group(klass, volume.group)
        else:
            self.disks = {s.member for s in volume.slices}

    def _over(self, klass, name):
        """The groups above, which are related too."""
        over = []
        while (name := above(klass, name)) is not None:
            over.append(name)
        self.groups.update(over)
        return over

    def _group(self, klass, name):
        self.groups.add(name)
        for member in klass.groups[name].members:
            if member in klass.groups:
                self._group(klass, member)
            else:
                self.disks.add(member)

    def has(self, kind, name):
        """True when the object is among those meant."""
        among = getattr(self, kind)
        return among is None or name in among


def _knows(klass, name):
    if name == klass.name or name in klass.volumes or name in klass.groups or name in klass.disks:
        return True
    member, dot, volume = name.partition(".")
    found = klass.volumes.get(volume) if dot else None
    return bool(found) and any(s.member == member for s in found.slices)


def _classes(lab, node, args):
    """The classes asked for, that this node shares."""
    shared = [k for k in lab.classes.values() if node.name in k.scope]
    if "class" in args:
        shared = [k for k in shared if k.name == args["class"]]
        if not shared:
            raise Refusal("class.unknown", **{"class": args["class"]})
    if "object" in args:
        shared = [k for k in shared if _knows(k, args["object"])]
        if not shared:
            raise Refusal("object.unknown", object=args["object"])
    return shared


# -- rows: one function a kind, a value for every column of the long table -----------------------------------------


def _on(flag):
    return "on" if flag else "off"


def _class_rows(lab, klass, meant, node, now):
    scope = ":".join(klass.scope) if klass.type == "shared" else "(local)"
    spares = sum(d.type == SPARE for d in klass.disks.values())
    yield ("class", klass.name, klass.type, scope, spares, _on(klass.hs), klass.hsmode)


def _disk_rows(lab, klass, meant, node, now):
    for disk in klass.disks.values():
        if not meant.has("disks", disk.name):
            continue
        device = lab.devices[disk.device]
        nodes = ":".join(name for name in klass.scope if sees(lab.nodes[name], device))
        free = NONE
        if disk.type == SINGLE and not disk.group:
            free = free_blocks(single(klass, disk, device), volumes_on(klass, disk.name))
        kind = klass.groups[disk.group].type if disk.group else disk.type
        blocks = device.blocks if device.present else NONE
        yield (
            "disk", disk.name, kind, klass.name, disk.group or NONE, disk.device,
            blocks, free, nodes, disk.status, int(disk.error),
        )  # fmt: skip


def _group_rows(lab, klass, meant, node, now):
    lower = lower_groups(klass)
    for group in klass.groups.values():
        if not meant.has("groups", group.name):
            continue
        spares = len(spares_for(lab, klass, group))
        free = free_blocks(group, volumes_of_group(klass, group.name))
        relation = relation_of_proxy(klass, group.name)
        yield (
            "group", group.name, klass.name, ":".join(group.members), group.blocks,
            NONE if group.name in lower else free, NONE if group.name in lower else spares,
            relation.master if relation else NONE, group.type, group.width or NONE, group.actdisk or NONE,
        )  # fmt: skip


def status_on(volume, node_name):
    """What the volume table shows on a node: ACTIVE, STOP or INVALID."""
    if not volume.valid:
        return INVALID
    return ACTIVE if node_name in volume.started else STOP


def _volume_row(klass, volume, node, kind):
    relation, pair = relation_of_volume(klass, volume.name)
    disk = NONE if volume.group else volume.slices[0].member
    proxy = NONE if relation is None else ("Join" if relation.state == JOINED else "Part")
    return (
        "volume", volume.name, kind, klass.name, volume.group or NONE, disk,
        pair.master if pair else NONE, proxy, "off", _on(volume.jrm), volume.mode, _on(volume.lock),
        volume.first, volume.first + volume.blocks - 1, volume.blocks,
        status_on(volume, node.name), _on(volume.pslice),
    )  # fmt: skip


def _area_row(klass, holder, first, blocks, what):
    group, disk = (NONE, holder.name) if holder.type == SINGLE else (holder.name, NONE)
    return (
        "volume", NONE, NONE, klass.name, group, disk, *(NONE,) * 6,
        first, first + blocks - 1, blocks, what, NONE,
    )  # fmt: skip


def _holders(lab, klass, meant):
    """What has volumes, PRIVATE and FREE areas: groups that are in no other, then single disks."""
    lower = lower_groups(klass)
    for group in klass.groups.values():
        if group.name not in lower and meant.has("groups", group.name):
            yield group
    for disk in klass.disks.values():
        if disk.type == SINGLE and not disk.group and meant.has("disks", disk.name):
            yield single(klass, disk, lab.devices[disk.device])


def _volume_rows(lab, klass, meant, node, now):
    held = {}
    for volume in klass.volumes.values():
        held.setdefault(volume.group or volume.slices[0].member, []).append(volume)
    for holder in _holders(lab, klass, meant):
        for first, blocks, what in areas(holder, held.get(holder.name, [])):
            if what in (PRIVATE, FREE):  # shown under -o VOLUME too (guide F.1.3)
                yield _area_row(klass, holder, first, blocks, what)
            elif meant.has("volumes", what.name):
                yield _volume_row(klass, what, node, holder.type)


def _slice_rows(lab, klass, meant, node, now):
    sessions = {(c.volume, m): c for c in lab.copies if c.klass == klass.name for m in c.members}
    name, chosen, all_volumes = klass.name, meant.slices, meant.volumes is None
    kept = {p.proxy: p.session for r in klass.relations for p in r.pairs if p.session}  # by the disk array
    for volume in _by_group(klass):
        if not all_volumes and volume.name not in meant.volumes:
            continue
        group = volume.group or NONE
        for piece in volume.slices:
            if chosen is not None and (volume.name, piece.member) not in chosen:
                continue
            copy = sessions.get((volume.name, piece.member))
            progress = (NONE, NONE, NONE, NONE, "off", kept.get(volume.name, NONE))
            if copy is not None:
                function = "soft" if copy.engine == SOFT else copy.engine
                running = "intr" if copy.interrupted else "wait" if copy.paused or copy.since > now else "run"
                progress = (running, copied(copy, now), copy.blocks, copy.delay, "off", function)
            status = TEMP_STOP if piece.status == TEMP and piece.owner != node.name else piece.status
            own = piece.status in (TEMP, TEMP_STOP)  # only a detached slice has a mode and a JRM of its own
            own = (_on(piece.jrm), piece.mode) if own else (NONE, NONE)
            yield ("slice", name, group, piece.member, volume.name, *own, status, *progress)


def _by_group(klass):
    """Volumes group by group, in order of block inside a group; those of single disks last."""
    held = {}
    for volume in klass.volumes.values():
        held.setdefault(volume.group, []).append(volume)
    for group in klass.groups:
        yield from sorted(held.get(group, []), key=lambda v: v.first)
    yield from held.get(None, [])  # in order of creation


_ROWS = {
    "class": _class_rows,
    "disk": _disk_rows,
    "group": _group_rows,
    "volume": _volume_rows,
    "slice": _slice_rows,
}


def show(lab, node, args, now):
    """The tables asked for; a table without rows is not printed at all (recalled: mid)."""
    letters = args["letters"]
    long = "long" in args.get("e", {})
    classes = _classes(lab, node, args)
    meant = {k.name: Meant(k, args.get("object")) for k in classes}
    if "A" in letters:
        letters = "CDGSV"
    printed = []
    for letter, kind in ORDER:
        if letters and letter not in letters:
            continue
        chosen = [k for k in classes if letters or "object" not in args or kind in meant[k.name].kinds]
        rows = [row for k in chosen for row in _ROWS[kind](lab, k, meant[k.name], node, now)]
        if not rows:
            continue
        if not letters and "object" in args:
            rows = [row for row in rows if args["object"] in (row[1], f"{row[3]}.{row[4]}")]
        places = [i for i, column in enumerate(columns(kind, True)) if long or column[3]]
        printed.append(table(columns(kind, long), rows, places))
    return Outcome(lab, "\n".join(printed))


def show_io(lab, node, args, now):
    """The I/O response times of classes; nothing of one that is closed down (guide D.6)."""
    classes = [k for k in _classes(lab, node, args) if node.name not in k.closed]
    rows = []
    for klass in classes:
        on, seconds, panic = klass.iotimeout or (False, IO_SECONDS, False)
        rows.append((klass.name, f"{_on(on):>3}", seconds, f"{_on(panic):>4}"))
    return Outcome(lab, table(columns("io", True), rows) if rows else "")
