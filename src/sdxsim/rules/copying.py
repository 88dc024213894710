"""Copy sessions: how one begins, and what time does to it.

`settle` is the state-triggered half of the rules: whoever looks, at whatever moment, a session that
is over has ended. What its slices then show is decided once, here, in `rest`.
"""

from ..model.queries import carriers, copied, ends, find_volume, up, with_volumes
from ..model.records import Copy
from ..model.status import ACTIVE, COPY, EC, ENABLE, INVALID, NOUSE, OPC, SOFT, STOP, TEMP, TEMP_STOP, VALID

BACK = ("restore", "rejoinrestore")  # purposes of copies from a proxy to its master
MOST_EC = 16  # proxies of one master that EC may copy onto (guide A.2.23)


def settle(lab, now):
    """`lab` with every session that has ended by `now` ended, in the order of their ends; and faults that were due."""
    if _eventful(lab, now):
        from .faults import settled  # seldom

        return settled(lab, now)
    over = sorted((c for c in lab.copies if ends(c) is not None and ends(c) <= now), key=ends)
    for copy in over:
        lab = finish(lab, copy)
    return lab


def _eventful(lab, now):
    """True when more may follow than copies that end: a fault is due, a device broken, a spare connected, work done."""
    if lab.faults and lab.faults[0][0] <= now:
        return True
    if lab.workload is not None:
        return True
    if any(device.trouble or not device.present for device in lab.devices.values()):
        return True
    if any(node.cut for node in lab.nodes.values()):
        return True
    return any(disk.standin for klass in lab.classes.values() for disk in klass.disks.values())


def consequences(lab, now):
    """`lab` with what follows at once from what was done: from broken devices, and which copies wait.

    The same lab when nothing does.
    """
    if not _eventful(lab, now):
        return planned(lab, now)
    from .faults import followed

    return followed(lab, now)


def planned(lab, now):
    """`lab` with a beginning for each copy of the driver: no more run at a time than sdxparam allows on their node.

    Those between masters and proxies count by themselves. The others wait in the order in which they were
    started, `since` in the future, and begin when one ends; so nothing need be done then.
    """
    here = [c for c in lab.copies if c.engine == SOFT and not c.paused and not c.interrupted]
    if len(here) < 2 and all(c.since <= now for c in here):
        return lab
    from bisect import insort

    from ..words.parameters import value

    ends_of, moved = {}, {}
    for copy in here:
        if copy.since < now:
            insort(ends_of.setdefault(_pool(lab, copy), []), ends(copy))
    for copy in here:
        if copy.since < now:
            continue
        pool = _pool(lab, copy)
        node, between = lab.nodes[pool[0]], pool[1]
        most = value(node, "proxy_copy_concurrency" if between else "copy_concurrency")
        busy = ends_of.setdefault(pool, [])
        begins = now if len(busy) < most else busy[len(busy) - most]
        if begins != copy.since:
            moved[id(copy)] = copy._replace(since=begins)
        insort(busy, ends(moved.get(id(copy), copy)))
    return lab._replace(copies=tuple(moved.get(id(c), c) for c in lab.copies)) if moved else lab


def _pool(lab, copy):
    """(the node that drives the copy, True when it is between a master and a proxy)."""
    nodes = [node.name for node in up(lab, copy.klass)] or lab.classes[copy.klass].scope
    return nodes[0], copy.source != copy.volume


def finish(lab, copy):
    """A session's end: its slices hold the source's data.

    What was usable at once (a background copy) or is a moment's image (OPC) has had its data since the start.
    """
    volume = find_volume(lab, copy.klass, copy.volume)
    resting = rest(volume, copy)
    slices = tuple(s._replace(status=resting) if s.member in copy.members else s for s in volume.slices)
    changed = volume._replace(slices=slices, valid=True)
    if copy.purpose in ("join", "rejoin", "rejoinrestore", "crash") and not copy.background:
        changed = changed._replace(data=find_volume(lab, copy.klass, copy.source).data)
    lab = with_volumes(lab, copy.klass, [changed])
    return lab._replace(copies=tuple(c for c in lab.copies if c is not copy))


def rest(volume, copy):
    """What a slice shows when a session onto it has ended.

    Within a volume, and on a master that was copied back: ACTIVE if the volume runs, else STOP (guide
    F.1.1). On a proxy: STOP, even if it is running (guide 6.4.6 5-3 shows it so in its table and says
    it in words); such slices show ACTIVE from the volume's next start.
    """
    if (copy.source == copy.volume or copy.purpose in BACK) and volume.started:
        return ACTIVE
    return STOP


def begin(
    lab, class_name, source, volume_name, blocks, now,
    engine=SOFT, delay=0, background=False, purpose="join", members=None, under=None,
):  # fmt: skip
    """Starts copying `blocks` blocks onto slices of a volume, which show COPY: its `destinations`, or `members`.

    There is one at least: `unwritable` was asked before. `under`: what the volume held, if its data are changed
    already.
    """
    volume = find_volume(lab, class_name, volume_name)
    rate = lab.soft_rate if engine == SOFT else lab.array_rate
    members = destinations(lab.classes[class_name], volume) if members is None else tuple(members)
    session = Copy(
        class_name,
        volume_name,
        source,
        members,
        blocks,
        since=now,
        rate=rate,
        delay=delay if engine == SOFT else 0,
        engine=engine,
        background=background,
        purpose=purpose,
        under=under,
    )
    slices = tuple(s._replace(status=COPY, fresh=False) if s.member in members else s for s in volume.slices)
    lab = with_volumes(lab, class_name, [volume._replace(slices=slices)])
    return lab._replace(copies=(*lab.copies, session))


