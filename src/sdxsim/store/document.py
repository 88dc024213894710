"""A lab as text: readable JSON, checksummed over all of it.

The first line carries the CRC-32 and the length of everything behind it, and is compared whole, so
that every flipped bit, every truncation and every edit by hand is noticed. Keys are sorted; objects
with names stand in lists, because their order is the order of creation. Fields at their default are
left out.
"""

import zlib

from ..model import records as m
from ..model.record import Record
from .jsontext import parse, written
from .trouble import Damaged

FORMAT = 1


class Document(Record, fields="seq op lab"):
    """What state.json says: sequence number, the operation that made it, the lab."""

    __slots__ = ()


# -- records <-> plain values -------------------------------------------------------------------------------------


def _named(cls):
    return lambda items: {item["name"]: _record(cls, item) for item in items}


def _many(cls):
    return lambda items: tuple([_record(cls, item) for item in items])


def _leaves(cls, seldom):
    """As _many, of records that hold others only where they have the key `seldom`: slices, most of a large document."""
    return lambda items: tuple(_record(cls, item) if seldom in item else cls._of(item) for item in items)


def _one(cls):
    return lambda item: item if item is None else _record(cls, item)


def _mapped(cls):
    return lambda items: {key: _record(cls, item) for key, item in items.items()}


def _file_system(item):
    """Its files are a Tree by name; a document may also hold them itself, and list directories apart."""
    if item is None:
        return None
    files, directories = item.get("files", {}), item.pop("dirs", ())
    if isinstance(files, str):
        item["files"] = m.Tree(name=is_name(files))
    elif not isinstance(files, dict):
        raise ValueError("neither files nor the name of a tree")
    elif files or directories:
        listed = {name: m.File("", 0o755, kind="dir") for name in directories}
        item["files"] = m.Tree({**listed, **{name: _record(m.File, file) for name, file in files.items()}})
    return _record(m.FileSystem, item)


def _tuples(items):
    return tuple(tuple(item) if isinstance(item, list) else item for item in items)


# fmt: off
_NESTED = {
    m.Lab: {"clock": _one(m.Clock), "nodes": _named(m.Node), "devices": _named(m.Device),
            "classes": _named(m.Class), "copies": _many(m.Copy), "functions": tuple, "faults": _tuples,
            "workload": _one(m.Workload)},
    m.Node: {"mounts": _many(m.Mount), "tape": _one(m.Tape)},
    m.Tape: {"data": _file_system},
    m.Class: {"scope": tuple, "disks": _named(m.Disk), "groups": _named(m.Group),
              "volumes": _named(m.Volume), "relations": _many(m.Relation),
              "iotimeout": lambda items: items and tuple(items)},
    m.Group: {"members": tuple, "private": _tuples},
    m.Device: {"slices": _mapped(m.PlainSlice), "nodes": tuple, "remains": _many(m.PlainSlice)},
    m.PlainSlice: {"data": _file_system},
    m.Slice: {"data": _file_system, "tracking": _one(m.Tracking)},
    m.Volume: {"slices": _leaves(m.Slice, "data"), "data": _file_system},
    m.FileSystem: {"defects": _many(m.Defect), "busy": tuple},
    m.Relation: {"pairs": _many(m.Pair)},
    m.Pair: {"tracking": _one(m.Tracking)},
    m.Copy: {"members": tuple, "under": _file_system},
}
# fmt: on


def _record(cls, fields):
    for key, make in _NESTED.get(cls, {}).items():
        if key in fields:
            fields[key] = make(fields[key])
    return cls._of(fields)


_FLAT = {str, int, bool, type(None)}


def plain(value):
    """A record as JSON values."""
    if isinstance(value, Record):
        return {
            key: item if type(item) in _FLAT else plain(item)
            for key, item, default in zip(value._fields, value, value._blank.values(), strict=True)
            if item is not default and item != default
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, m.Tree):
        return value.name or _named_anew(value)
    if isinstance(value, dict):
        items = list(value.values())
        if items and type(items[0]) is m.File:
            return plain(m.Tree.of(value))
        if items and hasattr(items[0], "name"):
            return [plain(item) for item in items]
        return {key: plain(item) for key, item in value.items()}
    return value


