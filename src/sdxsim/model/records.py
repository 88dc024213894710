"""The records a lab is made of.

Immutable: a change is a new record (`_replace`). They are named tuples (`record`), so beware that
equal fields compare equal across kinds; compare like with like only.

Dictionaries in records are never changed in place; their order is the order of creation, which is
the order sdxinfo prints.
"""

from .record import Record
from .status import ENABLE, FROZEN, JOINED, MULTI_USER, RW, SOFT


class Clock(Record, fields="mode virtual wall speed", defaults=(FROZEN, 0, 0, 1)):
    """Virtual time: `virtual` (ms) was shown when the host's clock showed `wall` (ms)."""

    __slots__ = ()


class Device(
    Record,
    fields="name path blocks cylinder present bootable slices label trouble nodes remains",
    defaults=(True, True, {}, "", "", (), ()),
):
    """A physical disk: `name` c0t0d0, OpenBoot `path`, sizes in blocks.

    `present` false: the drive does not answer. `bootable` false: no boot block was ever installed.
    `slices`: the plain slices of the label, those outside GDS, {number as text: PlainSlice}; what
    volumes lie on is the volumes'. `label`: what its private slice says it is, CLASS/DISK, "" without
    one. `trouble`: "" or what is wrong with it though it is there (a fault of the lab: io-error, path).
    `nodes`: those it is connected to, () for all of the lab. `remains`: what the volumes of a class that
    sdxconfig removed have left here, PlainSlices with the layout they had as `tag`.
    """

    __slots__ = ()


class Mount(Record, fields="special point type options at lock comment", defaults=("ufs", RW, 0, "", "")):
    """A line of /etc/mnttab; swap devices stand here too, with type swap and point -.

    `lock`: "" or how lockfs(1M) has locked the file system (write, name, delete, hard), with its `comment`.
    """

    __slots__ = ()


class Tape(Record, fields="block blocks data"):
    """What dd(1M) has written to a cartridge: `blocks` of a volume that held `data`, in records of `block` bytes."""

    __slots__ = ()


class Node(
    Record,
    fields="name power boot_path mounts nvram booted_at synced_at params cut tape",
    defaults=(MULTI_USER, "", (), {}, 0, 0, {}, False, None),
):
    """A host. `boot_path`: the OpenBoot device it was booted from. `synced_at`: last sync(1M), 0 if none.

    `params`: what sdxparam has set, {parameter: value}. `cut`: it cannot communicate with the other nodes.
    `tape`: the Tape in its drive; None, an empty cartridge.
    """

    __slots__ = ()


class File(Record, fields="text mode owner group mtime kind", defaults=("", 0o644, "root", "root", 0, "file")):
    """What stands under a name of a file system: text, permission bits, owner and group names.

    `kind` file, dir or link; of a link `text` is where it leads. A text stands for bytes in UTF-8, those
    that are none as lone surrogates, so that every content can be one.
    """

    __slots__ = ()


class Kept(Record, fields="name size source"):
    """In the place of a text: the content called `name`, `size` bytes, which `source` brings when somebody looks."""

    __slots__ = ()


class Tree:
    """What stands in a file system, {path: File}; read-only. A directory is a File of that kind.

    One that comes from a document knows its name, the hash of all of it, and the `source` that brings
    it: `source.rows(name)` -> {path: File}, and `source.text(kept)`. Nothing is brought before somebody
    looks. Names without a leading slash (#1944) are files that no directory lists, as a crash leaves them.
    """

    __slots__ = ("_rows", "name", "source")

    def __init__(self, rows=None, name=None, source=None):
        self._rows, self.name, self.source = rows, name, source

    @classmethod
    def of(cls, files):
        """The files as a Tree, be they one or a dictionary."""
        return files if isinstance(files, cls) else cls(dict(files))

    @property
    def rows(self):
        """{path: File}, large contents as Kept. Not to be changed."""
        if self._rows is None:
            self._rows = self.source.rows(self.name)
        return self._rows

    def changed(self, changes):
        """The Tree with {path: File, or None to take it away} laid over it."""
        rows = {**self.rows, **changes}
        return Tree({path: file for path, file in rows.items() if file is not None})

    def __getitem__(self, path):
        file = self.rows[path]
        return file if type(file.text) is str else file._replace(text=file.text.source.text(file.text))

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    def __contains__(self, path):
        return path in self.rows

    def get(self, path, otherwise=None):
        return self[path] if path in self.rows else otherwise

    def keys(self):
        return self.rows.keys()

    def values(self):
        return [self[path] for path in self.rows]

    def items(self):
        return [(path, self[path]) for path in self.rows]

    def __eq__(self, other):
        if isinstance(other, Tree):
            if self.name is not None and other.name is not None:
                return self.name == other.name
            return self is other or self.rows == other.rows
        if not other:
            return self.name is None and not self._rows  # asked of each that is written; nothing empty is kept
        return isinstance(other, dict) and self.rows == other

    __hash__ = None

    def __repr__(self):
        return f"Tree({self.name or self._rows!r})"


class Defect(Record, fields="kind facts", defaults=({},)):
    """One recorded inconsistency of a file system; `kind` is a row of `solaris.defects`."""

    __slots__ = ()


