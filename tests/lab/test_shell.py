"""`sdxsim shell`: the node's files at real paths, the host's as they were; and the same without name spaces."""

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

import pexpect
import pytest
from conftest import SRC

from sdxsim.lab import namespace
from sdxsim.live import tree
from sdxsim.store.lab import look


def typed(shell, commands, status=0, **more):
    """Standard output of COMMANDS in the lab shell; nothing on standard error."""
    ran = shell.run(["sdxsim", "shell", "-c", commands], **more)
    assert (ran.returncode, ran.stderr) == (status, ""), ran
    return ran.stdout


@pytest.fixture
def real(possible, shell):
    return shell


def live(shell):
    return f"{shell.state}/live/node1"


def held(*tops):
    """{path: what it is} of everything below those directories of the host."""
    found = {}
    for top in tops:
        for directory, names, files in os.walk(top):
            for name in names + files:
                path = os.path.join(directory, name)
                about = os.lstat(path)
                found[path] = (about.st_mode, about.st_size, about.st_uid, about.st_mtime_ns)
                if os.path.isfile(path) and not os.path.islink(path) and about.st_size < 1 << 20:
                    with open(path, "rb") as file:
                        found[path] += (hashlib.sha1(file.read()).hexdigest(),)
    return found


# -- what stands where ----------------------------------------------------------------------------------------------


def test_the_nodes_files_stand_at_their_paths(real):
    out = typed(real, "cat /etc/passwd /etc/vfstab /etc/system; ls -d /mnt /home/user1 /opt/app /var/adm; "
                      "cat /home/user1/notes; cat $SDXSIM_ROOT/usr/share/motd; ls /etc")  # fmt: skip
    for text in ("user1:x:101:10:First User:", "/dev/sfdsk/System/dsk/root\t", "rootdev:", "/mnt\n", "/home/user1\n",
                 "call the field engineer", "Welcome to node1\n", "nodename\n"):  # fmt: skip
        assert text in out, text


def test_special_files_are_seen_and_follow_the_lab(real):
    out = typed(
        real,
        "ls /dev/sfdsk/System/rdsk | tr '\\n' ' '; sdxproxy Part -c System -p Proxy1,Proxy2 >/dev/null; "
        "(sdxvolume -F -c System -v Pvar; sdxproxy Break -c System -p Proxy2; sdxvolume -R -c System -v Pvar) >/dev/null; "
        "echo; echo /dev/sfdsk/System/dsk/*; ls /dev/dsk/c0t0d0s0; cat /dev/rdsk/c0t0d0s7; "
        "ls -l /dev/null /dev/sfdsk/System/dsk/root | cut -c1; (echo x >/dev/rdsk/c0t0d0s0) 2>&1; true",
    )
    before, after, slice_, *kinds, refused = out.splitlines()
    assert before.split() == sorted(["root", "usr", "var", "home", "opt", "swap", "Proot", "Pusr", "Pvar", "Phome", "Popt", "Pswap"])
    assert "/dev/sfdsk/System/dsk/Popt" in after and "Pvar" not in after
    assert (slice_, kinds) == ("/dev/dsk/c0t0d0s0", ["c", "-"])
    assert "Read-only file system" in refused or "read-only" in refused.lower()


def test_commands_typed_inside_change_what_paths_show(real):
    typed(real, "(sdxproxy Part -c System -p Proxy1,Proxy2; sdxvolume -F -c System -v Proot; "
                "sdxattr -V -c System -v Proot -a mode=rw; sdxvolume -N -c System -v Proot; "
                "fsck -y /dev/sfdsk/System/rdsk/Proot) >/dev/null")  # fmt: skip
    ran = real.run(["sdxsim", "shell", "-c", "cd /mnt; ls; mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt"])
    busy = "mount: /dev/sfdsk/System/dsk/Proot is already mounted or /mnt is busy\n"  # by who stands there
    assert (ran.returncode, ran.stdout, ran.stderr) == (32, "", busy)
    out = typed(real, "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt; cd /mnt; head -1 /mnt/etc/passwd; "
                      "echo '#' >>/mnt/etc/vfstab; ls etc/passwd; cd /; umount /mnt; ls /mnt")  # fmt: skip
    assert out.splitlines() == ["root:x:0:0:Super-User:/:/sbin/sh", "etc/passwd"]
    assert typed(real, "mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt; tail -1 /mnt/etc/vfstab; umount /mnt") == "#\n"
    out = typed(real, "shutdown -y -g0 -i0 >/dev/null; ls /home /mnt; cat /etc/passwd 2>&1; awk 'BEGIN {print 1}'; "
                      "boot >/dev/null; ls /home; tail -1 /etc/passwd")  # fmt: skip
    assert out.splitlines() == [
        "/home:", "", "/mnt:", "cat: /etc/passwd: No such file or directory", "1", "generation", "lost+found",
        "user1", "app:x:201:10:Application:/opt/app:/bin/sh",
    ]  # fmt: skip


