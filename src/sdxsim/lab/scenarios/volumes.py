"""What the volumes of a scenario show and hold: where they run, the statuses of their slices, file systems.

What is not given is as a boot leaves it: volumes run on every node of their class that is up, but
for locked ones and joined proxies, and all their slices are good.
"""

from ...model.status import ACTIVE, CONCAT, COPY, COPY_STOP, INVALID, OBP, RO, RW, STOP, STRIPE, SWITCH, VALID
from ...solaris.files import normal
from .shape import below, given, meant, shown

OVERHEAD = 3  # per cent of a volume that a file system needs for itself (ours)


def volumes_of(klass):
    """[(group or single disk, volume)] of a class, in order of creation."""
    holders = (*klass["groups"], *klass["disks"])
    return [(holder, volume) for holder in holders for volume in holder["volumes"]]


# -- what runs, and what slices show -------------------------------------------------------------------------


def _members(holder):
    """What a volume has a slice on, by the type of its group (guide A.1.1, the names of slices)."""
    if "members" not in holder or holder["type"] in (STRIPE, CONCAT):
        return [holder["name"]]
    if holder["type"] == SWITCH:
        return [holder["actdisk"]]
    return [name for _, name in given(holder["members"])]


def check_running(klass, holder, volume, nodes, say):
    """Afterwards the volume knows where it is `started`, whether `valid`, and its slices' `statuses`."""
    volume["jrm"] = True if volume["jrm"] is None else volume["jrm"]
    volume["mode"] = volume["mode"] or RW
    statuses = _statuses(volume, _members(holder), say)
    volume["valid"] = not statuses or any(status in (None, *VALID) for status in statuses.values())
    up = [name for name in klass["scope"] if name in nodes and nodes[name]["power"] != OBP]
    volume["started"] = _started(volume, up, say)
    usual = ACTIVE if volume["started"] else STOP
    for member, status in statuses.items():
        if status == ACTIVE and not volume["started"]:
            say(below(f"{volume.path}.slices", member), "cannot be ACTIVE: the volume is not started")
        statuses[member] = status or usual
    volume["statuses"] = statuses


def _statuses(volume, members, say):
    """{member: the status given, or None}; slices given as objects go on as `details`."""
    volume["details"], statuses = {}, dict.fromkeys(members)
    for member, piece in volume["slices"].items():
        path = below(f"{volume.path}.slices", member)
        if isinstance(piece, dict):
            volume["details"][member] = piece
            piece = piece["status"]
        if member not in statuses:
            say(path, f"is no member of its group{meant(member, filter(None, members))}")
        elif piece in (COPY, COPY_STOP):
            say(path, f"{piece} needs a copy under way, and a scenario begins without one")
        else:
            statuses[member] = piece
    return statuses


def _started(volume, up, say):
    """{node: mode} where the volume runs."""
    asked, path, joined = volume["started"], f"{volume.path}.started", volume.get("joined", False)
    if asked is None:
        rests = joined or volume["lock"] or not volume["valid"]
        return {} if rests else dict.fromkeys(up, volume["mode"])
    if isinstance(asked, bool):
        asked = dict.fromkeys(up, volume["mode"]) if asked else {}
    for node, mode in asked.items():
        if node not in up:
            say(below(path, node), "is no node of the class that is up")
        if mode == RW and volume["mode"] == RO:
            say(below(path, node), "is rw, and the volume's mode is ro")
    if asked and joined:
        say(path, "a joined proxy does not run")
    if asked and not volume["valid"]:
        say(path, f"none of its slices is valid: it is {INVALID}")
    return asked


# -- what volumes hold ---------------------------------------------------------------------------------------


def check_data(klass, pairs, say):
    """Judges file systems; afterwards a proxy holds what its master holds, if nothing else was given."""
    points = {}
    for _, volume in volumes_of(klass):
        data = volume["holds"]
        check_holds(volume, data, say)
        if data is not None and data["type"] == "ufs":
            _check_point(volume, data, points, say)
    for proxy, master, _ in pairs:
        if proxy["holds"] is None:
            proxy["holds"] = master["holds"]


def check_holds(area, data, say):
    """Judges what a volume or a plain slice holds, by itself."""
    if data is None:
        return
    if data["type"] == "ufs":
        _check_room(area, data, say)
        _check_tree(data, say)
    elif data["type"] is not None:
        for key in ("point", "files", "dirs"):
            if data[key]:
                say(f"{data.path}.{key}", f"is for ufs, this is {data['type']}")


def _check_room(volume, data, say):
    """The fragments fit into the volume; free blocks that were not given are what is left."""
    if None in (volume["blocks"], data["used"], data["frags"]):
        return
    there = volume["blocks"] // 2
    if data["blocks"] is None:
        data["blocks"] = max(0, there * (100 - OVERHEAD) // 100 - data["used"] - data["frags"]) // 8
    wanted = data["used"] + data["frags"] + 8 * data["blocks"]
    if wanted > there:
        say(data.path, f"{wanted:,} fragments do not fit: {there:,} in the volume")


def _check_tree(data, say):
    for at, name in given(data["dirs"]):
        if not _inside(name):
            say(f"{data.path}.dirs[{at}]", f"{shown(name)} is no absolute path inside the file system")
    directories = [name for _, name in given(data["dirs"])]
    names = (*data["files"], *directories)
    for name, file in data["files"].items():
        if not _inside(name):
            say(file.path, "is no absolute path inside the file system")
        elif name in directories or any(other.startswith(name + "/") for other in names):
            say(file.path, "is a directory too")
        if file["text"] is not None and file["generate"] is not None:
            say(f"{file.path}.generate", "text is given too, one of the two is enough")


def _inside(name):
    return name.startswith("/") and name != "/" and normal(name) == name


def _check_point(volume, data, points, say):
    """A vfstab mounts one file system at a point; a proxy has that of its master."""
    point, path = data["point"], f"{data.path}.point"
    if not point:
        return
    if not point.startswith("/") or normal(point) != point:
        say(path, f"{shown(point)} is no absolute path of a directory")
    elif volume["proxy_of"] is None:
        if point in points:
            say(path, f"is that of {points[point]} already")
        points.setdefault(point, data.path)
