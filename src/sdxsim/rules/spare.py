"""Spare disks: which one takes the place of a member that failed, and when it goes back (guide 1.2.2, D.8).

A spare that stands in is a member of the highest level mirror group like any other; its slices are
copied from the valid ones. It is disconnected once every volume of the group has a valid slice again
on the member whose place it took.
"""

from ..model.queries import (
    above,
    carriers,
    relation_of_proxy,
    relation_of_volume,
    top,
    up,
    volumes_of_group,
    with_class,
    with_volumes,
)  # fmt: skip
from ..model.records import Slice
from ..model.status import ENABLE, INVALID, MIRROR, SPARE, VALID
from . import copying


def sound(device):
    """True when every block of the drive can be read and written."""
    return device.present and not device.trouble


def healthy(lab, klass, member):
    """True when slices on the member can be read and written."""
    return all(d.status == ENABLE and sound(lab.devices[d.device]) for d in carriers(klass, member))


def member_with(klass, disk_name):
    """(highest level group, the member of it that the disk is or lies in), or (None, None)."""
    member = disk_name
    while (over := above(klass, member)) is not None:
        if above(klass, over) is None:
            return klass.groups[over], member
        member = over
    return None, None


def standins(klass):
    """The spare disks that stand in for a member."""
    return [disk for disk in klass.disks.values() if disk.standin]


def free(klass):
    """The spare disks that stand in for nothing."""
    return [disk for disk in klass.disks.values() if disk.type == SPARE and disk.group is None]


def _controller(device_name):
    return device_name.partition("t")[0].partition("d")[0]


def _chosen(lab, klass, group, member):
    """The spare disk that takes the member's place, or None.

    It holds the last block of the group's volumes. exbox: one on another controller first (guide 1.2.2);
    bybox: on the same first. Of several the one registered first; the product takes any.
    """
    end = max((v.first + v.blocks for v in volumes_of_group(klass, group.name)), default=0)
    able = [
        disk
        for disk in free(klass)
        if disk.status == ENABLE and not disk.error and sound(lab.devices[disk.device])
        and lab.devices[disk.device].blocks >= end
    ]  # fmt: skip
    failed = {_controller(disk.device) for disk in carriers(klass, member)}
    same_first = klass.hsmode == "bybox"
    return min(able, key=lambda d: (_controller(d.device) in failed) != same_first, default=None)


def connect(lab, class_name, disk_name, now):
    """A spare takes the place of the failed disk's member, if volumes lost redundancy there and one can."""
    klass = lab.classes[class_name]
    group, member = member_with(klass, disk_name)
    if group is None or group.type != MIRROR or not klass.hs or _is_proxy(klass, group):
        return lab
    if klass.disks[disk_name].standin or any(d.standin == member and d.group == group.name for d in standins(klass)):
        return lab
    volumes = volumes_of_group(klass, group.name)
    lost = [v for v in volumes if any(s.member == member and s.status == INVALID for s in v.slices)]
    if not any(copyable(lab, klass, v) for v in lost):
        return lab
    spare = _chosen(lab, klass, group, member)
    if spare is None:
        return lab
    disks = {**klass.disks, spare.name: spare._replace(group=group.name, standin=member)}
    groups = {**klass.groups, group.name: group._replace(members=(*group.members, spare.name))}
    lab = with_class(lab, klass._replace(disks=disks, groups=groups))
    more = [v._replace(slices=(*v.slices, Slice(spare.name, INVALID))) for v in volumes]
    lab = with_volumes(lab, class_name, more)
    for volume in more:
        if copyable(lab, klass, volume):
            lab = copying.resynchronize(lab, class_name, volume.name, (spare.name,), now, _pause(lab, klass))
    return lab


def _pause(lab, klass):
    """What sdxparam says of copies onto spare disks, on the node that drives them."""
    from ..words.parameters import value  # seldom

    return value((up(lab, klass.name) or [lab.nodes[klass.scope[0]]])[0], "spare_copy_delay")


def copyable(lab, klass, volume):
    """True when a valid slice of the volume can be read to the end."""
    return any(s.status in VALID and healthy(lab, klass, s.member) for s in volume.slices)


def _is_proxy(klass, group):
    """Spare disks never go to groups with proxies (guide A.2.25)."""
    volumes = volumes_of_group(klass, group.name)
    return relation_of_proxy(klass, group.name) or any(relation_of_volume(klass, v.name)[0] for v in volumes)


def release(lab, class_name, now):
    """Spares are disconnected where redundancy is back without them."""
    for disk in standins(lab.classes[class_name]):
        volumes = volumes_of_group(lab.classes[class_name], top(lab.classes[class_name], disk.group))
        if all(_good_on(volume, disk.standin) for volume in volumes):
            lab = _disconnected(lab, class_name, disk, volumes, now)
    return lab


def _good_on(volume, member):
    return any(s.member == member and s.status in VALID for s in volume.slices)


def _disconnected(lab, class_name, disk, volumes, now):
    for volume in volumes:
        lab = copying.lose(lab, class_name, volume.name, (disk.name,), now)
    klass = lab.classes[class_name]
    less = [klass.volumes[v.name] for v in volumes]
    less = [v._replace(slices=tuple(s for s in v.slices if s.member != disk.name)) for v in less]
    group = klass.groups[disk.group]
    group = group._replace(members=tuple(m for m in group.members if m != disk.name))
    disks = {**klass.disks, disk.name: disk._replace(group=None, standin=None)}
    lab = with_class(lab, klass._replace(disks=disks, groups={**klass.groups, group.name: group}))
    return with_volumes(lab, class_name, less)
