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


class Device(Record, fields="name path blocks cylinder present bootable slices", defaults=(True, True, {})):
    """A physical disk: `name` c0t0d0, OpenBoot `path`, sizes in blocks.

    `present` false: the drive does not answer. `bootable` false: no boot block was ever installed.
    `slices`: what the label holds outside GDS, {slice number: {...}}.
    """

    __slots__ = ()


class Mount(Record, fields="special point type options at", defaults=("ufs", RW, 0)):
    """A line of /etc/mnttab; swap devices stand here too, with type swap and point -."""

    __slots__ = ()


class Node(
    Record,
    fields="name power boot_path mounts nvram booted_at synced_at",
    defaults=(MULTI_USER, "", (), {}, 0, 0),
):
    """A host. `boot_path`: the OpenBoot device it was booted from. `synced_at`: last sync(1M), 0 if none."""

    __slots__ = ()


class File(Record, fields="text mode owner group mtime", defaults=("", 0o644, "root", "root", 0)):
    """A file a volume holds, as far as it matters: text, permission bits, owner and group names."""

    __slots__ = ()


class Defect(Record, fields="kind facts", defaults=({},)):
    """One recorded inconsistency of a file system; `kind` is a row of `solaris.defects`."""

    __slots__ = ()


class FileSystem(
    Record,
    fields="type fsmnt logging flag defects files dirs inodes used frags blocks busy generation",
    defaults=("ufs", "", True, "FSLOG", (), {}, (), 0, 0, 0, 0, (), 1),
):
    """What a volume holds: a UFS, swap space, or nothing (`type` ufs, swap, none).

    `fsmnt` last mounted on. `flag` and `defects`: its condition (solaris.md 1.9). `inodes` files,
    `used` fragments (1 KB), free space as `frags` + 8 x `blocks`. `busy`: the cylinder groups that a
    working system keeps changing. `generation` grows with every change of a file.
    """

    __slots__ = ()


class Slice(Record, fields="member status jrm mode", defaults=(True, RW)):
    """A volume's share of one member (disk or lower group) of its group."""

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
    """A group of disks; `unit` is what volume sizes are multiples of, `private` its reserved areas."""

    __slots__ = ()


class Disk(Record, fields="name device type group status error", defaults=("undef", None, ENABLE, False)):
    """An SDX disk: a registered device."""

    __slots__ = ()


class Tracking(Record, fields="since extra", defaults=(0,)):
    """JRM of a parted proxy: what changed on either side since `since`; `extra` blocks are counted already."""

    __slots__ = ()


class Pair(Record, fields="master proxy tracking", defaults=(None,)):
    """A master volume and its proxy volume. `tracking` None: nothing is recorded, all is copied next."""

    __slots__ = ()


class Relation(Record, fields="master proxy kind state pairs", defaults=(JOINED, ())):
    """A master and its proxy: two groups (`kind` group) or two volumes (`kind` volume)."""

    __slots__ = ()


class Copy(
    Record,
    fields="klass volume source members blocks since rate delay engine background purpose paused",
    defaults=(0, SOFT, False, "join", False),
):
    """A copy session: `blocks` from volume `source` onto slices `members` of volume `volume`.

    `rate` blocks a second, `delay` ms between I/Os of a soft copy. `background`: the destination may
    be used meanwhile (glossary, guide). `purpose`: the word that started it. `paused`: the node that
    drives it is down.
    """

    __slots__ = ()


class Class(
    Record,
    fields="name type scope disks groups volumes relations hs hsmode",
    defaults=({}, {}, {}, (), True, "exbox"),
):
    """A class; `scope` names its nodes. Disks, groups and volumes by name, in order of creation."""

    __slots__ = ()


class Lab(
    Record,
    fields="scenario clock nodes devices classes copies functions strict soft_rate array_rate",
    defaults=({}, {}, {}, (), (), False, 20_480, 20_480),
):
    """Everything: one lab. `functions`: copy functions the disk array has (OPC, EC).

    `strict`: refuse what the guide's general notes exclude although its page 6.4.6 does it.
    Rates are blocks a second.
    """

    __slots__ = ()