@pytest.mark.parametrize("how", [
    "sed -i s/First/Second/ /etc/passwd",
    "printf '/First/s//Second/\\nw\\nq\\n' | ed -s /etc/passwd",
    "python3 -c 'p=\"/etc/passwd\"; t=open(p).read(); open(p, \"w\").write(t.replace(\"First\", \"Second\"))'",
    "sed s/First/Second/ /etc/passwd >/etc/passwd.new; mv /etc/passwd.new /etc/passwd",
    "cd /etc/../etc; sed s/First/Second/ ../etc/passwd >/tmp/p; cat /tmp/p >passwd",
    "vim -u NONE -es -c %s/First/Second/ -c wq /etc/passwd </dev/null",
])  # fmt: skip
def test_whatever_edits_a_file_edits_the_volume(real, how):
    program = next(word for word in how.replace("|", " ").split() if word in ("sed", "ed", "python3", "vim"))
    if not shutil.which(program, path="/usr/bin:/bin"):
        pytest.skip(f"{program} is not here")
    typed(real, how)
    assert "Second User" in typed(real, "cat /etc/passwd")
    assert "sdxsim harvest" in real.done("sdxsim log")
    real.done("sdxsim live --end")  # and it is in the volume, not only in the directory
    assert not os.path.exists(f"{real.state}/live")
    assert "Second User" in typed(real, "cat /etc/passwd")


# -- nothing else ---------------------------------------------------------------------------------------------------


HOSTILE = r"""
exec 2>/dev/null
for d in / /usr /usr/bin /root /bin /lib /boot /.host /.host/etc /.host/root /.host/tmp /proc/sys/kernel /sys \
    /dev /dev/sfdsk /.host$VICTIM $VICTIM /etc/../.host$VICTIM /mnt/../../../..$VICTIM; do
  (echo harm >$d/harm); mkdir $d/harmdir; rm -rf $d/file; chmod 777 $d; (echo harm >>$d/file)
done
ln -s $VICTIM /mnt/victim; ln -s /.host$VICTIM /home/victim; ln -s ../../../../../../../../..$VICTIM /etc/victim
for d in /mnt/victim /home/victim /etc/victim; do (echo harm >$d/file); rm -f $d/file; mv $d/file /tmp; done
/bin/mount -o remount,rw /.host; /bin/mount -o remount,rw,bind /.host; /bin/mount -o remount,rw,bind /usr
/bin/umount -l /.host /usr /tmp /run /etc; unshare -Urm sh -c "/bin/mount -o remount,rw,bind /.host; rm /.host$VICTIM/file"
for p in /proc/[0-9]*; do (echo harm >$p/root$VICTIM/file); (echo harm >$p/cwd/harm); done
ln /.host$VICTIM/file /etc/hard; mknod /tmp/disk b 7 0 && (echo harm >/tmp/disk)
printf '%s\n' "/.host$VICTIM - /mnt ufs 1 yes -" '/dev/sfdsk/../../../..'$VICTIM' - / ufs 1 no -' \
    '/dev/sfdsk/System/dsk/root - ../../.. ufs 1 no rw' >>/etc/vfstab
mount -a; mountall; mount /mnt; umount /; chgrp sys /.host$VICTIM/file; chgrp sys ../../..$VICTIM/file /mnt/victim/file
shutdown -y -g0 -i0; boot; sdxsim fault panic; boot -s
true
"""


