"""The import tariff: what a command's process must not load. Names, not milliseconds."""

import subprocess
import sys

import pytest

# What sdxinfo loads beyond an interpreter that has `os`, all of it. Whoever adds a line here makes every look at a lab
# dearer (each module is 0.1 to 0.2 ms of 14, the heavy ones 2 to 100): bench/run says by how much.
READER = {
    "gc", "math", "zlib", "_collections", "_json",  # C, of the interpreter
    "sdxsim", "sdxsim.entry", "sdxsim.execute", "sdxsim.turn",
    "sdxsim.commands", "sdxsim.commands.info",
    "sdxsim.model", "sdxsim.model.clock", "sdxsim.model.names", "sdxsim.model.outcome", "sdxsim.model.queries",
    "sdxsim.model.record", "sdxsim.model.records", "sdxsim.model.sizes", "sdxsim.model.status",
    "sdxsim.rules", "sdxsim.rules.copying",
    "sdxsim.store", "sdxsim.store.document", "sdxsim.store.jsontext", "sdxsim.store.lab", "sdxsim.store.place",
    "sdxsim.store.trouble",
    "sdxsim.words", "sdxsim.words.attributes", "sdxsim.words.grammar", "sdxsim.words.messages", "sdxsim.words.notes",
    "sdxsim.words.render", "sdxsim.words.syntax", "sdxsim.words.views",
}  # fmt: skip

# What the table is asked with, and what keeps a change; instead of what shows the tables of sdxinfo.
WRITER = READER - {"sdxsim.commands.info", "sdxsim.words.views"} | {
    "fcntl",
    "sdxsim.rules.attr", "sdxsim.rules.engine", "sdxsim.rules.guards", "sdxsim.rules.jrm", "sdxsim.rules.related",
    "sdxsim.rules.table", "sdxsim.rules.targets",
    "sdxsim.store.commit", "sdxsim.store.disk", "sdxsim.store.ground", "sdxsim.store.lock",
}  # fmt: skip

# What no command of GDS or Solaris loads, whatever else it needs.
HEAVY = {
    "typer", "click", "tabulate", "filelock", "rich", "dataclasses", "inspect", "argparse", "logging", "pathlib",
    "typing", "asyncio", "importlib.metadata", "tomllib", "getopt", "gettext", "datetime", "subprocess", "tempfile",
    "shutil", "hashlib", "random", "signal", "json", "re", "enum", "collections", "functools", "contextlib",
    "sdxsim.lab",
}  # fmt: skip


def ran(shell, program):
    """The modules that are loaded when `program` has run."""
    program = f"import sys; sys.path.insert(0, {shell.environ['PYTHONPATH']!r})\n{program}\n"
    program += "sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], env=shell.environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done
    return set(done.stderr.split())


def loaded(shell, line):
    """The modules that a command loads beyond an interpreter that has `os`."""
    argv = line.split()
    command = f"from sdxsim.entry import main\nassert main({argv!r}) == 0"
    return ran(shell, command) - ran(shell, "import os")


def test_the_measure_sees_what_is_there(shell):
    modules = ran(shell, "import json, sdxsim.entry")
    assert {"sys", "json", "re", "zlib", "sdxsim.entry"} <= modules
    assert not {"json", "zlib", "sdxsim"} & ran(shell, "")


@pytest.mark.parametrize(
    ("line", "tariff"),
    [
        ("sdxinfo -S -c System", READER),
        ("sdxinfo -A -e long", READER),
        ("sdxattr -V -c System -v Proot -a lock=on", WRITER),
    ],
)
def test_a_command_loads_exactly_what_its_tariff_names(shell, line, tariff):
    modules = loaded(shell, line)
    assert modules - tariff == set(), "not in the tariff"
    ours = {name for name in tariff if name.startswith("sdxsim")}
    assert ours - modules == set(), "in the tariff, and no longer loaded: take it off"


@pytest.mark.parametrize(
    "line",
    [
        "sdxvolume -N -c System -v root",
        "sdxproxy Part -c System -p Proxy1,Proxy2",
        "mount -p",
        "sync",
        "shutdown -y -g0 -i6",
        "df -k",
        "eeprom auto-boot?=false",
        "lockfs -w /var",
        "fsck-sim -y /dev/sfdsk/System/rdsk/Proot",
    ],
)
def test_no_command_loads_a_heavy_module(shell, line):
    if line.startswith("fsck"):
        shell.done("sdxproxy Part -c System -p Proxy1")
    assert not HEAVY & loaded(shell, line)
