"""swap(1M): lists swap devices, and sums up. Source: solaris.md 3. How much memory there is is ours."""

from ..model.outcome import Outcome
from ..model.queries import find_volume, place_of
from ..solaris import devices
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

USAGE = NONE = 1
LOW = 16  # first block used
MEMORY, ALLOCATED, RESERVED = 786_432, 81_920, 24_576  # KB: free of the kernel, in use, reserved (ours)


def run(lab, node, words, now):
    """swap -l, swap -s"""
    try:
        found, operands = getopt("swap", words, "a:d:lsh")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('swap.usage')}", USAGE)
    if unknown := unsimulated("swap", found, "ad"):
        return Outcome(lab, "", unknown, USAGE)
    asked = {letter for letter, _ in found}
    if len(asked) != 1 or not asked <= {"l", "s"} or operands:
        return Outcome(lab, "", text("swap.usage"), USAGE)
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


def _devices(lab, node):
    named = ((m.special, place_of(lab, m.special)) for m in node.mounts if m.type == "swap")
    return [(special, place) for special, place in named if place]


def available(lab, node):
    """KB of swap space that are free, memory included."""
    disks = sum((find_volume(lab, *place).blocks - LOW) // 2 for _, place in _devices(lab, node))
    return disks + MEMORY - ALLOCATED - RESERVED
