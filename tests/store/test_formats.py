"""Formats of the document: every one there was is read, none is rewritten by reading, newer ones are named.

tests/store/formats/N.json is a document of format N as a sdxsim of its time wrote it, in the midst of
the procedure. A format that was released is never changed here: a change of what a document means
takes a new format, a step in store/migration.py, and a new file here.
"""

import json
import shutil
import zlib
from pathlib import Path

import pytest

from sdxsim.store import document, migration
from sdxsim.store.document import FORMAT, from_bytes, heading
from sdxsim.store.lab import look
from sdxsim.store.trouble import Damaged, Newer

FORMATS = sorted((Path(__file__).parent / "formats").glob("*.json"))


def checksummed(body):
    return b'{"checksum": "crc32 %08x of %d bytes",\n' % (zlib.crc32(body), len(body)) + body


def with_format(raw, number):
    body = raw.partition(b"\n")[2]
    assert body.startswith(b' "format": ')
    return checksummed(b' "format": %d' % number + body[body.index(b",") :])


def test_every_format_there_was_has_a_document_here():
    assert [path.stem for path in FORMATS] == [str(n) for n in range(1, FORMAT + 1)]


@pytest.mark.parametrize("path", FORMATS, ids=lambda path: path.stem)
def test_a_lab_of_every_format_is_read_as_it_is_and_written_anew_by_the_next_change(shell, path):
    shutil.copy(path, shell.state / "state.json")
    raw = path.read_bytes()
    assert json.loads(raw)["format"] == int(path.stem)
    assert "COPY" in shell.done("sdxinfo -S -o Phome")
    assert "sdxproxy Rejoin -c System -p Proxy1" in shell.done("sdxsim log -n 1")
    assert shell.document() == raw
    shell.done("sdxattr -V -c System -v opt -a lock=on")
    assert json.loads(shell.document())["format"] == FORMAT
    assert json.loads(shell.document())["seq"] == heading(raw, "x")[0] + 1
    shell.done("sdxsim undo")
    assert look(str(shell.state)).document.lab == from_bytes(raw, "x").lab


@pytest.fixture
def two_formats(monkeypatch):
    """As if this were a later sdxsim, whose format 2 calls `soft_rate` what format 1 called `rate`."""

    def renamed(content):
        content["lab"]["soft_rate"] = content["lab"].pop("rate")
        return content | {"format": 2}

    monkeypatch.setattr(document, "FORMAT", 2)
    monkeypatch.setattr(migration, "STEPS", {1: renamed})


def test_an_older_document_is_taken_through_the_steps_and_the_next_commit_is_of_the_present_format(two_formats):
    old = checksummed(b' "format": 1,\n "lab": {"clock": {}, "rate": 77, "scenario": "x"},\n "op": {},\n "seq": 4\n}\n')
    read = from_bytes(old, "x")
    assert (read.seq, read.lab.soft_rate) == (4, 77)
    new = document.to_bytes(read)
    assert json.loads(new)["format"] == 2
    assert from_bytes(new, "x") == read


def test_an_older_document_that_its_step_does_not_understand_is_damaged(two_formats):
    old = checksummed(b' "format": 1,\n "lab": {"clock": {}, "scenario": "x"},\n "op": {},\n "seq": 4\n}\n')
    with pytest.raises(Damaged, match="NAME is damaged: KeyError"):
        from_bytes(old, "NAME")


@pytest.mark.parametrize("number", [b"0", b"-1", b'"1"', b"null", b"[]"])
def test_a_format_that_never_was_is_damage(number):
    with pytest.raises(Damaged, match=r"is damaged: .* is no format") as caught:
        from_bytes(checksummed(b' "format": %s, "lab": {}, "op": {}, "seq": 1}' % number), "NAME")
    assert not isinstance(caught.value, Newer)


def test_a_newer_format_is_refused_by_every_command_naming_the_versions_and_left_alone(shell):
    newer = with_format(shell.document(), FORMAT + 1)
    (shell.state / "state.json").write_bytes(newer)
    sentence = (
        f"{shell.state}/state.json has format {FORMAT + 1}, of a newer sdxsim; this one, 0.1.0, reads format {FORMAT}"
    )
    for line in ("sdxinfo", "sdxattr -V -c System -v root -a lock=on"):
        ran = shell.run(line)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert ran.stderr == f"SDX:{line.split()[0]}: ERROR: {sentence} (sdxsim)\n"
    for line in ("status", "log", "undo", "history restore 1", "snapshot save a"):
        ran = shell.run(f"sdxsim {line}")
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"sdxsim: {sentence}\n"), line
    assert shell.document() == newer
