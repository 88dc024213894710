"""The cells of docs/states.md: what there is, in which states, and which operations are tried in each.

A state is the commands that lead to it from a scenario, so the document cannot show one that no
command leads to. `states` runs and prints them.
"""

from ...model.record import Record
from ...store.place import checkout


class Matrix(Record, fields="heading about scenario klass watched states operations"):
    """Something in `states` of a scenario, and `operations` tried in each.

    `watched`: the disks, groups, volumes and proxies of class `klass` that are told of.
    """

    __slots__ = ()


class State(Record, fields="name steps later", defaults=(0,)):
    """A state: its name, how it comes to be, and how many ms later it is looked at."""

    __slots__ = ()


LATER = 60 * 60_000  # ms after which nothing copies any more


def _states(*rows):
    return tuple(State(*row) for row in rows)


# fmt: off

# -- proxies (guide 6.4.6; 6.8) -------------------------------------------------------------------------------------

_STOP = "sdxvolume -F -c System -v Proot,Pusr,Phome"
_PART = "sdxproxy Part -c System -p Proxy1"
_RW = tuple(f"sdxattr -V -c System -v {v} -a mode=rw" for v in ("Proot", "Pusr", "Phome"))
_START = "sdxvolume -N -c System -v Proot,Pusr,Phome"
_FSCK = tuple(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in ("Proot", "Pusr", "Phome"))

SYSTEM_PROXY = Matrix(
    "A proxy group of system disks",
    "Proxy1 is the proxy of Group1; Proot, its root volume, stands for its three volumes.",
    "backing-up", "System", ("Proxy1", "Proot"),
    _states(
        ("joined, equal",                      ()),
        ("joined, copying",                    (_PART, _STOP, "sdxproxy Rejoin -c System -p Proxy1")),
        ("parted, running ro, unchecked",      (_PART,)),
        ("parted, running rw, checked",        (_PART, _STOP, *_RW, _START, *_FSCK)),
        ("parted, running rw, Proot mounted",  (_PART, _STOP, *_RW, _START, *_FSCK,
                                                "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt")),
        ("parted, stopped",                    (_PART, _STOP)),
        ("parted, stopped, locked",            (_PART, _STOP, *(f"sdxattr -V -c System -v {v} -a lock=on"
                                                                for v in ("Proot", "Pusr", "Phome")))),
        ("parted, OPC copying, instant",       (_PART, "sdxproxy Update -c System -p Proxy1 -e instant")),
        ("parted, OPC copying, not instant",   (_PART, "sdxproxy Update -c System -p Proxy1 -e nowaitsync")),
        ("parted, OPC copy ended, running",    (_PART, "sdxproxy Update -c System -p Proxy1 -e instant"), LATER),
        ("parted, OPC copy cancelled",         (_PART, "sdxproxy Update -c System -p Proxy1 -e instant",
                                                "sdxproxy Cancel -c System -p Proxy1")),
        ("no proxy any more (broken)",         ("sdxproxy Break -c System -p Proxy1",)),
        ("halted at the ok prompt",            (_PART, "shutdown -y -g0 -i0")),
    ),
    (
        "sdxvolume -N -c System -v Proot",
        "sdxvolume -N -c System -v Proot -e unlock",
        "sdxvolume -F -c System -v Proot",
        "sdxvolume -F -c System -v root",
        "sdxattr -V -c System -v Proot -a mode=rw",
        "sdxattr -V -c System -v Proot -a lock=on",
        "sdxattr -V -c System -v Proot -a name=Other",
        "sdxattr -V -c System -v Proot -a pjrm=off",
        "sdxproxy Part -c System -p Proxy1",
        "sdxproxy Part -c System -p Proxy1 -e instant",
        "sdxproxy Part -c System -p Proxy1 -e mode=rw",
        "sdxproxy Rejoin -c System -p Proxy1",
        "sdxproxy Rejoin -c System -p Proxy1 -e waitsync",
        "sdxproxy Update -c System -p Proxy1",
        "sdxproxy Update -c System -p Proxy1 -e instant",
        "sdxproxy RejoinRestore -c System -p Proxy1",
        "sdxproxy Restore -c System -p Proxy1 -e instant",
        "sdxproxy Swap -c System -p Proxy1",
        "sdxproxy Relate -c System -m Group1 -p Proxy1",
        "sdxproxy Cancel -c System -p Proxy1",
        "sdxproxy Break -c System -p Proxy1",
        "sdxproxy Break -c System -p Proxy1 -e force",
        "sdxproxy Root -c System -p Proxy1",
        "sdxproxy Root -c System -m Group1",
        "sdxproxy Root -c System -m Group2 -p Proxy1",
        "sdxproxy Join -c System -m Group1 -p Proxy1",
        "fsck -y /dev/sfdsk/System/rdsk/Proot",
        "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt",
        "init 6",
    ),
)

