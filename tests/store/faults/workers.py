"""An experiment on every command, by as many small processes as there are cores.

The faults fork at every turn, and what a fork costs is the memory of whoever forks: pytest with a
thousand tests in it takes ten times as long over it as a process that only does this.

    python -m faults.workers DIRECTORY WHICH OF EXPERIMENT ...    writes {EXPERIMENT: (counts, violations)}, pickled
"""

import os
import pickle
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import tally

from . import inject, replay, strace
from .cases import CASES
from .invariant import NEXT, Experiment

HERE = Path(__file__).resolve().parent.parent  # and above it the suite's own modules
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGQUIT)


def _all_pairs(experiment, model):
    counts, found = Counter(), []
    for case in CASES:
        second = replay.followed(experiment, case.argv)
        if second:
            disks, violations = replay.cuts(experiment, model, f"{experiment.top}/cut", second)
            counts += Counter(pairs=1, disks=disks)
            found += violations
    return counts, found


def _named(noun, tried):
    return Counter({noun: tried[0]}), tried[1]


def _cut(experiment, model, second=None):
    return _named("disks", replay.cuts(experiment, model, f"{experiment.top}/cut", second))


# name: what is done to an Experiment (its number among the commands) -> (counts, violations)
EXPERIMENTS = {
    "kills": lambda e, i: _named("points", inject.kills(e)),
    "every kill": lambda e, i: _named("points", inject.kills(e, every=True)),
    "errors": lambda e, i: _named("faults", inject.errors(e, inject.sampled(e, i))),
    "every error": lambda e, i: _named("faults", inject.errors(e, inject.thorough(e))),
    "signals": lambda e, i: _named("sent", inject.signals(e, SIGNALS)),
    "strace kills": lambda e, i: _named("points", strace.struck(e, "signal=KILL")),
    **{f"cuts, {model}": lambda e, i, model=model: _cut(e, model) for model in replay.MODELS},
    **{f"cuts behind, {model}": lambda e, i, model=model: _cut(e, model, replay.followed(e, NEXT)) for model in replay.MODELS},
    **{f"cuts of pairs, {model}": lambda e, i, model=model: _all_pairs(e, model) for model in replay.MODELS},
}


def tried(name, top):
    """(counts, violations) of that experiment on every command of CASES."""
    return all_tried([name], top)[name]


def all_tried(names, top):
    """{experiment: (counts, violations)} on every command of CASES; a command is prepared once for all of them."""
    of = len(os.sched_getaffinity(0))
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent), *sys.path])}
    running = [
        subprocess.Popen([sys.executable, "-m", "faults.workers", str(top), str(which), str(of), *names],
                         env=environ, stdout=subprocess.PIPE)
        for which in range(of)
    ]  # fmt: skip
    results = {name: (Counter(commands=len(CASES)), []) for name in names}
    for process in running:
        out, _ = process.communicate()
        assert process.returncode == 0, f"the experiments {names} broke down, see above"
        for name, (more, violations) in pickle.loads(out).items():
            counts, found = results[name]
            results[name] = counts + more, found + violations
    return results


def main(top, which, of, *names):
    results = {name: (Counter(), []) for name in names}
    for i, case in enumerate(CASES):
        if i % int(of) == int(which):
            experiment = Experiment(case, f"{top}/{i}")
            for name in names:
                more, violations = EXPERIMENTS[name](experiment, i)
                assert sum(more.values()), case
                counts, found = results[name]
                results[name] = counts + more, found + violations
                tally.noted(f"{name}, {case.what}", more, violations)
    os.write(1, pickle.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
