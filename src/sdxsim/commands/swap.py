"""swap(1M): lists swap devices, sums up, adds one or takes it away. Source: solaris.md 3.

How much memory there is is ours, and that none of it is ever missing: a device can always be taken away. What
cannot be added is said in the words of the device (recalled: middle); files, and parts of devices, are not simulated.
"""

from ..model.outcome import Outcome
from ..model.queries import find_volume, place_of, with_node
from ..model.records import Mount
from ..model.status import RO
from ..solaris import devices, files
from ..solaris.options import BadOption, getopt
from ..words.solaris import text

USAGE = NONE = FAILED = 1
LOW = 16  # first block used
MEMORY, ALLOCATED, RESERVED = 786_432, 81_920, 24_576  # KB: free of the kernel, in use, reserved (ours)


def run(lab, node, words, now):
    """swap -l, swap -s, swap -a special, swap -d special"""
    try:
        found, operands = getopt("swap", words, "a:d:lsh")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('swap.usage')}", USAGE)
    asked = {letter for letter, _ in found}
    most = {"a": 2, "d": 1}.get(min(asked, default=""), 0)  # the first block, and how many
    if len(found) != 1 or asked == {"h"} or len(operands) > most or not all(word.isdigit() for word in operands):
        return Outcome(lab, "", text("swap.usage"), USAGE)
    if asked <= {"a", "d"}:
        if operands:
            return Outcome(lab, "", text("standin.not", command="swap", what="a part of a device"), USAGE)
        return (_added if asked == {"a"} else _taken)(lab, node, found[0][1], now)
    if asked == {"s"}:
        numbers = {"allocated": ALLOCATED, "reserved": RESERVED, "used": ALLOCATED + RESERVED}
        return Outcome(lab, text("swap.summary", available=available(lab, node), **numbers))
    used = _devices(lab, node)
    if not used:
        return Outcome(lab, "", text("swap.none"), NONE)
    rows = []
    for special, place in used:
        major, minor = devices.numbers(lab, *place)
        blocks = find_volume(lab, *place).blocks - LOW
        rows.append(text("swap.row", special=special, major=major, minor=minor, low=LOW, blocks=blocks, free=blocks))
    return Outcome(lab, text("swap.header") + "".join(rows))


def _added(lab, node, special, now):
    """With that block device as swap space too."""
    error = _refused(lab, node, special)
    if error:
        return Outcome(lab, "", error, FAILED)
    mount = Mount(special, "-", "swap", "rw", now)
    return Outcome(with_node(lab, node._replace(mounts=(*node.mounts, mount))))


def _refused(lab, node, special):
    """What is said when it cannot be added, or ""."""
    kind, place = files.kind(lab, node, special), place_of(lab, special)
    if kind in ("file", "directory"):
        return text("standin.not", command="swap", what="a swap file")
    same = [m for m in node.mounts if place and place_of(lab, m.special) == place]
    if any(m.type == "swap" for m in same):
        return text("swap.overlapping", file=special)
    error = _error(lab, node, special, kind) or ("EBUSY" if same else None)
    return text("swap.failed", file=special, error=text(f"error.{error}")) if error else ""


def _error(lab, node, special, kind):
    """Why the device cannot be swap space: the errno's name, or None."""
    if kind is None:
        return "ENOENT"
    found = devices.special(lab, node, files.normal(special))
    error = devices.open_error(lab, node, found)
    if error:
        return error
    if kind == "raw" or not found.volume:
        return "EINVAL"
    return "EROFS" if find_volume(lab, found.klass, found.volume).mode == RO else None


def _taken(lab, node, special, _now):
    """Without that swap device."""
    if files.kind(lab, node, special) is None:
        return Outcome(lab, "", text("swap.failed", file=special, error=text("error.ENOENT")), FAILED)
    left = tuple(m for m in node.mounts if not (m.type == "swap" and m.special == special))
    if len(left) == len(node.mounts):
        return Outcome(lab, "", text("swap.failed", file=special, error=text("error.EINVAL")), FAILED)
    return Outcome(with_node(lab, node._replace(mounts=left)))


def _devices(lab, node):
    named = ((m.special, place_of(lab, m.special)) for m in node.mounts if m.type == "swap")
    return [(special, place) for special, place in named if place]


def available(lab, node):
    """KB of swap space that are free, memory included."""
    disks = sum((find_volume(lab, *place).blocks - LOW) // 2 for _, place in _devices(lab, node))
    return disks + MEMORY - ALLOCATED - RESERVED