_QUIET = ("umount /mnt1", "sdxvolume -F -c Class1 -v Volume1,Volume2")
_JOIN = "sdxproxy Join -c Class1 -m Volume1 -p Volume2 -e waitsync"
_PART2 = "sdxproxy Part -c Class1 -p Volume2"

DATA_PROXY = Matrix(
    "A proxy volume of a data volume",
    "Volume2 is the proxy of Volume1, a data volume in use on /mnt1; the disk array has OPC.",
    f"{checkout()}/tests/runbooks/proxies.json", "Class1", ("Volume1", "Volume2"),
    _states(
        ("not related",                             ()),
        ("related, parted",                         ("sdxproxy Relate -c Class1 -m Volume1 -p Volume2",)),
        ("joined, copying",                         (_JOIN.removesuffix(" -e waitsync"),)),
        ("joined, equal, the master in use",        (_JOIN,)),
        ("parted, both running",                    (_JOIN, _PART2)),
        ("parted, both stopped",                    (_JOIN, _PART2, *_QUIET)),
        ("parted, both stopped, after a reboot",    (_JOIN, _PART2, "shutdown -y -g0 -i0", "boot", _QUIET[1])),
        ("joined, the master being copied back",    (_JOIN, _PART2, *_QUIET,
                                                     "sdxproxy RejoinRestore -c Class1 -p Volume2 -e nowaitsync")),
        ("joined, the master copied back, instant", (_JOIN, _PART2, *_QUIET,
                                                     "sdxproxy RejoinRestore -c Class1 -p Volume2 -e instant")),
        ("parted, OPC copying back, instant",       (_JOIN, _PART2, *_QUIET,
                                                     "sdxproxy Restore -c Class1 -p Volume2 -e instant")),
        ("parted, OPC copying back cancelled",      (_JOIN, _PART2, *_QUIET,
                                                     "sdxproxy Restore -c Class1 -p Volume2 -e instant",
                                                     "sdxproxy Cancel -c Class1 -p Volume2")),
        ("joined, equal, swapped",                  (_JOIN, "sdxproxy Swap -c Class1 -p Volume2")),
    ),
    (
        "sdxvolume -N -c Class1 -v Volume1",
        "sdxvolume -N -c Class1 -v Volume2",
        "sdxattr -V -c Class1 -v Volume1 -a jrm=off",
        "sdxproxy Join -c Class1 -m Volume1 -p Volume2",
        "sdxproxy Part -c Class1 -p Volume2",
        "sdxproxy Part -c Class1 -p Volume2 -e instant",
        "sdxproxy Rejoin -c Class1 -p Volume2",
        "sdxproxy RejoinRestore -c Class1 -p Volume2",
        "sdxproxy RejoinRestore -c Class1 -p Volume2 -e nowaitsync",
        "sdxproxy RejoinRestore -c Class1 -p Volume2 -e instant",
        "sdxproxy Relate -c Class1 -m Volume1 -p Volume2",
        "sdxproxy Restore -c Class1 -p Volume2",
        "sdxproxy Restore -c Class1 -p Volume2 -e nowaitsync",
        "sdxproxy Restore -c Class1 -p Volume2 -e instant",
        "sdxproxy Swap -c Class1 -p Volume2",
        "sdxproxy Update -c Class1 -p Volume2 -e instant",
        "sdxproxy Cancel -c Class1 -p Volume2",
        "sdxproxy Break -c Class1 -p Volume2",
        "sdxproxy Break -c Class1 -p Volume2 -e force",
        "sdxproxy Break -c Class1 -p Volume2 -e restore",
    ),
)

# -- volumes and their slices ---------------------------------------------------------------------------------------

