"""The import tariff: what a command's process must not load. Names, not milliseconds."""

import subprocess
import sys

import pytest

READER = {
    "typer", "click", "tabulate", "filelock", "rich", "dataclasses", "inspect", "argparse", "logging",
    "pathlib", "typing", "asyncio", "importlib.metadata", "tomllib", "getopt", "gettext", "datetime",
    "subprocess", "tempfile", "shutil", "hashlib", "random", "signal", "json", "re", "enum", "fcntl", "sdxsim.lab", "sdxsim.store.commit",
    "sdxsim.past", "sdxsim.store.history", "sdxsim.store.packs", "sdxsim.store.tidy", "sdxsim.store.migration", "sdxsim.store.ground",
}  # fmt: skip
WRITER = READER - {"signal", "json", "re", "enum", "fcntl", "sdxsim.store.commit", "sdxsim.store.ground"}


def loaded(shell, line):
    program = (
        "import sys; sys.path.insert(0, {src!r})\n"
        "from sdxsim.entry import main\n"
        "status = main({argv!r})\n"
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(status)"
    ).format(src=shell.environ["PYTHONPATH"], argv=line.split())
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], env=shell.environ, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran
    return set(ran.stderr.split())


def test_the_measure_sees_what_is_there(shell):
    modules = loaded(shell, "sdxinfo -S")
    assert {"sys", "zlib", "sdxsim.entry", "sdxsim.commands.info"} <= modules
    assert not {"sdxsim.rules.proxy", "sdxsim.commands.fsck", "sdxsim.store.waiting"} & modules


@pytest.mark.parametrize("line", ["sdxinfo -S -c System", "sdxinfo -A -e long"])
def test_a_reader_loads_none_of_the_heavy_modules(shell, line):
    assert not READER & loaded(shell, line)


@pytest.mark.parametrize(
    "line",
    ["sdxproxy Part -c System -p Proxy1,Proxy2", "sdxattr -V -c System -v Proot -a lock=on", "fsck-sim -m /dev/null/x"],
)
def test_an_uncontended_writer_loads_no_filelock_either(shell, line):
    if line.startswith("fsck"):
        shell.done("sdxproxy Part -c System -p Proxy1")
        line = "fsck-sim -y /dev/sfdsk/System/rdsk/Proot"
    assert not WRITER & loaded(shell, line)
