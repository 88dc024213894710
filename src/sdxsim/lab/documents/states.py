"""docs/states.md: every operation on a proxy in every state it can be in, by running the rules.

The states are reached by commands from a scenario, so the tables cannot say what the rules do not do.
What related objects allow besides is printed from its table. `python -m sdxsim.lab.documents --write`
writes all of it.
"""

import shlex

from ...execute import execute
from ...model import clock
from ...model.queries import copies_onto, relation_of_proxy
from ...model.record import Record
from ...rules.copying import settle
from ...rules.related import CELLS
from ...store.place import checkout
from ...words.messages import MESSAGES
from ...words.syntax import FORMS
from ..scenarios import load

_STOP = "sdxvolume -F -c System -v Proot,Pusr,Phome"
_PART = "sdxproxy Part -c System -p Proxy1"
_RW = tuple(f"sdxattr -V -c System -v {v} -a mode=rw" for v in ("Proot", "Pusr", "Phome"))
_START = "sdxvolume -N -c System -v Proot,Pusr,Phome"
_FSCK = tuple(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in ("Proot", "Pusr", "Phome"))
_LATER = 60 * 60_000  # ms after which nothing copies any more


class Matrix(Record, fields="heading about scenario klass proxy watched states operations"):
    """A proxy in `states` of a scenario, and `operations` tried in each; `watched` are the volumes told of."""

    __slots__ = ()


# fmt: off
_SYSTEM_STATES = (  # the proxy group Proxy1 is ...; how it came to be so; how long ago
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

_SYSTEM_OPERATIONS = (
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
    "sdxproxy Join -c System -m Group1 -p Proxy1",
    "fsck -y /dev/sfdsk/System/rdsk/Proot",
    "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt",
)

_QUIET = ("umount /mnt1", "sdxvolume -F -c Class1 -v Volume1,Volume2")
_JOIN = "sdxproxy Join -c Class1 -m Volume1 -p Volume2 -e waitsync"
_PART2 = "sdxproxy Part -c Class1 -p Volume2"
_DATA_STATES = (  # Volume2 is ...
    ("not related",                            (), 0),
    ("related, parted",                        ("sdxproxy Relate -c Class1 -m Volume1 -p Volume2",), 0),
    ("joined, copying",                        (_JOIN.removesuffix(" -e waitsync"),), 0),
    ("joined, equal, the master in use",       (_JOIN,), 0),
    ("parted, both running",                   (_JOIN, _PART2), 0),
    ("parted, both stopped",                   (_JOIN, _PART2, *_QUIET), 0),
    ("parted, both stopped, after a reboot",   (_JOIN, _PART2, "shutdown -y -g0 -i0", "boot", _QUIET[1]), 0),
    ("joined, the master being copied back",   (_JOIN, _PART2, *_QUIET,
                                                "sdxproxy RejoinRestore -c Class1 -p Volume2 -e nowaitsync"), 0),
    ("joined, the master copied back, instant", (_JOIN, _PART2, *_QUIET,
                                                "sdxproxy RejoinRestore -c Class1 -p Volume2 -e instant"), 0),
    ("parted, OPC copying back, instant",      (_JOIN, _PART2, *_QUIET,
                                                "sdxproxy Restore -c Class1 -p Volume2 -e instant"), 0),
    ("parted, OPC copying back cancelled",     (_JOIN, _PART2, *_QUIET,
                                                "sdxproxy Restore -c Class1 -p Volume2 -e instant",
                                                "sdxproxy Cancel -c Class1 -p Volume2"), 0),
    ("joined, equal, swapped",                 (_JOIN, "sdxproxy Swap -c Class1 -p Volume2"), 0),
)

_DATA_OPERATIONS = (
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
)
# fmt: on


def matrices():
    """The system disks' proxy group, and a proxy of a data volume (guide 6.4.6; 6.8)."""
    data = f"{checkout()}/tests/runbooks/proxies.json"
    return (
        Matrix(
            "A proxy group of system disks",
            "Proxy1 is the proxy of Group1; Proot, its root volume, stands for its three volumes.",
            "backing-up", "System", "Proxy1", ("Proot",), _SYSTEM_STATES, _SYSTEM_OPERATIONS,
        ),
        Matrix(
            "A proxy volume of a data volume",
            "Volume2 is the proxy of Volume1, a data volume in use on /mnt1; the disk array has OPC.",
            data, "Class1", "Volume2", ("Volume1", "Volume2"), _DATA_STATES, _DATA_OPERATIONS,
        ),
    )  # fmt: skip


def _run(lab, line):
    return execute(lab, shlex.split(line), lab.clock.virtual)


def reached(scenario, steps, later):
    """The lab after `steps` and `later` ms; every step must have succeeded."""
    lab = load(scenario)
    lab = lab._replace(clock=clock.freeze(lab.clock, lab.clock.wall))
    for step in steps:
        outcome = _run(lab, step)
        if outcome.status:
            raise AssertionError(f"{step}: {outcome.stderr}")
        lab = outcome.lab
    lab = lab._replace(clock=clock.advance(lab.clock, later, lab.clock.wall))
    return settle(lab, lab.clock.virtual)


def described(lab, matrix):
    """What the volumes are in this lab, in a few words."""
    klass = lab.classes[matrix.klass]
    relation = relation_of_proxy(klass, matrix.proxy)
    words = [relation.state if relation else "unrelated"]
    for name in matrix.watched:
        volume = klass.volumes.get(name) or klass.volumes["Other"]
        status = "INVALID" if not volume.valid else ("ACTIVE" if volume.started else "STOP")
        words.append(f"{volume.name if len(matrix.watched) > 1 else 'volume'} {status} {volume.mode}")
        words.append(f"slices {volume.slices[0].status}")
        copies = copies_onto(lab, klass.name, volume.name)
        if copies:
            words.append(f"{copies[0].engine} copies {copies[0].blocks} blocks")
    return ", ".join(words)


def cell(lab, operation, matrix):
    """What the operation comes to: the state after it, "no change", or the refusal."""
    outcome = _run(lab, operation)
    if outcome.status:
        said = (outcome.stderr or outcome.stdout).splitlines()[0]
        return f"refused ({outcome.status}): `{said}`"
    return "no change" if outcome.lab is lab else described(outcome.lab, matrix)


def _tables():
    for matrix in matrices():
        yield from ("", f"## {matrix.heading}", "", matrix.about)
        for state, steps, later in matrix.states:
            lab = reached(matrix.scenario, steps, later)
            yield from ("", f"### {state}", "", f"Now: {described(lab, matrix)}.", "")
            yield from ("| operation | comes to |", "| --- | --- |")
            yield from (f"| `{operation}` | {cell(lab, operation, matrix)} |" for operation in matrix.operations)


def _related():
    """The table of `rules.related`, as it stands."""
    forms = {form.id: form for form in FORMS}
    yield from ("", "## What masters, proxies and what they lie on allow", "")
    yield from ("| form | on | refused with | evidence |", "| --- | --- | --- | --- |")
    for row in CELLS:
        head = " ".join(word for word in forms[row.form].synopsis.split()[:2] if not word.startswith("["))
        refusals = ", ".join(f"`{MESSAGES[guard.note_id][1]}`" for guard in row.guards) or "nothing: allowed"
        yield f"| `{head}` | {row.what} | {refusals} | {row.evidence} |"


def document():
    """docs/states.md."""
    lines = [
        "# States and operations",
        "",
        "Generated by running the rules over every cell: `python -m sdxsim.lab.documents --write`.",
        *_tables(),
        *_related(),
    ]
    return "\n".join(lines) + "\n"
