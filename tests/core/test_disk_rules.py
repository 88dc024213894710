"""sdxdisk: registering, connecting, disconnecting, removing; limits, and what each refusal says."""

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.records import Device, Node, Slice
from sdxsim.model.sizes import LARGE_DISK, PRIVATE_BLOCKS, group_blocks, group_unit, private_blocks
from sdxsim.model.status import CONCAT, MIRROR, ROOT, STRIPE

UNIT = 32_768
WHOLE = 17_661_952  # of the scenario's disks, in units


def table(text):
    return [line.split() for line in text.splitlines()[2:]]


@pytest.fixture
def trial():
    """The scenario with a local class; its Group1 without a proxy, and one of its disks more."""
    made = Trial(load("data"))
    made.done("sdxproxy Break -c Class1 -p Copy1")
    return made


@pytest.fixture
def many(trial):
    """Seventy devices more, c9t0d0 and on."""
    devices = {f"c9t{t}d0": Device(f"c9t{t}d0", f"/x@{t}", 17_682_084, 3_591) for t in range(70)}
    trial.lab = trial.lab._replace(devices={**trial.lab.devices, **devices})
    return trial


def klass(trial, name="Class1"):
    return trial.lab.classes[name]


def changed_disk(trial, name, **fields):
    it = klass(trial)
    disks = {**it.disks, name: it.disks[name]._replace(**fields)}
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": it._replace(disks=disks)})


def changed_volume(trial, name, **fields):
    it = klass(trial)
    volumes = {**it.volumes, name: it.volumes[name]._replace(**fields)}
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": it._replace(volumes=volumes)})


# -- -M ---------------------------------------------------------------------------------------------------------


def test_a_class_is_made_with_its_first_disks(trial):
    out = trial.done("sdxdisk -M -c Class2 -a type=local -d c3t1d0=Disk1,c4t1d0=Disk2:single,c3t2d0=Sp:spare")
    assert out == (
        "SDX:sdxdisk: INFO: Class2: created class\n"
        + "".join(
            f"SDX:sdxdisk: INFO: {disk}: created disk\n"
            f"SDX:sdxdisk: INFO: {device}: disabled access to physical special files\n"
            f"        /dev/rdsk/{device}s*\n"
            f"        /dev/dsk/{device}s*\n"
            for device, disk in (("c3t1d0", "Disk1"), ("c4t1d0", "Disk2"), ("c3t2d0", "Sp"))
        )
    )
    assert [(row[1], row[2], row[5], row[-1]) for row in table(trial.done("sdxinfo -D -c Class2"))] == [
        ("Disk1", "undef", "c3t1d0", "ENABLE"),
        ("Disk2", "single", "c4t1d0", "ENABLE"),
        ("Sp", "spare", "c3t2d0", "ENABLE"),
    ]
    assert table(trial.done("sdxinfo -C -c Class2")) == [["class", "Class2", "local", "(local)", "1"]]
    assert trial.lab.devices["c3t1d0"].label == "Class2/Disk1"


def test_an_existing_class_gets_more_disks_and_keeps_what_it_is(trial):
    out = trial.done("sdxdisk -M -c Class1 -a type=local -d c3t1d0=Disk8")
    assert "created class" not in out
    trial.refused(
        "sdxdisk -M -c Class1 -a type=shared -d c3t2d0=Disk9", "attribute.value", attribute="type", value="shared"
    )
    trial.refused("sdxdisk -M -c Class1 -a hs=off -d c3t2d0=Disk9", "attribute.value", attribute="hs", value="off")
    trial.done("sdxdisk -M -c Class1 -a hs=on,hsmode=exbox -d c3t2d0=Disk9")


def test_attributes_of_a_new_class(trial):
    trial.done("sdxdisk -M -c Class2 -a hs=off,hsmode=bybox,iotimeout=on:30:off -d c3t1d0=Disk1")
    assert trial.done("sdxinfo -I -c Class2").splitlines()[2] == "Class2   on    30  off"
    assert (klass(trial, "Class2").hs, klass(trial, "Class2").hsmode) == (False, "bybox")


def test_the_default_type_is_local(trial):
    trial.done("sdxdisk -M -c Class2 -d c3t1d0=Disk1")
    assert klass(trial, "Class2").type == "local"


