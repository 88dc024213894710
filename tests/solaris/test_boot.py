"""shutdown and boot: guide 6.4.6 6, solaris.md 4."""

import pytest
from tests.solaris.builder import CLASS, NOW, PATH, build, changed, data, holding, node_changed, same, typed

from sdxsim.model.calendar import ctime, date, moment, short, stamp
from sdxsim.model.outcome import Outcome
from sdxsim.model.queries import find_volume
from sdxsim.model.records import Copy, Defect, File
from sdxsim.model.status import MULTI_USER, OBP, RO, SINGLE_USER

ROOT1, ROOT2 = (PATH.format(n) + ":a" for n in (0, 1))
PROOT1, PVAR1 = PATH.format(4) + ":a", PATH.format(6) + ":a"
KERNEL = """\
SunOS Release 5.10 Version Generic_147147-26 64-bit
Copyright (c) 1983, 2013, Oracle and/or its affiliates. All rights reserved.
sfdsk: driver started up
"""


def halted(lab=None):
    return typed(lab or build(), "shutdown -y -g0 -i0").lab


def introduction(device, args="", command=None):
    typed_as = command or " ".join(["boot", device, args]).strip()
    return f"Rebooting with command: {typed_as}\nBoot device: {device}  File and args: {args}\n"


def specials(lab):
    return {m.point: m.special.rpartition("/")[2] for m in lab.nodes["node1"].mounts}


# -- shutdown ----------------------------------------------------------------------------------------------------


def test_the_page_shuts_down_to_ok():
    outcome = typed(build(), "shutdown -y -g0 -i0")
    assert (outcome.stderr, outcome.status) == ("", 0)
    assert (
        outcome.stdout
        == """\

Shutdown started.    Sun Nov 22 10:00:00 UTC 2026

Changing to init state 0 - please wait
Broadcast Message from root (console) on node1 Sun Nov 22 10:00:00...
THE SYSTEM node1 IS BEING SHUT DOWN NOW ! ! !
Log off now or risk your files being damaged

svc.startd: The system is coming down.  Please wait.
svc.startd: 82 system services are now being stopped.
Nov 22 10:00:00 node1 syslogd: going down on signal 15
svc.startd: The system is down.
syncing file systems... done
Program terminated
"""
    )
    node = outcome.lab.nodes["node1"]
    assert (node.power, node.mounts, node.boot_path) == (OBP, (), "")
    assert all(not volume.started for volume in outcome.lab.classes[CLASS].volumes.values())
    assert data(outcome.lab, "var").flag == "FSCLEAN"


def test_without_y_nobody_answers():
    lab = build()
    outcome = typed(lab, "shutdown -g0 -i0")
    assert outcome.stdout.endswith(
        "Do you want to continue? (y or n):   Broadcast Message from root (console) on node1 Sun Nov 22 10:00:00...\n"
        "False Alarm:  The system node1 will not be brought down.\nShutdown aborted.\n"
    )
    assert outcome.status == 1 and same(outcome, lab)


def test_the_grace_period_is_announced():
    out = typed(build(), "shutdown -y -i0 back soon").stdout
    assert "The system node1 will be shut down in 1 minute \nback soon\n" in out
    assert "The system node1 will be shut down in 30 seconds\nback soon\n" in out
    assert "risk your files being damaged\nback soon\n" in out


USAGE = "Usage: /usr/sbin/shutdown [ -y ] [ -g<grace> ] [ -i<initstate> ] [ message ]\n"


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("shutdown -y -i3", "/usr/sbin/shutdown: Initstate 3 is not for system shutdown\n"),
        ("shutdown -y -i9", "/usr/sbin/shutdown: 9 is not a valid initstate\n" + USAGE),
        ("shutdown -y -gsoon", "/usr/sbin/shutdown: -g requires a numeric option\n" + USAGE),
    ],
)
def test_wrong_words(line, out):
    lab = build()
    assert typed(lab, line) == Outcome(lab, out, "", 1, None)


