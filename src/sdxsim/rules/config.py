"""Rules of sdxconfig (guide D.13). Its files are read and written by the caller; here they are texts."""


from ..model.queries import (
    copies_touching,
    disks_under,
    held_here,
    holder_of,
    in_use,
    layout,
    lower_groups,
    plain_mounts,
    plain_parts,
    sees,
    with_class,
)
from ..model.record import Record
from ..model.records import FileSystem, PlainSlice
from ..model.sizes import UNIT, measured, single
from ..model.status import DISABLE, INVALID, LOCAL, MIRROR, MULTI_USER, ROOT, STOP, SWITCH, TEMP, TEMP_STOP, VALID
from ..words.notes import Refusal
from ..words.parameters import value
from . import configtable, mirror
from .disk import without_labels
from .engine import Rule, note, refuses
from .klass import panic_off, says_removed
from .volume import started

STANDARD_INPUT = "standard input"


class Table(Record, fields="klass changes"):
    """A configuration table as read, a Class; `changes`: what Convert is to replace, {disk: device}."""

    __slots__ = ()


# -- what is named ------------------------------------------------------------------------------------------------


def klass(asked):
    """The class."""
    return [asked.klass]


def _read(asked):
    path = asked.args.get("infile")
    file = STANDARD_INPUT if path is None else path
    if asked.read is None:
        raise Refusal("file.unreadable", file=file, reason="there are no files")
    try:
        text = asked.read(path)
    except OSError as fault:
        raise Refusal("file.unreadable", file=file, reason=fault.strerror or str(fault)) from fault
    try:
        return configtable.parsed(text)
    except configtable.Wrong as wrong:
        raise Refusal("config.bad", file=file, where=str(wrong)) from wrong


def table(asked):
    """The table of -i."""
    return [Table(_read(asked), {})]


def table_and_disks(asked):
    """The table, and the disks of it that -d names."""
    klass, named = _read(asked), asked.args.get("disk", [])
    changes = {}
    for name, (device, *_) in asked.args.get("d", []):
        if name in changes:
            raise Refusal("device.named_twice", object=name)
        changes[name] = device
    for name in (*named, *changes):
        if name not in klass.disks:
            raise Refusal("object.unknown", object=name)
    return [Table(klass, changes)]


def table_and_devices(asked):
    """The table, and the disks of it that have the devices that -p names."""
    klass, changes = _read(asked), {}
    names = {d.device: d.name for d in klass.disks.values()}
    for old, (new, *_) in asked.args["p"]:
        if old not in names:
            raise Refusal("config.device", device=old)
        if names[old] in changes:
            raise Refusal("device.named_twice", object=old)
        changes[names[old]] = new
    return [Table(klass, changes)]


def table_and_groups(asked):
    """The table, and the groups of it that -g names."""
    klass = _read(asked)
    for name in asked.args["group"]:
        if name not in klass.groups:
            raise Refusal("object.unknown", object=name)
    return [Table(klass, {})]


def _class_name(asked):
    return asked.args["c"][0][0] if "c" in asked.args else asked.args["class"]


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("node.not_multi_user")
def multi_user(asked, _):
    return None if asked.node.power == MULTI_USER else {"node": asked.node.name}


@refuses("class.not_in_root")
def local_or_shared(asked, klass):
    return klass.name if klass.type == ROOT else None


@refuses("config.switch")
def no_switch_group(asked, klass):
    return next((g.name for g in klass.groups.values() if g.type == SWITCH), None)


@refuses("object.related")
def no_proxy(asked, klass):
    return klass.relations[0].proxy if klass.relations else None


@refuses("object.status")
def no_disabled_disk(asked, klass):
    bad = next((d for d in klass.disks.values() if d.status == DISABLE), None)
    return {"object": bad.name, "status": bad.status} if bad else None


def _detached(klass):
    """(DISK.VOLUME, Slice) of the detached slices."""
    slices = [(f"{s.member}.{v.name}", s) for v in klass.volumes.values() for s in v.slices]
    return [(name, piece) for name, piece in slices if piece.status in (TEMP, TEMP_STOP)]


@refuses("object.detached")
def nothing_detached(asked, klass):
    return next((name.partition(".")[2] for name, _ in _detached(klass)), None)