# fmt: off
@pytest.mark.parametrize(("words", "note", "fields"), [
    ("-c Class1 -d c9t9d9=D",                    "device.unknown",    {"device": "c9t9d9"}),
    ("-c Class1 -d c1t1d0=D",                    "device.registered", {"device": "c1t1d0", "class": "Class1"}),
    ("-c Class1 -d c0t0d0=D",                    "device.registered", {"device": "c0t0d0", "class": "System"}),
    ("-c Class1 -d c3t1d0=Disk1",                "object.taken",      {"object": "Disk1"}),
    ("-c Class1 -d c3t1d0=Group1",               "object.taken",      {"object": "Group1"}),
    ("-c Class1 -d c3t1d0=Volume1",              "object.taken",      {"object": "Volume1"}),
    ("-c Class1 -d c3t1d0=D,c3t2d0=D",           "object.taken",      {"object": "D"}),
    ("-c Class1 -d c3t1d0=D,c3t1d0=E",           "device.named_twice", {"object": "c3t1d0"}),
    ("-c Class1 -d c3t1d0=D,c9t9d9=E",           "device.unknown",    {"device": "c9t9d9"}),
    ("-c Class1 -d c3t1d0=D:keep",               "class.only_root",   {"object": "D"}),
    ("-c System -d c3t1d0=D:single",             "class.not_in_root", {"object": "D"}),
    ("-c Class2 -a type=root -d c3t1d0=D",       "class.root_exists", {"class": "System"}),
    ("-c Class2 -a type=shared -d c3t1d0=D",     "class.no_shared",   {"class": "Class2"}),
    ("-c Class2 -a scope=node1 -d c3t1d0=D",     "class.not_shared",  {"class": "Class2"}),
    ("-c Class1 -d c3t1d0=D:mirror",             "attribute.value",   {"attribute": "type", "value": "mirror"}),
    ("-c Class2 -a type=big -d c3t1d0=D",        "attribute.value",   {"attribute": "type", "value": "big"}),
    ("-c Class2 -a width=32 -d c3t1d0=D",        "attribute.name",    {"attribute": "width"}),
    ("-c Class2 -a iotimeout=on:0 -d c3t1d0=D",  "attribute.value",   {"attribute": "iotimeout", "value": "on:0"}),
])
# fmt: on
def test_registering_is_refused(trial, words, note, fields):
    trial.refused(f"sdxdisk -M {words}", note, **fields)


def test_names_of_32_characters_and_of_28_for_single_disks(trial):
    trial.done(f"sdxdisk -M -c {'c' * 32} -d c3t1d0={'d' * 32},c3t2d0={'s' * 28}:single")
    trial.refused(f"sdxdisk -M -c {'c' * 33} -d c3t3d0=D", "name.long", string="c" * 33)
    trial.refused(f"sdxdisk -M -c {'c' * 32} -d c3t3d0={'d' * 33}", "name.long", string="d" * 33)
    trial.refused(f"sdxdisk -M -c {'c' * 32} -d c3t3d0={'s' * 29}:single", "name.long", string="s" * 29)


def test_a_disk_that_does_not_answer_is_refused(trial):
    devices = trial.lab.devices
    trial.lab = trial.lab._replace(devices={**devices, "c3t1d0": devices["c3t1d0"]._replace(present=False)})
    trial.refused("sdxdisk -M -c Class1 -d c3t1d0=D", "device.absent", device="c3t1d0")


@pytest.mark.parametrize(("blocks", "fits"), [(65_536 + UNIT, True), (65_536 + UNIT - 1, False)])
def test_a_disk_holds_its_private_slice_and_the_smallest_volume(trial, blocks, fits):
    devices = trial.lab.devices
    trial.lab = trial.lab._replace(devices={**devices, "c3t1d0": devices["c3t1d0"]._replace(blocks=blocks)})
    if fits:
        trial.done("sdxdisk -M -c Class1 -d c3t1d0=D")
    else:
        trial.refused("sdxdisk -M -c Class1 -d c3t1d0=D", "device.small", object="c3t1d0")


def test_chkps_looks_for_a_private_slice(trial):
    devices = trial.lab.devices
    left = devices["c3t1d0"]._replace(label="Old/Disk1")
    trial.lab = trial.lab._replace(devices={**devices, "c3t1d0": left})
    line = "sdxdisk -M -c Class1 -d c3t1d0=D"
    trial.refused(line + " -e chkps", "device.managed", device="c3t1d0", **{"class": "Old"})
    trial.done(line)
    assert trial.lab.devices["c3t1d0"].label == "Class1/D"
    trial.done("sdxdisk -M -c Class1 -d c3t2d0=E -e chkps")


