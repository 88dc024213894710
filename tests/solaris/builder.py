"""A small lab: the system disk of guide 6.4.6 with parted, running proxies. And how tests type commands."""

import shlex

from sdxsim.commands import standin
from sdxsim.model.queries import block_device, find_volume, with_node, with_volumes
from sdxsim.model.records import (
    Class,
    Clock,
    Device,
    Disk,
    File,
    FileSystem,
    Group,
    Lab,
    Mount,
    Node,
    Pair,
    Relation,
    Slice,
    Tracking,
    Volume,
)
from sdxsim.model.status import ACTIVE, MULTI_USER, PARTED
from sdxsim.solaris import condition, files, mounts

NOW = 1_795_341_600_000  # Sun Nov 22 10:00:00 UTC 2026
PATH = "/pci@1f,4000/scsi@3/disk@{},0"
CLASS = "System"
NOLOGGING = "/var"

# volume: group, physical slice, mount point (or swap), busy cylinder groups
VOLUMES = {
    "root": ("Group1", 0, "/", (0, 7)),
    "usr": ("Group1", 1, "/usr", ()),
    "home": ("Group1", 2, "/home", (2,)),
    "swap": ("Group2", 0, "swap", ()),
    "var": ("Group2", 1, "/var", (3,)),
    "opt": ("Group2", 2, "/opt", (1,)),
}
GROUPS = {"Group1": ("Root1", "Root2"), "Group2": ("Var1", "Var2"), "Proxy1": ("P1", "P2"), "Proxy2": ("P3", "P4")}
PROXIES = {"Group1": "Proxy1", "Group2": "Proxy2"}
DIRECTORIES = ("/etc", "/mnt", "/usr", "/var", "/home", "/opt", "/tmp")
ORDER = ("/", "swap", "/usr", "/var", "/home", "/opt")  # of vfstab


def file_system(name, class_name=CLASS):
    """What a master volume holds: with real files on root."""
    _, _, point, busy = VOLUMES[name]
    if point == "swap":
        return FileSystem("swap")
    made = FileSystem(
        fsmnt=point, busy=busy, inodes=5022, used=60_104, frags=309, blocks=52_616, logging=point != NOLOGGING
    )
    made = made._replace(flag=condition.LOG if made.logging else condition.ACTIVE)
    if point != "/":
        return made
    table = {p: next(n for n, v in VOLUMES.items() if v[2] == p) for p in ORDER}
    return made._replace(
        files={
            **{path: File("", 0o755, kind="dir") for path in DIRECTORIES},
            files.VFSTAB: File(files.make_vfstab(class_name, table, {NOLOGGING}), 0o644, "root", "sys"),
            files.SYSTEM: File(files.make_system(class_name, "root"), 0o644, "root", "sys"),
        },
    )


def build(power=MULTI_USER, rewritten=True, synced=True):
    """Masters in use, proxies parted and running, root proxy's files rewritten as sdxproxy Root does."""
    volumes = {}
    for name, (group, number, _, _) in VOLUMES.items():
        slices = tuple(Slice(member, ACTIVE) for member in GROUPS[group])
        volumes[name] = Volume(
            name, group, 0, 2_097_152, slices, {"node1": "rw"}, number=number, data=file_system(name)
        )
    names = {name: f"P{name}" for name in VOLUMES}
    for name, (group, number, _, _) in VOLUMES.items():
        data = condition.image(volumes[name].data, name != "swap", power, synced, NOW)
        if name == "root" and rewritten:
            changed = {
                path: file._replace(text=files.rewrite(file.text, CLASS, names), group="root")
                for path, file in data.files.items()
            }
            data = data._replace(files=changed)
        proxy = PROXIES[group]
        slices = tuple(Slice(member, ACTIVE) for member in GROUPS[proxy])
        volumes[f"P{name}"] = Volume(f"P{name}", proxy, 0, 2_097_152, slices, {"node1": "rw"}, number=number, data=data)
    disks, devices, groups = {}, {}, {}
    for group, members in GROUPS.items():
        groups[group] = Group(group, "mirror", members, 8_388_608, 1)
        for member in members:
            number = len(devices)
            device = f"c0t{number}d0"
            devices[device] = Device(device, PATH.format(number), 8_400_000, 1, label=f"{CLASS}/{member}")
            disks[member] = Disk(member, device, "keep", group)
    devices["c0t9d0"] = Device("c0t9d0", PATH.format(9), 8_400_000, 1)
    relations = tuple(
        Relation(master, proxy, "group", PARTED, tuple(_pairs(master))) for master, proxy in PROXIES.items()
    )
    node = Node("node1", power, f"{PATH.format(0)}:a", _mounts(), {"boot-device": f"{PATH.format(0)}:a"}, NOW)
    klass = Class(CLASS, "root", ("node1",), disks, groups, volumes, relations)
    return Lab("solaris", Clock(), nodes={"node1": node}, devices=devices, classes={CLASS: klass})


def _pairs(group):
    return [Pair(n, f"P{n}", Tracking(NOW)) for n, v in VOLUMES.items() if v[0] == group]


def _mounts():
    made = []
    for name, (_, _, point, _) in VOLUMES.items():
        special = block_device(CLASS, name)
        if point == "swap":
            made.append(Mount(special, "-", "swap", "rw", NOW))
        else:
            options = mounts.ufs_options("nologging" if point == NOLOGGING else "")
            made.append(Mount(special, point, "ufs", options, NOW))
    return tuple(made)


def typed(lab, line, now=NOW):
    """The Outcome of a command line on node1."""
    name, *words = shlex.split(line)
    return standin(name)(lab, lab.nodes["node1"], words, now)


def changed(lab, volume_name, **fields):
    """`lab` with these fields of a volume replaced."""
    volume = find_volume(lab, CLASS, volume_name)
    return with_volumes(lab, CLASS, [volume._replace(**fields)])


def holding(lab, volume_name, **fields):
    """`lab` with these fields of what a volume holds replaced."""
    data = find_volume(lab, CLASS, volume_name).data
    return changed(lab, volume_name, data=data._replace(**fields))


def node_changed(lab, **fields):
    """`lab` with these fields of node1 replaced."""
    return with_node(lab, lab.nodes["node1"]._replace(**fields))


def data(lab, volume_name):
    """What a volume holds."""
    return find_volume(lab, CLASS, volume_name).data


def recorded(lab, volume_name):
    """Blocks noted as changed for a parted proxy."""
    for relation in lab.classes[CLASS].relations:
        for pair in relation.pairs:
            if pair.proxy == volume_name:
                return pair.tracking and pair.tracking.extra
    return None


def same(outcome, lab):
    """True when the very lab came back: nothing to write."""
    return outcome.lab is lab
