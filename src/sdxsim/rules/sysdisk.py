"""Rules of sdxroot: the last step of mirroring a system disk, and of undoing it (guide D.11, A.2.9).

-M turns /etc/vfstab and /etc/system of the running system from plain slices to volumes, and enters
the disks in the NVRAM; the next boot runs on volumes, and only then their other slices are copied.
-R turns the files back. UFS only.
"""

from ..model.queries import (
    block_device,
    copies_touching,
    find_volume,
    place_of,
    raw_device,
    root_volume,
    volumes_of_group,
    with_node,
    with_volumes,
)
from ..model.status import KEEP, ROOT
from ..solaris import contents, files, nvram
from ..words.notes import Refusal
from . import bootdisks
from .engine import Rule, note, refuses

NEEDED = ("/", "/usr", "/var")  # their disks must be named, swap's may be left out (guide D.11)


def disks(asked):
    """The disks named with -d, as one target."""
    for name in asked.args["disk"]:
        if name not in asked.klass.disks:
            raise Refusal("object.unknown", object=name)
    return [[asked.klass.disks[name] for name in asked.args["disk"]]]


def _volumes(asked, named):
    """The volumes with a physical slice in the groups of the disks."""
    groups = dict.fromkeys(disk.group for disk in named if disk.group)
    return [v for group in groups for v in volumes_of_group(asked.klass, group) if v.number is not None]


def _disk_of(asked, special):
    """The name of the class's disk on which the running system has a file system, as a volume; None if it has not."""
    place = place_of(asked.lab, special)
    if not place or place[0] != asked.klass.name:
        return None
    group = asked.klass.volumes[place[1]].group
    return next((d.name for d in asked.klass.disks.values() if d.group == group and d.type == KEEP), None)


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("class.not_root")
def in_root_class(asked, _):
    return None if asked.klass.type == ROOT else {"class": asked.klass.name}


@refuses("root.not_keep")
def kept(asked, named):
    return next((disk.name for disk in named if disk.type != KEEP), None)


@refuses("root.no_group")
def connected(asked, named):
    return next((disk.name for disk in named if disk.group is None), None)


@refuses("root.missing")
def system_complete(asked, named):
    """Every disk with /, /usr or /var of the running system is named, and is one of the class (guide D.11)."""
    names = {disk.name for disk in named}
    for mount in asked.node.mounts:
        if mount.point in NEEDED and _disk_of(asked, mount.special) not in names:
            return {"point": mount.point}
    return None


@refuses("object.copying")
def nothing_copies(asked, named):
    busy = [v.name for v in _volumes(asked, named) if copies_touching(asked.lab, asked.klass.name, v.name)]
    return busy[0] if busy else None


@refuses("root.mirrored")
def mirrors_disconnected(asked, named):
    """Only the system disks are left in their groups (guide D.11)."""
    names = {disk.name for disk in named}
    groups = {disk.group for disk in named}
    others = [d.name for d in asked.klass.disks.values() if d.group in groups and d.name not in names]
    return others[0] if others else None


# -- effects ------------------------------------------------------------------------------------------------------


def _names(asked, named):
    """{special file of a slice: special file of its volume}, block and raw."""
    pairs = {}
    for disk in named:
        for volume in volumes_of_group(asked.klass, disk.group):
            plain = f"{disk.device}s{volume.number}"
            for path in (block_device, raw_device):
                pairs[path("", plain)] = path(asked.klass.name, volume.name)
    return pairs


def _edited(asked, names, system):
    """The lab with the running system's vfstab renamed by `names`, and its system file as `system` makes it."""
    class_name, root = root_volume(asked.lab, asked.node)
    volume = find_volume(asked.lab, class_name, root)
    vfstab, specification = volume.data.files[files.VFSTAB], volume.data.files[files.SYSTEM]
    changed = {
        files.VFSTAB: vfstab._replace(text=files.renamed(vfstab.text, names), mtime=asked.now),
        files.SYSTEM: specification._replace(text=system(specification.text, root), mtime=asked.now),
    }
    data = contents.changed(volume.data, changed)
    return with_volumes(asked.lab, class_name, [volume._replace(data=data)])


def _boot_device(asked):
    return " ".join(bootdisks.slices(asked.lab, asked.node, asked.klass.name))


def _held(node):
    """True when somebody else's commands are in nvramrc and must not begin to run (guide A.2.9)."""
    return bool(bootdisks.others(node)) and nvram.value(node, "use-nvramrc?") != "true"


def complete(asked, targets):
    """The files name volumes from now on, the NVRAM the disks; it takes effect at the next boot."""
    (named,) = targets
    lab = _edited(asked, _names(asked, named), lambda text, root: files.with_root(text, asked.klass.name, root))
    variables = {
        "boot-device": _boot_device(asked),
        "nvramrc": bootdisks.script(asked.node, bootdisks.lines(asked.lab, asked.node, asked.klass.name)),
        "use-nvramrc?": "false" if _held(asked.node) else "true",
    }
    return with_node(lab, nvram.changed(lab.nodes[asked.node.name], **variables))


def undo(asked, targets):
    """The files name plain slices again, the NVRAM only the disk itself; it takes effect at the next boot."""
    (named,) = targets
    names = {volume: plain for plain, volume in _names(asked, named).items()}
    lab = _edited(asked, names, lambda text, root: files.without_root(text))
    variables = {"boot-device": _boot_device(asked), "nvramrc": bootdisks.script(asked.node, [])}
    return with_node(lab, nvram.changed(lab.nodes[asked.node.name], **variables))


# -- what is said -------------------------------------------------------------------------------------------------


def says_completed(asked, before, after, targets):
    said = [note("root.nvramrc")] if _held(asked.node) else []
    return [*said, note("root.mirroring", boot=_boot_device(asked))]


def says_undone(asked, before, after, targets):
    return [note("root.unmirroring", boot=_boot_device(asked))]


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
_SYSTEM = ((in_root_class,       "seen: guide D.11, A.2.9"),
           (kept,                "seen: guide A.2.9, system disks are keep disks"),
           (connected,           "seen: guide D.11"),
           (system_complete,     "seen: guide D.11"),
           (nothing_copies,      "seen: guide D.11"))

RULES = {rule.form: rule for rule in (
    Rule("root.make", disks,
         guards=_SYSTEM,
         effect=(complete,       "seen: guide D.11 (files), A.2.9 and 6.3.3 (nvramrc); recalled: low (boot-device)"),
         says=says_completed),
    Rule("root.remove", disks,
         guards=(*_SYSTEM,
                 (mirrors_disconnected, "seen: guide D.11")),
         effect=(undo,           "seen: guide D.11"),
         says=says_undone),
)}
# fmt: on
