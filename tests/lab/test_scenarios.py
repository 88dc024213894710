"""Scenarios: the shipped ones are what the manual's page begins with, and bad ones are refused whole."""

import copy
import json
import os
import re

import pytest

from sdxsim.execute import execute
from sdxsim.lab import scenarios
from sdxsim.lab.scenarios import ScenarioError, from_document, load, names, parsed, validate
from sdxsim.lab.scenarios.shape import KINDS
from sdxsim.model.calendar import date
from sdxsim.model.clock import freeze
from sdxsim.model.queries import find_volume, place_of, sees
from sdxsim.model.records import PlainSlice
from sdxsim.model.sizes import areas
from sdxsim.rules.copying import settle
from sdxsim.solaris import condition
from sdxsim.store.document import Document, from_bytes, to_bytes

CYLINDER = 3_591
DISK = 17_682_084


@pytest.fixture
def lab():
    return load("backing-up")


@pytest.fixture
def volumes(lab):
    return lab.classes["System"].volumes


def said(lab, *argv):
    outcome = execute(lab, list(argv), lab.clock.virtual)
    assert (outcome.status, outcome.stderr) == (0, ""), (argv, outcome[1:])
    return outcome.stdout


# -- the page's starting point ------------------------------------------------------------------------------


def test_both_scenarios_are_shipped_each_with_a_line_about_it():
    found = dict(names())
    assert {"backing-up", "single-user"} <= found.keys()
    assert all(about and "\n" not in about for about in found.values())


def test_the_lab_knows_where_it_comes_from_and_begins_at_nine(lab):
    assert lab.scenario == "backing-up"
    assert date(lab.clock.virtual) == "Mon Oct  2 09:00:00 UTC 2006"
    assert (lab.clock.mode, lab.clock.speed, lab.clock.wall) == ("running", 1, 0)
    assert (lab.functions, lab.strict, lab.copies) == (("OPC",), False, ())
    assert (lab.soft_rate, lab.array_rate) == (20_480, 20_480)


def test_twenty_four_slices_in_the_pages_order_all_at_rest(lab):
    rows = [line.split() for line in said(lab, "sdxinfo", "-S", "-c", "System").splitlines()[2:]]
    layout = (
        ("Group1", ("Root1", "Root2"), ("root", "usr", "home"), "ACTIVE"),
        ("Group2", ("Var1", "Var2"), ("swap", "var", "opt"), "ACTIVE"),
        ("Proxy1", ("Proot1", "Proot2"), ("Proot", "Pusr", "Phome"), "STOP"),
        ("Proxy2", ("Pvar1", "Pvar2"), ("Pswap", "Pvar", "Popt"), "STOP"),
    )
    wanted = [
        ["slice", "System", group, disk, volume, status]
        for group, disks, volumes, status in layout
        for volume in volumes
        for disk in disks
    ]
    assert rows == wanted
    assert len(rows) == 24


def test_devices_and_the_disks_they_are_registered_as(lab):
    disks = lab.classes["System"].disks
    registered = {name: disk.device for name, disk in disks.items()}
    assert registered == {
        "Root1": "c0t0d0", "Root2": "c0t1d0", "Proot1": "c0t2d0", "Proot2": "c0t3d0",
        "Var1": "c0t4d0", "Var2": "c0t5d0", "Pvar1": "c0t8d0", "Pvar2": "c0t9d0",
    }  # fmt: skip
    for name, device in lab.devices.items():
        assert device.path == f"/pci@1f,4000/scsi@3/disk@{name[3]},0"
        assert (device.blocks, device.cylinder, device.bootable) == (DISK, CYLINDER, True)
    assert [disks[n].group for n in ("Root2", "Var1", "Proot1", "Pvar2")] == ["Group1", "Group2", "Proxy1", "Proxy2"]


@pytest.mark.parametrize(
    ("name", "first", "cylinders", "number"),
    [
        ("root", 0, 584, 0), ("usr", 584, 1168, 6), ("home", 1752, 2920, 7),
        ("swap", 0, 292, 1), ("var", 292, 1460, 3), ("opt", 1752, 1752, 4),
    ],
)  # fmt: skip
def test_a_volume_and_its_proxy_lie_at_the_same_place(volumes, name, first, cylinders, number):
    for volume in (volumes[name], volumes["P" + name]):
        assert (volume.first, volume.blocks) == (first * CYLINDER, cylinders * CYLINDER)
        assert (volume.number, volume.pslice, volume.lock, volume.valid) == (number, True, False, True)
        assert volume.jrm == (name != "swap")


def test_masters_run_read_write_and_joined_proxies_rest_read_only(volumes):
    for name in ("root", "usr", "home", "swap", "var", "opt"):
        assert (volumes[name].mode, volumes[name].started) == ("rw", {"node1": "rw"})
        assert (volumes["P" + name].mode, volumes["P" + name].started) == ("ro", {})


def test_proxy_groups_are_joined_to_their_masters_volume_by_volume(lab):
    relations = lab.classes["System"].relations
    assert [(r.master, r.proxy, r.kind, r.state) for r in relations] == [
        ("Group1", "Proxy1", "group", "joined"),
        ("Group2", "Proxy2", "group", "joined"),
    ]
    assert [(p.master, p.proxy, p.tracking) for r in relations for p in r.pairs] == [
        (name, "P" + name, None) for name in ("root", "usr", "home", "swap", "var", "opt")
    ]


