"""lockfs, df, swap, init, reboot, halt, poweroff, uadmin, eeprom, who, uname: solaris.md 3, 4; guide 6.3.3, A.2.9."""

import pytest
from tests.solaris.builder import (
    CLASS,
    NOW,
    PATH,
    build,
    changed,
    data,
    holding,
    node_changed,
    recorded,
    same,
)

from sdxsim.commands import NOT_SIMULATED, STANDINS
from sdxsim.execute import execute
from sdxsim.model.outcome import Hang, Shell
from sdxsim.model.records import Defect
from sdxsim.model.status import MULTI_USER, OBP, SINGLE_USER

DISK0 = PATH.format(0)


def run(lab, line):
    """As typed in a shell or at the ok prompt, with what `execute` does around it."""
    return execute(lab, line.split(), NOW)


def quiet(outcome, status=0):
    assert (outcome.stdout, outcome.stderr, outcome.status) == ("", "", status), outcome[1:4]
    return outcome.lab


def answered(lab, line, out="", err="", status=0):
    """What a command says that changes nothing."""
    outcome = run(lab, line)
    assert (outcome.stdout, outcome.stderr, outcome.status) == (out, err, status), outcome[1:4]
    assert same(outcome, lab)


# -- words they know and words they do not -----------------------------------------------------------------------------

USAGES = {
    "lockfs": "usage: lockfs [-dfhnuw] [-c string] [-a] [file system ...]\n",
    "df": "Usage: df [-F FSType] [-abeghklntVv] [-o FSType-specific_options] [directory | block_device | resource ...]\n",
    "swap": "Usage:\tswap -l\n\tswap -s\n\tswap -d <file name> [low block]\n"
            "\tswap -a <file name> [low block] [nbr of blocks]\n",
    "reboot": "usage: reboot [-dlnq] [boot args]\n",
    "halt": "usage: halt [-dlnq]\n",
    "poweroff": "usage: poweroff [-dlnq]\n",
    "eeprom": "Usage: eeprom [-v] [-f prom-device] [variable[=value] ...]\n",
    "who": "\nUsage:\twho [-abdHlmpqrstTu] [am i] [utmp_like_file]\n",
    "uname": "usage:\tuname [-snrvmapiX]\n\tuname [-S system_name]\n",
}  # fmt: skip


@pytest.mark.parametrize("command", USAGES)
def test_an_unknown_option_is_answered_by_the_usage(command):
    lab = build()
    outcome = run(lab, f"{command} -Z")
    said = f"{command}: illegal option -- Z\n"
    assert said in outcome.stderr and USAGES[command] in outcome.stdout + outcome.stderr
    assert outcome.status == 1 and same(outcome, lab)


@pytest.mark.parametrize(
    "line",
    ["lockfs -e /var", "df -V /", "df -g /", "df -o x", "reboot -d", "reboot -n", "halt -d", "poweroff -n",
     "eeprom -f /dev/x", "who -T", "who -a", "uname -S x"],
)  # fmt: skip
def test_what_solaris_knows_and_a_lab_does_not_is_said_so(line):
    command, option, *_ = line.split()
    err = f"{command}: {option} is known to Solaris, but not simulated (sdxsim)\n"
    answered(build(), line, err=err, status=1)


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("uadmin", "Usage: uadmin cmd fcn [mdep]\n"),
        ("uadmin 2", "Usage: uadmin cmd fcn [mdep]\n"),
        ("uadmin x 0", "Usage: uadmin cmd fcn [mdep]\n"),
        ("uadmin 9 0", "uadmin: Invalid argument\n"),
        ("uadmin 2 9", "uadmin: Invalid argument\n"),
        ("uadmin 5 0", "uadmin: 5 0 is known to Solaris, but not simulated (sdxsim)\n"),
        ("uadmin 2 2", "uadmin: 2 2 is known to Solaris, but not simulated (sdxsim)\n"),
        ("init", "Usage: init [0123456SsQqabc]\n"),
        ("init 7", "Usage: init [0123456SsQqabc]\n"),
        ("init 0 1", "Usage: init [0123456SsQqabc]\n"),
        ("swap", USAGES["swap"]),
        ("swap -l -s", USAGES["swap"]),
        ("halt now", USAGES["halt"]),
        ("uname x", USAGES["uname"]),
        ("who x", "who: x is known to Solaris, but not simulated (sdxsim)\n"),
    ],
)
def test_missing_and_wrong_words(line, err):
    answered(build(), line, err=err, status=1)


