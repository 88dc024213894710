"""Running runbooks in process: what passes, what fails and how it is told, polling, --update, JUnit."""

import time
import xml.etree.ElementTree as ElementTree

import pytest

from sdxsim.execute import execute
from sdxsim.lab.complaint import Complaint
from sdxsim.lab.runbook import report, rewrite, runner
from sdxsim.lab.runbook.dialect import parse
from sdxsim.lab.runbook.stage import InMemory, OnDisk
from sdxsim.lab.scenarios import load
from sdxsim.model.clock import LATEST
from sdxsim.model.records import Node
from sdxsim.model.status import FROZEN, RUNNING
from sdxsim.store.commit import create
from sdxsim.store.history import backwards

PART = "# sdxproxy Part -c System -p Proxy1"
STOP = "# sdxvolume -F -c System -v Proot,Pusr,Phome"
REJOIN = "# sdxproxy Rejoin -c System -p Proxy1"
REFUSED = "2> SDX:sdxproxy: ERROR: Proxy1: not joined"
SLICES = "# sdxinfo -S -o Phome"
TABLE = [
    "OBJ    CLASS   GROUP   DISK    VOLUME  STATUS",
    "------ ------- ------- ------- ------- --------",
    "slice  System  Proxy1  Proot1  Phome   STOP",
    "slice  System  Proxy1  Proot2  Phome   STOP",
]


def book(*rows, info="", more=()):
    return parse("\n".join(["## Step", f"```console{info}", *rows, "```", *more, ""]), "book", "book.md")


def ran(*rows, stage=None, **about):
    """(the runbook, the Results of running it on a fresh lab)."""
    read = book(*rows, **about)
    return read, runner.run(read, stage or InMemory(load("backing-up")))


def verdicts(*rows, **about):
    return [r.verdict for r in ran(*rows, **about)[1]]


def whys(*rows, **about):
    return [r.why for r in ran(*rows, **about)[1] if r.verdict == "failed"]


# -- what passes -----------------------------------------------------------------------------------------------------


def test_a_silent_command_may_print_information():
    _, [result] = ran(PART)
    assert result.verdict == "passed"
    assert result.out[0] == "SDX:sdxproxy: INFO: Proot: started volume on node node1"


def test_a_refusal_passes_when_it_is_written_down():
    assert verdicts(PART, PART, REFUSED, "? 1", PART, "2> ...", "? 1") == ["passed"] * 3


def test_a_table_and_one_with_elisions():
    assert verdicts(SLICES, *TABLE, SLICES, TABLE[0], "...", TABLE[3], SLICES, "...") == ["passed"] * 3


def test_the_lab_goes_on_from_command_to_command_and_from_block_to_block():
    more = ["```console", PART, REFUSED, "? 1", "```"]
    assert verdicts(PART, more=more) == ["passed", "passed"]


def test_down_to_ok_and_up_again():
    rows = ["# shutdown -y -g0 -i0", "...", "ok", "ok boot", "...", "#", "# mount", "..."]
    assert verdicts(*rows) == ["passed"] * 5


def test_the_lab_tool_answers_in_the_runbooks_own_lab():
    rows = ["# sdxsim clock show", "2006-10-02 09:00:00 UTC, frozen", "# sdxsim clock advance 1h30m",
            "2006-10-02 10:30:00 UTC, frozen", PART, STOP, REJOIN, "# sdxsim wait", "...", SLICES, *TABLE,
            "# sdxsim status", "...", "clock     2006-10-02 10:30:01 UTC, frozen", "...",
            "# sdxsim clock advance soon", "2> sdxsim: 'soon' is no duration", "2> ...", "? 2",
            "# sdxsim wait --timeout 5s", "nothing copies", "# sdxsim status --yaml", "2> ...", "? 2"]  # fmt: skip
    assert set(verdicts(*rows)) == {"passed"}


# -- what fails ------------------------------------------------------------------------------------------------------


def test_a_silent_command_that_fails_is_a_failure_and_ends_the_run():
    read, results = ran("# sdxvolume -N -c Nope", SLICES, "...")
    assert [r.verdict for r in results] == ["failed", "not run"]
    assert results[0].why == "exit status 1, expected 0"
    assert report.failure(read, results[0]).splitlines() == [
        "book.md:3: sdxvolume -N -c Nope: exit status 1, expected 0",
        "--- expected",
        "+++ printed",
        "@@ -0,0 +1,2 @@",
        "+2> SDX:sdxvolume: ERROR: Nope: no such class",
        "+? 1",
    ]
    assert report.summary(read, results) == "book: 2 commands, 0 passed, 1 failed, 1 not run\n"
    assert not report.passed(results)


