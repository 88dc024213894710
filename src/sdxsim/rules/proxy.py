"""Rules of sdxproxy. Everything that decides whether masters and proxies may be joined, parted,
copied or made bootable, and what that changes, is in this file's table; Join's own guards and
effect are in `join`, those of Restore and RejoinRestore in `restore`, Relate's in `relate`, Swap's in
`exchange`, Root's in `alternative`.
"""

from ..model.queries import copied, find_volume, with_volumes
from ..model.status import EC, INVALID, JOINED, OPC, PARTED
from ..words.parameters import delay
from . import alternative, copying, exchange, join, jrm, relate, restore
from . import guards as g
from .engine import Rule, note
from .restore import image, sessions
from .targets import environment, match, proxies
from .volume import says_changes, started

# -- effects ------------------------------------------------------------------------------------------------------


def part(asked, targets):
    """Snapshots of all the masters at one moment; the proxies start, unless locked, and record changes."""
    lab, klass, now = asked.lab, asked.klass.name, asked.now
    records = "a" not in asked.args or asked.args["a"].get("pjrm") != "off"
    for proxy in targets:
        going_on = sessions(asked, proxy)
        lab = _go_on_by_opc(lab, going_on, now)
        changed = []
        for pair in proxy.relation.pairs:
            volume = find_volume(lab, klass, pair.proxy)
            volume = volume._replace(data=image(asked, lab, find_volume(lab, klass, pair.master)))
            if volume.valid and (not volume.lock or "unlock" in asked.options):
                volume = started(volume, asked.node.name, asked.options.get("mode"))
            changed.append(volume)
        lab = with_volumes(lab, klass, changed)
        by_opc = {c.volume for c in going_on}
        pairs = tuple(
            p._replace(
                tracking=jrm.begun(lab, klass, p.master, now) if records else None,
                session="" if p.proxy in by_opc else p.session,
            )
            for p in proxy.relation.pairs
        )
        lab = jrm.with_relation(lab, klass, proxy.relation, proxy.relation._replace(state=PARTED, pairs=pairs))
    return lab


def _go_on_by_opc(lab, going_on, now):
    """What is left of these sessions, as background copies by the array (Part -e instant)."""
    lab = copying.drop(lab, going_on)
    for c in going_on:
        left = c.blocks - copied(c, now)
        held = find_volume(lab, c.klass, c.volume).data
        lab = copying.begin(
            lab, c.klass, c.source, c.volume, left, now, OPC, background=True, purpose="part", under=held
        )
    return lab


def rejoin(asked, targets):
    """Copies what changed since Part, or everything when that was not recorded or is forgotten."""
    lab, klass = asked.lab, asked.klass.name
    soft, pause = "softcopy" in asked.options, delay(asked.node, asked.options, "proxy_copy_delay")
    for proxy in targets:
        pairs = []
        for pair in proxy.relation.pairs:
            volume = find_volume(lab, klass, pair.proxy)
            blocks = jrm.changed(lab, klass, pair, asked.now) if volume.valid else volume.blocks
            engine = copying.join_engine(lab, lab.classes[klass], pair, volume, soft)
            lab = copying.begin(
                lab, klass, pair.master, pair.proxy, blocks, asked.now, engine, pause, purpose="rejoin"
            )
            pairs.append(pair._replace(tracking=None, session=engine if engine == EC else ""))
        joined = proxy.relation._replace(state=JOINED, pairs=tuple(pairs))
        lab = jrm.with_relation(lab, klass, proxy.relation, joined)
    return lab


def update(asked, targets):
    """OPC copies whole masters onto the proxies; with -e instant the proxies may be used meanwhile."""
    lab, klass = asked.lab, asked.klass.name
    instant = "instant" in asked.options
    for proxy in targets:
        for pair in proxy.relation.pairs:
            master = find_volume(lab, klass, pair.master)
            volume = find_volume(lab, klass, pair.proxy)
            held = volume.data
            volume = volume._replace(data=image(asked, lab, master), valid=True)
            lab = with_volumes(lab, klass, [volume])
            lab = copying.begin(
                lab, klass, pair.master, pair.proxy, volume.blocks, asked.now, OPC,
                background=instant, purpose="update", under=held,
            )  # fmt: skip
    return lab


def cancel(asked, targets):
    """Ends the sessions; what they had not finished is INVALID, and the next Rejoin copies everything."""
    (proxy,), klass = targets, asked.klass.name
    lab = copying.cancel(asked.lab, sessions(asked, proxy), asked.now)
    pairs = tuple(p._replace(tracking=None, session="") for p in proxy.relation.pairs)
    return jrm.with_relation(lab, klass, proxy.relation, proxy.relation._replace(pairs=pairs))


