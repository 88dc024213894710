"""Finding runbooks: the shipped ones by name, anybody's by path, with those that follow them."""

import os
import stat
from difflib import get_close_matches

from ...store.place import absolute
from ..complaint import Misuse
from .dialect import parse

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shipped")
ENDING = ".md"
LARGEST = 1 << 24  # bytes a runbook may have


def names():
    """The names of the shipped runbooks."""
    return sorted(file.removesuffix(ENDING) for file in os.listdir(SHIPPED) if file.endswith(ENDING))


def chain(name):
    """The runbook called `name`, or at that path, and those it names in `then:`, each once. Raises Misuse."""
    books, seen, coming = [], set(), [(_path(name), name)]
    while coming:
        path, called = coming.pop(0)
        if path is None:
            known = f"there are {', '.join(names())}; others need their path"
            raise Misuse(f"no runbook '{called}'{_meant(called)}", hint=known)
        absolute(path, f"'{called}'")  # or it says that there is no such place
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        book = read(path)
        books.append(book)
        coming = [(_beside(path, follower), follower) for follower in book.then] + coming
    return books


def _meant(name):
    near = get_close_matches(name.removesuffix(ENDING), names(), 1)
    return f", did you mean '{near[0]}'?" if near else ""


def _path(name):
    """The file meant by what a user typed, or None."""
    if "/" in name or os.path.isfile(name):
        return name
    return _shipped(name)


def _shipped(name):
    path = os.path.join(SHIPPED, name.removesuffix(ENDING) + ENDING)
    return path if "/" not in name and os.path.isfile(path) else None


def _beside(path, follower):
    """The file meant by a runbook's `then:`, or None: next to it, else a shipped one."""
    near = os.path.join(os.path.dirname(path), follower.removesuffix(ENDING) + ENDING)
    return near if os.path.isfile(near) else _shipped(follower)


def read(path):
    """The Runbook in the file `path`. Raises Misuse."""
    shown = _short(path)
    try:
        with open(path, "rb", opener=_at_once) as opened:
            about = os.fstat(opened.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise Misuse(f"cannot read {shown}: not a regular file")
            raw = opened.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise Misuse(f"cannot read {shown}: too large, a runbook has at most {LARGEST} bytes")
    except OSError as fault:
        raise Misuse(f"cannot read {shown}: {fault.strerror}") from fault
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise Misuse(f"{shown}:{line}: not UTF-8 text") from fault
    return parse(text, os.path.basename(path).removesuffix(ENDING), shown)


def _at_once(path, flags):
    """Opens without waiting for a writer of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _short(path):
    """The path as it is quickest found from here."""
    try:
        relative = os.path.relpath(path)
    except FileNotFoundError:  # here is nowhere: the current directory is gone
        return path
    return path if relative.startswith("..") or len(relative) > len(path) else relative
