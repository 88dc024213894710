"""The shipped runbooks: each passes, and together they type what the manual's page types."""

from pathlib import Path

import pytest
from conftest import SHARED

from sdxsim.lab.runbook import report, runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load

PAGE = SHARED / "manual" / "6.4.6-backing-up.txt"


def read(name):
    return shelf.chain(name)[0]


@pytest.mark.parametrize("name", shelf.names())
def test_a_shipped_runbook_passes(name):
    book = read(name)
    assert book.scenario and book.about
    results = runner.run(book, InMemory(load(book.scenario), book.clock))
    assert "".join(report.failure(book, r) for r in results if r.verdict != runner.PASSED) == ""
    assert len(book.commands()) > 15


MINE = Path(__file__).parent.parent / "runbooks"


@pytest.mark.parametrize("path", sorted(MINE.rglob("*.md")), ids=lambda p: p.stem)
def test_a_runbook_of_the_tests_passes(path):
    """On scenarios beside them, for what no shipped scenario has occasion for; procedures/ are the guide's."""
    book = shelf.read(str(path))
    beside = book.scenario.endswith(".json")
    lab = load(str(path.parent / book.scenario) if beside else book.scenario)
    results = runner.run(book, InMemory(lab, book.clock))
    assert "".join(report.failure(book, r) for r in results if r.verdict != runner.PASSED) == ""


def test_backing_up_is_followed_by_its_two_other_ways():
    assert [book.name for book in shelf.chain("backing-up")] == ["backing-up", "backing-up-opc", "backing-up-single-user"]
    assert [book.scenario for book in shelf.chain("backing-up")] == ["backing-up", "backing-up", "single-user"]


LEFT_OUT = {  # what each shipped runbook would notice the lack of
    "backing-up": (["sdxproxy", "Part"], ["sdxproxy", "Rejoin"]),
    "backing-up-opc": (["sdxproxy", "Part"], ["sdxproxy", "Update"]),
    "backing-up-single-user": (["sdxproxy", "Part"], ["sdxproxy", "Rejoin"]),
    "disk-disable": (["sdxsim", "fault"], ["sdxswap", "-O"], ["sdxswap", "-I"], ["boot"]),
    "disk-swap": (["sdxsim", "fault"], ["sdxswap", "-O"], ["sdxswap", "-I"]),
    "group-hierarchies": (
        ["sdxdisk", "-M"], ["sdxdisk", "-C"], ["sdxgroup", "-C"], ["sdxgroup", "-D"], ["sdxgroup", "-R"]
    ),
    "mirror-from-scratch": (
        ["sdxdisk", "-M"], ["sdxdisk", "-C"], ["sdxdisk", "-D"], ["sdxvolume", "-F"], ["sdxvolume", "-N"]
    ),
    "object-configuration": (
        ["sdxproxy", "Break"], ["sdxconfig", "Backup"], ["sdxconfig", "Convert"], ["sdxconfig", "Remove"],
        ["sdxconfig", "Restore"],
    ),
    "shadow-volumes": (
        ["sdxattr", "-C"], ["sdxshadowdisk", "-M"], ["sdxshadowdisk", "-C"], ["sdxshadowvolume", "-M"],
        ["sdxshadowvolume", "-N"],
    ),
    "two-nodes": (["sdxvolume", "-N"], ["sdxvolume", "-F"], ["mount", "-F"], ["shutdown", "-y"]),
    "slice-detachment": (["sdxslice", "-M"], ["sdxslice", "-R"], ["umount"]),
    "steps-1-to-3": (["sdxdisk", "-M"], ["sdxdisk", "-C"], ["sdxroot", "-M"], ["shutdown"], ["sdxproxy", "Join"]),
    "volume-expansion": (["sdxdisk", "-M"], ["sdxcopy", "-I"], ["sdxdisk", "-D"], ["sdxvolume", "-S"]),
    "proxy-backup": (["sdxproxy", "Rejoin"], ["sdxproxy", "Part"], ["sdxproxy", "RejoinRestore"], ["sdxproxy", "Break"]),
    "opc-snapshot": (["sdxproxy", "Relate"], ["sdxproxy", "Update"], ["sdxproxy", "Restore"], ["sdxproxy", "Cancel"]),
    "related-objects": (["sdxproxy", "Rejoin"], ["sdxproxy", "Join"], ["sdxproxy", "Break"]),
    "unmirroring-system": (["sdxroot", "-M"], ["sdxroot", "-R"], ["sdxdisk", "-D"], ["shutdown"]),
    "disk-swap-with-spare": (["sdxsim", "fault"], ["sdxswap", "-O"], ["sdxswap", "-I"]),
    "backup-to-tape": (["newfs"], ["dd"], ["sdxvolume", "-R"], ["sdxgroup", "-R"], ["sdxdisk", "-R"]),
    "volume-invalid": (["sdxsim", "fault"], ["sdxfix", "-V"], ["sdxvolume", "-N"]),
    "restoring-system": (["sdxproxy", "Part"], ["sdxproxy", "Break"], ["sdxproxy", "Root"], ["boot"]),
    "slice-invalid": (["sdxsim", "fault"], ["sdxswap", "-O"], ["sdxswap", "-I"], ["sdxfix", "-D"]),
}


