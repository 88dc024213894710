"""`sdxsim log`, `undo`, `history`, `snapshot`, and SDXSIM_AT, as processes."""

import json
import os
import re

import pytest
from conftest import Shell

from sdxsim import past
from sdxsim.lab import snapshot
from sdxsim.lab.complaint import Misuse
from sdxsim.lab.overview import overview
from sdxsim.model import clock
from sdxsim.rules.copying import settle
from sdxsim.store.lab import look
from sdxsim.store.trouble import Trouble

PART = "sdxproxy Part -c System -p Proxy1,Proxy2"
STOP = "sdxvolume -F -c System -v Proot,Pusr,Phome"
REJOIN = "sdxproxy Rejoin -c System -p Proxy1"
UTC = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


def lab(shell):
    opened = look(str(shell.state))
    opened.close()
    return opened.document.lab


def records(shell):
    """What state.json says of the lab, as text: equal means identical."""
    content = json.loads(shell.document())
    return json.dumps(content["lab"])


def seq(shell):
    return json.loads(shell.document())["seq"]


def refused(shell, line, *lines, status=1):
    """The verb ended with that status, said exactly that, and changed nothing at all."""
    before, names = shell.document(), sorted(os.walk(shell.state))
    ran = shell.run(line)
    assert (ran.returncode, ran.stdout, ran.stderr) == (status, "", "".join(f"{text}\n" for text in lines)), line
    assert (shell.document(), sorted(os.walk(shell.state))) == (before, names)


@pytest.fixture
def led(shell):
    """A lab with five operations: init, freeze, Part, clock advance, -F."""
    shell.done(PART)
    shell.done("sdxsim clock advance 10m")
    shell.done(STOP)
    return shell


@pytest.fixture
def running(tmp_path):
    """A lab whose clock runs, fast: seconds are hours."""
    home = tmp_path / "home"
    home.mkdir()
    made = Shell(home, tmp_path / "lab")
    made.done("sdxsim init")
    made.done("sdxsim clock speed 3600")
    return made


# -- log -------------------------------------------------------------------------------------------------------------


def test_the_log_tells_number_times_status_and_command_of_every_operation_and_of_no_other(led):
    led.run("sdxproxy Part -c System -p Proxy1")  # refused
    led.done("sdxinfo")
    lines = led.done("sdxsim log").splitlines()
    assert re.fullmatch(r" *NUMBER  VIRTUAL TIME +HOST'S TIME +STATUS +COMMAND", lines[0])
    rows = [re.fullmatch(rf" *(\d+)  {UTC}  {UTC}  (\d) +(.*)", line).groups() for line in lines[2:]]
    assert rows == [
        ("1", "0", "sdxsim init backing-up"),
        ("2", "0", "sdxsim clock freeze"),
        ("3", "0", PART),
        ("4", "0", "sdxsim clock advance 10m"),
        ("5", "0", STOP),
    ]
    assert "09:10:0" in lines[-1] and "09:00:0" in lines[-2]


def test_the_log_for_programs(led):
    log = json.loads(led.done("sdxsim log --json"))
    assert [set(entry) for entry in log] == [{"number", "at", "wall", "argv", "status"}] * 5
    assert [entry["number"] for entry in log] == [1, 2, 3, 4, 5]
    assert log[2]["argv"] == PART.split()
    assert {entry["status"] for entry in log} == {0}
    assert re.fullmatch(r"2006-10-02T09:10:0\d\.\d{3}Z", log[4]["at"])
    assert sorted(entry["wall"] for entry in log) == [entry["wall"] for entry in log]


def test_the_newest_of_the_log(led):
    for count, numbers in ((1, [5]), (2, [4, 5]), (5, [1, 2, 3, 4, 5]), (99, [1, 2, 3, 4, 5])):
        assert [e["number"] for e in json.loads(led.done(f"sdxsim log --json -n {count}"))] == numbers
    for junk in ("0", "-1", "x", "1.5"):
        assert led.run(["sdxsim", "log", "-n", junk]).returncode == 2


def test_what_a_user_typed_is_quoted_and_never_reaches_the_terminal_raw(led):
    led.state.joinpath("bin").mkdir(exist_ok=True)
    led.done(["sdxsim", "snapshot", "save", "a"])
    log = led.done("sdxsim log")
    assert "\x1b" not in log
    ran = led.run(["sdxsim", "snapshot", "restore", "\x1b[31m"])
    assert (ran.returncode, "\x1b" in ran.stderr) == (2, False)


