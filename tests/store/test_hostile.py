"""Hostile arguments: refused in words, nothing raw on the terminal, no file outside the lab's directory."""

import os
import re
import string

import pytest
from faults import cases
from faults.invariant import KNOWN, tree
from faults.process import ran
from hypothesis import given, settings
from hypothesis import strategies as st
from tally import ROWS, judged

from sdxsim.commands import OPENBOOT, STANDINS
from sdxsim.execute import execute
from sdxsim.store.commit import create
from sdxsim.words.syntax import COMMANDS

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# fmt: off
STRINGS = [
    "../x", "../../../../tmp/x", "/tmp/x", "/", ".", "..", "./x", "x/y", "lab/../../x", "~", "~root/x", "\\x", "C:\\x",
    "a\nb", "\n", "a\rb", "a\tb", "\x1b[2J", "\x1b]0;x\x07", "\x1b[31mred", "\x07", "\x08\x08", "\x7f", "\x9b31m", "\x85",
    "\u202eabc", "\u2066x\u2069", "\u200b", "\ufeff", "\u2028", "\U0001f4a5", "é", "e\u0301", "Ⅷ", "１", "\udcff", "\udc80x",
    "-", "--", "-x", "--help", "-c", "-C", "=", ",", ":", ",,", "a,", ",a", "a,,b", "a=b", "a=", "=b", "a:b:c:d", "a,b=c:d",
    "", " ", "  a", "a ", "a b", "'", '"', "`id`", "$(id)", "${HOME}", ";id", "|id", "&", ">x", "<x", "*", "?", "[a]", "{a}",
    "%s", "%n", "{0}", "{string}", "\\n", "\\x1b", "%00", "NaN", "1e999", "0x10", "-1", "99999999999999999999", "١",
    "x" * 33, "x" * 255, "x" * 4096, "x" * 131_000, "x," * 10_000, "../" * 1000, "System", "root", "Proot", "None", "null",
    "proc", "/proc", "/dev", "/mnt", "/etc/vfstab", "mnttab", "swap", "fd", "-", "/dev/null", "/dev/sfdsk/System/dsk",
]
# every option of every command gets them, in the place of each of its words
LINES = [
    "sdxproxy Part -c System -p {}", "sdxproxy Part -c {} -p Proxy1", "sdxproxy Part -c System -p Proxy1 -e {}",
    "sdxproxy {} -c System -p Proxy1", "sdxproxy Join -c System -m {} -p Proxy1", "sdxproxy Join -c System -m Group1 -p Proxy1 -a {}",
    "sdxproxy Join -c System -m Group1 -p Proxy1 -a root={}:on", "sdxproxy Root -c System -m {}", "sdxproxy Update -c System -p {}",
    "sdxproxy Part -c System -p Proxy1 -a pjrm={}", "sdxvolume -N -c System -v {}", "sdxvolume -N -c System -v Proot -e mode={}",
    "sdxvolume -F -c {} -v root", "sdxvolume {}", "sdxattr -V -c System -v {} -a lock=on", "sdxattr -V -c System -v Proot -a {}",
    "sdxattr -V -c System -v Proot -a name={}", "sdxattr -V -c System -v Proot -a lock={}", "sdxinfo -c {}", "sdxinfo -V -o {}",
    "sdxinfo -e {}", "sdxinfo {}", "sdxdisk -M -c {} -d c0t0d0=Disk1", "sdxdisk -M -c Data -d {}=Disk1", "sdxclass -R -c {}",
    "sdxparam -S -p {}", "sdxparam -G -p {}", "sdxconfig Backup -c System -o {}", "sdxconfig Restore -c System -i {}",
    "fsck {}", "fsck -y {}", "fsck-sim -o {} /dev/sfdsk/System/rdsk/Proot", "mount {} /mnt", "mount -F {} /dev/sfdsk/System/dsk/Proot /mnt",
    "mount -F ufs /dev/sfdsk/System/dsk/Proot {}", "mount -o {} /dev/sfdsk/System/dsk/Proot /mnt", "umount {}", "chgrp {} /etc/vfstab",
    "newfs {}", "newfs {} /dev/sfdsk/System/rdsk/Popt", "dd {}", "dd if={} of=/dev/rmt/0", "dd if=/dev/sfdsk/System/rdsk/Popt of={} bs={}",
    "chgrp sys {}", "chgrp sys /mnt/{}", "lockfs -w {}", "lockfs -w -c {} /var", "lockfs {}", "df {}", "df -k {}", "df -F {}",
    "swap {}", "init {}", "reboot {}", "reboot -- {}", "halt {}", "poweroff {}", "uadmin {} 0", "uadmin 2 {}", "uadmin 2 1 {}", "eeprom {}",
    "eeprom {}={}", "eeprom -v nvramrc={}", "eeprom boot-device={}", "eeprom auto-boot?={}", "who {}", "uname {}", "printenv {}",
    "setenv {} x", "setenv boot-device {}", "setenv security-mode {}", "set-default {}", "devalias {}", "devalias {} /x", "devalias x {}",
    "nvalias {} /x", "nvalias x {}", "nvunalias {}", "show-disks {}", "help {}", "sync {}", "shutdown -y -g {} -i0", "shutdown -y -i {}", "shutdown -y -g0 -i0 {}", "boot {}",
]
TOOL = [
    "sdxsim init {}", "sdxsim init {} --force", "sdxsim clock advance {}", "sdxsim clock speed {}", "sdxsim clock {}", "sdxsim wait --timeout {}",
    "sdxsim {}", "sdxsim run {}", "sdxsim run backing-up --scenario {}", "sdxsim status {}",
]
# fmt: on
_LABS = ("resting", "halted", "mounted")


