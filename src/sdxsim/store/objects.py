"""What stands in volumes, by content: objects/HASH, each written once and never changed.

An object is a tree (JSON: {path: File}, contents of up to INLINE characters in it) or a larger file's
content by itself. Its name is the BLAKE2b of its bytes, so that equal ones are one, a copied volume is
a name in the document, and damage is noticed by whoever reads. A commit writes the objects its document
names before the document; what no document, kept one or snapshot names any more, `prune` takes away.
"""

import os
import stat
import time

from ..model.records import File, Kept
from . import disk
from .document import NAME_LENGTH, Shelf, is_name, plain, trees
from .jsontext import parse, written
from .lab import read
from .trouble import Damaged, Trouble

OBJECTS = "objects"
INLINE = 4096  # characters; longer contents are objects of their own
FEW = 256  # objects at which nothing is pruned
GRACE = 3600  # seconds

_KINDS = ("file", "dir", "link")


def _hash(raw, person):
    try:
        from _blake2 import blake2b  # hashlib would bring OpenSSL with it
    except ImportError:  # another interpreter
        from hashlib import blake2b
    return blake2b(raw, digest_size=NAME_LENGTH // 2, person=person).hexdigest()


def _bytes(text):
    return text.encode("utf-8", "surrogateescape")


# -- names ----------------------------------------------------------------------------------------------------------


def named(tree):
    """The tree's name."""
    if tree.name is None:
        tree.name = _hash(_encoded(tree)[0], b"tree")
    return tree.name


def content_name(raw):
    """The name of a content."""
    return _hash(raw, b"file")


def _encoded(tree):
    """(the tree's bytes, {name: its large contents, bytes or Kept})."""
    rows, large = {}, {}
    for path, file in tree.rows.items():
        row = plain(file._replace(text=""))
        if type(file.text) is not str:
            row["object"], row["size"] = file.text.name, file.text.size
            large[file.text.name] = file.text
        elif len(file.text) > INLINE:
            raw = _bytes(file.text)
            row["object"], row["size"] = content_name(raw), len(raw)
            large[row["object"]] = raw
        elif file.text:
            row["text"] = file.text
        rows[path] = row
    return (written(rows, 4, "") + "\n").encode("ascii"), large


# -- reading --------------------------------------------------------------------------------------------------------


def rows(path, name):
    """{path: File} of the tree `name` of the lab at `path`. Raises Damaged, Trouble."""
    raw = _read(path, name, b"tree")
    try:
        return {inside: _row(Shelf(path), inside, row) for inside, row in parse(raw.decode("ascii")).items()}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as fault:
        raise Damaged(f"{_file(path, name)} is damaged: {type(fault).__name__} while reading it") from fault


def _row(shelf, inside, row):
    if "object" in row:
        row["text"] = Kept(is_name(row.pop("object")), row.pop("size"), shelf)
    file = File._of(row)
    # a name may reach a real file system: nothing that leads out of it
    well_formed = inside == "/" or all(part not in ("", ".", "..") for part in inside.split("/")[inside[0] == "/" :])
    if not well_formed or "\0" in inside or file.kind not in _KINDS or not 0 <= file.mode <= 0o7777:
        raise ValueError("no such file is possible")
    return file


def text(path, kept):
    """The content `kept` of the lab at `path`, as the text that stands for it. Raises Damaged, Trouble."""
    return content(path, kept).decode("utf-8", "surrogateescape")


def content(path, kept):
    """The same, its bytes."""
    return _read(path, kept.name, b"file")


def _file(path, name):
    return f"{path}/{OBJECTS}/{name}"


def _read(path, name, person):
    file = _file(path, name)
    try:
        raw = read(file)
    except FileNotFoundError:
        raise Damaged(f"the lab at {path} is damaged: {file} is missing") from None
    except OSError as fault:
        raise Trouble(f"cannot open {file}: {fault.strerror}") from fault
    if _hash(raw, person) != name:
        raise Damaged(f"{file} is damaged: it is not what its name says")
    return raw


# -- writing --------------------------------------------------------------------------------------------------------


def put(path, lab):
    """The objects that `lab` needs are on the disk when this returns; the lock is held. Raises OSError, Trouble.

    Those that were brought from there are there.
    """
    needed = {named(tree): tree for tree in trees(lab)}
    for name, tree in needed.items():
        brought = tree.source is not None and tree.source.path == path
        if brought and os.path.lexists(_file(path, name)):
            continue
        raw, large = _encoded(tree)
        for content_, held in large.items():
            known = type(held) is not bytes and held.source.path == path
            if not known or not os.path.lexists(_file(path, content_)):
                _put(path, content_, held if type(held) is bytes else content(held.source.path, held))
        _put(path, name, raw)


def _put(path, name, raw):
    """The object is there; it gets its name when it is whole."""
    file = _file(path, name)
    try:
        about = os.lstat(file)
    except FileNotFoundError:
        about = None
    if about is not None:
        if not stat.S_ISREG(about.st_mode) or about.st_size != len(raw):
            raise Trouble(f"nothing was changed: {file} is damaged: it is not what its name says")
        return
    disk.make_directory(f"{path}/{OBJECTS}")
    new = f"{path}/{OBJECTS}/new"
    disk.remove(new)  # of a writer that was killed
    disk.write_new(new, raw)
    try:
        disk.replace(new, file)
    except BaseException:
        disk.remove(new)
        raise
    disk.sync_directory(f"{path}/{OBJECTS}")


# -- pruning --------------------------------------------------------------------------------------------------------


def prune(path):
    """Takes away objects that nothing names any more; the lock is held. Quiet when it cannot.

    Nothing is: neither the present document nor one in history, be it damaged, nor a snapshot. What is
    younger than GRACE stays in any case, for the sake of who reads a lab for long. When anything cannot
    be read nothing is taken away.
    """
    try:
        there = set(os.listdir(f"{path}/{OBJECTS}"))
        if len(there) <= FEW:
            return
        wanted = set()
        for raw in _documents(path):
            wanted |= _names(raw, b'"files": "') | _names(raw, b'\\"files\\": \\"')  # as in a pack
        for name in wanted & there:
            with open(_file(path, name), "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW)) as file:
                wanted = wanted | _names(file.read(), b'"object": "')
        young = time.time() - GRACE
        for name in there - wanted:
            if os.lstat(_file(path, name)).st_mtime < young:
                disk.remove(_file(path, name))
    except (OSError, Trouble, MemoryError):
        pass  # it is tried again when it is due the next time


def _names(raw, before):
    """The object names that stand behind `before`."""
    return {part[:NAME_LENGTH].decode("ascii", "replace") for part in raw.split(before)[1:]}


def _documents(path):
    """The bytes of every document that is kept, those in packs together. Raises OSError, Trouble."""
    from .packs import inflated

    for directory in ("", "history/", "snapshots/"):
        try:
            names = os.listdir(f"{path}/{directory}")
        except FileNotFoundError:
            continue
        for name in names:
            if name.endswith((".json", ".damaged", ".pack")):
                with open(f"{path}/{directory}{name}", "rb") as file:
                    raw = file.read()
                yield inflated(raw, name) if name.endswith(".pack") else raw
