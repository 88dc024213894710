"""What a shutdown and a boot do to GDS objects (guide 6.4.6 6) and 7); D.4; A.2.23)."""

from ..model.queries import copies_onto, find_volume, joined_proxy, place_of, up, with_node, with_volumes
from ..model.status import JOINED, OBP, SHARED, SOFT, TEMP, TEMP_STOP
from ..solaris import condition
from ..words.parameters import value
from .jrm import counted, forget, forget_slices, written
from .mirror import catch_up
from .volume import started, stopped

__all__ = ["come_up", "counted", "forget_records", "halt", "unmount", "written"]


def unmount(lab, mount):
    """The volume's file system as a clean umount leaves it (the mount itself is the caller's)."""
    place = place_of(lab, mount.special)
    volume = place and find_volume(lab, *place)
    if not volume or mount.type == "swap" or "rw" not in mount.options.split(","):
        return lab
    return with_volumes(lab, place[0], [volume._replace(data=condition.unmounted(volume.data))])


def halt(lab, node_name, now):
    """Orderly down to the ok prompt: unmounted, GDS stopped on the node, soft copies interrupted."""
    node = lab.nodes[node_name]
    for mount in node.mounts:
        lab = unmount(lab, mount)
    for klass in lab.classes.values():
        lab = with_volumes(lab, klass.name, [stopped(v, node_name) for v in lab.classes[klass.name].volumes.values()])
    lab = with_node(_equal_again(lab), node._replace(power=OBP, mounts=(), boot_path=""))
    # the nodes of a class drive its copies; the disk array needs none
    still = [c for c in lab.copies if c.engine == SOFT and not c.interrupted and not up(lab, c.klass)]
    copies = tuple(c._replace(paused=True) if c in still else c for c in lab.copies)
    return forget_records(lab._replace(copies=copies), node_name)


def _equal_again(lab):
    """Joined proxies hold what their masters hold by now, unless they are still being copied."""
    for klass in lab.classes.values():
        pairs = [p for r in klass.relations if r.state == JOINED for p in r.pairs]
        same = [
            klass.volumes[p.proxy]._replace(data=klass.volumes[p.master].data)
            for p in pairs
            if not copies_onto(lab, klass.name, p.proxy)
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
    blocks = copy.blocks if copy.source == copy.volume else find_volume(lab, copy.klass, copy.volume).blocks
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
    """Booted: volumes that are neither locked nor joined proxies run, interrupted soft copies begin again."""
    lab = forget_records(lab, node_name)
    for klass in list(lab.classes.values()):
        if node_name not in klass.scope:
            continue
        running = [
            started(v, node_name)
            for v in klass.volumes.values()
            if v.valid and not v.lock and not joined_proxy(klass, v.name)
        ]
        lab = with_volumes(lab, klass.name, running)
        if klass.type == SHARED:
            lab = _slices_active(lab, klass.name, node_name)
    here = {k.name for k in lab.classes.values() if node_name in k.scope}
    copies = tuple(_again(lab, c, now) if c.paused and c.klass in here else c for c in lab.copies)
    node = lab.nodes[node_name]._replace(power=power, boot_path=boot_path, mounts=mounts, booted_at=now, synced_at=0)
    lab = with_node(lab._replace(copies=copies), node)
    for klass in lab.classes.values():  # mirrors that were not copied yet (guide A.2.34, D.11)
        if node_name in klass.scope:
            lab = catch_up(lab, klass.name, list(klass.volumes), now, value(node, "copy_delay"))
    return lab
