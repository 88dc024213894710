"""Special files of the simulated host: volumes (/dev/sfdsk) and disk slices (/dev/dsk).

Sources: solaris.md 6 (names; registered disks are closed to users), 1.7 (a stopped volume: ENXIO).
"""

from ..model.queries import (
    DISK_DEVICES,
    PLAIN,
    VOLUME_DEVICES,
    carriers,
    copies_onto,
    device_parts,
    find_volume,
    plain_parts,
    reaches,
    registered,
    sees,
)
from ..model.record import Record
from ..model.status import COPY, VALID

MAJOR = 241  # of the sfdsk driver; minors are places in order of creation (both ours)
DISK_MAJOR = 32  # of sd; eight minors a disk, disks in the lab's order (ours)


class Special(Record, fields="raw klass volume device number", defaults=(None, None, None, None)):
    """A special file: `raw` or block; a volume by (class, volume), or slice `number` of a disk's `device`.

    A slice that holds something is also a volume of the class PLAIN.
    """

    __slots__ = ()


def special(lab, node, path):
    """The Special that `path` (normal) names on the node, or None if there is no such special file."""
    parts = device_parts(path)
    if parts:
        class_name, kind, volume_name = parts
        here = find_volume(lab, class_name, volume_name) and node.name in lab.classes[class_name].scope
        return Special(kind == "rdsk", class_name, volume_name) if here else None
    plain = plain_parts(path)
    device = plain and lab.devices.get(plain[0])
    if device and device.present and sees(node, device):
        holds = (PLAIN, f"{plain[0]}s{plain[1]}") if plain[1] in device.slices else (None, None)
        return Special(path.startswith(DISK_DEVICES[1]), *holds, *plain)
    return None


def open_error(lab, node, found):
    """Why a special file cannot be opened: the errno's name, or None.

    A volume must be running (ENXIO: inferred), in an open class and on disks that answer (EIO: ours), and
    not be what a normal copy from another volume writes (EBUSY: ours; the destination of a background
    copy may be used, glossary, and so may a volume that is copied inside).
    """
    if found.device:
        return "EBUSY" if registered(lab, found.device) else None
    if node.name not in find_volume(lab, found.klass, found.volume).started:
        return "ENXIO"
    if not readable(lab, node, found.klass, found.volume):
        return "EIO"
    copies = copies_onto(lab, found.klass, found.volume)
    return "EBUSY" if any(c.source != found.volume and not c.background for c in copies) else None


def readable(lab, node, class_name, volume_name):
    """True when the class is open on the node and a slice of the volume lies on drives that answer."""
    if class_name == PLAIN:
        return _answers(lab.devices[find_volume(lab, class_name, volume_name).slices[0].member])
    klass = lab.classes[class_name]
    if node.name in klass.closed:
        return False
    if all(device.present and device.trouble != "path" for device in lab.devices.values()):
        return True
    usable = [s for s in find_volume(lab, class_name, volume_name).slices if s.status in (*VALID, COPY)]
    return any(all(_answers(lab.devices[disk.device]) for disk in carriers(klass, s.member)) for s in usable)


def served(lab, node, class_name, volume_name):
    """True when what is read and written through a mount on the node gets to the volume's drives."""
    return reaches(lab, node, class_name, volume_name) and readable(lab, node, class_name, volume_name)


def _answers(device):
    return device.present and device.trouble != "path"


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


def numbers(lab, class_name, volume_name):
    """(major, minor) of a volume or plain slice."""
    number = int(dev(lab, class_name, volume_name), 16)
    return number >> 18, number & (1 << 18) - 1


def dev(lab, class_name, volume_name):
    """The `dev=` of a mounted volume: hexadecimal, major << 18 | minor (solaris.md 2.3)."""
    if class_name == PLAIN:
        device, number = plain_parts(DISK_DEVICES[0] + volume_name)
        return f"{DISK_MAJOR << 18 | 8 * list(lab.devices).index(device) + int(number):x}"
    volumes, base = lab.classes[class_name].volumes, list(lab.classes).index(class_name) << 12
    if "." in volume_name:  # a detached slice, of a volume with a physical slice: beside those of the volumes
        member, _, volume_name = volume_name.partition(".")
        place = [v.name for v in volumes.values() if v.pslice].index(volume_name)
        minor = 1 << 17 | base | place << 4 | [s.member for s in volumes[volume_name].slices].index(member)
        return f"{MAJOR << 18 | minor:x}"
    minor = base + list(volumes).index(volume_name) + 1
    return f"{MAJOR << 18 | minor:x}"