# -- lockfs ------------------------------------------------------------------------------------------------------------

HEADER = "Filesystem           Locktype   Comment\n"


def test_lockfs_lists_what_is_locked():
    lab = build()
    answered(lab, "lockfs")
    lab = quiet(run(lab, "lockfs -w -c backup /var"))
    lab = quiet(run(lab, "lockfs -n /home"))
    answered(lab, "lockfs", HEADER + "/home                name       \n/var                 write      backup\n")
    answered(lab, "lockfs / /var", HEADER + "/                    unlock     \n/var                 write      backup\n")
    everything = run(lab, "lockfs -a").stdout
    assert everything.count("\n") == 6 and "/opt                 unlock     \n" in everything
    lab = quiet(run(lab, "lockfs -u -a"))
    answered(lab, "lockfs")
    assert lab == build()


@pytest.mark.parametrize(
    ("line", "out", "err", "status"),
    [
        ("lockfs -w", USAGES["lockfs"], "", 1),
        ("lockfs -w -n /var", USAGES["lockfs"], "", 1),
        ("lockfs -c x /var", USAGES["lockfs"], "", 1),
        ("lockfs -f", USAGES["lockfs"], "", 1),
        ("lockfs -c", USAGES["lockfs"], "lockfs: option requires an argument -- c\n", 1),
        ("lockfs -f /var", "", "", 0),
        ("lockfs -u /var", "", "", 0),
        ("lockfs -w /nosuch", "", "/nosuch: No such file or directory\n", 2),
        ("lockfs -w /dev/sfdsk/System/dsk/root", "", "/dev/sfdsk/System/dsk/root: Inappropriate ioctl for device\n", 2),
        ("lockfs -w ../../nosuch", "", "../../nosuch: No such file or directory\n", 2),
    ],
)  # fmt: skip
def test_lockfs_refuses(line, out, err, status):
    answered(build(), line, out, err, status)


def test_a_hard_lock_stays_until_the_file_system_is_unmounted():
    lab = quiet(run(build(), "lockfs -h /home"))
    answered(lab, "lockfs -u /home", err="/home: I/O error\nMay be hard locked\n", status=2)
    lab = quiet(run(lab, "umount /home"))
    lab = quiet(run(lab, "mount /home"))
    answered(lab, "lockfs")


HANGS = "hangs: {0} is write-locked, 'lockfs -u {0}' would let it go on (sdxsim)\n"


@pytest.mark.parametrize(
    ("locked", "line", "hangs"),
    [
        ("/", "sdxinfo -C", True),
        ("/", "mount", True),
        ("/", "uname", True),
        ("/", "shutdown -y -g0 -i0", True),
        ("/", "lockfs", False),
        ("/var", "sdxinfo -C", True),
        ("/var", "sdxproxy Part -c System -p Proxy1", True),
        ("/var", "mount", False),
        ("/var", "shutdown -y -g0 -i0", False),
        ("/home", "sdxinfo -C", False),
        ("/home", "chgrp sys /home/x", True),
        ("/home", "chgrp sys /etc/vfstab", False),
    ],
)
def test_what_hangs_on_a_write_lock(locked, line, hangs):
    lab = quiet(run(build(), f"lockfs -w {locked}"))
    outcome = run(lab, line)
    assert (type(outcome.waits) is Hang) == hangs
    if hangs:
        assert outcome.stderr.endswith(HANGS.format(locked)) and outcome.status == 1 and same(outcome, lab)
        lab = quiet(run(lab, f"lockfs -u {locked}"))
        assert run(lab, line).waits is None


@pytest.mark.parametrize("letter", "ndh")
def test_other_locks_are_only_shown(letter):
    lab = quiet(run(build(), f"lockfs -{letter} /var"))
    assert run(lab, "sdxinfo -C").status == 0


def test_a_lock_is_gone_when_the_system_is():
    lab = quiet(run(build(), "lockfs -w /var"))
    lab = run(run(lab, "shutdown -y -g0 -i0").lab, "boot").lab
    answered(lab, "lockfs")


# -- a directory somebody stands in ------------------------------------------------------------------------------------


def standing(lab, directory, line):
    return execute(lab, line.split(), NOW, shell=Shell(directory))


