"""Every command that changes a lab: a lab prepared for it, and the line.

test_cases.py holds this table against the declarations, so that no form, stand-in or verb of the lab
tool is added without a row here, and with it all the faults of this suite.
"""

import os
import shlex
from collections import namedtuple

from sdxsim.execute import execute
from sdxsim.lab.labour import turned
from sdxsim.lab.mishap import met
from sdxsim.lab.scenarios import load
from sdxsim.model import clock
from sdxsim.model.status import FROZEN, RUNNING

NOW = 1_795_341_600_000  # what the host's clock shows in every undisturbed run, ms

V = "Proot,Pusr,Phome,Pswap,Pvar,Popt"

# Labs: (the one it continues, or a scenario's name with a colon; what is typed, one line each)
_PARTED = ["sdxproxy Part -c System -p Proxy1,Proxy2"]
_OPEN = [f"sdxvolume -F -c System -v {V}",
         *(f"sdxattr -V -c System -v {v} -a mode=rw" for v in V.split(",")), f"sdxvolume -N -c System -v {V}"]  # fmt: skip
_CHECKED = [f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in V.split(",") if v != "Pswap"]
_TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "class1.table")  # sdxconfig Backup of `two`
_DISK = "/pci@1f,4000/scsi@3/disk@{},0:a"

# fmt: off
LABS = {
    "joined":   ("backing-up:", []),
    "single":   ("single-user:", []),
    "mirrored": ("mirrored:", []),
    "bare_disks": ("bare:",  []),
    "parted":   ("joined",   _PARTED),
    "resting":  ("parted",   [f"sdxvolume -F -c System -v {V}"]),
    "open":     ("parted",   _OPEN),
    "ready":    ("open",     _CHECKED),
    "defined":  ("ready",    ["sdxproxy Root -c System -p Proxy1,Proxy2"]),
    "mounted":  ("ready",    ["mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"]),
    "halted":   ("defined",  ["shutdown -y -g0 -i0"]),
    "switched": ("halted",   ["boot " + _DISK.format(2)]),
    "aliased":  ("halted",   ["nvalias backup /pci@1f,4000/scsi@3/disk@2,0"]),
    "copying":  ("resting",  ["sdxproxy Rejoin -c System -p Proxy1,Proxy2"]),
    "opc":      ("resting",  ["sdxproxy Update -c System -p Proxy1 -e instant"]),

    # a local class on the free disks of scenario bare
    "disks":    ("bare:",    ["sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3,c1t4d0=D4,c2t1d0=D5,"
                              "c2t2d0=S1:single"]),
    "group":    ("disks",    ["sdxdisk -C -c Class1 -g G1 -d D1,D2"]),
    "being_copied": ("group", ["sdxvolume -M -c Class1 -g G1 -v V1 -s 1"]),
    "invalid":  ("being_copied", ["sdxcopy -C -c Class1 -v V1"]),
    "equal":    ("invalid",  ["sdxcopy -B -c Class1 -v V1"]),
    "stopped":  ("equal",    ["sdxvolume -F -c Class1 -v V1"]),
    "lower":    ("group",    ["sdxdisk -C -c Class1 -g L1 -d D3 -a type=concat",
                              "sdxdisk -C -c Class1 -g L2 -d D4 -a type=concat"]),
    "nested":   ("lower",    ["sdxgroup -C -c Class1 -h Top -l L1,L2"]),
    "one":      ("equal",    ["sdxdisk -C -c Class1 -g G2 -d D3", "sdxvolume -M -c Class1 -g G2 -v V2 -s 1"]),
    "two":      ("one",      ["sdxvolume -F -c Class1 -v V1,V2"]),
    "joined_v": ("two",      ["sdxproxy Join -c Class1 -m V1 -p V2 -e waitsync"]),
    "parted_v": ("joined_v", ["sdxproxy Part -c Class1 -p V2", "sdxvolume -F -c Class1 -v V2"]),
    "out":      ("equal",    ["sdxswap -O -c Class1 -d D2"]),
    "detached": ("mirrored:", ["sdxslice -M -c System -d Root2 -v home"]),
    "at_rest":  ("detached", ["sdxslice -F -c System -s Root2.home"]),
    "kept":     ("bare:",    ["sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t4d0=Var1:keep",
                              "sdxdisk -C -c System -g Group1 -d Root1 -v 0=root:on,6=usr:on,7=home:on",
                              "sdxdisk -C -c System -g Group2 -d Var1 -v 1=swap:on,3=var:on,4=opt:on"]),
    "volumes":  ("kept",     ["sdxroot -M -c System -d Root1,Var1", "shutdown -y -g0 -i6"]),
    # what the first node makes of the disks of a class of the second one
    "shadow":   ("seen",     ["sdxshadowdisk -M -c Shadow1 -d c1t1d0=Disk1,c2t1d0=Disk2,c1t2d0=Disk3,c2t2d0=Disk4",
                              "sdxshadowdisk -C -c Shadow1 -g G1 -d Disk1,Disk2"]),
    "shadowlow": ("shadow",  ["sdxshadowdisk -C -c Shadow1 -g L1 -d Disk3 -a type=concat",
                              "sdxshadowdisk -C -c Shadow1 -g L2 -d Disk4 -a type=concat"]),
    "shadowtop": ("shadowlow", ["sdxshadowgroup -C -c Shadow1 -h Top -l L1,L2"]),
    "shadowvol": ("shadow",  ["sdxshadowvolume -M -c Shadow1 -g G1 -v W1 -s 1000"]),
    "shadowoff": ("shadowvol", ["sdxshadowvolume -F -c Shadow1 -v W1"]),
}


