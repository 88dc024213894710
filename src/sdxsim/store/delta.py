"""What differs between two lists of lines: an older document is kept as its difference to the next one.

A delta is a list of parts: [first, count] stands for lines of the newer list, a text for a line of its own.
"""


def delta(newer, older):
    """The parts that make the lines `older` out of the lines `newer`."""
    places = {}
    for place, line in enumerate(newer):
        places.setdefault(line, place)
    parts, at, expected = [], 0, 0
    while at < len(older):
        # where the last part ended is tried first: many lines ("},") stand in many places
        goes_on = expected < len(newer) and newer[expected] == older[at]
        first = expected if goes_on else places.get(older[at])
        if first is None:
            parts.append(older[at])
            at += 1
            expected += 1  # a changed line mostly stands for one line
            continue
        count = 1
        while at + count < len(older) and first + count < len(newer) and older[at + count] == newer[first + count]:
            count += 1
        parts.append([first, count])
        at += count
        expected = first + count
    return parts


def applied(parts, newer):
    """The older lines, from what `delta` made of them and the newer ones."""
    older = []
    for part in parts:
        if isinstance(part, str):
            older.append(part)
        else:
            first, count = part
            older += newer[first : first + count]
    return older
