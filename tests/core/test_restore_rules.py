"""sdxproxy Restore, RejoinRestore, Relate, Swap and EC sessions, on data volumes of a local class."""

from pathlib import Path

import pytest
from conftest import MINUTE, Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.records import Disk, Group, Slice
from sdxsim.model.status import RUNNING
from sdxsim.rules.copying import MOST_EC

LAB = load(str(Path(__file__).parent.parent / "runbooks" / "proxies.json"))
JOIN = "sdxproxy Join -c Class1 -m Volume1 -p Volume2 -e waitsync"
PART = "sdxproxy Part -c Class1 -p Volume2"
STOP = "sdxvolume -F -c Class1 -v "
START = "sdxvolume -N -c Class1 -v "
MOUNT = "mount -F ufs /dev/sfdsk/Class1/dsk/Volume1 /mnt1"
BACK = "sdxproxy RejoinRestore -c Class1 -p Volume2"
RESTORE = "sdxproxy Restore -c Class1 -p Volume2"
RELATE = "sdxproxy Relate -c Class1 -m "
SWAP = "sdxproxy Swap -c Class1 -p Volume2"
BREAK = "sdxproxy Break -c Class1 -p Volume2"


@pytest.fixture
def data():
    return Trial(LAB)


def volume(trial, name):
    return trial.volume(name, "Class1")


def statuses(trial, name):
    return trial.statuses(name, "Class1")


def owner(trial, name):
    """Who /data on the volume belongs to: `sys` as it was, `root` once it is damaged."""
    return volume(trial, name).data.files["/data"].group


def changed(trial, **fields):
    """Fields of Class1 changed by hand."""
    klass = trial.lab.classes["Class1"]
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": klass._replace(**fields)})


def with_volume(trial, new):
    changed(trial, volumes={**trial.lab.classes["Class1"].volumes, new.name: new})


@pytest.fixture
def parted(data):
    """Volume2 holds a moment of Volume1, which was damaged since; both are stopped."""
    data.done(JOIN)
    data.done(PART)
    data.advance(10 * MINUTE)
    data.done("chgrp root /mnt1/data")
    data.done("umount /mnt1")
    data.done(STOP + "Volume1,Volume2")
    return data


# -- RejoinRestore ------------------------------------------------------------------------------------------------


def test_rejoinrestore_gives_the_master_back_what_the_proxy_holds(parted):
    assert (owner(parted, "Volume1"), owner(parted, "Volume2")) == ("root", "sys")
    said = parted.done(BACK)
    assert said == (
        "SDX:sdxproxy: INFO: Volume1: waiting for the completion of copying...\n"
        "SDX:sdxproxy: INFO: Volume1: copying completed successfully\n"
    )
    assert owner(parted, "Volume1") == "sys"
    assert statuses(parted, "Volume1") == ["STOP", "STOP"]
    assert statuses(parted, "Volume2") == ["STOP"]
    parted.refused(START + "Volume2", "proxy.not_parted", object="Volume2")  # joined
    parted.done(START + "Volume1")
    assert statuses(parted, "Volume1") == ["ACTIVE", "ACTIVE"]
    parted.done(MOUNT)


def test_rejoinrestore_copies_only_what_changed_on_either_side(parted):
    parted.done(BACK + " -e nowaitsync")
    (copy,) = parted.lab.copies
    assert (copy.source, copy.volume, copy.members) == ("Volume2", "Volume1", ("Disk1", "Disk2"))
    assert 1200 * 10 <= copy.blocks < 1200 * 10 + 1000


def test_rejoinrestore_after_a_reboot_copies_everything(parted):
    parted.done("shutdown -y -g0 -i0")
    parted.done("boot")
    parted.tried("umount /mnt1")
    parted.done(STOP + "Volume1,Volume2")
    parted.done(BACK + " -e nowaitsync")
    assert parted.lab.copies[0].blocks == volume(parted, "Volume1").blocks


def test_rejoinrestore_without_pjrm_copies_everything(data):
    data.done(JOIN)
    data.done(PART + " -a pjrm=off")
    data.done("umount /mnt1")
    data.done(STOP + "Volume1,Volume2")
    data.done(BACK + " -e nowaitsync,delay=100")
    assert [(c.blocks, c.delay) for c in data.lab.copies] == [(4194304, 100)]


