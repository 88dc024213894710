"""What may stand in a scenario document: THE TABLE of its objects and keys, and the look at them.

A key is a row (what it takes, what it is when it is left out); a new kind of scenario is new rows.
`shaped` goes through a whole document and complains of everything in it that no row allows. What
the values mean together (references, sizes) is `check`'s.
"""

import difflib
import re
from datetime import UTC, datetime

from ...model.names import visible
from ...model.status import (
    CLASS_TYPES,
    DISK_STATUSES,
    DISK_TYPES,
    EC,
    ENABLE,
    FROZEN,
    GROUP_TYPES,
    JOINED,
    MIRROR,
    MULTI_USER,
    OPC,
    PARTED,
    POWERS,
    RO,
    RUNNING,
    RW,
    SLICE_STATUSES,
    UNDEF,
)  # fmt: skip

LARGEST = 10**15  # no size, rate or count of a lab is anywhere near
DEEPEST = 40  # objects in objects; the table needs a dozen

NEEDED = object()  # in the place of a default: the key must be there


class Item(dict):
    """An object after the look at its keys: every key of its kind, as if it had been given.

    A value that was wrong is None, an optional list or object then is empty, so that the rest can
    still be judged. `wrong` are the keys of such values, `path` is where the object stands.
    """

    __slots__ = ("path", "wrong")


class Literal(dict):
    """An object as it was read; `twice` are the keys that stood in it more than once."""

    __slots__ = ("twice",)


class Unusable:
    """In the place of a number that JSON's grammar or Python's reader lets through, but nobody means."""

    def __init__(self, words):
        self.words = words


# -- words for complaints ------------------------------------------------------------------------------------


def shown(text):
    """A text out of the document, safe to print and not too long, in quotes."""
    text = visible(str(text).encode("utf-8", "replace").decode())
    return f"'{text if len(text) <= 40 else text[:37] + '...'}'"


def below(path, key):
    """The path of a key of the object at `path`."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", key):
        return f"{path}[{shown(key)}]"
    return f"{path}.{key}" if path else key


def described(value):
    """What a value of the wrong type is."""
    if isinstance(value, Unusable):
        return value.words
    names = {type(None): "null", bool: "true or false", int: "a number", float: "a fraction", str: "text"}
    return names.get(type(value), "a list" if isinstance(value, (list, tuple)) else "an object")


def meant(word, known):
    """`, did you mean 'x'?` when a known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), 1)
    return f", did you mean {shown(near[0])}?" if near else ""


def given(items):
    """[(place, item)] of a list of texts, without those that were wrong."""
    return [(at, item) for at, item in enumerate(items or ()) if item is not None]


# -- what a key takes ----------------------------------------------------------------------------------------
# Each takes (value, path, say) and returns the value to go on with, or None after it complained.


def text(value, path, say):
    """Any text."""
    if not isinstance(value, str):
        return say(path, f"must be text, not {described(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        return say(path, "holds half a character (a lone surrogate)")
    return value


def line(value, path, say):
    """Text on one line, without control characters."""
    value = text(value, path, say)
    if value is not None and not value.isprintable():
        return say(path, f"must be one line of printable text, not {shown(value)}")
    return value


def flag(value, path, say):
    """true or false."""
    return value if isinstance(value, bool) else say(path, f"must be true or false, not {described(value)}")


def whole(least):
    """A whole number from `least` on."""

    def look(value, path, say):
        if not isinstance(value, int) or isinstance(value, bool):
            return say(path, f"must be a whole number, not {described(value)}")
        if not least <= value <= LARGEST:
            return say(path, f"must be {f'at least {least:,}' if value < least else f'at most {LARGEST:,}'}")
        return value

    return look


def word(*known):
    """One of these words."""

    def look(value, path, say):
        if not isinstance(value, str):
            return say(path, f"must be text, not {described(value)}")
        if value not in known:
            hint = meant(value, known) or f", it may be {', '.join(known)}"
            return say(path, f"{shown(value)} is not known{hint}")
        return value

    return look


def time(value, path, say):
    """A virtual time, `2006-10-02 09:00:00` (UTC); in ms from then on."""
    if not isinstance(value, str):
        return say(path, f"must be a time, not {described(value)}")
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value, re.ASCII):
            raise ValueError
        at = datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return say(path, f"must be a time like 2006-10-02 09:00:00, not {shown(value)}")
    if at.year < 1970:
        return say(path, "must not be before 1970")
    return int(at.timestamp()) * 1000


