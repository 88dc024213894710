"""`sdxsim console` on a terminal and without one; the page's step 6) typed at it."""

import os
import subprocess
import sys
import time

import pexpect
import pytest
from conftest import ALL_PROXIES, SHARED

PAGE = SHARED / "manual" / "6.4.6-backing-up.txt"
COMMAND = [sys.executable, "-m", "sdxsim", "sdxsim", "console"]
DISK = "/pci@1f,4000/scsi@3/disk@{},0:a"
PROMPT, OK = "\r\n# ", "\r\nok "
PASSWORD = "\r\nRoot password for system maintenance (control-d to bypass): "


class Sitting:
    """Somebody at the console."""

    def __init__(self, shell, *options, **environ):
        made = {"TERM": "dumb", **shell.environ, **environ}
        self.child = pexpect.spawn(
            COMMAND[0], [*COMMAND[1:], *options], env=made, encoding="utf-8", timeout=30, dimensions=(50, 200)
        )

    def sees(self, text):
        """Waits for exactly that; what came before it, as lines with \\n."""
        self.child.expect_exact(text)
        return self.child.before.replace("\r\n", "\n")

    def types(self, line, then=PROMPT):
        """What is printed behind the line typed, up to the prompt that follows."""
        self.child.sendline(line)
        echo, _, said = self.sees(then).partition("\n")
        assert echo == line or line not in echo
        return said

    def over(self):
        """The exit status."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def console(shell):
    made = Sitting(shell)
    made.sees("# ")
    yield made
    made.child.close(force=True)


# -- the page ----------------------------------------------------------------------------------------------------------


def step_6():
    """The lines of the page from 6) on: [(prompt, typed)], and what a boot that fails prints."""
    if not PAGE.exists():
        pytest.skip(f"the manual's page is not beside the project: {PAGE.name}")
    lines = PAGE.read_text().split("\n")
    lines = lines[lines.index(next(x for x in lines if x.startswith("6) "))) :]
    lines = lines[: lines.index(next(x for x in lines if x.startswith("7) ")))]
    typed = [(x[:2].strip(), x[2:].lstrip()) for x in lines if x.startswith(("# ", "ok "))]
    at = next(i for i, x in enumerate(lines) if x.startswith("Rebooting with command"))
    return typed, lines[at : at + 4]


def prepare(shell):
    """Steps 4) and 5) of the page."""
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    for name in ALL_PROXIES.split(","):
        shell.done(f"sdxattr -V -c System -v {name} -a mode=rw")
    shell.done(f"sdxvolume -N -c System -v {ALL_PROXIES}")
    for name in ("Proot", "Pusr", "Phome", "Pvar", "Popt"):
        assert shell.run(f"fsck-sim -y /dev/sfdsk/System/rdsk/{name}").returncode == 0
    shell.done("sdxproxy Root -c System -p Proxy1,Proxy2")
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")


def test_step_6_of_the_page_boots_there_and_back(shell, console):
    prepare(shell)
    typed, _ = step_6()
    # each boot stands twice on the page, the second time in the box about failing
    wanted = [line for i, line in enumerate(typed) if line not in typed[max(0, i - 1) : i]]
    assert [prompt for prompt, _ in wanted] == ["#", "ok", "#", "ok", "#"]
    for (prompt, line), after in zip(wanted, (OK, PROMPT, OK, PROMPT, PROMPT), strict=True):
        said = console.types(line, after)
        if prompt == "ok":
            lines = said.split("\n")
            assert lines[:2] == [f"Rebooting with command: {line}", f"Boot device: {line.split()[1]}  File and args: "]
            name = "Proot" if "disk@2" in line else "root"
            assert f"/ on /dev/sfdsk/System/dsk/{name} " in console.types("mount")  # 6-2
            table = console.types("sdxinfo -S -c System")
            assert "INVALID" not in table and table.count("ACTIVE") == 24
    assert console.types("sdxinfo -S -c System").count("STOP") == 12


def test_step_6_of_the_page_when_the_device_cannot_be_opened(shell, console):
    prepare(shell)
    typed, failing = step_6()
    assert shell.run("sdxsim fault disk System/Proot1 fail").returncode == 0
    console.types(typed[0][1], OK)
    said = console.types(typed[1][1], OK)
    assert [line.rstrip() for line in f"{said}\n".splitlines()] == [line.rstrip() for line in failing]
    said = console.types(f"boot {DISK.format(3)}")  # another name of the list
    assert "Boot device: /pci@1f,4000/scsi@3/disk@3,0:a" in said
    assert "/ on /dev/sfdsk/System/dsk/Proot " in console.types("mount")


# -- the node's files ----------------------------------------------------------------------------------------------------


def test_the_story_at_the_console(possible, shell, console):
    """What somebody sees who looks with `cat`: each system shows its own files, and restored ones are the old ones."""
    assert "/dev/sfdsk/System/dsk/root\t" in console.types("cat /etc/vfstab")
    console.types("echo 'saved::1:1:::' >>/etc/passwd; tail -1 /etc/passwd; sync")
    prepare(shell)
    good = console.types("cat /etc/passwd")
    console.types("grep -v /usr /etc/vfstab >/var/tmp/v; cp /var/tmp/v /etc/vfstab")
    assert "/usr" not in console.types("cat /etc/vfstab")
    console.types("shutdown -y -g0 -i0", OK)
    console.types(f"boot {DISK.format(2)}")
    assert console.types("cat /etc/passwd") == good
    assert "/dev/sfdsk/System/dsk/Pusr" in console.types("cat /etc/vfstab")
    assert "saved" in console.types("mount -F ufs -o ro /dev/sfdsk/System/dsk/root /mnt; tail -1 /mnt/etc/passwd; umount /mnt")


def test_paths_of_the_host_stay_the_hosts(possible, console):
    console.types("echo theirs >/etc/motd; cat /etc/motd")
    with open("/etc/passwd") as theirs:
        assert console.types("cat /.host/etc/passwd").strip() == theirs.read().strip()
    assert "Read-only file system" in console.types("echo no >/.host/etc/motd")
    assert console.types("cat /etc/nodename") == "node1"


def test_where_there_are_no_real_paths_the_console_says_so_once(shell):
    program = (
        "import sys\n"
        "from sdxsim.lab import namespace\n"
        "def refused(self, name, *arguments):\n"
        "    raise namespace.Cannot(f'{name}: Operation not permitted')\n"
        "from sdxsim.entry import main\n"
        "namespace._Libc.call = refused\n"
        "sys.argv = ['sdxsim', 'console']\n"
        "sys.exit(main())\n"
    )
    typed = "cat $SDXSIM_ROOT/etc/nodename\ntrue\necho edited >$SDXSIM_ROOT/etc/motd\nexit 3\n"
    ran = subprocess.run(
        [sys.executable, "-c", program], env=shell.environ, input=typed, capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stdout) == (3, "# node1\n# # # "), ran
    live = f"{shell.state}/live/node1"
    assert ran.stderr == (
        "sdxsim: paths are the host's here (unshare: Operation not permitted): "
        f"the files of node1 are in $SDXSIM_ROOT, {live}\n"
    )
    assert "sdxsim harvest" in shell.done("sdxsim log")


# -- the shell ---------------------------------------------------------------------------------------------------------


def test_it_is_a_shell(console):
    assert console.types("X='a  b'; cd /usr; umask 077") == ""
    assert console.types('pwd; echo "$X"; umask') == "/usr\na  b\n0077"
    assert console.types("cd; cd - >/dev/null; pwd").endswith("/usr")
    assert console.types("sdxinfo -C | grep -c System; (exit 7)") == "1"
    assert console.types("echo $?") == "7"
    assert console.types("echo a >/var/x; echo b >>/var/x; cat </var/x") == "a\nb"
    assert console.types("for i in 1 2", "\r\n> ") == ""
    assert console.types("do echo $i", "\r\n> ") == ""
    assert console.types("done") == "1\n2"
    console.types("cat <<EOF", "\r\n> ")
    console.types("one", "\r\n> ")
    assert console.types("EOF") == "one"
    console.types("echo 'a", "\r\n> ")
    assert console.types("b'") == "a\nb"
    console.types("echo a \\", "\r\n> ")
    assert console.types("b") == "a b"
    assert "not found" in console.types("nosuch") and console.types("echo $?") == "127"
    assert "yntax" in console.types("fi")
    assert "nosuch" in console.types(". /nosuch")  # which ends a sh that is not interactive
    assert console.types("echo $X") == "a b"
    assert console.types("") == "" and console.types("# nothing") == ""


def test_only_inside_it_are_the_stand_ins_on_path(shell, console):
    where = f"{shell.state}/bin/"
    for name in ("lockfs", "df", "swap", "init", "reboot", "halt", "poweroff", "uadmin", "eeprom", "who", "uname"):
        assert console.types(f"command -v {name}") == where + name
        found = subprocess.run(["/bin/sh", "-c", f"command -v {name}"], env=shell.environ, capture_output=True, text=True)
        assert not found.stdout.startswith(where)


def test_ctrl_c_ends_what_runs_and_no_more(console):
    console.child.sendline("sleep 60")
    time.sleep(0.5)
    console.child.sendintr()
    console.sees(PROMPT)
    assert console.types("echo $?") == "130"
    console.child.send("half a line")
    time.sleep(0.3)
    console.child.sendintr()
    console.sees(PROMPT)
    console.child.sendline("while :; do sleep 0.05; done")
    time.sleep(0.5)
    console.child.sendintr()
    console.sees(PROMPT)
    console.types("echo 'open", "\r\n> ")
    console.child.sendintr()
    console.sees(PROMPT)
    assert console.types("echo still here") == "still here"


def test_ctrl_backslash_ends_what_runs_and_no_more(console):
    console.child.send("\x1c")
    assert console.types("echo here").endswith("here")
    console.child.sendline("sleep 60")
    time.sleep(0.5)
    console.child.send("\x1c")
    console.sees(PROMPT)
    assert console.types("echo $?") == "131"
    console.types("init 0", OK)
    console.child.send("\x1c")
    console.types("boot -s", PASSWORD)
    console.child.send("\x1c")
    assert "single-user privilege assigned" in console.types("")


def test_lines_come_again_and_can_be_edited(shell):
    sitting = Sitting(shell, TERM="xterm")
    sitting.sees("# ")
    sitting.types("echo first")
    sitting.child.send("\x1b[A")
    sitting.sees("echo first")
    sitting.child.send("\x7f\x7f\x7f\x7f\x7fsecond\r")
    assert "second" in sitting.sees(PROMPT)
    assert sitting.types("exit 3", "exit 3\r\n") == "" and sitting.over() == 3


@pytest.mark.parametrize(("line", "status"), [("exit", 0), ("exit 5", 5), ("true; exit 2", 2)])
def test_exit_ends_it(console, line, status):
    console.child.sendline(line)
    assert console.over() == status


def test_ctrl_d_ends_it(console):
    console.child.sendeof()
    assert console.over() == 0


# -- questions ---------------------------------------------------------------------------------------------------------

PVAR = "/dev/sfdsk/System/rdsk/Pvar"


def opened(shell):
    """Proxies parted and running rw, not checked yet."""
    shell.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    shell.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    for name in ALL_PROXIES.split(","):
        shell.done(f"sdxattr -V -c System -v {name} -a mode=rw")
    shell.done(f"sdxvolume -N -c System -v {ALL_PROXIES}")


def test_fsck_asks_at_the_console(shell, console):
    opened(shell)
    assert console.types(f"fsck {PVAR}", "CORRECT? ").startswith(f"** {PVAR}\n** Last Mounted on /var\n")
    console.types("y", "ADJUST? ")
    shell.done("sdxvolume -F -c System -v Popt")  # nobody else waits for an answer
    console.child.sendintr()
    console.sees(PROMPT)
    said = console.types(f"fsck {PVAR}", "ADJUST? ")  # what was put right stays so
    assert "CORRECT" not in said
    console.types("y", "RECONNECT? ")
    console.child.sendeof()
    console.sees(PROMPT)
    assert console.types("echo $?") == "39"
    console.types(f"fsck {PVAR}", "RECONNECT? ")
    console.types("y", "CLEAR? ")
    console.types("y", "CORRECT BAD CG SUMMARIES? ")
    console.types("y", "FIX? ")
    console.types("y", "SALVAGE? ")
    assert console.types("y").endswith("\n***** FILE SYSTEM WAS MODIFIED *****")
    assert console.types(f"fsck {PVAR}; echo $?").endswith("% fragmentation)\n0")  # and asks nothing


def test_shutdown_asks_at_the_console(console):
    assert console.types("shutdown -g0 -i0", "(y or n):   ").startswith("\nShutdown started.")
    assert console.types("n").endswith("Shutdown aborted.")
    console.types("shutdown -g0 -i0", "(y or n):   ")
    assert console.types("y", OK).endswith("Program terminated")


def test_questions_read_their_own_lines_of_a_pipe(shell):
    opened(shell)
    answers = "y\n" * 7
    ran = piped(shell, f"fsck {PVAR}\n{answers}uname\nshutdown -g0 -i0\ny\n.version\n")
    assert "SALVAGE? \n" in ran.stdout and "\n# SunOS\n# " in ran.stdout and "\nok Release 3.23" in ran.stdout
    given = f"printf 'y\\nn\\nrest\\n' | (fsck -o f {PVAR} >/dev/null; echo $?; cat)"
    assert piped(shell, f"boot\n{given}\n").stdout.endswith("# 0\ny\nn\nrest\n# ")


# -- going down --------------------------------------------------------------------------------------------------------


def test_init_0_to_the_ok_prompt_and_its_words(console):
    said = console.types("init 0", OK)
    assert said.startswith("svc.startd: The system is coming down.") and said.endswith("Program terminated")
    assert console.types("sdxinfo", OK) == "sdxinfo ?"
    assert console.types("setenv boot-device disk1", OK) == "boot-device =         disk1"
    assert console.types("", OK) == ""
    assert console.types("PrintEnv auto-boot?", OK) == "auto-boot? =          true"
    console.child.sendintr()
    console.sees(OK)
    assert "Boot device: /pci@1f,4000/scsi@3/disk@1,0  File" in console.types("boot")
    assert console.types("eeprom boot-device") == "boot-device=disk1"
    console.types("halt", OK)
    console.child.sendeof()
    assert console.over() == 0


def test_single_user_mode_asks_for_the_password(console):
    console.types("shutdown -y -g0 -i0", OK)
    assert console.types("boot -s", PASSWORD).endswith("Requesting System Maintenance Mode\nSINGLE USER MODE\n")
    said = console.types("secret")
    assert "secret" not in said
    assert said.split("\n", 1)[-1].startswith("single-user privilege assigned to /dev/console.\n") or (
        "single-user privilege assigned to /dev/console." in said
    )
    assert "run-level S" in console.types("who -r")
    said = console.types("exit")
    assert said.startswith("checking ufs filesystems\n")
    assert "run-level 3" in console.types("who -r")
    console.types("init s", PASSWORD)
    console.child.sendeof()
    console.sees("checking ufs filesystems")
    console.sees(PROMPT)
    assert "run-level 3" in console.types("who -r")


def test_another_terminal_brings_the_node_down_and_up(shell, console):
    shell.done("sdxsim fault power")
    assert "OpenBoot 3.23" in console.sees(OK)
    shell.done("boot")
    console.sees(PROMPT)
    console.child.sendline("sleep 600")
    time.sleep(0.5)
    shell.done("sdxsim fault panic")
    console.sees(OK)
    assert "is being checked" in console.types("boot")
    shell.done("sdxsim fault panic")
    assert console.sees(OK).startswith("\npanic[cpu0]/")
    shell.done("boot")
    console.sees(PROMPT)
    shell.done("shutdown -y -g0 -i0")
    assert console.sees(OK).endswith("syncing file systems... done\nProgram terminated")
    console.types("boot")
    shell.done("sdxsim undo")
    said = console.sees(OK)
    assert said == "\nsdxsim: undo: node1 is halted in the lab as it is now", said
    console.types("boot")
    shell.done("sdxsim clock resume")
    shell.done("sdxsim fault power --at 3s")
    console.sees(OK)  # time alone has brought it


def test_any_bytes_may_be_typed(shell, console):
    typed = b"echo a\xff\0b | od -An -c\n"
    ran = subprocess.run(COMMAND, input=typed, env=shell.environ, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"") and b"377   b" in ran.stdout
    console.types("init 0", OK)
    os.write(console.child.child_fd, b"caf\xc3\xa9\r")
    assert console.sees(OK).endswith(" ?")


def test_a_line_that_is_too_long(shell):
    ran = piped(shell, f"echo {'x' * 200_000} | wc -c\nX={'y' * 110_000}; echo kept\necho here\n")
    assert ran.stdout.endswith("# here\n# ") and "kept" in ran.stdout


def test_a_lock_hangs_until_it_is_taken_away(shell, console):
    console.types("lockfs -w /var")
    console.child.sendline("sdxinfo -C")
    console.sees("hangs: /var is write-locked")
    time.sleep(0.5)
    shell.done("lockfs -u /var")
    assert "OBJ    NAME" in console.sees(PROMPT)
    console.types("lockfs -w /")
    console.child.sendline("uname")
    console.sees("uname: hangs: / is write-locked, 'lockfs -u /' would let it go on (sdxsim)")
    console.child.sendintr()
    console.sees(PROMPT)
    assert console.types("echo $?") == "130"
    assert console.types("lockfs -u /; uname") == "SunOS"


def test_a_boot_that_needs_repair_stands_in_maintenance_mode(shell, console):
    prepare(shell)
    shell.done("sdxattr -V -c System -v Pvar -a lock=on")
    console.types("init 0", OK)
    said = console.types(f"boot {DISK.format(2)}", PASSWORD)
    assert "WARNING - Unable to repair the /var filesystem. Run fsck\n" in said
    assert said.endswith("(See /lib/svc/share/README for more information.)\n")
    console.types("")
    assert "Pvar" not in console.types("mount")
    console.child.sendeof()
    console.sees(PASSWORD)  # nothing was repaired
    console.types("")
    console.types("sdxvolume -N -c System -v Pvar -e unlock")
    console.child.sendline("exit")
    console.sees("checking ufs filesystems")
    console.sees(PROMPT)
    assert "/var on /dev/sfdsk/System/dsk/Pvar" in console.types("mount")


def test_a_root_that_is_read_only_is_made_writable_and_repaired(possible, shell, console):
    prepare(shell)
    shell.done("sdxvolume -N -c System -v Proot")
    console.types("mount -F ufs /dev/sfdsk/System/dsk/Proot /mnt; cp /mnt/etc/vfstab /mnt/saved; rm /mnt/etc/vfstab")
    console.types("umount /mnt; init 0", OK)
    said = console.types(f"boot {DISK.format(2)}", PASSWORD)
    assert "mount: Cannot open /etc/vfstab\n" in said
    console.types("")
    special = "/dev/sfdsk/System/dsk/Proot"
    assert f"/ on {special} read only" in console.types("mount")
    assert console.types(f"mount -F ufs -o remount,rw {special} /") == ""
    console.types("cp /saved /etc/vfstab")
    assert console.types("exit").startswith("checking ufs filesystems\n")
    assert "/usr on /dev/sfdsk/System/dsk/Pusr" in console.types("mount")


# -- without a terminal ------------------------------------------------------------------------------------------------


def piped(shell, text, *options):
    return subprocess.run(
        [*COMMAND, *options], input=text, env=shell.environ, capture_output=True, text=True, timeout=60
    )


def test_lines_from_a_pipe(shell):
    ran = piped(shell, "echo a; read x; echo $x\nb\ninit 0\nprintenv boot-device\nboot -s\nany\nwho -r\nexit\nwho -r\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("# a\nb\n# svc.startd:")
    assert "\nProgram terminated\nok boot-device =         /pci@" in ran.stdout
    assert "run-level S" in ran.stdout and ran.stdout.rstrip("# \n").endswith("run-level 3  Oct  2 09:00     3      0  S")
    assert ran.stdout.endswith("\n# ")


@pytest.mark.parametrize(("text", "status"), [("", 0), ("exit 4\n", 4), ("false\n", 1), ("init 0\nboot -s\n", 0)])
def test_the_end_of_a_pipe_is_the_end(shell, text, status):
    assert piped(shell, text).returncode == status


def test_without_a_lab_or_that_node(shell, tmp_path):
    assert piped(shell, "", "--node", "node7").returncode == 2
    shell.environ["SDXSIM_STATE"] = str(tmp_path / "nowhere")
    ran = piped(shell, "")
    assert ran.returncode == 1 and "sdxsim init" in ran.stderr


def test_the_second_node(shell, tmp_path):
    shell.environ["SDXSIM_STATE"] = str(tmp_path / "two")
    shell.done("sdxsim init cluster")
    ran = piped(shell, "uname -n\ninit 0\nboot\nuname -n\n", "--node", "node2")
    assert ran.stdout.startswith("# node2\n") and ran.stdout.endswith("# node2\n# ")
    assert os.path.exists(f"{tmp_path}/two/state.json")