def test_a_spare_too_small_for_a_group_is_warned_of(trial):
    devices = trial.lab.devices
    small = devices["c3t1d0"]._replace(blocks=8_454_143)
    trial.lab = trial.lab._replace(devices={**devices, "c3t1d0": small})
    outcome = trial.tried("sdxdisk -M -c Class1 -d c3t1d0=Spare2:spare")
    assert outcome.status == 0
    assert outcome.stderr == (
        "SDX:sdxdisk: WARNING: spare disk Spare2 too small for Group1\n"
        "SDX:sdxdisk: WARNING: spare disk Spare2 too small for Group2\n"
    )
    assert [row[-1] for row in table(trial.done("sdxinfo -G -c Class1"))] == ["1", "1"]
    assert table(trial.done("sdxinfo -C -c Class1"))[0][-1] == "2"


def test_a_class_of_two_nodes(trial):
    trial.lab = trial.lab._replace(nodes={**trial.lab.nodes, "node2": Node("node2")})
    line = "sdxdisk -M -c Class2 -d c3t1d0=D -a type=shared"
    trial.refused(line + ",scope=node1:node3", "node.unknown", node="node3")
    trial.refused(line + ",scope=node2", "scope.elsewhere")
    for scope in ("node1", "node1:node2:node1"):
        trial.refused(line + f",scope={scope}", "attribute.value", attribute="scope", value=scope)
    trial.done(line + ",scope=node1:node2")
    assert table(trial.done("sdxinfo -C -c Class2")) == [["class", "Class2", "shared", "node1:node2", "0"]]
    other = klass(trial)._replace(scope=("node2",))
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class1": other})
    trial.refused("sdxdisk -M -c Class1 -d c3t2d0=D", "class.taken", **{"class": "Class1"})


# -- -R ---------------------------------------------------------------------------------------------------------


def test_the_last_disk_takes_the_class_with_it(trial):
    trial.done("sdxdisk -M -c Class2 -d c3t1d0=A,c3t2d0=B")
    assert trial.done("sdxdisk -R -c Class2 -d A") == (
        "SDX:sdxdisk: INFO: A: removed disk\n"
        "SDX:sdxdisk: INFO: c3t1d0: enabled access to physical special files\n"
        "        /dev/rdsk/c3t1d0s*\n"
        "        /dev/dsk/c3t1d0s*\n"
    )
    assert trial.done("sdxdisk -R -c Class2 -d B").endswith("SDX:sdxdisk: INFO: Class2: removed class\n")
    assert "Class2" not in trial.lab.classes
    assert trial.lab.devices["c3t2d0"].label == ""
    trial.refused("sdxdisk -R -c Class2 -d B", "class.unknown", **{"class": "Class2"})


def test_disks_in_groups_with_volumes_or_the_last_good_one_stay(trial):
    trial.refused("sdxdisk -R -c Class1 -d Disk1", "object.connected", object="Disk1")
    trial.refused("sdxdisk -R -c Class1 -d Disk5", "object.exists", object="Volume3", holder="Disk5")
    trial.refused("sdxdisk -R -c Class1 -d Disk9", "object.unknown", object="Disk9")
    trial.done("sdxdisk -M -c Class2 -d c3t1d0=A,c3t2d0=B")
    it = klass(trial, "Class2")
    disks = {**it.disks, "B": it.disks["B"]._replace(status="SWAP")}
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class2": it._replace(disks=disks)})
    trial.refused("sdxdisk -R -c Class2 -d A", "class.last_disk", object="A", **{"class": "Class2"})
    trial.done("sdxdisk -R -c Class2 -d B")


def test_panic_mode_is_off_before_the_class_goes(trial):
    trial.done("sdxdisk -M -c Class2 -a iotimeout=on:23:on -d c3t1d0=A")
    trial.refused("sdxdisk -R -c Class2 -d A", "class.panic", **{"class": "Class2"})
    trial.refused("sdxclass -R -c Class2", "class.panic", **{"class": "Class2"})
    trial.done("sdxattr -C -c Class2 -a iotimeout=on:23:off")
    trial.done("sdxdisk -R -c Class2 -d A")


