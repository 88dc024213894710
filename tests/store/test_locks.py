"""The writers' lock: whoever holds it, however it ends, nobody waits for ever and never two have it."""

import os
import signal
import socket

import pytest
from faults import locks, mutants
from faults.cases import lab_of
from faults.invariant import KNOWN
from faults.process import ran
from tally import judged

from sdxsim.store.commit import create, locked
from sdxsim.store.lab import look
from sdxsim.store.lock import Lock
from sdxsim.store.trouble import Trouble

WRITES = ["sdxattr", "-V", "-c", "System", "-v", "Proot", "-a", "lock=on"]
READS = ["sdxinfo"]


@pytest.fixture
def place(scratch):
    path = str(scratch / "lab")
    create(path, lab_of("joined"), {"argv": ["made"]})
    return path


def writes(place):
    return ran(WRITES, place, prepare=impatient)


def impatient():
    """In a process that is thrown away: a command waits half a second only."""
    Lock.__init__.__defaults__ = (0.5,)


def test_a_killed_holder_frees_it_at_once(place):
    with locks.holder(place) as child:
        assert not locks.is_free(place)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert locks.is_free(place)


def test_a_stopped_holder_is_named_and_not_waited_for_for_ever(place):
    with locks.holder(place) as child:
        os.kill(child, signal.SIGSTOP)
        said, took = locks.refusal(place)
        assert f"in use by process {child}: " in said
        assert took < 1.2  # the deadline, and a second
        run = writes(place)
        assert (run.status, run.out, run.err.count("\n")) == (1, "", 1)
        assert f"process {child}" in run.err
        assert ran(READS, place).status == 0  # readers do not ask
    assert writes(place).status == 0


def test_an_orphan_of_the_holder_is_not_waited_for_for_ever(place):
    """Nothing of ours forks while it holds the lock; if something did, its child would hold it on."""
    read, write = os.pipe()

    def orphan():
        child = os.fork()
        if not child:
            signal.pause()
            os._exit(0)
        os.write(write, b"%d\n" % child)

    with locks.holder(place, orphan) as child:
        pid = int(os.read(read, 20))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        try:
            said, took = locks.refusal(place)
            assert "in use by process" in said
            assert took < 1.2
        finally:
            os.kill(pid, signal.SIGKILL)
        assert locks.is_free(place, patience=5)
    os.close(read)
    os.close(write)


def test_the_lock_is_the_same_file_for_ever(place):
    before, after = locks.inode_after_use(place)
    assert before == after
    ran(WRITES, place)
    assert os.stat(f"{place}/lock").st_ino == before
    assert os.path.getsize(f"{place}/lock") == 0


def test_of_a_deleted_or_replaced_lock_file_only_the_new_one_counts(place):
    for replaced in (False, True):
        held = Lock(f"{place}/lock", 0.2)
        with held:
            os.unlink(f"{place}/lock")
            if replaced:
                open(f"{place}/lock", "w").close()
            assert locks.is_free(place)  # its holder holds a file nobody else can find
    assert writes(place).status == 0


def make_fifo(name):
    os.mkfifo(name)


def make_socket(name):
    made = socket.socket(socket.AF_UNIX)
    made.bind(name)
    made.close()


ODD = {
    "a FIFO": make_fifo,
    "a directory": os.mkdir,
    "a link to a file": lambda name: os.symlink(f"{name}.elsewhere", name),
    "a link to nothing": lambda name: os.symlink("/nonexistent/file", name),
    "a link to itself": lambda name: os.symlink(name, name),
    "a socket": make_socket,
    "a device": lambda name: os.symlink("/dev/null", name),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_lock_file_is_refused_in_a_line_and_followed_nowhere(place, odd):
    os.unlink(f"{place}/lock")
    ODD[odd](f"{place}/lock")
    run = writes(place)
    assert (run.status, run.out, run.err.count("\n")) == (1, "", 1), run
    assert not os.path.exists(f"{place}/lock.elsewhere")
    assert ran(READS, place).status == 0


def test_a_lock_that_another_user_holds_is_waited_for_no_longer_than_told(place):
    if os.geteuid():
        pytest.skip("only root can become another user")
    for name in (place, os.path.dirname(place)):
        os.chmod(name, 0o755)
    os.chmod(f"{place}/lock", 0o666)

    def stranger():
        os.setresuid(65534, 65534, 65534)

    with locks.holder(place, stranger):
        said, took = locks.refusal(place)
        assert "in use by process" in said
        assert took < 1.2


def test_another_user_cannot_take_the_lock_of_a_lab(place):
    if os.geteuid():
        pytest.skip("only root can become another user")
    os.chmod(os.path.dirname(place), 0o755)

    def stranger():
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)

    for argv in (WRITES, READS):
        run = ran(argv, place, prepare=stranger)
        assert (run.status, run.out, run.err.count("\n")) == (1, "", 1), run
        assert "ermission denied" in run.err


def test_what_dead_processes_left_is_taken_away(place):
    for content in (b"", b"half a docum", look(place).raw):
        with open(f"{place}/state.json.new", "wb") as file:
            file.write(content)
        run = ran(["sdxsim", "clock", "advance", "1s"], place)
        assert run.status == 0, run
        assert set(os.listdir(place)) <= KNOWN
    os.symlink("/etc/passwd", f"{place}/state.json.new")
    assert ran(["sdxsim", "clock", "advance", "1s"], place).status == 0
    assert not os.path.islink(f"{place}/state.json")


def test_many_that_wait_get_it_one_after_another(place):
    twice, failed = locks.crowd(place, 40)
    judged("waiting for the lock", ["two at once"] * twice + ["never got it"] * failed, processes=40)


def test_the_crowd_tells_a_lock_that_is_none(place, monkeypatch):
    mutants.put_in_place(mutants.MUTANTS[0], monkeypatch)
    # nothing but chance keeps them apart; on a busy machine they are given more than one
    assert any(sum(locks.crowd(place, 20, moment=0.05)) for _ in range(10))


@pytest.mark.long
def test_two_hundred_that_wait_get_it_one_after_another(place):
    twice, failed = locks.crowd(place, 200)
    judged("waiting for the lock, many", ["two at once"] * twice + ["never got it"] * failed, processes=200)


def test_whoever_holds_it_keeps_others_out(place):
    with locked(place), pytest.raises(Trouble), Lock(f"{place}/lock", 0.1):
        pass
