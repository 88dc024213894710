"""Makes .venv and installs what pyproject.toml asks for. Run by .prepare; nothing else may run it.

A stamp in .venv is a copy of the pyproject.toml it was prepared for, and is written last. `unfinished`
says that packages are being installed: found by the next use, it means that this one was cut off, and
.venv is made anew. All is done under a lock on the directory of the checkout, which leaves no litter,
frees itself when its holder dies, and is not replaced when git writes a new pyproject.toml.
"""

import fcntl
import os
import re
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path

CANNOT_RUN = 126  # see .prepare

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
PYTHON = VENV / "bin" / "python"
READY = VENV / "ready"
READY_TEST = VENV / "ready-test"
UNFINISHED = VENV / "unfinished"
LOG = VENV / "prepare.log"

# What would have pip write elsewhere than in .venv, or install nothing that can be used. All that begins
# with PYTHON goes too: it can make Python look elsewhere, or not start at all.
ASTRAY = (
    "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_NO_DEPENDENCIES",
    "PIP_LOG", "PIP_REPORT", "PIP_PLATFORM", "PIP_PYTHON_VERSION", "PIP_IMPLEMENTATION", "PIP_ABI", "PIP_REQUIREMENT",
    "PIP_EDITABLE",
)  # fmt: skip
# Against a pip.conf, whose other settings (an index, a proxy) are of use; and pip runs rustc, which may be
# rustup's, which writes into the home directory.
STRAIGHT = {
    "PIP_USER": "0", "PIP_DRY_RUN": "0", "PIP_NO_DEPS": "0", "PIP_ROOT": "/",
    "RUSTUP_HOME": str(VENV / "rust"), "CARGO_HOME": str(VENV / "rust"),
}  # fmt: skip

# how pip's log tells that packages were not to be had, rather than that it could not do with them
NO_INDEX = re.compile(
    rb"No matching distribution|Could not fetch|Could not find a version|[Cc]onnection|[Rr]etrying|[Tt]imed? ?out"
    rb"|SSLError|ProxyError|HTTP error|name resolution|not found in index"
)


class Failed(Exception):
    """Told to the user as it is: one or two plain lines."""


def main(extras):
    lock = take_turn()
    wanted = (TOP / "pyproject.toml").read_bytes()
    # Not the time when all is done: a pyproject.toml that is edited meanwhile must be the newer one.
    # Whole seconds, because some shells compare no finer.
    when = max(time.time(), int((TOP / "pyproject.toml").stat().st_mtime) + 1)
    stamps = [READY, *([READY_TEST] if extras else [])]
    if is_whole() and all(content(stamp) == wanted for stamp in stamps):
        for stamp in stamps:
            with suppress(OSError):  # not ours to touch; it is right all the same
                os.utime(stamp, (when, when))
        return
    project = tomllib.loads(wanted.decode())["project"]
    requirements = list(project["dependencies"])
    for extra in extras:
        requirements += project["optional-dependencies"][extra]
    say(f"preparing {VENV} (once; it takes a moment)")
    if not is_whole():
        make(lock)
    install(requirements, lock)
    check(requirements, lock)
    run([PYTHON, "-I", "-m", "compileall", "-q", TOP / "src" / "sdxsim"], lock)
    for stamp in stamps:
        put(stamp, wanted, when)
    UNFINISHED.unlink()
    LOG.unlink(missing_ok=True)


def take_turn():
    """An open descriptor that holds the lock until this process, and any pip it started, has ended."""
    lock = os.open(TOP, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waiting for another command, which prepares .venv")
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks (some NFS): go on, one command at a time is the user's care
    return lock


def is_whole():
    return READY.exists() and not UNFINISHED.exists() and os.access(PYTHON, os.X_OK)


def content(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def make(lock):
    for stamp in (READY_TEST, READY):  # before --clear takes away what they stand for
        stamp.unlink(missing_ok=True)
    # By its real path: /usr/bin/python3 would quietly become another version with the next upgrade of the
    # system; a missing python3.11 is seen by the launchers.
    made = run([os.path.realpath(sys.executable), "-I", "-m", "venv", "--clear", VENV], lock)
    if made.returncode:
        log(made)
        raise Failed(f"python -m venv failed; what it said is in {LOG}")


def install(requirements, lock):
    was_whole = is_whole()
    UNFINISHED.touch()
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"]
    # -P: a pip.py in the user's directory is none of ours
    installed = run([PYTHON, "-P", "-m", "pip", "install", *options, *requirements], lock)
    if not installed.returncode:
        return
    log(installed)
    lacking = [r for r in requirements if not is_installed(r)] or requirements
    if was_whole:
        UNFINISHED.unlink()  # pip gave up before it changed anything; the older .venv stays of use
    if not NO_INDEX.search(installed.stdout):
        raise Failed(f"pip could not install {', '.join(lacking)}; what it said is in {LOG}")
    raise Failed(
        f"could not get {', '.join(lacking)}: a Python package index is needed, once\n"
        f"run the command again with a network, or with PIP_INDEX_URL or PIP_FIND_LINKS set; details: {LOG}"
    )


def check(requirements, lock):
    """pip may succeed and yet leave nothing that can be used: what it was asked for is imported."""
    tried = run([PYTHON, "-I", "-c", f"import {', '.join(map(module_of, requirements))}"], lock)
    if tried.returncode:
        log(tried)
        raise Failed(
            f"pip ended well, but not all can be imported of {', '.join(requirements)}\n"
            f"is there a 'target', 'prefix' or 'root' in pip.conf? details: {LOG}"
        )


def module_of(requirement):
    """What a required package is imported as; most of ours are as they are called."""
    name = name_of(requirement)
    return {"pytest_xdist": "xdist"}.get(name, name)


def name_of(requirement):
    """What a required package's files are called."""
    return re.match(r"[\w.-]+", requirement)[0].replace("-", "_")


def is_installed(requirement):
    return any(VENV.glob(f"lib/python3.*/site-packages/{name_of(requirement)}-*.dist-info"))


def run(words, lock):
    """A finished child; it inherits the lock, so that an orphan still keeps others out of .venv."""
    environ = {k: v for k, v in os.environ.items() if k not in ASTRAY and not k.startswith("PYTHON")} | STRAIGHT
    return subprocess.run(
        words,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lock],
    )


def log(ran):
    VENV.mkdir(exist_ok=True)
    LOG.write_bytes(ran.stdout)


def put(path, data, when):
    """Writes a file that is there as a whole, with that time of change, or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    os.utime(new, (when, when))
    new.replace(path)


def say(lines):
    for line in lines.splitlines():
        print(f"sdxsim: {line}", file=sys.stderr, flush=True)


try:
    main(sys.argv[1:])
except Failed as failure:
    say(str(failure))
    sys.exit(CANNOT_RUN)
except OSError as failure:
    say(f"cannot prepare .venv: {failure.filename or VENV}: {failure.strerror}")
    sys.exit(CANNOT_RUN)
except KeyboardInterrupt:
    say("interrupted; the next use starts over")
    sys.exit(130)