def test_a_class_is_removed_without_groups_and_volumes_only(trial):
    trial.refused("sdxclass -R -c Class1", "object.exists", object="Volume1", holder="Class1")
    trial.done("sdxdisk -M -c Class2 -d c3t1d0=A,c3t2d0=B")
    trial.done("sdxdisk -C -c Class2 -g G -d A")
    trial.refused("sdxclass -R -c Class2", "object.exists", object="G", holder="Class2")
    trial.done("sdxgroup -R -c Class2 -g G")
    assert trial.done("sdxclass -R -c Class2") == (
        "SDX:sdxclass: INFO: c3t1d0: enabled access to physical special files\n"
        "        /dev/rdsk/c3t1d0s*\n"
        "        /dev/dsk/c3t1d0s*\n"
        "SDX:sdxclass: INFO: c3t2d0: enabled access to physical special files\n"
        "        /dev/rdsk/c3t2d0s*\n"
        "        /dev/dsk/c3t2d0s*\n"
        "SDX:sdxclass: INFO: Class2: removed class\n"
    )


# -- -C ---------------------------------------------------------------------------------------------------------


def test_a_running_volume_is_copied_onto_a_new_slice_a_stopped_one_when_it_starts(trial):
    trial.done("sdxvolume -F -c Class1 -v Volume2")
    assert trial.done("sdxdisk -C -c Class1 -g Group1 -d Disk6 -e delay=10") == (
        "SDX:sdxdisk: INFO: Disk6: connected disk to group Group1\n"
    )
    assert trial.statuses("Volume1", "Class1") == ["ACTIVE", "ACTIVE", "COPY"]
    assert trial.statuses("Volume2", "Class1") == ["STOP", "STOP", "INVALID"]
    (copy,) = trial.lab.copies
    assert (copy.members, copy.delay, copy.blocks, copy.source) == (("Disk6",), 10, 8_388_608, "Volume1")
    trial.refused("sdxdisk -D -c Class1 -g Group1 -d Disk1", "object.copying", object="Volume1")
    trial.finish()
    assert trial.statuses("Volume1", "Class1") == ["ACTIVE", "ACTIVE", "ACTIVE"]
    trial.done("sdxvolume -N -c Class1 -v Volume2 -e delay=20")
    assert trial.statuses("Volume2", "Class1") == ["ACTIVE", "ACTIVE", "COPY"]
    assert trial.lab.copies[0].delay == 20
    trial.finish()
    trial.done("sdxdisk -D -c Class1 -g Group1 -d Disk1")
    assert [s.member for s in trial.volume("Volume1", "Class1").slices] == ["Disk2", "Disk6"]


def test_nosync_leaves_the_new_slice_as_it_is(trial):
    trial.done("sdxvolume -F -c Class1 -v Volume2")
    trial.done("sdxdisk -C -c Class1 -g Group1 -d Disk6")
    trial.done("sdxvolume -N -c Class1 -v Volume2 -e nosync")
    assert trial.statuses("Volume2", "Class1") == ["ACTIVE", "ACTIVE", "INVALID"]


def test_a_single_disks_volumes_become_the_groups(trial):
    before = trial.volume("Volume3", "Class1")
    trial.done("sdxdisk -C -c Class1 -g Group3 -d Disk7,Disk5")
    after = trial.volume("Volume3", "Class1")
    assert (after.group, after.first, after.blocks) == ("Group3", before.first, before.blocks)
    assert [(s.member, s.status) for s in after.slices] == [("Disk7", "COPY"), ("Disk5", "ACTIVE")]
    trial.finish()
    trial.done("sdxdisk -D -c Class1 -g Group3 -d Disk7")
    assert klass(trial).disks["Disk5"].type == "undef"  # it does not come back as single


def test_a_single_disk_begins_a_concat_group(trial):
    line = "sdxdisk -C -c Class1 -g Group3 -a type=concat -d "
    trial.refused(line + "Disk7,Disk5", "disk.not_first", object="Disk5")
    trial.done(line + "Disk5,Disk7")
    assert [(s.member, s.status) for s in trial.volume("Volume3", "Class1").slices] == [("Group3", "ACTIVE")]
    assert klass(trial).groups["Group3"].blocks == 2 * WHOLE - 65_536


