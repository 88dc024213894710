"""Every limit of the sources in one table: what is allowed at the limit, and what is said one past it.

`LIMITS`: what is limited -> (its evidence, how the lab is made ready, the command at the limit, the one past it,
the message). Elsewhere: concurrencies in action (test_concurrency), 16 EC sessions (test_restore_rules), shadow
volumes (test_shadow_rules), sizes and slices of keep disks (test_keep_disks), configuration tables (test_config_rules).
"""

import pytest
from conftest import Trial

from sdxsim.lab import mishap
from sdxsim.lab.scenarios import load
from sdxsim.model.records import Device, Pair, Relation, Slice
from sdxsim.words.syntax import FORMS

UNIT = 32_768


def disks(first, last=None, kind=""):
    """DEVICE=DISK,... for D<first> to D<last>."""
    return ",".join(f"c9t{n}d0=D{n}{kind}" for n in range(first, (last or first) + 1))


def names(first, last):
    return ",".join(f"D{n}" for n in range(first, last + 1))


def lab(count=70):
    """The scenario bare with `count` free disks more, c9t1d0 on."""
    made = Trial(load("bare"))
    more = {f"c9t{n}d0": Device(f"c9t{n}d0", f"/pci@9/disk@{n}", 540 * UNIT, 3591) for n in range(1, count + 1)}
    made.lab = made.lab._replace(devices={**made.lab.devices, **more})
    return made


def registered(count, kind="", size=None):
    made = lab(count)
    made.done(f"sdxdisk -M -c C -a type=local -d {disks(1, count, kind)}")
    return made


def connected(count, type="mirror"):
    """Disks D1 to Dcount in group G; one more is registered."""
    made = registered(count + 1)
    if count:
        made.done(f"sdxdisk -C -c C -g G -d {names(1, count)} -a type={type}")
    return made


def holding(volumes, where="-g G", pslice="off", ready=connected, most=6):
    """A group of one disk, or a single disk, with so many volumes."""
    made = ready(1)
    made.done(f"sdxvolume -M -c C {where} -v V0 -s 1 -a pslice={pslice}")
    for n in range(1, min(volumes, most)):
        made.done(f"sdxvolume -M -c C {where} -v V{n} -s 1 -a pslice={pslice}")
    klass = made.lab.classes["C"]
    sample = klass.volumes["V0"]
    many = {f"W{n}": sample._replace(name=f"W{n}", pslice=False, number=None) for n in range(volumes - most)}
    made.lab = made.lab._replace(classes={"C": klass._replace(volumes={**klass.volumes, **many})})
    return made


def single(count):
    return registered(1, ":single")


def with_proxies(slices, kind="joined"):
    """Master M of one slice, proxies that bring the slices to so many, and P beside them, stopped, of one slice."""
    made = registered(3)
    for n, name in ((1, "M"), (2, "P")):
        made.done(f"sdxdisk -C -c C -g G{name} -d D{n}")
        made.done(f"sdxvolume -M -c C -g G{name} -v {name} -s {UNIT} -a pslice=off")
        made.done(f"sdxvolume -F -c C -v {name}")
    klass = made.lab.classes["C"]
    sample = klass.volumes["P"]
    groups = {f"G{n}": klass.groups["GP"]._replace(name=f"G{n}", members=("D3",)) for n in range(slices - 1)}
    others = {f"P{n}": sample._replace(name=f"P{n}", group=f"G{n}", slices=(Slice("D3", "STOP"),)) for n in range(slices - 1)}
    relations = tuple(Relation("M", name, "volume", kind, (Pair("M", name),)) for name in others)
    klass = klass._replace(
        volumes={**klass.volumes, **others}, groups={**klass.groups, **groups}, relations=relations
    )
    made.lab = made.lab._replace(classes={"C": klass})
    return made


def free(made, name="G"):
    rows = [line.split() for line in made.done(f"sdxinfo -G -c C -o {name}").splitlines()]
    return int(rows[2][5])


LONG = "n" * 32

