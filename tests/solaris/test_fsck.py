"""fsck: every line of solaris.md 1, on volumes as Part, mounts and faults leave them."""

import pytest
from tests.solaris.builder import NOW, build, changed, data, holding, node_changed, recorded, same, typed

from sdxsim.model.outcome import Outcome
from sdxsim.model.records import Defect, Mount
from sdxsim.model.status import SINGLE_USER
from sdxsim.solaris import condition, fsck, layout

RAW = "/dev/sfdsk/System/rdsk/{}"
BLOCK = "/dev/sfdsk/System/dsk/{}"
PROOT, PUSR, PVAR, PSWAP, USR = (RAW.format(name) for name in ("Proot", "Pusr", "Pvar", "Pswap", "usr"))

PHASES = """\
** Phase 1 - Check Blocks and Sizes
** Phase 2 - Check Pathnames
** Phase 3a - Check Connectivity
** Phase 3b - Verify Shadows/ACLs
** Phase 4 - Check Reference Counts
** Phase 5 - Check Cylinder Groups
"""
NUMBERS = "5022 files, 60104 used, 421237 free (309 frags, 52616 blocks, 0.1% fragmentation)\n"
MODIFIED = "\n***** FILE SYSTEM WAS MODIFIED *****\n"
INODE = {"owner": "root", "mode": 0o100644, "size": 1204, "mtime": 1_795_387_500_000}  # Nov 22 22:45 2026


def check(lab, line):
    outcome = typed(lab, line)
    assert outcome.stderr == ""
    return outcome.stdout, outcome.status


# -- copies of a busy system ---------------------------------------------------------------------------


def test_a_logging_file_system_shows_stale_summaries_once():
    lab = build()
    outcome = typed(lab, f"fsck -y {PROOT}")
    assert outcome.stdout == (
        f"** {PROOT}\n** Last Mounted on /\n{PHASES}\n"
        "CORRECT BAD CG SUMMARIES?  yes\n\n"
        "CORRECTED SUMMARY FOR CG 0\nCORRECTED SUMMARY FOR CG 7\n"
        f"{NUMBERS}{MODIFIED}"
    )
    assert (outcome.stderr, outcome.status) == ("", 0)
    assert data(outcome.lab, "Proot").flag == condition.LOG
    again = typed(outcome.lab, f"fsck -y {PROOT}")
    assert (again.stdout, again.status) == (f"** {PROOT}\n** Last Mounted on /\n{PHASES}{NUMBERS}", 0)
    assert same(again, outcome.lab)


def test_repairs_are_recorded_for_the_next_rejoin():
    lab = build()
    assert recorded(lab, "Proot") == 0
    assert recorded(typed(lab, f"fsck -y {PROOT}").lab, "Proot") == 16 * 3
    assert recorded(typed(lab, f"fsck -n {PROOT}").lab, "Proot") == 0


def test_a_quiet_file_system_is_clean_and_nothing_is_written():
    lab = build()
    outcome = typed(lab, f"fsck -y {PUSR}")
    assert outcome == Outcome(lab, f"** {PUSR}\n** Last Mounted on /usr\n{PHASES}{NUMBERS}", "", 0, None)
    assert same(outcome, lab)


def test_a_file_system_without_a_log_is_as_after_a_panic_and_y_mends_it():
    lab = build()
    outcome = typed(lab, f"fsck -y {PVAR}")
    for message in ("INCORRECT DISK BLOCK COUNT", "UNREF FILE ", "LINK COUNT FILE ", "CORRECT GLOBAL SUMMARY"):
        assert message in outcome.stdout
    assert outcome.status == 0 and "RERUN" not in outcome.stdout
    mended = data(outcome.lab, "Pvar")
    assert (mended.flag, mended.defects, mended.inodes) == (condition.STABLE, (), 5021)
    (lost,) = mended.files
    assert lost.startswith("/lost+found/#") and len(lost) == len("/lost+found/#000000")
    again = typed(outcome.lab, f"fsck -y {PVAR}")
    assert again.status == 0 and same(again, outcome.lab)


