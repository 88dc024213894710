"""sdxgroup: the nine hierarchies and no others, what each level allows; sdxinfo of nested groups."""

import itertools

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import can_have_pslice
from sdxsim.model.records import Device, Slice, Volume
from sdxsim.model.status import GROUP_TYPES, SWITCH
from sdxsim.rules.membership import HIERARCHIES

UNIT = 32_768
USABLE = 17_661_952 - 65_536


def table(text):
    return [line.split() for line in text.splitlines()[2:]]


@pytest.fixture
def trial():
    """Class2 of twenty disks D0 to D19, none in a group."""
    made = Trial(load("data"))
    devices = {f"c9t{t}d0": Device(f"c9t{t}d0", f"/x@{t}", 17_682_084, 3_591) for t in range(20)}
    made.lab = made.lab._replace(devices={**made.lab.devices, **devices})
    made.done("sdxdisk -M -c Class2 -d " + ",".join(f"c9t{t}d0=D{t}" for t in range(20)))
    return made


def connect(group, disks, type):
    return f"sdxdisk -C -c Class2 -g {group} -d {disks} -a type={type}"


def nest(hgroup, lgroups, type=None):
    return f"sdxgroup -C -c Class2 -h {hgroup} -l {lgroups}" + (f" -a type={type}" if type else "")


def klass(trial):
    return trial.lab.classes["Class2"]


def with_volume(trial, group, members, blocks=UNIT, name="V", first=65_536):
    """A running volume in the group, as sdxvolume -M makes it."""
    it = klass(trial)
    slices = tuple(Slice(m, "ACTIVE") for m in members)
    physical = can_have_pslice(it, it.groups[group])
    made = Volume(name, group, first, blocks, slices, {"node1": "rw"}, pslice=physical)
    it = it._replace(volumes={**it.volumes, name: made})
    trial.lab = trial.lab._replace(classes={**trial.lab.classes, "Class2": it})


def build(trial, types):
    """The groups G0 (top) to Gn of these types, one lower group in each; the Outcome of the last step."""
    outcome = trial.tried(connect(f"G{len(types) - 1}", "D0,D1", types[-1]))
    for level in range(len(types) - 2, -1, -1):
        assert outcome.status == 0, outcome
        outcome = trial.tried(nest(f"G{level}", f"G{level + 1}", types[level]))
    return outcome


CHAINS = [chain for n in (1, 2, 3, 4) for chain in itertools.product(GROUP_TYPES, repeat=n)]


@pytest.mark.parametrize("chain", [c for c in CHAINS if c in HIERARCHIES], ids="-".join)
def test_the_nine_hierarchies_are_made_and_taken_down(trial, chain):
    before = trial.lab.classes["Class2"]
    assert build(trial, chain).status == 0
    assert [g.type for g in klass(trial).groups.values()] == list(reversed(chain))
    for level in range(len(chain) - 1):
        trial.done(f"sdxgroup -D -c Class2 -h G{level} -l G{level + 1}")
    trial.done(f"sdxgroup -R -c Class2 -g G{len(chain) - 1}")
    assert klass(trial) == before


def test_there_are_nine():
    assert len(HIERARCHIES) == 9


@pytest.mark.parametrize(
    "chain",
    [c for c in CHAINS if c not in HIERARCHIES and len(c) > 1 and c[1:] in HIERARCHIES and c[0] != SWITCH],
    ids="-".join,
)
def test_other_hierarchies_are_refused(trial, chain):
    assert build(trial, chain[1:]).status == 0
    trial.refused(nest("Top", "G0", chain[0]), "group.kinds", object="G0", type=chain[0])


def test_a_switch_group_is_never_above(trial):
    trial.done(connect("L", "D0", "stripe"))
    trial.refused(nest("H", "L", "switch"), "attribute.value", attribute="type", value="switch")
    trial.done(connect("S", "D1,D2", "switch"))
    trial.refused(nest("S", "L"), "group.kinds", object="L", type="switch")