def destinations(klass, volume):
    """The members that a copy onto the whole volume writes: not those detached, nor on disks out of use."""
    there = (s.member for s in volume.slices if s.status not in (TEMP, TEMP_STOP, NOUSE))
    return tuple(m for m in there if all(d.status == ENABLE for d in carriers(klass, m)))


def unwritable(klass, volume):
    """{object, status} of why a copy onto the volume would write nothing, or None: its disks are out of use."""
    if destinations(klass, volume):
        return None
    away = [d for s in volume.slices for d in carriers(klass, s.member) if d.status != ENABLE]
    return {"object": away[0].name, "status": away[0].status} if away else {"object": volume.name, "status": INVALID}


def resynchronize(lab, class_name, volume_name, members, now, delay=0, blocks=None):
    """Copies the volume from its valid slices onto those of `members` (all blocks, or `blocks`)."""
    whole = find_volume(lab, class_name, volume_name).blocks
    return begin(
        lab, class_name, volume_name, volume_name, whole if blocks is None else blocks, now,
        delay=delay, purpose="resync", members=members,
    )  # fmt: skip


def lose(lab, class_name, volume_name, members, now, status=INVALID):
    """Slices cease to hold good data: they show `status`, nothing is copied onto them any more.

    What a copy has come to by `now` stays when its last slice is lost. A volume without a valid slice, or
    one that is on its way to be, is INVALID and stopped (guide F.1.3). Copies that read it are the caller's.
    """
    copies, before = [], lab
    for copy in before.copies:
        if copy.klass == class_name and copy.volume == volume_name and set(copy.members) & set(members):
            left = tuple(m for m in copy.members if m not in members)
            lab = lab if left else cut_off(lab, copy, now)
            copies += [copy._replace(members=left)] if left else []
        else:
            copies.append(copy)
    volume = find_volume(lab, class_name, volume_name)
    slices = tuple(s._replace(status=status) if s.member in members else s for s in volume.slices)
    valid = any(s.status in VALID for s in slices) or (volume.valid and any(s.status == COPY for s in slices))
    changed = volume._replace(slices=slices, valid=valid, started=volume.started if valid else {})
    return with_volumes(lab._replace(copies=tuple(copies)), class_name, [changed])


def cut_off(lab, copy, now):
    """`lab` with the volume holding what a copy has come to by `now`: old and new, if nothing but the copy is on it."""
    volume = find_volume(lab, copy.klass, copy.volume)
    source = find_volume(lab, copy.klass, copy.source)
    elsewhere = any(s.status in VALID for s in volume.slices if s.member not in copy.members)
    if copy.source == copy.volume or source is None or elsewhere or copy.purpose == "crash":
        return lab
    from ..solaris.damage import cut_off as mixed  # seldom

    if copy.under is not None:
        data = mixed(copy.under, volume.data, copied(copy, now), copy.blocks)
    elif copy.background:
        return lab
    else:
        data = mixed(volume.data, source.data, copied(copy, now), copy.blocks)
    return lab if data is volume.data else with_volumes(lab, copy.klass, [volume._replace(data=data)])


def cancel(lab, sessions, now):
    """Ends sessions before their time: the slices they wrote are INVALID (recalled: 65)."""
    for session in sessions:
        lab = cut_off(lab, session, now)
        volume = find_volume(lab, session.klass, session.volume)
        slices = tuple(s._replace(status=INVALID) if s.member in session.members else s for s in volume.slices)
        valid = any(s.status in (ACTIVE, STOP) for s in slices)
        started = volume.started if valid else {}
        lab = with_volumes(lab, session.klass, [volume._replace(slices=slices, valid=valid, started=started)])
    return lab._replace(copies=tuple(c for c in lab.copies if c not in sessions))


def drop(lab, sessions):
    """Forgets sessions without touching their slices (another session takes over)."""
    return lab._replace(copies=tuple(c for c in lab.copies if c not in sessions))


def _flat(klass, volume):
    """True when no lower level group lies under the volume."""
    group = klass.groups.get(volume.group)
    return group is None or not any(member in klass.groups for member in group.members)


def has_opc(lab, klass, source, destination, restore=False):
    """True when OPC can copy from one volume onto the other (guide A.2.23).

    Mirrored destinations are excluded by the general notes but for sdxproxy Restore (`restore`), yet
    guide 6.4.6 copies onto them; so only a strict lab excludes them (docs/errata.md).
    """
    onto = restore or len(destination.slices) == 1 or not lab.strict
    return OPC in lab.functions and onto and _flat(klass, source) and _flat(klass, destination)


def join_engine(lab, klass, pair, destination, softcopy):
    """What copies for Join, Rejoin and RejoinRestore: EC where the array can, else the driver (guide A.2.23)."""
    pairs = [p for r in klass.relations for p in r.pairs if p.master == pair.master and p.proxy != pair.proxy]
    flat = all(_flat(klass, klass.volumes[name]) for name in (pair.master, pair.proxy))
    free = sum(bool(p.session) for p in pairs) < MOST_EC
    onto_one = len(destination.slices) == 1
    return EC if EC in lab.functions and not softcopy and onto_one and flat and free else SOFT
