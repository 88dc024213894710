"""Virtual time as data: pure functions of a Clock and of what the host's clock shows (ms)."""

from .status import FROZEN, RUNNING

LATEST = 253_402_300_799_999  # ms: the last of the year 9999, as far as a date is shown in four digits


def now(clock, wall):
    """Virtual time in ms, which ends with LATEST. A host clock that steps back stops it, it never reverses it."""
    if clock.mode == FROZEN:
        return clock.virtual
    return min(clock.virtual + max(0, wall - clock.wall) * clock.speed, max(clock.virtual, LATEST))


def at(clock, virtual, wall):
    """The same kind of clock, showing `virtual` when the host's shows `wall`."""
    return clock._replace(virtual=virtual, wall=wall)


def freeze(clock, wall):
    """Stopped where it is."""
    return clock._replace(mode=FROZEN, virtual=now(clock, wall), wall=wall)


def resume(clock, wall):
    """Running on from where it is."""
    return clock._replace(mode=RUNNING, virtual=now(clock, wall), wall=wall)


def set_speed(clock, speed, wall):
    """`speed` virtual seconds to a second of the host's, from here on."""
    return clock._replace(virtual=now(clock, wall), wall=wall, speed=speed)


def advance(clock, by, wall):
    """Moved ahead by `by` ms."""
    return clock._replace(virtual=now(clock, wall) + by, wall=wall)
