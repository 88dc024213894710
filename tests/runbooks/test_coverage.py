"""Which forms and which messages the transcripts show, over all of them: shipped, and those beside this file.

What none shows yet is in to-be-shown.txt, one id a line, and that list only gets shorter: a new form or a
new message without a transcript fails here, and so does a line of the list that has been shown since.
"""

from pathlib import Path

import pytest

from sdxsim.lab.runbook import report, runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load
from sdxsim.words import grammar, render
from sdxsim.words.messages import ERROR, MESSAGES, WARNING
from sdxsim.words.notes import Refusal
from sdxsim.words.syntax import COMMANDS, FORMS

HERE = Path(__file__).parent
SHOWN_LATER = HERE / "to-be-shown.txt"
REFUSALS = sorted((HERE / "refusals").glob("*.md"))
# these need a process, or a lab in trouble: the test file that shows each, and its words there
SAID_BY_THE_SIMULATOR = {
    "lab.halted": ("tests/lab/test_mishap.py", "is halted at the ok prompt, type 'boot' first (sdxsim)"),
    "lab.no_node": ("tests/core/test_two_nodes.py", "no node node3 in this lab, which has node1, node2 (sdxsim)"),
    "lab.trouble": ("tests/lab/test_going_back.py", "ERROR: there is no operation 6 in the lab's history (sdxsim)"),
    "lab.caution": ("tests/store/test_ground.py", "SDX:sdxattr: WARNING: {warning} (sdxsim)"),
}


def books():
    """[(runbook, its scenario's lab)]"""
    shipped = [shelf.chain(name)[0] for name in shelf.names()]
    return [(book, load(book.scenario)) for book in shipped] + [_read(path) for path in sorted(HERE.rglob("*.md"))]


def _read(path):
    """(runbook, its scenario's lab): a name, or a file beside the runbook."""
    book = shelf.read(str(path))
    beside = book.scenario.startswith(".")
    return book, load(str(path.parent / book.scenario) if beside else book.scenario)


@pytest.fixture(scope="module")
def shown():
    """(ids of forms that a command matched and that was not refused for its typing, ids of messages said)"""
    forms, said = set(), set()
    remember = render.line

    def line(command, note):
        said.add(note.id)
        return remember(command, note)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "line", line)
        for book, lab in books():
            for result in runner.run(book, InMemory(lab, book.clock)):
                argv = result.step.argv
                if argv and argv[0] in COMMANDS:
                    try:
                        forms.add(grammar.match(argv[0], argv[1:])[0].id)
                    except Refusal:
                        pass
    return forms, said


@pytest.mark.parametrize("path", REFUSALS, ids=lambda p: p.stem)
def test_a_transcript_of_refusals_passes(path):
    book, lab = _read(path)
    results = runner.run(book, InMemory(lab, book.clock))
    assert "".join(report.failure(book, r) for r in results if r.verdict != runner.PASSED) == ""


def test_every_form_and_every_refusal_is_in_a_transcript_or_listed_as_still_to_come(shown):
    forms, said = shown
    refusals = {name for name, message in MESSAGES.items() if message[0] in (ERROR, WARNING)}
    missing = {f"form {form.id}" for form in FORMS} - {f"form {name}" for name in forms}
    missing |= {f"message {name}" for name in refusals - said - SAID_BY_THE_SIMULATOR.keys()}
    assert sorted(missing) == SHOWN_LATER.read_text().splitlines()


def test_what_the_simulator_says_itself_is_shown_by_the_test_named():
    for name, (path, words) in SAID_BY_THE_SIMULATOR.items():
        assert name in MESSAGES and words in (HERE.parent.parent / path).read_text(), name
