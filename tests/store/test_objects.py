"""What volumes hold is kept by content: written once, named by what it is, brought when somebody looks."""

import errno
import hashlib
import json
import os
import sys
import tempfile
import time
import types

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import find_volume, with_volumes
from sdxsim.model.records import File, FileSystem, Kept, Tree
from sdxsim.store import objects, snapshots
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.document import _head, from_bytes, trees
from sdxsim.store.history import backwards, document
from sdxsim.store.lab import look
from sdxsim.store.trouble import Damaged, Trouble


def holding(lab, files):
    """`lab` with these files on volume opt."""
    volume = find_volume(lab, "System", "opt")
    return with_volumes(lab, "System", [volume._replace(data=volume.data._replace(files=files))])


def kept(path, lab, argv=("made",)):
    opened = look(path)
    try:
        with locked(path):
            commit(path, opened, lab, {"argv": list(argv)})
    finally:
        opened.close()


def opt(path):
    opened = look(path)
    opened.close()
    return find_volume(opened.document.lab, "System", "opt").data


@pytest.fixture
def place(scratch):
    path = str(scratch / "lab")
    create(path, load("backing-up"), {"argv": ["made"]})
    return path


names = st.text(min_size=1, max_size=12).filter(lambda n: n not in (".", "..") and not set(n) & {"/", "\0"})
contents = st.one_of(
    st.binary(max_size=200), st.binary(min_size=1, max_size=9).map(lambda raw: raw * 2000), st.just(b"a" * 4096),
    st.just(b"a" * 4097),
)  # fmt: skip
files = st.builds(
    lambda raw, mode, owner, group, mtime, kind: File(
        "" if kind == "dir" else raw.decode("utf-8", "surrogateescape"), mode, owner, group, mtime, kind
    ),
    contents, st.integers(0, 0o7777), names, names, st.integers(0, 1 << 42), st.sampled_from(["file", "dir", "link"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names.map(lambda n: f"/{n}"), files, max_size=6))
def test_every_tree_comes_back_as_it_was(scratch, made):
    path = tempfile.mkdtemp(dir=scratch) + "/lab"
    create(path, holding(load("single-user"), Tree(made)), {"argv": ["made"]})
    assert dict(opt(path).files) == made


def test_a_copied_volume_is_a_name(shell):
    before = set(os.listdir(shell.state / "objects"))
    shell.done("sdxproxy Part -c System -p Proxy1")  # file systems with a log: the copies hold the very trees
    assert set(os.listdir(shell.state / "objects")) == before
    opened = look(str(shell.state))
    opened.close()
    volumes = opened.document.lab.classes["System"].volumes
    assert volumes["Proot"].data.files.name == volumes["root"].data.files.name


def test_a_command_that_looks_at_no_file_needs_no_object(shell):
    for name in os.listdir(shell.state / "objects"):
        os.unlink(shell.state / "objects" / name)
    assert "Proot" in shell.done("sdxinfo -V -c System")
    shell.done("sdxattr -V -c System -v opt -a lock=on")
    shell.done("sdxproxy Part -c System -p Proxy1")


def test_an_object_is_written_once_and_edits_write_what_changed(place):
    before = {n: os.stat(f"{place}/objects/{n}") for n in os.listdir(f"{place}/objects")}
    opened = look(place)
    opened.close()
    lab = opened.document.lab
    kept(place, holding(lab, opt(place).files.changed({"/new": File("x" * 5000), "/small": File("y")})))
    now = {n: os.stat(f"{place}/objects/{n}") for n in os.listdir(f"{place}/objects")}
    assert len(now) == len(before) + 2, "the tree, and the large content by itself"
    assert all((now[n].st_ino, now[n].st_mtime_ns) == (s.st_ino, s.st_mtime_ns) for n, s in before.items())
    rows = opt(place).files.rows
    assert isinstance(rows["/new"].text, Kept) and rows["/new"].text.size == 5000 and rows["/small"].text == "y"
    again = opt(place).files.changed({"/small": File("z")})
    kept(place, holding(lab, again))
    assert opt(place).files["/new"].text == "x" * 5000
    assert len(os.listdir(f"{place}/objects")) == len(now) + 1


def test_a_lab_made_from_another_ones_brings_its_contents_along(place, scratch):
    opened = look(place)
    opened.close()
    kept(place, holding(opened.document.lab, Tree({"/big": File("b" * 9000)})))
    opened = look(place)
    opened.close()
    other = str(scratch / "other")
    create(other, opened.document.lab, {"argv": ["made"]})
    assert opt(other).files["/big"].text == "b" * 9000


# -- hostile objects ------------------------------------------------------------------------------------------------


def spoiled(file, how):
    if how == "edited":
        with open(file, "r+b") as opened:
            opened.write(b"#")
    elif how == "cut":
        os.truncate(file, 10)
    elif how == "empty":
        os.truncate(file, 0)
    else:
        os.unlink(file)
        if how == "link":
            os.symlink("/etc/passwd", file)
        elif how == "fifo":
            os.mkfifo(file)
        elif how == "directory":
            os.mkdir(file)


HOSTILE = ("edited", "cut", "empty", "missing", "link", "fifo", "directory")


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_object_is_damage_in_one_sentence(shell, how):
    before = shell.document()
    for name in os.listdir(shell.state / "objects"):
        spoiled(shell.state / "objects" / name, how)
    ran = shell.run("chgrp sys /etc/vfstab")
    assert ran.returncode == 1 and ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert line.startswith("chgrp: ") and "fault of sdxsim" not in line
    assert str(shell.state / "objects") in line
    assert shell.document() == before


@pytest.mark.parametrize("how", [h for h in HOSTILE if h not in ("edited", "missing")])
def test_nothing_is_committed_that_names_a_hostile_object(place, how):
    opened = look(place)
    opened.close()
    files = Tree({"/x": File("1")})
    name = objects.named(files)
    files.name = None
    with open(f"{place}/objects/{name}", "w") as file:
        file.write("another length than it should have")
    spoiled(f"{place}/objects/{name}", how)
    before = open(f"{place}/state.json", "rb").read()
    with pytest.raises(Trouble, match="damaged"):
        kept(place, holding(opened.document.lab, files))
    assert open(f"{place}/state.json", "rb").read() == before


@pytest.mark.parametrize(
    "row",
    ['{"/..": {}}', '{"/a/../b": {}}', '{"//a": {}}', '{"/a": {"kind": "device"}}', '{"": {}}', '{"/a": {"mode": -1}}',
     '{"/a": {"more": 1}}', '{"/a": {"object": "../../etc/passwd", "size": 1}}', '["/a"]', '{"/a": 1}', "x"],
)  # fmt: skip
def test_what_no_tree_can_be_is_damage_though_its_hash_is_right(place, row):
    raw = row.encode()
    name = objects._hash(raw, b"tree")
    with open(f"{place}/objects/{name}", "wb") as file:
        file.write(raw)
    with pytest.raises(Damaged):
        objects.rows(place, name)


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "A" * 40, "a" * 39, 7, None, ["a"]])
def test_a_document_names_objects_by_their_hash_only(place, name):
    with open(f"{place}/state.json", "rb") as file:
        content = json.loads(file.read())
    content["lab"]["classes"][0]["volumes"][0]["data"]["files"] = name
    del content["checksum"]
    body = json.dumps(content)[1:].encode()
    with pytest.raises(Damaged):
        from_bytes(_head(body) + body, "x")