def test_the_same_moment_gives_the_same_defects():
    assert data(build(), "Pvar") == data(build(), "Pvar")


@pytest.mark.parametrize(
    ("name", "synced", "defects", "flag"),
    [
        ("Proot", True, 0, "FSLOG"),
        ("Proot", False, 1, "FSLOG"),
        ("Pvar", True, 1, "FSACTIVE"),
        ("Pvar", False, 1, "FSACTIVE"),
    ],
)
def test_single_user_mode_and_sync_leave_little_to_mend(name, synced, defects, flag):
    copy = data(build(power=SINGLE_USER, synced=synced), name)
    assert (len(copy.defects), copy.flag) == (defects, flag)
    assert {d.kind for d in copy.defects} <= {"cg.summary"}


def test_a_copy_of_what_is_not_mounted_is_what_it_was():
    fs = data(build(), "usr")
    assert condition.image(fs, False, "multi-user", False, NOW) is fs


# -- every message -----------------------------------------------------------------------------------------------

PANIC = (
    Defect("inode.blocks", {"inode": 2529, "found": 6, "right": 2}),
    Defect("file.lost", {**INODE, "inode": 1944}),
    Defect("file.empty", {**INODE, "inode": 1946, "size": 0, "mode": 0o100600, "mtime": 1_795_387_440_000}),
    Defect("file.links", {**INODE, "inode": 1950, "size": 88, "mtime": 1_795_387_200_000, "found": 2, "right": 1}),
    Defect("cg.summary", {"cg": 3}),
    Defect("cg.fragment_bitmap", {"cg": 3, "bit": 140_000}),
    Defect("total.summary"),
)


def panicked():
    """The record behind the sample of solaris.md 1.4."""
    numbers = {"inodes": 1289, "used": 30_114, "frags": 155, "blocks": 11_957}
    return holding(build(), "Pvar", defects=PANIC, flag="FSACTIVE", logging=False, **numbers)


def test_the_sample_of_a_panicked_file_system_to_the_character():
    out, status = check(panicked(), f"fsck -y {PVAR}")
    assert status == 0
    assert (
        out
        == f"""\
** {PVAR}
** Last Mounted on /var
** Phase 1 - Check Blocks and Sizes
INCORRECT DISK BLOCK COUNT I=2529 (6 should be 2)
CORRECT?  yes

** Phase 2 - Check Pathnames
** Phase 3a - Check Connectivity
** Phase 3b - Verify Shadows/ACLs
** Phase 4 - Check Reference Counts
UNREF FILE  I=1944  OWNER=root MODE=100644
SIZE=1204 MTIME=Nov 22 22:45 2026\x20
RECONNECT?  yes

UNREF FILE  I=1946  OWNER=root MODE=100600
SIZE=0 MTIME=Nov 22 22:44 2026\x20
CLEAR?  yes


LINK COUNT FILE I=1950  OWNER=root MODE=100644
SIZE=88 MTIME=Nov 22 22:40 2026  COUNT 2 SHOULD BE 1
ADJUST?  yes

** Phase 5 - Check Cylinder Groups

CORRECT BAD CG SUMMARIES?  yes

CORRECTED SUMMARY FOR CG 3
FRAG BITMAP WRONG\x20
FIX?  yes

CORRECT GLOBAL SUMMARY
SALVAGE?  yes

1288 files, 30114 used, 95811 free (155 frags, 11957 blocks, 0.1% fragmentation)

***** FILE SYSTEM WAS MODIFIED *****
"""
    )


