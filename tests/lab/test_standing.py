"""Where somebody stands in a lab's shell counts for the host's commands: relative names, and what is busy."""

import os

import pytest

from sdxsim.store.place import ROOT, standing

WALK = (
    "cd {root}/etc && chgrp root vfstab && chgrp sys ../etc/passwd && cd {root}/home/user1 && df -k . | tail -1; "
    "umount /home; cd {root}/mnt && mount -F ufs /dev/sfdsk/System/dsk/home /mnt; cd / && umount /home && mount /home"
)


def walked(shell, root, *options):
    ran = shell.run(["sdxsim", "shell", *options, "-c", WALK.format(root=root)])
    assert ran.returncode == 0 and ran.stdout.endswith("/home\n"), ran
    said = [line for line in ran.stderr.splitlines() if not line.startswith("sdxsim: paths are")]
    assert said == ["umount: /home busy", "mount: /dev/sfdsk/System/dsk/home is already mounted or /mnt is busy"]


def test_at_real_paths(possible, shell):
    walked(shell, "")


def test_below_the_prefix(shell):
    walked(shell, "$SDXSIM_ROOT", "--prefix")


def test_outside_the_nodes_files_it_is_the_nodes_root(possible, shell):
    ran = shell.run(["sdxsim", "shell", "-c", "cd /.host/tmp && chgrp root etc/vfstab && chgrp root vfstab"])
    assert (ran.returncode, ran.stderr) == (1, "chgrp: vfstab: No such file or directory\n")


@pytest.mark.parametrize(
    ("root", "below", "expected"),
    [("top", "top/etc", "/etc"), ("top", "top", "/"), ("top", ".", "/"), ("top", "topper", "/"), (None, "top/etc", "/")],
)
def test_what_this_process_stands_in(tmp_path, monkeypatch, root, below, expected):
    for name in ("top/etc", "topper"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / below)
    assert standing({ROOT: f"{tmp_path}/{root}"} if root else {}) == expected
    os.symlink(tmp_path / "top", tmp_path / "link")
    if root:
        assert standing({ROOT: f"{tmp_path}/link"}) == expected


def test_a_directory_that_is_gone_is_the_nodes_root(tmp_path, monkeypatch):
    (tmp_path / "top").mkdir()
    monkeypatch.chdir(tmp_path / "top")
    os.rmdir(tmp_path / "top")
    assert standing({ROOT: f"{tmp_path}/top"}) == "/"
