"""Rules of sdxattr for classes, disks and groups. All attributes of one call are set or none (inferred: 60)."""

from ..model.names import SINGLE_DISK_NAME_LENGTH
from ..model.queries import above, group_related, plain_mounts, plain_parts, volumes_of_group, volumes_on, with_class
from ..model.status import ENABLE, KEEP, ROOT, SHARED, SINGLE, SWITCH, TEMP, TEMP_STOP
from ..words.notes import Refusal
from .disk import io_timeout, scope_has_this_node, scope_known, scope_of_several
from .engine import Rule, refuses
from .membership import known_group, unreached


def _given(asked):
    return asked.args["a"]


def _taken(klass, name):
    return name in klass.disks or name in klass.groups or name in klass.volumes


# -- a class ------------------------------------------------------------------------------------------------------


def klass(asked):
    """The class."""
    return [asked.klass]


@refuses("object.related")
def class_unrelated(asked, klass):
    return klass.relations[0].proxy if klass.relations else None


@refuses("class.not_in_root")
def type_and_scope_free(asked, klass):
    """A root class stays what it is."""
    return klass.name if klass.type == ROOT and {"type", "scope"} & _given(asked).keys() else None


@refuses("object.active")
def volumes_stopped(asked, klass):
    if not {"name", "type", "scope"} & _given(asked).keys():
        return None
    return next((v.name for v in klass.volumes.values() if v.started), None)


@refuses("class.taken")
def class_name_free(asked, klass):
    name = _given(asked).get("name", klass.name)
    return {"class": name} if name != klass.name and name in asked.lab.classes else None


@refuses("class.no_shared")
def shared_where_nodes_are(asked, klass):
    shared = _given(asked).get("type", klass.type) == SHARED and klass.type != SHARED
    return {"class": klass.name} if shared and len(asked.lab.nodes) < 2 else None


@refuses("class.not_shared")
def scope_of_shared_class(asked, klass):
    wrong = "scope" in _given(asked) and _given(asked).get("type", klass.type) != SHARED
    return {"class": klass.name} if wrong else None


@refuses("object.detached")
def nothing_detached(asked, klass):
    """A detached slice has its special files, and its node, from the class."""
    if not {"name", "type", "scope"} & _given(asked).keys():
        return None
    away = (v.name for v in klass.volumes.values() if any(s.status in (TEMP, TEMP_STOP) for s in v.slices))
    return next(away, None)


def _scope(asked, klass):
    """The nodes of the class then: those of scope=, all when it becomes shared without, its node's when local."""
    given = _given(asked)
    if "scope" in given:
        return tuple(given["scope"].split(":"))
    type = given.get("type", klass.type)
    if type == klass.type:
        return klass.scope
    return tuple(asked.lab.nodes) if type == SHARED else (asked.node.name,)


@refuses("disk.unreached")
def disks_reached(asked, klass):
    """The nodes of the new scope see what is in groups, but for switch groups."""
    given = _given(asked)
    if given.get("type", klass.type) != SHARED or not {"type", "scope"} & given.keys():
        return None
    names = [d.name for d in klass.disks.values() if d.group and klass.groups[d.group].type != SWITCH]
    return unreached(asked.lab, klass, _scope(asked, klass), names)


def set_class(asked, targets):
    """Changes the class; a new name goes with its disks' labels and copies, files in volumes stay as they are."""
    (klass,), lab, given = targets, asked.lab, _given(asked)
    changed = klass._replace(
        name=given.get("name", klass.name),
        type=given.get("type", klass.type),
        scope=_scope(asked, klass),
        hs=given["hs"] == "on" if "hs" in given else klass.hs,
        hsmode=given.get("hsmode", klass.hsmode),
        iotimeout=io_timeout(given["iotimeout"]) if "iotimeout" in given else klass.iotimeout,
    )
    if changed == klass:
        return lab
    if changed.name == klass.name:
        return with_class(lab, changed)
    names = {klass.name: changed.name}
    copies = tuple(c._replace(klass=names.get(c.klass, c.klass)) for c in lab.copies)
    classes = {names.get(name, name): changed if k is klass else k for name, k in lab.classes.items()}
    return _labelled(lab._replace(classes=classes, copies=copies), changed, changed.disks.values())


