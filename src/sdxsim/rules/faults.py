"""Faults that a lab meets: what breaks, and what follows from it.

A fault is words, as typed behind `sdxsim fault` and kept in `Lab.faults`: `disk NAME fail`, `path NAME`,
`copy-source CLASS VOLUME`, `power`, `comm NODE`. `struck` does one, `settled` does those that are due as virtual time
passes, `followed` is what comes of broken devices whoever did whatever: it is asked after every command.

An I/O error (guide F.1.1) marks the disk E but leaves it ENABLE; slices on it are INVALID where the
volume has another valid one, the last stays as it is. That all slices of the disk meet the error, those
of stopped volumes too, is ours.
"""

from ..model.queries import (
    carriers,
    ends,
    find_volume,
    halted,
    joined_proxy,
    the_node,
    volumes_on,
    with_class,
    with_node,
    with_volumes,
)
from ..model.status import COPY, COPY_STOP, DISABLE, ENABLE, INVALID, NOUSE, STOP, VALID
from . import closing, copying, spare, workload
from .engine import note

IO_ERROR = "io-error"
DISK_WORDS = ("fail", IO_ERROR, "repair", "replace")
BY_ITSELF = ("power", "panic")
LARGEST = 10**15  # blocks of a disk that is put in

# fmt: off
GRAMMAR = (
    "disk NAME fail|io-error|repair|replace [BLOCKS]",
    "path NAME [repair]",
    "copy-source CLASS VOLUME",
    "power [NODE]",
    "panic [NODE]",
    "comm NODE [repair]",
)
# fmt: on


# -- words ----------------------------------------------------------------------------------------------------------


def misread(words, devices, disks, volumes, nodes):
    """What is wrong with the words of a fault, in a sentence, or "".

    `devices`: names of devices; `disks`: CLASS/DISK; `volumes`: CLASS/VOLUME; `nodes`: names of nodes.
    """
    kind, rest = (words[0] if words else ""), tuple(words[1:])
    if (kind in BY_ITSELF and len(rest) < 2) or (kind == "comm" and rest and rest[1:] in ((), ("repair",))):
        return "" if not rest or rest[0] in nodes else f"no node '{rest[0]}'"
    if kind == "copy-source" and len(rest) == 2:
        return "" if "/".join(rest) in volumes else f"no volume '{rest[1]}' in class '{rest[0]}'"
    if (kind == "disk" and _is_disk_fault(rest)) or (kind == "path" and rest[1:] in ((), ("repair",)) and rest):
        return "" if rest[0] in devices or rest[0] in disks else f"no device and no disk CLASS/DISK '{rest[0]}'"
    return f"'{' '.join(words)}' is no fault"


def _is_disk_fault(rest):
    if len(rest) == 3 and rest[1] == "replace":
        return rest[2].isascii() and rest[2].isdigit() and 0 < int(rest[2][:20]) <= LARGEST
    return len(rest) == 2 and rest[1] in DISK_WORDS


def wrong(lab, words):
    """The same, for a lab."""
    disks = [closing.label(klass, disk) for klass in lab.classes.values() for disk in klass.disks.values()]
    volumes = [f"{klass.name}/{name}" for klass in lab.classes.values() for name in klass.volumes]
    return misread(words, lab.devices, disks, volumes, lab.nodes)


def _place(lab, name):
    """(device, class, disk) of a device's name or CLASS/DISK; class and disk None outside GDS."""
    for klass in lab.classes.values():
        for disk in klass.disks.values():
            if name in (disk.device, closing.label(klass, disk)):
                return lab.devices[disk.device], klass, disk
    return lab.devices[name], None, None


# -- one fault ------------------------------------------------------------------------------------------------------


def struck(lab, words, now):
    """`lab` after the fault, everything that follows included; the same lab when nothing is changed by it."""
    kind, rest = words[0], words[1:]
    if kind in BY_ITSELF:
        from .reboot import crash

        node = the_node(lab, rest[0] if rest else None)
        return lab if halted(node) else copying.planned(crash(lab, node.name, now), now)
    if kind == "comm":
        node = lab.nodes[rest[0]]._replace(cut=len(rest) == 1)
        return followed(lab if node == lab.nodes[node.name] else with_node(lab, node), now)
    if kind == "copy-source":
        return followed(_source_broken(lab, *rest, now), now)
    device, klass, disk = _place(lab, rest[0])
    word = rest[1] if len(rest) > 1 else "fail"
    if word == "replace":
        return _replaced(lab, device, klass, disk, int(rest[2]) if len(rest) > 2 else None, now)
    if kind == "path":
        trouble = device.trouble if device.trouble != closing.PATH else ""
        changed = device._replace(trouble=trouble if word == "repair" else closing.PATH)
    elif word == "repair":
        changed = device._replace(present=True, trouble="")
    else:
        changed = device._replace(present=False) if word == "fail" else device._replace(trouble=IO_ERROR)
    return followed(_with_device(lab, changed), now)