def test_a_command_that_succeeds_where_it_should_fail_is_a_failure():
    assert whys(PART, "? 1") == ["exit status 0, expected 1"]


def test_the_right_output_with_the_wrong_status_is_a_failure():
    assert whys(PART, PART, REFUSED) == ["exit status 1, expected 0"]
    assert whys(PART, PART, REFUSED, "? 2") == ["exit status 1, expected 2"]


def test_output_where_none_is_written_is_a_failure_on_either_stream():
    assert whys(SLICES) == ["printed something, but nothing is expected"]
    assert whys(PART, PART, "? 1") == ["printed something on standard error"]


def test_standard_error_is_compared():
    assert whys(PART, PART, "2> SDX:sdxproxy: ERROR: Proxy2: not joined", "? 1") == [
        "printed something else on standard error"
    ]
    assert whys(SLICES, *TABLE, "2> x") == ["printed something else on standard error"]


@pytest.mark.parametrize("wrong", [TABLE[:3], [*TABLE, "x"], [*TABLE[:3], TABLE[3].replace("STOP", "COPY")], TABLE[1:]])
def test_a_table_must_match_wholly(wrong):
    assert whys(SLICES, *wrong) == ["printed something else"]


def test_a_comparison_that_fails_does_not_end_the_run_and_all_are_told():
    read, results = ran(SLICES, "x", SLICES, *TABLE, SLICES, "y")
    assert [r.verdict for r in results] == ["failed", "passed", "failed"]
    assert report.summary(read, results) == "book: 3 commands, 1 passed, 2 failed\n"


def test_the_difference_shows_what_differs_and_keeps_elisions_short():
    read, [result] = ran(SLICES, TABLE[0], "...", TABLE[3].replace("STOP", "COPY"))
    assert report.failure(read, result).splitlines()[1:] == [
        "--- expected",
        "+++ printed",
        "@@ -1,3 +1,3 @@",
        " " + TABLE[0],
        " ...",
        "-slice  System  Proxy1  Proot2  Phome   COPY",
        "+slice  System  Proxy1  Proot2  Phome   STOP",
    ]


def test_the_difference_shows_what_was_printed_where_a_line_between_elisions_is_not_there():
    read, [result] = ran(SLICES, "...", TABLE[2].replace("STOP", "COPY"), "...")
    assert report.failure(read, result).splitlines()[4:] == [
        "-...", "-" + TABLE[2].replace("STOP", "COPY"), "-...", *[f"+{row}" for row in TABLE]
    ]  # fmt: skip


def test_the_difference_shows_the_message_that_was_printed_instead_of_the_expected_one():
    read, [_, result] = ran(PART, "# sdxvolume -F -c System -v Phome", "SDX:sdxvolume: INFO: Phome: stopped volume on node nodeX")
    assert "-SDX:sdxvolume: INFO: Phome: stopped volume on node nodeX\n" in report.failure(read, result)
    assert "+SDX:sdxvolume: INFO: Phome: stopped volume on node node1\n" in report.failure(read, result)


def test_a_prompt_that_is_not_there_is_a_failure_and_ends_the_run():
    read, results = ran("# sdxinfo -C", "...", "ok", SLICES, "...")
    assert [(r.verdict, r.why) for r in results[1:]] == [("failed", "node1 is up, not at the ok prompt"), ("not run", "")]
    assert report.summary(read, results) == "book: 2 commands, 1 passed, 1 not run, 1 prompt wrong\n"
    assert not report.passed(results)
    assert whys("# shutdown -y -g0 -i0", "...", "#") == ["node1 is halted at the ok prompt"]


def test_a_command_at_the_ok_prompt_of_a_node_that_is_up_is_not_run():
    stage = InMemory(load("backing-up"))
    assert whys("ok boot", "2> ...", "? 1", stage=stage) == ["node1 is up, not at the ok prompt"]


def test_commands_of_the_shell_at_the_ok_prompt_are_refused_by_the_node():
    rows = ["# shutdown -y -g0 -i0", "...", SLICES, "2> ...", "? 1"]
    assert verdicts(*rows) == ["passed", "passed"]


# -- waiting and polling ---------------------------------------------------------------------------------------------