def permissions(value, path, say):
    """Permission bits in octal, `0644`; a number from then on."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-7]{3,4}", value, re.ASCII):
        given = shown(value) if isinstance(value, str) else described(value)
        return say(path, f"must be octal permissions like 0644, in quotes, not {given}")
    return int(value, 8)


def listed(take):
    """A list of what `take` takes; wrong ones stay as None, so that the others keep their places."""

    def look(value, path, say):
        if not isinstance(value, list):
            return say(path, f"must be a list, not {described(value)}")
        return tuple(take(item, f"{path}[{at}]", say) for at, item in enumerate(value))

    return look


def mapped(take):
    """An object with keys of the author's own, whose values `take` takes."""

    def look(value, path, say):
        if not isinstance(value, dict):
            return say(path, f"must be an object, not {described(value)}")
        _complain_of_twice(value, path, say)
        items = {}
        for key, item in value.items():
            if line(key, path, say) is not None:
                items[key] = take(item, below(path, key), say)
        return {key: item for key, item in items.items() if item is not None}

    return look


def either(expected, takers):
    """What {type: taker} takes, by the value's type; `expected` says in words what that may be."""

    def look(value, path, say):
        take = next((taker for kind, taker in takers.items() if isinstance(value, kind)), None)
        return take(value, path, say) if take else say(path, f"must be {expected}, not {described(value)}")

    return look


def an(kind):
    """An object of a kind of the table."""

    def look(value, path, say):
        return _item(kind, value, path, say)

    return look


def _item(kind, value, path, say):
    if not isinstance(value, dict):
        return say(path, f"must be an object, not {described(value)}")
    rows = KINDS[kind]
    _complain_of_twice(value, path, say)
    for key in value:
        if key not in rows and key != "about":
            say(below(path, str(key)), f"unknown key{meant(str(key), rows)}")
    if "about" in value:
        line(value["about"], below(path, "about"), say)
    item = Item()
    item.path, item.wrong = path, set()
    for key, (take, default) in rows.items():
        if key in value:
            item[key] = take(value[key], below(path, key), say)
            if item[key] is None:
                item.wrong.add(key)
                item[key] = default if default in ((), {}) else None
        elif default is NEEDED:
            item[key] = say(below(path, key), "missing")
        else:
            item[key] = default
    return item


def _complain_of_twice(value, path, say):
    for key in getattr(value, "twice", ()):
        say(below(path, key), "stands twice in its object")


def many(kind):
    """A list of objects of a kind; wrong ones are left out, each of the others knows its path."""
    look = listed(an(kind))

    def objects(value, path, say):
        items = look(value, path, say)
        return None if items is None else tuple(item for item in items if item is not None)

    return objects


_STARTED = either("true, false or an object of nodes", {bool: flag, dict: mapped(word(RW, RO))})
_SLICE = either("a status or an object", {str: word(*SLICE_STATUSES), dict: an("slice")})

