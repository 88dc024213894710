"""sdxvolume -M, -R, -S: volumes come, go and grow."""

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load

UNIT = 32_768
MIRROR = (
    "sdxdisk -M -c Class1 -a type=local -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3,c1t4d0=D4,c2t1d0=S1:single",
    "sdxdisk -C -c Class1 -g G1 -d D1,D2",
)


def make(name="V1", size=1_048_576, where="-g G1", more=""):
    return f"sdxvolume -M -c Class1 {where} -v {name} -s {size} {more}".strip()


@pytest.fixture
def lab():
    """From bare disks: local class Class1 with mirror group G1 of D1 and D2, D3 and D4 free, S1 single."""
    trial = Trial(load("bare"))
    for line in MIRROR:
        trial.done(line)
    return trial


def volume(lab, name="V1"):
    return lab.volume(name, "Class1")


def statuses(lab, name="V1"):
    return lab.statuses(name, "Class1")


# -- -M -----------------------------------------------------------------------------------------------------------


def test_a_mirror_volume_is_made_started_and_copied(lab):
    assert lab.done(make()) == (
        "SDX:sdxvolume: INFO: V1: created volume\n"
        "SDX:sdxvolume: INFO: V1: started volume on node node1\n"
        "        /dev/sfdsk/Class1/rdsk/V1\n"
        "        /dev/sfdsk/Class1/dsk/V1\n"
    )
    made = volume(lab)
    assert (made.first, made.blocks, made.pslice, made.jrm, made.mode) == (65_536, 1_048_576, True, True, "rw")
    assert statuses(lab) == ["ACTIVE", "COPY"]
    lab.finish()
    assert statuses(lab) == ["ACTIVE", "ACTIVE"]
    assert made.data.type == "none"


@pytest.mark.parametrize(
    ("size", "blocks"),
    [(1, UNIT), (UNIT, UNIT), (UNIT + 1, 2 * UNIT), (40_960, 65_536)],
)
def test_sizes_are_rounded_up(lab, size, blocks):
    lab.done(make(size=size))
    assert volume(lab).blocks == blocks


def test_a_stripe_counts_in_its_columns(lab):
    lab.done("sdxdisk -M -c Class1 -d c2t2d0=D5")
    lab.done("sdxdisk -C -c Class1 -g Wide -d D3,D4,D5 -a type=stripe,width=32")
    lab.done(make(size=40_960, where="-g Wide"))
    assert volume(lab).blocks == 98_304
    assert [s.member for s in volume(lab).slices] == ["Wide"]
    assert (volume(lab).pslice, volume(lab).number) == (False, None)
    assert not lab.lab.copies


def test_volumes_lie_one_behind_the_other_and_fill_holes(lab):
    for name in ("V1", "V2", "V3"):
        lab.done(make(name, 2 * UNIT))
    assert [volume(lab, n).first for n in ("V1", "V2", "V3")] == [65_536, 131_072, 196_608]
    lab.finish()
    lab.done("sdxvolume -F -c Class1 -v V2")
    assert lab.done("sdxvolume -R -c Class1 -v V2") == "SDX:sdxvolume: INFO: V2: removed volume\n"
    lab.done(make("V4", 3 * UNIT))
    assert volume(lab, "V4").first == 262_144  # the hole is too small for it
    lab.done(make("V5", UNIT))
    assert volume(lab, "V5").first == 131_072
    assert volume(lab, "V4").number == 1  # that of V2, free again


def test_all_there_is_and_one_block_more(lab):
    group = lab.lab.classes["Class1"].groups["G1"]
    free = group.blocks - 65_536
    lab.refused(make(size=free + 1), "join.small", object="G1")
    lab.done(make(size=free))
    lab.refused(make("V2", 1), "join.small", object="G1")


def test_room_in_holes_is_not_added_up(lab):
    group = lab.lab.classes["Class1"].groups["G1"]
    rest = group.blocks - 65_536 - 4 * UNIT
    for name, size in (("V1", UNIT), ("V2", UNIT), ("V3", rest), ("V4", 2 * UNIT)):
        lab.done(make(name, size))
    lab.finish()
    for name in ("V1", "V3"):
        lab.done(f"sdxvolume -F -c Class1 -v {name}")
        lab.done(f"sdxvolume -R -c Class1 -v {name}")
    lab.refused(make("V5", rest + UNIT), "join.small", object="G1")
    lab.done(make("V5", rest))


def test_six_have_a_physical_slice_and_1024_is_the_most(lab):
    for i in range(6):
        lab.done(make(f"V{i}", 1))
    assert [volume(lab, f"V{i}").number for i in range(6)] == [0, 1, 3, 4, 5, 6]
    lab.refused(make("V6", 1), "volume.slices", object="V6", group="G1")
    lab.done(make("V6", 1, more="-a pslice=off"))
    assert volume(lab, "V6").number is None
    klass = lab.lab.classes["Class1"]
    sample = klass.volumes["V6"]
    many = {f"W{i}": sample._replace(name=f"W{i}") for i in range(1024 - 8)}
    lab.lab = lab.lab._replace(classes={**lab.lab.classes, "Class1": klass._replace(volumes={**klass.volumes, **many})})
    lab.done(make("Last", 1, more="-a pslice=off"))
    lab.refused(make("Over", 1, more="-a pslice=off"), "volume.many", object="Over", group="G1", most=1024)