def test_a_single_disk_in_a_switch_group_is_active(trial):
    line = "sdxdisk -C -c Class1 -g Group3 -d Disk7,Disk5 -a type=switch"
    trial.refused(line, "disk.not_first", object="Disk5")
    trial.done(line + ",actdisk=Disk5")
    assert [(s.member, s.status) for s in trial.volume("Volume3", "Class1").slices] == [("Disk5", "ACTIVE")]


# fmt: off
@pytest.mark.parametrize(("words", "note", "fields"), [
    ("-g Group1 -d Disk9",                        "object.unknown",   {"object": "Disk9"}),
    ("-g Group3 -d Volume1",                      "object.unknown",   {"object": "Volume1"}),
    ("-g Disk7 -d Disk6",                         "object.taken",     {"object": "Disk7"}),
    ("-g Volume1 -d Disk6",                       "object.taken",     {"object": "Volume1"}),
    ("-g Group3 -d Disk1",                        "object.connected", {"object": "Disk1"}),
    ("-g Group1 -d Spare1",                       "disk.spare",       {"object": "Spare1"}),
    ("-g Group1 -d Disk5",                        "disk.only_new",    {"object": "Disk5"}),
    ("-g Group3 -d Disk5,Disk7 -a type=stripe",   "object.exists",    {"object": "Volume3", "holder": "Disk5"}),
    ("-g Group1 -d Disk6 -a type=stripe",         "attribute.value",  {"attribute": "type", "value": "stripe"}),
    ("-g Group3 -d Disk6 -a width=32",            "attribute.value",  {"attribute": "width", "value": "32"}),
    ("-g Group3 -d Disk6 -a type=stripe,width=3", "attribute.value",  {"attribute": "width", "value": "3"}),
    ("-g Group3 -d Disk6 -a actdisk=Disk6",       "attribute.value",  {"attribute": "actdisk", "value": "Disk6"}),
    ("-g Group3 -d Disk6 -a type=switch,actdisk=Disk7", "attribute.value", {"attribute": "actdisk", "value": "Disk7"}),
    ("-g Group3 -d Disk6 -v 0=V:on",              "slice.not_keep",   {"object": "Group3"}),
    ("-g Group3 -d Disk6 -e delay=1001",          "usage.value",      {"option": "delay", "value": "1001"}),
    (f"-g {'g' * 33} -d Disk6",                   "name.long",        {"string": "g" * 33}),
])
# fmt: on
def test_connecting_is_refused(trial, words, note, fields):
    trial.refused(f"sdxdisk -C -c Class1 {words}", note, **fields)


def test_several_single_disks_are_too_many(trial):
    trial.done("sdxdisk -M -c Class1 -d c3t1d0=S1:single,c3t2d0=S2:single")
    trial.refused("sdxdisk -C -c Class1 -g G -d S1,S2", "disk.only_one", object="S2")


def test_groups_with_masters_or_proxies_do_not_change():
    trial = Trial(load("data"))
    trial.refused("sdxdisk -C -c Class1 -g Group1 -d Disk6", "object.related", object="Group1")
    trial.refused("sdxdisk -C -c Class1 -g Group2 -d Disk6", "object.related", object="Group2")
    trial.refused("sdxdisk -D -c Class1 -g Group2 -d Disk3", "object.related", object="Group2")
    trial.refused("sdxattr -G -c Class1 -g Group2 -a name=G", "object.related", object="Group2")
    trial.refused("sdxattr -C -c Class1 -a hs=off", "object.related", object="Copy1")
    assert [row[-1] for row in table(trial.done("sdxinfo -G -c Class1"))] == ["1", "0"]  # no spare for proxies


def test_a_disk_out_of_order_is_not_connected(trial):
    changed_disk(trial, "Disk6", status="SWAP")
    trial.refused("sdxdisk -C -c Class1 -g Group1 -d Disk6", "object.status", object="Disk6", status="SWAP")


