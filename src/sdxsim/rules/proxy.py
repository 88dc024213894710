"""Rules of sdxproxy. Everything that decides whether masters and proxies may be joined, parted,
copied or made bootable, and what that changes, is in this file's table; Join's own guards and
effect are in `join`, Root's in `alternative`.
"""

from ..model.queries import (
    copied,
    copies_onto,
    find_volume,
    with_volumes,
)
from ..model.status import INVALID, JOINED, OPC, PARTED
from ..words.parameters import delay
from . import alternative, copying, join, jrm
from . import guards as g
from .engine import Rule, note
from .image import image
from .targets import environment, match, proxies
from .volume import says_changes, started

# -- helpers of the effects ---------------------------------------------------------------------------------------


def _image(asked, lab, volume):
    return image(lab, asked.klass.name, volume, asked.node, asked.now)


def _sessions_onto(asked, lab, proxy):
    return [c for v in proxy.volumes for c in copies_onto(lab, asked.klass.name, v.name)]


def _pairs(proxy):
    return {p.proxy: p for p in proxy.relation.pairs}


def _delay(asked):
    return delay(asked.node, asked.options, "proxy_copy_delay")


# -- effects ------------------------------------------------------------------------------------------------------


def part(asked, targets):
    """Snapshots of all the masters at one moment; the proxies start, unless locked, and record changes."""
    lab, klass, now = asked.lab, asked.klass.name, asked.now
    records = "a" not in asked.args or asked.args["a"].get("pjrm") != "off"
    for proxy in targets:
        lab = _go_on_by_opc(lab, _sessions_onto(asked, lab, proxy), now)
        changed = []
        for volume in proxy.volumes:
            volume = find_volume(lab, klass, volume.name)
            master = find_volume(lab, klass, _pairs(proxy)[volume.name].master)
            volume = volume._replace(data=_image(asked, lab, master))
            if volume.valid and (not volume.lock or "unlock" in asked.options):
                volume = started(volume, asked.node.name, asked.options.get("mode"))
            changed.append(volume)
        lab = with_volumes(lab, klass, changed)
        pairs = tuple(
            p._replace(tracking=jrm.begun(lab, klass, p.master, now) if records else None) for p in proxy.relation.pairs
        )
        lab = jrm.with_relation(lab, klass, proxy.relation, proxy.relation._replace(state=PARTED, pairs=pairs))
    return lab


def _go_on_by_opc(lab, sessions, now):
    """What is left of these sessions, as background copies by the array (Part -e instant)."""
    lab = copying.drop(lab, sessions)
    for c in sessions:
        left = c.blocks - copied(c, now)
        lab = copying.begin(lab, c.klass, c.source, c.volume, left, now, OPC, background=True, purpose="part")
    return lab


def rejoin(asked, targets):
    """Copies what changed since Part, or everything when that was not recorded or is forgotten."""
    lab, klass = asked.lab, asked.klass.name
    soft = "softcopy" in asked.options
    for proxy in targets:
        for pair in proxy.relation.pairs:
            volume = find_volume(lab, klass, pair.proxy)
            blocks = jrm.changed(lab, klass, pair, asked.now) if volume.valid else volume.blocks
            engine = copying.join_engine(lab, volume, soft)
            lab = copying.begin(
                lab, klass, pair.master, pair.proxy, blocks, asked.now, engine, _delay(asked), purpose="rejoin"
            )
        pairs = tuple(p._replace(tracking=None) for p in proxy.relation.pairs)
        lab = jrm.with_relation(lab, klass, proxy.relation, proxy.relation._replace(state=JOINED, pairs=pairs))
    return lab


def update(asked, targets):
    """OPC copies whole masters onto the proxies; with -e instant the proxies may be used meanwhile."""
    lab, klass = asked.lab, asked.klass.name
    instant = "instant" in asked.options
    for proxy in targets:
        for pair in proxy.relation.pairs:
            master = find_volume(lab, klass, pair.master)
            volume = find_volume(lab, klass, pair.proxy)._replace(data=_image(asked, lab, master), valid=True)
            lab = with_volumes(lab, klass, [volume])
            lab = copying.begin(
                lab, klass, pair.master, pair.proxy, volume.blocks, asked.now, OPC, background=instant, purpose="update"
            )
    return lab


def cancel(asked, targets):
    """Ends the sessions; what they had not finished is INVALID, and the next Rejoin copies everything."""
    (proxy,), klass = targets, asked.klass.name
    lab = copying.cancel(asked.lab, _sessions_onto(asked, asked.lab, proxy))
    return jrm.forget(lab, klass, {p.proxy for p in proxy.relation.pairs})


