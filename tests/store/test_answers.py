"""What the disk seldom does, in this very process: what the store makes of it, call by call.

The fault suite breaks every call of every command in processes of their own; here each answer is looked at.
"""

import errno
import fcntl
import importlib.util
import itertools
import json
import os
import site
import stat
import sys
import time
import zlib
from binascii import b2a_base64
from types import SimpleNamespace

import pytest
from conftest import SRC
from filelock import FileLock

from sdxsim.model.records import Clock, Lab
from sdxsim.store import commit as commits
from sdxsim.store import disk, ground, history, jsontext, lock, outside, packs, place, snapshots, tidy, waiting
from sdxsim.store import lab as labs
from sdxsim.store.commit import commit, create, locked, recover
from sdxsim.store.document import Document, checksummed, from_bytes, heading, to_bytes
from sdxsim.store.lab import document_name, look
from sdxsim.store.trouble import Damaged, NoLab, Trouble, Uncertain


def lab(n=0):
    return Lab("x", Clock(), soft_rate=n + 1)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A lab of three operations."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    made = str(tmp_path / "lab")
    create(made, lab(), {"argv": ["made"]})
    go(made, 2)
    return made


def go(path, count):
    for n in range(count):
        opened = look(path)
        with locked(path):
            commit(path, opened, lab(n), {"argv": ["op"]})
        opened.close()


def failing(monkeypatch, owner, name, code=errno.EIO, when=lambda *args: True):
    """That call fails, where `when` says so of its arguments."""
    real = getattr(owner, name)

    def call(*args, **more):
        if when(*args):
            raise OSError(code, os.strerror(code))
        return real(*args, **more)

    monkeypatch.setattr(owner, name, call)


def content(name):
    with open(name, "rb") as file:
        return file.read()


def spoilt(name, data=b"spoilt"):
    os.unlink(name)  # its other names keep what they have
    with open(name, "wb") as file:
        file.write(data)


# -- commits ----------------------------------------------------------------------------------------------------


def test_a_lab_that_cannot_be_read_just_now_is_not_replaced_by_force(path, monkeypatch):
    before = content(f"{path}/state.json")
    with monkeypatch.context() as patch:
        failing(patch, labs.os, "read")
        with pytest.raises(Trouble, match="Input/output error"):
            create(path, lab(), {"argv": ["init"]}, force=True)
    assert content(f"{path}/state.json") == before


def test_the_sixteenth_commit_tidies(path, monkeypatch):
    seen = []
    monkeypatch.setattr(tidy, "tidy", lambda path, seq: seen.append(seq))
    go(path, 2 * commits.TIDIED)
    assert seen == [commits.TIDIED, 2 * commits.TIDIED]


def test_a_recovery_that_was_killed_goes_on_under_the_same_number(path):
    spoilt(f"{path}/state.json")
    os.link(f"{path}/state.json", f"{path}/history/000002.damaged")
    with locked(path):
        document, aside = recover(path, lab(7), {"argv": ["again"]})
    assert (document.seq, aside) == (3, f"{path}/history/000002.damaged")
    assert look(path).document == document


def ops(path):
    """{number: what its operation was called} of all that is kept, and of the document in place."""
    kept = {made.number: made.op["argv"][0] for made in history.backwards(path)}
    document = look(path).document
    return {**kept, document.seq: document.op["argv"][0]}


@pytest.mark.parametrize("origin", ["an earlier document", "another lab's"])
def test_a_document_that_somebody_put_in_place_is_one_more_operation_and_takes_no_others_number(path, tmp_path, origin):
    go(path, 37)  # some are in a pack
    if origin == "another lab's":
        create(str(tmp_path / "other"), lab(99), {"argv": ["other"]})
        put = content(f"{tmp_path}/other/state.json")
    else:
        put = history.generation(path, 35)[0]
    before = {kept.number: history.generation(path, kept.number)[0] for kept in history.backwards(path)}
    spoilt(f"{path}/state.json", put)  # and with it goes what was there, operation 40
    was = look(path).document
    go(path, 1)
    now = look(path).document
    assert now.seq == 41
    found = history.document(path, 40)
    assert (found.op, found.lab) == (was.op, was.lab)
    assert {number: history.generation(path, number)[0] for number in before} == before
    assert list(ops(path)) == [*range(40, 0, -1), 41]
    go(path, 2)
    assert look(path).document.seq == 43


