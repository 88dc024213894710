"""dd(1M): whole volumes and slices copied to each other, to the tape and back. Source: that of dd.

Content moves as one: who reads a mounted file system gets what a copy made at that moment holds. Parts
of a device (count=, skip= ...) and conversions are not simulated, nor are files and pipes. It takes no time.
"""

from ..model.outcome import Outcome, Shell
from ..model.queries import DISK_DEVICES, VOLUME_DEVICES, find_volume, live_mounts, with_node, with_volumes
from ..model.record import Record
from ..model.records import FileSystem, Tape
from ..model.status import RO
from ..rules.image import image
from ..rules.reboot import written
from ..solaris import devices, files
from ..words.solaris import text

FAILED = 2  # exit status
BLOCK = 512  # bytes, also of a record when nothing is said
TAPES = ("/dev/rmt/0", "/dev/rmt/0b")  # names of the one drive that rewind; each write begins the tape anew
_DEVICES = (VOLUME_DEVICES, *DISK_DEVICES)
_SIZES, _NAMES = ("ibs", "obs", "bs"), ("if", "of")
_KNOWN = ("cbs", "skip", "iseek", "oseek", "seek", "count", "files", "conv", "oflag")
_HARMLESS = {"noerror", "notrunc", "sync"}  # conversions that change nothing here
_FACTORS = {"k": 1024, "b": BLOCK, "w": 2}


class _Stopped(Exception):
    """dd ends with status 2: what it says."""


class _End(Record, fields="name special volume blocks record data"):
    """One end of the copy: a device with its Special and Volume, or the tape (both None).

    Of the source: `blocks` there are, `record` bytes that a read gives (None: as many as asked), its `data`.
    """

    __slots__ = ()


def run(lab, node, words, now, shell=Shell()):
    """dd if=special|tape of=special|tape [bs=n] [ibs=n] [obs=n]"""
    try:
        asked, sizes = _asked(words)
        ibs, obs = sizes.get("bs", sizes.get("ibs", BLOCK)), sizes.get("bs", sizes.get("obs", BLOCK))
        source = _source(lab, node, asked.get("if"), shell.directory, now)
        target = _target(lab, node, asked.get("of"), shell.directory, source)
        moved, err = _moved(source, target, ibs, obs, "bs" in sizes)
    except _Stopped as stopped:
        return Outcome(lab, "", str(stopped), FAILED)
    if not moved:
        return Outcome(lab, "", err, FAILED)
    return Outcome(_written(lab, node, source, target, moved, obs), "", err, 0 if moved == source.blocks else FAILED)


def _asked(words):
    """({if, of: name}, {ibs, obs, bs: bytes}) of what was typed."""
    asked, sizes = {}, {}
    for word in words:
        key, equals, value = word.partition("=")
        if word.startswith("-") and word != "--":
            raise _Stopped(text("dd.usage"))
        if equals and key in _NAMES:
            asked[key] = value
        elif equals and key in _SIZES:
            sizes[key] = _number(value)
        elif equals and key in _KNOWN:
            if key != "conv" or not set(value.split(",")) <= _HARMLESS:
                raise _Stopped(text("standin.not", command="dd", what=f"{key}="))
        elif word != "--":
            raise _Stopped(text("dd.argument", word=word))
    if 0 in sizes.values():
        raise _Stopped(text("dd.zero"))
    return asked, sizes


def _number(typed):
    """Bytes: 32768, 32k, 64b, 2x512."""
    product = 1
    for part in typed.split("x"):
        digits, factor = (part[:-1], _FACTORS[part[-1]]) if part[-1:] in _FACTORS else (part, 1)
        if not (digits.isascii() and digits.isdigit()):
            raise _Stopped(text("dd.argument", word=typed))
        product *= int(digits) * factor
    if product > 1 << 31:
        raise _Stopped(text("dd.number", word=typed))
    return product


# -- the two ends ----------------------------------------------------------------------------------------


