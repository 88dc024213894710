"""Imports point one way: a file imports only what stands to its left in the drawing."""

import ast
from pathlib import Path

import pytest

from sdxsim import __file__ as package_file

PACKAGE = Path(package_file).parent

# model, words <- rules, solaris <- commands, store <- execute, live <- turn <- entry <- lab
MAY_IMPORT = {
    "model": {"model"},
    "words": {"words", "model"},
    "solaris": {"solaris", "words", "model"},
    "rules": {"rules", "solaris", "words", "model"},
    "store": {"store", "model"},
    "commands": {"commands", "rules", "solaris", "words", "model"},
    "execute": {"commands", "rules", "words", "model"},
    "live": {"live", "store", "rules", "solaris", "words", "model"},
    "turn": {"store", "live", "model"},
    "past": {"turn", "store", "model"},
    "entry": {"execute", "turn", "past", "commands", "store", "rules", "words", "model"},
    "lab": {"lab", "live", "execute", "turn", "past", "commands", "store", "rules", "solaris", "words", "model", ""},
    "__main__": {"entry"},
    "": set(),
}
# the one door from a process to the lab tool, opened inside a function
DOORS = {("entry", "lab.door")}

# each heavy package has one owner
OWNERS = {"typer": "lab/cli.py", "tabulate": "lab/overview.py", "filelock": "store/waiting.py"}


def room(path):
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem.replace("__init__", "")


def imports(source, path):
    """(imported module relative to the package, absolute outside it) of a source text, wherever written."""
    inside, outside = [], []
    parts = ["sdxsim", *path.relative_to(PACKAGE).with_suffix("").parts]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = parts[: -node.level] if node.level else []
            head = [*base, *((node.module or "").split(".") if node.module else [])]
            names = [".".join([*head, a.name]) for a in node.names]
        else:
            continue
        for name in names:
            if name == "sdxsim" or name.startswith("sdxsim."):
                inside.append(name.removeprefix("sdxsim").lstrip("."))
            else:
                outside.append(name.split(".")[0])
    return inside, outside


def offences(source, path):
    """Imports of the file that the drawing forbids."""
    here = room(path)
    inside, outside = imports(source, path)
    wrong = []
    for name in inside:
        target = name.split(".")[0]
        if target.startswith("__"):
            target = ""  # the package itself: its version
        door = any(here == a and name.startswith(b) for a, b in DOORS)
        if target not in MAY_IMPORT[here] and not door and target != "":
            wrong.append(f"{here} imports {name}")
    relative = str(path.relative_to(PACKAGE))
    wrong += [f"{relative} imports {name}" for name in outside if OWNERS.get(name, relative) != relative]
    return wrong


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_file_imports_only_what_stands_to_its_left(path):
    assert offences(path.read_text(), path) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("model/records.py", "from ..rules.engine import Rule"),
        ("model/records.py", "import sdxsim.store.lab"),
        ("words/grammar.py", "from ..rules import guards"),
        ("solaris/fsck.py", "from ..rules.reboot import halt"),
        ("rules/proxy.py", "from ..store.lab import look"),
        ("rules/proxy.py", "def f():\n    from ..commands.info import show"),
        ("store/lab.py", "from ..words import render"),
        ("commands/info.py", "from ..entry import main"),
        ("execute.py", "from .store.lab import commit"),
        ("entry.py", "from .lab.runner import run"),
        ("rules/volume.py", "import typer"),
        ("store/lock.py", "import filelock"),
        ("lab/runner.py", "from tabulate import tabulate"),
    ],
)
def test_a_forbidden_import_is_found(file, line):
    assert offences(line, PACKAGE / file)


PURE = ("model", "words", "solaris", "rules", "commands", "execute")
WORLD = {"os", "sys", "time", "io", "socket", "subprocess", "random", "signal", "pathlib", "datetime", "logging"}


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in PURE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_knows_nothing_of_the_outside_world(path):
    source = path.read_text()
    _, outside = imports(source, path)
    assert not WORLD & set(outside)
    calls = [n.func for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    assert not {"print", "open", "input"} & called
