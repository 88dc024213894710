"""The catalogue: complete, used, honest about where each text is from."""

import re
from pathlib import Path

import pytest
from conftest import SHARED

from sdxsim import __file__ as package_file
from sdxsim.words import render, solaris
from sdxsim.words.attributes import ATTRIBUTES
from sdxsim.words.messages import ERROR, INFO, MESSAGES, WARNING
from sdxsim.words.notes import Note
from sdxsim.words.syntax import EVIDENCE
from sdxsim.words.views import TABLES

PACKAGE = Path(package_file).parent
MARK = re.compile(r"^(seen|recalled|ours)(: .+)?$", re.S)


def every_evidence():
    yield from ((f"message {i}", m[2]) for i, m in MESSAGES.items())
    yield from ((f"text {i}", t[1]) for i, t in solaris.TEXTS.items())
    yield from ((f"column {kind}.{c[0]}", c[4]) for kind, columns in TABLES.items() for c in columns)
    yield from ((f"attribute {k}.{n}", a[1]) for k, row in ATTRIBUTES.items() for n, a in row.items())
    yield from ((f"synopses of {c}", e) for c, e in EVIDENCE.items())


def test_everything_said_carries_its_evidence():
    for what, evidence in every_evidence():
        assert MARK.match(evidence), what


def test_no_two_messages_have_the_same_text():
    texts = [text for _, text, _ in MESSAGES.values()]
    assert len(set(texts)) == len(texts)


def test_every_message_is_used_and_every_used_one_exists():
    source = "\n".join(p.read_text() for p in PACKAGE.rglob("*.py") if p.name != "messages.py")
    for note_id in MESSAGES:
        assert f'"{note_id}"' in source, note_id
    for used in re.findall(r'(?:refuses|note|Note|Refusal)\("([a-z]+\.[a-z_]+)"', source):
        assert used in MESSAGES, used


def test_house_style_no_full_stop_and_known_severities():
    for note_id, (severity, text, _) in MESSAGES.items():
        assert severity in {INFO, WARNING, ERROR}, note_id
        assert not text.endswith(".") or text.endswith("..."), note_id


def test_the_manuals_trailing_blank_is_there():
    line = render.line("sdxproxy", Note("root.completed", {"current": "A B", "alternative": "C D"}))
    assert line == (
        "SDX:sdxproxy: INFO: completed definitions of alternative boot environment: \n"
        "current-boot-device=A B\n"
        "alternative-boot-device=C D\n"
    )


def test_information_goes_to_stdout_and_errors_to_stderr():
    notes = [Note("volume.stopped", {"volume": "V", "node": "n"}), Note("object.in_use", {"object": "V"})]
    out, err = render.said("sdxvolume", notes)
    assert out == "SDX:sdxvolume: INFO: V: stopped volume on node n\n"
    assert err == "SDX:sdxvolume: ERROR: V: in use\n"


@pytest.mark.parametrize("hostile", ["\x1b[31mred", "a\nb", "\x07", "\x00", "\u202eabc", "\udcff", "é"])
def test_what_was_typed_is_never_echoed_raw(hostile):
    line = render.line("sdxinfo", Note("object.unknown", {"object": hostile}))
    assert line.isascii()
    assert line[:-1].isprintable()
    assert line.count("\n") == 1


def test_a_name_longer_than_its_column_pushes_the_row_and_is_not_cut():
    columns = (("NAME", 7, False), ("BLKS", 8, True), ("STATUS", 8, False))
    assert render.table(columns, [("V1", 5, "STOP"), ("LongVolumeName", 5, "ACTIVE")]) == (
        "NAME    BLKS     STATUS\n"
        "------- -------- --------\n"
        "V1             5 STOP\n"
        "LongVolumeName        5 ACTIVE\n"
    )


MESSAGES_TSV = SHARED / "gds" / "messages.tsv"


def _bare(text):
    """A text without the names in its braces, its line breaks and blanks: what two copies of it have in common."""
    return " ".join(re.sub(r"\{\w+\}|<[\w.]+>", "<>", text.replace("\\n", " ")).replace("<> <>...", "<>").split())


@pytest.mark.skipif(not MESSAGES_TSV.exists(), reason="the collected messages are not beside the project")
def test_nothing_is_marked_seen_that_the_collected_messages_do_not_show():
    """Solaris paths below `disabled access` are told apart in the mark itself, so first lines are compared."""
    rows = [row.split("\t") for row in MESSAGES_TSV.read_text().splitlines()[1:]]
    known = {}
    for row in rows:
        known.setdefault(_bare(row[3].partition("\\n")[0]), row[5])
    seen = {name: text for name, (_, text, mark) in MESSAGES.items() if mark.startswith("seen")}
    assert len(seen) > 20
    for name, text in seen.items():
        evidence = known.get(_bare(text.partition("\n")[0]))
        assert evidence is not None, name
        assert not evidence.startswith(("memory", "inferred")), (name, evidence)
    for name, (_, text, mark) in MESSAGES.items():
        evidence = known.get(_bare(text.partition("\n")[0]), "")
        if evidence.startswith("inferred"):
            assert not mark.startswith(("seen", "recalled")), (name, mark, evidence)
        if evidence.startswith("memory"):
            assert not mark.startswith("seen"), (name, mark, evidence)
