"""Questions about a lab. Each takes records and returns records; none changes anything."""

from .records import Slice, Volume
from .sizes import taken_to
from .status import ACTIVE, COPY, ENABLE, JOINED, KEEP, MIRROR, OBP, RW, SINGLE, SPARE, STOP, SWITCH, TEMP, VALID

PLAIN = ""  # in the place of a class: slices of disks that are no volumes, named c0t0d0s0
LETTERS = "abcdefgh"  # of physical slices, in OpenBoot paths
VOLUME_DEVICES = "/dev/sfdsk/"
DISK_DEVICES = ("/dev/dsk/", "/dev/rdsk/")


def block_device(class_name, volume_name):
    """The block special file of a volume, or of a plain slice."""
    if class_name == PLAIN:
        return DISK_DEVICES[0] + volume_name
    return f"{VOLUME_DEVICES}{class_name}/dsk/{volume_name}"


def raw_device(class_name, volume_name):
    """The raw special file of a volume, or of a plain slice."""
    if class_name == PLAIN:
        return DISK_DEVICES[1] + volume_name
    return f"{VOLUME_DEVICES}{class_name}/rdsk/{volume_name}"


def device_parts(path):
    """(class, "dsk" or "rdsk", volume) of a volume's special file, else None."""
    if not path.startswith(VOLUME_DEVICES):
        return None
    parts = path[len(VOLUME_DEVICES) :].split("/")
    return tuple(parts) if len(parts) == 3 and parts[1] in ("dsk", "rdsk") and all(parts) else None


def plain_parts(path):
    """(device, slice number as text) of a disk slice's special file, else None."""
    for directory in DISK_DEVICES:
        if path.startswith(directory):
            device, s, number = path[len(directory) :].rpartition("s")
            return (device, number) if s and len(number) == 1 and number in "01234567" else None
    return None


def plain_mounts(lab, device_name):
    """The mounts (swap included) of plain slices of a device, on any node."""
    mounts = (m for node in lab.nodes.values() for m in node.mounts)
    return [m for m in mounts if (plain_parts(m.special) or ("",))[0] == device_name]


def registered(lab, device_name):
    """(Class, Disk) that the device is registered as, or None. A shadow disk is none: the device stays as it is."""
    for klass in lab.classes.values():
        for disk in () if klass.shadow else klass.disks.values():
            if disk.device == device_name:
                return klass, disk
    return None


def held_here(lab, node, device_name):
    """(Class, Disk) that the device is registered as, be it as a shadow disk of the node; or None."""
    mine = [k for k in lab.classes.values() if k.shadow and node.name in k.scope]
    shadows = ((k, d) for k in mine for d in k.disks.values() if d.device == device_name)
    return registered(lab, device_name) or next(shadows, None)


def find_volume(lab, class_name, volume_name):
    """The Volume, or None. A shadow volume holds what lies on its disks.

    A plain slice is seen as a running volume of no class, a detached slice (DISK.VOLUME) as one of its
    class, running where it may be used.
    """
    if class_name == PLAIN:
        return _plain_volume(lab, volume_name)
    klass = lab.classes.get(class_name)
    if klass and "." in volume_name:
        return _detached_volume(klass, volume_name)
    found = klass and klass.volumes.get(volume_name)
    below = found and klass.shadow and _below(lab, klass, found)
    return found._replace(data=below[1].data) if below else found


def layout(klass, name):
    """How the blocks of a disk or group lie on devices, as a text: equal texts, equal places."""
    group = klass.groups.get(name)
    if group is None:
        return klass.disks[name].device
    return f"{group.type}{group.width or ''}({','.join(layout(klass, member) for member in group.members)})"


def _below(lab, shadow, volume):
    """(class, Volume) whose data lies where the shadow volume's first slice does, or None."""
    place = volume.first, volume.blocks, layout(shadow, volume.slices[0].member)
    for klass in lab.classes.values():
        for v in () if klass.shadow else klass.volumes.values():
            piece = next((s for s in v.slices if (v.first, v.blocks, layout(klass, s.member)) == place), None)
            if piece and piece.data is not None:
                return klass.name, _detached_volume(klass, f"{piece.member}.{v.name}")
            if piece and piece.status in VALID:
                return klass.name, v
    return None


