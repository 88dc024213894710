"""An expectation put right: what was printed, with the elisions where the expectation had them."""

import difflib
import itertools

from ...words.render import is_information
from .expectation import ELISION, matches, messages


def merged(expected, actual, tolerant=True):
    """`expected` corrected so that `actual` matches it; elisions stay, and left-out INFO messages left out."""
    if matches(expected, actual, tolerant):
        return list(expected)
    kept = _without_unexpected_messages(expected, actual) if tolerant else list(actual)
    found = _aligned(expected, kept)
    return found if matches(found, actual, tolerant) else kept


def _without_unexpected_messages(expected, actual):
    """`actual` less the INFO messages that `expected` leaves out; with all of them if it has one that differs."""
    if any(line is not ELISION and is_information(line) and line not in actual for line in expected):
        return list(actual)
    dropped = set()
    for first, behind in messages(actual).items():
        if actual[first] not in expected:
            dropped.update(range(first, behind))
    return [line for i, line in enumerate(actual) if i not in dropped]


def _aligned(expected, actual):
    """`actual`, with elisions where `expected` has them between runs of lines that can be placed.

    The run before the first elision stands at the start, the one behind the last at the end, the others
    where lines of theirs are found. About a run that has none, there is nothing to elide: all is shown.
    """
    runs = _runs(expected)
    if len(runs) == 1:
        return list(actual)
    places = _places(runs, actual)
    if places is None:
        return list(actual)
    found, behind, lost = [], 0, False
    for i, place in enumerate(places):
        if place is None:
            lost = True
            continue
        start, stop = place
        if lost:
            found += actual[behind:start]
        elif i:
            found.append(ELISION)
        found += actual[start:stop]
        behind, lost = stop, False
    return found


def _runs(expected):
    """The runs of lines between elisions; the first and the last may be empty."""
    runs = [[]]
    for line in expected:
        if line is not ELISION:
            runs[-1].append(line)
        elif runs[-1] or len(runs) == 1:
            runs.append([])
    return runs


def _places(runs, actual):
    """Per run (start, stop) in `actual`, None where a run in the middle is not to be found; None: they do not fit."""
    lines = [(i, line) for i, run in enumerate(runs) for line in run]
    alike = difflib.SequenceMatcher(None, [line for _, line in lines], actual, autojunk=False).get_matching_blocks()
    met = [[] for _ in runs]  # per run: (which of its lines, where it was printed)
    begins = [0, *itertools.accumulate(len(run) for run in runs)]
    for block in alike:
        for k in range(block.size):
            i = lines[block.a + k][0]
            met[i].append((block.a + k - begins[i], block.b + k))
    places, last = [], len(runs) - 1
    for i, run in enumerate(runs):
        if met[i]:
            start = 0 if i == 0 else met[i][0][1] - met[i][0][0]
            stop = len(actual) if i == last else met[i][-1][1] + len(run) - met[i][-1][0]
        elif i in (0, last):
            start, stop = (0, len(run)) if i == 0 else (len(actual) - len(run), len(actual))
        else:
            places.append(None)
            continue
        places.append((start, stop))
    ends = [at for place in places if place for at in place]
    return places if ends == sorted(ends) and ends[0] == 0 and ends[-1] == len(actual) else None
