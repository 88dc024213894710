"""The documents a lab had before: history/NNNNNN.json, by their sequence number."""

import os

from .document import from_bytes
from .trouble import Damaged

HISTORY = "history"


def numbers(path):
    """The sequence numbers kept for the lab at `path`, ascending."""
    try:
        names = os.listdir(f"{path}/{HISTORY}")
    except OSError:
        return []
    return sorted(int(n[:-5]) for n in names if n.endswith(".json") and n[:-5].isdecimal())


def newest_intact(path):
    """The file name of the newest kept document that is whole, or None."""
    for number in reversed(numbers(path)):
        name = f"{path}/{HISTORY}/{number:06d}.json"
        try:
            with open(name, "rb") as file:
                from_bytes(file.read(), name)
        except (OSError, Damaged):
            continue
        return name
    return None