def test_i5_switches_off():
    outcome = typed(build(), "shutdown -y -g0 -i5")
    assert outcome.stdout.endswith("syncing file systems... done\n") and outcome.lab.nodes["node1"].power == OBP


def test_i6_comes_up_again_by_boot_device():
    outcome = typed(build(), "shutdown -y -g0 -i6", NOW + 7)
    down, _, up = outcome.stdout.partition("rebooting...\n")
    assert down.endswith("syncing file systems... done\n")
    assert up.startswith(introduction(ROOT1, command="boot"))
    node = outcome.lab.nodes["node1"]
    assert (outcome.status, node.power, node.boot_path, node.booted_at) == (0, MULTI_USER, ROOT1, NOW + 7)


@pytest.mark.parametrize("state", ["s", "S"])
def test_is_goes_to_single_user_mode_without_a_reboot(state):
    lab = build()
    outcome = typed(lab, f"shutdown -y -g0 -i{state}")
    assert outcome.stdout.endswith(
        "svc.startd: The system is coming down for administration.  Please wait.\n"
        "svc.startd: Killing user processes: done.\n"
        "Requesting System Maintenance Mode\nSINGLE USER MODE\n"
    )
    assert specials(outcome.lab) == {"/": "root", "/usr": "usr", "/var": "var", "-": "swap"}
    assert outcome.lab.nodes["node1"].power == SINGLE_USER
    pairs = [p for r in outcome.lab.classes[CLASS].relations if r.state == "parted" for p in r.pairs]
    # the records go on; unmounting /home and /opt wrote their superblocks
    wrote = {"Proot": 0, "Pusr": 0, "Phome": 16, "Pswap": 0, "Pvar": 0, "Popt": 16}
    assert {p.proxy: p.tracking.extra for p in pairs} == wrote
    assert find_volume(outcome.lab, CLASS, "Proot").started
    again = typed(outcome.lab, "shutdown -y -g0 -is")
    assert again.status == 0 and same(again, outcome.lab)


# -- boot: what opens ----------------------------------------------------------------------------------------------


def test_boot_belongs_to_the_ok_prompt():
    lab = build()
    outcome = typed(lab, f"boot {PROOT1}")
    assert outcome.stderr.startswith("boot: not found (") and outcome.stderr.count("\n") == 1
    assert outcome.status == 1 and same(outcome, lab)


@pytest.mark.parametrize(
    "device",
    [
        PATH.format(8) + ":a",  # not there
        PATH.format(0) + ":b",  # /usr
        PVAR1,  # swap
        PATH.format(9) + ":a",  # registered nowhere
        "pci@1f,4000/scsi@3/disk@0,0:a",  # the page's missing slash
        "disk7",
    ],
)
def test_what_does_not_open_prints_the_pages_four_lines(device):
    lab = halted()
    outcome = typed(lab, f"boot {device}")
    assert outcome.stdout == (
        f"Rebooting with command: boot {device}\n"
        f"Boot device: {device}  File and args:\n"
        f"Evaluating: boot {device}\n"
        "Can't open boot device\n"
    )
    assert (outcome.stderr, outcome.status) == ("", 1) and same(outcome, lab)


@pytest.mark.parametrize("field", ["present", "bootable"])
def test_a_dead_or_unbootable_disk_does_not_open(field):
    lab = halted()
    device = lab.devices["c0t4d0"]._replace(**{field: False})
    lab = lab._replace(devices={**lab.devices, "c0t4d0": device})
    outcome = typed(lab, f"boot {PROOT1}")
    assert outcome.stdout.endswith("Can't open boot device\n") and same(outcome, lab)
    assert typed(lab, f"boot {PATH.format(5)}:a").status == 0


