"""The runbook dialect: what is a command, what is output, what is an error; and the comparison."""

import pytest

from sdxsim.lab.complaint import Misuse
from sdxsim.lab.runbook.dialect import parse
from sdxsim.lab.runbook.expectation import ELISION, lines_of, matches, written
from sdxsim.lab.runbook.merging import merged
from sdxsim.lab.runbook.quoting import words


def page(*rows, info="", head=()):
    return "\n".join([*head, f"```console{info}", *rows, "```", ""])


def steps(*rows, **more):
    [block] = parse(page(*rows, **more), "book", "book.md").blocks
    return block.steps


def complaints(text):
    with pytest.raises(Misuse) as caught:
        parse(text, "book", "book.md")
    assert caught.value.status == 2
    return list(caught.value.sentences)


def said(step):
    return step.argv, step.out, step.err, step.status


def test_a_command_and_what_it_should_print():
    [step] = steps("# sdxinfo -S -c System", "OBJ    CLASS", "2> SDX:sdxinfo: ERROR: x", "? 1")
    assert said(step) == (["sdxinfo", "-S", "-c", "System"], ["OBJ    CLASS"], ["SDX:sdxinfo: ERROR: x"], 1)
    assert (step.line, step.prompt) == (2, "#")


def test_both_prompts_and_a_prompt_that_comes_back():
    shutdown, ok, boot, back = steps("# shutdown -y -g0 -i0", "...", "ok", "ok boot disk0:a", "...", "#")
    assert [s.prompt for s in (shutdown, ok, boot, back)] == ["#", "ok", "ok", "#"]
    assert boot.argv == ["boot", "disk0:a"]
    assert ok.argv == [] and back.argv == []
    assert ok.out == [] and boot.out == [ELISION]


def test_output_may_begin_with_signs_that_other_runners_take_for_prompts():
    [step] = steps("# sdxinfo", "#comment", "$ ls", "> more", "% x", "okay", "...x", "?what", "2>x")
    assert step.out == ["#comment", "$ ls", "> more", "% x", "okay", "...x", "?what", "2>x"]
    assert step.err == [] and step.status == 0


def test_1_stands_before_an_output_line_that_would_be_taken_for_something_else():
    [step] = steps("# sdxinfo", "1> # sdxinfo", "1> ok boot", "1> 2> x", "1> ? 1", "1> ...", "1> 1> x", "1>", "x")
    assert step.out == ["# sdxinfo", "ok boot", "2> x", "? 1", "...", "1> x", "", "x"]


def test_2_alone_is_an_empty_line_on_standard_error_and_elides_too():
    [step] = steps("# sdxinfo", "2> a", "2>", "2> ...", "? 1")
    assert step.err == ["a", "", ELISION]


def test_empty_lines_count_inside_output_and_not_at_its_end():
    first, second = steps("# sdxinfo", "", "a", "", "b", "", "", "# sdxinfo", "c  ", "   ")
    assert first.out == ["", "a", "", "b"]
    assert second.out == ["c"]


def test_quoting_is_that_of_sh():
    [step] = steps("""# sdxvolume -N -v 'a b' "c|d" e\\*f ''""")
    assert step.argv == ["sdxvolume", "-N", "-v", "a b", "c|d", "e*f", ""]


@pytest.mark.parametrize(
    "command",
    [
        "sdxinfo | grep x", "sdxinfo > /tmp/x", "sdxinfo; ls", "sdxinfo && ls", "sdxinfo &", "sdxinfo $(ls)", "sdxinfo `ls`",
        "sdxinfo $HOME", 'sdxinfo "$HOME"', 'sdxinfo "`ls`"', "sdxinfo *", "sdxinfo a?", "sdxinfo [ab]", "sdxinfo ~/x",
        "sdxinfo # a comment", "# sdxinfo", "sdxinfo 'a", 'sdxinfo "a', "sdxinfo a\\", "(sdxinfo)", "sdxinfo < x",
    ],
)  # fmt: skip
def test_what_only_a_shell_could_do_is_refused_with_its_line(command):
    with pytest.raises(ValueError):
        words(command)
    [complaint] = complaints(page("# sdxinfo", f"# {command}"))
    assert complaint.startswith("book.md:3: ")
    assert complaint.endswith(f": {command}")


@pytest.mark.parametrize(
    "command", ["cpio -o", "ls", "/usr/sbin/fsck -y x", "X=1 sdxinfo", "boo", "''"]
)
def test_commands_of_the_host_are_refused(command):
    [complaint] = complaints(page(f"# {command}"))
    assert complaint.startswith("book.md:2: unknown command: ")