def test_the_private_area_lies_directly_behind_the_last_volume(lab):
    klass = lab.classes["System"]
    for name, behind in (("Group1", 4672), ("Group2", 3504), ("Proxy1", 4672), ("Proxy2", 3504)):
        group = klass.groups[name]
        assert (group.blocks, group.unit, group.type) == (DISK, CYLINDER, "mirror")
        assert group.private == ((behind * CYLINDER, 21_546),)
        held = [v for v in klass.volumes.values() if v.group == name]
        kinds = [what if isinstance(what, str) else what.name for _, _, what in areas(group, held)]
        assert kinds == [*(v.name for v in held), "PRIVATE", "FREE"]


FULL = "rw,intr,largefiles,logging,xattr,onerror=panic"


def test_the_running_system_is_mounted_from_the_masters(lab):
    node = lab.nodes["node1"]
    mounted = {m.point: (m.special, m.type, m.options) for m in node.mounts}
    special = "/dev/sfdsk/System/dsk/"
    assert mounted == {
        "/": (special + "root", "ufs", FULL),
        "/usr": (special + "usr", "ufs", FULL),
        "/var": (special + "var", "ufs", FULL.replace("logging,", "")),
        "/home": (special + "home", "ufs", FULL),
        "/opt": (special + "opt", "ufs", FULL),
        "-": (special + "swap", "swap", "rw"),
    }
    assert node.power == "multi-user"
    assert 0 < node.booted_at < lab.clock.virtual
    assert all(m.at == node.booted_at for m in node.mounts)
    path = "/pci@1f,4000/scsi@3/disk@"
    assert node.boot_path == f"{path}0,0:a"
    assert node.nvram["boot-device"] == f"{path}0,0:a {path}1,0:a"


def test_single_user_is_the_same_without_home_and_opt(lab):
    single = load("single-user")
    node = single.nodes["node1"]
    assert [m.point for m in node.mounts] == ["/", "-", "/usr", "/var"]
    assert (single.scenario, node.power) == ("single-user", "single-user")
    assert node.nvram == lab.nodes["node1"].nvram
    assert single.devices == lab.devices
    for name, volume in lab.classes["System"].volumes.items():
        assert single.classes["System"].volumes[name] == volume


