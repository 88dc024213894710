"""What must hold around the page: refusals as processes, reboots, environments, two shells."""

import json
import re
import subprocess

import pytest
from conftest import ALL_PROXIES

SYNOPSIS = "\n        sdx"

# fmt: off
REFUSALS = [
    ("sdxvolume -F -c System -v root", False), ("sdxattr -V -c System -v root -a mode=ro", False),
    ("sdxproxy Rejoin -c System -p Proxy1", False), ("sdxvolume -N -c Nope -v root", False),
    ("sdxvolume -N -c System -v nope", False), ("sdxvolume -F -c System -v Proot,Pusr,Phome,Pzwap,Pvar,Popt", False),
    (["sdxvolume", "-N", "-c", "System", "-v", "a" * 33], False), (["sdxvolume", "-N", "-c", "System", "-v", "../x"], False),
    (["sdxvolume", "-N", "-c", "System", "-v", "a\x1b[31mb"], False), (["sdxinfo", "-c", "\x1b]0;x\x07"], False),
    ("sdxvolume -N -v root", True), ("sdxproxy Part -p Proxy1", True), ("sdxinfo -z", True),
    ("sdxproxy Frobnicate -c System", True), ("sdxinfo -e junk", True), (["sdxinfo", "-c", ""], True),
    (["sdxvolume", "-N", "-c", "System", "-v", ""], True), ("sdxinfo operand", True),
    ("sdxdisk -R -c System -d Root1", False), ("sdxswap -I -c System -d Root1", False),
]
# fmt: on


@pytest.mark.parametrize(("line", "usage"), REFUSALS, ids=str)
def test_a_refusal_is_one_well_formed_line_and_changes_nothing(shell, line, usage):
    before = shell.document()
    ran = shell.run(line)
    assert (ran.returncode, ran.stdout) == (1, "")
    first, _, rest = ran.stderr.partition("\n")
    name = line[0] if isinstance(line, list) else line.split()[0]
    assert re.fullmatch(rf"SDX:{name}: ERROR: [ -~]+", first)
    assert (SYNOPSIS in ran.stderr) == usage
    assert bool(rest) == usage
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", ran.stderr)
    assert shell.document() == before


def test_part_twice_and_rejoin_while_started_as_processes(shell):
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    before = shell.document()
    for line in (
        "sdxproxy Part -c System -p Proxy1,Proxy2",
        "sdxproxy Rejoin -c System -p Proxy1,Proxy2",
        "sdxattr -V -c System -v Proot -a mode=rw",
    ):
        ran = shell.run(line)
        assert ran.returncode == 1
        assert re.fullmatch(r"SDX:sdx\w+: ERROR: [ -~]+\n", ran.stderr)
        assert shell.document() == before


def status(shell):
    return json.loads(shell.done("sdxsim status --json"))


def test_rejoin_copies_what_changed_or_after_a_reboot_everything_and_status_shows_it(shell):
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done("sdxsim clock advance 5m")
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    shell.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    little = {c["volume"]: c["blocks"] for c in status(shell)["copies"]}
    assert max(little.values()) < 20_000
    shell.done("sdxsim clock advance 3s")
    assert status(shell)["copies"] == []
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    reboot(shell, 0)
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    shell.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    everything = {c["volume"]: c["blocks"] for c in status(shell)["copies"]}
    assert everything["Phome"] == 10_485_720
    assert sum(everything.values()) == 3591 * (584 + 1168 + 2920 + 292 + 1460 + 1752)


def standin(shell, line):
    """A stand-in as typed in the lab's environment."""
    script = f"{shell.done('sdxsim env')}\n{line}"
    return subprocess.run(["/bin/sh", "-c", script], env=shell.environ, capture_output=True, text=True, timeout=60)


def reboot(shell, target):
    assert standin(shell, "shutdown -y -g0 -i0").returncode == 0
    ran = standin(shell, f"boot /pci@1f,4000/scsi@3/disk@{target},0:a")
    assert ran.returncode == 0, ran
    return ran.stdout


