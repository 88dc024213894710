"""Copy sessions: how one begins, and what time does to it.

`settle` is the state-triggered half of the rules: whoever looks, at whatever moment, a session that
is over has ended. What its slices then show is decided once, here, in `rest`.
"""

from ..model.queries import ends, find_volume, with_volumes
from ..model.records import Copy
from ..model.status import ACTIVE, COPY, EC, INVALID, OPC, SOFT, STOP


def settle(lab, now):
    """`lab` with every session that has ended by `now` ended, in the order of their ends."""
    over = sorted((c for c in lab.copies if not c.paused and ends(c) <= now), key=ends)
    for copy in over:
        lab = finish(lab, copy)
    return lab


def finish(lab, copy):
    """A session's end: its slices hold the source's data."""
    volume = find_volume(lab, copy.klass, copy.volume)
    resting = rest(volume, copy)
    slices = tuple(s._replace(status=resting) if s.member in copy.members else s for s in volume.slices)
    changed = volume._replace(slices=slices, valid=True)
    if copy.purpose in ("join", "rejoin"):
        changed = changed._replace(data=find_volume(lab, copy.klass, copy.source).data)
    lab = with_volumes(lab, copy.klass, [changed])
    return lab._replace(copies=tuple(c for c in lab.copies if c is not copy))


def rest(volume, copy):
    """What a slice shows when a session onto it has ended.

    Within a volume: ACTIVE if the volume runs, else STOP (guide F.1.1). Between master and proxy:
    STOP, even on a proxy that is running (guide 6.4.6 5-3 shows it so in its table and says it in
    words); such slices show ACTIVE from the volume's next start.
    """
    if copy.source == copy.volume and volume.started:
        return ACTIVE
    return STOP


def begin(lab, class_name, source, volume_name, blocks, now, engine=SOFT, delay=0, background=False, purpose="join"):
    """Starts copying `blocks` blocks onto every slice of a volume; its slices show COPY."""
    volume = find_volume(lab, class_name, volume_name)
    rate = lab.soft_rate if engine == SOFT else lab.array_rate
    members = tuple(s.member for s in volume.slices)
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
    )
    slices = tuple(s._replace(status=COPY) for s in volume.slices)
    lab = with_volumes(lab, class_name, [volume._replace(slices=slices)])
    return lab._replace(copies=(*lab.copies, session))


def cancel(lab, sessions):
    """Ends sessions before their time: the slices they wrote are INVALID (recalled: 65)."""
    for session in sessions:
        volume = find_volume(lab, session.klass, session.volume)
        slices = tuple(s._replace(status=INVALID) if s.member in session.members else s for s in volume.slices)
        valid = any(s.status in (ACTIVE, STOP) for s in slices)
        started = volume.started if valid else {}
        lab = with_volumes(lab, session.klass, [volume._replace(slices=slices, valid=valid, started=started)])
    return lab._replace(copies=tuple(c for c in lab.copies if c not in sessions))


def drop(lab, sessions):
    """Forgets sessions without touching their slices (another session takes over)."""
    return lab._replace(copies=tuple(c for c in lab.copies if c not in sessions))


def array_copies_onto(lab, volume):
    """True when the disk array may write the volume (guide A.2.23).

    Mirrored destinations are excluded by the general notes, yet guide 6.4.6 does it; so only a
    strict lab excludes them (docs/errata.md).
    """
    return len(volume.slices) == 1 or not lab.strict


def has_opc(lab, volume):
    """True when OPC can copy onto the volume."""
    return OPC in lab.functions and array_copies_onto(lab, volume)


def join_engine(lab, volume, softcopy):
    """What copies for Join and Rejoin: EC where the array has it and the destination is not mirrored."""
    return EC if EC in lab.functions and not softcopy and len(volume.slices) == 1 else SOFT
