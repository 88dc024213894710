"""What a lab stands on: whom it belongs to, and whether it is another machine's disk."""

import os

import pytest

from sdxsim.store import ground
from sdxsim.store.ground import caution
from sdxsim.store.lab import look
from sdxsim.store.trouble import Trouble

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:{minor} / /home/o\\040dd rw,relatime shared:5 master:2 - {kind} server:/export rw,nolock
"""


@pytest.fixture
def remote(tmp_path, monkeypatch):
    """Tells what is said of a lab on a file system of that type, on the device number of a remote one."""

    class Stat:
        st_dev, st_uid = os.makedev(0, 77), os.geteuid()

    def said(kind, minor=77):
        (tmp_path / "mountinfo").write_text(MOUNTS.format(kind=kind, minor=minor))
        monkeypatch.setattr(ground.os, "stat", lambda path: Stat)
        try:
            return caution("/home/o dd/lab", str(tmp_path / "mountinfo"))
        finally:
            monkeypatch.undo()

    return said


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs"])
def test_a_lab_on_another_machines_disk_is_not_safe(remote, kind):
    safe = f"the lab at /home/o dd/lab is not safe: it is on {kind}, where locks may not hold and changes may be lost"
    assert remote(kind) == safe


def test_a_lab_on_a_disk_of_this_machine_is_safe(remote, tmp_path):
    assert remote("tmpfs") == ""
    assert remote("nfs", minor=78) == ""  # another mount
    assert caution(str(tmp_path)) == ""
    assert caution(str(tmp_path / "none")) == ""


def test_where_the_kernel_does_not_tell_nothing_is_said(remote, tmp_path):
    assert ground._kind(os.makedev(0, 77), str(tmp_path / "none")) == ""
    (tmp_path / "odd").write_text("1 2\n\n")
    assert ground._kind(os.makedev(0, 77), str(tmp_path / "odd")) == ""


def test_this_machines_own_table_is_understood():
    kinds = {ground._kind(os.stat(point).st_dev, "/proc/self/mountinfo") for point in ("/proc", "/sys")}
    assert kinds == {"proc", "sysfs"}


def test_root_is_warned_of_another_users_lab_by_writers_and_the_lab_tool_only(shell):
    if os.geteuid() != 0:
        pytest.skip("only root may give a lab away")
    os.chown(shell.state, 65534, 65534)
    warning = (
        f"the lab at {shell.state} is not safe: it belongs to another user, who may not be able to read what you change"
    )
    assert shell.done("sdxinfo -C")
    ran = shell.run("sdxattr -V -c System -v root -a lock=on")
    assert (ran.returncode, ran.stderr) == (0, f"SDX:sdxattr: WARNING: {warning} (sdxsim)\n")
    for line in ("status", "log", "undo"):
        ran = shell.run(f"sdxsim {line}")
        assert (ran.returncode, ran.stderr) == (0, f"sdxsim: warning: {warning}\n"), line
    assert shell.run("sync").stderr == f"sync: {warning} (sdxsim)\n"


def test_another_users_lab_is_refused_to_who_is_not_root(shell, monkeypatch):
    before, uid = shell.document(), os.stat(shell.state / "state.json").st_uid
    monkeypatch.setattr("sdxsim.store.lab.os.geteuid", lambda: uid + 12345)
    if uid == 0:  # root's files may be read by anybody who can
        os.chown(shell.state / "state.json", 54321, -1)
    with pytest.raises(Trouble, match="belongs to another user"):
        look(str(shell.state))
    assert shell.document() == before