def _with_device(lab, device):
    if device == lab.devices[device.name]:
        return lab
    return lab._replace(devices={**lab.devices, device.name: device})


def _replaced(lab, device, klass, disk, blocks, now):
    """The drive is pulled, which a class that uses it notices, and an empty one put in: of `blocks`, or as large."""
    was = device.blocks if disk is None or disk.blocks is None else disk.blocks
    lab = followed(_with_device(lab, device._replace(present=False)), now)
    if disk is not None:
        klass = lab.classes[klass.name]
        there = klass.disks[disk.name]._replace(blocks=was)
        lab = with_class(lab, klass._replace(disks={**klass.disks, disk.name: there}))
    new = device._replace(present=True, trouble="", label="", blocks=blocks or was, bootable=False, slices={})
    return followed(_with_device(lab, new), now)


def _source_broken(lab, class_name, volume_name, now):
    """A bad block on the disk that is read by the copies onto the volume, which therefore fail."""
    copies = [c for c in lab.copies if c.klass == class_name and c.volume == volume_name]
    if not copies:
        return lab
    klass = lab.classes[class_name]
    source = klass.volumes[copies[0].source]
    member = next((s.member for s in source.slices if s.status in VALID), source.slices[0].member)
    lab = _with_device(lab, lab.devices[carriers(klass, member)[0].device]._replace(trouble=IO_ERROR))
    for copy in copies:
        lab = copying.lose(lab, class_name, volume_name, copy.members, now)
    return lab


# -- what follows ---------------------------------------------------------------------------------------------------


def settled(lab, now):
    """Everything that has happened by `now`, in order: copies that ended, faults that were due, work done."""
    lab = followed(lab, now)
    while True:
        over = [c for c in lab.copies if ends(c) is not None and ends(c) <= now]
        copy = min(over, key=ends, default=None)
        due = lab.faults[0] if lab.faults and lab.faults[0][0] <= now else None
        if due and (copy is None or due[0] < ends(copy)):
            lab = workload.worked(lab._replace(faults=lab.faults[1:]), due[0])
            if not wrong(lab, due[1:]):  # what it names may be gone by now
                lab = struck(lab, due[1:], due[0])
        elif copy:
            lab = followed(copying.finish(workload.worked(lab, ends(copy)), copy), ends(copy))
        else:
            return workload.worked(lab, now)


def followed(lab, now):
    """`lab` with what comes of broken devices: classes close, disks show errors, slices are lost, spares come and go.

    The same lab when all that has happened before.
    """
    for class_name in lab.classes:
        klass = lab.classes[class_name]
        nodes = [name for name in closing.nodes_up(lab, klass) if name not in klass.closed]
        broken = [d for d in closing.enabled(klass) if not spare.sound(lab.devices[d.device])]
        if broken and nodes:
            why = closing.reason(lab, klass)
            if why:
                lab = closing.close(lab, class_name, nodes, why, now)
                continue
            for disk in broken:
                lab = _hit(lab, class_name, disk.name, now)
        cut = [name for name in nodes if closing.alone(lab, klass, name)]
        if cut:
            lab = closing.close(lab, class_name, cut, closing.COMM, now)
        if not klass.closed:
            lab = spare.release(lab, class_name, now)
    return copying.planned(lab, now)


def _hit(lab, class_name, disk_name, now):
    """I/O errors on everything that the disk holds."""
    klass = lab.classes[class_name]
    disk = klass.disks[disk_name]
    if not disk.error:
        lab = with_class(lab, klass._replace(disks={**klass.disks, disk_name: disk._replace(error=True)}))
    before = lab
    for volume in volumes_on(klass, disk_name):
        members = [s.member for s in volume.slices if _needs(klass, s.member, disk_name)]
        for member in members:
            lab = _io_error(lab, class_name, volume.name, member, now)
    lost = lab is not before  # a spare comes when an I/O error costs redundancy, and at no other time
    lab = _unread_copies_fail(lab, class_name, now)
    return spare.connect(lab, class_name, disk_name, now) if lost else lab


def _needs(klass, member, disk_name):
    return any(disk.name == disk_name for disk in carriers(klass, member))


def _io_error(lab, class_name, volume_name, member, now):
    slices = find_volume(lab, class_name, volume_name).slices
    status = next(s.status for s in slices if s.member == member)
    others = any(s.status in VALID for s in slices if s.member != member)
    if status in (COPY, COPY_STOP) or (status in VALID and others):
        return copying.lose(lab, class_name, volume_name, (member,), now)
    return lab


