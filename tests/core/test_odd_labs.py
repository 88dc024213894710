"""What only odd labs come to: groups half out of use, a system on plain slices, disks that hold nothing."""

import pytest
from conftest import Trial

from sdxsim.lab.mishap import met
from sdxsim.lab.scenarios import load
from sdxsim.rules import closing, faults
from sdxsim.rules.table import all_rules
from sdxsim.words.syntax import FORMS, WRITES

CLASS = "sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3,c1t4d0=D4"
KEEP = "sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t4d0=Var1:keep"
CONNECT = "sdxdisk -C -c System -g Group1 -d Root1 -v 0=root:on,6=usr:on,7=home:on"


@pytest.fixture
def bare():
    return Trial(load("bare"))


@pytest.fixture
def mirror(bare):
    """Volume V1 of G1, which mirrors D1 and D2; all is copied."""
    bare.done(CLASS)
    bare.done("sdxdisk -C -c Class1 -g G1 -d D1,D2")
    bare.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1000")
    bare.finish()
    return bare


@pytest.fixture
def proxied(mirror):
    """And V2 of D3, its parted proxy."""
    for line in (
        "sdxdisk -C -c Class1 -g G2 -d D3",
        "sdxvolume -M -c Class1 -g G2 -v V2 -s 1000",
        "sdxvolume -F -c Class1 -v V2",
        "sdxproxy Join -c Class1 -m V1 -p V2 -e waitsync",
        "sdxproxy Part -c Class1 -p V2",
        "sdxvolume -F -c Class1 -v V2",
    ):
        mirror.done(line)
    return mirror


def struck(trial, words):
    trial.lab, _ = met(trial.lab, words.split(), None, None, trial.now)


def slices(trial, volume):
    return {s.member: s.status for s in trial.lab.classes["Class1"].volumes[volume].slices}


def test_every_form_that_writes_has_its_rule_and_no_rule_is_without_a_form():
    assert set(all_rules()) <= {form.id for form in FORMS}
    assert {form.id for form in FORMS if form.trait == WRITES} <= set(all_rules())


def test_a_class_without_enabled_disks_has_nothing_to_close_for(mirror):
    klass = mirror.lab.classes["Class1"]
    off = klass._replace(disks={n: d._replace(status="DISABLE") for n, d in klass.disks.items()})
    assert closing.reason(mirror.lab, klass) is None
    assert closing.reason(mirror.lab, off) is None


@pytest.mark.parametrize("line", ["sdxproxy Update -c Class1 -p V2 -e instant", "sdxproxy Rejoin -c Class1 -p V2"])
def test_nothing_is_copied_onto_a_proxy_whose_only_disk_is_out_of_use(proxied, line):
    klass = proxied.lab.classes["Class1"]
    disks = {**klass.disks, "D3": klass.disks["D3"]._replace(status="DISABLE")}
    proxied.lab = proxied.lab._replace(classes={**proxied.lab.classes, "Class1": klass._replace(disks=disks)})
    proxied.tried(line)
    assert proxied.lab.copies == ()


def test_no_spare_takes_over_where_nothing_can_be_read_any_more(mirror):
    struck(mirror, "disk c1t1d0 io-error")
    struck(mirror, "disk c1t2d0 fail")
    before = slices(mirror, "V1")
    assert sorted(before.values()) == ["ACTIVE", "INVALID"]
    mirror.done("sdxdisk -M -c Class1 -d c2t1d0=S1:spare")
    struck(mirror, "disk c1t1d0 fail")
    assert slices(mirror, "V1") == before
    assert mirror.lab.classes["Class1"].disks["S1"].group is None


def test_nor_where_both_disks_fail_at_once(mirror):
    mirror.done("sdxdisk -M -c Class1 -d c2t1d0=S1:spare")
    devices = mirror.lab.devices
    failed = {name: devices[name]._replace(trouble="fail") for name in ("c1t1d0", "c1t2d0")}
    mirror.lab = faults.followed(mirror.lab._replace(devices={**devices, **failed}), mirror.now)
    assert slices(mirror, "V1") == {"D1": "INVALID", "D2": "ACTIVE"}
    assert mirror.lab.classes["Class1"].disks["S1"].group is None


@pytest.mark.parametrize(
    ("line", "name"), [("sdxgroup -D -c Class1 -h G1 -l L9", "L9"), ("sdxdisk -D -c Class1 -g G1 -d D9", "D9")]
)
def test_what_is_not_there_does_not_leave_a_group(mirror, line, name):
    mirror.refused(line, "object.unknown", object=name)


