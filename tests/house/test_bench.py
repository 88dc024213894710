"""bench/: its commands run, and tell of every row. What the numbers are is no test's business."""

import runpy
import subprocess
import sys

import pytest
from conftest import SRC

from sdxsim.words.syntax import COMMANDS

TOP = SRC.parent
BENCH = TOP / "bench"

pytestmark = pytest.mark.skipif(
    not (TOP / ".venv" / "ready").exists(), reason="bench/ runs bin/, which is not prepared here (not started by bin/test)"
)


def ran(name, tmp_path, *words):
    """What a command of bench/ printed; it leaves nothing where it was run from."""
    here = tmp_path / "here"
    here.mkdir()
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([BENCH / name, *words], env=environ, capture_output=True, text=True, timeout=600, cwd=here)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert not list(here.iterdir())
    return done.stdout


@pytest.fixture
def rows(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCH), *sys.path])
    return runpy.run_path(str(BENCH / "rows.py"))


def test_run_tells_of_every_row_and_every_budget(tmp_path, rows):
    text = ran("run", tmp_path, "--rounds", "1")
    for line in rows["LINES"]:
        name = line.typed if isinstance(line.typed, str) else line.typed[0]
        assert f"  {name}" in text, name
    for peer in ("bash stub", "virsh", "lvs", "bats", "cram"):
        assert f"\n  {peer}" in text
    for budget in ("sdxinfo on backing-up", "a mutating command", "8,192 slices", "10,000 volumes", "16 writers x 60", "the runner"):
        assert f"\n{budget}" in text or f" on {budget}" in text
    assert "no row for" not in text


def test_every_command_has_a_row(rows):
    typed = [line.typed if isinstance(line.typed, str) else line.typed[0] for line in rows["LINES"]]
    assert set(COMMANDS) <= {line.split()[0] for line in typed}


def test_startup_is_three_of_them(tmp_path, rows):
    text = ran("startup", tmp_path, "--rounds", "1")
    assert len(rows["STARTUP"]) == 3
    assert all((line.typed if isinstance(line.typed, str) else line.typed[0]) in text for line in rows["STARTUP"])


def test_scale_tells_of_a_lab_a_classroom_and_runbooks(tmp_path):
    text = ran("scale", tmp_path, "--volumes", "20", "--labs", "2", "--rounds", "1")
    for part in ("a lab of 20 volumes", "sdxattr lock=on|off, a commit", "2 labs of", "a commit in each", "in one process"):
        assert part in text, part
