"""What goes together: for a form, operands that suit one another and the lab as it is.

`typist` picks each operand by itself, and somebody who does only that is refused most of the time: a group
and a disk of another one, two groups that cannot be connected, a proxy that is no match for its master. A
function here answers with {letter: value} of operands that belong together, or None when the lab has nothing
for the form. Nothing here says whether the command will succeed: that is the rules' business.
"""

from sdxsim.model.queries import (
    above,
    group_related,
    holder_of,
    lower_groups,
    related,
    relation_of_volume,
    sees,
    volumes_of_group,
    volumes_on,
)
from sdxsim.model.status import (
    CONCAT,
    INVALID,
    JOINED,
    KEEP,
    MIRROR,
    PARTED,
    SINGLE,
    SPARE,
    STRIPE,
    SWITCH,
    TEMP,
    TEMP_STOP,
    UNDEF,
)


def operands(form_id, typist):
    """{letter: value} of what belongs together, {} when operands are independent, None when there is nothing."""
    found = _SENSE.get(form_id) or _SENSE.get(form_id.partition(".")[0])
    if found is None:
        return {}
    return None if typist.klass is None else found(typist, typist.klass)


# -- disks and groups ---------------------------------------------------------------------------------------------


def _free_disks(klass):
    return [d for d in klass.disks.values() if d.group is None and d.type != SPARE]


def _tops(klass):
    lower = lower_groups(klass)
    return [g for g in klass.groups.values() if g.name not in lower]


def _disk_connect(typist, klass):
    rng, free = typist.rng, _free_disks(klass)
    keep = [d for d in free if d.type == KEEP]
    plain = [d.name for d in free if d.type == UNDEF]
    first = rng.choice(keep or [d for d in free if d.type == SINGLE] or [None]) if rng.random() < 0.3 else None
    growing = [g for g in klass.groups.values() if g.type in (MIRROR, CONCAT)
               or (g.type == STRIPE and not volumes_of_group(klass, g.name))]  # fmt: skip
    if first is None and plain and growing and rng.random() < 0.4:
        return {"g": rng.choice(growing).name, "d": rng.choice(plain)}
    if first is None and not plain:
        return None
    some = rng.sample(plain, min(len(plain), rng.randint(0 if first else 1, 2)))
    made = {"g": typist.new_name(), "d": ",".join([first.name, *some] if first else some)}
    if first is not None and first.type == KEEP:
        return {**made, "v": typist.kept(first)}
    type = rng.choice((MIRROR, STRIPE, CONCAT, SWITCH))
    if klass.type == "root" or type == MIRROR:
        return made
    more = {STRIPE: ",width=64", SWITCH: f",actdisk={made['d'].partition(',')[0]}"}
    return {**made, "a": f"type={type}" + (more.get(type, "") if rng.random() < 0.5 else "")}


def _disk_disconnect(typist, klass):
    groups = [g for g in klass.groups.values() if g.members[-1] in klass.disks and not group_related(klass, g.name)]
    spacious = [g for g in groups if len(g.members) > 1] or groups
    if not groups:
        return None
    group = typist.rng.choice(spacious if typist.rng.random() < 0.7 else groups)
    return {"g": group.name, "d": group.members[-1]}


def _group_connect(typist, klass):
    lower = [g for g in _tops(klass) if g.type != MIRROR and not volumes_of_group(klass, g.name)]
    if not lower:
        return None
    rng = typist.rng
    chosen = rng.sample(lower, min(len(lower), rng.randint(1, 2)))
    higher = [g.name for g in _tops(klass) if g not in chosen and any(m in klass.groups for m in g.members)]
    if higher and rng.random() < 0.4:
        return {"h": rng.choice(higher), "l": chosen[0].name}
    type = {SWITCH: (CONCAT,), CONCAT: (MIRROR, STRIPE), STRIPE: (MIRROR,)}[chosen[0].type]
    type = rng.choice(type)
    given = {} if type == MIRROR else {"a": f"type={type}"}
    return {"h": typist.new_name(), "l": ",".join(g.name for g in chosen), **given}


def _group_disconnect(typist, klass):
    found = [g for g in klass.groups.values() if g.members[-1] in klass.groups]
    if not found:
        return None
    group = typist.rng.choice(found)
    return {"h": group.name, "l": group.members[-1]}


def _group_remove(typist, klass):
    empty = [g.name for g in _tops(klass) if not volumes_of_group(klass, g.name)]
    return {"g": typist.rng.choice(empty)} if empty else None


