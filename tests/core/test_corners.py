"""States that are rare: a rule's branch that no procedure comes by, met in a lab all the same."""

import pytest
from conftest import Trial

from sdxsim.execute import execute
from sdxsim.lab.mishap import met
from sdxsim.lab.scenarios import load
from sdxsim.rules import configtable
from sdxsim.words.grammar import shape

DISKS = "sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3,c1t4d0=D4"
KEEP = (
    "sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t4d0=Var1:keep,c0t1d0=Root2,c0t5d0=Var2",
    "sdxdisk -C -c System -g Group1 -d Root1 -v 0=root:on,6=usr:on,7=home:on",
    "sdxdisk -C -c System -g Group2 -d Var1 -v 1=swap:on,3=var:on,4=opt:on",
)


@pytest.fixture
def bare():
    return Trial(load("bare"))


@pytest.fixture
def disks(bare):
    """Class1 of four disks, D1 and D2 mirrored."""
    bare.done(DISKS)
    bare.done("sdxdisk -C -c Class1 -g G1 -d D1,D2")
    return bare


def broken(trial, *faults):
    for words in faults:
        trial.lab, _ = met(trial.lab, words.split(), None, None, trial.now)


def slices(trial, volume, class_name="Class1"):
    return [(s.member, s.status) for s in trial.lab.classes[class_name].volumes[volume].slices]


# -- classes and disks ------------------------------------------------------------------------------------------


def test_a_class_that_closes_ends_its_copies_and_what_they_wrote_is_invalid(disks):
    disks.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1")
    assert slices(disks, "V1") == [("D1", "ACTIVE"), ("D2", "COPY")]
    broken(disks, "path c1t3d0", "path c1t4d0", "path c1t2d0")
    assert disks.lab.classes["Class1"].closed == {"node1": "FewDB"}
    assert slices(disks, "V1")[1] == ("D2", "INVALID") and not disks.lab.copies


def test_a_class_whose_disks_are_all_disabled_is_not_closed_by_what_they_could_tell(disks):
    klass = disks.lab.classes["Class1"]
    off = klass._replace(disks={n: d._replace(status="DISABLE") for n, d in klass.disks.items()})
    disks.lab = disks.lab._replace(classes={**disks.lab.classes, "Class1": off})
    broken(disks, "disk c1t1d0 fail")
    assert disks.lab.classes["Class1"].closed == {}


def test_a_class_that_was_closed_is_closed_after_the_next_boot_as_well(disks):
    broken(disks, "path c1t2d0", "path c1t3d0", "path c1t4d0")
    closed = disks.lab.classes["Class1"].closed
    assert closed == {"node1": "FewDB"}
    disks.done("shutdown -y -g0 -i6")
    assert disks.lab.classes["Class1"].closed == closed


def test_a_spare_that_is_large_enough_is_registered_without_a_warning(disks):
    disks.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 17000000")
    assert "too small" not in disks.done("sdxdisk -M -c Class1 -d c2t1d0=S1:spare")


def test_a_disk_of_a_lower_group_is_found_under_the_highest(disks):
    for line in (
        "sdxdisk -C -c Class1 -g L1 -d D3 -a type=concat",
        "sdxdisk -C -c Class1 -g L2 -d D4 -a type=concat",
        "sdxgroup -C -c Class1 -h Top -l L1,L2",
        "sdxvolume -M -c Class1 -g Top -v V1 -s 1",
        "sdxdisk -M -c Class1 -d c2t1d0=S1:spare",
    ):
        disks.done(line)
    disks.finish()
    broken(disks, "disk Class1/D4 fail")
    assert slices(disks, "V1") == [("L1", "ACTIVE"), ("L2", "INVALID"), ("S1", "COPY")]


def test_a_spare_that_stands_in_is_not_followed_by_another_one(disks):
    disks.done("sdxdisk -M -c Class1 -d c2t1d0=S1:spare,c2t2d0=S2:spare")
    disks.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1")
    disks.finish()
    broken(disks, "disk Class1/D2 fail", "disk Class1/S1 fail")
    assert slices(disks, "V1") == [("D1", "ACTIVE"), ("D2", "INVALID"), ("S1", "INVALID")]
    assert disks.lab.classes["Class1"].disks["S2"].group is None


