"""What may be a name (guide A.1.1).

User names (classes, disks, groups, volumes) are at most 32 characters of A-Z a-z 0-9 - _ and begin
with a letter or a digit; a disk of type single has at most 28.
"""

NAME_LENGTH = 32
SINGLE_DISK_NAME_LENGTH = 28

_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_NAME = _ALNUM | frozenset("-_")


def well_spelled(name):
    """True when every character may stand where it stands in a user name (any length above 0)."""
    return bool(name) and name[0] in _ALNUM and _NAME.issuperset(name)


def well_spelled_slice(name):
    """True for OBJECT.VOLUME, the name GDS gives a slice."""
    above, dot, volume = name.partition(".")
    return bool(dot) and well_spelled(above) and well_spelled(volume)


def visible(text):
    """`text` with everything but printable ASCII written as octal escapes of its bytes.

    Whatever a user typed may be shown again, but never raw: an escape sequence in a name must not
    reach the terminal (ours; the real product's habit is not known).
    """
    if text.isascii() and text.isprintable():
        return text
    raw = text.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in raw)
