"""Interleaved rounds: each runs every row once, and a ratio is taken within its round.

So a machine that is busy for a while, or moves between two speeds, slows both sides of a ratio.
"""

import os
import sys
import time
from collections import namedtuple
from statistics import median

Row = namedtuple("Row", "name lines environ status each budget before", defaults=(0, 1, None, ()))
"""`lines` are run in turn, one a round, and each must exit with `status`; `each`: so many commands are in one run.

`before` a run, and not measured, come other command lines.
"""

Spread = namedtuple("Spread", "median p10 p90")


class Failed(Exception):
    """A row did not do what it says; str() says what happened."""


def spread(values):
    """Median, and where the quiet and the slow tenth end."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return Spread(median(ordered), ordered[round(last * 0.1)], ordered[round(last * 0.9)])


class Measure:
    """Runs command lines as processes and takes their time; what they print goes to files in `scratch`."""

    def __init__(self, scratch):
        self.files = [f"{scratch}/{name}" for name in ("printed", "complained")]

    def prepare(self, row):
        """Runs what comes before a run of the row."""
        for line in row.before:
            self.seconds(Row(row.name, [line], row.environ), 0)

    def seconds(self, row, turn):
        """The time of the row's command line whose turn it is."""
        line = [str(word) for word in row.lines[turn % len(row.lines)]]
        how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        to = [(os.POSIX_SPAWN_OPEN, fd, file, how, 0o600) for fd, file in enumerate(self.files, 1)]
        begun = time.perf_counter()
        # not subprocess: its own half millisecond would stand on both sides of each ratio
        process = os.posix_spawnp(line[0], line, row.environ, file_actions=[_NO_INPUT, *to])
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        taken = time.perf_counter() - begun
        if status != row.status:
            raise Failed(f"{' '.join(line)}: exit status {status}, expected {row.status}\n{self._said()}")
        return taken

    def _said(self):
        texts = []
        for name in self.files:
            with open(name, errors="replace") as file:
                texts.append(file.read()[-2000:])
        return texts[1] or texts[0]


_NO_INPUT = (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)


def measured(measure, base, rows, rounds, also=lambda: None):
    """[[seconds of each round] for the base and each row]; `also()` is called once a round.

    The base runs again after every ten rows, and its median counts, so that no one run of it decides a round.
    """
    times = [[] for _ in (base, *rows)]
    for turn in range(rounds):
        bases = []
        for index, row in enumerate(rows):
            if index % 10 == 0:
                bases.append(measure.seconds(base, 0))
            measure.prepare(row)
            times[index + 1].append(measure.seconds(row, turn) / row.each)
        times[0].append(median(bases))
        also()
        if sys.stderr.isatty():
            print(f"\rround {turn + 1} of {rounds}", end="" if turn + 1 < rounds else "\r", file=sys.stderr)
    return times