def test_a_single_disk_holds_volumes(lab):
    lab.done(make(where="-d S1", more="-a jrm=off"))
    made = volume(lab)
    assert (made.group, [s.member for s in made.slices], made.jrm, made.pslice) == (None, ["S1"], False, True)
    assert "V1" in lab.done("sdxinfo -V -o S1")
    lab.refused(make("V2", where="-d D3"), "disk.not_single", object="D3")
    lab.refused(make("V2", where="-d D9"), "object.unknown", object="D9")


@pytest.mark.parametrize(
    ("line", "note", "fields"),
    [
        (make(where="-g G9"), "object.unknown", {"object": "G9"}),
        (make("D1"), "object.taken", {"object": "D1"}),
        (make("G1"), "object.taken", {"object": "G1"}),
        (make(size=0), "size.illegal", {"size": "0"}),
        (make(size="1g"), "size.illegal", {"size": "1g"}),
        (make(more="-a mode=ro"), "attribute.name", {"attribute": "mode"}),
    ],
)
def test_making_is_refused(lab, line, note, fields):
    lab.refused(line, note, **fields)


def test_levels_and_kinds_of_groups(lab):
    lab.done("sdxdisk -C -c Class1 -g Lower -d D3 -a type=stripe")
    lab.refused(make(where="-g Lower"), "group.few", object="Lower")
    lab.done("sdxgroup -C -c Class1 -h Upper -l Lower")
    lab.refused(make(where="-g Lower"), "object.connected", object="Lower")
    lab.refused(make(where="-g Upper", more="-a pslice=on"), "volume.no_pslice", object="V1")
    lab.done(make(where="-g Upper"))
    assert [s.member for s in volume(lab).slices] == ["Lower"]
    assert not volume(lab).pslice


@pytest.mark.parametrize("nested", [False, True])
def test_of_a_switch_group_the_active_disk_has_to_be_usable(lab, nested):
    lab.done("sdxdisk -C -c Class1 -g Switch -d D3,D4 -a type=switch,actdisk=D4")
    where = "Switch"
    if nested:
        lab.done("sdxgroup -C -c Class1 -h Upper -l Switch -a type=concat")
        where = "Upper"
    lab.done("sdxswap -O -c Class1 -d D3")
    lab.done(make("V1", where=f"-g {where}"))
    assert [s.status for s in lab.volume("V1", "Class1").slices] == ["ACTIVE"]
    lab.done("sdxvolume -F -c Class1 -v V1")
    lab.done("sdxvolume -R -c Class1 -v V1")
    lab.done("sdxswap -I -c Class1 -d D3")
    lab.done("sdxswap -O -c Class1 -d D4")
    lab.refused(make("V1", where=f"-g {where}"), "object.status", object="D4", status="SWAP")


def test_groups_of_masters_and_proxies_take_no_more(lab):
    lab.done(make("V1"))
    lab.finish()
    lab.done("sdxdisk -C -c Class1 -g G2 -d D3")
    lab.done("sdxproxy Join -c Class1 -m G1 -p G2")
    lab.refused(make("V2"), "object.related", object="G1")
    lab.refused(make("V2", where="-g G2"), "object.related", object="G2")
    lab.refused("sdxvolume -R -c Class1 -v V1", "object.related", object="V1")


def test_a_group_of_single_masters_and_proxies_takes_more(lab):
    """A.2.25 (seen) speaks of master and proxy groups; what is in the group beside them is left alone."""
    lab.done(make("V1"))
    lab.finish()
    lab.done("sdxdisk -C -c Class1 -g G2 -d D3")
    lab.done(make("V2", where="-g G2"))
    lab.done("sdxvolume -F -c Class1 -v V2")
    lab.done("sdxproxy Join -c Class1 -m V1 -p V2 -e waitsync")
    lab.done(make("V3"))
    lab.done(make("V4", where="-g G2"))


# -- -R -----------------------------------------------------------------------------------------------------------


def test_only_a_stopped_volume_is_removed(lab):
    lab.done(make())
    lab.finish()
    lab.refused("sdxvolume -R -c Class1 -v V1", "object.active", object="V1")
    lab.refused("sdxvolume -R -c Class1 -v V9", "object.unknown", object="V9")
    lab.done("sdxvolume -F -c Class1 -v V1")
    lab.done("sdxvolume -R -c Class1 -v V1")
    lab.refused("sdxinfo -o V1", "object.unknown", object="V1")