def test_relative_names_begin_where_somebody_stands():
    lab = quiet(standing(build(), "/etc", "chgrp root vfstab"))
    assert data(lab, "root").files["/etc/vfstab"].group == "root"
    assert standing(lab, "/etc", "chgrp root ./x").stderr == "chgrp: ./x: No such file or directory\n"
    assert standing(lab, "/home", "df -k .").stdout.endswith("/home\n")
    assert quiet(standing(lab, "/home", "lockfs -w ..")).nodes["node1"].mounts[0].lock == "write"
    said = standing(lab, "/dev/sfdsk/System/rdsk", "fsck -n Proot").stdout
    assert said.startswith("** Proot (NO WRITE)\n** Last Mounted on /\n")


@pytest.mark.parametrize("directory", ["/home", "/home/user1"])
def test_who_stands_in_a_file_system_keeps_it_busy(directory):
    lab = build()
    outcome = standing(lab, directory, "umount /home")
    assert (outcome.stderr, outcome.status) == ("umount: /home busy\n", 1) and same(outcome, lab)
    assert standing(lab, directory, "umount -a").stderr == "umount: /home busy\n"
    assert "/home" not in [m.point for m in quiet(standing(lab, directory, "umount -f /home")).nodes["node1"].mounts]
    quiet(standing(lab, "/opt", "umount /home"))
    block = "/dev/sfdsk/System/dsk/Proot"
    outcome = standing(lab, "/mnt", f"mount {block} /mnt")
    assert (outcome.stderr, outcome.status) == (f"mount: {block} is already mounted or /mnt is busy\n", 32)
    quiet(standing(lab, "/mnt", f"mount -O {block} /mnt"))


def test_a_write_lock_hangs_a_chgrp_of_a_relative_name():
    lab = quiet(run(build(), "lockfs -w /home"))
    assert standing(lab, "/home", "chgrp sys x").waits == Hang("/home")


# -- file systems without a device -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["/tmp", "/proc", "/var/run", "swap", "/etc/mnttab"])
def test_what_the_kernel_mounted_by_itself_is_busy(name):
    answered(build(), f"umount {name}", err=f"umount: {name} busy\n", status=1)


@pytest.mark.parametrize("point", ["/tmp", "/proc", "/devices"])
def test_nothing_is_mounted_over_it_nor_locks_it(point):
    block = "/dev/sfdsk/System/dsk/Proot"
    answered(build(), f"mount {block} {point}", err=f"mount: {block} is already mounted or {point} is busy\n", status=32)
    answered(build(), f"lockfs -w {point}", err=f"{point}: Inappropriate ioctl for device\n", status=2)


@pytest.mark.parametrize(
    ("command", "err", "status"),
    [
        (["chgrp", "sys", ""], "chgrp: : No such file or directory\n", 1),
        (["lockfs", "-w", ""], ": No such file or directory\n", 2),
        (["df", ""], "df: (          ) not a block device, directory or mounted resource\n", 1),
        (["umount", ""], "umount: warning:  not in mnttab\numount:  no such file or directory\n", 1),
    ],
)
def test_an_empty_name_names_nothing(command, err, status):
    lab = build()
    outcome = execute(lab, command, NOW)
    assert (outcome.stdout, outcome.stderr, outcome.status) == ("", err, status) and same(outcome, lab)
    assert execute(lab, ["fsck", "-y", ""], NOW).stdout == "fsck: could not stat : No such file or directory\n"


# -- df, swap ----------------------------------------------------------------------------------------------------------


def test_df_k():
    out = run(build(), "df -k").stdout
    rows = out.splitlines()
    assert rows[1:3] == ["/dev/sfdsk/System/dsk/root", "                      481341   60104  373103    14%    /"]
    assert rows[3] == "/devices                   0       0       0     0%    /devices"


def test_df_of_names():
    lab = build()
    one = (
        "Filesystem            kbytes    used   avail capacity  Mounted on\n"
        "/dev/sfdsk/System/dsk/root\n                      481341   60104  373103    14%    /\n"
    )
    for name in ("/", "/etc/vfstab", "/etc", "/dev/sfdsk/System/dsk/root", "/../.."):
        answered(lab, f"df -k {name}", one)
    answered(lab, "df -h /", "Filesystem             size   used  avail capacity  Mounted on\n"
             "/dev/sfdsk/System/dsk/root\n                       470M    59M   364M    14%    /\n")  # fmt: skip
    answered(lab, "df /", "/                  (/dev/sfdsk/System/dsk/root):  842474 blocks   235648 files\n")
    answered(lab, "df -k /nosuch", err="df: (/nosuch   ) not a block device, directory or mounted resource\n", status=1)
    assert run(lab, "df -k -F ufs").stdout.count("System") == 5
    assert run(lab, "df -F tmpfs").stdout.count("\n") == 3
    # a volume that is not mounted
    assert run(lab, "df -k /dev/sfdsk/System/dsk/Proot").status == 1