_ALONE = ("sdxdisk -R -c Class1 -d Spare1", "sdxproxy Break -c Class1 -p Copy1")
_STOPPED = ("sdxvolume -F -c Class1 -v Volume2",)
_DETACHED = "sdxslice -M -c Class1 -d Disk2 -v Volume2"
_ATTACHED = "sdxslice -R -c Class1 -d Disk2 -v Volume2"
_LOST = ("sdxsim fault disk Class1/Disk1 fail", "sdxsim fault disk Class1/Disk2 fail")
_MENDED = ("sdxsim fault disk Class1/Disk1 repair", "sdxsim fault disk Class1/Disk2 repair")

MIRROR_VOLUME = Matrix(
    "A mirror volume and its slices",
    "Volume2 lies on Disk1 and Disk2 of mirror group Group1; the class has no spare disk.",
    "data", "Class1", ("Volume2", "Other", "Disk1", "Disk2", "Disk6", "Copy1"),
    tuple(State(name, (*_ALONE, *steps), later) for name, steps, later in (
        ("running, mounted",                     ("mount -F ufs /dev/sfdsk/Class1/dsk/Volume2 /mnt",), 0),
        ("running",                              (), 0),
        ("stopped",                              _STOPPED, 0),
        ("stopped, locked",                      (*_STOPPED, "sdxattr -V -c Class1 -v Volume2 -a lock=on"), 0),
        ("one slice detached",                   (_DETACHED,), 0),
        ("one slice detached and stopped",       (_DETACHED, "sdxslice -F -c Class1 -s Disk2.Volume2"), 0),
        ("one slice being copied",               (_DETACHED, _ATTACHED), 0),
        ("copying interrupted",                  (_DETACHED, _ATTACHED, "sdxcopy -I -c Class1 -v Volume2"), 0),
        ("copying cancelled",                    (_DETACHED, _ATTACHED, "sdxcopy -C -c Class1 -v Volume2"), 0),
        ("copying cancelled, stopped",           (_DETACHED, _ATTACHED, "sdxcopy -C -c Class1 -v Volume2",
                                                  "sdxvolume -F -c Class1 -v Volume2"), 0),
        ("a disk is swapped out",                ("sdxswap -O -c Class1 -d Disk2",), 0),
        ("a disk gave an I/O error",             ("sdxsim fault disk Class1/Disk2 io-error",), 0),
        ("a disk failed",                        ("sdxsim fault disk Class1/Disk2 fail",), 0),
        ("a disk was absent at boot",            ("sdxsim fault path Class1/Disk2", "init 6"), 0),
        ("INVALID: both disks failed, in turn",  _LOST, 0),
        ("INVALID, both disks repaired",         (*_STOPPED, "sdxvolume -F -c Class1 -v Volume1",
                                                  *_LOST, *_MENDED,
                                                  "sdxfix -D -c Class1 -d Disk1", "sdxfix -D -c Class1 -d Disk2"), 0),
    )),
    (
        "sdxvolume -N -c Class1 -v Volume2",
        "sdxvolume -N -c Class1 -v Volume2 -e nosync",
        "sdxvolume -N -c Class1 -v Volume2 -e unlock",
        "sdxvolume -F -c Class1 -v Volume2",
        "sdxvolume -R -c Class1 -v Volume2",
        "sdxvolume -S -c Class1 -v Volume2 -s 4194304",
        "sdxslice -M -c Class1 -d Disk2 -v Volume2",
        "sdxslice -R -c Class1 -d Disk2 -v Volume2",
        "sdxslice -R -c Class1 -s Disk2.Volume2 -e waitsync",
        "sdxslice -N -c Class1 -s Disk2.Volume2",
        "sdxslice -F -c Class1 -s Disk2.Volume2",
        "sdxslice -T -c Class1 -s Disk2.Volume2",
        "sdxattr -S -c Class1 -s Disk2.Volume2 -a mode=ro",
        "sdxattr -V -c Class1 -v Volume2 -a jrm=off",
        "sdxattr -V -c Class1 -v Volume2 -a mode=ro",
        "sdxattr -V -c Class1 -v Volume2 -a name=Other",
        "sdxattr -V -c Class1 -v Volume2 -a pslice=off",
        "sdxcopy -B -c Class1 -v Volume2",
        "sdxcopy -C -c Class1 -v Volume2",
        "sdxcopy -I -c Class1 -v Volume2",
        "sdxcopy -P -c Class1 -v Volume2 -e delay=10",
        "sdxfix -V -c Class1 -g Group1 -v Volume2",
        "sdxfix -V -c Class1 -d Disk1 -v Volume2",
        "sdxfix -D -c Class1 -d Disk2 -e online",
        "sdxswap -O -c Class1 -d Disk2",
        "sdxswap -I -c Class1 -d Disk2",
        "sdxdisk -D -c Class1 -g Group1 -d Disk2",
        "sdxdisk -C -c Class1 -g Group1 -d Disk6",
        "sdxproxy Join -c Class1 -m Volume2 -p Copy1",
        "sdxsim fault disk Class1/Disk1 fail",
        "sdxsim fault disk Class1/Disk2 io-error",
        "sdxsim fault power",
        "init 6",
    ),
)