def test_nothing_of_the_host_is_changed_whatever_is_typed(real, tmp_path):
    victim = tmp_path / "victim"
    (victim / "sub").mkdir(parents=True)
    (victim / "file").write_text("precious\n")
    outer = tmp_path / "outer"
    outer.mkdir()
    tops = (victim, outer, "/etc", SRC, real.environ["HOME"], "/boot")
    before = held(*tops)
    real.environ["VICTIM"] = str(victim)
    real.run(["sdxsim", "shell", "-c", HOSTILE], cwd=outer)
    real.run(["sdxsim", "shell", "-c", HOSTILE], cwd=victim)
    assert held(*tops) == before
    assert not os.path.lexists("/harm") and not os.path.lexists("/usr/harm") and not os.path.lexists("/tmp/harm")


def test_a_directory_that_was_made_a_link_is_not_bound(real, tmp_path):
    """Planted from outside while no shell was there."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "file").write_text("precious\n")
    typed(real, "true")
    shutil.rmtree(f"{live(real)}/lost+found")
    os.symlink(victim, f"{live(real)}/lost+found")
    out = real.run(["sdxsim", "shell", "-c", "echo harm >/lost+found/file; cat /lost+found/file; ls -ld /lost+found"])
    assert (victim / "file").read_text() == "precious\n"
    assert "harm" not in out.stdout


def test_the_hosts_files_can_be_read_and_its_programs_run(real, tmp_path):
    (tmp_path / "mine").write_text("mine\n")
    out = typed(real, "cat mine; ls /.host/etc/passwd; python3 -c 'print(1)'; pwd", cwd=tmp_path)
    assert out.splitlines() == ["mine", "/.host/etc/passwd", "1", f"/.host{tmp_path}"]


# -- as a shell -----------------------------------------------------------------------------------------------------


def test_exit_status_and_signals_come_out(real):
    typed(real, "exit 7", status=7)
    assert real.run(["sdxsim", "shell", "-c", "kill -9 $$"]).returncode == -9
    assert real.run(["sdxsim", "shell", "-c", "kill -TERM $$"]).returncode == -15
    assert real.run(["sdxsim", "shell", "-c", "nowhere"]).returncode == 127


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_told_to_end_tells_the_shell_and_harvests(real, number):
    child = real.popen("sdxsim", "shell", "-c", "echo late >>/etc/nodename; echo ready; exec sleep 60",
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert child.stdout.readline() == "ready\n"
    child.send_signal(number)
    _, said = child.communicate(timeout=30)
    assert (child.returncode, said) == (-number, "")
    assert "sdxsim harvest" in real.done("sdxsim log")


def test_a_shell_that_is_killed_loses_nothing(real):
    child = real.popen("sdxsim", "shell", "-c", "echo late >>/etc/nodename; echo ready; sleep 2; echo later >>/etc/nodename",
                       stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert child.stdout.readline() == "ready\n"
    child.kill()
    child.wait()
    child.stdout.read()  # until those inside have ended too
    assert typed(real, "cat /etc/nodename") == "node1\nlate\nlater\n"


def test_a_program_that_keeps_running_goes_on_and_what_it_writes_is_taken_over(real):
    before = time.monotonic()
    typed(real, "(sleep 3; echo late >>/etc/nodename) >/dev/null 2>&1 </dev/null &")
    assert time.monotonic() - before < 30
    deadline = time.monotonic() + 30
    while "late" not in typed(real, "cat /etc/nodename") and time.monotonic() < deadline:
        time.sleep(0.5)
    assert typed(real, "cat /etc/nodename") == "node1\nlate\n"


def test_a_shell_in_a_shell_has_the_same_paths(real):
    typed(real, "sdxsim shell -c 'echo inner >>/etc/nodename; exit 3'; test $? = 3 && cat /etc/nodename")
    ran = real.run(["sdxsim", "shell", "-c", "SDXSIM_STATE=/tmp/second; export SDXSIM_STATE; sdxsim init; "
                                             "sdxsim shell -c 'ls $SDXSIM_ROOT/etc/vfstab'"])  # fmt: skip
    assert ran.returncode == 0
    assert ran.stdout.endswith("/tmp/second/live/node1/etc/vfstab\n")
    assert ran.stderr.count("paths are the host's here") == 1


@pytest.mark.parametrize("lack", [{"HOME": None}, {"TERM": "no-such-terminal"}, {"HOME": "/nowhere", "TERM": ""}])
def test_odd_environments(real, lack):
    for name, value in lack.items():
        real.environ.pop(name, None) if value is None else real.environ.update({name: value})
    assert typed(real, "cat /etc/nodename; echo ~") == "node1\n/\n"


@pytest.mark.parametrize("interpreter", ["dash", "bash", "zsh", "ksh", "fish"])
def test_shells_that_people_have(real, interpreter):
    program = shutil.which(interpreter, path="/usr/bin:/bin")
    if not program:
        pytest.skip(f"{interpreter} is not here")
    environ = real.environ | {"SHELL": program, "TERM": "dumb"}
    child = pexpect.spawn(
        sys.executable, ["-m", "sdxsim", "sdxsim", "shell"], env=environ, encoding="utf-8", timeout=60, echo=False
    )
    child.delaybeforesend = None
    child.expect_exact("'exit' leaves it")
    child.expect_exact("# ")
    child.sendline("cat /etc/nodename")
    child.expect_exact("node1")
    child.expect_exact("# ")
    child.sendline("sleep 60")
    time.sleep(1)
    child.sendintr()
    child.expect_exact("# ")
    child.sendline("echo typed >>/etc/nodename; exit 5")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5
    assert typed(real, "cat /etc/nodename") == "node1\ntyped\n"


@pytest.fixture
def ordinary(real):
    """ordinary(words): sdxsim as one who is not root, without capabilities: in a name space, for tests may run as root."""
    argv = ["unshare", "-U", "--map-user=1000", "--map-group=1000"]
    if not shutil.which("unshare") or subprocess.run([*argv, "true"], capture_output=True).returncode:
        pytest.skip("unshare --map-user does not work here")
    argv += [sys.executable, "-m", "sdxsim"]
    return lambda *words: subprocess.run(
        [*argv, *words], env=real.environ, capture_output=True, text=True, timeout=120
    )  # fmt: skip


def test_an_ordinary_user_has_real_paths_too(real, ordinary):
    ran = ordinary("sdxsim", "shell", "-c", "id -u; cat /etc/nodename; echo mine >>/etc/nodename; "
                                            "(echo harm >/usr/harm) 2>/dev/null; sdxinfo -C | tail -1")  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[:2] == ["0", "node1"] and ran.stdout.splitlines()[2].startswith("class  System")
    assert typed(real, "cat /etc/nodename") == "node1\nmine\n"


def test_what_an_ordinary_user_takes_from_himself_is_an_edit_and_no_obstacle(real, ordinary):
    ran = ordinary("sdxsim", "shell", "-c", "chmod 0 /etc/nodename; mkdir /etc/d; echo x >/etc/d/x; chmod 0 /etc/d")
    assert (ran.returncode, ran.stderr) == (0, "")
    opened = look(str(real.state))
    opened.close()
    files = opened.document.lab.classes["System"].volumes["root"].data.files
    assert (files["/etc/nodename"].text, files["/etc/nodename"].mode) == ("node1\n", 0)
    assert (files["/etc/d/x"].text, files["/etc/d"].mode) == ("x\n", 0)
    ran = ordinary("sdxattr", "-V", "-c", "System", "-v", "opt", "-a", "jrm=off")
    assert (ran.returncode, ran.stderr) == (0, "")
    numbers = [row.split()[0] for row in real.done("sdxsim log").splitlines()[2:]]
    assert len(numbers) == 4, "made, frozen, harvested, changed: showing it is no edit"


# -- without name spaces --------------------------------------------------------------------------------------------


def test_with_a_prefix_only_the_files_are_in_one_directory(shell):
    ran = shell.run(["sdxsim", "shell", "--prefix", "-c", "cat $SDXSIM_ROOT/etc/nodename; test -e /.host || echo none; "
                                                          "echo x >>$SDXSIM_ROOT/etc/nodename; exit 4"])  # fmt: skip
    assert (ran.returncode, ran.stdout) == (4, "node1\nnone\n")
    assert ran.stderr == (
        f"sdxsim: paths are the host's here (--prefix): the files of node1 are in $SDXSIM_ROOT, {live(shell)}\n"
    )
    assert "sdxsim harvest" in shell.done("sdxsim log")


@pytest.mark.parametrize("call", ["unshare", "mount", "pivot_root"])
def test_where_a_system_call_is_refused_it_says_so_once(shell, call, tmp_path):
    """As containers and hardened kernels refuse them."""
    program = (
        "import sys\n"
        "from sdxsim.lab import namespace\n"
        "from sdxsim.entry import main\n"
        "real = namespace._Libc.call\n"
        "def refused(self, name, *arguments):\n"
        f"    if name == {call!r}:\n"
        f"        raise namespace.Cannot('{call}: Operation not permitted')\n"
        "    return real(self, name, *arguments)\n"
        "namespace._Libc.call = refused\n"
        "sys.argv = ['sdxsim', 'shell', '-c', 'cat $SDXSIM_ROOT/etc/nodename']\n"
        "sys.exit(main())\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], env=shell.environ, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "node1\n"), ran
    assert ran.stderr == (
        f"sdxsim: paths are the host's here ({call}: Operation not permitted): "
        f"the files of node1 are in $SDXSIM_ROOT, {live(shell)}\n"
    )


def test_where_python_is_stays_the_hosts(monkeypatch, tmp_path):
    """A lab in /home of somebody whose Python is there too: the node's /home stays in $SDXSIM_ROOT, and is told."""
    lab = tmp_path / "lab"
    for name in ("etc", "home", "usr"):
        os.makedirs(lab / "live" / "node1" / name)
    monkeypatch.setattr(sys, "base_prefix", "/home/me/python")
    monkeypatch.setattr(sys, "base_exec_prefix", "/home/me/python")
    plan = namespace.planned(str(lab), "node1", "/home/me/python/bin/python3", "/home/me/co/src/sdxsim/__main__.py")
    assert plan.tops == ("etc",)
    assert plan.notes == ("/home is the host's, for Python is there: the node's is $SDXSIM_ROOT/home",)
    assert plan.main == "/home/me/co/src/sdxsim/__main__.py"
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "base_exec_prefix", "/usr")
    plan = namespace.planned(str(lab), "node1", "/usr/bin/python3", "/home/me/co/src/sdxsim/__main__.py")
    assert (plan.tops, plan.notes) == (("etc", "home"), ())
    assert plan.main == "/.host/home/me/co/src/sdxsim/__main__.py"
    assert plan.inside("/home/me/lab") == "/.host/home/me/lab" and plan.inside("/srv/lab") == "/srv/lab"


