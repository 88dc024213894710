"""who(1): root at the console, with -r the run level, with -b when the system was booted. Source: solaris.md 4.5."""

from ..model.calendar import short
from ..model.outcome import Outcome
from ..model.status import SINGLE_USER
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

USAGE = 1


def run(lab, node, words, now):
    """who [-bHmqrs], who am i"""
    try:
        found, operands = getopt("who", words, "abdHlmnpqrstTu")
    except BadOption as bad:
        return Outcome(lab, "", str(bad) + text("who.usage"), USAGE)
    if unknown := unsimulated("who", found, "adlnptTu"):
        return Outcome(lab, "", unknown, USAGE)
    if operands and operands not in (["am", "i"], ["am", "I"]):
        return Outcome(lab, "", text("standin.not", command="who", what=operands[0]), USAGE)
    time = short(node.booted_at)[:-3]  # when the run level was entered otherwise is not kept (ours)
    asked = {letter for letter, _ in found}
    if "q" in asked:
        return Outcome(lab, text("who.count"))
    said = text("who.header") if "H" in asked else ""
    if "b" in asked:
        said += text("who.boot", time=time)
    if "r" in asked:
        level, before = ("S", "?") if node.power == SINGLE_USER else ("3", "S")
        said += text("who.run_level", level=level, time=time, before=before)
    return Outcome(lab, said if asked & {"b", "r"} else said + text("who.row", time=time))
