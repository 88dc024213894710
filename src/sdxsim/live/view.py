"""What a node's name space shows, and what edits of it do to the volumes. Pure: a lab in, a lab out."""

from ..model.queries import find_volume, place_of, with_volumes
from ..model.record import Record
from ..model.records import File, Tree
from ..model.status import RO
from ..rules import jrm
from ..solaris import contents, devices, files, locks

BLOCK = 512
WRITTEN_BLOCKS = 16  # beside its content, by changing one file: inode, directory, maps (ours)
NEW_MODE = 0o777


class Place(Record, fields="point special klass volume rw"):
    """What is mounted at `point`: the special file's volume, read/write or not."""

    __slots__ = ()


class Shown(Record, fields="file place inside"):
    """What stands at a path: the File (None: a directory no tree lists), on which Place, and where in it."""

    __slots__ = ()


class Edit(Record, fields="kind mode text own", defaults=("", ())):
    """What somebody put in a place; `mode` None: as it was. Taken away is None instead of an Edit.

    `own`: (user, group) that it was given to, () nobody.
    """

    __slots__ = ()


def places(lab, node):
    """{mount point: Place} of the node's file systems, the last mount on a point."""
    found = {}
    for mount in node.mounts:
        at = place_of(lab, mount.special) if mount.type != "swap" else None
        if at and find_volume(lab, *at):
            found[mount.point] = Place(mount.point, mount.special, *at, "ro" not in mount.options.split(","))
    return found


def over(mounted, path):
    """The Place that the path lies on, None without /."""
    at = path
    while at not in mounted and at != "/":
        at = at.rpartition("/")[0] or "/"
    return mounted.get(at)


def shows(lab, node):
    """{path: Shown} of the node's whole name space; directories above what they hold. Without a root nothing."""
    mounted = places(lab, node)
    if "/" not in mounted:
        return {}
    made = {}
    for place in mounted.values():
        prefix = "" if place.point == "/" else place.point
        tree = Tree.of(find_volume(lab, place.klass, place.volume).data.files)
        for inside in contents.named(tree):
            path = prefix + inside
            if inside != "/" and path not in mounted and over(mounted, path) is place:
                made[path] = Shown(tree.rows[inside], place, inside)
    for point, place in mounted.items():
        if point != "/":
            made[point] = Shown(None, place, "/")
    for path in list(made):
        above = path.rpartition("/")[0]
        while above and above not in made:
            place = over(mounted, above)
            made[above] = Shown(None, place, above[len(place.point.rstrip("/")) :])
            above = above.rpartition("/")[0]
    unsound = [path for path, shown in made.items() if _below_no_directory(made, path)]
    for path in unsound:
        del made[path]
    return dict(sorted(made.items()))


def _below_no_directory(made, path):
    """A mount point under what has become a file or a link: there is no way to it."""
    above = path.rpartition("/")[0]
    while above:
        file = made[above].file
        if file is not None and file.kind != "dir":
            return True
        above = above.rpartition("/")[0]
    return False


# -- edits ----------------------------------------------------------------------------------------------------------


def edited(lab, node, edits, shown_on, now):
    """(lab, {path: why it was not taken}) after edits {path: Edit or None}.

    `shown_on` {mount point: Place} is what was mounted when they were made: they belong to that, or to nothing.
    """
    refused, by_place = {}, {}
    mounted = places(lab, node)
    locked = {m.point for m in node.mounts if m.lock == locks.WRITE}
    for path, edit in sorted(edits.items()):
        place = over(shown_on, path)
        here = place and mounted.get(place.point)
        if not here or here.special != place.special:
            refused[path] = "what it was on is not mounted any more" if place else "nothing is mounted there"
        elif path == place.point:
            refused[path] = "a mount point stays a directory"
        elif not here.rw or _started_ro(lab, node, here):
            refused[path] = "its file system is mounted read-only"
        elif place.point in locked:
            refused[path] = "its file system is write-locked"
        elif not devices.served(lab, node, place.klass, place.volume):
            refused[path] = "its volume answers with I/O errors"
        else:
            by_place.setdefault(here, {})[path] = edit
    for place, of_place in by_place.items():
        lab, no_room = _taken(lab, place, of_place, now)
        refused.update(no_room)
    return lab, refused


def _started_ro(lab, node, place):
    volume = find_volume(lab, place.klass, place.volume)
    return node.name in volume.started and volume.started[node.name] == RO


def _taken(lab, place, edits, now):
    volume = find_volume(lab, place.klass, place.volume)
    tree = Tree.of(volume.data.files)
    refused, changes, blocks = {}, {}, 0
    free = volume.data.frags + 8 * volume.data.blocks
    for path, edit in edits.items():
        inside = path[len(place.point.rstrip("/")) :]
        old = tree.get(inside)
        new = _as_file(edit, old, now)
        if new == old:
            continue
        needed = -(-contents.size(new) // contents.FRAGMENT) if new else 0
        if needed > free:
            refused[path] = "no space is left"
            continue
        free -= needed
        changes[inside] = new
        blocks += WRITTEN_BLOCKS + (-(-contents.size(new) // BLOCK) if new and new.text != (old and old.text) else 0)
    if not changes:
        return lab, refused
    lab = with_volumes(lab, place.klass, [volume._replace(data=contents.changed(volume.data, changes))])
    return jrm.written(lab, place.klass, place.volume, blocks), refused


def _as_file(edit, old, now):
    if edit is None:
        return None
    if old is None or old.kind != edit.kind:
        mode = edit.mode if edit.mode is not None else NEW_MODE
        return File(edit.text, mode, *(edit.own or ("root", "root")), now, edit.kind)
    mode = old.mode if edit.mode is None else old.mode & 0o7000 | edit.mode
    owner, group = edit.own or (old.owner, old.group)
    given = old._replace(mode=mode, owner=owner, group=group)
    return given if edit.text == old.text else given._replace(text=edit.text, mtime=now)


def left(path, why):
    """The sentence about an edit that was not taken."""
    return f"the edit of {path} was left out: {why}"


__all__ = ["Edit", "Place", "Shown", "edited", "files", "left", "over", "places", "shows"]
