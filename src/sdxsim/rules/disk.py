"""Rules of sdxdisk. Everything that decides which disks a class has, and in which groups they are, is here,
in `membership` (what groups take and give) and in `keep` (disks that keep their slices).
"""

from ..model.names import SINGLE_DISK_NAME_LENGTH
from ..model.queries import (
    held_here,
    plain_mounts,
    plain_parts,
    sees,
    top,
    volumes_of_group,
    volumes_on,
    with_class,
)
from ..model.record import Record
from ..model.records import Class, Disk
from ..model.sizes import UNIT, private_blocks, taken_to
from ..model.status import ENABLE, KEEP, LOCAL, MIRROR, ROOT, SHARED, SINGLE, SPARE, UNDEF
from ..words.attributes import IO_SECONDS
from ..words.notes import Refusal
from . import keep
from . import membership as m
from .engine import Rule, note, refuses
from .volume import says_changes

MOST_PSLICES = 6  # volumes with a physical slice, of a group (guide D.4)


class Registering(Record, fields="device name type"):
    """A device that is to be disk `name`, of that type."""

    __slots__ = ()


# -- what is named ------------------------------------------------------------------------------------------------


def devices(asked):
    """The devices named with -d of -M, in order; those that the node sees."""
    found = []
    for device, (name, *type) in asked.args["d"]:
        if device not in asked.lab.devices or not sees(asked.node, asked.lab.devices[device]):
            raise Refusal("device.unknown", device=device)
        found.append(Registering(asked.lab.devices[device], name, type[0] if type else UNDEF))
    return found


def disk(asked):
    """The disk of -R."""
    if asked.args["disk"] not in asked.klass.disks:
        raise Refusal("object.unknown", object=asked.args["disk"])
    return [asked.klass.disks[asked.args["disk"]]]


def joining(asked):
    """The disks and the group of -C."""
    return m.joining(asked, asked.args["group"], asked.args["disk"], asked.klass.disks)


def leaving(asked):
    """The disk and the group of -D."""
    return m.leaving(asked, asked.args["group"], asked.args["disk"], asked.klass.disks)


def _new_class(asked):
    """The class as -M makes it, without disks."""
    given = asked.args.get("a", {})
    type = given.get("type", LOCAL)
    everybody = tuple(asked.lab.nodes) if type == SHARED else (asked.node.name,)
    scope = tuple(given["scope"].split(":")) if "scope" in given else everybody
    first = asked.lab.devices[asked.args["d"][0][0]]
    private = private_blocks(type, first.blocks, first.cylinder)
    klass = Class(asked.args["class"], type, scope, private=private)
    return klass._replace(hs=given.get("hs", "on") == "on", hsmode=given.get("hsmode", "exbox"),
                          iotimeout=io_timeout(given.get("iotimeout")))  # fmt: skip


def io_timeout(word):
    """(on, seconds, panic) of mode[:time[:panic]], None for nothing."""
    if word is None:
        return None
    mode, *more = word.split(":")
    return mode == "on", int(more[0]) if more else IO_SECONDS, more[1:] == ["on"]


def _klass(asked):
    return asked.klass or _new_class(asked)


# -- guards of -M: the class --------------------------------------------------------------------------------------


@refuses("class.taken")
def class_is_here(asked, _):
    """A class of that name is one this node shares."""
    strange = asked.klass and (asked.node.name not in asked.klass.scope or asked.klass.shadow)
    return {"class": asked.klass.name} if strange else None


@refuses("class.root_exists")
def one_root_class(asked, _):
    if asked.klass or _new_class(asked).type != ROOT:
        return None
    there = [k.name for k in asked.lab.classes.values() if k.type == ROOT and asked.node.name in k.scope]
    return {"class": there[0]} if there else None


@refuses("class.no_shared")
def shared_where_nodes_are(asked, _):
    shared = not asked.klass and _new_class(asked).type == SHARED
    return {"class": asked.args["class"]} if shared and len(asked.lab.nodes) < 2 else None