_STRIPED = ("sdxdisk -R -c Class1 -d Spare1",
            "sdxdisk -C -c Class1 -g Stripe1 -d Disk6,Disk7 -a type=stripe,width=32",
            "sdxvolume -M -c Class1 -g Stripe1 -v Wide1 -s 1048576")

STRIPE_VOLUME = Matrix(
    "A stripe volume",
    "Wide1 lies on the stripe group Stripe1 of Disk6 and Disk7: no disk can be missed.",
    "data", "Class1", ("Wide1", "Disk6", "Disk7", "Stripe1"),
    _states(
        ("running",                     _STRIPED),
        ("stopped",                     (*_STRIPED, "sdxvolume -F -c Class1 -v Wide1")),
        ("a disk gave an I/O error",    (*_STRIPED, "sdxsim fault disk Class1/Disk6 io-error")),
        ("a disk failed",               (*_STRIPED, "sdxsim fault disk Class1/Disk6 fail")),
        ("a disk failed, and was repaired", (*_STRIPED, "sdxvolume -F -c Class1 -v Wide1",
                                             "sdxsim fault disk Class1/Disk6 fail",
                                             "sdxsim fault disk Class1/Disk6 repair",
                                             "sdxfix -D -c Class1 -d Disk6")),
    ),
    (
        "sdxvolume -N -c Class1 -v Wide1",
        "sdxvolume -F -c Class1 -v Wide1",
        "sdxvolume -R -c Class1 -v Wide1",
        "sdxvolume -S -c Class1 -v Wide1 -s 4194304",
        "sdxslice -M -c Class1 -d Disk6 -v Wide1",
        "sdxcopy -B -c Class1 -v Wide1",
        "sdxattr -V -c Class1 -v Wide1 -a pslice=on",
        "sdxfix -V -c Class1 -g Stripe1 -v Wide1",
        "sdxfix -D -c Class1 -d Disk6",
        "sdxswap -O -c Class1 -d Disk6",
        "sdxswap -I -c Class1 -d Disk6",
        "sdxdisk -D -c Class1 -g Stripe1 -d Disk7",
        "sdxgroup -R -c Class1 -g Stripe1",
    ),
)

_SHARED = ("sdxvolume -N -c Class1 -v Volume1 -e allnodes",)
_AWAY = ("sdxvolume -N -c Class1 -v Volume1", "sdxslice -M -c Class1 -d Disk2 -v Volume1")

SHARED_VOLUME = Matrix(
    "A volume of a shared class, seen from node1",
    "Volume1 lies on Disk1 and Disk2; node1 and node2 share Class1.",
    "cluster", "Class1", ("Volume1",),
    _states(
        ("stopped on both nodes",        ()),
        ("running on node1",             ("sdxvolume -N -c Class1 -v Volume1",)),
        ("running on node2",             ("sdxvolume -N -c Class1 -v Volume1 -e node=node2",)),
        ("running on both nodes",        _SHARED),
        ("a slice detached by node1",    _AWAY),
        ("node1 at the ok prompt",       (*_AWAY, "init 0")),
    ),
    (
        "sdxvolume -N -c Class1 -v Volume1",
        "sdxvolume -N -c Class1 -v Volume1 -e allnodes",
        "sdxvolume -N -c Class1 -v Volume1 -e node=node2",
        "sdxvolume -F -c Class1 -v Volume1",
        "sdxvolume -F -c Class1 -v Volume1 -e allnodes",
        "sdxvolume -F -c Class1 -v Volume1 -e node=node2",
        "sdxvolume -R -c Class1 -v Volume1",
        "sdxslice -M -c Class1 -d Disk2 -v Volume1",
        "sdxslice -R -c Class1 -d Disk2 -v Volume1",
        "sdxslice -T -c Class1 -s Disk2.Volume1",
        "sdxsim fault power node2",
        "sdxsim fault comm node2",
        "init 6",
    ),
)