# fmt: off
LIMITS = {
    "class name": ("seen: A.1.1", lab,
        f"sdxdisk -M -c {LONG} -d c9t1d0=D", f"sdxdisk -M -c {LONG}x -d c9t1d0=D", "name.long", {"string": LONG + "x"}),
    "new class name": ("seen: A.1.1", lambda: registered(1),
        f"sdxattr -C -c C -a name={LONG}", f"sdxattr -C -c C -a name={LONG}x", "name.long", {"string": LONG + "x"}),
    "disk name": ("seen: A.1.1", lab,
        f"sdxdisk -M -c C -d c9t1d0={LONG}", f"sdxdisk -M -c C -d c9t1d0={LONG}x", "name.long", {"string": LONG + "x"}),
    "single disk name": ("seen: A.1.1", lab,
        f"sdxdisk -M -c C -d c9t1d0={LONG[:28]}:single", f"sdxdisk -M -c C -d c9t1d0={LONG[:29]}:single",
        "name.long", {"string": LONG[:29]}),
    "name of a disk that becomes single": ("seen: A.1.1", lambda: registered(1),
        f"sdxattr -D -c C -d D1 -a name={LONG[:28]},type=single",
        f"sdxattr -D -c C -d D1 -a name={LONG[:29]},type=single", "name.long", {"string": LONG[:29]}),
    "group name": ("seen: A.1.1", lambda: registered(1),
        f"sdxdisk -C -c C -g {LONG} -d D1", f"sdxdisk -C -c C -g {LONG}x -d D1", "name.long", {"string": LONG + "x"}),
    "volume name": ("seen: A.1.1", lambda: connected(1),
        f"sdxvolume -M -c C -g G -v {LONG} -s 1", f"sdxvolume -M -c C -g G -v {LONG}x -s 1",
        "name.long", {"string": LONG + "x"}),
    "new volume name": ("seen: A.1.1", lambda: holding(1),
        None, f"sdxattr -V -c C -v V0 -a name={LONG}x", "name.long", {"string": LONG + "x"}),

    "members of a new mirror": ("seen: 2.1.3", lambda: registered(9),
        f"sdxdisk -C -c C -g G -d {names(1, 8)}", f"sdxdisk -C -c C -g G -d {names(1, 9)}",
        "group.full", {"object": "G", "most": 8}),
    "members of a mirror, the last by itself": ("seen: 2.1.3", lambda: connected(7),
        "sdxdisk -C -c C -g G -d D8", None, None, None),
    "members of a mirror, one too many": ("seen: 2.1.3", lambda: connected(8),
        None, "sdxdisk -C -c C -g G -d D9", "group.full", {"object": "G", "most": 8}),
    "columns of a new stripe": ("seen: 2.1.3", lambda: registered(65),
        f"sdxdisk -C -c C -g G -a type=stripe -d {names(1, 64)}",
        f"sdxdisk -C -c C -g G -a type=stripe -d {names(1, 65)}", "group.full", {"object": "G", "most": 64}),
    "columns of a stripe, one too many": ("seen: 2.1.3", lambda: connected(64, "stripe"),
        None, "sdxdisk -C -c C -g G -d D65", "group.full", {"object": "G", "most": 64}),
    "members of a new concatenation": ("seen: 2.1.3", lambda: registered(65),
        f"sdxdisk -C -c C -g G -a type=concat -d {names(1, 64)}",
        f"sdxdisk -C -c C -g G -a type=concat -d {names(1, 65)}", "group.full", {"object": "G", "most": 64}),
    "members of a concatenation, one too many": ("seen: 2.1.3", lambda: connected(64, "concat"),
        None, "sdxdisk -C -c C -g G -d D65", "group.full", {"object": "G", "most": 64}),
    "members of a new switch group": ("seen: 2.1.3", lambda: registered(3),
        "sdxdisk -C -c C -g G -a type=switch,actdisk=D1 -d D1,D2",
        "sdxdisk -C -c C -g G -a type=switch,actdisk=D1 -d D1,D2,D3", "group.full", {"object": "G", "most": 2}),

    "physical slices of a group": ("seen: D.4", lambda: holding(5, pslice="on"),
        "sdxvolume -M -c C -g G -v Last -s 1 -a pslice=on", None, None, None),
    "physical slices of a group, one too many": ("seen: D.4", lambda: holding(6, pslice="on"),
        "sdxvolume -M -c C -g G -v Last -s 1 -a pslice=off", "sdxvolume -M -c C -g G -v Last -s 1",
        "volume.slices", {"object": "Last", "group": "G"}),
    "physical slices of a single disk": ("seen: D.4", lambda: holding(6, "-d D1", "on", single),
        "sdxvolume -M -c C -d D1 -v Last -s 1 -a pslice=off", "sdxvolume -M -c C -d D1 -v Last -s 1 -a pslice=on",
        "volume.slices", {"object": "Last", "group": "D1"}),
    "volumes of a group": ("seen: D.4", lambda: holding(1023),
        "sdxvolume -M -c C -g G -v Last -s 1 -a pslice=off", None, None, None),
    "volumes of a group, one too many": ("seen: D.4", lambda: holding(1024),
        None, "sdxvolume -M -c C -g G -v Last -s 1 -a pslice=off",
        "volume.many", {"object": "Last", "group": "G", "most": 1024}),
    "volumes of a single disk": ("seen: D.4", lambda: holding(1023, "-d D1", "off", single),
        "sdxvolume -M -c C -d D1 -v Last -s 1 -a pslice=off", None, None, None),
    "volumes of a single disk, one too many": ("seen: D.4", lambda: holding(1024, "-d D1", "off", single),
        None, "sdxvolume -M -c C -d D1 -v Last -s 1 -a pslice=off",
        "volume.many", {"object": "Last", "group": "D1", "most": 1024}),

    "slices of a master and its proxies, Join": ("recalled: 65", lambda: with_proxies(31),
        "sdxproxy Join -c C -m M -p P", None, None, None),
    "slices of a master and its proxies, one too many": ("recalled: 65", lambda: with_proxies(32),
        None, "sdxproxy Join -c C -m M -p P", "join.slices", {"object": "M"}),
    "slices of a master and its proxies, Relate": ("recalled: 65", lambda: with_proxies(31, "parted"),
        "sdxproxy Relate -c C -m M -p P", None, None, None),
    "slices of a master and its proxies, one too many, Relate": ("recalled: 65", lambda: with_proxies(32, "parted"),
        None, "sdxproxy Relate -c C -m M -p P", "join.slices", {"object": "M"}),

    "stripe width": ("recalled: 85", lambda: registered(2),
        "sdxdisk -C -c C -g G -a type=stripe,width=1 -d D1,D2", "sdxdisk -C -c C -g G -a type=stripe,width=0 -d D1,D2",
        "attribute.value", {"attribute": "width", "value": "0"}),
    "stripe width, a power of two": ("recalled: 85", lambda: registered(2),
        "sdxdisk -C -c C -g G -a type=stripe,width=64 -d D1,D2",
        "sdxdisk -C -c C -g G -a type=stripe,width=63 -d D1,D2", "attribute.value", {"attribute": "width", "value": "63"}),
    "stripe width, with zeros in front": ("recalled: 85", lambda: registered(2),
        "sdxdisk -C -c C -g G -a type=stripe,width=064 -d D1,D2",
        "sdxdisk -C -c C -g G -a type=stripe,width=065 -d D1,D2",
        "attribute.value", {"attribute": "width", "value": "065"}),
    "I/O response time, most": ("ours", lambda: registered(1),
        "sdxattr -C -c C -a iotimeout=on:9999", "sdxattr -C -c C -a iotimeout=on:10000",
        "attribute.value", {"attribute": "iotimeout", "value": "on:10000"}),
    "I/O response time, least": ("ours", lambda: registered(1),
        "sdxattr -C -c C -a iotimeout=on:1", "sdxattr -C -c C -a iotimeout=on:0",
        "attribute.value", {"attribute": "iotimeout", "value": "on:0"}),
    "size of a volume, least": ("seen: D.4", lambda: connected(1),
        "sdxvolume -M -c C -g G -v V -s 1", "sdxvolume -M -c C -g G -v V -s 0", "size.illegal", {"size": "0"}),
    "one root class a node": ("seen: A.1.2", lab,
        "sdxdisk -M -c R -a type=root -d c9t1d0=D", None, None, None),
    "one root class a node, one too many": ("seen: A.1.2", lambda: Trial(load("data")),
        None, "sdxdisk -M -c R -a type=root -d c3t1d0=D", "class.root_exists", {"class": "System"}),
    **{f"{name}, {what}": ("recalled: 70", lab, f"sdxparam -S -p {name}={at}", f"sdxparam -S -p {name}={past}",
                           "param.value", {"param": name, "val": str(past)})
       for names_, bounds in ((("copy_concurrency", "proxy_copy_concurrency"), (("least", 1, 0), ("most", 1024, 1025))),
                              (("copy_delay", "proxy_copy_delay", "spare_copy_delay"), (("most", 1000, 1001),)))
       for name in names_ for what, at, past in bounds},
}
# fmt: on