@refuses("class.not_local")
def local(asked, klass):
    return None if klass.type == LOCAL else {"class": klass.name}


@refuses("object.in_use")
def nothing_in_use(asked, klass):
    names = [*klass.volumes, *(name for name, _ in _detached(klass))]
    return next((name for name in names if in_use(asked.lab, klass.name, name)), None)


@refuses("object.active")
def all_stopped(asked, klass):
    return next((v.name for v in klass.volumes.values() if v.started), None)


@refuses("object.copying")
def nothing_copies(asked, klass):
    return next((name for name in klass.volumes if copies_touching(asked.lab, klass.name, name)), None)


@refuses("config.class")
def class_of_the_table(asked, table):
    name = _class_name(asked)
    return None if table.klass.name == name else {"class": name, "has": table.klass.name}


@refuses("object.connected")
def disks_may_go(asked, table):
    """A disk in a group stays, but for one of a mirror's disks: what else is in the group needs the others."""
    klass, named = table.klass, asked.args["disk"]
    for name in named:
        group = klass.groups.get(klass.disks[name].group)
        if group and (group.type != MIRROR or not set(group.members) - set(named)):
            return name
    return None


@refuses("object.connected")
def highest_groups(asked, table):
    lower = lower_groups(table.klass)
    return next((name for name in asked.args["group"] if name in lower), None)


@refuses("config.empty")
def some_disk_left(asked, table):
    left = _without_disks(asked, table) if "disk" in asked.args else _without_groups(asked, table)
    return None if left.disks else {"class": table.klass.name}


@refuses("device.named_twice")
def devices_once(asked, table):
    devices = [d.device for d in _with_devices(asked, table).disks.values()]
    return next((name for name in devices if devices.count(name) > 1), None)


@refuses("class.taken")
def class_absent(asked, table):
    return {"class": asked.args["class"]} if asked.args["class"] in asked.lab.classes else None


@refuses("device.unknown")
def devices_there(asked, table):
    devices = asked.lab.devices
    strange = [d.device for d in table.klass.disks.values()]
    strange = [name for name in strange if name not in devices or not sees(asked.node, devices[name])]
    return {"device": strange[0]} if strange else None


def _devices(asked, table):
    return [asked.lab.devices[d.device] for d in table.klass.disks.values()]


@refuses("device.absent")
def devices_present(asked, table):
    return next(({"device": d.name} for d in _devices(asked, table) if not d.present), None)


@refuses("device.registered")
def devices_free(asked, table):
    for device in _devices(asked, table):
        place = held_here(asked.lab, asked.node, device.name)
        if place:
            return {"device": device.name, "class": place[0].name}
    return None


@refuses("device.busy")
def devices_closed(asked, table):
    for device in _devices(asked, table):
        mounts = plain_mounts(asked.lab, device.name)
        if mounts:
            return {"device": device.name, "pslice": "s".join(plain_parts(mounts[0].special))}
    return None


@refuses("device.managed")
def no_private_slice(asked, table):
    """With -e chkps a disk that was GDS's before is not taken, as with sdxdisk -M."""
    labels = [(d.name, d.label) for d in _devices(asked, table) if d.label]
    if "chkps" not in asked.options or not labels:
        return None
    return {"device": labels[0][0], "class": labels[0][1].partition("/")[0]}


@refuses("device.small")
def disks_large_enough(asked, table):
    """Beside the private slice there is room for the smallest volume."""
    least = table.klass.private + UNIT
    return next((d.name for d in _devices(asked, table) if d.blocks < least), None)


@refuses("config.misfit")
def volumes_fit(asked, table):
    klass, devices = _sized(asked, table), asked.lab.devices
    for volume in klass.volumes.values():
        name = holder_of(volume)
        disk = klass.disks.get(name)
        holder = single(klass, disk, devices[disk.device]) if disk else klass.groups[name]
        if volume.first + volume.blocks > holder.blocks:
            return {"object": volume.name, "holder": name}
    return None


# -- effects ------------------------------------------------------------------------------------------------------


def nothing(asked, targets):
    """Backup and Convert give a table and change nothing."""
    return asked.lab