def break_up(asked, targets):
    """Ends the relation. The proxy keeps its data and attributes as an ordinary, stopped or running volume."""
    (proxy,), klass = targets, asked.klass.name
    lab = copying.cancel(asked.lab, sessions(asked, proxy), asked.now)
    restored = {c.volume for c in sessions(asked, proxy, back=True)}
    if proxy.relation.state == JOINED:
        for pair in proxy.relation.pairs:
            volume = find_volume(lab, klass, pair.proxy)
            whole = volume.valid and all(s.status != INVALID for s in volume.slices)
            if whole and pair.master not in restored:
                data = image(asked, lab, find_volume(lab, klass, pair.master))
                lab = with_volumes(lab, klass, [volume._replace(data=data)])
    return jrm.with_relation(lab, klass, proxy.relation, None)


# -- what is said, and what is waited for -------------------------------------------------------------------------

_BACK = ("proxy.restore", "proxy.rejoinrestore")


def says_waiting(asked, _before, after, targets):
    """The waiting line of each object, when the command waits (its text is seen, the tie inferred)."""
    return [note("copy.waiting", object=name) for name in waits_for_copies(asked, after, targets)]


def _waits(asked):
    """Join and Rejoin wait when told to, the others unless told not to (inferred: 95, by the words' names)."""
    if asked.form in ("proxy.join", "proxy.rejoin"):
        return "waitsync" in asked.options
    return not {"instant", "nowaitsync"} & asked.options.keys()


def waits_for_copies(asked, after, targets):
    """{what is written: its slices}, when the command waits for its copies: the proxies, or their masters."""
    if not _waits(asked):
        return {}
    klass, named = after.classes[asked.klass.name], asked.args["proxy"]
    named = named if isinstance(named, list) else [named]
    relations = {r.proxy: r for r in klass.relations}
    if asked.form in _BACK:
        return {relations[name].master: _slices(klass, [p.master for p in relations[name].pairs]) for name in named}
    return {name: _slices(klass, [p.proxy for p in relations[name].pairs]) for name in named}


def _slices(klass, names):
    return [(name, copying.destinations(klass, klass.volumes[name])) for name in names]


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
_WHOLE_PROXY = ((g.named_whole, "seen: guide D.14 (Break); recalled: 85 the other words"),
                (g.is_proxy,    "ours: the condition is inferred"))
_PARTED = (g.parted, "ours: the condition is inferred")
_BY_OPC = "seen: guide A.2.23, OPC words never fall back to a soft copy"