def test_links_between_files_that_move_together_do_not_matter(tmp_path):
    """As in bin/ of a virtual environment: python leads to python3, and that to the host's."""
    os.symlink("python3", tmp_path / "python")
    os.symlink("/usr/bin/python3.11", tmp_path / "python3")
    assert namespace._absolute(str(tmp_path / "python"))[0] == "/usr/bin/python3.11"
    os.symlink("loop", tmp_path / "loop")
    assert namespace._absolute(str(tmp_path / "loop")) == []


def test_an_old_kernel_has_each_mount_protected(monkeypatch):
    """Without mount_setattr(2), Linux before 5.12: every mount below is named, with the flags it has."""
    asked = []

    class Old:
        def syscall(self, *_):
            namespace.ctypes.set_errno(errno.ENOSYS)
            return -1

        def mount(self, source, target, kind, flags, data):
            asked.append((target.decode(), flags.value))
            return 0

    libc = namespace._Libc()
    libc.libc = Old()
    libc.protect("/proc")
    assert asked[0][0] == "/proc" and all(flags & 1 and flags & 4096 and flags & 32 for _, flags in asked)


def test_live_end_leaves_nothing_of_a_shell(shell):
    shell.run(["sdxsim", "shell", "-c", "true"])
    assert os.path.isdir(f"{shell.state}/live/.shell")
    shell.done("sdxsim live --end")
    assert not os.path.exists(f"{shell.state}/live")
    assert not tree.exists(str(shell.state))
