"""newfs and dd: what they make of what volumes hold, and what they refuse."""

import pytest
from tests.solaris.builder import CLASS, NOW, build, changed, data, holding, node_changed, recorded, same, typed

from sdxsim.commands import newfs, standin
from sdxsim.model.outcome import INTERRUPTED, Outcome, Question, Shell
from sdxsim.model.records import File, FileSystem
from sdxsim.solaris import layout
from sdxsim.store import document

OPT = "/dev/sfdsk/System/rdsk/Popt"
TAPE = "/dev/rmt/0"


def said(lab, line):
    """(stderr, status) of a command that prints nothing on standard output and leaves the lab."""
    outcome = typed(lab, line)
    assert outcome.stdout == "" and same(outcome, lab)
    return outcome.stderr, outcome.status


# -- newfs -----------------------------------------------------------------------------------------------


def test_newfs_says_what_solaris_says_and_the_volume_is_empty():
    lab = build()
    outcome = typed(lab, f"newfs {OPT}")
    assert outcome.stderr == (
        "Warning: 4096 sector(s) in last cylinder unallocated\n"
        f"{OPT}:\t2097152 sectors in 342 cylinders of 48 tracks, 128 sectors\n"
        "\t1024.0MB in 22 cyl groups (16 c/g, 48.00MB/g, 23296 i/g)\n"
        "super-block backups (for fsck -F ufs -o b=#) at:\n"
        " 32, 98464, 196896, 295328, 393760, 492192, 590624, 689056, 787488, 885920,\n"
        " 1181216, 1279648, 1378080, 1476512, 1574944, 1673376, 1771808, 1870240,\n"
        " 1968672, 2067104\n"
    )
    assert (outcome.stdout, outcome.status) == ("", 0)
    made = data(outcome.lab, "Popt")
    assert list(made.files) == ["/lost+found"] and made.fsmnt == "" and made.defects == ()
    assert recorded(outcome.lab, "Popt") - recorded(lab, "Popt") == layout.metadata(2_097_152)
    checked = typed(outcome.lab, f"fsck -y {OPT}")
    assert "\n2 files, 9 used, " in checked.stdout and checked.lab is outcome.lab
    mounted = typed(outcome.lab, "mount -F ufs /dev/sfdsk/System/dsk/Popt /mnt")
    assert (mounted.stderr, mounted.status) == ("", 0)


def test_a_file_system_fits_into_its_device():
    for sectors in (layout.CYLINDER, 98_304, 98_305, 98_465, 2_097_152, 17_596_416):
        made = newfs._new(sectors, NOW)
        assert 0 < made.used + made.frags + 8 * made.blocks <= sectors // 2


def test_N_only_shows():
    lab = build()
    err, status = said(lab, f"newfs -N {OPT}")
    assert f"{OPT}:\t2097152 sectors" in err and status == 0
    assert said(lab, "newfs -N /dev/sfdsk/System/dsk/opt")[1] == 0  # in use, and by its block name


def test_large_devices_show_dots_between_the_first_and_the_last_groups():
    """As a public listing of a disk of 286,170 MB shows."""
    assert newfs._report("/dev/rdsk/c2t0d0s0", 586_076_160) == (
        "/dev/rdsk/c2t0d0s0:\t586076160 sectors in 95390 cylinders of 48 tracks, 128 sectors\n"
        "\t286170.0MB in 5962 cyl groups (16 c/g, 48.00MB/g, 5824 i/g)\n"
        "super-block backups (for fsck -F ufs -o b=#) at:\n"
        " 32, 98464, 196896, 295328, 393760, 492192, 590624, 689056, 787488, 885920,\n"
        "Initializing cylinder groups:\n" + 79 * "." + "\n" + 40 * "." + "\n"
        "super-block backups for last 10 cylinder groups at:\n"
        " 585105440, 585203872, 585302304, 585400736, 585499168, 585597600, 585696032,\n"
        " 585794464, 585892896, 585991328\n"
    )


@pytest.mark.parametrize(
    ("line", "expected", "status"),
    [
        ("newfs /dev/sfdsk/System/rdsk/opt", "/dev/sfdsk/System/dsk/opt is mounted, can't mkfs\n", 32),
        ("newfs /dev/sfdsk/System/rdsk/swap", "/dev/sfdsk/System/dsk/swap is currently used by swap. Please see swap(1M).\n", 32),
        ("newfs /dev/sfdsk/System/rdsk/none", "newfs: /dev/sfdsk/System/rdsk/none: No such file or directory\n", 2),
        ("newfs /etc/vfstab", "newfs: /etc/vfstab: not a raw disk device\n", 10),
        ("newfs nothing", "newfs: nothing: not a raw disk device\n", 10),
        ("newfs c0t0d0s0", "/dev/rdsk/c0t0d0s0: Device busy\n", 1),
        ("newfs c0t9d0s0", "/dev/rdsk/c0t9d0s0: No such device or address\n", 1),
        (f"newfs -i 8192 {OPT}", "newfs: -i is known to Solaris, but not simulated (sdxsim)\n", 1),
    ],
)
def test_what_newfs_refuses(line, expected, status):
    assert said(build(), line) == (expected, status)


