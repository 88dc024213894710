"""What may be connected to a group or taken out of it, and what that does. For sdxdisk and sdxgroup alike.

Sources: guide A.1.10 (hierarchies, what each level allows), D.2, D.3, 2.1.3 (limits), A.2.25 (related
objects), A.2.34 (new slices).
"""

from ..model.queries import above, group_related, sees, top, volumes_of_group, volumes_on, with_class
from ..model.record import Record
from ..model.records import Group
from ..model.sizes import (
    DEFAULT_WIDTH,
    MOST_MEMBERS,
    UNIT,
    cylinder_of,
    disk_blocks,
    measured,
    single,
    taken_to,
)
from ..model.status import (
    CONCAT,
    COPY,
    COPY_STOP,
    ENABLE,
    KEEP,
    MIRROR,
    ROOT,
    SINGLE,
    SPARE,
    STRIPE,
    SWITCH,
    TEMP,
    TEMP_STOP,
    UNDEF,
    VALID,
)
from ..words.notes import Refusal
from ..words.parameters import delay
from . import keep, mirror
from .engine import refuses

# types from the top down (guide A.1.10)
HIERARCHIES = {
    (MIRROR,), (MIRROR, STRIPE), (MIRROR, STRIPE, CONCAT), (MIRROR, CONCAT),
    (STRIPE,), (STRIPE, CONCAT), (CONCAT,), (CONCAT, SWITCH), (SWITCH,),
}  # fmt: skip


class Joining(Record, fields="name group type width actdisk members slices"):
    """Disks or groups (`members`, names) that are to become members of the group `name`.

    `group` is the Group, None when it is to be made. `slices`: [(number, volume, jrm)] of -v.
    """

    __slots__ = ()


class Leaving(Record, fields="group member"):
    """A disk or lower group (`member`, its name) that is to leave the Group."""

    __slots__ = ()


def known_group(klass, name):
    """The Group of that name, or a Refusal."""
    if name not in klass.groups:
        raise Refusal("object.unknown", object=name)
    return klass.groups[name]


def joining(asked, name, members, kinds):
    """[Joining] of a -C; `kinds`: the class's disks or groups, among which the members must be."""
    for member in members:
        if member not in kinds:
            raise Refusal("object.unknown", object=member)
    group, given = asked.klass.groups.get(name), asked.args.get("a", {})
    type = group.type if group else given.get("type", MIRROR)
    width = group.width if group else int(given.get("width", DEFAULT_WIDTH)) if type == STRIPE else None
    actdisk = group.actdisk if group else given.get("actdisk", members[0]) if type == SWITCH else None
    slices = [(number, volume, jrm == "on") for number, (volume, jrm) in asked.args.get("v", [])]
    return [Joining(name, group, type, width, actdisk, tuple(members), slices)]


def leaving(asked, name, member, kinds):
    """[Leaving] of a -D."""
    group = known_group(asked.klass, name)
    if member not in kinds:
        raise Refusal("object.unknown", object=member)
    return [Leaving(group, member)]


def size_of(asked, member, unit=UNIT):
    """Blocks that a group has of a disk or lower group."""
    klass = asked.klass
    if member in klass.groups:
        return klass.groups[member].blocks
    return disk_blocks(klass.type, asked.lab.devices[klass.disks[member].device], unit)


def _chains(klass, name):
    """The types of the groups from `name` down, each way."""
    group = klass.groups[name]
    ways = [way for m in group.members if m in klass.groups for way in _chains(klass, m)]
    return [(group.type, *way) for way in ways] or [(group.type,)]


def unreached(lab, klass, scope, names):
    """The first of these disks that a node of the scope does not see, or None (guide D.2, 1.2)."""
    for name in names:
        device = lab.devices[klass.disks[name].device]
        if not all(sees(lab.nodes[node], device) for node in scope):
            return name
    return None


# -- guards: what is connected ------------------------------------------------------------------------------------


@refuses("object.taken")
def group_name_free(asked, j):
    taken = j.group is None and (j.name in asked.klass.disks or j.name in asked.klass.volumes)
    return j.name if taken else None


@refuses("disk.unreached")
def reached_by_all_nodes(asked, j):
    """But for switch groups, every node of the scope sees every disk."""
    klass = asked.klass
    names = [name for name in j.members if name in klass.disks]
    return None if j.type == SWITCH else unreached(asked.lab, klass, klass.scope, names)


@refuses("class.not_in_root")
def mirror_in_root_class(asked, j):
    return j.name if asked.klass.type == ROOT and j.type != MIRROR else None


