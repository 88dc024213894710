"""Earlier documents: whatever was packed or pruned, and whenever somebody was killed at it, each is as it was."""

import itertools
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import SRC
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdxsim.lab.scenarios import load
from sdxsim.model.records import Clock, Lab
from sdxsim.store import commit as commits
from sdxsim.store import disk, history, tidy
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.delta import applied, delta
from sdxsim.store.document import Document, to_bytes
from sdxsim.store.lab import document_name, look
from sdxsim.store.packs import entries, packed, unpacked
from sdxsim.store.trouble import Damaged

LINES = st.lists(st.sampled_from(["{", "},", "a", "b", "c", ""]), max_size=30)


@given(LINES, LINES)
def test_a_delta_gives_the_older_lines_back(newer, older):
    assert applied(delta(newer, older), newer) == older


def test_a_delta_of_a_changed_line_is_that_line():
    newer = [str(n) for n in range(1000)] + ["},"] * 1000
    older = [*newer[:500], "changed", *newer[501:1500], "and this", *newer[1501:]]
    assert delta(newer, older) == [[0, 500], "changed", [501, 999], "and this", [1501, 499]]


RAWS = st.one_of(st.binary(max_size=80), st.builds(lambda n: to_bytes(Document(n, {"n": n}, Lab("x", Clock()))), st.integers(1, 9)))


@given(st.lists(RAWS, min_size=1, max_size=6))
def test_a_pack_gives_back_whatever_was_put_in_even_damaged(raws):
    generations = list(enumerate(raws, 3))
    pack = packed(generations)
    assert list(unpacked(pack, "x", 0)) == generations[::-1]
    assert list(unpacked(pack, "x", len(raws) + 2)) == generations[-1:]
    assert [entry["number"] for entry in entries(pack, "x")] == [number for number, _ in generations]


def test_every_flipped_bit_and_truncation_of_a_pack_is_noticed():
    pack = packed([(n, to_bytes(Document(n, {"argv": []}, Lab("x", Clock())))) for n in (1, 2, 3)])
    for at in range(len(pack)):
        broken = [pack[:at]]
        broken += [pack[:at] + bytes([pack[at] ^ 1 << bit]) + pack[at + 1 :] for bit in range(8)]
        for raw in broken:
            with pytest.raises(Damaged):
                list(unpacked(raw, "x", 1))


def test_a_pack_whose_generation_comes_out_otherwise_is_damaged_though_its_own_checksum_is_right():
    from sdxsim.store.document import checksummed

    pack = packed([(1, b"one"), (2, b"two")])
    lied = pack.partition(b"\n")[2].replace(b'"bytes": 3', b'"bytes": 4', 1)
    with pytest.raises(Damaged, match="generation 1 does not come out"):
        list(unpacked(checksummed(lied), "x", 1))


# -- a lab ------------------------------------------------------------------------------------------------------------


def lab(n):
    return Lab("small", Clock(virtual=n), soft_rate=n)


class Keeper:
    """A lab that remembers what each of its documents was."""

    def __init__(self, path):
        self.path, self.was = str(path), {}
        create(self.path, lab(0), {"argv": ["init"]})

    def go(self, count=1):
        for _ in range(count):
            opened = look(self.path)
            with locked(self.path):
                self.was[opened.document.seq] = opened.raw
                n = opened.document.seq
                commit(self.path, opened, lab(n), {"argv": ["op", str(n)]})
            opened.close()

    def all_are_there(self, oldest=1):
        listed = {g.number: g for g in history.backwards(self.path)}
        assert list(listed) == sorted(listed, reverse=True)
        assert set(listed) >= {n for n in self.was if n >= oldest}
        for number in listed:
            assert history.generation(self.path, number)[0] == self.was[number]
            assert (listed[number].size, listed[number].intact) == (len(self.was[number]), True)
            assert history.document(self.path, number).seq == number


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda fd: None)  # hundreds of commits; that they sync is tested elsewhere
    return Keeper(tmp_path / "lab")


