"""sdxproxy Join: which master and proxy may be related, and how the proxy comes about.

Preconditions: guide A.1.11; commands.md 2.2 and 2.4.
"""

from ..model.names import NAME_LENGTH
from ..model.queries import can_have_pslice, holder_of, proxies_of_volume, related, with_class
from ..model.queries import copying as is_copying
from ..model.records import Pair, Relation, Volume
from ..model.sizes import taken_to
from ..model.status import EC, MIRROR, RO, ROOT, SINGLE, TEMP, TEMP_STOP
from ..words.parameters import delay
from . import copying, jrm, mirror, targets
from .engine import refuses

MOST_SLICES = 32  # of a master volume and all its proxies (recalled: 65)


def _names(asked):
    """{master volume: (proxy volume, jrm, pslice or None)} for a Join by group.

    A volume that -a leaves out is called MVOL_PROXYGROUP, jrm on (ours: the product's habit is unknown).
    """
    given = dict(asked.args.get("a", []))
    (match,), named = targets.match(asked), {}
    possible = can_have_pslice(asked.klass, match.proxy)
    for master in match.masters:
        pvol, jrm, *pslice = given.get(master.name, [f"{master.name}_{asked.args['proxy']}", "on"])
        named[master.name] = (pvol, jrm == "on", pslice[0] == "on" if pslice else master.pslice and possible)
    return named


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("join.same")
def different(asked, match):
    return asked.args["proxy"] if asked.args["proxy"] == asked.args["master"] else None


@refuses("join.kinds")
def of_one_kind(asked, match):
    return None if match.by_group == (asked.args["proxy"] in asked.klass.groups) else asked.args["proxy"]


@refuses("join.by_group")
def by_group_in_root_class(asked, match):
    return asked.args["proxy"] if asked.klass.type == ROOT and not match.by_group else None


@refuses("object.related")
def unrelated(asked, match):
    """The master is no proxy; the proxy is neither proxy nor master (no chains, guide A.1.11)."""
    klass = asked.klass
    for relation in klass.relations:
        if asked.args["master"] == relation.proxy or asked.args["proxy"] in (relation.proxy, relation.master):
            return asked.args["master"] if asked.args["master"] == relation.proxy else asked.args["proxy"]
    if not match.by_group:
        master, proxy = match.masters[0].name, match.proxies[0].name
        if any(p.proxy == master for r in klass.relations for p in r.pairs):
            return master
        return proxy if related(klass, proxy) else None
    return None


@refuses("object.related")
def volumes_unrelated(asked, match):
    """Nor in groups: no volume is a proxy by itself, and none of the proxy group a master."""
    pairs = [p for r in asked.klass.relations for p in r.pairs]
    taken = {p.proxy for p in pairs}
    both = taken | {p.master for p in pairs}
    bad = [v.name for v in match.masters if v.name in taken] + [v.name for v in match.proxies if v.name in both]
    return bad[0] if bad else None


@refuses("join.type")
def mirror_or_single(asked, match):
    for volume_or_group in (match.master, match.proxy):
        if match.by_group and volume_or_group.type not in (MIRROR, SINGLE):
            return volume_or_group.name
        if not match.by_group and volume_or_group.group:
            group = asked.klass.groups[volume_or_group.group]
            if group.type not in (MIRROR, SINGLE):
                return volume_or_group.name
    return None


@refuses("join.together")
def different_groups(asked, match):
    """Volumes of one group, or of one single disk, are not master and proxy of each other (guide A.1.11)."""
    same = not match.by_group and holder_of(match.master) == holder_of(match.proxy)
    return match.proxy.name if same else None


@refuses("join.empty")
def master_holds_volumes(asked, match):
    return None if match.masters else asked.args["master"]


@refuses("join.full")
def proxy_group_empty(asked, match):
    return asked.args["proxy"] if match.by_group and match.proxies else None


@refuses("object.status")
def masters_valid(asked, match):
    bad = [v.name for v in match.masters if not v.valid]
    return {"object": bad[0], "status": "INVALID"} if bad else None


@refuses("object.copying")
def nothing_copies(asked, match):
    return next((v.name for v in (*match.masters, *match.proxies) if is_copying(v)), None)


@refuses("object.status")
def none_detached(asked, match):
    """No slice of a master is detached (recalled: 60)."""
    away = [(v.name, s.status) for v in match.masters for s in v.slices if s.status in (TEMP, TEMP_STOP)]
    return {"object": away[0][0], "status": away[0][1]} if away else None


@refuses("object.status")
def proxy_writable(asked, match):
    """Some disk that the proxy lies on, or will, can be used: else there is nothing to copy onto."""
    klass = asked.klass
    for master in match.masters:
        to = _counterpart(klass, master, match.proxy, "", True, True) if match.by_group else match.proxy
        hindrance = copying.unwritable(klass, to)
        if hindrance:
            return hindrance
    return None


@refuses("object.active")
def proxy_stopped(asked, match):
    return next((v.name for v in match.proxies if v.started), None)


@refuses("join.size")
def sizes_equal(asked, match):
    if match.by_group or match.master.blocks == match.proxy.blocks:
        return None
    return match.proxy.name


@refuses("join.small")
def room_enough(asked, match):
    """The proxy group holds the master's last block, private area and all."""
    if not match.by_group:
        return None
    return match.proxy.name if taken_to(match.master, match.masters) > match.proxy.blocks else None


