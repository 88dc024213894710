"""uname(1): the system of the lab's machine. Sources: solaris.md 4.2, 4.4; the machine is the sample's."""

from ..model.outcome import Outcome
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

USAGE = 1
SYSTEM, RELEASE, VERSION, MACHINE, PROCESSOR, PLATFORM = (
    "SunOS", "5.10", "Generic_147147-26", "sun4u", "sparc", "SUNW,Ultra-60"
)  # fmt: skip
ORDER = "snrvmpi"  # in which they are printed, however they are asked for


def run(lab, node, words, now):
    """uname [-snrvmpia], uname -X"""
    try:
        found, operands = getopt("uname", words, "snrvmpiaXS:")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('uname.usage')}", USAGE)
    if unknown := unsimulated("uname", found, "S"):
        return Outcome(lab, "", unknown, USAGE)
    if operands:
        return Outcome(lab, "", text("uname.usage"), USAGE)
    asked = {letter for letter, _ in found} or {"s"}
    if "X" in asked:
        named = {"system": SYSTEM, "node": node.name, "release": RELEASE, "version": VERSION, "machine": MACHINE}
        return Outcome(lab, text("uname.long", **named))
    asked = set(ORDER) if "a" in asked else asked
    values = dict(zip(ORDER, (SYSTEM, node.name, RELEASE, VERSION, MACHINE, PROCESSOR, PLATFORM), strict=True))
    return Outcome(lab, " ".join(values[letter] for letter in ORDER if letter in asked) + "\n")
