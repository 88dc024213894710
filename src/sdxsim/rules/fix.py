"""Rules of sdxfix: closed classes, disks with an I/O error and INVALID volumes are put right (guide D.9)."""

from ..model.queries import (
    carriers,
    copies_touching,
    top,
    volumes_of_group,
    volumes_on,
    with_class,
    with_volumes,
)  # fmt: skip
from ..model.record import Record
from ..model.status import ACTIVE, ENABLE, INVALID, MULTI_USER, STOP, SWITCH
from ..solaris import condition
from ..words.notes import Refusal
from . import closing, related, spare
from .engine import REOPENING, Rule, refuses
from .swap import disks


class Piece(Record, fields="volume slice"):
    """A slice of a volume: the one that is to be valid."""

    __slots__ = ()

    @property
    def name(self):
        """The volume's: relations are between volumes."""
        return self.volume.name


def the_class(asked):
    """The class itself."""
    return [asked.klass]


def piece(asked):
    """The slice of the volume (-v) on the disk (-d) or lower level group (-g)."""
    klass, name = asked.klass, asked.args["volume"]
    member, among = (asked.args["group"], klass.groups) if "group" in asked.args else (asked.args["disk"], klass.disks)
    for known, word in ((among, member), (klass.volumes, name)):
        if word not in known:
            raise Refusal("object.unknown", object=word)
    volume = klass.volumes[name]
    found = next((s for s in volume.slices if s.member == member), None)
    if found is None:
        raise Refusal("object.unknown", object=f"{member}.{name}")
    return [Piece(volume, found)]


# -- guards of -C ---------------------------------------------------------------------------------------------------


@refuses("class.open")
def closed(asked, klass):
    return None if asked.node.name in klass.closed else {"class": klass.name}


@refuses("class.databases")
def databases_enough(asked, klass):
    return {"class": klass.name} if closing.reason(asked.lab, klass) else None


@refuses("class.comm")
def communicates(asked, klass):
    """The node can speak to the others again."""
    return {"class": klass.name} if closing.alone(asked.lab, klass, asked.node.name) else None


# -- guards of -D ---------------------------------------------------------------------------------------------------


@refuses("object.status")
def enabled(asked, disk):
    return None if disk.status == ENABLE else {"object": disk.name, "status": disk.status}


@refuses("disk.switch")
def not_of_a_switch(asked, disk):
    in_switch = disk.group and asked.klass.groups[disk.group].type == SWITCH
    return {"disk": disk.name, "group": disk.group} if in_switch else None


@refuses("object.active")
def volumes_rest(asked, disk):
    """All volumes of the highest level group, or of the single disk, are STOP or INVALID on all nodes."""
    if "online" in asked.options:
        return None
    klass = asked.klass
    of = volumes_of_group(klass, top(klass, disk.group)) if disk.group else volumes_on(klass, disk.name)
    return next((v.name for v in of if v.started), None)


@refuses("device.read")
def reads_to_the_end(asked, disk):
    """The whole disk can be read; not tried with -x NoRdchk."""
    device = asked.lab.devices[disk.device]
    good = "NoRdchk" in asked.args.get("x", {}) or spare.sound(device)
    return None if good else {"device": device.name}


# -- guards of -V ---------------------------------------------------------------------------------------------------


@refuses("object.status")
def invalid(asked, found):
    if not found.volume.valid:
        return None
    return {"object": found.volume.name, "status": ACTIVE if asked.node.name in found.volume.started else STOP}


@refuses("object.copying")
def nothing_copies(asked, found):
    return found.volume.name if copies_touching(asked.lab, asked.klass.name, found.volume.name) else None


@refuses("object.status")
def slice_invalid(asked, found):
    """A slice that is NOUSE is on a disk out of use."""
    name = f"{found.slice.member}.{found.volume.name}"
    return None if found.slice.status == INVALID else {"object": name, "status": found.slice.status}


@refuses("object.status")
def disks_enabled(asked, found):
    """What is to be valid lies on disks in use."""
    away = [d for d in carriers(asked.klass, found.slice.member) if d.status != ENABLE]
    return {"object": away[0].name, "status": away[0].status} if away else None


@refuses("device.read")
def disks_read(asked, found):
    broken = [d for d in carriers(asked.klass, found.slice.member) if not spare.sound(asked.lab.devices[d.device])]
    return {"device": broken[0].device} if broken else None


# -- effects --------------------------------------------------------------------------------------------------------


def reopen(asked, targets):
    """The class is open on the node again."""
    return closing.reopen(asked.lab, asked.klass.name, asked.node.name)


def clear_error(asked, targets):
    """E is 0. Slices stay INVALID: sdxcopy -B copies them."""
    (disk,), klass = targets, asked.klass
    if not disk.error:
        return asked.lab
    return with_class(asked.lab, klass._replace(disks={**klass.disks, disk.name: disk._replace(error=False)}))


def make_valid(asked, targets):
    """The slice is STOP and the volume with it. What it holds may be old: file systems need a check (guide D.9)."""
    (found,) = targets
    volume = found.volume
    slices = tuple(
        s._replace(status=STOP if s.member == found.slice.member else s.status, fresh=False) for s in volume.slices
    )
    data = volume.data  # a copy that was cut off tells for itself what is wrong
    if not data.defects:
        data = condition.image(data, True, MULTI_USER, False, asked.now)
    return with_volumes(asked.lab, asked.klass.name, [volume._replace(slices=slices, valid=True, data=data)])


# -- the table ------------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule(REOPENING, the_class,
         guards=((closed,             "ours: the condition is inferred"),
                 (databases_enough,   "seen: guide D.9"),
                 (communicates,       "ours: the condition is inferred (F.1.4)")),
         effect=(reopen,              "seen: guide D.9")),
    Rule("fix.disk", disks,
         guards=((enabled,            "ours: a DISABLE or SWAP disk is put right by other means"),
                 (not_of_a_switch,    "seen: guide D.9"),
                 (volumes_rest,       "seen: guide D.9"),
                 (reads_to_the_end,   "seen: guide D.9")),
         effect=(clear_error,         "seen: guide D.9")),
    Rule("fix.volume", piece,
         guards=(*related.guards_for("fix.volume").items(),
                 (invalid,            "seen: guide F.1.3; ours: that another status is refused"),
                 (nothing_copies,     "seen: guide A.2.25 (of masters)"),
                 (slice_invalid,      "ours: F.1.3 restores DISABLE disks first"),
                 (disks_enabled,      "ours: F.1.3 restores DISABLE disks first"),
                 (disks_read,         "ours: the slice is read (Linux has -x NoRdchk to skip that)")),
         effect=(make_valid,          "seen: guide F.1.3, D.9")),
)}
# fmt: on