@pytest.mark.parametrize("name", shelf.names())
def test_a_shipped_runbook_would_notice_a_command_left_out(name):
    """Each runbook checks enough that without one kind of its commands it does not pass."""
    book = read(name)
    for left_out in LEFT_OUT[name]:
        blocks = [
            block._replace(steps=[s for s in block.steps if s.argv[: len(left_out)] != left_out])
            for block in book.blocks
        ]
        results = runner.run(book._replace(blocks=blocks), InMemory(load(book.scenario), book.clock))
        assert any(r.verdict == runner.FAILED for r in results), left_out


@pytest.mark.skipif(not PAGE.exists(), reason=f"the manual's page is not beside the project: {PAGE.name}")
def test_every_command_of_the_page_is_typed_as_printed():
    typed = {step.text for name in shelf.names() for step in read(name).commands()}
    printed = {row.partition(" ")[2].rstrip() for row in PAGE.read_text().split("\n") if row.startswith(("# ", "ok "))}
    assert len(printed) > 20
    assert printed - typed == set()


HARMLESS = {  # what a procedure has its reader type although it changes nothing, or nothing that is looked at
    ("class-scope", "sdxconfig Backup"), ("instant-restore", "sdxproxy Rejoin"),
    ("offline-backup", "sdxvolume -F"), ("offline-backup", "shutdown -y"),
    ("opc-backup-shared", "shutdown -y"), ("proxy-by-group", "sdxattr -V"), ("proxy-by-group", "sdxvolume -R"),
    ("proxy-disk-swap", "sdxsim fault"), ("slice-status", "sdxvolume -F"), ("synchronization-copying", "sdxcopy -P"),
    ("volume-status-B", "sdxdisk -R"), ("shadow-detached-slice", "sdxshadowdisk -R"),
}  # fmt: skip


def _kinds(book):
    """The kinds of commands that change something in a runbook, and are not its last: the first two words."""
    asking = ("sdxinfo", "sdxdcdown", "fsck", "mount", "umount", "df", "printenv", "cd")
    done = [step.argv for step in book.commands() if not step.status and step.argv[0] not in asking][:-2]
    kinds = {tuple(argv[:2]) for argv in done if argv[0] != "eeprom" or "=" in argv[1]} - {("sdxsim", "wait")}
    return sorted(kind for kind in kinds if (book.name.rpartition("/")[2], " ".join(kind)) not in HARMLESS)


PROCEDURES = [(path, kind) for path in sorted(MINE.glob("procedures/*.md")) for kind in _kinds(shelf.read(str(path)))]


@pytest.mark.parametrize(("path", "kind"), PROCEDURES, ids=lambda x: x.stem if isinstance(x, Path) else " ".join(x))
def test_a_procedure_would_notice_what_is_left_out(path, kind):
    book = shelf.read(str(path))
    blocks = [b._replace(steps=[s for s in b.steps if tuple(s.argv[:2]) != kind]) for b in book.blocks]
    beside = book.scenario.endswith(".json")
    lab = load(str(path.parent / book.scenario) if beside else book.scenario)
    results = runner.run(book._replace(blocks=[b for b in blocks if b.steps]), InMemory(lab, book.clock))
    assert any(r.verdict == runner.FAILED for r in results)
