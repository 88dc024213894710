"""Live trees: what people do to the files of a running node gets into the volumes, and nothing else does."""

import json
import os
import stat
import sys
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.live import ground, tree
from sdxsim.model.queries import find_volume, with_volumes
from sdxsim.model.records import File, Tree
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.lab import look
from sdxsim.store.trouble import Trouble, Uncertain

V = "Proot,Pusr,Phome,Pswap,Pvar,Popt"
OPENED = [
    "sdxproxy Part -c System -p Proxy1,Proxy2", f"sdxvolume -F -c System -v {V}",
    *(f"sdxattr -V -c System -v {v} -a mode=rw" for v in V.split(",")), f"sdxvolume -N -c System -v {V}",
    *(f"fsck -y /dev/sfdsk/System/rdsk/{v}" for v in V.split(",") if v != "Pswap"),
]  # fmt: skip


class Place:
    """A lab on disk with live trees; commands are typed in process, each a harvest, a commit and a showing."""

    def __init__(self, path, lines=()):
        lab = load("backing-up")
        self.path = path
        for line in lines:
            lab = execute(lab, line.split(), lab.clock.virtual).lab
        create(path, lab, {"argv": ["made"]})
        tree.make(path)
        self.live = tree.directory(path, "node1")

    def lab(self):
        opened = look(self.path)
        opened.close()
        return opened.document.lab

    def seq(self):
        opened = look(self.path)
        opened.close()
        return opened.document.seq

    def typed(self, line, status=0):
        told = list(tree.harvest(self.path))
        opened = look(self.path)
        outcome = execute(opened.document.lab, line.split(), opened.document.lab.clock.virtual)
        assert outcome.status == status, outcome[1:]
        if outcome.lab is not opened.document.lab:
            with locked(self.path):
                commit(self.path, opened, outcome.lab, {"argv": line.split()})
        opened.close()
        return told + list(tree.show(self.path))

    def held(self, volume):
        return find_volume(self.lab(), "System", volume).data.files

    def write(self, path, text, how="w"):
        with open(f"{self.live}{path}", how) as file:
            file.write(text)

    def read(self, path):
        with open(f"{self.live}{path}", errors="surrogateescape") as file:
            return file.read()


@pytest.fixture
def place(scratch):
    return Place(str(scratch / "lab"))


@pytest.fixture
def opened(scratch):
    return Place(str(scratch / "lab"), OPENED)


def shown(path):
    """{path: (kind, content)} of what stands in a directory."""
    found = {}
    for at, directories, files in os.walk(path):
        inside = at[len(path) :]
        for name in (*directories, *files):
            full = f"{at}/{name}"
            if os.path.islink(full):
                found[f"{inside}/{name}"] = ("link", os.readlink(full))
            elif os.path.isdir(full):
                found[f"{inside}/{name}"] = ("dir", "")
            else:
                with open(full, encoding="utf-8", errors="surrogateescape", newline="") as file:
                    found[f"{inside}/{name}"] = ("file", file.read())
    return found


def test_the_name_space_is_shown_as_it_is_mounted(place):
    volumes = {"": "root", "/usr": "usr", "/var": "var", "/home": "home", "/opt": "opt"}
    there = shown(place.live)
    for point, volume in volumes.items():
        for path, file in place.held(volume).items():
            full = point + path
            if full not in volumes:
                assert there[full] == (file.kind, file.text)
                if file.kind == "file":
                    assert stat.S_IMODE(os.stat(place.live + full).st_mode) == file.mode & 0o777 | 0o400
    assert stat.S_IMODE(os.stat(place.path + "/live").st_mode) == 0o700


def test_nothing_touched_is_no_commit_and_no_lock(place, monkeypatch):
    before = place.seq()
    for node in ("node1",):
        os.utime(f"{place.path}/live/.{node}.json")
    tree.show(place.path)
    monkeypatch.setattr(tree, "_RACY", 0)
    tree.show(place.path)
    monkeypatch.setattr(tree, "locked", lambda path: pytest.fail("it took the lock"))
    assert tree.harvest(place.path) == ()
    assert place.seq() == before