def test_older_documents_are_packed_and_all_come_out_byte_for_byte(keeper):
    for _ in range(100):
        keeper.go()
        held = history.held(keeper.path)
        assert len(held.whole) >= min(len(keeper.was), tidy.WHOLE)
        assert len(held.whole) <= tidy.WHOLE + 2 * tidy.BATCH
    assert len(held.packs) >= 3
    keeper.all_are_there()


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_in_whatever_order_every_document_comes_out(tmp_path_factory, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: None)
        patch.setattr(commits, "TIDIED", data.draw(st.integers(1, 7), "tidied"))
        patch.setattr(tidy, "BATCH", data.draw(st.integers(1, 9), "batch"))
        patch.setattr(tidy, "LARGEST_BATCH", data.draw(st.integers(1, 9), "largest"))
        patch.setattr(tidy, "ROUNDS", data.draw(st.integers(1, 3), "rounds"))
        keeper = Keeper(tmp_path_factory.mktemp("walk") / "lab")
        for kind in data.draw(st.lists(st.sampled_from(["go", "go many", "force", "no room", "old"]), max_size=12), "steps"):
            if kind == "go":
                keeper.go()
            elif kind == "go many":
                keeper.go(12)
            elif kind == "force":
                keeper.was[look(keeper.path).document.seq] = look(keeper.path).raw
                create(keeper.path, load("single-user"), {"argv": ["init", "--force"]}, force=True)
            elif kind == "no room":
                with pytest.MonkeyPatch.context() as full:
                    full.setattr(tidy, "packed", no_room)
                    keeper.go(8)
            else:  # a document that was packed is there as well: somebody was killed
                packs = history.held(keeper.path).packs
                if packs and not os.path.exists(document_name(keeper.path, packs[0][0])):
                    disk.write_new(document_name(keeper.path, packs[0][0]), keeper.was[packs[0][0]])
        keeper.all_are_there()


def no_room(*_):
    raise OSError(28, "No space left on device")


def test_history_is_bounded_and_what_is_within_the_bound_stays(keeper, monkeypatch):
    monkeypatch.setattr(tidy, "GENERATIONS", 40)
    keeper.go(200)
    numbers = [g.number for g in history.backwards(keeper.path)]
    assert numbers[0] == 200 and set(range(161, 201)) <= set(numbers)
    assert len(numbers) < 40 + tidy.LARGEST_BATCH + commits.TIDIED
    keeper.all_are_there(oldest=161)


def test_a_tidying_that_fails_is_no_failure_of_the_commit_and_is_made_up_for(keeper, monkeypatch):
    keeper.go(14)
    for step in ("write_new", "replace", "sync_directory", "remove"):
        with monkeypatch.context() as broken:
            broken.setattr(tidy, "disk", SimpleNamespace(**{**vars(disk), step: no_room}))
            keeper.go(16)
        keeper.all_are_there()
    keeper.go(32)
    keeper.all_are_there()
    held = history.held(keeper.path)
    assert len(held.whole) <= tidy.WHOLE + 2 * tidy.BATCH
    assert not [n for n in os.listdir(f"{keeper.path}/history") if n.endswith(".new")]


class Killed(BaseException):
    pass


CALLS = ("open", "write", "fsync", "rename", "unlink")


def killing(call, done, point):
    """os.`call`, which ends it all when `point` calls are done; what would clean up does not come to it."""
    real = getattr(os, call)

    def counted(*args, **more):
        if len(done) == point:
            raise Killed
        done.append(call)
        return real(*args, **more)

    return counted


