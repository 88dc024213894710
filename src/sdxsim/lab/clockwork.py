"""Durations as they are typed, virtual time as it is shown, and what `sdxsim clock` does to a lab.

A duration is whole numbers with units, the larger first: 90s, 10m, 2h, 1h30m, 1d. The unit is never
left out: a bare 90 could be meant as seconds or minutes. A clock's speed is a whole number of virtual
seconds in a second of the host's, 1 to 1,000,000, so that virtual time stays exact; half a second of
virtual time in a second is not to be had.
"""

import re

from ..model import clock
from ..model.calendar import moment
from ..model.status import FROZEN, RUNNING
from ..rules.copying import settle
from .complaint import Complaint, Misuse

UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000}  # ms
FASTEST = 1_000_000
LATEST = clock.LATEST

_DURATION = re.compile("".join(f"(?:([0-9]{{1,12}}){unit})?" for unit in UNITS))
_SPEED = re.compile("[0-9]{1,12}")


def duration(text):
    """The duration `text` in ms, above 0. Raises Misuse."""
    found = _DURATION.fullmatch(text)
    if not text or not found:
        hint = f"did you mean '{text}s'?" if re.fullmatch("[0-9]{1,12}", text) else ""
        raise Misuse(f"'{text}' is no duration", hint=hint or "durations are such as 90s, 10m, 2h or 1h30m")
    ms = sum(int(number) * unit for number, unit in zip(found.groups(), UNITS.values(), strict=True) if number)
    if ms == 0:
        raise Misuse(f"'{text}' is no time at all", hint="virtual time only moves ahead")
    return ms


def spoken(ms):
    """A length of time in the words in which a duration is typed: 8m32s, 0.5s; above a minute to the second."""
    if ms > UNITS["m"]:
        ms = (ms + 500) // 1000 * 1000
    parts = []
    for unit, length in UNITS.items():
        number, ms = divmod(ms, length) if unit != "s" else (ms / length, 0)
        if number:
            parts.append(f"{number:.3f}".rstrip("0").rstrip(".") + unit if unit == "s" else f"{number}{unit}")
    return "".join(parts) or "0s"


def shown_time(ms):
    """A virtual time for people: 2006-10-02 09:00:00 UTC."""
    at = moment(ms)
    return f"{at.year:04}-{at.month:02}-{at.day:02} {at.hour:02}:{at.minute:02}:{at.second:02} UTC"


def iso(ms):
    """A virtual time for programs: 2006-10-02T09:00:00.000Z."""
    date, time, _ = shown_time(ms).split()
    return f"{date}T{time}.{ms % 1000:03}Z"


def line(clock_, now):
    """What every `sdxsim clock` verb prints."""
    if clock_.mode == RUNNING:
        return f"{shown_time(now)}, running at speed {clock_.speed}\n"
    resumed = f", speed {clock_.speed} when resumed" if clock_.speed != 1 else ""
    return f"{shown_time(now)}, frozen{resumed}\n"


# -- verbs: (lab, now, wall, argument) -> lab, the very same when there is nothing to change -------------------------


def _freeze(lab, now, wall, _):
    return lab if lab.clock.mode == FROZEN else lab._replace(clock=clock.freeze(lab.clock, wall))


def _resume(lab, now, wall, _):
    return lab if lab.clock.mode == RUNNING else lab._replace(clock=clock.resume(lab.clock, wall))


def _speed(lab, now, wall, text):
    if not _SPEED.fullmatch(text) or not 1 <= int(text) <= FASTEST:
        raise Misuse(f"'{text}' is no speed", hint=f"a speed is a whole number, 1 to {FASTEST}")
    speed = int(text)
    return lab if lab.clock.speed == speed else lab._replace(clock=clock.set_speed(lab.clock, speed, wall))


def _advance(lab, now, wall, text):
    return moved_to(lab, now + duration(text), wall)


def moved_to(lab, then, wall):
    """`lab` at the later virtual time `then`, what has ended by then ended. Raises Complaint: too late."""
    if then > LATEST:
        raise Complaint(f"virtual time ends with {shown_time(LATEST)}")
    return settle(lab._replace(clock=clock.at(lab.clock, then, wall)), then)


VERBS = {"freeze": (_freeze, 0), "resume": (_resume, 0), "speed": (_speed, 1), "advance": (_advance, 1)}


def turned(lab, verb, arguments, now, wall):
    """`lab` after `sdxsim clock VERB ARGUMENT`; `now` is its virtual time when the host's clock shows `wall`.

    The very same lab when nothing changes, as for `show`. Raises Misuse and Complaint.
    """
    if verb == "show" and not arguments:
        return lab
    change, wanted = VERBS.get(verb, (None, 0))
    if change is None or len(arguments) != wanted:
        raise Misuse(f"'sdxsim clock {' '.join([verb, *arguments])}' is not understood",
                     hint="clock show, freeze, resume, speed X or advance DURATION")  # fmt: skip
    return change(lab, now, wall, arguments[0] if arguments else "")