def test_n_answers_no_and_leaves_everything():
    lab = panicked()
    outcome = typed(lab, f"fsck -n {PVAR}")
    assert same(outcome, lab) and outcome.status == fsck.ERRORS
    assert (
        outcome.stdout
        == f"""\
** {PVAR} (NO WRITE)
** Last Mounted on /var
** Phase 1 - Check Blocks and Sizes
INCORRECT DISK BLOCK COUNT I=2529 (6 should be 2)
CORRECT?  no

** Phase 2 - Check Pathnames
** Phase 3a - Check Connectivity
** Phase 3b - Verify Shadows/ACLs
** Phase 4 - Check Reference Counts
UNREF FILE  I=1944  OWNER=root MODE=100644
SIZE=1204 MTIME=Nov 22 22:45 2026\x20
RECONNECT?  no


CLEAR?  no


UNREF FILE  I=1946  OWNER=root MODE=100600
SIZE=0 MTIME=Nov 22 22:44 2026\x20
CLEAR?  no


LINK COUNT FILE I=1950  OWNER=root MODE=100644
SIZE=88 MTIME=Nov 22 22:40 2026  COUNT 2 SHOULD BE 1
ADJUST?  no

** Phase 5 - Check Cylinder Groups

CORRECT BAD CG SUMMARIES?  no

FRAG BITMAP WRONG\x20
FIX?  no

CORRECT GLOBAL SUMMARY
SALVAGE?  no

FILESYSTEM MAY STILL BE INCONSISTENT.
1289 files, 30114 used, 95811 free (155 frags, 11957 blocks, 0.1% fragmentation)
***** FILE SYSTEM IS BAD *****

***** PLEASE RERUN FSCK *****
"""
    )


def test_preening_mends_in_single_lines():
    outcome = typed(panicked(), f"fsck -o p {PVAR}")
    assert outcome.status == 0 and data(outcome.lab, "Pvar").flag == "FSSTABLE"
    assert (
        outcome.stdout
        == f"""\
{PVAR}: INCORRECT DISK BLOCK COUNT I=2529 (6 should be 2) (CORRECTED)
{PVAR}: UNREF FILE  I=1944  OWNER=root MODE=100644
{PVAR}: SIZE=1204 MTIME=Nov 22 22:45 2026  (RECONNECTED)
{PVAR}: UNREF FILE  I=1946  OWNER=root MODE=100600
{PVAR}: SIZE=0 MTIME=Nov 22 22:44 2026  (CLEARED)

{PVAR}: LINK COUNT FILE I=1950  OWNER=root MODE=100644
{PVAR}: SIZE=88 MTIME=Nov 22 22:40 2026  COUNT 2 SHOULD BE 1 (ADJUSTED)
CORRECTING BAD CG SUMMARIES
CORRECTED SUMMARY FOR CG 3
FRAG BITMAP WRONG (CORRECTED)
{PVAR}: CORRECT GLOBAL SUMMARY{PVAR}: 1288 files, 30114 used, 95811 free (155 frags, 11957 blocks, \
0.1% fragmentation)

***** FILE SYSTEM WAS MODIFIED *****
"""
    )


def test_preening_stops_at_what_needs_a_decision_and_keeps_what_it_did():
    defects = (PANIC[0], Defect("directory.lost", {**INODE, "inode": 77, "mode": 0o40755, "parent": 12}))
    lab = holding(build(), "Pvar", defects=defects, flag="FSACTIVE")
    outcome = typed(lab, f"fsck -o p {PVAR}")
    assert outcome.stdout == (
        f"{PVAR}: INCORRECT DISK BLOCK COUNT I=2529 (6 should be 2) (CORRECTED)\n"
        f"{PVAR}: UNREF DIR  I=77  OWNER=root MODE=40755\n"
        f"{PVAR}: SIZE=1204 MTIME=Nov 22 22:45 2026 \n"
        f"{PVAR}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n"
    )
    assert (outcome.status, data(outcome.lab, "Pvar").defects) == (fsck.ERRORS, defects[1:])
    assert data(outcome.lab, "Pvar").flag == "FSACTIVE"


def test_a_reconnected_directory_asks_for_another_run():
    lost = Defect("directory.lost", {**INODE, "inode": 77, "mode": 0o40755, "parent": 12})
    outcome = typed(holding(build(), "Pusr", defects=(lost,)), f"fsck -y {PUSR}")
    assert "RECONNECT?  yes\n\nDIR I=77 CONNECTED. PARENT WAS I=12\n\n** Phase 3b" in outcome.stdout
    assert outcome.stdout.endswith(
        f"{MODIFIED}ORPHANED DIRECTORIES REATTACHED; DIR LINK COUNTS MAY NOT BE CORRECT.\n"
        "\n***** PLEASE RERUN FSCK *****\n"
    )
    assert outcome.status == fsck.ERRORS
    assert typed(outcome.lab, f"fsck -y {PUSR}").status == 0


