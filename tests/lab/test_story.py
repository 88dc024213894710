"""The story of a backup: data are seen to be saved, lost and restored, through files on a live tree.

Change /etc/passwd, Part, damage /etc/vfstab, fail to boot, boot the alternative, see the old file, restore as
guide 6.4.6 and the shipped runbook restoring-system have it, boot the original, see the good file.
"""

import pytest
from conftest import MINUTE

from sdxsim.execute import execute
from sdxsim.lab.mishap import met
from sdxsim.lab.scenarios import load
from sdxsim.live import tree
from sdxsim.model.queries import find_volume
from sdxsim.model.status import OBP
from sdxsim.rules.copying import settle
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.lab import look

MASTERS, PROXIES = "root,usr,home,swap,var,opt", "Proot,Pusr,Phome,Pswap,Pvar,Popt"
MASTER_DISK, PROXY_DISK = "/pci@1f,4000/scsi@3/disk@0,0:a", "/pci@1f,4000/scsi@3/disk@2,0:a"


class Host:
    """A lab on disk and its live tree; commands in process, each a turn as a process would take it."""

    def __init__(self, path):
        lab = load("backing-up")
        create(path, lab._replace(clock=lab.clock._replace(mode="frozen")), {"argv": ["made"]})
        tree.make(path)
        self.path, self.live = path, tree.directory(path, "node1")

    def turn(self, change):
        tree.harvest(self.path)
        opened = look(self.path)
        lab = opened.document.lab
        changed, answer = change(lab, lab.clock.virtual)
        if changed is not lab:
            with locked(self.path):
                commit(self.path, opened, changed, {"argv": ["story"]})
        opened.close()
        tree.show(self.path)
        return answer

    def typed(self, *lines, status=0):
        """The standard output of the last line."""
        out = ""
        for line in lines:

            def change(lab, now, line=line):
                outcome = execute(lab, line.split(), now)
                assert outcome.status == status, (line, outcome[1:])
                return outcome.lab, outcome.stdout

            out = self.turn(change)
        return out

    def broken(self, words):
        self.turn(lambda lab, now: met(lab, words.split(), None, None, now))

    def later(self, ms):
        def change(lab, now):
            moved = lab._replace(clock=lab.clock._replace(virtual=now + ms))
            return settle(moved, now + ms), None

        self.turn(change)

    def cat(self, path):
        with open(f"{self.live}{path}") as file:
            return file.read()

    def edit(self, path, text, how="w"):
        with open(f"{self.live}{path}", how) as file:
            file.write(text)

    def lab(self):
        opened = look(self.path)
        opened.close()
        lab = opened.document.lab
        return settle(lab, lab.clock.virtual)

    def statuses(self, volume):
        return [s.status for s in find_volume(self.lab(), "System", volume).slices]


@pytest.fixture
def host(scratch):
    """The alternative environment is made; /etc/passwd was changed before, /etc/vfstab is damaged after."""
    host = Host(str(scratch / "lab"))
    host.edit("/etc/passwd", "engineer:x:300:10::/home/engineer:/bin/sh\n", "a")
    host.typed("sync", "sdxproxy Part -c System -p Proxy1,Proxy2", f"sdxvolume -F -c System -v {PROXIES}")
    host.typed(*(f"sdxattr -V -c System -v {v} -a mode=rw" for v in PROXIES.split(",")))
    host.typed(f"sdxvolume -N -c System -v {PROXIES}")
    host.typed(*(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in PROXIES.split(",") if v != "Pswap"))
    host.typed("sdxproxy Root -c System -p Proxy1,Proxy2")
    host.good = host.cat("/etc/vfstab")
    host.edit("/etc/vfstab", "damaged\n")
    host.typed("shutdown -y -g0 -i0")
    out = host.turn(lambda lab, now: execute(lab, ["boot"], now)[:2])
    assert "ERROR: svc:/system/filesystem/root:default failed to mount / (see 'svcs -x' for details)\n" in out
    if host.lab().nodes["node1"].power != OBP:  # it stopped where somebody may repair it
        host.typed("shutdown -y -g0 -i0")
    host.typed(f"boot {PROXY_DISK}")
    return host


def turned_round(host):
    host.typed(f"sdxvolume -F -c System -v {MASTERS}")
    host.typed("sdxproxy Break -c System -p Proxy1", "sdxproxy Break -c System -p Proxy2")
    host.typed("sdxproxy Relate -c System -m Proxy1 -p Group1", "sdxproxy Relate -c System -m Proxy2 -p Group2")
    host.typed("sdxproxy Rejoin -c System -p Group1,Group2")