def break_up(asked, targets):
    """Ends the relation. The proxy keeps its data and attributes as an ordinary, stopped or running volume."""
    (proxy,), klass, lab = targets, asked.klass.name, asked.lab
    masters = {p.master for p in proxy.relation.pairs}
    back = [c for c in lab.copies if c.klass == klass and c.volume in masters and c.source in _pairs(proxy)]
    lab = copying.cancel(lab, _sessions_onto(asked, lab, proxy) + back)
    if proxy.relation.state == JOINED:
        for name, pair in _pairs(proxy).items():
            volume = find_volume(lab, klass, name)
            if volume.valid and all(s.status != INVALID for s in volume.slices):
                image = _image(asked, lab, find_volume(lab, klass, pair.master))
                lab = with_volumes(lab, klass, [volume._replace(data=image)])
    return jrm.with_relation(lab, klass, proxy.relation, None)


# -- what is said, and what is waited for -------------------------------------------------------------------------


def says_waiting(asked, _before, _after, targets):
    """The waiting line of each object, when the command waits (its text is seen, the tie inferred)."""
    if not _copies_waited_for(asked, targets):
        return []
    return [note("copy.waiting", object=name) for name in _named(asked, targets)]


def _named(asked, targets):
    named = asked.args["proxy"]
    return named if isinstance(named, list) else [named]


def _copies_waited_for(asked, targets):
    by_word = {"proxy.update": not {"instant", "nowaitsync"} & asked.options.keys()}
    return by_word.get(asked.form, "waitsync" in asked.options)


def waits_for_copies(asked, after, targets):
    """The slices of the proxies, when the command waits for their copies."""
    if not _copies_waited_for(asked, targets):
        return {}
    klass, named = after.classes[asked.klass.name], _named(asked, targets)
    return {
        r.proxy: [(p.proxy, tuple(s.member for s in klass.volumes[p.proxy].slices)) for p in r.pairs]
        for r in klass.relations
        if r.proxy in named
    }


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
_WHOLE_PROXY = ((g.named_whole, "seen: guide D.14 (Break); recalled: 85 the other words"),
                (g.is_proxy,    "ours: the condition is inferred"))

RULES = {rule.form: rule for rule in (
    Rule("proxy.break", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.free_to_break,     "recalled: 75 (copying); recalled: 65 force, 60 restore")),
         effect=(break_up,             "seen: guide D.14, keeps data and attributes")),
    Rule("proxy.cancel", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.parted,            "seen: guide A.2.25, sessions are cancelled while parted"),
                 (g.in_session,        "ours: the condition is inferred"),
                 (g.not_open,          "ours: an INVALID volume cannot stay mounted")),
         effect=(cancel,               "recalled: 65, an unfinished target becomes INVALID")),
    Rule("proxy.join", match,
         guards=join.GUARDS,
         effect=(join.join,            "recalled: 85 (makes the volumes of a proxy group)"),
         says=says_waiting, waits=waits_for_copies),
    Rule("proxy.part", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.joined,            "ours: the condition is inferred"),
                 (g.equal_or_going_on, "seen: guide 6.4.6 4), after copying; recalled: 60 instant"),
                 (g.part_mode_allowed, "recalled: 75")),
         effect=(part,                 "seen: guide 6.4.6 4-2; that it starts the proxies: inferred from 5-1"),
         says=says_changes),
    Rule("proxy.rejoin", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.parted,            "ours: the condition is inferred"),
                 (g.equal,             "recalled: 65, not while OPC copies"),
                 (g.resting,           "recalled: 85; guide 6.4.6 stops the proxies in 5-4 and 6-4"),
                 (g.masters_valid,     "recalled: 60")),
         effect=(rejoin,               "seen: guide 6.4.6 7), JRM, and everything after a reboot"),
         says=says_waiting, waits=waits_for_copies),
    *(Rule(form, environment,
           guards=alternative.GUARDS,
           effect=(alternative.define, "seen: guide 6.4.6 5-3"),
           says=alternative.says_definitions)
      for form in ("proxy.root_m", "proxy.root_p", "proxy.root_mp")),
    Rule("proxy.update", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.parted,            "ours: the condition is inferred"),
                 (g.opc_available,     "seen: guide A.2.23"),
                 (g.equal,             "ours: one session at a time"),
                 (g.not_open,          "ours: 6.4.6 4-2 updates proxies that run but are not open"),
                 (g.masters_valid,     "recalled: 60")),
         effect=(update,               "seen: guide 6.4.6 4-2"),
         says=says_waiting, waits=waits_for_copies),
)}
# fmt: on