def test_a_proxy_on_a_single_disk_that_fails_gets_no_spare(bare):
    bare.done("sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1:single,c1t2d0=D2:single,c1t3d0=D3:spare,c1t4d0=D4")
    for disk, volume in (("D1", "V1"), ("D2", "V2")):
        bare.done(f"sdxvolume -M -c Class1 -d {disk} -v {volume} -s 1")
    bare.done("sdxvolume -F -c Class1 -v V2")
    bare.done("sdxproxy Join -c Class1 -m V1 -p V2")
    assert slices(bare, "V2") == [("D2", "COPY")]
    broken(bare, "disk Class1/D2 fail")
    assert slices(bare, "V2") == [("D2", "INVALID")]
    assert bare.lab.classes["Class1"].disks["D3"].group is None


# -- volumes and copies -----------------------------------------------------------------------------------------


def test_the_volume_of_a_single_disk_is_made_larger(bare):
    bare.done("sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1:single,c1t2d0=D2")
    bare.done("sdxvolume -M -c Class1 -d D1 -v V1 -s 1")
    said = bare.done("sdxvolume -S -c Class1 -v V1 -s 40000")
    assert said == "SDX:sdxvolume: INFO: V1: resized volume\n"
    assert bare.lab.classes["Class1"].volumes["V1"].blocks == 65_536


def test_the_delay_a_copy_has_already_changes_nothing(disks):
    disks.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1 -e delay=5")
    before = disks.lab
    disks.done("sdxcopy -P -c Class1 -v V1 -e delay=5")
    assert disks.lab is before
    disks.done("sdxcopy -P -c Class1 -v V1 -e delay=6")
    assert [c.delay for c in disks.lab.copies] == [6]


def test_a_proxy_of_a_group_is_nobodys_master(trial):
    trial.done("sdxproxy Part -c System -p Proxy1")
    before = trial.lab
    outcome = trial.tried("sdxproxy Join -c System -m Proot -p opt")
    assert outcome.status == 1 and outcome.lab is before


def test_a_group_that_has_its_name_and_disk_already_is_not_changed(bare):
    bare.done(DISKS)
    bare.done("sdxdisk -C -c Class1 -g G1 -d D1,D2 -a type=switch,actdisk=D1")
    before = bare.lab
    bare.done("sdxattr -G -c Class1 -g G1 -a name=G1,actdisk=D1")
    assert bare.lab is before


def test_copies_of_other_groups_stay_with_them_when_a_group_is_renamed(disks):
    disks.done("sdxdisk -C -c Class1 -g G2 -d D3,D4")
    disks.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1")
    before = disks.lab.copies
    disks.done("sdxattr -G -c Class1 -g G2 -a name=G9")
    assert disks.lab.copies == before


def test_copies_follow_a_renamed_volume_and_others_stay(disks):
    disks.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1")
    disks.done("sdxvolume -M -c Class1 -g G1 -v V2 -s 1")
    broken(disks, "power")
    disks.done("boot")
    disks.done("sdxattr -V -c Class1 -v V2 -a lock=on")
    disks.tried("shutdown -y -g0 -i6")
    disks.done("sdxattr -V -c Class1 -v V2 -a name=V3")
    assert sorted((c.volume, c.source) for c in disks.lab.copies) == [("V1", "V1"), ("V3", "V3")]


def test_a_detached_slice_comes_back_to_a_disk_out_of_use():
    mirrored = Trial(load("mirrored"))
    mirrored.done("sdxslice -M -c System -d Root2 -v home")
    mirrored.done("sdxslice -F -c System -s Root2.home")
    broken(mirrored, "disk System/Root2 fail")
    mirrored.done("shutdown -y -g0 -i6")
    mirrored.done("sdxslice -R -c System -s Root2.home")
    assert slices(mirrored, "home", "System")[1] == ("Root2", "NOUSE")


def test_nothing_is_restored_to_a_master_whose_disks_are_out_of_use(disks):
    for line in (
        "sdxvolume -M -c Class1 -g G1 -v V1 -s 1",
        "sdxdisk -C -c Class1 -g G2 -d D3",
        "sdxvolume -M -c Class1 -g G2 -v V2 -s 1",
        "sdxvolume -F -c Class1 -v V2",
    ):
        disks.done(line)
    disks.finish()
    disks.done("sdxproxy Relate -c Class1 -m V1 -p V2")
    disks.lab = disks.lab._replace(functions=("OPC",))
    klass = disks.lab.classes["Class1"]
    out = {n: d._replace(status="SWAP") if n in ("D1", "D2") else d for n, d in klass.disks.items()}
    gone = klass.volumes["V1"]._replace(valid=False, started={})
    gone = gone._replace(slices=tuple(s._replace(status="NOUSE") for s in gone.slices))
    klass = klass._replace(disks=out, volumes={**klass.volumes, "V1": gone})
    disks.lab = disks.lab._replace(classes={**disks.lab.classes, "Class1": klass})
    disks.tried("sdxproxy Restore -c Class1 -p V2 -e nowaitsync")
    assert not disks.lab.classes["Class1"].volumes["V1"].valid and not disks.lab.copies