def test_swap():
    lab = build()
    answered(lab, "swap -l", "swapfile             dev    swaplo   blocks     free\n"
             "/dev/sfdsk/System/dsk/swap 241,4        16  2097136  2097136\n")  # fmt: skip
    assert run(lab, "swap -s").stdout == (
        "total: 81920k bytes allocated + 24576k reserved = 106496k used, 1728504k available\n"
    )
    lab = quiet(run(lab, "swap -d /dev/sfdsk/System/dsk/swap"))
    answered(lab, "swap -l", err="No swap devices configured\n", status=1)
    assert run(lab, "swap -s").stdout.endswith("used, 679936k available\n")
    lab = quiet(run(lab, "swap -a /dev/sfdsk/System/dsk/Pswap"))
    assert "/dev/sfdsk/System/dsk/Pswap 241,10" in run(lab, "swap -l").stdout
    assert run(lab, "sdxvolume -F -c System -v Pswap").stderr == "SDX:sdxvolume: ERROR: Pswap: in use\n"


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("swap -a {dsk}/swap", "{dsk}/swap: Overlapping swap files are not allowed\n"),
        ("swap -a {dsk}/home", "{dsk}/home: Device busy\n"),
        ("swap -a {dsk}/nosuch", "{dsk}/nosuch: No such file or directory\n"),
        ("swap -a {rdsk}/Pswap", "{rdsk}/Pswap: Invalid argument\n"),
        ("swap -a {dsk}/Phome", "{dsk}/Phome: No such device or address\n"),
        ("swap -a {dsk}/Popt", "{dsk}/Popt: Read-only file system\n"),
        ("swap -a /dev/dsk/c0t0d0s0", "/dev/dsk/c0t0d0s0: Device busy\n"),
        ("swap -d {dsk}/Pswap", "{dsk}/Pswap: Invalid argument\n"),
        ("swap -d /nosuch", "/nosuch: No such file or directory\n"),
        ("swap -a /etc/vfstab", "swap: a swap file is known to Solaris, but not simulated (sdxsim)\n"),
        ("swap -a {dsk}/Pswap 16", "swap: a part of a device is known to Solaris, but not simulated (sdxsim)\n"),
        ("swap -a {dsk}/Pswap x", USAGES["swap"]),
        ("swap -d {dsk}/swap 0 0", USAGES["swap"]),
    ],
)
def test_swap_space_that_cannot_be_added_or_taken_away(line, err):
    names = {"dsk": "/dev/sfdsk/System/dsk", "rdsk": "/dev/sfdsk/System/rdsk"}
    lab = changed(changed(build(), "Phome", started={}), "Popt", mode="ro")
    answered(lab, line.format(**names), err=err.format(**names), status=1)


def test_other_forms_of_df():
    lab = build()
    assert run(lab, "df -n /home /tmp").stdout == "/home              : ufs     \n/tmp               : tmpfs   \n"
    special = "/dev/sfdsk/System/dsk/home"
    assert run(lab, "df -b /home").stdout == f"Filesystem             avail\n{special}  421237\n"
    assert run(lab, "df -e /home").stdout.startswith(f"Filesystem             ifree\n{special}")
    assert run(lab, "df -t /home").stdout.split("\n")[1] == (
        "                                  total:  962682 blocks   240670 files"  # 2,048 bytes each
    )
    assert run(lab, "df -a").stdout == run(lab, "df").stdout
    answered(lab, "df -F nosuch", err="df: operation not applicable to FSType nosuch\n", status=1)
    answered(lab, "df -F nfs")


def test_uname_x_and_who_b():
    assert run(build(), "uname -X").stdout.startswith("System = SunOS\nNode = node1\nRelease = 5.10\n")
    answered(build(), "who -b", "   .       system boot  Nov 22 10:00\n")
    answered(build(), "who -q", "root\n# users=1\n")
    answered(build(), "who -H", "NAME       LINE         TIME\nroot       console      Nov 22 10:00\n")


