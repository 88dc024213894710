"""mount, umount and sync: solaris.md 2, and guide 6.4.6 5-3's own mount."""

import pytest
from tests.solaris.builder import NOW, build, changed, data, holding, node_changed, recorded, same, typed

from sdxsim.model.outcome import Outcome
from sdxsim.model.records import Copy, File, Mount

RAW = "/dev/sfdsk/System/rdsk/Proot"
BLOCK = "/dev/sfdsk/System/dsk/Proot"
MOUNT = f"mount -F ufs {BLOCK} /mnt"


def mounts(lab):
    return {m.point: m for m in lab.nodes["node1"].mounts}


def mounted(lab, line=MOUNT):
    outcome = typed(lab, line)
    assert (outcome.stdout, outcome.stderr, outcome.status) == ("", "", 0)
    return outcome.lab


# -- mounting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("special", [RAW, BLOCK])
def test_the_page_mounts_raw_or_block(special):
    before = build()
    lab = mounted(before, f"mount -F ufs {special} /mnt")
    options = "rw,intr,largefiles,logging,xattr,onerror=panic"
    assert mounts(lab)["/mnt"] == Mount(BLOCK, "/mnt", "ufs", options, NOW)
    assert (data(lab, "Proot").fsmnt, data(lab, "Proot").flag) == ("/mnt", "FSLOG")
    assert recorded(lab, "Proot") == 16


def test_a_strict_lab_refuses_the_raw_device_as_solaris_does():
    lab = build()._replace(strict=True)
    outcome = typed(lab, f"mount -F ufs {RAW} /mnt")
    assert outcome == Outcome(lab, "", f"mount: {RAW} not a block device\n", 32, None) and same(outcome, lab)


def test_a_read_only_mount_writes_nothing():
    lab = mounted(build(), f"mount -o ro {BLOCK} /mnt")
    assert mounts(lab)["/mnt"].options == "ro,intr,largefiles,xattr,onerror=panic"
    assert data(lab, "Proot").fsmnt == "/" and recorded(lab, "Proot") == 0
    assert mounts(mounted(build(), f"mount -r {BLOCK} /mnt"))["/mnt"].options.startswith("ro,")


def test_logging_is_an_option():
    lab = mounted(build(), f"mount -o nologging {BLOCK} /mnt")
    assert (data(lab, "Proot").logging, data(lab, "Proot").flag) == (False, "FSACTIVE")
    lab = mounted(lab, "umount /mnt")
    assert data(lab, "Proot").flag == "FSACTIVE"  # the stale summaries were never repaired
    lab = holding(lab, "Proot", defects=(), flag="FSSTABLE")
    lab = mounted(mounted(lab, f"mount -o nologging {BLOCK} /mnt"), "umount /mnt")
    assert data(lab, "Proot").flag == "FSCLEAN"


def test_an_unknown_option_is_ignored_with_a_warning():
    outcome = typed(build(), f"mount -o ro,fancy {BLOCK} /mnt")
    assert outcome.stderr == f'mount: {BLOCK} on /mnt - WARNING ignoring option "fancy"\n'
    assert outcome.status == 0 and "/mnt" in mounts(outcome.lab)


def unclean(lab):
    return holding(lab, "Proot", flag="FSACTIVE", logging=False)