def test_newfs_misused_shows_its_usage():
    err, status = said(build(), "newfs")
    assert err.startswith("usage: newfs [ -v ] [ mkfs-options ] raw-special-device\n") and status == 1
    err, status = said(build(), f"newfs -q {OPT}")
    assert err.endswith("newfs: -q: unknown flag\n") and status == 10
    assert said(build(), "newfs -i")[1] == 10


QUESTION = f"newfs: construct a new file system {OPT}: (y/n)? "


def asked(lab, *lines):
    """newfs on a terminal, with these lines typed so far."""
    shell = Shell("/dev/sfdsk/System", tuple((QUESTION, line) for line in lines))
    return standin("newfs")(lab, lab.nodes["node1"], ["./rdsk/Popt"], NOW, shell)


def test_on_a_terminal_newfs_asks_first():
    lab = build()
    outcome = asked(lab)
    assert outcome.waits == Question(QUESTION) and same(outcome, lab)
    assert outcome.stdout == f"newfs: {OPT} last mounted as /opt\n{QUESTION}"
    assert asked(typed(lab, f"newfs {OPT}").lab).stdout == QUESTION
    for line in ("n", "", None, "Y"):
        assert asked(lab, line) == Outcome(lab)
    assert asked(lab, INTERRUPTED) == Outcome(lab, "\n", "", 130)
    done = asked(lab, "yes")
    assert done.stdout == "" and done.stderr.startswith("Warning: ") and data(done.lab, "Popt").inodes == 2


def test_a_stopped_a_read_only_and_a_tiny_volume_take_no_file_system():
    assert said(changed(build(), "Popt", started={}), f"newfs {OPT}") == (f"{OPT}: No such device or address\n", 1)
    read_only = changed(build(), "Popt", started={"node1": "ro"})
    assert said(read_only, f"newfs {OPT}") == (f"{OPT}: cannot create: Read-only file system\n", 32)
    tiny = changed(build(), "Popt", blocks=6143)
    assert said(tiny, f"newfs {OPT}") == ("newfs: file system size must be at least 6144 sectors\n", 10)


# -- dd --------------------------------------------------------------------------------------------------


def test_a_volume_goes_to_the_tape_and_back():
    lab = holding(build(), "Popt", files={"/kept": File("content\n")})
    out = typed(lab, f"dd if={OPT} of={TAPE} bs=32768")
    assert out == out._replace(stdout="", stderr="32768+0 records in\n32768+0 records out\n", status=0)
    emptied = typed(out.lab, f"newfs {OPT}").lab
    back = typed(emptied, f"dd if={TAPE} of={OPT} bs=32k")
    assert (back.stderr, back.status) == (out.stderr, 0)
    assert data(back.lab, "Popt") == data(lab, "Popt")
    assert recorded(back.lab, "Popt") - recorded(emptied, "Popt") == 2_097_152


def test_what_is_in_use_is_read_as_a_copy_made_then_has_it():
    lab = build()
    copied = typed(lab, f"dd if=/dev/sfdsk/System/rdsk/opt of={OPT} bs=64b").lab
    assert data(copied, "Popt").defects and not data(copied, "opt").defects
    assert "***** FILE SYSTEM WAS MODIFIED *****" in typed(copied, f"fsck -y {OPT}").stdout


def test_records_are_counted_as_they_are_read_and_written():
    lab = build()
    assert typed(lab, f"dd if={OPT} of={TAPE}").stderr == "2097152+0 records in\n2097152+0 records out\n"
    assert typed(lab, f"dd if={OPT} of={TAPE} bs=3x512").stderr == "699050+1 records in\n699050+1 records out\n"
    assert typed(lab, f"dd if={OPT} of={TAPE} ibs=1k obs=2k").stderr == "1048576+0 records in\n524288+0 records out\n"
    taped = typed(lab, f"dd if={OPT} of={TAPE} bs=32768").lab
    assert typed(taped, f"dd if={TAPE} of={OPT} bs=64k").stderr == "0+32768 records in\n0+32768 records out\n"
    assert typed(taped, f"dd if={TAPE} of={OPT} ibs=64k obs=32k").stderr == "0+32768 records in\n32768+0 records out\n"
    assert said(taped, f"dd if={TAPE} of={OPT} bs=512") == ("read: Not enough space\n0+0 records in\n0+0 records out\n", 2)