def test_mirror_and_concat_groups_have_no_disks_of_other_kinds_beside_switch_groups(trial):
    trial.done(connect("S1", "D0,D1", "switch"))
    trial.done(connect("S2", "D2,D3", "switch"))
    trial.done(nest("C", "S1,S2", "concat"))
    trial.refused("sdxdisk -C -c Class2 -g C -d D4", "group.kinds", object="D4", type="concat")
    trial.done(connect("C2", "D4", "concat"))
    trial.done(connect("S3", "D5,D6", "switch"))
    trial.refused(nest("C2", "S3"), "group.kinds", object="S3", type="concat")
    trial.done(connect("M", "D7", "mirror"))
    trial.done(nest("M", "C2"))  # disks and groups stand side by side in a mirror
    assert klass(trial).groups["M"].members == ("D7", "C2")


def test_sizes_of_all_levels(trial):
    trial.done(connect("C1", "D0,D1,D2", "concat"))
    trial.done(connect("C2", "D3,D4,D5", "concat"))
    trial.done(nest("S1", "C1,C2", "stripe"))
    trial.done("sdxdisk -C -c Class2 -g S2 -d D6,D7,D8 -a type=stripe,width=64")
    trial.done(nest("M", "S1,S2"))
    groups = klass(trial).groups
    assert groups["C1"].blocks == 65_536 + 3 * USABLE
    assert groups["S1"].blocks == 65_536 + 6 * USABLE
    assert (groups["S1"].width, groups["S2"].width) == (32, 64)
    assert groups["S2"].unit == 3 * UNIT
    assert (groups["M"].blocks, groups["M"].unit) == (65_536 + 3 * USABLE, 3 * UNIT)
    assert [g.private for g in groups.values()] == [(), (), (), (), ((0, 65_536),)]
    trial.done("sdxgroup -D -c Class2 -h M -l S2")
    assert klass(trial).groups["M"].blocks == 65_536 + 6 * USABLE
    assert klass(trial).groups["S2"].private == ((0, 65_536),)


def test_nested_groups_in_the_tables(trial):
    trial.done(connect("C1", "D0,D1", "concat"))
    trial.done(connect("C2", "D2,D3", "concat"))
    trial.done(nest("S1", "C1,C2", "stripe"))
    trial.done(connect("S2", "D4,D5", "stripe"))
    trial.done(nest("M", "S1,S2"))
    with_volume(trial, "M", ("S1", "S2"))
    assert trial.done("sdxinfo -G -o V -c Class2 -e long") == (
        "OBJ    NAME    CLASS   DISKS               BLKS     FREEBLKS SPARE MASTER  TYPE   WIDTH ACTDISK\n"
        "------ ------- ------- ------------------- -------- -------- ----- ------- ------ ----- -------\n"
        "group  C1      Class2  D0:D1               35258368        *     * *       concat     * *\n"
        "group  C2      Class2  D2:D3               35258368        *     * *       concat     * *\n"
        "group  S1      Class2  C1:C2               70451200        *     * *       stripe    32 *\n"
        "group  S2      Class2  D4:D5               35258368        *     * *       stripe    32 *\n"
        "group  M       Class2  S1:S2               35258368 35160064     0 *       mirror     * *\n"
    )
    assert [row[3:] for row in table(trial.done("sdxinfo -V -c Class2"))] == [
        ["M", "*", "*", "0", "65535", "65536", "PRIVATE"],
        ["M", "off", "on", "65536", "98303", "32768", "ACTIVE"],
        ["M", "*", "*", "98304", "35258367", "35160064", "FREE"],
    ]
    shown = {o: [r[1] for r in table(trial.done(f"sdxinfo -G -o {o} -c Class2"))] for o in ("D0", "C1", "S1", "S2", "M")}
    assert shown == {
        "D0": ["C1", "S1", "M"],
        "C1": ["C1", "S1", "M"],
        "S1": ["C1", "C2", "S1", "M"],
        "S2": ["S2", "M"],
        "M": ["C1", "C2", "S1", "S2", "M"],
    }
    disks = {o: [r[1] for r in table(trial.done(f"sdxinfo -D -o {o} -c Class2"))] for o in ("S1", "C2", "V")}
    assert disks == {"S1": ["D0", "D1", "D2", "D3"], "C2": ["D2", "D3"], "V": ["D0", "D1", "D2", "D3", "D4", "D5"]}
    rows = {o: [r[3] for r in table(trial.done(f"sdxinfo -S -o {o} -c Class2"))] for o in ("M", "S1", "D0", "D4", "C1", "V")}
    assert rows == {"M": ["S1", "S2"], "S1": ["S1"], "D0": ["S1"], "D4": ["S2"], "C1": ["S1"], "V": ["S1", "S2"]}
    assert [r[1:6] for r in table(trial.done("sdxinfo -D -o D0 -c Class2"))] == [["D0", "concat", "Class2", "C1", "c9t0d0"]]
    assert [r[1] for r in table(trial.done("sdxinfo -o C1 -c Class2"))] == ["C1"]
    assert [r[1] for r in table(trial.done("sdxinfo -V -o D4 -c Class2"))] == ["*", "V", "*"]


