"""shutdown(1M): to the ok prompt (-i0, -i5), down and up again (-i6), or to single-user mode (-is).

Source: solaris.md 4.1. The grace period is announced but no time passes (ours). -i5 switches a
machine off; in a lab it is found on again at the ok prompt (ours).
"""

from ..model.calendar import ctime, date, short
from ..model.outcome import INTERRUPTED, Outcome, Question, Shell
from ..model.queries import with_node
from ..model.status import MULTI_USER, SINGLE_USER
from ..rules import reboot
from ..solaris.answers import Answers, Unanswered
from ..solaris.options import BadOption, getopt
from ..words.solaris import text
from . import boot, umount

ABORTED = 1
STOPPED = 130  # by Ctrl-C
GRACE = 60  # seconds, without -g
STATES = ("0", "5", "6", "s", "S", "1")
OTHER_STATES = ("2", "3", "4", "a", "b", "c", "q", "Q")
WARNINGS = (7200, 3600, 1800, 1200, 600, 300, 120, 60, 30, 10)  # seconds left at which users are warned
SERVICES = {MULTI_USER: 82, SINGLE_USER: 24}  # running and to be stopped (ours)
KEPT = (*umount.RUNNING, "-")  # mounted in single-user mode too; - is swap


def run(lab, node, words, now, shell=Shell()):
    """shutdown [-y] [-g grace] [-i state] [message]; without -y it asks."""
    try:
        found, operands = getopt("/usr/sbin/shutdown", words, "g:i:y")
    except BadOption as bad:
        return Outcome(lab, text("shutdown.usage"), str(bad), ABORTED)
    grace, state, sure, wrong = _asked(found)
    if wrong:
        return Outcome(lab, wrong, "", ABORTED)
    message = " ".join(operands)
    said = text("shutdown.started", date=date(now)) + _warnings(node, grace, message, now)
    if not sure:
        question, answers = text("shutdown.ask"), Answers(shell)
        try:
            line = answers.to(question)
        except Unanswered:
            return Outcome(lab, said + question, "", ABORTED, Question(question))
        said = "" if answers.given else said + question
        if line is INTERRUPTED:
            return Outcome(lab, "\n", "", STOPPED)
        if line != "y":
            false = _broadcast(node, now) + text("shutdown.false", node=node.name)
            return Outcome(lab, said + false + text("shutdown.aborted"), "", ABORTED)
    said += text("shutdown.changing", state=state)
    said += _broadcast(node, now) + text("shutdown.now", node=node.name, message=message)
    went = to(lab, node, state, now)
    return went._replace(stdout=said + went.stdout)


def to(lab, node, state, now):
    """The Outcome of going to one of STATES, from where svc.startd speaks."""
    if state in ("s", "S", "1"):
        return Outcome(single_user(lab, node, now), text("down.single") + text("boot.single"))
    said = _going_down(node, now)
    if state == "6":
        return again(lab, node, [], said, now)
    return Outcome(reboot.halt(lab, node.name, now), said + (text("down.terminated") if state == "0" else ""))


def again(lab, node, words, said, now):
    """The Outcome of an orderly reboot with the words typed for boot, behind what was `said`."""
    down = reboot.halt(lab, node.name, now)
    up = boot.run(down, down.nodes[node.name], words, now)
    return up._replace(stdout=said + text("down.rebooting") + up.stdout)


def _asked(found):
    """(grace in seconds, state, -y?, what is wrong or "")."""
    grace, state, sure = GRACE, "s", False
    for letter, value in found:
        if letter == "y":
            sure = True
        elif letter == "g":
            if not (value.isascii() and value.isdigit()):
                return grace, state, sure, text("shutdown.grace") + text("shutdown.usage")
            grace = int(value)
        elif value in STATES:
            state = value
        elif value in OTHER_STATES:
            return grace, state, sure, text("shutdown.not_for", state=value)
        else:
            return grace, state, sure, text("shutdown.invalid", state=value) + text("shutdown.usage")
    return grace, state, sure, ""


def _broadcast(node, now):
    return text("shutdown.broadcast", node=node.name, time=ctime(now)[:19])


def _warnings(node, grace, message, now):
    """The broadcasts of a grace period, one after the other."""
    said = ""
    for limit in WARNINGS:
        if grace > limit:
            said += _broadcast(node, now) + text("shutdown.soon", node=node.name, left=_left(grace), message=message)
            grace = limit
    return said


def _left(grace):
    """A time as the script words it, the blank after hours and minutes included."""
    hours, minutes, seconds = grace // 3600, grace % 3600 // 60, grace % 60
    said = f"{hours} hours " if hours > 1 else "1 hour " if hours else ""
    said += f"{minutes} minutes " if minutes > 1 else "1 minute " if minutes else ""
    if not hours and seconds:
        said += "1 second" if seconds == 1 else f"{seconds} seconds"
    return said


def _going_down(node, now):
    said = text("down.coming") + text("down.services", services=SERVICES.get(node.power, SERVICES[MULTI_USER]))
    if node.power == MULTI_USER:
        said += text("down.syslogd", time=short(now), node=node.name)
    return said + text("down.down") + text("down.syncing")


def single_user(lab, node, now):
    """`lab` with the node in single-user mode: only what that needs stays mounted. No reboot, so GDS goes on."""
    if node.power == SINGLE_USER:
        return lab
    lab = reboot.counted(lab, now)
    for mount in sorted(node.mounts, key=lambda m: -m.point.count("/")):
        if mount.point not in KEPT:
            lab = umount.unmounted(lab, lab.nodes[node.name], mount, now)
    return with_node(lab, lab.nodes[node.name]._replace(power=SINGLE_USER))