def _attr_group(typist, klass):
    rng = typist.rng
    switches = [g for g in klass.groups.values() if g.type == SWITCH and len(g.members) > 1]
    if switches and rng.random() < 0.5:
        group = rng.choice(switches)
        return {"g": group.name, "a": f"actdisk={rng.choice(group.members)}"}
    still = [g.name for g in _tops(klass) if not any(v.started for v in volumes_of_group(klass, g.name))]
    return {"g": rng.choice(still), "a": f"name={typist.new_name()}"} if still else None


# -- volumes and slices -------------------------------------------------------------------------------------------


def _volume_make(typist, klass):
    rng = typist.rng
    masters = {name for r in klass.relations for name in (r.master, r.proxy)}
    groups = [g.name for g in _tops(klass) if g.name not in masters]
    singles = [d.name for d in klass.disks.values() if d.type == SINGLE and d.group is None]
    if not groups and not singles:
        return None
    where = {"g": rng.choice(groups)} if groups and (not singles or rng.random() < 0.7) else {"d": rng.choice(singles)}
    where |= {"v": typist.new_name(), "s": rng.choice(("1", "40000", "1048576"))}
    return where | ({"a": f"jrm={rng.choice(('on', 'off'))}"} if rng.random() < 0.3 else {})


def _volume_resize(typist, klass):
    found = [v for v in klass.volumes.values() if len(v.slices) == 1 and not related(klass, v.name)]
    if not found:
        return None
    volume = typist.rng.choice(found)
    return {"v": volume.name, "s": str(volume.blocks + typist.rng.choice((1, 100_000)))}


def _slice_make(typist, klass):
    found = [(s.member, v.name) for v in klass.volumes.values() if v.pslice and len(v.slices) > 1
             for s in v.slices if s.member in klass.disks and s.status in ("ACTIVE", "STOP")]  # fmt: skip
    return dict(zip("dv", typist.rng.choice(found), strict=True)) if found else None


def _detached(klass, wanted=(TEMP, TEMP_STOP)):
    return [(s, v) for v in klass.volumes.values() for s in v.slices if s.status in wanted]


def _slice_remove(typist, klass):
    found = [(s.member, v.name) for s, v in _detached(klass) if s.owner == typist.node] or None
    if found is None:
        return None
    member, volume = typist.rng.choice(found)
    return {"s": f"{member}.{volume}"} if typist.rng.random() < 0.5 else {"d": member, "v": volume}


def _slice_take(typist, klass):
    found = [f"{s.member}.{v.name}" for s, v in _detached(klass)] if klass.type == "shared" else []
    return {"s": typist.rng.choice(found)} if found else None


def _fix_volume(typist, klass):
    found = [(s.member, v.name) for v in klass.volumes.values() if not v.valid
             for s in v.slices if s.status == INVALID]  # fmt: skip
    if not found:
        return None
    member, volume = typist.rng.choice(found)
    return {"g" if member in klass.groups else "d": member, "v": volume}


# -- masters and proxies ------------------------------------------------------------------------------------------


def _mates(typist, klass, holding):
    """(master, proxy) groups or volumes that might be related; `holding`: a proxy group has its volumes already."""
    groups = [g for g in klass.groups.values() if g.type == MIRROR and not above(klass, g.name)]
    full = [g for g in groups if volumes_of_group(klass, g.name)]
    free = [g for g in groups if not group_related(klass, g.name) and bool(volumes_of_group(klass, g.name)) == holding]
    pairs = [(m.name, p.name) for m in full for p in free if m is not p and _no_proxies(klass, m.name)]
    if klass.type == "root":
        return pairs
    still = [v for v in klass.volumes.values() if holding or not v.started]
    pairs += [
        (m.name, p.name)
        for m in klass.volumes.values() if relation_of_volume(klass, m.name)[0] is None
        for p in still if m.blocks == p.blocks and holder_of(m) != holder_of(p) and not related(klass, p.name)
    ]  # fmt: skip
    return pairs


def _no_proxies(klass, group):
    return not any(relation_of_volume(klass, v.name)[0] for v in volumes_of_group(klass, group))


def _join(typist, klass):
    pairs = _mates(typist, klass, False)
    if not pairs:
        return None
    master, proxy = typist.rng.choice(pairs)
    named = [v.name for v in volumes_of_group(klass, master)] if master in klass.groups else []
    given = {"a": f"{typist.rng.choice(named)}={typist.new_name()}:on"} if named and typist.rng.random() < 0.3 else {}
    return {"m": master, "p": proxy, **given}


def _relate(typist, klass):
    pairs = _mates(typist, klass, True)
    return dict(zip("mp", typist.rng.choice(pairs), strict=True)) if pairs else None


def _proxies(state, resting=(), most=2):
    """A picker of proxies in that state; `resting`: which sides (master, proxy) have to be stopped."""

    def pick(typist, klass):
        volumes = klass.volumes
        good = [
            r.proxy for r in klass.relations
            if r.state in state and not any(volumes[getattr(p, side)].started for p in r.pairs for side in resting)
        ]  # fmt: skip
        return {"p": ",".join(typist.rng.sample(good, min(len(good), typist.rng.randint(1, most))))} if good else None

    return pick


