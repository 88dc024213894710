"""Committing to a lab: the one commit point of the house, and the making of a lab."""

import os

from . import disk
from .document import Document, to_bytes, trees
from .lab import HISTORY, STATE, document_name, look, newest_number, read
from .lock import Lock
from .trouble import Trouble, Uncertain

NEW, LOCK = "state.json.new", "lock"
NOT_IN_THE_WAY = {LOCK, NEW, HISTORY, "objects", "bin", "live", "left", "images"}  # what may be where a lab is made
TIDIED = 16  # every so many operations the history is tidied


def locked(path):
    """The writers' lock of the lab at `path`."""
    return Lock(f"{path}/{LOCK}")


def commit(path, opened, lab, op):
    """Makes `lab` the lab at `path`, by operation `op`; the lock is held. Returns the new Document.

    Raises Trouble when nothing has changed, Uncertain when the change exists but may not outlive a
    power failure. `opened` is what is replaced.
    """
    try:
        replaced, raw = _as_kept(path, opened)
    except OSError as fault:
        raise Trouble(f"nothing was changed: {fault.strerror} ({path})") from fault
    document, kept = Document(replaced + 1, op, lab), document_name(path, replaced)
    if raw is opened.raw:
        _put(path, document, lambda name: disk.keep(name, kept, raw))
    else:
        _put(path, document, lambda _: disk.write_anew(kept, raw))
    if document.seq % TIDIED == 0:
        from .tidy import tidy  # once in a while, so that other commits do not pay for it

        tidy(path, document.seq)
    return document


def _as_kept(path, opened):
    """(number, bytes) of the document that is replaced, as history is to have them. Raises OSError, Trouble.

    They are its own, unless somebody put an earlier document in its place by hand, or that of another lab: then
    history has its number already, and this is one more generation, with the next number that was never used.
    """
    document, newest = opened.document, newest_number(path)
    if newest < document.seq:
        return document.seq, opened.raw
    raw = _numbered(opened, newest)
    if _holds(document_name(path, newest), raw):  # whoever kept it was killed
        return newest, raw
    return newest + 1, _numbered(opened, newest + 1)


def _numbered(opened, number):
    document = opened.document
    return opened.raw if number == document.seq else to_bytes(document._replace(seq=number))


def _holds(name, raw):
    try:
        return read(name) == raw
    except (FileNotFoundError, Trouble):
        return False


def recover(path, lab, op):
    """Makes `lab` the lab at `path`, whose document is damaged or gone; the lock is held.

    What is there is kept aside in history. Returns (the new Document, where it is kept or None).
    Raises as `commit` does.
    """
    try:
        number = _number_aside(path)
    except OSError as fault:
        raise Trouble(f"nothing was changed: {fault.strerror} ({path})") from fault
    aside = _name_aside(path, number)
    document = Document(number + 1, op, lab)
    kept = []
    _put(path, document, lambda name: kept.append(disk.set_aside(name, aside)), made=True)
    return document, aside if any(kept) else None


def _number_aside(path):
    """The number of the operation whose document was lost is not used again, nor is it below any other."""
    newest = newest_number(path)
    try:
        if os.path.samestat(os.lstat(f"{path}/{STATE}"), os.lstat(_name_aside(path, newest))):
            return newest  # somebody was killed who had come as far as that
    except FileNotFoundError:
        pass
    return newest + 1


def _name_aside(path, number):
    return f"{path}/{HISTORY}/{number:06d}.damaged"


def create(path, lab, op, force=False):
    """A new lab at `path`. Raises Trouble if there is one, or something else, unless `force`; and Uncertain.

    Forced over a lab, it is one more operation: the old document goes to history like any other.
    """
    _make_room(path)
    with locked(path):
        try:
            there = sorted(set(os.listdir(path)) - NOT_IN_THE_WAY)
            history = newest_number(path)
        except OSError as fault:
            raise Trouble(f"cannot make a lab at {path}: {fault.strerror}") from fault
        if not force and history and STATE not in there:
            raise Trouble(f"there is the history of a lab at {path}, but no {STATE}; --force makes one beside it")
        if there and not force:
            if STATE in there:
                raise Trouble(f"there is a lab at {path} already, --force replaces it")
            raise Trouble(f"there is '{there[0]}', but no lab, at {path}; --force makes one beside it")
        if STATE not in there:
            document = Document(1 + history, op, lab)
            _put(path, document, lambda _: None, made=True)
            return document
        try:
            opened = look(path)
        except Trouble as trouble:
            from errno import ELOOP  # here, for no command pays for it

            if getattr(trouble.__cause__, "errno", ELOOP) != ELOOP:
                raise  # it may be whole, and readable another time
            return recover(path, lab, op)[0]
        try:
            return commit(path, opened, lab, op)
        finally:
            opened.close()


def _put(path, document, keep, made=False):
    """THE protocol: the new document beside the old one, the old one kept, one rename, and it is on the disk.

    What volumes hold comes first. `made`: a lab is, so that what it was read from may be there no more.
    """
    name, new = f"{path}/{STATE}", f"{path}/{NEW}"
    try:
        if made or any(tree.source is None or tree.source.path != path for tree in trees(document.lab)):
            from .objects import put  # what volumes hold has changed

            put(path, document.lab)
        data = to_bytes(document)
        disk.remove(new)  # of a writer that was killed; we hold the lock
        disk.write_new(new, data)
        try:
            disk.make_directory(f"{path}/{HISTORY}")
            keep(name)
            disk.replace(new, name)
        except BaseException:
            disk.remove(new)
            raise
    except OSError as fault:
        raise Trouble(f"nothing was changed: {fault.strerror} ({path})") from fault
    try:
        disk.sync_directory(path)
    except OSError as fault:
        raise Uncertain(f"the change was made but may not outlive a power failure: {fault.strerror}") from fault


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
