"""Proxies of system disks and of data volumes, and what is tried in each of their states (guide 6.4.6; 6.8)."""

from ....store.place import checkout
from .matrix import LATER, Matrix, states

# fmt: off

_STOP = "sdxvolume -F -c System -v Proot,Pusr,Phome"
_PART = "sdxproxy Part -c System -p Proxy1"
_RW = tuple(f"sdxattr -V -c System -v {v} -a mode=rw" for v in ("Proot", "Pusr", "Phome"))
_START = "sdxvolume -N -c System -v Proot,Pusr,Phome"
_FSCK = tuple(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in ("Proot", "Pusr", "Phome"))

SYSTEM_PROXY = Matrix(
    "A proxy group of system disks",
    "Proxy1 is the proxy of Group1; Proot, its root volume, stands for its three volumes.",
    "backing-up", "System", ("Proxy1", "Proot"),
    states(
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
    states(
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