def _root(letters):
    def pick(typist, klass):
        whole = [r for r in klass.relations if r.kind == "group" and r.state == PARTED]
        if not whole or (len(letters) == 2 and len(whole) == 1):
            return None
        masters, proxies = [r.master for r in whole], [r.proxy for r in whole]
        if len(letters) == 2:
            at = typist.rng.randrange(len(whole))
            return {"m": masters[at], "p": ",".join(p for n, p in enumerate(proxies) if n != at)}
        return {letters: ",".join(dict.fromkeys(masters if letters == "m" else proxies))}

    return pick


# -- classes and tables -------------------------------------------------------------------------------------------




def _device_instead(typist, klass):
    """A disk of the table, and a device that nothing has."""
    disks = [line.split() for line in typist.table.splitlines() if line.startswith("disk ")]
    taken = {d.device for k in typist.lab.classes.values() for d in k.disks.values() if not k.shadow}
    node = typist.lab.nodes[typist.node]
    taken |= {words[2].partition("=")[2] for words in disks}
    free = [d.name for d in typist.lab.devices.values() if d.name not in taken and sees(node, d)]
    return (typist.rng.choice(disks), typist.rng.choice(free)) if disks and free else (None, None)


def _replace_disks(typist, klass):
    words, device = _device_instead(typist, klass)
    return {"d": f"{words[1]}={device}"} if words else None


def _replace_devices(typist, klass):
    words, device = _device_instead(typist, klass)
    return {"p": f"{words[2].partition('=')[2]}={device}"} if words else None


def _of_table(kind, letter):
    def pick(typist, klass):
        names = [line.split()[1] for line in typist.table.splitlines() if line.startswith(kind + " ")]
        return {letter: typist.rng.choice(names)} if names else None

    return pick


# -- shadow objects -----------------------------------------------------------------------------------------------


def _shadow_volume(typist, klass):
    """A volume of another class that lies on the same devices in the same way, or just any."""
    rng = typist.rng
    groups = [g.name for g in _tops(klass)]
    singles = [d.name for d in klass.disks.values() if d.type == SINGLE and d.group is None]
    if not groups and not singles:
        return None
    where = {"g": rng.choice(groups)} if groups and (not singles or rng.random() < 0.7) else {"d": rng.choice(singles)}
    return where | {"v": typist.new_name(), "s": rng.choice(("1", "40000"))}


def _still(typist, klass):
    found = [v.name for v in klass.volumes.values() if not v.started]
    return {"v": typist.rng.choice(found)} if found else None


def _empty_single_or_undef(typist, klass):
    found = [d.name for d in klass.disks.values() if d.group is None and not volumes_on(klass, d.name)]
    return {"d": typist.rng.choice(found)} if found else None


_SENSE = {
    "disk.connect": _disk_connect,
    "disk.disconnect": _disk_disconnect,
    "disk.remove": _empty_single_or_undef,
    "shadowdisk.connect": _disk_connect,
    "shadowdisk.disconnect": _disk_disconnect,
    "shadowdisk.remove": _empty_single_or_undef,
    "group.connect": _group_connect,
    "group.disconnect": _group_disconnect,
    "group.remove": _group_remove,
    "shadowgroup.connect": _group_connect,
    "shadowgroup.disconnect": _group_disconnect,
    "shadowgroup.remove": _group_remove,
    "attr.group": _attr_group,
    "volume.make": _volume_make,
    "volume.resize": _volume_resize,
    "shadowvolume.make": _shadow_volume,
    "shadowvolume.remove": _still,
    "slice.make": _slice_make,
    "slice.remove": _slice_remove,
    "slice.take": _slice_take,
    "fix.volume": _fix_volume,
    "proxy.join": _join,
    "proxy.relate": _relate,
    "proxy.part": _proxies((JOINED,)),
    "proxy.swap": _proxies((JOINED,), most=1),
    "proxy.rejoin": _proxies((PARTED,), ("proxy",)),
    "proxy.rejoinrestore": _proxies((PARTED,), ("master", "proxy")),
    "proxy.restore": _proxies((PARTED,), ("master",)),
    "proxy.update": _proxies((PARTED,)),
    "proxy.root_m": _root("m"),
    "proxy.root_p": _root("p"),
    "proxy.root_mp": _root("mp"),
    "config.remove_disks": _of_table("disk", "d"),
    "config.remove_groups": _of_table("group", "g"),
    "config.replace_disks": _replace_disks,
    "config.replace_devices": _replace_devices,
}