def test_a_lower_group_under_a_mirror_with_volumes_is_copied(trial):
    trial.done(connect("S1", "D0,D1", "stripe"))
    trial.done(connect("S2", "D2,D3", "stripe"))
    trial.done(nest("M", "S1"))
    with_volume(trial, "M", ("S1",))
    trial.done("sdxgroup -C -c Class2 -h M -l S2 -e delay=5")
    assert trial.statuses("V", "Class2") == ["ACTIVE", "COPY"]
    assert trial.lab.copies[0].delay == 5
    trial.refused("sdxgroup -D -c Class2 -h M -l S2", "object.copying", object="V")
    trial.finish()
    trial.done("sdxgroup -D -c Class2 -h M -l S1")
    assert [s[:2] for s in trial.volume("V", "Class2").slices] == [("S2", "ACTIVE")]
    trial.refused("sdxgroup -D -c Class2 -h M -l S2", "object.exists", object="V", holder="M")


def test_disks_are_added_to_a_lower_concat_under_a_mirror_with_volumes(trial):
    trial.done(connect("C1", "D0", "concat"))
    trial.done(connect("C2", "D1", "concat"))
    trial.done(nest("M", "C1,C2"))
    with_volume(trial, "M", ("C1", "C2"), blocks=USABLE)
    assert klass(trial).groups["M"].blocks == 65_536 + USABLE
    trial.done("sdxdisk -C -c Class2 -g C1 -d D2")
    assert klass(trial).groups["M"].blocks == 65_536 + USABLE
    trial.done("sdxdisk -C -c Class2 -g C2 -d D3")
    assert klass(trial).groups["M"].blocks == 65_536 + 2 * USABLE
    assert trial.statuses("V", "Class2") == ["ACTIVE", "ACTIVE"]
    trial.refused("sdxdisk -D -c Class2 -g C2 -d D1", "group.not_last", object="D1")
    trial.done("sdxdisk -D -c Class2 -g C2 -d D3")
    trial.refused("sdxdisk -D -c Class2 -g C2 -d D1", "object.connected", object="C2")
    trial.done("sdxdisk -C -c Class2 -g C2 -d D3")
    with_volume(trial, "M", ("C1", "C2"), name="W", first=65_536 + USABLE)
    trial.refused("sdxdisk -D -c Class2 -g C2 -d D3", "object.exists", object="W", holder="D3")


