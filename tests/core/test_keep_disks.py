"""Keep disks: plain slices become volumes, with their content, and the procedures lead to the page's start."""

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import find_volume, with_node
from sdxsim.model.records import Mount, PlainSlice
from sdxsim.rules import keep, reboot

CYLINDER = 3_591
DISK = 17_682_084
SLICES = {  # as the scenario's volumes lie on their keep disks
    "c0t0d0": {"0": "root", "6": "usr", "7": "home"},
    "c0t4d0": {"1": "swap", "3": "var", "4": "opt"},
}
REGISTER = (
    "sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2:undef,c0t4d0=Var1:keep,"
    "c0t5d0=Var2:undef,c0t2d0=Proot1:undef,c0t3d0=Proot2:undef,c0t8d0=Pvar1:undef,c0t9d0=Pvar2:undef"
)
CONNECT = "sdxdisk -C -c System -g Group1 -d Root1,Root2 -v 0=root:on,6=usr:on,7=home:on"


def bare(mounted=()):
    """backing-up's disks as before GDS: the same slices with the same content, `mounted` {slice: point}."""
    lab = load("backing-up")
    devices = {}
    for name, device in lab.devices.items():
        slices = {"2": PlainSlice(0, DISK, "backup")} if name in SLICES else {}
        for number, volume in SLICES.get(name, {}).items():
            v = find_volume(lab, "System", volume)
            slices[number] = PlainSlice(v.first, v.blocks, "unassigned", v.data, v.wear)
        devices[name] = device._replace(slices=slices, label="")
    mounts = tuple(Mount(f"/dev/dsk/{special}", point) for special, point in dict(mounted).items())
    node = lab.nodes["node1"]._replace(mounts=mounts)
    return Trial(with_node(lab._replace(classes={}, devices=devices), node))


@pytest.fixture
def trial():
    return bare()


def device(trial, name="c0t0d0"):
    return trial.lab.devices[name]


def with_slices(trial, slices, name="c0t0d0"):
    """The trial with these slices on a device."""
    changed = device(trial, name)._replace(slices=slices)
    trial.lab = trial.lab._replace(devices={**trial.lab.devices, name: changed})


def test_from_bare_disks_to_the_start_of_the_page(trial):
    """What P02 of the sources reconstructs ends in the scenario that 6.4.6 begins with."""
    trial.done(REGISTER)
    trial.done(CONNECT)
    trial.done("sdxdisk -C -c System -g Group2 -d Var1,Var2 -v 1=swap:off,3=var:on,4=opt:on")
    trial.finish()
    trial.done("sdxdisk -C -c System -g Proxy1 -d Proot1,Proot2")
    trial.done("sdxdisk -C -c System -g Proxy2 -d Pvar1,Pvar2")
    trial.done("sdxproxy Join -c System -m Group1 -p Proxy1 -a root=Proot:on,usr=Pusr:on,home=Phome:on -e waitsync")
    trial.done("sdxproxy Join -c System -m Group2 -p Proxy2 -a swap=Pswap:off,var=Pvar:on,opt=Popt:on -e waitsync")
    page = load("backing-up")
    assert trial.done("sdxinfo -A -e long") == Trial(page).done("sdxinfo -A -e long")
    assert trial.lab.classes == page.classes
    assert trial.lab.devices == page.devices


def test_a_keep_disk_keeps_its_slices_and_gets_a_private_one_behind_the_last(trial):
    before = device(trial).slices
    out = trial.done("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2")
    assert out == (
        "SDX:sdxdisk: INFO: System: created class\n"
        "SDX:sdxdisk: INFO: Root1: created disk\n"
        "SDX:sdxdisk: INFO: Root2: created disk\n"
        "SDX:sdxdisk: INFO: c0t1d0: disabled access to physical special files\n"
        "        /dev/rdsk/c0t1d0s*\n"
        "        /dev/dsk/c0t1d0s*\n"
    )
    after = device(trial)
    assert after.label == "System/Root1"
    assert {n: p for n, p in after.slices.items() if n != "5"} == before
    assert after.slices["5"] == PlainSlice(4_672 * CYLINDER, 6 * CYLINDER, "private")
    assert trial.lab.classes["System"].private == 6 * CYLINDER <= 22_528
    trial.done("sdxdisk -R -c System -d Root1")
    assert device(trial).slices == before
    assert device(trial).label == ""


