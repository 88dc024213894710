"""Mirroring the system disk with the product's own commands: from plain slices to volumes, and back."""

import pytest
from conftest import MINUTE, Trial

from sdxsim.lab.scenarios import load

REGISTER = (
    "sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2:undef,c0t4d0=Var1:keep,c0t5d0=Var2:undef"
)
GROUP1 = "sdxdisk -C -c System -g Group1 -d Root1,Root2 -v 0=root:on,6=usr:on,7=home:on"
GROUP2 = "sdxdisk -C -c System -g Group2 -d Var1,Var2 -v 1=swap:off,3=var:on,4=opt:on"
SDXROOT = "sdxroot -M -c System -d Root1,Var1"
REBOOT = "shutdown -y -g0 -i6"


@pytest.fixture
def bare():
    return Trial(load("bare"))


@pytest.fixture
def connected(bare):
    for line in (REGISTER, GROUP1, GROUP2):
        bare.done(line)
    return bare


@pytest.fixture
def mirrored(connected):
    for line in (SDXROOT, REBOOT):
        connected.done(line)
    connected.finish()
    return connected


def mounted(trial):
    return {m.point: m.special for m in trial.lab.nodes["node1"].mounts}


def test_from_bare_disks_with_product_commands_and_a_reboot_to_the_start_of_the_page(mirrored):
    mirrored.done("sdxdisk -M -c System -d c0t2d0=Proot1,c0t3d0=Proot2,c0t8d0=Pvar1,c0t9d0=Pvar2")
    mirrored.done("sdxdisk -C -c System -g Proxy1 -d Proot1,Proot2")
    mirrored.done("sdxdisk -C -c System -g Proxy2 -d Pvar1,Pvar2")
    mirrored.done("sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Proot:on,usr=Pusr:on,home=Phome:on")
    mirrored.done("sdxproxy Join -c System -m Group2 -p Proxy2 -a swap=Pswap:off,var=Pvar:on,opt=Popt:on")
    mirrored.finish()
    page = Trial(load("backing-up"))
    assert mirrored.done("sdxinfo -A -e long") == page.done("sdxinfo -A -e long")
    assert mounted(mirrored) == mounted(page)
    files = [t.volume("root").data.files for t in (mirrored, page)]
    assert files[0]["/etc/vfstab"].text == files[1]["/etc/vfstab"].text
    assert files[0]["/etc/system"].text == files[1]["/etc/system"].text
    mirrored.done("sdxproxy Part -c System -p Proxy1,Proxy2")


def test_scenario_mirrored_is_what_the_first_step_leads_to(mirrored):
    for line in ("sdxinfo -A -e long", "eeprom"):
        assert mirrored.done(line) == Trial(load("mirrored")).done(line)


def test_the_nvram_follows_the_mirror_but_not_what_somebody_else_has_entered():
    trial = Trial(load("mirrored"))
    before = trial.done("eeprom")
    trial.done("sdxdisk -D -c System -g Group1 -d Root1")
    assert "boot-device=/pci@1f,4000/scsi@3/disk@1,0:a\n" in trial.done("eeprom boot-device")
    assert "sdx-root-slice-1 /devices/pci@1f,4000/scsi@3/sd@1,0:a,raw" in trial.done("eeprom nvramrc")
    assert "sd@0,0" not in trial.done("eeprom nvramrc")
    trial.done("eeprom boot-device=disk1")
    trial.done("sdxdisk -C -c System -g Group1 -d Root1")
    assert trial.done("eeprom boot-device") == "boot-device=disk1\n"
    assert "sdx-usr-slice-2 /devices/pci@1f,4000/scsi@3/sd@0,0:g,raw" in trial.done("eeprom nvramrc")
    trial = Trial(load("mirrored"))
    trial.done("eeprom nvramrc=")
    trial.done("sdxdisk -D -c System -g Group1 -d Root2")
    assert trial.done("eeprom nvramrc") == "nvramrc: data not available.\n"
    assert trial.done("eeprom boot-device") in before


def test_the_disk_that_holds_the_system_is_booted_first_whatever_the_order_of_connection(bare):
    for line in (REGISTER, GROUP1.replace("Root1,Root2", "Root2,Root1"), GROUP2, SDXROOT, REBOOT):
        bare.done(line)
    first, second = (f"/pci@1f,4000/scsi@3/disk@{target},0:a" for target in (0, 1))
    assert bare.done("eeprom boot-device") == f"boot-device={first} {second}\n"
    assert mounted(bare)["/"] == "/dev/sfdsk/System/dsk/root"
    assert bare.statuses("root") == ["COPY", "ACTIVE"]


def test_the_system_runs_on_its_plain_slices_until_the_reboot_and_nothing_is_copied(connected):
    assert mounted(connected)["/"] == "/dev/dsk/c0t0d0s0"
    connected.done(SDXROOT)
    assert mounted(connected)["/"] == "/dev/dsk/c0t0d0s0"
    assert not connected.lab.copies
    connected.done(REBOOT)
    assert mounted(connected)["/"] == "/dev/sfdsk/System/dsk/root"
    assert connected.statuses("home") == ["ACTIVE", "COPY"]
    connected.advance(24 * 60 * MINUTE)
    assert connected.statuses("home") == ["ACTIVE", "ACTIVE"]


def test_without_sdxroot_a_reboot_comes_back_on_the_plain_slices(connected):
    connected.done(REBOOT)
    assert mounted(connected)["/"] == "/dev/dsk/c0t0d0s0"
    assert not connected.lab.copies