def test_killed_while_such_a_document_was_kept_it_is_kept_once(path, monkeypatch):
    spoilt(f"{path}/state.json", history.generation(path, 1)[0])
    with monkeypatch.context() as patch:
        patch.setattr(disk, "replace", lambda new, name: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            go(path, 1)
    go(path, 1)
    assert ops(path) == {1: "made", 2: "op", 3: "made", 4: "op"}
    disk.write_new(document_name(path, 4), b"spoilt")  # somebody's: not what is in place
    go(path, 1)
    assert [kept.number for kept in history.backwards(path)] == [5, 4, 3, 2, 1]
    assert look(path).document.seq == 6


def test_nor_does_it_take_the_number_of_a_document_that_was_set_aside(path):
    disk.write_new(f"{path}/history/000005.damaged", b"x")
    was = look(path).document
    go(path, 1)
    assert (look(path).document.seq, history.document(path, 6).lab) == (7, was.lab)


def test_a_history_that_cannot_be_listed_is_not_added_to(path, monkeypatch):
    failing(monkeypatch, os, "listdir")
    with pytest.raises(Trouble, match="nothing was changed: Input/output error"):
        go(path, 1)


def test_what_was_set_aside_before_is_not_replaced(path):
    for number in (3, 4):
        spoilt(f"{path}/state.json", b"spoilt %d" % number)
        with locked(path):
            document, aside = recover(path, lab(7), {"argv": ["again"]})
        assert (document.seq, aside) == (number + 1, f"{path}/history/{number:06d}.damaged")
    assert [content(f"{path}/history/00000{n}.damaged") for n in (3, 4)] == [b"spoilt 3", b"spoilt 4"]
    assert history.held(path).aside == [3, 4]


def test_a_history_that_cannot_be_listed_stops_what_would_count_on_it(path, monkeypatch):
    spoilt(f"{path}/state.json")
    failing(monkeypatch, os, "listdir")
    with pytest.raises(Trouble, match=r"cannot make a lab at .*: Input/output error"):
        create(path, lab(), {}, force=True)
    with locked(path), pytest.raises(Trouble, match="nothing was changed"):
        recover(path, lab(), {})
    with pytest.raises(Damaged, match="there is no intact one"):
        look(path)
    os.unlink(f"{path}/state.json")
    with pytest.raises(Trouble, match="cannot read the history of"):
        look(path)


def test_a_lab_cannot_be_made_below_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match=r"cannot make a lab at .*: Not a directory"):
        create(str(tmp_path / "file" / "lab"), lab(), {})


def test_where_there_are_no_links_the_old_document_is_copied(path, monkeypatch):
    before = content(f"{path}/state.json")
    failing(monkeypatch, os, "link", errno.EPERM)
    go(path, 1)
    assert content(document_name(path, 3)) == before
    spoilt(f"{path}/state.json")
    with locked(path):
        _, aside = recover(path, lab(), {})
    assert content(aside) == b"spoilt"


def test_nothing_is_set_aside_where_nothing_is(tmp_path):
    disk.set_aside(f"{tmp_path}/none", f"{tmp_path}/aside")
    assert os.listdir(tmp_path) == []


# -- documents --------------------------------------------------------------------------------------------------


def test_the_heading_is_found_however_the_lines_are_broken():
    whole = to_bytes(Document(7, {"argv": ["x"]}, lab()))
    body = whole.partition(b"\n")[2]
    assert heading(checksummed(body.replace(b"\n", b" ") + b"\n"), "x") == (7, {"argv": ["x"]}) == heading(whole, "x")


@pytest.mark.parametrize("body", [b'{\n "op": {]\n}\n', b'{\n "op": {}\n}\n', b'{\n "op": {}, "seq": \xff\n}\n'])
def test_a_heading_that_is_none_is_damage(body):
    with pytest.raises(Damaged, match=r"x is damaged: .* while reading it"):
        heading(checksummed(body), "x")


@pytest.mark.parametrize("names", [("make_scanner", "make_encoder"), None])
def test_without_the_accelerator_documents_are_the_same(monkeypatch, names):
    """As on an interpreter that has none, or one of another shape."""
    document = Document(7, {"argv": ["é", 1, None, True]}, lab())
    whole = to_bytes(document)
    if names is None:

        monkeypatch.setitem(sys.modules, "_json", None)
    else:
        for name in names:
            monkeypatch.setattr(sys.modules["_json"], name, lambda: None)  # takes nothing: TypeError
    assert to_bytes(document) == whole
    assert from_bytes(whole, "x") == document
    with pytest.raises(ValueError):
        jsontext.parse('{"a": 1, "a": 2}')


