"""who(1): root at the console, and with -r the run level. Source: solaris.md 4.5."""

from ..model.calendar import short
from ..model.outcome import Outcome
from ..model.status import SINGLE_USER
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

USAGE = 1


def run(lab, node, words, now):
    """who [-r], who am i"""
    try:
        found, operands = getopt("who", words, "abdHlmnpqrstTu")
    except BadOption as bad:
        return Outcome(lab, "", str(bad) + text("who.usage"), USAGE)
    if unknown := unsimulated("who", found, "abdHlnpqstTu"):
        return Outcome(lab, "", unknown, USAGE)
    if operands and operands not in (["am", "i"], ["am", "I"]):
        return Outcome(lab, "", text("standin.not", command="who", what=operands[0]), USAGE)
    time = short(node.booted_at)[:-3]  # when the run level was entered otherwise is not kept (ours)
    if "r" in dict(found):
        level, before = ("S", "?") if node.power == SINGLE_USER else ("3", "S")
        return Outcome(lab, text("who.run_level", level=level, time=time, before=before))
    return Outcome(lab, text("who.row", time=time))