def find_slice(klass, name):
    """(Volume, Slice) that DISK.VOLUME names, or None."""
    member, _, volume_name = name.partition(".")
    volume = klass.volumes.get(volume_name)
    return next(((volume, s) for s in volume.slices if s.member == member), None) if volume else None


def _detached_volume(klass, name):
    found = find_slice(klass, name)
    if found is None or found[1].data is None:
        return None
    volume, piece = found
    status, running = (ACTIVE, {piece.owner: piece.mode}) if piece.status == TEMP else (STOP, {})
    return Volume(
        name, None, volume.first, volume.blocks, (Slice(piece.member, status),), running, piece.mode,
        number=volume.number, data=piece.data,
    )  # fmt: skip


def _plain_volume(lab, name):
    device, number = plain_parts(DISK_DEVICES[0] + name)
    piece = lab.devices[device].slices.get(number) if device in lab.devices else None
    if piece is None:
        return None
    running = dict.fromkeys(lab.nodes, RW)
    return Volume(
        name, None, piece.first, piece.blocks, (Slice(device, ACTIVE),), running,
        pslice=True, number=int(number), wear=piece.wear, data=piece.data,
    )  # fmt: skip


def place_of(lab, path):
    """(class, volume) of what holds data behind a special file, PLAIN for a plain slice, or None.

    The slices of a keep disk that have become volumes lead to those by their old names too: until the
    next boot the system runs on them.
    """
    parts = device_parts(path)
    if parts:
        return (parts[0], parts[2]) if find_volume(lab, parts[0], parts[2]) else None
    parts = plain_parts(path)
    if parts is None or parts[0] not in lab.devices:
        return None
    device, number = parts
    if number in lab.devices[device].slices:
        return PLAIN, f"{device}s{number}"
    found = registered(lab, device)
    if found is None:
        return None
    klass, disk = found
    holding = (v for v in klass.volumes.values() if v.group == disk.group and str(v.number) == number)
    return next(((klass.name, v.name) for v in holding if disk.group and disk.type == KEEP), None)


def with_class(lab, klass):
    """`lab` with `klass` in the place of the class of that name."""
    return lab._replace(classes={**lab.classes, klass.name: klass})


def with_volumes(lab, class_name, volumes):
    """`lab` with these volumes in the places of those of the same names."""
    if class_name == PLAIN:
        return _with_plain_volumes(lab, volumes)
    klass = lab.classes[class_name]
    if klass.shadow:
        return _with_shadow(lab, klass, volumes)
    changed = dict(klass.volumes)
    for volume in volumes:
        if "." in volume.name:
            volume = _with_detached(changed, volume)
        changed[volume.name] = volume
    return with_class(lab, klass._replace(volumes=changed))


def _with_shadow(lab, klass, volumes):
    """What is written to a shadow volume is written to what lies below it."""
    changed = dict(klass.volumes)
    for volume in volumes:
        kept = changed[volume.name]
        below = _below(lab, klass, kept) if volume.data != kept.data else None
        if below:
            class_name, seen = below
            if seen.data != volume.data:
                lab = with_volumes(lab, class_name, [seen._replace(data=volume.data)])
            volume = volume._replace(data=kept.data)
        changed[volume.name] = volume
    return with_class(lab, klass._replace(volumes=changed))


def _with_detached(volumes, seen):
    member, _, name = seen.name.partition(".")
    slices = tuple(s._replace(data=seen.data) if s.member == member else s for s in volumes[name].slices)
    return volumes[name]._replace(slices=slices)


def _with_plain_volumes(lab, volumes):
    devices = dict(lab.devices)
    for volume in volumes:
        name, number = plain_parts(DISK_DEVICES[0] + volume.name)
        piece = devices[name].slices[number]._replace(data=volume.data)
        devices[name] = devices[name]._replace(slices={**devices[name].slices, number: piece})
    return lab._replace(devices=devices)


def with_node(lab, node):
    """`lab` with `node` in the place of the node of that name."""
    return lab._replace(nodes={**lab.nodes, node.name: node})


def mounts_of(lab, class_name, volume_name):
    """Where and how the volume is mounted (swap included): [(node, mount)]."""
    special = block_device(class_name, volume_name)
    return [(node, m) for node in lab.nodes.values() for m in node.mounts if m.special == special]


