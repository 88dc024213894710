"""What a command of a runbook should print: lines and elisions, compared with what it printed, and written."""

from ...words.render import is_information


class Elision:
    """`...` in an expectation: any number of lines."""

    def __repr__(self):
        return "..."


ELISION = Elision()


def elide(lines):
    """Any lines may come here; several elisions in a row mean no more than one."""
    if lines[-1:] != [ELISION]:
        lines.append(ELISION)


# -- comparing -------------------------------------------------------------------------------------------------------

_CONTINUED = ("        ", "current-boot-device=", "alternative-boot-device=", "new-boot-device=")


def lines_of(output):
    """What a command printed as lines, blanks at their ends and empty lines at the end left out."""
    lines = [line.rstrip() for line in output.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def messages(lines):
    """{first line: line behind it} of the INFO messages among `lines`, with their continuation lines."""
    found, at = {}, 0
    while at < len(lines):
        start, at = at, at + 1
        if is_information(lines[start]):
            while at < len(lines) and lines[at].startswith(_CONTINUED):
                at += 1
            found[start] = at
    return found


def matches(expected, actual, tolerant=True):
    """True when the lines are as expected, an elision being any lines; if tolerant, less INFO messages."""
    if expected == actual:
        return True
    optional = messages(actual) if tolerant else {}
    reached = [set() for _ in range(len(actual) + 1)]  # per actual line: how much of `expected` may be used up
    reached[0].add(0)
    for at in range(len(actual) + 1):
        for used in sorted(reached[at]):
            while used < len(expected) and expected[used] is ELISION:
                if at < len(actual):
                    reached[at + 1].add(used)
                used += 1
                reached[at].add(used)
            if at == len(actual):
                continue
            if used < len(expected) and expected[used] == actual[at]:
                reached[at + 1].add(used + 1)
            if at in optional:
                reached[optional[at]].add(used)
    return len(expected) in reached[-1]


# -- writing ---------------------------------------------------------------------------------------------------------

_TAKEN = ("# ", "ok ", "1> ", "2> ", "? ")
_TAKEN_WHOLE = ("#", "ok", "1>", "2>", "?", "...")


def written(out, err, status):
    """The lines of an expectation as a runbook has them."""
    rows = ["..." if line is ELISION else _escaped(line) for line in out]
    rows += [f"2> {'...' if line is ELISION else line}".rstrip() for line in err]
    return rows + ([f"? {status}"] if status else [])


def _escaped(line):
    taken = line in _TAKEN_WHOLE or line.startswith(_TAKEN) or line.lstrip().startswith(("```", "~~~"))
    return f"1> {line}" if taken else line
