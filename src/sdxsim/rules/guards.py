"""Predicates that must hold before something is done, each with the message of its refusal.

A guard reads as the sentence that must be true and answers with what stands in the way: None when
it holds, else the offending object's name (or the message's fields).
"""

from ..model.queries import beside, copies_onto, halted, in_use, joined_proxy, relation_of_volume, up
from ..model.status import JOINED, PARTED, RO, ROOT, RW, SHARED
from .copying import unwritable
from .engine import refuses

# -- the class and the node ---------------------------------------------------------------------------------------


@refuses("class.not_shared")
def node_words_allowed(asked, _):
    """-e allnodes and node= are for shared classes."""
    if not {"allnodes", "node"} & asked.options.keys() or asked.klass.type == SHARED:
        return None
    return {"class": asked.klass.name}


@refuses("node.unknown")
def nodes_known(asked, _):
    named = asked.options.get("node", "").split(":") if "node" in asked.options else []
    strange = [name for name in named if name not in asked.klass.scope]
    return {"node": strange[0]} if strange else None


@refuses("node.down")
def nodes_up(asked, _):
    """GDS runs on the nodes named; allnodes means those that are up."""
    down = [name for name in nodes_meant(asked) if halted(asked.lab.nodes[name])]
    return {"node": down[0]} if down else None


@refuses("class.closed")
def nodes_open(asked, _):
    """The class is not closed down on the nodes named; allnodes means those where it is open."""
    return {"class": asked.klass.name} if set(nodes_meant(asked)) & asked.klass.closed.keys() else None


def nodes_meant(asked):
    """The names of the nodes a start or stop is for: the node itself, those of node=, or all that are up."""
    if "allnodes" in asked.options:
        return [node.name for node in up(asked.lab, asked.klass.name)]
    return list(dict.fromkeys(asked.options["node"].split(":"))) if "node" in asked.options else [asked.node.name]


# -- one volume ---------------------------------------------------------------------------------------------------


@refuses("proxy.not_parted")
def not_joined(asked, volume):
    return volume.name if joined_proxy(asked.klass, volume.name) else None


@refuses("object.in_use")
def not_in_use(asked, volume):
    return volume.name if in_use(asked.lab, asked.klass.name, volume.name, nodes_meant(asked)) else None


@refuses("object.copying")
def not_overwritten(asked, volume):
    """Nothing is copied onto it, but by background copies, whose destination may be used.

    A mirror that is copied inside may be started, as a boot does, but not stopped (guide D.4). What is only
    read by a copy, a master, may be both (guide A.2.25); where there is nothing to do there is nothing to refuse.
    """
    run = [name in volume.started for name in nodes_meant(asked)]
    if all(run) if asked.form == "volume.start" else not any(run):
        return None
    busy = [c for c in copies_onto(asked.lab, asked.klass.name, volume.name) if not c.background]
    if asked.form == "volume.start":
        busy = [c for c in busy if c.source != volume.name]
    return volume.name if busy else None


@refuses("object.status")
def valid(asked, volume):
    return None if volume.valid else {"object": volume.name, "status": "INVALID"}


@refuses("volume.locked")
def unlocked(asked, volume):
    running = all(name in volume.started for name in nodes_meant(asked))
    locked = volume.lock and "unlock" not in asked.options and not running
    return volume.name if locked else None


@refuses("volume.read_only")
def mode_allowed(asked, volume):
    """A volume whose attribute is ro is not started rw (recalled: 80)."""
    running = all(name in volume.started for name in nodes_meant(asked))
    return volume.name if asked.options.get("mode") == RW and volume.mode == RO and not running else None


@refuses("object.active")
def stopped_for_change(asked, volume):
    """mode, name and pslice change only while the volume is stopped (guide 6.4.6 5-1)."""
    return volume.name if volume.started and {"mode", "name", "pslice"} & asked.args["a"].keys() else None


@refuses("object.taken")
def new_name_free(asked, volume):
    name, klass = asked.args["a"].get("name", volume.name), asked.klass
    taken = name != volume.name and (name in klass.volumes or name in klass.groups or name in klass.disks)
    return name if taken else None


@refuses("volume.pslice")
def pslice_may_go(asked, volume):
    off = asked.args["a"].get("pslice") == "off"
    return volume.name if off and asked.klass.type == ROOT else None


@refuses("volume.slices")
def pslice_left(asked, volume):
    """At most six volumes of a group have a physical slice (guide D.4)."""
    if asked.args["a"].get("pslice") != "on" or volume.pslice:
        return None
    holder, held = beside(asked.klass, volume)
    return {"object": volume.name, "group": holder} if sum(v.pslice for v in held) >= 6 else None


@refuses("proxy.not")
def proxy_for_pjrm(asked, volume):
    relation, _ = relation_of_volume(asked.klass, volume.name)
    return volume.name if "pjrm" in asked.args["a"] and relation is None else None


@refuses("proxy.not_parted")
def parted_for_pjrm(asked, volume):
    relation, _ = relation_of_volume(asked.klass, volume.name)
    return volume.name if "pjrm" in asked.args["a"] and relation.state != PARTED else None


# -- a proxy, named with -p ---------------------------------------------------------------------------------------


@refuses("proxy.in_group")
def named_whole(asked, proxy):
    """A proxy volume inside a proxy group is never named alone (guide D.14, Break)."""
    inside = proxy.relation is None and relation_of_volume(asked.klass, proxy.name)[0] is not None
    return proxy.name if inside else None


@refuses("proxy.not")
def is_proxy(asked, proxy):
    return proxy.name if proxy.relation is None else None


@refuses("proxy.not_joined")
def joined(asked, proxy):
    return None if proxy.relation.state == JOINED else proxy.name


@refuses("proxy.not_parted")
def parted(asked, proxy):
    return None if proxy.relation.state == PARTED else proxy.name


def _sessions(asked, proxy):
    return [c for v in proxy.volumes for c in copies_onto(asked.lab, asked.klass.name, v.name)]


@refuses("object.copying")
def equal(asked, proxy):
    """No copy onto the proxy is under way."""
    return proxy.name if _sessions(asked, proxy) else None


@refuses("object.status")
def writable(asked, proxy):
    """Some disk of the proxy can be used: else there is nothing to copy onto."""
    found = (unwritable(asked.klass, volume) for volume in proxy.volumes)
    return next((hindrance for hindrance in found if hindrance), None)


@refuses("object.active")
def resting(asked, proxy):
    """Every proxy volume is stopped (guide 6.4.6: 5-4 and 6-4 come before 7-1)."""
    return next((v.name for v in proxy.volumes if v.started), None)


@refuses("object.in_use")
def not_open(asked, proxy):
    return next((v.name for v in proxy.volumes if in_use(asked.lab, asked.klass.name, v.name)), None)


@refuses("volume.read_only")
def part_mode_allowed(asked, proxy):
    """Part -e mode=rw on a proxy whose attribute is ro is refused (recalled: 75)."""
    if asked.options.get("mode") != RW:
        return None
    return next((v.name for v in proxy.volumes if v.mode == RO), None)


@refuses("object.status")
def masters_valid(asked, proxy):
    klass = asked.klass
    bad = [p.master for p in proxy.relation.pairs if not klass.volumes[p.master].valid]
    return {"object": bad[0], "status": "INVALID"} if bad else None