def _labelled(lab, klass, disks):
    devices = {d.device: lab.devices[d.device]._replace(label=f"{klass.name}/{d.name}") for d in disks}
    return lab._replace(devices={**lab.devices, **devices})


# -- a disk -------------------------------------------------------------------------------------------------------


def disk(asked):
    """The disk."""
    name = asked.args["disk"]
    if name not in asked.klass.disks:
        raise Refusal("object.unknown", object=name)
    return [asked.klass.disks[name]]


@refuses("object.connected")
def disk_unconnected(asked, disk):
    return disk.name if disk.group else None


@refuses("object.exists")
def disk_empty(asked, disk):
    held = volumes_on(asked.klass, disk.name)
    return {"object": held[0].name, "holder": disk.name} if held else None


@refuses("name.long")
def disk_name_short(asked, disk):
    name = _given(asked).get("name", disk.name)
    single = _given(asked).get("type", disk.type) == SINGLE
    return {"string": name} if single and len(name) > SINGLE_DISK_NAME_LENGTH else None


@refuses("object.taken")
def disk_name_free(asked, disk):
    name = _given(asked).get("name", disk.name)
    return name if name != disk.name and _taken(asked.klass, name) else None


@refuses("class.only_root")
def keep_in_root_class(asked, disk):
    return disk.name if _given(asked).get("type") == KEEP and asked.klass.type != ROOT else None


@refuses("class.not_in_root")
def no_single_in_root_class(asked, disk):
    return disk.name if _given(asked).get("type") == SINGLE and asked.klass.type == ROOT else None


@refuses("device.no_slice")
def keeps_something(asked, disk):
    """A disk that was registered otherwise has lost its slices."""
    return disk.name if _given(asked).get("type") == KEEP and disk.type != KEEP else None


@refuses("device.busy")
def slices_closed(asked, disk):
    """What becomes of another type loses its slices."""
    mounts = plain_mounts(asked.lab, disk.device)
    if disk.type != KEEP or _given(asked).get("type", KEEP) == KEEP or not mounts:
        return None
    return {"device": disk.device, "pslice": "s".join(plain_parts(mounts[0].special))}


def set_disk(asked, targets):
    """Changes the disk; one that is no keep disk any more has lost its plain slices."""
    (disk,), given, klass = targets, _given(asked), asked.klass
    changed = disk._replace(name=given.get("name", disk.name), type=given.get("type", disk.type))
    if changed == disk:
        return asked.lab
    disks = {changed.name if d is disk else name: changed if d is disk else d for name, d in klass.disks.items()}
    lab = with_class(asked.lab, klass._replace(disks=disks))
    if disk.type == KEEP != changed.type:
        device = lab.devices[disk.device]._replace(slices={})
        lab = lab._replace(devices={**lab.devices, device.name: device})
    return _labelled(lab, klass, [changed])


# -- a group ------------------------------------------------------------------------------------------------------


def group(asked):
    """The group."""
    return [known_group(asked.klass, asked.args["group"])]


@refuses("object.related")
def group_unrelated(asked, group):
    return group.name if group_related(asked.klass, group.name) else None


@refuses("object.connected")
def group_unconnected(asked, group):
    return group.name if above(asked.klass, group.name) else None


@refuses("object.active")
def group_volumes_stopped(asked, group):
    """Only the active disk changes under running volumes (recalled: 50)."""
    if _given(asked).keys() == {"actdisk"}:
        return None
    return next((v.name for v in volumes_of_group(asked.klass, group.name) if v.started), None)


@refuses("object.taken")
def group_name_free(asked, group):
    name = _given(asked).get("name", group.name)
    return name if name != group.name and _taken(asked.klass, name) else None


@refuses("group.not_switch")
def switch_for_actdisk(asked, group):
    return group.name if "actdisk" in _given(asked) and group.type != SWITCH else None