def test_a_damaged_document_has_its_line_in_the_log(led):
    (led.state / "history" / "000003.json").write_bytes(b"{")
    lines = led.done("sdxsim log").splitlines()
    assert "damaged" in lines[4] and "damaged" not in lines[3]
    assert json.loads(led.done("sdxsim log --json"))[2] == {
        "number": 3, "at": None, "wall": None, "argv": None, "status": None,
    }  # fmt: skip


def test_the_log_goes_on_over_packed_documents(led):
    for n in range(40):
        led.done(f"sdxattr -V -c System -v opt -a lock={('on', 'off')[n % 2]}")
    assert [n for n in os.listdir(led.state / "history") if n.endswith(".pack")]
    log = json.loads(led.done("sdxsim log --json"))
    assert [entry["number"] for entry in log] == list(range(1, 46))
    assert log[2]["argv"] == PART.split()
    kept = json.loads(led.done("sdxsim history list --json"))
    assert [g["number"] for g in kept] == list(range(1, 45))
    assert all(g["intact"] and g["bytes"] > 1000 and os.path.exists(g["file"]) for g in kept)
    led.done("sdxsim undo 42")
    assert json.loads(led.done("sdxsim status --json"))["classes"][0]["relations"][0]["state"] == "parted"
    led.done("sdxsim history restore 2")
    assert json.loads(led.done("sdxsim status --json"))["classes"][0]["relations"][0]["state"] == "joined"


# -- undo ------------------------------------------------------------------------------------------------------------


def test_undo_makes_the_lab_what_it_was_and_can_be_undone(led):
    after = records(led)
    assert led.done("sdxsim undo") == f"undone: 5  {STOP}\n"
    assert seq(led) == 6
    assert led.done("sdxinfo -S -o Proot").splitlines()[-1].endswith("ACTIVE")
    assert led.done("sdxsim undo") == "undone: 6  sdxsim undo\n"
    assert records(led) == after


def test_undo_of_several_names_them_newest_first(led):
    before = json.loads((led.state / "history" / "000002.json").read_bytes())["lab"]
    told = led.done("sdxsim undo 3")
    assert told == f"undone: 5  {STOP}\nundone: 4  sdxsim clock advance 10m\nundone: 3  {PART}\n"
    assert json.loads(records(led)) == before
    assert seq(led) == 6
    assert json.loads(led.done("sdxsim log --json -n 1"))[0]["argv"] == ["sdxsim", "undo", "3"]


def test_more_than_there_is_is_not_undone(led):
    refused(led, "sdxsim undo 5", "sdxsim: there are 4 operations to undo, not more",
            "hint: 'sdxsim log' lists the operations")  # fmt: skip
    refused(led, f"sdxsim undo {10**23}", "sdxsim: there are 4 operations to undo, not more",
            "hint: 'sdxsim log' lists the operations")  # fmt: skip
    assert led.done(f"sdxsim log -n {10**23}") == led.done("sdxsim log")
    assert led.done("sdxsim undo 4").count("\n") == 4
    assert json.loads(led.done("sdxsim status --json"))["clock"]["mode"] == "running"  # as init made it


