"""What GDS keeps of a mirrored system disk in the NVRAM: nvramrc's aliases and boot-device (guide 6.3.3, A.2.9).

One line and one path for each disk that has the file system. sdxroot enters them, and the daemon keeps
them up with the mirror: it says so when it changes a variable (E.3.4); when it does is inferred.
"""

from ..model.queries import LETTERS, find_volume, place_of, with_node
from ..model.status import KEEP
from ..solaris import nvram

ALIASES = {"/": "sdx-root-slice-", "/usr": "sdx-usr-slice-", "/var": "sdx-var-slice-"}


def slices(lab, node, class_name, point="/"):
    """The OpenBoot paths of what the running system has that file system on: one for each disk of its group.

    The keep disk's comes first, whatever the order in which they were connected: the others are empty until
    they are copied (ours). [] if it is on no volume of the class.
    """
    place = next((place_of(lab, m.special) for m in node.mounts if m.point == point), None)
    volume = find_volume(lab, *place) if place and place[0] == class_name else None
    if volume is None:
        return []
    klass = lab.classes[class_name]
    disks = sorted((klass.disks[m] for m in klass.groups[volume.group].members), key=lambda disk: disk.type != KEEP)
    paths = (lab.devices[disk.device].path for disk in disks)
    return [f"{path}:{LETTERS[volume.number]}" for path in paths]


def lines(lab, node, class_name):
    """The lines of nvramrc for the running system."""
    return [
        f"devalias {alias}{i} {nvram.solaris_path(path)}"
        for point, alias in ALIASES.items()
        for i, path in enumerate(slices(lab, node, class_name, point), 1)
    ]


def others(node):
    """What stands in nvramrc that is not GDS's."""
    commands = ((line, nvram.alias_of(line)) for line in nvram.script(node))
    return [line for line, alias in commands if not (alias and alias[0].startswith(tuple(ALIASES.values())))]


def script(node, own):
    """The text of nvramrc with GDS's lines `own`; None without any."""
    return "".join(f"{line}\n" for line in [*others(node), *own]) or None


def followed(before, after, node, class_name):
    """`after` with the node's NVRAM as the mirror has become, if it was as the mirror had been."""
    old, new = lines(before, node, class_name), lines(after, node, class_name)
    if old == new or not set(old) <= set(nvram.script(node)):
        return after
    variables = {"nvramrc": script(node, new)}
    if nvram.value(node, "boot-device") == " ".join(slices(before, node, class_name)):
        variables["boot-device"] = " ".join(slices(after, node, class_name))
    return with_node(after, nvram.changed(after.nodes[node.name], **variables))