@refuses("join.slices")
def slices_enough(asked, match):
    added = len(match.proxy.members) if match.by_group else len(match.proxy.slices)
    for master in match.masters:
        taken = [asked.klass.volumes[p.proxy] for _, p in proxies_of_volume(asked.klass, master.name)]
        if len(master.slices) + sum(len(v.slices) for v in taken) + added > MOST_SLICES:
            return master.name
    return None


@refuses("object.unknown")
def named_masters_known(asked, match):
    """-a names volumes of the master group, in a Join by group."""
    masters = {v.name for v in match.masters} if match.by_group else set()
    return next((name for name, _ in asked.args.get("a", []) if name not in masters), None)


@refuses("device.named_twice")
def masters_named_once(asked, match):
    """-a has one entry for a master volume."""
    named = [name for name, _ in asked.args.get("a", [])]
    return next((name for name in named if named.count(name) > 1), None)


@refuses("name.long")
def names_short(asked, match):
    long = [n for n, *_ in _names(asked).values() if len(n) > NAME_LENGTH] if match.by_group else []
    return {"string": long[0]} if long else None


@refuses("object.taken")
def names_free(asked, match):
    klass, seen = asked.klass, set()
    for name, *_ in _names(asked).values() if match.by_group else ():
        if name in seen or name in klass.volumes or name in klass.groups or name in klass.disks:
            return name
        seen.add(name)
    return None


@refuses("volume.no_pslice")
def pslices_possible(asked, match):
    if not match.by_group or can_have_pslice(asked.klass, match.proxy):
        return None
    return next((name for name, _, pslice in _names(asked).values() if pslice), None)


@refuses("volume.pslice")
def pslices_allowed(asked, match):
    if not match.by_group or asked.klass.type != ROOT:
        return None
    return next((name for name, _, pslice in _names(asked).values() if not pslice), None)


# fmt: off
GUARDS = (
    (different,              "seen: guide A.1.11"),
    (of_one_kind,            "seen: guide 2.2.1"),
    (by_group_in_root_class, "seen: Linux guides 2.3.12; ours: that Solaris has it too"),
    (unrelated,              "seen: guide A.1.11, no chains"),
    (different_groups,       "seen: guide A.1.11"),
    (volumes_unrelated,      "seen: guide A.1.11, no chains"),
    (mirror_or_single,       "seen: guide A.1.11"),
    (master_holds_volumes,   "ours: the condition is inferred"),
    (proxy_group_empty,      "recalled: 85"),
    (masters_valid,          "recalled: 60"),
    (nothing_copies,         "recalled: 60"),
    (none_detached,          "recalled: 60"),
    (proxy_writable,         "ours: the condition is inferred"),
    (proxy_stopped,          "recalled: 85"),
    (sizes_equal,            "recalled: 80 (title seen, Linux 4.2)"),
    (room_enough,            "recalled: 80 (title seen, Linux 4.2)"),
    (slices_enough,          "recalled: 65"),
    (named_masters_known,    "ours"),
    (masters_named_once,     "recalled: 60"),
    (names_short,            "seen: guide A.1.1"),
    (names_free,             "seen: guide A.1.1"),
    (pslices_possible,       "recalled: 75"),
    (pslices_allowed,        "ours: root classes have no logical partitioning (seen, A.2.9)"),
)
# fmt: on

# -- effect -------------------------------------------------------------------------------------------------------


def join(asked, named):
    """Relates the two and copies everything; a proxy group's volumes are made, where the master's are.

    Made volumes are stopped, mode ro (inferred: 75, 6.4.6 5-1 exists because they may be), unlocked.
    """
    (match,), lab, klass = named, asked.lab, asked.klass
    options, kind = asked.options, "group" if match.by_group else "volume"
    if match.by_group:
        made = [_counterpart(klass, v, match.proxy, *_names(asked)[v.name]) for v in match.masters]
        proxy = match.proxy._replace(private=match.master.private)  # the same layout (guide 2.2.1)
        klass = klass._replace(
            volumes={**klass.volumes, **{v.name: v for v in made}}, groups={**klass.groups, proxy.name: proxy}
        )
        pairs = tuple(Pair(m.name, p.name) for m, p in zip(match.masters, made, strict=True))
    else:
        pairs = (Pair(match.master.name, match.proxy.name),)
    relation = Relation(asked.args["master"], asked.args["proxy"], kind, pairs=pairs)
    lab = with_class(lab, klass._replace(relations=(*klass.relations, relation)))
    for pair in pairs:
        klass = lab.classes[klass.name]
        volume = klass.volumes[pair.proxy]
        engine = copying.join_engine(lab, klass, pair, volume, "softcopy" in options)
        pause = 0 if engine == EC else delay(asked.node, options, "proxy_copy_delay")
        lab = copying.begin(lab, klass.name, pair.master, pair.proxy, volume.blocks, asked.now, engine, pause)
        if engine == EC:
            lab = jrm.with_pairs(lab, klass.name, relation, {pair.proxy: pair._replace(session=EC)})
            relation = lab.classes[klass.name].relations[-1]
    return lab


def _counterpart(klass, master, group, name, jrm, pslice):
    return Volume(
        name,
        group.name,
        master.first,
        master.blocks,
        tuple(mirror.blank(klass, member) for member in group.members),
        mode=RO,
        jrm=jrm,
        pslice=pslice,
        number=master.number if pslice else None,
        wear=master.wear,
    )