class Case(namedtuple("Case", "what lab line")):
    """`what`: the form's id, the stand-in's name or the verb; `lab` a row of LABS, or see `lab_of`."""

    __slots__ = ()

    @property
    def argv(self):
        return shlex.split(self.line)


CASES = [Case(*row) for row in (
    ("volume.stop",    "parted",   f"sdxvolume -F -c System -v {V}"),
    ("volume.start",   "resting",  f"sdxvolume -N -c System -v {V}"),
    ("volume.start",   "resting",  "sdxvolume -N -c System -v Proot -e unlock,mode=ro"),
    ("attr.volume",    "joined",   "sdxattr -V -c System -v Proot -a lock=on"),
    ("attr.volume",    "resting",  "sdxattr -V -c System -v Proot -a mode=rw,jrm=off"),
    ("proxy.break",    "parted",   "sdxproxy Break -c System -p Proxy1"),
    ("proxy.break",    "copying",  "sdxproxy Break -c System -p Proxy1 -e force"),
    ("proxy.cancel",   "opc",      "sdxproxy Cancel -c System -p Proxy1"),
    ("proxy.join",     "bare",     "sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Proot:on"),
    ("proxy.join",     "bare",     "sdxproxy Join -c System -m Group1 -p Proxy1 -e waitsync"),
    ("proxy.part",     "joined",   "sdxproxy Part -c System -p Proxy1,Proxy2"),
    ("proxy.rejoin",   "resting",  "sdxproxy Rejoin -c System -p Proxy1"),
    ("proxy.rejoin",   "resting",  "sdxproxy Rejoin -c System -p Proxy1,Proxy2 -e waitsync"),
    ("proxy.root_m",   "switched", "sdxproxy Root -c System -m Group1,Group2"),
    ("proxy.root_p",   "ready",    "sdxproxy Root -c System -p Proxy1,Proxy2"),
    ("proxy.root_p",   "ready",    "sdxproxy Root -c System -p Proxy1,Proxy2 -e boot"),
    ("proxy.root_mp",  "ready",    "sdxproxy Root -c System -m Group2 -p Proxy1"),
    ("proxy.update",   "resting",  "sdxproxy Update -c System -p Proxy1,Proxy2"),
    ("proxy.update",   "resting",  "sdxproxy Update -c System -p Proxy1 -e instant"),

    ("proxy.relate",   "two",      "sdxproxy Relate -c Class1 -m V1 -p V2"),
    ("proxy.restore",  "parted_v", "sdxproxy Restore -c Class1 -p V2"),
    ("proxy.rejoinrestore", "parted_v", "sdxproxy RejoinRestore -c Class1 -p V2 -e nowaitsync"),
    ("proxy.swap",     "joined_v", "sdxproxy Swap -c Class1 -p V2"),

    ("class.remove",   "disks",    "sdxclass -R -c Class1"),
    ("disk.make",      "bare_disks", "sdxdisk -M -c Class1 -d c1t1d0=D1"),
    ("disk.make",      "disks",    "sdxdisk -M -c Class1 -d c2t3d0=D6,c2t4d0=D7:spare"),
    ("disk.connect",   "disks",    "sdxdisk -C -c Class1 -g G1 -d D1,D2"),
    ("disk.disconnect", "equal",   "sdxdisk -D -c Class1 -g G1 -d D2"),
    ("disk.remove",    "group",    "sdxdisk -R -c Class1 -d D3"),
    ("group.connect",  "lower",    "sdxgroup -C -c Class1 -h Top -l L1,L2"),
    ("group.disconnect", "nested", "sdxgroup -D -c Class1 -h Top -l L2"),
    ("group.remove",   "group",    "sdxgroup -R -c Class1 -g G1"),
    ("volume.make",    "group",    "sdxvolume -M -c Class1 -g G1 -v V1 -s 1000"),
    ("volume.remove",  "stopped",  "sdxvolume -R -c Class1 -v V1"),
    ("volume.resize",  "one",      "sdxvolume -S -c Class1 -v V2 -s 100000"),
    ("slice.make",     "mirrored", "sdxslice -M -c System -d Root2 -v home"),
    ("slice.remove",   "detached", "sdxslice -R -c System -s Root2.home"),
    ("slice.stop",     "detached", "sdxslice -F -c System -s Root2.home"),
    ("slice.start",    "at_rest",  "sdxslice -N -c System -s Root2.home"),
    ("slice.take",     "elsewhere", "sdxslice -T -c Shared -s D2.V1"),
    ("attr.class",     "group",    "sdxattr -C -c Class1 -a hs=off"),
    ("attr.disk",      "group",    "sdxattr -D -c Class1 -d D3 -a name=D9"),
    ("attr.group",     "group",    "sdxattr -G -c Class1 -g G1 -a name=G9"),
    ("attr.slice",     "detached", "sdxattr -S -c System -s Root2.home -a jrm=off"),
    ("swap.out",       "equal",    "sdxswap -O -c Class1 -d D2"),
    ("swap.in",        "out",      "sdxswap -I -c Class1 -d D2"),
    ("fix.class",      "closed",   "sdxfix -C -c Class1"),
    ("fix.disk",       "erring",   "sdxfix -D -c Class1 -d D2 -e online"),
    ("fix.volume",     "lost",     "sdxfix -V -c Class1 -d D1 -v V1"),
    ("copy.start",     "invalid",  "sdxcopy -B -c Class1 -v V1 -e nowaitsync"),
    ("copy.cancel",    "being_copied", "sdxcopy -C -c Class1 -v V1"),
    ("copy.interrupt", "being_copied", "sdxcopy -I -c Class1 -v V1"),
    ("copy.pace",      "being_copied", "sdxcopy -P -c Class1 -v V1 -e delay=9"),
    ("config.remove",  "stopped",  "sdxconfig Remove -c Class1 -e keepid"),
    ("config.restore", "bare_disks", f"sdxconfig Restore -c Class1 -i {_TABLE}"),
    ("shadowdisk.make", "seen",    "sdxshadowdisk -M -c Shadow1 -d c1t1d0=Disk1"),
    ("shadowdisk.connect", "shadow", "sdxshadowdisk -C -c Shadow1 -g G2 -d Disk3 -a type=concat"),
    ("shadowdisk.disconnect", "shadow", "sdxshadowdisk -D -c Shadow1 -g G1 -d Disk2"),
    ("shadowdisk.remove", "shadow", "sdxshadowdisk -R -c Shadow1 -d Disk3"),
    ("shadowgroup.connect", "shadowlow", "sdxshadowgroup -C -c Shadow1 -h Top -l L1,L2"),
    ("shadowgroup.disconnect", "shadowtop", "sdxshadowgroup -D -c Shadow1 -h Top -l L2"),
    ("shadowgroup.remove", "shadow", "sdxshadowgroup -R -c Shadow1 -g G1"),
    ("shadowvolume.make", "shadow", "sdxshadowvolume -M -c Shadow1 -g G1 -v W1 -s 1000"),
    ("shadowvolume.start", "shadowoff", "sdxshadowvolume -N -c Shadow1 -v W1"),
    ("shadowvolume.stop", "shadowvol", "sdxshadowvolume -F -c Shadow1 -v W1"),
    ("shadowvolume.remove", "shadowoff", "sdxshadowvolume -R -c Shadow1 -v W1"),
    ("root.make",      "kept",     "sdxroot -M -c System -d Root1,Var1"),
    ("root.remove",    "volumes",  "sdxroot -R -c System -d Root1,Var1"),
    ("param.set",      "joined",   "sdxparam -S -p copy_delay=7"),

    ("boot",           "halted",   "boot " + _DISK.format(2)),
    ("chgrp",          "mounted",  "chgrp bin /mnt/etc/vfstab"),
    ("dd",             "open",     "dd if=/dev/sfdsk/System/rdsk/Proot of=/dev/rmt/0 bs=32768"),
    ("newfs",          "open",     "newfs /dev/sfdsk/System/rdsk/Popt"),
    ("fsck",           "open",     "fsck -y /dev/sfdsk/System/rdsk/Proot"),
    ("fsck-sim",       "open",     "fsck-sim -y /dev/sfdsk/System/rdsk/Pvar"),
    ("mount",          "ready",    "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"),
    ("shutdown",       "defined",  "shutdown -y -g0 -i0"),
    ("lockfs",         "joined",   "lockfs -w -c backup /var"),
    ("init",           "single",   "init 3"),
    ("init",           "defined",  "init 0"),
    ("reboot",         "defined",  "reboot -- -s"),
    ("halt",           "defined",  "halt"),
    ("poweroff",       "defined",  "poweroff"),
    ("uadmin",         "joined",   "uadmin 1 0"),
    ("eeprom",         "joined",   "eeprom boot-device=disk1"),
    ("setenv",         "halted",   "setenv auto-boot? false"),
    ("set-default",    "halted",   "set-default boot-device"),
    ("set-defaults",   "halted",   "set-defaults"),
    ("devalias",       "halted",   "devalias backup /pci@1f,4000/scsi@3/disk@2,0"),
    ("nvalias",        "halted",   "nvalias backup /pci@1f,4000/scsi@3/disk@2,0"),
    ("nvunalias",      "aliased",  "nvunalias backup"),
    ("reset-all",      "halted",   "reset-all"),
    ("reset",          "halted",   "reset"),
    ("sync",           "joined",   "sync"),
    ("swap",           "joined",   "swap -d /dev/sfdsk/System/dsk/swap"),
    ("umount",         "mounted",  "umount /mnt"),

    ("init",           "none",     "sdxsim init"),
    ("init",           "joined",   "sdxsim init single-user --force"),
    ("init",           "damaged",  "sdxsim init --force"),
    ("clock freeze",   "running",  "sdxsim clock freeze"),
    ("clock resume",   "joined",   "sdxsim clock resume"),
    ("clock speed",    "joined",   "sdxsim clock speed 60"),
    ("clock advance",  "copying",  "sdxsim clock advance 2m"),
    ("fault",          "equal",    "sdxsim fault disk Class1/D2 fail"),
    ("fault",          "equal",    "sdxsim fault power --at 10m"),
    ("workload",       "joined",   "sdxsim workload start busy"),
    ("workload",       "worked",   "sdxsim workload stop"),
    ("proxy.part",     "worked",   "sdxproxy Part -c System -p Proxy1,Proxy2"),
    ("undo",           "joined",   "sdxsim undo"),
    ("history restore", "joined",  "sdxsim history restore 1"),
    ("history restore", "damaged", "sdxsim history restore 1"),
    ("snapshot restore", "joined", "sdxsim snapshot restore kept"),
    ("wait",           "copying",  "sdxsim wait"),
    ("wait",           "copying",  "sdxsim wait --timeout 1m"),
)]

