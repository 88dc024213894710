"""sdxproxy Relate: a master and a proxy that have their volumes already, for the disk array's OPC to copy.

Nothing is copied and nothing changes but that the two are related, parted (recalled: 85).
Preconditions: guide A.1.11.
"""

from ..model.queries import with_class
from ..model.records import Pair, Relation
from ..model.status import CONCAT, MIRROR, PARTED, SINGLE, STRIPE
from .engine import refuses


def _by_offset(volumes):
    return sorted(volumes, key=lambda volume: volume.first)


def matched(match):
    """[(master volume, proxy volume)]: in groups those at the same place belong together."""
    return list(zip(_by_offset(match.masters), _by_offset(match.proxies), strict=False))


def _group(asked, side, by_group):
    """The Group that holds a side of the relation, None for a single disk."""
    return side if by_group else asked.klass.groups.get(side.group)


def _kind(asked, side, by_group):
    group = _group(asked, side, by_group)
    return group.type if group else SINGLE


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("join.empty")
def proxy_holds_volumes(asked, match):
    return None if match.proxies else asked.args["proxy"]


@refuses("relate.lower")
def no_lower_groups(asked, match):
    """OPC is not possible with lower level groups (guide A.1.11)."""
    for side in (match.master, match.proxy):
        group = _group(asked, side, match.by_group)
        if group and any(member in asked.klass.groups for member in group.members):
            return group.name
    return None


@refuses("relate.type")
def types_go_together(asked, match):
    """Mirror or single with mirror or single, stripe with stripe, concat with concat (guide A.1.11)."""
    master, proxy = (_kind(asked, side, match.by_group) for side in (match.master, match.proxy))
    alike = {MIRROR: (MIRROR, SINGLE), SINGLE: (MIRROR, SINGLE), STRIPE: (STRIPE,), CONCAT: (CONCAT,)}
    return None if proxy in alike.get(master, ()) else match.proxy.name


@refuses("relate.width")
def stripes_alike(asked, match):
    """Stripes have the same width and as many columns (guide A.1.11)."""
    master, proxy = (_group(asked, side, match.by_group) for side in (match.master, match.proxy))
    if not (master and proxy) or master.type != STRIPE:
        return None
    alike = (master.width, len(master.members)) == (proxy.width, len(proxy.members))
    return None if alike else match.proxy.name


@refuses("relate.mirrored")
def proxy_not_mirrored(asked, match):
    """A proxy volume related by itself has one slice (guide A.1.11)."""
    return match.proxy.name if not match.by_group and len(match.proxy.slices) > 1 else None


@refuses("relate.layout")
def places_equal(asked, match):
    """The volumes of both groups have the same offsets and sizes (guide A.1.11, in the Linux editions)."""
    if not match.by_group:
        return None
    places = [[(v.first, v.blocks) for v in _by_offset(side)] for side in (match.masters, match.proxies)]
    return None if places[0] == places[1] else match.proxy.name


@refuses("join.slices")
def slices_enough(asked, match):
    """As Join's, with the slices that the proxies have (recalled: 65)."""
    klass = asked.klass
    for master, proxy in matched(match):
        others = [klass.volumes[p.proxy] for r in klass.relations for p in r.pairs if p.master == master.name]
        if sum(len(v.slices) for v in (master, proxy, *others)) > 32:
            return master.name
    return None


# -- effect -------------------------------------------------------------------------------------------------------


def relate(asked, targets):
    """Makes the pair known, parted; without a record of changes, for the two were never equal."""
    (match,), klass = targets, asked.klass
    pairs = tuple(Pair(master.name, proxy.name) for master, proxy in matched(match))
    kind = "group" if match.by_group else "volume"
    relation = Relation(asked.args["master"], asked.args["proxy"], kind, PARTED, pairs)
    return with_class(asked.lab, klass._replace(relations=(*klass.relations, relation)))