def test_the_second_bitmap_is_corrected_without_asking():
    bits = tuple(Defect("cg.file_bitmap", {"cg": cg, "bit": cg * 100}) for cg in (4, 2))
    lab = holding(build(), "Pusr", defects=bits)
    out, _ = check(lab, f"fsck -y {PUSR}")
    assert "FILE BITMAP WRONG \nFIX?  yes\n\nFILE BITMAP WRONG (CORRECTED)\n5022" in out
    out, _ = check(lab, f"fsck -v -y {PUSR}")
    assert (
        "ALLOCATED FILE 200 WAS MARKED FREE ON DISK\n\nFIX?  yes\n\nALLOCATED FILE 400 WAS MARKED FREE ON DISK\n"
        "\nFilesystem summary:\nInodes in use: 5022\nBlocks in use: 60104\nTotal free fragments: 421237\n"
        "Free fragments not in blocks: 309\nTotal free blocks: 52616\nFragment/block fragmentation: 0.1%\n"
    ) in out


@pytest.mark.parametrize(
    ("kind", "facts", "asked"),
    [
        ("inode.partial", {"inode": 9}, "PARTIALLY ALLOCATED INODE I=9\nCLEAR?  yes\n\n** Phase 2"),
        ("inode.type", {"inode": 9, "mode": 0o170000}, "UNKNOWN FILE TYPE 0170000  I=9\nCLEAR?  yes\n\n** Phase 2"),
        (
            "entry.unallocated",
            {**INODE, "inode": 9, "parent": 4, "name": "/adm/x"},
            "UNALLOCATED  I=9  OWNER=root MODE=100644\nSIZE=1204 MTIME=Nov 22 22:45 2026 \nFILE=/adm/x\n\n"
            "REMOVE DIRECTORY ENTRY FROM I=4?  yes\n\n** Phase 3a",
        ),
        ("cg.directory_bitmap", {"cg": 1, "bit": 5}, "DIR BITMAP WRONG \nFIX?  yes\n\n5022 files"),
    ],
)
def test_rarer_defects(kind, facts, asked):
    out, status = check(holding(build(), "Pusr", defects=(Defect(kind, facts),)), f"fsck -y {PUSR}")
    assert asked in out and status == 0


def test_totals_are_compared_on_a_good_log_only_when_forced():
    lab = holding(build(), "Pusr", defects=(Defect("total.summary"),))
    outcome = typed(lab, f"fsck -y {PUSR}")
    assert "GLOBAL" not in outcome.stdout and same(outcome, lab)
    outcome = typed(lab, f"fsck -y -o f {PUSR}")
    assert "CORRECT GLOBAL SUMMARY\nSALVAGE?  yes\n\n5022" in outcome.stdout
    assert data(outcome.lab, "Pusr").defects == ()


def test_a_wrong_state_flag_alone_is_asked_for_and_is_no_modification():
    lab = holding(build(), "Pusr", flag="FSACTIVE", logging=False)
    out, status = check(lab, f"fsck -y {PUSR}")
    question = "\nFILE SYSTEM STATE IN SUPERBLOCK IS WRONG; FIX?  {}\n\n"
    assert (out, status) == (
        f"** {PUSR}\n** Last Mounted on /usr\n{PHASES}{question.format('yes')}{NUMBERS}",
        0,
    )
    assert data(typed(lab, f"fsck -y {PUSR}").lab, "Pusr").flag == "FSSTABLE"
    refused = typed(lab, f"fsck -n {PUSR}")
    assert question.format("no") in refused.stdout and same(refused, lab)


