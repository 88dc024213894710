"""mount(1M) and the UFS mount behind it: lists, mounts one file system, or all of vfstab (-a).

Source: solaris.md 2.1 to 2.3. Where guide 6.4.6 5-3 mounts the raw device, a real UFS answers `not a
block device`; a lab accepts the name, as the page must run, unless it is strict (docs/errata.md).
"""

from ..model.outcome import Outcome, Shell
from ..model.queries import place_of
from ..rules.reboot import counted, written
from ..solaris import devices, files, mounts
from ..solaris.options import BadOption, getopt
from ..words.solaris import text

FAILED = 32  # exit status of the UFS mount
_STANDING = "directory"  # beside the options' letters: where who types it stands
MOUNT_BLOCKS = 16  # written by a read/write mount: the superblock (ours)


class _Refused(Exception):
    """Nothing is mounted: (stderr, status, stdout)."""

    def __init__(self, err, status=1, out=""):
        super().__init__(err, status, out)


def run(lab, node, words, now, shell=Shell()):
    """mount [-v|-p], mount [options] special|point, mount [options] special point, mount -a [point ...]."""
    try:
        asked, operands = _asked(words)
        if "a" in asked and len(operands) != 1:
            return _all(lab, node, {**asked, _STANDING: shell.directory}, operands, now)
        if not operands:
            return Outcome(lab, _listing(lab, node, asked))
        return _one(lab, node, {**asked, _STANDING: shell.directory}, operands, now)
    except _Refused as refused:
        err, status, out = refused.args
        return Outcome(lab, out, err, status)


def _asked(words):
    """({letter: argument or True}, operands) of what was typed."""
    try:
        found, operands = getopt("mount", words, "aF:gmo:OpqrvV")
    except BadOption as bad:
        raise _Refused(f"{bad}{text('mount.usage')}") from None
    letters = [letter for letter, _ in found]
    asked = {letter: True if value is None else value for letter, value in found}
    if "a" not in asked and len(operands) > 2:
        raise _Refused(text("mount.usage"))
    if ("p" in asked) + ("v" in asked) + ("a" in asked) > 1:
        raise _Refused(text("mount.exclusive") + text("mount.usage"))
    if "a" in asked and "O" in asked:
        raise _Refused(text("mount.exclusive_O") + text("mount.usage"))
    if letters.count("F") > 1:
        raise _Refused(text("mount.types") + text("mount.usage"))
    if "a" not in asked and not operands and {"F", "m", "o", "r", "q"} & set(asked):
        raise _Refused(text("mount.usage"))
    if operands and ("p" in asked or "v" in asked):
        raise _Refused(text("mount.pv_arguments") + text("mount.usage"))
    return asked, operands


def _listing(lab, node, asked):
    style = "p" if "p" in asked else "v" if "v" in asked else ""
    if "V" in asked:
        return f"mount -{style}\n" if style else "mount\n"
    return mounts.listing(lab, node, style)


# -- one -------------------------------------------------------------------------------------------------


def _one(lab, node, asked, operands, now):
    special, point, type, options = _completed(lab, node, asked, operands)
    _fields(lab, node, type, point)
    if "V" in asked:
        return Outcome(lab, _command(asked, special, files.normal(point), type, options))
    return _mount(lab, node, special, files.normal(point), type, options, now, asked)


def _completed(lab, node, asked, operands):
    """(special, point, type, options): what was not typed comes from the running system's vfstab."""
    special, point = (operands[0], operands[1]) if len(operands) == 2 else (None, operands[0])
    type, options = asked.get("F"), asked.get("o")
    entries = files.running_vfstab(lab, node)
    if entries is None:
        if type is None or special is None:
            raise _Refused(text("mount.no_vfstab"))
        entries = []
    entry = _entry(entries, special, point, type)
    if entry is None and special is None:
        special, point = point, None
        entry = _entry(entries, special, None, type)
        if entry is None:
            raise _undetermined(lab, node, special)
    if entry is not None:
        type = type or entry.type
        special = special or entry.special
        point = point or (None if entry.point == "-" else entry.point)
        options = entry.options if options is None else options
    return special, point, type or "ufs", options or ""


def _entry(entries, special, point, type):
    def same(asked, value):
        return asked is None or asked == value

    return next(
        (e for e in entries if same(special, e.special) and same(point, e.point) and same(type, e.type)),
        None,
    )


