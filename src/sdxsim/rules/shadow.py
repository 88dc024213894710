"""Rules of sdxshadowdisk, sdxshadowgroup and sdxshadowvolume (guide 2.2.2, D.17; forms of the first two: ours).

Shadow objects give another system's view of disks that a class elsewhere has: they change neither the
disks' labels nor what is on them, never copy, and live in their node's memory (`reboot`). What they
have in common with other objects is ruled where those are.
"""

from ..model.queries import members_for_volumes, registered, with_class, with_volumes
from ..model.records import Class, Disk, FileSystem, Slice, Volume
from ..model.sizes import private_blocks
from ..model.status import ACTIVE, LOCAL, RO, ROOT, SINGLE, STOP, UNDEF
from . import disk as d
from . import group as gr
from . import guards as g
from . import makevolume as mv
from . import membership as m
from .engine import Rule, note, refuses
from .targets import volumes
from .volume import says_changes, started, stop

# -- disks --------------------------------------------------------------------------------------------------------


def _new_class(asked):
    """The class as -M makes it, its private area as on the first disk."""
    device = asked.lab.devices[asked.args["d"][0][0]]
    place = registered(asked.lab, device.name)
    private = place[0].private if place else private_blocks(LOCAL, device.blocks, device.cylinder)
    return Class(asked.args["class"], LOCAL, (asked.node.name,), private=private, shadow=True)


def _source(r):
    """(class, disk) that the private slice of the device tells of."""
    klass, _, disk = r.device.label.partition("/")
    return klass, disk


@refuses("class.taken")
def class_is_shadow(asked, _):
    """A class of that name is a shadow class of this node."""
    klass = asked.klass
    mine = klass is None or (klass.shadow and asked.node.name in klass.scope)
    return None if mine else {"class": klass.name}


@refuses("device.registered")
def not_registered_here(asked, r):
    """The device is neither a disk of a class that this node shares, nor a shadow disk of it."""
    for klass in asked.lab.classes.values():
        if asked.node.name in klass.scope and any(disk.device == r.device.name for disk in klass.disks.values()):
            return {"device": r.device.name, "class": klass.name}
    return None


@refuses("shadow.no_label")
def has_private_slice(asked, r):
    return None if r.device.label else {"device": r.device.name}


@refuses("class.not_in_root")
def not_of_root_class(asked, r):
    """Disks of local and shared classes may become shadow disks."""
    place = registered(asked.lab, r.device.name)
    return r.name if place and place[0].type == ROOT else None


@refuses("shadow.name")
def same_name(asked, r):
    _, name = _source(r)
    return None if name == r.name else {"object": r.name, "name": name}


@refuses("shadow.class")
def same_class(asked, r):
    """All shadow disks of a class are disks of one class elsewhere."""
    first = asked.lab.devices[asked.args["d"][0][0]]
    if asked.klass:
        first = asked.lab.devices[next(iter(asked.klass.disks.values())).device]
    (klass, _), other = _source(r), first.label.partition("/")[0]
    return None if klass == other else {"device": r.device.name, "class": klass, "other": other}


@refuses("shadow.type")
def single_or_undef(asked, r):
    return None if r.type in (SINGLE, UNDEF) else r.name


def make(asked, targets):
    """Registers the shadow disks, in a new class if there is none; nothing on the disks changes."""
    klass = asked.klass or _new_class(asked)
    disks = {**klass.disks, **{r.name: Disk(r.name, r.device.name, r.type) for r in targets}}
    return with_class(asked.lab, klass._replace(disks=disks))


def remove(asked, targets):
    """Takes the disk out of the class; the last one takes the class with it."""
    (disk,), klass = targets, asked.klass
    left = {name: other for name, other in klass.disks.items() if name != disk.name}
    if left:
        return with_class(asked.lab, klass._replace(disks=left))
    return asked.lab._replace(classes={name: k for name, k in asked.lab.classes.items() if name != klass.name})