@refuses("class.not_shared")
def scope_of_shared_class(asked, _):
    wrong = "scope" in asked.args.get("a", {}) and _klass(asked).type != SHARED
    return {"class": asked.args["class"]} if wrong else None


def _scope(asked):
    """The nodes that scope= names; without it, this one."""
    return asked.args.get("a", {}).get("scope", asked.node.name).split(":")


@refuses("node.unknown")
def scope_known(asked, _):
    strange = [name for name in _scope(asked) if name not in asked.lab.nodes]
    return {"node": strange[0]} if strange else None


@refuses("scope.elsewhere")
def scope_has_this_node(asked, _):
    return None if asked.node.name in _scope(asked) else {}


@refuses("attribute.value")
def scope_of_several(asked, _):
    """Two nodes or more, each once: scope=node:node..."""
    if "scope" not in asked.args.get("a", {}):
        return None
    named = _scope(asked)
    fits = len(named) > 1 and len(named) == len(set(named))
    return None if fits else {"attribute": "scope", "value": ":".join(named)}


@refuses("attribute.value")
def attributes_of_class_fit(asked, _):
    """Attributes are those of a new class; one that exists keeps what it has."""
    klass = asked.klass
    if klass is None:
        return None
    has = {"type": klass.type, "scope": ":".join(klass.scope), "hs": "on" if klass.hs else "off"}
    has.update(hsmode=klass.hsmode, iotimeout=klass.iotimeout)
    for name, value in asked.args.get("a", {}).items():
        if (io_timeout(value) if name == "iotimeout" else value) != has[name]:
            return {"attribute": name, "value": value}
    return None


# -- guards of -M: a disk -----------------------------------------------------------------------------------------


@refuses("device.registered")
def not_registered(asked, r):
    place = held_here(asked.lab, asked.node, r.device.name)
    return {"device": r.device.name, "class": place[0].name} if place else None


@refuses("device.absent")
def present(asked, r):
    return None if r.device.present else {"device": r.device.name}


@refuses("device.named_twice")
def named_once(asked, r):
    return r.device.name if [d for d, _ in asked.args["d"]].count(r.device.name) > 1 else None


@refuses("name.long")
def name_short(asked, r):
    return {"string": r.name} if r.type == SINGLE and len(r.name) > SINGLE_DISK_NAME_LENGTH else None


@refuses("object.taken")
def name_free(asked, r):
    klass, names = asked.klass, [name for _, (name, *_) in asked.args["d"]]
    taken = klass and (r.name in klass.disks or r.name in klass.groups or r.name in klass.volumes)
    return r.name if taken or names.count(r.name) > 1 else None


@refuses("class.only_root")
def keep_in_root_class(asked, r):
    return r.name if r.type == KEEP and _klass(asked).type != ROOT else None


@refuses("class.not_in_root")
def no_single_in_root_class(asked, r):
    return r.name if r.type == SINGLE and _klass(asked).type == ROOT else None


@refuses("device.busy")
def not_busy(asked, r):
    """No slice is open; the running system's disk may be, if it is registered as keep."""
    if r.type == KEEP and keep.system_disk(asked.lab, r.device.name):
        return None
    mounts = plain_mounts(asked.lab, r.device.name)
    if not mounts:
        return None
    return {"device": r.device.name, "pslice": "s".join(plain_parts(mounts[0].special))}


@refuses("device.managed")
def no_private_slice(asked, r):
    """With -e chkps a disk that was GDS's before is not taken."""
    if "chkps" not in asked.options or not r.device.label:
        return None
    return {"device": r.device.name, "class": r.device.label.partition("/")[0]}


@refuses("device.no_slice")
def keeps_something(asked, r):
    return r.device.name if r.type == KEEP and not keep.real_slices(r.device) else None


@refuses("device.overlapping")
def slices_apart(asked, r):
    return {"device": r.device.name} if r.type == KEEP and keep.overlapping(r.device) else None


@refuses("device.no_number")
def number_left(asked, r):
    return r.device.name if r.type == KEEP and keep.free_number(r.device) is None else None