def test_malformed_text_is_refused_though_nobody_loaded_the_exception_for_it(monkeypatch):
    def scan(text, at):
        raise SystemError("error return without exception set")

    monkeypatch.setattr(jsontext, "_scanner", lambda: scan)
    with pytest.raises(ValueError, match="malformed JSON"):
        jsontext.parse("{]")


# -- reading ----------------------------------------------------------------------------------------------------


def test_an_opened_document_is_current_until_there_is_another_and_may_be_closed_twice(path, monkeypatch):
    opened = look(path)
    assert opened.is_current(path)
    go(path, 1)
    assert not opened.is_current(path)
    opened.close()
    opened.close()
    opened = look(path)
    os.rename(f"{path}/state.json", f"{path}/gone")
    assert not opened.is_current(path)
    failing(monkeypatch, os, "stat")
    with pytest.raises(Trouble, match=r"cannot read .*state.json: Input/output error"):
        opened.is_current(path)


def test_an_error_on_closing_what_was_only_read_is_none(path, monkeypatch):
    failing(monkeypatch, os, "close")
    assert look(path).document.seq == 3
    assert labs.read(f"{path}/state.json") == content(f"{path}/state.json")


def test_a_document_that_cannot_be_read_is_trouble(path, monkeypatch):
    with monkeypatch.context() as patch:
        failing(patch, os, "read")
        with pytest.raises(Trouble, match=r"cannot read .*state.json: Input/output error"):
            look(path)
    failing(monkeypatch, os, "open", errno.EACCES)
    with pytest.raises(Trouble, match=r"cannot open .*state.json: Permission denied"):
        look(path)


def test_a_document_that_grows_or_shrinks_while_it_is_read_is_damaged(path, monkeypatch):
    real = os.fstat
    for off in (-5, 5):
        with monkeypatch.context() as patch:
            def resized(fd, off=off):
                values = list(real(fd))
                values[stat.ST_SIZE] += off
                return os.stat_result(values)

            patch.setattr(os, "fstat", resized)
            if off > 0:
                assert look(path).document.seq == 3  # there is no more than there is
            else:
                with pytest.raises(Damaged):
                    look(path)


def test_a_document_of_more_than_a_gigabyte_is_not_read(path):
    os.truncate(f"{path}/state.json", labs.LARGEST + 1)
    with pytest.raises(Damaged, match=r"1073741825 bytes are too many; the newest intact one is .*000002.json"):
        look(path)


def test_who_is_not_root_reads_no_document_of_a_third_user(path, monkeypatch):
    os_stat = os.fstat

    def anothers(fd):
        values = list(os_stat(fd))
        values[stat.ST_UID] = 1234
        return os.stat_result(values)

    monkeypatch.setattr(os, "fstat", anothers)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match="belongs to another user"):
        look(path)
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert look(path).document.seq == 3
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert look(path).document.seq == 3


def test_a_newer_format_is_said_and_nothing_older_is_offered_for_it(path):
    body = content(f"{path}/state.json").partition(b"\n")[2]
    spoilt(f"{path}/state.json", checksummed(body.replace(b'"format": ', b'"format": 99')))
    with pytest.raises(Damaged) as refused:
        look(path)
    assert "of a newer sdxsim" in str(refused.value) and "restore" not in str(refused.value)


# -- what the lab stands on --------------------------------------------------------------------------------------


def test_nothing_is_said_of_a_place_that_is_not_there(tmp_path):
    assert ground.caution(f"{tmp_path}/none") == ""


def test_a_lab_of_another_user_is_said_to_be(path, monkeypatch):
    assert ground.caution(path) == ""
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(path).st_uid + 1)
    assert "it belongs to another user" in ground.caution(path)