def test_a_new_drive_has_no_label():
    lab = halted()
    new = lab.devices["c0t4d0"]._replace(bootable=False, label="", slices={})
    lab = lab._replace(devices={**lab.devices, "c0t4d0": new})
    assert typed(lab, f"boot {PROOT1}").stdout == (
        f"Rebooting with command: boot {PROOT1}\nBoot device: {PROOT1}  File and args:\n"
        "Bad magic number in disk label\nCan't open disk label package\n"
        f"Evaluating: boot {PROOT1}\nCan't open boot device\n"
    )
    gone = lab._replace(devices={**lab.devices, "c0t4d0": new._replace(present=False)})
    assert "label" not in typed(gone, f"boot {PROOT1}").stdout


def test_boot_device_is_tried_in_order_and_aliases_are_known():
    nvram = {"boot-device": f"{PATH.format(8)}:a disk1", "devalias": {"disk1": PATH.format(1)}}
    lab = node_changed(halted(), nvram=nvram)
    outcome = typed(lab, "boot")
    assert outcome.stdout.startswith(introduction(PATH.format(1), command="boot"))
    assert outcome.lab.nodes["node1"].boot_path == ROOT2
    assert typed(lab, "boot disk1:a -s").stdout.startswith(introduction(ROOT2, "-s", "boot disk1:a -s"))
    lab = node_changed(lab, nvram={"boot-device": f"{PATH.format(8)}:a net"})
    assert typed(lab, "boot").stdout == (
        "Rebooting with command: boot\nBoot device: /pci@1f,4000/network@1,1  File and args:\n"
        "Evaluating: boot\nCan't open boot device\n"
    )


# -- boot: what comes up -------------------------------------------------------------------------------------------


def test_the_alternative_environment_comes_up_on_its_own_volumes():
    lab = typed(build(), "fsck -y /dev/sfdsk/System/rdsk/Pvar").lab
    outcome = typed(halted(lab), f"boot {PROOT1}", NOW + 60_000)
    assert outcome.stdout == introduction(PROOT1) + KERNEL + (
        "Hostname: node1\nchecking ufs filesystems\n"
        "/dev/sfdsk/System/rdsk/Phome: is logging.\n/dev/sfdsk/System/rdsk/Popt: is logging.\n"
    )
    assert (outcome.stderr, outcome.status) == ("", 0)
    assert specials(outcome.lab) == {
        "/": "Proot", "-": "Pswap", "/usr": "Pusr", "/var": "Pvar", "/home": "Phome", "/opt": "Popt",
    }  # fmt: skip
    node = outcome.lab.nodes["node1"]
    assert (node.power, node.boot_path, node.booted_at) == (MULTI_USER, PROOT1, NOW + 60_000)
    assert [m.options for m in node.mounts if m.point == "/var"] == ["rw,intr,largefiles,xattr,onerror=panic"]
    assert (data(outcome.lab, "Phome").fsmnt, data(outcome.lab, "Pvar").flag) == ("/home", "FSACTIVE")
    assert all(p.tracking is None for r in outcome.lab.classes[CLASS].relations for p in r.pairs)


def test_and_back_again():
    lab = typed(halted(), f"boot {PROOT1}").lab
    outcome = typed(halted(lab), f"boot {ROOT1}")
    assert outcome.status == 0 and specials(outcome.lab)["/"] == "root"
    assert find_volume(outcome.lab, CLASS, "Proot").started  # 6-4 stops them by hand


def test_a_copy_without_its_own_definitions_boots_the_original():
    outcome = typed(halted(build(rewritten=False)), f"boot {PROOT1}")
    assert outcome.status == 0 and specials(outcome.lab)["/"] == "root"


def test_without_a_rootdev_line_the_booted_volume_is_root():
    lab = halted()
    old = data(lab, "Proot").files
    lab = holding(lab, "Proot", files={**old, "/etc/system": old["/etc/system"]._replace(text="*\n")})
    assert specials(typed(lab, f"boot {PROOT1}").lab)["/"] == "Proot"


