"""What is wrong with a file system that was copied, or left, while it was written to: tree and defects together.

A defect says what fsck will find, and the tree holds what is behind it: a file that was cut short is
short, one that no directory lists stands under `#` and its i-number, with its content, until fsck puts it
into lost+found or clears it. Which files are met and how many follows from the record and the moment
alone (ours).
"""

from ..model.records import Defect, File, Tree
from . import contents, habits, layout

_SCRATCH = "scratch of an editor that had the file open and had deleted it\n"


def highest_inode(fs):
    """The highest i-number the file system has, by newfs' default density for its size."""
    fragments = fs.used + fs.frags + 8 * fs.blocks
    return max(fs.inodes + 4, fragments * 1024 // layout.density(2 * fragments))


def inode_of(fs, path):
    """The i-number of what stands at the path: always the same one; 2 is the root's, 3 lost+found's."""
    if path == "/":
        return 2
    if path == "/lost+found":
        return 3
    return 4 + _scattered(path) % max(1, highest_inode(fs) - 4)


def _scattered(path):
    value = 2_166_136_261
    for character in path:
        value = (value ^ ord(character)) * 16_777_619 & 0xFFFF_FFFF
    return value


def orphan(inode):
    """Where a tree holds what no directory lists."""
    return f"#{inode}"


def with_defects(old, new):
    """The defects `new` behind the `old` ones, none twice."""
    return (*old, *(d for d in new if d not in old))


def summaries(groups):
    """Stale summaries of cylinder groups."""
    return tuple(Defect("cg.summary", {"cg": cg}) for cg in groups)


_FORMATS = {"file": 0o100000, "dir": 0o040000, "link": 0o120000}


def _about(inode, file, **more):
    size = 512 if file.kind == "dir" else contents.size(file)
    return {"inode": inode, "owner": file.owner, "mode": _FORMATS[file.kind] | file.mode, "size": size,
            "mtime": file.mtime, **more}  # fmt: skip


# -- as after a panic -----------------------------------------------------------------------------------------------


def as_after_a_panic(fs, now):
    """A file cut short, one deleted while open, one new and empty, one linked twice; stale maps and totals."""
    seed = (fs.used * 2_654_435_761 + fs.inodes * 40_503 + fs.generation * 97 + now // 1000) & 0xFFFF_FFFF
    first = 4 + seed % max(1, highest_inode(fs) - 32)
    tree, paths = Tree.of(fs.files), habits.written(fs)
    changes, defects = {}, []
    blocks = 2 + 2 * (seed >> 8 & 3)
    cut, where = first, {}
    if paths:  # what was appended last had its blocks, and was not in its size yet
        file, cut, where = tree[paths[0]], inode_of(fs, paths[0]), {"path": paths[0]}
        lines = file.text.splitlines(keepends=True)
        short = file._replace(text="".join(lines[: len(lines) - max(1, len(lines) // 8)]))
        changes[paths[0]] = short
        blocks = 2 * -(-contents.size(short) // contents.FRAGMENT)
    defects.append(Defect("inode.blocks", {"inode": cut, "found": blocks + 4, "right": blocks, **where}))
    size = 512 + (seed >> 4 & 0x7FF)
    scratch = File((_SCRATCH * (size // len(_SCRATCH) + 1))[:size], 0o644, mtime=now - 15_000)
    empty = File("", 0o600, mtime=now - 75_000)
    for kind, inode, file in (("file.lost", first + 2, scratch), ("file.empty", first + 4, empty)):
        changes[orphan(inode)] = file
        defects.append(Defect(kind, _about(inode, file)))
    linked, inode, where = File("x" * (64 + (seed >> 12 & 0x3F)), 0o644, mtime=now - 300_000), first + 8, {}
    if len(paths) > 1:
        linked, inode, where = tree[paths[1]], inode_of(fs, paths[1]), {"path": paths[1]}
    defects.append(Defect("file.links", _about(inode, linked, found=2, right=1, **where)))
    cg = fs.busy[seed % len(fs.busy)]
    defects += [
        *summaries(fs.busy),
        Defect("cg.fragment_bitmap", {"cg": cg, "bit": cg * 49_152 + 1024 + (seed >> 6 & 0xFFF)}),
        Defect("total.summary"),
    ]
    return fs._replace(files=tree.changed(changes), defects=with_defects(fs.defects, defects))


# -- a copy that was cut off ----------------------------------------------------------------------------------------


def cut_off(old, new, done, total):
    """What a volume holds that held `old` and was overwritten with `new` as far as `done` of `total` blocks.

    Blocks are copied from the first to the last, so the superblock is new; what lies where is scattered by
    name. Some directories list what is not there, some files are listed nowhere, others are simply old.
    """
    if done <= 0 or total <= 0:
        return old
    if done >= total or new.type != "ufs":
        return new
    before = Tree.of(old.files) if old.type == "ufs" else Tree({})
    after = Tree.of(new.files)
    if before == after and old.type == new.type:
        return new._replace(defects=with_defects(old.defects, new.defects)) if old.defects else new

    def is_new(path):
        return path == "/" or _scattered(path) * total < done << 32

    made, defects, place = {}, [], {"/": ""}  # {path: where it stands now, None for nowhere}
    for path in sorted({*contents.named(before), *contents.named(after)} - {"/"}):
        above, _, name = path.rpartition("/")
        above = above or "/"
        tree = after if is_new(path) else before
        file = tree.rows.get(path)
        listed = place.get(above) is not None and path in (after if is_new(above) else before)
        inode = inode_of(new, path)
        if file is not None and listed:
            place[path] = f"{place[above]}/{name}"
        elif file is not None:
            place[path] = orphan(inode)
            empty = file.kind != "dir" and contents.size(file) == 0
            kind = "directory.lost" if file.kind == "dir" else "file.empty" if empty else "file.lost"
            parent = {"parent": inode_of(new, above)} if file.kind == "dir" else {}
            defects.append(Defect(kind, _about(inode, file, **parent)))
        elif listed:
            facts = {"inode": inode, "owner": "root", "mode": 0, "size": 0, "mtime": 0}
            defects.append(Defect("entry.unallocated", {**facts, "name": path, "parent": inode_of(new, above)}))
        if file is not None:
            made[place[path]] = file
    groups = dict.fromkeys((*new.busy, *old.busy)) or (0,)
    log = (Defect("log.bad"),) if new.logging else ()
    defects = (*log, *defects, *summaries(groups), Defect("total.summary"))
    return new._replace(files=Tree(made), defects=defects, flag=new.flag if new.logging else "FSACTIVE")


# -- mended ---------------------------------------------------------------------------------------------------------

LOST_AND_FOUND = "/lost+found"
RECONNECTED = ("file.lost", "directory.lost")
CLEARED = ("file.empty", "inode.partial", "inode.type")


def has_lost_and_found(fs):
    """True when lost files have somewhere to go; a lab's tree that shows nothing has it too."""
    rows = Tree.of(fs.files).rows
    return not contents.named(rows) or (LOST_AND_FOUND in rows and rows[LOST_AND_FOUND].kind == "dir")


def mended(fs, done, unwanted=()):
    """(the tree with these defects put right, inodes that were cleared, the `unwanted` lost files among them)."""
    tree, changes, cleared = Tree.of(fs.files), {}, 0
    digits = len(str(highest_inode(fs)))
    for defect in done:
        facts = defect.facts
        if defect.kind in CLEARED or defect in unwanted:
            cleared += 1
            changes.update(dict.fromkeys(_at(tree, orphan(facts["inode"]))))
        elif defect.kind in RECONNECTED:
            own = orphan(facts["inode"])
            to = f"{LOST_AND_FOUND}/#{facts['inode']:0{digits}}"
            held = _at(tree, own)
            for path in held:
                changes[path], changes[to + path[len(own) :]] = None, tree.rows[path]
            if not held and defect.kind == "file.lost":  # of a scenario or a test that shows no content
                changes[to] = File("", facts["mode"] & 0o7777, facts["owner"], "root", facts["mtime"])
            if not has_lost_and_found(fs):
                changes[LOST_AND_FOUND] = File("", 0o700, mtime=facts["mtime"], kind="dir")
        elif defect.kind == "entry.unallocated":
            changes.update(dict.fromkeys(_at(tree, facts["name"])))
    return (tree.changed(changes) if changes else fs.files), cleared


def _at(tree, path):
    """What stands at the path, and below it."""
    return [p for p in tree if p == path or p.startswith(path + "/")]
