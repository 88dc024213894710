"""From a scenario that was found good to the Lab it describes. Nothing is judged here."""

from ...model.queries import find_volume, in_use, plain_parts, with_node, with_volumes
from ...model.records import (
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
    PlainSlice,
    Relation,
    Slice,
    Tracking,
    Tree,
    Volume,
)  # fmt: skip
from ...model.status import KEEP, MULTI_USER, PARTED, RW, STRIPE
from ...rules import keep
from ...rules.copying import consequences
from ...solaris import condition, mounts
from ...solaris.files import make_system, make_vfstab
from .skeleton import complete, skeleton
from .volumes import volumes_of

_EARLY = ("/", "/usr", "/var")  # in a vfstab before the others


def build(name, scenario):
    """The Lab called `name`; its clock shows the start when the host's clock shows 0."""
    clock = scenario["clock"]
    start = clock["start"]
    hosts = tuple(node["name"] for node in scenario["nodes"])
    labels = {d["device"]: f"{k['name']}/{d['name']}" for k in scenario["classes"] for d in k["disks"]}
    lab = Lab(
        name,
        Clock(clock["mode"], start, 0, clock["speed"]),
        {node["name"]: _node(node) for node in scenario["nodes"]},
        {device["name"]: _device(device, labels, hosts, start) for device in scenario["devices"]},
        {klass["name"]: _class(klass, hosts, start) for klass in scenario["classes"]},
        functions=scenario["functions"],
        strict=scenario["strict"],
        soft_rate=scenario["soft_rate"],
        array_rate=scenario["array_rate"],
        faults=tuple(sorted(((f["at"], *f["what"].split()) for f in scenario["faults"]), key=lambda fault: fault[0])),
    )
    for node in scenario["nodes"]:
        for mount in node["mounts"]:
            lab = _mounted(lab, node, mount)
    for klass in scenario["classes"]:
        lab = _with_private_slices(lab, klass)
        lab = _with_copies(lab, klass, start)
    return consequences(lab, start)  # drives that do not answer have been noticed


# -- the host ------------------------------------------------------------------------------------------------


def _device(device, labels, hosts, start):
    seen_by = _first(device["nodes"], hosts)
    slices = {number: _plain(plain, seen_by, start) for number, plain in device["slices"].items()}
    of_record = [device[key] for key in ("name", "path", "blocks", "cylinder", "present", "bootable")]
    return Device(*of_record, slices, labels.get(device["name"], ""), nodes=tuple(device["nodes"]))


def _first(nodes, hosts):
    """(the first of them, all of the lab's): whose files a file system has."""
    return (*nodes, *hosts)[0], hosts


def _plain(plain, hosts, start):
    """A slice outside GDS; its files are given as texts, for there is no class whose volumes they could name."""
    holds = _file_system(plain["holds"], lambda file: file["text"] or "", hosts, start)
    return PlainSlice(plain["first"], plain["blocks"], plain["tag"], holds, plain["wear"])


def _node(node):
    nvram = {**node["nvram"], "devalias": node["devalias"]} if node["devalias"] else node["nvram"]
    return Node(node["name"], node["power"], node["boot_path"], (), nvram, node["booted"])


def _mounted(lab, node, mount):
    """`lab` with one mount more, the file system as mounting leaves it."""
    here, volume, special = lab.nodes[node["name"]], mount["volume"], mount["special"]
    holds = mount["holds"]
    if mount["point"] == "-":
        swap = Mount(special, "-", "swap", RW, node["booted"])
        return with_node(lab, here._replace(mounts=(*here.mounts, swap)))
    asked = mount["options"]
    if asked is None:
        asked = "nologging" if holds and not holds["logging"] else "-"
    options = mounts.ufs_options(asked)
    if volume:
        _, class_name, _, volume_name = special.rsplit("/", 3)
        return mounts.mounted(lab, here, class_name, volume_name, mount["point"], options, node["booted"])
    plain = Mount(special, mount["point"], "ufs", options, node["booted"])
    lab = with_node(lab, here._replace(mounts=(*here.mounts, plain)))
    name, number = plain_parts(special)
    device = lab.devices[name]
    piece, words = device.slices[number], options.split(",")
    if piece.data.type == "ufs":
        data = condition.mounted(piece.data, mount["point"], "ro" not in words, "logging" in words)
        device = device._replace(slices={**device.slices, number: piece._replace(data=data)})
    return lab._replace(devices={**lab.devices, name: device})


# -- a class -------------------------------------------------------------------------------------------------


def _class(klass, hosts, start):
    return Class(
        klass["name"],
        klass["type"],
        klass["scope"],
        {d["name"]: _disk(d) for d in klass["disks"]},
        {g["name"]: _group(g) for g in klass["groups"]},
        {v["name"]: _volume(klass, holder, v, hosts, start) for holder, v in volumes_of(klass)},
        tuple(_relations(klass, start)),
        klass["hs"],
        klass["hsmode"],
        klass["private"],
    )


