"""What every test may use: a lab in memory that is driven by command lines, and a lab on disk.

Nothing is left to chance: the clock is frozen unless a test says otherwise, and a process under
test gets a bare environment of its own.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import tally

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.model import clock
from sdxsim.rules.copying import settle
from sdxsim.store.document import Document, to_bytes
from sdxsim.words import render
from sdxsim.words.notes import Note

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # as a shell has it for what it runs in the background; processes under test are to be interrupted
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # as nohup has it
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

SRC = Path(__file__).resolve().parent.parent / "src"
SHARED = SRC.parent.parent / "shared"

MINUTE = 60_000
ALL_PROXIES = "Proot,Pusr,Phome,Pswap,Pvar,Popt"



def pytest_addoption(parser):
    group = parser.getgroup("sdxsim")
    group.addoption("--long", action="store_true", help="the fault suite in full: tests marked long as well (an hour)")
    group.addoption("--cuts", type=int, default=1000, help="power cuts of each file system (1000)")
    group.addoption("--seeds", type=int, default=20, help="histories of 16 clients (20)")
    group.addoption("--log", metavar="FILE", help="what the fault suite tries is added to FILE as it comes")


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes; run with --long only")
    if log := config.getoption("--log"):
        os.environ[tally.LOG] = os.path.abspath(log)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    later = [item for item in items if item.get_closest_marker("long")]
    if later:
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in later]


def pytest_sessionfinish(session):
    """What a worker of pytest-xdist counted goes to the one that tells."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = tally.ROWS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    tally.ROWS.extend(getattr(node, "workeroutput", {}).get("tally", []))


def pytest_terminal_summary(terminalreporter):
    if tally.ROWS:
        terminalreporter.section("faults")
        for line in tally.lines():
            terminalreporter.write_line(line)


class Trial:
    """A lab in memory with a frozen clock. Every way of running says what it expects."""

    def __init__(self, lab):
        self.lab = lab._replace(clock=clock.freeze(lab.clock, lab.clock.wall))

    @property
    def now(self):
        return self.lab.clock.virtual

    def tried(self, line):
        """The Outcome, whatever it is; the lab goes on from it."""
        outcome = execute(self.lab, shlex.split(line), self.now)
        self.lab = outcome.lab
        return outcome

    def done(self, line):
        """Succeeded with nothing on standard error; what it printed."""
        outcome = self.tried(line)
        assert (outcome.status, outcome.stderr) == (0, ""), (line, outcome[1:])
        return outcome.stdout

    def refused(self, line, note_id, **fields):
        """Refused with that message and status 1, and nothing at all was changed."""
        before, image = self.lab, self.bytes()
        outcome = self.tried(line)
        command = shlex.split(line)[0]
        first = outcome.stderr.splitlines(keepends=True)[:1]
        assert first == [render.line(command, Note(note_id, fields))], (line, outcome[1:])
        assert (outcome.status, outcome.stdout) == (1, ""), (line, outcome[1:])
        assert outcome.lab is before and self.bytes() == image, line
        return outcome.stderr

    def bytes(self):
        return to_bytes(Document(1, {}, self.lab))

    def advance(self, ms):
        """Virtual time moves on; what ends has ended."""
        self.lab = self.lab._replace(clock=clock.advance(self.lab.clock, ms, 0))
        self.lab = settle(self.lab, self.now)

    def finish(self):
        """Time moves on until nothing copies."""
        self.advance(24 * 60 * MINUTE)
        assert not self.lab.copies

    def volume(self, name, class_name="System"):
        return settle(self.lab, self.now).classes[class_name].volumes[name]

    def statuses(self, name, class_name="System"):
        return [s.status for s in self.volume(name, class_name).slices]


@pytest.fixture
def trial():
    """The page's starting point: proxies joined and equal, running in multi-user mode."""
    return Trial(load("backing-up"))


@pytest.fixture
def parted(trial):
    """After 4-2."""
    trial.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    return trial


@pytest.fixture
def scratch(tmp_path):
    """A directory in memory where there is one: for what does not care whether anything outlives the machine."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    made = tempfile.mkdtemp(prefix="sdxsim-", dir="/dev/shm")
    yield Path(made)
    shutil.rmtree(made, ignore_errors=True)


class Shell:
    """Commands as processes on one lab on disk, through `python -m sdxsim`."""

    def __init__(self, home, state):
        self.state = state
        self.environ = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "LANG": "C",
            "TZ": "UTC",
            "COLUMNS": "80",
            "SDXSIM_STATE": str(state),
            "PYTHONPATH": str(SRC),
        }

    def popen(self, *argv, **more):
        return subprocess.Popen([sys.executable, "-m", "sdxsim", *argv], env=self.environ, **more)

    def run(self, line, **more):
        argv = shlex.split(line) if isinstance(line, str) else list(line)
        return subprocess.run(
            [sys.executable, "-m", "sdxsim", *argv],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            **more,
        )

    def done(self, line):
        ran = self.run(line)
        assert (ran.returncode, ran.stderr) == (0, ""), (line, ran)
        return ran.stdout

    def document(self):
        return (self.state / "state.json").read_bytes()


@pytest.fixture
def shell(tmp_path):
    """A lab on disk at the page's starting point, its clock frozen."""
    home = tmp_path / "home"
    home.mkdir()
    made = Shell(home, tmp_path / "lab")
    os.makedirs(made.state)
    assert made.run("sdxsim init backing-up").returncode == 0
    assert made.run("sdxsim clock freeze").returncode == 0
    return made


@pytest.fixture(scope="session")
def possible(tmp_path_factory):
    """Skips, and says why, where the host does not allow user name spaces."""
    home = tmp_path_factory.mktemp("home")
    made = Shell(home, home / "lab")
    made.done("sdxsim init")
    ran = made.run(["sdxsim", "shell", "-c", "test -d /.host"])
    if ran.returncode:
        pytest.skip(f"no name spaces here: {ran.stderr.strip()}")
