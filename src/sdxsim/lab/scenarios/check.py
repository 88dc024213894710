"""What a scenario means together: names, references, what the host may be like. `objects`
does the same for GDS objects, `areas` for sizes.

All work on the Item that `shape` made: they fill in what depends on other things, and
complain, `say(path, sentence)`. Where something was wrong before, there is None and nothing is said twice.
"""

import re
from itertools import pairwise

from ...model.names import NAME_LENGTH
from ...model.queries import device_parts
from ...model.status import OBP, RO
from ...rules.faults import misread
from ...solaris.files import normal
from ...solaris.mounts import KNOWN
from .objects import check_classes, check_name
from .shape import given, meant, shown
from .volumes import check_holds, volumes_of

_DEVICE_NAME = re.compile(r"(c\d+(t[0-9A-F]+)?d\d+|mphd\d+|mplb\d+|emcpower\d+)", re.ASCII)
_PLAIN = re.compile(r"/dev/dsk/(\w+)s([0-7])", re.ASCII)
_LETTERS = re.compile(r":[a-h]$")
WHOLE_DISK = "2"  # the slice that is the whole disk


def check(scenario, say):
    """Judges and completes the whole of a scenario."""
    devices = _check_devices(scenario, say)
    nodes = _check_nodes(scenario, devices, say)
    _check_connections(scenario, nodes, say)
    check_classes(scenario, devices, nodes, say)
    for node in scenario["nodes"] or ():
        _check_mounts(scenario, node, devices, say)
    _check_faults(scenario, devices, say)


def _check_faults(scenario, devices, say):
    start = (scenario["clock"] or {}).get("start")
    classes = [k for k in scenario["classes"] if k["name"] is not None]
    disks = [f"{k['name']}/{disk['name']}" for k in classes for disk in k["disks"]]
    volumes = [f"{k['name']}/{volume['name']}" for k in classes for _, volume in volumes_of(k)]
    for fault in scenario["faults"]:
        if None not in (fault["at"], start) and fault["at"] < start:
            say(f"{fault.path}.at", "is before the clock's start")
        if fault["what"] is not None and devices is not None:
            nodes = [node["name"] for node in scenario["nodes"] or ()]
            wrong = misread(fault["what"].split(), devices, disks, volumes, nodes)
            if wrong:
                say(f"{fault.path}.what", wrong)


# -- devices -------------------------------------------------------------------------------------------------


def _check_devices(scenario, say):
    """{name: device}, or None if they are not to be had; every device has its size afterwards."""
    devices, paths, usual = {}, {}, scenario["every_device"] or {}
    unusual = "every_device" in scenario.wrong or (usual and usual.wrong)
    if scenario["devices"] is None:
        return None
    for device in scenario["devices"]:
        name, path = device["name"], device["path"]
        for key in ("blocks", "cylinder"):
            if device[key] is None:
                device[key] = usual.get(key)
            if device[key] is None and key not in device.wrong and not unusual:
                say(f"{device.path}.{key}", "missing, here and in every_device")
        if name is not None and not _DEVICE_NAME.fullmatch(name):
            say(f"{device.path}.name", f"{shown(name)} is no name of a disk, like c0t0d0")
        elif name in devices:
            say(f"{device.path}.name", f"'{name}' is the name of {devices[name].path} already")
        elif name is not None:
            devices[name] = device
        if path is not None and not re.fullmatch(r"(/[!-.0-9;-~]+)+", path):
            say(f"{device.path}.path", f"{shown(path)} is no OpenBoot path, like /pci@1f,0/scsi@3/disk@0,0")
        elif path is not None and path in paths:
            say(f"{device.path}.path", f"is the path of {paths[path]} already")
        paths.setdefault(path, device.path)
        _check_plain_slices(device, say)
    return devices


def _check_plain_slices(device, say):
    total, placed = device["blocks"], []
    for number, plain in device["slices"].items():
        if number not in tuple("01234567"):
            say(plain.path, "slices are numbered 0 to 7")
        first, blocks = plain["first"], plain["blocks"]
        check_holds(plain, plain["holds"], say)
        for file in (plain["holds"] or {}).get("files", {}).values():
            if file["generate"] is not None:
                say(f"{file.path}.generate", "is for volumes of a class, a plain slice has the text itself")
        if None in (total, first, blocks):
            continue
        if first + blocks > total:
            say(f"{plain.path}.blocks", f"{blocks:,} do not fit: {max(0, total - first):,} of {total:,} left")
        elif number != WHOLE_DISK and plain["holds"]:  # what holds nothing may overlap, as on real labels
            placed.append((first, blocks, number, plain.path))
    placed.sort()
    for (first, blocks, number, _), (other, _, _, path) in pairwise(placed):
        if other < first + blocks:
            say(path, f"overlaps slice {number}")


# -- nodes ---------------------------------------------------------------------------------------------------


def _check_nodes(scenario, devices, say):
    """{name: node}, or None if they are not to be had; every node knows when it was booted afterwards."""
    nodes, taken, start = {}, {}, (scenario["clock"] or {}).get("start")
    if scenario["nodes"] is None:
        return None
    if not scenario["nodes"]:
        say("nodes", "a lab needs at least one")
    for node in scenario["nodes"]:
        check_name(node, NAME_LENGTH, taken, say)
        nodes.setdefault(node["name"], node)
        if node["booted"] is None:
            node["booted"] = start
        elif start is not None and node["booted"] > start:
            say(f"{node.path}.booted", "is after the clock's start")
        _check_boot_path(node, devices, say)
    nodes.pop(None, None)
    return nodes


