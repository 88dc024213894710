"""The runbook of the host around the commands passes; it is printed as an administrator would see it."""

from pathlib import Path

from sdxsim.commands import OPENBOOT, STANDINS
from sdxsim.lab.runbook import report, runner, shelf
from sdxsim.lab.runbook.stage import InMemory
from sdxsim.lab.scenarios import load

HERE = Path(__file__).parent
NEW = {"lockfs", "df", "swap", "init", "reboot", "halt", "poweroff", "uadmin", "eeprom", "who", "uname"}


def test_the_runbook_passes_and_types_each_command():
    book = shelf.chain(str(HERE / "host.md"))[0]
    results = runner.run(book, InMemory(load(book.scenario), book.clock))
    assert "".join(report.failure(book, r) for r in results if r.verdict != runner.PASSED) == ""
    typed = {result.step.argv[0] for result in results if result.step.argv}
    assert typed >= NEW and set(STANDINS) >= NEW
    assert {"printenv", "setenv", "nvalias", "nvunalias", "devalias", "reset-all"} <= typed & set(OPENBOOT)