def _disk(disk):
    return Disk(*(disk[key] for key in ("name", "device", "type", "group", "status", "error")))


def _group(group):
    width = group["width"] if group["type"] == STRIPE else None
    of_record = [group[key] for key in ("name", "type", "members", "total", "unit", "areas")]
    return Group(*of_record, width, group["actdisk"])


def _volume(klass, holder, volume, hosts, start):
    return Volume(
        volume["name"],
        holder["name"] if "members" in holder else None,
        volume["first"],
        volume["blocks"],
        tuple(_slice(member, status, volume["details"]) for member, status in volume["statuses"].items()),
        volume["started"],
        volume["mode"],
        volume["lock"],
        volume["jrm"],
        volume["pslice"] is not None,
        volume["pslice"],
        volume["valid"],
        volume["wear"],
        _data(klass, volume, hosts, start),
    )


def _slice(member, status, details):
    more = details.get(member)
    return Slice(member, status, more["jrm"], more["mode"]) if more else Slice(member, status)


def _relations(klass, start):
    found = {}  # by the proxy's name
    for holder, volume in volumes_of(klass):
        if volume["proxy_of"] is None:
            continue
        related = volume["related"]
        recorded = related["relation"] == PARTED and related["pjrm"]
        pair = Pair(volume["proxy_of"], volume["name"], Tracking(start) if recorded else None)
        kind = "group" if related is holder else "volume"
        whole = (related["proxy_of"], related["name"], kind, related["relation"])
        relation = found.get(related["name"], Relation(*whole))
        found[related["name"]] = relation._replace(pairs=(*relation.pairs, pair))
    return found.values()


# -- what volumes hold ---------------------------------------------------------------------------------------


def _data(klass, volume, hosts, start):
    def text(file):
        texts = {"vfstab": lambda: _vfstab(klass), "system": lambda: make_system(klass["name"], volume["name"])}
        return texts[file["generate"]]() if file["generate"] else file["text"] or ""

    return _file_system(volume["holds"], text, _first(klass["scope"], hosts), start)


def _file_system(data, text, hosts, start):
    """What a volume or a plain slice holds; `text(file)` is what stands in a file. `hosts`: (node, all nodes)."""
    if data is None or data["type"] == "none":
        return FileSystem("none")
    if data["type"] == "swap":
        return FileSystem("swap")
    return FileSystem(
        "ufs",
        data["point"],
        data["logging"],
        condition.LOG if data["logging"] else condition.CLEAN,
        (),
        _tree(data, text, hosts, start),
        data["inodes"],
        data["used"],
        data["frags"],
        data["blocks"],
        data["busy"],
    )


def _tree(data, text, hosts, start):
    """The skeleton of a file system on that mount point, and over it what the scenario gives."""
    files = {name: _file(file, text(file), start) for name, file in data["files"].items()}
    usual = skeleton(data["point"], start, *hosts)
    return Tree.of(complete({**usual, **files}, data["dirs"], start))


def _file(file, text, start):
    changed = start if file["changed"] is None else file["changed"]
    return File(text, file["mode"], file["owner"], file["group"], changed)


def _vfstab(klass):
    """The text of a vfstab on the class's volumes: swap, what is mounted early, then the others."""
    volumes, silent = {}, set()
    for _, volume in volumes_of(klass):
        data = volume["holds"]
        if data is None or volume["proxy_of"] is not None:
            continue
        point = "swap" if data["type"] == "swap" else data["point"]
        if point:
            volumes.setdefault(point, volume["name"])
            silent |= set() if data["logging"] else {point}
    order = [point for point in ("swap", *_EARLY) if point in volumes]
    order += [point for point in volumes if point not in order]
    return make_vfstab(klass["name"], {point: volumes[point] for point in order}, nologging=silent)


def _with_private_slices(lab, klass):
    """`lab` with the private slices of keep disks that are in no group, beside their own."""
    devices = dict(lab.devices)
    for disk in klass["disks"]:
        device = devices[disk["device"]]
        alone = disk["type"] == KEEP and not disk["group"] and keep.real_slices(device)
        if alone and keep.free_number(device) and keep.room(device, klass["private"]):
            devices[device.name] = keep.with_private(device, klass["private"])
    return lab._replace(devices=devices)


def _with_copies(lab, klass, start):
    """`lab` with what proxies have from their masters: the same when joined, an image when parted."""
    volumes = {volume["name"]: volume for _, volume in volumes_of(klass)}
    changed = []
    for volume in volumes.values():
        master = volumes.get(volume["proxy_of"])
        if not master or volume["holds"] is not master["holds"] or in_use(lab, klass["name"], volume["name"]):
            continue
        data = find_volume(lab, klass["name"], master["name"]).data
        if not volume["joined"]:
            used = in_use(lab, klass["name"], master["name"])
            data = condition.image(data, used, MULTI_USER, False, start)
        changed.append(find_volume(lab, klass["name"], volume["name"])._replace(data=data))
    return with_volumes(lab, klass["name"], changed)