@refuses("class.not_in_root")
def not_nested_in_root_class(asked, j):
    return j.name if asked.klass.type == ROOT else None


@refuses("attribute.value")
def attributes_fit(asked, j):
    """A group that exists keeps what it has; width is a stripe's, actdisk a switch group's."""
    has = {"type": j.type, "width": str(j.width), "actdisk": j.actdisk}
    given = asked.args.get("a", {})
    given = {**given, "width": str(int(given["width"]))} if "width" in given else given
    wrong = [name for name, value in given.items() if has[name] != value]
    if j.actdisk is not None and j.actdisk not in (*j.members, *(j.group.members if j.group else ())):
        wrong.append("actdisk")
    return {"attribute": wrong[0], "value": asked.args["a"][wrong[0]]} if wrong else None


@refuses("object.unknown")
def not_itself(asked, j):
    return j.name if j.name in j.members else None


@refuses("object.connected")
def members_unconnected(asked, j):
    return next((m for m in j.members if above(asked.klass, m) is not None), None)


@refuses("object.status")
def disks_enabled(asked, j):
    """Disks that cannot be used are not connected."""
    bad = [asked.klass.disks[m] for m in j.members if m in asked.klass.disks]
    bad = [d for d in bad if d.status != ENABLE]
    return {"object": bad[0].name, "status": bad[0].status} if bad else None


@refuses("object.related")
def unrelated(asked, target):
    """The configuration of groups with masters or proxies does not change (guide A.2.25)."""
    name = target.group and target.group.name
    return name if name and group_related(asked.klass, top(asked.klass, name)) else None


@refuses("object.related")
def members_unrelated(asked, j):
    return next((m for m in j.members if group_related(asked.klass, m)), None)


@refuses("object.connected")
def level_may_grow(asked, j):
    """A lower group takes disks only when it is a concat group directly under the mirror (guide A.1.10)."""
    over = j.group and above(asked.klass, j.name)
    if not over:
        return None
    grows = j.type == CONCAT and asked.klass.groups[over].type == MIRROR and j.members[0] in asked.klass.disks
    return None if grows else j.name


@refuses("group.kinds")
def kinds_fit(asked, j):
    """The hierarchy is one of the nine; a concat group has disks or switch groups, not both."""
    klass = asked.klass
    for member in j.members:
        ways = _chains(klass, member) if member in klass.groups else [()]
        if any((j.type, *way) not in HIERARCHIES for way in ways):
            return {"object": member, "type": j.type}
        if j.group and j.type == CONCAT and (member in klass.groups) != (j.group.members[0] in klass.groups):
            return {"object": member, "type": j.type}
    return None


@refuses("group.full")
def members_not_too_many(asked, j):
    many = len(j.members) + (len(j.group.members) if j.group else 0)
    return {"object": j.name, "most": MOST_MEMBERS[j.type]} if many > MOST_MEMBERS[j.type] else None


@refuses("volume.no_pslice")
def no_physical_slices(asked, j):
    """On a lower group a volume has no physical slice: what is in the mirror must have none before."""
    held = volumes_of_group(asked.klass, j.name)
    return next((v.name for v in held if v.pslice), None)


@refuses("object.exists")
def stripe_empty(asked, j):
    """A stripe group changes only while it has no volumes, nor what becomes part of it."""
    if j.type != STRIPE:
        return None
    for name in ([j.name] if j.group else []) + list(j.members):
        held = volumes_on(asked.klass, name)
        if held:
            return {"object": held[0].name, "holder": name}
    return None


@refuses("object.exists")
def lower_groups_empty(asked, j):
    for name in j.members:
        held = volumes_of_group(asked.klass, name)
        if held:
            return {"object": held[0].name, "holder": name}
    return None


@refuses("device.small")
def members_large_enough(asked, j):
    """A member of a mirror or a switch group holds all volumes of it, a column a stripe's width."""
    unit, needed = UNIT, _needed(asked, j)
    if asked.klass.type == ROOT:
        unit = j.group.unit if j.group else cylinder_of(asked.klass, asked.lab.devices, j.members)
    if j.type == STRIPE:
        needed = asked.klass.private + j.width
    return next((m for m in j.members if j.type != CONCAT and size_of(asked, m, unit) < needed), None)


