"""Odd surroundings: closed streams, limits, full and read-only places. One line, no traceback, the lab whole."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest
from conftest import SRC
from faults.cases import lab_of
from faults.invariant import KNOWN
from tally import ROWS

from sdxsim.store.commit import create
from sdxsim.store.lab import look

RUN = f"{shlex.quote(sys.executable)} -I -S -B {shlex.quote(str(SRC / 'sdxsim' / '__main__.py'))}"  # as the launchers do
WRITES = f"{RUN} sdxvolume -N -c System -v Proot"
LOCKS = f"{RUN} sdxattr -V -c System -v root -a lock=on"
READS = f"{RUN} sdxinfo -C"
ADVANCES = f"{RUN} sdxsim clock advance 1s"

OLD, NEW, EITHER = "old", "new", "either"
NOTHING = lambda lab: None  # noqa: E731

# fmt: off
# what surrounds it: (a line of sh around the command at {}, its exit status, the lab afterwards)
AROUND = {
    "stdin closed":               ("{} <&-",                        0, NEW),
    "stdout closed":              ("{} >&-",                        3, NEW),
    "stderr closed":              ("{} 2>&-",                       0, NEW),
    "all streams closed":         ("{} <&- >&- 2>&-",               3, NEW),
    "stdout full":                ("{} >/dev/full",                 3, NEW),
    "stderr full":                ("{} 2>/dev/full",                0, NEW),
    "both full":                  ("{} >/dev/full 2>/dev/full",     3, NEW),
    "a closed pipe":              ("({}; echo $? >&3) 3>status | :; sleep 1; exit $(cat status)", 3, NEW),
    "four descriptors":           ("ulimit -n 4; {}",               None, EITHER),
    "no file may be longer than a block": ("ulimit -f 1; {}",       1, OLD),
    "no file may be written":     ("ulimit -f 0; {}",               1, OLD),
    "little memory":              ("ulimit -v 60000; {}",           None, EITHER),
    "umask 777":                  ("umask 777; {}",                 0, NEW),
    "umask 000":                  ("umask 000; {}",                 0, NEW),
    "the working directory is gone": ("mkdir gone; cd gone; rmdir ../gone; {}", 0, NEW),
    "no HOME":                    ("unset HOME; {}",                0, NEW),
    "no PATH":                    ("PATH=; {}",                     0, NEW),
    "SIGPIPE ignored":            ("trap '' PIPE; {}",              0, NEW),
    "signals ignored":            ("trap '' INT TERM HUP; {}",      0, NEW),
    "an odd locale":              ("LC_ALL=tlh_QO.KOI8 {}",         0, NEW),
    "niced":                      ("nice -n 19 {}",                 0, NEW),
}
# what stands in the way: (made of the lab before, exit status of a command that writes, of one that reads)
IN_THE_WAY = {
    "state.json is a directory":  ("rm lab/state.json; mkdir lab/state.json",       1, 1),
    "state.json is a FIFO":       ("rm lab/state.json; mkfifo lab/state.json",      1, 1),
    "state.json is a link":       ("mv lab/state.json x; ln -s ../x lab/state.json", 1, 1),
    "state.json is a device":     ("rm lab/state.json; ln -s /dev/zero lab/state.json", 1, 1),
    "state.json is huge":         ("truncate -s 2G lab/state.json",                 1, 1),
    "history is a file":          ("rm -rf lab/history; touch lab/history",         1, 0),
    "the new file's name is a directory": ("mkdir lab/state.json.new",              1, 0),
    "the lab is a file":          ("mv lab x; touch lab",                           1, 1),
    "the lab is a link":          ("mv lab x; ln -s x lab",                         0, 0),
    "the lab is a link to nothing": ("mv lab x; ln -s y lab",                       1, 1),
    "a part of the path is a file": ("mv lab x; touch y; export SDXSIM_STATE=$PWD/y/lab", 1, 1),
    "a path of 5,000 letters":    ("export SDXSIM_STATE=$PWD/$(printf %05000d 1)",  1, 1),
    "a path of 2,000 directories": ("export SDXSIM_STATE=$PWD/$(printf 'd/%.0s' $(seq 2000))", 1, 1),
    "a path with a newline":      ("mv lab \"a\nb\"; export SDXSIM_STATE=\"$PWD/a\nb\"", 0, 0),
    "a path that is no UTF-8":    ("mv lab $(printf 'l\\377b'); export SDXSIM_STATE=$PWD/$(printf 'l\\377b')", 0, 0),
    "a path of blanks":           ("export SDXSIM_STATE=' '",                       1, 1),
    "writable for all":           ("chmod 777 lab",                                 0, 0),
}
# fmt: on


@pytest.fixture
def place(scratch):
    create(f"{scratch}/lab", lab_of("resting"), {"argv": ["made"]})
    return scratch


def sh(place, line):
    environ = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(place), "LANG": "C", "SDXSIM_STATE": f"{place}/lab"}
    ran = subprocess.run(["/bin/bash", "-c", line], env=environ, cwd=place, capture_output=True, timeout=60)
    return ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace")


def number(place):
    opened = look(f"{place}/lab")
    opened.close()
    return opened.document.seq


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("command", [WRITES, ADVANCES], ids=["sdxvolume", "sdxsim"])
def test_a_command_in_odd_surroundings(place, around, command):
    wrapped, status, lab = AROUND[around]
    got, _, err = sh(place, wrapped.format(command))
    assert "Traceback" not in err or lab == EITHER, err  # Python itself may not start in the little it gets
    if status is not None:
        assert got == status, (got, err)
    changed = number(place) == 2
    assert lab == EITHER or changed == (lab == NEW)
    if got == 0:
        assert changed
    elif err and lab != EITHER:
        assert err.count("\n") == 1, err
    assert set(os.listdir(place / "lab")) <= KNOWN
    assert (place / "lab" / "lock").read_bytes() == b"" if (place / "lab" / "lock").exists() else not changed
    after = sh(place, LOCKS)
    assert after[0] == 0, after


@pytest.mark.parametrize("umask", ["777", "277", "000"])
def test_whatever_the_umask_who_makes_a_lab_can_use_all_of_it_and_nobody_else_a_document(place, umask):
    typed = [f"rm -rf lab; umask {umask}; {RUN} sdxsim init", f"{RUN} sdxsim snapshot save one", ADVANCES]
    got, _, err = sh(place, " && ".join(typed))
    assert (got, err) == (0, "")
    for at, directories, files in os.walk(place / "lab"):
        for name in (*directories, *files):
            mode = os.lstat(f"{at}/{name}").st_mode
            assert mode & 0o600 == 0o600, (at, name, oct(mode))
            assert mode & 0o077 == 0 or at.endswith("/bin") or name == "bin", (at, name, oct(mode))


@pytest.mark.parametrize("odd", IN_THE_WAY)
def test_something_odd_in_the_place_of_a_lab(place, odd):
    prepare, writes, reads = IN_THE_WAY[odd]
    for command, status in ((READS, reads), (WRITES, writes)):
        again = f"[ -e done ] || {{ {prepare}; }}" if "export" not in prepare else f"{{ {prepare}; }}"
        got, out, err = sh(place, f"{again} 2>/dev/null; touch done; {command}")
        assert got == status, (command, got, out, err)
        assert "Traceback" not in err
        assert err.count("\n") == (1 if status else 0), err


def mounted(place, options, line):
    """`line` in a mount namespace of its own, where the lab lies on a file system mounted like that."""
    if os.geteuid() or not shutil.which("unshare"):
        pytest.skip("only root mounts file systems")
    return sh(place, f"unshare -m sh -c {shlex.quote(f'{options} && {line}')}")


def test_a_read_only_place_is_read_and_not_written(place):
    read_only = f"mount --bind {place} {place} && mount -o remount,ro,bind {place} && cd /"
    got, out, err = mounted(place, read_only, READS)
    if got == 32 or "mount:" in err:
        pytest.skip(f"nothing can be mounted here: {err.strip()[:80]}")
    assert (got, err) == (0, "")
    assert "System" in out
    for command in (WRITES, ADVANCES):
        got, out, err = mounted(place, read_only, command)
        assert (got, out, err.count("\n")) == (1, "", 1)
        assert "ead-only" in err
    assert number(place) == 1


@pytest.mark.parametrize("limit", ["size=1m", "nr_inodes=14"])
def test_a_full_place_loses_nothing_and_takes_commands_again_when_there_is_room(place, limit):
    fill = "cat /dev/zero >full 2>/dev/null; true" if "size" in limit else "for i in 1 2 3 4 5 6 7 8; do : >full$i; done 2>/dev/null; true"
    line = f"export SDXSIM_STATE={place}/small/lab; ({fill}); ls {place}/small >&2; {ADVANCES}; echo status $?; " \
           f"{RUN} sdxsim clock show && rm -f full* && {ADVANCES} && ls lab"  # fmt: skip
    (place / "small").mkdir()
    setup = f"mount -t tmpfs -o {limit} tmpfs {place}/small && cp -r {place}/lab {place}/small/lab && cd {place}/small"
    got, out, err = mounted(place, setup, line)
    if "mount:" in err:
        pytest.skip(f"nothing can be mounted here: {err.strip()[:80]}")
    assert got == 0, (out, err)
    assert "status 1\n" in out, (out, err)
    assert "state.json.new" not in out
    assert "Traceback" not in err


def test_an_unchangeable_directory_is_refused_in_a_line(place):
    if os.geteuid() or not shutil.which("chattr"):
        pytest.skip("only root sets attributes of files")
    if subprocess.run(["chattr", "+i", place / "lab"], capture_output=True).returncode:
        pytest.skip("this file system has no attributes")
    try:
        got, out, err = sh(place, WRITES)
        assert (got, out, err.count("\n")) == (1, "", 1)
        assert sh(place, READS)[0] == 0
    finally:
        subprocess.run(["chattr", "-i", place / "lab"], capture_output=True)
    assert sh(place, WRITES)[0] == 0


def test_they_are_counted():
    ROWS.append(("odd surroundings", {"surroundings": 2 * len(AROUND), "things_in_the_way": 2 * len(IN_THE_WAY)}, 0))
