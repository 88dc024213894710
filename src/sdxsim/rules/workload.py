"""A workload: what people and programs do on the running system, as far as a lab shows it (all of it ours).

How fast blocks change (`wear`), in which cylinder groups (`busy`), and the files that are written:
once a virtual minute lines are appended to the files of `solaris.habits`, and the marker of every file
system is counted up. It is a function of the lab and of virtual time: however often somebody looks in
between, the same comes out. While a node is down or in single-user mode nobody works on it.
"""

from ..model.calendar import short
from ..model.queries import find_volume, place_of, with_class, with_volumes
from ..model.records import File, Tree, Workload
from ..model.status import MULTI_USER
from ..solaris import contents, devices
from ..solaris.habits import MARKER, SWAP_WEAR, habit
from .jrm import MINUTE, counted

LIGHT, BUSY, STOPPED = "light", "busy", "stopped"
LEVELS = (LIGHT, BUSY)
LINES = {LIGHT: 1, BUSY: 5}  # appended to each file in a minute
KEPT_LINES = 200  # in each of them


def started(lab, level, now):
    """`lab` with that workload from now on; volumes change as it says."""
    return _changing(counted(lab, now), level)._replace(workload=Workload(level, now, 0))


def stopped(lab, now):
    """`lab` with nobody working on it: nothing changes but what commands write."""
    return _changing(counted(lab, now), STOPPED)._replace(workload=Workload(STOPPED, now, 0))


def _changing(lab, level):
    for klass in lab.classes.values():
        volumes = {name: _paced(volume, level) for name, volume in klass.volumes.items()}
        lab = with_class(lab, klass._replace(volumes=volumes))
    devices_ = {
        name: device._replace(slices={number: _paced(piece, level) for number, piece in device.slices.items()})
        for name, device in lab.devices.items()
    }
    return lab._replace(devices=devices_)


def _paced(area, level):
    """A volume or plain slice, as fast and where that level changes it."""
    data = area.data
    if data is None or data.type == "none":
        return area
    wear, groups = (SWAP_WEAR, ()) if data.type == "swap" else habit(data.fsmnt)[:2]
    if level == STOPPED:
        wear, groups = 0, ()
    elif level == LIGHT:
        wear, groups = wear // 5, groups[:1]
    return area._replace(wear=wear, data=data if data.type == "swap" else data._replace(busy=groups))


# -- what is written ------------------------------------------------------------------------------------------------


def due(lab, now):
    """True when something has been written by `now` that the lab does not hold yet."""
    work = lab.workload
    return work is not None and work.level != STOPPED and now >= work.since + (work.done + 1) * MINUTE


def worked(lab, now):
    """`lab` with what was written by `now`."""
    if not due(lab, now):
        return lab
    work = lab.workload
    minutes = (now - work.since) // MINUTE
    for node in lab.nodes.values():
        if node.power != MULTI_USER:
            continue
        for mount in node.mounts:
            place = place_of(lab, mount.special) if mount.type != "swap" else None
            writable = place and "ro" not in mount.options.split(",") and find_volume(lab, *place)
            if writable and devices.served(lab, node, *place):
                lab = _written(lab, node, place, mount.point, work, minutes)
    return lab._replace(workload=work._replace(done=minutes))


def _written(lab, node, place, point, work, minutes):
    volume = find_volume(lab, *place)
    tree = Tree.of(volume.data.files)
    at = work.since + minutes * MINUTE
    marker = tree.get(MARKER, File())
    number = marker.text.split()[-1] if marker.text.split() else ""
    count = (int(number) if number.isascii() and number.isdecimal() else 1) + minutes - work.done
    changes = {MARKER: marker._replace(text=f"{point} generation {count}\n", mtime=at)}
    for path, (beginning, owner, group) in habit(point).files.items():
        file = tree.get(path, File("", 0o644, owner, group))
        if file.kind == "file" and _has_way(tree, path):
            text = _appended(file.text, beginning.replace("{node}", node.name), work, minutes)
            changes[path] = file._replace(text=text, mtime=at)
    data = contents.changed(volume.data, changes)._replace(generation=volume.data.generation + minutes - work.done)
    return with_volumes(lab, place[0], [volume._replace(data=data)])


def _has_way(tree, path):
    """True when the directory that the file is in is there (somebody may have taken it away)."""
    above = path.rpartition("/")[0]
    return not above or (above in tree and tree.rows[above].kind == "dir")


def _appended(text, beginning, work, minutes):
    each = LINES[work.level]
    first = max(work.done + 1, minutes - KEPT_LINES // each)
    lines = [
        f"{short(work.since + minute * MINUTE)} {beginning} {minute * each + n}\n"
        for minute in range(first, minutes + 1)
        for n in range(each)
    ]
    return "".join([*text.splitlines(keepends=True), *lines][-KEPT_LINES:])