def test_edits_go_into_the_volumes_they_belong_to(place):
    before = place.seq()
    place.write("/etc/passwd", "extra:x:1:1::/:/bin/sh\n", "a")
    place.write("/var/app/journal", "")
    os.makedirs(f"{place.live}/home/user2/deep")
    place.write("/home/user2/deep/odd \n\x1b[31m name", "text")
    os.unlink(f"{place.live}/opt/app/etc/app.conf")
    os.symlink("/etc/passwd", f"{place.live}/usr/link")
    os.chmod(f"{place.live}/usr/share/motd", 0o600)
    os.rename(f"{place.live}/opt/app/bin", f"{place.live}/opt/app/sbin")
    with open(os.fsencode(f"{place.live}/usr/") + b"\xff", "wb") as file:
        file.write(b"\x00\xfe\xff")
    now = shown(place.live)
    assert tree.harvest(place.path) == ()
    assert place.seq() == before + 1
    assert place.held("root")["/etc/passwd"].text.endswith("extra:x:1:1::/:/bin/sh\n")
    assert place.held("root")["/etc/passwd"].group == "sys"
    assert place.held("var")["/app/journal"].text == ""
    assert place.held("home")["/user2/deep/odd \n\x1b[31m name"].text == "text"
    assert "/app/etc/app.conf" not in place.held("opt")
    assert place.held("usr")["/link"][:] == File("/etc/passwd", 0o777, mtime=place.held("usr")["/link"].mtime, kind="link")
    assert place.held("usr")["/share/motd"].mode == 0o600
    assert "/app/bin/app" not in place.held("opt") and place.held("opt")["/app/sbin/app"].mode == 0o755
    assert place.held("usr")["/\udcff"].text.encode("utf-8", "surrogateescape") == b"\x00\xfe\xff"
    assert tree.show(place.path) == () and shown(place.live) == now
    assert place.seq() == before + 1


def test_space_and_jrm_follow(opened):
    before = find_volume(opened.lab(), "System", "home").data
    recorded = _recorded(opened, "Phome")
    opened.write("/home/big", "x" * 100_000)
    tree.harvest(opened.path)
    after = find_volume(opened.lab(), "System", "home").data
    assert after.used - before.used == 98 and after.inodes == before.inodes + 1
    assert before.frags + 8 * before.blocks - after.frags - 8 * after.blocks == 98
    assert _recorded(opened, "Phome") - recorded == 196 + 16


def _recorded(place, proxy):
    pairs = [p for r in place.lab().classes["System"].relations for p in r.pairs if p.proxy == proxy]
    return pairs[0].tracking.extra


def test_mounts_come_and_go(opened):
    assert os.listdir(f"{opened.live}/mnt") == []
    opened.typed("mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt")
    opened.write("/mnt/etc/vfstab", "edited\n", "a")
    opened.write("/mnt/mine", "new")
    assert opened.typed("umount /mnt") == []
    assert os.listdir(f"{opened.live}/mnt") == []
    assert opened.held("Proot")["/etc/vfstab"].text.endswith("edited\n") and "/mine" in opened.held("Proot")
    assert "/mnt/mine" not in opened.held("root")
    opened.typed("shutdown -y -g0 -i0")
    assert os.listdir(opened.live) == []
    opened.typed("boot /pci@1f,4000/scsi@3/disk@0,0:a")
    assert opened.read("/etc/passwd").startswith("root:")


def test_what_lies_below_a_mount_is_covered_and_comes_back(opened):
    opened.write("/mnt/below", "still there")
    opened.typed("mount -F ufs /dev/sfdsk/System/dsk/Popt /mnt")
    assert not os.path.exists(f"{opened.live}/mnt/below") and os.path.exists(f"{opened.live}/mnt/app/bin/app")
    opened.typed("umount /mnt")
    assert opened.read("/mnt/below") == "still there"