def prepare_alternative(shell):
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    for name in ALL_PROXIES.split(","):
        shell.done(f"sdxattr -V -c System -v {name} -a mode=rw")
    shell.done(f"sdxvolume -N -c System -v {ALL_PROXIES}")
    for name in ("Proot", "Pusr", "Phome", "Pvar", "Popt"):
        assert standin(shell, f"fsck -y /dev/sfdsk/System/rdsk/{name}").returncode == 0
    shell.done("sdxproxy Root -c System -p Proxy1,Proxy2")
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")


def test_the_alternative_environment_boots_and_the_original_returns(shell):
    prepare_alternative(shell)
    reboot(shell, 2)
    mounted = standin(shell, "mount").stdout
    assert "/ on /dev/sfdsk/System/dsk/Proot " in mounted
    assert "/opt on /dev/sfdsk/System/dsk/Popt " in mounted
    now = status(shell)
    assert now["boot_environment"]["/"].endswith("/Proot")
    assert re.search(r"Proxy1\s+Proot1\s+Proot\s+ACTIVE", shell.done("sdxinfo -S -c System"))
    ran = shell.run("sdxvolume -F -c System -v Pusr")
    assert ran.stderr == "SDX:sdxvolume: ERROR: Pusr: in use\n"
    shell.done("sdxvolume -F -c System -v root,usr,home,swap,var,opt")
    reboot(shell, 0)
    assert "/ on /dev/sfdsk/System/dsk/root " in standin(shell, "mount").stdout
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")


HALTED_REFUSES = [
    "sdxinfo", "sdxinfo -S -c System", "sdxproxy Part -c System -p Proxy1", "sdxvolume -N -c System",
    "sdxdisk -R -c System -d Root1", "fsck -y /dev/sfdsk/System/rdsk/root", "mount", "umount /mnt",
    "chgrp sys /etc/vfstab", "sync", "shutdown -y -g0 -i0", "sdxinfo -z",
]  # fmt: skip


def test_at_the_ok_prompt_every_command_but_boot_refuses_in_one_line(shell):
    assert standin(shell, "boot").returncode == 1  # and boot is refused while it runs
    assert standin(shell, "shutdown -y -g0 -i0").returncode == 0
    before = shell.document()
    for line in HALTED_REFUSES:
        ran = standin(shell, line)
        assert ran.returncode == 1, line
        assert ran.stdout == "", line
        assert ran.stderr.count("\n") == 1, line
    assert shell.document() == before
    assert status(shell)["node"]["power"] == "obp"
    assert standin(shell, "boot").returncode == 0
    assert standin(shell, "mount").returncode == 0


def test_fsck_repairs_a_busy_snapshot_once_and_answers_swap_stopped_and_missing(shell):
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done("sdxvolume -F -c System -v Proot,Pvar")
    for name in ("Proot", "Pvar"):
        shell.done(f"sdxattr -V -c System -v {name} -a mode=rw")
    shell.done("sdxvolume -N -c System -v Proot,Pvar")
    for name in ("Proot", "Pvar"):
        first = shell.run(f"fsck-sim -y /dev/sfdsk/System/rdsk/{name}")
        assert first.returncode == 0
        assert "CORRECT BAD CG SUMMARIES?  yes\n" in first.stdout
        assert "***** FILE SYSTEM WAS MODIFIED *****" in first.stdout
        document = shell.document()
        second = shell.run(f"fsck-sim -y /dev/sfdsk/System/rdsk/{name}")
        assert second.returncode == 0
        assert "?" not in second.stdout
        assert "MODIFIED" not in second.stdout
        assert shell.document() == document
    swap = shell.run("fsck-sim -y /dev/sfdsk/System/rdsk/Pswap")
    assert swap.returncode == 0
    assert "BAD SUPERBLOCK AT BLOCK 16: MAGIC NUMBER WRONG" in swap.stdout
    shell.done("sdxvolume -F -c System -v Proot")
    stopped = shell.run("fsck-sim -y /dev/sfdsk/System/rdsk/Proot")
    assert stopped.returncode == 34
    assert "Can't open /dev/sfdsk/System/rdsk/Proot: No such device or address" in stopped.stdout + stopped.stderr
    missing = shell.run("fsck-sim -y /dev/sfdsk/System/rdsk/Pxxx")
    assert missing.returncode == 34
    assert "could not stat /dev/sfdsk/System/rdsk/Pxxx: No such file or directory" in missing.stdout + missing.stderr