def _without(klass, disks, groups, volumes):
    return klass._replace(
        disks={n: d for n, d in klass.disks.items() if n not in disks},
        groups={n: g for n, g in klass.groups.items() if n not in groups},
        volumes={n: v for n, v in klass.volumes.items() if n not in volumes},
    )


def _without_disks(asked, table):
    """A single disk's volumes go with it, of a mirror's the slices there."""
    named = set(asked.args["disk"])
    alone = [v.name for v in table.klass.volumes.values() if holder_of(v) in named]
    left = _without(table.klass, named, (), alone)
    groups, volumes = dict(left.groups), dict(left.volumes)
    for group in left.groups.values():
        groups[group.name] = group._replace(members=tuple(m for m in group.members if m not in named))
    for volume in left.volumes.values():
        slices = tuple(s for s in volume.slices if s.member not in named)
        volumes[volume.name] = volume._replace(slices=slices)
    return left._replace(groups=groups, volumes=volumes)


def _without_groups(asked, table):
    """Volumes, lower groups and disks go with a group."""
    klass, named = table.klass, set(asked.args["group"])
    disks = {disk.name for name in named for disk in disks_under(klass, name)}
    volumes = [v.name for v in klass.volumes.values() if v.group in named]
    gone = set(named)
    while more := {m for g in gone for m in klass.groups[g].members if m in klass.groups} - gone:
        gone |= more
    return _without(klass, disks, gone, volumes)


def _renamed(asked, table):
    return table.klass._replace(name=asked.args["c"][0][1][0])


def _with_devices(asked, table):
    disks = table.klass.disks
    disks = {n: d._replace(device=table.changes.get(n, d.device)) for n, d in disks.items()}
    return table.klass._replace(disks=disks)


def remove(asked, targets):
    """The class goes with all its objects. What its volumes held stays on the disks, as do their labels with keepid."""
    (klass,) = targets
    lab = asked.lab if "keepid" in asked.options else without_labels(asked.lab, klass.disks.values())
    devices, remains = dict(lab.devices), {}
    for volume in klass.volumes.values():
        for piece in volume.slices:
            data = piece.data or (volume.data if piece.status in VALID else None)
            if data and data.type != "none":
                first = disks_under(klass, piece.member)[0].device
                left = PlainSlice(volume.first, volume.blocks, layout(klass, piece.member), data, volume.wear)
                remains.setdefault(first, []).append(left)
    for name, left in remains.items():
        devices[name] = devices[name]._replace(remains=tuple(left))
    return lab._replace(devices=devices, classes={n: k for n, k in lab.classes.items() if n != klass.name})


def _sized(asked, table):
    """The class, local to this node, its groups with the sizes that the disks make."""
    klass = table.klass._replace(type=LOCAL, scope=(asked.node.name,))
    for name in klass.groups:
        klass = measured(klass, asked.lab.devices, name)
    return klass


def restore(asked, targets):
    """The class as in the table: volumes run unless they are locked, mirrors are copied from their first slice."""
    (table,), lab = targets, asked.lab
    klass, synced = _sized(asked, table), "skipsync" in asked.options
    volumes = {}
    for volume in klass.volumes.values():
        data, wear = _remains(lab, klass, volume)
        good = [synced or s is volume.slices[0] for s in volume.slices]
        slices = tuple(
            s._replace(status=STOP if so else INVALID, fresh=not so) for s, so in zip(volume.slices, good, strict=True)
        )
        volume = volume._replace(slices=slices, data=data, wear=wear)
        volumes[volume.name] = volume if volume.lock else started(volume, asked.node.name)
    devices = dict(lab.devices)
    for disk in klass.disks.values():
        label = f"{klass.name}/{disk.name}"
        devices[disk.device] = devices[disk.device]._replace(slices={}, label=label, remains=())
    lab = with_class(lab._replace(devices=devices), klass._replace(volumes=volumes))
    return mirror.catch_up(lab, klass.name, list(volumes), asked.now, value(asked.node, "copy_delay"))


def _remains(lab, klass, volume):
    """(data, wear) of what a volume of the same place had left on the disks of the first slice."""
    member = volume.slices[0].member
    place = volume.first, volume.blocks, layout(klass, member)
    for left in lab.devices[disks_under(klass, member)[0].device].remains:
        if (left.first, left.blocks, left.tag) == place:
            return left.data, left.wear
    return FileSystem("none"), 0