@pytest.mark.parametrize("command", ["sdxsim init", "sdxsim run x", "sdxsim shell -c ls", "sdxsim", "sdxsim --version"])
def test_of_the_lab_tool_only_what_concerns_the_runbooks_own_lab(command):
    [complaint] = complaints(page(f"# {command}"))
    assert complaint.startswith("book.md:2: of sdxsim a runbook can only use clock, wait, status")


def test_at_the_ok_prompt_only_words_of_openboot_are_known():
    assert complaints(page("ok sdxinfo")) == ["book.md:2: unknown command at the ok prompt: sdxinfo"]


@pytest.mark.parametrize("row", ["$ ls", "% ls", "> ls", "sdxinfo", "#sdxinfo", "...", "ok> boot", "1> x", "? 1"])
def test_anything_else_before_the_first_command_is_an_unknown_prompt(row):
    assert complaints(page("", row, "# sdxinfo")) == [f"book.md:3: unknown prompt: {row}"]


def test_output_of_a_prompt_that_came_back_is_an_unknown_prompt():
    assert complaints(page("# sdxinfo", "#", "$ ls")) == ["book.md:4: unknown prompt: $ ls"]


@pytest.mark.parametrize("row", ["? one", "?", "? 256", "? -1", "? 1 2"])
def test_a_malformed_exit_status_is_an_error(row):
    [complaint] = complaints(page("# sdxinfo", row))
    assert complaint.startswith(f"book.md:3: '{row}' is no exit status")


def test_two_exit_statuses_are_an_error():
    assert complaints(page("# sdxinfo", "? 1", "? 1")) == ["book.md:4: a second exit status"]


# -- around blocks ---------------------------------------------------------------------------------------------------


def test_only_console_blocks_hold_commands_and_headings_are_remembered():
    text = "\n".join([
        "# Title", "```sh", "# sdxinfo -z", "```", "## Step ##", "~~~~ console", "# sdxinfo", "```", "~~~~",
        "````markdown", "```console", "# dd", "```", "````", "- item", "  ```console", "  # sdxinfo -A", "  x", "    y", "  ```",
    ])  # fmt: skip
    first, second = parse(text, "book", "book.md").blocks
    assert first.heading == "Step" and first.line == 6
    assert said(first.steps[0]) == (["sdxinfo"], ["```"], [], 0)
    assert said(second.steps[0]) == (["sdxinfo", "-A"], ["x", "  y"], [], 0)


def test_line_ends_of_windows_and_a_byte_order_mark_are_read():
    book = parse("\ufeff---\r\nscenario: single-user\r\n---\r\n```console\r\n# sdxinfo\r\nx\r\n```\r\n", "b", "b.md")
    assert book.scenario == "single-user"
    assert book.blocks[0].steps[0].out == ["x"]


def test_front_matter():
    head = ["---", "scenario: single-user", "clock: running", "about: a: b", "", "then: one, two", "---"]
    book = parse(page("# sdxinfo", head=head), "book", "book.md")
    assert (book.scenario, book.clock, book.about, book.then) == ("single-user", "running", "a: b", ["one", "two"])
    plain = parse(page("# sdxinfo"), "book", "book.md")
    assert (plain.scenario, plain.clock, plain.about, plain.then) == (None, "frozen", "", [])


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (["---", "scenario: x"], 1), (["---", "colour: red", "---"], 2), (["---", "scenario", "---"], 2),
        (["---", "clock: slow", "---"], 2), (["---", "scenario: a", "scenario: b", "---"], 3), (["---", "scenario:", "---"], 2),
    ],
)  # fmt: skip
def test_malformed_front_matter_is_an_error(head, line):
    found = complaints(page("# sdxinfo", head=head))
    assert found[0].startswith(f"book.md:{line}: ")


@pytest.mark.parametrize(
    "info", [" until", " until=", " until=10", " until=0s", " every=1s", " until=1m until=2m", " until=1m colour=red", " x"]
)
def test_malformed_words_behind_console_are_errors(info):
    assert complaints(page("# sdxinfo", "x", info=info))[0].startswith("book.md:1: ")


def test_a_block_that_polls():
    [block] = parse(page("# sdxinfo", "x", info=" until=1h30m every=10s"), "book", "book.md").blocks
    assert (block.until, block.every) == (5_400_000, 10_000)
    [block] = parse(page("# sdxinfo", "x", info=" until=1h"), "book", "book.md").blocks
    assert (block.until, block.every) == (3_600_000, 1000)


