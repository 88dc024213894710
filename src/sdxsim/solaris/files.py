"""Files inside volumes: where a path leads, and the two files that bind a root file system to volumes.

/etc/vfstab has the shape of vfstab(4) and names volumes by special file. What GDS writes to
/etc/system is not known: by analogy with other volume managers it is one block of forceloads and a
rootdev line (ours). The minor number such a line really carries is not derivable, so ours carries
the names instead, `rootdev:/pseudo/sfdsk@0:CLASS,VOLUME,blk`, and a boot can read them back.
"""


from ..model.queries import block_device, find_volume, place_of, raw_device, root_volume
from ..model.record import Record
from . import devices, pseudo

VFSTAB, SYSTEM = "/etc/vfstab", "/etc/system"


class Entry(Record, fields="special fsckdev point type check boot options"):
    """A line of vfstab: seven fields, - for none (vfstab(4)); `check` is the fsck pass, `boot` yes or no."""

    __slots__ = ()


# -- paths -----------------------------------------------------------------------------------------------


def normal(path):
    """`path` as an absolute one without `.`, `..` and doubled slashes, by its text alone.

    A relative path starts at / (root's home); nothing leads above /.
    """
    kept = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:-1]
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept)


def absolute(path, directory):
    """`path` as typed in that directory; an empty one stays empty, for it names nothing."""
    return path if path.startswith("/") or not path else f"{directory}/{path}"


def within(path, directory):
    """True when `path` is `directory` or lies under it (both normal)."""
    return directory == "/" or path == directory or path.startswith(directory + "/")


def mount_over(node, path):
    """The mount that `path` (normal) lies on: the longest mount point, the last made; None without /."""
    found = None
    for mount in node.mounts:
        longer = found is None or len(mount.point) >= len(found.point)
        if mount.type != "swap" and longer and within(path, mount.point):
            found = mount
    return found


def locate(lab, node, path):
    """(class, volume, path inside the volume) that `path` leads to on the node, or None."""
    if not path:
        return None
    path = normal(path)
    mount = mount_over(node, path) if pseudo.at(node, path) is None else None
    place = mount and place_of(lab, mount.special)
    if not place:
        return None
    inside = path if mount.point == "/" else path[len(mount.point) :]
    return *place, inside or "/"


def is_directory(data, inside):
    """True when the file system's tree has that directory; every parent of what it holds is one."""
    if inside == "/":
        return True
    if inside in data.files:
        return data.files[inside].kind == "dir"
    under = inside + "/"
    return any(name.startswith(under) for name in data.files)


def kind(lab, node, path):
    """What `path` is on the node: block, raw, directory, file, or None if there is no such thing."""
    if not path:
        return None
    path = normal(path)
    found = devices.special(lab, node, path)
    if found:
        return "raw" if found.raw else "block"
    if devices.directory(lab, path):
        return "directory"
    if mounted := pseudo.kind(node, path):
        return mounted
    place = locate(lab, node, path)
    if place is None:
        return None
    data = find_volume(lab, place[0], place[1]).data
    if is_directory(data, place[2]):
        return "directory"
    return "file" if place[2] in data.files else None


# -- vfstab ----------------------------------------------------------------------------------------------


