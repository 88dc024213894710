"""bin/: launchers work from anywhere, by any name that leads to them, and need a preparation only once."""

import os
import subprocess

import pytest
from conftest import SRC

TOP = SRC.parent
BIN = TOP / "bin"

pytestmark = pytest.mark.skipif(
    not (TOP / ".venv" / "ready").exists(), reason="bin/ is not prepared here (the tests were not started by bin/test)"
)


@pytest.fixture
def env(tmp_path):
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "SDXSIM_STATE": str(tmp_path / "lab")}


def run(argv, env, **more):
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120, **more)


def test_a_launcher_works_from_any_directory_and_through_links_of_any_name(env, tmp_path):
    assert run([BIN / "sdxsim", "init"], env, cwd="/").returncode == 0
    expected = run([BIN / "sdxinfo", "-S"], env, cwd="/").stdout
    assert expected.count("\n") == 26
    link = tmp_path / "info with blanks"
    link.symlink_to(BIN / "sdxinfo")
    linked_bin = tmp_path / "commands"
    linked_bin.symlink_to(BIN)
    for argv in ([link, "-S"], [linked_bin / "sdxinfo", "-S"], ["sdxinfo", "-S"]):
        path = {**env, "PATH": f"{BIN}:{env['PATH']}"}
        assert run(argv, path, cwd=tmp_path).stdout == expected
    assert run(["sh", "sdxinfo", "-S"], env, cwd=BIN).stdout == expected


def test_a_launchers_exit_status_and_streams_are_the_commands(env):
    ran = run([BIN / "sdxinfo"], env)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("SDX:sdxinfo: ERROR: no lab at ")


def test_a_prepared_launcher_starts_no_other_process(env):
    """No fork: the shell becomes the interpreter."""
    if not os.path.exists("/usr/bin/strace"):
        pytest.skip("strace is not installed here")
    assert run([BIN / "sdxsim", "init"], env).returncode == 0
    ran = run(["/usr/bin/strace", "-f", "-e", "trace=process", str(BIN / "sdxinfo")], env)
    if ran.returncode:
        pytest.skip("strace may not trace here")
    assert ran.stderr.count("execve(") == 2
    assert "fork(" not in ran.stderr
    assert "clone(" not in ran.stderr


def test_nothing_is_written_outside_the_lab(env, tmp_path):
    def files():
        return {p for p in tmp_path.rglob("*") if not p.is_relative_to(tmp_path / "lab")}

    before = files()
    for argv in (["sdxsim", "init"], ["sdxproxy", "Part", "-c", "System", "-p", "Proxy1"], ["sdxinfo"], ["sdxsim", "status"]):
        assert run([BIN / argv[0], *argv[1:]], env, cwd=tmp_path).returncode == 0
    assert files() == before


def test_the_tests_start_whatever_python_is_told_by_its_environment(env):
    hostile = {
        "PYTHONWARNINGS": "error", "PYTHONHASHSEED": "abc", "PYTHONMALLOC": "bad", "PYTHONPATH": "/none", "PYTHONHOME": "/none",
        "PYTHONINTMAXSTRDIGITS": "abc",
    }  # fmt: skip
    ran = run([BIN / "test", "--version"], {**env, **hostile})
    assert "pytest" in ran.stdout + ran.stderr
    assert "Fatal" not in ran.stderr
