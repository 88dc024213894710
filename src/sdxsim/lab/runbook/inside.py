"""`sdxsim clock`, `wait`, `status`, `fault`, `workload` in a runbook: answered in process, on the runbook's own lab."""

from ...model.outcome import Outcome
from ...model.status import FROZEN
from ...rules.copying import settle
from .. import clockwork, labour, mishap, overview
from ..complaint import Complaint, Misuse
from ..waiting import waited, watched

HOME = ["cd", "/"]  # before an umount; a runbook's commands are typed there anyway
VERBS = ("clock", "wait", "status", "fault", "workload")


def answer(lab, words, now, wall, look, node=None):
    """The Outcome of `sdxsim WORDS` on `lab`, typed on `node`.

    `look()` gives (lab, now) again while a running clock is watched.
    """
    verb, arguments = words[0], words[1:]
    try:
        if verb == "clock":
            changed = clockwork.turned(lab, (arguments or [""])[0], arguments[1:], now, wall)
            then = changed.clock.virtual if changed is not lab else now
            return Outcome(changed, clockwork.line(changed.clock, then))
        if verb == "fault":
            return Outcome(*_fault(lab, arguments, now))
        if verb == "workload":
            return Outcome(*labour.turned(lab, arguments, now))
        if verb == "wait":
            timeout = _timeout(arguments)
            if lab.clock.mode != FROZEN:
                said, status = watched(look, timeout)
                return Outcome(lab, said, "", status)
            changed, said, status = waited(lab, now, wall, timeout)
            return Outcome(changed, said, "", status)
        return Outcome(lab, _status(lab, arguments, now, node))
    except Complaint as complaint:
        return Outcome(lab, "", complaint.text(), complaint.status)


def _fault(lab, arguments, now):
    """(lab, text) of `fault WORDS... [--size BLOCKS] [--at DURATION]`, options behind the words."""
    words, options = list(arguments), {"--size": None, "--at": None}
    if words == ["list"]:
        return lab, mishap.listing(lab, now)
    while len(words) > 2 and words[-2] in options:
        option, value = words[-2:]
        options[option] = value
        words = words[:-2]
    return mishap.met(lab, words, options["--size"], options["--at"], now)


def _timeout(arguments):
    if not arguments:
        return None
    if len(arguments) == 1 and arguments[0].startswith("--timeout="):
        return clockwork.duration(arguments[0].partition("=")[2])
    if len(arguments) == 2 and arguments[0] == "--timeout":
        return clockwork.duration(arguments[1])
    raise Misuse(f"'sdxsim wait {' '.join(arguments)}' is not understood", hint="wait [--timeout DURATION]")


def _status(lab, arguments, now, node):
    if arguments not in ([], ["--json"]):
        raise Misuse(f"'sdxsim status {' '.join(arguments)}' is not understood", hint="status [--json]")
    return (overview.as_json if arguments else overview.as_text)(settle(lab, now), now, node)
