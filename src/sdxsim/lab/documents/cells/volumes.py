"""Volumes and their slices, in mirrors, stripes and shared classes, and what is tried in each of their states."""

from .matrix import Matrix, State, states

# fmt: off

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
    states(
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
    states(
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
