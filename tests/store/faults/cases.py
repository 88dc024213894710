"""Every command that changes a lab: a lab prepared for it, and the line.

test_cases.py holds this table against the declarations, so that no form, stand-in or verb of the lab
tool is added without a row here, and with it all the faults of this suite.
"""

import shlex
from collections import namedtuple

from sdxsim.execute import execute
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
_DISK = "/pci@1f,4000/scsi@3/disk@{},0:a"

# fmt: off
LABS = {
    "joined":   ("backing-up:", []),
    "single":   ("single-user:", []),
    "parted":   ("joined",   _PARTED),
    "resting":  ("parted",   [f"sdxvolume -F -c System -v {V}"]),
    "open":     ("parted",   _OPEN),
    "ready":    ("open",     _CHECKED),
    "defined":  ("ready",    ["sdxproxy Root -c System -p Proxy1,Proxy2"]),
    "mounted":  ("ready",    ["mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"]),
    "halted":   ("defined",  ["shutdown -y -g0 -i0"]),
    "switched": ("halted",   ["boot " + _DISK.format(2)]),
    "copying":  ("resting",  ["sdxproxy Rejoin -c System -p Proxy1,Proxy2"]),
    "opc":      ("resting",  ["sdxproxy Update -c System -p Proxy1 -e instant"]),
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

    ("boot",           "halted",   "boot " + _DISK.format(2)),
    ("chgrp",          "mounted",  "chgrp bin /mnt/etc/vfstab"),
    ("fsck",           "open",     "fsck -y /dev/sfdsk/System/rdsk/Proot"),
    ("fsck-sim",       "open",     "fsck-sim -y /dev/sfdsk/System/rdsk/Pvar"),
    ("mount",          "ready",    "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"),
    ("shutdown",       "defined",  "shutdown -y -g0 -i0"),
    ("sync",           "joined",   "sync"),
    ("umount",         "mounted",  "umount /mnt"),

    ("init",           "none",     "sdxsim init"),
    ("init",           "joined",   "sdxsim init single-user --force"),
    ("init",           "damaged",  "sdxsim init --force"),
    ("clock freeze",   "running",  "sdxsim clock freeze"),
    ("clock resume",   "joined",   "sdxsim clock resume"),
    ("clock speed",    "joined",   "sdxsim clock speed 60"),
    ("clock advance",  "copying",  "sdxsim clock advance 2m"),
    ("wait",           "copying",  "sdxsim wait"),
    ("wait",           "copying",  "sdxsim wait --timeout 1m"),
)]

# verbs of the lab tool that never change a lab themselves
READERS = {"scenarios", "status", "clock show",
           "env", "shell",  # write the lab's commands, see environment.refresh
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


_SPECIAL = {"bare": _bare, "running": _running, "damaged": lambda: lab_of("joined")}