# -- going down and up -------------------------------------------------------------------------------------------------

COMING = "svc.startd: The system is coming down.  Please wait.\n"


def test_init_0_is_shutdown_from_where_startd_speaks():
    outcome, whole = run(build(), "init 0"), run(build(), "shutdown -y -g0 -i0")
    assert outcome.stdout.startswith(COMING) and whole.stdout.endswith(outcome.stdout)
    assert outcome.lab == whole.lab and outcome.lab.nodes["node1"].power == OBP


def test_init_6_s_and_5():
    up = run(build(), "init 6")
    assert "rebooting...\nRebooting with command: boot\n" in up.stdout and up.lab.nodes["node1"].power == MULTI_USER
    for state in ("s", "S", "1"):
        assert run(build(), f"init {state}").lab.nodes["node1"].power == SINGLE_USER
    off = run(build(), "init 5")
    assert off.stdout.endswith("done\n") and off.lab.nodes["node1"].power == OBP


@pytest.mark.parametrize("line", ["init 3", "init 2", "init q", "init a"])
def test_init_to_where_it_is_does_nothing(line):
    answered(build(), line)


def test_init_3_goes_on_from_single_user_mode():
    lab = run(build(), "init s").lab
    before = recorded(lab, "Phome")
    outcome = run(lab, "init 3")
    assert outcome.stdout == (
        "checking ufs filesystems\n"
        "/dev/sfdsk/System/rdsk/home: is logging.\n/dev/sfdsk/System/rdsk/opt: is logging.\n"
    )
    node = outcome.lab.nodes["node1"]
    assert (outcome.status, node.power) == (0, MULTI_USER)
    assert {m.point for m in node.mounts} == {m.point for m in build().nodes["node1"].mounts}
    assert node.booted_at == lab.nodes["node1"].booted_at and recorded(outcome.lab, "Phome") >= before  # no reboot


def test_reboot_takes_words_for_boot():
    outcome = run(build(), f"reboot -- {PATH.format(4)}:a -s")
    assert outcome.stdout.startswith(
        f"syncing file systems... done\nrebooting...\nRebooting with command: boot {PATH.format(4)}:a -s\n"
    )
    assert outcome.lab.nodes["node1"].power == SINGLE_USER
    assert run(build(), "reboot").lab.nodes["node1"].power == MULTI_USER


@pytest.mark.parametrize("line", ["halt", "uadmin 2 0", "poweroff", "uadmin 2 6"])
def test_halt_is_orderly(line):
    outcome = run(build(), line)
    assert outcome.stdout.startswith("syncing file systems... done\n")
    assert outcome.lab == run(build(), "init 0").lab


def test_uadmin_1_writes_nothing_out():
    outcome = run(build(), "uadmin 1 0")
    assert outcome.stdout == "Program terminated\n" and outcome.lab.nodes["node1"].power == OBP
    assert data(outcome.lab, "var").defects and not data(run(build(), "uadmin 2 0").lab, "var").defects
    up = run(build(), "uadmin 1 1")
    assert up.stdout.startswith("rebooting...\n") and "The /var file system" in up.stdout
    assert up.lab.nodes["node1"].power == MULTI_USER
    assert run(build(), "uadmin 2 1").stdout.startswith("syncing file systems... done\nrebooting...\n")


def test_a_reboot_that_ends_in_maintenance_mode_says_so():
    lost = {"inode": 7, "owner": "root", "mode": 0o40755, "size": 512, "mtime": NOW, "parent": 2}
    lab = holding(build(), "opt", flag="FSACTIVE", logging=False, defects=(Defect("directory.lost", lost),))
    outcome = run(lab, "reboot")
    assert outcome.status == 2 and outcome.stdout.endswith("Console login service(s) cannot run\n")
    assert run(outcome.lab, "who -r").stdout == "   .       run-level S  Nov 22 10:00     S      0  ?\n"


# -- who, uname --------------------------------------------------------------------------------------------------------


def test_who_and_uname():
    lab = build()
    answered(lab, "who -r", "   .       run-level 3  Nov 22 10:00     3      0  S\n")
    for line in ("who", "who am i"):
        answered(lab, line, "root       console      Nov 22 10:00\n")
    answered(lab, "uname", "SunOS\n")
    answered(lab, "uname -a", "SunOS node1 5.10 Generic_147147-26 sun4u sparc SUNW,Ultra-60\n")
    answered(lab, "uname -rsn", "SunOS node1 5.10\n")