@pytest.mark.parametrize(
    ("change", "line", "out", "err", "status"),
    [
        (None, f"mount {BLOCK} /mnt2", "", "mount: Mount point /mnt2 does not exist.\n", 1),
        (None, f"mount {BLOCK} mnt", "", "mount: Mount point mnt is not an absolute pathname.\n", 1),
        (None, f"mount -F xyz {BLOCK} /mnt", "", "mount: Operation not applicable to FSType xyz\n", 1),
        (None, f"mount {BLOCK}x /mnt", "", f"mount: {BLOCK}x or /mnt, no such file or directory\n", 32),
        (None, "mount /etc/vfstab /mnt", "", "mount: /etc/vfstab not a block device\n", 32),
        (None, f"mount {BLOCK} /etc/vfstab", "",
         f"mount: /etc/vfstab not a directory\n\tor a component of {BLOCK} is not a directory\n", 32),
        (None, f"mount {BLOCK} /opt", "", f"mount: {BLOCK} is already mounted or /opt is busy\n", 32),
        (None, "mount /dev/sfdsk/System/dsk/root /mnt", "",
         "mount: /dev/sfdsk/System/dsk/root is already mounted or /mnt is busy\n", 32),
        (None, "mount /dev/sfdsk/System/dsk/swap /mnt", "",
         "mount: /dev/sfdsk/System/dsk/swap is already mounted or /mnt is busy\n", 32),
        (None, "mount /dev/sfdsk/System/dsk/Pswap /mnt", "",
         "mount: /dev/sfdsk/System/dsk/Pswap is not this fstype\n", 32),
        (None, "mount /dev/dsk/c0t0d0s0 /mnt", "",
         "mount: /dev/dsk/c0t0d0s0 is already mounted or /mnt is busy\n", 32),
        (lambda lab: changed(lab, "Proot", started={}), MOUNT, "", f"mount: {BLOCK} no such device\n", 32),
        (lambda lab: changed(lab, "Proot", started={"node1": "ro"}), MOUNT, "",
         f"mount: {BLOCK} write-protected\n", 32),
        (unclean, MOUNT, "mount: Please run fsck and try again\n",
         f"mount: The state of {BLOCK} is not okay\n\tand it was attempted to be mounted read/write\n", 32),
        (None, "mount /nosuch", "", "mount: cannot stat /nosuch\n", 2),
        (None, "mount /mnt", "", "mount: special cannot be determined\n", 1),
        (None, f"mount {BLOCK}", "", "mount: mount point cannot be determined\n", 1),
        (None, "mount /dev/sfdsk/System/dsk/swap", "", "mount: Mount point cannot be determined\n", 1),
    ],
)  # fmt: skip
def test_refusals_in_solaris_words(change, line, out, err, status):
    lab = change(build()) if change else build()
    outcome = typed(lab, line)
    assert (outcome.stdout, outcome.stderr, outcome.status) == (out, err, status) and same(outcome, lab)


def test_what_a_copy_writes_is_busy():
    lab = changed(build(), "Proot", started={"node1": "rw"})
    copy = Copy("System", "Proot", "root", ("Proot1", "Proot2"), 2_048_000, NOW, rate=1, engine="OPC", purpose="update")
    busy = f"mount: {BLOCK} is already mounted or /mnt is busy\n"
    assert typed(lab._replace(copies=(copy,)), MOUNT).stderr == busy
    assert typed(lab._replace(copies=(copy._replace(background=True),)), MOUNT).status == 0


def test_what_needs_fsck_may_be_mounted_read_only():
    assert "/mnt" in mounts(mounted(unclean(build()), f"mount -o ro {BLOCK} /mnt"))


def test_a_read_only_volume_may_be_mounted_read_only():
    lab = changed(build(), "Proot", started={"node1": "ro"})
    assert "/mnt" in mounts(mounted(lab, f"mount -o ro {BLOCK} /mnt"))


def test_vfstab_completes_what_was_not_typed():
    lab = mounted(build(), "umount /opt")
    for line in ("mount /opt", "mount /dev/sfdsk/System/dsk/opt", "mount -F ufs /opt"):
        assert mounts(mounted(lab, line))["/opt"].special == "/dev/sfdsk/System/dsk/opt"


def test_all_of_vfstab():
    lab = mounted(mounted(build(), "umount /opt"), "umount /home")
    assert {"/opt", "/home"} <= set(mounts(mounted(lab, "mount -a")))
    assert "/home" not in mounts(mounted(lab, "mount -a /opt"))
    outcome = typed(build(), "mount -a")
    assert outcome.stderr == "".join(
        f"mount: /dev/sfdsk/System/dsk/{name} is already mounted or /{name} is busy\n" for name in ("home", "opt")
    )
    assert outcome.status == 1
    outcome = typed(lab, "mount -a /nosuch /opt")
    assert outcome.stderr == "mount: Warning: /nosuch not found in /etc/vfstab\n"
    assert outcome.status == 1 and "/opt" in mounts(outcome.lab)