RULES = {rule.form: rule for rule in (
    Rule("proxy.break", proxies,
         guards=(*_WHOLE_PROXY,
                 (restore.free_to_break,     "recalled: 75 (copying); recalled: 65 force, 60 restore"),
                 (restore.unfinished_closed, "ours: an INVALID volume cannot stay mounted")),
         effect=(break_up,                   "seen: guide D.14, keeps data and attributes")),
    Rule("proxy.cancel", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.parted,                  "seen: guide A.2.25, sessions are cancelled while parted"),
                 (restore.in_session,        "ours: the condition is inferred"),
                 (restore.unfinished_closed, "ours: an INVALID volume cannot stay mounted")),
         effect=(cancel,                     "recalled: 65, an unfinished target becomes INVALID")),
    Rule("proxy.join", match,
         guards=join.GUARDS,
         effect=(join.join,                  "recalled: 85 (makes the volumes of a proxy group)"),
         says=says_waiting, waits=waits_for_copies),
    Rule("proxy.part", proxies,
         guards=(*_WHOLE_PROXY,
                 (g.joined,                  "ours: the condition is inferred"),
                 (restore.masters_unwritten, "ours: the master does not hold its data yet"),
                 (restore.equal_or_going_on, "seen: guide 6.4.6 4), after copying; recalled: 60 instant"),
                 (g.part_mode_allowed,       "recalled: 75")),
         effect=(part,                       "seen: guide 6.4.6 4-2; that it starts the proxies: inferred from 5-1"),
         says=says_changes),
    Rule("proxy.rejoin", proxies,
         guards=(*_WHOLE_PROXY, _PARTED,
                 (restore.can_be_joined,     "seen: guide A.1.11"),
                 (restore.masters_unwritten, "ours: the master does not hold its data yet"),
                 (g.writable,                "ours: the condition is inferred"),
                 (g.equal,                   "recalled: 65, not while OPC copies"),
                 (g.resting,                 "recalled: 85; guide 6.4.6 stops the proxies in 5-4 and 6-4"),
                 (g.masters_valid,           "recalled: 60")),
         effect=(rejoin,                     "seen: guide 6.4.6 7), JRM, and everything after a reboot"),
         says=says_waiting, waits=waits_for_copies),
    Rule("proxy.rejoinrestore", proxies,
         guards=(*_WHOLE_PROXY, _PARTED,
                 (restore.can_be_joined,     "seen: guide A.1.11"),
                 (restore.one_source,        "ours: which data the master should hold nobody could say"),
                 (restore.nothing_copies,    "ours: one session at a time"),
                 (g.resting,                 "seen: Linux 4.2 guide 1.5.4, a running system volume is no source"),
                 (restore.masters_writable,  "ours: the condition is inferred"),
                 (restore.masters_stopped,   "seen: guide 6.8.3, access to the volume is suspended"),
                 (restore.proxies_valid,     "seen: guide F.1.3, an INVALID volume cannot be used"),
                 (restore.no_other_joined,   "ours: the condition is inferred")),
         effect=(restore.rejoin_restore,     "seen: guide 2.2.1; 1.5.1, JRM, and everything after a reboot"),
         says=says_waiting, waits=waits_for_copies),
    Rule("proxy.relate", match,
         guards=((join.different,            "seen: guide A.1.11"),
                 (join.of_one_kind,          "seen: guide 2.2.1"),
                 (join.by_group_in_root_class, "seen: Linux guides 2.3.12; ours: that Solaris has it too"),
                 (join.unrelated,            "seen: guide A.1.11, no chains"),
                 (join.different_groups,     "seen: guide A.1.11"),
                 (join.volumes_unrelated,    "seen: guide A.1.11, no chains"),
                 (join.master_holds_volumes, "ours: the condition is inferred"),
                 (relate.proxy_holds_volumes, "recalled: 70 (layouts must be the same)"),
                 (relate.no_lower_groups,    "seen: guide A.1.11"),
                 (relate.types_go_together,  "seen: guide A.1.11 (volumes); ours: groups too"),
                 (relate.stripes_alike,      "seen: guide A.1.11 (volumes); ours: groups too"),
                 (relate.proxy_not_mirrored, "seen: guide A.1.11 (volumes)"),
                 (join.sizes_equal,          "recalled: 80 (title seen, Linux 4.2)"),
                 (relate.places_equal,       "seen: Linux guides 2.3.12"),
                 (relate.slices_enough,      "recalled: 65")),
         effect=(relate.relate,              "recalled: 85")),
    Rule("proxy.restore", proxies,
         guards=(*_WHOLE_PROXY, _PARTED,
                 (restore.opc_back,          _BY_OPC),
                 (restore.one_source,        "ours: which data the master should hold nobody could say"),
                 (restore.nothing_copies,    "ours: one session at a time"),
                 (restore.masters_writable,  "ours: the condition is inferred"),
                 (restore.masters_stopped,   "seen: guide 6.8.3, access to the volume is suspended"),
                 (g.not_open,                "seen: Linux 4.2 guide 1.5.4, a running system volume is no source"),
                 (restore.proxies_valid,     "seen: guide F.1.3, an INVALID volume cannot be used"),
                 (restore.no_other_joined,   "ours: the condition is inferred")),
         effect=(restore.restore,            "seen: guide A.2.23; recalled: 75 (states)"),
         says=says_waiting, waits=waits_for_copies),
    *(Rule(form, environment,
           guards=alternative.GUARDS,
           effect=(alternative.define,       "seen: guide 6.4.6 5-3"),
           says=alternative.says_definitions)
      for form in ("proxy.root_m", "proxy.root_p", "proxy.root_mp")),
    Rule("proxy.swap", proxies,
         guards=(*_WHOLE_PROXY,
                 (exchange.not_root_class,   "recalled: 40"),
                 (g.joined,                  "recalled: 80"),
                 (exchange.settled,          "recalled: 80"),
                 (exchange.without_session,  "recalled: 60"),
                 (g.masters_valid,           "ours: the condition is inferred"),
                 (restore.proxies_valid,     "ours: the condition is inferred"),
                 (exchange.none_detached,    "ours: the condition is inferred"),
                 (exchange.others_elsewhere, "ours: the rule is seen in A.1.11")),
         effect=(exchange.swap,              "seen: guide 2.2.1; recalled: 80 (what goes with the slices)")),
    Rule("proxy.update", proxies,
         guards=(*_WHOLE_PROXY, _PARTED,
                 (restore.opc_forth,         _BY_OPC),
                 (restore.masters_unwritten, "ours: one session at a time"),
                 (g.writable,                "ours: the condition is inferred"),
                 (g.equal,                   "ours: one session at a time"),
                 (g.not_open,                "ours: 6.4.6 4-2 updates proxies that run but are not open"),
                 (g.masters_valid,           "recalled: 60")),
         effect=(update,                     "seen: guide 6.4.6 4-2"),
         says=says_waiting, waits=waits_for_copies),
)}
# fmt: on
