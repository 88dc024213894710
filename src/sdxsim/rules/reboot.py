"""What a shutdown and a boot do to GDS objects (guide 6.4.6 6) and 7); D.4; A.2.23)."""

from ..model.queries import copies_touching, device_parts, find_volume, with_node, with_volumes
from ..model.status import JOINED, OBP, SOFT
from ..solaris import condition
from ..solaris.obp import usable
from .jrm import counted, forget, written
from .volume import started, stopped

__all__ = ["come_up", "counted", "forget_records", "halt", "unmount", "written"]


def unmount(lab, mount):
    """The volume's file system as a clean umount leaves it (the mount itself is the caller's)."""
    parts = device_parts(mount.special)
    volume = parts and find_volume(lab, parts[0], parts[2])
    if not volume or mount.type == "swap" or "rw" not in mount.options.split(","):
        return lab
    return with_volumes(lab, parts[0], [volume._replace(data=condition.unmounted(volume.data))])


def halt(lab, node_name, now):
    """Orderly down to the ok prompt: unmounted, GDS stopped on the node, soft copies interrupted."""
    node = lab.nodes[node_name]
    for mount in node.mounts:
        lab = unmount(lab, mount)
    for klass in lab.classes.values():
        lab = with_volumes(lab, klass.name, [stopped(v, node_name) for v in lab.classes[klass.name].volumes.values()])
    lab = _equal_again(lab)
    copies = tuple(c._replace(paused=True) if c.engine == SOFT else c for c in lab.copies)
    return with_node(lab._replace(copies=copies), node._replace(power=OBP, mounts=(), boot_path=""))


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
    """JRM of parted proxies is kept in memory: gone when a node of the class's scope stops."""
    for klass in lab.classes.values():
        if node_name in klass.scope:
            lab = forget(lab, klass.name, set(klass.volumes))
    return lab


def _again(lab, copy, now):
    """An interrupted soft copy begins again (inferred: 60); which blocks had changed is forgotten."""
    blocks = copy.blocks if copy.source == copy.volume else find_volume(lab, copy.klass, copy.volume).blocks
    return copy._replace(paused=False, since=now, blocks=blocks)


def come_up(lab, node_name, power, boot_path, mounts, now):
    """Booted: volumes run but for locked ones, joined proxies and what is overwritten; soft copies begin again."""
    lab, node = forget_records(lab, node_name), lab.nodes[node_name]
    for klass in list(lab.classes.values()):
        running = [started(v, node_name) for v in klass.volumes.values() if usable(lab, node, klass.name, v.name)]
        lab = with_volumes(lab, klass.name, running)
    copies = tuple(_again(lab, c, now) if c.paused else c for c in lab.copies)
    up = node._replace(power=power, boot_path=boot_path, mounts=mounts, booted_at=now, synced_at=0)
    return with_node(lab._replace(copies=copies), up)
