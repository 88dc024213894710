"""chgrp and the paths it follows; vfstab and system, the two files GDS edits."""

import pytest
from tests.solaris.builder import CLASS, build, data, holding, recorded, same, typed

from sdxsim.model.outcome import Outcome
from sdxsim.model.records import File
from sdxsim.solaris import files

MOUNT = "mount -F ufs /dev/sfdsk/System/rdsk/Proot /mnt"


@pytest.fixture
def mounted():
    return typed(build(), MOUNT).lab


def test_the_page_gives_both_files_back_to_sys(mounted):
    assert data(mounted, "Proot").files["/etc/vfstab"].group == "root"
    lab = mounted
    for name in ("vfstab", "system"):
        outcome = typed(lab, f"chgrp sys /mnt/etc/{name}")
        assert outcome == Outcome(outcome.lab, "", "", 0, None)
        lab = outcome.lab
    assert {f.group for f in data(lab, "Proot").files.values() if f.kind == "file"} == {"sys"}
    assert data(lab, "root") == data(mounted, "root")
    assert recorded(lab, "Proot") - recorded(mounted, "Proot") == 32
    again = typed(lab, "chgrp 3 /mnt/etc/system")
    assert again.status == 0 and same(again, lab)


def test_the_running_systems_files_are_reached_too():
    lab = typed(build(), "chgrp 0 /etc/vfstab").lab
    assert data(lab, "root").files["/etc/vfstab"].group == "root"
    assert data(typed(lab, "chgrp 4711 /etc/vfstab").lab, "root").files["/etc/vfstab"].group == "4711"


def test_unmounted_there_is_no_such_file():
    lab = build()
    expected = "chgrp: /mnt/etc/vfstab: No such file or directory\n"
    assert typed(lab, "chgrp sys /mnt/etc/vfstab") == Outcome(lab, "", expected, 1, None)


def test_the_status_is_the_number_of_failures(mounted):
    outcome = typed(mounted, "chgrp sys /a /mnt/etc/vfstab /b")
    expected = "chgrp: /a: No such file or directory\nchgrp: /b: No such file or directory\n"
    assert (outcome.stderr, outcome.status) == (expected, 2)
    assert data(outcome.lab, "Proot").files["/etc/vfstab"].group == "sys"
    quiet = typed(mounted, "chgrp -f sys /a /b")
    assert (quiet.stderr, quiet.status) == ("", 0) and same(quiet, mounted)


def test_a_read_only_mount_is_not_written():
    lab = typed(build(), "mount -F ufs -o ro /dev/sfdsk/System/dsk/Proot /mnt").lab
    outcome = typed(lab, "chgrp sys /mnt/etc/vfstab")
    assert outcome == Outcome(lab, "", "chgrp: /mnt/etc/vfstab: Read-only file system\n", 1, None)


def test_R_goes_down_and_across_mounts(mounted):
    lab = typed(mounted, "chgrp -R staff /mnt").lab
    assert {f.group for f in data(lab, "Proot").files.values()} == {"staff"}, "directories too"
    assert {f.group for f in data(lab, "root").files.values() if f.kind == "file"} == {"sys"}
    lab = typed(mounted, "chgrp -R staff /").lab
    assert {f.group for f in data(lab, "Proot").files.values()} == {"staff"}, "directories too"
    assert {f.group for f in data(lab, "root").files.values()} == {"staff"}
    plain = typed(mounted, "chgrp staff /mnt/etc")
    changed = {n for n, f in data(plain.lab, "Proot").files.items() if f.group == "staff"}
    assert (plain.status, changed) == (0, {"/etc"})
    assert same(typed(plain.lab, "chgrp staff /mnt/etc"), plain.lab)


USAGE = "usage:\n\tchgrp [-fhR] group file ...\n\tchgrp -R [-f] [-H|-L|-P] group file ...\n"


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("chgrp sys", USAGE),
        ("chgrp -L sys /etc/system", USAGE),
        ("chgrp -q sys /etc/system", "chgrp: illegal option -- q\n" + USAGE),
        ("chgrp nobodyatall /etc/system", "chgrp: unknown group: nobodyatall\n"),
        ("chgrp -1 /etc/system", "chgrp: illegal option -- 1\n" + USAGE),
    ],
)
def test_wrong_words(line, err):
    lab = build()
    assert typed(lab, line) == Outcome(lab, "", err, 2, None)


# -- paths -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/etc/vfstab", ("root", "/etc/vfstab")),
        ("etc//./vfstab", ("root", "/etc/vfstab")),
        ("/mnt/etc/vfstab", ("Proot", "/etc/vfstab")),
        ("/mnt/../../../etc/vfstab", ("root", "/etc/vfstab")),
        ("/mnt/x/../..", ("root", "/")),
        ("/mnt", ("Proot", "/")),
        ("/mntx", ("root", "/mntx")),
        ("/usr/../mnt/../var/adm", ("var", "/adm")),
    ],
)
def test_paths_lead_to_the_longest_mount_and_never_out(mounted, path, place):
    assert files.locate(mounted, mounted.nodes["node1"], path) == (CLASS, *place)


# -- vfstab and system -------------------------------------------------------------------------------------------


def test_a_made_vfstab_reads_back():
    table = files.make_vfstab("System", {"swap": "swap", "/": "root", "/home": "home"}, nologging={"/home"})
    assert "/dev/sfdsk/System/dsk/swap\t-\t-\tswap\t-\tno\t-\n" in table
    assert "/dev/sfdsk/System/dsk/root\t/dev/sfdsk/System/rdsk/root\t/\tufs\t1\tno\t-\n" in table
    entries = files.vfstab_entries(table)
    home = next(e for e in entries if e.point == "/home")
    assert (home.check, home.boot, home.options) == ("2", "yes", "nologging")
    assert [e.point for e in entries][:2] == ["/dev/fd", "/proc"]


def test_system_names_its_root():
    text = files.make_system("System", "root")
    assert files.system_root(text) == ("System", "root")
    assert files.system_root(files.rewrite(text, "System", {"root": "Proot"})) == ("System", "Proot")
    assert files.system_root("* rootdev:/pseudo/sfdsk@0:System,root,blk\n") is None


def test_only_whole_names_of_the_class_are_renamed():
    text = (
        "# /dev/sfdsk/System/dsk/root stays in a comment\n"
        "/dev/sfdsk/System/dsk/root\t/dev/sfdsk/System/rdsk/root  / ufs 1 no -\n"
        "/dev/sfdsk/System/dsk/root2 - /root ufs - no -\n"
        "/dev/sfdsk/Other/dsk/root /dev/sfdsk/System/dsk/rootdisk /x ufs 2 yes -"
    )
    assert files.rewrite(text, "System", {"root": "Proot"}) == text.replace(
        "dsk/root\t/dev/sfdsk/System/rdsk/root ", "dsk/Proot\t/dev/sfdsk/System/rdsk/Proot "
    )


def test_names_may_be_exchanged():
    text = "/dev/sfdsk/S/dsk/a /dev/sfdsk/S/dsk/b\n"
    assert files.rewrite(text, "S", {"a": "b", "b": "a"}) == "/dev/sfdsk/S/dsk/b /dev/sfdsk/S/dsk/a\n"


def test_files_from_elsewhere_are_left_alone():
    lab = holding(build(), "opt", files={"/motd": File("hello")})
    assert data(typed(lab, "chgrp sys /opt/motd").lab, "opt").files["/motd"].group == "sys"
