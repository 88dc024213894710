"""fsck(1M), in a lab also fsck-sim: the wrapper that finds type and devices, and what they are checked with.

Source: solaris.md 1.1 and 1.7. Devices are checked one after the other, the exit status is the
highest. Without -y or -n it asks; where nobody can be asked the first question ends the check, as the
end of the input does.
"""

from ..model.outcome import Next, Outcome, Question, Shell
from ..model.queries import block_device, find_volume, with_volumes
from ..model.record import Record
from ..model.records import FileSystem
from ..model.status import RO
from ..rules.reboot import written
from ..solaris import devices, files, fsck
from ..solaris.answers import Answers
from ..solaris.options import BadOption, getopt
from ..words.solaris import text


class _Way(Record, fields="options quick answers directory"):
    """How to check: the Options, only the flag (-m)?, the Answers, and where relative names begin."""

    __slots__ = ()


REPAIR_BLOCKS = 16  # written by each repair (ours)
_ANSWERS = {"y": fsck.YES, "Y": fsck.YES, "n": fsck.NO, "N": fsck.NO}
_NO_FILE_SYSTEM = FileSystem(type="none")


def run(lab, node, words, now, shell=Shell()):
    """fsck [-F type] [-V] [-m] [special ...], fsck [-F type] [-V] [-y|Y|n|N] [-v] [-o p,b=#,w,f] [special ...]."""
    try:
        found, operands = getopt("fsck", words, "F:mnNo:vVyY")
    except BadOption as bad:
        return Outcome(lab, "", f"{bad}{text('fsck.usage')}", fsck.BAD_PARAMETER)
    wrong = _misused(found, operands)
    if wrong:
        return Outcome(lab, "", wrong, fsck.BAD_PARAMETER)
    entries = files.running_vfstab(lab, node)
    type = dict(found).get("F")
    if entries is None and (type is None or not operands):
        return Outcome(lab, "", text("fsck.no_vfstab"), fsck.BAD_PARAMETER)
    entries = entries or []
    targets = [_typed(entries, name, type) for name in operands] if operands else _listed(entries, type)
    if shell.answers is None or len(targets) < 2:
        return _each(lab, node, targets, found, entries, shell)
    done = shell.done + 1  # what one was told is kept before the next is asked about
    outcome = _each(lab, node, targets[shell.done : done], found, entries, shell)
    return outcome if outcome.waits or done == len(targets) else outcome._replace(waits=Next(done))


def _misused(found, operands):
    """What is wrong with the options, or None."""
    letters = [letter for letter, _ in found]
    types = [value for letter, value in found if letter == "F"]
    if len(types) > 1:
        return text("fsck.types") + text("fsck.usage")
    if types and len(types[0]) > 8:
        return text("fsck.type_long", type=types[0])
    alone = not set(letters) & set("nNovyY") and letters.count("m") == 1 and (types or len(operands) < 2)
    if letters.count("V") > 1 or ("m" in letters and not alone):
        return text("fsck.usage")
    return None


def _typed(entries, name, type):
    """(name, type) of an operand: by -F, else by the vfstab entry it stands in, else ufs (/etc/default/fs)."""
    if type:
        return name, type
    for field in ("point", "fsckdev", "special"):
        for entry in entries:
            if getattr(entry, field) == name and entry.type != "-":
                at_raw = field == "point" and entry.fsckdev != "-"
                return (entry.fsckdev if at_raw else name), entry.type
    return name, "ufs"


def _listed(entries, type):
    """What fsck without operands checks: entries with a pass of 1 or more, ufs first."""
    passed = [e for e in entries if e.check.isdigit() and int(e.check) >= 1 and type in (None, e.type)]
    return [(e.fsckdev, e.type) for e in sorted(passed, key=lambda e: e.type != "ufs")]


def _each(lab, node, targets, found, entries, shell):
    out, err, status, answers = "", "", fsck.OKAY, Answers(shell)
    for name, type in targets:
        try:
            done = _one(lab, lab.nodes[node.name], name, type, found, entries, shell.directory, answers)
        except fsck.Asks as asks:
            return Outcome(lab, asks.args[0], "", fsck.FATAL, Question(asks.args[1]))
        lab, out, err = done.lab, out + done.stdout, err + done.stderr
        status = max(status, done.status)
    return Outcome(lab, out, err, status)


