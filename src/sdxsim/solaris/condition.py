"""How a file system's condition comes about: what a copy of it holds, what mounting and repair do.

All on FileSystem records. A point-in-time copy (GDS Part, OPC Update) of a file system in use is
like what a panic leaves (guide 6.4.6 4-1 Note). How bad that is follows solaris.md 0, 1.4 and 1.9:
a logging file system needs its log rolled, which fsck does silently, and shows stale summaries of
the cylinder groups that were being changed; one without a log shows what an old fsck was made for.
Which defects and how many is ours, the numbers are made up and always the same for the same record
and moment.
"""

from ..model.records import Defect, File
from ..model.status import SINGLE_USER

ACTIVE, CLEAN, STABLE, LOG = "FSACTIVE", "FSCLEAN", "FSSTABLE", "FSLOG"
STATES = {ACTIVE: "active", CLEAN: "clean", STABLE: "stable", LOG: "logging"}  # as fsck -o p words them

_SIZES = ((3 << 20, 8192), (2 << 20, 6144), (1 << 20, 4096), (0, 2048))  # fragments above which: bytes an inode


def okay(fs):
    """True when it may be mounted read/write as it is: clean, stable, or logging with a good log."""
    return fs.type == "ufs" and fs.flag in (CLEAN, STABLE, LOG) and not bad_log(fs)


def bad_log(fs):
    """True when the log cannot be rolled."""
    return any(d.kind == "log.bad" for d in fs.defects)


def highest_inode(fs):
    """The highest i-number the file system has: newfs' default density for its size (recalled: high)."""
    fragments = fs.used + fs.frags + 8 * fs.blocks
    density = next(bytes_each for above, bytes_each in _SIZES if fragments >= above)
    return max(fs.inodes + 4, fragments * 1024 // density)


# -- copies ----------------------------------------------------------------------------------------------


def image(fs, mounted_rw, power, synced, now):
    """What a copy made at `now` (ms) of the live volume holds.

    `mounted_rw`: it is mounted read/write. `power` of the node; `synced`: sync(1M) was run since boot.
    """
    if not mounted_rw or fs.type != "ufs":
        return fs
    quiet = power == SINGLE_USER
    if fs.logging:
        touched = fs.busy[: 0 if synced else 1] if quiet else fs.busy
        return fs._replace(flag=LOG, defects=_with(fs.defects, _summaries(touched)))
    if not fs.busy:
        return fs._replace(flag=STABLE)  # a quiet mounted file system is marked stable (solaris.md 1.9)
    touched = fs.busy[:1] if quiet and synced else fs.busy
    new = _summaries(touched) if quiet else _as_after_a_panic(fs, now)
    return fs._replace(flag=ACTIVE, defects=_with(fs.defects, new))


def _with(old, new):
    return (*old, *(d for d in new if d not in old))


def _summaries(groups):
    return tuple(Defect("cg.summary", {"cg": cg}) for cg in groups)


def _as_after_a_panic(fs, now):
    """A file cut short, one deleted while open, one new and empty, one linked twice; stale maps and totals."""
    seed = (fs.used * 2_654_435_761 + fs.inodes * 40_503 + fs.generation * 97 + now // 1000) & 0xFFFF_FFFF
    first = 4 + seed % max(1, highest_inode(fs) - 32)

    def inode(step, size, mode, before):
        return {"inode": first + step, "owner": "root", "mode": mode, "size": size, "mtime": now - before * 1000}

    blocks = 2 + 2 * (seed >> 8 & 3)
    cg = fs.busy[seed % len(fs.busy)]
    return (
        Defect("inode.blocks", {"inode": first, "found": blocks + 4, "right": blocks}),
        Defect("file.lost", inode(2, 512 + (seed >> 4 & 0x7FF), 0o100644, 15)),
        Defect("file.empty", inode(4, 0, 0o100600, 75)),
        Defect("file.links", {**inode(8, 64 + (seed >> 12 & 0x3F), 0o100644, 300), "found": 2, "right": 1}),
        *_summaries(fs.busy),
        Defect("cg.fragment_bitmap", {"cg": cg, "bit": cg * 49_152 + 1024 + (seed >> 6 & 0xFFF)}),
        Defect("total.summary"),
    )


# -- mounting and repair ---------------------------------------------------------------------------------


def mounted(fs, point, rw, logging=None):
    """As mounted on `point`. `logging` true or false turns the log on or off, None leaves it.

    A read-only mount writes nothing.
    """
    if not rw or fs.type != "ufs":
        return fs
    logs = fs.logging if logging is None else logging
    return fs._replace(fsmnt=point, logging=logs, flag=LOG if logs else ACTIVE)


def unmounted(fs):
    """As a clean umount of a read/write mount leaves it; one that was mounted unclean stays so."""
    if fs.type != "ufs" or fs.logging:
        return fs
    return fs._replace(flag=ACTIVE if fs.defects else CLEAN)


def repaired(fs, left=()):
    """With all defects but `left` put right, and marked sound if none are left.

    Lost files stand in /lost+found as # and their i-number, zero-padded (solaris.md 1.5); a log that
    could not be rolled is gone.
    """
    done = [d for d in fs.defects if d not in left]
    found, cleared = dict(fs.files), 0
    for defect in done:
        facts = defect.facts
        if defect.kind in ("file.empty", "inode.partial", "inode.type"):
            cleared += 1
        elif defect.kind == "file.lost":
            name = f"/lost+found/#{facts['inode']:0{len(str(highest_inode(fs)))}}"
            found[name] = File("", facts["mode"] & 0o7777, facts["owner"], "root", facts["mtime"])
    lost_log = any(d.kind == "log.bad" for d in done)
    flag = STABLE if not left and (lost_log or fs.flag not in STATES or fs.flag == ACTIVE) else fs.flag
    changed = found != fs.files
    return fs._replace(
        files=found if changed else fs.files,
        generation=fs.generation + changed,
        inodes=max(0, fs.inodes - cleared),
        logging=fs.logging and not lost_log,
        flag=flag,
        defects=tuple(left),
    )
