"""sdxproxy: joined and parted, who may what, what is copied, and the words beyond the page."""

import pytest
from conftest import ALL_PROXIES, MINUTE

from sdxsim.execute import execute, returned
from sdxsim.model.status import RUNNING
from sdxsim.rules.copying import settle


def rest(lab_trial):
    lab_trial.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")


def sizes(lab_trial):
    return {c.volume: c.blocks for c in lab_trial.lab.copies}


def boot_again(lab_trial):
    lab_trial.done("shutdown -y -g0 -i0")
    lab_trial.done("boot /pci@1f,4000/scsi@3/disk@0,0:a")


# -- Part ---------------------------------------------------------------------------------------------------------


def test_part_starts_the_proxies_and_says_so(trial):
    said = trial.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    assert said.count("started volume on node node1") == 6
    for name in ALL_PROXIES.split(","):
        assert trial.statuses(name) == ["ACTIVE", "ACTIVE"]
        assert trial.volume(name).started == {"node1": "ro"}


def test_part_twice_is_refused(parted):
    parted.refused("sdxproxy Part -c System -p Proxy1", "proxy.not_joined", object="Proxy1")


def test_one_parted_proxy_in_the_list_and_none_is_parted(trial):
    trial.done("sdxproxy Part -c System -p Proxy1")
    trial.refused("sdxproxy Part -c System -p Proxy2,Proxy1", "proxy.not_joined", object="Proxy1")
    trial.done("sdxproxy Part -c System -p Proxy2")


def test_part_does_not_start_a_locked_proxy_unless_told(trial):
    trial.done("sdxattr -V -c System -v Pusr -a lock=on")
    assert "Pusr" not in trial.done("sdxproxy Part -c System -p Proxy1")
    assert trial.statuses("Pusr") == ["STOP", "STOP"]


def test_part_unlock_starts_it_and_the_lock_stays(trial):
    trial.done("sdxattr -V -c System -v Pusr -a lock=on")
    assert "Pusr: started" in trial.done("sdxproxy Part -c System -p Proxy1 -e unlock")
    assert trial.volume("Pusr").lock


def test_part_with_a_mode(trial):
    trial.refused("sdxproxy Part -c System -p Proxy1 -e mode=rw", "volume.read_only", object="Proot")
    trial.done("sdxattr -V -c System -v Pusr -a mode=rw")
    trial.done("sdxproxy Part -c System -p Proxy1 -e mode=ro")
    assert trial.volume("Pusr").started == {"node1": "ro"}


def test_a_proxy_volume_of_a_group_is_never_named_alone(trial):
    for word in ("Part", "Rejoin", "Break", "Cancel", "Update"):
        trial.refused(f"sdxproxy {word} -c System -p Proot", "proxy.in_group", object="Proot")


def test_a_master_is_no_proxy(trial):
    trial.refused("sdxproxy Part -c System -p Group1", "proxy.not", object="Group1")
    trial.refused("sdxproxy Part -c System -p root", "proxy.not", object="root")
    trial.refused("sdxproxy Part -c System -p Nope", "object.unknown", object="Nope")


# -- Rejoin and JRM -----------------------------------------------------------------------------------------------


def test_rejoin_of_a_joined_proxy_and_of_a_started_one_is_refused(trial):
    trial.refused("sdxproxy Rejoin -c System -p Proxy1", "proxy.not_parted", object="Proxy1")
    trial.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    trial.refused("sdxproxy Rejoin -c System -p Proxy1", "object.active", object="Proot")
    trial.done("sdxvolume -F -c System -v Proot,Pusr")
    trial.refused("sdxproxy Rejoin -c System -p Proxy1", "object.active", object="Phome")


def test_rejoin_without_a_reboot_copies_what_changed_and_takes_seconds(parted):
    parted.advance(10 * MINUTE)
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    assert sizes(parted)["Phome"] == 128 + 1200 * 10
    assert sizes(parted)["Pusr"] == 128
    assert parted.statuses("Phome") == ["COPY", "COPY"]
    parted.advance(3_000)
    assert parted.lab.copies == ()
    assert parted.statuses("Phome") == ["STOP", "STOP"]


def test_what_a_busy_system_changed_counts_although_it_is_quiet_later(parted):
    parted.advance(10 * MINUTE)
    parted.done("shutdown -y -g0 -is")
    parted.advance(60 * MINUTE)
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    assert 1200 * 10 + 128 <= sizes(parted)["Phome"] < 1200 * 10 + 1000
    assert 2400 * 10 + 128 <= sizes(parted)["Pvar"] < 2400 * 10 + 1000