def test_what_made_the_lab_is_not_undone(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    shell = Shell(home, tmp_path / "lab")
    shell.done("sdxsim init")
    refused(shell, "sdxsim undo",
            "sdxsim: there is nothing to undo, operation 1 made the lab or is the oldest one known",
            "hint: 'sdxsim log' lists the operations")  # fmt: skip
    for junk in ("0", "-1", "x", "1.5", ""):
        assert shell.run(["sdxsim", "undo", "--", junk]).returncode == 2, junk


def test_forced_init_can_be_undone(led):
    before = records(led)
    led.done("sdxsim init --force single-user")
    assert led.done("sdxsim undo") == "undone: 6  sdxsim init single-user --force\n"
    assert records(led) == before


def test_on_a_running_clock_the_operation_is_undone_not_the_time_before_it(running):
    running.done(PART)
    parted = json.loads(running.document())["op"]["at"]
    running.done(STOP)
    stopped = json.loads(running.document())["op"]["at"]
    assert stopped > parted
    running.done("sdxsim undo")
    after = lab(running).clock
    assert after.virtual == stopped
    assert (after.mode, after.speed) == ("running", 3600)
    assert clock.now(after, after.wall + 1000) == stopped + 3_600_000


def test_undo_is_the_inverse_of_every_command_of_the_procedure_on_a_frozen_clock(shell):
    lines = [
        PART, "sdxsim clock advance 30m", STOP, "sdxattr -V -c System -v Pusr -a mode=rw",
        "sdxvolume -N -c System -v Proot,Pusr,Phome", "fsck-sim -y /dev/sfdsk/System/rdsk/Pusr", STOP, REJOIN,
        "sdxsim clock advance 1m", "sdxproxy Rejoin -c System -p Proxy2 -e waitsync", "sdxsim wait", "sdxsim clock speed 9",
        "sdxsim clock resume",
    ]  # fmt: skip
    states = []
    for line in lines:
        states.append(records(shell))
        shell.run(line)
        if records(shell) == states[-1]:
            states.pop()  # it changed nothing, so that there is nothing to undo
    for n, state in enumerate(reversed(states)):
        shell.done(f"sdxsim undo {2 * n + 1}")  # what was undone and the undoing of it, and one more
        assert records(shell) == state


# -- SDXSIM_AT -------------------------------------------------------------------------------------------------------


def at(shell, number, line):
    shell.environ["SDXSIM_AT"] = str(number)
    try:
        return shell.run(line)
    finally:
        del shell.environ["SDXSIM_AT"]


def test_the_lab_is_seen_as_it_was_after_each_operation(shell):
    shown = {}
    for line in (PART, "sdxsim clock advance 3m", STOP, REJOIN, "sdxsim clock advance 2m", "sdxsim wait"):
        shell.done(line)
        shown[seq(shell)] = [shell.done(look) for look in ("sdxinfo", "sdxsim status --json", "sdxsim status")]
    for number, said in shown.items():
        assert [at(shell, number, look).stdout for look in ("sdxinfo", "sdxsim status --json", "sdxsim status")] == said
        log = json.loads(at(shell, number, "sdxsim log --json").stdout)
        assert [entry["number"] for entry in log] == list(range(1, number + 1))
    assert len({said[0] for said in shown.values()}) == 3
    assert len({said[1] for said in shown.values()}) == len(shown) == 5  # there was nothing left to wait for


def test_on_a_running_clock_the_past_stands_still(running):
    running.done(PART)
    running.done(STOP)
    running.done(REJOIN)
    made = json.loads(running.document())["op"]["at"]
    running.done("sdxattr -V -c System -v opt -a lock=on")
    first = json.loads(at(running, 5, "sdxsim status --json").stdout)
    assert json.loads(at(running, 5, "sdxsim status --json").stdout) == first
    kept = json.loads((running.state / "history" / "000005.json").read_bytes())
    assert kept["lab"]["clock"]["virtual"] == made
    assert first["copies"] and {copy["copied"] for copy in first["copies"]} == {0}


MUTATING = [
    "sdxproxy Rejoin -c System -p Proxy2", "sdxattr -V -c System -v root -a lock=on", "sync", "sdxsim clock advance 1m",
    "sdxsim undo", "sdxsim history restore 1", "sdxsim snapshot save a", "sdxsim snapshot restore a",
    "sdxsim snapshot delete a", "sdxsim init --force", "sdxsim wait", "sdxsim run backing-up",
]  # fmt: skip


@pytest.mark.parametrize("line", MUTATING)
def test_nothing_changes_the_past_nor_the_present_meanwhile(led, line):
    led.done("sdxvolume -F -c System -v Pswap,Pvar,Popt")
    before, names = led.document(), sorted(os.walk(led.state))
    ran = at(led, 6, line)
    unusable = 2 if line.startswith("sdxsim run") else 1  # 1 of `run` is for what differs
    assert (ran.returncode, ran.stdout) == (unusable, "")
    sentence = "the lab is seen as it was after operation 6, which cannot be changed; unset SDXSIM_AT"
    assert ran.stderr in {f"SDX:{line.split()[0]}: ERROR: {sentence} (sdxsim)\n",
                          f"{line.split()[0]}: {sentence} (sdxsim)\n", f"sdxsim: {sentence}\n"}  # fmt: skip
    assert (led.document(), sorted(os.walk(led.state))) == (before, names)


@pytest.mark.parametrize("junk", ["x", "-1", "0", "00", "1.5", " 1", "1 ", "1\n", "²", "٣", "1" * 5000, "../1", "1,2"])
def test_what_is_no_number_of_an_operation_is_refused(junk):
    with pytest.raises(Trouble, match="which is not the number of an operation"):
        past.number(junk)
    assert past.number("012") == 12


@pytest.mark.parametrize("junk", ["x", "\x1b[1m\n"])
def test_junk_for_an_operation_is_refused_in_a_line_by_every_command(led, junk):
    for line in ("sdxinfo", "sdxattr -V -c System -v root -a lock=on", "sdxsim status", "sdxsim log", "sdxsim undo"):
        ran = at(led, junk, line)
        assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1), line
        assert "which is not the number of an operation" in ran.stderr
        assert "\x1b" not in ran.stderr


