"""Arithmetic of blocks (512 bytes): rounding, private areas, free gaps.

Sources: guide A.2.6 (private slice), the Linux 4.3 guide's volume sizes, samples in F.1.1.
"""

UNIT = 32_768  # blocks: volumes outside keep-disk groups are multiples of this (16 MB)


def round_up(blocks, unit):
    """The smallest multiple of `unit` that is not below `blocks`."""
    return -(-blocks // unit) * unit


def areas(group, volumes):
    """What a group's blocks are used for, in block order: (first, blocks, what).

    `what` is a Volume, or "PRIVATE", or "FREE" for a gap that no volume takes.
    """
    taken = sorted(
        [(v.first, v.blocks, v) for v in volumes] + [(first, blocks, "PRIVATE") for first, blocks in group.private],
        key=lambda area: area[0],
    )
    found, at = [], 0
    for first, blocks, what in taken:
        if first > at:
            found.append((at, first - at, "FREE"))
        found.append((first, blocks, what))
        at = first + blocks
    if group.blocks > at:
        found.append((at, group.blocks - at, "FREE"))
    return found


def free_blocks(group, volumes):
    """Blocks of `group` that neither a volume nor the private area takes."""
    return sum(blocks for _, blocks, what in areas(group, volumes) if what == "FREE")
