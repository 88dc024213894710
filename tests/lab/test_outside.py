"""Files that commands name: sdxconfig reads and writes the user's own, a runbook those of its stage."""

import os
import stat

import pytest

from sdxsim.execute import Outcome
from sdxsim.lab.runbook import runner
from sdxsim.lab.runbook.dialect import parse
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load
from sdxsim.rules.configtable import HEAD
from sdxsim.store import outside

BACKUP = "sdxconfig Backup -c Class1"


@pytest.fixture
def filed(shell, tmp_path):
    """A lab of scenario data without its proxy."""
    shell.done("sdxsim init --force data")
    shell.done("sdxsim clock freeze")
    shell.done("sdxproxy Break -c Class1 -p Copy1")
    return shell


def refused(shell, line, sentence, **more):
    before = shell.document()
    ran = shell.run(line, **more)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"SDX:sdxconfig: ERROR: {sentence}\n")
    assert shell.document() == before


def test_the_file_named_is_made_and_not_replaced_unless_told_so(filed, tmp_path):
    table, printed = tmp_path / "t", filed.done(BACKUP)
    before = filed.document()
    assert filed.done(f"{BACKUP} -o {table}") == ""
    assert table.read_text() == printed
    table.write_text("mine\n")
    refused(filed, f"{BACKUP} -o {table}", f"{table}: already exists")
    assert table.read_text() == "mine\n"
    table.chmod(0o640)
    filed.done(f"{BACKUP} -o {table} -e update")
    assert table.read_text() == printed
    assert stat.S_IMODE(table.stat().st_mode) == 0o640
    assert filed.document() == before
    assert sorted(os.listdir(tmp_path)) == ["home", "lab", "t"]


def test_a_link_leads_to_its_file_and_stays(filed, tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    refused(filed, f"{BACKUP} -o {tmp_path}/link", f"{tmp_path}/link: already exists")
    filed.done(f"{BACKUP} -o {tmp_path}/link -e update")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text().startswith(HEAD)
    (tmp_path / "nowhere").symlink_to("nothing")
    refused(filed, f"{BACKUP} -o {tmp_path}/nowhere", f"{tmp_path}/nowhere: already exists")


def test_what_cannot_be_written_or_read_is_one_line(filed, tmp_path):
    refused(filed, f"{BACKUP} -o {tmp_path}/no/t", f"{tmp_path}/no/t: cannot write, No such file or directory")
    refused(filed, f"{BACKUP} -o {tmp_path} -e update", f"{tmp_path}: cannot write, Is a directory")
    line = "sdxconfig Convert -e rename -c Class1=Class2 -i "
    refused(filed, line + str(tmp_path), f"{tmp_path}: cannot read, Is a directory")
    refused(filed, line + f"{tmp_path}/no", f"{tmp_path}/no: cannot read, No such file or directory")
    big = tmp_path / "big"
    big.write_bytes(b"#" * (outside.LARGEST + 1))
    refused(filed, line + str(big), f"{big}: cannot read, File too large")
    big.write_bytes(b"\xff\x00" * 9)
    refused(filed, line + str(big), f"{big}: illegal configuration table, line 1 is not '{HEAD}'")


def test_devices_may_be_written_with_update(filed):
    assert filed.done(f"{BACKUP} -o /dev/null -e update") == ""
    assert filed.done(f"{BACKUP} -o /dev/stdout -e update").startswith(HEAD)


def test_standard_input_and_output_are_the_default(filed):
    table = filed.done(BACKUP)
    ran = filed.run("sdxconfig Convert -e rename -c Class1=Class2", input=table)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == table.replace("class Class1", "class Class2")
    ran = filed.run("sdxconfig Convert -e rename -c Class1=Class2", input="")
    assert ran.stderr == f"SDX:sdxconfig: ERROR: standard input: illegal configuration table, line 1 is not '{HEAD}'\n"


def test_in_place_and_round(filed, tmp_path):
    table = tmp_path / "t"
    filed.done(f"{BACKUP} -o {table}")
    filed.done("sdxvolume -F -c Class1")
    filed.done("sdxconfig Remove -c Class1")
    filed.done(f"sdxconfig Convert -e rename,update -c Class1=Class2 -i {table} -o {table}")
    filed.done(f"sdxconfig Restore -c Class2 -i {table} -e skipsync")
    assert filed.done("sdxconfig Backup -c Class2") == table.read_text()


def test_a_file_that_cannot_be_written_whole_is_not_left(tmp_path, monkeypatch):
    def full(fd, data):
        os.close(fd)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outside, "_fill", full)
    assert outside.write(str(tmp_path / "new"), "x", False) == ("No space left on device",)
    (tmp_path / "old").write_text("old")
    assert outside.write(str(tmp_path / "old"), "x", True) == ("No space left on device",)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]


def test_a_runbook_has_files_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stage = InMemory(load("data"))
    text = f"""# A
```console
# sdxproxy Break -c Class1 -p Copy1
# {BACKUP} -o t
# {BACKUP} -o t
2> SDX:sdxconfig: ERROR: t: already exists
? 1
# {BACKUP} -o t -e update
# sdxconfig Restore -c Class1 -i nope
2> SDX:sdxconfig: ERROR: nope: cannot read, No such file or directory
? 1
# sdxconfig Convert -e rename -c Class1=Class2 -i t -o u
```
"""
    results = runner.run(parse(text, "a", "a.md"), stage)
    assert {r.verdict for r in results} == {runner.PASSED}, results
    assert sorted(stage.files) == ["t", "u"]
    assert os.listdir(tmp_path) == []


def test_an_outcome_writes_nothing_by_itself():
    assert Outcome(None).written == ()
