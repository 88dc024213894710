"""What masters, proxies and what they lie on allow: one table, and the guards it consists of (guide A.2.25).

A row is a form, what it acts on, and the guards that refuse it there; no guard: it is allowed. Rules
of the forms take their guards from here. A guard's target is a record with a name, or a name: of a
volume, a group, a disk, or a slice (`member.volume`).
"""

from ..model.queries import (
    copies_between,
    copies_touching,
    pairs_of,
    relation_of_proxy,
    relation_of_volume,
    relations_of_master,
    top,
    volumes_of_group,
    volumes_on,
)
from ..model.record import Record
from ..model.status import JOINED
from . import guards as g
from .engine import refuses

# -- what lies behind a name --------------------------------------------------------------------------------------


def _name(target):
    return getattr(target, "name", target)


def volumes_behind(klass, name):
    """The volumes that an operation on this volume, group, disk or slice would touch."""
    if name in klass.volumes:
        return [klass.volumes[name]]
    if name in klass.groups:
        return volumes_of_group(klass, top(klass, name))
    if name in klass.disks:
        return volumes_on(klass, name)
    volume = name.partition(".")[2]
    return [klass.volumes[volume]] if volume in klass.volumes else []


def _pairs(asked, target):
    klass = asked.klass
    return [pair for volume in volumes_behind(klass, _name(target)) for pair in pairs_of(klass, volume.name)]


def whole_relations(klass, name):
    """The relations in which the group (or volume) `name` is itself the master or the proxy."""
    relation = relation_of_proxy(klass, name)
    return relations_of_master(klass, name) + ([relation] if relation else [])


def holds_proxies(klass, group):
    """True when a proxy lies in the group: spare disks do not serve it (guide A.2.25)."""
    return any(relation_of_volume(klass, volume.name)[0] for volume in volumes_behind(klass, group))


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("object.related")
def class_unrelated(asked, _):
    """The class has no master and no proxy."""
    return asked.klass.name if asked.klass.relations else None


@refuses("object.related")
def unrelated(asked, target):
    """No master and no proxy is, or lies on, what is named."""
    klass, name = asked.klass, _name(target)
    group = top(klass, name) if name in klass.groups else name
    return name if whole_relations(klass, group) or _pairs(asked, target) else None


@refuses("object.related")
def group_unrelated(asked, target):
    """It is no master group and no proxy group; volumes in it may be related one by one."""
    klass, name = asked.klass, _name(target)
    return name if name in klass.groups and whole_relations(klass, top(klass, name)) else None


@refuses("object.related")
def no_proxy(asked, target):
    """What is named is no proxy volume (nor in one): masters may be."""
    klass = asked.klass
    return next((v.name for v in volumes_behind(klass, _name(target)) if relation_of_volume(klass, v.name)[0]), None)


@refuses("object.related")
def no_joined_proxy(asked, target):
    """What is named is no proxy that is joined: its copies are the relation's."""
    for volume in volumes_behind(asked.klass, _name(target)):
        relation, _ = relation_of_volume(asked.klass, volume.name)
        if relation and relation.state == JOINED:
            return volume.name
    return None


@refuses("object.copying")
def no_copy(asked, target):
    """Nothing is copied between a master and a proxy that are, or lie on, what is named."""
    busy = any(copies_between(asked.lab, asked.klass.name, pair) for pair in _pairs(asked, target))
    return _name(target) if busy else None


@refuses("proxy.session")
def no_session(asked, target):
    """The disk array keeps no master and proxy together that are, or lie on, what is named."""
    return _name(target) if any(pair.session for pair in _pairs(asked, target)) else None


@refuses("object.copying")
def attributes_free(asked, volume):
    """As `no_copy`; a background copy still allows mode= and only that (guide 6.4.6 5-1)."""
    touching = [c for c in copies_touching(asked.lab, asked.klass.name, volume.name) if c.source != c.volume]
    if any(not c.background for c in touching):
        return volume.name
    return volume.name if touching and set(asked.args["a"]) != {"mode"} else None


# -- the table ----------------------------------------------------------------------------------------------------


class Cell(Record, fields="form what guards evidence"):
    """A form acting on something of a relation, and the guards that refuse it there."""

    __slots__ = ()