def test_single_user_mode_mounts_little():
    outcome = typed(halted(), f"boot {ROOT2} -s")
    assert outcome.stdout == introduction(ROOT2, "-s") + KERNEL + (
        'Booting to milestone "milestone/single-user:default".\nHostname: node1\n'
        "Requesting System Maintenance Mode\nSINGLE USER MODE\n"
    )
    assert specials(outcome.lab) == {"/": "root", "-": "swap", "/usr": "usr", "/var": "var"}
    assert outcome.lab.nodes["node1"].power == SINGLE_USER


def test_other_flags_are_accepted():
    outcome = typed(halted(), f"boot {ROOT1} -rv")
    assert outcome.stdout.startswith(introduction(ROOT1, "-rv")) and outcome.status == 0
    assert outcome.lab.nodes["node1"].power == MULTI_USER


def test_what_needs_it_is_preened():
    outcome = typed(halted(), f"boot {PROOT1}")  # Pvar as Part left it
    assert "The /var file system (/dev/sfdsk/System/rdsk/Pvar) is being checked.\n" in outcome.stdout
    assert "/dev/sfdsk/System/rdsk/Pvar: INCORRECT DISK BLOCK COUNT I=" in outcome.stdout
    assert outcome.status == 0 and data(outcome.lab, "Pvar").defects == ()


# -- boot: what fails ----------------------------------------------------------------------------------------------

LOST = Defect("directory.lost", {"inode": 7, "owner": "root", "mode": 0o40755, "size": 512, "mtime": NOW, "parent": 2})
NO_ROOT = (
    "Cannot mount root on /pseudo/sfdsk@0:System,Proot,blk fstype ufs\n\n"
    "panic[cpu0]/thread=180e000: vfs_mountroot: cannot mount root\n"
)
UNABLE = """\
The /var file system (/dev/sfdsk/System/rdsk/Pvar) is being checked.
{error}

WARNING - Unable to repair the /var filesystem. Run fsck
manually (fsck -F ufs /dev/sfdsk/System/rdsk/Pvar).

"""


def without(lab, name):
    klass = lab.classes[CLASS]
    left = {key: volume for key, volume in klass.volumes.items() if key != name}
    return lab._replace(classes={CLASS: klass._replace(volumes=left)})


def copied_onto(lab, name):
    return lab._replace(copies=(Copy(CLASS, name, name[1:], (), 100, 0, 100, paused=True),))


NOT_UP = [
    lambda lab: changed(lab, "Proot", lock=True),
    lambda lab: changed(lab, "Proot", valid=False),
    lambda lab: copied_onto(lab, "Proot"),
]


@pytest.mark.parametrize("change", NOT_UP)
def test_a_kernel_without_its_root_leaves_the_node_at_ok(change):
    lab = change(halted())
    outcome = typed(lab, f"boot {PROOT1}")
    assert outcome.stdout == introduction(PROOT1) + KERNEL + NO_ROOT
    assert (outcome.stderr, outcome.status) == ("", 1) and same(outcome, lab)