def test_an_operation_that_never_was_is_refused(led):
    assert at(led, 6, "sdxinfo").stderr == "SDX:sdxinfo: ERROR: there is no operation 6 in the lab's history (sdxsim)\n"
    assert at(led, 6, "sdxsim status").stderr == "sdxsim: there is no operation 6 in the lab's history\n"
    assert at(led, "", "sdxinfo").stdout == led.done("sdxinfo")  # empty is not set


def test_a_shell_in_the_past_shows_no_files_and_says_so(led):
    ran = at(led, 2, ["sdxsim", "shell", "-c", "sdxsim log | tail -1; test -d /.host || echo host"])
    assert (ran.returncode, ran.stdout.split()[0], ran.stdout.split()[-1]) == (0, "2", "host")
    assert ran.stderr == "sdxsim: paths are the host's here, and no files of the node are shown (SDXSIM_AT is set)\n"
    assert not (led.state / "live").exists()


# -- a damaged lab ---------------------------------------------------------------------------------------------------


def damages(shell):
    file = shell.state / "state.json"

    def cut():
        file.write_bytes(file.read_bytes()[:-20])

    def gone():
        file.unlink()

    def directory():
        file.unlink()
        file.mkdir()

    return {"cut": cut, "gone": gone, "empty": lambda: file.write_bytes(b""), "directory": directory}


@pytest.mark.parametrize("damage", ["cut", "gone", "empty"])
def test_a_damaged_lab_is_brought_back_by_what_its_message_says(led, damage):
    before = json.loads((led.state / "history" / "000004.json").read_bytes())["lab"]
    damages(led)[damage]()
    there = (led.state / "state.json").read_bytes() if damage != "gone" else None
    told = led.run("sdxinfo").stderr
    assert f"{led.state}/history/000004.json" in told
    command = re.search(r"'(sdxsim history restore \d+)'", told)[1]
    listed = json.loads(led.done("sdxsim history --json"))
    assert [(g["number"], g["intact"]) for g in listed] == [(n, True) for n in (1, 2, 3, 4)]
    assert "SDXSIM" not in told
    assert at(led, 3, "sdxinfo").returncode == 0
    said = led.done(command)
    assert said.startswith("the lab is as it was after operation 4\n")
    assert json.loads(records(led)) == before
    kept = [n for n in os.listdir(led.state / "history") if n.endswith(".damaged")]
    assert len(kept) == (damage != "gone")
    assert all((led.state / "history" / n).read_bytes() == there and n in said for n in kept)
    numbers = [entry["number"] for entry in json.loads(led.done("sdxsim log --json"))]
    assert numbers == [1, 2, 3, 4, 6]  # the number of what was lost is nobody else's
    led.done("sdxattr -V -c System -v opt -a lock=on")
    assert led.done("sdxsim undo").startswith("undone: 7  sdxattr")


def test_what_is_no_file_at_all_is_set_aside_by_the_forced_init(led):
    damages(led)["directory"]()
    assert led.run("sdxinfo").returncode == 1
    led.done("sdxsim init --force")
    assert (led.state / "history" / "000005.damaged").is_dir()
    assert led.done("sdxinfo -C")


def test_the_newest_intact_one_may_be_in_a_pack(led):
    for n in range(40):
        led.done(f"sdxattr -V -c System -v opt -a lock={('on', 'off')[n % 2]}")
    for name in ["state.json", *(f"history/{n}" for n in os.listdir(led.state / "history") if n.endswith(".json"))]:
        (led.state / name).write_bytes(b"")
    packs = sorted(n for n in os.listdir(led.state / "history") if n.endswith(".pack"))
    newest = int(packs[-1][7:13])
    told = led.run("sdxinfo").stderr
    assert f"{led.state}/history/{packs[-1]} ('sdxsim history restore {newest}' brings it back)" in told
    led.done(f"sdxsim history restore {newest}")
    assert led.done("sdxinfo -C")


