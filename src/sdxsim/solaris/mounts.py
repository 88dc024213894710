"""Mounting: what mount(2) refuses and in which order, what it changes, what mount(1M) lists.

Source: solaris.md 2. Listed beside the file systems on volumes are those of `pseudo`.
"""

from ..model.calendar import ctime
from ..model.queries import block_device, find_volume, live_mounts, place_of, with_node, with_volumes
from ..model.records import Mount
from ..model.status import RO
from ..words.solaris import text
from . import condition, devices, files, pseudo

# options of a UFS that are understood; others are ignored with a warning (solaris.md 2.1)
# fmt: off
KNOWN = frozenset((
    "rw", "ro", "suid", "nosuid", "setuid", "nosetuid", "devices", "nodevices", "exec", "noexec",
    "intr", "nointr", "largefiles", "nolargefiles", "logging", "nologging", "xattr", "noxattr",
    "quota", "noquota", "rq", "atime", "noatime", "dfratime", "nodfratime", "syncdir", "nosyncdir",
    "forcedirectio", "noforcedirectio", "nbmand", "nonbmand", "global", "noglobal",
    "onerror=panic", "onerror=lock", "onerror=umount", "m", "f", "remount",
))
# fmt: on
_UNLISTED = frozenset((
    "rw", "ro", "m", "f", "remount", "suid", "setuid", "devices", "noglobal", "nologging", "quota", "rq",
))  # fmt: skip
_DEFAULT = ("intr", "largefiles", "logging", "xattr", "onerror=panic")
_OPPOSITE = {"nointr": "intr", "nolargefiles": "largefiles", "nologging": "logging", "noxattr": "xattr"}


def ufs_options(asked=""):
    """The mnttab options of a UFS mounted with `asked` (comma list, - for none), without dev=.

    Solaris 10 logs unless told not to, and not on a read-only mount (solaris.md 2.3, recalled: high).
    """
    words = [] if asked == "-" else [word for word in asked.split(",") if word]
    ro = "ro" in words
    against = {_OPPOSITE.get(word) for word in words}
    defaults = [o for o in _DEFAULT if o not in against and not (ro and o == "logging")]
    if any(word.startswith("onerror=") for word in words):
        defaults.remove("onerror=panic")
    more = [word for word in words if word in KNOWN and word not in _UNLISTED and word not in defaults]
    return ",".join(["ro" if ro else "rw", *defaults, *more])


# -- what is refused -------------------------------------------------------------------------------------
# Each takes (lab, node, special path, Special or None, point, read/write asked) and is true when it
# refuses. The order is that of mount(2).


def _covered(lab, node, special, found, point, rw):
    return any(m.point == point for m in node.mounts) or bool(pseudo.kind(node, point))


def _not_directory(lab, node, special, found, point, rw):
    return files.kind(lab, node, point) != "directory"


def _missing(lab, node, special, found, point, rw):
    return files.kind(lab, node, special) is None


def _not_block(lab, node, special, found, point, rw):
    """The raw device is refused by a strict lab only: guide 6.4.6 5-3 mounts it (docs/errata.md)."""
    return found is None or (found.raw and lab.strict)


def _write_protected(lab, node, special, found, point, rw):
    return bool(rw and found.volume and _volume(lab, found).started.get(node.name) == RO)


def _device_mounted(lab, node, special, found, point, rw):
    error = devices.open_error(lab, node, found)
    if error == "EBUSY":
        return True
    return error is None and bool(found.volume and live_mounts(lab, found.klass, found.volume))


def _not_running(lab, node, special, found, point, rw):
    return devices.open_error(lab, node, found) == "ENXIO"


def _unreadable(lab, node, special, found, point, rw):
    return devices.open_error(lab, node, found) == "EIO"


def _not_ufs(lab, node, special, found, point, rw):
    return not found.volume or _volume(lab, found).data.type != "ufs"


def _unclean(lab, node, special, found, point, rw):
    return rw and not condition.okay(_volume(lab, found).data)


def _volume(lab, found):
    return find_volume(lab, found.klass, found.volume)


# fmt: off
REFUSALS = (
    (_covered,         "mount.busy"),
    (_not_directory,   "mount.not_directory"),
    (_missing,         "mount.no_special"),
    (_not_block,       "mount.not_block"),
    (_write_protected, "mount.read_only"),
    (_device_mounted,  "mount.busy"),
    (_not_running,     "mount.no_device"),
    (_unreadable,      "mount.io_error"),
    (_not_ufs,         "mount.not_ufs"),
    (_unclean,         "mount.unclean"),
)
# fmt: on


