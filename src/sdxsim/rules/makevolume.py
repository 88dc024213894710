"""Rules of sdxvolume -M, -R and -S: volumes come, go and grow (guide D.4, A.2.34; commands.md 3)."""

from ..model.queries import (
    above,
    can_have_pslice,
    carriers,
    copies_touching,
    find_volume,
    in_use,
    members_for_volumes,
    volumes_of_group,
    volumes_on,
    with_class,
)
from ..model.record import Record
from ..model.records import FileSystem, Slice, Volume
from ..model.sizes import areas, round_up, single
from ..model.status import (
    ACTIVE,
    CONCAT,
    ENABLE,
    FREE,
    MIRROR,
    ROOT,
    RW,
    SINGLE,
    STRIPE,
    SWITCH,
    TEMP,
    TEMP_STOP,
)
from ..words.notes import Refusal
from ..words.parameters import delay
from . import copying, keep, mirror, related
from .engine import Rule, note, refuses
from .volume import says_changes

MOST_VOLUMES = 1024  # of a group or a single disk (guide D.4)
MOST_PSLICES = 6  # of them with a physical slice (guide D.4)


class Making(Record, fields="holder volumes name blocks"):
    """A volume that is to be made in `holder`: a Group, a single disk as a group of one; its Volumes now."""

    __slots__ = ()


# -- what is named ------------------------------------------------------------------------------------------------


def making(asked):
    """The group or single disk of -M, and the size rounded up to what volumes there are multiples of."""
    klass, args = asked.klass, asked.args
    name = args.get("group") or args["disk"]
    if name not in (klass.groups if "group" in args else klass.disks):
        raise Refusal("object.unknown", object=name)
    if "group" in args:
        holder, held = klass.groups[name], volumes_of_group(klass, name)
    else:
        disk = klass.disks[name]
        if disk.type != SINGLE or disk.group:
            raise Refusal("disk.not_single", object=name)
        holder, held = single(klass, disk, asked.lab.devices[disk.device]), volumes_on(klass, name)
    return [Making(holder, held, args["volume"], round_up(int(args["size"]), holder.unit))]


def volume(asked):
    """The volume of -R and -S."""
    if asked.args["volume"] not in asked.klass.volumes:
        raise Refusal("object.unknown", object=asked.args["volume"])
    return [asked.klass.volumes[asked.args["volume"]]]


def _holder(asked, volume):
    """What the volume is in, as a group, and the volumes there."""
    klass = asked.klass
    if volume.group:
        return klass.groups[volume.group], volumes_of_group(klass, volume.group)
    disk = klass.disks[volume.slices[0].member]
    return single(klass, disk, asked.lab.devices[disk.device]), volumes_on(klass, disk.name)


# -- guards of -M -------------------------------------------------------------------------------------------------


@refuses("object.connected")
def highest_level(asked, m):
    return m.holder.name if above(asked.klass, m.holder.name) else None


@refuses("object.related")
def unrelated_group(asked, m):
    """It is made in no master group and no proxy group; in one where volumes are related one by one it may."""
    return related.group_unrelated(asked, m.holder)


@refuses("object.taken")
def name_free(asked, m):
    klass = asked.klass
    taken = m.name in klass.volumes or m.name in klass.groups or m.name in klass.disks
    return m.name if taken else None


@refuses("object.status")
def disks_usable(asked, m):
    """Some member of a mirror, of a switch group the active disk, and every member of anything else can be used."""
    bad = {}
    for member in members_for_volumes(m.holder) if m.holder.type == SWITCH else m.holder.members:
        bad[member] = next((d for d in carriers(asked.klass, member) if d.status != ENABLE), None)
    fatal = all(bad.values()) if m.holder.type == MIRROR else any(bad.values())
    disk = next((d for d in bad.values() if d), None)
    return {"object": disk.name, "status": disk.status} if fatal else None


@refuses("group.few")
def columns_enough(asked, m):
    return m.holder.name if m.holder.type == STRIPE and len(m.holder.members) < 2 else None