def test_an_edit_whose_durability_is_in_doubt_is_told(place, monkeypatch):
    place.write("/etc/passwd", "edited")
    real = tree.commit

    def doubtful(*arguments):
        real(*arguments)
        raise Uncertain("the change was made but may not outlive a power failure: told")

    monkeypatch.setattr(tree, "commit", doubtful)
    (told,) = tree.harvest(place.path)
    assert told.endswith("told") and place.held("root")["/etc/passwd"].text == "edited"


# -- edits that are not taken ---------------------------------------------------------------------------------------


def left(place):
    try:
        return sorted(os.listdir(f"{place.path}/left"))
    except FileNotFoundError:
        return []


def test_a_write_locked_file_system_is_not_written_and_the_edit_is_kept_aside(opened):
    opened.typed("lockfs -w /opt")
    before = opened.read("/opt/records") if os.path.exists(f"{opened.live}/opt/records") else None
    opened.write("/opt/records", "mine")
    told = opened.typed("lockfs -u /opt")
    assert told[0] == "the edit of /opt/records was left out: its file system is write-locked"
    assert left(opened) == ["1-opt_records"]
    opened.write("/opt/records", "again")
    assert opened.typed("sync") == []
    assert opened.read("/opt/records") == "again" != before


def test_a_read_only_mount_is_not_written_and_the_edit_is_kept_aside(opened):
    opened.typed("mount -F ufs -o ro /dev/sfdsk/System/dsk/Proot /mnt")
    before = opened.read("/mnt/etc/system")
    opened.write("/mnt/etc/system", "mine")
    os.unlink(f"{opened.live}/mnt/etc/passwd")
    told = opened.typed("sync")
    assert told[0] == "the edit of /mnt/etc/passwd was left out: its file system is mounted read-only"
    assert told[1] == "the edit of /mnt/etc/system was left out: its file system is mounted read-only"
    assert opened.read("/mnt/etc/system") == before and os.path.exists(f"{opened.live}/mnt/etc/passwd")
    assert left(opened) == ["1-mnt_etc_system"]
    assert open(f"{opened.path}/left/1-mnt_etc_system").read() == "mine"
    assert opened.typed("sync") == []


def test_devices_pipes_and_other_peoples_files_are_left_out(place, scratch):
    secret = scratch / "secret"
    secret.write_text("not for the lab")
    os.mkfifo(f"{place.live}/etc/pipe")
    try:
        os.link(secret, f"{place.live}/etc/hard")
    except OSError:
        pytest.skip("another file system")
    told = tree.harvest(place.path)
    assert len([s for s in told if "left out" in s]) == 2
    assert "/etc/pipe" not in place.held("root") and "/etc/hard" not in place.held("root")
    assert secret.read_text() == "not for the lab" and secret.stat().st_nlink == 2
    assert len(left(place)) == 2 and not os.path.lexists(f"{place.live}/etc/pipe")


of_root = pytest.mark.skipif(not ground.owners(), reason="only root can give files away")


def owned(place, path):
    about = os.lstat(f"{place.live}{path}")
    return about.st_uid, about.st_gid


@of_root
def test_files_are_seen_as_their_owners_and_groups(opened):
    assert owned(opened, "/etc/vfstab") == (0, 3) and owned(opened, "/var/app/journal") == (201, 10)
    opened.typed("mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt")
    assert owned(opened, "/mnt/etc/vfstab") == (0, 3)
    opened.typed("chgrp 0 /mnt/etc/vfstab")
    seq = opened.seq()
    assert owned(opened, "/mnt/etc/vfstab") == (0, 0) and owned(opened, "/etc/vfstab") == (0, 3)
    opened.typed("chgrp sys /mnt/etc/vfstab")
    assert owned(opened, "/mnt/etc/vfstab") == (0, 3)
    assert opened.seq() == seq + 1  # showing is no edit


