"""A lab's environment: the sh code of `env`, the lab's own commands, and `shell`."""

import os
import subprocess
import sys

import pexpect
import pytest
from conftest import Shell

from sdxsim.commands import PRIVATE
from sdxsim.lab import environment
from sdxsim.lab.complaint import Complaint
from sdxsim.words.syntax import COMMANDS

AWKWARD = "a lab's \"$HOME\" `id` *\\ü;&|"


@pytest.fixture
def awkward(tmp_path):
    """A lab at a path that has to be quoted with care."""
    home = tmp_path / "home"
    home.mkdir()
    made = Shell(home, tmp_path / AWKWARD)
    made.environ["LC_ALL"] = "C.UTF-8"
    assert made.run("sdxsim init").returncode == 0
    return made


def sh(shell, script, interpreter="/bin/sh", **environ):
    ran = subprocess.run(
        [interpreter, "-c", script], env=shell.environ | environ, capture_output=True, text=True, timeout=60
    )
    assert ran.stderr == "", ran
    return ran.stdout


EVAL = f'eval "$({sys.executable} -m sdxsim sdxsim env)"'


@pytest.mark.parametrize("interpreter", ["/bin/sh", "/bin/bash"])
def test_any_path_is_quoted(awkward, interpreter):
    if not os.path.exists(interpreter):
        pytest.skip(f"{interpreter} is not here")
    out = sh(awkward, f'{EVAL}; printf "%s\\n" "$SDXSIM_STATE" "$PATH"; command -v mount; sdxinfo -C', interpreter)
    lines = out.splitlines()
    assert lines[:3] == [str(awkward.state), f"{awkward.state}/bin:/usr/bin:/bin", f"{awkward.state}/bin/mount"]
    assert lines[3].startswith("OBJ ")


def test_it_stands_first_on_path_and_only_once(shell):
    bin_ = f"{shell.state}/bin"
    assert sh(shell, f'{EVAL}; {EVAL}; printf %s "$PATH"') == f"{bin_}:/usr/bin:/bin"
    for before, after in (
        (f"/usr/bin:{bin_}:/bin", "/usr/bin:/bin"), (f"{bin_}:/usr/bin:{bin_}:{bin_}", "/usr/bin"),
        (f"{bin_}x:/usr/bin", f"{bin_}x:/usr/bin"), (bin_, ""), ("", ""),
    ):  # fmt: skip
        code = environment.code(str(shell.state))
        assert sh(shell, f'{code} printf %s "$PATH"', PATH=before) == (f"{bin_}:{after}" if after else bin_), before


def test_the_code_changes_nothing_else_and_suits_a_careful_shell(shell):
    code = environment.code(str(shell.state))
    script = f"set -eu; set >{shell.state}.before; {code} set >{shell.state}.after"
    sh(shell, script)
    names = []
    for when in ("before", "after"):
        with open(f"{shell.state}.{when}") as opened:
            names.append({line.partition("=")[0] for line in opened if not line.startswith("_=")})
    assert names[0] == names[1]
    assert sh(shell, f"unset PATH; set -u; {code} printf %s \"$PATH\"") == f"{shell.state}/bin"


def test_the_lab_found_is_the_one_of_the_environment(shell, tmp_path):
    """Wherever one goes, and whichever lab another shell is in."""
    other = Shell(tmp_path / "home", tmp_path / "other")
    other.done("sdxsim init")
    script = f"{EVAL}; cd /; sdxsim clock advance 1h; SDXSIM_STATE={other.state} sdxsim clock show"
    first, second = sh(shell, script).splitlines()
    assert " 10:00:" in first and " 09:00:" in second
    inside = sh(shell, f"{EVAL}; SDXSIM_STATE={other.state}; {EVAL}; command -v sdxinfo")
    assert inside == f"{other.state}/bin/sdxinfo\n"


