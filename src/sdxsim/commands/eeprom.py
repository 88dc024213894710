"""eeprom(1M): OpenBoot's variables from the running system. Source: solaris.md 4.3, guide A.2.9 and 6.3.3.

A value of several lines begins on a line of its own, so that grep finds each alias as the guide shows it (ours).
"""

from ..model.outcome import Outcome
from ..model.queries import with_node
from ..solaris import nvram
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

FAILED = 1


def run(lab, node, words, now):
    """eeprom [-v] [variable[=value] ...]"""
    try:
        found, operands = getopt("eeprom", words, "f:viI")
    except BadOption as bad:
        return Outcome(lab, "", str(bad) + text("eeprom.usage"), FAILED)
    if unknown := unsimulated("eeprom", found, "fiI"):
        return Outcome(lab, "", unknown, FAILED)
    out, err, verbose = "", "", bool(found)
    for word in operands or nvram.names(node):
        name, equals, value = word.partition("=")
        here = lab.nodes[node.name]
        if not equals:
            out += shown("eeprom.value", name, nvram.value(here, name))
        elif nvram.value(here, name) is None:
            err += text("eeprom.invalid", name=name)
        elif not nvram.valid(name, value):
            err += text("eeprom.bad_value", name=name)
        else:
            if verbose:
                out += shown("eeprom.old", name, nvram.value(here, name)) + shown("eeprom.new", name, value)
            if nvram.value(here, name) != value:
                lab = with_node(lab, nvram.changed(here, **{name: value}))
    return Outcome(lab, out, err, FAILED if err else 0)


def shown(id, name, value):
    """A line of that text for the variable, or that it has no value."""
    if not value:
        return text("eeprom.none", name=name)
    lines = value.removesuffix("\n").split("\n")
    if len(lines) == 1:
        return text(id, name=name, value=lines[0])
    return text(id, name=name, value="") + "".join(text("eeprom.line", line=line) for line in lines)