# verbs of the lab tool that never change a lab themselves
READERS = {"scenarios", "status", "clock show", "completion", "live", "log", "history list", "snapshot list",
           "snapshot save", "snapshot delete",  # files beside the lab's own, see test_snapshots.py
           "env", "shell", "console",  # write the lab's commands, see environment.refresh
           "run"}           # types commands, each a turn of its own
# fmt: on

NAMES = [f"{i}-{case.what.replace(' ', '-')}" for i, case in enumerate(CASES)]
NONE, DAMAGED = "none", "damaged"
_made = {}


def lab_of(name):
    """The Lab of that row, its clock frozen; None for `none`, and for `damaged` the lab before the damage."""
    if name == NONE:
        return None
    if name not in _made:
        _made[name] = _SPECIAL[name]() if name in _SPECIAL else _typed(*LABS[name])
    return _made[name]


def _typed(before, lines):
    if before.endswith(":"):
        lab = load(before[:-1])
        lab = lab._replace(clock=clock.at(lab.clock, lab.clock.virtual, NOW)._replace(mode=FROZEN))
    else:
        lab = lab_of(before)
    for line in lines:
        outcome = execute(lab, shlex.split(line), lab.clock.virtual)
        assert outcome.status == 0 or line.startswith("fsck"), (line, outcome[1:])
        lab = outcome.lab
    return lab


