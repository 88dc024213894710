"""Arithmetic of blocks (512 bytes): rounding, private areas, what groups have, free gaps.

Scenarios and rules both work with what is here. Root classes count in cylinders and have their
private area behind the slices of their keep disk; other classes count in units of 32,768 blocks and
have theirs at block 0. A group's blocks are its private area, once, and what its members have
beside theirs (sdxinfo samples of F.1.1, F.1.3; a stripe of two disks of 17,596,416 has 35,127,296,
recalled: high). Sources: guide A.2.6 (private slice), the Linux 4.3 guide's volume sizes.
"""

from math import lcm

from .records import Group
from .status import CONCAT, FREE, KEEP, MIRROR, PRIVATE, ROOT, SINGLE, STRIPE, SWITCH

UNIT = 32_768  # blocks: volumes outside root classes are multiples of this (16 MB)
DEFAULT_WIDTH = 32  # blocks: of a stripe (recalled: 85)
PRIVATE_BLOCKS = 65_536  # the private slice outside root classes, 32 MB (guide A.2.7)
ROOT_PRIVATE_BLOCKS = 22_528  # at most, in a root class, 11 MB (guide A.2.7)
LARGE_DISK = 20_971_520  # 10 GB: from there on the private slice grows with the disk (guide A.2.7)

MOST_MEMBERS = {MIRROR: 8, STRIPE: 64, CONCAT: 64, SWITCH: 2}  # guide 2.1.3


def round_up(blocks, unit):
    """The smallest multiple of `unit` that is not below `blocks`."""
    return -(-blocks // unit) * unit


def private_blocks(class_type, blocks, cylinder):
    """Blocks of the private slice of a class whose first disk has `blocks`; all its disks have the same.

    Root: as many cylinders as 11 MB hold. Others: 32 MB; with a first disk of more than 10 GB also
    0.1 % of it, rounded up to the unit (to the cylinder in the guide; ours, so that units stay).
    """
    if class_type == ROOT:
        return max(1, ROOT_PRIVATE_BLOCKS // cylinder) * cylinder
    if blocks <= LARGE_DISK:
        return PRIVATE_BLOCKS
    return PRIVATE_BLOCKS + round_up(-(-blocks // 1000), UNIT)


def group_blocks(type, sizes, private, width=None):
    """Blocks of a group of members with these `sizes`, each with its private area."""
    usable = [max(0, size - private) for size in sizes]
    if type == STRIPE:
        column = min(usable) // width * width
        return private + len(usable) * column
    return private + (sum(usable) if type == CONCAT else min(usable))


def group_unit(type, units, width=None):
    """What volume sizes are multiples of, in a group whose members count in `units`."""
    unit = lcm(*units)
    return lcm(unit, width * len(units)) if type == STRIPE else unit


def disk_blocks(class_type, device, unit=UNIT):
    """What a group has of a disk: whole cylinders of its keep disk (`unit`), or whole units."""
    unit = unit if class_type == ROOT else UNIT
    return device.blocks // unit * unit


def single(klass, disk, device):
    """A single disk as a group of one."""
    blocks = disk_blocks(klass.type, device)
    return Group(disk.name, SINGLE, (disk.name,), blocks, UNIT, ((0, min(klass.private, blocks)),))


def cylinder_of(klass, devices, members):
    """Blocks of a cylinder of the keep disk among the members of a root class's group, else of the first."""
    first = next((m for m in members if klass.disks[m].type == KEEP), members[0])
    return devices[klass.disks[first].device].cylinder


def measured(klass, devices, name):
    """The class with the sizes of the group `name`, and of those above it, as their members make them."""
    group = klass.groups[name]
    over = next((g.name for g in klass.groups.values() if name in g.members), None)
    sizes, units = [], []
    if klass.type == ROOT:
        held = any(v.group == name for v in klass.volumes.values())
        unit = group.unit if held else cylinder_of(klass, devices, group.members)
        private = group.private or (() if held else ((0, klass.private),))
    else:
        unit, private = UNIT, () if over else ((0, klass.private),)
    for member in group.members:
        lower = klass.groups.get(member)
        sizes.append(lower.blocks if lower else disk_blocks(klass.type, devices[klass.disks[member].device], unit))
        units.append(lower.unit if lower else unit)
    changed = group._replace(
        blocks=group_blocks(group.type, sizes, klass.private, group.width),
        unit=group_unit(group.type, units, group.width),
        private=private,
    )
    klass = klass._replace(groups={**klass.groups, name: changed})
    return measured(klass, devices, over) if over else klass


def areas(group, volumes):
    """What a group's blocks are used for, in block order: (first, blocks, what).

    `what` is a Volume, or "PRIVATE", or "FREE" for a gap that no volume takes.
    """
    taken = sorted(
        [(v.first, v.blocks, v) for v in volumes] + [(first, blocks, PRIVATE) for first, blocks in group.private],
        key=lambda area: area[0],
    )
    found, at = [], 0
    for first, blocks, what in taken:
        if first > at:
            found.append((at, first - at, FREE))
        found.append((first, blocks, what))
        at = first + blocks
    if group.blocks > at:
        found.append((at, group.blocks - at, FREE))
    return found


def free_blocks(group, volumes):
    """Blocks of `group` that neither a volume nor the private area takes."""
    return sum(blocks for _, blocks, what in areas(group, volumes) if what == FREE)


def taken_to(group, volumes):
    """The block behind the last one that a volume, or a private area among them, takes."""
    ends = [v.first + v.blocks for v in volumes]
    return max(ends + [first + blocks for first, blocks in group.private] if ends else [0])