# -- what volumes lie on --------------------------------------------------------------------------------------------

DISKS = Matrix(
    "A disk that is in no group",
    "Disk6 of Class1; Disk9 is not there yet.",
    "data", "Class1", ("Disk6", "Disk9", "Group4", "Volume8", "Volume9", "Stripe1"),
    _states(
        ("undef",                            ()),
        ("single, no volume",                ("sdxattr -D -c Class1 -d Disk6 -a type=single",)),
        ("single, a volume running",         ("sdxattr -D -c Class1 -d Disk6 -a type=single",
                                              "sdxvolume -M -c Class1 -d Disk6 -v Volume9 -s 1048576")),
        ("single, a volume stopped",         ("sdxattr -D -c Class1 -d Disk6 -a type=single",
                                              "sdxvolume -M -c Class1 -d Disk6 -v Volume9 -s 1048576",
                                              "sdxvolume -F -c Class1 -v Volume9")),
        ("single, no volume, swapped out",   ("sdxattr -D -c Class1 -d Disk6 -a type=single",
                                              "sdxswap -O -c Class1 -d Disk6")),
        ("spare",                            ("sdxattr -D -c Class1 -d Disk6 -a type=spare",)),
        ("spare, in use",                    ("sdxdisk -R -c Class1 -d Spare1",
                                              "sdxattr -D -c Class1 -d Disk6 -a type=spare",
                                              "sdxsim fault disk Class1/Disk2 fail")),
        ("undef, failed",                    ("sdxsim fault disk Class1/Disk6 fail",)),
        ("undef, absent at boot",            ("sdxsim fault path Class1/Disk6", "init 6")),
    ),
    (
        "sdxdisk -R -c Class1 -d Disk6",
        "sdxdisk -C -c Class1 -g Group4 -d Disk6",
        "sdxdisk -C -c Class1 -g Stripe1 -d Disk6,Disk7 -a type=stripe",
        "sdxattr -D -c Class1 -d Disk6 -a name=Disk9",
        "sdxattr -D -c Class1 -d Disk6 -a type=single",
        "sdxattr -D -c Class1 -d Disk6 -a type=spare",
        "sdxattr -D -c Class1 -d Disk6 -a type=undef",
        "sdxvolume -M -c Class1 -d Disk6 -v Volume8 -s 2048",
        "sdxswap -O -c Class1 -d Disk6",
        "sdxswap -I -c Class1 -d Disk6",
        "sdxfix -D -c Class1 -d Disk6",
        "sdxfix -D -c Class1 -d Disk6 -e online",
        "sdxsim fault disk Class1/Disk6 replace",
    ),
)

_LEFT = "sdxdisk -R -c Class1 -d Spare1"
_LOWER = (_LEFT, "sdxdisk -C -c Class1 -g Low1 -d Disk6 -a type=concat")

