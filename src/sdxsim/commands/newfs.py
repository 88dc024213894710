"""newfs(1M): a new, empty UFS on a volume, a detached slice or a plain slice. Source: that of newfs and mkfs.

Where standard input is a terminal newfs asks before it begins. All that it reports goes to standard error.
"""

from ..model.outcome import INTERRUPTED, Outcome, Question, Shell
from ..model.queries import block_device, find_volume, live_mounts, with_volumes
from ..model.records import File, FileSystem
from ..model.status import RO
from ..rules.reboot import written
from ..solaris import condition, devices, files, layout
from ..solaris.answers import Answers, Unanswered
from ..solaris.options import BadOption, getopt, unsimulated
from ..words.solaris import text

USAGE, NO_DEVICE, NOT_FOUND, BAD, FAILED, STOPPED = 1, 1, 2, 10, 32, 130  # exit statuses
WIDTH = 80
DIRECTORIES = 9  # fragments: / and lost+found, whose 8 KB newfs takes at once
_LETTERS = "vNBSs:C:d:t:o:a:b:f:c:m:n:r:i:T"


def run(lab, node, words, now, shell=Shell()):
    """newfs [-N] special"""
    try:
        found, operands = getopt("newfs", words, _LETTERS)
    except BadOption as bad:
        letter = str(bad).rstrip("\n")[-1:]
        return Outcome(lab, "", text("newfs.usage") + text("newfs.flag", letter=letter), BAD)
    if unknown := unsimulated("newfs", found, _LETTERS.replace("N", "").replace(":", "")):
        return Outcome(lab, "", unknown, USAGE)
    if len(operands) != 1:
        return Outcome(lab, "", text("newfs.usage"), USAGE)
    name = _full(operands[0], shell.directory)
    err, status, special = _device(lab, node, operands[0], name)
    if err:
        return Outcome(lab, "", err, status)
    volume, name = find_volume(lab, special.klass, special.volume), devices.raw_name(name)
    if volume.blocks < layout.CYLINDER:
        return Outcome(lab, "", text("newfs.small", sectors=layout.CYLINDER), BAD)
    if ("N", None) in found:
        return Outcome(lab, "", _report(name, volume.blocks))
    answered = _asked(lab, shell, name, volume.data)
    if answered:
        return answered
    err, status = _unusable(lab, node, special, volume, name)
    if err:
        return Outcome(lab, "", err, status)
    lab = with_volumes(lab, special.klass, [volume._replace(data=_new(volume.blocks, now))])
    lab = written(lab, special.klass, special.volume, layout.metadata(volume.blocks))
    return Outcome(lab, "", _report(name, volume.blocks))


def _asked(lab, shell, name, data):
    """The Outcome if somebody has to be asked first, or has not said yes; None to go on."""
    if shell.answers is None:
        return None
    question = text("newfs.ask", device=name)
    last = text("newfs.last_mounted", device=name, point=data.fsmnt) if data.type == "ufs" and data.fsmnt else ""
    try:
        line = Answers(shell).to(question)
    except Unanswered:
        return Outcome(lab, last + question, "", 0, Question(question))
    if line is INTERRUPTED:
        return Outcome(lab, "\n", "", STOPPED)
    return None if line and line.startswith("y") else Outcome(lab)


def _full(typed, directory):
    """The path of what was named: c0t1d0s0 is short for /dev/rdsk/c0t1d0s0."""
    return files.normal(files.absolute(typed, directory) if "/" in typed else f"/dev/rdsk/{typed}")


def _device(lab, node, typed, name):
    """("", 0, Special) of what was named, or what is wrong with it, the exit status and None."""
    kind = files.kind(lab, node, name)
    if kind is None and "/" in typed:
        return text("newfs.no_stat", device=typed, error=text("error.ENOENT")), NOT_FOUND, None
    if kind not in ("block", "raw"):
        return text("newfs.not_raw", device=typed), BAD, None
    special = devices.special(lab, node, name)
    error = devices.open_error(lab, node, special) or ("" if special.volume else "ENXIO")
    if error:
        return text("newfs.open", device=devices.raw_name(name), error=text(f"error.{error}")), NO_DEVICE, None
    return "", 0, special


def _unusable(lab, node, special, volume, name):
    """(what keeps mkfs from writing there, exit status), or ("", 0)."""
    block = block_device(special.klass, special.volume)
    here = live_mounts(lab, special.klass, special.volume)
    if here:
        swap = all(mount.type == "swap" for _, mount in here)
        return text("newfs.swap" if swap else "newfs.mounted", device=block), FAILED
    if volume.started[node.name] == RO:
        return text("newfs.create", device=name, error=text("error.EROFS")), FAILED
    return "", 0


def _new(sectors, now):
    """What newfs makes: / and lost+found, never mounted yet."""
    free = max(0, (sectors - layout.metadata(sectors)) // 2 - DIRECTORIES)
    return FileSystem(
        flag=condition.CLEAN,
        files={"/lost+found": File("", 0o700, mtime=now, kind="dir")},
        inodes=2,
        used=DIRECTORIES,
        frags=free % 8,
        blocks=free // 8,
    )


# -- what is told ----------------------------------------------------------------------------------------


def _report(name, sectors):
    cylinders, left = -(-sectors // layout.CYLINDER), -sectors % layout.CYLINDER
    groups = layout.groups(sectors)
    said = text("newfs.unallocated", sectors=left) if left else ""
    said += text(
        "newfs.device", device=name, sectors=sectors, cylinders=cylinders, tracks=layout.TRACKS, track=layout.SECTORS
    )
    said += text(
        "newfs.groups", size=sectors / 2048, groups=groups, cylinders=layout.CYLINDERS, group=layout.GROUP / 2048,
        inodes=layout.inodes(sectors),
    )  # fmt: skip
    places = layout.backups(sectors)
    first, last = places[: layout.SHOWN], places[layout.SHOWN :][-layout.SHOWN :]
    said += text("newfs.backups") + _lines([f" {place}," for place in first])
    if groups - len(first) > 300:
        dots = ["." for group in range(len(first), groups - layout.SHOWN) if group % 50 == 0]
        said += text("newfs.initializing") + _lines(dots) + text("newfs.last")
    return said + (_lines([f" {place}," for place in last[:-1]] + [f" {last[-1]}"]) if last else "")


def _lines(pieces):
    """The pieces in lines of less than 80 characters."""
    made, width = "", 0
    for piece in pieces:
        if width + len(piece) > WIDTH - 1:
            made, width = made + "\n", 0
        made, width = made + piece, width + len(piece)
    return made + "\n"