def test_a_relative_name_begins_where_somebody_stands():
    shell = Shell("/dev/sfdsk/System/rdsk")
    outcome = standin("dd")(build(), build().nodes["node1"], ["if=Popt", "of=../../../rmt/0", "bs=64b"], NOW, shell)
    assert outcome.stderr == "32768+0 records in\n32768+0 records out\n"


def test_what_does_not_fit_is_no_file_system():
    lab = changed(build(), "Popt", blocks=1000)
    outcome = typed(lab, f"dd if=/dev/sfdsk/System/rdsk/Pusr of={OPT} bs=64k")
    assert outcome.stderr == (
        "dd: unexpected short write, wrote 53248 bytes, expected 65536 bytes\n8+0 records in\n7+0 records out\n"
    )
    assert outcome.status == 2
    assert data(outcome.lab, "Popt") == FileSystem("none")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"dd if={TAPE} of={OPT}", "read: I/O error\n0+0 records in\n0+0 records out\n"),
        (f"dd if=/dev/sfdsk/System/rdsk/no of={TAPE}", "dd: /dev/sfdsk/System/rdsk/no: open: No such file or directory\n"),
        (f"dd if=/dev/rdsk/c0t0d0s0 of={TAPE}", "dd: /dev/rdsk/c0t0d0s0: open: Device busy\n"),
        (f"dd if=/dev/rdsk/c0t9d0s0 of={TAPE}", "dd: /dev/rdsk/c0t9d0s0: open: No such device or address\n"),
        (f"dd if={OPT} of={TAPE} bs=100", "read: Invalid argument\n0+0 records in\n0+0 records out\n"),
        (f"dd if={OPT} of={OPT} obs=100", "write: Invalid argument\n1+0 records in\n0+0 records out\n"),
        (f"dd if={OPT} of={TAPE} bs=0", "dd: buffer sizes cannot be zero\n"),
        (f"dd if={OPT} of={TAPE} bs=1x", 'dd: bad argument: "1x"\n'),
        (f"dd if={OPT} of={TAPE} bs=9999999k", 'dd: argument out of range: "9999999k"\n'),
        (f"dd if={OPT} of={TAPE} what", 'dd: bad argument: "what"\n'),
        (f"dd if={OPT} of={TAPE} count=3", "dd: count= is known to Solaris, but not simulated (sdxsim)\n"),
        (f"dd if={OPT} of={TAPE} conv=swab", "dd: conv= is known to Solaris, but not simulated (sdxsim)\n"),
        (f"dd if=/dev/zero of={OPT}", "dd: /dev/zero: only volumes, slices and the tape are simulated (sdxsim)\n"),
        (f"dd of={OPT}", "dd: standard input or output: only volumes, slices and the tape are simulated (sdxsim)\n"),
        (
            f"dd if={OPT} of=/dev/sfdsk/System/rdsk/opt",
            "dd: /dev/sfdsk/System/rdsk/opt: is in use, and what writing below it makes of it is not simulated (sdxsim)\n",
        ),
    ],
)
def test_what_dd_refuses(line, expected):
    assert said(build(), line) == (expected, 2)


def test_the_tape_is_one_drive_and_a_read_only_volume_is_not_written():
    taped = typed(build(), f"dd if={OPT} of={TAPE}").lab
    assert said(taped, f"dd if={TAPE} of=/dev/rmt/0b") == ("dd: /dev/rmt/0b: open: Device busy\n", 2)
    read_only = changed(taped, "Popt", started={"node1": "ro"})
    assert said(read_only, f"dd if={TAPE} of={OPT}") == (f"dd: {OPT}: open: Read-only file system\n", 2)
    assert said(build(), "dd -x")[0].startswith("usage: dd [if=file] [of=file]")
    assert typed(taped, f"dd if={OPT} of={TAPE} conv=noerror,sync -- bs=64b").status == 0


def test_the_tape_is_kept_with_the_lab():
    lab = typed(holding(build(), "Popt", files={"/kept": File("content\n")}), f"dd if={OPT} of={TAPE}").lab
    taped = lab.nodes["node1"].tape
    assert taped.data.files in list(document.trees(changed(lab, "Popt", data=FileSystem("none"))))
    raw = document.to_bytes(document.Document(1, {}, lab))
    read = document.from_bytes(raw, "state.json").lab.nodes["node1"].tape
    assert read._replace(data=None) == taped._replace(data=None)
    assert read.data.files.name == document.from_bytes(raw, "state.json").lab.classes[CLASS].volumes["Popt"].data.files.name
    assert document.to_bytes(document.Document(1, {}, node_changed(lab, tape=None))) != raw