def live_mounts(lab, class_name, volume_name):
    """The mounts through which the volume is read and written.

    One is but left over where the class is closed down, or was since and the volume not started.
    """
    found = mounts_of(lab, class_name, volume_name)
    return [(node, m) for node, m in found if reaches(lab, node, class_name, volume_name)]


def reaches(lab, node, class_name, volume_name):
    """True when what the node reads and writes of the volume gets there: the class is open, the volume runs on it."""
    if class_name == PLAIN:
        return True
    volume = find_volume(lab, class_name, volume_name)
    return volume is not None and node.name in volume.started and node.name not in lab.classes[class_name].closed


def in_use(lab, class_name, volume_name, nodes=None):
    """True when the volume is mounted somewhere (or on one of `nodes`, names), or is swap of a running system."""
    return any(nodes is None or node.name in nodes for node, _ in mounts_of(lab, class_name, volume_name))


def above(klass, name):
    """The group that the disk or group `name` is directly in, or None."""
    disk = klass.disks.get(name)
    if disk:
        return disk.group
    return next((g.name for g in klass.groups.values() if name in g.members), None)


def top(klass, name):
    """The highest level group over the group `name` (itself if nothing is above)."""
    over = above(klass, name)
    return top(klass, over) if over else name


def disks_under(klass, name):
    """The disks in the group `name`, lower levels too, in order of connection; of a disk, itself."""
    group = klass.groups.get(name)
    if group is None:
        return [klass.disks[name]]
    return [disk for member in group.members for disk in disks_under(klass, member)]


def lower_groups(klass):
    """The names of all members of groups: a group among them is a lower level group."""
    return {member for group in klass.groups.values() for member in group.members}


def spares_for(lab, klass, group):
    """The spare disks that could take the place of a member of the group (guide A.2.25; Linux 4.1 guide).

    Only in a mirror group at the top, never in one with proxies; not those that are too small.
    """
    proxies = {p.proxy for r in klass.relations for p in r.pairs}
    held = volumes_of_group(klass, group.name)
    if group.type != MIRROR or not klass.hs or above(klass, group.name) or any(v.name in proxies for v in held):
        return []
    idle = [d for d in klass.disks.values() if d.type == SPARE and d.group is None and d.status == ENABLE]
    return [d for d in idle if lab.devices[d.device].blocks >= taken_to(group, held)]


def can_have_pslice(klass, holder):
    """True when volumes there may have physical slices: it lies directly on disks that all hold the same."""
    return holder.type in (MIRROR, SINGLE) and not any(member in klass.groups for member in holder.members)


def carriers(klass, member):
    """The disks that a slice on the disk or group `member` needs: of a switch group only the active one."""
    group = klass.groups.get(member)
    if group is None:
        return [klass.disks[member]]
    if group.type == SWITCH and group.actdisk:
        return [klass.disks[group.actdisk]]
    return [disk for lower in group.members for disk in carriers(klass, lower)]


def members_for_volumes(group):
    """What a volume made in the group has slices of (guide A.1.1, the names of slices).

    Each member of a mirror, the active disk of a switch group, else the group as one.
    """
    if group.type == SWITCH:
        return (group.actdisk,)
    return group.members if group.type == MIRROR else (group.name,)


def volumes_on(klass, name):
    """The volumes with a slice on the disk or group `name`, directly or through a group above it."""
    chain = {name}
    while (name := above(klass, name)) is not None:
        chain.add(name)
    return [v for v in klass.volumes.values() if any(s.member in chain for s in v.slices)]


def volumes_of_group(klass, group_name):
    """The volumes in a group, in order of creation."""
    return [v for v in klass.volumes.values() if v.group == group_name]


def beside(klass, volume):
    """(group or single disk that holds the volume, all the volumes there)."""
    if volume.group:
        return volume.group, volumes_of_group(klass, volume.group)
    disk = volume.slices[0].member
    return disk, volumes_on(klass, disk)


def relation_of_proxy(klass, name):
    """The relation in which `name` (group or volume) is the proxy as a whole, or None."""
    return next((r for r in klass.relations if r.proxy == name), None)


def relations_of_master(klass, name):
    """The relations in which `name` (group or volume) is the master as a whole."""
    return [r for r in klass.relations if r.master == name]