def test_a_lower_stripe_takes_and_gives_no_disk(trial):
    trial.done(connect("S1", "D0,D1", "stripe"))
    trial.done(nest("M", "S1"))
    trial.refused("sdxdisk -C -c Class2 -g S1 -d D2", "object.connected", object="S1")
    trial.refused("sdxdisk -D -c Class2 -g S1 -d D1", "object.connected", object="S1")
    trial.done(connect("C1", "D2", "concat"))
    trial.refused(nest("S1", "C1"), "object.connected", object="S1")


def test_a_lower_concat_under_a_stripe_stays_as_it_is(trial):
    trial.done(connect("C1", "D0", "concat"))
    trial.done(nest("S", "C1", "stripe"))
    trial.refused("sdxdisk -C -c Class2 -g C1 -d D2", "object.connected", object="C1")


def test_a_stripe_with_volumes_does_not_change(trial):
    trial.done(connect("S", "D0,D1", "stripe"))
    trial.done("sdxdisk -C -c Class2 -g S -d D2")
    trial.done("sdxdisk -D -c Class2 -g S -d D0")
    with_volume(trial, "S", ("S",))
    trial.refused("sdxdisk -C -c Class2 -g S -d D3", "object.exists", object="V", holder="S")
    trial.refused("sdxdisk -D -c Class2 -g S -d D2", "object.exists", object="V", holder="S")
    trial.refused(nest("M", "S"), "object.exists", object="V", holder="S")
    trial.refused("sdxgroup -R -c Class2 -g S", "object.exists", object="V", holder="S")


def test_a_concat_with_volumes_grows_and_shrinks_at_its_end(trial):
    trial.done(connect("C", "D0", "concat"))
    with_volume(trial, "C", ("C",), blocks=USABLE)
    trial.done("sdxdisk -C -c Class2 -g C -d D1,D2")
    assert klass(trial).groups["C"].blocks == 65_536 + 3 * USABLE
    trial.refused("sdxdisk -D -c Class2 -g C -d D1", "group.not_last", object="D1")
    trial.done("sdxdisk -D -c Class2 -g C -d D2")
    trial.done("sdxdisk -D -c Class2 -g C -d D1")
    trial.refused("sdxdisk -D -c Class2 -g C -d D0", "object.exists", object="V", holder="C")


def test_switch_groups_grow_to_two_and_keep_their_active_disk(trial):
    trial.done(connect("S", "D0", "switch"))
    with_volume(trial, "S", ("D0",))
    trial.done("sdxdisk -C -c Class2 -g S -d D1")
    trial.refused("sdxdisk -D -c Class2 -g S -d D0", "group.inactive", object="D0")
    assert [s[:2] for s in trial.volume("V", "Class2").slices] == [("D0", "ACTIVE")]
    assert trial.done("sdxinfo -G -o S -c Class2 -e long").splitlines()[2].endswith("switch     * D0")
    trial.done("sdxattr -G -c Class2 -g S -a actdisk=D1")  # while the volume runs
    assert [s[:2] for s in trial.volume("V", "Class2").slices] == [("D1", "ACTIVE")]
    trial.done("sdxdisk -D -c Class2 -g S -d D0")
    trial.refused("sdxdisk -D -c Class2 -g S -d D1", "object.exists", object="V", holder="S")


def test_a_switch_group_without_volumes_gives_up_its_active_disk(trial):
    trial.done(connect("S", "D0,D1", "switch"))
    trial.done("sdxdisk -D -c Class2 -g S -d D0")
    assert klass(trial).groups["S"].actdisk == "D1"