def unnoticed(path, step):
    """Damages to the objects of a lab made at `path` that a reader does not notice: bits flipped and ends cut off."""
    create(path, load("backing-up"), {"argv": ["made"]})
    found = []
    for name in sorted(os.listdir(f"{path}/objects")):
        file = f"{path}/objects/{name}"
        with open(file, "rb") as opened:
            raw = opened.read()
        broken = [raw[:at] for at in range(0, len(raw), step)]
        broken += [raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :] for at in range(0, len(raw), step)
                   for bit in (0, 5, 7)]  # fmt: skip
        for made in broken:
            with open(file, "wb") as opened:
                opened.write(made)
            try:
                objects.rows(path, name)
            except Damaged:
                continue
            found.append(f"{name}: {made[:40]!r}")
        with open(file, "wb") as opened:
            opened.write(raw)
    return found


def test_every_damage_to_an_object_is_noticed(scratch):
    assert unnoticed(str(scratch / "lab"), 3) == []


# -- pruning --------------------------------------------------------------------------------------------------------


def aged(path, name, seconds):
    then = time.time() - seconds
    os.utime(f"{path}/objects/{name}", (then, then), follow_symlinks=False)


def changed_often(path, times):
    for n in range(times):
        kept(path, holding(look_lab(path), Tree({"/n": File(str(n)), "/big": File(f"{n}" * 5000)})))


def look_lab(path):
    opened = look(path)
    opened.close()
    return opened.document.lab


