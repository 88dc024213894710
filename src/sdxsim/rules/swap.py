"""Rules of sdxswap: a disk is made exchangeable, and put to use again after it was exchanged (guide D.8, 5.3.4)."""

from ..model.queries import (
    carriers,
    joined_proxy,
    top,
    volumes_of_group,
    volumes_on,
    with_class,
)  # fmt: skip
from ..model.status import DISABLE, ENABLE, INVALID, MIRROR, NOUSE, SINGLE, SWAP, TEMP, TEMP_STOP, VALID
from ..words.notes import Refusal
from ..words.parameters import delay
from . import closing, copying, related, spare
from .engine import Rule, note, refuses

# -- which disk -----------------------------------------------------------------------------------------------------


def disks(asked):
    """The disk named with -d."""
    name = asked.args["disk"]
    if name not in asked.klass.disks:
        raise Refusal("object.unknown", object=name)
    return [asked.klass.disks[name]]


def pieces(klass, disk_name):
    """[(volume, slice)] of all that needs the disk."""
    found = [(v, s) for v in volumes_on(klass, disk_name) for s in v.slices]
    return [(v, s) for v, s in found if any(d.name == disk_name for d in carriers(klass, s.member))]


# -- guards ---------------------------------------------------------------------------------------------------------


@refuses("object.status")
def not_out_already(asked, disk):
    return {"object": disk.name, "status": disk.status} if disk.status == SWAP else None


@refuses("object.status")
def out(asked, disk):
    """Made exchangeable by sdxswap -O before."""
    return None if disk.status == SWAP else {"object": disk.name, "status": disk.status}


@refuses("object.only_valid")
def slices_elsewhere(asked, disk):
    """No volume has its only valid slice on the disk (guide 5.3.4)."""
    for volume, piece in pieces(asked.klass, disk.name):
        if piece.status in VALID and sum(s.status in VALID for s in volume.slices) == 1:
            return f"{piece.member}.{volume.name}"
    return None


@refuses("object.status")
def nothing_detached(asked, disk):
    """No slice on it is detached and used by itself."""
    for volume, piece in pieces(asked.klass, disk.name):
        if piece.status in (TEMP, TEMP_STOP):
            return {"object": f"{piece.member}.{volume.name}", "status": piece.status}
    return None


@refuses("disk.no_group")
def in_use_by_gds(asked, disk):
    """In a group, or a single disk, of which Linux D.1.2 says that its INVALID volumes are removed before."""
    return None if disk.group or disk.type == SINGLE else disk.name


@refuses("object.status")
def invalid_volumes_removed(asked, disk):
    """Of a DISABLE disk the INVALID volumes on it, or in its group, were removed before."""
    if disk.status != DISABLE:
        return None
    group = disk.group and top(asked.klass, disk.group)
    held = volumes_of_group(asked.klass, group) if group else volumes_on(asked.klass, disk.name)
    lost = [v for v in held if not v.valid]
    return {"object": lost[0].name, "status": INVALID} if lost else None


@refuses("class.last_disk")
def others_enabled(asked, disk):
    others = [d for d in closing.enabled(asked.klass) if d.name != disk.name]
    return None if others else {"object": disk.name, "class": asked.klass.name}


@refuses("device.absent")
def drive_answers(asked, disk):
    """The new drive can be opened."""
    answers = closing.answers(asked.lab.devices[disk.device])
    return None if answers else {"device": disk.device}


@refuses("device.small")
def large_enough(asked, disk):
    """The new drive is not smaller than the old one."""
    small = disk.blocks is not None and asked.lab.devices[disk.device].blocks < disk.blocks
    return disk.device if small else None


# -- effects --------------------------------------------------------------------------------------------------------


def take_out(asked, targets):
    """SWAP; all its slices are detached: NOUSE."""
    (disk,), klass = targets, asked.klass
    lab = with_class(asked.lab, klass._replace(disks={**klass.disks, disk.name: disk._replace(status=SWAP)}))
    for volume, piece in pieces(klass, disk.name):
        lab = copying.lose(lab, klass.name, volume.name, (piece.member,), asked.now, NOUSE)
    return lab