# fmt: off
@pytest.mark.parametrize(("line", "note", "fields"), [
    ("sdxgroup -C -c Class2 -h H -l Nope",            "object.unknown",   {"object": "Nope"}),
    ("sdxgroup -C -c Class2 -h H -l D5",              "object.unknown",   {"object": "D5"}),
    ("sdxgroup -C -c Class2 -h D5 -l S1",             "object.taken",     {"object": "D5"}),
    ("sdxgroup -C -c Class2 -h S1 -l S1",             "object.unknown",   {"object": "S1"}),
    ("sdxgroup -C -c Class2 -h H -l S2",              "object.connected", {"object": "S2"}),
    ("sdxgroup -C -c Class2 -h H -l S1 -a width=64",  "attribute.value",  {"attribute": "width", "value": "64"}),
    ("sdxgroup -C -c Class2 -h M -l S1 -a type=concat", "attribute.value", {"attribute": "type", "value": "concat"}),
    ("sdxgroup -D -c Class2 -h M -l S1",              "object.not_connected", {"object": "S1", "group": "M"}),
    ("sdxgroup -D -c Class2 -h Nope -l S1",           "object.unknown",   {"object": "Nope"}),
    ("sdxgroup -R -c Class2 -g S2",                   "object.connected", {"object": "S2"}),
    ("sdxgroup -R -c Class2 -g Nope",                 "object.unknown",   {"object": "Nope"}),
    ("sdxgroup -R -c Nope -g S1",                     "class.unknown",    {"class": "Nope"}),
])
# fmt: on
def test_refused(trial, line, note, fields):
    trial.done(connect("S1", "D0,D1", "stripe"))
    trial.done(connect("S2", "D2,D3", "stripe"))
    trial.done(nest("M", "S2"))
    trial.refused(line, note, **fields)


def test_where_volumes_have_physical_slices_there_comes_no_lower_group(trial):
    trial.done(connect("M", "D0", "mirror"))
    trial.done("sdxvolume -M -c Class2 -g M -v V -s 1")
    trial.done(connect("C1", "D1", "concat"))
    trial.refused(nest("M", "C1"), "volume.no_pslice", object="V")
    trial.done("sdxvolume -F -c Class2 -v V")
    trial.done("sdxattr -V -c Class2 -v V -a pslice=off")
    trial.done(nest("M", "C1"))
    trial.refused("sdxattr -V -c Class2 -v V -a pslice=on", "volume.no_pslice", object="V")


def test_a_join_makes_no_physical_slices_on_lower_groups(trial):
    trial.done(connect("M", "D0", "mirror"))
    trial.done("sdxvolume -M -c Class2 -g M -v V -s 1")
    trial.done(connect("C1", "D1", "concat"))
    trial.done(nest("P", "C1"))
    line = "sdxproxy Join -c Class2 -m M -p P"
    trial.refused(f"{line} -a V=PV:on:on", "volume.no_pslice", object="PV")
    trial.done(f"{line} -a V=PV:on")
    assert (trial.volume("V", "Class2").pslice, trial.volume("PV", "Class2").pslice) == (True, False)


def test_a_member_too_small_for_a_mirrors_volumes(trial):
    trial.done(connect("C1", "D0,D1", "concat"))
    trial.done(connect("C2", "D2", "concat"))
    trial.done(nest("M", "C1"))
    with_volume(trial, "M", ("C1",), blocks=USABLE + UNIT)
    trial.refused(nest("M", "C2"), "device.small", object="C2")


def test_a_stripes_width_fits_into_its_columns(trial):
    devices = trial.lab.devices
    small = {f"c9t{t}d0": devices[f"c9t{t}d0"]._replace(blocks=65_536 + UNIT) for t in (0, 1)}
    trial.lab = trial.lab._replace(devices={**devices, **small})
    line = "sdxdisk -C -c Class2 -g S -d D0,D1 -a type=stripe,width="
    trial.refused(line + "65536", "device.small", object="D0")
    trial.done(line + "32768")


def test_removing_a_mirror_frees_its_disks_and_its_lower_groups(trial):
    trial.done(connect("S1", "D0,D1", "stripe"))
    trial.done(connect("M", "D2", "mirror"))
    trial.done(nest("M", "S1"))
    assert trial.done("sdxgroup -R -c Class2 -g M") == "SDX:sdxgroup: INFO: M: removed group\n"
    assert klass(trial).disks["D2"].group is None
    assert klass(trial).groups["S1"].private == ((0, 65_536),)
