"""Committing to a lab: the one commit point of the house, and the making of a lab."""

import os

from . import disk
from .document import Document, to_bytes
from .history import HISTORY, numbers
from .lab import STATE, look
from .lock import Lock
from .trouble import Damaged, Trouble, Uncertain

NEW, LOCK = "state.json.new", "lock"
GENERATIONS = 1000  # documents kept in history


def locked(path):
    """The writers' lock of the lab at `path`."""
    return Lock(f"{path}/{LOCK}")


def commit(path, opened, lab, op):
    """Makes `lab` the lab at `path`, by operation `op`; the lock is held. Returns the new Document.

    Raises Trouble when nothing has changed, Uncertain when the change exists but may not outlive a
    power failure. `opened` is what is replaced.
    """
    document = Document(opened.document.seq + 1, op, lab)
    name, new = f"{path}/{STATE}", f"{path}/{NEW}"
    kept = f"{path}/{HISTORY}/{opened.document.seq:06d}.json"
    try:
        data = to_bytes(document)
        disk.remove(new)  # of a writer that was killed; we hold the lock
        disk.write_new(new, data)
        try:
            disk.make_directory(f"{path}/{HISTORY}")
            disk.keep(name, kept, opened.raw)
            disk.replace(new, name)
        except BaseException:
            disk.remove(new)
            raise
    except OSError as fault:
        raise Trouble(f"nothing was changed: {fault.strerror} ({path})") from fault
    try:
        disk.sync_directory(path)
        disk.remove(f"{path}/{HISTORY}/{document.seq - GENERATIONS - 1:06d}.json")
    except OSError as fault:
        raise Uncertain(f"the change was made but may not outlive a power failure: {fault.strerror}") from fault
    return document


def create(path, lab, op, force=False):
    """A new lab at `path`. Raises Trouble if there is one, or something else, unless `force`.

    Forced over a lab, it is one more operation: the old document goes to history like any other.
    """
    _make_room(path)
    with locked(path):
        there = sorted(set(os.listdir(path)) - {LOCK, NEW, HISTORY, "bin"})
        if not force and numbers(path) and STATE not in there:
            raise Trouble(f"there is the history of a lab at {path}, but no {STATE}; --force makes one beside it")
        if there and not force:
            if STATE in there:
                raise Trouble(f"there is a lab at {path} already, --force replaces it")
            raise Trouble(f"there is '{there[0]}', but no lab, at {path}; --force makes one beside it")
        try:
            disk.make_directory(f"{path}/{HISTORY}")
            if STATE in there:
                return _replace_forced(path, lab, op)
            document = Document(1 + _newest_kept(path), op, lab)
            disk.remove(f"{path}/{NEW}")
            disk.write_new(f"{path}/{NEW}", to_bytes(document))
            disk.replace(f"{path}/{NEW}", f"{path}/{STATE}")
            disk.sync_directory(path)
            return document
        except OSError as fault:
            raise Trouble(f"cannot make a lab at {path}: {fault.strerror}") from fault


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


def _replace_forced(path, lab, op):
    try:
        opened = look(path)
    except (Damaged, Trouble):
        # kept aside, not thrown away: somebody may still want to look at it
        aside = 1 + _newest_kept(path)
        os.rename(f"{path}/{STATE}", f"{path}/{HISTORY}/{aside:06d}.json")
        document = Document(aside + 1, op, lab)
        disk.remove(f"{path}/{NEW}")
        disk.write_new(f"{path}/{NEW}", to_bytes(document))
        disk.replace(f"{path}/{NEW}", f"{path}/{STATE}")
        disk.sync_directory(path)
        return document
    try:
        return commit(path, opened, lab, op)
    finally:
        opened.close()