@refuses("join.small")
def room_left(asked, r):
    """The private slice of a keep disk fits into a free area, or is cut from a swap area."""
    return r.device.name if r.type == KEEP and keep.room(r.device, _klass(asked).private) is None else None


@refuses("device.small")
def large_enough(asked, r):
    """Beside the private slice there is room for the smallest volume."""
    klass = _klass(asked)
    least = r.device.cylinder if klass.type == ROOT else UNIT
    return r.device.name if r.device.blocks < klass.private + least else None


# -- guards of -R -------------------------------------------------------------------------------------------------


@refuses("object.connected")
def not_connected(asked, disk):
    return disk.name if disk.group else None


@refuses("object.exists")
def holds_no_volume(asked, disk):
    held = volumes_on(asked.klass, disk.name)
    return {"object": held[0].name, "holder": disk.name} if held else None


@refuses("class.last_disk")
def another_good_disk(asked, disk):
    """What is left of a class has a disk to be read from."""
    left = [d for d in asked.klass.disks.values() if d.name != disk.name]
    if not left or disk.status != ENABLE or any(d.status == ENABLE for d in left):
        return None
    return {"object": disk.name, "class": asked.klass.name}


@refuses("class.panic")
def no_panic_at_the_end(asked, _):
    last = len(asked.klass.disks) == 1 and asked.klass.iotimeout and asked.klass.iotimeout[2]
    return {"class": asked.klass.name} if last else None


# -- guards of -C -------------------------------------------------------------------------------------------------


def _types(asked, j):
    return {name: asked.klass.disks[name].type for name in j.members}


@refuses("disk.spare")
def no_spare(asked, j):
    return next((name for name, type in _types(asked, j).items() if type == SPARE), None)


@refuses("disk.only_new")
def keep_and_single_in_new_groups(asked, j):
    kinds = _types(asked, j) if j.group else {}
    return next((name for name, type in kinds.items() if type in (KEEP, SINGLE)), None)


@refuses("disk.only_one")
def one_keep_or_single(asked, j):
    special = [name for name, type in _types(asked, j).items() if type in (KEEP, SINGLE)]
    return special[1] if len(special) > 1 else None


@refuses("disk.not_first")
def volumes_stay_in_place(asked, j):
    """A single disk's volumes stay where they are: it begins a concat group, and is a switch group's active disk."""
    for name in j.members:
        place = {"concat": j.members[0], "switch": j.actdisk}.get(j.type, name)
        if name != place and volumes_on(asked.klass, name):
            return name
    return None


def _keep_disk(asked, j):
    return next((asked.klass.disks[n] for n, type in _types(asked, j).items() if type == KEEP), None)


@refuses("slice.not_keep")
def slices_of_a_keep_disk(asked, j):
    return j.name if j.slices and _keep_disk(asked, j) is None else None


@refuses("slice.unknown")
def slices_known(asked, j):
    disk = _keep_disk(asked, j)
    there = keep.real_slices(asked.lab.devices[disk.device]) if disk else {}
    strange = [number for number, _, _ in j.slices if number not in there]
    return {"pslice": f"{disk.device}s{strange[0]}"} if strange else None


@refuses("slice.not_named")
def all_slices_named(asked, j):
    """Every slice that holds something becomes a volume (recalled: 80)."""
    disk = _keep_disk(asked, j)
    there = keep.real_slices(asked.lab.devices[disk.device]) if disk else {}
    left = [number for number in there if number not in {n for n, _, _ in j.slices}]
    return {"pslice": f"{disk.device}s{left[0]}"} if left else None


@refuses("device.named_twice")
def slices_named_once(asked, j):
    numbers = [number for number, _, _ in j.slices]
    return next((volume for number, volume, _ in j.slices if numbers.count(number) > 1), None)


@refuses("object.taken")
def volume_names_free(asked, j):
    klass, names = asked.klass, [volume for _, volume, _ in j.slices]
    taken = {*klass.disks, *klass.groups, *klass.volumes, j.name}
    return next((name for name in names if name in taken or names.count(name) > 1), None)