# -- what volumes hold: trees, kept beside the document (store.objects) ------------------------------------------------

NAME_LENGTH = 40
_DIGITS = frozenset("0123456789abcdef")


class Shelf(Record, fields="path"):
    """Where the objects of the lab at `path` are. What brings them is loaded when one is wanted."""

    __slots__ = ()

    def rows(self, name):
        from .objects import rows

        return rows(self.path, name)

    def text(self, kept):
        from .objects import text

        return text(self.path, kept)


def is_name(name):
    """`name`, if it is an object's. Raises ValueError."""
    if len(name) != NAME_LENGTH or not _DIGITS.issuperset(name):
        raise ValueError("not the name of an object")
    return name


def _named_anew(tree):
    from .objects import named

    return named(tree)


def trees(lab):
    """Every Tree of the lab; one made of it for a dictionary of files."""
    held = [piece.data for device in lab.devices.values() for piece in (*device.slices.values(), *device.remains)]
    for klass in lab.classes.values():
        for volume in klass.volumes.values():
            held.append(volume.data)
            held += [piece.data for piece in volume.slices if piece.data is not None]
    held += [copy.under for copy in lab.copies]
    held += [node.tape.data for node in lab.nodes.values() if node.tape]
    for data in held:
        if data is None:
            continue
        if type(data.files) is m.Tree:
            yield data.files
        elif data.files:
            yield m.Tree.of(data.files)


# -- text ---------------------------------------------------------------------------------------------------------

def _head(body):
    return b'{"checksum": "crc32 %08x of %d bytes",\n' % (zlib.crc32(body), len(body))


def checksummed(body):
    """`body` with the first line that vouches for it."""
    return _head(body) + body


def verified(raw, name):
    """What stands behind the first line of `raw`; raises Damaged, naming `name`, unless that vouches for it."""
    head, newline, body = raw.partition(b"\n")
    if head + newline != _head(body):
        raise Damaged(f"{name} is damaged: its checksum does not match")
    return body


def to_bytes(document):
    """The document as it stands in a file."""
    content = {"format": FORMAT, "lab": plain(document.lab), "op": document.op, "seq": document.seq}
    body = "".join(f' "{key}": {written(content[key], 1, " ")},\n' for key in sorted(content))
    return checksummed((body[:-2] + "\n}\n").encode("ascii"))


def from_bytes(raw, name, path=None):
    """The Document in `raw`; raises Damaged, naming the file `name`, if anything at all is off.

    What its volumes hold is brought, when somebody looks, from the lab at `path`.
    """
    verified(raw, name)
    try:
        content = parse(raw.decode("ascii"))
        if content["format"] != FORMAT:
            from .migration import migrated  # only who has an old lab

            content = migrated(content, name, FORMAT)
        document = Document(content["seq"], content["op"], _record(m.Lab, content["lab"]))
    except _MALFORMED as fault:
        raise Damaged(f"{name} is damaged: {type(fault).__name__} while reading it") from fault
    shelf = Shelf(path)
    for tree in trees(document.lab):
        if tree.name:
            tree.source = shelf
    return document


_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_OP = b'\n "op": '  # no text holds a newline, so that this stands in a document once


def heading(raw, name):
    """(seq, op) of the document in `raw` without building its lab; raises Damaged."""
    _, found, rest = verified(raw, name).rpartition(_OP)
    if not found:
        return from_bytes(raw, name)[:2]
    try:
        content = parse('{"op": ' + rest.decode("ascii"))
        return content["seq"], content["op"]
    except _MALFORMED as fault:
        raise Damaged(f"{name} is damaged: {type(fault).__name__} while reading it") from fault
