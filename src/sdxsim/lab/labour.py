"""`sdxsim workload`: who works on the running system. What follows is `rules.workload`'s."""

from ..rules import workload
from ..rules.copying import settle
from .complaint import Misuse

USAGE = "workload start [light|busy], stop or show"
_SHOWN = {
    None: "as the scenario says\n",
    workload.LIGHT: "light\n",
    workload.BUSY: "busy\n",
    workload.STOPPED: "stopped\n",
}


def turned(lab, words, now):
    """(lab, text) after `sdxsim workload WORDS`; the very same lab when nothing changes. Raises Misuse."""
    verb, *level = words or ["show"]
    current = lab.workload.level if lab.workload else None
    if verb == "show" and not level:
        return lab, _SHOWN[current]
    if verb == "stop" and not level:
        changed = lab if current == workload.STOPPED else workload.stopped(settle(lab, now), now)
    elif verb == "start" and len(level) < 2 and (level or [workload.LIGHT])[0] in workload.LEVELS:
        wanted = (level or [workload.LIGHT])[0]
        changed = lab if current == wanted else workload.started(settle(lab, now), wanted, now)
    else:
        raise Misuse(f"'sdxsim workload {' '.join(words)}' is not understood", hint=USAGE)
    return changed, _SHOWN[changed.workload.level]