def _unread_copies_fail(lab, class_name, now):
    """Copies whose source has no slice left that can be read: what they write is INVALID (guide F.1.1)."""
    klass = lab.classes[class_name]
    for copy in lab.copies:
        if copy.klass == class_name and not spare.copyable(lab, klass, klass.volumes[copy.source]):
            lab = copying.lose(lab, class_name, copy.volume, copy.members, now)
    return lab


# -- at boot --------------------------------------------------------------------------------------------------------


def identified(lab, node_name, now):
    """The check of every disk's identification at boot: the wrong or no disk is DISABLE, the right one back ENABLE.

    A class with too few disks that pass is not started: it is closed on the node.
    """
    for class_name, klass in lab.classes.items():
        if node_name not in klass.scope or klass.shadow:
            continue
        here = {name: why for name, why in klass.closed.items() if name != node_name}
        back = [d for d in klass.disks.values() if d.status == DISABLE and closing.identified(lab, klass, d)]
        whole = klass._replace(disks={**klass.disks, **{d.name: d._replace(status=ENABLE) for d in back}}, closed=here)
        why = closing.reason(lab, whole) or (closing.COMM if closing.alone(lab, whole, node_name) else None)
        if why:
            if klass.closed.get(node_name) != why:
                lab = with_class(lab, klass._replace(closed={**here, node_name: why}))
            lab = closing.fail_copies(lab, class_name, now)
            continue
        strange = [d for d in closing.enabled(whole) if not closing.identified(lab, whole, d)]
        if back or strange or whole.closed != klass.closed:
            lab = with_class(lab, whole)
        for disk in back:
            lab = _usable_again(lab, class_name, disk, now)
        for disk in strange:
            lab = _disabled(lab, class_name, disk, now)
    return lab


def _disabled(lab, class_name, disk, now):
    """DISABLE. Its good slices are NOUSE, the others INVALID; a volume that loses the last is INVALID (guide F.1.3)."""
    klass = lab.classes[class_name]
    lab = with_class(lab, klass._replace(disks={**klass.disks, disk.name: disk._replace(status=DISABLE)}))
    for volume in volumes_on(klass, disk.name):
        for piece in volume.slices:
            if _needs(klass, piece.member, disk.name):
                good = piece.status in VALID
                if good or piece.status in (COPY, COPY_STOP):
                    lost = NOUSE if good else INVALID
                    lab = copying.lose(lab, class_name, volume.name, (piece.member,), now, lost)
    return _unread_copies_fail(lab, class_name, now)


def _usable_again(lab, class_name, disk, now):
    """ENABLE again. What is stale by now is copied from a valid slice; without one nobody can tell what is good.

    The only slice that a volume has is as good as it was.
    """
    klass = lab.classes[class_name]
    for volume in volumes_on(klass, disk.name):
        usable = [s.member for s in volume.slices if s.status == NOUSE and _all_enabled(klass, s.member)]
        alone = bool(usable) and len(volume.slices) == 1
        back = STOP if alone else INVALID
        slices = tuple(s._replace(status=back) if s.member in usable else s for s in volume.slices)
        lab = with_volumes(lab, class_name, [volume._replace(slices=slices, valid=volume.valid or alone)])
        if usable and not alone and spare.copyable(lab, klass, volume) and not joined_proxy(klass, volume.name):
            lab = copying.resynchronize(lab, class_name, volume.name, usable, now)
    return lab


def _all_enabled(klass, member):
    return all(disk.status == ENABLE for disk in carriers(klass, member))


# -- what the daemon says -------------------------------------------------------------------------------------------


_CLOSING = {
    closing.NONE: "class.closing_none",
    closing.FEW: "class.closing_few",
    closing.COMM: "class.closing_comm",
}


def reported(before, after):
    """Notes of what the GDS daemon reports between the two: spares connected, classes closed."""
    notes = []
    for name, klass in after.classes.items():
        old = before.classes.get(name)
        for disk in spare.standins(klass):
            if old is None or old.disks[disk.name].standin == disk.standin:
                continue
            if disk.standin in klass.groups:
                notes.append(note("spare.for_group", disk=disk.name, lgroup=disk.standin, hgroup=disk.group,
                                  **{"class": name}))  # fmt: skip
            else:
                notes.append(note("spare.for_disk", disk=disk.name, failed=disk.standin, group=disk.group,
                                  **{"class": name}))  # fmt: skip
        for why in {why for node, why in klass.closed.items() if old and node not in old.closed}:
            notes.append(note(_CLOSING[why], **{"class": name}))
    return notes