def test_a_normal_copy_back_keeps_the_master_from_use_until_it_ends(parted):
    parted.done(BACK + " -e nowaitsync")
    assert statuses(parted, "Volume1") == ["COPY", "COPY"]
    assert owner(parted, "Volume1") == "root"  # not yet
    parted.refused(START + "Volume1", "object.copying", object="Volume1")
    parted.refused(PART, "object.copying", object="Volume1")
    parted.refused(SWAP, "object.copying", object="Volume1")
    parted.finish()
    assert owner(parted, "Volume1") == "sys"
    parted.done(START + "Volume1")


def test_instant_gives_the_master_back_at_once_and_copies_behind_it(parted):
    assert parted.done(BACK + " -e instant") == ""
    assert owner(parted, "Volume1") == "sys"
    assert parted.lab.copies[0].background
    parted.done(START + "Volume1")
    parted.done(MOUNT)
    parted.done("chgrp other /mnt1/data")  # in use while the copy goes on
    assert statuses(parted, "Volume1") == ["COPY", "COPY"]
    parted.finish()
    assert statuses(parted, "Volume1") == ["ACTIVE", "ACTIVE"]
    assert owner(parted, "Volume1") == "other"  # what was written since stays
    parted.done(PART)
    assert owner(parted, "Volume2") == "other"  # joined, it was written too


def test_a_reboot_while_a_master_is_copied_back_begins_the_copy_again(parted):
    parted.done(BACK + " -e nowaitsync")
    parted.done("shutdown -y -g0 -i0")
    assert owner(parted, "Volume2") == "sys"  # the master does not hold its data yet
    parted.done("boot")
    assert not volume(parted, "Volume1").started
    assert parted.lab.copies[0].blocks == volume(parted, "Volume1").blocks
    parted.finish()
    assert owner(parted, "Volume1") == "sys"


def test_rejoinrestore_makes_an_invalid_master_valid(parted):
    master = volume(parted, "Volume1")
    bad = tuple(s._replace(status="INVALID") for s in master.slices)
    with_volume(parted, master._replace(slices=bad, valid=False))
    parted.refused("sdxproxy Rejoin -c Class1 -p Volume2", "object.status", object="Volume1", status="INVALID")
    parted.done(BACK + " -e nowaitsync")
    assert parted.lab.copies[0].blocks == master.blocks
    assert not volume(parted, "Volume1").valid
    parted.finish()
    assert volume(parted, "Volume1").valid


def test_a_slice_that_is_out_for_exchange_is_not_copied_onto(parted):
    master = volume(parted, "Volume1")
    with_volume(parted, master._replace(slices=(master.slices[0], master.slices[1]._replace(status="NOUSE"))))
    said = parted.done(BACK)
    assert "Volume1: copying completed successfully" in said
    assert statuses(parted, "Volume1") == ["STOP", "NOUSE"]


def test_rejoinrestore_is_refused_while_anything_runs_copies_or_is_joined(data):
    data.refused(BACK, "proxy.not", object="Volume2")
    data.done(JOIN)
    data.refused(BACK, "proxy.not_parted", object="Volume2")
    data.done(PART)
    data.refused(BACK, "object.active", object="Volume2")
    data.done(STOP + "Volume2")
    data.refused(BACK, "object.active", object="Volume1")
    data.refused(BACK + " -e instant", "object.active", object="Volume1")
    data.done("sdxproxy Update -c Class1 -p Volume2 -e nowaitsync")
    data.refused(BACK, "object.copying", object="Volume2")


def test_rejoinrestore_from_an_invalid_proxy_is_refused(parted):
    parted.done("sdxproxy Update -c Class1 -p Volume2 -e nowaitsync")
    parted.done("sdxproxy Cancel -c Class1 -p Volume2")
    parted.refused(BACK, "object.status", object="Volume2", status="INVALID")
    parted.refused(RESTORE, "object.status", object="Volume2", status="INVALID")


