"""`sdxsim fault`: what breaks in a lab, now or later, and what is said of it. What follows is `rules.faults`'."""

from ..model.names import visible
from ..rules import faults
from ..rules.copying import settle
from ..words import render
from . import clockwork
from .complaint import Complaint, Misuse

DAEMON = "sdxservd"
USAGE = "fault " + ", ".join(faults.GRAMMAR).replace("[BLOCKS]", "[--size BLOCKS]") + ", list"
_WRONG = {"io-error": "a bad block", "path": "no path to it"}


def met(lab, words, size, delay, now):
    """(lab, text) after the fault `words`, with a new drive of `size` blocks; `delay` (a duration) puts it off.

    The very same lab when nothing is changed by it. Raises Misuse and Complaint.
    """
    words = tuple(words) + ((size,) if size is not None else ())
    here = settle(lab, now)
    wrong = faults.wrong(here, words)
    if size is not None and words[0] != "disk":
        wrong = f"'{' '.join(words)}' is no fault"
    if wrong:
        known = wrong.endswith(" is no fault")
        raise (Misuse if known else Complaint)(wrong, hint=USAGE if known else "")
    if delay is not None:
        at = now + clockwork.duration(delay)
        if at > clockwork.LATEST:
            raise Complaint(f"virtual time ends with {clockwork.shown_time(clockwork.LATEST)}")
        coming = sorted([*here.faults, (at, *words)], key=lambda fault: fault[0])
        return here._replace(faults=tuple(coming)), f"{clockwork.shown_time(at)}  {' '.join(words)}\n"
    after = faults.struck(here, words, now)
    if after is here:
        return lab, "nothing changed\n"
    said = [render.line(DAEMON, note) for note in faults.reported(here, after)]
    return after, "".join([f"{clockwork.shown_time(now)}  {' '.join(words)}\n", *said])


def pending(lab):
    """[(when in ms, words)] of the faults still to come."""
    return [(at, " ".join(words)) for at, *words in lab.faults]


def broken(lab):
    """[(device, CLASS/DISK or "", what is wrong)] of the devices that do not work."""
    disks = {d.device: f"{k.name}/{d.name}" for k in lab.classes.values() for d in k.disks.values()}
    return [
        (device.name, disks.get(device.name, ""), _WRONG[device.trouble] if device.present else "does not answer")
        for device in lab.devices.values()
        if device.trouble or not device.present
    ]


def listing(lab, now):
    """The text of `sdxsim fault list`."""
    lab = settle(lab, now)
    lines = [f"{name}{f' ({disk})' if disk else ''}: {what}\n" for name, disk, what in broken(lab)]
    lines += [f"{node.name}: no communication with the other nodes\n" for node in lab.nodes.values() if node.cut]
    lines += [f"{clockwork.shown_time(at)}  {visible(words)}\n" for at, words in pending(lab)]
    return "".join(lines) or "no faults\n"