@refuses("volume.slices")
def slices_not_too_many(asked, j):
    if len(j.slices) <= MOST_PSLICES:
        return None
    return {"object": j.slices[MOST_PSLICES][1], "group": j.name}


# -- effects ------------------------------------------------------------------------------------------------------


def make(asked, targets):
    """Registers the disks, in a new class if there is none: labels are written anew, but for those of keep disks."""
    klass, devices = _klass(asked), dict(asked.lab.devices)
    disks = dict(klass.disks)
    for r in targets:
        disks[r.name] = Disk(r.name, r.device.name, r.type)
        device = keep.with_private(r.device, klass.private) if r.type == KEEP else r.device._replace(slices={})
        devices[device.name] = device._replace(label=f"{klass.name}/{r.name}", remains=())
    return with_class(asked.lab._replace(devices=devices), klass._replace(disks=disks))


def remove(asked, targets):
    """Takes the disk out of the class; the last one takes the class with it."""
    (disk,) = targets
    klass = asked.klass._replace(disks={n: d for n, d in asked.klass.disks.items() if n != disk.name})
    lab = without_labels(asked.lab, [disk])
    if klass.disks:
        return with_class(lab, klass)
    return lab._replace(classes={n: k for n, k in lab.classes.items() if n != klass.name})


def without_labels(lab, disks):
    """The lab with the devices of these disks free of GDS; what keep disks hold stays."""
    changed = {d.device: keep.without_private(lab.devices[d.device])._replace(label="") for d in disks}
    return lab._replace(devices={**lab.devices, **changed})


# -- what is said -------------------------------------------------------------------------------------------------


def says_made(asked, before, after, targets):
    """The class if it is new, each disk, the devices that are closed to others now; spares that are of little use."""
    name = asked.args["class"]
    klass, said = after.classes[name], []
    if name not in before.classes:
        said.append(note("class.created", **{"class": name}))
    for r in targets:
        said.append(note("disk.created", disk=r.name))
        if r.type != KEEP:
            said.append(note("device.disabled", device=r.device.name))
    for r in targets:
        for group in klass.groups.values() if r.type == SPARE else ():
            top_mirror = group.type == MIRROR and top(klass, group.name) == group.name
            if top_mirror and r.device.blocks < taken_to(group, volumes_of_group(klass, group.name)):
                said.append(note("disk.spare_small", disk=r.name, group=group.name))
    return said


def says_removed(asked, before, after, targets):
    """The disk, its device that is open again, and the class if it is gone."""
    (disk,), name = targets, asked.klass.name
    said = [note("disk.removed", disk=disk.name)]
    if disk.type != KEEP:
        said.append(note("device.enabled", device=disk.device))
    if name not in after.classes:
        said.append(note("class.removed", **{"class": name}))
    return said


def says_connected(asked, before, after, targets):
    """The group if it is new, each disk, and the volumes that a keep disk's slices have become."""
    (j,) = targets
    said = [] if j.group else [note("group.created", group=j.name)]
    said += [note("disk.connected", disk=name, group=j.name) for name in j.members]
    said += [note("volume.created", volume=volume) for _, volume, _ in j.slices]
    return said + says_changes(asked, before, after, targets)


