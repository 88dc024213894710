"""sdxproxy Restore and RejoinRestore: masters get back what their proxies hold (guide 2.2.1, 6.8.3).

Restore lets the disk array copy (OPC) and leaves the proxies parted; RejoinRestore joins them again
and copies only what changed, in whichever way it can. With -e instant the masters hold the proxies'
data at once and may be started while the copy goes on behind them.
"""

from ..model.queries import (
    copies_between,
    copies_onto,
    copies_touching,
    find_volume,
    in_use,
    proxies_of_volume,
    with_volumes,
)
from ..model.status import EC, JOINED, OPC
from ..words.parameters import delay
from . import copying, jrm
from .engine import refuses
from .image import image as content

# -- what is looked at --------------------------------------------------------------------------------------------


def sessions(asked, proxy, back=None):
    """Copies between the proxy and its master: from the master (`back` false), back to it (true), or both."""
    masters = {p.master for p in proxy.relation.pairs}
    found = [c for pair in proxy.relation.pairs for c in copies_between(asked.lab, asked.klass.name, pair)]
    return found if back is None else [c for c in found if (c.volume in masters) == back]


def masters(asked, proxy):
    """The master Volumes of the proxy."""
    return [asked.klass.volumes[p.master] for p in proxy.relation.pairs]


def image(asked, lab, volume):
    """What a copy of the volume made now holds."""
    return content(lab, asked.klass.name, volume, asked.node, asked.now)


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("object.copying")
def nothing_copies(asked, proxy):
    """Nothing is copied from or to the proxy or its master."""
    names = [name for p in proxy.relation.pairs for name in (p.proxy, p.master)]
    busy = any(copies_touching(asked.lab, asked.klass.name, name) for name in names)
    return proxy.name if busy else None


@refuses("object.copying")
def masters_unwritten(asked, proxy):
    """No master is being restored, from whichever proxy."""
    onto = [c for m in masters(asked, proxy) for c in copies_onto(asked.lab, asked.klass.name, m.name)]
    return next((c.volume for c in onto if c.source != c.volume), None)


@refuses("object.status")
def masters_writable(asked, proxy):
    """Some disk of each master can be used: else there is nothing to copy onto."""
    found = (copying.unwritable(asked.klass, volume) for volume in masters(asked, proxy))
    return next((hindrance for hindrance in found if hindrance), None)


@refuses("object.active")
def masters_stopped(asked, proxy):
    return next((v.name for v in masters(asked, proxy) if v.started), None)


@refuses("object.status")
def proxies_valid(asked, proxy):
    bad = [v.name for v in proxy.volumes if not v.valid]
    return {"object": bad[0], "status": "INVALID"} if bad else None


@refuses("proxy.joined_too")
def no_other_joined(asked, proxy):
    """No other proxy is joined to the master: it would be written too, and its own moment be lost."""
    pairs = [p for m in masters(asked, proxy) for p in proxies_of_volume(asked.klass, m.name)]
    others = [r.proxy for r, _ in pairs if r.proxy != proxy.name and r.state == JOINED]
    return others[0] if others else None


@refuses("proxy.twice")
def one_source(asked, proxy):
    """Of the proxies named, no two have the same master."""
    own = {p.master for p in proxy.relation.pairs}
    others = [r for r in asked.klass.relations if r.proxy in asked.args["proxy"] and r.proxy != proxy.name]
    return next((p.master for r in others for p in r.pairs if p.master in own), None)


@refuses("proxy.no_function")
def opc_back(asked, proxy):
    """OPC copies onto the masters, mirrored or not; there is no soft copy instead (guide A.2.23)."""
    klass = asked.klass
    possible = [
        copying.has_opc(asked.lab, klass, klass.volumes[p.proxy], klass.volumes[p.master], restore=True)
        for p in proxy.relation.pairs
    ]
    return None if all(possible) else proxy.name


@refuses("proxy.no_function")
def opc_forth(asked, proxy):
    """OPC words never fall back to a soft copy (guide A.2.23)."""
    return None if _opc_forth(asked, proxy) else proxy.name


def _opc_forth(asked, proxy):
    volumes = asked.klass.volumes
    return all(
        copying.has_opc(asked.lab, asked.klass, volumes[p.master], volumes[p.proxy]) for p in proxy.relation.pairs
    )