def test_a_log_that_cannot_be_rolled_is_discarded():
    lab = holding(build(), "Pusr", defects=(Defect("log.bad"),))
    outcome = typed(lab, f"fsck -y {PUSR}")
    assert outcome.stdout == (
        f"** {PUSR}\nCan't roll the log for {PUSR}.\n\n"
        "DISCARDING THE LOG MAY DISCARD PENDING TRANSACTIONS.\nDISCARD THE LOG AND CONTINUE?  yes\n\n"
        f"** Last Mounted on /usr\n{PHASES}Log was discarded, updating cyl groups\n{NUMBERS}{MODIFIED}"
    )
    after = data(outcome.lab, "Pusr")
    assert (outcome.status, after.flag, after.logging, after.defects) == (0, "FSSTABLE", False, ())
    for option in ("-n", "-o p"):
        refused = typed(lab, f"fsck {option} {PUSR}")
        assert refused.status == fsck.FATAL and same(refused, lab)


# -- answers and devices -----------------------------------------------------------------------------------------


def test_without_an_answer_the_first_question_ends_the_check():
    lab = build()
    outcome = typed(lab, f"fsck {PROOT}")
    assert outcome.stdout.endswith("** Phase 5 - Check Cylinder Groups\n\nCORRECT BAD CG SUMMARIES? \n")
    assert outcome.status == fsck.FATAL and same(outcome, lab)
    assert typed(lab, f"fsck {PUSR}").status == 0


def test_the_last_of_y_and_n_wins():
    lab = build()
    assert "(NO WRITE)" in typed(lab, f"fsck -y -N {PROOT}").stdout
    assert "?  yes" in typed(lab, f"fsck -nY {PROOT}").stdout


def test_a_read_only_volume_is_answered_no_in_spite_of_y():
    lab = changed(build(), "Proot", started={"node1": "ro"})
    outcome = typed(lab, f"fsck -y {PROOT}")
    assert outcome.stdout.startswith(f"** {PROOT} (NO WRITE)\n** Last Mounted on /\n")
    assert "\nCORRECT BAD CG SUMMARIES?  no\n\n5022 files" in outcome.stdout
    assert outcome.status == 0 and same(outcome, lab)
    preened = typed(holding(lab, "Proot", flag="FSACTIVE"), f"fsck -o p {PROOT}")
    assert preened.stdout == (f"{PROOT}: (NO WRITE ACCESS)\n\n{PROOT}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n")
    assert preened.status == fsck.ERRORS


@pytest.mark.parametrize("name", ["fsck", "fsck-sim"])
def test_a_stopped_volume_cannot_be_opened(name):
    lab = changed(build(), "Proot", started={})
    outcome = typed(lab, f"{name} -y {PROOT}")
    assert outcome == Outcome(lab, f"Can't open {PROOT}: No such device or address\n", "", 34, None)


@pytest.mark.parametrize(
    ("line", "out", "status"),
    [
        (f"fsck -y {RAW.format('Pnone')}", f"fsck: could not stat {RAW.format('Pnone')}: No such file or directory\n", 34),
        ("fsck -y Proot", "fsck: could not stat Proot: No such file or directory\n", 34),
        ("fsck -y /dev/sfdsk/Other/rdsk/root", "fsck: could not stat /dev/sfdsk/Other/rdsk/root: No such file or directory\n", 34),
        ("fsck -y /mnt", "fsck: could not find mountpoint /mnt in mnttab nor vfstab\n", 1),
        ("fsck -y /dev/rdsk/c0t0d0s0", "Can't open /dev/rdsk/c0t0d0s0: Device busy\n", 34),
        ("fsck -y 'a\x1b[31m'", "fsck: could not stat a\\033[31m: No such file or directory\n", 34),
    ],
)  # fmt: skip
def test_what_cannot_be_checked(line, out, status):
    lab = build()
    outcome = typed(lab, line)
    assert (outcome.stdout, outcome.stderr, outcome.status) == (out, "", status) and same(outcome, lab)