def says_disconnected(asked, before, after, targets):
    """The disk, and the group if it is gone."""
    (target,), name = targets, targets[0].group.name
    said = [note("disk.disconnected", disk=target.member, group=name)]
    gone = name not in after.classes[asked.klass.name].groups
    return [*said, note("group.removed", group=name)] if gone else said


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("disk.connect", joining,
         guards=((m.group_name_free,       "seen: guide A.1.1"),
                 (m.mirror_in_root_class,  "seen: guide A.1.10"),
                 (m.members_unconnected,   "ours: a disk is in one group"),
                 (no_spare,                "seen: guide D.2"),
                 (m.disks_enabled,         "ours: the condition is inferred"),
                 (m.reached_by_all_nodes,  "seen: guide D.2"),
                 (keep_and_single_in_new_groups, "seen: guide D.2"),
                 (one_keep_or_single,      "seen: guide D.2"),
                 (m.attributes_fit,        "ours: an existing group keeps its attributes"),
                 (m.unrelated,             "seen: guide A.2.25"),
                 (m.level_may_grow,        "seen: guide A.1.10"),
                 (m.kinds_fit,             "seen: guide A.1.10"),
                 (m.members_not_too_many,  "seen: guide 2.1.3"),
                 (m.stripe_empty,          "seen: guide A.1.10"),
                 (volumes_stay_in_place,   "ours: the condition is inferred"),
                 (slices_of_a_keep_disk,   "recalled: 80"),
                 (slices_known,            "recalled: 80"),
                 (slices_named_once,       "ours"),
                 (all_slices_named,        "recalled: 80"),
                 (slices_not_too_many,     "seen: guide D.4, six a group"),
                 (volume_names_free,       "seen: guide A.1.1"),
                 (m.members_large_enough,  "ours: a mirror is as large as its smallest member (inferred)")),
         effect=(m.connect,                "seen: guide D.2, A.2.34 (new slices); recalled: 80 -v, single disks"),
         says=says_connected),
    Rule("disk.disconnect", leaving,
         guards=((m.is_member,             "ours: the condition is inferred"),
                 (m.unrelated,             "seen: guide A.2.25"),
                 (m.level_may_shrink,      "seen: guide A.1.10"),
                 (m.not_the_last_with_volumes, "seen: guide A.1.10"),
                 (m.last_of_concat,        "seen: guide A.1.10"),
                 (m.end_of_concat_empty,   "seen: guide A.1.10"),
                 (m.not_active_with_volumes, "ours: the condition is inferred"),
                 (m.not_copied,            "recalled: 75"),
                 (m.not_detached,          "ours: the condition is inferred"),
                 (m.valid_elsewhere,       "seen: guide A.1.10")),
         effect=(m.disconnect,             "seen: guide A.1.10; recalled: 80 that the last takes the group"),
         says=says_disconnected),
    Rule("disk.make", devices,
         guards=((class_is_here,           "seen: guide A.1.1"),
                 (one_root_class,          "seen: guide A.1.2"),
                 (attributes_of_class_fit, "ours"),
                 (shared_where_nodes_are,  "recalled: low"),
                 (scope_of_shared_class,   "seen: guide 2.1.1"),
                 (scope_known,             "ours"),
                 (scope_has_this_node,     "recalled: 60"),
                 (scope_of_several,        "recalled: 90, node:node...; ours: that each is named once"),
                 (named_once,              "ours"),
                 (not_registered,          "recalled: low"),
                 (present,                 "recalled: low"),
                 (name_short,              "seen: guide A.1.1"),
                 (name_free,               "seen: guide A.1.1"),
                 (keep_in_root_class,      "seen: guide A.1.2, A.2.9"),
                 (no_single_in_root_class, "ours: volumes of root classes are in groups (A.1.10)"),
                 (not_busy,                "recalled: 90; seen: guide A.2.11 (keep)"),
                 (no_private_slice,        "recalled: 75"),
                 (keeps_something,         "ours"),
                 (slices_apart,            "recalled: low"),
                 (number_left,             "seen: guide A.2.11"),
                 (room_left,               "seen: guide A.2.11"),
                 (large_enough,            "recalled: 90")),
         effect=(make,                     "seen: guide D.2; A.2.7 (private slice)"),
         says=says_made, makes_class=True),
    Rule("disk.remove", disk,
         guards=((not_connected,           "recalled: 85"),
                 (holds_no_volume,         "recalled: 85"),
                 (another_good_disk,       "recalled: low"),
                 (no_panic_at_the_end,     "seen: Linux 4.5 guide 7.15")),
         effect=(remove,                   "recalled: 85; seen: Linux 4.1 E.4.3 (removed class)"),
         says=says_removed),
)}
# fmt: on
