"""Keep disks: system disks whose plain slices are kept and become volumes (guide A.2.9, A.2.11).

The private slice of a keep disk is cut out of what its slices leave free, or of the end of a swap
slice, when the disk is registered. While the disk is in no group it stands among the plain slices.
"""

from itertools import pairwise

from ..model.queries import find_volume, plain_mounts, plain_parts, with_class
from ..model.records import PlainSlice, Slice, Volume
from ..model.sizes import round_up
from ..model.status import ACTIVE, INVALID, KEEP, RW, VALID

NUMBERS = "0134567"  # 2 is the whole disk
PRIVATE_TAG = "private"  # of the private slice (ours)
SYSTEM = ("/", "/usr", "/var", "-")  # what makes a disk a system disk (guide D.11); - is swap


def real_slices(device):
    """{number: PlainSlice} of what holds data: not the whole disk, not the private slice."""
    return {
        number: piece
        for number, piece in device.slices.items()
        if number in NUMBERS and piece.tag != PRIVATE_TAG and piece.blocks < device.blocks
    }


def private_slice(device):
    """(number, PlainSlice) of the private slice on a keep disk outside groups, or None."""
    return next((item for item in device.slices.items() if item[1].tag == PRIVATE_TAG), None)


def system_disk(lab, device_name):
    """True when the running system has its file systems or swap on plain slices of the device."""
    return any(m.point in SYSTEM for m in plain_mounts(lab, device_name))


def overlapping(device):
    """True when two of the slices share blocks."""
    pieces = sorted(real_slices(device).values(), key=lambda p: p.first)
    return any(b.first < a.first + a.blocks for a, b in pairwise(pieces))


def free_number(device):
    """The highest slice number that is free, or None."""
    return next((n for n in reversed(NUMBERS) if n not in device.slices), None)


def room(device, blocks):
    """(first block, swap slice it is cut from or None) of a private slice of `blocks`, or None.

    Behind the last slice if there is room, else in the first gap, else at the end of a swap slice.
    """
    pieces = sorted(real_slices(device).items(), key=lambda item: item[1].first)
    gaps, at = [], 0
    for _, piece in pieces:
        gaps.append((at, piece.first))
        at = piece.first + piece.blocks
    for start, end in ((at, device.blocks), *gaps):
        start = round_up(start, device.cylinder)
        if start + blocks <= end:
            return start, None
    for number, piece in pieces:
        start = (piece.first + piece.blocks - blocks) // device.cylinder * device.cylinder
        if start > piece.first and "swap" in (piece.tag, piece.data.type):
            return start, number
    return None


def with_private(device, blocks):
    """The device with a private slice beside the others."""
    first, swap = room(device, blocks)
    slices = dict(device.slices)
    if swap is not None:
        slices[swap] = slices[swap]._replace(blocks=first - slices[swap].first)
    slices[free_number(device)] = PlainSlice(first, blocks, PRIVATE_TAG)
    return device._replace(slices=slices)


def without_private(device):
    """The device without it; what it took stays free."""
    return device._replace(slices={n: p for n, p in device.slices.items() if p.tag != PRIVATE_TAG})


def released(device, group):
    """The keep disk's device when it leaves `group`: with its private slice again, if it has slices of its own."""
    if not real_slices(device) or not group.private:
        return device
    (first, blocks), *_ = group.private
    piece = PlainSlice(first, blocks, PRIVATE_TAG)
    return device._replace(slices={**device.slices, free_number(device): piece})


# -- slices and volumes -------------------------------------------------------------------------------------------


def turned_into_volumes(lab, class_name, group, disk, named, node_name):
    """The lab with the disk's plain slices as running volumes of the group.

    `named`: [(number, volume, jrm)]. Each takes over area, content and wear; slices on the other
    members are INVALID as yet.
    """
    device, klass = lab.devices[disk.device], lab.classes[class_name]
    volumes = {}
    for number, name, jrm in named:
        piece = device.slices[number]
        slices = tuple(Slice(m, ACTIVE if m == disk.name else INVALID, fresh=m != disk.name) for m in group.members)
        volumes[name] = Volume(
            name, group.name, piece.first, piece.blocks, slices, {node_name: RW},
            jrm=jrm, number=int(number), wear=piece.wear, data=piece.data,
        )  # fmt: skip
    lab = lab._replace(devices={**lab.devices, device.name: device._replace(slices={})})
    return with_class(lab, klass._replace(volumes={**klass.volumes, **volumes}))


def turned_back(lab, class_name, volume):
    """The lab with the area of a volume, which is being removed, as a plain slice of its group's keep disk again.

    Data of keep disks is preserved (recalled: 75). Nothing is changed where the volume is on none.
    """
    klass = lab.classes[class_name]
    members = klass.groups[volume.group].members if volume.group else ()
    disks = [klass.disks[m] for m in members if m in klass.disks and klass.disks[m].type == KEEP]
    valid = {s.member for s in volume.slices if s.status in VALID}
    for disk in disks:
        if volume.number is not None and disk.name in valid:
            device = lab.devices[disk.device]
            tag = "swap" if volume.data.type == "swap" else "unassigned"
            piece = PlainSlice(volume.first, volume.blocks, tag, volume.data, volume.wear)
            device = device._replace(slices={**device.slices, str(volume.number): piece})
            lab = lab._replace(devices={**lab.devices, device.name: device})
    return lab


def mounted_plainly(lab, class_name, volume_name):
    """True when the volume's area is mounted as the plain slice it was: not mirrored before the next boot."""
    klass, volume = lab.classes[class_name], find_volume(lab, class_name, volume_name)
    members = klass.groups[volume.group].members if volume.group else ()
    devices = {klass.disks[m].device for m in members if m in klass.disks and klass.disks[m].type == KEEP}
    wanted = {(device, str(volume.number)) for device in devices}
    return any(plain_parts(m.special) in wanted for node in lab.nodes.values() for m in node.mounts)