SEARCH = """\
** {name}
BAD SUPERBLOCK AT BLOCK 16: MAGIC NUMBER WRONG

LOOK FOR ALTERNATE SUPERBLOCKS WITH MKFS?  yes


LOOK FOR ALTERNATE SUPERBLOCKS WITH NEWFS?  yes

SEARCH FOR ALTERNATE SUPERBLOCKS FAILED.

USE GENERIC SUPERBLOCK FROM MKFS?  yes

CALCULATED GENERIC SUPERBLOCK WITH MKFS
If filesystem was created with manually-specified geometry, using
auto-discovered superblock may result in irrecoverable damage to
filesystem and user data.

CANCEL FILESYSTEM CHECK?  yes

Please verify that the indicated block contains a proper
superblock for the filesystem (see fsdb(1M)).

FSCK was running in YES mode.  If you wish to run in that mode using
the alternate superblock, run `fsck -y -o b={sector} {name}'.
"""


def test_swap_is_no_file_system_and_exits_0():
    lab = build()
    outcome = typed(lab, f"fsck -y {PSWAP}")
    assert outcome == Outcome(lab, SEARCH.format(name=PSWAP, sector=2_067_104), "", 0, None)


def test_a_file_and_a_free_disk_are_no_file_systems_either():
    lab = build()
    assert check(lab, "fsck -y /etc/vfstab") == (SEARCH.format(name="/etc/vfstab", sector=32), 0)
    out, status = check(lab, "fsck -y /dev/dsk/c0t9d0s2")
    assert out.startswith("** /dev/rdsk/c0t9d0s2\nBAD SUPERBLOCK") and status == 0


def test_swap_answered_no_and_preened():
    lab = build()
    out, status = check(lab, f"fsck -n {PSWAP}")
    assert out.startswith(f"** {PSWAP} (NO WRITE)\nBAD SUPERBLOCK AT BLOCK 16: MAGIC NUMBER WRONG\n")
    assert out.endswith(
        "\nUSE GENERIC SUPERBLOCK FROM NEWFS?  no\n\n"
        "SEARCH FOR ALTERNATE SUPERBLOCKS FAILED. YOU MUST USE THE -o b OPTION\n"
        "TO FSCK TO SPECIFY THE LOCATION OF A VALID ALTERNATE SUPERBLOCK TO\n"
        "SUPPLY NEEDED INFORMATION; SEE fsck(1M).\n"
    )
    assert status == 0
    out, status = check(lab, f"fsck -o p {PSWAP}")
    assert out.endswith(f"{PSWAP}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n") and status == 39


@pytest.mark.parametrize(
    ("blocks", "sector"),
    [(0, 32), (98_304, 32), (98_305, 32), (98_465, 98_464), (983_040, 885_920), (98_304 * 129, 12_582_944)],
)
def test_the_last_backup_superblock_lies_where_newfs_lists_it(blocks, sector):
    assert layout.last_alternate(blocks) == sector
    assert layout.is_superblock(sector, max(blocks, 64))


def test_an_alternate_superblock_discards_the_log_and_updates_the_standard_one():
    lab = build()
    outcome = typed(lab, f"fsck -y -o b=98464 {PUSR}")
    assert outcome.stdout == (
        f"Alternate super block location: 98464.\n** {PUSR}\n** Last Mounted on /usr\n{PHASES}"
        f"Log was discarded, updating cyl groups\n\nUPDATE STANDARD SUPERBLOCK?  yes\n\n{NUMBERS}{MODIFIED}"
    )
    assert outcome.status == 0 and data(outcome.lab, "Pusr").flag == "FSSTABLE"
    wrong = typed(lab, f"fsck -y -o b=77 {PUSR}")
    assert wrong.stdout.endswith(f"** {PUSR}\nBAD SUPERBLOCK AT BLOCK 77: MAGIC NUMBER WRONG\n")
    assert wrong.status == 0 and same(wrong, lab)


# -- mounted -----------------------------------------------------------------------------------------------------


def test_a_mounted_file_system_is_checked_with_a_warning():
    lab = build()
    name = BLOCK.format("usr")
    for argument in (USR, name, "/usr"):
        outcome = typed(lab, f"fsck -y {argument}")
        assert outcome.stdout == (
            f"{name} IS CURRENTLY MOUNTED READ/WRITE.\nCONTINUE?  yes\n\n"
            f"** {name}\n** Currently Mounted on /usr\n{PHASES}"
            f"FILESYSTEM MAY STILL BE INCONSISTENT.\n{NUMBERS}***** FILE SYSTEM IS BAD *****\n"
            "\n***** PLEASE RERUN FSCK *****\n"
        )
        assert outcome.status == 36 and same(outcome, lab)


