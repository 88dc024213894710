"""The host's clock steps about while labs are used; and labs far larger than anybody has."""

import random
import time

import pytest
from faults import cases
from faults.invariant import seen
from faults.process import ran
from tally import judged

from sdxsim.model import clock
from sdxsim.model.status import RUNNING
from sdxsim.store.commit import create
from sdxsim.store.lab import look

YEAR = 365 * 86_400_000
MOMENTS = [0, 1, 2**31 * 1000 - 1, 2**31 * 1000, 2**32 * 1000, cases.NOW, cases.NOW + 10 * YEAR, cases.NOW - 10 * YEAR]


def a_walk(path, chance, steps):
    """What went wrong while commands were typed and the host's clock stepped between them."""
    lab = cases.lab_of("copying")
    create(path, lab._replace(clock=lab.clock._replace(mode=RUNNING, wall=cases.NOW)), {"argv": ["made"]})
    last = 0
    for step in range(steps):
        wall = chance.choice(MOMENTS) + chance.randrange(100_000)
        argv = chance.choice([["sdxinfo", "-S"], ["sdxsim", "status"], ["sdxsim", "clock", "show"],
                              ["sdxattr", "-V", "-c", "System", "-v", "root", "-a", f"lock={('on', 'off')[step % 2]}"],
                              ["sdxsim", "clock", "advance", "1s"], ["sync"]])  # fmt: skip
        run = ran(argv, path, clock=lambda at=wall: at * 1_000_000)
        if (run.status or run.err) and not run.err.endswith(": root: copying in progress\n"):
            yield f"{argv} at {wall}: {run[:3]}"
        opened = look(path)
        opened.close()
        now = clock.now(opened.document.lab.clock, wall)
        kept = opened.document.lab.clock.virtual
        if kept < last or now < kept:
            yield f"{argv} at {wall}: virtual time went back from {last} to {kept}"
        last = kept


@pytest.mark.long
def test_however_the_hosts_clock_steps_virtual_time_only_moves_ahead(scratch):
    chance, found = random.Random(9), []
    for number in range(200):
        found += a_walk(f"{scratch}/{number}", chance, 12)
    judged("clock steps", found, sequences=200, commands=200 * 12)


def test_a_few_clock_steps(scratch):
    chance, found = random.Random(4), []
    for number in range(5):
        found += a_walk(f"{scratch}/{number}", chance, 12)
    judged("clock steps, a sample", found, sequences=5, commands=5 * 12)


@pytest.mark.long
@pytest.mark.parametrize("size", [1_024, 10_000, 100_000])
def test_a_lab_of_very_many_volumes(scratch, size):
    lab, path = cases.lab_of("joined"), f"{scratch}/lab"
    klass = lab.classes["System"]
    more = {f"v{n}": klass.volumes["opt"]._replace(name=f"v{n}", data=None, number=n) for n in range(size)}
    lab = lab._replace(classes={"System": klass._replace(volumes={**klass.volumes, **more})})
    create(path, lab, {"argv": ["made"]})
    took, found = {}, []
    for argv in (["sdxinfo", "-V", "-o", f"v{size - 1}"], ["sdxattr", "-V", "-c", "System", "-v", f"v{size - 1}", "-a", "lock=on"]):
        began = time.monotonic()
        run = ran(argv, path)
        took[argv[0]] = round(1000 * (time.monotonic() - began))
        if run.status or run.err:
            found.append(f"{argv}: {run[:3]}")
    now = seen(path)
    if not now.lab.classes["System"].volumes[f"v{size - 1}"].lock or len(now.lab.classes["System"].volumes) != size + 12:
        found.append("not what was asked for")
    judged(f"{size:,} volumes", found, ms_to_read=took["sdxinfo"], ms_to_write=took["sdxattr"])
