"""What is wrong with a file system and its tree go together, and fsck mends both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solaris.builder import NOW, build, data, holding, typed

from sdxsim.lab.scenarios.skeleton import complete, skeleton
from sdxsim.model.records import Defect, File, FileSystem, Tree
from sdxsim.solaris import condition, contents, damage, habits

PVAR = "/dev/sfdsk/System/rdsk/Pvar"


def file_system(point="/var", logging=False, more=()):
    files = complete({**skeleton(point, NOW, "node1", ("node1",)), **dict(more)}, (), NOW)
    return FileSystem(
        fsmnt=point, logging=logging, flag="FSLOG" if logging else "FSACTIVE", files=Tree(files), inodes=1000,
        used=60_000, frags=300, blocks=50_000, busy=(0, 3),
    )  # fmt: skip


def checked(fs, line="fsck -y"):
    """(output, status, FileSystem) of that check of a volume with it."""
    outcome = typed(holding(build(), "Pvar", **dict(zip(fs._fields, fs, strict=True))), f"{line} {PVAR}")
    return outcome.stdout, outcome.status, data(outcome.lab, "Pvar")


def test_a_file_that_was_written_is_short_in_the_copy_and_the_message_speaks_of_it():
    lines = "".join(f"line {n}\n" for n in range(400))
    fs = file_system(more=[("/adm/messages", File(lines, mtime=NOW + 1))])
    copy = condition.image(fs, True, "multi-user", False, NOW)
    short = copy.files["/adm/messages"].text
    assert lines.startswith(short) and len(short) < len(lines) and short.endswith("\n")
    (defect,) = [d for d in copy.defects if d.kind == "inode.blocks"]
    assert defect.facts["inode"] == damage.inode_of(copy, "/adm/messages")
    assert defect.facts["right"] == 2 * -(-len(short) // 1024) == defect.facts["found"] - 4
    out, status, mended = checked(copy)
    assert f"INCORRECT DISK BLOCK COUNT I={defect.facts['inode']} " in out and status == 0
    assert mended.files["/adm/messages"].text == short
    assert fs.files["/adm/messages"].text == lines, "the original is as it was"


def test_a_lost_file_is_found_again_with_its_content():
    copy = condition.image(file_system(), True, "multi-user", False, NOW)
    (lost,) = [d for d in copy.defects if d.kind == "file.lost"]
    held = copy.files[f"#{lost.facts['inode']}"]
    assert contents.size(held) == lost.facts["size"] and held.owner == lost.facts["owner"]
    _, status, mended = checked(copy)
    name = f"/lost+found/#{lost.facts['inode']:0{len(str(damage.highest_inode(copy)))}}"
    assert mended.files[name] == held and status == 0
    assert not [path for path in mended.files if path[0] == "#"]
    assert {p for p in mended.files if p != name} == set(file_system().files)
    again = checked(mended)
    assert again[1] == 0 and "UNREF" not in again[0] and again[2] == mended


def test_answering_no_mends_nothing_of_the_tree():
    copy = condition.image(file_system(), True, "multi-user", False, NOW)
    _, status, left = checked(copy, "fsck -n")
    assert left == copy and status == 36


def test_a_file_system_in_use_in_single_user_mode_or_with_a_log_loses_no_file():
    for fs, power in ((file_system(), "single-user"), (file_system(logging=True), "multi-user")):
        copy = condition.image(fs, True, power, False, NOW)
        assert copy.files == fs.files and {d.kind for d in copy.defects} == {"cg.summary"}


# -- lost+found itself ----------------------------------------------------------------------------------------------


def without_lost_and_found(instead=None):
    fs = condition.image(file_system(), True, "multi-user", False, NOW)
    return fs._replace(files=fs.files.changed({"/lost+found": instead}))


def test_a_missing_lost_and_found_is_made():
    out, status, mended = checked(without_lost_and_found())
    assert "RECONNECT?  yes\n\nNO lost+found DIRECTORY\nCREATE?  yes\n\n" in out and status == 0
    assert mended.files["/lost+found"].kind == "dir"
    out, status, mended = checked(without_lost_and_found(), "fsck -o p")
    assert "NO lost+found DIRECTORY (CREATED)\n" in out and status == 0
    assert mended.files["/lost+found"].kind == "dir"


# -- a lost directory -----------------------------------------------------------------------------------------------


def test_a_lost_directory_comes_back_with_its_files():
    fs = file_system(more=[("/log", None)])._replace(flag="FSACTIVE")
    fs = file_system()
    held = fs.files.changed({
        "/log": None, "/log/syslog": None,
        "#77": File("", 0o755, kind="dir"), "#77/syslog": fs.files["/log/syslog"],
    })  # fmt: skip
    lost = Defect("directory.lost", {"inode": 77, "owner": "root", "mode": 0o40755, "size": 512, "mtime": NOW, "parent": 2})
    out, status, mended = checked(fs._replace(files=held, defects=(lost,)))
    assert "DIR I=77 CONNECTED. PARENT WAS I=2" in out and status == 36
    digits = len(str(damage.highest_inode(fs)))
    assert mended.files[f"/lost+found/#{77:0{digits}}/syslog"] == fs.files["/log/syslog"]


def test_an_entry_of_what_is_not_there_goes():
    fs = file_system()
    facts = {"inode": 9, "owner": "root", "mode": 0, "size": 0, "mtime": 0, "parent": 4, "name": "/log/gone"}
    held = fs.files.changed({"/log/gone": File("what a test put there")})
    out, _, mended = checked(fs._replace(files=held, defects=(Defect("entry.unallocated", facts),)))
    assert "FILE=/log/gone\n\nREMOVE DIRECTORY ENTRY FROM I=4?  yes" in out
    assert "/log/gone" not in mended.files


# -- copies that were cut off ---------------------------------------------------------------------------------------


def old_and_new(logging=False):
    old = file_system(logging=logging, more=[("/old", File("old")), ("/both", File("old")), ("/d/old", File("1"))])
    new = file_system(logging=logging, more=[("/new", File("new")), ("/both", File("new")), ("/e/new", File("2"))])
    return old._replace(generation=5), new._replace(generation=9)


def test_nothing_copied_is_the_old_and_everything_the_new():
    old, new = old_and_new()
    assert damage.cut_off(old, new, 0, 100) is old and damage.cut_off(old, new, 100, 100) is new
    assert damage.cut_off(new, new, 50, 100) is new


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 999), st.booleans())
def test_in_between_every_file_is_of_one_side_and_fsck_ends_with_a_sound_tree(done, logging):
    old, new = old_and_new(logging)
    mix = damage.cut_off(old, new, done, 1000)
    assert not condition.okay(mix), "it is not mounted read/write"
    for path, file in mix.files.items():
        assert file in old.files.values() or file in new.files.values(), path
    _, status, mended = checked(mix)
    assert status in (0, 36)
    _, status, mended = checked(mended)
    assert status == 0 and condition.okay(mended) and mended.defects == ()
    rows = mended.files.rows
    assert not [path for path in rows if path[0] == "#"]
    for path in rows:
        above = path.rpartition("/")[0]
        assert not above or rows[above].kind == "dir", path


def test_a_mix_with_no_file_system_beneath_is_what_came_so_far():
    _, new = old_and_new()
    mix = damage.cut_off(FileSystem("none"), new, 500, 1000)
    named = {path for path in mix.files if path[0] == "/"}
    assert named < set(new.files) and any(d.kind == "entry.unallocated" for d in mix.defects)


def test_inode_numbers_are_the_same_each_time_and_within_the_file_system():
    fs = file_system()
    numbers = {path: damage.inode_of(fs, path) for path in fs.files}
    assert numbers == {path: damage.inode_of(fs, path) for path in fs.files}
    assert all(2 <= n < damage.highest_inode(fs) for n in numbers.values())
    assert damage.inode_of(fs, "/") == 2 and damage.inode_of(fs, "/lost+found") == 3


@pytest.mark.parametrize("point", ["/", "/usr", "/var", "/home", "/opt", "/data"])
def test_what_is_written_is_open_the_last_written_first(point):
    fs = file_system(point)
    there = habits.written(fs)
    assert set(there) <= set(habits.habit(point).files)
    times = [fs.files[path].mtime for path in there]
    assert times == sorted(times, reverse=True)
