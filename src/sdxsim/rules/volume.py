"""Rules of sdxvolume. Everything that decides whether a volume may be started or stopped is here."""

from ..model.queries import with_volumes
from ..model.status import ACTIVE, STOP
from ..words.parameters import delay
from . import guards as g
from .engine import Rule, note
from .mirror import catch_up
from .targets import volumes

# -- effects ------------------------------------------------------------------------------------------------------


def started(volume, node_name, mode=None):
    """The volume running on the node; slices at rest become ACTIVE, copies go on. Running: unchanged."""
    if node_name in volume.started:
        return volume
    slices = tuple(s._replace(status=ACTIVE) if s.status == STOP else s for s in volume.slices)
    return volume._replace(started={**volume.started, node_name: mode or volume.mode}, slices=slices)


def stopped(volume, node_name):
    """The volume not running on the node; when it runs nowhere, ACTIVE slices become STOP."""
    if node_name not in volume.started:
        return volume
    left = {name: mode for name, mode in volume.started.items() if name != node_name}
    slices = volume.slices
    if not left:
        slices = tuple(s._replace(status=STOP) if s.status == ACTIVE else s for s in slices)
    return volume._replace(started=left, slices=slices)


def _replaced(asked, targets, change):
    """The lab with `change` done to each target; the same lab when that changes none of them."""
    new = [change(volume) for volume in targets]
    if all(after is before for after, before in zip(new, targets, strict=True)):
        return asked.lab
    return with_volumes(asked.lab, asked.klass.name, new)


def start(asked, targets):
    """Starts the volumes on the nodes meant, in the mode asked for or that of their attribute.

    A mirror that needs it is copied then (guide A.2.34), unless nosync.
    """

    def change(volume):
        for name in g.nodes_meant(asked):
            volume = started(volume, name, asked.options.get("mode"))
        return volume

    lab = _replaced(asked, targets, change)
    if lab is asked.lab or "nosync" in asked.options:
        return lab
    names = [v.name for v in targets if lab.classes[asked.klass.name].volumes[v.name] is not v]
    return catch_up(lab, asked.klass.name, names, asked.now, delay(asked.node, asked.options))


def stop(asked, targets):
    """Stops the volumes on the nodes meant."""

    def change(volume):
        for name in g.nodes_meant(asked):
            volume = stopped(volume, name)
        return volume

    return _replaced(asked, targets, change)


# -- what is said -------------------------------------------------------------------------------------------------


def says_changes(asked, before, after, _targets):
    """started / stopped volume, for each volume of the class that began or ceased to run on a node."""
    klass, said = asked.klass.name, []
    was, now = before.classes[klass].volumes, after.classes[klass].volumes
    for name, volume in now.items():
        ran = was[name].started if name in was else {}
        for node in asked.klass.scope:
            if node in volume.started and node not in ran:
                said.append(note("volume.started", volume=name, node=node, **{"class": klass}))
            elif node in ran and node not in volume.started:
                said.append(note("volume.stopped", volume=name, node=node))
    return said


# -- the table ----------------------------------------------------------------------------------------------------
# A running volume may be started again and a stopped one stopped again: nothing happens, nothing is
# said (guide 6.4.6: 5-1 is optional, yet 5-2 starts what Part has started; docs/errata.md).
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("volume.start", volumes,
         guards=((g.node_words_allowed, "ours: -e node= is for shared classes (commands.md 3.3, recalled)"),
                 (g.nodes_known,        "ours"),
                 (g.nodes_up,           "ours"),
                 (g.nodes_open,         "seen: guide F.1.4, what is in a closed class cannot be accessed"),
                 (g.not_joined,         "seen: guide A.2.25, joined proxies are not started by themselves"),
                 (g.valid,              "seen: guide F.1.3, an INVALID volume cannot be started"),
                 (g.unlocked,           "seen: guide 2.1.4 (lock); recalled: 85 that unlock overrides it"),
                 (g.mode_allowed,       "recalled: 80"),
                 (g.not_overwritten,    "ours: a normal copy's destination may not be used (glossary, seen)")),
         effect=(start,                 "seen: guide 6.4.6 5-2"),
         says=says_changes),
    Rule("volume.stop", volumes,
         guards=((g.node_words_allowed, "ours: -e node= is for shared classes (commands.md 3.3, recalled)"),
                 (g.nodes_known,        "ours"),
                 (g.nodes_up,           "ours"),
                 (g.nodes_open,         "seen: guide F.1.4, what is in a closed class cannot be accessed"),
                 (g.not_joined,         "seen: guide A.2.25, joined proxies are not stopped by themselves"),
                 (g.not_in_use,         "seen: guide D.4"),
                 (g.not_overwritten,    "seen: guide D.4; a background copy does not refuse it: errata, 6.4.6 5-1")),
         effect=(stop,                  "seen: guide 6.4.6 5-4"),
         says=says_changes),
)}
# fmt: on
