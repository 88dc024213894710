"""Named states of a lab: snapshots/NAME.json, each a document like state.json; nothing prunes them.

Its operation is the one that saved it, its sequence number that of the operation the lab was at.
"""

import os

from ..model.record import Record
from . import disk
from .document import from_bytes, heading, to_bytes
from .lab import read
from .trouble import Trouble, Uncertain

SNAPSHOTS = "snapshots"
_KIND = ".json"


class Snapshot(Record, fields="name seq op size"):
    """A snapshot as listed; `seq` and `op` None: it is damaged."""

    __slots__ = ()


def _file(path, name):
    return f"{path}/{SNAPSHOTS}/{name}{_KIND}"


def listed(path):
    """The Snapshots of the lab at `path`, by name."""
    try:
        names = os.listdir(f"{path}/{SNAPSHOTS}")
    except OSError:
        return []
    return [_about(path, name.removesuffix(_KIND)) for name in sorted(names) if name.endswith(_KIND)]


def _about(path, name):
    try:
        raw = read(_file(path, name))
        return Snapshot(name, *heading(raw, _file(path, name)), len(raw))
    except (OSError, Trouble):
        return Snapshot(name, None, None, 0)


def saved(path, name):
    """The Document of snapshot `name`. Raises Trouble when there is none, Damaged."""
    try:
        return from_bytes(read(_file(path, name)), _file(path, name), path)
    except FileNotFoundError:
        raise Trouble(f"there is no snapshot '{name}'") from None
    except OSError as fault:
        raise Trouble(f"cannot read snapshot '{name}': {fault.strerror}") from fault


def save(path, name, document, force=False):
    """Keeps `document` as snapshot `name`; the lock is held. Raises Trouble: there is one, unless `force`."""
    file, new = _file(path, name), f"{_file(path, name)}.new"
    try:
        disk.make_directory(f"{path}/{SNAPSHOTS}")
        if not force and _is_there(file):
            raise Trouble(f"there is a snapshot '{name}' already, --force replaces it")
        disk.remove(new)
        disk.write_new(new, to_bytes(document))
        try:
            disk.replace(new, file)
        except BaseException:
            disk.remove(new)
            raise
    except OSError as fault:
        raise Trouble(f"cannot save snapshot '{name}': {fault.strerror} ({path})") from fault
    _settled(path, f"snapshot '{name}' was saved")


def _is_there(file):
    """True when there is anything of that name. Raises OSError: it is not known (lexists would call that no)."""
    try:
        os.lstat(file)
    except FileNotFoundError:
        return False
    return True


def delete(path, name):
    """Removes snapshot `name`; the lock is held. Raises Trouble when there is none."""
    try:
        os.unlink(_file(path, name))
    except FileNotFoundError:
        raise Trouble(f"there is no snapshot '{name}'") from None
    except OSError as fault:
        raise Trouble(f"cannot delete snapshot '{name}': {fault.strerror} ({path})") from fault
    _settled(path, f"snapshot '{name}' was deleted")


def _settled(path, done):
    try:
        disk.sync_directory(f"{path}/{SNAPSHOTS}")
    except OSError as fault:
        raise Uncertain(f"{done}, but that may not outlive a power failure: {fault.strerror}") from fault