@refuses("object.not_connected")
def actdisk_is_member(asked, group):
    name = _given(asked).get("actdisk", group.actdisk)
    return {"object": name, "group": group.name} if "actdisk" in _given(asked) and name not in group.members else None


@refuses("object.status")
def actdisk_enabled(asked, group):
    disk = asked.klass.disks.get(_given(asked).get("actdisk"))
    bad = disk is not None and disk.status != ENABLE
    return {"object": disk.name, "status": disk.status} if bad else None


def set_group(asked, targets):
    """Changes the group; a new name goes with its disks, volumes, slices and copies, a new active disk with slices."""
    (group,), given, klass = targets, _given(asked), asked.klass
    changed = group._replace(name=given.get("name", group.name), actdisk=given.get("actdisk", group.actdisk))
    if changed == group:
        return asked.lab
    names = {group.name: changed.name}
    if group.actdisk != changed.actdisk:
        names[group.actdisk] = changed.actdisk
    held = {v.name for v in volumes_of_group(klass, group.name)}

    def moved(volume):
        slices = tuple(s._replace(member=names.get(s.member, s.member)) for s in volume.slices)
        return volume._replace(group=changed.name, slices=slices)

    def followed(copy):
        if copy.klass != klass.name or copy.volume not in held:
            return copy
        return copy._replace(members=tuple(names.get(m, m) for m in copy.members))

    copies = tuple(followed(c) for c in asked.lab.copies)
    disks = {n: d._replace(group=changed.name) if d.group == group.name else d for n, d in klass.disks.items()}
    groups = {changed.name if g is group else n: changed if g is group else g for n, g in klass.groups.items()}
    volumes = {n: moved(v) if n in held else v for n, v in klass.volumes.items()}
    return with_class(asked.lab._replace(copies=copies), klass._replace(disks=disks, groups=groups, volumes=volumes))


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("attr.class", klass,
         guards=((class_unrelated,       "seen: guide A.2.25"),
                 (type_and_scope_free,   "ours: the condition is inferred (85)"),
                 (volumes_stopped,       "recalled: 75"),
                 (nothing_detached,      "ours: the condition is inferred"),
                 (class_name_free,       "seen: guide A.2.34, A.1.1"),
                 (shared_where_nodes_are, "recalled: low"),
                 (scope_of_shared_class, "seen: guide 2.1.1"),
                 (scope_known,           "ours"),
                 (scope_has_this_node,   "recalled: 60"),
                 (scope_of_several,      "recalled: 80, node:node...; ours: that each is named once"),
                 (disks_reached,         "seen: guide D.2 (of connecting disks)")),
         effect=(set_class,              "seen: guide D.7 (existence); recalled: 75 the attributes")),
    Rule("attr.disk", disk,
         guards=((disk_unconnected,      "seen: guide D.7"),
                 (disk_empty,            "seen: guide D.7"),
                 (disk_name_short,       "seen: guide A.1.1"),
                 (disk_name_free,        "seen: guide A.1.1"),
                 (keep_in_root_class,    "seen: guide A.1.2"),
                 (no_single_in_root_class, "ours: volumes of root classes are in groups (A.1.10)"),
                 (keeps_something,       "recalled: 50"),
                 (slices_closed,         "ours: as when it is registered")),
         effect=(set_disk,               "seen: guide D.7")),
    Rule("attr.group", group,
         guards=((group_unrelated,       "seen: guide A.2.25"),
                 (group_unconnected,     "seen: guide D.7"),
                 (group_volumes_stopped, "seen: guide D.7; recalled: 50 that actdisk is the exception"),
                 (group_name_free,       "seen: guide A.1.1"),
                 (switch_for_actdisk,    "ours: the condition is inferred"),
                 (actdisk_is_member,     "ours: the condition is inferred"),
                 (actdisk_enabled,       "ours: the condition is inferred")),
         effect=(set_group,              "seen: guide D.7")),
)}
# fmt: on