def copying(mode=FROZEN, speed=1):
    """A stage on which Proxy1 copies whole volumes; the last, Phome, takes 512 s of virtual time."""
    stage = InMemory(load("backing-up"), mode)
    for line in (PART, STOP):
        assert stage.execute(line[2:].split()).status == 0
    for pair_lost in ("shutdown -y -g0 -i0", "boot", "sdxvolume -F -c System -v Proot,Pusr,Phome"):
        assert stage.execute(pair_lost.split()).status == 0
    assert stage.execute(["sdxsim", "clock", "speed", str(speed)]).status == 0
    assert stage.execute(REJOIN[2:].split()).status == 0
    return stage


def test_a_poll_moves_a_frozen_clock_to_the_moment_at_which_it_matches():
    stage = copying()
    _, begun = stage.look()
    assert verdicts(SLICES, *TABLE, info=" until=30m", stage=stage) == ["passed"]
    assert stage.look()[1] - begun == 511_999  # 10485720 blocks at 20480 a second


def test_a_poll_whose_output_is_there_already_takes_no_time():
    stage = copying()
    _, begun = stage.look()
    wanted = [row.replace("STOP", "COPY") for row in TABLE]
    assert verdicts(SLICES, *wanted, info=" until=30m", stage=stage) == ["passed"]
    assert stage.look()[1] == begun


def test_a_poll_that_runs_out_fails_with_its_last_try_and_goes_on():
    stage = copying()
    _, begun = stage.look()
    more = ["```console", "# sdxinfo -C", "...", "```"]
    read, results = ran(SLICES, *TABLE, info=" until=2m", more=more, stage=stage)
    assert [r.verdict for r in results] == ["failed", "passed"]
    assert results[0].why == "printed something else (tried for 2m of virtual time)"
    assert "-slice  System  Proxy1  Proot1  Phome   STOP" in report.failure(read, results[0])
    assert "+slice  System  Proxy1  Proot1  Phome   COPY" in report.failure(read, results[0])
    assert stage.look()[1] - begun == 120_000


@pytest.fixture
def tries(monkeypatch):
    """The commands that stages in memory are given, as a list that grows."""
    lines, execute_ = [], InMemory.execute
    monkeypatch.setattr(InMemory, "execute", lambda self, argv, node=None: (lines.append(argv), execute_(self, argv, node))[1])
    return lines


def test_an_hour_of_polling_costs_a_few_tries(tries):
    stage = copying()
    tries.clear()
    assert verdicts(SLICES, "never", info=" until=1h", stage=stage) == ["failed"]
    assert len(tries) <= 6


def test_a_poll_for_what_changes_by_itself_looks_every_so_often(tries):
    stage = copying()
    tries.clear()
    wanted = ["...", "clock     2006-10-02 09:01:00 UTC, frozen", "..."]
    assert verdicts("# sdxsim status", *wanted, info=" until=30m every=10s", stage=stage) == ["passed"]
    assert len(tries) == 7 + 1  # and once more, for good


@pytest.mark.parametrize(("command", "more"), [("# sdxinfo -C", ()), (REJOIN, ("? 1",)), ("# fsck -N", ("? 1",))])
def test_a_poll_for_what_cannot_change_gives_up_at_its_deadline_at_once(tries, command, more):
    stage = InMemory(load("backing-up"))
    _, begun = stage.look()
    assert verdicts(command, "2> never", *more, info=" until=10h every=1s", stage=stage) == ["failed"]
    assert len(tries) <= 3
    assert stage.look()[1] - begun == 36_000_000


@pytest.mark.parametrize("command", ["# sdxinfo -C", "# sdxsim clock show"])
def test_a_poll_ends_with_virtual_time_at_the_latest(monkeypatch, command):
    monkeypatch.setattr(runner, "TRIES", 100)
    stage = InMemory(load("backing-up"))
    read, results = ran(command, "never", info=" until=999999999d", more=["```console", "# sdxinfo -C", "...", "```"], stage=stage)
    assert [r.verdict for r in results] == ["failed", "passed"]
    assert stage.look()[1] == LATEST
    assert report.summary(read, results) == "book: 2 commands, 1 passed, 1 failed\n"
    assert verdicts(command, "never", info=" until=1s", stage=stage) == ["failed"]