def test_the_place_is_the_one_named_that_of_the_checkout_or_the_users(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place.place({"SDXSIM_STATE": "here"}) == f"{tmp_path}/here"
    assert place.place({}) == f"{SRC.parent}/state/lab"
    monkeypatch.setattr(place, "__file__", f"{tmp_path}/site-packages/sdxsim/store/place.py")
    assert place.place({"XDG_STATE_HOME": "/xdg"}) == "/xdg/sdxsim/lab"
    monkeypatch.setenv("HOME", "/home/one")
    assert place.place({}) == "/home/one/.local/state/sdxsim/lab"
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(Trouble, match=r"the current directory is gone, \$SDXSIM_STATE 'here' is found from there"):
        place.place({"SDXSIM_STATE": "here"})


# -- locks ------------------------------------------------------------------------------------------------------


def test_a_lock_file_that_is_gone_at_once_is_not_held(path, monkeypatch):
    real, tries = os.stat, []

    def once(name, **more):
        if str(name).endswith("/lock") and not tries:
            tries.append(os.unlink(name))
        return real(name, **more)

    monkeypatch.setattr(os, "stat", once)
    with locked(path) as held:
        assert tries and os.path.exists(held.path)


@pytest.mark.parametrize("soon", [0, 10])
def test_who_waits_for_a_moment_asks_again_and_who_waits_on_leaves_it_to_filelock(path, monkeypatch, soon):
    asked, holding = [], [os.open(f"{path}/lock", os.O_RDWR)]
    fcntl.flock(holding[0], fcntl.LOCK_EX)

    def sleep(_seconds):
        asked.append(1)
        if len(asked) == 3:
            os.close(holding.pop())

    def waited(*_):
        asked.append("filelock")
        return lambda: None

    monkeypatch.setattr(lock, "SOON", soon)
    monkeypatch.setattr(lock, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    monkeypatch.setattr(waiting, "wait_for", waited)
    with locked(path):
        assert asked == ([1, 1, 1] if soon else ["filelock"])
    for fd in holding:
        os.close(fd)


def test_who_has_waited_longer_asks_more_often(path, monkeypatch):
    now, pauses, holding = [0.0], [], os.open(f"{path}/lock", os.O_RDWR)
    fcntl.flock(holding, fcntl.LOCK_EX)

    def sleep(seconds):
        pauses.append(seconds)
        now[0] += seconds
        if len(pauses) == 5:
            os.close(holding)

    monkeypatch.setattr(lock, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: now[0]))
    with locked(path):
        assert all(later < earlier for earlier, later in itertools.pairwise(pauses)) and len(pauses) == 5


def test_a_lock_replaced_while_it_was_waited_for_is_waited_for_again(path):
    answers = [False, True]
    release = waiting.wait_for(f"{path}/lock", 5, lambda fd, name: answers.pop(0), time.monotonic())
    assert not answers
    release()


def test_an_error_on_letting_go_is_none_and_one_on_taking_is_trouble(path, monkeypatch):
    with monkeypatch.context() as patch:
        with locked(path):
            failing(patch, os, "close")
    with monkeypatch.context() as patch:
        failing(patch, os, "open", errno.EACCES)
        with pytest.raises(Trouble, match=r"cannot lock .*: Permission denied"), locked(path):
            pass
    failing(monkeypatch, FileLock, "acquire", errno.EACCES)
    with pytest.raises(Trouble, match=r"cannot lock .*: Permission denied"):
        waiting.wait_for(f"{path}/lock", 1, lock._is_still, time.monotonic())


@pytest.mark.parametrize("told", [None, "", "1: FLOCK\n"])
def test_a_kernel_that_does_not_tell_who_holds_the_lock_leaves_another_command(path, monkeypatch, tmp_path, told):
    (tmp_path / "locks").write_text(told or "")
    source = "/none" if told is None else str(tmp_path / "locks")
    monkeypatch.setattr(waiting, "open", lambda name: open(source), raising=False)
    with locked(path), pytest.raises(Trouble, match="in use by another command"):
        waiting.wait_for(f"{path}/lock", 0.05, lock._is_still, time.monotonic())


def test_the_holder_is_found_among_the_locks_of_all_others(path, monkeypatch, tmp_path):
    with locked(path):
        inode = os.stat(f"{path}/lock").st_ino
        rows = [f"1: POSIX  ADVISORY  WRITE 11 fe:00:{inode} 0 EOF", "2: FLOCK  ADVISORY  WRITE 12 fe:00:1 0 EOF",
                f"3: FLOCK  ADVISORY  WRITE 13 fe:00:{inode} 0 EOF"]  # fmt: skip
        (tmp_path / "locks").write_text("\n".join(rows) + "\n")
        monkeypatch.setattr(waiting, "open", lambda name: open(tmp_path / "locks"), raising=False)
        with pytest.raises(Trouble, match="in use by process 13: "):
            waiting.wait_for(f"{path}/lock", 0.05, lock._is_still, time.monotonic())


def test_filelock_is_found_though_python_started_without_site(monkeypatch):
    there = sys.modules["filelock"]
    monkeypatch.setitem(sys.modules, "filelock", None)
    monkeypatch.setattr(site, "main", lambda: sys.modules.update(filelock=there))
    spec = importlib.util.spec_from_file_location(waiting.__name__, waiting.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FileLock is FileLock


# -- history ----------------------------------------------------------------------------------------------------


def test_the_history_is_told_from_a_number_downwards(path):
    assert [g.number for g in history.backwards(path)] == [2, 1]
    assert [g.number for g in history.backwards(path, below=2)] == [1]


def test_a_kept_document_that_is_read_while_it_goes_into_a_pack_is_found_there(path, monkeypatch):
    go(path, 40)
    held, kept = history.held(path), {g.number: g for g in history.backwards(path)}
    number = held.packs[0][1]
    before = held._replace(whole=[number, *held.whole], packs=[])  # as it was listed before the pack was there
    answers = [before]
    monkeypatch.setattr(history, "held", lambda path: answers.pop() if answers else held)
    assert {g.number: g for g in history.backwards(path)}[number] == kept[number]
    answers.append(before._replace(whole=[999]))
    assert [(g.number, g.intact) for g in history.backwards(path)] == [(999, False)]


def test_where_there_is_no_history_nothing_is_held(tmp_path):
    assert history.held(str(tmp_path)) == ([], [], [])
    assert list(history.backwards(str(tmp_path))) == []


def test_what_no_pack_and_no_file_holds_is_not_there(path):
    go(path, 40)
    assert history.document(path, 999) is None
    first, last = history.held(path).packs[0]
    os.rename(history.pack_name(path, (first, last)), history.pack_name(path, (first, last + 5000)))
    assert history.document(path, last + 4000) is None  # a name that promises too much


def test_a_kept_document_that_cannot_be_read_is_trouble_and_passed_over(path, monkeypatch):
    newest, older = document_name(path, 2), document_name(path, 1)
    failing(monkeypatch, history, "read", when=lambda name: name == newest)
    with pytest.raises(Trouble, match="cannot read operation 2: Input/output error"):
        history.document(path, 2)
    assert history.newest_intact(path).file == older


def test_a_kept_document_with_a_good_heading_and_no_lab_is_passed_over(path):
    body = content(document_name(path, 2)).partition(b"\n")[2]
    spoilt(document_name(path, 2), checksummed(body.replace(b'"lab": {', b'"lab": {"x": 1, ', 1)))
    assert [g.intact for g in history.backwards(path)] == [True, True]
    assert history.newest_intact(path).number == 1


def test_no_intact_one_among_the_kept_is_none(path):
    for number in (1, 2):
        spoilt(document_name(path, number))
    assert history.newest_intact(path) is None


def a_pack(**changes):
    raw = packs.packed([(1, to_bytes(Document(1, {}, lab(1)))), (2, to_bytes(Document(2, {}, lab(2))))])
    values = {**json.loads(raw), **changes}
    del values["checksum"]
    return checksummed(json.dumps(values)[1:].encode() + b"\n")


def code(text):
    return b2a_base64(zlib.compress(text), newline=False).decode()


@pytest.mark.parametrize(
    "changes", [{"packed": "!"}, {"packed": code(b"[")}, {"packed": code(b"{}")}, {"packed": code(b'["x"]')}, {"generations": 5}]
)
def test_a_pack_that_makes_no_sense_is_damaged_though_its_checksum_is_right(changes):
    assert [number for number, _ in packs.unpacked(a_pack(), "x", 1)] == [2, 1]
    with pytest.raises(Damaged, match="x is damaged"):
        list(packs.unpacked(a_pack(**changes), "x", 1))


@pytest.mark.parametrize("entry", [5, {}, {"number": "1", "bytes": 2, "crc32": "", "op": {}}, {"number": 1, "bytes": 2, "crc32": "", "op": 3}])
def test_a_pack_whose_list_makes_no_sense_is_damaged_in_whatever_way_it_is_read(path, entry):
    go(path, 40)
    [pack] = history.held(path).packs
    spoilt(history.pack_name(path, pack), a_pack(generations=[entry]))
    kept = {made.number: made.intact for made in history.backwards(path)}
    assert {number for number, intact in kept.items() if not intact} == set(range(pack[0], pack[1] + 1))
    with pytest.raises(Damaged):
        history.document(path, pack[0])
    go(path, 16)  # they are tidied once more


def test_whatever_goes_wrong_in_tidying_the_change_it_follows_was_made(path, monkeypatch):
    monkeypatch.setattr(tidy, "_prune", lambda path, oldest: 1 // 0)
    go(path, 16)
    assert look(path).document.seq == 19


def test_a_pack_of_another_format_a_bomb_and_no_json_are_refused(monkeypatch):
    with pytest.raises(Damaged, match="x has format 2, this sdxsim reads packs of format 1"):
        packs.entries(a_pack(format=2), "x")
    with pytest.raises(Damaged, match="x is damaged"):
        packs.entries(checksummed(b"no JSON\n"), "x")
    bomb = packs.packed([(1, os.urandom(1 << 16))])
    assert len(list(packs.unpacked(bomb, "x", 1))) == 1
    monkeypatch.setattr(packs, "_LARGEST", 100)
    with pytest.raises(Damaged, match="x is damaged: ValueError"):
        list(packs.unpacked(bomb, "x", 1))


def test_documents_beside_a_damaged_pack_of_theirs_stay(path):
    go(path, 40)
    first, last = history.held(path).packs[0]
    name = history.pack_name(path, (first, last))
    spoilt(name)
    disk.write_new(document_name(path, first), b"all that is left")
    go(path, 2 * commits.TIDIED)
    assert content(document_name(path, first)) == b"all that is left"


def test_a_pack_that_does_not_give_back_what_was_put_in_is_not_written(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tidy, "packed", lambda generations: packs.packed([(n, b"other") for n, _ in generations]))
        go(path, 40)
    assert history.held(path).packs == [] and len(history.held(path).whole) == 42
    go(path, commits.TIDIED)
    assert history.held(path).packs


def test_what_is_no_pack_at_all_is_damaged_in_whatever_way_it_is_read():
    raw = packs.packed([(1, b"one"), (2, b"two")])
    assert b"two" in packs.inflated(raw, "x")
    body = raw[raw.index(b"\n") + 1 :]
    start = body.index(b'"packed": "') + len(b'"packed": "')
    for spoilt_code in (b"AAAA", b"eJw="):
        end = body.index(b'"', start)
        with pytest.raises(Damaged, match="x is damaged: "):
            packs.inflated(checksummed(body[:start] + spoilt_code + body[end:]), "x")


def test_the_256th_operation_takes_objects_away_that_nothing_names(path, monkeypatch):
    pruned = []
    monkeypatch.setattr(tidy, "prune", pruned.append)
    tidy.tidy(path, 256 - commits.TIDIED)
    assert pruned == []
    tidy.tidy(path, 256)
    assert pruned == [path]


def test_whole_documents_that_are_too_old_go_as_well(path, monkeypatch):
    monkeypatch.setattr(tidy, "GENERATIONS", 5)
    monkeypatch.setattr(tidy, "BATCH", 1000)
    go(path, 30)
    assert history.held(path).whole == list(range(27, 33))


# -- snapshots --------------------------------------------------------------------------------------------------


def test_snapshots_are_saved_listed_replaced_when_told_so_and_deleted(path):
    document = look(path).document
    assert snapshots.listed(path) == []
    snapshots.save(path, "one", document)
    with pytest.raises(Trouble, match="there is a snapshot 'one' already, --force replaces it"):
        snapshots.save(path, "one", document)
    go(path, 1)
    snapshots.save(path, "one", look(path).document, force=True)
    assert [s[:3] for s in snapshots.listed(path)] == [("one", 4, {"argv": ["op"]})]
    assert snapshots.saved(path, "one") == look(path).document
    spoilt(f"{path}/snapshots/one.json")
    assert [s[:3] for s in snapshots.listed(path)] == [("one", None, None)]
    with pytest.raises(Damaged):
        snapshots.saved(path, "one")
    snapshots.delete(path, "one")
    assert os.listdir(f"{path}/snapshots") == []
    for gone in (snapshots.saved, snapshots.delete):
        with pytest.raises(Trouble, match="there is no snapshot 'one'"):
            gone(path, "one")


def test_a_disk_that_fails_under_a_snapshot_leaves_the_old_one_or_says_that_it_is_uncertain(path, monkeypatch):
    document = look(path).document
    snapshots.save(path, "one", document)
    files = content(f"{path}/snapshots/one.json")
    with monkeypatch.context() as patch:
        failing(patch, disk, "replace", errno.ENOSPC)
        with pytest.raises(Trouble, match="cannot save snapshot 'one': No space left on device"):
            snapshots.save(path, "one", document._replace(seq=9), force=True)
    assert (os.listdir(f"{path}/snapshots"), content(f"{path}/snapshots/one.json")) == (["one.json"], files)
    with monkeypatch.context() as patch:
        failing(patch, os, "lstat", when=lambda name: name.endswith("one.json"))
        with pytest.raises(Trouble, match="cannot save snapshot 'one': Input/output error"):
            snapshots.save(path, "one", document._replace(seq=9))  # it may be there
    assert content(f"{path}/snapshots/one.json") == files
    with monkeypatch.context() as patch:
        failing(patch, snapshots, "read")
        with pytest.raises(Trouble, match="cannot read snapshot 'one': Input/output error"):
            snapshots.saved(path, "one")
    with monkeypatch.context() as patch:
        failing(patch, os, "unlink", errno.EROFS)
        with pytest.raises(Trouble, match="cannot delete snapshot 'one': Read-only file system"):
            snapshots.delete(path, "one")
    failing(monkeypatch, disk, "sync_directory")
    with pytest.raises(Uncertain, match="snapshot 'one' was saved, but that may not outlive a power failure"):
        snapshots.save(path, "one", document._replace(seq=9), force=True)
    assert snapshots.saved(path, "one").seq == 9
    with pytest.raises(Uncertain, match="snapshot 'one' was deleted, but"):
        snapshots.delete(path, "one")


# -- the user's own files ----------------------------------------------------------------------------------------


def test_files_of_the_user_are_read_and_written_whole(tmp_path, monkeypatch):
    name = str(tmp_path / "file")
    assert outside.write(name, "one\n", replace=False) == ()
    assert outside.write(name, "two\n", replace=False) == (None,)
    os.chmod(name, 0o640)
    assert outside.write(name, "three\n", replace=True) == ()
    assert (outside.read(name), stat.S_IMODE(os.stat(name).st_mode)) == ("three\n", 0o640)
    assert outside.write(str(tmp_path / "new"), "four\n", replace=True) == ()
    assert outside.write("/dev/null", "five\n", replace=True) == ()
    assert outside.write(f"{tmp_path}/none/file", "six\n", replace=False) == ("No such file or directory",)
    assert outside.write("a\0b", "seven\n", replace=False) == ("embedded null byte",)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 1)
        (tmp_path / "file.1.new").touch()  # of a process of that number which was killed
        assert outside.write(name, "seven\n", replace=True) == ("File exists",)
        (tmp_path / "file.1.new").unlink()
    with monkeypatch.context() as patch:
        failing(patch, os, "replace", errno.EROFS)
        assert outside.write(name, "eight\n", replace=True) == ("Read-only file system",)
    with monkeypatch.context() as patch:
        failing(patch, os, "fsync", errno.ENOSPC)
        assert outside.write(str(tmp_path / "full"), "nine\n", replace=False) == ("No space left on device",)
    assert sorted(os.listdir(tmp_path)) == ["file", "new"] and outside.read(name) == "three\n"


def test_a_file_that_is_too_large_to_be_a_table_is_not_read(tmp_path, monkeypatch):
    with open(tmp_path / "large", "wb") as file:
        file.truncate(outside.LARGEST + 1)
    with pytest.raises(OSError, match="File too large"):
        outside.read(str(tmp_path / "large"))
    reading, writing = os.pipe()
    os.write(writing, b"typed \xff")
    os.close(writing)
    kept = os.dup(0)
    try:
        os.dup2(reading, 0)
        assert outside.read(None) == "typed \udcff"
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)


def test_where_there_is_no_lab_it_is_said_how_to_make_one(tmp_path):
    with pytest.raises(NoLab, match="'sdxsim init' makes one"):
        look(str(tmp_path))
