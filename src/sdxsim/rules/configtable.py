"""The configuration table of a class, as sdxconfig gives and takes it: text <-> Class record.

The product's format is not known; this one is ours. A line an object, `kind name key=value ...`, in the
order of creation, below a line that says what it is and above one that says that it is whole:

    # sdxsim configuration table 1
    class Class1 type=local hs=on hsmode=exbox private=65536
    disk Disk1 device=c1t1d0 type=undef
    group Group1 type=mirror width=* members=Disk1:Disk2
    volume Volume1 in=Group1 first=65536 blocks=8388608 jrm=on lock=off mode=rw pslice=0
    end

What is read is judged by itself, whatever wrote it; how it fits the disks is judged when it is restored.
"""


from ..model.names import NAME_LENGTH, SINGLE_DISK_NAME_LENGTH, well_spelled
from ..model.queries import holder_of
from ..model.record import Record
from ..model.records import Class, Disk, FileSystem, Group, Slice, Volume
from ..model.sizes import MOST_MEMBERS, UNIT
from ..model.status import CONCAT, LOCAL, MIRROR, RO, RW, SHARED, SINGLE, SPARE, STOP, STRIPE, UNDEF
from .disk import MOST_PSLICES
from .makevolume import MOST_VOLUMES
from .membership import HIERARCHIES

HEAD = "# sdxsim configuration table 1"
END = "end"
NONE = "*"
ON_OFF = ("on", "off")


class Wrong(Exception):
    """What is wrong with a table, in a few words that name the line."""


class Line(Record, fields="number kind name fields"):
    """An object as it was read."""

    __slots__ = ()

    def wrong(self, what):
        return Wrong(f"line {self.number}: {what}")

    def word(self, key, words):
        """The value of `key`, one of `words`."""
        if self.fields[key] not in words:
            raise self.wrong(f"{key}={self.fields[key]}")
        return self.fields[key]

    def flag(self, key):
        """The value of `key`, on or off, as a truth value."""
        return self.word(key, ON_OFF) == "on"

    def number_of(self, key):
        """The value of `key`, a whole number above 0."""
        text = self.fields[key]
        if not (text.isdigit() and len(text) < 16 and text[0] != "0"):
            raise self.wrong(f"{key}={text}")
        return int(text)


# -- writing ------------------------------------------------------------------------------------------------------


def _on(flag):
    return "on" if flag else "off"


def written(klass):
    """The table of a class."""
    lines = [HEAD]
    head = f"class {klass.name} type={klass.type} hs={_on(klass.hs)} hsmode={klass.hsmode}"
    lines.append(f"{head} private={klass.private}")
    lines += [f"disk {d.name} device={d.device} type={d.type}" for d in klass.disks.values()]
    for group in _from_below(klass):
        width = NONE if group.width is None else group.width
        lines.append(f"group {group.name} type={group.type} width={width} members={':'.join(group.members)}")
    for v in klass.volumes.values():
        holder, number = v.group or v.slices[0].member, v.number if v.pslice else NONE
        attributes = f"jrm={_on(v.jrm)} lock={_on(v.lock)} mode={v.mode} pslice={number}"
        lines.append(f"volume {v.name} in={holder} first={v.first} blocks={v.blocks} {attributes}")
    return "\n".join([*lines, END, ""])


def _from_below(klass):
    """The groups in order of creation, but each behind those that are its members."""
    left, found = dict(klass.groups), {}
    while left:
        ready = next(g for g in left.values() if not any(m in left for m in g.members))
        found[ready.name] = left.pop(ready.name)
    return found.values()


# -- reading ------------------------------------------------------------------------------------------------------

_KEYS = {
    "class": ("type", "hs", "hsmode", "private"),
    "disk": ("device", "type"),
    "group": ("type", "width", "members"),
    "volume": ("in", "first", "blocks", "jrm", "lock", "mode", "pslice"),
}
_ORDER = tuple(_KEYS)


def parsed(text):
    """The Class that a table describes, its groups without sizes, its volumes stopped. Raises Wrong."""
    klass, last = None, 0
    for line in _lines(text):
        place = _ORDER.index(line.kind)
        if place < last or (klass is None) != (line.kind == "class"):
            raise line.wrong(f"{line.kind} {line.name} is out of order")
        last = place
        klass = _READERS[line.kind](line, klass)
    if klass is None or not klass.disks:
        raise Wrong("no disk")
    _check_areas(klass)
    return klass