def test_running_system_volumes_are_never_restored(trial):
    trial.done("sdxproxy Part -c System -p Proxy1")
    trial.done("sdxvolume -F -c System -v Proot,Pusr,Phome")
    trial.refused("sdxproxy RejoinRestore -c System -p Proxy1", "object.active", object="root")
    trial.refused("sdxproxy Restore -c System -p Proxy1", "object.active", object="root")
    trial.refused("sdxproxy Swap -c System -p Proxy1", "class.is_root", **{"class": "System"})
    trial.refused("sdxproxy RejoinRestore -c System -p Proot", "proxy.in_group", object="Proot")


def test_what_is_mounted_is_no_source_of_a_restore(data):
    data.done(JOIN)
    data.done(PART)
    data.done("mount -F ufs /dev/sfdsk/Class1/dsk/Volume2 /mnt2")
    data.done("umount /mnt1")
    data.done(STOP + "Volume1")
    data.refused(RESTORE, "object.in_use", object="Volume2")
    data.refused(BACK, "object.active", object="Volume2")


# -- several proxies of one master --------------------------------------------------------------------------------


@pytest.fixture
def two(parted):
    """Volume4 is another proxy of Volume1, parted a little later and stopped."""
    parted.done("sdxproxy Join -c Class1 -m Volume1 -p Volume4 -e waitsync")
    return parted


def test_a_master_with_another_joined_proxy_is_not_restored(two):
    two.refused(BACK, "proxy.joined_too", object="Volume4")
    two.refused(RESTORE, "proxy.joined_too", object="Volume4")


def test_one_master_is_restored_from_one_proxy(two):
    two.done("sdxproxy Part -c Class1 -p Volume4")
    two.done(STOP + "Volume4")
    two.refused(BACK + ",Volume4", "proxy.twice", object="Volume1")
    two.refused(RESTORE + ",Volume4", "proxy.twice", object="Volume1")


def test_what_a_restore_changed_counts_for_the_other_proxies(two):
    two.done("sdxproxy Part -c Class1 -p Volume4")
    two.done(STOP + "Volume4")
    two.done(BACK)
    two.done(PART)
    two.done("sdxproxy Rejoin -c Class1 -p Volume4")
    assert 1200 * 10 <= two.lab.copies[0].blocks < 4194304


def test_while_a_master_is_restored_no_other_proxy_is_copied_from_it(two):
    two.done("sdxproxy Part -c Class1 -p Volume4")
    two.done(STOP + "Volume4")
    two.done(RESTORE + " -e instant")
    two.refused("sdxproxy Rejoin -c Class1 -p Volume4", "object.copying", object="Volume1")
    two.refused("sdxproxy Update -c Class1 -p Volume4", "object.copying", object="Volume1")
    two.refused("sdxproxy RejoinRestore -c Class1 -p Volume4", "object.copying", object="Volume4")


def test_after_a_restore_the_other_proxies_are_copied_whole(two):
    two.done("sdxproxy Part -c Class1 -p Volume4")
    two.done(STOP + "Volume4")
    two.done(RESTORE)
    two.done("sdxproxy Rejoin -c Class1 -p Volume4")
    assert two.lab.copies[0].blocks == 4194304


# -- Restore ------------------------------------------------------------------------------------------------------


def test_restore_lets_the_array_copy_back_and_leaves_the_proxy_parted(parted):
    said = parted.done(RESTORE)
    assert said.endswith("SDX:sdxproxy: INFO: Volume1: copying completed successfully\n")
    assert owner(parted, "Volume1") == "sys"
    assert statuses(parted, "Volume1") == ["STOP", "STOP"]
    parted.done(START + "Volume1,Volume2")


def test_restore_instant_and_nowaitsync(parted):
    assert parted.done(RESTORE + " -e nowaitsync") == ""
    assert [(c.engine, c.background, c.blocks) for c in parted.lab.copies] == [("OPC", False, 4194304)]
    parted.refused(START + "Volume1", "object.copying", object="Volume1")
    parted.finish()
    assert parted.done(RESTORE + " -e instant") == ""
    parted.done(START + "Volume1")
    assert statuses(parted, "Volume1") == ["COPY", "COPY"]
    parted.finish()
    assert statuses(parted, "Volume1") == ["ACTIVE", "ACTIVE"]