# -- what is given and said ---------------------------------------------------------------------------------------


def gives_backup(asked, targets):
    """The table of the class."""
    return configtable.written(targets[0])


def _gives(change):
    def gives(asked, targets):
        return configtable.written(change(asked, targets[0]))

    return gives


def says_restored(asked, before, after, targets):
    """All that was made, as the commands that make it one by one say it."""
    name = asked.args["class"]
    klass = after.classes[name]
    said = [note("class.created", **{"class": name})]
    for disk in klass.disks.values():
        said += [note("disk.created", disk=disk.name), note("device.disabled", device=disk.device)]
    said += [note("group.created", group=group) for group in klass.groups]
    for volume in klass.volumes.values():
        said.append(note("volume.created", volume=volume.name))
        if volume.started:
            said.append(note("volume.started", volume=volume.name, node=asked.node.name, **{"class": name}))
    return said


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
_CHANGES_NOTHING = (nothing, "seen: guide D.13; ours: the format of the table")
_OF_CLASS = ((multi_user,          "seen: guide D.13"),
             (class_of_the_table,  "seen: guide D.13 (-c names the class in the table)"))
RULES = {rule.form: rule for rule in (
    Rule("config.backup", klass,
         guards=((multi_user,          "seen: guide D.13"),
                 (local_or_shared,     "seen: guide D.13"),
                 (no_switch_group,     "seen: guide D.13"),
                 (no_proxy,            "seen: guide D.13"),
                 (no_disabled_disk,    "seen: guide D.13"),
                 (nothing_detached,    "seen: guide D.13")),
         effect=_CHANGES_NOTHING, gives=gives_backup),
    Rule("config.remove_disks", table_and_disks,
         guards=(*_OF_CLASS,
                 (disks_may_go,        "ours: the condition is inferred"),
                 (some_disk_left,      "ours: a class has a disk")),
         effect=_CHANGES_NOTHING, gives=_gives(_without_disks), makes_class=True),
    Rule("config.remove_groups", table_and_groups,
         guards=(*_OF_CLASS,
                 (highest_groups,      "ours: the condition is inferred"),
                 (some_disk_left,      "ours: a class has a disk")),
         effect=_CHANGES_NOTHING, gives=_gives(_without_groups), makes_class=True),
    Rule("config.rename", table,
         guards=_OF_CLASS,
         effect=_CHANGES_NOTHING, gives=_gives(_renamed), makes_class=True),
    Rule("config.replace_disks", table_and_disks,
         guards=(*_OF_CLASS,
                 (devices_once,        "ours: a device is one disk")),
         effect=_CHANGES_NOTHING, gives=_gives(_with_devices), makes_class=True),
    Rule("config.replace_devices", table_and_devices,
         guards=(*_OF_CLASS,
                 (devices_once,        "ours: a device is one disk")),
         effect=_CHANGES_NOTHING, gives=_gives(_with_devices), makes_class=True),
    Rule("config.remove", klass,
         guards=((multi_user,          "seen: guide D.13"),
                 (local,               "seen: guide D.13"),
                 (nothing_in_use,      "ours: the condition is inferred"),
                 (all_stopped,         "ours: as sdxvolume -R (recalled: 80)"),
                 (nothing_copies,      "ours: the condition is inferred"),
                 (panic_off,           "seen: Linux 4.5 guide 7.15")),
         effect=(remove,               "seen: guide D.13 (all objects go); recalled: 60 (keepid); ours: what stays"),
         says=says_removed),
    Rule("config.restore", table,
         guards=((multi_user,          "seen: guide D.13"),
                 (class_absent,        "recalled: 55"),
                 (class_of_the_table,  "ours: the condition is inferred"),
                 (devices_there,       "recalled: 55"),
                 (devices_present,     "ours: as sdxdisk -M"),
                 (devices_free,        "recalled: 55"),
                 (devices_closed,      "ours: as sdxdisk -M"),
                 (no_private_slice,    "recalled: 65"),
                 (disks_large_enough,  "recalled: 55"),
                 (volumes_fit,         "ours: the condition is inferred")),
         effect=(restore,              "recalled: 55 (local, skipsync); ours: the volumes run"),
         says=says_restored, makes_class=True),
)}
# fmt: on
