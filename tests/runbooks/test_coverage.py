"""Every form, every option and every refusal is in a transcript: a shipped one, or one beside this file."""

from pathlib import Path

import offered
import pytest

from sdxsim.lab.runbook import report, runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load
from sdxsim.words import grammar, render
from sdxsim.words.messages import ERROR, MESSAGES, WARNING
from sdxsim.words.syntax import COMMANDS, FORMS

HERE = Path(__file__).parent
BESIDE = sorted(path for part in ("refusals", "options") for path in (HERE / part).glob("*.md"))
# these need a process, the host's files, or a lab in trouble: the test file that shows each, and its words there
SAID_BY_THE_SIMULATOR = {
    "lab.halted": ("tests/lab/test_mishap.py", "is halted at the ok prompt, type 'boot' first (sdxsim)"),
    "lab.no_node": ("tests/core/test_two_nodes.py", "no node node3 in this lab, which has node1, node2 (sdxsim)"),
    "lab.trouble": ("tests/lab/test_going_back.py", "ERROR: there is no operation 6 in the lab's history (sdxsim)"),
    "lab.not_at_ok": (
        "tests/solaris/test_host.py",
        "not found (it is a command of the ok prompt: shutdown -y -g0 -i0) (sdxsim)",
    ),
    "config.bad": ("tests/lab/test_outside.py", "standard input: illegal configuration table, line 1 is not"),
    "file.unwritable": ("tests/lab/test_outside.py", "cannot write, No such file or directory"),
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
    """({form: its options} that commands used which were not refused, ids of messages said)"""
    forms, said = {}, set()
    remember = render.line

    def line(command, note):
        said.add(note.id)
        return remember(command, note)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "line", line)
        for book, lab in books():
            for result in runner.run(book, InMemory(lab, book.clock)):
                argv = result.step.argv
                if argv and argv[0] in COMMANDS and not result.status:
                    form, args = grammar.match(argv[0], argv[1:])
                    forms.setdefault(form, set()).update(offered.used(form, args, argv))
    return forms, said


@pytest.mark.parametrize("path", BESIDE, ids=lambda p: p.stem)
def test_a_transcript_of_refusals_or_options_passes(path):
    book, lab = _read(path)
    results = runner.run(book, InMemory(lab, book.clock))
    assert "".join(report.failure(book, r) for r in results if r.verdict != runner.PASSED) == ""


def test_every_form_and_every_option_of_it_works_in_a_transcript(shown):
    forms, _ = shown
    missing = [form.synopsis for form in FORMS if form not in forms]
    missing += [f"{form.id} {option}" for form in forms for option in offered.options(form) - forms[form]]
    assert sorted(missing) == []


def test_every_refusal_and_every_warning_is_in_a_transcript(shown):
    _, said = shown
    refusals = {name for name, message in MESSAGES.items() if message[0] in (ERROR, WARNING)}
    assert sorted(refusals - said - SAID_BY_THE_SIMULATOR.keys()) == []


def test_what_the_simulator_says_itself_is_shown_by_the_test_named():
    for name, (path, words) in SAID_BY_THE_SIMULATOR.items():
        assert name in MESSAGES and words in (HERE.parent.parent / path).read_text(), name