# -- keep disks -------------------------------------------------------------------------------------------------


def test_a_keep_disk_that_the_system_runs_on_stays_one(bare):
    bare.done(KEEP[0])
    bare.refused("sdxattr -D -c System -d Root1 -a type=undef", "device.busy", device="c0t0d0", pslice="c0t0d0s0")


def test_a_keep_disk_that_nothing_runs_on_becomes_another_and_loses_its_slices(bare):
    bare.done("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t4d0=Var1:keep")
    mounts = tuple(m for m in bare.lab.nodes["node1"].mounts if "c0t4d0" not in m.special)
    bare.lab = bare.lab._replace(nodes={"node1": bare.lab.nodes["node1"]._replace(mounts=mounts)})
    bare.done("sdxattr -D -c System -d Var1 -a type=undef")
    assert bare.lab.classes["System"].disks["Var1"].type == "undef"
    assert bare.lab.devices["c0t4d0"].slices == {}


def test_the_group_of_plain_slices_is_named_as_a_boot_environment_by_its_path(bare):
    for line in KEEP:
        bare.done(line)
    assert bare.done("sdxroot -M -c System -d Root1,Var1").startswith("SDX:sdxroot: INFO: completed definitions")


def test_two_hyphens_end_the_options(trial):
    assert trial.done("sdxinfo -C --") == trial.done("sdxinfo -C")
    assert trial.tried("sdxinfo -C -- System").status == 1


def test_plain_slices_are_changed_without_a_record(bare):
    """No relation knows them: chgrp on the root file system of a host without GDS."""
    before = bare.lab.nodes
    assert bare.tried("chgrp bin /etc/vfstab").status == 0
    assert bare.lab.nodes == before


# -- tables -----------------------------------------------------------------------------------------------------


def backup(trial):
    return execute(trial.lab, ["sdxconfig", "Backup", "-c", "Class1"], trial.now).stdout


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (None, None, "no disk"),
        ("type=mirror width=* members=D1:D2", "type=mirror width=* members=D1:D2:L9", "members"),
        ("group Top type=mirror width=* members=L1:L2", "group Top type=concat width=* members=L1:L2", "members"),
    ],
)
def test_a_table_that_could_not_be_is_no_table(disks, old, new, where):
    for line in (
        "sdxdisk -C -c Class1 -g L1 -d D3 -a type=concat",
        "sdxdisk -C -c Class1 -g L2 -d D4 -a type=concat",
        "sdxgroup -C -c Class1 -h Top -l L1,L2",
    ):
        disks.done(line)
    text = backup(disks)
    configtable.parsed(text)
    if old is None:
        text = "".join(t for t in text.splitlines(keepends=True) if t.startswith(("#", "class", "end")))
    else:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(configtable.Wrong, match=where):
        configtable.parsed(text)


def test_a_stripe_of_one_disk_holds_no_volumes(disks):
    disks.done("sdxdisk -C -c Class1 -g L1 -d D3,D4 -a type=stripe")
    disks.done("sdxvolume -M -c Class1 -g L1 -v V1 -s 1")
    text = backup(disks).replace("members=D3:D4", "members=D3")
    with pytest.raises(configtable.Wrong, match="volumes in L1, which has one member"):
        configtable.parsed(text)


# -- words ------------------------------------------------------------------------------------------------------


def test_a_synopsis_with_an_open_bracket_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unclosed bracket"):
        shape("sdxinfo [-c class")


@pytest.mark.parametrize("line", ["sdxproxy Part -c System -p Proxy1 -a pjrm=off,pjrm=off",
                                  "sdxswap -I -c System -d Root2 -a a=b",
                                  "sdxconfig Convert -e rename -c System=Other,Other=System"])  # fmt: skip
def test_more_than_the_synopsis_has_is_refused(trial, line):
    before = trial.lab
    outcome = trial.tried(line)
    assert outcome.status == 1 and outcome.lab is before
