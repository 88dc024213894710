"""sdxproxy Swap: the slices of a master and its proxy change places, and nothing else (guide 2.2.1).

Names, attributes, statuses, special files and mounts stay with the volumes; group, area and physical
slice go with the slices. No data is copied: joined and equal, both sides hold the same.
"""

from ..model.queries import find_volume, holder_of, proxies_of_volume, with_class, with_volumes
from ..model.status import ACTIVE, COPY, ROOT, STOP, TEMP, TEMP_STOP, VALID
from .engine import refuses

# -- guards -------------------------------------------------------------------------------------------------------


@refuses("class.is_root")
def not_root_class(asked, _):
    return {"class": asked.klass.name} if asked.klass.type == ROOT else None


@refuses("object.copying")
def settled(asked, proxy):
    """No slice on either side is being written, by whatever copy."""
    volumes = [asked.klass.volumes[name] for p in proxy.relation.pairs for name in (p.master, p.proxy)]
    return next((v.name for v in volumes if any(s.status == COPY for s in v.slices)), None)


@refuses("proxy.session")
def without_session(asked, proxy):
    return proxy.name if any(pair.session for pair in proxy.relation.pairs) else None


@refuses("object.status")
def none_detached(asked, proxy):
    """No slice on either side is detached: its name says where it lies."""
    for pair in proxy.relation.pairs:
        for name in (pair.master, pair.proxy):
            away = [s.status for s in asked.klass.volumes[name].slices if s.status in (TEMP, TEMP_STOP)]
            if away:
                return {"object": name, "status": away[0]}
    return None


@refuses("object.related")
def others_elsewhere(asked, proxy):
    """No other proxy of the master lies where the master would go (guide A.1.11: different groups)."""
    klass = asked.klass
    for pair in proxy.relation.pairs:
        new = holder_of(klass.volumes[pair.proxy])
        for _, other in proxies_of_volume(klass, pair.master):
            if other.proxy != pair.proxy and holder_of(klass.volumes[other.proxy]) == new:
                return other.proxy
    return None


# -- effect -------------------------------------------------------------------------------------------------------


def _placed(volume, place):
    """`volume` with the slices of `place`; good slices show what the volume is: running or at rest."""
    status = ACTIVE if volume.started else STOP
    slices = tuple(s._replace(status=status) if s.status in VALID else s for s in place.slices)
    return volume._replace(
        group=place.group, first=place.first, slices=slices, pslice=place.pslice, number=place.number
    )


def swap(asked, targets):
    """Changes the places of every pair; of two groups, the one that now holds the masters is the master."""
    (proxy,), lab, class_name = targets, asked.lab, asked.klass.name
    for pair in proxy.relation.pairs:
        one, other = find_volume(lab, class_name, pair.master), find_volume(lab, class_name, pair.proxy)
        lab = with_volumes(lab, class_name, [_placed(one, other), _placed(other, one)])
    return lab if proxy.relation.kind == "volume" else _groups_renamed(lab, class_name, proxy.relation)


def _groups_renamed(lab, class_name, swapped):
    """The relations with the two groups' names in each other's places."""
    klass = lab.classes[class_name]
    names = {swapped.master: swapped.proxy, swapped.proxy: swapped.master}
    relations = tuple(
        r._replace(master=names.get(r.master, r.master), proxy=names.get(r.proxy, r.proxy)) if r.kind == "group" else r
        for r in klass.relations
    )
    return with_class(lab, klass._replace(relations=relations))