README = "Requesting System Maintenance Mode\n(See /lib/svc/share/README for more information.)\n"
NOT_ALL = (
    "svc:/system/filesystem/local:default: WARNING: /sbin/mountall -l failed: exit status 32\n"
    + README + "Console login service(s) cannot run\n"
)  # fmt: skip
EARLY, LATE = ["/", "-"], ["/", "-", "/usr", "/var", "/home"]
MAINTENANCE = [
    (lambda lab: without(lab, "Pvar"), [*EARLY, "/usr"],
     UNABLE.format(error="fsck: could not stat /dev/sfdsk/System/rdsk/Pvar: No such file or directory") + README),
    (lambda lab: changed(lab, "Pvar", lock=True), [*EARLY, "/usr"],
     UNABLE.format(error="Can't open /dev/sfdsk/System/rdsk/Pvar: No such device or address") + README),
    (lambda lab: holding(lab, "Pvar", flag="FSACTIVE", defects=(LOST,)), [*EARLY, "/usr"],
     "/dev/sfdsk/System/rdsk/Pvar: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n"
     "\nWARNING - Unable to repair the /var filesystem. Run fsck\n"
     "manually (fsck -F ufs /dev/sfdsk/System/rdsk/Pvar).\n\n" + README),
    (lambda lab: without(lab, "Popt"), LATE,
     "fsck: could not stat /dev/sfdsk/System/rdsk/Popt: No such file or directory\n"
     "svc:/system/filesystem/local:default: WARNING: /sbin/mountall -l failed: exit status 34\n"
     + README + "Console login service(s) cannot run\n"),
    (lambda lab: changed(lab, "Pusr", mode=RO), EARLY,
     "Hostname: node1\nmount: /dev/sfdsk/System/dsk/Pusr write-protected\n"
     "ERROR: svc:/system/filesystem/usr:default failed to mount /usr (see 'svcs -x' for details)\n" + README),
    (lambda lab: holding(lab, "Proot", flag="FSACTIVE", defects=(LOST,)), ["/"],
     "WARNING - Unable to repair the / filesystem. Run fsck\n"
     "manually (fsck -F ufs /dev/sfdsk/System/rdsk/Proot).\n\n" + README),
    (lambda lab: edited(lab, None), ["/"],
     "mount: Cannot open /etc/vfstab\n"
     "ERROR: svc:/system/filesystem/root:default failed to mount / (see 'svcs -x' for details)\n" + README),
    (lambda lab: edited(lab, "garbage\n"), ["/"],
     "Hostname: node1\n"
     "ERROR: svc:/system/filesystem/root:default failed to mount / (see 'svcs -x' for details)\n" + README),
    (lambda lab: misspelt(lab, "dsk/Pusr", "dsk/Psur"), EARLY,  # what is checked is there
     "Hostname: node1\nmount: /dev/sfdsk/System/dsk/Psur or /usr, no such file or directory\n"
     "ERROR: svc:/system/filesystem/usr:default failed to mount /usr (see 'svcs -x' for details)\n" + README),
    (lambda lab: misspelt(lab, "dsk/Popt", "dsk/Ptop"), LATE,
     "mount: /dev/sfdsk/System/dsk/Ptop or /opt, no such file or directory\n" + NOT_ALL),
    (lambda lab: misspelt(lab, "\t/opt\t", "\t/otp\t"), LATE,
     "mount: Mount point /otp does not exist.\n" + NOT_ALL),
    (lambda lab: misspelt(lab, "dsk/Popt", "dsk/Phome"), LATE,
     "mount: /dev/sfdsk/System/dsk/Phome is already mounted or /opt is busy\n" + NOT_ALL),
    (lambda lab: holding(misspelt(lab, "rdsk/Popt", "rdsk/Phome"), "Popt", flag="FSACTIVE"), LATE,
     "mount: The state of /dev/sfdsk/System/dsk/Popt is not okay\n\tand it was attempted to be mounted read/write\n"
     "mount: Please run fsck and try again\n" + NOT_ALL),
    (lambda lab: lacking(lab, "/usr"), EARLY,
     "ERROR: svc:/system/filesystem/usr:default failed to mount /usr (see 'svcs -x' for details)\n" + README),
    (lambda lab: lacking(lab, "/var"), [*EARLY, "/usr"],
     "ERROR: svc:/system/filesystem/minimal:default failed to mount /var/run (see 'svcs -x' for details)\n" + README),
]  # fmt: skip


def misspelt(lab, right, wrong):
    """Proot with that in its vfstab: the special file, if it is `dsk/...`, and not the one that is checked."""
    text = data(lab, "Proot").files["/etc/vfstab"].text
    return edited(lab, text.replace(f"/{right}\t" if right.startswith("dsk") else right,
                                    f"/{wrong}\t" if wrong.startswith("dsk") else wrong))  # fmt: skip


def lacking(lab, point):
    """Proot without the line of that file system in its vfstab, and with nothing in the directory for it."""
    text = data(lab, "Proot").files["/etc/vfstab"].text
    lab = edited(lab, "".join(line for line in text.splitlines(True) if f"\t{point}\t" not in line))
    return holding(lab, "Proot", files={**data(lab, "Proot").files, point: File("", 0o755, kind="dir")})


