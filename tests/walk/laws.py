"""What holds in every lab, whatever was done to it."""

from sdxsim.execute import execute
from sdxsim.model.queries import (
    carriers,
    device_parts,
    find_volume,
    holder_of,
    lower_groups,
    members_for_volumes,
    place_of,
    plain_parts,
    relation_of_volume,
    volumes_of_group,
)
from sdxsim.model.sizes import areas, measured, single
from sdxsim.model.status import (
    CLASS_TYPES,
    COPY,
    COPY_STOP,
    DISK_STATUSES,
    DISK_TYPES,
    ENABLE,
    GROUP_TYPES,
    INVALID,
    JOINED,
    KEEP,
    NOUSE,
    OBP,
    PARTED,
    ROOT,
    SHARED,
    SINGLE,
    SLICE_STATUSES,
    TEMP,
    TEMP_STOP,
    VALID,
)
from sdxsim.rules.copying import settle
from sdxsim.store.document import Document, from_bytes, to_bytes

VIEWS = ("-A", "-A -e long", "-C", "-D -e long", "-G -e long", "-V -e long", "-S -e long", "-I")


def hold(lab, now):
    """All that is cheap enough for every step."""
    for klass in lab.classes.values():
        names_are_unique(klass)
        kinds_are_known(klass)
        groups_are_what_their_members_make_them(lab, klass)
        limits_are_kept(klass)
        areas_add_up(lab, klass)
        slices_agree_with_their_volume(lab, klass)
        relations_are_whole(klass)
    devices_are_in_one_class(lab)
    copies_are_shown(lab)
    mounts_lie_on_what_runs(lab)
    what_is_halted_runs_nothing(lab)
    assert settle(settle(lab, now), now) == settle(lab, now)


def names_are_unique(klass):
    names = [*klass.volumes, *klass.groups, *klass.disks]
    assert len(set(names)) == len(names), names
    for named in (klass.volumes, klass.groups, klass.disks):
        assert all(name == item.name for name, item in named.items())


def kinds_are_known(klass):
    assert klass.type in CLASS_TYPES
    assert klass.disks, f"{klass.name} without disks"
    for disk in klass.disks.values():
        assert disk.type in DISK_TYPES and disk.status in DISK_STATUSES, disk
        assert disk.group == next((g.name for g in klass.groups.values() if disk.name in g.members), None), disk
    for group in klass.groups.values():
        assert group.type in GROUP_TYPES and group.members, group
    for volume in klass.volumes.values():
        assert {s.status for s in volume.slices} <= set(SLICE_STATUSES), volume
        assert set(volume.started) <= set(klass.scope), volume


def groups_are_what_their_members_make_them(lab, klass):
    members = [m for g in klass.groups.values() for m in g.members]
    assert len(members) == len(set(members)), members
    assert set(members) <= {*klass.groups, *klass.disks}, members
    for name, group in klass.groups.items():
        if any(d.standin for d in klass.disks.values() if d.group == name):
            continue  # a spare disk does not make a group what it is
        assert measured(klass, lab.devices, name).groups[name] == group, name


def limits_are_kept(klass):
    """Those of guide 2.1.3, A.1.1, A.1.2, A.1.10 and D.4, told once more."""
    for named in (klass, *klass.volumes.values(), *klass.groups.values(), *klass.disks.values()):
        name = named.name
        assert 0 < len(name) <= 32 and name[0].isalnum() and set(name) <= NAMED_WITH, name
    root = klass.type == ROOT
    for disk in klass.disks.values():
        assert disk.type != SINGLE or len(disk.name) <= 28, disk
        assert disk.type != KEEP or root, disk
    for group in klass.groups.values():
        assert len(group.members) <= {"mirror": 8, "stripe": 64, "concat": 64, "switch": 2}[group.type], group
        assert set(chains(klass, group)) <= ({"mirror"} if root else NINE), group
    held = {}
    for volume in klass.volumes.values():
        held.setdefault(holder_of(volume), []).append(volume)
        inside = klass.groups[volume.group].members if volume.group else ()
        assert not volume.pslice or not set(inside) & set(klass.groups), volume
        assert volume.pslice or not root, volume
        proxies = [klass.volumes[p.proxy] for r in klass.relations for p in r.pairs if p.master == volume.name]
        assert sum(len(v.slices) for v in (volume, *proxies)) <= 32, volume
    for volumes in held.values():
        assert len(volumes) <= 1024 and sum(v.pslice for v in volumes) <= 6, volumes