@of_root
def test_files_that_are_given_away_belong_to_others_in_the_volume(place):
    os.chown(f"{place.live}/etc/vfstab", 201, 12345)
    os.chown(f"{place.live}/etc/default", 3, 3)
    place.write("/etc/new", "mine")
    os.chown(f"{place.live}/etc/new", 101, 10)
    os.symlink("new", f"{place.live}/etc/link")
    os.chown(f"{place.live}/etc/link", 2, 2, follow_symlinks=False)
    place.write("/etc/passwd.new", "root:x:0:0::/:/sbin/sh\n")
    os.rename(f"{place.live}/etc/passwd.new", f"{place.live}/etc/passwd")  # as mv does
    before = place.held("root")
    assert tree.harvest(place.path) == ()
    held = place.held("root")
    assert (held["/etc/vfstab"].owner, held["/etc/vfstab"].group) == ("app", "12345")
    assert held["/etc/vfstab"].mtime == before["/etc/vfstab"].mtime
    assert (held["/etc/default"].owner, held["/etc/default"].group) == ("sys", "sys")
    assert (held["/etc/new"].owner, held["/etc/new"].group) == ("user1", "staff")
    assert (held["/etc/link"].owner, held["/etc/link"].group) == ("bin", "bin")
    assert (held["/etc/passwd"].owner, held["/etc/passwd"].group) == ("root", "root")
    seq = place.seq()
    assert tree.show(place.path) == () and place.seq() == seq
    assert owned(place, "/etc/vfstab") == (201, 12345)
    tree.show(place.path)
    assert place.seq() == seq and place.held("root")["/etc/vfstab"].owner == "app"  # though passwd forgot the number


def test_where_files_cannot_be_given_away_they_are_ours_and_nothing_is_made_of_it(place, monkeypatch):
    monkeypatch.setattr(tree, "owners", lambda: False)
    os.chmod(f"{place.live}/etc/hosts", 0o600)
    place.write("/etc/new", "mine")
    before = place.held("root")
    assert tree.show(place.path) == ()
    held = place.held("root")
    assert held["/etc/hosts"] == before["/etc/hosts"]._replace(mode=0o600)
    assert (held["/etc/new"].owner, held["/etc/new"].group) == ("root", "root")
    seq = place.seq()
    monkeypatch.undo()
    tree.show(place.path)  # by root, after it was shown by somebody else
    assert place.seq() == seq


def test_names_of_one_file_within_the_tree_are_files(place):
    os.link(f"{place.live}/etc/hosts", f"{place.live}/etc/hosts2")
    assert tree.harvest(place.path) == ()
    assert place.held("root")["/etc/hosts2"].text == place.held("root")["/etc/hosts"].text


def test_links_are_never_followed(place, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "passwd").write_text("the host's own")
    (outside / "keep").write_text("me")
    os.rename(f"{place.live}/etc", f"{place.live}/etc.old")
    os.symlink(outside, f"{place.live}/etc")
    os.symlink(outside, f"{place.live}/var/out")
    assert tree.harvest(place.path) == ()
    assert place.held("root")["/etc"].kind == "link" and "/etc/keep" not in place.held("root")
    assert place.held("root")["/etc.old/passwd"].text.startswith("root:")
    assert sorted(p.name for p in outside.iterdir()) == ["keep", "passwd"]
    os.unlink(f"{place.live}/etc")
    os.rename(f"{place.live}/etc.old", f"{place.live}/etc")
    tree.show(place.path)
    assert (outside / "passwd").read_text() == "the host's own"
    assert place.held("root")["/etc/passwd"].text.startswith("root:")