def test_restore_onto_a_mirrored_master_is_the_exception_to_no_opc_onto_mirrors(parted):
    parted.lab = parted.lab._replace(strict=True)
    parted.done(RESTORE)
    with_volume(parted, volume(parted, "Volume2")._replace(slices=(Slice("Disk3", "STOP"), Slice("Disk4", "STOP"))))
    parted.refused("sdxproxy Update -c Class1 -p Volume2", "proxy.no_function", object="Volume2")
    parted.done(RESTORE)


def test_restore_takes_a_proxy_that_runs_but_no_master_that_does(data):
    data.done(JOIN)
    data.refused(RESTORE, "proxy.not_parted", object="Volume2")
    data.done(PART)
    data.refused(RESTORE, "object.active", object="Volume1")
    data.done("umount /mnt1")
    data.done(STOP + "Volume1")
    data.done(RESTORE)
    assert volume(data, "Volume2").started


def test_restore_never_falls_back_to_a_soft_copy(parted):
    parted.lab = parted.lab._replace(functions=())
    parted.refused(RESTORE, "proxy.no_function", object="Volume2")


def test_opc_does_not_reach_groups_with_lower_groups(parted):
    klass = parted.lab.classes["Class1"]
    lower = Group("Low", "concat", ("Disk3",), 17_661_952, 32_768)
    group = klass.groups["Group2"]._replace(members=("Low",))
    disk = klass.disks["Disk3"]._replace(group="Low")
    changed(parted, groups={**klass.groups, "Group2": group, "Low": lower}, disks={**klass.disks, "Disk3": disk})
    with_volume(parted, volume(parted, "Volume2")._replace(slices=(Slice("Low", "STOP"),)))
    parted.refused(RESTORE, "proxy.no_function", object="Volume2")
    parted.refused("sdxproxy Update -c Class1 -p Volume2", "proxy.no_function", object="Volume2")
    parted.done(BACK)


# -- Cancel and Break in both directions --------------------------------------------------------------------------


def test_cancel_of_a_restore_leaves_the_master_invalid(parted):
    parted.done(RESTORE + " -e instant")
    parted.done(START + "Volume1")
    parted.done(MOUNT)
    parted.refused("sdxproxy Cancel -c Class1 -p Volume2", "object.in_use", object="Volume1")
    parted.done("umount /mnt1")
    parted.done("sdxproxy Cancel -c Class1 -p Volume2")
    assert statuses(parted, "Volume1") == ["INVALID", "INVALID"]
    assert not volume(parted, "Volume1").valid
    parted.done(RESTORE)
    assert volume(parted, "Volume1").valid


def test_break_while_copying_back_wants_restore_and_leaves_the_master_invalid(parted):
    parted.done(BACK + " -e nowaitsync")
    parted.refused(BREAK, "object.copying", object="Volume2")
    parted.refused(BREAK + " -e force", "object.copying", object="Volume2")
    parted.done(BREAK + " -e restore")
    assert statuses(parted, "Volume1") == ["INVALID", "INVALID"]
    assert statuses(parted, "Volume2") == ["STOP"]
    assert owner(parted, "Volume2") == "sys"  # the proxy keeps its data
    assert parted.lab.copies == ()


def test_break_with_force_does_not_leave_an_open_volume_invalid(data):
    data.done(JOIN)
    data.done(PART)
    data.done("sdxproxy Update -c Class1 -p Volume2 -e instant")
    data.done("mount -F ufs /dev/sfdsk/Class1/dsk/Volume2 /mnt2")
    data.refused(BREAK, "object.copying", object="Volume2")
    data.refused(BREAK + " -e force", "object.in_use", object="Volume2")
    data.done("umount /mnt2")
    data.done(BREAK + " -e force")
    assert statuses(data, "Volume2") == ["INVALID"]


def test_break_asks_only_about_the_copies_of_its_own_proxy(two):
    two.done("sdxproxy Part -c Class1 -p Volume4")
    two.done(STOP + "Volume4")
    two.done(RESTORE + " -e instant")
    two.done("sdxproxy Break -c Class1 -p Volume4")
    assert len(two.lab.copies) == 1


# -- Relate -------------------------------------------------------------------------------------------------------