def test_the_last_volume_leaves_its_group(lab):
    lab.done(make())
    lab.finish()
    lab.done("sdxvolume -F -c Class1")
    lab.done("sdxvolume -R -c Class1 -v V1")
    assert "G1" in lab.done("sdxinfo -G -c Class1")
    lab.done("sdxgroup -R -c Class1 -g G1")


def test_the_running_systems_volume_is_not_removed():
    trial = Trial(load("mirrored"))
    trial.refused("sdxvolume -R -c System -v home", "object.in_use", object="home")


# -- -S -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def one(lab):
    """V1 in a mirror of one disk."""
    lab.done("sdxdisk -C -c Class1 -g G2 -d D3")
    lab.done(make(size=2 * UNIT, where="-g G2"))
    return lab


def test_a_volume_grows_while_it_runs(one):
    assert one.done(f"sdxvolume -S -c Class1 -v V1 -s {3 * UNIT - 5}") == "SDX:sdxvolume: INFO: V1: resized volume\n"
    assert volume(one).blocks == 3 * UNIT
    assert statuses(one) == ["ACTIVE"]


def test_a_volume_does_not_shrink_or_stay(one):
    for size in (1, UNIT, 2 * UNIT):
        one.refused(f"sdxvolume -S -c Class1 -v V1 -s {size}", "size.not_larger", size=str(size), blocks=2 * UNIT)


def test_only_what_is_right_behind_counts(one):
    one.done(make("V2", UNIT, where="-g G2"))
    one.refused(f"sdxvolume -S -c Class1 -v V1 -s {3 * UNIT}", "join.small", object="G2")
    group = one.lab.classes["Class1"].groups["G2"]
    most = group.blocks - volume(one, "V2").first
    one.refused(f"sdxvolume -S -c Class1 -v V2 -s {most + 1}", "join.small", object="G2")
    one.done(f"sdxvolume -S -c Class1 -v V2 -s {most}")


def test_a_mirror_of_two_is_taken_apart_first(lab):
    lab.done(make(size=UNIT))
    lab.finish()
    lab.refused(f"sdxvolume -S -c Class1 -v V1 -s {2 * UNIT}", "volume.not_resizable", object="V1")
    lab.done("sdxdisk -D -c Class1 -g G1 -d D2")
    lab.done(f"sdxvolume -S -c Class1 -v V1 -s {2 * UNIT}")
    lab.done("sdxdisk -C -c Class1 -g G1 -d D2")
    assert statuses(lab) == ["ACTIVE", "COPY"]


def test_a_mirror_of_concat_groups_grows_with_them(lab):
    for i, disk in enumerate(("D3", "D4")):
        lab.done(f"sdxdisk -C -c Class1 -g L{i} -d {disk} -a type=concat")
    lab.done("sdxgroup -C -c Class1 -h Top -l L0,L1")
    size = lab.lab.classes["Class1"].groups["Top"].blocks - 65_536
    lab.done(make(size=size, where="-g Top"))
    lab.finish()
    lab.refused(f"sdxvolume -S -c Class1 -v V1 -s {size + 1}", "join.small", object="Top")
    lab.done("sdxdisk -M -c Class1 -d c2t2d0=D5,c2t3d0=D6")
    lab.done("sdxdisk -C -c Class1 -g L0 -d D5")
    lab.done("sdxdisk -C -c Class1 -g L1 -d D6")
    lab.done(f"sdxvolume -S -c Class1 -v V1 -s {2 * size}")
    assert statuses(lab) == ["ACTIVE", "COPY"]
    assert [c.blocks for c in lab.lab.copies] == [volume(lab).blocks - size]


def test_stripes_and_root_classes_do_not_grow(lab):
    lab.done("sdxdisk -C -c Class1 -g Wide -d D3,D4 -a type=stripe")
    lab.done(make(size=1, where="-g Wide"))
    lab.refused("sdxvolume -S -c Class1 -v V1 -s 999999", "volume.not_resizable", object="V1")
    Trial(load("mirrored")).refused("sdxvolume -S -c System -v home -s 99999999", "class.not_in_root", object="home")


def test_six_physical_slices_are_counted_for_each_single_disk(lab):
    lab.done("sdxdisk -M -c Class1 -d c2t2d0=S2:single")
    for disk in ("S1", "S2"):
        for i in range(6):
            lab.done(make(f"{disk}V{i}", 1, where=f"-d {disk}"))
        lab.done(make(f"{disk}V6", 1, where=f"-d {disk}", more="-a pslice=off"))
        lab.done(f"sdxvolume -F -c Class1 -v {disk}V6")
    lab.refused("sdxattr -V -c Class1 -v S2V6 -a pslice=on", "volume.slices", object="S2V6", group="S2")
    lab.done("sdxvolume -F -c Class1 -v S2V0")
    lab.done("sdxvolume -R -c Class1 -v S2V0")
    lab.done("sdxattr -V -c Class1 -v S2V6 -a pslice=on")
