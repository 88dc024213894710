"""Documents that are not whole, and documents that are somebody else's."""

import json
import zlib

from sdxsim.store.commit import commit, create, locked
from sdxsim.store.lab import STATE, look
from sdxsim.store.trouble import Damaged, Newer, Trouble

from .cases import lab_of


def small_lab():
    """A lab with a class and two volumes, 2 KB of document, so that every byte of it can be broken."""
    lab = lab_of("joined")
    klass = lab.classes["System"]
    volumes = {name: klass.volumes[name] for name in ("swap", "Pswap")}
    nodes = {name: node._replace(mounts=(), nvram={}) for name, node in lab.nodes.items()}
    return lab._replace(nodes=nodes, devices={}, classes={"System": klass._replace(volumes=volumes, relations=())})


def with_history(path, commits=3):
    """A small lab at `path` that was changed `commits` times."""
    create(path, small_lab(), {"argv": ["made"]})
    for n in range(commits):
        opened = look(path)
        with locked(path):
            commit(path, opened, opened.document.lab._replace(soft_rate=1000 + n), {"argv": ["changed", str(n)]})
        opened.close()


def broken(raw):
    """(what was done, bytes): every truncation, every flipped bit, every zeroed byte."""
    for at in range(len(raw)):
        yield f"cut at {at}", raw[:at]
        for bit in range(8):
            yield f"bit {bit} of byte {at}", raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
        if raw[at]:
            yield f"byte {at} zeroed", raw[:at] + b"\0" + raw[at + 1 :]


def checksummed(body):
    """A document whose checksum is right, whatever it says."""
    return b'{"checksum": "crc32 %08x of %d bytes",\n' % (zlib.crc32(body), len(body)) + body


def foreign(raw):
    """[(what it is, bytes)] of documents that are none of this lab's, whole or not."""
    body = raw.partition(b"\n")[2]
    deep = b"[" * 100_000 + b"]" * 100_000

    def says(old, new):
        assert old in body, old
        return checksummed(body.replace(old, new, 1))

    number = body.rpartition(b'"seq": ')[2].split(b"\n")[0]
    return [
        ("empty", b""),
        ("a newline", b"\n"),
        ("NULs", b"\0" * len(raw)),
        ("4 KiB of NULs, then itself", (b"\0" * 4096 + raw[4096:])),
        ("text", b"hello\n"),
        ("an ELF header", b"\x7fELF\x02\x01\x01" + b"\0" * 100),
        ("JSON of nobody", b"{}"),
        ("a JSON list", b"[]"),
        ("null", b"null"),
        ("a scenario", json.dumps({"about": "x", "nodes": []}).encode()),
        ("itself without a checksum", b"{" + body),
        ("itself twice", raw + raw),
        ("a byte behind it", raw + b"x"),
        ("a newline behind it", raw + b"\n"),
        ("a NUL behind it", raw + b"\0"),
        ("a BOM before it", b"\xef\xbb\xbf" + raw),
        ("UTF-16", raw.decode().encode("utf-16")),
        ("UTF-32", raw.decode().encode("utf-32")),
        ("CR LF", raw.replace(b"\n", b"\r\n")),
        ("compressed", zlib.compress(raw)),
        ("an older format", says(b'"format": 1', b'"format": 0')),
        ("a newer format", says(b'"format": 1', b'"format": 99')),
        ("a format in words", says(b'"format": 1', b'"format": "one"')),
        ("nesting", checksummed(b' "format": 1, "lab": ' + deep + b', "op": {}, "seq": 1}')),
        ("5,000 digits", says(b'"seq": ' + number, b'"seq": ' + b"9" * 5000)),
        ("65 bits", says(b'"seq": ' + number, b'"seq": 18446744073709551616')),
        ("a fraction", says(b'"seq": ' + number, b'"seq": 1.5')),
        ("NaN", says(b'"seq": ' + number, b'"seq": NaN')),
        ("infinity", says(b'"seq": ' + number, b'"seq": 1e999')),
        ("-infinity", says(b'"seq": ' + number, b'"seq": -Infinity')),
        ("a key twice", says(b'"format": 1', b'"format": 1, "format": 1')),
        ("a key twice, deep inside", says(b'"name": "System"', b'"name": "System", "name": "Other"')),
        ("an unknown key", says(b'"scenario"', b'"scenarios"')),
        ("no lab", checksummed(b' "format": 1, "op": {}, "seq": 1}')),
        ("a lab that is a list", checksummed(b' "format": 1, "lab": [], "op": {}, "seq": 1}')),
        ("a lab that is null", checksummed(b' "format": 1, "lab": null, "op": {}, "seq": 1}')),
        ("classes by number", checksummed(b' "format": 1, "lab": {"scenario": "x", "clock": {}, "classes": 5}, "op": {}, "seq": 1}')),
        ("Latin-1", says(b'"System"', b'"Syst\xe9m"')),
        ("a lone surrogate", checksummed(b' "format": 1, "lab": "\\ud800", "op": {}, "seq": 1}')),
        ("a raw control character", says(b'"System"', b'"Sys\x1btem"')),
    ]  # fmt: skip


def offer(sentence):
    """The kept document that a refusal names, None when it names none."""
    _, is_one, rest = sentence.rpartition(" one is ")
    return rest.partition(" (")[0] if is_one else None


def unnoticed(path, intact=()):
    """What is wrong with how the damaged lab at `path` is met; None when it is refused as it should be.

    It is refused in one sentence, which names the file, and a kept document that is whole, or says that
    there is none; one of a newer format is no damage, and nothing is offered in its place. `intact`: names
    of kept documents that are whole.
    """
    try:
        opened = look(path)
    except Damaged as damage:
        sentence = str(damage)
        if isinstance(damage, Newer):
            intact = ()
    except Trouble as trouble:
        return f"not called damaged: {trouble}"
    except Exception as bug:
        return f"{type(bug).__name__}: {bug}"
    else:
        opened.close()
        return "not noticed"
    if f"{path}/{STATE}" not in sentence or "\n" in sentence or not sentence.isprintable():
        return f"said badly: {sentence!r}"
    offered = offer(sentence)
    if offered and offered not in intact:
        return f"offers {offered}"
    if intact and not offered:
        return "offers nothing"
    return None
