"""Rules of sdxattr. Setting an attribute to the value it has succeeds and changes nothing (inferred: 60)."""

from ..model.queries import beside, can_have_pslice, with_class
from ..model.status import TEMP, TEMP_STOP
from . import guards as g
from . import jrm, related
from .engine import Rule, refuses
from .targets import volumes

# -- effects: attribute -> change of the volume -------------------------------------------------------------------

_CHANGES = {
    "jrm": lambda volume, value: volume._replace(jrm=value == "on"),
    "lock": lambda volume, value: volume._replace(lock=value == "on"),
    "mode": lambda volume, value: volume._replace(mode=value),
    "name": lambda volume, value: volume._replace(name=value),
    "pslice": lambda volume, value: volume._replace(pslice=value == "on"),  # its number is given below
    "pjrm": lambda volume, value: volume,  # the record is the relation's, see below
}


def set_attributes(asked, targets):
    """All the attributes of one call, or (a guard having refused) none."""
    (volume,), klass, lab, given = targets, asked.klass, asked.lab, asked.args["a"]
    changed = volume
    for attribute, value in given.items():
        changed = _CHANGES[attribute](changed, value)
    if changed.pslice != volume.pslice:
        from .makevolume import free_number  # seldom

        changed = changed._replace(number=free_number(beside(klass, volume)[1]) if changed.pslice else None)
    if "pjrm" in given:
        lab = jrm.forget(lab, klass.name, {volume.name})
        klass = lab.classes[klass.name]
    if changed != volume:
        lab = with_class(lab, _renamed(klass, volume.name, changed))
    if changed.name != volume.name:
        lab = lab._replace(copies=tuple(_renamed_copy(c, klass.name, volume.name, changed.name) for c in lab.copies))
    return lab


def _renamed_copy(copy, class_name, old, new):
    if copy.klass != class_name or old not in (copy.volume, copy.source):
        return copy
    return copy._replace(**{key: new for key in ("volume", "source") if getattr(copy, key) == old})


def _renamed(klass, old, volume):
    """The class with `volume` in the place of the one called `old`, in the relations too."""
    volumes_now = {volume.name if name == old else name: v for name, v in klass.volumes.items()}
    volumes_now[volume.name] = volume
    if volume.name == old:
        return klass._replace(volumes=volumes_now)

    def known_as(name):
        return volume.name if name == old else name

    relations = tuple(
        r._replace(
            master=known_as(r.master) if r.kind == "volume" else r.master,
            proxy=known_as(r.proxy) if r.kind == "volume" else r.proxy,
            pairs=tuple(p._replace(master=known_as(p.master), proxy=known_as(p.proxy)) for p in r.pairs),
        )
        for r in klass.relations
    )
    return klass._replace(volumes=volumes_now, relations=relations)


# -- guards ------------------------------------------------------------------------------------------------------


@refuses("volume.no_pslice")
def pslice_may_come(asked, volume):
    """Only what lies directly on disks that all hold the same has a physical slice, as when it is made."""
    group = asked.klass.groups.get(volume.group)
    if asked.args["a"].get("pslice") != "on" or volume.pslice or group is None:
        return None
    return None if can_have_pslice(asked.klass, group) else volume.name


@refuses("object.detached")
def nothing_detached(asked, volume):
    """A detached slice has its name from its volume, and is a physical slice."""
    changes = {"name", "pslice"} & asked.args["a"].keys()
    return volume.name if changes and any(s.status in (TEMP, TEMP_STOP) for s in volume.slices) else None


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("attr.volume", volumes,
         guards=(*related.guards_for("attr.volume").items(),
                 (g.stopped_for_change, "seen: guide 6.4.6 5-1 stops first (mode); recalled: 85 name, 75 pslice"),
                 (nothing_detached,     "ours: the condition is inferred"),
                 (g.new_name_free,      "seen: guide A.1.1"),
                 (g.pslice_may_go,      "ours: root classes have no logical partitioning (seen, A.2.9)"),
                 (pslice_may_come,      "recalled: 75"),
                 (g.pslice_left,        "seen: guide D.4, six a group"),
                 (g.proxy_for_pjrm,     "recalled: 80"),
                 (g.parted_for_pjrm,    "recalled: 80")),
         effect=(set_attributes,        "seen: guide 6.4.6 5-1 (mode); recalled: the others")),
)}
# fmt: on
