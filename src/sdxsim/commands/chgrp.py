"""chgrp(1) on files inside mounted volumes. Source: solaris.md 3.

A symbolic link is changed itself, as with -h: where it leads is not followed (ours).
"""

from ..model.outcome import Outcome, Shell
from ..model.queries import find_volume, with_volumes
from ..model.records import Tree
from ..rules.reboot import written
from ..solaris import contents, devices, files
from ..solaris.options import BadOption, getopt
from ..solaris.owners import GROUPS
from ..words.solaris import text

USAGE = 2  # exit status; otherwise as many files as failed
CHGRP_BLOCKS = 16  # written by changing one file's group (ours)

NAMES = {gid: name for name, gid in GROUPS.items()}


def run(lab, node, words, now, shell=Shell()):
    """chgrp [-fhR] group file ..., chgrp -R [-f] [-H|-L|-P] group file ..."""
    try:
        found, operands = getopt("chgrp", words, "RhfHLP")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('chgrp.usage')}", USAGE)
    asked = {letter for letter, _ in found}
    links = asked & {"H", "L", "P"}
    if len(operands) < 2 or (links and ("R" not in asked or "h" in asked)):
        return Outcome(lab, "", text("chgrp.usage"), USAGE)
    group = group_named(operands[0])
    if group is None:
        return Outcome(lab, "", text("chgrp.group", group=operands[0]), USAGE)
    err, failed = "", 0
    for name in operands[1:]:
        error, lab = changed(lab, node, files.absolute(name, shell.directory), group, "R" in asked)
        if error and "f" not in asked:
            failed += 1
            err += text("chgrp.failed", file=name, error=text(f"error.{error}"))
    return Outcome(lab, "", err, failed)


def group_named(name):
    """The group of that name or number as a name, its number in digits if it has none; None if unknown."""
    if name in GROUPS:
        return name
    if name.isascii() and name.isdigit():
        return NAMES.get(int(name), str(int(name)))
    return None


def changed(lab, node, path, group, below):
    """(errno's name or None, lab): that file's group changed; with `below` everything under a directory."""
    kind = files.kind(lab, node, path)
    if kind is None:
        return "ENOENT", lab
    place = files.locate(lab, node, path)
    if place is None or kind in ("block", "raw"):
        return None, lab
    if not devices.served(lab, node, place[0], place[1]):
        return "EIO", lab
    if "ro" in files.mount_over(node, files.normal(path)).options.split(","):
        return "EROFS", lab
    if kind == "directory" and below:
        return None, _below(lab, node, path, group)
    return None, _regrouped(lab, place, [place[2]], group)


def _below(lab, node, path, group):
    """Everything under the directory, on whatever volumes it lies, the read-only ones left alone."""
    top = files.normal(path)
    tops = {top} | {m.point for m in node.mounts if m.type != "swap" and files.within(m.point, top)}
    for point in tops:
        place = files.locate(lab, node, point)
        if place is None or "ro" in files.mount_over(node, point).options.split(","):
            continue
        if not devices.served(lab, node, place[0], place[1]):
            continue
        data = find_volume(lab, place[0], place[1]).data
        names = [name for name in contents.named(data.files) if files.within(name, place[2])]
        lab = _regrouped(lab, place, names, group)
    return lab


def _regrouped(lab, place, names, group):
    class_name, volume_name, _ = place
    volume = find_volume(lab, class_name, volume_name)
    old = Tree.of(volume.data.files).rows
    new = {name: old[name]._replace(group=group) for name in names if name in old and old[name].group != group}
    if not new:
        return lab
    data = contents.changed(volume.data, new)
    lab = with_volumes(lab, class_name, [volume._replace(data=data)])
    return written(lab, class_name, volume_name, CHGRP_BLOCKS * len(new))