def _needed(asked, j):
    """The block behind the last one that is taken in the group, or will be by what its members bring."""
    klass, devices = asked.klass, asked.lab.devices
    if j.group:
        return taken_to(j.group, volumes_of_group(klass, j.name))
    ends = [0]
    for disk in (klass.disks[m] for m in j.members if m in klass.disks):
        device = devices[disk.device]
        if disk.type == SINGLE:
            ends.append(taken_to(single(klass, disk, device), volumes_on(klass, disk.name)))
        elif disk.type == KEEP:
            ends += [piece.first + piece.blocks for n, piece in device.slices.items() if n in keep.NUMBERS]
    return max(ends)


# -- guards: what is taken out ------------------------------------------------------------------------------------


@refuses("object.not_connected")
def is_member(asked, target):
    if target.member in target.group.members:
        return None
    return {"object": target.member, "group": target.group.name}


@refuses("object.connected")
def level_may_shrink(asked, target):
    """Of lower groups only a concat directly under the mirror gives disks up, and not its only one."""
    over = above(asked.klass, target.group.name)
    if not over:
        return None
    shrinks = target.group.type == CONCAT and asked.klass.groups[over].type == MIRROR
    disk = target.member in asked.klass.disks
    return None if shrinks and disk and len(target.group.members) > 1 else target.group.name


def _volumes(asked, target):
    return volumes_of_group(asked.klass, top(asked.klass, target.group.name))


@refuses("object.exists")
def not_the_last_with_volumes(asked, target):
    """The last member cannot go while there are volumes; nor any member of a stripe."""
    held, group = _volumes(asked, target), target.group
    stays = len(group.members) == 1 or group.type == STRIPE
    return {"object": held[0].name, "holder": group.name} if held and stays else None


@refuses("object.copying")
def not_copied(asked, target):
    """No volume with a slice on the member of a mirror is being copied (recalled: 75)."""
    if target.group.type != MIRROR:
        return None
    busy = [v for v in _volumes(asked, target) if any(s.status in (COPY, COPY_STOP) for s in v.slices)]
    return busy[0].name if busy else None


@refuses("object.detached")
def not_detached(asked, target):
    for volume in _volumes(asked, target):
        if any(s.member == target.member and s.status in (TEMP, TEMP_STOP) for s in volume.slices):
            return volume.name
    return None


@refuses("object.only_valid")
def valid_elsewhere(asked, target):
    """Every volume of a mirror stays as valid as it is without the member."""
    if target.group.type != MIRROR:
        return None
    for volume in _volumes(asked, target):
        if volume.valid and not any(s.member != target.member and s.status in VALID for s in volume.slices):
            return volume.name
    return None


@refuses("group.not_last")
def last_of_concat(asked, target):
    bad = target.group.type == CONCAT and target.member != target.group.members[-1]
    return target.member if bad else None


@refuses("object.exists")
def end_of_concat_empty(asked, target):
    """No volume reaches into what the last member of a concat group adds."""
    if target.group.type != CONCAT or len(target.group.members) == 1:
        return None
    group = target.group._replace(members=target.group.members[:-1])
    shorter = asked.klass._replace(groups={**asked.klass.groups, group.name: group})
    blocks = measured(shorter, asked.lab.devices, group.name).groups[group.name].blocks
    reaching = [v for v in _volumes(asked, target) if v.first + v.blocks > blocks]
    return {"object": reaching[0].name, "holder": target.member} if reaching else None


@refuses("group.inactive")
def not_active_with_volumes(asked, target):
    active = target.member == target.group.actdisk and len(target.group.members) > 1
    return target.member if active and _volumes(asked, target) else None


# -- effects ------------------------------------------------------------------------------------------------------


def connect(asked, targets):
    """Makes the group if it is new, connects; a mirror's running volumes are copied onto their new slices."""
    (j,), klass, devices = targets, asked.klass, asked.lab.devices
    group = j.group or Group(j.name, j.type, (), 0, UNIT, (), j.width, j.actdisk)
    group = group._replace(members=(*group.members, *j.members))
    singles = [m for m in j.members if m in klass.disks and klass.disks[m].type == SINGLE]
    kept = [klass.disks[m] for m in j.members if m in klass.disks and klass.disks[m].type == KEEP]
    for _, piece in [keep.private_slice(devices[disk.device]) or ("", None) for disk in kept]:
        group = group._replace(private=((piece.first, piece.blocks),)) if piece else group
    volumes = dict(klass.volumes)
    for volume in [v for name in singles for v in volumes_on(klass, name)]:
        volumes[volume.name] = _moved(volume, group)
    groups = {**klass.groups, group.name: group}
    groups.update((m, groups[m]._replace(private=())) for m in j.members if m in groups)
    disks = dict(klass.disks)
    for name in j.members:
        if name in disks:
            type = UNDEF if disks[name].type == SINGLE else disks[name].type
            disks[name] = disks[name]._replace(group=group.name, type=type)
    klass = measured(klass._replace(disks=disks, groups=groups, volumes=volumes), devices, group.name)
    lab = with_class(asked.lab, klass)
    if kept:
        group = klass.groups[group.name]
        lab = keep.turned_into_volumes(lab, klass.name, group, kept[0], j.slices, asked.node.name)
    lab = _mirrored(asked, lab, klass.name, group.name, j.members) if group.type == MIRROR else lab
    return _booted_from(asked, lab)


