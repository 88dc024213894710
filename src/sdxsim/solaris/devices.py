"""Special files of the simulated host: volumes (/dev/sfdsk) and disk slices (/dev/dsk).

Sources: solaris.md 6 (names; registered disks are closed to users), 1.7 (a stopped volume: ENXIO).
"""

from ..model.queries import VOLUME_DEVICES, copies_onto, device_parts, find_volume
from ..model.record import Record

DISK_DEVICES = ("/dev/dsk/", "/dev/rdsk/")
MAJOR = 241  # of the sfdsk driver; minors are places in order of creation (both ours)


class Special(Record, fields="raw klass volume device", defaults=(None, None, None)):
    """A special file: `raw` or block; either a volume by (class, volume) or a disk's `device` name."""

    __slots__ = ()


def special(lab, node, path):
    """The Special that `path` (normal) names on the node, or None if there is no such special file."""
    parts = device_parts(path)
    if parts:
        class_name, kind, volume_name = parts
        here = find_volume(lab, class_name, volume_name) and node.name in lab.classes[class_name].scope
        return Special(kind == "rdsk", class_name, volume_name) if here else None
    for directory in DISK_DEVICES:
        if path.startswith(directory):
            name, s, number = path[len(directory) :].rpartition("s")
            there = s and len(number) == 1 and number in "01234567" and name in lab.devices
            if there and lab.devices[name].present:
                return Special(directory == DISK_DEVICES[1], device=name)
    return None


def open_error(lab, node, found):
    """Why a special file cannot be opened: the errno's name, or None.

    A volume must be running (ENXIO: inferred) and not be what a normal copy writes (EBUSY: ours; the
    destination of a background copy may be used, glossary).
    """
    if found.volume:
        if node.name not in find_volume(lab, found.klass, found.volume).started:
            return "ENXIO"
        normal = [c for c in copies_onto(lab, found.klass, found.volume) if not c.background]
        return "EBUSY" if normal else None
    registered = any(disk.device == found.device for klass in lab.classes.values() for disk in klass.disks.values())
    return "EBUSY" if registered else None


def directory(lab, path):
    """True for the directories of /dev that hold special files."""
    fixed = ("/dev", "/dev/dsk", "/dev/rdsk", VOLUME_DEVICES.rstrip("/"))
    parts = path[len(VOLUME_DEVICES) :].split("/") if path.startswith(VOLUME_DEVICES) else []
    if parts and parts[0] in lab.classes:
        return len(parts) == 1 or (len(parts) == 2 and parts[1] in ("dsk", "rdsk"))
    return path in fixed


def block_name(path):
    """A special file's block name: the component rdsk becomes dsk."""
    return path.replace("/rdsk/", "/dsk/", 1)


def raw_name(path):
    """A special file's raw name: the component dsk becomes rdsk."""
    return path.replace("/dsk/", "/rdsk/", 1)


def dev(lab, class_name, volume_name):
    """The `dev=` of a mounted volume: hexadecimal, major << 18 | minor (solaris.md 2.3)."""
    minor = list(lab.classes[class_name].volumes).index(volume_name) + 1
    return f"{MAJOR << 18 | minor:x}"