def test_what_is_on_the_root_file_system_needs_no_line_in_vfstab():
    lab = lacking(halted(), "/usr")
    files = {**data(lab, "Proot").files, "/usr/bin": File("", 0o755, kind="dir")}
    outcome = typed(holding(lab, "Proot", files=files), f"boot {PROOT1}", NOW + 1)
    assert outcome.status == 0
    assert "/usr" not in [m.point for m in outcome.lab.nodes["node1"].mounts]


def edited(lab, text):
    """Proot with that vfstab, None for none."""
    files = dict(data(lab, "Proot").files)
    old = files.pop("/etc/vfstab")
    return holding(lab, "Proot", files=files if text is None else {**files, "/etc/vfstab": old._replace(text=text)})


@pytest.mark.parametrize(("change", "points", "end"), MAINTENANCE)
def test_a_boot_that_somebody_must_repair_ends_in_maintenance_mode(change, points, end):
    lab = change(halted())
    outcome = typed(lab, f"boot {PROOT1}", NOW + 1)
    assert outcome.stdout.startswith(introduction(PROOT1)) and outcome.stdout.endswith(end)
    assert (outcome.stderr, outcome.status) == ("", 2)
    node = outcome.lab.nodes["node1"]
    assert (node.power, node.boot_path, node.booted_at) == (SINGLE_USER, PROOT1, NOW + 1)
    assert [m.point for m in node.mounts] == points
    assert node.mounts[0].options.startswith("ro" if points == ["/"] else "rw")
    assert find_volume(outcome.lab, CLASS, "usr").started
    again = typed(outcome.lab, "init 3")
    assert (again.status, [m.point for m in again.lab.nodes["node1"].mounts]) == (2, points)
    assert again.stdout.endswith(end.removeprefix("Hostname: node1\n"))


@pytest.mark.parametrize(("change", "points", "end"), MAINTENANCE)
def test_there_is_a_way_back_from_maintenance_mode(change, points, end):
    lab = typed(change(halted()), f"boot {PROOT1}").lab
    down = typed(lab, "shutdown -y -g0 -i0")
    assert down.status == 0 and down.stdout.endswith("Program terminated\n")
    back = typed(down.lab, f"boot {ROOT1}")
    assert back.status == 0 and specials(back.lab)["/"] == "root"


@pytest.mark.parametrize("name", ["Proot", "Pvar"])
def test_what_was_repaired_in_maintenance_mode_comes_up_from_there(name):
    lab = typed(holding(halted(), name, flag="FSACTIVE", defects=(LOST,)), f"boot {PROOT1}").lab
    assert typed(lab, "init 3").status == 2
    repaired = typed(lab, f"fsck -y /dev/sfdsk/System/rdsk/{name}")
    assert data(repaired.lab, name).defects == ()
    up = typed(repaired.lab, "init 3")
    assert up.status == 0 and up.lab.nodes["node1"].power == MULTI_USER
    assert specials(up.lab) == {
        "/": "Proot", "-": "Pswap", "/usr": "Pusr", "/var": "Pvar", "/home": "Phome", "/opt": "Popt",
    }  # fmt: skip
    assert all("rw" in m.options for m in up.lab.nodes["node1"].mounts)


@pytest.mark.parametrize(
    ("old", "new", "point", "error"),
    [
        ("dsk/Pusr", "dsk/Pxxx", "/usr",
         "mount: /dev/sfdsk/System/dsk/Pxxx or /usr, no such file or directory\n"
         "ERROR: svc:/system/filesystem/usr:default failed to mount /usr (see 'svcs -x' for details)\n"),
        ("dsk/Popt", "dsk/Pswap", "/opt",  # in use as swap
         "mount: /dev/sfdsk/System/dsk/Pswap is already mounted or /opt is busy\n"),
        ("dsk/Popt", "dsk/swap", "/opt", "mount: /dev/sfdsk/System/dsk/swap is not this fstype\n"),
    ],
)  # fmt: skip
def test_what_is_checked_and_what_is_mounted_may_differ(old, new, point, error):
    """Only the first field of the line is wrong: its second one is checked as ever."""
    lab = edited(halted(), data(halted(), "Proot").files["/etc/vfstab"].text.replace(f"/{old}\t", f"/{new}\t"))
    outcome = typed(lab, f"boot {PROOT1}")
    assert error in outcome.stdout
    assert outcome.status == 2 and "could not stat" not in outcome.stdout
    assert point not in specials(outcome.lab) and outcome.lab.nodes["node1"].power == SINGLE_USER