def _booted_from(asked, lab):
    """The lab with what the NVRAM says of the system disk's mirror brought up to it."""
    if asked.klass.type != ROOT:
        return lab
    from . import bootdisks

    return bootdisks.followed(asked.lab, lab, asked.node, asked.klass.name)


def _moved(volume, group):
    """A single disk's volume in its new group: the same blocks of the same disk."""
    if group.type == CONCAT:
        whole = tuple(s._replace(member=group.name) for s in volume.slices)
        return volume._replace(group=group.name, slices=whole, pslice=False, number=None)
    return volume._replace(group=group.name)


def _mirrored(asked, lab, class_name, group_name, members):
    """Every volume of the group has a slice on each member; what is new is copied when the volume runs."""
    klass = lab.classes[class_name]
    group, volumes = klass.groups[group_name], dict(klass.volumes)
    held = [v for v in volumes.values() if v.group == group_name]
    for volume in held:
        there = {s.member: s for s in volume.slices}
        slices = tuple(there.get(m) or mirror.blank(klass, m) for m in group.members)
        volumes[volume.name] = volume._replace(slices=slices)
    lab = with_class(lab, klass._replace(volumes=volumes))
    copied = [v.name for v in held if not keep.mounted_plainly(lab, class_name, v.name)]
    wait = delay(asked.node, asked.options)
    return mirror.catch_up(lab, class_name, copied, asked.now, wait, members)


def disconnect(asked, targets):
    """Takes the member out; the group goes with its last one."""
    (target,), name = targets, targets[0].group.name
    lab = with_class(asked.lab, released(asked.klass, asked.lab.devices, target.group, [target.member]))
    lab = _freed(lab, asked.klass, target.group, [target.member])
    if len(target.group.members) == 1:
        return with_class(lab, removed(lab.classes[asked.klass.name], name))
    return _booted_from(asked, lab)


def released(klass, devices, group, members):
    """The class without these members in the group (at least one is left), and without their slices."""
    left = tuple(m for m in group.members if m not in members)
    volumes = dict(klass.volumes)
    for volume in volumes_of_group(klass, group.name) if group.type == MIRROR else ():
        slices = tuple(s for s in volume.slices if s.member not in members)
        volumes[volume.name] = volume._replace(slices=slices)
    disks = dict(klass.disks)
    for disk in [disks[m] for m in members if m in disks]:
        keeps = disk.type == KEEP and keep.real_slices(devices[disk.device])
        type = disk.type if keeps or disk.type == SPARE else UNDEF
        disks[disk.name] = disk._replace(group=None, type=type, standin=None)
    actdisk = left[0] if group.actdisk in members and left else group.actdisk
    changed = group._replace(members=left, actdisk=actdisk)
    klass = klass._replace(disks=disks, volumes=volumes, groups={**klass.groups, group.name: changed})
    for lower in [m for m in members if m in klass.groups]:
        klass = measured(klass, devices, lower)
    return measured(klass, devices, group.name) if left else klass


def _freed(lab, klass, group, members):
    """The lab with the devices of keep disks as they are outside groups."""
    for disk in [klass.disks[m] for m in members if m in klass.disks and klass.disks[m].type == KEEP]:
        device = keep.released(lab.devices[disk.device], group)
        lab = lab._replace(devices={**lab.devices, device.name: device})
    return lab


def remove(asked, targets):
    """The group goes; its disks are undefined, its lower groups stand by themselves."""
    (group,) = targets
    lab = with_class(asked.lab, released(asked.klass, asked.lab.devices, group, group.members))
    lab = _freed(lab, asked.klass, group, group.members)
    return with_class(lab, removed(lab.classes[asked.klass.name], group.name))


def removed(klass, name):
    """The class without that group."""
    return klass._replace(groups={n: g for n, g in klass.groups.items() if n != name})
