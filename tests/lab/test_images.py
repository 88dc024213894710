"""`sdxsim init --real-images`: a real file system behind each volume, damaged by debugfs and mended by e2fsck."""

import os
import subprocess

import pytest

from sdxsim.lab.complaint import UNCERTAIN, Complaint
from sdxsim.lab.runbook import venue
from sdxsim.lab.scenarios import load
from sdxsim.live import images
from sdxsim.model.queries import find_volume, with_volumes
from sdxsim.model.records import File, Tree
from sdxsim.solaris import condition, damage
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.lab import look
from sdxsim.store.trouble import Trouble

try:
    images.needed()
except Trouble as trouble:
    pytestmark = pytest.mark.skip(reason=str(trouble))


def e2fsck(file):
    return subprocess.run([images.tool("e2fsck"), "-fn", file], capture_output=True, text=True, check=False)


class Place:
    """A lab on disk with images; volumes are given content, and images follow."""

    def __init__(self, path):
        self.path = path
        create(path, load("backing-up")._replace(images=True), {"argv": ["made"]})
        assert images.follow(path) == ()

    def image(self, volume):
        return f"{self.path}/images/System.{volume}.img"

    def data(self, volume):
        opened = look(self.path)
        opened.close()
        return find_volume(opened.document.lab, "System", volume).data

    def given(self, volume, data, argv=("sdxsim",)):
        opened = look(self.path)
        lab = opened.document.lab
        changed = find_volume(lab, "System", volume)._replace(data=data)
        with locked(self.path):
            commit(self.path, opened, with_volumes(lab, "System", [changed]), {"argv": list(argv)})
        opened.close()
        return images.follow(self.path, list(argv))

    def contents(self, volume, top):
        subprocess.run([images.tool("debugfs"), "-R", f"rdump / {top}", self.image(volume)], capture_output=True, check=True)
        return images._contents(str(top))


@pytest.fixture
def place(scratch):
    return Place(str(scratch / "lab"))


def test_every_file_system_has_an_image_that_holds_its_files(place, tmp_path):
    for volume in ("root", "usr", "home", "var", "opt", "Proot", "Pvar"):
        assert e2fsck(place.image(volume)).returncode == 0
    assert not os.path.exists(place.image("swap"))
    files = {p: f.text.encode() for p, f in place.data("root").files.items() if f.kind == "file"}
    assert place.contents("root", tmp_path) == files
    assert os.path.samefile(place.image("root"), place.image("Proot")), "a copy is a reference"


def damaged(place, how):
    data = place.data("var")
    if how == "panic":
        return condition.image(data, True, "multi-user", False, 0)
    other = data._replace(files=data.files.changed({"/old": File("", 0o755, kind="dir"), "/old/file": File("lost")}))
    return next(
        mix for mix in (damage.cut_off(other, data, n, 100) for n in range(5, 100, 5))
        if {"directory.lost", "entry.unallocated"} & {d.kind for d in mix.defects}
    )  # fmt: skip


@pytest.mark.parametrize("how", ["panic", "cut"])
def test_what_is_wrong_is_wrong_in_the_image_and_e2fsck_mends_it_as_the_lab_says(place, tmp_path, how):
    broken = damaged(place, how)
    assert place.given("Pvar", broken) == ()
    found = e2fsck(place.image("Pvar"))
    assert found.returncode == 4, found.stdout
    assert "Unattached inode" in found.stdout or "Unconnected directory" in found.stdout or "deleted/unused" in found.stdout
    mended = condition.repaired(broken)
    assert place.given("Pvar", mended, ("fsck", "-y", "/dev/sfdsk/System/rdsk/Pvar")) == ()
    assert e2fsck(place.image("Pvar")).returncode == 0
    there = place.contents("Pvar", tmp_path)
    lost = sorted(text for path, text in there.items() if path.startswith("/lost+found/"))
    wanted = [f.text.encode() for p, f in mended.files.items() if p.startswith("/lost+found/") and f.kind == "file"]
    assert lost == sorted(wanted) and (lost or how == "cut")