def test_a_modified_mounted_file_system_wants_a_reboot():
    lab = holding(build(), "usr", defects=(Defect("cg.summary", {"cg": 1}),))
    outcome = typed(lab, f"fsck -y {USR}")
    assert outcome.stdout.endswith("\n***** PLEASE RERUN FSCK *****\n\n***** REBOOT NOW *****\n")
    assert outcome.status == 35 and data(outcome.lab, "usr").defects == ()
    assert data(outcome.lab, "usr").flag == "FSLOG"


def test_a_mounted_file_system_without_writing_or_answers():
    lab, name = build(), BLOCK.format("usr")
    out, status = check(lab, f"fsck -n {USR}")
    assert out.startswith(f"{name} IS CURRENTLY MOUNTED READ/WRITE.\n** {name} (NO WRITE)\n") and status == 40
    assert check(lab, f"fsck {USR}") == (f"{name} IS CURRENTLY MOUNTED READ/WRITE.\nCONTINUE? \n", 39)
    assert check(lab, f"fsck -o p {USR}") == (
        f"{name}: {name} IS CURRENTLY MOUNTED READ/WRITE.\n{name}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n",
        33,
    )


def test_mounted_read_only():
    lab = build()
    proxy = BLOCK.format("Phome")
    lab = node_changed(lab, mounts=(*lab.nodes["node1"].mounts, Mount(proxy, "/mnt", "ufs", "ro", NOW)))
    out, status = check(lab, f"fsck -n {RAW.format('Phome')}")
    assert out.startswith(f"{proxy} IS CURRENTLY MOUNTED READ/ONLY.\n** {proxy} (NO WRITE)\n") and status == 40
    mounts = tuple(m._replace(options="ro") if m.point == "/usr" else m for m in lab.nodes["node1"].mounts)
    out, status = check(node_changed(lab, mounts=mounts), "fsck -y /usr")
    assert out.startswith(f"** {BLOCK.format('usr')}\n** Currently Mounted on /usr\n") and status == 40


# -- fsck -m, -o p on good ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "state", "status"),
    [({}, "okay", 0), ({"flag": "FSACTIVE"}, "needs checking", 32), ({"defects": (Defect("log.bad"),)}, "needs checking", 32)],
)  # fmt: skip
def test_m_looks_at_the_flag(fields, state, status):
    lab = holding(build(), "Pusr", **fields)
    assert typed(lab, f"fsck -m {PUSR}") == Outcome(
        lab, f"** {PUSR}\n", f"ufs fsck: sanity check: {PUSR} {state}\n", status, None
    )  # fmt: skip


def test_m_of_what_is_mounted_or_no_file_system():
    lab = build()
    home, usr = BLOCK.format("home"), BLOCK.format("usr")
    outcome = typed(lab, f"fsck -m {home}")
    assert (outcome.stderr, outcome.status) == (f"ufs fsck: sanity check: {home} already mounted\n", 33)
    outcome = typed(lab, "fsck -m /usr")
    assert (outcome.stderr, outcome.status) == (f"ufs fsck: sanity check:{usr} already mounted read/write\n", 33)
    outcome = typed(lab, "fsck -m /etc/vfstab")
    expected = "ufs fsck: sanity check failed: /etc/vfstab not block or character device\n"
    assert (outcome.stderr, outcome.status) == (expected, 34)
    outcome = typed(lab, f"fsck -m {PSWAP}")
    assert outcome.stdout == (
        f"** {PSWAP}\nBAD SUPERBLOCK AT BLOCK 16: MAGIC NUMBER WRONG\n\n"
        f"{PSWAP}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n"
    )
    assert outcome.status == 39


