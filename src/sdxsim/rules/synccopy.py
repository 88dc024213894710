"""Rules of sdxcopy: synchronization copies inside mirror volumes (guide D.10). Those between master and proxy
are not its business (A.2.25).
"""

from ..model.queries import (
    copied,
    copies_onto,
    disks_under,
    find_volume,
    with_volumes,
)
from ..model.status import COPY, COPY_STOP, ENABLE, INVALID, MIRROR
from ..words.parameters import delay
from . import copying, related
from .engine import Rule, note, refuses
from .targets import volumes


def _own(lab, class_name, volume):
    """The sessions from valid slices of the volume onto its others."""
    return [c for c in copies_onto(lab, class_name, volume.name) if c.source == volume.name]


def _behind(asked, volume):
    """The members whose slices are INVALID though their disks can be used; TEMP and NOUSE are not touched."""
    klass = asked.klass
    slices = [s for s in volume.slices if s.status == INVALID]
    return [s.member for s in slices if all(d.status == ENABLE for d in disks_under(klass, s.member))]


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("volume.not_mirror")
def is_mirror(asked, volume):
    group = asked.klass.groups.get(volume.group)
    return None if group and group.type == MIRROR else volume.name


@refuses("object.status")
def valid(asked, volume):
    return None if volume.valid else {"object": volume.name, "status": INVALID}


@refuses("object.copying")
def not_copying(asked, volume):
    """None of its slices is being copied; an interrupted copy may be gone on with."""
    return volume.name if any(not c.interrupted for c in _own(asked.lab, asked.klass.name, volume)) else None


@refuses("copy.none")
def has_copy(asked, volume):
    return None if _own(asked.lab, asked.klass.name, volume) else volume.name


# -- effects ------------------------------------------------------------------------------------------------------


def _changed(lab, class_name, volume, change, status=None):
    """The lab with `change` done to the volume's own sessions, whose slices then show `status`."""
    own = _own(lab, class_name, volume)
    lab = lab._replace(copies=tuple(change(c) if c in own else c for c in lab.copies))
    if status is None:
        return lab
    members = {member for c in own for member in c.members}
    slices = tuple(s._replace(status=status) if s.member in members else s for s in volume.slices)
    return with_volumes(lab, class_name, [volume._replace(slices=slices)])


def start(asked, targets):
    """Goes on with interrupted copies where they were, and copies INVALID slices whole."""
    lab, klass = asked.lab, asked.klass.name
    wait, asked_for = delay(asked.node, asked.options), "delay" in asked.options

    def go_on(c):
        return c._replace(interrupted=False, since=asked.now, delay=wait if asked_for else c.delay)

    for volume in targets:
        if _own(lab, klass, volume):
            lab = _changed(lab, klass, volume, go_on, COPY)
        behind = _behind(asked, volume)
        if behind:
            lab = copying.resynchronize(lab, klass, volume.name, behind, asked.now, wait)
    return lab


def cancel(asked, targets):
    """Ends copies, running or interrupted: their slices are INVALID."""
    lab, klass = asked.lab, asked.klass.name
    for volume in targets:
        members = {member for c in _own(lab, klass, volume) for member in c.members}
        lab = copying.lose(lab, klass, volume.name, members, asked.now)
    return lab


def interrupt(asked, targets):
    """Running copies stand still, and remember how far they were."""
    lab, klass = asked.lab, asked.klass.name

    def stand_still(c):
        return c._replace(done=copied(c, asked.now), interrupted=True)

    for volume in targets:
        if any(not c.interrupted for c in _own(lab, klass, volume)):
            lab = _changed(lab, klass, volume, stand_still, COPY_STOP)
    return lab


def pace(asked, targets):
    """Copies go on with another delay from where they are."""
    lab, klass, wait = asked.lab, asked.klass.name, int(asked.options["delay"])

    def at_that_pace(c):
        return c._replace(done=copied(c, asked.now), since=asked.now, delay=wait)

    for volume in targets:
        if any(c.delay != wait for c in _own(lab, klass, volume)):
            lab = _changed(lab, klass, volume, at_that_pace)
    return lab


# -- what is said, and what is waited for -------------------------------------------------------------------------


def waits(asked, after, targets):
    """The slices that are copied, unless nowaitsync."""
    if "nowaitsync" in asked.options:
        return {}
    found = {}
    for volume in targets:
        now = find_volume(after, asked.klass.name, volume.name)
        members = tuple(m for c in _own(after, asked.klass.name, now) for m in c.members)
        if members:
            found[volume.name] = [(volume.name, members)]
    return found


def says_waiting(asked, before, after, targets):
    return [note("copy.waiting", object=name) for name in waits(asked, after, targets)]


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("copy.start", volumes,
         guards=((is_mirror,    "seen: guide D.10"),
                 *related.guards_for("copy.start").items(),
                 (valid,        "seen: guide F.1.3, there is nothing good to copy from"),
                 (not_copying,  "seen: guide D.10")),
         effect=(start,         "seen: guide D.10"),
         says=says_waiting, waits=waits),
    Rule("copy.cancel", volumes,
         guards=((is_mirror,    "seen: guide D.10"),
                 *related.guards_for("copy.cancel").items(),
                 (has_copy,     "ours: the condition is inferred")),
         effect=(cancel,        "seen: guide D.10, F.1.1 (cancelled: INVALID)")),
    Rule("copy.interrupt", volumes,
         guards=((is_mirror,    "seen: guide D.10"),
                 *related.guards_for("copy.interrupt").items(),
                 (has_copy,     "ours: the condition is inferred")),
         effect=(interrupt,     "seen: guide D.10; recalled: 65 (COPY-STOP)")),
    Rule("copy.pace", volumes,
         guards=((is_mirror,    "seen: guide D.10"),
                 *related.guards_for("copy.pace").items(),
                 (has_copy,     "ours: the condition is inferred")),
         effect=(pace,          "seen: guide D.10; recalled: 85 (interrupted copies too)")),
)}
# fmt: on
