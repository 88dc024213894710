"""Masters and proxies of a scenario, and the physical slices of their volumes.

`proxy_of` makes a relation: on a group, whose volumes then say which volume of the master group each
is the proxy of; or on a volume alone. Afterwards a proxy has what it takes from its master.
"""

from ...model.status import JOINED, MIRROR, RO, ROOT
from .shape import meant, shown
from .volumes import volumes_of

MOST_PSLICES = 6  # of a group (guide D.4)
WHOLE_DISK, LAST_SLICE = 2, 7

_OF_THE_MASTER = ("cylinders", "blocks", "first", "pslice")


def check_proxies(klass, say):
    """[(proxy volume, master volume, related by group?)]."""
    groups = {g["name"]: g for g in reversed(klass["groups"]) if g["name"] is not None}
    volumes = {v["name"]: (holder, v) for holder, v in reversed(volumes_of(klass)) if v["name"] is not None}
    pairs = []
    for group in klass["groups"]:
        if group["proxy_of"] is not None:
            _check_proxy_group(group, groups, say)
    for holder, volume in volumes_of(klass):
        by_group = holder.get("proxy_of") is not None
        volume["related"] = holder if by_group else volume
        _refuse_own(volume, by_group, say)
        master = _master(klass, holder, volume, by_group, groups, volumes, say)
        if master is not None:
            pairs.append((volume, master, by_group))
    _check_counterparts(klass, groups, pairs, say)
    for proxy, master, by_group in pairs:
        _inherit(proxy, master, by_group)
    for group in klass["groups"]:
        _check_pslices(klass, group, say)
    return pairs


def _check_proxy_group(group, groups, say):
    path, name = f"{group.path}.proxy_of", group["proxy_of"]
    master = groups.get(name)
    if master is None:
        say(path, f"no group {shown(name)}{meant(name, groups)}")
    elif master is group:
        say(path, "a group is not its own proxy")
    elif master["proxy_of"] is not None:
        say(path, f"'{name}' is a proxy itself")
    elif {master["type"], group["type"]} - {MIRROR, None} or master["lower"] or group["lower"]:
        say(path, "master and proxy are mirror groups that are in no other group")


def _refuse_own(volume, by_group, say):
    """A proxy does not say itself what it has from its master; elsewhere it lies where it likes."""
    for key in _OF_THE_MASTER if volume["proxy_of"] is not None else ():
        if volume[key] is not None and (by_group or key != "first"):
            say(f"{volume.path}.{key}", "a proxy has that of its master")
            volume[key] = None


def _master(klass, holder, volume, by_group, groups, volumes, say):
    """The master volume of a proxy; None for other volumes, or after a complaint."""
    path, name = f"{volume.path}.proxy_of", volume["proxy_of"]
    if "proxy_of" in volume.wrong or (by_group and name is None):
        volume["proxy_of"] = ""  # a proxy, though of nobody knows what
        if name is None and "proxy_of" not in volume.wrong:
            say(path, "missing: all volumes of a proxy group are proxies")
        return None
    if name is None:
        return None
    if name not in volumes:
        return say(path, f"no volume {shown(name)}{meant(name, volumes)}")
    where, master = volumes[name]
    if by_group and where is not groups.get(holder["proxy_of"]):
        return say(path, f"'{name}' is not in {shown(holder['proxy_of'])}, whose proxy the group is")
    if not by_group and klass["type"] == ROOT:
        return say(path, "in a root class groups are proxies, not single volumes")
    if not by_group and where is holder:
        return say(path, "master and proxy are in different groups")
    if master["proxy_of"] is not None:
        return say(path, f"'{name}' is a proxy itself")
    return master


def _check_counterparts(klass, groups, pairs, say):
    """In a proxy group every volume of the master group has exactly one proxy."""
    of_groups = {}
    for proxy, master, by_group in pairs:
        if by_group:
            of_groups.setdefault(id(proxy["related"]), []).append((proxy, master))
    for group in klass["groups"]:
        master_group = groups.get(group["proxy_of"])
        if master_group is None or master_group is group or "volumes" in group.wrong:
            continue
        taken = {}
        for proxy, master in of_groups.get(id(group), ()):
            name = master["name"]
            if name in taken:
                say(f"{proxy.path}.proxy_of", f"'{name}' has the proxy {taken[name]} already")
            taken.setdefault(name, proxy.path)
        named = {volume["proxy_of"] for volume in group["volumes"]}
        for master in master_group["volumes"]:
            if master["name"] is not None and not named & {master["name"], ""}:
                say(f"{group.path}.volumes", f"no volume is the proxy of {shown(master['name'])}")


def _inherit(proxy, master, by_group):
    """What Join gives a proxy: as the master, but for the mode (guide 6.4.6 5-1 supposes ro)."""
    if by_group:
        proxy["pslice"] = master["pslice"]
    if proxy["jrm"] is None:
        proxy["jrm"] = master["jrm"]
    proxy["mode"] = proxy["mode"] or RO
    proxy["wear"] = proxy["wear"] or master["wear"]
    proxy["joined"] = proxy["related"]["relation"] == JOINED


def _check_pslices(klass, group, say):
    taken, root = {}, klass["type"] == ROOT
    have = [volume for volume in group["volumes"] if volume["pslice"] is not None]
    if len(have) > MOST_PSLICES:
        many = f"{len(have):,} with a physical slice are too many"
        say(f"{group.path}.volumes", f"{many}, {MOST_PSLICES} is the most")
    for volume in group["volumes"]:
        number, path = volume["pslice"], f"{volume.path}.pslice"
        if volume["proxy_of"] is not None:
            continue
        if number is None:
            if root and "pslice" not in volume.wrong:
                say(path, "missing: volumes of a root class have a physical slice")
        elif number > LAST_SLICE:
            say(path, f"{number:,} is no physical slice, they are 0 to {LAST_SLICE}")
        elif number == WHOLE_DISK:
            say(path, f"{WHOLE_DISK} is the whole disk")
        elif number in taken:
            say(path, f"{number} is the physical slice of {taken[number]} already")
        else:
            taken[number] = volume.path
