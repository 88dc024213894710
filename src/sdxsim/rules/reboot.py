"""What a shutdown and a boot do to GDS objects (guide 6.4.6 6) and 7); D.4; A.2.23)."""

from ..model.queries import (
    copies_onto,
    copies_touching,
    find_volume,
    in_use,
    place_of,
    reaches,
    up,
    with_node,
    with_volumes,
)
from ..model.status import JOINED, OBP, RW, SHARED, SOFT, TEMP, TEMP_STOP, VALID
from ..solaris import condition
from ..solaris.obp import usable
from ..words.parameters import value
from .copying import begin, cut_off, resynchronize
from .jrm import MOUNTED_BLOCKS, counted, forget, forget_slices, written
from .mirror import catch_up
from .volume import started, stopped

__all__ = ["come_up", "counted", "crash", "forget_records", "halt", "unmount", "written"]


AFTER_CRASH = "crash"  # why a joined proxy is copied again: its equality is not certain


def unmount(lab, node, mount):
    """The volume's file system as a clean umount on the node leaves it (the mount itself is the caller's)."""
    place = place_of(lab, mount.special)
    volume = place and reaches(lab, node, *place) and find_volume(lab, *place)
    if not volume or mount.type == "swap" or "rw" not in mount.options.split(","):
        return lab
    return with_volumes(lab, place[0], [volume._replace(data=condition.unmounted(volume.data))])


def halt(lab, node_name, now):
    """Orderly down to the ok prompt: unmounted, GDS stopped on the node, soft copies interrupted."""
    node = lab.nodes[node_name]
    for mount in node.mounts:
        lab = unmount(lab, node, mount)
    for klass in lab.classes.values():
        lab = with_volumes(lab, klass.name, [stopped(v, node_name) for v in lab.classes[klass.name].volumes.values()])
    lab = with_node(_equal_again(lab), node._replace(power=OBP, mounts=(), boot_path=""))
    # the nodes of a class drive its copies; the disk array needs none
    still = [c for c in lab.copies if c.engine == SOFT and not c.interrupted and not up(lab, c.klass)]
    for copy in still:
        lab = cut_off(lab, copy, now)
    copies = tuple(c._replace(paused=True) if c in still else c for c in lab.copies)
    return forget_records(lab._replace(copies=copies), node_name)


def crash(lab, node_name, now):
    """Down at once, by a panic or without power: nothing is unmounted, volumes are not closed.

    What was being written may differ between the slices of a mirror, and between a master and its joined
    proxies: it is copied after the boot, in the whole or, with JRM, where it may differ (guide A.2.24).
    """
    node = lab.nodes[node_name]
    synced = node.synced_at >= node.booted_at > 0
    for class_name, klass in lab.classes.items():
        for volume in klass.volumes.values():
            if volume.started.get(node_name) == RW and node_name not in klass.closed:
                lab = _unequal(lab, class_name, volume, now)
    for mount in node.mounts:
        place = place_of(lab, mount.special)
        volume = place and reaches(lab, node, *place) and find_volume(lab, *place)
        if volume and mount.type != "swap":
            data = condition.image(volume.data, "ro" not in mount.options.split(","), node.power, synced, now)
            lab = with_volumes(lab, place[0], [volume._replace(data=data)])
    return halt(with_node(lab, node._replace(mounts=())), node_name, now)


def _unequal(lab, class_name, volume, now):
    """Copies from one valid slice onto the others, and onto joined proxies, of what may differ."""
    klass = lab.classes[class_name]
    pairs = [p for r in klass.relations if r.state == JOINED for p in r.pairs if p.master == volume.name]
    proxies = [klass.volumes[p.proxy] for p in pairs]
    recorded = volume.jrm and all(s.status in VALID for v in (volume, *proxies) for s in v.slices)
    blocks = volume.blocks
    if recorded:  # what was under way: as much as a mounted file system writes at once, and a minute's changes
        busy = in_use(lab, class_name, volume.name)
        blocks = min(blocks, MOUNTED_BLOCKS + (volume.wear if busy else 0))
    valid = [s.member for s in volume.slices if s.status in VALID]
    if len(valid) > 1:
        lab = resynchronize(lab, class_name, volume.name, valid[1:], now, blocks=blocks)
    for proxy in proxies:
        good = [s.member for s in proxy.slices if s.status in VALID]
        if good and not copies_onto(lab, class_name, proxy.name):
            lab = begin(lab, class_name, volume.name, proxy.name, blocks, now, purpose=AFTER_CRASH, members=good)
    return lab


def _equal_again(lab):
    """Joined proxies hold what their masters hold by now, unless they are still being copied."""
    for klass in lab.classes.values():
        pairs = [p for r in klass.relations if r.state == JOINED for p in r.pairs]
        same = [
            klass.volumes[p.proxy]._replace(data=klass.volumes[p.master].data)
            for p in pairs
            if not copies_touching(lab, klass.name, p.proxy)
        ]
        lab = with_volumes(lab, klass.name, same)
    return lab


def forget_records(lab, node_name):
    """What is kept in memory is gone when a node stops: JRM of its classes' parted proxies, its shadow objects."""
    kept = {name: k for name, k in lab.classes.items() if not (k.shadow and node_name in k.scope)}
    if len(kept) < len(lab.classes):
        lab = lab._replace(classes=kept)
    for klass in lab.classes.values():
        if node_name in klass.scope:
            lab = forget_slices(forget(lab, klass.name, set(klass.volumes)), klass.name)
    return lab


def _again(lab, copy, now):
    """An interrupted soft copy begins again (inferred: 60); which blocks had changed is forgotten."""
    whole = copy.source != copy.volume and copy.purpose != AFTER_CRASH
    blocks = find_volume(lab, copy.klass, copy.volume).blocks if whole else copy.blocks
    return copy._replace(paused=False, since=now, blocks=blocks, done=0)


def _slices_active(lab, class_name, node_name):
    """Stopped detached slices of a shared class are active again after a reboot of their node (guide D.5)."""
    changed = []
    for volume in lab.classes[class_name].volumes.values():
        own = [s.status == TEMP_STOP and s.owner == node_name for s in volume.slices]
        if any(own):
            slices = (s._replace(status=TEMP) if mine else s for s, mine in zip(volume.slices, own, strict=True))
            changed.append(volume._replace(slices=tuple(slices)))
    return with_volumes(lab, class_name, changed)


def come_up(lab, node_name, power, boot_path, mounts, now):
    """Booted: volumes run but for locked ones, joined proxies and what is overwritten; soft copies begin again."""
    lab, node = forget_records(lab, node_name), lab.nodes[node_name]
    for klass in list(lab.classes.values()):
        if node_name not in klass.scope or node_name in klass.closed:
            continue
        running = [started(v, node_name) for v in klass.volumes.values() if usable(lab, node, klass.name, v.name)]
        lab = with_volumes(lab, klass.name, running)
        if klass.type == SHARED:
            lab = _slices_active(lab, klass.name, node_name)
    here = {k.name for k in lab.classes.values() if node_name in k.scope}
    copies = tuple(_again(lab, c, now) if c.paused and c.klass in here else c for c in lab.copies)
    node = node._replace(power=power, boot_path=boot_path, mounts=mounts, booted_at=now, synced_at=0)
    lab = with_node(lab._replace(copies=copies), node)
    for klass in lab.classes.values():  # mirrors that were not copied yet (guide A.2.34, D.11)
        if node_name in klass.scope:
            lab = catch_up(lab, klass.name, list(klass.volumes), now, value(node, "copy_delay"))
    return lab
