"""The verbs of `sdxsim` as processes: what they print where, and their exit statuses."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import SRC, Shell

from sdxsim.lab import cli, clockwork, completion, usage
from sdxsim.lab.complaint import Misuse, shown
from sdxsim.lab.runbook import shelf
from sdxsim.model import clock
from sdxsim.model.records import Clock

PART = "sdxproxy Part -c System -p Proxy1"
PART_ALL = "sdxproxy Part -c System -p Proxy1,Proxy2"
STOP = "sdxvolume -F -c System -v Proot,Pusr,Phome"
REJOIN = "sdxproxy Rejoin -c System -p Proxy1"


@pytest.fixture
def bare(tmp_path):
    """A place without a lab."""
    home = tmp_path / "home"
    home.mkdir()
    return Shell(home, tmp_path / "lab")


def said(ran):
    return ran.returncode, ran.stdout, ran.stderr


def refused(shell, line, status, *lines):
    """The verb ended with that status and said exactly that, `sdxsim: ` before the first line; no traceback."""
    ran = shell.run(line)
    assert said(ran) == (status, "", "".join(f"{text}\n" for text in lines)), line


# -- init, scenarios -------------------------------------------------------------------------------------------------


def test_init_makes_a_lab_and_says_where(bare):
    assert said(bare.run("sdxsim init")) == (0, f"lab 'backing-up' at {bare.state}\n", "")
    assert json.loads(bare.document())["op"]["argv"] == ["sdxsim", "init", "backing-up"]
    assert "slice  System  Proxy1" in bare.done("sdxinfo -S")
    assert re.fullmatch(r"2006-10-02 09:0\d:\d\d UTC, running at speed 1\n", bare.done("sdxsim clock show"))


def test_init_of_another_scenario(bare):
    bare.done("sdxsim init single-user")
    assert json.loads(bare.done("sdxsim status --json"))["node"]["power"] == "single-user"


def test_init_refuses_to_replace_a_lab_unless_forced(bare):
    bare.done("sdxsim init")
    bare.done(PART_ALL)
    before = bare.document()
    refused(bare, "sdxsim init", 1, f"sdxsim: there is a lab at {bare.state} already, --force replaces it")
    assert bare.document() == before
    bare.done("sdxsim init --force")
    assert json.loads(bare.done("sdxsim status --json"))["classes"][0]["relations"][0]["state"] == "joined"
    assert len(list((bare.state / "history").iterdir())) == 2


def test_a_scenario_that_cannot_be_used_leaves_nothing_behind(bare, tmp_path):
    ran = bare.run("sdxsim init nope")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("sdxsim: no scenario 'nope'")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"like": "backing-up", "colour": 1, "strict": "yes"}))
    ran = bare.run(["sdxsim", "init", str(wrong)])
    assert (ran.returncode, ran.stdout) == (2, "")
    lines = ran.stderr.splitlines()
    assert len(lines) == 2 and all(line.startswith("sdxsim: ") for line in lines)
    assert any("colour" in line for line in lines) and any("strict" in line for line in lines)
    assert not bare.state.exists()


def test_scenarios_are_listed(bare):
    lines = bare.done("sdxsim scenarios").splitlines()
    assert [line.split()[0] for line in lines] == ["backing-up", "bare", "cluster", "data", "mirrored", "single-user"]


def test_the_version_and_help(bare):
    assert bare.done("sdxsim --version") == "sdxsim 0.1.0\n"
    told = bare.done("sdxsim --help")
    for verb in ("init", "scenarios", "clock", "wait", "status", "run", "env", "shell"):
        assert re.search(rf"^  {verb} ", told, re.MULTILINE)
    assert "--timeout" in bare.done("sdxsim wait --help")
    assert bare.done("sdxsim -h") == told == bare.done("sdxsim help")
    assert "..." not in told.partition("Commands:")[2]  # each line whole


def test_the_help_of_every_verb_shows_its_synopses_and_no_types(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    monkeypatch.setattr(sys.stderr, "reconfigure", lambda **_: None, raising=False)

    def printed(*argv):
        assert cli.main(list(argv)) == 0
        return capsys.readouterr().out

    page = (SRC.parent / "man/prose/sdxsim.md").read_text().partition("## SYNOPSIS")[2].partition("## DESCRIPTION")[0]
    assert re.findall(r"`sdxsim (.*)`", page) == list(usage.SYNOPSES)
    assert dict.fromkeys(line.split()[0] for line in usage.SYNOPSES).keys() == completion.VERBS.keys()
    grouped = {"clock": ("show", "freeze", "resume", "speed", "advance"), "history": ("list", "restore"),
               "snapshot": ("save", "list", "restore", "delete")}  # fmt: skip
    for verb in completion.VERBS:
        for words in [[verb, word] for word in grouped.get(verb, ())] or [[verb]]:
            told = printed("help", *words)
            assert told == printed(*words, "--help")
            lines = usage.synopses(words)
            above = told.partition("\n\n")[0].splitlines()
            assert lines and [line[7:].strip() for line in above] == [f"sdxsim {line}" for line in lines]
            assert not re.search("<|list\\[|required", told), told


MISUSES = ["sdxsim", "sdxsim bogus", "sdxsim clock", "sdxsim clock stop", "sdxsim init --colour", "sdxsim init a b",
           "sdxsim run", "sdxsim clock advance", "sdxsim clock show x", "sdxsim wait 5m", "sdxsim shell -c"]  # fmt: skip


def test_misuse_is_told_in_two_lines_and_is_2(shell):
    before = shell.document()
    for line in MISUSES:
        ran = shell.run(line)
        assert (ran.returncode, ran.stdout) == (2, ""), line
        first, second = ran.stderr.splitlines()
        assert re.fullmatch(r"sdxsim: [a-z].*[^.]", first), line
        assert re.fullmatch(r"hint: 'sdxsim.* --help' tells more", second), line
    assert shell.document() == before


def test_what_is_no_number_is_told(shell):
    for verb, words in ((["log", "-n"], ["0", "x"]), (["undo", "--"], ["-1", "1.5", "1e3"]),
                        (["history", "restore", "--"], ["", "\u0663"])):  # fmt: skip
        for word in words:
            line = f"sdxsim: '{shown(word)}' is no number", "hint: a whole number, 1 or more"
            refused(shell, ["sdxsim", *verb, word], 2, *line)


def test_without_a_lab_every_verb_says_so_and_makes_none(bare):
    for line in ("clock show", "clock advance 1m", "wait", "status --json", "env", "shell -c true"):
        refused(bare, f"sdxsim {line}", 1, f"sdxsim: no lab at {bare.state}, 'sdxsim init' makes one")
    assert not bare.state.exists()


def test_a_damaged_lab_is_told_not_repaired(shell):
    file = shell.state / "state.json"
    file.write_bytes(file.read_bytes()[:-20])
    before = shell.document()
    newest = f"the newest intact one is {shell.state}/history/000001.json"
    newest += " ('sdxsim history restore 1' brings it back)"
    for line in ("clock freeze", "wait", "status", "env"):
        refused(shell, f"sdxsim {line}", 1, f"sdxsim: {file} is damaged: its checksum does not match; {newest}")
    assert shell.document() == before


# -- clock -----------------------------------------------------------------------------------------------------------


def test_the_clock_is_frozen_moved_and_resumed(shell):
    frozen = shell.done("sdxsim clock show")
    assert re.fullmatch(r"2006-10-02 09:00:\d\d UTC, frozen\n", frozen)
    before = shell.document()
    assert shell.done("sdxsim clock freeze") == frozen
    assert shell.document() == before  # nothing to change, nothing committed
    minute = frozen.replace(" 09:00:", " 10:31:")
    assert shell.done("sdxsim clock advance 1h30m60s") == minute
    assert shell.done("sdxsim clock show") == minute
    assert shell.done("sdxsim clock speed 60") == minute.replace("frozen", "frozen, speed 60 when resumed")
    assert shell.done("sdxsim clock resume").endswith(", running at speed 60\n")
    assert json.loads(shell.document())["op"]["argv"] == ["sdxsim", "clock", "resume"]


def seconds(line):
    hours, minutes, rest = line.split()[1].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def test_a_running_clock_stops_with_the_last_date_of_four_digits():
    at = clock.resume(clock.at(Clock(), clock.LATEST - 1000, 0), 0)
    assert clockwork.shown_time(clock.now(at, 999)) == "9999-12-31 23:59:59 UTC"
    assert clock.now(at, 1000) == clock.now(at, 5000) == clock.LATEST
    assert clock.freeze(at, 5000).virtual == clock.resume(at, 5000).virtual == clock.LATEST


def test_a_running_clock_runs_at_its_speed_and_can_be_advanced(shell):
    shell.done("sdxsim clock speed 600")
    begun = seconds(shell.done("sdxsim clock resume"))
    advanced = shell.done("sdxsim clock advance 2h")
    assert advanced.endswith(", running at speed 600\n")
    assert seconds(advanced) >= begun + 7200
    time.sleep(0.3)
    assert seconds(shell.done("sdxsim clock show")) >= seconds(advanced) + 180


@pytest.mark.parametrize(
    ("text", "ms"),
    [("90s", 90_000), ("10m", 600_000), ("2h", 7_200_000), ("1h30m", 5_400_000), ("1d1s", 86_401_000), ("0h5s", 5000)],
)
def test_a_duration_is_whole_numbers_with_units(text, ms):
    assert clockwork.duration(text) == ms


@pytest.mark.parametrize(
    "text", ["0s", "0h0m", "10", "1.5h", "5x", "s", "", "1m1h", "1m 1s", "1m1m", "１m", "1e3s", "-5m", "9" * 5000 + "s"]
)
def test_anything_else_is_no_duration(text):
    with pytest.raises(Misuse) as caught:
        clockwork.duration(text)
    assert caught.value.status == 2 and caught.value.hint


@pytest.mark.parametrize(("ms", "text"), [(0, "0s"), (500, "0.5s"), (59_999, "59.999s"), (511_999, "8m32s"), (90_061_000, "1d1h1m1s")])
def test_lengths_of_time_are_told_as_they_are_typed(ms, text):
    assert clockwork.spoken(ms) == text


def test_a_duration_that_is_none_is_misuse_and_changes_nothing(shell):
    before = shell.document()
    for duration in ("0s", "-5m", "1.5h"):
        ran = shell.run(["sdxsim", "clock", "advance", duration])
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("sdxsim: ") and ran.stderr.count("\n") == 2
    assert shell.document() == before


def test_a_bare_number_is_asked_back(shell):
    refused(shell, "sdxsim clock advance 90", 2, "sdxsim: '90' is no duration", "hint: did you mean '90s'?")


def test_time_ends_with_the_year_9999(shell):
    before = shell.document()
    refused(shell, "sdxsim clock advance 999999999999d", 1, "sdxsim: virtual time ends with 9999-12-31 23:59:59 UTC")
    assert shell.document() == before
    assert shell.done("sdxsim clock advance 2900000d").startswith("9946-")
    assert shell.done("sdxinfo -C")


def test_a_speed_is_a_whole_number(shell):
    before = shell.document()
    for speed in ("0", "0.5", "-1", "fast", "1000001", "", "٣"):
        ran = shell.run(["sdxsim", "clock", "speed", speed])
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("sdxsim: ") and ran.stderr.count("\n") == 2
    assert shell.document() == before


def test_advancing_ends_copies(shell):
    shell.done(PART)
    shell.done(STOP)
    shell.done(REJOIN)
    assert len(json.loads(shell.document())["lab"]["copies"]) == 3
    shell.done("sdxsim clock advance 1h")
    assert "copies" not in json.loads(shell.document())["lab"]


# -- wait ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def copying(shell):
    """A lab in which whole volumes are copied, the last for 512 s."""
    for line in (PART, STOP):
        shell.done(line)
    for line in ("shutdown -y -g0 -i0", "boot", STOP, REJOIN):
        assert shell.run(line).returncode == 0, line
    assert len(status(shell)["copies"]) == 3
    return shell


def status(shell):
    return json.loads(shell.done("sdxsim status --json"))


def test_waiting_where_nothing_copies(shell):
    before = shell.document()
    assert shell.done("sdxsim wait") == "nothing copies\n"
    assert shell.document() == before


def test_waiting_on_a_frozen_clock_moves_it(copying):
    begun = seconds(copying.done("sdxsim clock show"))
    out = copying.done("sdxsim wait")
    assert re.fullmatch(r"nothing copies any more at 2006-10-02 09:\d\d:\d\d UTC, after 8m32s\n", out)
    assert seconds(copying.done("sdxsim clock show")) in (begun + 511, begun + 512)
    assert status(copying)["copies"] == []


def test_waiting_too_short_is_a_failure_and_time_went_by(copying):
    begun = seconds(copying.done("sdxsim clock show"))
    assert said(copying.run("sdxsim wait --timeout 2m")) == (1, "2 copies go on after 2m\n", "")
    assert seconds(copying.done("sdxsim clock show")) == begun + 120
    refused(copying, "sdxsim wait --timeout 2", 2, "sdxsim: '2' is no duration", "hint: did you mean '2s'?")


def test_waiting_on_a_running_clock_takes_its_time_and_says_once_what_for(copying):
    copying.done("sdxsim clock speed 200")  # 2.5 s
    copying.done("sdxsim clock resume")
    begun = time.monotonic()
    ran = copying.run("sdxsim wait")
    assert time.monotonic() - begun > 0.1
    assert ran.returncode == 0
    assert re.fullmatch(r"sdxsim: waiting for \d cop(y|ies) until 2006-10-02 09:\d\d:\d\d UTC\n", ran.stderr)
    assert re.fullmatch(r"nothing copies any more at .*, after \d+m.*s\n", ran.stdout)


def test_waiting_on_a_running_clock_with_a_timeout(copying):
    copying.done("sdxsim clock resume")
    copying.done("sdxsim clock speed 20")
    ran = copying.run("sdxsim wait --timeout 20s")
    assert (ran.returncode, ran.stdout) == (1, "3 copies go on after 20s\n")


def test_waiting_for_a_halted_node_would_never_end(copying):
    assert copying.run("shutdown -y -g0 -i0").returncode == 0
    before = copying.document()
    for mode in ("freeze", "resume"):
        copying.done(f"sdxsim clock {mode}")
        refused(
            copying, "sdxsim wait", 1,
            "sdxsim: 3 of 3 copies stand still because the node is halted, waiting would never end",
            "hint: type 'boot' first",
        )  # fmt: skip
    assert before != copying.document()  # the clock


def test_control_c_ends_waiting_quietly(copying):
    copying.done("sdxsim clock resume")
    process = copying.popen("sdxsim", "wait", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr.readline().startswith(b"sdxsim: waiting for 3 copies")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")


def on_terminal(shell, *argv):
    """(exit status, standard output, what the terminal on standard error was sent)."""
    ours, theirs = pty.openpty()
    shell.environ["TERM"] = "xterm"
    process = shell.popen("sdxsim", *argv, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    sent = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        sent += part
    out = process.communicate(timeout=60)[0].decode()
    os.close(ours)
    return process.returncode, out, sent.decode()


def test_waiting_shows_a_bar_on_a_terminal_and_takes_it_away(copying):
    copying.done("sdxsim clock speed 200")
    copying.done("sdxsim clock resume")
    code, out, sent = on_terminal(copying, "wait")
    assert code == 0 and out.startswith("nothing copies any more")
    assert re.search(r"\r\[#*-+\] +\d+%  \d cop(y|ies), \S+ left", sent)
    assert sent.endswith("\r\x1b[K")


# -- status ----------------------------------------------------------------------------------------------------------


def test_status_for_programs_has_its_documented_shape(shell):
    now = status(shell)
    assert list(now) == [
        "scenario", "node", "nodes", "cut_off", "boot_environment", "clock", "classes", "copies", "mounts", "broken",
        "faults", "workload",
    ]  # fmt: skip
    assert now["scenario"] == "backing-up"
    assert now["node"] == {"name": "node1", "power": "multi-user", "boot_path": "/pci@1f,4000/scsi@3/disk@0,0:a"}
    assert now["nodes"] == {"node1": "multi-user"}
    assert now["boot_environment"] == {
        "/": "/dev/sfdsk/System/dsk/root", "/usr": "/dev/sfdsk/System/dsk/usr",
        "/var": "/dev/sfdsk/System/dsk/var", "swap": "/dev/sfdsk/System/dsk/swap",
    }  # fmt: skip
    assert re.fullmatch(r"2006-10-02T09:00:\d\d\.\d{3}Z", now["clock"]["now"])
    assert (now["clock"]["mode"], now["clock"]["speed"]) == ("frozen", 1)
    [klass] = now["classes"]
    assert (klass["name"], klass["type"], klass["nodes"]) == ("System", "root", ["node1"])
    assert [g["name"] for g in klass["groups"]] == ["Group1", "Group2", "Proxy1", "Proxy2"]
    assert klass["groups"][2]["volumes"][0] == {
        "name": "Proot", "blocks": 2097144, "status": "STOP", "mode": "ro", "slices": {"Proot1": "STOP", "Proot2": "STOP"},
    }  # fmt: skip
    relation = klass["relations"][0]
    assert {k: relation[k] for k in ("master", "proxy", "kind", "state")} == {
        "master": "Group1", "proxy": "Proxy1", "kind": "group", "state": "joined",
    }  # fmt: skip
    assert relation["pairs"][0]["changed"] is None
    assert now["copies"] == []
    assert {"special": "/dev/sfdsk/System/dsk/swap", "point": "-", "type": "swap", "options": "rw"} in now["mounts"]


def test_status_tells_what_a_rejoin_would_copy(shell):
    shell.done(PART)
    shell.done("sdxsim clock advance 10m")
    pairs = {p["proxy"]: p for p in status(shell)["classes"][0]["relations"][0]["pairs"]}
    assert pairs["Proot"]["recorded"] and 0 < pairs["Proot"]["changed"] < 100_000
    assert re.search(rf"^ +root +Proot +recorded +{pairs['Proot']['changed']}$|Proot +recorded +{pairs['Proot']['changed']}$",
                     shell.done("sdxsim status"), re.MULTILINE)  # fmt: skip
    for line in ("shutdown -y -g0 -i0", "boot"):
        assert shell.run(line).returncode == 0
    pairs = {p["proxy"]: p for p in status(shell)["classes"][0]["relations"][0]["pairs"]}
    assert (pairs["Proot"]["recorded"], pairs["Proot"]["changed"]) == (False, 2097144)
    assert re.search(r"Proot +no record +2097144$", shell.done("sdxsim status"), re.MULTILINE)


def test_status_tells_how_far_copies_are(copying):
    copying.done("sdxsim clock advance 60s")
    copy = next(c for c in status(copying)["copies"] if c["volume"] == "Phome")
    assert (copy["class"], copy["source"], copy["blocks"], copy["copied"]) == ("System", "home", 10485720, 1228797)
    assert (copy["percent"], copy["engine"], copy["paused"]) == (11, "soft", False)
    assert re.fullmatch(r"2006-10-02T09:08:\d\d\.\d{3}Z", copy["ends"])
    assert re.search(r"^System/Phome +home +10485720 +1228797 +11  soft +2006-10-02 09:08:", copying.done("sdxsim status"), re.M)
    assert copying.run("shutdown -y -g0 -i0").returncode == 0
    now = status(copying)
    assert (now["node"]["power"], now["node"]["boot_path"], now["boot_environment"], now["mounts"]) == ("obp", "", {}, [])
    assert all(c["paused"] and c["ends"] is None for c in now["copies"])
    text = copying.done("sdxsim status")
    assert "node      node1, at the ok prompt\nruns on   nothing\n" in text
    assert "MOUNTED ON" not in text


# -- run -------------------------------------------------------------------------------------------------------------


def write(path, *rows, head=()):
    path.write_text("\n".join([*head, "## Step", "```console", *rows, "```", ""]))
    return str(path)


SLICES = ["# sdxinfo -S -o Proot1.Phome", "OBJ    CLASS   GROUP   DISK    VOLUME  STATUS",
          "------ ------- ------- ------- ------- --------", "slice  System  Proxy1  Proot1  Phome   STOP"]  # fmt: skip


def alone(shell):
    """The shell without a lab named in its environment."""
    del shell.environ["SDXSIM_STATE"]
    return shell


def everything(path):
    return sorted(str(p.relative_to(path)) for p in path.rglob("*"))


def test_run_backing_up_goes_all_three_ways_and_leaves_nothing_behind(bare, tmp_path):
    before = everything(tmp_path)
    ran = alone(bare).run("sdxsim run backing-up", cwd=tmp_path)
    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["backing-up", "backing-up-opc", "backing-up-single-user"]
    for line in lines:
        total, passed = re.fullmatch(r"\S+: (\d+) commands, (\d+) passed", line).groups()
        assert total == passed
    assert "backing-up: 4-2) Part the proxy groups\n" in ran.stderr
    assert everything(tmp_path) == before


def test_a_failing_runbook_is_1_with_its_difference(bare, tmp_path):
    path = write(tmp_path / "own.md", *SLICES[:3], SLICES[3].replace("STOP", "COPY"))
    ran = alone(bare).run(["sdxsim", "run", path])
    assert ran.returncode == 1
    assert f"{path}:3: sdxinfo -S -o Proot1.Phome: printed something else\n--- expected\n+++ printed\n" in ran.stdout
    assert ran.stdout.endswith(f"-{SLICES[3].replace('STOP', 'COPY')}\n+{SLICES[3]}\nown: 1 command, 0 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["$ ls"], ":3: unknown prompt: $ ls"), (["# cpio -i"], ":3: unknown command: cpio (commands of the host are never run)"),
        ([], ":2: no command in any console block"), (["# sdxinfo | more"], ":3: pipes, lists and redirections are not run: sdxinfo | more"),
    ],
)  # fmt: skip
def test_an_unusable_runbook_is_2_and_nothing_is_run(bare, tmp_path, rows, complaint):
    path = write(tmp_path / "own.md", *rows)
    refused(alone(bare), ["sdxsim", "run", path], 2, f"sdxsim: {path}{complaint}")


def test_a_runbook_that_is_not_there_or_not_text_is_2(bare, tmp_path):
    alone(bare)
    refused(bare, "sdxsim run nope", 2, "sdxsim: no runbook 'nope'",
            f"hint: there are {', '.join(shelf.names())}; others need their path")  # fmt: skip
    refused(bare, "sdxsim run backing_up.md", 2, "sdxsim: no runbook 'backing_up.md', did you mean 'backing-up'?",
            f"hint: there are {', '.join(shelf.names())}; others need their path")  # fmt: skip
    refused(bare, "sdxsim run ./nope.md", 2, "sdxsim: cannot read nope.md: No such file or directory")
    refused(bare, f"sdxsim run {tmp_path}/", 2, f"sdxsim: cannot read {tmp_path}/: Is a directory")
    refused(bare, "sdxsim run /dev/zero", 2, "sdxsim: cannot read /dev/zero: not a regular file")
    os.mkfifo(tmp_path / "fifo")
    refused(bare, f"sdxsim run {tmp_path}/fifo", 2, f"sdxsim: cannot read {tmp_path}/fifo: not a regular file")
    (tmp_path / "bytes.md").write_bytes(b"one\n\xff\xfe\n")
    refused(bare, f"sdxsim run {tmp_path}/bytes.md", 2, f"sdxsim: {tmp_path}/bytes.md:2: not UTF-8 text")
    path = write(tmp_path / "own.md", *SLICES, head=["---", "then: nowhere", "---"])
    ran = bare.run(["sdxsim", "run", path])
    assert (ran.returncode, ran.stdout) == (2, "")


def test_a_runbook_of_many_bytes_is_2(bare, tmp_path):
    path = tmp_path / "large.md"
    path.write_text("```console\n# sdxinfo -C\n...\n```\n")
    os.truncate(path, shelf.LARGEST)
    assert shelf.chain(str(path))
    os.truncate(path, shelf.LARGEST + 1)
    refused(alone(bare), ["sdxsim", "run", str(path)], 2,
            f"sdxsim: cannot read {path}: too large, a runbook has at most {shelf.LARGEST} bytes")  # fmt: skip


def test_a_lab_that_cannot_be_used_or_a_file_that_cannot_be_written_is_2_too(shell, tmp_path):
    path = write(tmp_path / "own.md", "# sdxinfo -C", "...")
    ran = shell.run(["sdxsim", "run", path, "--junit", f"{tmp_path}/none/x.xml"])
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (
        2, f"sdxsim: cannot write {tmp_path}/none/x.xml: No such file or directory"
    )  # fmt: skip
    (shell.state / "state.json").write_bytes(b"{}")
    ran = shell.run(["sdxsim", "run", path])
    assert ran.returncode == 2 and ran.stderr.startswith(f"sdxsim: {shell.state}/state.json is damaged")
    path = write(tmp_path / "read-only.md", "# sdxinfo -C", "x")
    os.chmod(path, 0o444)
    before = open(path).read()
    ran = alone(shell).run(["sdxsim", "run", path, "--update"])
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (2, f"sdxsim: {path} is read-only, it is not updated")
    assert open(path).read() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sdxinfo", "SDX:sdxinfo: ERROR: the current directory is gone, $SDXSIM_STATE 'rel' is found from there (sdxsim)"),
        ("mount", "mount: the current directory is gone, $SDXSIM_STATE 'rel' is found from there (sdxsim)"),
        ("sdxsim status", "sdxsim: the current directory is gone, $SDXSIM_STATE 'rel' is found from there"),
        ("sdxsim run backing-up", "sdxsim: the current directory is gone, $SDXSIM_STATE 'rel' is found from there"),
        ("sdxsim run ./x.md", "sdxsim: the current directory is gone, './x.md' is found from there"),
    ],
)
def test_where_the_current_directory_is_gone_a_sentence_says_so(bare, tmp_path, line, said):
    (tmp_path / "gone").mkdir()
    bare.environ["SDXSIM_STATE"] = "rel"
    code = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    main = [sys.executable, "-I", "-S", str(SRC / "sdxsim" / "__main__.py"), *line.split()]
    ran = subprocess.run(
        ["sh", "-c", code, "sh", str(tmp_path / "gone"), *main], env=bare.environ, capture_output=True, text=True
    )
    assert (ran.returncode in (1, 2), ran.stdout, ran.stderr) == (True, "", f"{said}\n")


def test_without_a_relative_path_a_current_directory_that_is_gone_does_not_matter(bare, tmp_path):
    (tmp_path / "gone").mkdir()
    del bare.environ["SDXSIM_STATE"]
    code = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    main = [sys.executable, "-I", "-S", str(SRC / "sdxsim" / "__main__.py"), "sdxsim", "run", "backing-up"]
    ran = subprocess.run(
        ["sh", "-c", code, "sh", str(tmp_path / "gone"), *main], env=bare.environ, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def test_the_scenario_is_the_one_asked_for_else_that_of_the_runbook(bare, tmp_path):
    alone(bare)
    rows = ["# mount -p", "...", "/dev/sfdsk/System/dsk/opt - /opt ufs - no rw,intr,largefiles,logging,xattr,onerror=panic", "..."]
    path = write(tmp_path / "multi.md", *rows)
    assert bare.run(["sdxsim", "run", path]).returncode == 0
    assert bare.run(["sdxsim", "run", path, "--scenario", "single-user"]).returncode == 1
    assert bare.run(["sdxsim", "run", path, "--scenario", "nope"]).returncode == 2
    path = write(tmp_path / "single.md", *rows, head=["---", "scenario: single-user", "---"])
    assert bare.run(["sdxsim", "run", path]).returncode == 1
    assert bare.run(["sdxsim", "run", path, "--scenario", "backing-up"]).returncode == 0


def test_runbooks_that_follow_run_each_once_on_a_lab_of_its_own(bare, tmp_path):
    head = ["---", "then: second, first, backing-up-opc", "---"]
    path = write(tmp_path / "first.md", f"# {PART}", head=head)
    write(tmp_path / "second.md", f"# {PART}", head=["---", "then: first", "---"])
    ran = alone(bare).run(["sdxsim", "run", path])
    assert [line.partition(":")[0] for line in ran.stdout.splitlines()] == ["first", "second", "backing-up-opc"]
    assert ran.returncode == 0


def test_a_lab_of_ones_own_is_used_and_each_change_committed(shell, tmp_path):
    sequence = json.loads(shell.document())["seq"]
    path = write(tmp_path / "own.md", f"# {PART}", "# sdxinfo -C", "...", f"# {STOP}")
    ran = shell.run(["sdxsim", "run", path])
    assert ran.returncode == 0
    assert ran.stderr.startswith(f"sdxsim: running in the lab at {shell.state}\n")
    document = json.loads(shell.document())
    assert document["seq"] == sequence + 2
    assert document["op"]["argv"] == STOP.split()
    assert shell.run(["sdxsim", "run", path]).returncode == 1  # it is parted already


def test_a_running_clock_of_ones_own_lab_stands_still_meanwhile(shell, tmp_path):
    shell.done("sdxsim clock speed 1000")
    shell.done("sdxsim clock resume")
    path = write(tmp_path / "own.md", "# sdxsim clock show", "...", f"# {PART}", f"# {STOP}", f"# {REJOIN}", "# sdxsim wait", "...")
    assert shell.run(["sdxsim", "run", path]).returncode == 0
    assert shell.done("sdxsim clock show").endswith("running at speed 1000\n")
    path = write(tmp_path / "bad.md", "# sdxvolume -N -c Nope")
    assert shell.run(["sdxsim", "run", path]).returncode == 1
    assert shell.done("sdxsim clock show").endswith("running at speed 1000\n")


def test_a_runbook_on_a_running_clock_lets_a_frozen_one_run_meanwhile(shell, tmp_path):
    path = write(tmp_path / "own.md", "# sdxsim clock show", "...", head=["---", "clock: running", "---"])
    assert shell.run(["sdxsim", "run", path]).returncode == 0
    assert [json.loads(p.read_text())["op"]["argv"][2] for p in sorted((shell.state / "history").iterdir())][-1] == "resume"
    assert shell.done("sdxsim clock show").endswith(", frozen\n")


def test_where_the_lab_is_named_but_not_there_a_fresh_one_is_made_and_kept(bare, tmp_path):
    path = write(tmp_path / "own.md", f"# {PART}")
    ran = bare.run(["sdxsim", "run", path])
    assert ran.returncode == 0
    assert ran.stderr.startswith(f"sdxsim: running in a new lab at {bare.state}, which is kept\n")
    assert status(bare)["classes"][0]["relations"][0]["state"] == "parted"
    assert (bare.state / "bin" / "sdxproxy").exists()


def test_another_scenario_does_not_replace_a_lab_of_ones_own(shell, tmp_path):
    before = shell.document()
    path = write(tmp_path / "own.md", f"# {PART}")
    ran = shell.run(["sdxsim", "run", path, "--scenario", "single-user"])
    assert (ran.returncode, ran.stdout) == (0, "own: 1 command, 1 passed\n")
    assert shell.document() == before


def test_a_lab_is_kept_on_request_and_its_place_told(bare, tmp_path):
    alone(bare)
    # an installed package keeps labs in the XDG state directory: run a copy that is no checkout
    package = tmp_path / "site"
    shutil.copytree(SRC / "sdxsim", package / "sdxsim", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "sdxsim" / "scenarios").mkdir()
    for document in (SRC.parent / "state").glob("*.json"):
        shutil.copy(document, package / "sdxsim" / "scenarios")
    bare.environ |= {"PYTHONPATH": str(package), "XDG_STATE_HOME": str(tmp_path / "xdg")}
    path = write(tmp_path / "own.md", f"# {PART}")
    ran = bare.run(["sdxsim", "run", path, "--keep"])
    assert ran.returncode == 0
    where = re.match(r"sdxsim: running in a new lab at (.*), which is kept\n", ran.stderr)[1]
    assert os.path.dirname(where) == str(tmp_path / "xdg" / "sdxsim" / "kept")
    bare.environ["SDXSIM_STATE"] = where
    assert status(bare)["classes"][0]["relations"][0]["state"] == "parted"


def test_junit_is_written(bare, tmp_path):
    path = write(tmp_path / "own.md", *SLICES[:3])
    ran = alone(bare).run(["sdxsim", "run", path, "--junit", str(tmp_path / "out.xml")])
    assert ran.returncode == 1
    assert '<testsuite name="own" tests="1" failures="1"' in (tmp_path / "out.xml").read_text()
    ran = bare.run(["sdxsim", "run", path, "--junit", str(tmp_path / "nowhere" / "out.xml")])
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1].endswith("out.xml: No such file or directory")


def test_update_shows_its_difference_and_is_0_when_all_is_right(bare, tmp_path):
    path = write(tmp_path / "own.md", *SLICES[:3])
    ran = alone(bare).run(["sdxsim", "run", path, "--update"])
    assert ran.returncode == 0
    assert f"--- {path}\n+++ {path} (updated)\n" in ran.stdout and f"\n+{SLICES[3]}\n" in ran.stdout
    assert ran.stdout.endswith("own: 1 command, 0 passed, 1 updated\n")
    assert said(bare.run(["sdxsim", "run", path]))[:2] == (0, "own: 1 command, 1 passed\n")
    path = write(tmp_path / "own.md", "# sdxinfo -c Nope")
    ran = bare.run(["sdxsim", "run", path, "--update"])
    assert ran.returncode == 1
    assert ran.stdout.endswith("own: 1 command, 0 passed, 1 failed\n")
    assert "# sdxinfo -c Nope\n```" in (tmp_path / "own.md").read_text()


def test_progress_is_one_live_line_on_a_terminal(bare, tmp_path):
    path = write(tmp_path / "own.md", *SLICES)
    code, out, sent = on_terminal(alone(bare), "run", path)
    assert (code, out) == (0, "own: 1 command, 1 passed\n")
    assert "\rown 1/1  Step: # sdxinfo -S -o Proot1.Phome\x1b[K" in sent
    assert sent.endswith("\r\x1b[K") and "\n" not in sent


def test_control_c_ends_a_run_quietly_and_the_clock_goes_on_as_before(shell, tmp_path):
    rows = ["---", "clock: running", "---", "```console until=10h", "# sdxinfo -C", "never", "```", ""]
    (tmp_path / "own.md").write_text("\n".join(rows))
    process = shell.popen("sdxsim", "run", str(tmp_path / "own.md"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr.readline().startswith(b"sdxsim: running in the lab")
    deadline = time.monotonic() + 20
    while b'"resume"' not in shell.document() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert shell.done("sdxsim clock show").endswith(", frozen\n")


# -- around ----------------------------------------------------------------------------------------------------------


def test_output_that_nobody_reads_or_that_cannot_be_written_is_no_traceback(shell):
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m sdxsim sdxsim status | true"],
        env=shell.environ, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stderr == ""
    with open("/dev/full", "w") as full:
        process = shell.popen("sdxsim", "status", stdout=full, stderr=subprocess.PIPE)
        assert process.communicate(timeout=60)[1] == b"sdxsim: cannot write: No space left on device\n"
        assert process.returncode == 1


def test_it_starts_without_site_packages_on_the_path(shell):
    """As the launchers start it: python -I -S."""
    argv = [sys.executable, "-I", "-S", str(SRC / "sdxsim" / "__main__.py"), "sdxsim"]
    for words in (["status"], ["clock", "show"]):
        ran = subprocess.run([*argv, *words], env=shell.environ, capture_output=True, text=True, timeout=60)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout


def test_status_of_two_nodes_tells_who_is_cut_off_and_of_volumes_where_they_run(bare):
    shell = bare
    shell.done("sdxsim init cluster")
    shell.done("sdxsim fault comm node2")
    now = status(shell)
    assert now["cut_off"] == ["node2"]
    assert [k["groups"][0]["volumes"][0]["status"] for k in now["classes"]] == ["STOP", "ACTIVE", "ACTIVE"]
    text = shell.done("sdxsim status")
    assert "          node2, multi-user, cut off from the others\n" in text
    assert "class Class1 (shared) of node1, node2, closed down on node2 (Comm)" in text


def test_status_tells_of_single_disks_and_detached_slices():
    from conftest import Trial

    from sdxsim.lab import overview
    from sdxsim.lab.scenarios import load

    trial = Trial(load("data"))
    trial.done("sdxslice -M -c Class1 -d Disk2 -v Volume2")
    klass = overview.overview(trial.lab, trial.now)["classes"][1]
    [disk] = klass["disks"]
    assert (disk["name"], disk["type"], [v["name"] for v in disk["volumes"]]) == ("Disk5", "single", ["Volume3"])
    assert disk["volumes"][0]["slices"] == {"Disk5": "ACTIVE"}
    assert klass["detached"] == [{"name": "Disk2.Volume2", "status": "TEMP", "mode": "rw", "owner": "node1"}]
    text = overview.as_text(trial.lab, trial.now)
    assert "Disk5   single  Volume3   ACTIVE" in text
    assert "Disk2.Volume2     TEMP      rw      node1" in text
