"""How newfs lays a UFS out on a device: cylinder groups, the superblocks' copies, i-nodes.

Groups of 16 cylinders with 48 tracks of 128 sectors, as newfs lays out what has no geometry of its own
(solaris.md 1.8; the source of newfs). That volumes and plain slices are all laid out so is ours.
"""

SECTORS, TRACKS, CYLINDERS = 128, 48, 16  # a track, a cylinder, a cylinder group
CYLINDER = SECTORS * TRACKS  # in sectors
GROUP = CYLINDER * CYLINDERS
STANDARD = 16  # sector of the standard superblock
SHOWN = 10  # first and last backups that newfs lists

_INODES = 5824  # of a group with 8,192 bytes an inode (seen: printed by newfs); the others' in proportion (ours)
_INODE_SECTORS = 4  # i-nodes that fit into a sector
_OWN_SECTORS = 32  # of a group, its superblock's copy and its block


def backup(group):
    """The sector of a cylinder group's superblock.

    Each is a track further in than that of the group before, starting again after 64 groups.
    """
    return 32 + GROUP * group + SECTORS * (group % 64)


def groups(sectors):
    """How many cylinder groups there are; a last one too short for its superblock is none."""
    last = max(0, (sectors - 1) // GROUP)
    return last if last and backup(last) >= sectors else last + 1


def backups(sectors):
    """The sectors of all backup superblocks."""
    return [backup(group) for group in range(groups(sectors))]


def last_alternate(sectors):
    """The sector of the last backup superblock of a device of `sectors`."""
    return backup(groups(sectors) - 1)


def is_superblock(sector, sectors):
    """True for the standard superblock's sector and those of the backups."""
    return sector == STANDARD or (32 <= sector < sectors and sector == backup((sector - 32) // GROUP))


def density(sectors):
    """Bytes an i-node, as newfs chooses for the size: 2,048 for each GB begun, 8,192 at most."""
    return 2048 * min(4, max(1, -(-sectors // (1 << 21))))


def inodes(sectors):
    """I-nodes of each cylinder group."""
    return _INODES * 8192 // density(sectors)


def metadata(sectors):
    """Sectors that newfs writes: superblocks, groups and i-nodes."""
    return groups(sectors) * (_OWN_SECTORS + inodes(sectors) // _INODE_SECTORS)
