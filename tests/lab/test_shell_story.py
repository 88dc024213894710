"""The story of a backup as a trainee sees it: each look is `cat` of a real path in the lab shell.

/etc/passwd is changed, the alternative parted, /etc/vfstab damaged; the system does not come up, the alternative
does; it is restored as guide 6.4.6 has it, and the original device boots with the good file.
"""

import pytest
from test_shell import real, typed  # noqa: F401

MASTERS, PROXIES = "root,usr,home,swap,var,opt", "Proot,Pusr,Phome,Pswap,Pvar,Popt"
MASTER_DISK, PROXY_DISK = "/pci@1f,4000/scsi@3/disk@0,0:a", "/pci@1f,4000/scsi@3/disk@2,0:a"
QUIET = ">/dev/null"


def fsck(volumes):
    return [f"fsck -y /dev/sfdsk/System/rdsk/{v} {QUIET}" for v in volumes.split(",") if not v.endswith("swap")]


def each(shell, *lines, said=""):
    """Lines that have to succeed one by one; then what `said` prints."""
    return typed(shell, "\n".join(["set -e", *(line if "\n" in line else f"{line} {QUIET}" for line in lines), said]))


@pytest.fixture
def saved(real):  # noqa: F811
    """The alternative is running; `good` is /etc/vfstab as it was before the damage."""
    real.good = each(
        real,
        "echo 'engineer:x:300:10::/home/engineer:/bin/sh' >>/etc/passwd\nsync",
        "sdxproxy Part -c System -p Proxy1,Proxy2",
        f"sdxvolume -F -c System -v {PROXIES}",
        *(f"sdxattr -V -c System -v {v} -a mode=rw" for v in PROXIES.split(",")),
        f"sdxvolume -N -c System -v {PROXIES}",
        *fsck(PROXIES),
        "sdxproxy Root -c System -p Proxy1,Proxy2",
        said="cat /etc/vfstab",
    )
    out = typed(real, "echo damaged >/etc/vfstab; cat /etc/vfstab; shutdown -y -g0 -i0 >/dev/null; boot 2>&1; true")
    assert out.startswith("damaged\n")
    assert "failed to mount /" in out, "the system does not come up"
    # where it stops is not our story: at the ok prompt, or where somebody may repair it
    typed(real, f"boot {PROXY_DISK} >/dev/null 2>&1 || {{ shutdown -y -g0 -i0; boot {PROXY_DISK}; }} >/dev/null")
    return real


def turned_round(shell):
    each(
        shell,
        f"sdxvolume -F -c System -v {MASTERS}",
        "sdxproxy Break -c System -p Proxy1",
        "sdxproxy Break -c System -p Proxy2",
        "sdxproxy Relate -c System -m Proxy1 -p Group1",
        "sdxproxy Relate -c System -m Proxy2 -p Group2",
        "sdxproxy Rejoin -c System -p Group1,Group2",
    )


def statuses(shell, volume):
    rows = typed(shell, f"sdxinfo -S -c System -o {volume}").splitlines()[2:]
    return [row.split()[-1] for row in rows]


def test_the_story(saved):
    old = typed(saved, "cat /etc/vfstab")
    assert old == saved.good.replace("/dsk/", "/dsk/P").replace("/rdsk/", "/rdsk/P")
    assert "engineer" in typed(saved, "cat /etc/passwd")
    turned_round(saved)
    each(saved, "sdxsim wait", "sync", "sdxproxy Part -c System -p Group1,Group2", *fsck(MASTERS),
         "sdxproxy Root -c System -p Group1,Group2", f"sdxvolume -F -c System -v {MASTERS}",
         "shutdown -y -g0 -i0", f"boot {MASTER_DISK}")  # fmt: skip
    assert typed(saved, "cat /etc/vfstab") == saved.good
    assert "engineer" in typed(saved, "cat /etc/passwd")


def test_power_is_lost_in_the_middle_of_the_copy(saved):
    old = typed(saved, "cat /etc/vfstab")
    turned_round(saved)
    typed(saved, f"sdxsim clock advance 1m {QUIET}")
    assert statuses(saved, "root") == ["COPY", "COPY"]
    typed(saved, f"sdxsim fault power {QUIET}")
    assert typed(saved, "ls /home") == "", "the node is down, and shows nothing"
    typed(saved, f"boot {PROXY_DISK} {QUIET}")
    # nothing is half-restored in silence: what is half-copied cannot be used, and the statuses say so
    assert set(statuses(saved, "root")) <= {"INVALID", "COPY"}
    assert typed(saved, "cat /etc/vfstab") == old, "the alternative is as it was"
    ran = saved.run(["sdxsim", "shell", "-c", "mount -F ufs /dev/sfdsk/System/dsk/root /mnt; ls /mnt"])
    assert ran.stdout == "" and ran.stderr.startswith("mount: "), "the half of a copy is not mounted"
    # the copy begins again, and is whole in the end
    each(saved, "sdxsim wait")
    assert statuses(saved, "root") == ["STOP", "STOP"]
    each(saved, "sync", "sdxproxy Part -c System -p Group1,Group2", *fsck(MASTERS),
         "sdxproxy Root -c System -p Group1,Group2", f"sdxvolume -F -c System -v {MASTERS}",
         "shutdown -y -g0 -i0", f"boot {MASTER_DISK}")  # fmt: skip
    assert typed(saved, "cat /etc/vfstab") == saved.good


def test_a_copy_that_is_given_up_is_told_by_statuses_and_fsck(saved):
    turned_round(saved)
    typed(saved, f"sdxsim clock advance 1m {QUIET}")
    typed(saved, f"sdxproxy Break -c System -p Group1 -e force {QUIET}")
    assert statuses(saved, "root") == ["INVALID", "INVALID"]
    each(saved, "sdxfix -V -c System -d Root1 -v root", "sdxvolume -N -c System -v root -e nosync")
    ran = saved.run(["sdxsim", "shell", "-c", "mount -F ufs /dev/sfdsk/System/dsk/root /mnt"])
    assert ran.returncode == 32
    assert saved.run(["sdxsim", "shell", "-c", "fsck -m /dev/sfdsk/System/rdsk/root"]).returncode == 32
    out = typed(saved, "fsck -y /dev/sfdsk/System/rdsk/root || test $? = 36; fsck -y /dev/sfdsk/System/rdsk/root; "
                       "mount -F ufs /dev/sfdsk/System/dsk/root /mnt && cat /mnt/generation")  # fmt: skip
    assert "Can't roll the log" in out and out.endswith("/ generation 1\n")
