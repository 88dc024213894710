"""`sdxsim fault` as users type it: what it says, what it keeps, what it does not understand."""

import json

import pytest

GRAMMAR = (
    "hint: fault disk NAME fail|io-error|repair|replace [--size BLOCKS], path NAME [repair], copy-source CLASS VOLUME, "
    "power [NODE], panic [NODE], comm NODE [repair], list\n"
)


def said(ran):
    return ran.returncode, ran.stdout, ran.stderr


def status(shell):
    return json.loads(shell.done("sdxsim status --json"))


def test_a_disk_fails_and_is_exchanged(shell):
    out = shell.done("sdxsim fault disk c0t1d0 fail")
    assert out.startswith("2006-10-02 09:00:")
    assert out.endswith(" UTC  disk c0t1d0 fail\n")
    assert "Root2   root    INVALID" in shell.done("sdxinfo -S -o root")
    assert shell.done("sdxsim fault disk c0t1d0 fail") == "nothing changed\n"
    assert status(shell)["broken"] == [{"device": "c0t1d0", "disk": "System/Root2", "trouble": "does not answer"}]
    assert shell.done("sdxsim fault list") == "c0t1d0 (System/Root2): does not answer\n"
    shell.done("sdxswap -O -c System -d Root2")
    shell.done("sdxsim fault disk System/Root2 replace --size 20000000")
    assert shell.done("sdxsim fault list") == "no faults\n"
    shell.done("sdxswap -I -c System -d Root2")
    assert "INVALID" not in shell.done("sdxinfo -S")
    assert json.loads(shell.document())["op"]["argv"][:2] == ["sdxswap", "-I"]


def test_each_kind_of_trouble_is_listed(shell):
    shell.done("sdxsim fault path c0t1d0")
    shell.done("sdxsim fault disk c0t3d0 io-error")
    assert shell.done("sdxsim fault list") == "c0t1d0 (System/Root2): no path to it\nc0t3d0 (System/Proot2): a bad block\n"
    assert "BROKEN    DISK" in shell.done("sdxsim status")


def test_a_fault_to_come_waits_for_its_time(shell):
    assert shell.done("sdxsim fault disk System/Root2 fail --at 10m").endswith(" UTC  disk System/Root2 fail\n")
    shell.done("sdxsim fault power --at 5m")
    assert [f["fault"] for f in status(shell)["faults"]] == ["power", "disk System/Root2 fail"]
    assert shell.done("sdxsim fault list").endswith(" UTC  disk System/Root2 fail\n")
    assert "COMING" in shell.done("sdxsim status")
    shell.done("sdxsim clock advance 5m")
    assert status(shell)["node"]["power"] == "obp"
    shell.done("boot")
    shell.done("sdxsim clock advance 5m")
    assert "Root2   root    INVALID" in shell.done("sdxinfo -S -o root")
    assert status(shell)["faults"] == []


def test_a_fault_to_come_happens_though_only_readers_look(shell):
    shell.done("sdxsim fault disk System/Root2 fail --at 1s")
    shell.done("sdxsim clock resume")
    shell.done("sdxsim clock speed 1000")
    import time

    for _ in range(100):
        if "INVALID" in shell.done("sdxinfo -S -o root"):
            break
        time.sleep(0.05)
    else:
        pytest.fail("it never happened")


@pytest.mark.parametrize(
    ("line", "status", "error"),
    [
        ("sdxsim fault disk c9t9d9 fail", 1, "sdxsim: no device and no disk CLASS/DISK 'c9t9d9'\n"),
        ("sdxsim fault copy-source System Root", 1, "sdxsim: no volume 'Root' in class 'System'\n"),
        ("sdxsim fault disk c0t1d0 burn", 2, "sdxsim: 'disk c0t1d0 burn' is no fault\n" + GRAMMAR),
        ("sdxsim fault power --size 7", 2, "sdxsim: 'power 7' is no fault\n" + GRAMMAR),
        ("sdxsim fault list power", 2, "sdxsim: 'list power' is no fault\n" + GRAMMAR),
        ("sdxsim fault power --at 5", 2, "sdxsim: '5' is no duration\nhint: did you mean '5s'?\n"),
        ("sdxsim fault power --at 9999999d", 1, "sdxsim: virtual time ends with 9999-12-31 23:59:59 UTC\n"),
        ("sdxsim fault", 2, "sdxsim: what breaks?\n" + GRAMMAR),
    ],
)
def test_what_is_not_understood_changes_nothing(shell, line, status, error):
    before = shell.document()
    assert said(shell.run(line)) == (status, "", error)
    assert shell.document() == before


def test_names_are_never_echoed_raw(shell):
    ran = shell.run(["sdxsim", "fault", "disk", "\x1b[31m", "fail"])
    assert ran.returncode == 1
    assert "\x1b" not in ran.stderr


def test_waiting_goes_on_when_a_fault_on_the_way_begins_other_copies(shell):
    shell.done("sdxswap -O -c System -d Root2")
    shell.done("sdxswap -I -c System -d Root2 -e nowaitsync")
    shell.done("sdxsim fault power --at 1m")
    ran = shell.run("sdxsim wait")
    assert ran.returncode == 1
    assert "copies stand still because the node is halted, waiting would never end\n" in ran.stdout
    shell.done("boot")
    assert shell.run("sdxsim wait").returncode == 0
    assert "COPY" not in shell.done("sdxinfo -S")


def test_a_waiting_command_says_when_its_node_goes_down(shell):
    shell.done("sdxswap -O -c System -d Root2")
    shell.done("sdxsim fault panic --at 1m")
    ran = shell.run("sdxswap -I -c System -d Root2")
    assert ran.returncode == 1
    assert ran.stderr == "SDX:sdxswap: ERROR: node node1 is halted at the ok prompt, type 'boot' first (sdxsim)\n"


def test_sdxdcdown_is_typed_with_and_without_a_class(shell):
    table = shell.done("sdxdcdown")
    assert table == shell.done("sdxdcdown -c System")
    assert table.splitlines()[2].startswith("System  no   -        8   8   8    0 c0t0d0:c0t1d0:")