def refusal(lab, node, special, point, rw, overlay=False, standing="/"):
    """The id of the text that refuses the mount (fields special and point), or None.

    `standing`: the directory somebody stands in; nothing is mounted on that, but an overlay.
    """
    found = devices.special(lab, node, files.normal(special))
    for refuses, id in REFUSALS:
        if refuses is _covered and not overlay and standing == point:
            return id
        if overlay and refuses is _covered:
            continue
        if refuses(lab, node, special, found, point, rw):
            return id
    return None


def remount_refusal(lab, node, special, point, rw):
    """The same for -o remount, which makes a read-only mount read/write; or the Mount that it is about."""
    found = devices.special(lab, node, files.normal(special))
    place = place_of(lab, special)
    mount = next((m for m in reversed(node.mounts) if m.point == point and m.type == "ufs"), None)
    if found and found.raw and lab.strict:
        return "mount.not_block"
    if found is None or place is None:
        return "mount.no_special"
    if mount is None or not rw or place_of(lab, mount.special) != place:
        return "mount.not_ufs"  # EINVAL: the kernel does not tell these apart
    if "ro" in mount.options.split(","):
        later = (_write_protected, "mount.read_only"), (_unreadable, "mount.io_error"), (_unclean, "mount.unclean")
        found = found._replace(klass=place[0], volume=place[1])
        return next((id for refuses, id in later if refuses(lab, node, special, found, point, rw)), mount)
    return mount


# -- what changes ----------------------------------------------------------------------------------------


def mounted(lab, node, class_name, volume_name, point, options, now, special=None):
    """`lab` with the volume mounted on the node as mnttab `options` say; nothing is checked here.

    `special`: the name by which it is mounted, where that is not the volume's own.
    """
    volume = find_volume(lab, class_name, volume_name)
    words = options.split(",")
    data = condition.mounted(volume.data, point, "ro" not in words, "logging" in words)
    if data != volume.data:
        lab = with_volumes(lab, class_name, [volume._replace(data=data)])
    mount = Mount(special or block_device(class_name, volume_name), point, "ufs", options, now)
    here = lab.nodes[node.name]
    return with_node(lab, here._replace(mounts=(*here.mounts, mount)))


def remounted(lab, node, mount, options):
    """`lab` with that mount of the node as mnttab `options` say, which are read/write."""
    place = place_of(lab, mount.special)
    volume, here = find_volume(lab, *place), lab.nodes[node.name]
    data = condition.mounted(volume.data, mount.point, True, "logging" in options.split(","))
    if data != volume.data:
        lab = with_volumes(lab, place[0], [volume._replace(data=data)])
    changed = tuple(m._replace(options=options) if m is mount else m for m in here.mounts)
    return with_node(lab, here._replace(mounts=changed))


# -- the list --------------------------------------------------------------------------------------------

def _flags(options, read_only):
    words = [word for word in options.split(",") if word]
    if "nosuid" in words:
        shown = ["nosetuid", "nodevices"]
    else:
        shown = ["nosetuid" if "nosetuid" in words else "setuid", "nodevices" if "nodevices" in words else "devices"]
    hidden = ("rw", "ro", "suid", "nosuid", "setuid", "nosetuid", "devices", "nodevices")
    more = [word for word in words if word not in hidden]
    return "/".join([read_only if "ro" in words else "read/write", *shown, *more])


def rows(lab, node):
    """(special, point, type, options, dev, time ms) of everything mounted, in mnttab's order."""
    for mount in node.mounts:
        if mount.type == "swap":
            continue
        place = place_of(lab, mount.special)
        volume = place and find_volume(lab, *place)
        number = devices.dev(lab, *place) if place else "0"
        options = mount.options
        if options in ("rw", "ro"):  # written short, in a scenario
            options = ufs_options(options if volume and volume.data.logging else f"{options},nologging")
        yield mount.special, mount.point, mount.type, options, number, mount.at
        for row in pseudo.after(node, mount.point):
            yield *row, mount.at


def listing(lab, node, style=""):
    """What mount prints of everything mounted; `style` "", v or p."""
    made = []
    for special, point, type, options, number, at in rows(lab, node):
        flags = _flags(f"{options},dev={number}", "read-only" if style == "v" else "read only")
        id = {"": "mount.row", "v": "mount.row_v", "p": "mount.row_p"}[style]
        fields = {"special": special, "point": point, "type": type, "options": options, "flags": flags}
        made.append(text(id, time=ctime(at), **fields))
    return "".join(made)