def test_a_poll_on_a_lab_on_disk_keeps_at_most_one_document(tmp_path):
    path = str(tmp_path / "lab")
    stage = copying()
    create(path, stage.lab, {"argv": [], "at": 0, "wall": 0, "status": 0})
    begun, on_disk = list(backwards(path)), OnDisk(path)
    assert verdicts("# sdxsim status", "never", info=" until=2m every=1s", stage=on_disk) == ["failed"]
    assert len(list(backwards(path))) == len(begun) + 1
    assert verdicts(SLICES, *TABLE, info=" until=30m", stage=on_disk) == ["passed"]
    assert len(list(backwards(path))) == len(begun) + 2
    assert on_disk.look()[1] - stage.look()[1] == 511_999
    assert verdicts(SLICES, *TABLE, info=" until=30m", stage=on_disk) == ["passed"]
    assert len(list(backwards(path))) == len(begun) + 2


def test_a_poll_of_a_command_that_acts_does_so_at_every_try():
    stage = InMemory(load("backing-up"))
    _, begun = stage.look()
    rows = ["# sdxsim clock advance 1m", "2006-10-02 09:05:04 UTC, frozen"]
    assert verdicts(*rows, info=" until=30m every=1s", stage=stage) == ["passed"]
    assert stage.look()[1] - begun == 304_000


def test_on_a_running_clock_a_poll_sleeps():
    stage = copying(RUNNING, 2000)
    begun = time.monotonic()
    assert verdicts(SLICES, *TABLE, info=" until=30m every=10s", stage=stage) == ["passed"]
    assert 0.2 < time.monotonic() - begun < 20


def test_on_a_running_clock_waiting_sleeps_and_a_command_that_waits_returns_when_copies_have_ended():
    stage = copying(RUNNING, 5000)
    begun = time.monotonic()
    waiting = "# sdxproxy Rejoin -c System -p Proxy2 -e waitsync"
    assert verdicts("# sdxsim wait", "...", SLICES, *TABLE, stage=stage) == ["passed"] * 2
    rows = ["# sdxproxy Part -c System -p Proxy2", "# sdxvolume -F -c System -v Pswap,Pvar,Popt", waiting,
            "SDX:sdxproxy: INFO: Proxy2: waiting for the completion of copying...",
            "SDX:sdxproxy: INFO: Proxy2: copying completed successfully"]  # fmt: skip
    assert verdicts(*rows, stage=stage) == ["passed"] * 3
    assert 0.08 < time.monotonic() - begun < 20


def test_waiting_for_copies_of_a_halted_node_is_refused():
    stage = copying()
    _, begun = stage.look()
    rows = ["# shutdown -y -g0 -i0", "...", "# sdxsim wait",
            "2> sdxsim: 3 of 3 copies stand still because the node is halted, waiting would never end",
            "2> hint: type 'boot' first", "? 1"]  # fmt: skip
    assert verdicts(*rows, stage=stage) == ["passed"] * 2
    assert stage.look()[1] == begun


def test_waiting_with_a_timeout_that_is_too_short():
    stage = copying()
    rows = ["# sdxsim wait --timeout 1m", "3 copies go on after 1m", "? 1", "# sdxsim wait", "..."]
    assert verdicts(*rows, stage=stage) == ["passed"] * 2


def test_a_block_may_be_typed_on_another_node():
    lab = load("backing-up")
    stage = InMemory(lab._replace(nodes={**lab.nodes, "node2": Node("node2")}))
    assert verdicts("# sdxsim status", "...", "node      node2, multi-user", "...", info=" node=node2", stage=stage) == ["passed"]
    assert verdicts("# sdxinfo -C -c System", "2> SDX:sdxinfo: ERROR: System: no such class", "? 1", info=" node=node2",
                    stage=stage) == ["passed"]  # fmt: skip
    assert verdicts("# sdxinfo", "2> SDX:sdxinfo: ERROR: no node node3 in this lab, which has node1, node2 (sdxsim)",
                    "? 1", info=" node=node3", stage=stage) == ["passed"]  # fmt: skip
    rows = ["# shutdown -y -g0 -i0", "...", "ok"]
    assert verdicts(*rows, info=" node=node2", stage=stage) == ["passed"] * 2
    assert verdicts("# sdxinfo -C", "...", stage=stage) == ["passed"]


# -- the outside -----------------------------------------------------------------------------------------------------


def test_no_command_is_a_process(monkeypatch):
    for way in ("os.fork", "os.posix_spawn", "subprocess.Popen"):
        monkeypatch.setattr(way, None)
    rows = ["# sdxinfo -S -c System", "...", "# sdxattr -V -c System -v root -a lock=on",
            "# sdxattr -V -c System -v root -a lock=off", "# sdxvolume -F -c System -v root", "2> ...", "? 1"]  # fmt: skip
    read, stage = book(*rows), InMemory(load("backing-up"))
    assert {r.verdict for r in runner.run(read, stage)} == {"passed"}