@refuses("object.copying")
def equal_or_going_on(asked, proxy):
    """Equal; or, with -e instant, the rest of the copy can go on as OPC background copy (recalled: 60)."""
    if not sessions(asked, proxy, back=False):
        return None
    return None if "instant" in asked.options and _opc_forth(asked, proxy) else proxy.name


@refuses("object.copying")
def free_to_break(asked, proxy):
    """No copy under way in either direction, or its loss accepted: force (to the proxy), restore (back)."""
    if sessions(asked, proxy, back=False) and "force" not in asked.options:
        return proxy.name
    return proxy.name if sessions(asked, proxy, back=True) and "restore" not in asked.options else None


@refuses("object.in_use")
def unfinished_closed(asked, proxy):
    """No volume is open that the end of its copy would leave INVALID."""
    written = [c.volume for c in sessions(asked, proxy)]
    return next((name for name in written if in_use(asked.lab, asked.klass.name, name)), None)


@refuses("proxy.no_session")
def in_session(asked, proxy):
    """A session exists that Cancel can end: a copy by the array, or one that keeps the two together."""
    kept = any(pair.session for pair in proxy.relation.pairs)
    return None if kept or sessions(asked, proxy) else proxy.name


@refuses("join.type")
def can_be_joined(asked, proxy):
    """Both of type mirror or single: what Relate may relate besides is for OPC only (guide A.1.11)."""
    for pair in proxy.relation.pairs:
        for name in (pair.master, pair.proxy):
            group = asked.klass.groups.get(asked.klass.volumes[name].group)
            if group and group.type != "mirror":
                return name
    return None


# -- effects ------------------------------------------------------------------------------------------------------


def restore(asked, targets):
    """OPC copies whole proxies back; the masters hold their data at once, and may be used if it was `instant`."""
    lab, klass = asked.lab, asked.klass.name
    instant = "instant" in asked.options
    for proxy in targets:
        for pair in proxy.relation.pairs:
            source, held = find_volume(lab, klass, pair.proxy), find_volume(lab, klass, pair.master)
            # the source is not mounted: what it holds is consistent
            master = held._replace(data=source.data, valid=True)
            lab = with_volumes(lab, klass, [master])
            lab = copying.begin(
                lab, klass, pair.proxy, pair.master, master.blocks, asked.now, OPC,
                background=instant, purpose="restore", under=held.data,
            )  # fmt: skip
        lab = jrm.forget(lab, klass, _siblings(lab, klass, proxy))
    return lab


def _siblings(lab, class_name, proxy):
    """The other proxies of its masters: what is new on a master they do not know."""
    klass = lab.classes[class_name]
    pairs = [p for own in proxy.relation.pairs for _, p in proxies_of_volume(klass, own.master)]
    return {p.proxy for p in pairs} - {p.proxy for p in proxy.relation.pairs}


def rejoin_restore(asked, targets):
    """Joins and copies back what changed since Part, or everything when that is not known."""
    lab, klass = asked.lab, asked.klass.name
    instant = "instant" in asked.options
    soft = instant or "softcopy" in asked.options  # the array's background copy, OPC, knows no changed blocks
    for proxy in targets:
        pairs = []
        for pair in proxy.relation.pairs:
            master, source = find_volume(lab, klass, pair.master), find_volume(lab, klass, pair.proxy)
            blocks = jrm.changed(lab, klass, pair, asked.now) if master.valid else master.blocks
            engine = copying.join_engine(lab, lab.classes[klass], pair, master, soft)
            if instant:
                lab = with_volumes(lab, klass, [master._replace(data=source.data, valid=True)])
            lab = jrm.written(lab, klass, pair.master, blocks)
            lab = copying.begin(
                lab, klass, pair.proxy, pair.master, blocks, asked.now, engine,
                delay(asked.node, asked.options, "proxy_copy_delay"), background=instant, purpose="rejoinrestore",
                under=master.data if instant else None,
            )  # fmt: skip
            pairs.append(pair._replace(tracking=None, session=engine if engine == EC else ""))
        joined = proxy.relation._replace(state=JOINED, pairs=tuple(pairs))
        lab = jrm.with_relation(lab, klass, proxy.relation, joined)
    return lab