@pytest.mark.parametrize("what", [what for what, row in LIMITS.items() if row[2]])
def test_at_the_limit(what):
    _, ready, at, _, _, _ = LIMITS[what]
    ready().done(at)


@pytest.mark.parametrize("what", [what for what, row in LIMITS.items() if row[3]])
def test_one_past_the_limit(what):
    _, ready, _, past, message, fields = LIMITS[what]
    ready().refused(past, message, **fields)


def test_a_volume_takes_all_that_is_free_and_not_a_block_more():
    made = connected(1)
    room = free(made)
    made.refused(f"sdxvolume -M -c C -g G -v V -s {room + 1}", "join.small", object="G")
    made.done(f"sdxvolume -M -c C -g G -v V -s {room}")
    assert free(made) == 0


def test_a_volume_grows_to_the_end_and_not_a_block_further():
    made = connected(1)
    room = free(made)
    made.done("sdxvolume -M -c C -g G -v V -s 1")
    made.refused(f"sdxvolume -S -c C -v V -s {room + 1}", "join.small", object="G")
    made.done(f"sdxvolume -S -c C -v V -s {room}")


def test_local_classes_are_not_limited():
    """A.1.2 (seen); nor are the disks of a class here, whose limits no source tells."""
    made = lab(200)
    for n in range(1, 65):
        made.done(f"sdxdisk -M -c C{n} -d c9t{n}d0=D{n}")
    made.done(f"sdxdisk -M -c C1 -d {disks(65, 200)}")


