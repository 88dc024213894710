"""Housekeeping of history, now and then, under the lock and after a commit: older documents into packs.

Whoever is killed in here leaves every generation readable: a pack has its name, and both are on the
disk, before the documents it holds are removed; it was unpacked again and compared with them. What
fails in here is tried again when it is due the next time: the change it follows has been made.
"""

from . import disk
from .history import held, pack_name
from .lab import HISTORY, document_name, read
from .objects import prune
from .packs import entries, packed, same, unpacked
from .trouble import Damaged

GENERATIONS = 1000  # kept; what is older goes, a pack at a time
WHOLE = 10  # the newest ones stay whole documents, which a person can copy back
BATCH = 16  # documents wait until there are so many to pack
LARGEST_BATCH = 32
PRUNED = 256  # every so many operations objects that nothing names any more are taken away
ROUNDS = 4  # packs made at a time: a long history from before there were packs is no long wait


def tidy(path, seq):
    """Tidies the history of the lab at `path`, whose document has number `seq`; quiet when it cannot."""
    try:
        whole = _without_leftovers(path)
        waiting = [number for number in whole if number < seq][:-WHOLE]
        for _ in range(ROUNDS):
            if len(waiting) < BATCH:
                break
            _pack(path, waiting[:LARGEST_BATCH])
            del waiting[:LARGEST_BATCH]
        _prune(path, seq - GENERATIONS)
        if seq % PRUNED == 0:
            prune(path)
    except Exception:  # whatever it was: the change has been made, and no failure here may be taken for one of it
        pass


def _without_leftovers(path):
    """The numbers of whole documents, those removed that stand in a pack too: somebody was killed in between."""
    whole, packs, _ = held(path)
    for pack in packs:
        twice = [number for number in whole if pack[0] <= number <= pack[1]]
        if twice:
            _remove_packed(path, pack, twice)
            whole = [number for number in whole if number not in twice]
    return whole


def _remove_packed(path, pack, numbers):
    name = pack_name(path, pack)
    try:
        packed_ones = {entry["number"]: entry for entry in entries(read(name), name)}
    except Damaged:
        return  # they are all that is left of it
    for number in numbers:
        if number in packed_ones and same(packed_ones[number], read(document_name(path, number))):
            disk.remove(document_name(path, number))


def _pack(path, numbers):
    generations = [(number, read(document_name(path, number))) for number in numbers]
    name, new = pack_name(path, (numbers[0], numbers[-1])), f"{path}/{HISTORY}/pack.new"
    data = packed(generations)
    if any(was != made for was, made in zip(generations[::-1], unpacked(data, name, numbers[0]), strict=True)):
        raise Damaged(f"{name} would not hold what it should")
    disk.remove(new)
    disk.write_new(new, data)
    try:
        disk.replace(new, name)
    except BaseException:
        disk.remove(new)
        raise
    disk.sync_directory(f"{path}/{HISTORY}")
    for number in numbers:
        disk.remove(document_name(path, number))


def _prune(path, oldest):
    whole, packs, _ = held(path)
    for pack in packs:
        if pack[1] < oldest:
            disk.remove(pack_name(path, pack))
    for number in whole:
        if number < oldest:
            disk.remove(document_name(path, number))