def test_another_result_is_told_and_the_image_is_made_again(place):
    broken = damaged(place, "panic")
    place.given("Pvar", broken)
    other = condition.repaired(broken)
    other = other._replace(files=other.files.changed({"/adm/messages": File("not what the image has")}))
    (told,) = place.given("Pvar", other, ("fsck",))
    assert told == "e2fsck came to another result with System.Pvar.img: /adm/messages is not what it should be"
    assert e2fsck(place.image("Pvar")).returncode == 0


def test_images_follow_from_the_lab_and_nothing_is_lost_with_them(place, tmp_path):
    for name in os.listdir(f"{place.path}/images"):
        os.unlink(f"{place.path}/images/{name}")
    images.follow(place.path)
    assert place.contents("opt", tmp_path)["/app/etc/app.conf"] == b"name=app\n"
    place.given("opt", place.data("opt")._replace(files=Tree({"/only": File("this")})))
    left = [n for n in os.listdir(f"{place.path}/images") if n.endswith(".img")]
    assert len({os.stat(f"{place.path}/images/{n}").st_ino for n in left}) == 6


def test_odd_names_and_contents_and_links_go_in(place, tmp_path):
    odd = {"/sp ace": File("a"), '/quo"te': File("b"), "/new\nline": File("c"), "/\udcff": File("\udcfe\0"),
           "/link": File("/etc/passwd", kind="link"), "/d": File("", 0o755, kind="dir"), "/d/e": File("x" * 100_000)}  # fmt: skip
    assert place.given("home", place.data("home")._replace(files=Tree(odd))) == ()
    there = place.contents("home", tmp_path)
    assert there == {p: f.text.encode("utf-8", "surrogateescape") for p, f in odd.items() if f.kind == "file"}


def test_planted_links_lead_nowhere(place, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    os.unlink(place.image("opt"))
    os.symlink(outside, place.image("opt"))
    place.given("opt", place.data("opt")._replace(files=Tree({"/only": File("this")})))
    assert outside.read_text() == "mine" and not os.path.islink(place.image("opt"))


def test_as_typed(shell, scratch):
    shell.state = scratch / "images"
    shell.environ["SDXSIM_STATE"] = str(shell.state)
    shell.done("sdxsim init --real-images")
    shell.done("sdxsim clock freeze")
    for line in ("sdxproxy Part -c System -p Proxy2", "sdxvolume -F -c System -v Pvar",
                 "sdxattr -V -c System -v Pvar -a mode=rw", "sdxvolume -N -c System -v Pvar"):  # fmt: skip
        shell.done(line)
    image = f"{shell.state}/images/System.Pvar.img"
    assert e2fsck(image).returncode == 4
    assert "RECONNECT?  yes" in shell.done("fsck-sim -y /dev/sfdsk/System/rdsk/Pvar")
    assert e2fsck(image).returncode == 0
    assert shell.run(["sdxsim", "shell", "--prefix", "-c", "echo edited >$SDXSIM_ROOT/opt/edited"]).returncode == 0
    opt = ["debugfs", "-R", "cat /edited", f"{shell.state}/images/System.opt.img"]
    assert subprocess.run(opt, capture_output=True, text=True).stdout == "edited\n"  # no other command was needed
    with open(f"{shell.state}/live/node1/opt/edited", "a") as file:
        file.write("again\n")
    shell.done("sdxinfo -C")
    assert subprocess.run(opt, capture_output=True, text=True).stdout == "edited\nagain\n"


def test_without_e2fsprogs_no_such_lab_is_made(scratch, monkeypatch):
    monkeypatch.setattr(images.shutil, "which", lambda name, path=None: None)
    with pytest.raises(Trouble, match=r"real images need mke2fs, debugfs, e2fsck of e2fsprogs .* there is no mke2fs"):
        venue.made(f"{scratch}/lab", "backing-up", ["sdxsim", "init"], images=True)
    assert not os.path.exists(f"{scratch}/lab")


def test_a_lab_is_made_though_its_images_fail_and_that_is_said(scratch, monkeypatch):
    monkeypatch.setattr(images, "follow", lambda path, argv=(): (_ for _ in ()).throw(Trouble("no room")))
    with pytest.raises(Complaint) as said:
        venue.made(f"{scratch}/lab", "backing-up", ["sdxsim", "init"], images=True)
    assert said.value.status == UNCERTAIN
