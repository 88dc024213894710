"""bin/.prepare, on a small checkout of its own with a package in a directory as its only index."""

import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import SRC

BIN = SRC.parent / "bin"

pytestmark = pytest.mark.skipif(
    subprocess.run([sys.executable, "-I", "-c", "import ensurepip, venv"]).returncode != 0, reason="no venv here"
)


@pytest.fixture
def top(tmp_path):
    """A checkout that needs a package called thing."""
    top = tmp_path / "checkout"
    (top / "bin").mkdir(parents=True)
    (top / "src" / "sdxsim").mkdir(parents=True)
    for name in (".prepare", ".prepare.py"):
        shutil.copy(BIN / name, top / "bin")
    (top / "pyproject.toml").write_text('[project]\ndependencies = ["thing>=1"]\n')
    return top


def wheel(top, code=""):
    """Puts the package into the index."""
    index = top.parent / "index"
    index.mkdir()
    about = "thing-1.dist-info"
    with zipfile.ZipFile(index / "thing-1-py3-none-any.whl", "w") as made:
        made.writestr("thing.py", code)
        made.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1\n")
        made.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{about}/RECORD", f"thing.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")


def prepared(top, **environ):
    """(exit status, what it said behind its first line) of preparing, pip seeing the index only."""
    home = top.parent / "home"
    home.mkdir()
    base = {
        "PATH": "/usr/bin:/bin", "HOME": str(home), "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(top.parent / "index"),
    }  # fmt: skip
    python = shutil.which("python3", path=base["PATH"])
    if not python or subprocess.run([python, "-I", "-c", "import ensurepip, tomllib, venv"]).returncode:
        base["PATH"] = f"{sys.base_prefix}/bin:{base['PATH']}"
    ran = subprocess.run(["sh", top / "bin" / ".prepare"], env=base | environ, capture_output=True, text=True, timeout=120)
    assert list(home.rglob("*")) == []  # no litter
    said = ran.stderr.splitlines()
    assert said[0] == f"sdxsim: preparing {top}/.venv (once; it takes a moment)"
    return ran.returncode, said[1:]


def test_settings_that_lead_astray_are_of_no_effect(top, tmp_path):
    wheel(top)
    (tmp_path / "path" / "encodings").mkdir(parents=True)
    (tmp_path / "path" / "encodings" / "__init__.py").write_text("raise SystemExit('not the library')\n")
    conf = tmp_path / "pip.conf"
    conf.write_text(f"[install]\ndry-run = true\nno-deps = true\nuser = true\nroot = {tmp_path}/root\n")
    assert prepared(
        top, PIP_CONFIG_FILE=str(conf), PIP_ROOT=f"{tmp_path}/root", PIP_DRY_RUN="1", PIP_NO_DEPS="1", PIP_PYTHON="/none",
        PIP_TARGET=f"{tmp_path}/root", PIP_LOG=f"{tmp_path}/root", PYTHONWARNINGS="error", PYTHONINSPECT="1",
        PYTHONPLATLIBDIR="x", PYTHONHASHSEED="abc", PYTHONMALLOC="bad", PYTHONINTMAXSTRDIGITS="abc",
        PYTHONPATH=f"{tmp_path}/path", PYTHONHOME="/none",
    ) == (0, [])  # fmt: skip
    assert (top / ".venv" / "ready").read_bytes() == (top / "pyproject.toml").read_bytes()
    assert not (tmp_path / "root").exists()


def test_what_cannot_be_imported_is_not_ready(top, tmp_path):
    wheel(top, code="import nothing_of_that_name\n")
    status, said = prepared(top)
    assert status == 126
    assert said[0] == "sdxsim: pip ended well, but not all can be imported of thing>=1"
    assert not (top / ".venv" / "ready").exists()


def test_an_index_is_asked_for_when_it_is_what_lacks(top):
    (top.parent / "index").mkdir()
    status, said = prepared(top)
    assert (status, said[0]) == (126, "sdxsim: could not get thing>=1: a Python package index is needed, once")


def test_another_trouble_of_pip_is_not_blamed_on_the_network(top):
    wheel(top)
    status, said = prepared(top, PIP_RETRIES="abc")
    assert status == 126
    assert said == [f"sdxsim: pip could not install thing>=1; what it said is in {top}/.venv/prepare.log"]
