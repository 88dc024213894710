"""Scenarios: the start states of labs, JSON documents under state/ (in an installed package: scenarios/).

Here a document is found, read, and laid over the one it is `like`; `shape` knows what may
stand in it, `check` what it means, `build` makes the lab. A document is judged
whole: all that is wrong with it is said at once, each complaint with its place.
"""

import json
import os
import stat

from ...model.names import visible, well_spelled
from ...store.place import checkout
from .build import build
from .check import check
from .shape import DEEPEST, Literal, Unusable, described, meant, shaped, shown

LARGEST = 16 << 20  # bytes of a document; a thousand times what the shipped ones have
DIGITS = 15  # of a number
SUFFIX = ".json"


class ScenarioError(Exception):
    """A scenario cannot be used. `complaints`: a line each, `place: what is wrong there`."""

    def __init__(self, complaints):
        super().__init__("\n".join(complaints))
        self.complaints = list(complaints)


def names():
    """[(name, a line about it)] of the scenarios that come with sdxsim."""
    found = []
    for name in _shipped():
        try:
            about = _read(_path(name)).get("about", "")
        except (ScenarioError, AttributeError):
            about = "(cannot be read)"
        found.append((name, visible(about) if isinstance(about, str) else ""))
    return found


def load(name_or_path):
    """The Lab of a shipped scenario, or of a file (a path with a slash, or ending in .json).

    Its clock has not met the host's yet: it shows the scenario's start at host time 0.
    """
    path = _path(name_or_path)
    return _made(_named(path), _overlaid(_read(path), path, ()))


def from_document(document, name="scenario"):
    """The Lab of a scenario document (a dict as JSON gives it)."""
    return _made(name, _overlaid(document, None, ()))


def validate(document):
    """All that is wrong with a scenario document (a dict as JSON gives it), a line each."""
    try:
        return _judged(_overlaid(document, None, ()))[1]
    except ScenarioError as refused:
        return refused.complaints


def _made(name, document):
    tree, complaints = _judged(document)
    if complaints:
        raise ScenarioError(complaints)
    return build(name, tree)


def _judged(document):
    complaints = {}  # for its keys: nothing is said twice

    def say(path, sentence):
        complaints[f"{path or 'the document'}: {sentence}"] = True

    tree = shaped(document, say)
    if tree is not None:
        check(tree, say)
    return tree, list(complaints)


# -- where they are ------------------------------------------------------------------------------------------


def _directory():
    """Where the shipped scenarios lie: beside the package's modules, or in the checkout's state/."""
    top, package = checkout(), os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return f"{top}/state" if top else f"{package}/scenarios"


def _shipped():
    try:
        there = os.listdir(_directory())
    except OSError:
        return []
    return sorted(name[: -len(SUFFIX)] for name in there if name.endswith(SUFFIX))


def _path(name):
    """The file of a scenario that was named."""
    if "/" in name or name.endswith(SUFFIX):
        return name
    shipped = _shipped()
    if name not in shipped:
        there = f"; there are {', '.join(shipped)}" if shipped else ""
        raise ScenarioError([f"no scenario {shown(name)}{meant(name, shipped) or there}"])
    return f"{_directory()}/{name}{SUFFIX}"


def _named(path):
    """What the lab says it was made from: the name of a shipped scenario or of a file."""
    name = os.path.basename(path).removesuffix(SUFFIX)
    return name if well_spelled(name) else visible(name)


# -- reading -------------------------------------------------------------------------------------------------


def _read(path):
    """The value that the file at `path` holds, objects as Literals."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ScenarioError([f"{visible(path)} is not a regular file"])
        with open(path, "rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "no such name is possible"
        raise ScenarioError([f"cannot read {visible(path)}: {reason}"]) from fault
    try:
        return parsed(raw)
    except ValueError as fault:
        raise ScenarioError([f"{visible(path)}: {fault}"]) from fault


def parsed(raw):
    """The value of a JSON text in bytes. Raises ValueError with a sentence."""
    if len(raw) > LARGEST:
        raise ValueError(f"is larger than {LARGEST:,} bytes")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise ValueError("begins with a byte order mark; save it as UTF-8 without one")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise ValueError(f"is not UTF-8: line {line:,} has the byte 0x{raw[fault.start]:02x}") from fault
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_number, parse_constant=_constant)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno:,}, column {fault.colno:,}"
        raise ValueError(f"is not JSON: {where}: {fault.msg[:1].lower()}{fault.msg[1:]}") from fault
    except RecursionError as fault:
        raise ValueError(f"objects and lists are nested too deeply, {DEEPEST} is the most") from fault


def _object(pairs):
    made, twice = Literal(), []
    for key, value in pairs:
        if key in made and key not in twice:
            twice.append(key)
        made[key] = value
    made.twice = tuple(twice)
    return made


def _number(digits):
    if len(digits) > DIGITS:
        return Unusable(f"a number of {len(digits):,} digits")
    return int(digits)


def _constant(name):
    return Unusable(name)


# -- like ----------------------------------------------------------------------------------------------------


def _overlaid(document, path, above):
    """The document over the one it is `like`, if it says so; `above` are the paths that led here."""
    if not isinstance(document, dict) or "like" not in document:
        return document
    like = document["like"]
    if not isinstance(like, str):
        raise ScenarioError([f"like: must be the name of a scenario, not {described(like)}"])
    try:
        base_path = _beside(like, path)
        if os.path.realpath(base_path) in above or len(above) > DEEPEST:
            raise ScenarioError([f"{shown(like)} is like this one again"])
        base = _overlaid(_read(base_path), base_path, (*above, os.path.realpath(path or base_path)))
    except ScenarioError as refused:
        raise ScenarioError([f"like: {c.removeprefix('like: ')}" for c in refused.complaints]) from refused
    if not isinstance(base, dict):
        raise ScenarioError([f"like: {shown(like)} is {described(base)}, not an object"])
    over = Literal((key, value) for key, value in document.items() if key != "like")
    over.twice = getattr(document, "twice", ())
    return merged(base, over)


def _beside(like, path):
    """The path of the scenario `like`; a relative one starts at the directory of the document."""
    found = _path(like)
    if found is like and path is not None:
        return os.path.join(os.path.dirname(path), like)
    return found


def merged(base, over):
    """`base` with `over` laid over it.

    Objects go key by key (null takes a key away); in lists of named objects those of the same name
    go one over the other and new ones stand at the end; any other list or value replaces.
    """
    if isinstance(base, dict) and isinstance(over, dict):
        made = Literal(base)
        made.twice = (*getattr(base, "twice", ()), *getattr(over, "twice", ()))
        for key, value in over.items():
            if value is None:
                made.pop(key, None)
            else:
                made[key] = merged(base[key], value) if key in base else value
        return made
    if _all_named(base) and _all_named(over):
        places = {item["name"]: at for at, item in enumerate(base)}
        made = list(base)
        for item in over:
            at = places.pop(item["name"], None)
            if at is None:
                made.append(item)
            else:
                made[at] = merged(base[at], item)
        return made
    return over


def _all_named(value):
    """True for a list of objects with a name each; an empty list replaces."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and isinstance(item.get("name"), str) for item in value)
    )