def test_slices_become_running_volumes_with_area_content_and_number(trial):
    trial.done("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2")
    home = device(trial).slices["7"]
    out = trial.done(CONNECT)
    assert out.startswith(
        "SDX:sdxdisk: INFO: Group1: created group\n"
        "SDX:sdxdisk: INFO: Root1: connected disk to group Group1\n"
        "SDX:sdxdisk: INFO: Root2: connected disk to group Group1\n"
        "SDX:sdxdisk: INFO: root: created volume\n"
        "SDX:sdxdisk: INFO: usr: created volume\n"
        "SDX:sdxdisk: INFO: home: created volume\n"
        "SDX:sdxdisk: INFO: root: started volume on node node1\n"
    )
    volume = trial.volume("home")
    assert (volume.first, volume.blocks, volume.number, volume.pslice) == (home.first, home.blocks, 7, True)
    assert (volume.data, volume.wear, volume.jrm) == (home.data, home.wear, True)
    assert trial.statuses("home") == ["ACTIVE", "COPY"]
    assert device(trial).slices == {}
    trial.finish()
    assert trial.statuses("home") == ["ACTIVE", "ACTIVE"]
    trial.refused("sdxdisk -D -c System -g Group1 -d Root2 -x", "usage.option", option="-x")
    trial.done("sdxdisk -D -c System -g Group1 -d Root2")
    assert trial.statuses("home") == ["ACTIVE"]


SYSTEM = {"c0t0d0s0": "/", "c0t0d0s6": "/usr", "c0t0d0s7": "/home"}


def test_what_the_system_runs_from_is_mirrored_from_the_next_boot_on():
    trial = bare(SYSTEM)
    trial.refused(
        "sdxdisk -M -c System -a type=root -d c0t0d0=Root1", "device.busy", device="c0t0d0", pslice="c0t0d0s0"
    )
    trial.done("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2")
    trial.done(CONNECT)
    assert trial.statuses("root") == ["ACTIVE", "INVALID"]
    trial.refused("sdxdisk -D -c System -g Group1 -d Root1", "object.only_valid", object="root")
    lab = reboot.halt(trial.lab, "node1", trial.now)
    trial.lab = reboot.come_up(lab, "node1", "multi-user", "x:a", (), trial.now)
    assert trial.statuses("root") == ["ACTIVE", "COPY"]
    trial.finish()
    assert trial.statuses("root") == ["ACTIVE", "ACTIVE"]


def test_a_disk_that_is_no_system_disk_has_its_slices_closed():
    trial = bare({"c0t4d0s4": "/opt"})
    trial.refused(
        "sdxdisk -M -c System -a type=root -d c0t4d0=Var1:keep", "device.busy", device="c0t4d0", pslice="c0t4d0s4"
    )
    trial = bare({"c0t4d0s1": "-", "c0t4d0s4": "/opt"})
    trial.refused(
        "sdxdisk -M -c System -a type=root -d c0t4d0=Var1", "device.busy", device="c0t4d0", pslice="c0t4d0s1"
    )
    trial.done("sdxdisk -M -c System -a type=root -d c0t4d0=Var1:keep")


def test_the_private_slice_goes_into_a_gap_or_is_cut_from_swap(trial):
    whole = {"0": PlainSlice(0, 100 * CYLINDER, "root"), "7": PlainSlice(106 * CYLINDER, DISK - 106 * CYLINDER)}
    assert keep.room(device(trial)._replace(slices=whole), 6 * CYLINDER) == (100 * CYLINDER, None)
    full = {"0": PlainSlice(0, 100 * CYLINDER, "root"), "1": PlainSlice(100 * CYLINDER, DISK - 100 * CYLINDER, "swap")}
    with_slices(trial, full)
    trial.done("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep")
    slices = device(trial).slices
    assert slices["1"].blocks == DISK - 106 * CYLINDER
    assert slices["7"] == PlainSlice(DISK - 6 * CYLINDER, 6 * CYLINDER, "private")
    assert keep.room(device(trial)._replace(slices={**full, "1": full["1"]._replace(tag="home")}), CYLINDER) is None


KEEP = "sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep"


def test_keep_disks_are_refused_without_slices_numbers_or_room(trial):
    trial.refused(KEEP.replace("c0t0d0", "c0t1d0"), "device.no_slice", object="c0t1d0")
    seven = {n: PlainSlice(i * CYLINDER, CYLINDER) for i, n in enumerate("0134567")}
    with_slices(trial, seven)
    trial.refused(KEEP, "device.no_number", object="c0t0d0")
    with_slices(trial, {"0": PlainSlice(0, 10), "1": PlainSlice(9, 10)})
    trial.refused(KEEP, "device.overlapping", device="c0t0d0")
    with_slices(trial, {"0": PlainSlice(0, DISK - 5 * CYLINDER)})
    trial.refused(KEEP, "join.small", object="c0t0d0")
    with_slices(trial, {n: p for n, p in seven.items() if n != "7"})
    trial.done(KEEP)  # six slices and the private one are seven


def test_keep_disks_are_for_root_classes(trial):
    trial.refused("sdxdisk -M -c C -d c0t0d0=D:keep", "class.only_root", object="D")