def relation_of_volume(klass, volume_name):
    """(relation, pair) in which the volume is the proxy, by group or by itself; else (None, None)."""
    for relation in klass.relations:
        for pair in relation.pairs:
            if pair.proxy == volume_name:
                return relation, pair
    return None, None


def proxies_of_volume(klass, volume_name):
    """[(relation, pair)] in which the volume is the master."""
    return [(r, p) for r in klass.relations for p in r.pairs if p.master == volume_name]


def group_related(klass, name):
    """True when the group, or a volume in it, is a master or a proxy."""
    names = {name, *(v.name for v in volumes_of_group(klass, name))}
    return any(names & {r.master, r.proxy} for r in klass.relations) or any(
        related(klass, volume) for volume in names if volume in klass.volumes
    )


def pairs_of(klass, volume_name):
    """The pairs in which the volume is the master or the proxy."""
    return [p for r in klass.relations for p in r.pairs if volume_name in (p.master, p.proxy)]


def related(klass, volume_name):
    """True when the volume is a master or a proxy."""
    return bool(pairs_of(klass, volume_name))


def holder_of(volume):
    """The name of the group or single disk that the volume is in."""
    return volume.group or volume.slices[0].member


def joined_proxy(klass, volume_name):
    """True when the volume is a proxy joined to its master: not to be started or stopped by itself."""
    relation, _ = relation_of_volume(klass, volume_name)
    return relation is not None and relation.state == JOINED


def copies_onto(lab, class_name, volume_name):
    """Copy sessions that write the volume."""
    return [c for c in lab.copies if c.klass == class_name and c.volume == volume_name]


def copies_touching(lab, class_name, volume_name):
    """Copy sessions that read or write the volume."""
    return [c for c in lab.copies if c.klass == class_name and volume_name in (c.volume, c.source)]


def copies_between(lab, class_name, pair):
    """Copy sessions from the pair's master to its proxy, or back."""
    both = {pair.master, pair.proxy}
    return [c for c in lab.copies if c.klass == class_name and {c.source, c.volume} == both]


def copying(volume):
    """True when a slice of the volume is a copy destination."""
    return any(s.status == COPY for s in volume.slices)


def duration(copy):
    """How long the session takes from `since`, in ms of virtual time; at least a second.

    A soft copy moves 1 MB (2,048 blocks) an I/O and pauses `delay` ms between two (sizes ours).
    """
    left = copy.blocks - copy.done
    moving = -(-left * 1000 // copy.rate)
    return max(1000, moving + (left // 2048) * copy.delay)


def ends(copy):
    """When the session is over, or None while it stands still."""
    return None if copy.paused or copy.interrupted else copy.since + duration(copy)


def copied(copy, now):
    """Blocks copied so far; never less than 0 nor more than there are. What a node that is down drove begins again."""
    if copy.paused:
        return 0
    if copy.interrupted:
        return copy.done
    left = copy.blocks - copy.done
    return copy.done + max(0, min(left, left * (now - copy.since) // duration(copy)))


def boot_letter(volume):
    """The letter OpenBoot gives the volume's physical slice: 0 is a."""
    return LETTERS[volume.number or 0]


def boot_paths(lab, klass, volume):
    """One OpenBoot path for each disk of the group that holds `volume`, in order of connection."""
    letter = boot_letter(volume)
    disks = [klass.disks[m] for m in klass.groups[volume.group].members]
    return [f"{lab.devices[d.device].path}:{letter}" for d in disks]


def the_node(lab, name=None):
    """The node commands run on: the one named, else the lab's first."""
    return lab.nodes[name] if name else next(iter(lab.nodes.values()))


def sees(node, device):
    """True when the device is connected to the node."""
    return not device.nodes or node.name in device.nodes


def up(lab, class_name):
    """The nodes of the class's scope that are up, and where it is not closed down."""
    klass = lab.classes[class_name]
    return [lab.nodes[name] for name in klass.scope if not halted(lab.nodes[name]) and name not in klass.closed]


def halted(node):
    """True when the node shows OpenBoot's ok prompt."""
    return node.power == OBP


def root_volume(lab, node):
    """(class, volume) that holds the running system's /, or None when it is halted."""
    return next((place_of(lab, m.special) for m in node.mounts if m.point == "/"), None)