class FileSystem(
    Record,
    fields="type fsmnt logging flag defects files inodes used frags blocks busy generation",
    defaults=("ufs", "", True, "FSLOG", (), {}, 0, 0, 0, 0, (), 1),
):
    """What a volume holds: a UFS, swap space, or nothing (`type` ufs, swap, none).

    `fsmnt` last mounted on. `flag` and `defects`: its condition (solaris.md 1.9). `inodes` files,
    `used` fragments (1 KB), free space as `frags` + 8 x `blocks`. `files`: a Tree, or a dictionary; a few of
    all those that the numbers tell of. `busy`: the cylinder groups that a working system keeps changing.
    `generation` grows with every change of a file.
    """

    __slots__ = ()


class PlainSlice(Record, fields="first blocks tag data wear", defaults=("unassigned", FileSystem("none"), 0)):
    """A slice of a disk that is no volume. `tag` as format(1M) has it; `data` and `wear` as of a Volume."""

    __slots__ = ()


class Slice(
    Record, fields="member status jrm mode owner data tracking fresh", defaults=(True, RW, None, None, None, False)
):
    """A volume's share of one member (disk or lower group) of its group.

    A stripe or concat group at the top is the one member of its volumes, of a switch group its active
    disk is, and a single disk that of its own. `owner`: the node that detached it and alone may use it
    (TEMP, TEMP-STOP); `data` is what it then holds, `tracking` the record of what changed since. `fresh`:
    INVALID because it never was copied to, which the volume's start sees to.
    """

    __slots__ = ()


class Volume(
    Record,
    fields="name group first blocks slices started mode lock jrm pslice number valid wear data",
    defaults=({}, RW, False, True, True, None, True, 0, FileSystem()),
):
    """A volume. `first` and `blocks`: its area of the group.

    `started` {node: current access mode} on the nodes where it is ACTIVE; `mode` is the attribute.
    `number` is its physical slice (0 = a). `valid` false: INVALID, no slice holds good data.
    `wear`: blocks that a busy system changes on it each virtual minute (ours).
    """

    __slots__ = ()


class Group(Record, fields="name type members blocks unit private width actdisk", defaults=((), None, None)):
    """A group; `unit` is what volume sizes are multiples of, `private` its reserved areas.

    `members`: disks and lower level groups, in order of connection.
    """

    __slots__ = ()


class Disk(
    Record,
    fields="name device type group status error standin blocks",
    defaults=("undef", None, ENABLE, False, None, None),
):
    """An SDX disk: a registered device.

    `type` is what it was registered as, `group` what it is connected to directly. `standin`: the member
    (disk or lower group) of `group` whose place this spare disk takes. `blocks`: the size of the drive it
    was registered on, once another is in its place; None, the device's own.
    """

    __slots__ = ()


class Tracking(Record, fields="since extra", defaults=(0,)):
    """JRM of a parted proxy: what changed on either side since `since`; `extra` blocks are counted already."""

    __slots__ = ()


class Pair(Record, fields="master proxy tracking session", defaults=(None, "")):
    """A master volume and its proxy volume. `tracking` None: nothing is recorded, all is copied next.

    `session`: the function (EC) by which the disk array keeps the two together, also when no copy is
    under way; "" without one.
    """

    __slots__ = ()


class Relation(Record, fields="master proxy kind state pairs", defaults=(JOINED, ())):
    """A master and its proxy: two groups (`kind` group) or two volumes (`kind` volume)."""

    __slots__ = ()


class Copy(
    Record,
    fields="klass volume source members blocks since rate delay engine background purpose paused done interrupted"
    " under",
    defaults=(0, SOFT, False, "join", False, 0, False, None),
):
    """A copy session: `blocks` from volume `source` onto slices `members` of volume `volume`.

    `rate` blocks a second, `delay` ms between I/Os of a soft copy. `background`: the destination may
    be used meanwhile (glossary, guide). `purpose`: the word that started it. `paused`: the node that
    drives it is down. `done`: blocks that were copied before `since`. `interrupted`: by sdxcopy -I.
    `under`: what the volume held before, where it is taken to hold what is copied from the start.
    """

    __slots__ = ()


class Class(
    Record,
    fields="name type scope disks groups volumes relations hs hsmode private iotimeout closed shadow",
    defaults=({}, {}, {}, (), True, "exbox", 65_536, None, {}, False),
):
    """A class; `scope` names its nodes. Disks, groups and volumes by name, in order of creation.

    `private`: blocks of the private slice of each of its disks. `iotimeout`: None, or (on, seconds,
    panic). `closed`: {node: reason} where the class is closed down (Comm, FewDB, NoDB). `shadow`: made
    of shadow objects.
    """

    __slots__ = ()


class Workload(Record, fields="level since done", defaults=(0, 0)):
    """Who works on the running system since when: `level` light, busy or stopped; `done` minutes are written."""

    __slots__ = ()


class Lab(
    Record,
    fields="scenario clock nodes devices classes copies functions strict soft_rate array_rate faults workload images",
    defaults=({}, {}, {}, (), (), False, 20_480, 20_480, (), None, False),
):
    """Everything: one lab. `functions`: copy functions the disk array has (OPC, EC).

    `strict`: refuse what the guide's general notes exclude although its page 6.4.6 does it.
    Rates are blocks a second. `faults`: those still to come, (virtual time in ms, words...), by time.
    `workload`: None, as the scenario says. `images`: it keeps real images behind its volumes (live.images).
    """

    __slots__ = ()
