"""What the classes, disks and groups of a scenario mean together: names, references, limits.

Fills in what depends on other objects: a class's scope, a disk's group. Proxies are
`proxies`', what volumes show and hold `volumes`'.
"""

from ...model.names import NAME_LENGTH, SINGLE_DISK_NAME_LENGTH, well_spelled
from ...model.sizes import MOST_MEMBERS
from ...model.status import KEEP, MIRROR, ROOT, SHARED, SINGLE, SPARE, STRIPE, SWITCH
from .areas import lay_out
from .proxies import check_proxies
from .shape import given, meant, shown
from .volumes import check_data, check_running, volumes_of


def check_classes(scenario, devices, nodes, say):
    """Judges and completes all classes. `devices` and `nodes` are None when they are not to be had."""
    classes, roots, registered = {}, {}, {}
    for klass in scenario["classes"]:
        check_name(klass, NAME_LENGTH, classes, say)
        _check_names(klass, say)
        _check_scope(klass, nodes, roots, say)
        _check_disks(klass, devices, registered, say)
        _check_groups(klass, devices or {}, say)
        pairs = check_proxies(klass, say)
        lay_out(klass, devices or {}, pairs, say)
        for holder, volume in volumes_of(klass):
            check_running(klass, holder, volume, nodes or {}, say)
        check_data(klass, pairs, say)


# -- names ---------------------------------------------------------------------------------------------------


def check_name(item, longest, taken, say):
    """The item's name is one, and new among `taken` {name: path}."""
    name, path = item["name"], f"{item.path}.name"
    if name is None:
        return
    if not well_spelled(name):
        say(path, f"{shown(name)} is no name: A-Z a-z 0-9 - _, beginning with a letter or a digit")
    elif len(name) > longest:
        say(path, f"{shown(name)} has {len(name):,} characters, {longest} are the most")
    elif name in taken:
        say(path, f"'{name}' is the name of {taken[name]} already")
    else:
        taken[name] = item.path


def _check_names(klass, say):
    """Names are unique in a class, across disks, groups and volumes (guide A.1.1)."""
    taken = {}
    for disk in klass["disks"]:
        check_name(disk, SINGLE_DISK_NAME_LENGTH if disk["type"] == SINGLE else NAME_LENGTH, taken, say)
    for group in klass["groups"]:
        check_name(group, NAME_LENGTH, taken, say)
    for _, volume in volumes_of(klass):
        check_name(volume, NAME_LENGTH, taken, say)


# -- classes and disks ---------------------------------------------------------------------------------------


def _check_scope(klass, nodes, roots, say):
    path, type = f"{klass.path}.scope", klass["type"]
    if klass["scope"] is None:
        klass["scope"] = tuple(nodes or ())
        if len(klass["scope"]) > 1 and "scope" not in klass.wrong:
            say(path, "missing, and the lab has several nodes")
            return
    scope = []
    for at, name in given(klass["scope"]):
        if nodes is not None and name not in nodes:
            say(f"{path}[{at}]", f"no node {shown(name)}{meant(name, nodes)}")
        elif name in scope:
            say(f"{path}[{at}]", f"'{name}' stands here twice")
        scope.append(name)
    if not klass["scope"] and nodes:
        say(path, "needs a node")
    elif len(klass["scope"]) > 1 and type not in (None, SHARED) and "scope" not in klass.wrong:
        say(path, f"a {type} class is of one node")
    klass["scope"] = tuple(scope)
    for name in scope if type == ROOT else ():
        if name in roots:
            say(f"{klass.path}.type", f"{shown(name)} has a root class already, {roots[name]}")
        roots.setdefault(name, klass.path)


def _check_disks(klass, devices, registered, say):
    for disk in klass["disks"]:
        name, path = disk["device"], f"{disk.path}.device"
        if name is None or devices is None:
            pass
        elif name not in devices:
            say(path, f"no device {shown(name)}{meant(name, devices)}")
        elif name in registered:
            say(path, f"'{name}' is registered as {registered[name]} already")
        registered.setdefault(name, disk.path)
        if disk["type"] == KEEP and klass["type"] not in (None, ROOT):
            say(f"{disk.path}.type", "keep disks are for root classes")
        if disk["volumes"] and disk["type"] not in (None, SINGLE):
            say(f"{disk.path}.volumes", "only a disk of type single holds volumes without a group")
        disk["group"] = None


# -- groups --------------------------------------------------------------------------------------------------


def _check_groups(klass, devices, say):
    disks, groups, member_of = {d["name"]: d for d in klass["disks"]}, {}, {}
    for group in klass["groups"]:
        group["lower"] = False
        for at, name in given(group["members"]):
            path = f"{group.path}.members[{at}]"
            if name not in disks and name not in groups:
                late = any(g["name"] == name for g in klass["groups"])
                hint = ", a group is listed behind its members" if late else meant(name, filter(None, disks))
                say(path, f"no disk or group {shown(name)}{hint}")
            elif name in member_of:
                say(path, f"'{name}' is a member of {member_of[name]} already")
            else:
                member_of[name] = group.path
                _connect(klass, group, name, disks, groups, path, say)
        _check_members(klass, group, disks, devices, say)
        groups.setdefault(group["name"], group)


def _connect(klass, group, name, disks, groups, path, say):
    if name in disks:
        disks[name]["group"] = group["name"]
        if disks[name]["type"] in (SINGLE, SPARE):
            say(path, f"'{name}' is a {disks[name]['type']} disk, which is in no group")
        return
    lower = groups[name]
    lower["lower"] = True
    if klass["type"] == ROOT:
        say(path, "groups of a root class have no lower groups")
    if lower["volumes"]:
        say(f"{lower.path}.volumes", f"a lower group ({group.path} has it) holds no volumes")


def _check_members(klass, group, disks, devices, say):
    members, path, type = group["members"], f"{group.path}.members", group["type"]
    if members is None:
        return
    if not members:
        say(path, "a group needs at least one")
    if len(members) > MOST_MEMBERS.get(type, len(members)):
        say(path, f"{len(members):,} are too many for a {type} group, {MOST_MEMBERS[type]} is the most")
    if klass["type"] == ROOT:
        if type not in (None, MIRROR):
            say(f"{group.path}.type", "groups of a root class are mirror groups")
        found = [devices.get(disks[name]["device"]) for _, name in given(members) if name in disks]
        if len({device["cylinder"] for device in found if device and device["cylinder"]}) > 1:
            say(path, "have cylinders of different sizes")
    if type == STRIPE and group["width"] and group["width"] & (group["width"] - 1):
        say(f"{group.path}.width", f"{group['width']:,} is no power of two")
    if type == SWITCH and group["actdisk"] is None:
        group["actdisk"] = next((name for _, name in given(members)), None)
    if group["actdisk"] is not None and group["actdisk"] not in members:
        say(f"{group.path}.actdisk", f"{shown(group['actdisk'])} is not a member")