def test_what_no_file_system_can_hold_stays_in_its_volume_whatever_the_document_says(place, tmp_path):
    outside = tmp_path / "keep"
    outside.write_text("mine")
    impossible = {
        "/etc/empty": File("", 0o777, kind="link"),
        "/etc/nul": File("a\0b", 0o777, kind="link"),
        "/etc/far": File("x" * 4096, 0o777, kind="link"),
        "/etc/passwd/below": File("a file has nothing below it"),
        "/etc/out/keep": File("theirs"),
        f"/etc/{'m' * 256}": File("a long name"),
        "/d" * 33: File("deep"),
    }
    possible = {
        "/etc/out": File(str(tmp_path), 0o777, kind="link"),
        f"/etc/{'n' * 255}": File("as long as can be"),
        "/.node1.json": File("a name of ours elsewhere"),
        "/etc/line\nend\x1b[2J": File("any name"),
    }
    opened = look(place.path)
    root = find_volume(opened.document.lab, "System", "root")
    rows = {**Tree.of(root.data.files).rows, **impossible, **possible}
    root = root._replace(data=root.data._replace(files=Tree.of(dict(sorted(rows.items())))))
    with locked(place.path):
        commit(place.path, opened, with_volumes(opened.document.lab, "System", [root]), {"argv": ["hostile"]})
    opened.close()
    assert tree.show(place.path) == ()
    stands = shown(place.live)
    assert not impossible.keys() & stands.keys() and possible.keys() <= stands.keys()
    assert outside.read_text() == "mine" and os.listdir(tmp_path) == ["keep"]
    seq = place.seq()
    place.write("/etc/passwd", "edited\n")
    assert tree.harvest(place.path) == () and place.seq() == seq + 1  # and nothing is taken for removed
    assert rows.keys() == place.held("root").keys()


@pytest.mark.parametrize("what", ["live", "live/node1", "live/.node1.json"])
def test_the_tree_itself_may_be_no_link(place, tmp_path, what):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_text("mine")
    os.rename(f"{place.path}/{what}", f"{place.path}/moved")
    os.symlink(outside if what[-1] != "n" else outside / "x", f"{place.path}/{what}")
    try:
        tree.show(place.path)
    except Trouble:
        pass
    assert (outside / "x").read_text() == "mine" and os.listdir(outside) == ["x"]


def test_a_tree_of_which_nobody_knows_what_was_shown_is_put_aside_whole(place):
    place.write("/etc/passwd", "mine")
    place.write("/../.node1.json", "{")
    before = place.seq()
    (told,) = tree.show(place.path)
    assert "nobody knows what it is" in told
    assert place.seq() == before and place.read("/etc/passwd").startswith("root:")
    assert open(f"{place.path}/left/{left(place)[0]}/etc/passwd").read() == "mine"


@pytest.mark.parametrize("spoil", [
    lambda note: note.update(rows={p: [*r[:3], ["x"]] for p, r in note["rows"].items()}),
    lambda note: note.update(rows={p: [*r[:3], []] for p, r in note["rows"].items()}),
    lambda note: note.update(mounts=[["/"]]),
    lambda note: note.update(format=2),
    lambda note: note.update(next=7),
    lambda note: note.pop("at"),
])  # fmt: skip
def test_whatever_stands_in_the_notes_nothing_is_made_up(place, spoil):
    file = f"{place.path}/live/.node1.json"
    with open(file) as opened:
        note = json.load(opened)
    spoil(note)
    with open(file, "w") as opened:
        json.dump(note, opened)
    before = place.lab()
    tree.show(place.path)
    assert place.lab() == before and place.read("/etc/passwd").startswith("root:")


def test_a_vanished_tree_is_no_mass_of_deletions(place):
    import shutil

    shutil.rmtree(place.live)
    assert tree.show(place.path) == ()
    assert place.read("/etc/passwd").startswith("root:") and "/etc/passwd" in place.held("root")


# -- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 1])
def test_the_largest_file(place, monkeypatch, more):
    monkeypatch.setattr(tree, "FILE", 5000)
    monkeypatch.setattr(ground, "FILE", 5000)
    place.write("/home/large", "x" * (5000 + more))
    told = tree.harvest(place.path)
    assert bool(told) == bool(more) and ("/large" in place.held("home")) == (not more)


