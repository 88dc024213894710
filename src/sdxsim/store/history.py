"""The documents a lab had before, its generations, by the number of the operation that made each.

    history/NNNNNN.json             a document as it was; the newest ones stand like this
    history/NNNNNN-NNNNNN.pack      older ones together (store.packs; store.tidy makes them)
    history/NNNNNN.damaged          what was found in place of a document, kept aside
"""

import os

from ..model.record import Record
from .document import from_bytes, heading
from .lab import HISTORY, document_name, read
from .packs import entries, unpacked
from .trouble import Trouble


class Generation(Record, fields="number op size file intact"):
    """A kept document: operation `op` (None: not known) made it; `size` bytes; the file that holds it."""

    __slots__ = ()


class Held(Record, fields="whole packs aside"):
    """What the names in history say: numbers, (first, last) of packs, numbers kept aside; all ascending."""

    __slots__ = ()


def held(path):
    """The Held of the lab at `path`. Raises OSError: a history may be there, unread."""
    try:
        names = os.listdir(f"{path}/{HISTORY}")
    except (FileNotFoundError, NotADirectoryError):
        names = []
    whole, packs, aside = [], [], []
    for name in names:
        stem, _, kind = name.rpartition(".")
        first, dash, last = stem.partition("-")
        if kind == "json" and stem.isdecimal():
            whole.append(int(stem))
        elif kind == "damaged" and stem.isdecimal():
            aside.append(int(stem))
        elif kind == "pack" and dash and first.isdecimal() and last.isdecimal():
            packs.append((int(first), int(last)))
    return Held(sorted(whole), sorted(packs), sorted(aside))


def pack_name(path, pack):
    """The file of a pack (first, last)."""
    return f"{path}/{HISTORY}/{pack[0]:06d}-{pack[1]:06d}.pack"


def backwards(path, below=None):
    """Yields the Generations of the lab at `path`, newest first, those numbered under `below` if it is given."""
    whole, packs, _ = held(path)
    packed = {n for first, last in packs for n in range(first, last + 1)}
    steps = [(n, None) for n in whole if n not in packed] + [(pack[1], pack) for pack in packs]
    for number, pack in sorted(steps, key=lambda step: step[0], reverse=True):
        for generation in [_whole(path, number)] if pack is None else _packed(path, pack):
            if below is None or generation.number < below:
                yield generation


def _whole(path, number):
    name = document_name(path, number)
    try:
        raw = read(name)
        return Generation(number, heading(raw, name)[1], len(raw), name, True)
    except FileNotFoundError:  # put into a pack just now
        for pack in reversed(held(path).packs):
            for generation in _packed(path, pack):
                if generation.number == number:
                    return generation
    except (Trouble, OSError):
        pass
    return Generation(number, None, 0, name, False)


def _packed(path, pack):
    name = pack_name(path, pack)
    try:
        found = entries(read(name), name)
    except (Trouble, OSError):
        return [Generation(n, None, 0, name, False) for n in range(pack[1], pack[0] - 1, -1)]
    return [Generation(e["number"], e["op"], e["bytes"], name, e["op"] is not None) for e in reversed(found)]


def generation(path, number):
    """(bytes, name of the file) of the document numbered `number`; None if none is kept. Raises Damaged, Trouble."""
    name = document_name(path, number)
    try:
        return read(name), name
    except FileNotFoundError:
        pass  # it may have been put into a pack, and was there before its file went
    for pack in reversed(held(path).packs):
        if pack[0] <= number <= pack[1]:
            name = pack_name(path, pack)
            for found, raw in unpacked(read(name), name, number):
                if found == number:
                    return raw, f"{name}, generation {number},"
    return None


def document(path, number):
    """The Document numbered `number`, None if none is kept. Raises Damaged, Trouble."""
    try:
        found = generation(path, number)
    except OSError as fault:
        raise Trouble(f"cannot read operation {number}: {fault.strerror} ({fault.filename or path})") from fault
    return found and from_bytes(*found, path)


def newest_intact(path):
    """The newest Generation that is whole and readable, None if there is none."""
    try:
        for found in backwards(path):
            if found.intact and _is_readable(path, found.number):
                return found
    except OSError:
        pass  # the history cannot be listed
    return None


def _is_readable(path, number):
    try:
        return document(path, number) is not None
    except Trouble:  # a damaged one as well
        return False