def test_killed_at_any_call_of_the_tidying_every_document_is_readable_and_the_next_one_ends_it(keeper, tmp_path, monkeypatch):
    for name, value in {"WHOLE": 2, "BATCH": 3, "LARGEST_BATCH": 4, "GENERATIONS": 9}.items():
        monkeypatch.setattr(tidy, name, value)
    monkeypatch.setattr(commits, "TIDIED", 10**9)
    keeper.go(5)
    tidy.tidy(keeper.path, 6)  # makes the pack 1 to 3
    keeper.go(8)
    seq, kept, killed = 14, keeper.path, True
    for point in itertools.count():
        if not killed:
            break
        keeper.path, done, killed = str(tmp_path / f"killed{point}"), [], False
        shutil.copytree(kept, keeper.path)
        with monkeypatch.context() as patch:
            for call in CALLS:
                patch.setattr(os, call, killing(call, done, point))
            try:
                tidy.tidy(keeper.path, seq)
            except Killed:
                killed = True
        keeper.all_are_there(oldest=seq - 9)
        tidy.tidy(keeper.path, seq)
        keeper.all_are_there(oldest=seq - 9)
        held = history.held(keeper.path)
        assert (len(held.whole), held.packs) == (2, [(4, 7), (8, 11)])
        assert not [n for n in os.listdir(f"{keeper.path}/history") if n.endswith(".new")]
    # both packs were made, their documents removed, and the oldest pack: at each point somebody was killed
    assert done.count("rename") == 2
    assert done.count("unlink") >= 8 + 1


def test_a_document_is_found_while_it_is_being_packed(keeper, monkeypatch):
    keeper.go(31)
    real = history.read

    def packed_meanwhile(name):
        monkeypatch.setattr(history, "read", real)
        tidy.tidy(keeper.path, 32)
        return real(name)

    oldest = history.held(keeper.path).whole[0]
    monkeypatch.setattr(tidy, "BATCH", 1)
    monkeypatch.setattr(tidy, "WHOLE", 5)
    monkeypatch.setattr(history, "read", packed_meanwhile)
    assert history.generation(keeper.path, oldest)[0] == keeper.was[oldest]
    assert not os.path.exists(document_name(keeper.path, oldest))


def test_a_damaged_pack_is_told_and_nothing_is_lost_beside_it(keeper):
    keeper.go(70)
    held = history.held(keeper.path)
    name = history.pack_name(keeper.path, held.packs[0])
    with open(name, "r+b") as file:
        file.seek(-9, 2)
        file.write(b"x")
    listed = {g.number: g.intact for g in history.backwards(keeper.path)}
    first, last = held.packs[0]
    assert set(listed) == set(keeper.was)
    assert {n for n, intact in listed.items() if not intact} == set(range(first, last + 1))
    with pytest.raises(Damaged, match="checksum"):
        history.document(keeper.path, first)
    assert history.document(keeper.path, last + 1).seq == last + 1


def test_a_document_that_differs_from_the_packed_one_of_its_number_is_not_taken_for_a_leftover(keeper):
    keeper.go(40)
    number = history.held(keeper.path).packs[0][0]
    disk.write_new(document_name(keeper.path, number), keeper.was[number + 1])
    keeper.go(32)
    assert history.generation(keeper.path, number)[0] == keeper.was[number + 1]


def test_an_ordinary_commit_syncs_twice_and_loads_nothing_of_the_history(tmp_path):
    program = f"""
import sys, os
sys.path.insert(0, {str(SRC)!r})
from sdxsim.store.lab import look
from sdxsim.store.commit import commit, locked
path = {str(tmp_path / "lab")!r}
opened = look(path)
syncs, real = [], os.fsync
os.fsync = lambda fd: syncs.append(fd) or real(fd)
with locked(path):
    commit(path, opened, opened.document.lab._replace(soft_rate=7), {{}})
print(len(syncs), *sorted(m for m in sys.modules if m.startswith("sdxsim.store.")))
"""
    create(str(tmp_path / "lab"), lab(0), {})
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    count, *modules = ran.stdout.split()
    assert count == "2"
    assert "sdxsim.store.commit" in modules
    assert not {f"sdxsim.store.{name}" for name in ("history", "packs", "delta", "tidy", "snapshots", "migration")} & set(modules)