def test_the_lab_is_the_very_object_the_commands_gave():
    stage = InMemory(load("backing-up"))
    before = stage.lab
    stage.execute(["sdxinfo"])
    assert stage.lab is before
    stage.execute(["sdxattr", "-V", "-c", "System", "-v", "root", "-a", "lock=on"])
    assert stage.lab.nodes is before.nodes
    outcome = execute(before, ["sdxattr", "-V", "-c", "System", "-v", "root", "-a", "lock=on"], before.clock.virtual)
    assert stage.lab.classes == outcome.lab.classes


# -- JUnit -----------------------------------------------------------------------------------------------------------


def test_junit_has_a_case_a_command_and_is_well_formed_whatever_was_printed():
    rows = [PART, "# sdxvolume -N -c 'a<b&\"\x1b\x07\u2028\ufffe]]>'", SLICES, "..."]
    read, results = ran(*rows)
    root = ElementTree.fromstring(report.junit([(read, results), (read, results)]).encode())
    first, second = root.findall("testsuite")
    assert (first.get("name"), first.get("tests"), first.get("failures"), first.get("skipped")) == ("book", "3", "1", "1")
    cases = first.findall("testcase")
    assert [c.get("classname") for c in cases] == ["Step"] * 3
    assert cases[0].get("name") == "3: sdxproxy Part -c System -p Proxy1"
    assert [len(c) for c in cases] == [0, 1, 1]
    failure = cases[1].find("failure")
    assert failure.get("message") == "exit status 1, expected 0"
    assert "\n+? 1\n" in failure.text
    assert cases[2].find("skipped") is not None
    assert len(second) == 3


def test_control_characters_of_a_runbook_do_not_reach_the_terminal():
    read, results = ran("# sdxvolume -N -c '\x1b[31m'", "\x1b]0;x\x07")
    assert "\x1b" not in report.failure(read, results[0])
    assert "\x07" not in report.failure(read, results[0])


# -- --update --------------------------------------------------------------------------------------------------------


def updating(tmp_path, *rows, **about):
    """(path, book, text or None, results) after --update of a runbook in a file."""
    path = tmp_path / "book.md"
    path.write_bytes("\n".join(["Prose stays.", "", f"```console{about.get('info', '')}", *rows, "```", "", "End.  "]).encode())
    read = parse(path.read_bytes().decode(), "book", str(path))
    results = runner.run(read, about.get("stage") or InMemory(load("backing-up")))
    text, results = rewrite.updated(read, results)
    if text is not None:
        rewrite.put(read, text)
    return path, read, text, results


def body(path):
    return path.read_bytes().decode().split("\n")[3:-3]


def test_update_puts_output_right_and_the_runbook_then_passes(tmp_path):
    rows = [PART, SLICES, "old", "", "more", "", "# sdxinfo -C", TABLE[0]]
    path, read, text, results = updating(tmp_path, *rows)
    assert [r.verdict for r in results] == ["passed", "updated", "updated"]
    assert report.passed(results)
    active = [row.replace("STOP", "ACTIVE") for row in TABLE]
    assert body(path)[:7] == [PART, SLICES, *active, ""]
    again = parse(path.read_text(), "book", "book.md")
    assert {r.verdict for r in runner.run(again, InMemory(load("backing-up")))} == {"passed"}
    assert path.read_text().startswith("Prose stays.\n") and path.read_text().endswith("\nEnd.  ")
    difference = rewrite.difference(read, text)
    assert "-old\n" in difference and f"+{active[3]}\n" in difference
    assert report.summary(read, results) == "book: 3 commands, 1 passed, 2 updated\n"


def test_update_keeps_elisions_and_left_out_information(tmp_path):
    rows = [PART, "wrong", SLICES, TABLE[0], "...", TABLE[3]]
    path, _, _, results = updating(tmp_path, *rows)
    assert [r.verdict for r in results] == ["updated", "updated"]
    assert body(path) == [PART, SLICES, TABLE[0], "...", TABLE[3].replace("STOP", "ACTIVE")]