def _bare():
    """Proxy1 has no volumes and no relation, as before it was first joined."""
    lab = lab_of("joined")
    klass = lab.classes["System"]
    volumes = {name: v for name, v in klass.volumes.items() if v.group != "Proxy1"}
    relations = tuple(r for r in klass.relations if r.proxy != "Proxy1")
    return lab._replace(classes={"System": klass._replace(volumes=volumes, relations=relations)})


def _running():
    lab = lab_of("copying")
    return lab._replace(clock=lab.clock._replace(mode=RUNNING, wall=NOW - 1000))


def _met(before, *faults):
    lab = lab_of(before)
    for words in faults:
        lab, _ = met(lab, words.split(), None, None, lab.clock.virtual)
    return lab


def _closed():
    """Too few of the six disks answered for a while; they all do again."""
    devices = ("c1t1d0", "c1t2d0", "c1t3d0", "c1t4d0", "c2t1d0")
    return _met("equal", *(f"path {d}" for d in devices), *(f"path {d} repair" for d in devices))


def _lost():
    """V1 without a valid slice."""
    lab = lab_of("stopped")
    klass = lab.classes["Class1"]
    volume = klass.volumes["V1"]
    volume = volume._replace(valid=False, slices=tuple(s._replace(status="INVALID") for s in volume.slices))
    return lab._replace(classes={**lab.classes, "Class1": klass._replace(volumes={"V1": volume})})