def test_undo_of_a_damaged_lab_says_what_helps(led):
    damages(led)["cut"]()
    refused(led, "sdxsim undo",
            f"sdxsim: {led.state}/state.json is damaged: its checksum does not match; the newest intact one is "
            f"{led.state}/history/000004.json ('sdxsim history restore 4' brings it back)")  # fmt: skip


def test_a_history_that_is_damaged_too_is_refused_and_the_lab_left_as_it_is(led):
    (led.state / "history" / "000003.json").write_bytes(b"{")
    refused(led, "sdxsim history restore 3",
            f"sdxsim: {led.state}/history/000003.json is damaged: its checksum does not match")  # fmt: skip
    refused(led, "sdxsim undo 2",
            f"sdxsim: {led.state}/history/000003.json is damaged: its checksum does not match")  # fmt: skip
    table = led.done("sdxsim history").splitlines()
    assert [("damaged" in line) for line in table[2:]] == [False, False, True, False]


def test_history_restores_any_operation_as_one_more_operation(led):
    assert led.done("sdxsim history restore 3") == "the lab is as it was after operation 3\n"
    assert seq(led) == 6
    assert json.loads(records(led)) == json.loads((led.state / "history" / "000003.json").read_bytes())["lab"]
    assert led.done("sdxsim undo") == "undone: 6  sdxsim history restore 3\n"
    refused(led, "sdxsim history restore 7", "sdxsim: the lab is as it was after operation 7")
    refused(led, "sdxsim history restore 99", "sdxsim: there is no operation 99 in the lab's history",
            "hint: 'sdxsim history' lists them")  # fmt: skip
    for junk in ("0", "x", "--json"):
        assert led.run(f"sdxsim history restore {junk}").returncode == 2


# -- snapshots -------------------------------------------------------------------------------------------------------


def test_a_snapshot_is_the_lab_as_it_was_and_restoring_is_one_operation(led):
    saved, names = records(led), os.listdir(led.state / "history")
    assert led.done("sdxsim snapshot save before-rejoin") == "snapshot 'before-rejoin' of the lab after operation 5\n"
    assert (records(led), os.listdir(led.state / "history")) == (saved, names)  # saving is no operation
    led.done(REJOIN)
    led.done("sdxsim clock advance 1h")
    after = records(led)
    assert led.done("sdxsim snapshot restore before-rejoin") == "the lab is as snapshot 'before-rejoin' has it\n"
    assert records(led) == saved
    assert led.done("sdxsim undo") == "undone: 8  sdxsim snapshot restore before-rejoin\n"
    assert records(led) == after


def test_snapshots_are_listed_and_deleted(led):
    assert led.done("sdxsim snapshot list") == ""
    assert led.done("sdxsim snapshot list --json") == "[]\n"
    led.done("sdxsim snapshot save b")
    led.done("sdxsim clock advance 1h")
    led.done("sdxsim snapshot save A-1_x")
    listed = json.loads(led.done("sdxsim snapshot list --json"))
    assert [(s["name"], s["number"]) for s in listed] == [("A-1_x", 6), ("b", 5)]
    assert listed[0]["at"].startswith("2006-10-02T10:10:0")
    assert [s["bytes"] for s in listed] == [os.path.getsize(led.state / "snapshots" / f"{n}.json") for n in ("A-1_x", "b")]
    table = led.done("sdxsim snapshot list").splitlines()
    assert re.fullmatch(r"NAME +OPERATION  VIRTUAL TIME +HOST'S TIME +BYTES", table[0])
    assert re.fullmatch(rf"b +5  {UTC}  {UTC} +\d+", table[3])
    assert led.done("sdxsim snapshot delete b") == "snapshot 'b' is deleted\n"
    assert [s["name"] for s in json.loads(led.done("sdxsim snapshot list --json"))] == ["A-1_x"]
    refused(led, "sdxsim snapshot delete b", "sdxsim: there is no snapshot 'b'")
    refused(led, "sdxsim snapshot restore b", "sdxsim: there is no snapshot 'b'")