def test_a_group_is_renamed_while_volumes_of_another_are_copied(mirror):
    mirror.done("sdxdisk -C -c Class1 -g G2 -d D3,D4")
    mirror.done("sdxvolume -M -c Class1 -g G2 -v V2 -s 1000")
    mirror.done("sdxvolume -F -c Class1 -v V1")
    copies = mirror.lab.copies
    mirror.done("sdxattr -G -c Class1 -g G1 -a name=G9")
    assert mirror.lab.copies == copies and copies
    assert mirror.lab.classes["Class1"].volumes["V1"].group == "G9"


def test_a_group_is_renamed_while_a_stopped_volume_of_it_is_copied(mirror):
    mirror.done("sdxvolume -F -c Class1 -v V1")
    mirror.done("sdxvolume -R -c Class1 -v V1")
    mirror.done("sdxvolume -M -c Class1 -g G1 -v V1 -s 1000")
    mirror.done("sdxcopy -C -c Class1 -v V1")
    mirror.done("sdxvolume -F -c Class1 -v V1")
    mirror.done("sdxcopy -B -c Class1 -v V1 -e nowaitsync")
    copies = mirror.lab.copies
    mirror.done("sdxattr -G -c Class1 -g G1 -a name=G9")
    assert mirror.lab.copies == copies and copies
    mirror.finish()
    assert slices(mirror, "V1") == {"D1": "STOP", "D2": "STOP"}


def test_the_proxy_in_a_pair_of_groups_is_no_master_of_volumes(mirror):
    for line in (
        "sdxdisk -C -c Class1 -g G2 -d D3",
        "sdxdisk -C -c Class1 -g G3 -d D4",
        "sdxproxy Join -c Class1 -m G1 -p G2 -a V1=P1:on -e waitsync",
        "sdxvolume -M -c Class1 -g G3 -v V3 -s 1000",
        "sdxvolume -F -c Class1 -v V3",
    ):
        mirror.done(line)
    mirror.refused("sdxproxy Join -c Class1 -m P1 -p V3", "object.related", object="P1")


def test_power_fails_on_a_system_that_runs_on_plain_slices(bare):
    struck(bare, "power")
    assert bare.lab.nodes["node1"].power == "obp" and not bare.lab.nodes["node1"].mounts


def test_sdxroot_wants_the_disks_that_are_no_volumes_yet_as_well(bare):
    bare.done(KEEP)
    bare.done(CONNECT)
    bare.refused("sdxroot -M -c System -d Root1", "root.missing", point="/var")


def test_a_keep_disk_whose_volumes_live_on_elsewhere_leaves_its_group_as_it_is():
    mirrored = Trial(load("mirrored"))
    mirrored.done("shutdown -y -g0 -i6")
    device = mirrored.lab.devices["c0t0d0"]
    mirrored.done("sdxdisk -D -c System -g Group1 -d Root1")
    assert mirrored.lab.classes["System"].groups["Group1"].members == ("Root2",)
    assert mirrored.lab.devices["c0t0d0"].slices == device.slices == {}


def test_a_removed_volume_is_no_plain_slice_of_a_system_disk_that_had_lost_it():
    mirrored = Trial(load("mirrored"))
    mirrored.done("sdxvolume -M -c System -g Group1 -v extra -s 100")
    mirrored.finish()
    struck(mirrored, "disk c0t0d0 io-error")
    mirrored.done("sdxvolume -F -c System -v extra")
    device = mirrored.lab.devices["c0t0d0"]
    mirrored.done("sdxvolume -R -c System -v extra")
    assert mirrored.lab.devices["c0t0d0"] == device


def test_root_tells_the_path_booted_from_where_the_system_runs_on_plain_slices(parted):
    for line in (
        "sdxvolume -F -c System -v Proot,Pusr,Phome,Pswap,Pvar,Popt",
        "sdxattr -V -c System -v Proot -a mode=rw",
        "sdxvolume -N -c System -v Proot,Pusr,Phome,Pswap,Pvar,Popt",
    ):
        parted.done(line)
    parted.tried("fsck -y /dev/sfdsk/System/rdsk/Proot")
    node = parted.lab.nodes["node1"]
    plainly = tuple(m._replace(special="/dev/dsk/c9t0d0s0") if m.point == "/" else m for m in node.mounts)
    parted.lab = parted.lab._replace(nodes={**parted.lab.nodes, "node1": node._replace(mounts=plainly)})
    said = parted.done("sdxproxy Root -c System -p Proxy1,Proxy2")
    assert said.splitlines()[1].endswith(f"={node.boot_path}"), said