def test_what_nothing_names_is_pruned_and_nothing_else(place, monkeypatch):
    monkeypatch.setattr(objects, "FEW", 0)
    changed_often(place, 3)
    there = set(os.listdir(f"{place}/objects"))
    orphan = objects._hash(b"orphan", b"file")
    for name, seconds in ((orphan, 7200), (objects._hash(b"young", b"file"), 60)):
        with open(f"{place}/objects/{name}", "wb") as file:
            file.write(b"?")
        aged(place, name, seconds)
    for name in there:
        aged(place, name, 7200)
    objects.prune(place)
    left = set(os.listdir(f"{place}/objects"))
    assert left == there | {objects._hash(b"young", b"file")}, "kept documents name them all"
    for n in list(os.listdir(f"{place}/history")):
        os.unlink(f"{place}/history/{n}")
    assert not os.path.exists(f"{place}/snapshots")
    objects.prune(place)
    assert len(os.listdir(f"{place}/objects")) < len(there)
    for tree in trees(look_lab(place)):
        assert all(isinstance(file.text, str) for file in tree.values())


def test_packs_snapshots_and_what_was_damaged_name_objects_too(place, monkeypatch):
    monkeypatch.setattr(objects, "FEW", 0)
    changed_often(place, 70)
    opened = look(place)
    opened.close()
    snapshots.save(place, "kept", opened.document)
    changed_often(place, 2)
    assert [n for n in os.listdir(f"{place}/history") if n.endswith(".pack")]
    there = set(os.listdir(f"{place}/objects"))
    for name in there:
        aged(place, name, 7200)
    objects.prune(place)
    assert set(os.listdir(f"{place}/objects")) == there
    for found in backwards(place):
        lab = document(place, found.number).lab
        assert all(isinstance(file.text, str) for tree in trees(lab) for file in tree.values())
    for name in os.listdir(f"{place}/history"):
        os.unlink(f"{place}/history/{name}")
    objects.prune(place)
    lab = snapshots.saved(place, "kept").lab
    assert find_volume(lab, "System", "opt").data.files["/big"].text == "69" * 5000
    assert len(os.listdir(f"{place}/objects")) < 12


def test_when_something_cannot_be_read_nothing_is_pruned(place, monkeypatch):
    monkeypatch.setattr(objects, "FEW", 0)
    orphan = objects._hash(b"orphan", b"file")
    with open(f"{place}/objects/{orphan}", "wb") as file:
        file.write(b"?")
    aged(place, orphan, 7200)
    os.mkdir(f"{place}/history/000000.json")
    objects.prune(place)
    assert orphan in os.listdir(f"{place}/objects")
    os.rmdir(f"{place}/history/000000.json")
    objects.prune(place)
    assert orphan not in os.listdir(f"{place}/objects")


def test_few_objects_are_not_worth_looking_for_what_nothing_names(place, monkeypatch):
    orphan = objects._hash(b"orphan", b"file")
    with open(f"{place}/objects/{orphan}", "wb") as file:
        file.write(b"?")
    aged(place, orphan, 7200)
    monkeypatch.setattr(objects, "_documents", None)
    objects.prune(place)
    assert orphan in os.listdir(f"{place}/objects")


def test_an_object_that_cannot_be_read_just_now_is_trouble_and_not_damage(place, monkeypatch):
    def failing(name):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(objects, "read", failing)
    with pytest.raises(Trouble, match=r"cannot open .*objects/.*: Input/output error") as caught:
        dict(opt(place).files)
    assert not isinstance(caught.value, Damaged)


def test_an_object_that_does_not_get_its_name_leaves_nothing_and_no_commit(place, monkeypatch):
    opened = look(place)
    opened.close()
    before = sorted(os.listdir(f"{place}/objects"))
    changed = holding(opened.document.lab, opt(place).files.changed({"/new": File("y")}))

    def failing(new, name):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(objects.disk, "replace", failing)
        with pytest.raises((OSError, Trouble), match="No space left on device"):
            objects.put(place, changed)
    assert sorted(os.listdir(f"{place}/objects")) == before
    kept(place, changed)
    assert opt(place).files["/new"].text == "y"


def test_names_are_the_same_where_only_hashlib_knows_the_hash(monkeypatch):
    before = objects.content_name(b"x")
    monkeypatch.setitem(sys.modules, "_blake2", None)
    monkeypatch.setitem(sys.modules, "hashlib", types.SimpleNamespace(blake2b=hashlib.blake2b))
    assert objects.content_name(b"x") == before


# -- trees in memory ------------------------------------------------------------------------------------------------


def test_a_tree_is_read_only_and_equal_by_what_it_holds():
    tree = Tree({"/a": File("1"), "/b": File("2")})
    other = tree.changed({"/a": None, "/c": File("3")})
    assert dict(tree) == {"/a": File("1"), "/b": File("2")} and set(other) == {"/b", "/c"}
    assert tree == Tree({"/b": File("2"), "/a": File("1")}) != other
    assert FileSystem(files=tree) == FileSystem(files=dict(tree)) != FileSystem()
    assert Tree({}) == {} and FileSystem(files=Tree({})) == FileSystem()
    with pytest.raises(TypeError):
        tree["/a"] = File("x")