def test_the_story(host):
    assert host.cat("/etc/vfstab") == host.good.replace("/dsk/", "/dsk/P").replace("/rdsk/", "/rdsk/P")
    assert "engineer" in host.cat("/etc/passwd")
    turned_round(host)
    host.later(60 * MINUTE)
    host.typed("sync", "sdxproxy Part -c System -p Group1,Group2")
    host.typed(*(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in MASTERS.split(",") if v != "swap"))
    host.typed("sdxproxy Root -c System -p Group1,Group2", f"sdxvolume -F -c System -v {MASTERS}")
    host.typed("shutdown -y -g0 -i0", f"boot {MASTER_DISK}")
    assert host.cat("/etc/vfstab") == host.good
    assert "engineer" in host.cat("/etc/passwd")
    # group root is what Root's note tells; the page gives it back to sys
    assert find_volume(host.lab(), "System", "root").data.files["/etc/vfstab"].group == "root"
    host.typed("chgrp sys /etc/vfstab")
    assert find_volume(host.lab(), "System", "root").data.files["/etc/vfstab"].group == "sys"


def test_power_is_lost_in_the_middle_of_the_copy(host):
    turned_round(host)
    host.later(MINUTE)
    assert host.statuses("root") == ["COPY", "COPY"]
    host.broken("power")
    mix = find_volume(host.lab(), "System", "root").data
    kinds = {d.kind for d in mix.defects}
    assert "log.bad" in kinds, "what came so far is no file system one can use"
    # /etc/system had come over, so that also the original disk leads to the proxies: none of the mix is in use
    host.typed(f"boot {MASTER_DISK}")
    assert "/dev/sfdsk/System/dsk/Proot - / ufs" in host.typed("mount -p")
    assert "P" in host.cat("/etc/vfstab").split("/dev/sfdsk/System/dsk/")[1]
    # the copy begins again, and is whole in the end
    assert host.statuses("root") == ["COPY", "COPY"]
    host.later(60 * MINUTE)
    assert host.statuses("root") == ["STOP", "STOP"]
    assert find_volume(host.lab(), "System", "root").data.files["/etc/vfstab"].text == host.cat("/etc/vfstab")


def test_a_copy_that_is_given_up_leaves_what_fsck_has_to_tell(host):
    turned_round(host)
    host.later(MINUTE)
    host.typed("sdxproxy Break -c System -p Group1 -e force")
    assert host.statuses("root") == ["INVALID", "INVALID"]
    host.typed("sdxfix -V -c System -d Root1 -v root", "sdxvolume -N -c System -v root -e nosync")
    host.typed("mount -F ufs /dev/sfdsk/System/dsk/root /mnt", status=32)
    out = host.typed("fsck -m /dev/sfdsk/System/rdsk/root", status=32)
    assert out.startswith("** ")
    out = host.turn(lambda lab, now: _either(execute(lab, ["fsck", "-y", "/dev/sfdsk/System/rdsk/root"], now)))
    assert "Can't roll the log" in out and "CORRECT BAD CG SUMMARIES" in out
    host.turn(lambda lab, now: _either(execute(lab, ["fsck", "-y", "/dev/sfdsk/System/rdsk/root"], now)))
    host.typed("mount -F ufs /dev/sfdsk/System/dsk/root /mnt")
    assert tree.show(host.path) == ()


@pytest.mark.parametrize("lost", ["disk", "copy-source"])
def test_a_copy_that_loses_its_drives_leaves_what_it_had_come_to(host, lost):
    """Neither the old file system nor the new one, as when the power is lost."""
    turned_round(host)
    old, new = (find_volume(host.lab(), "System", name).data.files for name in ("root", "Proot"))
    host.later(MINUTE)
    for words in (("disk System/Root1 fail", "disk System/Root2 fail") if lost == "disk" else ("copy-source System root",)):
        host.broken(words)
    assert host.statuses("root") == ["INVALID", "INVALID"]
    mixed = find_volume(host.lab(), "System", "root").data
    assert mixed.files not in (old, new) and mixed.defects


def _either(outcome):
    assert outcome.status in (0, 36), outcome[1:]
    return outcome.lab, outcome.stdout