def test_a_relative_place_is_made_absolute(shell):
    relative = os.path.relpath(shell.state, "/")
    ran = subprocess.run(
        [sys.executable, "-m", "sdxsim", "sdxsim", "env"], env=shell.environ | {"SDXSIM_STATE": relative}, cwd="/",
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout == environment.code(str(shell.state))


def test_every_command_is_there_and_test_is_not(shell):
    there = sorted(os.listdir(shell.state / "bin"))
    assert there == sorted([*COMMANDS, "sdxsim", "fsck-sim", *PRIVATE])
    assert {"fsck", "mount", "umount", "chgrp", "sync", "shutdown", "boot"} <= set(there)
    assert "test" not in there and "[" not in there
    assert "/bin/test" in sh(shell, f"{EVAL}; env test 1 -lt 2 && which test")


def test_the_hosts_commands_are_shadowed_inside_only(shell):
    inside, outside = sh(shell, f"({EVAL}; command -v mount; fsck -y /dev/sfdsk/System/rdsk/none >/dev/null; command -v sh);"
                                " command -v mount || echo none").splitlines()[::2]  # fmt: skip
    assert inside == f"{shell.state}/bin/mount"
    assert not outside.startswith(str(shell.state))
    assert "/ on /dev/sfdsk/System/dsk/root " in sh(shell, f"{EVAL}; mount")


def test_arguments_and_exit_status_pass_through(shell):
    script = f"{EVAL}; sdxvolume -N -c 'a b' 2>&1; echo $?; sdxvolume -N -c '' 2>&1 | head -1"
    first, status, second = sh(shell, script).splitlines()
    assert first.startswith("SDX:sdxvolume: ERROR: a b")
    assert (status, second.startswith("SDX:sdxvolume: ERROR: ")) == ("1", True)


def test_scripts_are_put_right_when_they_are_not(shell):
    bin_ = shell.state / "bin"
    wanted = {p.name: p.read_bytes() for p in bin_.iterdir()}
    (bin_ / "mount").write_text("#!/bin/sh\n/bin/mount\n")
    (bin_ / "sdxinfo").unlink()
    (bin_ / "fsck").chmod(0o644)
    shell.done("sdxsim env")
    assert {p.name: p.read_bytes() for p in bin_.iterdir()} == wanted
    assert all(os.access(p, os.X_OK) for p in bin_.iterdir())
    before = {p.name: p.stat().st_ino for p in bin_.iterdir()}
    shell.done("sdxsim env")
    assert {p.name: p.stat().st_ino for p in bin_.iterdir()} == before  # nothing to do, nothing written


def test_a_lab_that_cannot_be_written_will_do_if_its_scripts_are_right(tmp_path, monkeypatch):
    """As for a lab of somebody else's: nothing is opened for writing."""
    environment.refresh(str(tmp_path))
    real = os.open

    def never(path, flags, *more, **keywords):
        assert not flags & (os.O_WRONLY | os.O_RDWR), path
        return real(path, flags, *more, **keywords)

    monkeypatch.setattr(os, "open", never)
    environment.refresh(str(tmp_path))
    monkeypatch.undo()

    def refuses(path, flags, *more, **keywords):
        if flags & os.O_WRONLY:
            raise PermissionError(13, "Permission denied", path)
        return real(path, flags, *more, **keywords)

    (tmp_path / "bin" / "boot").unlink()
    monkeypatch.setattr(os, "open", refuses)
    with pytest.raises(Complaint, match=r"cannot write the lab's commands in .*: Permission denied"):
        environment.refresh(str(tmp_path))
    assert not [p for p in (tmp_path / "bin").iterdir() if p.name.endswith(".new")]


def test_without_a_lab_nothing_is_printed_on_standard_output(tmp_path, shell):
    shell.environ["SDXSIM_STATE"] = str(tmp_path / "none")
    ran = shell.run("sdxsim env")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"sdxsim: no lab at {tmp_path}/none, 'sdxsim init' makes one\n"


def test_a_path_with_a_colon_cannot_stand_on_path(tmp_path, shell):
    shell.environ["SDXSIM_STATE"] = str(tmp_path / "a:b")
    shell.run("sdxsim init")
    for verb in ("env", "shell"):
        ran = shell.run(f"sdxsim {verb}")
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "a directory with ':' in its name cannot stand on PATH" in ran.stderr


# -- shell -----------------------------------------------------------------------------------------------------------


def test_shell_runs_commands_in_the_environment_and_passes_their_status_on(awkward):
    ran = awkward.run(["sdxsim", "shell", "-c", 'command -v mount; sdxinfo -C | head -1; echo "$SDXSIM_STATE"; exit 7'])
    assert (ran.returncode, ran.stderr) == (7, "")
    assert ran.stdout.splitlines()[::2] == [f"{awkward.state}/bin/mount", str(awkward.state)]
    assert awkward.run(["sdxsim", "shell", "-c", ""]).returncode == 0
    assert awkward.run(["sdxsim", "shell", "-c", "kill -9 $$"]).returncode == -9


def test_a_pipe_in_shell_ends_as_everywhere(shell):
    """Python ignores SIGPIPE; what it becomes must not."""
    ran = shell.run(["sdxsim", "shell", "-c", "(while :; do echo x; done) | head -1"])
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "x\n", "")


@pytest.mark.parametrize("interpreter", ["/bin/sh", "/bin/bash", ""])
def test_an_interactive_shell_has_the_manuals_prompt_and_the_labs_commands(shell, interpreter):
    if interpreter and not os.path.exists(interpreter):
        pytest.skip(f"{interpreter} is not here")
    home = shell.environ["HOME"]
    for name in (".bashrc", ".profile", ".shrc"):
        with open(f"{home}/{name}", "w") as opened:
            opened.write("PS1='mine> '; PATH=/usr/bin:/bin\n")
    environ = shell.environ | {"SHELL": interpreter, "ENV": f"{home}/.shrc", "TERM": "dumb"}
    child = pexpect.spawn(
        sys.executable, ["-m", "sdxsim", "sdxsim", "shell"], env=environ, encoding="utf-8", timeout=30, echo=False
    )
    child.delaybeforesend = None
    child.expect_exact(f"sdxsim: a shell in the lab at {shell.state}, 'exit' leaves it\r\n")
    child.expect_exact("# ")
    child.sendline("command -v fsck")
    child.expect_exact(f"{shell.state}/bin/fsck\r\n")
    child.expect_exact("# ")
    child.sendline("exit 5")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_a_shell_that_is_not_there_is_told(shell):
    shell.environ["SHELL"] = "/nowhere/sh"
    ran = shell.run("sdxsim shell")
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "sdxsim: cannot start /nowhere/sh: No such file or directory"
