"""Generated files are as generated, man pages are readable, and their EXAMPLES are true."""

import re
import shlex
import shutil
import subprocess

import pytest
from conftest import SRC

from sdxsim.commands import PRIVATE
from sdxsim.lab.documents.__main__ import generated
from sdxsim.lab.documents.cells import MATRICES
from sdxsim.model.status import DISK_STATUSES, SLICE_STATUSES
from sdxsim.words import grammar
from sdxsim.words.syntax import COMMANDS, FORMS, WRITES

TOP = SRC.parent
REPAIR = "run: PYTHONPATH=src .venv/bin/python -m sdxsim.lab.documents --write"

GENERATED = generated(TOP)


@pytest.mark.parametrize("path", GENERATED, ids=lambda p: str(p.relative_to(TOP)))
def test_the_committed_file_is_as_generated(path):
    assert path.exists(), REPAIR
    assert path.read_text() == GENERATED[path], REPAIR


def test_every_command_with_a_working_form_has_a_page():
    working = {form.synopsis.split()[0] for form in FORMS}
    pages = {path.stem for path in (TOP / "man").glob("*.1*")}
    assert working | {"sdxsim", "fsck-sim"} | set(PRIVATE) - {"fsck"} == pages


PAGES = sorted((TOP / "man").glob("*.1*"))


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed here")
def test_mandoc_has_no_warning_about_a_man_page():
    ran = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *PAGES], capture_output=True, text=True)
    assert ran.stdout + ran.stderr == ""


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed here")
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_man_reads_the_page_without_a_warning(path):
    ran = subprocess.run(
        ["man", "--warnings", "-l", str(path)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "100", "LC_ALL": "C.UTF-8", "MANPAGER": "cat", "HOME": "/nonexistent"},
        timeout=60,
    )
    assert ran.returncode == 0
    assert ran.stderr == ""
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "EXAMPLES"):
        assert f"\n{heading}" in "\n" + ran.stdout, heading


PROSE = sorted((TOP / "man" / "prose").glob("*.md"))


@pytest.mark.parametrize("path", PROSE, ids=lambda p: p.stem)
def test_the_pages_examples_are_true(path, shell):
    shell.environ.pop("SDXSIM_STATE")
    ran = shell.run(["sdxsim", "run", str(path)])
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "passed" in ran.stdout
    assert "0 commands" not in ran.stdout


def test_states_cover_every_operation():
    typed = [shlex.split(operation) for matrix in MATRICES for operation in matrix.operations]
    tried = {grammar.match(argv[0], argv[1:])[0].id for argv in typed if argv[0] in COMMANDS}
    assert {form.id for form in FORMS if form.trait == WRITES} - tried == set()


def test_states_cover_every_status():
    now = [line for line in (TOP / "docs" / "states.md").read_text().splitlines() if line.startswith("Now: ")]
    words = set(re.findall(r"[A-Z][A-Z-]+", " ".join(now)))
    assert {*SLICE_STATUSES, *DISK_STATUSES} - words == set()