# -- eeprom and the ok prompt: one NVRAM -------------------------------------------------------------------------------


def test_eeprom_as_guide_a_2_9_types_it():
    lab = node_changed(build(), nvram={"nvramrc": "devalias x /y\n"})
    answered(lab, "eeprom use-nvramrc?", "use-nvramrc?=false\n")
    lab = quiet(run(lab, "eeprom use-nvramrc?=true"))
    answered(lab, "eeprom use-nvramrc?", "use-nvramrc?=true\n")
    answered(lab, "eeprom nvramrc", "nvramrc=devalias x /y\n")
    lab = quiet(run(lab, "eeprom nvramrc="))
    answered(lab, "eeprom nvramrc", "nvramrc: data not available.\n")
    answered(lab, "eeprom use-nvramrc?=true")


def test_eeprom_shows_each_alias_on_a_line_of_its_own():
    lab = node_changed(build(), nvram={"nvramrc": "devalias x /y\ndevalias z /y\n"})
    answered(lab, "eeprom nvramrc", "nvramrc=\ndevalias x /y\ndevalias z /y\n")


@pytest.mark.parametrize(
    ("line", "out", "err", "status"),
    [
        ("eeprom boot-device", f"boot-device={DISK0}:a\n", "", 0),
        ("eeprom nosuch", "nosuch: data not available.\n", "", 0),
        ("eeprom devalias", "devalias: data not available.\n", "", 0),
        ("eeprom nosuch=1", "", "nosuch: invalid property.\n", 1),
        ("eeprom devalias=1", "", "devalias: invalid property.\n", 1),
        ("eeprom auto-boot?=maybe", "", "auto-boot?: invalid property value.\n", 1),
        ("eeprom scsi-initiator-id=x", "", "scsi-initiator-id: invalid property value.\n", 1),
        ("eeprom security-mode=x", "", "security-mode: invalid property value.\n", 1),
    ],
)
def test_eeprom_answers(line, out, err, status):
    answered(build(), line, out, err, status)


def test_eeprom_changes_what_boots():
    outcome = execute(build(), ["eeprom", "-v", f"boot-device={PATH.format(4)}:a disk"], NOW)
    assert outcome.stdout == (
        f"old:boot-device={DISK0}:a\nnew:boot-device={PATH.format(4)}:a disk\n"
    )
    up = run(outcome.lab, "init 6")
    assert up.lab.nodes["node1"].boot_path == f"{PATH.format(4)}:a"
    assert "boot-device=" in run(build(), "eeprom").stdout


@pytest.fixture
def halted():
    return run(build(), "init 0").lab


def said(lab, line, out, status=0):
    outcome = run(lab, line)
    assert (outcome.stdout, outcome.stderr, outcome.status) == (out, "", status)
    return outcome.lab


def test_variables_at_the_ok_prompt(halted):
    said(halted, "printenv boot-device", f"boot-device =         {DISK0}:a\n")
    lab = said(halted, "setenv boot-device disk1 disk", "boot-device =         disk1 disk\n")
    assert run(run(lab, "boot").lab, "eeprom boot-device").stdout == "boot-device=disk1 disk\n"
    assert said(lab, "set-default boot-device", "").nodes["node1"].nvram == {}
    said(run(lab, "set-default boot-device").lab, "printenv boot-device", "boot-device =         disk net\n")
    assert said(lab, "set-defaults", "").nodes["node1"].nvram == {}
    said(halted, "setenv auto-boot? perhaps", "auto-boot?: invalid value\n", 1)
    for line in ("printenv nosuch", "set-default nosuch", "setenv nosuch x"):
        said(halted, line, "nosuch ?\n", 1)
    for line in ("setenv", "setenv boot-device", "set-default", "nvalias x", "nvunalias"):
        assert run(halted, line).stdout.startswith("Usage: ") and same(run(halted, line), halted)
    assert run(halted, "printenv").stdout.startswith(
        "Variable Name         Value                          Default Value\n\n"
        "auto-boot?            true                           true\n"
    )