def _pslice(asked, m):
    given = asked.args.get("a", {}).get("pslice")
    return can_have_pslice(asked.klass, m.holder) if given is None else given == "on"


@refuses("volume.no_pslice")
def pslice_possible(asked, m):
    return m.name if _pslice(asked, m) and not can_have_pslice(asked.klass, m.holder) else None


@refuses("volume.pslice")
def pslice_in_root_class(asked, m):
    return m.name if asked.klass.type == ROOT and not _pslice(asked, m) else None


@refuses("volume.slices")
def pslice_left(asked, m):
    have = sum(v.pslice for v in m.volumes)
    full = _pslice(asked, m) and have >= MOST_PSLICES
    return {"object": m.name, "group": m.holder.name} if full else None


@refuses("volume.many")
def not_too_many(asked, m):
    full = len(m.volumes) >= MOST_VOLUMES
    return {"object": m.name, "group": m.holder.name, "most": MOST_VOLUMES} if full else None


def first_fit(m):
    """The first block of the lowest gap that is large enough, or None."""
    for first, blocks, what in areas(m.holder, m.volumes):
        start = round_up(first, m.holder.unit)
        if what == FREE and start + m.blocks <= first + blocks:
            return start
    return None


@refuses("join.small")
def room_enough(asked, m):
    return m.holder.name if first_fit(m) is None else None


# -- guards of -R and -S ------------------------------------------------------------------------------------------


@refuses("object.related")
def unrelated(asked, volume):
    return related.unrelated(asked, volume)


@refuses("object.in_use")
def not_in_use(asked, volume):
    return volume.name if in_use(asked.lab, asked.klass.name, volume.name) else None


@refuses("object.active")
def stopped_everywhere(asked, volume):
    return volume.name if volume.started else None


@refuses("object.detached")
def nothing_detached(asked, volume):
    return volume.name if any(s.status in (TEMP, TEMP_STOP) for s in volume.slices) else None


@refuses("object.copying")
def nothing_copies(asked, volume):
    return volume.name if copies_touching(asked.lab, asked.klass.name, volume.name) else None


@refuses("class.not_in_root")
def not_in_root_class(asked, volume):
    return volume.name if asked.klass.type == ROOT else None


@refuses("volume.not_resizable")
def one_copy(asked, volume):
    """A single volume, or a mirror of one slice; or a mirror of concat groups, which grow (guide A.2.34)."""
    holder, _ = _holder(asked, volume)
    if holder.type == SINGLE or (holder.type == MIRROR and len(volume.slices) == 1):
        return None
    groups = [asked.klass.groups.get(s.member) for s in volume.slices]
    concats = holder.type == MIRROR and all(group and group.type == CONCAT for group in groups)
    return None if concats else volume.name


def _new_blocks(asked, volume):
    return round_up(int(asked.args["size"]), _holder(asked, volume)[0].unit)


@refuses("size.not_larger")
def larger(asked, volume):
    smaller = _new_blocks(asked, volume) <= volume.blocks
    return {"size": asked.args["size"], "blocks": volume.blocks} if smaller else None


@refuses("join.small")
def room_behind(asked, volume):
    """The blocks right behind the volume are free (guide A.2.34)."""
    holder, held = _holder(asked, volume)
    added, end = _new_blocks(asked, volume) - volume.blocks, volume.first + volume.blocks
    free = next((b for first, b, what in areas(holder, held) if what == FREE and first == end), 0)
    return holder.name if free < added else None


# -- effects ------------------------------------------------------------------------------------------------------


