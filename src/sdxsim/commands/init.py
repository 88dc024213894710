"""init(1M): to another run level. Source: solaris.md 4.1 and 4.5; what levels 2 to 4 do in a lab is ours."""

from ..model.outcome import Outcome
from ..model.status import SINGLE_USER
from ..words.solaris import text
from . import boot, shutdown

WRONG = 1
NOTHING = ("q", "Q", "a", "b", "c")  # re-read or run entries of inittab, of which a lab has none
MULTI_USER = ("2", "3", "4")


def run(lab, node, words, now):
    """init 0|1|2|3|4|5|6|S|s|Q|q|a|b|c"""
    if len(words) != 1 or words[0] not in (*shutdown.STATES, *MULTI_USER, *NOTHING):
        return Outcome(lab, "", text("init.usage"), WRONG)
    state = words[0]
    if state in shutdown.STATES:
        return shutdown.to(lab, node, state, now)
    if state in MULTI_USER and node.power == SINGLE_USER:
        return boot.multi_user(lab, node, now)
    return Outcome(lab)