@pytest.mark.parametrize(("flag", "state"), [("FSLOG", "logging"), ("FSCLEAN", "clean"), ("FSSTABLE", "stable")])
def test_preening_what_is_good_says_only_that(flag, state):
    lab = holding(build(), "Pusr", flag=flag, logging=flag == "FSLOG")
    assert typed(lab, f"fsck -o p {PUSR}") == Outcome(lab, f"{PUSR}: is {state}.\n", "", 0, None)


# -- the wrapper -------------------------------------------------------------------------------------------------

USAGE = """\
Usage:
fsck [-F FSType] [-V] [-m] [special ...]
fsck [-F FSType] [-V] [-y|Y|n|N] [-o specific_options] [special ...]
"""
UFS_USAGE = "ufs usage: fsck [-F ufs] [-m] [-n] [-V] [-v] [-y] [-o p,b=#,w,f] [special ....]\n"


@pytest.mark.parametrize(
    ("line", "err", "status"),
    [
        (f"fsck -z {PROOT}", "fsck: illegal option -- z\n" + USAGE, 1),
        ("fsck -o", "fsck: option requires an argument -- o\n" + USAGE, 1),
        (f"fsck -m -y {PROOT}", USAGE, 1),
        (f"fsck -m -o p {PROOT}", USAGE, 1),
        (f"fsck -F ufs -F ufs {PROOT}", "fsck: more than one fstype specified\n" + USAGE, 1),
        (f"fsck -F verylongfs {PROOT}", "fsck: Fstype verylongfs exceeds 8 characters\n", 1),
        (f"fsck -F pcfs -y {PROOT}", "fsck: operation not applicable to FSType pcfs\n", 1),
        (f"fsck -y {BLOCK.format('swap')}", "fsck: operation not applicable to FSType swap\n", 1),
        (f"fsck -o x {PROOT}", UFS_USAGE, 1),
        (f"fsck -o b=12x {PROOT}", UFS_USAGE, 1),
    ],
)
def test_wrong_options(line, err, status):
    lab = build()
    assert typed(lab, line) == Outcome(lab, "", err, status, None)


def test_several_devices_are_checked_in_order_and_the_highest_status_counts():
    lab = changed(build(), "Popt", started={})
    outcome = typed(lab, f"fsck -y {PUSR} {RAW.format('Popt')} {PROOT}")
    firsts = [line for line in outcome.stdout.splitlines() if line.startswith(("** /", "Can't"))]
    assert firsts == [f"** {PUSR}", f"Can't open {RAW.format('Popt')}: No such device or address", f"** {PROOT}"]
    assert outcome.status == 34 and data(outcome.lab, "Proot").defects == ()


def test_without_devices_the_file_systems_of_vfstab_are_checked():
    out, status = check(build(), "fsck -n")
    firsts = [line.removesuffix(" (NO WRITE)") for line in out.splitlines() if line.startswith("** /")]
    assert firsts == [f"** {BLOCK.format(name)}" for name in ("root", "usr", "var", "home", "opt")]
    assert status == 40


def test_V_only_shows_the_command():
    lab = build()
    assert check(lab, f"fsck -V -y {PROOT}") == (f"fsck -F ufs -y {PROOT}\n", 0)
    assert check(lab, f"fsck -V -o p,f {PROOT}") == (f"fsck -F ufs -o p,f {PROOT}\n", 0)


def test_w_leaves_out_what_vfstab_mounts_read_only():
    lab = build()
    files = data(lab, "root").files
    text = files["/etc/vfstab"].text.replace("/opt\tufs\t2\tyes\t-", "/opt\tufs\t2\tyes\tro")
    lab = holding(lab, "root", files={**files, "/etc/vfstab": files["/etc/vfstab"]._replace(text=text)})
    outcome = typed(lab, f"fsck -n -o w {RAW.format('opt')}")
    assert (outcome.stderr, outcome.status) == (f"not writeable '{RAW.format('opt')}'\n", 1)
    assert typed(lab, f"fsck -n -o w {PUSR}").status == 0


def test_without_vfstab_a_type_is_needed():
    lab = holding(build(), "root", files={})
    assert typed(lab, f"fsck -y {PROOT}").stderr == "fsck: cannot open vfstab\n"
    assert typed(lab, f"fsck -F ufs -y {PROOT}").status == 0