# -- the table -----------------------------------------------------------------------------------------------
# Every object may also have `about`, text for whoever reads the document.
# fmt: off
KINDS = {
    "scenario": {
        "clock":        (an("clock"),                 NEEDED),
        "functions":    (listed(word(OPC, EC)),       ()),      # copy functions of the disk array
        "strict":       (flag,                        False),   # refuse what only page 6.4.6 does
        "soft_rate":    (whole(1),                    20_480),  # blocks a second, by the driver
        "array_rate":   (whole(1),                    20_480),  # ..., by the array
        "every_device": (an("geometry"),              None),    # where a device does not say otherwise
        "devices":      (many("device"),              NEEDED),
        "nodes":        (many("node"),                NEEDED),
        "classes":      (many("class"),               ()),
        "faults":       (many("fault"),               ()),      # what breaks by itself
    },
    "clock": {
        "start":        (time,                        NEEDED),
        "mode":         (word(FROZEN, RUNNING),       FROZEN),
        "speed":        (whole(1),                    1),       # virtual seconds a second
    },
    "fault": {
        "at":           (time,                        NEEDED),
        "what":         (line,                        NEEDED),  # as behind `sdxsim fault`: disk c1t1d0 fail
    },
    "geometry": {
        "blocks":       (whole(1),                    None),
        "cylinder":     (whole(1),                    None),    # blocks
    },
    "device": {
        "name":         (line,                        NEEDED),  # c0t0d0
        "path":         (line,                        NEEDED),  # OpenBoot's
        "blocks":       (whole(1),                    None),
        "cylinder":     (whole(1),                    None),
        "present":      (flag,                        True),    # the drive answers
        "bootable":     (flag,                        True),    # it has a boot block
        "slices":       (mapped(an("plain slice")),   {}),      # outside GDS, by number
        "nodes":        (listed(line),                ()),      # it is connected to; all when none is named
    },
    "plain slice": {
        "first":        (whole(0),                    NEEDED),
        "blocks":       (whole(1),                    NEEDED),
        "tag":          (line,                        "unassigned"),
        "wear":         (whole(0),                    0),       # as of a volume
        "holds":        (an("data"),                  None),    # nothing; its files are given as text
    },
    "node": {
        "name":         (line,                        NEEDED),
        "power":        (word(*POWERS),               MULTI_USER),
        "booted":       (time,                        None),    # the clock's start
        "boot_path":    (line,                        ""),
        "nvram":        (mapped(text),                {}),
        "devalias":     (mapped(line),                {}),
        "mounts":       (many("mount"),               ()),      # in mnttab's order
    },
    "mount": {
        "special":      (line,                        NEEDED),
        "point":        (line,                        NEEDED),  # - for swap
        "options":      (line,                        None),    # as in vfstab; by what the volume holds
    },
    "class": {
        "name":         (line,                        NEEDED),
        "type":         (word(*CLASS_TYPES),          NEEDED),
        "scope":        (listed(line),                None),    # the node, when there is one
        "hs":           (flag,                        True),
        "hsmode":       (word("exbox", "bybox"),      "exbox"),
        "disks":        (many("disk"),                ()),
        "groups":       (many("group"),               ()),
    },
    "disk": {
        "name":         (line,                        NEEDED),
        "device":       (line,                        NEEDED),
        "type":         (word(*DISK_TYPES),           UNDEF),
        "status":       (word(*DISK_STATUSES),        ENABLE),
        "error":        (flag,                        False),
        "volumes":      (many("volume"),              ()),      # of a disk of type single
    },
    "group": {
        "name":         (line,                        NEEDED),
        "type":         (word(*GROUP_TYPES),          MIRROR),
        "members":      (listed(line),                NEEDED),  # disks, or groups listed before
        "private":      (an("area"),                  None),    # as its class has it
        "width":        (whole(1),                    32),      # of a stripe, in blocks
        "actdisk":      (line,                        None),    # of a switch: the first
        "proxy_of":     (line,                        None),    # the master group
        "relation":     (word(JOINED, PARTED),        JOINED),
        "pjrm":         (flag,                        True),    # a parted one records changes
        "volumes":      (many("volume"),              ()),
    },
    "area": {
        "cylinders":    (whole(1),                    None),
        "blocks":       (whole(1),                    None),
        "first":        (whole(0),                    None),
    },
    "volume": {
        "name":         (line,                        NEEDED),
        "cylinders":    (whole(1),                    None),    # one of the two, but for a proxy
        "blocks":       (whole(1),                    None),
        "first":        (whole(0),                    None),    # behind the one before
        "proxy_of":     (line,                        None),    # the master volume
        "relation":     (word(JOINED, PARTED),        JOINED),  # of two volumes outside proxy groups
        "pjrm":         (flag,                        True),
        "pslice":       (whole(0),                    None),    # physical slice number; a proxy: its master's
        "jrm":          (flag,                        None),    # true; a proxy: its master's
        "lock":         (flag,                        False),
        "mode":         (word(RW, RO),                None),    # rw; a proxy: ro
        "started":      (_STARTED,                    None),    # as after a boot
        "wear":         (whole(0),                    0),       # blocks a busy system changes a minute
        "holds":        (an("data"),                  None),    # nothing; a proxy: what its master holds
        "slices":       (mapped(_SLICE),              {}),      # {member: its status, or more}
    },
    "slice": {
        "status":       (word(*SLICE_STATUSES),       None),    # by the volume's
        "jrm":          (flag,                        True),
        "mode":         (word(RW, RO),                RW),
    },
    "data": {
        "type":         (word("ufs", "swap", "none"), NEEDED),
        "point":        (line,                        ""),      # where vfstab mounts it
        "logging":      (flag,                        True),
        "inodes":       (whole(0),                    0),       # files
        "used":         (whole(0),                    0),       # fragments of 1 KB
        "frags":        (whole(0),                    0),       # free fragments
        "blocks":       (whole(0),                    None),    # free blocks of 8 KB; what is left
        "busy":         (listed(whole(0)),            ()),      # cylinder groups a working system changes
        "dirs":         (listed(line),                ()),
        "files":        (mapped(an("file")),          {}),      # over a few usual ones, see skeleton
    },
    "file": {
        "text":         (text,                        None),
        "generate":     (word("vfstab", "system"),    None),    # instead of text: by the class's volumes
        "mode":         (permissions,                 0o644),
        "owner":        (line,                        "root"),
        "group":        (line,                        "root"),
        "changed":      (time,                        None),    # the clock's start
    },
}
# fmt: on


def shaped(document, say):
    """The document as an Item, or None; `say(path, sentence)` hears of everything that no row allows."""
    if _depth(document) > DEEPEST:
        return say("", "objects and lists are nested too deeply")
    return _item("scenario", document, "", say)


def _depth(value):
    """How deep lists and objects stand in each other; counting stops behind DEEPEST."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        inner = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, (dict, list))]
        level = [item for items in inner for item in items]
    return depth
