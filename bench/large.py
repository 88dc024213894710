"""Three things that get large: a lab, a classroom of labs, a heap of runbooks. Each is measured and told in lines."""

import contextlib
import os
import subprocess
import time
from pathlib import Path
from statistics import median

import labs
from rounds import Failed, Measure, Row
from running import BIN, BOOK, PYTHON, commands_a_second, environ

from sdxsim.lab.runbook import runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load

MIB = 1 << 20


def _disk(path):
    """Bytes the files below `path` take on disk, each counted once however many names it has."""
    seen = {}
    for directory, _, files in os.walk(path):
        for file in files:
            about = os.lstat(os.path.join(directory, file))
            seen[about.st_ino] = about.st_blocks * 512
    return sum(seen.values())


# The kernel counts as a child's peak what its parent had when it was spawned; so a small process spawns it.
_PEAK = "import os, sys; p = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ); "
_PEAK += "u = os.wait4(p, 0)[2]; os.write(2, b'\\n%d' % u.ru_maxrss)"


def _peak(line, environ):
    """The most memory the command line takes, in bytes."""
    words = [str(word) for word in (PYTHON, "-I", "-S", "-c", _PEAK, *line)]
    ran = subprocess.run(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(ran.stderr.rpartition("\n")[2]) * 1024


# -- one large lab -----------------------------------------------------------------------------------------------


def one_lab(scratch, volumes, rounds):
    """Lines about commands on one lab of so many volumes."""
    place = Path(scratch) / "large"
    labs.put(place, labs.lab_of(volumes))
    size = (place / "state.json").stat().st_size
    yield f"a lab of {volumes:,} volumes: {size / MIB:.1f} MiB of document"
    lock = [BIN / "sdxattr", "-V", "-c", "Class1", "-v", "Volume7", "-a"]
    at = environ(scratch, place)
    rows = [
        Row("sdxinfo -V -o Volume7 -c Class1", [[BIN / "sdxinfo", "-V", "-o", "Volume7", "-c", "Class1"]], at),
        Row("sdxinfo -S, all of it", [[BIN / "sdxinfo", "-S"]], at),
        Row("a refusal", [[BIN / "sdxattr", "-V", "-c", "Class1", "-v", "Nosuch", "-a", "lock=on"]], at, status=1),
        Row("sdxattr lock=on|off, a commit", [[*lock, "lock=on"], [*lock, "lock=off"]], at),
    ]
    before, measure = _disk(place), Measure(scratch)
    found = [[measure.seconds(row, turn) for row in rows] for turn in range(rounds)]
    grown = (_disk(place) - before) / rounds
    for row, mine in zip(rows, zip(*found, strict=True), strict=True):
        peak = _peak(row.lines[-1], at)
        memory = f"{peak / MIB:.0f} MiB at most, {peak / size:.1f} x the document"
        yield f"  {row.name:34}{median(mine):8.2f} s   {memory}"
    yield f"  a commit adds {grown / MIB:.1f} MiB to the history"


# -- many labs ---------------------------------------------------------------------------------------------------


def classroom(scratch, count, rounds):
    """Lines about so many labs, a command in each of them at the same moment."""
    lab = load(BOOK)
    places = [Path(scratch) / "class" / f"lab{number}" for number in range(count)]
    begun = time.perf_counter()
    for place in places:
        labs.put(place, lab)
    yield f"{count} labs of the scenario {BOOK}, made in {time.perf_counter() - begun:.1f} s"
    before = _disk(Path(scratch) / "class")
    yield f"  {before / count / 1024:.0f} KiB on disk each"
    lock = [BIN / "sdxattr", "-V", "-c", "System", "-v", "Proot", "-a"]
    lines = {
        "sdxinfo -S in each": [[BIN / "sdxinfo", "-S"]],
        "a commit in each": [[*lock, "lock=on"], [*lock, "lock=off"]],
    }
    for name, typed in lines.items():
        taken = median(_at_once(places, scratch, typed[turn % len(typed)]) for turn in range(rounds))
        peak = _peak(typed[0], environ(scratch, places[0]))
        yield f"  {name:22}{taken:7.2f} s for all, {count / taken:5.0f} commands/s, {peak / MIB:.0f} MiB a process"
    grown = (_disk(Path(scratch) / "class") - before) / rounds / count
    yield f"  a commit adds {grown / 1024:.0f} KiB to a lab's history"


def _at_once(places, scratch, line):
    """Seconds from the start of the first until the last is done: the line in every lab, all started together."""
    words = [str(word) for word in line]
    begun = time.perf_counter()
    started = [os.posix_spawn(words[0], words, environ(scratch, at), file_actions=_SILENT) for at in places]
    ended = [os.waitpid(process, 0)[1] for process in started]
    if any(ended):
        raise Failed(f"{' '.join(words)}: {sum(map(bool, ended))} of {len(ended)} failed")
    return time.perf_counter() - begun


_SILENT = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in range(3)]


# -- many runbooks -----------------------------------------------------------------------------------------------


def runbooks(scratch, rounds):
    """Lines about runbooks a minute on one core."""
    with _one_core():
        row = Row("sdxsim run", [[BIN / "sdxsim", "run", BOOK]], environ(scratch))
        measure = Measure(scratch)
        alone = median(measure.seconds(row, turn) for turn in range(rounds))
        book, lab = shelf.chain(BOOK)[0], load(BOOK)
        begun, count = time.perf_counter(), 20 * rounds
        for _ in range(count):
            runner.run(book, InMemory(lab, book.clock))
        within = (time.perf_counter() - begun) / count
        rate = median(commands_a_second() for _ in range(rounds))
    steps = sum(len(block.steps) for block in book.blocks)
    yield f"the runbook {BOOK}, {steps} commands, on one core"
    yield f"  `sdxsim run`, a process each{60 / alone:10,.0f} a minute ({alone * 1000:.0f} ms)"
    yield f"  in one process             {60 / within:11,.0f} a minute ({within * 1000:.1f} ms, {rate:,.0f} commands/s)"
    heap = [10_000 * seconds / 60 for seconds in (alone, within)]
    yield f"  10,000 of them             {heap[0]:11.1f} core minutes as processes, {heap[1]:.1f} in one"


@contextlib.contextmanager
def _one_core():
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