def vfstab_entries(text):
    """The entries of a vfstab's text, in order; comments and lines without seven fields are left out."""
    lines = (line.split() for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [Entry(*fields) for fields in lines if len(fields) == 7]


def running_vfstab(lab, node):
    """The entries of the running system's /etc/vfstab; [] without a root volume, None if the file is gone."""
    place = root_volume(lab, node)
    volume = place and find_volume(lab, *place)
    if not volume:
        return []
    file = volume.data.files.get(VFSTAB)
    return vfstab_entries(file.text) if file else None


_HEAD = """\
#device		device		mount		FS	fsck	mount	mount
#to mount	to fsck		point		type	pass	at boot	options
#
fd	-	/dev/fd	fd	-	no	-
/proc	-	/proc	proc	-	no	-
"""
_TAIL = """\
/devices	-	/devices	devfs	-	no	-
ctfs	-	/system/contract	ctfs	-	no	-
objfs	-	/system/object	objfs	-	no	-
swap	-	/tmp	tmpfs	-	yes	-
"""
_EARLY = ("/", "/usr", "/var")  # mounted before the others: pass 1, not by mountall


def make_vfstab(class_name, volumes, nologging=()):
    """The text of a vfstab on volumes {mount point, or "swap": volume}, in that order (solaris.md 5.1).

    Mount points in `nologging` get that option.
    """
    rows = []
    for point, volume in volumes.items():
        block, raw = block_device(class_name, volume), raw_device(class_name, volume)
        if point == "swap":
            fields = (block, "-", "-", "swap", "-", "no", "-")
        else:
            late = point not in _EARLY
            options = "nologging" if point in nologging else "-"
            fields = (block, raw, point, "ufs", "2" if late else "1", "yes" if late else "no", options)
        rows.append("\t".join(fields) + "\n")
    return _HEAD + "".join(rows) + _TAIL


# -- system ----------------------------------------------------------------------------------------------

_SPECIFICATION = """\
*ident	"@(#)system	1.18	97/06/27 SMI" /* SVR4 1.5 */
*
* SYSTEM SPECIFICATION FILE
*
"""
_BEGIN, _END = "* Begin GDS root info (do not edit)", "* End GDS root info (do not edit)"
_ROOT_INFO = f"""\
{_BEGIN}
forceload: drv/sfdsk
forceload: drv/sd
forceload: drv/pcipsy
forceload: drv/glm
rootdev:{{path}}
{_END}
"""
_ROOT_DRIVER, _ROOT_END = "/pseudo/sfdsk@0:", ",blk"


def root_path(class_name, volume_name):
    """The kernel's path of a volume as root device (ours)."""
    return f"{_ROOT_DRIVER}{class_name},{volume_name}{_ROOT_END}"


def make_system(class_name, root_volume_name):
    """The text of /etc/system of a host whose root is that volume (solaris.md 5.2; the block is ours)."""
    return with_root(_SPECIFICATION, class_name, root_volume_name)


def with_root(text, class_name, root_volume_name):
    """`text` of a system file with that volume as root device, in GDS's own block."""
    return without_root(text) + _ROOT_INFO.format(path=root_path(class_name, root_volume_name))


def without_root(text):
    """`text` of a system file without GDS's block."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        inside = inside or line.rstrip("\n") == _BEGIN
        if not inside:
            kept.append(line)
        inside = inside and line.rstrip("\n") != _END
    return "".join(kept)


def system_root(text):
    """(class, volume) that an /etc/system names as root device, or None."""
    for line in text.splitlines():
        path = line.partition("rootdev:")[2].strip() if line.startswith("rootdev:") else ""
        if path.startswith(_ROOT_DRIVER) and path.endswith(_ROOT_END):
            class_name, comma, volume = path[len(_ROOT_DRIVER) : -len(_ROOT_END)].partition(",")
            if comma:
                return class_name, volume
    return None


# -- both ------------------------------------------------------------------------------------------------


def rewrite(text, class_name, names):
    """`text` of a vfstab or a system file with volumes renamed, {old: new}, all at once.

    Only whole special files and root devices of that class change; comments (# or *) stay.
    """
    changes = {}
    for old, new in names.items():
        for path in (block_device, raw_device, root_path):
            changes[path(class_name, old)] = path(class_name, new)
    return renamed(text, changes)


def renamed(text, changes):
    """`text` of a vfstab or a system file with whole words replaced, {old: new}; comments (# or *) stay."""
    return "".join(_rewritten(line, changes) for line in text.splitlines(keepends=True))


def _rewritten(line, changes):
    if line[:1] in ("#", "*"):
        return line
    head, colon, rest = line.partition("rootdev:")
    if colon and not head:
        return head + colon + _words(rest, changes)
    return _words(line, changes)


def _words(line, changes):
    """The line with each word that is a key replaced, its blanks untouched."""
    made, word = [], ""
    for character in line:
        if character.isspace():
            made.append(changes.get(word, word) + character)
            word = ""
        else:
            word += character
    return "".join(made) + changes.get(word, word)
