"""Questions about a lab. Each takes records and returns records; none changes anything."""

from .status import COPY, JOINED, MIRROR, OBP

VOLUME_DEVICES = "/dev/sfdsk/"


def block_device(class_name, volume_name):
    """The block special file of a volume."""
    return f"{VOLUME_DEVICES}{class_name}/dsk/{volume_name}"


def raw_device(class_name, volume_name):
    """The raw special file of a volume."""
    return f"{VOLUME_DEVICES}{class_name}/rdsk/{volume_name}"


def device_parts(path):
    """(class, "dsk" or "rdsk", volume) of a volume's special file, else None."""
    if not path.startswith(VOLUME_DEVICES):
        return None
    parts = path[len(VOLUME_DEVICES) :].split("/")
    return tuple(parts) if len(parts) == 3 and parts[1] in ("dsk", "rdsk") and all(parts) else None


def find_volume(lab, class_name, volume_name):
    """The Volume, or None."""
    klass = lab.classes.get(class_name)
    return klass and klass.volumes.get(volume_name)


def with_class(lab, klass):
    """`lab` with `klass` in the place of the class of that name."""
    return lab._replace(classes={**lab.classes, klass.name: klass})


def with_volumes(lab, class_name, volumes):
    """`lab` with these volumes in the places of those of the same names."""
    klass = lab.classes[class_name]
    changed = dict(klass.volumes)
    for volume in volumes:
        changed[volume.name] = volume
    return with_class(lab, klass._replace(volumes=changed))


def with_node(lab, node):
    """`lab` with `node` in the place of the node of that name."""
    return lab._replace(nodes={**lab.nodes, node.name: node})


def mounts_of(lab, class_name, volume_name):
    """Where and how the volume is mounted (swap included): [(node, mount)]."""
    special = block_device(class_name, volume_name)
    return [(node, m) for node in lab.nodes.values() for m in node.mounts if m.special == special]


def in_use(lab, class_name, volume_name):
    """True when the volume is mounted somewhere, or is swap of a running system."""
    return bool(mounts_of(lab, class_name, volume_name))


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


def members_for_volumes(group):
    """What a volume made in the group has slices of: each member of a mirror, else the group as one."""
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


def pairs_of(klass, volume_name):
    """The pairs in which the volume is the master or the proxy."""
    return [p for r in klass.relations for p in r.pairs if volume_name in (p.master, p.proxy)]


def related(klass, volume_name):
    """True when the volume is a master or a proxy."""
    return bool(pairs_of(klass, volume_name))


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
    moving = -(-copy.blocks * 1000 // copy.rate)
    return max(1000, moving + (copy.blocks // 2048) * copy.delay)


def ends(copy):
    """When the session is over, or None while it is paused."""
    return None if copy.paused else copy.since + duration(copy)


def copied(copy, now):
    """Blocks copied so far; never less than 0 nor more than there are."""
    if copy.paused:
        return 0
    return max(0, min(copy.blocks, copy.blocks * (now - copy.since) // duration(copy)))


def boot_letter(volume):
    """The letter OpenBoot gives the volume's physical slice: 0 is a."""
    return "abcdefgh"[volume.number or 0]


def boot_paths(lab, klass, volume):
    """One OpenBoot path for each disk of the group that holds `volume`, in order of connection."""
    letter = boot_letter(volume)
    disks = [klass.disks[m] for m in klass.groups[volume.group].members]
    return [f"{lab.devices[d.device].path}:{letter}" for d in disks]


def the_node(lab, name=None):
    """The node commands run on: the one named, else the lab's first."""
    return lab.nodes[name] if name else next(iter(lab.nodes.values()))


def halted(node):
    """True when the node shows OpenBoot's ok prompt."""
    return node.power == OBP


def root_volume(node):
    """(class, volume) that holds the running system's /, or None (plain slice, or halted)."""
    for mount in node.mounts:
        if mount.point == "/":
            parts = device_parts(mount.special)
            return parts and (parts[0], parts[2])
    return None
