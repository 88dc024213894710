"""The package as installed: what pip puts on PATH, and that it works away from the checkout."""

import os
import subprocess
import sys
import tomllib
import venv

import pytest
from conftest import SRC

from sdxsim.commands import PRIVATE
from sdxsim.words.syntax import COMMANDS

TOP = SRC.parent


def scripts():
    return tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["scripts"]


def test_pip_installs_the_commands_and_nothing_that_shadows_the_hosts():
    assert set(scripts()) == {*COMMANDS, "fsck-sim", "sdxsim"}
    assert not set(scripts()) & set(PRIVATE)


def test_every_command_has_a_launcher_and_all_launchers_are_alike():
    launchers = [TOP / "bin" / name for name in scripts()]
    assert all(os.access(path, os.X_OK) for path in launchers)
    assert len({path.read_text() for path in launchers}) == 1
    assert {p.name for p in (TOP / "bin").iterdir() if not p.name.startswith(".")} == {*scripts(), "test"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The bin directory of a virtual environment that has the built wheel, and nothing of the checkout."""
    base = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "-q"]
    built = subprocess.run([*pip, "wheel", "--no-deps", "-w", str(base), str(TOP)], capture_output=True, text=True)
    if built.returncode:
        pytest.skip("no wheel could be built here (no package index?): " + built.stderr.strip()[-200:])
    venv.create(base / "venv", system_site_packages=False, with_pip=False)
    site = next((base / "venv" / "lib").glob("python3*")) / "site-packages"
    wheel = next(base.glob("sdxsim-*.whl"))
    got = subprocess.run([*pip, "--python", str(base / "venv/bin/python"), "install", str(wheel)], capture_output=True, text=True)
    if got.returncode:
        pytest.skip("the wheel's dependencies could not be had: " + got.stderr.strip()[-200:])
    assert (site / "sdxsim" / "scenarios" / "backing-up.json").exists()
    return base / "venv" / "bin"


def test_the_installed_package_makes_a_lab_and_runs_the_procedure(installed, tmp_path):
    env = {"PATH": f"{installed}:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def run(line):
        return subprocess.run(["/bin/sh", "-c", line], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    assert run("sdxsim init").returncode == 0
    assert (tmp_path / ".local/state/sdxsim/lab/state.json").exists()
    assert run("sdxproxy Part -c System -p Proxy1,Proxy2").returncode == 0
    assert "Proot   ACTIVE" in run("sdxinfo -S").stdout
    assert run("command -v fsck").stdout.strip() != f"{installed}/fsck"
    ran = run('eval "$(sdxsim env)"; fsck -y /dev/sfdsk/System/rdsk/Pusr; command -v fsck')
    assert "** Phase 1" in ran.stdout
    assert ran.stdout.endswith("/.local/state/sdxsim/lab/bin/fsck\n")
    ran = run("sdxsim run backing-up")
    assert ran.returncode == 0, ran


def test_every_scenario_is_packaged():
    included = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {f"state/{path.name}": f"sdxsim/scenarios/{path.name}" for path in (TOP / "state").glob("*.json")}
    assert {k: v for k, v in included["force-include"].items() if k.startswith("state/")} == wanted
