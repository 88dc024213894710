"""Changing what stands in a file system, with the numbers that go with it."""

from ..model.records import Tree

FRAGMENT = 1024  # bytes


def size(file):
    """Bytes of a File's content."""
    if type(file.text) is not str:
        return file.text.size
    return len(file.text.encode("utf-8", "surrogateescape"))


def _fragments(file):
    """What a File takes up; a directory one fragment, a link none (it is short)."""
    if file.kind == "file":
        return -(-size(file) // FRAGMENT)
    return 1 if file.kind == "dir" else 0


def changed(fs, changes):
    """`fs` with {path: File, or None to take it away} laid over its tree; files, space and generation counted."""
    tree = Tree.of(fs.files)
    old = [tree.rows[path] for path in changes if path in tree]
    new = [file for file in changes.values() if file is not None]
    return _counted(fs, len(new) - len(old), sum(map(_fragments, new)) - sum(map(_fragments, old)))._replace(
        files=tree.changed(changes), generation=fs.generation + 1
    )


def _counted(fs, inodes, fragments):
    frags, blocks = fs.frags - fragments, fs.blocks
    if frags < 0:
        borrowed = -(frags // 8)
        frags, blocks = frags + 8 * borrowed, blocks - borrowed
    return fs._replace(
        inodes=max(0, fs.inodes + inodes), used=max(0, fs.used + fragments), frags=frags, blocks=max(0, blocks)
    )


def named(tree):
    """The paths of a tree, without what no directory lists."""
    return [path for path in tree if path[0] == "/"]