def test_file_systems_fit_their_volumes_with_a_little_overhead(volumes):
    for name in ("root", "usr", "home", "var", "opt"):
        volume, data = volumes[name], volumes[name].data
        wanted = data.used + data.frags + 8 * data.blocks
        assert 0.96 < wanted / (volume.blocks // 2) <= 0.97, name
        assert min(data.inodes, data.used, data.frags, data.blocks) > 0
        assert data.type == "ufs"
        assert "/lost+found" in data.files
    assert volumes["swap"].data.type == "swap"


def test_only_var_is_without_a_log_and_so_has_work_for_fsck(volumes):
    assert {n: v.data.flag for n, v in volumes.items() if v.data.type == "ufs" and n[0] != "P"} == {
        "root": condition.LOG, "usr": condition.LOG, "home": condition.LOG,
        "var": condition.ACTIVE, "opt": condition.LOG,
    }  # fmt: skip
    assert [n for n, v in volumes.items() if not v.data.logging] == ["var", "Pvar"]
    busy = {n: v.data.busy for n, v in volumes.items() if n[0] != "P" and v.data.type == "ufs"}
    assert busy == {"root": (0, 7), "usr": (), "home": (2,), "var": (0, 3), "opt": (1,)}
    wear = {n: v.wear for n, v in volumes.items() if n[0] != "P"}
    assert wear == {"root": 600, "usr": 0, "home": 1200, "swap": 300, "var": 2400, "opt": 300}


def test_the_root_file_system_names_its_volumes(volumes):
    files = volumes["root"].data.files
    bound = [files["/etc/vfstab"], files["/etc/system"]]
    assert {(f.owner, f.group, f.mode) for f in bound} == {("root", "sys", 0o644)}
    lines = [line.split() for line in files["/etc/vfstab"].text.splitlines()]
    mounted = {fields[2]: (fields[0].rsplit("/", 1)[1], fields[6]) for fields in lines if "sfdsk" in fields[0]}
    assert mounted == {
        "-": ("swap", "-"), "/": ("root", "-"), "/usr": ("usr", "-"),
        "/var": ("var", "nologging"), "/home": ("home", "-"), "/opt": ("opt", "-"),
    }  # fmt: skip
    assert "System,root" in files["/etc/system"].text
    assert {"/etc", "/mnt", "/usr", "/var", "/home", "/opt", "/tmp"} <= set(volumes["root"].data.files.keys())


def test_joined_proxies_hold_what_their_masters_hold(volumes):
    for name in ("root", "usr", "home", "swap", "var", "opt"):
        assert volumes["P" + name].data == volumes[name].data


def test_a_reboot_mounts_what_the_scenario_says_is_mounted(lab):
    down = execute(lab, ["shutdown", "-y", "-g0", "-i0"], lab.clock.virtual).lab
    for words, wanted in (([], lab), (["-s"], load("single-user"))):
        up = execute(down, ["boot", *words], down.clock.virtual)
        assert up.status == 0
        booted, node = up.lab.nodes["node1"], wanted.nodes["node1"]
        assert {m[:4] for m in booted.mounts} == {m[:4] for m in node.mounts}
        assert [m.point for m in booted.mounts] == [m.point for m in node.mounts]
        assert (booted.power, booted.boot_path) == (node.power, node.boot_path)


# -- what else may be said ----------------------------------------------------------------------------------

BARE = {
    "about": "nothing registered yet: plain slices",
    "clock": {"start": "2006-10-02 09:00:00"},
    "devices": [
        {
            "name": "c0t0d0", "path": "/pci@1f,4000/scsi@3/disk@0,0", "blocks": DISK, "cylinder": CYLINDER,
            "slices": {
                "0": {"first": 0, "blocks": 584 * CYLINDER, "tag": "root"},
                "1": {"first": 584 * CYLINDER, "blocks": 292 * CYLINDER, "tag": "swap"},
                "2": {"first": 0, "blocks": DISK, "tag": "backup"},
            },
        },
        {"name": "c0t1d0", "path": "/pci@1f,4000/scsi@3/disk@1,0", "blocks": DISK, "cylinder": CYLINDER},
    ],
    "nodes": [
        {
            "name": "node1", "boot_path": "/pci@1f,4000/scsi@3/disk@0,0:a",
            "mounts": [
                {"special": "/dev/dsk/c0t0d0s0", "point": "/"}, {"special": "/dev/dsk/c0t0d0s1", "point": "-"},
            ],
        },
    ],
}  # fmt: skip

CLUSTER = {
    "clock": {"start": "2006-10-02 09:00:00", "mode": "frozen"},
    "every_device": {"blocks": 17_682_084, "cylinder": CYLINDER},
    "devices": [{"name": f"c1t{t}d0", "path": f"/pci@8/scsi@1/disk@{t},0"} for t in range(10)],
    "nodes": [{"name": "node1"}, {"name": "node2"}, {"name": "node3", "power": "obp"}],
    "classes": [
        {
            "name": "Shared", "type": "shared", "scope": ["node1", "node2"],
            "disks": [
                *({"name": f"Disk{t}", "device": f"c1t{t}d0"} for t in range(6)),
                {"name": "Spare1", "device": "c1t6d0", "type": "spare"},
                {
                    "name": "Single1", "device": "c1t7d0", "type": "single",
                    "volumes": [{"name": "alone", "blocks": 32_768, "started": {"node2": "ro"}}],
                },
            ],
            "groups": [
                {"name": "Stripe1", "type": "stripe", "members": ["Disk0", "Disk1"], "width": 64},
                {"name": "Stripe2", "type": "stripe", "members": ["Disk2", "Disk3"], "width": 64},
                {
                    "name": "Mirror1", "type": "mirror", "members": ["Stripe1", "Stripe2"],
                    "volumes": [
                        {"name": "data", "blocks": 65_536, "slices": {"Stripe2": "INVALID"}},
                        {"name": "gap", "blocks": 32_768, "first": 327_680, "lock": True},
                    ],
                },
                {
                    "name": "Switch1", "type": "switch", "members": ["Disk4", "Disk5"],
                    "volumes": [
                        {"name": "copy", "proxy_of": "alone", "relation": "parted", "started": False},
                        {"name": "lost", "blocks": 32_768, "slices": {"Disk4": {"status": "INVALID"}}},
                    ],
                },
            ],
        },
        {
            "name": "Local", "type": "local", "scope": ["node3"],
            "disks": [{"name": "Disk0", "device": "c1t9d0", "status": "SWAP", "error": True}],
            "groups": [{"name": "Group1", "members": ["Disk0"], "volumes": [{"name": "v", "blocks": 32_768}]}],
        },
    ],
    "faults": [
        {"at": "2006-10-02 09:20:00", "what": "power"},
        {"at": "2006-10-02 09:10:00", "what": "disk Shared/Disk0 replace 100", "about": "too small"},
        {"at": "2006-10-02 09:00:00", "what": "copy-source Shared data"},
    ],
}  # fmt: skip


def stands(lab):
    """The lab is one: it can be written and read, and shown on each of its nodes."""
    document = Document(1, {}, lab)
    assert from_bytes(to_bytes(document), "x") == document
    for name, node in lab.nodes.items():
        if node.power != "obp":
            for line in ("sdxinfo -A -e long", "mount"):
                outcome = execute(lab, line.split(), lab.clock.virtual, name)
                assert outcome.status == 0, outcome


def test_a_drive_that_does_not_answer_has_been_noticed():
    document = {**CLUSTER, "faults": [], "devices": [{**d, "present": d["name"] != "c1t0d0"} for d in CLUSTER["devices"]]}
    document["classes"] = [{**c, "groups": [{**g} for g in c["groups"]]} for c in CLUSTER["classes"]]
    document["classes"][0]["groups"][2] = {**CLUSTER["classes"][0]["groups"][2], "volumes": [{"name": "d", "blocks": 65_536}]}
    klass = from_document(document).classes["Shared"]
    assert klass.disks["Disk0"].error
    assert [s.status for s in klass.volumes["d"].slices] == ["INVALID", "ACTIVE", "COPY"]


def test_faults_stand_in_the_order_of_their_time():
    lab = from_document(CLUSTER)
    start = lab.clock.virtual
    assert lab.faults == (
        (start, "copy-source", "Shared", "data"),
        (start + 600_000, "disk", "Shared/Disk0", "replace", "100"),
        (start + 1_200_000, "power"),
    )
    later = settle(lab, start + 600_000)
    assert later.devices["c1t0d0"].blocks == 100
    assert [s.status for s in later.classes["Shared"].volumes["gap"].slices] == ["INVALID", "STOP", "COPY"]


def test_a_bare_host_runs_from_plain_slices():
    lab = from_document(BARE)
    stands(lab)
    assert "/ on /dev/dsk/c0t0d0s0 " in said(lab, "mount")
    assert lab.devices["c0t0d0"].slices["1"] == PlainSlice(584 * CYLINDER, 292 * CYLINDER, "swap")
    assert lab.classes == {}


@pytest.mark.parametrize("name", ["node1", "node2"])
def test_each_node_of_a_cluster_boots_from_its_own_disk(name):
    lab = load("cluster")
    lab = lab._replace(clock=freeze(lab.clock, lab.clock.wall))
    for line in ("shutdown -y -g0 -i0", "boot"):
        outcome = execute(lab, line.split(), lab.clock.virtual, name)
        assert outcome.status == 0, outcome
        lab = outcome.lab
    before, after = load("cluster").nodes, lab.nodes
    assert after[name].power == "multi-user"
    assert [(m.special, m.point) for m in after[name].mounts] == [(m.special, m.point) for m in before[name].mounts]
    assert after[name].boot_path == before[name].boot_path
    other = next(node for node in before if node != name)
    assert after[other] == before[other]


def test_each_node_of_a_cluster_has_its_own_name_in_its_files_and_knows_the_other():
    lab = load("cluster")
    for name, node in lab.nodes.items():
        special = {m.point: m.special for m in node.mounts}
        root, usr, var = (find_volume(lab, *place_of(lab, special[p])).data.files for p in ("/", "/usr", "/var"))
        assert root["/etc/nodename"].text == f"{name}\n"
        assert [row.split()[1:] for row in root["/etc/hosts"].text.splitlines()] == [
            ["localhost"], *([each, "loghost"] if each == name else [each] for each in lab.nodes),
        ]  # fmt: skip
        assert usr["/share/motd"].text == f"Welcome to {name}\n"
        assert {line.split()[3] for line in var["/adm/messages"].text.splitlines()} == {name}


def test_a_cluster_has_a_shared_class_and_a_local_one_for_each_node():
    lab = load("cluster")
    assert {k.name: (k.type, k.scope) for k in lab.classes.values()} == {
        "Class1": ("shared", ("node1", "node2")), "Local1": ("local", ("node1",)), "Local2": ("local", ("node2",)),
    }  # fmt: skip
    for name, node in lab.nodes.items():
        seen = {d.name for d in lab.devices.values() if sees(node, d)}
        local = "c0" if name == "node1" else "c3"
        assert {device[:2] for device in seen} == {local, "c1", "c2"}
    assert {d.blocks for d in lab.devices.values()} == {17_682_084}
    assert not any(v.started for v in lab.classes["Class1"].volumes.values())


def test_plain_slices_hold_file_systems_and_keep_disks_have_a_private_one():
    document = copy.deepcopy(BARE)
    root = {"type": "ufs", "point": "/", "used": 100, "files": {"/etc/motd": {"text": "hello"}}, "logging": False}
    document["devices"][0]["slices"]["0"].update(holds=root, wear=7)
    lab = from_document(document)
    stands(lab)
    piece = lab.devices["c0t0d0"].slices["0"]
    assert (piece.data.files["/etc/motd"].text, piece.data.fsmnt, piece.wear) == ("hello", "/", 7)
    assert not condition.okay(piece.data)  # it is mounted, without a log
    assert "/ on /dev/dsk/c0t0d0s0 read/write/setuid/devices/intr/largefiles/xattr" in said(lab, "mount")
    document["devices"][0]["slices"]["0"]["holds"]["files"] = {"/etc/vfstab": {"generate": "vfstab"}}
    document["devices"][0]["slices"]["1"]["holds"] = {"type": "swap", "point": "/"}
    document["devices"][0]["slices"]["1"]["blocks"] = DISK
    assert validate(document) == [
        "devices[0].slices.0.holds.files['/etc/vfstab'].generate: is for volumes of a class, a plain slice has the text itself",
        "devices[0].slices.1.holds.point: is for ufs, this is swap",
        f"devices[0].slices.1.blocks: {DISK:,} do not fit: {DISK - 584 * CYLINDER:,} of {DISK:,} left",
    ]
    document = copy.deepcopy(BARE)
    document["nodes"][0]["mounts"] = []
    disks = [{"name": "Root1", "device": "c0t0d0", "type": "keep"}, {"name": "Root2", "device": "c0t1d0"}]
    lab = from_document({**document, "classes": [{"name": "System", "type": "root", "disks": disks}]})
    assert lab.devices["c0t0d0"].slices["7"] == PlainSlice(876 * CYLINDER, 6 * CYLINDER, "private")
    assert lab.classes["System"].private == 6 * CYLINDER
    out = said(lab, "sdxdisk", "-C", "-c", "System", "-g", "G", "-d", "Root1,Root2", "-v", "0=root:on,1=swap:off")
    assert "swap: created volume" in out


def test_shared_and_local_classes_spares_stripes_and_single_disks():
    lab = from_document(CLUSTER)
    stands(lab)
    shared, volumes = lab.classes["Shared"], lab.classes["Shared"].volumes
    assert shared.groups["Mirror1"].blocks == 2 * (DISK // 32_768 * 32_768) - 65_536
    assert shared.groups["Mirror1"].private == ((0, 65_536),)
    assert shared.groups["Stripe1"].private == ()
    assert (volumes["data"].first, volumes["gap"].first, volumes["alone"].first) == (65_536, 327_680, 65_536)
    assert [(s.member, s.status) for s in volumes["data"].slices] == [("Stripe1", "ACTIVE"), ("Stripe2", "INVALID")]
    assert [(s.member, s.status) for s in volumes["gap"].slices] == [("Stripe1", "STOP"), ("Stripe2", "STOP")]
    assert volumes["data"].started == {"node1": "rw", "node2": "rw"}
    assert (volumes["alone"].group, volumes["alone"].started) == (None, {"node2": "ro"})
    assert (volumes["lost"].valid, volumes["lost"].started) == (False, {})
    (relation,) = shared.relations
    assert relation[:4] == ("alone", "copy", "volume", "parted")
    assert relation.pairs[0].tracking.since == lab.clock.virtual
    assert volumes["copy"].blocks == volumes["alone"].blocks
    local = lab.classes["Local"]
    assert (local.disks["Disk0"].status, local.disks["Disk0"].error) == ("SWAP", True)
    assert local.volumes["v"].slices[0].status == "STOP"  # its only node is at the ok prompt


def test_a_parted_proxy_holds_an_image_that_fsck_has_to_look_at():
    document = shipped("backing-up")
    for group in document["classes"][0]["groups"][2:]:
        group["relation"] = "parted"
    volumes = from_document(document).classes["System"].volumes
    assert volumes["Pvar"].data.defects
    assert volumes["Pvar"].started == {"node1": "ro"}
    assert not volumes["var"].data.defects


# -- like ---------------------------------------------------------------------------------------------------


def written(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def test_a_document_may_be_like_another_but_for_what_it_says(tmp_path):
    written(tmp_path / "base.json", {"like": "backing-up", "functions": [], "strict": True})
    own = {"like": "base.json", "strict": None, "nodes": [{"name": "node1", "nvram": {"boot-device": "disk"}}]}
    lab = load(written(tmp_path / "own.json", own))
    assert (lab.scenario, lab.functions, lab.strict) == ("own", (), False)
    assert lab.nodes["node1"].nvram == {**load("backing-up").nodes["node1"].nvram, "boot-device": "disk"}
    assert len(lab.nodes["node1"].mounts) == 6


def test_named_things_go_one_over_the_other_and_new_ones_stand_at_the_end(tmp_path):
    disk = {"name": "c0t10d0", "path": "/pci@1f,4000/scsi@3/disk@a,0"}
    groups = [{"name": "Group1", "volumes": [{"name": "home", "wear": 5}]}]
    own = {"like": "backing-up", "devices": [disk], "classes": [{"name": "System", "groups": groups}]}
    lab = load(written(tmp_path / "own.json", own))
    assert list(lab.devices)[-2:] == ["c0t9d0", "c0t10d0"]
    assert lab.classes["System"].volumes["home"].wear == 5


@pytest.mark.parametrize(
    ("like", "complaint"),
    [
        ("backing-pu", "like: no scenario 'backing-pu', did you mean 'backing-up'?"),
        ("own.json", "like: 'own.json' is like this one again"),
        ("none.json", "like: cannot read none.json: No such file or directory"),
        ("list.json", "like: 'list.json' is a list, not an object"),
        (7, "like: must be the name of a scenario, not a number"),
    ],
)
def test_a_like_that_leads_nowhere_is_refused(tmp_path, like, complaint):
    written(tmp_path / "list.json", [])
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path / "own.json", {"like": like}))
    (line,) = caught.value.complaints
    assert line.replace(f"{tmp_path}/", "") == complaint


# -- refusals -----------------------------------------------------------------------------------------------


def shipped(name):
    """A shipped document, whole (laid over the one it is like), to be spoilt."""
    with open(f"{scenarios._directory()}/{name}.json", encoding="utf-8") as file:
        document = json.load(file)
    return scenarios.merged(shipped(document.pop("like")), document) if "like" in document else document


def at(document, path):
    """(the object or list that holds the last step, the last step) of a path like classes[0].name."""
    steps = [int(s) if s.isdigit() else s for s in re.findall(r"[^.\[\]]+", path)]
    for step in steps[:-1]:
        document = document[step]
    return document, steps[-1]


def put(document, path, value):
    holder, last = at(document, path)
    holder[last] = value


GROUP = "classes[0].groups[0]"
VOLUMES = f"{GROUP}.volumes"

# fmt: off
BROKEN = [
    ("a volume that is too large, the example of the manual's disk",
     {"classes[0].groups[1].volumes[2].cylinders": 9999},
     ["classes[0].groups[1].volumes[2].cylinders: 9,999 do not fit: 4,924 in the group"]),
    ("a volume that is too large for what is left; its proxy is not blamed, the private area still fits",
     {"classes[0].groups[1].volumes[2].cylinders": 4000},
     ["classes[0].groups[1].volumes[2].cylinders: 4,000 do not fit: 3,172 of 4,924 left in the group"]),
    ("areas given in blocks",
     {"classes[0].groups[0].volumes[0].blocks": 100, "classes[0].groups[0].volumes[1].first": 3591,
      "classes[0].groups[0].volumes[2].first": 7},
     ["classes[0].groups[0].volumes[0].blocks: cylinders are given too, one of the two is enough",
      "classes[0].groups[0].volumes[2].first: 7 is not a multiple of 3,591"]),
    ("areas that overlap",
     {f"{VOLUMES}[1].first": 3591},
     [f"{VOLUMES}[1]: blocks from 3,591 on overlap 'root'",
      "classes[0].groups[2].volumes[1]: blocks from 3,591 on overlap 'Proot'"]),
    ("an unknown key and missing ones, at every depth",
     {"clok": {}, "clock.sped": 2, f"{VOLUMES}[0].wera": 1},
     ["clok: unknown key, did you mean 'clock'?", "clock.sped: unknown key, did you mean 'speed'?",
      f"{VOLUMES}[0].wera: unknown key, did you mean 'wear'?"]),
    ("wrong types",
     {"strict": "no", "soft_rate": 0, "functions": ["OPC", "RAID"], "devices[1]": 7, "clock.speed": 1.5},
     ["clock.speed: must be a whole number, not a fraction", "functions[1]: 'RAID' is not known, it may be OPC, EC",
      "strict: must be true or false, not text", "soft_rate: must be at least 1",
      "devices[1]: must be an object, not a number",
      "classes[0].disks[1].device: no device 'c0t1d0', did you mean 'c0t9d0'?"]),
    ("names that are none",
     {"classes[0].name": "Sys/tem", f"{VOLUMES}[1].name": "u" * 33, "classes[0].disks[3].name": "-x"},
     ["classes[0].name: 'Sys/tem' is no name: A-Z a-z 0-9 - _, beginning with a letter or a digit",
      "classes[0].disks[3].name: '-x' is no name: A-Z a-z 0-9 - _, beginning with a letter or a digit",
      f"{VOLUMES}[1].name: '{'u' * 33}' has 33 characters, 32 are the most"]),
    ("one name for several objects of a class",
     {"classes[0].disks[1].name": "Group2", f"{VOLUMES}[2].name": "root"},
     ["classes[0].groups[1].name: 'Group2' is the name of classes[0].disks[1] already",
      f"{VOLUMES}[2].name: 'root' is the name of {VOLUMES}[0] already",
      f"{GROUP}.members[1]: no disk or group 'Root2', did you mean 'Root1'?"]),
    ("references to what is not there",
     {"classes[0].disks[0].device": "c0t7d0", f"{GROUP}.members[1]": "Root3", "classes[0].scope[0]": "nodel",
      "classes[0].groups[2].proxy_of": "Group3", "nodes[0].mounts[2].special": "/dev/sfdsk/System/dsk/user"},
     ["classes[0].disks[0].device: no device 'c0t7d0', did you mean 'c0t9d0'?",
      f"{GROUP}.members[1]: no disk or group 'Root3', did you mean 'Root2'?",
      "classes[0].scope[0]: no node 'nodel', did you mean 'node1'?",
      "classes[0].groups[2].proxy_of: no group 'Group3', did you mean 'Group2'?",
      "nodes[0].mounts[2].special: class 'System' is not shared by 'node1'"]),
    ("mounts that cannot be",
     {"nodes[0].mounts[2].special": "/dev/sfdsk/System/dsk/user", "nodes[0].mounts[3].point": "var",
      "nodes[0].mounts[4].special": "/dev/sfdsk/System/dsk/Phome", "nodes[0].mounts[5].point": "/",
      "nodes[0].mounts[0].options": "rw,loging", "nodes[0].mounts[1].special": "/dev/dsk/c0t0d0s1"},
     ["nodes[0].mounts[0].options: 'loging' is no mount option of ufs, did you mean 'logging'?",
      "nodes[0].mounts[1].special: devices[0] has no slice 1",
      "nodes[0].mounts[1].special: c0t0d0 is registered as classes[0].disks[0]: its slices are closed to users",
      "nodes[0].mounts[2].special: no volume 'user' in class 'System', did you mean 'usr'?",
      "nodes[0].mounts[3].point: 'var' is no absolute path of a directory, nor - for swap",
      "nodes[0].mounts[4].special: 'Phome' is not started on 'node1'",
      "nodes[0].mounts[5].point: is covered by nodes[0].mounts[0] already"]),
    ("physical slices",
     {f"{VOLUMES}[0].pslice": 2, f"{VOLUMES}[1].pslice": 8, "classes[0].groups[1].volumes[1].pslice": 1,
      "classes[0].groups[1].volumes[2].pslice": -1},
     [f"{VOLUMES}[0].pslice: 2 is the whole disk", f"{VOLUMES}[1].pslice: 8 is no physical slice, they are 0 to 7",
      "classes[0].groups[1].volumes[1].pslice: 1 is the physical slice of classes[0].groups[1].volumes[0] already",
      "classes[0].groups[1].volumes[2].pslice: must be at least 0"]),
    ("seven volumes with a physical slice",
     {VOLUMES: [{"name": f"v{n}", "cylinders": 1, "pslice": n} for n in (0, 1, 3, 4, 5, 6, 7)]},
     [f"{GROUP}.volumes: 7 with a physical slice are too many, 6 is the most"]),
    ("nine members of a mirror",
     {f"{GROUP}.members": ["Root1", "Root2", *(f"Other{n}" for n in range(7))]},
     [f"{GROUP}.members: 9 are too many for a mirror group, 8 is the most"]),
    ("two root classes on a node",
     {"classes": [{"name": "System", "type": "root"}, {"name": "System2", "type": "root"}]},
     ["classes[1].type: 'node1' has a root class already, classes[0]"]),
    ("statuses",
     {f"{VOLUMES}[0].slices": {"Root1": "ACTVE", "Root2": "COPY"}, f"{VOLUMES}[1].slices": {"Root3": "STOP"},
      "classes[0].groups[2].volumes[0].slices": {"Proot1": "ACTIVE"}, "classes[0].disks[0].status": "ENABEL",
      "classes[0].groups[2].volumes[1].started": True, f"{VOLUMES}[2].slices": {"Root1": "INVALID", "Root2": "NOUSE"}},
     [f"{VOLUMES}[0].slices.Root1: 'ACTVE' is not known, did you mean 'ACTIVE'?",
      f"{VOLUMES}[0].slices.Root2: COPY needs a copy under way, and a scenario begins without one",
      f"{VOLUMES}[1].slices.Root3: is no member of its group, did you mean 'Root2'?",
      "classes[0].groups[2].volumes[0].slices.Proot1: cannot be ACTIVE: the volume is not started",
      "classes[0].disks[0].status: 'ENABEL' is not known, did you mean 'ENABLE'?",
      "classes[0].groups[2].volumes[1].started: a joined proxy does not run",
      "nodes[0].mounts[4].special: 'home' is not started on 'node1'"]),
    ("masters and proxies that do not match",
     {"classes[0].groups[2].volumes[0]": {"name": "Proot", "proxy_of": "usr", "cylinders": 5},
      "classes[0].groups[3].volumes[2]": {"name": "Popt", "cylinders": 5, "pslice": 5}},
     ["classes[0].groups[2].volumes[0].cylinders: a proxy has that of its master",
      "classes[0].groups[2].volumes[1].proxy_of: 'usr' has the proxy classes[0].groups[2].volumes[0] already",
      "classes[0].groups[2].volumes: no volume is the proxy of 'root'",
      "classes[0].groups[3].volumes[2].proxy_of: missing: all volumes of a proxy group are proxies"]),
    ("file systems",
     {f"{VOLUMES}[1].holds.used": 3_000_000, f"{VOLUMES}[2].holds.point": "/usr",
      f"{VOLUMES}[0].holds.files": {"etc/x": {}, "/etc": {}, "/a": {"text": "", "generate": "vfstab", "mode": 644}}},
     [f"{VOLUMES}[1].holds: 3,001,187 fragments do not fit: 2,097,144 in the volume",
      f"{VOLUMES}[2].holds.point: is that of {VOLUMES}[1].holds already",
      f"{VOLUMES}[0].holds.files['etc/x']: is no absolute path inside the file system",
      f"{VOLUMES}[0].holds.files['/etc']: is a directory too",
      f"{VOLUMES}[0].holds.files['/a'].generate: text is given too, one of the two is enough",
      f"{VOLUMES}[0].holds.files['/a'].mode: must be octal permissions like 0644, in quotes, not a number"]),
    ("hosts",
     {"nodes[0].power": "obp", "nodes[0].booted": "2006-10-02 09:00:01", "clock.start": "2006-02-30 09:00:00",
      "devices[0].path": "pci@1f", "devices[1].name": "disk1", "devices[3].path": "/pci@1f,4000/scsi@3/disk@2,0"},
     ["clock.start: must be a time like 2006-10-02 09:00:00, not '2006-02-30 09:00:00'",
      "devices[0].path: 'pci@1f' is no OpenBoot path, like /pci@1f,0/scsi@3/disk@0,0",
      "devices[1].name: 'disk1' is no name of a disk, like c0t0d0",
      "devices[3].path: is the path of devices[2] already",
      "nodes[0].boot_path: a node at the ok prompt runs from no disk",
      "nodes[0].mounts: a node at the ok prompt has mounted nothing"]),
    ("faults",
     {"faults": [{"at": "2006-10-02 10:00:00"}, {"at": "2006-10-02 08:59:59", "what": "disk c0t1d0 fail"},
                 {"at": "2006-10-02 10:00:00", "what": "disk c7t7d7 fail"},
                 {"at": "2006-10-02 10:00:00", "what": "disk c0t1d0 explode"},
                 {"at": "2006-10-02 10:00:00", "what": "copy-source System nothing"}]},
     ["faults[0].what: missing", "faults[1].at: is before the clock's start",
      "faults[2].what: no device and no disk CLASS/DISK 'c7t7d7'",
      "faults[3].what: 'disk c0t1d0 explode' is no fault",
      "faults[4].what: no volume 'nothing' in class 'System'"]),
    ("what a terminal must not be told",
     {"classes[0].type": "\x1b[31mroot", "n\x07": 1, "about": "a\nb", "nodes[0].name": "\udcff"},
     ["classes[0].type: '\\033[31mroot' is not known, did you mean 'root'?", "['n\\007']: unknown key",
      "about: must be one line of printable text, not 'a\\012b'",
      "nodes[0].name: holds half a character (a lone surrogate)"]),
]
# fmt: on


@pytest.mark.parametrize(("spoilt", "expected"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_all_that_is_wrong_is_said_at_once_each_with_its_place(spoilt, expected):
    document = shipped("backing-up")
    for path, value in spoilt.items():
        put(document, path, value)
    complaints = validate(document)
    assert not set(expected) - set(complaints), complaints
    assert all(re.fullmatch(r"[ -~]+", line) for line in complaints)
    assert len(complaints) == len(set(complaints))
    with pytest.raises(ScenarioError) as caught:
        from_document(document)
    assert caught.value.complaints == complaints


def test_one_mistake_is_blamed_once():
    """What depends on something wrong is not reported on top, where that would only be noise."""
    for path, value in (
        ("devices", 7), ("nodes", 7), ("every_device", 7), ("clock", []), ("clock.start", "now"),
        (f"{VOLUMES}[1].cylinders", "1"), (f"{VOLUMES}[1].cylinders", 9_999), (f"{VOLUMES}[0].pslice", "a"),
        (f"{GROUP}.private.cylinders", None), ("strict", None), ("nodes[0].mounts", 1), ("every_device.blocks", ""),
        ("classes[0].scope", 1), (f"{GROUP}.members", "Root1"), ("classes[0].groups[2].volumes[1].proxy_of", 1),
        ("classes[0].groups[2].volumes[1].wear", -1), ("classes[0].type", "rot"),
    ):  # fmt: skip
        document = shipped("backing-up")
        put(document, path, value)
        complaints = validate(document)
        assert [line.partition(":")[0] for line in complaints] == [path], complaints


@pytest.mark.parametrize("document", [None, [], 7, "text", {}, float("nan"), {"classes": {}}], ids=str)
def test_what_is_no_scenario_at_all_is_refused(document):
    assert validate(document)


# -- files --------------------------------------------------------------------------------------------------


def refused(tmp_path, raw):
    (tmp_path / "own.json").write_bytes(raw)
    with pytest.raises(ScenarioError) as caught:
        load(str(tmp_path / "own.json"))
    assert all(re.fullmatch(r"[ -~]+", line) for line in caught.value.complaints)
    return [line.replace(f"{tmp_path}/", "") for line in caught.value.complaints]


# fmt: off
@pytest.mark.parametrize(("raw", "complaint"), [
    (b"", "own.json: is not JSON: line 1, column 1: expecting value"),
    (b"{\n \"a\": 1,\n}", "own.json: is not JSON: line 3, column 1: expecting property name enclosed in double quotes"),
    (b"\xef\xbb\xbf{}", "own.json: begins with a byte order mark; save it as UTF-8 without one"),
    (b"{\n\"a\xff\": 1}", "own.json: is not UTF-8: line 2 has the byte 0xff"),
    ("{}".encode("utf-16"), "own.json: is not UTF-8: line 1 has the byte 0xff"),
    (b"[" * 100_000, "own.json: objects and lists are nested too deeply, 40 is the most"),
    (b"[" * 50 + b"]" * 50, "the document: objects and lists are nested too deeply"),
    (b"[1]", "the document: must be an object, not a list"),
])
# fmt: on
def test_a_file_that_is_no_plain_json_is_refused_in_a_sentence(tmp_path, raw, complaint):
    assert refused(tmp_path, raw) == [complaint]


def test_keys_that_stand_twice_huge_numbers_and_nan_are_refused_at_their_places(tmp_path):
    raw = json.dumps(shipped("backing-up"))
    raw = raw.replace('"soft_rate": 20480', '"soft_rate": NaN').replace('"speed": 1', f'"speed": {"9" * 5000}')
    raw = raw.replace('"strict": false', '"strict": false, "strict": true').replace('"wear": 600', '"wear": -1e999')
    raw = raw.replace('"pslice": 6', '"pslice": 6, "pslice": 6, "pslice": 6')
    assert refused(tmp_path, raw.encode()) == [
        "strict: stands twice in its object",
        "clock.speed: must be a whole number, not a number of 5,000 digits",
        "soft_rate: must be a whole number, not NaN",
        f"{VOLUMES}[0].wear: must be a whole number, not a fraction",
        f"{VOLUMES}[1].pslice: stands twice in its object",
    ]


def test_what_is_no_regular_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for name, complaint in (("pipe.json", "is not a regular file"), ("none.json", "No such file"), ("", "regular file")):
        with pytest.raises(ScenarioError, match=complaint):
            load(f"{tmp_path}/{name}")
    with pytest.raises(ScenarioError, match="no such name is possible"):
        load("a\0/b")


def test_a_scenario_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(ScenarioError, match=r"^no scenario 'nope'; there are backing-up, bare, cluster, data, mirrored, single"):
        load("nope")
    with pytest.raises(ScenarioError, match=r"^no scenario 'singel-user', did you mean 'single-user'"):
        load("singel-user")


def test_the_installed_package_finds_its_own(monkeypatch, tmp_path):
    package = tmp_path / "site" / "sdxsim"
    (package / "scenarios").mkdir(parents=True)
    (package / "lab").mkdir()
    written(package / "scenarios" / "mine.json", {**shipped("backing-up"), "about": "my own"})
    monkeypatch.setattr(scenarios, "checkout", lambda: None)
    monkeypatch.setattr(scenarios, "__file__", str(package / "lab" / "scenarios" / "__init__.py"))
    assert names() == [("mine", "my own")]
    assert load("mine").scenario == "mine"
    written(package / "scenarios" / "mine.json", "{")
    assert names() == [("mine", "(cannot be read)")]


# -- every key ----------------------------------------------------------------------------------------------

STRANGE = (
    None, True, False, 0, -1, 1, 7, 10**30, 1.5, "", "-", "x", "/", "root", "2006-10-02 08:00:00", "\x1b[0m",
    [], {}, [1], ["x"], [[]], [{}], [None], {"x": 1}, {"name": "x"}, {"x": {}}, {"Root1": "STOP"},
)  # fmt: skip


def places(value, path=()):
    """The paths of everything in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def changed(document, path, change):
    """A copy of the document, changed at a place; only what lies on the way is copied."""
    made = copy.copy(document)
    if len(path) == 1:
        change(made, path[0])
    else:
        made[path[0]] = changed(document[path[0]], path[1:], change)
    return made


def comes_to_nothing_worse(document):
    try:
        lab = from_document(document)
    except ScenarioError as refused:
        assert refused.complaints
        assert all(re.fullmatch(r"[ -~]+", line) for line in refused.complaints)
    else:
        stands(lab)


DOCUMENTS = {"backing-up": shipped("backing-up"), "bare": BARE, "cluster": CLUSTER}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_without_any_one_key_it_is_refused_or_a_lab(name):
    def take_away(holder, key):
        del holder[key]

    for path in places(DOCUMENTS[name]):
        comes_to_nothing_worse(changed(DOCUMENTS[name], path, take_away))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_with_any_one_value_of_another_kind_it_is_refused_or_a_lab(name):
    alike = set()
    for path in places(DOCUMENTS[name]):
        # the eighth device tells nothing that the first one did not
        kind = tuple(min(step, 1) if isinstance(step, int) else step for step in path)
        if kind in alike:
            continue
        alike.add(kind)
        for strange in STRANGE:

            def replace(holder, key, strange=strange):
                holder[key] = strange

            comes_to_nothing_worse(changed(DOCUMENTS[name], path, replace))


def test_every_kind_of_object_of_the_table_was_tried():
    keys = {step for document in DOCUMENTS.values() for path in places(document) for step in path}
    tried = {kind for kind, rows in KINDS.items() if keys & rows.keys()}
    assert tried == KINDS.keys()


def test_any_bytes_are_refused_in_a_sentence():
    raw = json.dumps(BARE).encode()
    for place in range(0, len(raw), 3):
        for spoilt in (raw[:place], raw[:place] + b"\xff" + raw[place:], raw[:place] + b"}" + raw[place + 1 :]):
            try:
                document = parsed(spoilt)
            except ValueError as refused:
                assert "\n" not in str(refused)
            else:
                comes_to_nothing_worse(document)
