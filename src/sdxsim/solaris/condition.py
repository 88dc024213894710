"""How a file system's condition comes about: what a copy of it holds, what mounting and repair do.

All on FileSystem records. A point-in-time copy (GDS Part, OPC Update) of a file system in use is
like what a panic leaves (guide 6.4.6 4-1 Note). How bad that is follows solaris.md 0, 1.4 and 1.9:
a logging file system needs its log rolled, which fsck does silently, and shows stale summaries of
the cylinder groups that were being changed; one without a log shows what an old fsck was made for.
What then is wrong with it, and how that is mended, is `damage`.
"""

from ..model.status import SINGLE_USER
from .damage import as_after_a_panic, mended, summaries, with_defects

ACTIVE, CLEAN, STABLE, LOG = "FSACTIVE", "FSCLEAN", "FSSTABLE", "FSLOG"
STATES = {ACTIVE: "active", CLEAN: "clean", STABLE: "stable", LOG: "logging"}  # as fsck -o p words them


def okay(fs):
    """True when it may be mounted read/write as it is: clean, stable, or logging with a good log."""
    return fs.type == "ufs" and fs.flag in (CLEAN, STABLE, LOG) and not bad_log(fs)


def bad_log(fs):
    """True when the log cannot be rolled."""
    return any(d.kind == "log.bad" for d in fs.defects)


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
        return fs._replace(flag=LOG, defects=with_defects(fs.defects, summaries(touched)))
    if not fs.busy:
        return fs._replace(flag=STABLE)  # a quiet mounted file system is marked stable (solaris.md 1.9)
    if not quiet:
        return as_after_a_panic(fs, now)._replace(flag=ACTIVE)
    touched = fs.busy[:1] if synced else fs.busy
    return fs._replace(flag=ACTIVE, defects=with_defects(fs.defects, summaries(touched)))


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


def repaired(fs, left=(), cleared=()):
    """With all defects but `left` put right, and marked sound if none are left; lost files of `cleared` are gone.

    Lost files stand in /lost+found as # and their i-number, zero-padded (solaris.md 1.5); a log that
    could not be rolled is gone.
    """
    done = [d for d in fs.defects if d not in left]
    files, gone = mended(fs, done, cleared)
    lost_log = any(d.kind == "log.bad" for d in done)
    flag = STABLE if not left and (lost_log or fs.flag not in STATES or fs.flag == ACTIVE) else fs.flag
    return fs._replace(
        files=files,
        generation=fs.generation + (files is not fs.files),
        inodes=max(0, fs.inodes - gone),
        logging=fs.logging and not lost_log,
        flag=flag,
        defects=tuple(left),
    )