@pytest.mark.parametrize("rows", [["# sdxinfo"], ["# sdxinfo", "x", "# sdxinfo", "y"], ["#"], [], ["# sdxinfo", "x", "#"]])
def test_a_block_that_polls_holds_one_command_with_what_it_prints(rows):
    wanted = "book.md:1: a block with until= holds one command with what it prints"
    assert wanted in complaints(page(*rows, info=" until=1h"))


@pytest.mark.parametrize("text", ["```console\n# sdxinfo\n", "text\n```sh\nx\n", "~~~console\n# sdxinfo\n```\n"])
def test_a_block_without_an_end_is_an_error(text):
    line = text[: text.index("console" if "console" in text else "```sh")].count("\n") + 1
    assert complaints(text) == [f"book.md:{line}: this block has no end"]


@pytest.mark.parametrize("text", ["", "# sdxinfo\n", "```\n# sdxinfo\n```\n", "```session\nx\n```\n"])
def test_without_a_console_block_it_is_no_runbook(text):
    assert complaints(text) == ["book.md:1: no console block"]


@pytest.mark.parametrize(
    "info", ["Console", "console,x", "{console}", "{.console}", "console{x}", "shell-session", "sh-session x", "Terminal", "{.session}"]
)
@pytest.mark.parametrize("command", ["# sdxinfo", "  # sdxsim wait", "ok boot", "# /usr/sbin/sdxinfo"])
def test_a_block_that_looks_like_a_console_block_is_an_error_not_skipped(info, command):
    text = f"{page('# sdxinfo')}```{info}\n{command}\n```\n"
    assert complaints(text) == [f"book.md:4: '{info}' is not read as a runbook, did you mean 'console'?"]


@pytest.mark.parametrize("before", ["> ", ">", " > > ", "- ", "* ", "1. ", "> - "])
def test_a_console_block_in_a_quotation_or_on_the_line_of_an_item_is_an_error_not_skipped(before):
    text = f"{page('# sdxinfo')}{before}```console\n{before}# sdxinfo\n"
    assert complaints(text) == ["book.md:4: a console block is not read inside a quotation or on an item's line"]


def test_blocks_of_other_kinds_are_skipped():
    others = "".join(f"```{info}\n# ls\n```\n" for info in ("", "sh", "terminal", "consoles", "text console", "{.python}"))
    assert len(parse(f"{others}> ```sh\n{page('# sdxinfo')}", "book", "book.md").blocks) == 1


@pytest.mark.parametrize("rows", [[], ["", ""], ["#", "ok"]])
def test_a_runbook_that_runs_nothing_is_an_error(rows):
    assert complaints("\n" + page(*rows)) == ["book.md:2: no command in any console block"]


def test_all_complaints_come_at_once():
    assert len(complaints(page("$ ls", "# cpio", "? x", info=" y"))) == 4


# -- comparing -------------------------------------------------------------------------------------------------------

STARTED = [
    "SDX:sdxvolume: INFO: Proot: started volume on node node1",
    "        /dev/sfdsk/System/rdsk/Proot",
    "        /dev/sfdsk/System/dsk/Proot",
]
STOPPED = ["SDX:sdxvolume: INFO: Proot: stopped volume on node node1"]
ROOT = [
    "SDX:sdxproxy: INFO: completed definitions of alternative boot environment:",
    "current-boot-device=/a /b",
    "alternative-boot-device=/c /d",
]

E = ELISION


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ([], []), (["a"], ["a"]), ([E], []), ([E], ["a", "b"]), (["a", E, "d"], ["a", "b", "c", "d"]), (["a", E, "d"], ["a", "d"]),
        ([E, "c", E], ["a", "c", "b", "c", "d"]), ([E, E], ["a"]), ([E, "b", "b"], ["b", "b", "b"]),
        ([], STARTED), ([], STARTED + STOPPED), (STOPPED, STARTED + STOPPED), (STARTED, STARTED), (["x"], [*STARTED, "x"]),
        (["a", "b"], ["a", *ROOT, "b"]), (ROOT, [*STARTED, *ROOT]), (["a", E], ["a", *STARTED]), ([*STARTED, E], [*STARTED, "b"]),
    ],
)  # fmt: skip
def test_matching(expected, actual):
    assert matches(expected, actual)
    assert merged(expected, actual) == expected


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ([], ["a"]), (["a"], []), (["a"], ["b"]), (["a"], ["a", "b"]), (["a", "b"], ["a"]), (["a", E, "d"], ["a", "b"]),
        ([E, "b"], ["b", "a"]), (["b", E], ["a", "b"]), (["a", "a"], ["a"]), (["a"], ["a", "a"]), (["..."], ["a"]),
        # not INFO, or only a part of a message
        ([], ["SDX:sdxproxy: ERROR: x"]), ([], ["SDX:sdxproxy: WARNING: x"]), ([], ["        /dev/sfdsk/System/dsk/Proot"]),
        (STARTED[:1], STARTED), (STARTED[1:], STARTED), ([], [*STOPPED, "current"]), ([*ROOT[:2], "alternative-boot-device=/x"], ROOT),
        (STOPPED, []), (STOPPED, STARTED), ([], ["", *STARTED]),
    ],
)  # fmt: skip
def test_not_matching(expected, actual):
    assert not matches(expected, actual)
    assert matches(merged(expected, actual), actual)