def test_relate_makes_a_parted_pair_and_changes_nothing_else(data):
    before = data.lab.classes["Class1"].volumes
    assert data.done(RELATE + "Volume1 -p Volume2") == ""
    assert data.lab.classes["Class1"].volumes == before
    assert "Volume1 Part" in data.done("sdxinfo -V -c Class1 -e long")
    data.refused(PART, "proxy.not_joined", object="Volume2")
    data.done(START + "Volume2")


def test_related_volumes_are_updated_and_restored_by_opc(data):
    data.done(RELATE + "Volume1 -p Volume2")
    data.done("sdxproxy Update -c Class1 -p Volume2 -e instant")
    assert owner(data, "Volume2") == "sys"
    data.finish()
    data.done("chgrp root /mnt1/data")
    data.done("umount /mnt1")
    data.done(STOP + "Volume1")
    data.done(RESTORE)
    assert owner(data, "Volume1") == "sys"


def test_a_rejoin_after_relate_copies_everything(data):
    data.done(RELATE + "Volume1 -p Volume2")
    data.done("sdxproxy Rejoin -c Class1 -p Volume2")
    assert data.lab.copies[0].blocks == 4194304


def test_relate_by_group_wants_the_same_places(data):
    data.done(RELATE + "Group1 -p Group2")
    assert data.lab.classes["Class1"].relations[0].kind == "group"
    data.refused("sdxproxy Restore -c Class1 -p Volume2", "proxy.in_group", object="Volume2")
    data.done("sdxproxy Break -c Class1 -p Group2")
    with_volume(data, volume(data, "Volume2")._replace(first=98_304))
    data.refused(RELATE + "Group1 -p Group2", "relate.layout", object="Group2")
    data.done(RELATE + "Volume1 -p Volume2")  # alone, it may lie elsewhere


def test_relate_by_group_matches_volumes_by_their_places(data):
    more = volume(data, "Volume1")._replace(name="Early", first=4_259_840, started={})
    with_volume(data, more)
    with_volume(data, volume(data, "Volume2")._replace(name="Late", first=4_259_840))
    data.done(RELATE + "Group1 -p Group2")
    pairs = [(p.master, p.proxy) for p in data.lab.classes["Class1"].relations[0].pairs]
    assert pairs == [("Volume1", "Volume2"), ("Early", "Late")]


# fmt: off
@pytest.mark.parametrize(("named", "note", "fields"), [
    ("Volume1 -p Volume1", "join.same",       {"object": "Volume1"}),
    ("Volume1 -p Group2",  "join.kinds",      {"object": "Group2"}),
    ("Volume1 -p Nope",    "object.unknown",  {"object": "Nope"}),
    ("Volume1 -p Volume4", "relate.mirrored", {"object": "Volume4"}),
    ("Group1 -p Group3",   "join.empty",      {"object": "Group3"}),
    ("Group3 -p Group2",   "join.empty",      {"object": "Group3"}),
])
# fmt: on
def test_relate_is_refused(data, named, note, fields):
    data.refused(RELATE + named, note, **fields)


def test_relate_in_a_root_class_takes_groups_and_no_second_relation(trial):
    trial.refused("sdxproxy Relate -c System -m root -p Pvar", "join.by_group", object="Pvar")
    trial.refused("sdxproxy Relate -c System -m Group1 -p Proxy1", "object.related", object="Proxy1")
    trial.done("sdxproxy Break -c System -p Proxy1")
    trial.done("sdxproxy Relate -c System -m Group1 -p Proxy1")
    trial.done("sdxproxy Update -c System -p Proxy1 -e instant")


def test_relate_makes_no_chains(data):
    data.done(RELATE + "Volume1 -p Volume2")
    data.refused(RELATE + "Volume2 -p Volume4", "object.related", object="Volume2")
    data.refused(RELATE + "Volume4 -p Volume1", "object.related", object="Volume1")
    data.refused(RELATE + "Group4 -p Group2", "object.related", object="Volume2")
    data.refused(RELATE + "Group4 -p Group1", "object.related", object="Volume1")
    data.refused("sdxproxy Join -c Class1 -m Group2 -p Group3", "object.related", object="Volume2")