def test_missing_swap_is_no_obstacle():
    outcome = typed(without(halted(), "Pswap"), f"boot {PROOT1}")
    assert "/dev/sfdsk/System/dsk/Pswap: No such file or directory\n" in outcome.stdout
    assert outcome.status == 0 and "-" not in specials(outcome.lab)


@pytest.mark.parametrize(
    ("change", "error"), [({"lock": True}, "No such device or address"), ({"mode": RO}, "Read-only file system")]
)
def test_why_there_is_no_swap_is_told(change, error):
    outcome = typed(changed(halted(), "Pswap", **change), f"boot {PROOT1}")
    assert f"/dev/sfdsk/System/dsk/Pswap: {error}\n" in outcome.stdout
    assert outcome.status == 0 and "-" not in specials(outcome.lab)


# -- dates ---------------------------------------------------------------------------------------------------------


def test_virtual_time_is_printed_as_solaris_does():
    assert ctime(0) == "Thu Jan  1 00:00:00 1970"
    assert date(1_159_779_600_000) == "Mon Oct  2 09:00:00 UTC 2006"
    assert stamp(NOW) == "Nov 22 10:00 2026" and short(NOW + 5_999) == "Nov 22 10:00:05"


def test_the_calendar_knows_leap_years():
    days = [moment(ms)[:3] for ms in (951_782_400_000, 951_868_800_000, 4_107_542_400_000)]
    assert days == [(2000, 2, 29), (2000, 3, 1), (2100, 3, 1)]


# -- a hostile vfstab ----------------------------------------------------------------------------------------------

OWN = "/dev/sfdsk/System/dsk/Proot\t/dev/sfdsk/System/rdsk/Proot\t/\tufs\t1\tno\t-\n"
HOSTILE = [
    "/etc/passwd", "../../etc/passwd", "/dev/sfdsk/../../etc/passwd", "/dev/sfdsk/System/dsk/../../../../etc/passwd", "/dev/null", "/",
    "/dev/dsk/../../etc/shadow", "/dev/sfdsk/System/rdsk/Proot", "\x1b[2J", "/dev/sfdsk/System/dsk/\x07", "/tmp", "é\u202e", "%s", "{0}",
    "-", "/dev/sfdsk/System/dsk/root", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("place", range(7))
def test_a_hostile_vfstab_leads_nowhere(hostile, place):
    """Whatever stands in any of its fields, for a file system that is mounted early and one that is mounted late."""
    for point in ("/usr", "/home"):
        fields = ["/dev/sfdsk/System/dsk/Pusr", "/dev/sfdsk/System/rdsk/Pusr", point, "ufs", "2", "yes", "-"]
        fields[place] = hostile
        lab = edited(halted(), OWN + "\t".join(fields) + "\n")
        outcome = typed(lab, f"boot {PROOT1}")
        assert outcome.status in (0, 2)
        for said in (outcome, *(typed(outcome.lab, line) for line in ("mount", "mount -a", "df -k", "fsck -n", "lockfs -a"))):
            assert (said.stdout + said.stderr).replace("\n", "").replace("\t", "").isprintable()
        known = {volume for volume in outcome.lab.classes[CLASS].volumes}
        for mount in outcome.lab.nodes["node1"].mounts:
            assert mount.special.rpartition("/")[2] in known and mount.special.startswith("/dev/sfdsk/System/dsk/")