def test_information_is_not_tolerated_where_it_has_no_business():
    assert not matches([], STOPPED, tolerant=False)


def test_a_table_of_thousands_of_rows_with_elisions_is_compared_in_no_time():
    rows = [f"slice {i}" for i in range(8000)]
    assert matches([rows[0], E, rows[4000], E, rows[-1]], rows)
    assert not matches([rows[0], E, "slice x", E, rows[-1]], rows)


def test_lines_of_output_lose_the_blanks_at_their_ends_and_the_empty_lines_at_the_end():
    assert lines_of("") == []
    assert lines_of("\na \n\n b\t\n\n") == ["", "a", "", " b"]
    assert lines_of("a\x0cb\n") == ["a\x0cb"]


def test_elisions_in_a_row_are_one():
    [step] = steps("# sdxinfo", *["..."] * 5000, "x", "...", "...", *["2> ..."] * 5000, "2> y", "? 1")
    assert (step.out, step.err) == ([E, "x", E], [E, "y"])


# -- correcting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "actual", "corrected"),
    [
        (["a"], ["b"], ["b"]),
        (["a", E, "d"], ["a", "x", "y", "d2"], ["a", E, "d2"]),
        (["a", E, "d"], ["a2", "x", "d"], ["a2", E, "d"]),
        (["a", E, "c", "d"], ["a", "x", "c", "d", "e"], ["a", E, "c", "d", "e"]),
        ([E, "c"], ["x", "y", "z"], [E, "z"]),
        (["a", "b", E], ["a"], ["a"]),
        (["x"], [*STARTED, "y"], ["y"]),
        ([*STARTED, "x"], [*STARTED, "y"], [*STARTED, "y"]),
        ([], ["y", *STOPPED], ["y"]),
        # several elisions: what stands between them is put right, never dropped
        ([E, "wrong", E], ["a", "b", "c"], ["a", "b", "c"]),
        (["h", E, "wrong", E, "wrong"], ["h", "a", "b", "c", "d"], ["h", "a", "b", "c", "d"]),
        (["h", E, "b", E, "wrong"], ["h", "a", "b", "c", "d"], ["h", E, "b", E, "d"]),
        ([E, "b", "wrong", "d", E], ["a", "b", "c", "d", "e"], [E, "b", "c", "d", E]),
        ([E, "b", "wrong", E], ["a", "b", "c", "d", "e"], [E, "b", "c", E]),
        ([E, "b", E, "wrong", E, "f", E], [*"abcdefg"], [E, "b", "c", "d", "e", "f", E]),
        ([E, "c", E, "b", E], ["a", "b", "c", "d"], None),
        ([E, "wrong", E], [], []),
        # messages that are expected, and differ, are shown as they were printed
        ([STOPPED[0] + "X", "x"], [*STARTED, *STOPPED, "x"], [*STARTED, *STOPPED, "x"]),
    ],
)
def test_a_correction_keeps_elisions_and_leaves_left_out_messages_out(expected, actual, corrected):
    found = merged(expected, actual)
    assert found == (found if corrected is None else corrected)
    assert matches(found, actual)
    assert found != [E]  # it would hold for anything


def test_whatever_was_printed_can_be_written_and_read_again():
    out = ["# x", "#", "ok", "ok boot", "okay", "...", "1> x", "1>", "2> x", "? 1", "?", "```", "  ~~~", "", "$ x", ELISION, "end"]
    err = ["e", "", "# x", ELISION, "f"]
    [step] = steps("# sdxinfo", *written(out, err, 3))
    assert (step.out, step.err, step.status) == (out, err, 3)
    assert written([], [], 0) == []


def test_sdxdcdown_may_be_typed_by_its_path_and_cd_changes_nothing():
    assert [s.argv for s in steps("# /etc/opt/FJSVsdx/bin/sdxdcdown -c C", "# cd /")] == [["sdxdcdown", "-c", "C"], ["cd", "/"]]
    for line in ("# cd /mnt1", "# /tmp/sdxinfo", "# ./sdxinfo"):
        assert "commands of the host are never run" in complaints(page(line))[0]
