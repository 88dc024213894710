"""The documents a lab had before: history/NNNNNN.json, by their sequence number."""

import os

from .document import from_bytes
from .trouble import Damaged

HISTORY = "history"


def numbers(path):
    """The sequence numbers kept for the lab at `path`, ascending. Raises OSError: a history may be there, unread."""
    try:
        names = os.listdir(f"{path}/{HISTORY}")
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(int(n[:-5]) for n in names if n.endswith(".json") and n[:-5].isdecimal())


def newest_intact(path):
    """The file name of the newest kept document that is whole, or None."""
    try:
        kept = numbers(path)
    except OSError:
        kept = []
    for number in reversed(kept):
        name = f"{path}/{HISTORY}/{number:06d}.json"
        try:
            with open(name, "rb") as file:
                from_bytes(file.read(), name)
        except (OSError, Damaged):
            continue
        return name
    return None