def _check_connections(scenario, nodes, say):
    for device in scenario["devices"] or ():
        for at, name in given(device["nodes"]):
            if nodes is not None and name not in nodes:
                say(f"{device.path}.nodes[{at}]", f"no node {shown(name)}{meant(name, nodes)}")


def _check_boot_path(node, devices, say):
    path = node["boot_path"]
    if not path:
        return
    if node["power"] == OBP:
        say(f"{node.path}.boot_path", "a node at the ok prompt runs from no disk")
    known = [device["path"] for device in (devices or {}).values() if device["path"]]
    if devices is not None and (not _LETTERS.search(path) or path[:-2] not in known):
        near = meant(path, [f"{there}:a" for there in known])
        say(f"{node.path}.boot_path", f"{shown(path)} is not the path of a device and a slice a to h{near}")


# -- mounts --------------------------------------------------------------------------------------------------


def _check_mounts(scenario, node, devices, say):
    """Every mount knows its `volume` afterwards (None for a plain slice)."""
    if node["mounts"] and node["power"] == OBP:
        say(f"{node.path}.mounts", "a node at the ok prompt has mounted nothing")
    specials, points = {}, {}
    for mount in node["mounts"]:
        special, point = mount["special"], mount["point"]
        mount["volume"] = mount["holds"] = None
        if special in specials:
            say(f"{mount.path}.special", f"is mounted by {specials[special]} already")
        elif special is not None:
            specials[special] = mount.path
            _check_special(scenario, node, mount, devices, say)
        if point == "-" and mount["options"] is not None:
            say(f"{mount.path}.options", "are for file systems, this is swap")
        if point is None or point == "-":
            continue
        if not point.startswith("/") or normal(point) != point:
            say(f"{mount.path}.point", f"{shown(point)} is no absolute path of a directory, nor - for swap")
        elif point in points:
            say(f"{mount.path}.point", f"is covered by {points[point]} already")
        points.setdefault(point, mount.path)
        _check_options(mount, say)


def _check_options(mount, say):
    words = (mount["options"] or "-").split(",")
    for word in words if words != ["-"] else ():
        if word not in KNOWN:
            say(f"{mount.path}.options", f"{shown(word)} is no mount option of ufs{meant(word, KNOWN)}")


def _check_special(scenario, node, mount, devices, say):
    path = f"{mount.path}.special"
    plain = _PLAIN.fullmatch(mount["special"])
    if plain:
        _check_plain_special(scenario, mount, *plain.groups(), devices, say)
        return
    parts = device_parts(mount["special"])
    if not parts or parts[1] != "dsk":
        say(path, f"{shown(mount['special'])} is neither /dev/sfdsk/CLASS/dsk/VOLUME nor /dev/dsk/DISKsN")
        return
    classes = {k["name"]: k for k in reversed(scenario["classes"]) if k["name"] is not None}
    klass = classes.get(parts[0])
    if klass is None:
        say(path, f"no class {shown(parts[0])}{meant(parts[0], classes)}")
    elif node["name"] not in klass["scope"]:
        say(path, f"class '{parts[0]}' is not shared by {shown(node['name'])}")
    else:
        _check_volume_special(node, mount, klass, parts[2], say)


def _check_plain_special(scenario, mount, name, number, devices, say):
    path = f"{mount.path}.special"
    if devices is None:
        return
    device = devices.get(name)
    if device is None:
        say(path, f"no device {shown(name)}{meant(name, devices)}")
    elif number not in device["slices"]:
        say(path, f"{device.path} has no slice {number}")
    else:
        mount["holds"] = device["slices"][number]["holds"]
    for klass in scenario["classes"]:
        for disk in klass["disks"]:
            if disk["device"] == name:
                say(path, f"{name} is registered as {disk.path}: its slices are closed to users")


def _check_volume_special(node, mount, klass, name, say):
    path = f"{mount.path}.special"
    volumes = {v["name"]: v for _, v in volumes_of(klass) if v["name"] is not None}
    if name not in volumes:
        say(path, f"no volume {shown(name)} in class '{klass['name']}'{meant(name, volumes)}")
        return
    volume = volumes[name]
    holds = "none" if volume["holds"] is None else volume["holds"]["type"]
    wanted = "swap" if mount["point"] == "-" else "ufs"
    if holds is not None and holds != wanted:
        say(path, f"'{name}' holds {'nothing' if holds == 'none' else holds}, not {wanted}")
    if volume["started"] is not None and node["name"] not in volume["started"]:
        say(path, f"'{name}' is not started on {shown(node['name'])}")
    elif volume["started"] and volume["started"][node["name"]] == RO and not _read_only(mount):
        say(path, f"'{name}' is started read-only, and is mounted read/write")
    mount["volume"], mount["holds"] = volume, volume["holds"]


def _read_only(mount):
    return "ro" in (mount["options"] or "").split(",")