def test_a_write_to_the_running_system_counts_too(parted):
    parted.done("chgrp root /etc/vfstab")
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    assert sizes(parted)["Proot"] > sizes(parted)["Pusr"] == 128  # what being mounted writes anyway


def test_rejoin_after_a_reboot_copies_everything(parted):
    boot_again(parted)
    assert parted.statuses("Proot") == ["ACTIVE", "ACTIVE"]
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    assert sizes(parted) == {v: parted.volume(v).blocks for v in ALL_PROXIES.split(",")}


def test_part_without_pjrm_copies_everything_too(trial):
    trial.done("sdxproxy Part -c System -p Proxy1 -a pjrm=off")
    trial.done("sdxvolume -F -c System -v Proot,Pusr,Phome")
    trial.done("sdxproxy Rejoin -c System -p Proxy1")
    assert sizes(trial)["Proot"] == trial.volume("Proot").blocks


def test_writes_to_the_proxy_are_copied_over_as_well(parted):
    def rejoined_blocks(lab):
        lab.done("sdxvolume -F -c System -v Proot,Pusr,Phome")
        lab.done("sdxproxy Rejoin -c System -p Proxy1")
        return sizes(lab)["Proot"]

    parted.done("sdxvolume -F -c System -v Proot")
    parted.done("sdxattr -V -c System -v Proot -a mode=rw")
    parted.done("sdxvolume -N -c System -v Proot")
    parted.tried("fsck -y /dev/sfdsk/System/rdsk/Proot")
    parted.done("sdxproxy Root -c System -p Proxy1")
    assert rejoined_blocks(parted) > 128 + 32


