"""umount(1M): by mount point or special. What the running system stands on is busy, -f or not.

Source: solaris.md 2.4. A file system is busy while another is mounted below it, while who types it stands
in it (somebody else's shell is not looked for), and always when it is /, /usr, /var or one without a device.
"""

from ..model.names import visible
from ..model.outcome import Outcome, Shell
from ..model.queries import place_of, reaches, with_node
from ..rules import reboot
from ..solaris import devices, files, pseudo
from ..solaris.options import BadOption, getopt
from ..words.solaris import text

RUNNING = ("/", "/usr", "/var")
UMOUNT_BLOCKS = 16  # written by unmounting what was mounted read/write: the superblock (ours)


def run(lab, node, words, now, shell=Shell()):
    """umount [-f] [-V] [-o options] special|point, umount -a [point ...]."""
    try:
        found, operands = getopt("umount", words, "afo:V")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('umount.usage')}", 1)
    asked = dict(found)
    if ("a" not in asked and len(operands) != 1) or len(found) > len(asked):
        return Outcome(lab, "", text("umount.usage"), 1)
    if "a" in asked and len(operands) != 1:
        return _all(lab, node, operands, asked, now, shell.directory)
    return _one(lab, node, operands[0], asked, now, shell.directory)


def _one(lab, node, name, asked, now, directory):
    show, path = "V" in asked, files.absolute(name, directory)
    mount = mount_named(lab, node, name, path)
    if mount is None and not show and pseudo.named(node, name):
        return Outcome(lab, "", text("umount.busy", name=name), 1)
    if mount is None:
        err = text("umount.not_known", name=name)
        if show:
            return Outcome(lab, "", err, 1)
        there = files.kind(lab, node, path) is not None
        return Outcome(lab, "", err + text("umount.not_mounted" if there else "umount.no_such", name=name), 1)
    if mount.special == name and _last_on(node, mount.point) is not mount:
        return Outcome(lab, "", text("umount.busy", name=name), 1)
    if show:
        return Outcome(lab, f"umount {visible(mount.point)}\n")
    if busy(node, mount, directory if "f" not in asked else "/"):
        return Outcome(lab, "", text("umount.busy", name=mount.point), 1)
    return Outcome(unmounted(lab, node, mount, now))


def _all(lab, node, points, asked, now, directory):
    """Everything but what the system runs on, the deepest first; or the mount points named."""
    err, chosen, show = "", [], "V" in asked
    if points:
        for point in points:
            mount = _last_on(node, files.normal(files.absolute(point, directory)))
            if mount is None:
                err += text("umount.not_found", name=point) + text("umount.not_mounted", name=point)
            else:
                chosen.append(mount)
    else:
        chosen = [m for m in node.mounts if m.type != "swap" and m.point not in RUNNING]
    out = ""
    for mount in sorted(chosen, key=lambda m: -m.point.count("/")):
        here = lab.nodes[node.name]
        if show:
            out += f"umount {visible(mount.point)}\n"
        elif busy(here, mount, directory if "f" not in asked else "/"):
            err += text("umount.busy", name=mount.point)
        else:
            lab = unmounted(lab, here, mount, now)
    return Outcome(lab, out, err, 1 if err else 0)


def mount_named(lab, node, name, path):
    """The node's last mount on that mount point, else of that special, or None; swap is not mounted.

    Where the raw device can be mounted it is known by that name too.
    """
    on = _last_on(node, files.normal(path)) if path else None
    specials = (name,) if lab.strict else (name, devices.block_name(name))
    return on or next((m for m in reversed(node.mounts) if m.special in specials and m.type != "swap"), None)


def _last_on(node, point):
    return next((m for m in reversed(node.mounts) if m.point == point and m.type != "swap"), None)


def busy(node, mount, standing="/"):
    """True when the running system stands on it, somebody in it, or another file system is mounted below it."""
    if mount.point != "/" and files.mount_over(node, standing) is mount:
        return True
    below = (m for m in node.mounts if m is not mount and m.type != "swap" and m.point != mount.point)
    return mount.point in RUNNING or any(files.within(m.point, mount.point) for m in below)


def unmounted(lab, node, mount, now):
    """`lab` with that mount of the node undone."""
    lab = reboot.unmount(reboot.counted(lab, now), node, mount)
    place = place_of(lab, mount.special)
    if place and reaches(lab, node, *place) and "ro" not in mount.options.split(","):
        lab = reboot.written(lab, *place, UMOUNT_BLOCKS)
    return with_node(lab, node._replace(mounts=tuple(m for m in node.mounts if m is not mount)))
