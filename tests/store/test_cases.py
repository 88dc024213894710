"""The table of commands that change a lab is whole, so that none is added without the faults of this suite."""

import pytest
from faults.cases import CASES, NAMES, READERS, lab_of

from sdxsim.commands import LOOKERS, OPENBOOT, STANDINS
from sdxsim.execute import execute
from sdxsim.lab.cli import app, clock, history, snapshots
from sdxsim.rules.table import rule_of
from sdxsim.store import outside
from sdxsim.words.grammar import match
from sdxsim.words.syntax import FORMS, WRITES

COVERED = {case.what for case in CASES}


def names(typer, before=""):
    return {before + (c.name or c.callback.__name__.strip("_")) for c in typer.registered_commands}


VERBS = names(app) | names(clock, "clock ") | names(history, "history ") | names(snapshots, "snapshot ")


def test_every_form_that_writes_has_a_row():
    """Those of which all comes out as text write no lab, but a file: tests/lab/test_outside.py."""
    changing = {form.id for form in FORMS if form.trait == WRITES and not rule_of(form.id).gives}
    assert changing - COVERED == set()


def test_every_stand_in_has_a_row():
    assert set(STANDINS) - COVERED == set(LOOKERS)


def test_every_word_of_the_ok_prompt_has_a_row_or_changes_nothing():
    lab = lab_of("halted")
    for word in set(OPENBOOT) - COVERED:
        for more in ([], ["boot-device"], ["boot-device", "disk1"]):
            assert execute(lab, [word, *more], lab.clock.virtual).lab is lab, word


def test_every_verb_of_the_lab_tool_has_a_row_or_is_known_to_change_nothing():
    assert not VERBS - COVERED - READERS
    assert VERBS >= READERS
    assert not READERS & COVERED


def test_no_row_is_about_nothing():
    known = {form.id for form in FORMS} | set(STANDINS) | set(OPENBOOT) | VERBS
    assert COVERED - known == set()


@pytest.mark.parametrize("case", [c for c in CASES if c.argv[0] != "sdxsim"], ids=lambda case: case.line)
def test_a_row_is_the_form_it_says_and_changes_its_lab(case):
    command, *words = case.argv
    if command.startswith("sdx"):
        assert match(command, words)[0].id == case.what
    else:
        assert command == case.what
    lab = lab_of(case.lab)
    outcome = execute(lab, case.argv, lab.clock.virtual, None, outside.read)
    assert outcome.lab is not lab
    assert len(NAMES) == len(CASES)
