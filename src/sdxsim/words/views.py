"""The tables sdxinfo prints: columns of each object kind. Literals only.

A column: (heading, width, right-aligned, in the default table, evidence). Widths are constants of
the format. `render.table` prints them; `commands.info` knows what stands in them. The long forms of
class, group, volume and slice are not to be had in any source: they are kept here, one line a
column, so that a look at the guide's page D.6 is a one-line change each.
"""

_SEEN_S = "seen: guide 6.4.6 (5-3, 7-2), to the character"
_SEEN_D = "seen: guide F.1.1, F.1.3 (headings, widths); alignment rebuilt"
_SEEN_G = "seen: guide F.1.1, F.1.3 (headings, widths)"
_SEEN_V = "seen: guide F.1.3 (headings, widths)"
_CLASS = "recalled: high (column), mid (width)"
_SEEN_I = "seen: Linux 4.7 guide 6.12.1, to the character"
_OURS = "ours: what the real command prints is not known"
_SEEN_DOWN = "seen: guide F.1.4 (heading, width)"
_LOW = "recalled: low, the long form is not to be had"

# fmt: off
TABLES = {
    "class": (
        ("OBJ",         6, False, True,  _CLASS),
        ("NAME",        7, False, True,  _CLASS),
        ("TYPE",        8, False, True,  _CLASS),
        ("SCOPE",      11, False, True,  _CLASS),
        ("SPARE",       5, True,  True,  _CLASS),
        ("HS",          3, False, False, "ours: the attribute hs is seen (2.1.1), its heading is not known"),
        ("HSMODE",      6, False, False, "ours: the attribute hsmode is recalled, its heading is not known"),
    ),
    "disk": (
        ("OBJ",         6, False, True,  _SEEN_D),
        ("NAME",        7, False, True,  _SEEN_D),
        ("TYPE",        6, False, True,  _SEEN_D),
        ("CLASS",       7, False, True,  _SEEN_D),
        ("GROUP",       7, False, True,  _SEEN_D),
        ("DEVNAM",      7, False, True,  _SEEN_D),
        ("DEVBLKS",     8, True,  True,  _SEEN_D),
        ("FREEBLKS",    8, True,  False, "seen: guide F.1.1 (heading, width); recalled: high (meaning)"),
        ("DEVCONNECT", 16, False, True,  _SEEN_D),
        ("STATUS",      7, False, True,  _SEEN_D),
        ("E",           5, True,  False, "seen: guide F.1.1 (heading, width, 0 and 1); its sample prints * : errata"),
    ),
    "group": (
        ("OBJ",         6, False, True,  _SEEN_G),
        ("NAME",        7, False, True,  _SEEN_G),
        ("CLASS",       7, False, True,  _SEEN_G),
        ("DISKS",      19, False, True,  _SEEN_G),
        ("BLKS",        8, True,  True,  _SEEN_G),
        ("FREEBLKS",    8, True,  True,  _SEEN_G),
        ("SPARE",       5, True,  True,  _SEEN_G),
        ("MASTER",      7, False, False, "recalled: mid"),
        ("TYPE",        6, False, False, "seen: shadow objects chapter (field name); recalled: mid (order)"),
        ("WIDTH",       5, True,  False, "seen: shadow objects chapter (field name); recalled: mid (order)"),
        ("ACTDISK",     7, False, False, "recalled: mid"),
    ),
    "volume": (
        ("OBJ",         6, False, True,  _SEEN_V),
        ("NAME",        7, False, True,  _SEEN_V),
        ("TYPE",        6, False, False, "seen: AdvancedCopy Manager guide (field name); recalled: low (order)"),
        ("CLASS",       7, False, True,  _SEEN_V),
        ("GROUP",       7, False, True,  _SEEN_V),
        ("DISK",        7, False, False, _LOW),
        ("MASTER",      7, False, False, _LOW),
        ("PROXY",       5, False, False, _LOW),
        ("SKIP",        4, False, True,  _SEEN_V),
        ("JRM",         3, False, True,  _SEEN_V),
        ("MODE",        4, False, False, "seen: guide 6.4.6 5-1 (field name); recalled: low (order)"),
        ("LOCK",        4, False, False, _LOW),
        ("1STBLK",      8, True,  True,  _SEEN_V),
        ("LASTBLK",     8, True,  True,  _SEEN_V),
        ("BLOCKS",      8, True,  True,  _SEEN_V),
        ("STATUS",      8, False, True,  _SEEN_V),
        ("PSLICE",      6, False, False, _LOW),
    ),
    "slice": (
        ("OBJ",         6, False, True,  _SEEN_S),
        ("CLASS",       7, False, True,  _SEEN_S),
        ("GROUP",       7, False, True,  _SEEN_S),
        ("DISK",        7, False, True,  _SEEN_S),
        ("VOLUME",      7, False, True,  _SEEN_S),
        ("JRM",         3, False, False, _LOW),
        ("MODE",        4, False, False, _LOW),
        ("STATUS",      8, False, True,  _SEEN_S),
        ("COPY",        4, False, False, _LOW),
        ("CURBLKS",     8, True,  False, _LOW),
        ("COPYBLKS",    8, True,  False, _LOW),
        ("DLY",         4, True,  False, _LOW),
        ("CROSS",       5, False, False, _LOW),
        ("FUNC",        5, False, False, "seen: guide A.2.25 (field name and meaning); recalled: low (place)"),
    ),
    # sdxinfo -I, sdxparam -G, sdxdevinfo
    "io": (
        ("CLASS",       7, False, True,  _SEEN_I),
        ("MODE",        4, False, True,  _SEEN_I),
        ("TIME",        4, True,  True,  _SEEN_I),
        ("PANIC",       5, False, True,  _SEEN_I),
    ),
    "param": (
        ("PARAM",      22, False, True,  _OURS),
        ("VALUE",       5, True,  True,  _OURS),
    ),
    "device": (
        ("DEVNAM",      7, False, True,  _OURS),
        ("CLASS",       7, False, True,  _OURS),
        ("DISK",        7, False, True,  _OURS),
        ("DEVBLKS",     8, True,  True,  _OURS),
        ("CYLBLKS",     7, True,  True,  _OURS),
        ("SLICES",     13, False, True,  _OURS),
        ("PATH",       28, False, True,  _OURS),
    ),
    "dcdown": (  # sdxdcdown; its last column is as wide as its longest cell
        ("CLASS",       7, False, True,  _SEEN_DOWN),
        ("DOWN",        4, False, True,  _SEEN_DOWN),
        ("REASON",      6, False, True,  _SEEN_DOWN),
        ("NDK",         3, True,  True,  _SEEN_DOWN + "; recalled: 80 (meaning)"),
        ("NEN",         3, True,  True,  _SEEN_DOWN + "; recalled: 80 (meaning)"),
        ("NDB",         3, True,  True,  _SEEN_DOWN + "; recalled: 80 (meaning)"),
        ("NLDB",        4, True,  True,  _SEEN_DOWN + "; recalled: 80 (meaning)"),
        ("DEVNAM",      6, False, True,  _SEEN_DOWN),
    ),
}
# fmt: on

# the order of the tables when several are printed, a blank line between two (recalled: high)
ORDER = (("C", "class"), ("D", "disk"), ("G", "group"), ("V", "volume"), ("S", "slice"))


def columns(kind, long):
    """The columns of the default or the long table."""
    return [column for column in TABLES[kind] if long or column[3]]