def make(asked, targets):
    """The volume runs; a mirror's other slices are copied from its first, which nobody waits for."""
    (m,), klass, given = targets, asked.klass, asked.args.get("a", {})
    pslice = _pslice(asked, m)
    members = members_for_volumes(m.holder)
    first = next(x for x in members if mirror.usable(klass, x))
    slices = tuple(Slice(x, ACTIVE) if x == first else mirror.blank(klass, x) for x in members)
    made = Volume(
        m.name, None if m.holder.type == SINGLE else m.holder.name, first_fit(m), m.blocks, slices,
        {asked.node.name: RW}, jrm=given.get("jrm", "on") == "on", pslice=pslice,
        number=free_number(m.volumes) if pslice else None, data=FileSystem("none"),
    )  # fmt: skip
    lab = with_class(asked.lab, klass._replace(volumes={**klass.volumes, m.name: made}))
    return mirror.catch_up(lab, klass.name, [m.name], asked.now, delay(asked.node, asked.options))


def free_number(volumes):
    """The lowest slice number that no volume has; the last one free is the private slice's."""
    taken = {str(v.number) for v in volumes}
    return int(next(n for n in keep.NUMBERS if n not in taken))


def remove(asked, targets):
    """Its area is free; on a keep disk it is the plain slice again that it was."""
    (volume,), klass = targets, asked.klass
    lab = keep.turned_back(asked.lab, klass.name, volume)
    left = {name: v for name, v in klass.volumes.items() if name != volume.name}
    return with_class(lab, klass._replace(volumes=left))


def resize(asked, targets):
    """The volume has more blocks at its end; slices beside the first are copied there (ours)."""
    (volume,), klass = targets, asked.klass.name
    blocks = _new_blocks(asked, volume)
    found = asked.klass._replace(volumes={**asked.klass.volumes, volume.name: volume._replace(blocks=blocks)})
    lab = with_class(asked.lab, found)
    others = [s.member for s in volume.slices if s.status == ACTIVE][1:]
    if not others:
        return lab
    return copying.resynchronize(lab, klass, volume.name, others, asked.now, blocks=blocks - volume.blocks)


# -- what is said -------------------------------------------------------------------------------------------------


def says_made(asked, before, after, targets):
    return [note("volume.created", volume=targets[0].name), *says_changes(asked, before, after, targets)]


def says_removed(asked, before, after, targets):
    return [note("volume.removed", volume=targets[0].name)]


def says_resized(asked, before, after, targets):
    changed = find_volume(after, asked.klass.name, targets[0].name) != targets[0]
    return [note("volume.resized", volume=targets[0].name)] if changed else []


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("volume.make", making,
         guards=((highest_level,        "seen: guide A.1.10"),
                 (unrelated_group,      "seen: guide A.2.25"),
                 (name_free,            "seen: guide A.1.1"),
                 (disks_usable,         "ours: the condition is inferred"),
                 (columns_enough,       "seen: guide A.1.10"),
                 (pslice_possible,      "recalled: 75"),
                 (pslice_in_root_class, "ours: root classes have no logical partitioning (seen, A.2.9)"),
                 (not_too_many,         "seen: guide D.4"),
                 (pslice_left,          "seen: guide D.4"),
                 (room_enough,          "recalled: 70, contiguous, first fit")),
         effect=(make,                  "seen: guide D.4, D.17 (it is started); ours: the copy is not waited for"),
         says=says_made),
    Rule("volume.remove", volume,
         guards=((unrelated,            "seen: guide A.2.25"),
                 (not_in_use,           "recalled: 80"),
                 (stopped_everywhere,   "recalled: 80"),
                 (nothing_detached,     "recalled: 80"),
                 (nothing_copies,       "ours: the condition is inferred")),
         effect=(remove,                "recalled: 80"),
         says=says_removed),
    Rule("volume.resize", volume,
         guards=((not_in_root_class,    "recalled: 50"),
                 (unrelated,            "seen: guide A.2.25"),
                 (one_copy,             "seen: guide A.2.34"),
                 (nothing_detached,     "ours: the condition is inferred"),
                 (nothing_copies,       "ours: the condition is inferred"),
                 (larger,               "seen: guide A.2.34"),
                 (room_behind,          "seen: guide A.2.34")),
         effect=(resize,                "seen: guide A.2.34"),
         says=says_resized),
)}
# fmt: on