def says_made(asked, before, after, targets):
    """The class if it is new, and each disk."""
    name = asked.args["class"]
    said = [] if name in before.classes else [note("class.created", **{"class": name})]
    return said + [note("disk.created", disk=r.name) for r in targets]


def says_removed(asked, before, after, targets):
    """The disk, and the class if it is gone."""
    said, name = [note("disk.removed", disk=targets[0].name)], asked.klass.name
    return said if name in after.classes else [*said, note("class.removed", **{"class": name})]


# -- groups -------------------------------------------------------------------------------------------------------


def connect(asked, targets):
    """As other disks and groups are connected, but nothing is copied: new slices are as good as the others."""
    lab = m.connect(asked, targets)
    name, changed = asked.klass.name, []
    for volume in lab.classes[name].volumes.values():
        status = ACTIVE if volume.started else STOP
        changed.append(volume._replace(slices=tuple(s._replace(status=status) for s in volume.slices)))
    lab = lab._replace(copies=tuple(c for c in lab.copies if c.klass != name))
    return with_volumes(lab, name, changed)


# -- volumes ------------------------------------------------------------------------------------------------------


def make_volume(asked, targets):
    """Active at once, read-only, without JRM and physical slice; nothing is copied (guide D.17)."""
    (made,), klass = targets, asked.klass
    slices = tuple(Slice(member, ACTIVE) for member in members_for_volumes(made.holder))
    volume = Volume(
        made.name, None if made.holder.type == SINGLE else made.holder.name, mv.first_fit(made), made.blocks, slices,
        {asked.node.name: RO}, RO, jrm=False, pslice=False, data=FileSystem("none"),
    )  # fmt: skip
    return with_class(asked.lab, klass._replace(volumes={**klass.volumes, made.name: volume}))