def test_relate_wants_volumes_of_one_size(data):
    with_volume(data, volume(data, "Volume2")._replace(blocks=32_768))
    data.refused(RELATE + "Volume1 -p Volume2", "join.size", object="Volume2")


def stripes(trial, columns=1, width=32):
    """Volume1 lies in a stripe of two disks, Volume2 in one of so many columns."""
    klass = trial.lab.classes["Class1"]
    one = klass.groups["Group1"]._replace(type="stripe", width=32)
    other = klass.groups["Group2"]._replace(type="stripe", width=width, members=("Disk3", "Disk4")[:columns])
    changed(trial, groups={**klass.groups, "Group1": one, "Group2": other})
    with_volume(trial, volume(trial, "Volume1")._replace(slices=(Slice("Group1", "ACTIVE"),)))
    with_volume(trial, volume(trial, "Volume2")._replace(slices=(Slice("Group2", "STOP"),)))


def test_stripes_are_related_with_stripes_alike_and_copied_by_opc_only(data):
    stripes(data)
    data.refused(RELATE + "Volume1 -p Volume4", "relate.type", object="Volume4")
    data.refused(RELATE + "Volume1 -p Volume2", "relate.width", object="Volume2")
    stripes(data, columns=2, width=64)
    data.refused(RELATE + "Volume1 -p Volume2", "relate.width", object="Volume2")
    stripes(data, columns=2)
    data.refused(JOIN, "join.type", object="Volume1")
    data.done(RELATE + "Volume1 -p Volume2")
    data.done("sdxproxy Update -c Class1 -p Volume2")
    data.refused("sdxproxy Rejoin -c Class1 -p Volume2", "join.type", object="Volume1")
    data.refused(BACK, "join.type", object="Volume1")
    data.done("umount /mnt1")
    data.done(STOP + "Volume1")
    data.done(RESTORE)


def test_opc_wants_no_lower_groups(data):
    klass = data.lab.classes["Class1"]
    lower = Group("Low", "stripe", ("Disk3",), 17_661_952, 32_768)
    changed(data, groups={**klass.groups, "Group2": klass.groups["Group2"]._replace(members=("Low",)), "Low": lower})
    data.refused(RELATE + "Volume1 -p Volume2", "relate.lower", object="Group2")


def test_at_most_32_slices_may_be_related(data):
    slices = tuple(Slice(f"E{i}", "ACTIVE") for i in range(31))
    with_volume(data, volume(data, "Volume1")._replace(slices=slices))
    data.done(RELATE + "Volume1 -p Volume2")  # 31 and 1
    data.done(BREAK)
    with_volume(data, volume(data, "Volume1")._replace(slices=(*slices, Slice("E31", "ACTIVE"))))
    data.refused(RELATE + "Volume1 -p Volume2", "join.slices", object="Volume1")


# -- Swap ---------------------------------------------------------------------------------------------------------


def places(trial, name):
    v = volume(trial, name)
    return v.group, [s.member for s in v.slices], v.first, v.number


def test_swap_exchanges_the_places_and_nothing_else(data):
    with_volume(data, volume(data, "Volume2")._replace(first=98_304, number=4, pslice=True))
    data.done(JOIN)
    before = [places(data, name) for name in ("Volume1", "Volume2")]
    was = volume(data, "Volume1")
    assert data.done(SWAP) == ""
    assert [places(data, name) for name in ("Volume2", "Volume1")] == before
    now = volume(data, "Volume1")
    assert (now.started, now.mode, now.data, now.lock, now.jrm) == (was.started, was.mode, was.data, was.lock, was.jrm)
    assert statuses(data, "Volume1") == ["ACTIVE"]
    assert statuses(data, "Volume2") == ["STOP", "STOP"]
    data.done("chgrp root /mnt1/data")  # still mounted, still in use
    assert data.lab.copies == ()
    data.done(SWAP)  # and back
    assert [places(data, name) for name in ("Volume1", "Volume2")] == before
    assert owner(data, "Volume1") == "root"


def test_a_stopped_master_is_swapped_stopped(data):
    data.done(JOIN)
    data.done("umount /mnt1")
    data.done(STOP + "Volume1")
    data.done(SWAP)
    assert statuses(data, "Volume1") == ["STOP"]


