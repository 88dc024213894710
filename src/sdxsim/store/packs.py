"""Several generations of a document in one file, at little more than what differs between them.

A pack is JSON, checksummed like a document. It lists its generations (number, the operation that made
each, CRC-32 and length of its bytes); `packed` is base64 of zlib of JSON again: the newest one's whole
text, then for each older one the delta to the next newer. A pack needs no other file.
"""

import zlib
from binascii import a2b_base64, b2a_base64
from json import dumps

from .delta import applied, delta
from .document import checksummed, heading, verified
from .jsontext import parse
from .trouble import Damaged

FORMAT = 1
_LARGEST = 1 << 31  # characters a pack may become
_KINDS = {"number": (int,), "bytes": (int,), "crc32": (str,), "op": (dict, type(None))}


def packed(generations):
    """The bytes of a pack of [(number, bytes)], ascending; damaged documents are packed like any."""
    texts = [raw.decode("latin-1").split("\n") for _, raw in generations]
    deltas = [delta(newer, older) for older, newer in zip(texts[-2::-1], texts[:0:-1], strict=True)]
    content = dumps(["\n".join(texts[-1]), *deltas]).encode("ascii")
    entries = ",\n".join("  " + dumps(_entry(number, raw), sort_keys=True) for number, raw in generations)
    code = b2a_base64(zlib.compress(content), newline=False).decode("ascii")
    body = f' "format": {FORMAT},\n "generations": [\n{entries}\n ],\n "packed": "{code}"\n}}\n'
    return checksummed(body.encode("ascii"))


def _entry(number, raw):
    try:
        op = heading(raw, "")[1]
    except Damaged:
        op = None
    return {"number": number, "bytes": len(raw), "crc32": f"{zlib.crc32(raw):08x}", "op": op}


def entries(raw, name):
    """What a pack says of its generations, ascending: {number, bytes, crc32, op}; op None: damaged when packed."""
    return _content(raw, name)["generations"]


def unpacked(raw, name, down_to):
    """Yields (number, bytes) from the pack's newest generation down to number `down_to`. Raises Damaged."""
    content = _content(raw, name)
    lines = None
    try:
        newest, *deltas = parse(_inflated(content).decode("ascii"))
        for entry, parts in zip(reversed(content["generations"]), [None, *deltas], strict=True):
            if entry["number"] < down_to:
                return
            lines = newest.split("\n") if lines is None else applied(parts, lines)
            made = "\n".join(lines).encode("latin-1")
            if (len(made), f"{zlib.crc32(made):08x}") != (entry["bytes"], entry["crc32"]):
                raise Damaged(f"{name} is damaged: generation {entry['number']} does not come out as it was")
            yield entry["number"], made
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error) as fault:
        raise Damaged(f"{name} is damaged: {type(fault).__name__} while reading it") from fault


def inflated(raw, name):
    """What is in the pack as it is kept, JSON in JSON: every line of every generation stands in it. Raises Damaged."""
    try:
        return _inflated(_content(raw, name))
    except (ValueError, TypeError, KeyError, zlib.error) as fault:
        raise Damaged(f"{name} is damaged: {type(fault).__name__} while reading it") from fault


def _inflated(content):
    inflating = zlib.decompressobj()
    text = inflating.decompress(a2b_base64(content["packed"]), _LARGEST)
    if not inflating.eof:
        raise ValueError("too large, or cut short")
    return text


def same(entry, raw):
    """True when `raw` is the generation that `entry` speaks of."""
    return (len(raw), f"{zlib.crc32(raw):08x}") == (entry["bytes"], entry["crc32"])


def _content(raw, name):
    verified(raw, name)
    try:
        content = parse(raw.decode("ascii"))
        if content["format"] != FORMAT:
            raise Damaged(f"{name} has format {content['format']}, this sdxsim reads packs of format {FORMAT}")
        for entry in content["generations"]:
            if any(type(entry[key]) not in kinds for key, kinds in _KINDS.items()):
                raise ValueError("no generation")
        return content
    except (ValueError, TypeError, KeyError, RecursionError) as fault:
        raise Damaged(f"{name} is damaged: {type(fault).__name__} while reading it") from fault