def with_delay():
    """(form, the words of -e) of every form that has delay."""
    return sorted({form.synopsis.split("-c")[0].strip() for form in FORMS if "delay=msec" in form.synopsis})


def test_the_forms_with_a_delay_are_these():
    assert [word for word in with_delay()] == [
        "sdxcopy -B", "sdxcopy -P", "sdxdisk -C", "sdxgroup -C", "sdxproxy Join", "sdxproxy Rejoin",
        "sdxproxy RejoinRestore", "sdxslice -R", "sdxswap -I", "sdxvolume -M", "sdxvolume -N",
    ]  # fmt: skip


DELAYED = {
    "sdxcopy -B": "-v V", "sdxcopy -P": "-v V", "sdxdisk -C": "-g G -d D1", "sdxgroup -C": "-h H -l L",
    "sdxproxy Join": "-m M -p P", "sdxproxy Rejoin": "-p P", "sdxproxy RejoinRestore": "-p P",
    "sdxslice -R": "-s D.V", "sdxswap -I": "-d D1", "sdxvolume -M": "-g G -v V -s 1", "sdxvolume -N": "-v V",
}  # fmt: skip


@pytest.mark.parametrize("form", DELAYED)
def test_a_delay_is_at_most_1000(form):
    """Recalled: 85. At the limit another refusal comes: there is no such class."""
    made = lab()
    made.refused(f"{form} -c C {DELAYED[form]} -e delay=1001", "usage.value", option="delay", value="1001")
    made.refused(f"{form} -c C {DELAYED[form]} -e delay=1000", "class.unknown", **{"class": "C"})
    made.refused(f"{form} -c C {DELAYED[form]} -e delay=0", "class.unknown", **{"class": "C"})


@pytest.mark.parametrize(("count", "needed"), [(1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (9, 3)])
def test_how_many_disks_a_class_needs(count, needed):
    """F.1.4 and D.9 (seen): it is open with so many accessible, and closed with one less."""
    made = registered(count)
    for n in range(1, count - needed + 1):
        made.lab, _ = mishap.met(made.lab, ("path", f"c9t{n}d0"), None, None, made.now)
    assert made.lab.classes["C"].closed == {}
    made.lab, _ = mishap.met(made.lab, ("path", f"c9t{count}d0"), None, None, made.now)
    assert made.lab.classes["C"].closed == {"node1": "FewDB" if needed > 1 else "NoDB"}
    made.refused("sdxfix -C -c C", "class.databases", **{"class": "C"})
    made.lab, _ = mishap.met(made.lab, ("path", f"c9t{count}d0", "repair"), None, None, made.now)
    made.done("sdxfix -C -c C")