@pytest.mark.parametrize("more", [0, 1])
def test_all_that_is_read_at_a_time(place, monkeypatch, more):
    monkeypatch.setattr(tree, "TOTAL", 9000)
    place.write("/home/a", "x" * 4500)
    place.write("/home/b", "x" * (4500 + more))
    told = tree.harvest(place.path)
    assert bool(told) == bool(more) and len({"/a", "/b"} & set(place.held("home"))) == 2 - more


def test_more_files_than_there_may_be_stop_the_harvest_and_nothing_is_lost(place, monkeypatch):
    place.write("/etc/passwd", "edited")
    with monkeypatch.context() as m:
        m.setattr(ground, "ENTRIES", 5)
        with pytest.raises(Trouble, match="more than 5 files: take some away there"):
            tree.harvest(place.path)
    assert place.read("/etc/passwd") == "edited"
    tree.harvest(place.path)
    assert place.held("root")["/etc/passwd"].text == "edited"


def test_what_is_too_deep_or_too_long_is_left_out_and_kept(place):
    deep, long_ = "/opt" + "/d" * 31, "/var" + f"/{'n' * 255}" * 3
    for path in (deep, long_):
        os.makedirs(f"{place.live}{path}")
    place.write(f"{deep}/file", "too deep")  # the 33rd
    os.makedirs(f"{place.live}{deep}/more/and/more")
    place.write(f"{deep}/more/and/more/file", "deeper")
    os.mkdir(f"{place.live}{long_}/\u00e9{'n' * 253}")  # 1,027 bytes
    place.write(f"{long_}/last", "fits")
    place.write("/etc/passwd", "edited")
    told = tree.show(place.path)
    assert sum("was left out: 32 directories in each other" in sentence for sentence in told) == 3
    assert place.held("root")["/etc/passwd"].text == "edited"
    opt, var = place.held("opt"), place.held("var")
    assert deep[4:] in opt and f"{deep[4:]}/more" not in opt and f"{deep[4:]}/file" not in opt
    assert var[f"{long_[4:]}/last"].text == "fits" and sum("n" * 255 in path for path in var) == 4
    kept = shown(f"{place.path}/left")
    assert sorted(text for kind, text in kept.values() if kind == "file") == ["deeper", "too deep"]
    seq = place.seq()
    assert tree.show(place.path) == () and place.seq() == seq  # and all is well again


def test_a_full_file_system_takes_no_more(place, monkeypatch):
    opened = look(place.path)
    lab = opened.document.lab
    volume = find_volume(lab, "System", "home")
    full = volume._replace(data=volume.data._replace(frags=4, blocks=0))
    klass = lab.classes["System"]
    lab = lab._replace(classes={"System": klass._replace(volumes={**klass.volumes, "home": full})})
    with locked(place.path):
        commit(place.path, opened, lab, {"argv": ["filled"]})
    opened.close()
    place.write("/home/fits", "x" * 4096)
    place.write("/home/too_much", "x")
    (first, *_) = tree.harvest(place.path)
    assert first == "the edit of /home/too_much was left out: no space is left"
    assert "/fits" in place.held("home") and "/too_much" not in place.held("home")


# -- the end, other nodes -------------------------------------------------------------------------------------------


def test_the_end_harvests_and_leaves_nothing(place):
    place.write("/etc/passwd", "edited")
    assert tree.end(place.path) == ()
    assert not os.path.lexists(f"{place.path}/live")
    assert place.held("root")["/etc/passwd"].text == "edited"
    assert tree.harvest(place.path) == () and tree.show(place.path) == ()


def test_every_node_has_a_tree(scratch):
    path = str(scratch / "lab")
    lab = load("cluster")
    create(path, lab, {"argv": ["made"]})
    tree.make(path)
    for node in lab.nodes:
        assert os.path.isdir(tree.directory(path, node))


# -- as processes ---------------------------------------------------------------------------------------------------