def test_V_only_shows_the_command():
    lab = mounted(build(), "umount /opt")
    outcome = typed(lab, "mount -V -o ro /opt")
    assert outcome.stdout == "mount -F ufs -o ro /dev/sfdsk/System/dsk/opt /opt\n" and same(outcome, lab)


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("mount a b c", ""),
        ("mount -F ufs", ""),
        ("mount -v -p", "mount: -a, -p, and -v are mutually exclusive\n"),
        ("mount -v /opt", "mount: Cannot use -p and -v with arguments\n"),
        ("mount -F ufs -F ufs /opt", "mount: More than one FSType specified\n"),
        ("mount -Z", "mount: illegal option -- Z\n"),
    ],
)
def test_wrong_options(line, first):
    outcome = typed(build(), line)
    assert outcome.status == 1 and outcome.stdout == ""
    assert outcome.stderr == first + (
        "Usage:\nmount [-v | -p]\n"
        "mount [-F FSType] [-V] [current_options] [-o specific_options]\n\t{special | mount_point}\n"
        "mount [-F FSType] [-V] [current_options] [-o specific_options]\n\tspecial mount_point\n"
        "mount -a [-F FSType ] [-V] [current_options] [-o specific_options]\n\t[mount_point ...]\n"
    )


# -- listing -----------------------------------------------------------------------------------------------------


def test_the_list_names_the_volumes_of_the_running_environment():
    lines = typed(build(), "mount").stdout.splitlines()
    assert lines[0] == (
        "/ on /dev/sfdsk/System/dsk/root read/write/setuid/devices/intr/largefiles/logging/xattr/onerror=panic"
        "/dev=3c40001 on Sun Nov 22 10:00:00 2026"
    )
    assert lines[1] == "/devices on /devices read/write/setuid/devices/dev=4dc0000 on Sun Nov 22 10:00:00 2026"
    points = [line.split(" on ")[0] for line in lines]
    assert points == [
        "/", "/devices", "/system/contract", "/proc", "/etc/mnttab", "/etc/svc/volatile", "/system/object",
        "/usr", "/dev/fd", "/home", "/var", "/tmp", "/var/run", "/opt",
    ]  # fmt: skip
    var = next(line for line in lines if line.startswith("/var on"))
    assert "/largefiles/xattr/" in var  # nologging


def test_the_other_lists_and_read_only():
    lab = mounted(build(), f"mount -o ro,nosuid {BLOCK} /mnt")
    flags = "nosetuid/nodevices/intr/largefiles/xattr/onerror=panic"
    assert f"/mnt on {BLOCK} read only/{flags}/dev=3c40007 on " in typed(lab, "mount").stdout
    assert f"{BLOCK} on /mnt type ufs read-only/{flags}/dev=3c40007 on " in typed(lab, "mount -v").stdout
    expected = f"{BLOCK} - /mnt ufs - no ro,intr,largefiles,xattr,onerror=panic,nosuid\n"
    assert typed(lab, "mount -p").stdout.endswith(expected)


def test_short_options_of_a_scenario_are_shown_in_full():
    lab = build()
    short = tuple(m._replace(options="rw") for m in lab.nodes["node1"].mounts)
    assert typed(node_changed(lab, mounts=short), "mount").stdout == typed(lab, "mount").stdout


# -- umount ------------------------------------------------------------------------------------------------------


def test_umount_by_point_and_by_special():
    lab = mounted(build())
    for name in ("/mnt", "/mnt/", BLOCK):
        after = mounted(lab, f"umount {name}")
        assert "/mnt" not in mounts(after) and recorded(after, "Proot") == 32


@pytest.mark.parametrize("point", ["/", "/usr", "/var"])
@pytest.mark.parametrize("force", ["", "-f "])
def test_what_the_system_runs_on_is_busy(point, force):
    lab = build()
    outcome = typed(lab, f"umount {force}{point}")
    assert outcome == Outcome(lab, "", f"umount: {point} busy\n", 1, None) and same(outcome, lab)


