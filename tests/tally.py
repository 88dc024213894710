"""What the fault suite tried: counted while it runs, told at the end of the run (see conftest).

What takes hours is also told as it comes (`--log FILE`), so that a run that was cut short has not been for nothing.
"""

import os
import time

ROWS = []  # (what, {noun: number}, violations)
LOG = "SDXSIM_TEST_LOG"  # names the file, to the processes of an experiment as well


def judged(what, violations, **numbers):
    """Counts an experiment and fails the test that made it when anything was violated."""
    violations = list(violations)
    ROWS.append((what, numbers, len(violations)))
    noted(what, numbers, violations)
    shown = "\n".join(violations[:12])
    assert not violations, f"{what}: {len(violations)} violations\n{shown}"


def lines():
    """One line an experiment, for the terminal."""
    width = max((len(what) for what, _, _ in ROWS), default=0)
    for what, numbers, violations in ROWS:
        yield f"{what:{width}}  {_counted(numbers)}, {violations} violations"


def noted(what, numbers, violations):
    """Adds a line to the log, if there is one, and a line for each violation."""
    if name := os.environ.get(LOG):
        now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        told = [f"{now} load {os.getloadavg()[0]:.1f}  {what}: {_counted(numbers)}, {len(violations)} violations", *violations]
        with open(name, "a") as file:
            file.write("".join(f"{line}\n" for line in told))


def _counted(numbers):
    return ", ".join(f"{number:,} {noun.replace('_', ' ')}" for noun, number in numbers.items())