def test_a_snapshot_is_replaced_only_by_force(led):
    led.done("sdxsim snapshot save a")
    first = (led.state / "snapshots" / "a.json").read_bytes()
    led.done("sdxsim clock advance 1h")
    refused(led, "sdxsim snapshot save a", "sdxsim: there is a snapshot 'a' already, --force replaces it")
    assert (led.state / "snapshots" / "a.json").read_bytes() == first
    led.done("sdxsim snapshot save --force a")
    assert json.loads((led.state / "snapshots" / "a.json").read_bytes())["seq"] == 6


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "-a", "a.json", "a b", "é", "²", "a\nb", "a\0", "x" * 33])
def test_what_is_no_name_for_a_snapshot_is_not_spelled_rightly(name):
    with pytest.raises(Misuse, match="is no name for a snapshot"):
        snapshot.spelled(name)
    assert snapshot.spelled("x" * 32) == "x" * 32


@pytest.mark.parametrize("name", ["../a", "a\nb"])
def test_what_is_no_name_is_refused_and_nothing_is_written_anywhere(led, name):
    led.done("sdxsim snapshot save a")
    before = sorted(os.walk(led.state.parent))
    for verb in ("save", "restore", "delete"):
        ran = led.run(["sdxsim", "snapshot", verb, "--", name])
        assert (ran.returncode, ran.stdout) == (2, ""), (verb, name)
        assert re.fullmatch(r"sdxsim: '[^\n]*' is no name for a snapshot\nhint: [^\n]*\n", ran.stderr)
    assert sorted(os.walk(led.state.parent)) == before


def test_snapshots_stay_when_history_is_gone_and_mend_a_damaged_lab(led):
    saved = records(led)
    led.done("sdxsim snapshot save a")
    for name in os.listdir(led.state / "history"):
        (led.state / "history" / name).unlink()
    (led.state / "state.json").write_bytes(b"{}")
    said = led.done("sdxsim snapshot restore a").splitlines()
    assert said == ["the lab is as snapshot 'a' has it",
                    f"the damaged document is kept as {led.state}/history/000001.damaged"]  # fmt: skip
    assert records(led) == saved


def test_a_damaged_snapshot_is_told_and_not_restored(led):
    led.done("sdxsim snapshot save a")
    file = led.state / "snapshots" / "a.json"
    file.write_bytes(file.read_bytes().replace(b"Proxy1", b"Proxy9", 1))
    assert "damaged" in led.done("sdxsim snapshot list")
    assert json.loads(led.done("sdxsim snapshot list --json")) == [
        {"name": "a", "number": None, "at": None, "wall": None, "bytes": None}
    ]
    refused(led, "sdxsim snapshot restore a", f"sdxsim: {file} is damaged: its checksum does not match")
    os.unlink(file)
    os.symlink("/etc/passwd", file)
    assert led.run("sdxsim snapshot restore a").returncode == 1


def test_a_snapshot_of_a_running_lab_is_of_the_moment_it_was_saved_and_goes_on_from_there(running):
    running.done(PART)
    running.done(STOP)
    running.done(REJOIN)
    running.done("sdxsim snapshot save half")
    kept = json.loads((running.state / "snapshots" / "half.json").read_bytes())
    assert kept["op"]["at"] == kept["lab"]["clock"]["virtual"] > json.loads(running.document())["op"]["at"]
    running.done("sdxsim wait")
    running.done("sdxsim snapshot restore half")
    opened = lab(running)
    assert opened.clock.virtual == kept["op"]["at"]
    assert opened.clock.mode == "running"
    assert json.loads(running.document())["op"]["at"] > kept["op"]["at"]
    assert overview(settle(opened, opened.clock.virtual), opened.clock.virtual)["clock"]["speed"] == 3600


def test_without_a_lab_the_verbs_say_so_and_make_nothing(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    bare = Shell(home, tmp_path / "lab")
    for line in ("log", "undo", "history", "history list", "history restore 1", "snapshot list", "snapshot save a",
                 "snapshot restore a", "snapshot delete a"):  # fmt: skip
        ran = bare.run(f"sdxsim {line}")
        assert (ran.returncode, ran.stdout) == (1, ""), line
        assert ran.stderr == f"sdxsim: no lab at {bare.state}, 'sdxsim init' makes one\n", line
    assert not bare.state.exists()
    bare.state.mkdir()
    for line in ("undo", "snapshot save a", "snapshot delete a"):
        assert bare.run(f"sdxsim {line}").returncode == 1
    assert os.listdir(bare.state) == []
