"""docs/states.md: every operation on a proxy in every state it can be in, by running the rules.

The states are reached by commands from the scenario `backing-up`, so the table cannot say what the
rules do not do. `python -m sdxsim.lab.documents --write` writes it.
"""

import shlex

from ...execute import execute
from ...model import clock
from ...model.queries import copies_onto, relation_of_proxy
from ...rules.copying import settle
from ..scenarios import load

_STOP = "sdxvolume -F -c System -v Proot,Pusr,Phome"
_PART = "sdxproxy Part -c System -p Proxy1"
_RW = tuple(f"sdxattr -V -c System -v {v} -a mode=rw" for v in ("Proot", "Pusr", "Phome"))
_START = "sdxvolume -N -c System -v Proot,Pusr,Phome"
_FSCK = tuple(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in ("Proot", "Pusr", "Phome"))
_LATER = 60 * 60_000  # ms after which nothing copies any more

# fmt: off
STATES = (  # the proxy group Proxy1 is ...; how it came to be so; how long ago
    ("joined, equal",                      (), 0),
    ("joined, copying",                    (_PART, _STOP, "sdxproxy Rejoin -c System -p Proxy1"), 0),
    ("parted, running ro, unchecked",      (_PART,), 0),
    ("parted, running rw, checked",        (_PART, _STOP, *_RW, _START, *_FSCK), 0),
    ("parted, running rw, Proot mounted",  (_PART, _STOP, *_RW, _START, *_FSCK,
                                            "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"), 0),
    ("parted, stopped",                    (_PART, _STOP), 0),
    ("parted, stopped, locked",            (_PART, _STOP, *(f"sdxattr -V -c System -v {v} -a lock=on"
                                                            for v in ("Proot", "Pusr", "Phome"))), 0),
    ("parted, OPC copying, instant",       (_PART, "sdxproxy Update -c System -p Proxy1 -e instant"), 0),
    ("parted, OPC copying, not instant",   (_PART, "sdxproxy Update -c System -p Proxy1 -e nowaitsync"), 0),
    ("parted, OPC copy ended, running",    (_PART, "sdxproxy Update -c System -p Proxy1 -e instant"), _LATER),
    ("parted, OPC copy cancelled",         (_PART, "sdxproxy Update -c System -p Proxy1 -e instant",
                                            "sdxproxy Cancel -c System -p Proxy1"), 0),
    ("no proxy any more (broken)",         ("sdxproxy Break -c System -p Proxy1",), 0),
    ("halted at the ok prompt",            (_PART, "shutdown -y -g0 -i0"), 0),
)

OPERATIONS = (
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
    "sdxproxy Cancel -c System -p Proxy1",
    "sdxproxy Break -c System -p Proxy1",
    "sdxproxy Break -c System -p Proxy1 -e force",
    "sdxproxy Root -c System -p Proxy1",
    "sdxproxy Join -c System -m Group1 -p Proxy1",
    "fsck -y /dev/sfdsk/System/rdsk/Proot",
    "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt",
)
# fmt: on


def _run(lab, line):
    return execute(lab, shlex.split(line), lab.clock.virtual)


def reached(steps, later):
    """The lab after `steps` and `later` ms; every step must have succeeded."""
    lab = load("backing-up")
    lab = lab._replace(clock=clock.freeze(lab.clock, lab.clock.wall))
    for step in steps:
        outcome = _run(lab, step)
        if outcome.status:
            raise AssertionError(f"{step}: {outcome.stderr}")
        lab = outcome.lab
    lab = lab._replace(clock=clock.advance(lab.clock, later, lab.clock.wall))
    return settle(lab, lab.clock.virtual)


def described(lab):
    """What Proot is in this lab, in a few words."""
    klass = lab.classes["System"]
    volume = klass.volumes.get("Proot") or klass.volumes["Other"]
    relation = relation_of_proxy(klass, "Proxy1")
    status = "INVALID" if not volume.valid else ("ACTIVE" if volume.started else "STOP")
    words = [relation.state if relation else "unrelated", f"volume {status} {volume.mode}"]
    words.append(f"slices {volume.slices[0].status}")
    copies = copies_onto(lab, "System", volume.name)
    if copies:
        words.append(f"{copies[0].engine} copies {copies[0].blocks} blocks")
    return ", ".join(words)


def cell(lab, operation):
    """What the operation comes to: the state after it, "no change", or the refusal."""
    outcome = _run(lab, operation)
    if outcome.status:
        said = (outcome.stderr or outcome.stdout).splitlines()[0]
        return f"refused ({outcome.status}): `{said}`"
    return "no change" if outcome.lab is lab else described(outcome.lab)


def document():
    """docs/states.md."""
    lines = [
        "# States and operations",
        "",
        "Generated by running the rules over every cell: `python -m sdxsim.lab.documents --write`.",
        "Proxy1 is the proxy of Group1; Proot, its root volume, stands for its three volumes.",
    ]
    for state, steps, later in STATES:
        lab = reached(steps, later)
        lines += ["", f"## {state}", "", f"Now: {described(lab)}.", ""]
        lines += ["| operation | comes to |", "| --- | --- |"]
        lines += [f"| `{operation}` | {cell(lab, operation)} |" for operation in OPERATIONS]
    return "\n".join(lines) + "\n"
