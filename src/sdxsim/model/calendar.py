"""Virtual time as Solaris prints it: ms since 1970-01-01, always UTC. Pure arithmetic."""

from .record import Record

DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")  # day 0, 1970-01-01, was a Thursday
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

DAY = 86_400  # seconds


class Moment(Record, fields="year month day hour minute second weekday"):
    """A moment's parts; `month` 1..12, `weekday` an English abbreviation."""

    __slots__ = ()


def moment(ms):
    """The parts of a virtual time, in the proleptic Gregorian calendar."""
    days, rest = divmod(ms // 1000, DAY)
    # years are counted from March 1st, 0000, so that a leap day ends one
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    day = of_year - (153 * march + 2) // 5 + 1
    month = march + 3 if march < 10 else march - 9
    hour, rest = divmod(rest, 3600)
    return Moment(era * 400 + year + (month <= 2), month, day, hour, *divmod(rest, 60), DAYS[days % 7])


def short(ms):
    """As syslogd stamps a line: `Nov 22 10:00:05`."""
    m = moment(ms)
    return f"{MONTHS[m.month - 1]} {m.day:2} {m.hour:02}:{m.minute:02}:{m.second:02}"


def ctime(ms):
    """As ctime(3C) prints: `Sun Nov 22 10:00:00 2026`."""
    m = moment(ms)
    return f"{m.weekday} {short(ms)} {m.year}"


def date(ms):
    """As date(1) prints: `Sun Nov 22 10:00:00 UTC 2026`."""
    m = moment(ms)
    return f"{m.weekday} {short(ms)} UTC {m.year}"


def stamp(ms):
    """As fsck prints an MTIME: `Nov 22 10:00 2026`."""
    m = moment(ms)
    return f"{MONTHS[m.month - 1]} {m.day:2} {m.hour:02}:{m.minute:02} {m.year}"
