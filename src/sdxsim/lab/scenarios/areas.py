"""How the volumes of a scenario lie in their groups: sizes worked out, and complaints where they cannot be.

Root classes count in cylinders, with the private area directly behind the last volume; other classes
in units of 32,768 blocks behind a private area of 65,536 (the arithmetic is `model.sizes`').
Every volume gets `first` and `blocks`, every group `total`, `unit` and `areas` (the private ones);
None stays where something was wrong before. Volumes lie at multiples of `step`.
"""

from ...model.sizes import PRIVATE_BLOCKS, UNIT, group_blocks, group_unit, private_blocks, round_up
from ...model.status import ROOT, SINGLE, STRIPE
from .shape import given, shown


def lay_out(klass, devices, pairs, say):
    """Works out all areas of a class. `pairs`: [(proxy volume, master volume, related by group?)]."""
    klass["private"] = _private_blocks(klass, devices)
    if klass["type"] is None:
        return
    holders = [*_measured_groups(klass, devices), *_measured_disks(klass, devices)]
    for holder in holders:
        for volume in holder["volumes"]:
            if volume["proxy_of"] is None:
                volume["blocks"] = _size(volume, holder, say)
    for proxy, master, _ in pairs:
        proxy["blocks"] = master["blocks"]
    for holder in holders:
        if not holder.get("proxy_of"):
            _place(klass, holder, say)
    for proxy, master, by_group in pairs:
        if by_group:
            proxy["first"] = master["first"]
            proxy["blocks"] = None if master["first"] is None else master["blocks"]
    for holder in holders:
        if holder.get("proxy_of"):
            _place(klass, holder, say)


# -- how much there is ---------------------------------------------------------------------------------------


def _measured_groups(klass, devices):
    """The groups, each with the `total` of its blocks, its `unit` and the size of its `cylinder`."""
    disks, groups = {disk["name"]: disk for disk in klass["disks"]}, {}
    for group in klass["groups"]:
        lower = [groups.get(name) or _device(disks.get(name), devices) for _, name in given(group["members"])]
        known = bool(lower) and all(lower)
        group["cylinder"] = lower[0]["cylinder"] if known else None
        group["step"] = group["cylinder"] if klass["type"] == ROOT else UNIT
        group["unit"] = group["step"] and _unit(group, lower)
        sizes = [_whole(group, member) for member in lower] if known else [None]
        group["total"] = None if None in sizes or not group["unit"] else _total(klass, group, sizes)
        groups[group["name"]] = {key: group[key] for key in ("cylinder", "total", "unit")}
    return klass["groups"]


def _private_blocks(klass, devices):
    """Blocks of the private slice of each disk of the class: its first disk decides."""
    first = next((_device(disk, devices) for disk in klass["disks"]), None)
    if not first or not first["blocks"] or not first["cylinder"]:
        return PRIVATE_BLOCKS
    return private_blocks(klass["type"], first["blocks"], first["cylinder"])


def _width(group):
    width = group["width"] if group["type"] == STRIPE else None
    return width if width is None or width & (width - 1) == 0 else 1  # a wrong one was complained of


def _unit(group, lower):
    return group_unit(group["type"], [(m and m.get("unit")) or group["step"] for m in lower] or [1], _width(group) or 1)


def _whole(group, member):
    if "total" in member:
        return member["total"]
    blocks, step = member["blocks"], group["step"]
    return blocks and step and blocks // step * step


def _total(klass, group, sizes):
    private = min(klass["private"], *sizes)  # a disk that is smaller is all private area
    return group_blocks(group["type"], sizes, private, _width(group) or 1)


def _measured_disks(klass, devices):
    """The single disks, as groups of one."""
    single = [disk for disk in klass["disks"] if disk["type"] == SINGLE]
    for disk in single:
        device = _device(disk, devices) or {"blocks": None, "cylinder": None}
        disk["unit"], disk["step"], disk["cylinder"] = UNIT, UNIT, device["cylinder"]
        disk["total"] = device["blocks"] and device["blocks"] // UNIT * UNIT
    return single


def _device(disk, devices):
    return devices.get(disk["device"]) if disk else None


# -- what is asked for ---------------------------------------------------------------------------------------


def _size(area, holder, say):
    """Blocks of a volume or a private area, or None."""
    cylinders, blocks = area["cylinders"], area["blocks"]
    if {"cylinders", "blocks"} & area.wrong:
        return None
    if cylinders is not None and blocks is not None:
        return say(f"{area.path}.blocks", "cylinders are given too, one of the two is enough")
    if cylinders is None and blocks is None:
        return say(area.path, "needs a size: cylinders or blocks")
    if cylinders is not None:
        if not holder["cylinder"]:
            return None
        blocks = cylinders * holder["cylinder"]
    if holder["unit"] and blocks % holder["unit"]:
        key = "blocks" if cylinders is None else "cylinders"
        return say(f"{area.path}.{key}", f"{blocks:,} blocks are not a multiple of {holder['unit']:,}")
    return blocks


def _private(klass, holder, say):
    """The private area as given, else the usual one outside root classes; a lower group has none."""
    private = holder.get("private")
    if private:
        private["blocks"] = _size(private, holder, say)
    elif klass["type"] != ROOT and not holder.get("lower"):
        private = {"first": 0, "blocks": min(klass["private"], holder["total"])}
    return private


# -- where it lies -------------------------------------------------------------------------------------------


def _place(klass, holder, say):
    """Puts the areas one behind the other, but for those that say where they are."""
    holder["areas"] = ()
    if holder["total"] is None:
        return
    private = _private(klass, holder, say)
    wanted = list(holder["volumes"])
    if private:
        wanted = [*wanted, private] if klass["type"] == ROOT else [private, *wanted]
    at, placed = 0, []
    for area in wanted:
        if area["blocks"] is not None:
            at = _put(area, at, holder, placed, say)
    _complain_of_overlaps(placed, say)
    if private and any(area is private for _, _, area in placed):
        holder["areas"] = ((private["first"], private["blocks"]),)


def _put(area, at, holder, placed, say):
    """Places one area; returns where the next one goes."""
    first, blocks = area["first"], area["blocks"]
    if first is None:
        first = round_up(at, holder["step"])
    if first % holder["step"]:
        say(f"{area.path}.first", f"{first:,} is not a multiple of {holder['step']:,}")
        return at
    if first + blocks > holder["total"]:
        _complain_of_room(area, first, holder, say)
        return at
    area["first"] = first
    placed.append((first, blocks, area))
    return first + blocks


def _complain_of_room(area, first, holder, say):
    # in the words it was asked in
    by_cylinder = area["cylinders"] is not None
    unit = holder["cylinder"] if by_cylinder else 1
    key = "cylinders" if by_cylinder else "proxy_of" if area.get("proxy_of") else "blocks"
    where = "in the group" if "members" in holder else "on the disk"
    wanted, there = area["blocks"] // unit, holder["total"] // unit
    left = max(0, holder["total"] - first) // unit
    room = f"{there:,}" if wanted > there else f"{left:,} of {there:,} left"
    say(f"{area.path}.{key}", f"{wanted:,} do not fit: {room} {where}")


def _complain_of_overlaps(placed, say):
    end, longest = 0, None
    for first, blocks, area in sorted(placed, key=lambda placing: placing[:2]):
        if first < end:
            # the usual private area stands nowhere in the document
            late, early = (area, longest) if hasattr(area, "path") else (longest, area)
            name = shown(early["name"]) if early.get("name") else "the private area"
            say(late.path, f"blocks from {first:,} on overlap {name}")
        if first + blocks > end:
            end, longest = first + blocks, area