def test_commands_harvest_and_show_by_themselves(shell):
    live = shell.done("sdxsim live").strip()
    assert live == f"{shell.state}/live/node1"
    with open(f"{live}/etc/passwd", "a") as file:
        file.write("mine\n")
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    opened = look(str(shell.state))
    opened.close()
    volumes = opened.document.lab.classes["System"].volumes
    assert volumes["Proot"].data.files["/etc/passwd"].text.endswith("mine\n")
    os.mkfifo(f"{live}/etc/pipe")
    ran = shell.run("sync")
    assert ran.returncode == 0 and "sdxsim: the edit of /etc/pipe was left out: " in ran.stderr
    with open(f"{live}/etc/passwd", "a") as file:
        file.write("more\n")
    shell.done("sdxsim clock advance 1m")
    shell.done("sdxsim live --end")
    assert not os.path.exists(f"{shell.state}/live")
    assert shell.run("sdxsim live --node other").returncode == 2


def test_a_tree_that_cannot_be_read_stops_the_command_before_it_does_anything(shell):
    live = shell.done("sdxsim live").strip()
    os.rename(live, f"{live}.moved")
    os.symlink("/etc", live)
    before = shell.document()
    ran = shell.run("sdxattr -V -c System -v opt -a lock=on")
    assert ran.returncode == 1 and ran.stderr.startswith("SDX:sdxattr: ERROR: ") and len(ran.stderr.splitlines()) == 1
    assert shell.document() == before
    ran = shell.run("sdxinfo -C")  # who only looks is answered, and told
    assert ran.returncode == 0 and "class  System  root" in ran.stdout
    assert ran.stderr.startswith("sdxsim: ") and "not in this answer" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1 and shell.document() == before


# -- people who do not wait -----------------------------------------------------------------------------------------


def test_who_writes_while_the_tree_is_brought_in_line_is_harvested_the_next_time(opened, monkeypatch):
    """An edit between the walk and the showing: of a file that changes, of one that comes, of one that goes."""
    opened.typed("mount -F ufs /dev/sfdsk/System/dsk/Popt /mnt")
    real = tree._note

    def late(*arguments, **more):
        real(*arguments, **more)
        monkeypatch.setattr(tree, "_note", real)
        opened.write("/etc/vfstab", "late\n", "a")
        opened.write("/mnt/generation", "late\n")

    monkeypatch.setattr(tree, "_note", late)
    told = opened.typed("umount /mnt")
    assert opened.read("/etc/vfstab").endswith("late\n")
    assert any("left" in sentence for sentence in told)
    assert open(f"{opened.path}/left/{left(opened)[0]}").read() == "late\n"
    opened.typed("sync")
    assert opened.held("root")["/etc/vfstab"].text.endswith("late\n")
    assert "/mnt/generation" not in opened.held("root")


def test_a_lab_made_in_the_place_of_another_takes_none_of_its_edits(shell):
    live = shell.done("sdxsim live").strip()
    with open(f"{live}/etc/passwd", "a") as file:
        file.write("of the old lab\n")
    shell.done("sdxsim init single-user --force")
    with open(f"{live}/etc/passwd") as file:
        assert "of the old lab" not in file.read()
    shell.done("sdxsim undo")
    with open(f"{live}/etc/passwd") as file:
        assert "of the old lab" in file.read(), "it was harvested before"


# -- killed anywhere ------------------------------------------------------------------------------------------------

_CALLS = ("open", "rename", "replace", "unlink", "rmdir", "mkdir", "symlink", "link", "fsync", "fchmod", "write", "stat")


def _killed_at(number, work):
    """Runs `work` in a child that dies at its call number `number`; True when it got to its end instead."""
    child = os.fork()
    if not child:
        count = [0]

        def counting(real):
            def call(*args, **more):
                count[0] += 1
                if count[0] == number:
                    os._exit(9)
                return real(*args, **more)

            return call

        for name in _CALLS:
            setattr(os, name, counting(getattr(os, name)))
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(status)
    assert status in (0, 9), status
    return status == 0


