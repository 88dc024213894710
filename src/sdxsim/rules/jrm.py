"""Just resynchronization of proxies: how many blocks changed on either side since Part.

Guide 6.4.6 7) and 1.5.1: the record is kept in memory while the proxy is parted, and lost when a
node of the class's scope stops. How fast blocks change is ours: a volume's `wear` is what a busy
multi-user system changes on it each virtual minute.
"""

from ..model.queries import PLAIN, find_volume, in_use, live_mounts, with_class, with_volumes
from ..model.records import Tracking
from ..model.status import MULTI_USER

MINUTE = 60_000  # ms
MOUNTED_BLOCKS = 128  # what a mounted file system writes in any case: superblock, summaries, log (ours)


def begun(lab, class_name, master_name, now):
    """The record that Part begins: what is mounted goes on writing at once."""
    return Tracking(now, MOUNTED_BLOCKS if in_use(lab, class_name, master_name) else 0)


def changed(lab, class_name, pair, now):
    """Blocks to copy when `pair` is joined again: all of them if nothing was recorded."""
    return recorded(lab, class_name, pair.master, pair.tracking, now)


def recorded(lab, class_name, volume_name, tracking, now):
    """Blocks of the volume that have changed by `now` according to a record; all without one."""
    volume = find_volume(lab, class_name, volume_name)
    if tracking is None:
        return volume.blocks
    blocks = tracking.extra
    if any(node.power == MULTI_USER for node, _ in live_mounts(lab, class_name, volume_name)):
        blocks += volume.wear * max(0, now - tracking.since) // MINUTE
    return min(volume.blocks, blocks)


def written(lab, class_name, volume_name, blocks):
    """Notes that `blocks` blocks of a volume or a detached slice were changed: counts wherever that is recorded."""
    if class_name == PLAIN:
        return lab
    for relation in lab.classes[class_name].relations:
        more = {
            p.proxy: p._replace(tracking=p.tracking._replace(extra=p.tracking.extra + blocks))
            for p in relation.pairs
            if p.tracking and volume_name in (p.master, p.proxy)
        }
        if more:
            lab = with_pairs(lab, class_name, relation, more)
    whole = lab.classes[class_name].volumes[volume_name.rpartition(".")[2]]  # a write to either side counts

    def more_written(volume, piece):
        return piece.tracking._replace(extra=piece.tracking.extra + blocks)

    return _with_slices(lab, class_name, [whole], more_written)


def counted(lab, now):
    """`lab` with every record brought up to `now`.

    To be called before what is mounted, or how busy the node is, changes: until then the old rate
    counts, from then on the new one.
    """
    for klass in lab.classes.values():
        for relation in klass.relations:
            up_to_now = {
                p.proxy: p._replace(tracking=p.tracking._replace(since=now, extra=changed(lab, klass.name, p, now)))
                for p in relation.pairs
                if p.tracking
            }
            if up_to_now:
                lab = with_pairs(lab, klass.name, relation, up_to_now)

        def counted_up(volume, piece, lab=lab, name=klass.name):
            extra = recorded(lab, name, volume.name, piece.tracking, now)
            return piece.tracking._replace(since=now, extra=extra)

        lab = _with_slices(lab, klass.name, klass.volumes.values(), counted_up)
    return lab


def forget_slices(lab, class_name):
    """Loses the records of the class's detached slices: they are kept in memory (guide A.2.24)."""
    return _with_slices(lab, class_name, lab.classes[class_name].volumes.values(), lambda volume, piece: None)


def _with_slices(lab, class_name, volumes, change):
    """The lab with the record of each detached slice of the volumes as `change(volume, slice)` says."""
    new = []
    for volume in volumes:
        if any(s.tracking for s in volume.slices):
            slices = (s._replace(tracking=change(volume, s)) if s.tracking else s for s in volume.slices)
            new.append(volume._replace(slices=tuple(slices)))
    return with_volumes(lab, class_name, new) if new else lab


def forget(lab, class_name, proxy_names):
    """Loses the records of these proxy volumes: their next copy is of the whole volume."""
    for relation in lab.classes[class_name].relations:
        lost = {p.proxy: p._replace(tracking=None) for p in relation.pairs if p.proxy in proxy_names and p.tracking}
        if lost:
            lab = with_pairs(lab, class_name, relation, lost)
    return lab


def with_pairs(lab, class_name, relation, changed_pairs):
    """`lab` with these pairs {proxy volume: Pair} in the places of the relation's."""
    pairs = tuple(changed_pairs.get(p.proxy, p) for p in relation.pairs)
    return with_relation(lab, class_name, relation, relation._replace(pairs=pairs))


def with_relation(lab, class_name, old, new):
    """`lab` with relation `new` in the place of `old`; `new` None removes it."""
    klass = lab.classes[class_name]
    kept = tuple(new if r.proxy == old.proxy else r for r in klass.relations)
    return with_class(lab, klass._replace(relations=tuple(r for r in kept if r is not None)))