def test_delay_makes_a_soft_copy_slower(parted):
    boot_again(parted)
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1 -e delay=100,softcopy")
    copy = next(c for c in parted.lab.copies if c.volume == "Proot")
    parted.advance(copy.blocks * 1000 // copy.rate + 1000)
    assert parted.statuses("Proot") == ["COPY", "COPY"]
    parted.advance(copy.blocks // 2048 * 100)
    assert parted.statuses("Proot") == ["STOP", "STOP"]


def test_waitsync_on_a_frozen_clock_moves_it_to_the_end(parted):
    boot_again(parted)
    rest(parted)
    before = parted.now
    said = parted.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2 -e waitsync")
    assert said == (
        "SDX:sdxproxy: INFO: Proxy1: waiting for the completion of copying...\n"
        "SDX:sdxproxy: INFO: Proxy2: waiting for the completion of copying...\n"
        "SDX:sdxproxy: INFO: Proxy1: copying completed successfully\n"
        "SDX:sdxproxy: INFO: Proxy2: copying completed successfully\n"
    )
    assert parted.now - before == 511_999  # 10,485,720 blocks at 20,480 a second, rounded up to ms
    assert parted.lab.copies == ()


def test_a_soft_copy_interrupted_by_a_reboot_begins_again_and_an_array_copy_goes_on(parted):
    boot_again(parted)
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    parted.done("sdxproxy Update -c System -p Proxy2 -e instant")
    parted.advance(250_000)
    parted.done("shutdown -y -g0 -i0")
    parted.advance(100_000)
    assert settle(parted.lab, parted.now).copies  # the home copy waits for its node
    parted.done("boot")
    left = {c.volume: c.since for c in parted.lab.copies}
    assert left == {"Phome": parted.now}
    assert parted.statuses("Proot") == ["STOP", "STOP"]
    parted.advance(511_998)
    assert parted.statuses("Phome") == ["COPY", "COPY"]
    parted.advance(1)
    assert parted.statuses("Phome") == ["STOP", "STOP"]


def test_an_incremental_copy_interrupted_by_a_reboot_begins_again_with_the_whole_volume(parted):
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    assert sizes(parted)["Proot"] < 1000
    boot_again(parted)
    assert sizes(parted)["Proot"] == parted.volume("Proot").blocks


def test_a_finished_rejoin_holds_what_the_master_holds(parted):
    parted.done("chgrp root /etc/vfstab")
    assert parted.volume("Proot").data.files["/etc/vfstab"].group == "sys"
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    assert parted.volume("Proot").data.files["/etc/vfstab"].group == "sys"  # not yet
    parted.finish()
    assert parted.volume("Proot").data.files["/etc/vfstab"].group == "root"


def test_a_joined_proxy_holds_what_its_master_holds_when_the_node_stops(trial):
    trial.done("chgrp root /etc/vfstab")
    trial.done("shutdown -y -g0 -i0")
    assert trial.volume("Proot").data.files["/etc/vfstab"].group == "root"


def test_a_wait_ends_when_the_copy_is_cancelled_or_the_node_goes_down(parted):
    parted.lab = parted.lab._replace(clock=parted.lab.clock._replace(mode=RUNNING))
    wait = parted.tried("sdxproxy Update -c System -p Proxy2").waits
    now = parted.now
    assert returned(parted.lab, wait, now) is None
    cancelled = execute(parted.lab, ["sdxproxy", "Cancel", "-c", "System", "-p", "Proxy2"], now).lab
    assert returned(cancelled, wait, now) == ("", "SDX:sdxproxy: ERROR: Proxy2: copying was cancelled\n", 1)
    halted = execute(parted.lab, ["shutdown", "-y", "-g0", "-i0"], now).lab
    out, err, status = returned(halted, wait, now)
    assert (out, err.count("\n"), status) == ("", 1, 1)
    assert "halted" in err
    done = "SDX:sdxproxy: INFO: Proxy2: copying completed successfully\n"
    assert returned(parted.lab, wait, now + 24 * 60 * MINUTE) == (done, "", 0)


# -- Update and Cancel --------------------------------------------------------------------------------------------


def test_update_instant_on_running_proxies_shows_copy_then_stop(parted):
    parted.done("sdxproxy Update -c System -p Proxy1,Proxy2 -e instant")
    assert parted.statuses("Phome") == ["COPY", "COPY"]
    assert parted.volume("Phome").started
    parted.finish()
    assert parted.statuses("Phome") == ["STOP", "STOP"]  # the page's table, though the volume runs
    parted.done("sdxvolume -F -c System -v Phome")
    parted.done("sdxvolume -N -c System -v Phome")
    assert parted.statuses("Phome") == ["ACTIVE", "ACTIVE"]


def test_update_waits_for_its_end_unless_told_otherwise(parted):
    before = parted.now
    assert "copying completed successfully" in parted.done("sdxproxy Update -c System -p Proxy2")
    assert parted.now > before
    assert parted.done("sdxproxy Update -c System -p Proxy2 -e nowaitsync") == ""
    assert parted.lab.copies


def test_a_normal_copy_refuses_what_a_background_copy_allows(parted):
    parted.done("sdxproxy Update -c System -p Proxy1 -e nowaitsync")
    parted.refused("sdxvolume -F -c System -v Proot", "object.copying", object="Proot")
    parted.refused("sdxproxy Root -c System -p Proxy1", "object.copying", object="Proot")
    parted.refused("sdxvolume -F -c System -v root", "object.in_use", object="root")


def test_update_is_refused_when_joined_copying_or_without_opc(trial):
    trial.refused("sdxproxy Update -c System -p Proxy1", "proxy.not_parted", object="Proxy1")
    trial.done("sdxproxy Part -c System -p Proxy1")
    trial.done("sdxproxy Update -c System -p Proxy1 -e instant")
    trial.refused("sdxproxy Update -c System -p Proxy1 -e instant", "object.copying", object="Proxy1")
    trial.finish()
    trial.lab = trial.lab._replace(functions=())
    trial.refused("sdxproxy Update -c System -p Proxy1 -e instant", "proxy.no_function", object="Proxy1")


def test_a_strict_lab_refuses_opc_onto_mirrors(parted):
    parted.lab = parted.lab._replace(strict=True)
    parted.refused("sdxproxy Update -c System -p Proxy1 -e instant", "proxy.no_function", object="Proxy1")


def test_rejoin_while_opc_copies_is_refused(parted):
    parted.done("sdxproxy Update -c System -p Proxy1 -e instant")
    rest(parted)
    parted.refused("sdxproxy Rejoin -c System -p Proxy1", "object.copying", object="Proxy1")


def test_cancel_leaves_the_unfinished_invalid_until_copied_again(parted):
    parted.refused("sdxproxy Cancel -c System -p Proxy1", "proxy.no_session", object="Proxy1")
    parted.done("sdxproxy Update -c System -p Proxy1 -e instant")
    parted.advance(150_000)  # Proot is over
    parted.done("sdxproxy Cancel -c System -p Proxy1")
    assert parted.statuses("Proot") == ["STOP", "STOP"]
    assert parted.statuses("Phome") == ["INVALID", "INVALID"]
    assert not parted.volume("Phome").valid
    parted.refused("sdxvolume -N -c System -v Phome", "object.status", object="Phome", status="INVALID")
    parted.done("sdxvolume -F -c System -v Proot,Pusr")
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    assert sizes(parted)["Phome"] == parted.volume("Phome").blocks
    parted.finish()
    assert parted.volume("Phome").valid
    assert parted.statuses("Phome") == ["STOP", "STOP"]


# -- Break and Join -----------------------------------------------------------------------------------------------


def test_break_makes_ordinary_volumes_with_their_attributes(parted):
    parted.done("sdxproxy Break -c System -p Proxy1")
    assert parted.statuses("Proot") == ["ACTIVE", "ACTIVE"]
    assert parted.volume("Proot").mode == "ro"
    parted.refused("sdxproxy Rejoin -c System -p Proxy1", "proxy.not", object="Proxy1")


def test_break_while_copying_wants_force_and_leaves_the_proxy_invalid(parted):
    rest(parted)
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    parted.refused("sdxproxy Break -c System -p Proxy1", "object.copying", object="Proxy1")
    parted.refused("sdxproxy Break -c System -p Proxy1 -e restore", "object.copying", object="Proxy1")
    parted.done("sdxproxy Break -c System -p Proxy1 -e force")
    assert not parted.volume("Proot").valid
    assert parted.lab.copies == ()


def test_join_into_an_empty_group_makes_the_volumes(trial):
    klass = trial.lab.classes["System"]
    volumes = {n: v for n, v in klass.volumes.items() if v.group != "Proxy1"}
    bare = klass._replace(volumes=volumes, relations=klass.relations[1:])
    trial.lab = trial.lab._replace(classes={"System": bare})
    trial.done("sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Proot:on,usr=Pusr:off,home=Phome:on:on")
    proot, root = trial.volume("Proot"), trial.volume("root")
    assert (proot.first, proot.blocks, proot.number, proot.mode) == (root.first, root.blocks, root.number, "ro")
    assert not trial.volume("Pusr").jrm
    assert trial.statuses("Proot") == ["COPY", "COPY"]
    trial.refused("sdxproxy Part -c System -p Proxy1", "object.copying", object="Proxy1")
    trial.finish()
    trial.done("sdxproxy Part -c System -p Proxy1")
    assert trial.statuses("Proot") == ["ACTIVE", "ACTIVE"]


def test_join_names_what_a_leaves_out(trial):
    klass = trial.lab.classes["System"]
    volumes = {n: v for n, v in klass.volumes.items() if v.group != "Proxy1"}
    trial.lab = trial.lab._replace(
        classes={"System": klass._replace(volumes=volumes, relations=klass.relations[1:])}
    )
    trial.refused(
        "sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Pvar:on", "object.taken", object="Pvar"
    )
    trial.refused("sdxproxy Join -c System -m Group1 -p Proxy1 -a zz=Proot:on", "object.unknown", object="zz")
    trial.refused(
        "sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Proot:on:off", "volume.pslice", object="Proot"
    )
    trial.done("sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Proot:on")
    assert {"Proot", "usr_Proxy1", "home_Proxy1"} <= trial.lab.classes["System"].volumes.keys()


# fmt: off
@pytest.mark.parametrize(("line", "note", "fields"), [
    ("-m Group1 -p Group1", "join.same",      {"object": "Group1"}),
    ("-m Group1 -p root",   "join.kinds",     {"object": "root"}),
    ("-m root -p Proot",    "join.by_group",  {"object": "Proot"}),
    ("-m Group1 -p Proxy1", "object.related", {"object": "Proxy1"}),
    ("-m Proxy1 -p Group2", "object.related", {"object": "Proxy1"}),
    ("-m Group1 -p Group2", "object.related", {"object": "Group2"}),
    ("-m Group1 -p Nope",   "object.unknown", {"object": "Nope"}),
])
# fmt: on
def test_join_is_refused(trial, line, note, fields):
    trial.refused(f"sdxproxy Join -c System {line}", note, **fields)


def test_join_wants_an_empty_group_and_a_full_master(trial):
    trial.done("sdxproxy Break -c System -p Proxy1")
    trial.refused("sdxproxy Join -c System -m Group1 -p Proxy1", "join.full", object="Proxy1")


# -- Root ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ready(parted):
    """After 5-2."""
    rest(parted)
    for name in ALL_PROXIES.split(","):
        parted.done(f"sdxattr -V -c System -v {name} -a mode=rw")
    parted.done(f"sdxvolume -N -c System -v {ALL_PROXIES}")
    for name in ("Proot", "Pusr", "Phome", "Pvar", "Popt"):
        parted.done(f"fsck -y /dev/sfdsk/System/rdsk/{name}")
    return parted


def test_root_prints_the_pages_three_lines(ready):
    assert ready.done("sdxproxy Root -c System -p Proxy1,Proxy2") == (
        "SDX:sdxproxy: INFO: completed definitions of alternative boot environment: \n"
        "current-boot-device=/pci@1f,4000/scsi@3/disk@0,0:a /pci@1f,4000/scsi@3/disk@1,0:a\n"
        "alternative-boot-device=/pci@1f,4000/scsi@3/disk@2,0:a /pci@1f,4000/scsi@3/disk@3,0:a\n"
    )


def test_root_rewrites_the_proxys_two_files_and_nothing_of_the_running_system(ready):
    before = ready.volume("root").data
    ready.done("sdxproxy Root -c System -p Proxy1,Proxy2")
    vfstab = ready.volume("Proot").data.files["/etc/vfstab"]
    assert (vfstab.group, vfstab.owner) == ("root", "root")
    for name in ALL_PROXIES.split(","):
        assert f"/dev/sfdsk/System/dsk/{name}\t" in vfstab.text
    assert "/dsk/root\t" not in vfstab.text
    assert "Proot" in ready.volume("Proot").data.files["/etc/system"].text
    assert ready.volume("root").data == before
    assert before.files["/etc/vfstab"].group == "sys"


def test_root_of_one_group_leaves_the_other_groups_volumes_in_the_files(ready):
    ready.done("sdxproxy Root -c System -p Proxy1")
    text = ready.volume("Proot").data.files["/etc/vfstab"].text
    assert "/dsk/Pusr\t" in text
    assert "/dsk/var\t" in text


def test_root_boot_sets_the_boot_device(ready):
    said = ready.done("sdxproxy Root -c System -p Proxy1,Proxy2 -e boot")
    new = "/pci@1f,4000/scsi@3/disk@2,0:a /pci@1f,4000/scsi@3/disk@3,0:a"
    assert f"new-boot-device={new}\n" in said
    assert ready.lab.nodes["node1"].nvram["boot-device"] == new


def test_root_of_the_masters_names_their_own_disks(ready):
    ready.done("sdxproxy Root -c System -p Proxy1,Proxy2")
    ready.done("shutdown -y -g0 -i0")
    ready.done("boot /pci@1f,4000/scsi@3/disk@2,0:a")
    said = ready.done("sdxproxy Root -c System -m Group1,Group2")
    assert said.endswith(
        "current-boot-device=/pci@1f,4000/scsi@3/disk@2,0:a /pci@1f,4000/scsi@3/disk@3,0:a\n"
        "alternative-boot-device=/pci@1f,4000/scsi@3/disk@0,0:a /pci@1f,4000/scsi@3/disk@1,0:a\n"
    )


def test_root_never_writes_into_the_running_environment(ready):
    ready.refused("sdxproxy Root -c System -m Group1,Group2", "object.in_use", object="root")
    ready.done("sdxproxy Root -c System -p Proxy1,Proxy2")
    ready.done("shutdown -y -g0 -i0")
    ready.done("boot /pci@1f,4000/scsi@3/disk@2,0:a")
    ready.refused("sdxproxy Root -c System -p Proxy1,Proxy2", "object.in_use", object="Proot")


def test_root_names_one_environment(ready):
    ready.refused("sdxproxy Root -c System -p Proot", "proxy.in_group", object="Proot")
    ready.refused("sdxproxy Root -c System -m Proxy1", "proxy.is", object="Proxy1")
    ready.refused("sdxproxy Root -c System -m Proot", "proxy.is", object="Proot")
    ready.refused("sdxproxy Root -c System -m Group1 -p Proxy1", "proxy.roots", object="Proot")


def test_root_is_refused_where_it_cannot_work(trial):
    trial.refused("sdxproxy Root -c System -p Proxy1", "proxy.not_parted", object="Proxy1")
    trial.refused("sdxproxy Root -c System -p Group1", "proxy.not", object="Group1")
    trial.done("sdxproxy Part -c System -p Proxy1,Proxy2")
    trial.refused("sdxproxy Root -c System -p Proxy2", "proxy.no_root", object="Proxy2")
    trial.refused("sdxproxy Root -c System -p Proxy1", "volume.read_only", object="Proot")
    rest(trial)
    trial.refused("sdxproxy Root -c System -p Proxy1", "volume.not_active", object="Proot")
