"""What a user would reach for instead, where it is installed. What is absent is named as absent."""

import contextlib
import os
import shutil
import subprocess
from collections import namedtuple

from rounds import Row

Absent = namedtuple("Absent", "name why")

EACH = 100  # commands in one transcript


@contextlib.contextmanager
def peers(scratch, environ, table):
    """(rows, absent) of all peers; what had to be made for them is gone afterwards. `table`: what sdxinfo prints."""
    rows, absent = [], []
    with contextlib.ExitStack() as stack:
        for name, make in _PEERS:
            try:
                line, each = stack.enter_context(make(scratch, environ, table))
                rows.append(Row(name, [line], environ, each=each))
            except _Missing as missing:
                absent.append(Absent(name, str(missing)))
        yield rows, absent


class _Missing(Exception):
    """Not to be had here; str() says why."""


def _found(program):
    where = shutil.which(program)
    if where is None:
        raise _Missing(f"{program} is not installed")
    return where


def _done(line, environ):
    ran = subprocess.run([str(word) for word in line], env=environ, capture_output=True, text=True)
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip().splitlines()
        raise _Missing(f"{' '.join(map(str, line[:2]))} failed here: {said[-1] if said else ran.returncode}")
    return ran.stdout.strip()


def _written(path, text, mode=0o644):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


@contextlib.contextmanager
def _stub(scratch, environ, table):
    """The fake that everybody writes first: a script that echoes a table, whatever was done before."""
    yield [_written(f"{scratch}/stub", f"#!{_found('bash')}\necho '{table.rstrip()}'\n", 0o755)], 1


@contextlib.contextmanager
def _virsh(scratch, environ, table):
    line = [_found("virsh"), "-c", "test:///default", "list"]
    _done(line, environ)
    yield line, 1


@contextlib.contextmanager
def _lvs(scratch, environ, table):
    """Real LVM metadata of as many volumes as the scenario has, on two files, without the kernel's driver."""
    lvs, home = _found("lvs"), f"{scratch}/lvm"
    os.mkdir(home)
    quiet = {**environ, "LVM_SYSTEM_DIR": home, "LVM_SUPPRESS_FD_WARNINGS": "1"}
    with contextlib.ExitStack() as stack:
        devices = []
        for name in ("a", "b"):
            with open(f"{home}/{name}", "wb") as file:
                file.truncate(96 << 20)
            devices.append(_done([_found("losetup"), "-f", "--show", file.name], environ))
            stack.callback(subprocess.run, ["losetup", "-d", devices[-1]], check=False)
        accept = ", ".join(f'"a|^{device}$|"' for device in devices)
        _written(f"{home}/lvm.conf", _LVM_CONF.format(accept=accept, home=home))
        _done([_found("pvcreate"), "--driverloaded", "n", *devices], quiet)
        _done([_found("vgcreate"), "--driverloaded", "n", "bench", *devices], quiet)
        for number in range(12):
            line = [_found("lvcreate"), "--driverloaded", "n", "-an", "-Zn", "-L", "4M", "-n", f"v{number}", "bench"]
            _done(line, quiet)
        env = ["env", f"LVM_SYSTEM_DIR={home}", "LVM_SUPPRESS_FD_WARNINGS=1"]
        yield [*env, lvs, "--driverloaded", "n"], 1


_LVM_CONF = """\
devices {{ filter = [ {accept}, "r|.*|" ] use_devicesfile = 0 }}
global {{ locking_dir = "{home}/lock" }}
backup {{ backup = 0 archive = 0 }}
activation {{ monitoring = 0 udev_sync = 0 udev_rules = 0 }}
"""


@contextlib.contextmanager
def _bats(scratch, environ, table):
    bats = _found("bats")
    steps = '  run echo step\n  [ "$status" -eq 0 ]\n' * EACH
    yield [bats, _written(f"{scratch}/steps.bats", f"@test steps {{\n{steps}}}\n")], EACH


@contextlib.contextmanager
def _cram(scratch, environ, table):
    cram = _found("cram")
    yield [cram, _written(f"{scratch}/steps.t", "  $ echo step\n  step\n" * EACH)], EACH


# fmt: off
_PEERS = (
    ("bash stub that echoes the table", _stub),
    ("virsh -c test:///default list",   _virsh),
    ("lvs, 12 volumes on 2 files",      _lvs),
    (f"bats, a step of {EACH} `echo`",  _bats),
    (f"cram, a step of {EACH} `echo`",  _cram),
)
# fmt: on
