"""Labs of any size: mirrored volumes, of which a group holds a thousand at most, as in the product."""

import os

from sdxsim.model import records as m
from sdxsim.store.commit import create

MOST = 1000  # volumes of a group (the product's limit is 1,024)
_SIZE, _UNIT = 131_072, 32_768  # blocks


def lab_of(volumes, ways=2):
    """A lab of so many volumes, each mirrored over `ways` disks; a class for every thousand. Its clock stands."""
    devices, classes, left = {}, {}, volumes
    while left:
        number, held = len(classes) + 1, min(left, MOST if ways == 2 else left)
        made = _class(number, held, ways)
        classes[made.name] = made
        for index, disk in enumerate(made.disks.values()):
            path = f"/pci@1f,4000/scsi@{number:x}/sd@{index:x},0"
            devices[disk.device] = m.Device(disk.device, path, made.groups[disk.group].blocks + _UNIT, _UNIT)
        left -= held
    return m.Lab("bench", m.Clock(), {"node1": m.Node("node1")}, devices, classes)


def _class(number, volumes, ways):
    group = f"Group{number}"
    names = [f"Disk{number}_{index}" for index in range(1, ways + 1)]
    disks = {name: m.Disk(name, f"c{number}t{index}d0", group=group) for index, name in enumerate(names)}
    slices = tuple(m.Slice(name, "ACTIVE") for name in names)
    made = {}
    for index in range(volumes):
        name = f"Volume{index + 1}"
        made[name] = m.Volume(name, group, index * _SIZE, _SIZE, slices, {"node1": "rw"})
    blocks = (volumes + 1) * _SIZE
    groups = {group: m.Group(group, "mirror", tuple(names), blocks, _UNIT, ((volumes * _SIZE, _UNIT),))}
    return m.Class(f"Class{number}", "local", ("node1",), disks, groups, made)


def put(path, lab):
    """Makes `lab` the lab at `path`."""
    create(os.fspath(path), lab, {"argv": ["bench"], "at": 0, "wall": 0, "status": 0})