def test_a_failed_slice_goes_with_its_disk(data):
    data.done(JOIN)
    master = volume(data, "Volume1")
    with_volume(data, master._replace(slices=(master.slices[0], master.slices[1]._replace(status="INVALID"))))
    data.done(SWAP)
    assert statuses(data, "Volume1") == ["ACTIVE"]
    assert statuses(data, "Volume2") == ["STOP", "INVALID"]


def test_swapped_groups_change_their_roles(data):
    data.done("sdxproxy Join -c Class1 -m Group1 -p Group3 -a Volume1=Volume3:on -e waitsync")
    data.done("sdxproxy Swap -c Class1 -p Group3")
    relation = data.lab.classes["Class1"].relations[0]
    assert relation[:2] == ("Group3", "Group1")
    assert [(p.master, p.proxy) for p in relation.pairs] == [("Volume1", "Volume3")]
    assert places(data, "Volume1")[:2] == ("Group3", ["Disk4"])
    data.refused("sdxproxy Part -c Class1 -p Group3", "proxy.not", object="Group3")
    data.done("sdxproxy Part -c Class1 -p Group1")


def test_swap_is_refused_unless_joined_equal_and_whole(data):
    data.done("sdxproxy Join -c Class1 -m Volume1 -p Volume2")
    data.refused(SWAP, "object.copying", object="Volume2")
    data.finish()
    master = volume(data, "Volume1")
    with_volume(data, master._replace(slices=(master.slices[0], master.slices[1]._replace(status="TEMP"))))
    data.refused(SWAP, "object.status", object="Volume1", status="TEMP")
    with_volume(data, master._replace(slices=(master.slices[0], master.slices[1]._replace(status="COPY"))))
    data.refused(SWAP, "object.copying", object="Volume1")
    with_volume(data, master._replace(valid=False))
    data.refused(SWAP, "object.status", object="Volume1", status="INVALID")
    with_volume(data, master)
    proxy = volume(data, "Volume2")
    with_volume(data, proxy._replace(valid=False))
    data.refused(SWAP, "object.status", object="Volume2", status="INVALID")
    with_volume(data, proxy)
    data.done(PART)
    data.refused(SWAP, "proxy.not_joined", object="Volume2")


def test_swap_does_not_bring_a_master_into_the_group_of_another_proxy(data):
    with_volume(data, volume(data, "Volume2")._replace(name="Other", first=8_454_144))
    data.done(JOIN)
    data.done("sdxproxy Join -c Class1 -m Volume1 -p Other -e waitsync")
    data.refused(SWAP, "object.related", object="Other")


# -- Join, further ------------------------------------------------------------------------------------------------


def test_join_of_a_master_with_a_detached_slice_is_refused(data):
    master = volume(data, "Volume1")
    with_volume(data, master._replace(slices=(master.slices[0], master.slices[1]._replace(status="TEMP"))))
    data.refused(JOIN, "object.status", object="Volume1", status="TEMP")


def test_join_takes_syncmode_and_pslice(data):
    data.done("sdxproxy Join -c Class1 -m Group1 -p Group3 -a Volume1=Volume3:off:off -e syncmode,waitsync")
    made = volume(data, "Volume3")
    assert (made.jrm, made.pslice, made.number) == (False, False, None)


# -- EC sessions --------------------------------------------------------------------------------------------------


@pytest.fixture
def array(data):
    """An array that has EC, too."""
    data.lab = data.lab._replace(functions=("OPC", "EC"))
    return data


def functions(trial, name="Volume2"):
    rows = trial.done(f"sdxinfo -S -o {name} -e long").splitlines()[2:]
    return [row.split()[-1] for row in rows]


