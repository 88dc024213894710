"""The lab on disk: commits, readers and writers side by side, and what a killed command leaves."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

import pytest
from conftest import SRC
from faults.invariant import KNOWN

from sdxsim.lab.scenarios import load
from sdxsim.store import disk, lock
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.lab import look
from sdxsim.store.trouble import Damaged, NoLab, Trouble, Uncertain


@pytest.fixture
def place(tmp_path):
    path = str(tmp_path / "lab")
    create(path, load("backing-up"), {"argv": ["sdxsim", "init"]})
    return path


def changed(lab, n=0):
    return lab._replace(soft_rate=lab.soft_rate + 1 + n)


def commit_one(path, n=0):
    opened = look(path)
    try:
        with locked(path):
            return commit(path, opened, changed(opened.document.lab, n), {"argv": [str(n)]})
    finally:
        opened.close()


def seen(path):
    opened = look(path)
    opened.close()
    return opened.document


def test_a_commit_is_one_more_and_keeps_what_it_replaced(place):
    before = open(f"{place}/state.json", "rb").read()
    assert commit_one(place).seq == 2
    assert seen(place).seq == 2
    assert open(f"{place}/history/000001.json", "rb").read() == before
    assert set(os.listdir(place)) <= KNOWN


def test_files_are_for_their_owner_only_whatever_the_umask(tmp_path):
    old = os.umask(0o777)
    try:
        create(str(tmp_path / "l"), load("backing-up"), {})
    except Trouble:
        pytest.skip("this umask forbids even the directory here")
    finally:
        os.umask(old)
    for name in ("state.json", "lock"):
        assert stat.S_IMODE(os.stat(tmp_path / "l" / name).st_mode) & 0o077 == 0


def test_no_lab_a_damaged_lab_and_odd_files_are_different_troubles(place, tmp_path):
    with pytest.raises(NoLab, match="sdxsim init"):
        look(str(tmp_path / "nothing"))
    open(f"{place}/state.json", "w").close()
    with pytest.raises(Damaged):
        look(place)
    os.unlink(f"{place}/state.json")
    os.mkfifo(f"{place}/state.json")
    with pytest.raises(Trouble, match="not a regular file"):
        look(place)
    os.unlink(f"{place}/state.json")
    os.symlink("/etc/passwd", f"{place}/state.json")
    with pytest.raises(Trouble):
        look(place)


def test_a_reader_needs_no_lock_and_writes_nothing(place):
    with locked(place):
        before = {n: os.stat(f"{place}/{n}").st_mtime_ns for n in os.listdir(place)}
        look(place).close()
        assert before == {n: os.stat(f"{place}/{n}").st_mtime_ns for n in os.listdir(place)}


STEPS = ("write_new", "keep", "replace", "sync_directory")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EDQUOT", "EROFS"])
def test_breaking_each_step_leaves_the_old_lab_or_says_that_the_change_is_uncertain(place, monkeypatch, step, error):
    import errno

    before = open(f"{place}/state.json", "rb").read()

    def broken(*_):
        raise OSError(getattr(errno, error), os.strerror(getattr(errno, error)))

    with monkeypatch.context() as m:
        m.setattr(disk, step, broken)
        with pytest.raises(Uncertain if step == "sync_directory" else Trouble):
            commit_one(place)
    after = open(f"{place}/state.json", "rb").read()
    assert (after == before) == (step != "sync_directory")
    assert set(os.listdir(place)) <= KNOWN
    assert commit_one(place).seq == seen(place).seq


@pytest.mark.parametrize("step", ["write", "fsync", "close"])
def test_a_write_that_fails_leaves_no_file_behind(place, monkeypatch, step):
    real = getattr(os, step)
    calls = []

    def broken(fd, *more):
        if os.readlink(f"/proc/self/fd/{fd}").endswith("state.json.new"):
            calls.append(step)
            if step == "close":
                real(fd)
            raise OSError(5, "I/O error")
        return real(fd, *more)

    with monkeypatch.context() as m:
        m.setattr(os, step, broken)
        with pytest.raises(Trouble):
            commit_one(place)
    assert len(calls) == 1  # a failed fsync is never tried again
    assert set(os.listdir(place)) <= KNOWN
    assert seen(place).seq == 1


def test_short_writes_are_gone_on_with(place, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:100]))
    commit_one(place)
    monkeypatch.undo()
    assert seen(place).seq == 2


def test_leftovers_of_a_killed_writer_do_no_harm(place):
    with open(f"{place}/state.json.new", "w") as f:
        f.write("half")
    os.link(f"{place}/state.json", f"{place}/history/000001.json")
    assert commit_one(place).seq == 2
    assert set(os.listdir(place)) <= KNOWN


def test_the_lock_file_stays_and_is_awaited_no_longer_than_told(place, monkeypatch):
    with locked(place):
        began = time.monotonic()
        with pytest.raises(Trouble, match=f"in use by process {os.getpid()}: "), lock.Lock(f"{place}/lock", patience=0.3):
            pass
        assert time.monotonic() - began < 5
    inode = os.stat(f"{place}/lock").st_ino
    with locked(place):
        pass
    assert os.stat(f"{place}/lock").st_ino == inode


def test_waiting_for_the_lock_ends_when_its_holder_is_killed(place):
    program = f"import sys,time; sys.path.insert(0,{str(SRC)!r})\nfrom sdxsim.store.commit import locked\n"
    program += f"with locked({place!r}):\n print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Trouble), lock.Lock(f"{place}/lock", patience=0.2):
        pass
    holder.kill()
    holder.wait()
    with lock.Lock(f"{place}/lock", patience=10):
        pass
    holder.stdout.close()


@pytest.mark.parametrize("odd", ["fifo", "directory", "link"])
def test_an_odd_lock_file_is_refused_and_nothing_hangs(place, odd):
    os.unlink(f"{place}/lock")
    if odd == "fifo":
        os.mkfifo(f"{place}/lock")
    elif odd == "directory":
        os.mkdir(f"{place}/lock")
    else:
        os.symlink("/etc/passwd", f"{place}/lock")
    with pytest.raises(Trouble), locked(place):
        pass


def test_a_lock_file_replaced_under_its_holder_lets_nobody_work_on_the_old_one(place, monkeypatch):
    real = lock._is_still
    answers = iter([False])
    monkeypatch.setattr(lock, "_is_still", lambda fd, path: next(answers, None) is None and real(fd, path))
    with locked(place):
        assert os.path.exists(f"{place}/lock")


def test_init_refuses_a_lab_and_foreign_files_and_forced_keeps_the_old_one(place, tmp_path):
    lab = load("single-user")
    with pytest.raises(Trouble, match="--force"):
        create(place, lab, {})
    assert seen(place).lab.scenario == "backing-up"
    assert create(place, lab, {}, force=True).seq == 2
    assert os.path.exists(f"{place}/history/000001.json")
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with pytest.raises(Trouble, match="thesis"):
        create(str(other), lab, {})
    assert os.listdir(other) == ["thesis.txt"] or set(os.listdir(other)) == {"thesis.txt", "lock"}


def test_a_lab_whose_document_is_gone_is_damaged_not_absent(place):
    commit_one(place)
    os.unlink(f"{place}/state.json")
    with pytest.raises(Damaged, match=r"state\.json is missing; the newest intact one is .*000001\.json"):
        look(place)
    with pytest.raises(Trouble, match="history of a lab"):
        create(place, load("single-user"), {})
    assert not os.path.exists(f"{place}/state.json")
    create(place, load("single-user"), {}, force=True)
    assert seen(place).lab.scenario == "single-user"


def test_forced_over_a_damaged_lab_keeps_the_damage_aside(place):
    commit_one(place)
    with open(f"{place}/state.json", "w") as f:
        f.write("broken")
    create(place, load("backing-up"), {}, force=True)
    assert "broken" in {open(f"{place}/history/{n}").read() for n in os.listdir(f"{place}/history")}
    assert seen(place).seq == 3


# -- as processes -------------------------------------------------------------------------------------------------


def toggles(shell, count):
    """`count` processes that each change another lock attribute or a mode, all at once."""
    volumes = ["root", "usr", "home", "swap", "var", "opt", "Proot", "Pusr", "Phome", "Pswap", "Pvar", "Popt"]
    return [
        shell.popen("sdxattr", "-V", "-c", "System", "-v", v, "-a", "lock=on", stderr=subprocess.PIPE)
        for v in volumes[:count]
    ]


def test_writers_side_by_side_lose_no_change(shell):
    first = json.loads(shell.document())["seq"]
    running = toggles(shell, 12)
    for process in running:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    content = json.loads(shell.document())
    assert content["seq"] == first + 12
    assert all(v["lock"] for v in content["lab"]["classes"][0]["volumes"])
    kept = [json.loads((shell.state / "history" / f"{n:06d}.json").read_text()) for n in range(first, first + 12)]
    assert [k["seq"] for k in kept] == list(range(first, first + 12))


def test_a_command_killed_at_any_time_leaves_the_old_or_the_new_lab(shell):
    for n in range(12):
        before = shell.document()
        process = shell.popen("sdxattr", "-V", "-c", "System", "-v", "Proot", "-a", f"lock={('on', 'off')[n % 2]}")
        time.sleep(0.01 * n)
        process.kill()
        process.wait()
        after = shell.document()
        ran = shell.run("sdxinfo -V -e long")
        assert ran.returncode == 0
        assert json.loads(after)["seq"] - json.loads(before)["seq"] in (0, 1)
    shell.done("sdxattr -V -c System -v Pusr -a lock=on")
    assert set(os.listdir(shell.state)) <= KNOWN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_waiting_writer_ends_quietly_on_a_signal(shell, number):
    before = shell.document()
    with locked(str(shell.state)):
        process = shell.popen(
            "sdxattr", "-V", "-c", "System", "-v", "Proot", "-a", "lock=on",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(1.0)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (128 + number, "", "")
    assert shell.document() == before


def test_a_full_standard_output_says_that_the_change_was_made(shell):
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done("sdxvolume -F -c System -v Proot")
    with open("/dev/full", "w") as full:
        process = shell.popen("sdxvolume", "-N", "-c", "System", "-v", "Proot", stdout=full, stderr=subprocess.PIPE, text=True)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "the change was made, but not reported" in err
    assert "Traceback" not in err


def test_closed_standard_streams_never_become_files_of_the_lab(shell):
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done("sdxvolume -F -c System -v Proot")
    line = f"{sys.executable} -m sdxsim sdxvolume -N -c System -v Proot"
    for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        subprocess.run(["/bin/sh", "-c", f"{line} {redirection}"], env=shell.environ, timeout=30, capture_output=True)
        assert (shell.state / "lock").read_bytes() == b""
        assert shell.run("sdxinfo").returncode == 0


def test_a_read_only_lab_is_still_read(shell):
    if os.geteuid() == 0:
        pytest.skip("root writes to read-only directories")
    os.chmod(shell.state, 0o500)
    try:
        assert shell.done("sdxinfo -C")
        ran = shell.run("sdxattr -V -c System -v Proot -a lock=on")
        assert ran.returncode == 1
        assert ran.stderr.count("\n") == 1
    finally:
        os.chmod(shell.state, 0o700)


def test_without_a_lab_one_line_names_init(shell, tmp_path):
    shell.environ["SDXSIM_STATE"] = str(tmp_path / "none")
    for command in ("sdxinfo", "sdxproxy Part -c System -p Proxy1", "fsck-sim -y /dev/sfdsk/System/rdsk/root"):
        ran = shell.run(command)
        assert ran.returncode == 1
        assert ran.stdout == ""
        assert ran.stderr.count("\n") == 1
        assert "sdxsim init" in ran.stderr
    assert not (tmp_path / "none").exists()
    ran = shell.run("sdxinfo")
    assert ran.stderr.startswith("SDX:sdxinfo: ERROR: ")


def test_a_damaged_lab_is_reported_and_left_as_it_is(shell):
    data = shell.document()
    (shell.state / "state.json").write_bytes(data[:-20])
    for command in ("sdxinfo", "sdxattr -V -c System -v Proot -a lock=on"):
        ran = shell.run(command)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "damaged" in ran.stderr
        assert ran.stderr.count("\n") == 1
        assert f"the newest intact one is {shell.state}/history/000001.json" in ran.stderr
    assert (shell.state / "state.json").read_bytes() == data[:-20]


def test_the_newest_intact_document_takes_a_damaged_ones_place(shell):
    shell.done("sdxproxy Part -c System -p Proxy1")
    newest = shell.state / "history" / "000002.json"
    whole = newest.read_bytes()
    newest.write_bytes(whole[:-1])
    (shell.state / "state.json").write_bytes(b"")
    intact = shell.run("sdxinfo").stderr.rpartition(" one is ")[2].split(" ")[0]
    assert intact.endswith("/000001.json")
    newest.write_bytes(whole)
    shutil.copy(newest, shell.state / "state.json")
    assert "STOP" in shell.done("sdxinfo -S -o Proot")
    shell.done("sdxproxy Part -c System -p Proxy1")
    for document in (shell.state / "history").iterdir():
        document.write_bytes(b"")
    (shell.state / "state.json").write_bytes(b"")
    assert "there is no intact one in its history" in shell.run("sdxinfo").stderr


def test_two_labs_never_touch_each_other(shell, tmp_path):
    other = dict(shell.environ, SDXSIM_STATE=str(tmp_path / "other"))
    run = [sys.executable, "-m", "sdxsim"]
    assert subprocess.run([*run, "sdxsim", "init"], env=other, capture_output=True).returncode == 0
    before = (tmp_path / "other" / "state.json").read_bytes()
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    assert (tmp_path / "other" / "state.json").read_bytes() == before


STRUCK = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"


@pytest.mark.parametrize(
    ("ignored", "entry", "status", "said"),
    [(False, f"{STRUCK}\ndef process(argv): pass", -signal.SIGINT, ""),
     (True, f"{STRUCK}\ndef process(argv): pass", 0, ""),
     (False, f"def process(argv):\n    try:\n        {STRUCK}\n    except KeyboardInterrupt: print('caught')", 0, "caught\n"),
     (True, f"def process(argv):\n    {STRUCK}\n    print('ignored')", 0, "ignored\n")],
    ids=["loading", "loading, ignored", "running", "running, ignored"],
)  # fmt: skip
def test_an_interrupt_while_a_command_is_being_loaded_ends_it_without_a_traceback(tmp_path, ignored, entry, status, said):
    package = tmp_path / "sdxsim"
    package.mkdir()
    shutil.copy(SRC / "sdxsim" / "__main__.py", package)
    (package / "entry.py").write_text(f"{entry}\n")
    line = [sys.executable, "-I", "-S", "-B", str(package / "__main__.py"), "sdxinfo"]
    how = signal.SIG_IGN if ignored else signal.default_int_handler
    ran = subprocess.run(line, capture_output=True, text=True, timeout=60, preexec_fn=lambda: signal.signal(signal.SIGINT, how))
    assert (ran.returncode, ran.stdout, ran.stderr) == (status, said, "")