def start(asked, targets):
    """Starts the volumes, read-only unless -e mode= says otherwise."""
    new = [started(volume, asked.node.name, asked.options.get("mode")) for volume in targets]
    if all(after is before for after, before in zip(new, targets, strict=True)):
        return asked.lab
    return with_volumes(asked.lab, asked.klass.name, new)


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("shadowdisk.make", d.devices,
         guards=((class_is_shadow,         "seen: guide 2.2.2, names are unique in the system"),
                 (d.named_once,            "ours"),
                 (not_registered_here,     "seen: guide 2.2.2"),
                 (d.present,               "ours: as sdxdisk -M"),
                 (has_private_slice,       "seen: guide 2.2.2"),
                 (not_of_root_class,       "seen: guide 2.2.2"),
                 (single_or_undef,         "seen: Linux 4.1 guide, 2.7.2.2"),
                 (same_class,              "seen: Linux 4.1 guide, 2.7.2.1"),
                 (same_name,               "seen: Linux 4.1 guide, 2.7.2.2"),
                 (d.name_short,            "seen: guide A.1.1"),
                 (d.name_free,             "seen: guide A.1.1")),
         effect=(make,                     "seen: guide 2.2.2 (class made, nothing changed on the disk)"),
         says=says_made, makes_class=True),
    Rule("shadowdisk.remove", d.disk,
         guards=((d.not_connected,         "ours: as sdxdisk -R"),
                 (d.holds_no_volume,       "ours: as sdxdisk -R")),
         effect=(remove,                   "seen: Linux 4.1 guide, 2.7.2.1 (the last takes the class)"),
         says=says_removed),
    Rule("shadowdisk.connect", d.joining,
         guards=((m.group_name_free,       "seen: guide A.1.1"),
                 (m.members_unconnected,   "ours: as sdxdisk -C"),
                 (d.keep_and_single_in_new_groups, "ours: as sdxdisk -C"),
                 (d.one_keep_or_single,    "ours: as sdxdisk -C"),
                 (m.attributes_fit,        "ours: as sdxdisk -C"),
                 (m.level_may_grow,        "ours: as sdxdisk -C"),
                 (m.kinds_fit,             "ours: as sdxdisk -C"),
                 (m.members_not_too_many,  "ours: as sdxdisk -C"),
                 (m.stripe_empty,          "ours: as sdxdisk -C"),
                 (d.volumes_stay_in_place, "ours: as sdxdisk -C"),
                 (m.members_large_enough,  "ours: as sdxdisk -C")),
         effect=(connect,                  "ours: as sdxdisk -C; seen: Linux 4.1 guide, 2.7.2.4 (nothing is copied)"),
         says=d.says_connected),
    Rule("shadowdisk.disconnect", d.leaving,
         guards=((m.is_member,             "ours: as sdxdisk -D"),
                 (m.level_may_shrink,      "ours: as sdxdisk -D"),
                 (m.not_the_last_with_volumes, "ours: as sdxdisk -D"),
                 (m.last_of_concat,        "ours: as sdxdisk -D"),
                 (m.end_of_concat_empty,   "ours: as sdxdisk -D"),
                 (m.not_active_with_volumes, "ours: as sdxdisk -D")),
         effect=(m.disconnect,             "ours: as sdxdisk -D"),
         says=d.says_disconnected),
    Rule("shadowgroup.connect", gr.joining,
         guards=((m.group_name_free,       "seen: guide A.1.1"),
                 (m.not_itself,            "ours: as sdxgroup -C"),
                 (m.members_unconnected,   "ours: as sdxgroup -C"),
                 (m.attributes_fit,        "ours: as sdxgroup -C"),
                 (m.level_may_grow,        "ours: as sdxgroup -C"),
                 (m.kinds_fit,             "ours: as sdxgroup -C"),
                 (m.members_not_too_many,  "ours: as sdxgroup -C"),
                 (m.lower_groups_empty,    "ours: as sdxgroup -C"),
                 (m.stripe_empty,          "ours: as sdxgroup -C"),
                 (m.members_large_enough,  "ours: as sdxgroup -C")),
         effect=(connect,                  "ours: as sdxgroup -C; seen: Linux 4.1 guide, 2.7.2.4 (nothing is copied)"),
         says=gr.says_connected),
    Rule("shadowgroup.disconnect", gr.leaving,
         guards=((m.is_member,             "ours: as sdxgroup -D"),
                 (m.level_may_shrink,      "ours: as sdxgroup -D"),
                 (m.not_the_last_with_volumes, "ours: as sdxgroup -D"),
                 (m.last_of_concat,        "ours: as sdxgroup -D"),
                 (m.end_of_concat_empty,   "ours: as sdxgroup -D")),
         effect=(m.disconnect,             "ours: as sdxgroup -D"),
         says=gr.says_disconnected),
    Rule("shadowgroup.remove", gr.group,
         guards=((gr.not_lower,            "ours: as sdxgroup -R"),
                 (gr.holds_no_volume,      "ours: as sdxgroup -R")),
         effect=(m.remove,                 "ours: as sdxgroup -R"),
         says=gr.says_removed),
    Rule("shadowvolume.make", mv.making,
         guards=((mv.highest_level,        "ours: as sdxvolume -M"),
                 (mv.name_free,            "seen: guide A.1.1"),
                 (mv.columns_enough,       "ours: as sdxvolume -M"),
                 (mv.not_too_many,         "seen: guide D.17"),
                 (mv.room_enough,          "ours: as sdxvolume -M")),
         effect=(make_volume,              "seen: guide D.17"),
         says=mv.says_made),
    Rule("shadowvolume.start", volumes,
         effect=(start,                    "seen: guide D.17; recalled: 60 that mode=rw writes"),
         guards=(), says=says_changes),
    Rule("shadowvolume.stop", volumes,
         guards=((g.not_in_use,            "ours: as sdxvolume -F"),),
         effect=(stop,                     "seen: guide D.17"),
         says=says_changes),
    Rule("shadowvolume.remove", mv.volume,
         guards=((mv.not_in_use,           "ours: as sdxvolume -R"),
                 (mv.stopped_everywhere,   "ours: as sdxvolume -R")),
         effect=(mv.remove,                "seen: guide D.17"),
         says=mv.says_removed),
)}
# fmt: on