GROUPS = Matrix(
    "A group",
    "Group9 is made of Disk6 and Disk7.",
    "data", "Class1", ("Group9", "Other", "Low1", "Top1", "Volume8", "Volume9", "Disk6", "Disk7"),
    _states(
        ("not there",                   (_LEFT,)),
        ("a mirror, no volume",         (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7")),
        ("a mirror, a volume running",  (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7",
                                         "sdxvolume -M -c Class1 -g Group9 -v Volume9 -s 1048576"), LATER),
        ("a mirror, a volume stopped",  (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7",
                                         "sdxvolume -M -c Class1 -g Group9 -v Volume9 -s 1048576",
                                         "sdxsim clock advance 1h", "sdxvolume -F -c Class1 -v Volume9")),
        ("a stripe",                    (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7 -a type=stripe")),
        ("a concat",                    (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7 -a type=concat")),
        ("a switch",                    (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7"
                                         " -a type=switch,actdisk=Disk6")),
        ("in a higher mirror",          (*_LOWER, "sdxdisk -C -c Class1 -g Group9 -d Disk7 -a type=stripe",
                                         "sdxgroup -C -c Class1 -h Top1 -l Group9,Low1")),
        ("in a higher mirror with a volume", (*_LOWER, "sdxdisk -C -c Class1 -g Group9 -d Disk7 -a type=concat",
                                              "sdxgroup -C -c Class1 -h Top1 -l Group9,Low1",
                                              "sdxvolume -M -c Class1 -g Top1 -v Volume9 -s 1048576"), LATER),
    ),
    (
        "sdxdisk -C -c Class1 -g Group9 -d Disk6",
        "sdxdisk -D -c Class1 -g Group9 -d Disk7",
        "sdxgroup -C -c Class1 -h Top1 -l Group9",
        "sdxgroup -D -c Class1 -h Top1 -l Group9",
        "sdxgroup -R -c Class1 -g Group9",
        "sdxattr -G -c Class1 -g Group9 -a name=Other",
        "sdxattr -G -c Class1 -g Group9 -a actdisk=Disk7",
        "sdxvolume -M -c Class1 -g Group9 -v Volume8 -s 2048",
        "sdxvolume -R -c Class1 -v Volume9",
        "sdxproxy Join -c Class1 -m Group1 -p Group9",
        "sdxswap -O -c Class1 -d Disk7",
    ),
)

# -- classes --------------------------------------------------------------------------------------------------------

_CLOSED = tuple(f"sdxsim fault disk Class1/{d} fail" for d in ("Disk1", "Disk2", "Spare1", "Disk3", "Disk4", "Disk5"))
_EMPTY = ("sdxvolume -F -c Class1 -v Volume1,Volume2", "sdxvolume -R -c Class1 -v Volume1",
          "sdxvolume -R -c Class1 -v Volume2", "sdxgroup -R -c Class1 -g Group1")

CLASSES = Matrix(
    "A class",
    "Class1, shared by node1 and node2; seen from node1.",
    "cluster", "Class1", ("Class9", "Volume1", "Disk9"),
    _states(
        ("open, volumes stopped",       ()),
        ("open, a volume running",      ("sdxvolume -N -c Class1 -v Volume1",)),
        ("open, no group",              _EMPTY),
        ("closed down",                 _CLOSED),
        ("closed down, disks repaired", (*_CLOSED, *(step.replace("fail", "repair") for step in _CLOSED))),
        ("local to node1",              ("sdxattr -C -c Class1 -a type=local",)),
    ),
    (
        "sdxclass -R -c Class1",
        "sdxattr -C -c Class1 -a name=Class9",
        "sdxattr -C -c Class1 -a type=local",
        "sdxattr -C -c Class1 -a type=shared,scope=node1:node2",
        "sdxattr -C -c Class1 -a hs=off",
        "sdxdisk -M -c Class1 -d c0t3d0=Disk9",
        "sdxfix -C -c Class1",
        "sdxvolume -N -c Class1 -v Volume1",
        "sdxdcdown -c Class1",
        "sdxconfig Backup -c Class1",
        "sdxconfig Remove -c Class1",
        "sdxconfig Remove -c Class1 -e keepid",
        "sdxsim fault comm node2",
    ),
)

_TABLE = ("sdxvolume -F -c Class1 -v Volume3", "sdxconfig Backup -c Class1 -o table")

TABLES = Matrix(
    "A configuration table",
    "The table was made of the local class Class1.",
    "cluster", "Local1", ("Local9", "Group1", "Volume1"),
    _states(
        ("the class is there",    ("sdxconfig Backup -c Local1 -o table",)),
        ("the class is removed",  ("sdxconfig Backup -c Local1 -o table", "sdxvolume -F -c Local1 -v Volume1",
                                   "sdxconfig Remove -c Local1")),
    ),
    (
        "sdxconfig Backup -c Local1 -o table",
        "sdxconfig Backup -c Local1 -o table -e update",
        "sdxconfig Convert -e rename -c Local1=Local9 -i table -o other",
        "sdxconfig Convert -e replace -c Local1 -d Disk1=c0t3d0 -i table -o other",
        "sdxconfig Convert -e replace -c Local1 -p c0t1d0=c0t3d0 -i table -o other",
        "sdxconfig Convert -e remove -c Local1 -d Disk2 -i table -o other",
        "sdxconfig Convert -e remove -c Local1 -g Group1 -i table -o other",
        "sdxconfig Restore -c Local1 -i table",
        "sdxconfig Restore -c Local1 -i table -e skipsync",
        "sdxconfig Restore -c Local1 -i table -e chkps",
        "sdxconfig Restore -c Local9 -i table",
    ),
)

# -- the system's own disks -----------------------------------------------------------------------------------------

_REGISTERED = ("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2,c0t4d0=Var1:keep,c0t5d0=Var2",)
_CONNECTED = (
    *_REGISTERED,
    "sdxdisk -C -c System -g Group1 -d Root1 -v 0=root:on,6=usr:on,7=home:on",
    "sdxdisk -C -c System -g Group1 -d Root2",
    "sdxdisk -C -c System -g Group2 -d Var1 -v 1=swap:off,3=var:on,4=opt:on",
    "sdxdisk -C -c System -g Group2 -d Var2",
)
_MIRRORED = (*_CONNECTED, "sdxroot -M -c System -d Root1,Var1", "init 6")

SYSTEM_DISKS = Matrix(
    "The disks that the system runs on",
    "c0t0d0 and c0t4d0 become Root1 and Var1 of root class System; root stands for their volumes.",
    "bare", "System", ("Root1", "Root2", "Group1", "root"),
    _states(
        ("plain slices",                     ()),
        ("registered",                       _REGISTERED),
        ("connected, not booted from",       _CONNECTED),
        ("mirrored, copying",                _MIRRORED),
        ("mirrored",                         _MIRRORED, LATER),
        ("mirror disks disconnected",        (*_MIRRORED, "sdxsim clock advance 2h",
                                              "sdxdisk -D -c System -g Group1 -d Root2",
                                              "sdxdisk -D -c System -g Group2 -d Var2")),
        ("unmirrored, booted from slices",   (*_MIRRORED, "sdxsim clock advance 2h",
                                              "sdxdisk -D -c System -g Group1 -d Root2",
                                              "sdxdisk -D -c System -g Group2 -d Var2",
                                              "sdxroot -R -c System -d Root1,Var1", "init 6")),
    ),
    (
        *_REGISTERED,
        _CONNECTED[1],
        "sdxdisk -C -c System -g Group1 -d Root2",
        "sdxroot -M -c System -d Root1,Var1",
        "sdxroot -R -c System -d Root1,Var1",
        "sdxdisk -D -c System -g Group1 -d Root2",
        "sdxdisk -D -c System -g Group1 -d Root1",
        "sdxdisk -R -c System -d Root1",
        "sdxvolume -R -c System -v root",
        "sdxgroup -R -c System -g Group1",
        "sdxclass -R -c System",
        "sdxparam -S -p copy_delay=5",
        "init 6",
    ),
)

# -- shadow objects -------------------------------------------------------------------------------------------------

_SHADOW = ("sdxshadowdisk -M -c Shadow1 -d c1t1d0=Disk1,c2t1d0=Disk2",)
_SHADOWED = (*_SHADOW, "sdxshadowdisk -C -c Shadow1 -g Group1 -d Disk1,Disk2",
             "sdxshadowvolume -M -c Shadow1 -g Group1 -v Volume1 -s 8388608")

SHADOWS = Matrix(
    "Shadow objects",
    "node2 has no part in Class1, which is local to node1; Shadow1 is made on node2.",
    "cluster", "Shadow1", (),
    tuple(State(name, ("sdxattr -C -c Class1 -a type=local", "@node2", *steps)) for name, steps in (
        ("none",             ()),
        ("disks",            _SHADOW),
        ("a volume",         _SHADOWED),
        ("a volume running", (*_SHADOWED, "sdxshadowvolume -N -c Shadow1 -v Volume1")),
    )),
    (
        *_SHADOWED,
        "sdxshadowvolume -N -c Shadow1 -v Volume1",
        "sdxshadowvolume -N -c Shadow1 -v Volume1 -e mode=rw",
        "sdxshadowvolume -F -c Shadow1 -v Volume1",
        "sdxshadowvolume -R -c Shadow1 -v Volume1",
        "sdxshadowdisk -D -c Shadow1 -g Group1 -d Disk2",
        "sdxshadowdisk -R -c Shadow1 -d Disk2",
        "sdxshadowgroup -C -c Shadow1 -h Top1 -l Group1",
        "sdxshadowgroup -D -c Shadow1 -h Top1 -l Group1",
        "sdxshadowgroup -R -c Shadow1 -g Group1",
        "sdxvolume -N -c Shadow1 -v Volume1",
    ),
)

# fmt: on
MATRICES = (
    SYSTEM_PROXY, DATA_PROXY, MIRROR_VOLUME, STRIPE_VOLUME, SHARED_VOLUME, DISKS, GROUPS, CLASSES, TABLES,
    SYSTEM_DISKS, SHADOWS,
)  # fmt: skip