# fmt: off
@pytest.mark.parametrize(("line", "note", "fields"), [
    ("-g G -d Root1 -v 0=a:on,6=b:on",                  "slice.not_named",  {"pslice": "c0t0d0s7"}),
    ("-g G -d Root1",                                   "slice.not_named",  {"pslice": "c0t0d0s0"}),
    ("-g G -d Root1 -v 0=a:on,6=b:on,7=c:on,1=d:on",    "slice.unknown",    {"pslice": "c0t0d0s1"}),
    ("-g G -d Root1 -v 0=a:on,6=b:on,7=c:on,2=d:on",    "slice.unknown",    {"pslice": "c0t0d0s2"}),
    ("-g G -d Root1 -v 0=a:on,6=b:on,7=c:on,5=d:on",    "slice.unknown",    {"pslice": "c0t0d0s5"}),
    ("-g G -d Root1 -v 0=a:on,6=b:on,7=c:on,7=d:on",    "device.named_twice", {"object": "c"}),
    ("-g G -d Root1 -v 0=a:on,6=a:on,7=c:on",           "object.taken",     {"object": "a"}),
    ("-g G -d Root1 -v 0=G:on,6=a:on,7=c:on",           "object.taken",     {"object": "G"}),
    ("-g G -d Root1 -v 0=Root2:on,6=a:on,7=c:on",       "object.taken",     {"object": "Root2"}),
    ("-g G -d Root2 -v 0=a:on",                         "slice.not_keep",   {"object": "G"}),
    ("-g G -d Root1,Var1 -v 0=a:on",                    "disk.only_one",    {"object": "Var1"}),
    ("-g G -d Root1 -a type=stripe -v 0=a:on",          "class.not_in_root", {"object": "G"}),
    ("-g G -d Root1 -v 8=a:on",                         "attribute.value",  {"attribute": "num", "value": "8"}),
    ("-g G -d Root1 -v 0=a:yes",                        "attribute.value",  {"attribute": "jrm", "value": "yes"}),
])
# fmt: on
def test_connecting_a_keep_disk_is_refused(trial, line, note, fields):
    trial.done(REGISTER)
    trial.refused("sdxdisk -C -c System " + line, note, **fields)


def test_a_keep_disk_joins_no_group_that_exists(trial):
    trial.done(REGISTER)
    trial.done("sdxdisk -C -c System -g Group1 -d Root2")
    trial.refused("sdxdisk -C -c System -g Group1 -d Root1 -v 0=a:on", "disk.only_new", object="Root1")


def test_a_mirror_disk_holds_all_slices_of_the_keep_disk(trial):
    small = device(trial, "c0t1d0")._replace(blocks=4_678 * CYLINDER)
    trial.lab = trial.lab._replace(devices={**trial.lab.devices, "c0t1d0": small})
    trial.done(REGISTER)
    trial.done(CONNECT)  # 4,672 cylinders of slices and 6 of the private one
    trial = bare()
    trial.lab = trial.lab._replace(devices={**trial.lab.devices, "c0t1d0": small._replace(blocks=4_678 * CYLINDER - 1)})
    trial.done(REGISTER)
    trial.refused(CONNECT, "device.small", object="Root2")


def test_a_seventh_volume_is_one_too_many(trial):
    trial.done(REGISTER)
    seven = {n: PlainSlice(i * CYLINDER, CYLINDER) for i, n in enumerate("0134567")}
    with_slices(trial, seven)
    names = ",".join(f"{n}=v{n}:on" for n in seven)
    trial.refused(f"sdxdisk -C -c System -g G -d Root1 -v {names}", "volume.slices", object="v7", group="G")


def test_removed_volumes_leave_their_slices_behind(trial):
    """What sdxvolume -R is to do with a volume of a keep disk."""
    trial.done("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep")
    before = device(trial).slices
    trial.done("sdxdisk -C -c System -g Group1 -d Root1 -v 0=root:on,6=usr:on,7=home:on")
    for volume in list(trial.lab.classes["System"].volumes.values()):
        trial.lab = keep.turned_back(trial.lab, "System", volume)
    klass = trial.lab.classes["System"]._replace(volumes={})
    trial.lab = trial.lab._replace(classes={"System": klass})
    trial.done("sdxgroup -R -c System -g Group1")
    assert trial.lab.classes["System"].disks["Root1"].type == "keep"
    assert device(trial).slices == {n: p for n, p in before.items() if n != "2"}
    assert trial.done("sdxdisk -R -c System -d Root1") == (
        "SDX:sdxdisk: INFO: Root1: removed disk\nSDX:sdxdisk: INFO: System: removed class\n"
    )
    assert device(trial).slices == {n: p for n, p in before.items() if n not in "25"}


def test_one_root_class_a_node_and_nothing_but_mirrors_in_it(trial):
    trial.done(REGISTER)
    trial.refused("sdxdisk -M -c Second -a type=root -d c0t0d0=X", "class.root_exists", **{"class": "System"})
    trial.refused(
        "sdxdisk -C -c System -g G -d Root2,Var2 -a type=concat", "class.not_in_root", object="G"
    )
    trial.done("sdxdisk -C -c System -g G -d Root2")
    trial.refused("sdxgroup -C -c System -h H -l G", "class.not_in_root", object="H")
