"""When a class closes down for want of configuration databases, and when it may be opened again.

Each disk of a class can hold a copy of its configuration database. How many must be accessible follows
from how many disks are ENABLE (guide F.1.4 and D.9): one of up to two, two of three to five, three of
six or more; one in a root class. That a bad block on a disk leaves its database readable is ours.
"""

from ..model.queries import copies_onto, joined_proxy, up, with_class, with_volumes
from ..model.status import ENABLE, OBP, ROOT, SHARED, SOFT
from .volume import started, stopped

MOST_DATABASES = 8  # copies a class keeps at most (inferred from the table of guide F.1.4)
FEW, NONE, COMM = "FewDB", "NoDB", "Comm"
PATH = "path"  # a device's trouble: no way to it


def label(klass, disk):
    """What the private slice of a class's disk says."""
    return f"{klass.name}/{disk.name}"


def answers(device):
    """True when the drive can be spoken to at all."""
    return device.present and device.trouble != PATH


def enabled(klass):
    """The class's ENABLE disks, in order of registration."""
    return [disk for disk in klass.disks.values() if disk.status == ENABLE]


def identified(lab, klass, disk):
    """True when the disk answers and its private slice says that it is this one."""
    device = lab.devices[disk.device]
    return answers(device) and device.label == label(klass, disk)


def accessible(lab, klass):
    """The ENABLE disks that can be accessed normally: with a configuration database that can be read."""
    return [disk for disk in enabled(klass) if identified(lab, klass, disk)]


def needed(klass):
    """How many disks must be accessible for the class to be open."""
    if klass.type == ROOT:
        return 1
    there = len(enabled(klass))
    return 1 if there < 3 else 2 if there < 6 else 3


def reason(lab, klass):
    """Why the class cannot be open: FewDB, NoDB, or None. A class without ENABLE disks has nothing to lose."""
    if not enabled(klass):
        return None
    left = len(accessible(lab, klass))
    if left >= needed(klass):
        return None
    return FEW if left else NONE


def alone(lab, klass, node_name):
    """True when the node cannot communicate with another on which the shared class could be used (guide F.1.4).

    Which of two nodes that lost each other closes the class is the lab's to say: the one that was cut off.
    """
    others = [name for name in nodes_up(lab, klass) if name != node_name]
    return klass.type == SHARED and lab.nodes[node_name].cut and bool(others)


def nodes_up(lab, klass):
    """The nodes of the class's scope on which Solaris runs."""
    return [name for name in klass.scope if name in lab.nodes and lab.nodes[name].power != OBP]


def close(lab, class_name, nodes, why, now):
    """The class closed down on these nodes. What volumes and slices show stays.

    Copies of the driver fail where no node is left to go on with them.
    """
    klass = lab.classes[class_name]
    lab = with_class(lab, klass._replace(closed={**klass.closed, **dict.fromkeys(nodes, why)}))
    return lab if up(lab, class_name) else fail_copies(lab, class_name, now)


def fail_copies(lab, class_name, now):
    """The driver's copies in the class end without their last blocks: what they wrote is INVALID."""
    from .copying import lose  # copying looks here, by way of faults

    for copy in [c for c in lab.copies if c.klass == class_name and c.engine == SOFT]:
        lab = lose(lab, class_name, copy.volume, copy.members, now)
    return lab


def reopen(lab, class_name, node_name):
    """Open again on the node: objects as they were, but for volumes (guide D.9).

    In a local class those that were STOP are ACTIVE, as far as they may be started; in a shared class
    those that were ACTIVE are STOP.
    """
    klass = lab.classes[class_name]
    klass = klass._replace(closed={name: why for name, why in klass.closed.items() if name != node_name})
    lab = with_class(lab, klass)
    if klass.type == SHARED:
        return with_volumes(lab, class_name, [stopped(v, node_name) for v in klass.volumes.values()])
    may = [v for v in klass.volumes.values() if may_start(lab, klass, v)]
    return with_volumes(lab, class_name, [started(v, node_name) for v in may])


def may_start(lab, klass, volume):
    """True when the volume starts by itself: valid, not locked, no joined proxy, no copy's destination."""
    overwritten = [c for c in copies_onto(lab, klass.name, volume.name) if c.source != c.volume and not c.background]
    return volume.valid and not volume.lock and not joined_proxy(klass, volume.name) and not overwritten