NAMED_WITH = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
NINE = {"mirror", "mirror-stripe", "mirror-stripe-concat", "mirror-concat", "stripe", "stripe-concat", "concat",
        "concat-switch", "switch"}  # fmt: skip


def chains(klass, group):
    """The types of the groups from there down, each way."""
    ways = [way for m in group.members if m in klass.groups for way in chains(klass, klass.groups[m])]
    return [f"{group.type}-{way}" for way in ways] or [group.type]


def areas_add_up(lab, klass):
    """Private, free and used blocks of every group and single disk are all of its blocks, once."""
    lower = lower_groups(klass)
    held = {}
    for volume in klass.volumes.values():
        held.setdefault(holder_of(volume), []).append(volume)
        assert volume.blocks > 0, volume
    for volumes in held.values():
        numbers = [v.number for v in volumes if v.pslice]
        assert len(numbers) == len(set(numbers)), numbers
    for group in klass.groups.values():
        volumes = held.pop(group.name, [])
        assert not volumes or group.name not in lower, group.name
        assert sum(blocks for _, blocks, _ in areas(group, volumes)) == group.blocks, group.name
    for name, volumes in held.items():
        disk = klass.disks[name]
        assert disk.type == SINGLE, disk
        whole = single(klass, disk, lab.devices[disk.device])
        assert sum(blocks for _, blocks, _ in areas(whole, volumes)) == whole.blocks, name


def slices_agree_with_their_volume(lab, klass):
    for volume in klass.volumes.values():
        shown = [s.status for s in volume.slices]
        if volume.group:
            group = klass.groups[volume.group]
            assert tuple(s.member for s in volume.slices) == tuple(members_for_volumes(group)), volume.name
        assert volume.started or "ACTIVE" not in shown, (volume.name, shown)
        assert volume.valid or not volume.started, volume.name
        assert volume.valid or not set(shown) & set(VALID), (volume.name, shown)
        there = {*VALID, COPY, COPY_STOP, TEMP, TEMP_STOP}
        assert not volume.valid or set(shown) & there or klass.shadow, (volume.name, shown)
        for piece in volume.slices:
            if piece.status in (TEMP, TEMP_STOP):
                assert piece.owner in lab.nodes and piece.data is not None, (volume.name, piece)
            if klass.closed or klass.shadow:
                continue
            usable = all(d.status == ENABLE for d in carriers(klass, piece.member))
            assert usable or piece.status in (NOUSE, INVALID, TEMP, TEMP_STOP), (volume.name, piece)
            assert not usable or piece.status != NOUSE, (volume.name, piece)
        relation, _ = relation_of_volume(klass, volume.name)
        if relation and relation.state == JOINED:
            assert not volume.started, volume.name


def relations_are_whole(klass):
    proxies = [p.proxy for r in klass.relations for p in r.pairs]
    assert len(proxies) == len(set(proxies)), proxies
    assert not set(proxies) & {p.master for r in klass.relations for p in r.pairs}
    for relation in klass.relations:
        assert relation.state in (JOINED, PARTED), relation
        there = klass.groups if relation.kind == "group" else klass.volumes
        assert relation.master in there and relation.proxy in there, relation
        for pair in relation.pairs:
            master, proxy = klass.volumes[pair.master], klass.volumes[pair.proxy]
            assert master.blocks == proxy.blocks, pair
            if relation.kind == "group":
                assert (master.group, proxy.group) == (relation.master, relation.proxy), pair
            if relation.state == JOINED:
                assert pair.tracking is None, pair
        if relation.kind == "group":
            assert {p.proxy for p in relation.pairs} == {v.name for v in volumes_of_group(klass, relation.proxy)}