def _lines(text):
    rows = text.split("\n")
    if rows[0] != HEAD:
        raise Wrong(f"line 1 is not '{HEAD}'")
    if rows[-2:] != [END, ""] or END in rows[:-2]:
        raise Wrong(f"it does not end with one line '{END}'")
    names = set()
    for number, row in enumerate(rows[1:-2], 2):
        kind, name, *pairs = row.split(" ") if row.isascii() and row.count(" ") else ("", "")
        keys = tuple(pair.partition("=")[0] for pair in pairs)
        fields = {pair.partition("=")[0]: pair.partition("=")[2] for pair in pairs}
        line = Line(number, kind, name, fields)
        if kind not in _KEYS or keys != _KEYS[kind] or not all(fields.values()):
            raise line.wrong("not understood")
        if not well_spelled(name) or len(name) > NAME_LENGTH:
            raise line.wrong(f"{name} is no name")
        if kind != "class" and name in names:  # a class may be called like an object
            raise line.wrong(f"{name} stands twice")
        names |= {name} if kind != "class" else set()
        yield line


def _class(line, klass):
    private = line.number_of("private")
    if private % UNIT:
        raise line.wrong(f"private={private}")
    kind, mode = line.word("type", (LOCAL, SHARED)), line.word("hsmode", ("exbox", "bybox"))
    return Class(line.name, kind, (), hs=line.flag("hs"), hsmode=mode, private=private)


def _disk(line, klass):
    device, kind = line.fields["device"], line.word("type", (UNDEF, SINGLE, SPARE))
    if not well_spelled(device) or device in {d.device for d in klass.disks.values()}:
        raise line.wrong(f"device={device}")
    if kind == SINGLE and len(line.name) > SINGLE_DISK_NAME_LENGTH:
        raise line.wrong(f"{line.name} is too long")
    return klass._replace(disks={**klass.disks, line.name: Disk(line.name, device, kind)})


def _group(line, klass):
    kind, members = line.word("type", (MIRROR, STRIPE, CONCAT)), tuple(line.fields["members"].split(":"))
    width = line.number_of("width") if kind == STRIPE else line.word("width", (NONE,)) and None
    taken = {m for g in klass.groups.values() for m in g.members}
    free = [d.name for d in klass.disks.values() if d.type == UNDEF] + list(klass.groups)
    good = len(set(members)) == len(members) <= MOST_MEMBERS[kind] and not taken & set(members)
    if not good or not set(members) <= set(free) or (width and width & (width - 1)):
        raise line.wrong("members or width" if width else "members")
    group = Group(line.name, kind, members, 0, UNIT, (), width)
    disks = {n: d._replace(group=line.name) if n in members else d for n, d in klass.disks.items()}
    klass = klass._replace(disks=disks, groups={**klass.groups, line.name: group})
    if any(way not in HIERARCHIES for way in _ways(klass, group)):
        raise line.wrong("members")
    return klass


def _ways(klass, group):
    lower = [klass.groups[m] for m in group.members if m in klass.groups]
    return [(group.type, *way) for low in lower for way in _ways(klass, low)] or [(group.type,)]


def _volume(line, klass):
    holder, number = line.fields["in"], line.fields["pslice"]
    disk, group = klass.disks.get(holder), klass.groups.get(holder)
    lower = {m for g in klass.groups.values() for m in g.members}
    if holder in lower or not (group or (disk and disk.type == SINGLE)):
        raise line.wrong(f"in={holder}")
    members = (holder,) if disk or group.type != MIRROR else group.members
    for key in ("first", "blocks"):
        if line.number_of(key) % UNIT:
            raise line.wrong(f"{key}={line.fields[key]}")
    if number != NONE:
        on_disks = (disk or group.type == MIRROR) and all(m in klass.disks for m in members)
        if number not in tuple("0134567") or not on_disks:
            raise line.wrong(f"pslice={number}")
    made = Volume(
        line.name, None if disk else holder, line.number_of("first"), line.number_of("blocks"),
        tuple(Slice(m, STOP) for m in members), {}, line.word("mode", (RW, RO)), line.flag("lock"), line.flag("jrm"),
        number != NONE, None if number == NONE else int(number), data=FileSystem("none"),
    )  # fmt: skip
    return klass._replace(volumes={**klass.volumes, line.name: made})


_READERS = {"class": _class, "disk": _disk, "group": _group, "volume": _volume}


def _check_areas(klass):
    """No two volumes overlap, nor one the private area; not too many, nor two with one number, anywhere."""
    held = {}
    for volume in klass.volumes.values():
        held.setdefault(holder_of(volume), []).append(volume)
    for holder, volumes in held.items():
        group = klass.groups.get(holder)
        at, numbers = klass.private, [v.number for v in volumes if v.pslice]
        if len(volumes) > MOST_VOLUMES or len(numbers) > MOST_PSLICES or len(set(numbers)) < len(numbers):
            raise Wrong(f"too many volumes or physical slices in {holder}")
        if group and group.type == STRIPE and len(group.members) < 2:
            raise Wrong(f"volumes in {holder}, which has one member")
        for volume in sorted(volumes, key=lambda v: v.first):
            if volume.first < at:
                raise Wrong(f"{volume.name} overlaps another area of {holder}")
            at = volume.first + volume.blocks