@pytest.mark.parametrize(("blocks", "fits"), [(10_551_296, True), (10_551_295, False)])
def test_a_mirrors_new_disk_holds_its_volumes(trial, blocks, fits):
    devices = trial.lab.devices
    trial.lab = trial.lab._replace(devices={**devices, "c2t3d0": devices["c2t3d0"]._replace(blocks=blocks)})
    if fits:
        trial.done("sdxdisk -C -c Class1 -g Group1 -d Disk6")
        assert klass(trial).groups["Group1"].blocks == blocks
        trial.finish()
        trial.done("sdxdisk -D -c Class1 -g Group1 -d Disk6")
        assert klass(trial).groups["Group1"].blocks == WHOLE
    else:
        trial.refused("sdxdisk -C -c Class1 -g Group1 -d Disk6", "device.small", object="Disk6")


@pytest.mark.parametrize(("type", "most"), [("mirror", 8), ("stripe", 64), ("concat", 64), ("switch", 2)])
def test_as_many_disks_as_the_type_has(many, type, most):
    many.done("sdxdisk -M -c Big -d " + ",".join(f"c9t{t}d0=D{t}" for t in range(70)))
    line = f"sdxdisk -C -c Big -g G -a type={type} -d "
    many.refused(line + ",".join(f"D{t}" for t in range(most + 1)), "group.full", object="G", most=most)
    many.done(line + ",".join(f"D{t}" for t in range(most)))
    many.refused(f"sdxdisk -C -c Big -g G -d D{most}", "group.full", object="G", most=most)


# -- -D ---------------------------------------------------------------------------------------------------------


def test_what_volumes_need_stays_connected(trial):
    trial.refused("sdxdisk -D -c Class1 -g Group1 -d Disk3", "object.not_connected", object="Disk3", group="Group1")
    trial.refused("sdxdisk -D -c Class1 -g Group9 -d Disk3", "object.unknown", object="Group9")
    trial.done("sdxdisk -D -c Class1 -g Group1 -d Disk1")
    trial.refused("sdxdisk -D -c Class1 -g Group1 -d Disk2", "object.exists", object="Volume1", holder="Group1")
    assert klass(trial).disks["Disk1"].type == "undef"


def test_the_last_valid_slice_and_a_detached_one_stay(trial):
    slices = (Slice("Disk1", "ACTIVE"), Slice("Disk2", "INVALID"))
    changed_volume(trial, "Volume2", slices=slices)
    trial.refused("sdxdisk -D -c Class1 -g Group1 -d Disk1", "object.only_valid", object="Volume2")
    changed_volume(trial, "Volume2", slices=(slices[0], Slice("Disk2", "TEMP")))
    trial.refused("sdxdisk -D -c Class1 -g Group1 -d Disk2", "object.detached", object="Volume2")
    changed_volume(trial, "Volume2", slices=slices)
    trial.done("sdxdisk -D -c Class1 -g Group1 -d Disk2")


def test_the_last_disk_takes_an_empty_group_with_it(trial):
    trial.done("sdxdisk -C -c Class1 -g Group3 -d Disk6")
    assert trial.done("sdxdisk -D -c Class1 -g Group3 -d Disk6") == (
        "SDX:sdxdisk: INFO: Disk6: disconnected disk from group Group3\n"
        "SDX:sdxdisk: INFO: Group3: removed group\n"
    )


# -- the arithmetic ---------------------------------------------------------------------------------------------


def test_sizes_of_groups_are_those_of_the_samples():
    sizes = [17_596_416, 17_596_416]
    assert group_blocks(MIRROR, sizes, PRIVATE_BLOCKS) == 17_596_416  # guide F.1.1
    assert group_blocks(STRIPE, sizes, PRIVATE_BLOCKS, 32) == 35_127_296  # recalled
    assert group_blocks(CONCAT, sizes, PRIVATE_BLOCKS) == 35_127_296
    assert group_unit(STRIPE, [UNIT] * 3, 32) == 98_304  # Linux 4.3 guide 2.3.11
    assert group_unit(STRIPE, [UNIT] * 2, 32) == UNIT


def test_the_private_slice_grows_with_the_first_disk():
    assert private_blocks(ROOT, 17_682_084, 3_591) == 6 * 3_591
    assert private_blocks(ROOT, 17_682_084, 30_000) == 30_000
    assert private_blocks("local", LARGE_DISK, 3_591) == PRIVATE_BLOCKS
    assert private_blocks("local", LARGE_DISK + 1, 3_591) == PRIVATE_BLOCKS + UNIT
    assert private_blocks("local", 143_374_738, 1) == PRIVATE_BLOCKS + 5 * UNIT
