"""From a table of rows to what was found: labs are made, rounds are run, labs are gone.

The labs are not in /tmp, which may be memory, where fsync costs nothing.
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import budgets
import labs
import rows as table
import telling
from crowd import crowd
from peers import peers
from rounds import Failed, Measure, Row, measured, spread

from sdxsim.execute import execute
from sdxsim.lab import environment
from sdxsim.lab.runbook import runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load

TOP = Path(__file__).resolve().parent.parent
PYTHON, BIN = TOP / ".venv" / "bin" / "python", TOP / "bin"
BOOK = "backing-up"



def main(name, lines, rounds, whole):
    """The command `name`: measures `lines`; `whole`: peers, the runner and the budgets as well."""
    options = argparse.ArgumentParser(prog=name, description="What commands cost, in `python -c pass`.")
    options.add_argument("--rounds", type=int, default=rounds, metavar="N", help=f"how often each row runs ({rounds})")
    options.add_argument("--json", action="store_true", help="for programs")
    asked = options.parse_args()
    try:
        found = run(lines, max(1, asked.rounds), whole)
    except Failed as failure:
        sys.exit(f"{name}: {failure}")
    print(json.dumps(found, indent=1) if asked.json else telling.text(found))


def run(lines, rounds, whole):
    """All that is found, as JSON has it."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=home()) as scratch, contextlib.ExitStack() as stack:
        measure = Measure(scratch)
        places = made(scratch, {line.lab for line in lines})
        ours = [row_of(line, measure, places, scratch) for line in lines]
        theirs, absent, rates = [], [], []
        if whole:
            outside = {**os.environ, "HOME": scratch}
            shown = execute(load(BOOK), ["sdxinfo", "-S"], 0).stdout
            theirs, absent = stack.enter_context(peers(scratch, outside, shown))
        base = Row("python -c pass", [[PYTHON, "-c", "pass"]], environ(scratch))
        for row in (base, *theirs):
            measure.seconds(row, 0)  # warm; ours are
        also = (lambda: rates.append(commands_a_second())) if whole else lambda: None
        times = measured(measure, base, [*ours, *theirs], rounds, also)
        waits = at_once(scratch) if whole else None
    about = [(base, "", ""), *((row, line.lab, line.kind) for row, line in zip(ours, lines, strict=True))]
    about += [(row, "peers", "") for row in theirs]
    rows = [described(*one, mine, times[0]) for one, mine in zip(about, times, strict=True)]
    kept = [budget for budget in budgets.ALL if whole or any(row["budget"] == budget.name for row in rows)]
    return {
        "about": host(rounds),
        "rows": rows,
        "absent": [one._asdict() for one in absent],
        "runner": spread(rates)._asdict() if rates else None,
        "crowd": waits,
        "budgets": [judged(budget, rows, rates, waits) for budget in kept],
    }


def home():
    """Where labs are made: in the checkout, or where whoever may not write there has temporary files."""
    own = TOP / ".venv"
    return own if os.access(own, os.W_OK) else Path(tempfile.gettempdir())


def host(rounds):
    """What a number has to be read with."""
    return {
        "python": platform.python_version(),
        "machine": f"{os.cpu_count()} x {processor()}",
        "busy": os.getloadavg()[0] > os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "date": datetime.date.today().isoformat(),
        "rounds": rounds,
        "labs": str(home()),
    }


def processor():
    """The processor's name, as far as the host tells."""
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


# -- labs and rows -----------------------------------------------------------------------------------------------


def environ(scratch, lab=None):
    """A bare environment; without a lab of its own, so that a runbook runs in memory."""
    own = {} if lab is None else {"SDXSIM_STATE": str(lab)}
    return {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(scratch), "LANG": "C", **own}


def made(scratch, wanted):
    """{lab: its directory} of the labs that are wanted."""
    places = {name: Path(scratch) / name.replace(" ", "-").replace(",", "") for name in wanted}
    for name, place in places.items():
        if name in table.SIZES:
            labs.put(place, labs.lab_of(*table.SIZES[name]))
            continue
        labs.put(place, load("backing-up"))
        environment.refresh(str(place))  # its fsck, mount, ...
        if name == table.PARTED:
            part = [[BIN / "sdxproxy", "Part", "-c", "System", "-p", "Proxy1,Proxy2"]]
            Measure(scratch).seconds(Row("Part", part, environ(scratch, place)), 0)
    return places


def typed(line, place):
    """A command line, meant for the lab at `place`, as the words of a process."""
    name, *words = line.split()
    launcher = BIN / name
    return [launcher if launcher.exists() else place / "bin" / name, *words]


def row_of(line, measure, places, scratch):
    """The Row of a Line, once each of its command lines did to the lab what its kind says."""
    lines = line.typed if isinstance(line.typed, tuple) else (line.typed,)
    row = Row(
        lines[0] if len(lines) == 1 else f"{lines[0]} and back",
        [typed(one, places[line.lab]) for one in lines],
        environ(scratch, places[line.lab]),
        status=1 if line.kind == table.REFUSED else 0,
        budget=line.budget,
        before=[typed(one, places[line.lab]) for one in line.before],
    )
    for turn in range(len(lines)):
        measure.prepare(row)
        before = commits(places[line.lab])
        measure.seconds(row, turn)
        added = commits(places[line.lab]) - before
        if added != (line.kind == table.CHANGES):
            raise Failed(f"{lines[turn]}: a {line.kind}, but it made {added} commits")
    return row


def commits(lab):
    """How many changes the lab has seen."""
    return json.loads((lab / "state.json").read_bytes())["seq"]


def at_once(scratch):
    """What many writers at one lab wait for their commands (see crowd)."""
    place = Path(scratch) / "crowd"
    return crowd(
        place,
        lambda volume, value: [BIN / "sdxattr", "-V", "-c", "Class1", "-v", volume, "-a", f"lock={value}"],
        environ(scratch, place),
        lambda: commits(place),
    )


def commands_a_second():
    """How many the runner executes: the manual's procedure from end to end, on a lab in memory."""
    book, lab = _procedure()
    begun = time.perf_counter()
    results = runner.run(book, InMemory(lab, book.clock))
    taken = time.perf_counter() - begun
    if any(result.verdict != runner.PASSED for result in results):
        raise Failed(f"the runbook {BOOK} does not pass")
    return len(results) / taken


_READ = []


def _procedure():
    if not _READ:
        _READ.extend([shelf.chain(BOOK)[0], load(BOOK)])
    return _READ


# -- what is told -----------------------------------------------------------------------------------------------


def described(row, lab, kind, mine, base):
    """All that is told of a row, as JSON would have it."""
    ratios = spread([a / b for a, b in zip(mine, base, strict=True)])
    return {
        "name": row.name,
        "lab": lab,
        "kind": kind,
        "ms": spread([t * 1000 for t in mine])._asdict(),
        "ratio": ratios._asdict(),
        "budget": row.budget.name if row.budget else None,
    }


def judged(budget, found, rates, waits):
    """A budget and its dearest row."""
    if budget is budgets.CROWD:
        value, by = waits["p99"], "sdxattr -V, a process each"
    elif budget is budgets.RUNNER:
        value, by = median(rates), f"the runbook {BOOK}"
    else:
        own = [row for row in found if row["budget"] == budget.name]
        seconds = budget.unit == "s"
        values = [row["ms"]["median"] / 1000 if seconds else row["ratio"]["median"] for row in own]
        value = max(values)
        by = own[values.index(value)]["name"]
    word = budgets.verdict(budget, value)
    return {"name": budget.name, "value": value, "unit": budget.unit, "row": by, "verdict": word}
