"""Commands as real processes under strace: seen, killed and failed at the system calls they make on a lab.

strace counts a system call by its name over the whole process, whatever file it is about, so each run
says for itself whether the fault struck where it was aimed.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter, namedtuple

from sdxsim import __file__ as package_file

from .invariant import KNOWN, UNCERTAIN, seen, tree
from .process import Ran

MAIN = os.path.join(os.path.dirname(package_file), "__main__.py")
# what changes a disk, syncs it, or locks
CALLS = ("openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2",
         "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "flock")  # fmt: skip
AS_PYTHON = {"renameat": "rename", "renameat2": "rename", "linkat": "link", "unlinkat": "unlink", "mkdirat": "mkdir",
             "fchmodat": "chmod", "openat": "open", "pwrite64": "pwrite"}  # fmt: skip
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")

Strike = namedtuple("Strike", "name index said")  # a call on the lab: the index-th of its name in the process


def why_not():
    """Why strace cannot be used here, None when it can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return f"strace does not work here: {tried.stderr.strip()[:80]}" if tried.returncode else None


def traced(argv, lab, *options):
    """(Ran, the lines of the trace) of a command run by strace with `options`."""
    log = f"{os.path.dirname(lab)}/trace"
    environ = {"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC", "SDXSIM_STATE": lab}
    run = subprocess.run(
        ["strace", "-qq", "-y", "-s", "0", "-o", log, "-e", f"trace={','.join(CALLS)}", *options,
         sys.executable, "-I", "-B", MAIN, *argv],
        env=environ, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    with open(log, errors="replace") as file:
        lines = file.read().splitlines()
    os.unlink(log)
    return Ran(run.returncode, run.stdout, run.stderr, []), lines


def strikes(lines, lab):
    """The Strikes of a trace: calls about the lab (or what is printed), each with its index among its name."""
    counts, found = Counter(), []
    for line in lines:
        match = _LINE.match(line)
        if match:
            name, rest = match.groups()
            counts[name] += 1
            if os.path.dirname(lab) in rest or (name == "write" and rest[:2] in ("1<", "2<")):
                found.append(Strike(name, counts[name], rest))
    return found


def was_hit(strike, lines, lab):
    """True when the trace of a struck run ends with, or holds, the very call that was aimed at."""
    return any(s[:2] == strike[:2] and _about(s) == _about(strike) for s in strikes(lines, lab))


def _about(strike):
    """The first file or pipe of a call, pipes without their numbers."""
    return re.sub(r"\[\d+\]", "", re.search(r'"[^"]*"|<[^>]*>', strike.said)[0])


def as_python(strike):
    """What the hook calls the same call, None for a mere opening to read."""
    if strike.name == "openat" and "O_CREAT" not in strike.said and "O_DIRECTORY" not in strike.said:
        return None
    return AS_PYTHON.get(strike.name, strike.name)


def judged(experiment, run):
    """What does not hold after a real process was struck. Its clock is the host's: labs are compared without it."""
    now, old, new = (_timeless(experiment, s) for s in (seen(experiment.lab), experiment.old, experiment.new))
    if now not in (old, new):
        yield f"neither the old lab nor the new one: {now[:3]}"
    elif now == old and run.status == 0:
        yield "said to have succeeded, but the lab is the old one"
    elif now == new and run.status > 0 and run.status not in (UNCERTAIN, experiment.ran.status):
        yield f"the change was made, and it is called a failure: {run.status} {run.err}"
    if "Traceback" in run.err:
        yield f"a traceback: {run.err[-200:]}"
    after = experiment.next()
    if after.status:
        yield f"the next command fails: {after.err}"
    elif not {n.partition("/")[0] for n in tree(experiment.lab)} <= KNOWN:
        yield f"left {sorted(tree(experiment.lab))}"


def struck(experiment, option):
    """Strikes each call on the lab with `option` of strace: (strikes, violations)."""
    experiment.fresh()
    _, lines = traced(experiment.case.argv, experiment.lab)
    count, found = 0, []
    for strike in strikes(lines, experiment.lab):
        experiment.fresh()
        aimed = f"inject={strike.name}:{option}:when={strike.index}"
        run, seen_ = traced(experiment.case.argv, experiment.lab, "-e", aimed)
        if not was_hit(strike, seen_, experiment.lab):
            found.append(f"{experiment.case.line}: {strike} was missed")
        count += 1
        found += [f"{experiment.case.line}, {option} at {strike}: {wrong}" for wrong in judged(experiment, run)]
    return count, found


def _timeless(experiment, lab):
    if lab.lab is None:
        return lab
    clock = lab.lab.clock._replace(virtual=0)
    if experiment.case.lab == "running":  # what it copies depends on the time as well
        return lab._replace(op=lab.op["argv"], lab=clock)
    return lab._replace(op=lab.op["argv"], lab=lab.lab._replace(clock=clock))