def time_joins_nothing(before, after):
    """What was parted is parted, and a proxy that nothing is copied onto holds what it held, however long one waits."""
    for klass in before.classes.values():
        now = after.classes.get(klass.name)
        relations = {r.proxy: r for r in now.relations} if now else {}
        for relation in klass.relations:
            assert relations[relation.proxy].state == relation.state, relation
            for pair in relation.pairs if relation.state == PARTED else ():
                written = any((c.klass, c.volume) == (klass.name, pair.proxy) for c in before.copies)
                same = klass.volumes[pair.proxy].data == now.volumes[pair.proxy].data
                assert written or same or before.workload or before.faults, pair


def devices_are_in_one_class(lab):
    devices = [d.device for k in lab.classes.values() if not k.shadow for d in k.disks.values()]
    assert len(devices) == len(set(devices)), devices
    assert set(devices) <= set(lab.devices)


def copies_are_shown(lab):
    """COPY is shown exactly where a session writes, and each slice is written by one at most."""
    written = [(c.klass, c.volume, m) for c in lab.copies if not c.interrupted for m in c.members]
    assert len(set(written)) == len(written), written
    shown = {
        (k.name, v.name, s.member) for k in lab.classes.values() for v in k.volumes.values() for s in v.slices
        if s.status == COPY
    }  # fmt: skip
    assert shown == set(written)
    for copy in lab.copies:
        assert copy.members and copy.source in lab.classes[copy.klass].volumes, copy


def mounts_lie_on_what_runs(lab):
    for node in lab.nodes.values():
        assert node.power != OBP or not node.mounts, node.name
        for mount in node.mounts:
            replaced = plain_parts(mount.special) is not None  # the drive may be another one by now
            assert replaced or place_of(lab, mount.special) is not None, mount
            klass = lab.classes.get((device_parts(mount.special) or ("",))[0])
            if klass is None or klass.type == SHARED or node.name in klass.closed:
                continue  # of a class that was closed down a mount may be left over
            volume = find_volume(lab, klass.name, device_parts(mount.special)[2])
            assert node.name in volume.started or not volume.valid, mount


def what_is_halted_runs_nothing(lab):
    down = {node.name for node in lab.nodes.values() if node.power == OBP}
    for klass in lab.classes.values():
        for volume in klass.volumes.values():
            assert not down & set(volume.started), (volume.name, volume.started)


def shown_and_kept(lab, now):
    """Every table prints and agrees with the lab; the document holds all of it."""
    document = Document(1, {}, lab)
    assert from_bytes(to_bytes(document), "x") == document
    for node in lab.nodes.values():
        if node.power == OBP:
            continue
        for words in VIEWS:
            outcome = execute(lab, ["sdxinfo", *words.split()], now, node.name)
            assert (outcome.status, outcome.stderr) == (0, "") and outcome.lab is lab, (words, outcome.stderr)
        here = [k for k in lab.classes.values() if node.name in k.scope and node.name not in k.closed]
        rows = execute(lab, ["sdxinfo", "-DGV"], now, node.name).stdout.splitlines()
        for kind, count in (
            ("disk", sum(len(k.disks) for k in here)), ("group", sum(len(k.groups) for k in here)),
        ):  # fmt: skip
            assert sum(row.startswith(f"{kind} ") for row in rows) >= count, kind
        named = [row.split()[1] for row in rows if row.startswith("volume ") and row.split()[1] != "*"]
        for klass in here:
            assert set(klass.volumes) <= set(named), klass.name