def _one(lab, node, name, type, found, entries, directory, answers):
    if "V" in {letter for letter, _ in found}:
        return Outcome(lab, _command(name, type, found))
    if type != "ufs":
        return Outcome(lab, "", text("fsck.type_unknown", type=type), fsck.BAD_PARAMETER)
    suboptions = _suboptions(found)
    if suboptions is None:
        return Outcome(lab, "", text("fsck.usage_ufs"), fsck.BAD_PARAMETER)
    options, only_writable = suboptions
    said = "" if options.alternate is None else text("fsck.alternate", sector=options.alternate)
    if only_writable and _read_only(entries, name):
        return Outcome(lab, said, text("fsck.not_writeable", device=name), fsck.BAD_PARAMETER)
    way = _Way(options, "m" in {letter for letter, _ in found}, answers, directory)
    given = answers.given
    try:
        done = _checked(lab, node, name, way, entries)
    except fsck.Asks as asks:
        raise fsck.Asks(asks.args[0] if answers.given > given else said + asks.args[0], asks.args[1]) from None
    return done if answers.given > given else done._replace(stdout=said + done.stdout)


def _command(name, type, found):
    words = ["fsck", "-F", type]
    for letter, value in found:
        if letter not in "FV":
            words += [f"-{letter}"] if value is None else [f"-{letter}", value]
    return " ".join([*words, name]) + "\n"


def _suboptions(found):
    """(fsck.Options, only writable file systems?) of the options typed, or None if one is unknown."""
    answer, words = None, []
    for letter, value in found:
        answer = _ANSWERS.get(letter, answer)
        if letter == "o":
            words += [word for word in value.split(",") if word]
    alternate = None
    for word in words:
        key, _, value = word.partition("=")
        if key == "b" and value.isascii() and value.isdigit():
            alternate = int(value)
        elif word not in ("p", "f", "w", "d"):
            return None
    verbose = "v" in {letter for letter, _ in found} or "d" in words
    return fsck.Options(answer, "p" in words, verbose, "f" in words, alternate or None), "w" in words


def _read_only(entries, name):
    block = devices.block_name(name)
    return any(e.special == block and e.type == "ufs" and "ro" in e.options.split(",") for e in entries)


# -- one file system -------------------------------------------------------------------------------------


def _checked(lab, node, name, way, entries):
    """Finds what `name` is, opens it and checks it."""
    path = files.absolute(name, way.directory)
    kind = files.kind(lab, node, path)
    if kind is None:
        return Outcome(lab, text("fsck.no_stat", device=name), "", fsck.NO_STAT)
    if kind == "directory":
        special = _of_mount_point(node, entries, files.normal(path))
        if special is None:
            return Outcome(lab, text("fsck.no_mountpoint", device=name), "", fsck.BAD_PARAMETER)
        name, path, kind = special, special, files.kind(lab, node, special)
        if kind is None:
            return Outcome(lab, text("fsck.no_stat", device=name), "", fsck.NO_STAT)
    if kind not in ("block", "raw"):  # a file, or what /proc is mounted from: its special is called proc
        return _no_device(lab, name, way)
    found = devices.special(lab, node, files.normal(path))
    mount = found.volume and _mount_of(node, found)
    shown = mount.special if mount else devices.raw_name(name)
    error = devices.open_error(lab, node, found)
    if error:
        message = text("fsck.no_open", device=shown, error=text(f"error.{error}"))
        return Outcome(lab, message, "", fsck.NO_STAT)
    if not found.volume:
        subject = fsck.Subject(shown, _NO_FILE_SYSTEM, lab.devices[found.device].blocks)
        return _result(lab, None, subject, way)
    volume = find_volume(lab, found.klass, found.volume)
    writable = volume.started[node.name] != RO
    subject = fsck.Subject(shown, volume.data, volume.blocks, mount, writable)
    return _result(lab, found, subject, way)


def _of_mount_point(node, entries, point):
    mounted = next((m.special for m in reversed(node.mounts) if m.point == point and m.type != "swap"), None)
    return mounted or next((e.special for e in entries if e.point == point), None)


def _mount_of(node, found):
    special = block_device(found.klass, found.volume)
    return next((m for m in node.mounts if m.special == special and m.type == "ufs"), None)


def _no_device(lab, name, way):
    """A regular file: it may be an image of a file system, but in a lab none is."""
    if way.quick:
        return Outcome(lab, "", text("fsck.no_device", device=name), fsck.NO_STAT)
    return _result(lab, None, fsck.Subject(name, _NO_FILE_SYSTEM, 0), way)


def _result(lab, found, subject, way):
    if way.quick:
        out, err, status = fsck.sanity(subject)
        return Outcome(lab, out, err, status)
    checked = fsck.check(subject, way.options, way.answers)
    if checked.data is not subject.data:
        volume = find_volume(lab, found.klass, found.volume)
        lab = with_volumes(lab, found.klass, [volume._replace(data=checked.data)])
        lab = written(lab, found.klass, found.volume, REPAIR_BLOCKS * checked.repairs)
    return Outcome(lab, checked.out, "", checked.status)