def _elsewhere():
    """A slice of a shared class that node2 has detached."""
    lab = lab_of("bare_disks")
    lab = lab._replace(nodes={**lab.nodes, "node2": lab.nodes["node1"]._replace(name="node2", mounts=())})
    for node, line in (
        (None, "sdxdisk -M -c Shared -a type=shared,scope=node1:node2 -d c1t1d0=D1,c1t2d0=D2"),
        (None, "sdxdisk -C -c Shared -g G1 -d D1,D2"),
        (None, "sdxvolume -M -c Shared -g G1 -v V1 -s 1"),
        (None, "sdxcopy -C -c Shared -v V1"),
        (None, "sdxcopy -B -c Shared -v V1"),
        ("node2", "sdxslice -M -c Shared -d D2 -v V1"),
    ):
        outcome = execute(lab, line.split(), lab.clock.virtual, node)
        assert outcome.status == 0, (line, outcome.stderr)
        lab = outcome.lab
    return lab


def _worked():
    """Somebody has worked for some minutes, so that the next command writes files as well."""
    lab = lab_of("joined")
    lab, _ = turned(lab, ["start", "busy"], lab.clock.virtual)
    return lab._replace(clock=lab.clock._replace(virtual=lab.clock.virtual + 5 * 60_000))


def _seen():
    """A class of the other node, whose disks this one sees."""
    lab = load("cluster")
    lab = lab._replace(clock=clock.at(lab.clock, lab.clock.virtual, NOW)._replace(mode=FROZEN))
    outcome = execute(lab, ["sdxattr", "-C", "-c", "Class1", "-a", "type=local"], lab.clock.virtual, "node2")
    assert outcome.status == 0, outcome.stderr
    return outcome.lab


_SPECIAL = {"seen": _seen, "worked": _worked, "bare": _bare, "running": _running, "damaged": lambda: lab_of("joined"),
            "closed": _closed, "lost": _lost,
            "erring": lambda: _met("equal", "disk Class1/D2 io-error", "disk Class1/D2 repair"),
            "elsewhere": _elsewhere}  # fmt: skip