def _undetermined(lab, node, name):
    kind = files.kind(lab, node, name)
    if kind is None:
        return _Refused(text("mount.no_stat", point=name), 2)
    return _Refused(text("mount.point_device" if kind in ("block", "raw") else "mount.special_none"))


def _fields(lab, node, type, point):
    if len(type) > 8:
        raise _Refused(text("mount.type_long", type=type))
    if point is None:
        raise _Refused(text("mount.point_none"))
    if not point.startswith("/"):
        raise _Refused(text("mount.relative", point=point))
    if files.kind(lab, node, point) is None:
        raise _Refused(text("mount.no_point", point=point))


def _command(asked, special, point, type, options):
    words = ["mount", "-F", type]
    words += [f"-{letter}" for letter in "gmq" if letter in asked]
    words += ["-o", options] if options not in ("", "-") else []
    words += [f"-{letter}" for letter in "Or" if letter in asked]
    return " ".join([*words, special, point]) + "\n"


def _mount(lab, node, special, point, type, options, now, asked):
    if type != "ufs":
        raise _Refused(text("mount.type_unknown", type=type))
    wanted = [word for word in options.split(",") if word and word != "-"]
    if "r" in asked:
        wanted = ["ro", *(word for word in wanted if word not in ("rw", "ro"))]
    rw = "ro" not in wanted
    if "remount" in wanted:
        return _remount(lab, node, special, point, wanted, now)
    id = mounts.refusal(lab, node, special, point, rw, "O" in asked, asked[_STANDING])
    if id:
        out = text("mount.run_fsck") if id == "mount.unclean" else ""
        raise _Refused(text(id, special=special, point=point), FAILED, out)
    found = devices.special(lab, node, files.normal(special))
    chosen = mounts.ufs_options(",".join(wanted))
    after = mounts.mounted(counted(lab, now), node, found.klass, found.volume, point, chosen, now)
    if rw:
        after = written(after, found.klass, found.volume, MOUNT_BLOCKS)
    ignored = [] if "q" in asked else [word for word in wanted if word not in mounts.KNOWN]
    err = "".join(text("mount.option", special=special, point=point, option=word) for word in ignored)
    return Outcome(after, "", err, 0)


def _remount(lab, node, special, point, wanted, now):
    """What is mounted only to be read, / in maintenance mode say, can be written from now on."""
    rw = "ro" not in wanted
    mount = mounts.remount_refusal(lab, node, special, point, rw)
    if type(mount) is str:
        out = text("mount.run_fsck") if mount == "mount.unclean" else ""
        raise _Refused(text(mount, special=special, point=point), FAILED, out)
    chosen = mounts.ufs_options(",".join(wanted))
    if chosen == mount.options:
        return Outcome(lab)
    place = place_of(lab, mount.special)
    return Outcome(written(mounts.remounted(counted(lab, now), node, mount, chosen), *place, MOUNT_BLOCKS))


# -- all -------------------------------------------------------------------------------------------------


def _all(lab, node, asked, points, now):
    """Every entry that is mounted at boot, or those named; the failures of each, status 1 if any.

    Entries of other types than ufs are always mounted on this host and passed over (ours).
    """
    entries = files.running_vfstab(lab, node)
    if entries is None:
        raise _Refused(text("mount.no_vfstab"))
    usable = [e for e in entries if e.point != "-" and e.type == "ufs" and asked.get("F", "ufs") == "ufs"]
    chosen = [e for e in usable if e.point in points] if points else [e for e in usable if e.boot == "yes"]
    unknown = [text("mount.no_entry", point=point) for point in points if point not in {e.point for e in usable}]
    if not chosen:
        return Outcome(lab, "", "".join(unknown) + (text("mount.no_entries") if points else ""), 1 if points else 0)
    out, err, status = "", "".join(unknown), 1 if unknown else 0
    for entry in sorted(chosen, key=lambda e: e.point.count("/")):
        options = asked.get("o", entry.options)
        if "V" in asked:
            out += _command(asked, entry.special, entry.point, entry.type, options)
            continue
        try:
            done = _mount(lab, lab.nodes[node.name], entry.special, entry.point, entry.type, options, now, asked)
        except _Refused as refused:
            err, out, status = err + refused.args[0], out + refused.args[2], 1
        else:
            lab, err = done.lab, err + done.stderr
    return Outcome(lab, out, err, status)