def test_aliases_at_the_ok_prompt(halted):
    said(halted, "devalias disk3", f"disk3                    {PATH.format(3)}\n")
    assert f"disk                     {DISK0}\n" in run(halted, "devalias").stdout
    said(halted, "devalias backup", "backup ?\n", 1)
    lab = said(halted, f"devalias backup {PATH.format(4)}", "")
    said(lab, "devalias backup", f"backup                   {PATH.format(4)}\n")
    up = run(lab, "boot backup:a")
    assert up.lab.nodes["node1"].boot_path == f"{PATH.format(4)}:a"
    assert up.lab.nodes["node1"].nvram == halted.nodes["node1"].nvram  # gone with the reset
    lab = said(halted, f"nvalias backup {PATH.format(4)}", "")
    again = run(run(lab, "boot").lab, "init 0").lab
    assert again.nodes["node1"].nvram["use-nvramrc?"] == "true"
    assert run(again, "boot backup").lab.nodes["node1"].boot_path == f"{PATH.format(4)}:a"
    lab = said(said(lab, f"nvalias backup {PATH.format(5)}", ""), "printenv nvramrc",
               f"nvramrc =             devalias backup {PATH.format(5)}\n")  # fmt: skip
    lab = said(lab, "nvunalias backup", "")
    said(lab, "devalias backup", "backup ?\n", 1)
    said(lab, "nvunalias backup", "backup ?\n", 1)


def test_the_aliases_of_gds_can_be_booted(halted):
    nvram = {"use-nvramrc?": "true",
             "nvramrc": "devalias sdx-root-slice-1 /devices/pci@1f,4000/scsi@3/sd@4,0:a,raw\n"}  # fmt: skip
    lab = node_changed(halted, nvram=nvram)
    assert run(lab, "boot sdx-root-slice-1").lab.nodes["node1"].boot_path == f"{PATH.format(4)}:a"
    lab = node_changed(halted, nvram={**nvram, "use-nvramrc?": "false"})
    assert run(lab, "boot sdx-root-slice-1").stdout.endswith("Can't open boot device\n")


def test_what_the_ok_prompt_shows(halted):
    assert "/pci@1f,4000/scsi@3/disk\n" in run(halted, "show-devs").stdout
    said(halted, "show-disks",
         "a) /pci@1f,4000/scsi@3/disk\nq) NO SELECTION\nEnter Selection, q to quit: q\n")  # fmt: skip
    assert run(halted, "probe-scsi").stdout.startswith("Target 0 \n  Unit 0   Disk     ")
    assert run(halted, "probe-scsi").stdout.count("Target") == len(halted.devices)
    said(halted, "probe-scsi-all", "/pci@1f,4000/scsi@3\n" + run(halted, "probe-scsi").stdout + "\n")
    said(halted, ".enet-addr", "8:0:20:bc:61:4e\n")
    assert run(halted, "banner").stdout.startswith("Sun Ultra 60 ")
    assert "OBP 3.23" in run(halted, ".version").stdout and "boot [device]" in run(halted, "help").stdout
    for word in NOT_SIMULATED:
        outcome = run(halted, word)
        assert (outcome.lab, outcome.stdout, outcome.status) == (halted, "", 1)
        assert outcome.stderr == f"{word} is a word of OpenBoot, but not simulated (sdxsim)\n"


def test_reset_all_boots_if_the_machine_is_to(halted):
    outcome = run(halted, "reset-all")
    assert outcome.stdout.startswith("Resetting ... \n\nSun Ultra 60 ")
    assert outcome.lab.nodes["node1"].power == MULTI_USER
    lab = run(halted, "setenv auto-boot? false").lab
    outcome = run(lab, "reset-all")
    assert "Boot device" not in outcome.stdout and same(outcome, lab)
    lab = run(run(halted, "setenv boot-command boot -s").lab, "devalias x /y").lab
    outcome = run(lab, "reset-all")
    assert outcome.lab.nodes["node1"].power == SINGLE_USER
    assert "until-reset" not in outcome.lab.nodes["node1"].nvram


def test_the_two_prompts_do_not_mix(halted):
    lab = build()
    for word in ("printenv", "reset-all", "setenv"):
        answered(lab, word, err=f"{word}: not found (it is a command of the ok prompt: shutdown -y -g0 -i0) (sdxsim)\n",
                 status=1)  # fmt: skip
    for name in set(STANDINS) - {"boot", "sync"}:  # which are words of OpenBoot too
        assert "is halted at the ok prompt" in run(halted, name).stderr
    assert changed(lab, "root") == lab and CLASS in lab.classes
