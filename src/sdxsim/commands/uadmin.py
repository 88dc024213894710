"""uadmin(1M): shuts down at once. `uadmin 2 0` writes everything out first, `uadmin 1 0` writes nothing.

Sources: uadmin(2) as recalled. With 1 the node stops as it stands, like one without power.
"""

from ..model.outcome import Outcome
from ..rules import reboot as rules
from ..words.solaris import text
from . import boot, reboot

USAGE = 1
REBOOT, SHUTDOWN = "1", "2"
HALT, BOOT, POWEROFF = "0", "1", "6"
KNOWN = ("3", "4", "5", "7", "16", "256")  # commands of uadmin(2) that a lab has not


def run(lab, node, words, now):
    """uadmin 1|2 0|1|6 [mdep]"""
    if len(words) not in (2, 3) or not all(word.isascii() and word.isdigit() for word in words[:2]):
        return Outcome(lab, "", text("uadmin.usage"), USAGE)
    command, function = words[:2]
    if command in KNOWN or (command in (REBOOT, SHUTDOWN) and function in ("2", "3", "8")):
        return Outcome(lab, "", text("standin.not", command="uadmin", what=f"{command} {function}"), USAGE)
    if command not in (REBOOT, SHUTDOWN) or function not in (HALT, BOOT, POWEROFF):
        return Outcome(lab, "", text("uadmin.failed", error=text("error.EINVAL")), USAGE)
    arguments = words[2].split() if len(words) == 3 else []
    if command == SHUTDOWN:
        return reboot.again(lab, node, arguments, now) if function == BOOT else reboot.down(lab, node, now)
    crashed = rules.crash(lab, node.name, now)
    if function != BOOT:
        return Outcome(crashed, text("down.terminated"))
    up = boot.run(crashed, crashed.nodes[node.name], arguments, now)
    return up._replace(stdout=text("down.rebooting") + up.stdout)