_NEVER = (unrelated,)
_IDLE = (no_copy, no_session)
_SEEN = "seen: guide A.2.25"
_SIZES = "ours: master and proxy must stay equal in size"
_UNNAMED = "ours: A.2.25 names what may be done, and not this"

# fmt: off
CELLS = tuple(Cell(*row) for row in (
    ("attr.class",       "their class",                (class_unrelated,), _SEEN),
    ("attr.group",       "a group of theirs",          _NEVER, _SEEN),
    ("disk.connect",     "a group of theirs",          _NEVER, _SEEN),
    ("disk.disconnect",  "a group of theirs",          _NEVER, _SEEN),
    ("group.connect",    "a group of theirs",          _NEVER, _SEEN),
    ("group.disconnect", "a group of theirs",          _NEVER, _SEEN),
    ("slice.make",       "a slice of theirs",          _NEVER, _SEEN),
    ("slice.remove",     "a slice of theirs",          _NEVER, _SEEN),
    ("slice.stop",       "a slice of theirs",          _NEVER, _SEEN),
    ("slice.start",      "a slice of theirs",          _NEVER, _SEEN),
    ("slice.take",       "a slice of theirs",          _NEVER, _SEEN),
    ("attr.slice",       "a slice of theirs",          _NEVER, _SEEN),
    ("volume.make",      "a master or proxy group",    (group_unrelated,), _SEEN),
    ("volume.make",      "another group",              (), _SEEN),
    ("volume.remove",    "a master",                   _NEVER, _SEEN),
    ("volume.remove",    "a proxy",                    _NEVER, _SEEN),
    ("volume.remove",    "another volume",             (), _SEEN),
    ("volume.resize",    "a master",                   _NEVER, _SIZES),
    ("volume.resize",    "a proxy",                    _NEVER, _SIZES),
    ("volume.start",     "a master",                   (), _SEEN),
    ("volume.stop",      "a master",                   (), _SEEN),
    ("volume.start",     "a parted proxy",             (), _SEEN),
    ("volume.stop",      "a parted proxy",             (), _SEEN),
    ("volume.start",     "a joined proxy",             (g.not_joined,), _SEEN),
    ("volume.stop",      "a joined proxy",             (g.not_joined,), _SEEN),
    ("attr.volume",      "a master",                   (attributes_free, no_session),
     "seen: guide A.2.25; that a background copy allows mode=: errata, 6.4.6 5-1"),
    ("attr.volume",      "a proxy",                    (attributes_free, no_session),
     "seen: guide A.2.25; that a background copy allows mode=: errata, 6.4.6 5-1"),
    ("swap.out",         "a disk of theirs",           _IDLE, _SEEN),
    ("swap.in",          "a disk of theirs",           _IDLE, _SEEN),
    ("copy.start",       "a master",                   _IDLE, _SEEN),
    ("copy.cancel",      "a master",                   _IDLE, _SEEN),
    ("copy.interrupt",   "a master",                   _IDLE, _SEEN),
    ("copy.pace",        "a master",                   _IDLE, _SEEN),
    ("copy.start",       "a parted proxy",             _IDLE, _SEEN),
    ("copy.cancel",      "a parted proxy",             _IDLE, _SEEN),
    ("copy.interrupt",   "a parted proxy",             _IDLE, _SEEN),
    ("copy.pace",        "a parted proxy",             _IDLE, _SEEN),
    ("copy.start",       "a joined proxy",             (no_joined_proxy,), _UNNAMED),
    ("copy.cancel",      "a joined proxy",             (no_joined_proxy,), _UNNAMED),
    ("copy.interrupt",   "a joined proxy",             (no_joined_proxy,), _UNNAMED),
    ("copy.pace",        "a joined proxy",             (no_joined_proxy,), _UNNAMED),
    ("fix.volume",       "a master",                   _IDLE, _SEEN),
    ("fix.volume",       "a proxy",                    (no_proxy,), _UNNAMED),
    ("config.backup",    "their class",                (class_unrelated,), "seen: guide D.13"),
    ("info",             "anything of theirs",         (), "seen: guide A.2.25 (it shows the sessions)"),
))
# fmt: on


def guards_for(form_id):
    """{guard: evidence} of all the rows of a form, in the order of the table."""
    return {guard: cell.evidence for cell in CELLS if cell.form == form_id for guard in cell.guards}