def test_an_ec_session_is_shown_lasts_while_parted_and_ends_with_cancel(array):
    array.done("sdxproxy Join -c Class1 -m Volume1 -p Volume2")
    assert functions(array) == ["EC"]
    array.finish()
    assert functions(array) == ["EC"]
    array.refused("sdxproxy Cancel -c Class1 -p Volume2", "proxy.not_parted", object="Volume2")
    array.done(PART)
    assert functions(array) == ["EC"]
    array.done("sdxproxy Cancel -c Class1 -p Volume2")
    assert functions(array) == ["*"]
    assert statuses(array, "Volume2") == ["ACTIVE"]  # its data stays good
    array.refused("sdxproxy Cancel -c Class1 -p Volume2", "proxy.no_session", object="Volume2")
    array.done(STOP + "Volume2")
    array.done("sdxproxy Rejoin -c Class1 -p Volume2")
    assert array.lab.copies[0].blocks == 4194304  # all of it
    assert functions(array) == ["EC"]


def test_a_rejoin_by_ec_copies_what_changed_and_softcopy_ends_the_session(array):
    array.done(JOIN)
    array.done(PART)
    array.done(STOP + "Volume2")
    array.done("sdxproxy Rejoin -c Class1 -p Volume2")
    assert (array.lab.copies[0].engine, array.lab.copies[0].blocks) == ("EC", 128)
    array.finish()
    array.done(PART)
    array.done(STOP + "Volume2")
    array.done("sdxproxy Rejoin -c Class1 -p Volume2 -e softcopy,waitsync")
    assert functions(array) == ["*"]


def test_a_copy_by_ec_that_goes_on_as_opc_leaves_no_session(array):
    array.done("sdxproxy Join -c Class1 -m Volume1 -p Volume2")
    array.done(PART + " -e instant")
    assert functions(array) == ["OPC"]
    array.finish()
    assert functions(array) == ["*"]


def test_ec_copies_back_only_onto_a_master_that_is_no_mirror(array):
    array.done(JOIN)
    array.done(PART)
    array.done("umount /mnt1")
    array.done(STOP + "Volume1,Volume2")
    array.done(BACK + " -e nowaitsync")
    assert array.lab.copies[0].engine == "soft"
    array.finish()
    assert functions(array) == ["*"]
    array.done(SWAP)  # now the master has one slice
    array.done(PART)
    array.done(STOP + "Volume2")
    array.done(BACK + " -e nowaitsync,softcopy")
    assert array.lab.copies[0].engine == "soft"
    array.finish()
    array.done(PART)
    array.done(STOP + "Volume2")
    array.done(BACK + " -e nowaitsync")
    assert array.lab.copies[0].engine == "EC"


def test_swap_is_refused_in_an_ec_session(array):
    array.done(JOIN)
    array.refused(SWAP, "proxy.session", object="Volume2")


def test_attributes_are_refused_in_an_ec_session(array):
    array.done(JOIN)
    array.refused("sdxattr -V -c Class1 -v Volume1 -a jrm=off", "proxy.session", object="Volume1")
    array.refused("sdxattr -V -c Class1 -v Volume2 -a lock=on", "proxy.session", object="Volume2")
    array.done(PART)
    array.refused("sdxattr -V -c Class1 -v Volume2 -a lock=on", "proxy.session", object="Volume2")
    array.done("sdxproxy Cancel -c Class1 -p Volume2")
    array.done("sdxattr -V -c Class1 -v Volume2 -a lock=on")


def test_ec_serves_sixteen_proxies_of_a_master_and_the_driver_the_next(array):
    klass = array.lab.classes["Class1"]
    names = [f"P{i}" for i in range(MOST_EC + 1)]
    disks = {f"S{n}": Disk(f"S{n}", "c2t4d0", "single") for n in names}
    volumes = {
        n: volume(array, "Volume2")._replace(name=n, group=None, slices=(Slice(f"S{n}", "STOP"),)) for n in names
    }
    changed(array, disks={**klass.disks, **disks}, volumes={**klass.volumes, **volumes})
    for name in names:
        array.done(f"sdxproxy Join -c Class1 -m Volume1 -p {name} -e waitsync")
    assert [functions(array, name) for name in names] == [["EC"]] * 16 + [["*"]]


# -- waiting ------------------------------------------------------------------------------------------------------


def test_on_a_running_clock_the_wait_is_for_the_masters_slices(parted):
    parted.lab = parted.lab._replace(clock=parted.lab.clock._replace(mode=RUNNING))
    assert parted.tried(BACK).waits.objects == {"Volume1": [("Volume1", ("Disk1", "Disk2"))]}