def _edit(place):
    place.write("/etc/passwd", "edited\n", "a")
    place.write("/mnt/etc/hosts", "edited\n", "a")
    place.write("/mnt/new", "n" * 6000)
    os.unlink(f"{place.live}/mnt/etc/group")


def test_killed_at_any_call_no_edit_is_lost_and_none_is_made_up(scratch):
    """Edits of two volumes, then the umount of one: harvest, commit, showing; killed before each call of it."""
    number, step = 0, 7
    while True:
        number += step
        place = Place(f"{scratch}/{number}", [*OPENED, "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"])
        before = {name: dict(place.held(name)) for name in ("root", "Proot")}
        _edit(place)
        ended = _killed_at(number, lambda place=place: place.typed("umount /mnt"))
        place.typed("sync")
        if any(m.point == "/mnt" for m in place.lab().nodes["node1"].mounts):
            place.typed("umount /mnt")
        root, proxy = dict(place.held("root")), dict(place.held("Proot"))
        assert root.pop("/etc/passwd").text == before["root"].pop("/etc/passwd").text + "edited\n", number
        assert proxy.pop("/etc/hosts").text == before["Proot"].pop("/etc/hosts").text + "edited\n", number
        assert proxy.pop("/new").text == "n" * 6000 and "/etc/group" not in proxy, number
        before["Proot"].pop("/etc/group")
        assert (root, proxy) == (before["root"], before["Proot"]), number
        assert os.listdir(f"{place.live}/mnt") == [] and left(place) == [], number
        assert set(os.listdir(f"{place.path}/live")) <= {"node1", ".node1.json"}, number
        if ended:
            break
    assert number > 100, "there is something to be killed in"


# -- whatever people do ---------------------------------------------------------------------------------------------

_PATHS = st.sampled_from(["/etc/passwd", "/etc/new", "/var/app", "/var/app/journal", "/home/a", "/home/a/b", "/opt/app",
                          "/mnt", "/mnt/x", "/usr", "/lost+found", "/tmp/\udcff"])  # fmt: skip
_DOINGS = st.lists(st.tuples(st.sampled_from(["write", "remove", "mkdir", "link", "chmod", "harvest"]), _PATHS,
                             st.binary(max_size=20)), max_size=12)  # fmt: skip


def _done(live, what, path, raw):
    full = os.fsencode(live + path) if "\udcff" not in path else os.fsencode(live) + b"/tmp/\xff"
    try:
        if what == "write":
            with open(full, "wb", opener=lambda n, f: os.open(n, f | os.O_NOFOLLOW)) as file:
                file.write(raw)
        elif what == "remove":
            os.rmdir(full) if os.path.isdir(full) and not os.path.islink(full) else os.unlink(full)
        elif what == "mkdir":
            os.mkdir(full)
        elif what == "link":
            os.symlink(b"/nowhere" + raw.replace(b"\0", b""), full)
        elif what == "chmod":
            os.chmod(full, 0o700 | (raw[:1] or b"\0")[0] & 0o77, follow_symlinks=False)
    except (OSError, NotImplementedError):
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_DOINGS)
def test_whatever_is_done_the_volumes_hold_what_the_tree_shows(scratch, doings):
    place = Place(tempfile.mkdtemp(dir=scratch) + "/lab")
    for what, path, raw in doings:
        if what == "harvest":
            tree.harvest(place.path)
        else:
            _done(place.live, what, path, raw)
    tree.show(place.path)
    points = {"": "root", "/usr": "usr", "/var": "var", "/home": "home", "/opt": "opt"}
    there = shown(place.live)
    expected = {point: ("dir", "") for point in points if point}
    for point, volume in points.items():
        for path, file in place.held(volume).items():
            full = point + path
            if full not in points and not (not point and any(full.startswith(p + "/") for p in points if p)):
                expected[full] = (file.kind, file.text)
    assert there == expected
    again = place.seq()
    tree.show(place.path)
    assert place.seq() == again