def _device(lab, node, name, directory):
    """(Special, Volume) of a device that can be opened, (None, None) of the tape."""
    if name is None:
        raise _Stopped(text("dd.elsewhere", file="standard input or output"))
    path = files.normal(files.absolute(name, directory))
    if path in TAPES:
        return None, None
    kind = files.kind(lab, node, path)
    if kind is None and path.startswith(_DEVICES):
        raise _Stopped(text("dd.open", file=name, error=text("error.ENOENT")))
    if kind not in ("block", "raw"):
        raise _Stopped(text("dd.elsewhere", file=name))
    special = devices.special(lab, node, path)
    error = devices.open_error(lab, node, special) or ("" if special.volume else "ENXIO")
    if error:
        raise _Stopped(text("dd.open", file=name, error=text(f"error.{error}")))
    return special, find_volume(lab, special.klass, special.volume)


def _source(lab, node, name, directory, now):
    special, volume = _device(lab, node, name, directory)
    if special:
        data = image(lab, special.klass, volume, node, now)
        return _End(name, special, volume, volume.blocks, None, data)
    if node.tape is None:
        raise _Stopped(text("dd.error", call="read", error=text("error.EIO")) + _records(0, 0, 0, 0))
    return _End(name, None, None, node.tape.blocks, node.tape.block, node.tape.data)


def _target(lab, node, name, directory, source):
    special, volume = _device(lab, node, name, directory)
    if special is None:
        if source.special is None:
            raise _Stopped(text("dd.open", file=name, error=text("error.EBUSY")))
        return _End(name, None, None, None, None, None)
    if volume.started[node.name] == RO:
        raise _Stopped(text("dd.open", file=name, error=text("error.EROFS")))
    if live_mounts(lab, special.klass, special.volume):
        raise _Stopped(text("dd.in_use", file=name))
    return _End(name, special, volume, volume.blocks, None, None)


# -- the copy --------------------------------------------------------------------------------------------


def _moved(source, target, ibs, obs, straight):
    """(blocks that get there, what dd says); with bs= what is read is written as it is (`straight`)."""
    given = source.record or ibs
    if given > ibs:  # a record of the tape is longer than what is asked for
        return 0, text("dd.error", call="read", error=text("error.ENOMEM")) + _records(0, 0, 0, 0)
    if _raw(source) and ibs % BLOCK:
        return 0, text("dd.error", call="read", error=text("error.EINVAL")) + _records(0, 0, 0, 0)
    if _raw(target) and obs % BLOCK:
        return 0, text("dd.error", call="write", error=text("error.EINVAL")) + _records(1, 0, 0, 0)
    there = source.blocks * BLOCK
    full, partial = _counted(there, given, ibs)
    piece = given if straight else obs
    room = there if target.blocks is None else target.blocks * BLOCK
    if there <= room:
        return source.blocks, _records(full, partial, *_counted(there, piece, obs))
    fit = room // piece
    said = text("dd.short", wrote=room - fit * piece, expected=piece)
    full, partial = _counted(min(there, (fit + 1) * piece), given, ibs)
    return target.blocks, said + _records(full, partial, *_counted(fit * piece, piece, obs))


def _raw(end):
    return end.special is not None and end.special.raw


def _counted(bytes_, piece, asked):
    """(full records, partial ones) of `bytes_` that come in pieces, of which `asked` bytes would be a full one."""
    pieces, rest = divmod(bytes_, piece)
    full = pieces if piece == asked else 0
    return full, pieces - full + bool(rest)


def _records(full, partial, whole, rest):
    return text("dd.records", full=full, partial=partial, whole=whole, rest=rest)


def _written(lab, node, source, target, moved, obs):
    """`lab` with the content there; a file system of which not all fits is none."""
    data = source.data if moved == source.blocks else FileSystem("none")
    if target.special is None:
        piece = min(source.record or obs, obs, moved * BLOCK)
        return with_node(lab, node._replace(tape=Tape(piece, moved, data)))
    lab = with_volumes(lab, target.special.klass, [target.volume._replace(data=data)])
    return written(lab, target.special.klass, target.special.volume, moved)
