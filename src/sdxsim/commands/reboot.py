"""reboot(1M), halt(1M), poweroff(1M): down without the scripts of shutdown. Source: solaris.md 4.1.

poweroff leaves a lab's node at the ok prompt, for there is no power to switch (ours).
"""

from ..model.outcome import Outcome
from ..rules import reboot as rules
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text
from . import shutdown

USAGE = 1


def run(lab, node, words, now):
    """reboot [-lq] [boot arguments]"""
    wrong, operands = _asked(lab, "reboot", words)
    return wrong or again(lab, node, " ".join(operands).split(), now)


def halt(lab, node, words, now):
    """halt [-lqy]"""
    wrong, _ = _asked(lab, "halt", words)
    return wrong or down(lab, node, now)


def poweroff(lab, node, words, now):
    """poweroff [-lqy]"""
    wrong, _ = _asked(lab, "poweroff", words)
    return wrong or Outcome(rules.halt(lab, node.name, now), text("down.syncing"))


def _asked(lab, command, words):
    """(Outcome of what is wrong or None, operands)."""
    more = " [boot args]" if command == "reboot" else ""
    try:
        found, operands = getopt(command, words, "dlnqpf" if more else "dlnqy")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('reboot.usage', command=command, more=more)}", USAGE), ()
    if operands and not more:
        return Outcome(lab, "", text("reboot.usage", command=command, more=more), USAGE), ()
    unknown = unsimulated(command, found, "dnpf")
    return (Outcome(lab, "", unknown, USAGE) if unknown else None), operands


def again(lab, node, words, now):
    """Down in order and up again, with these words for boot."""
    return shutdown.again(lab, node, words, text("down.syncing"), now)


def down(lab, node, now):
    """Down in order to the ok prompt."""
    return Outcome(rules.halt(lab, node.name, now), text("down.syncing") + text("down.terminated"))