def test_update_never_leaves_an_elision_alone_where_something_was_checked(tmp_path):
    path, _, _, results = updating(tmp_path, SLICES, "...", "wrong", "...")
    assert body(path) == [SLICES, *TABLE]
    path, _, _, results = updating(tmp_path, SLICES, TABLE[0], "...", TABLE[2], "...", "wrong")
    assert [r.verdict for r in results] == ["updated"]
    assert body(path) == [SLICES, TABLE[0], "...", TABLE[2], "...", TABLE[3]]


def test_update_writes_standard_error_and_keeps_the_status(tmp_path):
    path, _, _, results = updating(tmp_path, PART, PART, "? 1", "x", "# sdxinfo -C", "...")
    assert [r.verdict for r in results] == ["passed", "updated", "passed"]
    assert body(path) == [PART, PART, REFUSED, "? 1", "# sdxinfo -C", "..."]


def test_update_never_blesses_a_changed_exit_status(tmp_path):
    for rows in ([PART, PART, REFUSED], [PART, "? 1"], [PART, PART, REFUSED, "? 2"]):
        path, _, text, results = updating(tmp_path, *rows)
        assert text is None
        assert body(path) == rows
        assert not report.passed(results)


def test_update_of_the_one_leaves_the_other_a_failure(tmp_path):
    path, _, _, results = updating(tmp_path, SLICES, "x", PART, "? 1")
    assert [r.verdict for r in results] == ["updated", "failed"]
    assert body(path) == [SLICES, *TABLE, PART, "? 1"]
    assert not report.passed(results)


def test_update_never_blesses_a_poll_that_ran_out_nor_a_prompt(tmp_path):
    path, _, text, results = updating(tmp_path, SLICES, "never", info=" until=1m")
    assert text is None and results[0].verdict == "failed" and body(path) == [SLICES, "never"]
    path, _, text, results = updating(tmp_path, "# sdxinfo -C", "...", "ok")
    assert text is None and not report.passed(results) and body(path) == ["# sdxinfo -C", "...", "ok"]


class Parrot(InMemory):
    """A stage whose every command prints the given text."""

    def __init__(self, text):
        super().__init__(load("backing-up"))
        self.text = text

    def execute(self, argv, node=None):
        return super().execute(["sdxinfo", "-C"])._replace(stdout=self.text)


def test_update_escapes_what_would_be_read_as_something_else(tmp_path):
    printed = "# x\nok boot\n...\n2> x\n? 1\n1> x\n```\n\n$ ls\n#\n"
    path, *_ = updating(tmp_path, "# sdxinfo", "x", stage=Parrot(printed))
    assert body(path) == ["# sdxinfo", "1> # x", "1> ok boot", "1> ...", "1> 2> x", "1> ? 1", "1> 1> x", "1> ```", "",
                          "$ ls", "1> #"]  # fmt: skip
    [result] = runner.run(parse(path.read_text(), "book", "book.md"), Parrot(printed))
    assert result.verdict == "passed"


def test_update_keeps_line_ends_and_indentation(tmp_path):
    path = tmp_path / "book.md"
    path.write_bytes(f"- item\r\n\r\n  ```console\r\n  {SLICES}\r\n  x\r\n  ```\r\n".encode())
    read = parse(path.read_bytes().decode(), "book", str(path))
    text, _ = rewrite.updated(read, runner.run(read, InMemory(load("backing-up"))))
    rewrite.put(read, text)
    assert path.read_bytes().decode().split("\r\n")[3:-2] == [f"  {row}" for row in [SLICES, *TABLE]]


def test_update_replaces_the_file_at_once_with_its_mode_and_through_a_link(tmp_path):
    real = tmp_path / "real.md"
    real.write_text(f"```console\n{SLICES}\nx\n```\n")
    real.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(real)
    read = parse(link.read_text(), "link", str(link))
    text, _ = rewrite.updated(read, runner.run(read, InMemory(load("backing-up"))))
    with open(real) as held:
        rewrite.put(read, text)
        assert held.read().endswith("\nx\n```\n")  # the old file is whole still
    assert link.is_symlink() and real.read_text() == text
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.md", "real.md"]


def test_update_of_a_file_that_was_changed_meanwhile_is_refused(tmp_path):
    path = tmp_path / "book.md"
    path.write_text(f"```console\n{SLICES}\nx\n```\n")
    read = parse(path.read_text(), "book", str(path))
    text, _ = rewrite.updated(read, runner.run(read, InMemory(load("backing-up"))))
    path.write_text("mine\n")
    with pytest.raises(Complaint, match="was changed while it ran"):
        rewrite.put(read, text)
    assert path.read_text() == "mine\n"