_SLICE = "/devices/pci@1f,4000/scsi@3/sd@{},0:{},raw"
SIX_ALIASES = "".join(
    f"devalias sdx-{name}-slice-{n} {_SLICE.format(target, letter)}\n"
    for name, letter, targets in (("root", "a", (0, 1)), ("usr", "g", (0, 1)), ("var", "d", (4, 5)))
    for n, target in enumerate(targets, 1)
)  # as guide 6.3.3 shows them


def test_sdxroot_rewrites_both_files_and_the_nvram(connected):
    said = connected.done(SDXROOT)
    paths = "/pci@1f,4000/scsi@3/disk@0,0:a /pci@1f,4000/scsi@3/disk@1,0:a"
    assert said == (
        "SDX:sdxroot: INFO: completed definitions of root file system mirroring:\n"
        f"boot-device={paths}\n"
    )  # fmt: skip
    files = connected.volume("root").data.files
    assert "/dev/sfdsk/System/rdsk/var\t/var\t" in files["/etc/vfstab"].text
    assert "/dev/dsk/c0t" not in files["/etc/vfstab"].text
    assert "rootdev:/pseudo/sfdsk@0:System,root,blk" in files["/etc/system"].text
    nvram = connected.lab.nodes["node1"].nvram
    assert nvram["boot-device"] == paths
    assert nvram["use-nvramrc?"] == "true"
    assert nvram["nvramrc"] == SIX_ALIASES


def test_eeprom_and_the_ok_prompt_show_what_sdxroot_wrote(connected):
    connected.done(SDXROOT)
    shown = connected.done("eeprom nvramrc").splitlines()
    assert [line for line in shown if "sdx-root-slice" in line] == [  # guide 6.3.3: eeprom nvramrc | grep
        "devalias sdx-root-slice-1 /devices/pci@1f,4000/scsi@3/sd@0,0:a,raw",
        "devalias sdx-root-slice-2 /devices/pci@1f,4000/scsi@3/sd@1,0:a,raw",
    ]
    assert connected.done("eeprom use-nvramrc?") == "use-nvramrc?=true\n"
    connected.done("init 0")
    assert "sdx-usr-slice-1          /devices/pci@1f,4000/scsi@3/sd@0,0:g,raw\n" in connected.done("devalias")
    assert "Boot device: /pci@1f,4000/scsi@3/disk@1,0:a  " in connected.done("boot sdx-root-slice-2")
    assert mounted(connected)["/"] == "/dev/sfdsk/System/dsk/root"
    connected.done("eeprom nvramrc=")
    connected.done("init 0")
    assert connected.tried("boot sdx-root-slice-2").status == 1


def test_commands_of_somebody_else_in_nvramrc_keep_it_off_with_a_warning(connected):
    node = connected.lab.nodes["node1"]
    own = {**node.nvram, "nvramrc": "devalias backup /x\n", "use-nvramrc?": "false"}
    connected.lab = connected.lab._replace(nodes={"node1": node._replace(nvram=own)})
    outcome = connected.tried(SDXROOT)
    assert outcome.status == 0
    assert outcome.stderr == ("SDX:sdxroot: WARNING: cannot set use-nvramrc? parameter to true, NVRAMRC not empty\n")
    nvram = connected.lab.nodes["node1"].nvram
    assert nvram["use-nvramrc?"] == "false"
    assert nvram["nvramrc"].startswith("devalias backup /x\n")


def test_unmirroring_leads_back_to_plain_slices(mirrored):
    mirrored.refused("sdxroot -R -c System -d Root1,Var1", "root.mirrored", object="Root2")
    for line in ("sdxdisk -D -c System -g Group1 -d Root2", "sdxdisk -D -c System -g Group2 -d Var2"):
        mirrored.done(line)
    assert "root file system unmirroring" in mirrored.done("sdxroot -R -c System -d Root1,Var1")
    assert mounted(mirrored)["/"] == "/dev/sfdsk/System/dsk/root"
    mirrored.done(REBOOT)
    assert mounted(mirrored) == mounted(Trial(load("bare")))
    nvram = mirrored.lab.nodes["node1"].nvram
    assert nvram["boot-device"] == "/pci@1f,4000/scsi@3/disk@0,0:a" and "nvramrc" not in nvram
    mirrored.done("sdxvolume -F -c System -v root,swap,var,usr,home,opt")
    mirrored.done(REBOOT)  # stopped or not, the system does not stand on volumes any more
    assert mounted(mirrored) == mounted(Trial(load("bare")))


@pytest.mark.parametrize(
    ("line", "note", "fields"),
    [
        ("sdxroot -M -c System -d Root9", "object.unknown", {"object": "Root9"}),
        ("sdxroot -M -c System -d Root1,Root2,Var1", "root.not_keep", {"object": "Root2"}),
        ("sdxroot -M -c System -d Root1", "root.missing", {"point": "/var"}),
        ("sdxroot -M -c System -d Var1", "root.missing", {"point": "/"}),
        ("sdxroot -R -c System -d Root1,Var1", "root.mirrored", {"object": "Root2"}),
    ],
)
def test_sdxroot_refuses(connected, line, note, fields):
    connected.refused(line, note, **fields)


def test_sdxroot_wants_groups_a_root_class_and_no_copying(bare):
    bare.done(REGISTER)
    bare.refused(SDXROOT, "root.no_group", object="Root1")
    bare.done("sdxdisk -M -c Class1 -a type=local -d c1t1d0=Disk1")
    bare.refused("sdxroot -M -c Class1 -d Disk1", "class.not_root", **{"class": "Class1"})


def test_sdxroot_waits_for_copies(connected):
    connected.done(SDXROOT)
    connected.done(REBOOT)
    connected.refused(SDXROOT, "object.copying", object="root")
    connected.finish()
    connected.done(SDXROOT)  # once more, and nothing but the date of the files is different
    assert mounted(connected)["/"] == "/dev/sfdsk/System/dsk/root"
