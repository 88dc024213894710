"""Runbooks of proxies of data volumes: each passes, and would notice if a command of its subject did nothing."""

from pathlib import Path

import pytest
from conftest import Trial

from sdxsim.lab.runbook import report, runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load

HERE = Path(__file__).parent
LAB = load(str(HERE / "proxies.json"))
SUBJECTS = {
    "proxy-backup": ("Join", "Part", "Rejoin", "RejoinRestore"),
    "proxy-opc": ("Relate", "Update", "Restore", "Cancel"),
    "proxy-migration": ("Join", "Swap", "Part"),
}


def read(name):
    return shelf.chain(str(HERE / f"{name}.md"))[0]


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_runbook_passes(name):
    book = read(name)
    assert book.scenario == "./proxies.json"
    results = runner.run(book, InMemory(LAB, book.clock))
    assert "".join(report.failure(book, r) for r in results if r.verdict != runner.PASSED) == ""


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, words in SUBJECTS.items() for word in words])
def test_the_runbook_would_notice_a_word_left_out(name, word):
    book = read(name)
    blocks = [b._replace(steps=[s for s in b.steps if s.argv[:2] != ["sdxproxy", word]]) for b in book.blocks]
    assert blocks != book.blocks
    results = runner.run(book._replace(blocks=blocks), InMemory(LAB, book.clock))
    assert any(r.verdict == runner.FAILED for r in results)


def test_an_instant_restore_brings_back_the_data_of_the_snapshot():
    book, trial = read("proxy-backup"), Trial(LAB)
    seen = []
    for step in book.commands():
        if step.argv[0] == "sdxsim":
            trial.finish()
            continue
        trial.tried(" ".join(step.argv))
        if step.argv[:2] == ["sdxproxy", "Join"]:
            trial.finish()
        seen.append((" ".join(step.argv[:2]), trial.volume("Volume1", "Class1").data.files["/data"].group))
    assert ("chgrp other", "other") in seen
    assert [group for what, group in seen if what == "sdxproxy RejoinRestore"][1:] == ["sys", "sys"]


def test_restoring_the_system_brings_back_what_the_snapshot_held():
    book = shelf.chain("restoring-system")[0]
    lab = load(book.scenario)
    lost = lab.classes["System"].volumes["home"]
    stage = InMemory(lab, book.clock)
    held = book.blocks[0]._replace(steps=book.blocks[0].steps)
    runner.run(book._replace(blocks=[held]), stage)
    klass = stage.lab.classes["System"]
    bad = lost._replace(data=lost.data._replace(inodes=1, generation=99))
    stage.lab = stage.lab._replace(classes={"System": klass._replace(volumes={**klass.volumes, "home": bad})})
    results = runner.run(book._replace(blocks=book.blocks[1:]), stage)
    assert [r.why for r in results if r.verdict != runner.PASSED] == []
    home = stage.lab.classes["System"].volumes["home"].data
    assert (home.inodes, home.used) == (lost.data.inodes, lost.data.used)