def test_what_has_a_mount_below_it_is_busy():
    lab = holding(build(), "home", files={"/more": File(kind="dir")})
    lab = mounted(lab, f"mount {BLOCK} /home/more")
    assert typed(lab, "umount /home").stderr == "umount: /home busy\n"
    assert "/home" not in mounts(mounted(mounted(lab, "umount /home/more"), "umount /home"))


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("umount /mnt", "umount: warning: /mnt not in mnttab\numount: /mnt not mounted\n"),
        ("umount /nosuch", "umount: warning: /nosuch not in mnttab\numount: /nosuch no such file or directory\n"),
        ("umount /dev/sfdsk/System/dsk/swap",
         "umount: warning: /dev/sfdsk/System/dsk/swap not in mnttab\n"
         "umount: /dev/sfdsk/System/dsk/swap not mounted\n"),
        ("umount", "Usage:\numount [-f] [-V] [-o specific_options] {special | mount-point}\n"
                   "umount -a [-f] [-V] [-o specific_options] [mount_point ...]\n"),
    ],
)  # fmt: skip
def test_umount_refusals(line, err):
    lab = build()
    assert typed(lab, line) == Outcome(lab, "", err, 1, None)


def test_umount_of_everything_keeps_what_the_system_runs_on():
    lab = mounted(mounted(build()), "umount -a")
    assert set(mounts(lab)) == {"/", "/usr", "/var", "-"}


def test_sync_is_noted_and_says_nothing():
    outcome = typed(build(), "sync", NOW + 5)
    assert (outcome.stdout, outcome.stderr, outcome.status) == ("", "", 0)
    assert outcome.lab.nodes["node1"].synced_at == NOW + 5


# -- from read-only to read/write --------------------------------------------------------------------------------------


def test_a_read_only_mount_can_be_made_read_write():
    lab = mounted(build(), f"mount -o ro {BLOCK} /mnt")
    lab = mounted(lab, f"mount -F ufs -o remount,rw {BLOCK} /mnt")
    assert mounts(lab)["/mnt"].options == "rw,intr,largefiles,logging,xattr,onerror=panic"
    assert (data(lab, "Proot").fsmnt, recorded(lab, "Proot")) == ("/mnt", 16)
    assert same(typed(lab, f"mount -o remount {BLOCK} /mnt"), lab)
    lab = mounted(build(), "mount -o rw,remount /")  # the special is that of vfstab
    assert lab == build()


@pytest.mark.parametrize(
    ("line", "fields", "err", "out"),
    [
        (f"mount -o remount,ro {BLOCK} /mnt", {}, f"mount: {BLOCK} is not this fstype\n", ""),
        (f"mount -o remount,rw {BLOCK} /home", {}, f"mount: {BLOCK} is not this fstype\n", ""),
        (f"mount -o remount,rw {BLOCK} /etc", {}, f"mount: {BLOCK} is not this fstype\n", ""),
        ("mount -o remount,rw /dev/x /mnt", {}, "mount: /dev/x or /mnt, no such file or directory\n", ""),
        (f"mount -o remount,rw {BLOCK} /mnt", {"started": {"node1": "ro"}}, f"mount: {BLOCK} write-protected\n", ""),
        (f"mount -o remount,rw {BLOCK} /mnt", {"flag": "FSACTIVE"},
         f"mount: The state of {BLOCK} is not okay\n\tand it was attempted to be mounted read/write\n",
         "mount: Please run fsck and try again\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_read_write(line, fields, err, out):
    lab = mounted(build(), f"mount -o ro {BLOCK} /mnt")
    lab = holding(lab, "Proot", **fields) if "flag" in fields else changed(lab, "Proot", **fields)
    outcome = typed(lab, line)
    assert (outcome.stdout, outcome.stderr, outcome.status) == (out, err, 32) and same(outcome, lab)


def test_what_was_mounted_by_its_raw_name_is_unmounted_by_it():
    lab = mounted(build(), f"mount -F ufs {RAW} /mnt")
    assert "/mnt" not in mounts(mounted(lab, f"umount {RAW}"))
    strict = mounted(build()._replace(strict=True), MOUNT)
    assert typed(strict, f"umount {RAW}").stderr == f"umount: warning: {RAW} not in mnttab\numount: {RAW} not mounted\n"
