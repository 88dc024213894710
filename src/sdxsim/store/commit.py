"""Committing to a lab: the one commit point of the house, and the making of a lab."""

import os

from . import disk
from .document import Document, to_bytes, trees
from .history import HISTORY, numbers
from .lab import STATE, look
from .lock import Lock
from .trouble import Trouble, Uncertain

NEW, LOCK = "state.json.new", "lock"
GENERATIONS = 1000  # documents kept in history
PRUNED = 256  # every so many operations objects that nothing names are taken away


def locked(path):
    """The writers' lock of the lab at `path`."""
    return Lock(f"{path}/{LOCK}")


def commit(path, opened, lab, op):
    """Makes `lab` the lab at `path`, by operation `op`; the lock is held. Returns the new Document.

    Raises Trouble when nothing has changed, Uncertain when the change exists but may not outlive a
    power failure. `opened` is what is replaced.
    """
    document = Document(opened.document.seq + 1, op, lab)
    name, kept = f"{path}/{STATE}", f"{path}/{HISTORY}/{opened.document.seq:06d}.json"

    def keep():
        disk.make_directory(f"{path}/{HISTORY}")
        disk.keep(name, kept, opened.raw)

    try:
        _put(path, document, keep)
    except OSError as fault:
        raise Trouble(f"nothing was changed: {fault.strerror} ({path})") from fault
    try:
        disk.sync_directory(path)
        disk.remove(f"{path}/{HISTORY}/{document.seq - GENERATIONS - 1:06d}.json")
    except OSError as fault:
        raise _doubt(fault) from fault
    if document.seq % PRUNED == 0:
        from .objects import prune  # once in a while

        prune(path)
    return document


def _put(path, document, keep=lambda: None):
    """Makes `document` the one of the lab at `path`; `keep` is asked to keep what is there. Raises OSError."""
    new = f"{path}/{NEW}"
    if any(tree.source is None or tree.source.path != path for tree in trees(document.lab)):
        from .objects import put  # what volumes hold has changed

        put(path, document.lab)
    data = to_bytes(document)
    disk.remove(new)  # of a writer that was killed; we hold the lock
    disk.write_new(new, data)
    try:
        keep()
        disk.replace(new, f"{path}/{STATE}")
    except BaseException:
        disk.remove(new)
        raise


def _doubt(fault):
    return Uncertain(f"the change was made but may not outlive a power failure: {fault.strerror}")


def create(path, lab, op, force=False):
    """A new lab at `path`. Raises Trouble if there is one, or something else, unless `force`; and Uncertain.

    Forced over a lab, it is one more operation: the old document goes to history like any other.
    """
    _make_room(path)
    with locked(path):
        try:
            there = set(os.listdir(path))
            if not force:
                _refuse_what_is_there(path, there)
            disk.make_directory(f"{path}/{HISTORY}")
            if STATE in there:
                document = _put_in_its_place(path, lab, op)
            else:
                document = Document(1 + _newest_kept(path), op, lab)
                _put(path, document)
        except OSError as fault:
            raise Trouble(f"cannot make a lab at {path}: {fault.strerror}") from fault
        try:
            disk.sync_directory(path)
        except OSError as fault:
            raise _doubt(fault) from fault
        return document


def _refuse_what_is_there(path, there):
    if STATE in there:
        raise Trouble(f"there is a lab at {path} already, --force replaces it")
    if numbers(path):
        raise Trouble(f"there is the history of a lab at {path}, but no {STATE}; --force makes one beside it")
    others = sorted(there - {LOCK, NEW, HISTORY, "objects", "bin", "live", "left"})
    if others:
        raise Trouble(f"there is '{others[0]}', but no lab, at {path}; --force makes one beside it")


def _make_room(path):
    try:
        missing, at = [], path
        while not os.path.isdir(at):
            missing.append(at)
            at = os.path.dirname(at)
        for directory in reversed(missing):
            disk.make_directory(directory)
    except OSError as fault:
        raise Trouble(f"cannot make a lab at {path}: {fault.strerror}") from fault


def _newest_kept(path):
    return max(numbers(path), default=0)


def _put_in_its_place(path, lab, op):
    try:
        opened = look(path)
    except Trouble:
        aside = _number_aside(path)
        document = Document(aside + 1, op, lab)
        _put(path, document, lambda: _set_aside(path, aside))
        return document
    try:
        return commit(path, opened, lab, op)
    finally:
        opened.close()


def _number_aside(path):
    newest = _newest_kept(path)
    there = os.lstat(f"{path}/{STATE}")
    if newest and os.path.samestat(there, os.lstat(f"{path}/{HISTORY}/{newest:06d}.json")):
        return newest  # a killed writer came as far as that
    return newest + 1


def _set_aside(path, number):
    """What cannot be read is not thrown away: somebody may still want to look at it."""
    name, aside = f"{path}/{STATE}", f"{path}/{HISTORY}/{number:06d}.json"
    try:
        os.link(name, aside, follow_symlinks=False)  # so that it stands here until the new one does
    except OSError:
        os.rename(name, aside)  # a directory, or links do not work