def put_in(asked, targets):
    """ENABLE, with the label of the old one; its slices are copied from valid ones, in the highest mirror group.

    Slices of a joined proxy are INVALID and stay so until it is parted and rejoined (Linux guide 7.3.5).
    A volume that has nothing to copy from stays as it is.
    """
    (disk,), name, now = targets, asked.klass.name, asked.now
    disks_now = {**asked.klass.disks, disk.name: disk._replace(status=ENABLE, error=False, blocks=None)}
    klass = asked.klass._replace(disks=disks_now)
    device = asked.lab.devices[disk.device]
    # the boot block is part of what is copied
    bootable = device.bootable or _beside_bootable(asked.lab, klass, disk)
    device = device._replace(label=closing.label(klass, disk), bootable=bootable)
    lab = with_class(asked.lab._replace(devices={**asked.lab.devices, device.name: device}), klass)
    for volume, piece in pieces(klass, disk.name):
        if piece.status == NOUSE and all(d.status == ENABLE for d in carriers(klass, piece.member)):
            lab = copying.lose(lab, name, volume.name, (piece.member,), now, INVALID)
            if _is_copied(lab, klass, volume):
                pause = delay(asked.node, asked.options)
                lab = copying.resynchronize(lab, name, volume.name, (piece.member,), now, pause)
    return lab


def _is_copied(lab, klass, volume):
    mirrored = volume.group is not None and klass.groups[volume.group].type == MIRROR
    return mirrored and not joined_proxy(klass, volume.name) and spare.copyable(lab, klass, volume)


def _beside_bootable(lab, klass, disk):
    if disk.group is None:  # a single disk, or one that was disconnected while it was out
        return False
    return any(lab.devices[klass.disks[m].device].bootable for m in klass.groups[disk.group].members
               if m in klass.disks and m != disk.name)  # fmt: skip


# -- what is said, and what is waited for ---------------------------------------------------------------------------


def says_ready(asked, before, after, targets):
    """The disk may be exchanged now."""
    return [note("swap.ready", disk=targets[0].name)]


def waits_for_slices(asked, after, targets):
    """The slices that are copied, unless -e nowaitsync."""
    if "nowaitsync" in asked.options:
        return {}
    (disk,), klass = targets, after.classes[asked.klass.name]
    copied = [(v.name, (s.member,)) for v, s in pieces(klass, disk.name) if _begun(asked, after, v, s)]
    return {disk.name: copied} if copied else {}


def _begun(asked, after, volume, piece):
    name = asked.klass.name
    new = [c for c in after.copies if c not in asked.lab.copies]
    return any(c.klass == name and c.volume == volume.name and piece.member in c.members for c in new)


def says_waiting(asked, before, after, targets):
    """That it waits, when it does."""
    return [note("copy.waiting", object=name) for name in waits_for_slices(asked, after, targets)]


# -- the table ------------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("swap.out", disks,
         guards=(*related.guards_for("swap.out").items(),
                 (not_out_already,         "ours: the condition is inferred"),
                 (slices_elsewhere,        "seen: guide 5.3.4 and A.2.16 (Japanese), Linux 7.3.5"),
                 (in_use_by_gds,           "recalled: 50; seen: Linux 4.5 guide D.1.2 (Japanese) of single disks"),
                 (nothing_detached,        "ours: whoever uses the slice would lose it"),
                 (invalid_volumes_removed, "seen: Linux 4.5 guide D.1.2 (Japanese), remove them before the swap"),
                 (others_enabled,          "recalled: low")),
         effect=(take_out,                 "seen: guide D.8; recalled: 90 SWAP and NOUSE"),
         says=says_ready),
    Rule("swap.in", disks,
         guards=(*related.guards_for("swap.in").items(),
                 (out,                     "seen: guide D.8, the disk was made exchangeable with -O"),
                 (drive_answers,           "ours: the condition is inferred"),
                 (large_enough,            "seen: guide D.8")),
         effect=(put_in,                   "seen: guide D.8; Linux 7.3.5 for joined proxies"),
         says=says_waiting, waits=waits_for_slices),
)}
# fmt: on