def argv_of(line, hostile):
    return [word.replace("{}", hostile) for word in line.split()]


def raw_in(*texts):
    return [found[0] for found in map(RAW.search, texts) if found]


def test_the_lines_name_every_command():
    assert {line.split()[0] for line in LINES} >= set(STANDINS) | {"setenv", "nvalias", "sdxproxy", "sdxvolume", "sdxattr", "sdxinfo"}


def test_nothing_raw_and_no_traceback_from_any_place_of_any_command():
    count, found = 0, []
    for name in _LABS:
        lab = cases.lab_of(name)
        for line in LINES:
            for hostile in STRINGS:
                count += 1
                try:
                    outcome = execute(lab, argv_of(line, hostile), lab.clock.virtual)
                except Exception as bug:
                    found.append(f"{line} with {hostile[:40]!r}: {type(bug).__name__}: {bug}")
                    continue
                if raw_in(outcome.stdout, outcome.stderr):
                    found.append(f"{line} with {hostile[:40]!r} echoes {raw_in(outcome.stdout, outcome.stderr)}")
                if outcome.status and line.startswith("sdx") and outcome.lab is not lab:
                    found.append(f"{line} with {hostile[:40]!r} is refused and changes the lab")
    judged("hostile arguments", found, lines=len(LINES), strings=len(STRINGS), commands=count)


def files(top):
    """Every name under `top`, like find(1)."""
    return sorted(os.path.join(place, name) for place, below, names in os.walk(top) for name in (*below, *names))


@pytest.mark.parametrize("lines", [LINES, TOOL], ids=["commands", "the lab tool"])
def test_no_file_is_made_outside_the_lab(scratch, lines):
    """Three hostile strings for each line, in turn; as processes, in a directory that is looked at before and after."""
    path, work = f"{scratch}/lab", f"{scratch}/work"
    create(path, cases.lab_of("mounted"), {"argv": ["made"]})
    os.mkdir(work)
    outside = (files(work), set(os.listdir("/tmp")) & {"x"}, [n for n in files(scratch) if not n.startswith(path)])
    count, found, turn = 0, [], 0
    strings = [s for s in STRINGS if "\0" not in s]
    for line in lines:
        for _ in range(3 if lines is LINES else 24):
            hostile, turn = strings[turn % len(strings)], turn + 7
            run = ran(argv_of(line, hostile), path, prepare=lambda: os.chdir(work), environ={"HOME": work})
            count += 1
            what = f"{line} with {hostile[:40]!r}"
            if raw_in(run.out, run.err):
                found.append(f"{what} echoes {raw_in(run.out, run.err)}: {run.err[:200]!r}")
            if "Traceback" in run.err or "fault of sdxsim" in run.err:
                found.append(f"{what}: {run.err[-200:]}")
            if not set(os.listdir(path)) <= KNOWN or (files(work), *outside[1:]) != outside:
                found.append(f"{what} made a file: {files(work)} {os.listdir(path)}")
    now = (files(work), set(os.listdir("/tmp")) & {"x"}, [n for n in files(scratch) if not n.startswith(path)])
    if now != outside:
        found.append("a file is there that was not")
    judged(f"no file outside ({'the lab tool' if lines is TOOL else 'commands'})", found, commands=count)


_words = st.one_of(
    st.sampled_from(STRINGS),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    st.binary(max_size=30).map(lambda typed: os.fsdecode(typed.replace(b"\0", b""))),  # as bytes that are no UTF-8 come
    st.text(string.printable + "\x1b\x07\x9b\u202e\udcff", max_size=12),
)
_tried = [0]


def _typed(command, words):
    lab = cases.lab_of("resting")
    outcome = execute(lab, [command, *words], lab.clock.virtual)
    _tried[0] += 1
    assert not raw_in(outcome.stdout, outcome.stderr)
    assert outcome.status == 0 or outcome.stderr or not command.startswith("sdx")
    assert outcome.stderr.endswith("\n") or not outcome.stderr


@given(st.sampled_from([*COMMANDS, *STANDINS, *OPENBOOT]), st.lists(_words, max_size=6))
@settings(max_examples=1500, deadline=None)
def test_whatever_is_typed_is_answered_in_printable_words(command, words):
    _typed(command, words)


@given(st.sampled_from(LINES), _words)
@settings(max_examples=1500, deadline=None)
def test_whatever_stands_in_a_place_is_answered_in_printable_words(line, word):
    command, *words = argv_of(line, word)
    _typed(command, words)


@pytest.mark.long
@given(st.sampled_from(LINES), _words)
@settings(max_examples=100_000, deadline=None)
def test_a_hundred_thousand_of_them(line, word):
    command, *words = argv_of(line, word)
    _typed(command, words)


def test_they_are_counted():
    ROWS.append(("hostile arguments, hypothesis", {"commands": _tried[0]}, 0))


def test_arguments_as_large_as_the_kernel_takes(scratch):
    path = f"{scratch}/lab"
    create(path, cases.lab_of("resting"), {"argv": ["made"]})
    before = tree(path)
    for argv in (["sdxproxy", "Part", "-c", "System", "-p", "x" * 131_071], ["sdxinfo", *["-c"] * 200_000],
                 ["sdxvolume", "-N", "-c", "System", "-v", ",".join(["Proot"] * 10_000 + ["nobody"])],
                 ["sdxvolume", "-N", "-c", "System", "-v", ",".join(f"v{i}" for i in range(10_000))]):  # fmt: skip
        run = ran(argv, path)
        assert run.status == 1
        assert "Traceback" not in run.err
        assert tree(path) == {**before, "lock": b""} or tree(path) == before
