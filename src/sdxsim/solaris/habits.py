"""What a working system writes on the file systems of a lab, by mount point (all of it ours).

The workload changes blocks, cylinder groups and files as this table says; and the files it writes are
those that are open when a copy is made of a file system in use.
"""

from ..model.record import Record
from ..model.records import Tree

MARKER = "/generation"


class Habit(Record, fields="wear groups files"):
    """`wear`: blocks that a busy system changes in a minute, in which cylinder `groups`.

    `files` that it writes: {path: (how a line begins behind its time, owner, group)}.
    """

    __slots__ = ()


# fmt: off
_HABITS = {
    "/":     Habit(600, (0, 7), {}),
    "/usr":  Habit(0, (), {}),
    "/var":  Habit(2400, (0, 3), {"/adm/messages": ("{node} app[201]: checkpoint", "root", "root"),
                                  "/app/journal": ("journal", "app", "staff")}),
    "/home": Habit(1200, (2,), {"/user1/orders": ("order", "user1", "staff")}),
    "/opt":  Habit(300, (1,), {"/app/data/records": ("record", "app", "staff")}),
}
# fmt: on
_OTHERS = Habit(300, (0,), {"/records": ("record", "app", "staff")})
SWAP_WEAR = 300


def habit(point):
    """The Habit of a file system that is, or was last, mounted on `point`."""
    return _HABITS.get(point, _OTHERS)


def written(fs):
    """Paths of the files that programs have open on the file system, the last written first."""
    rows = Tree.of(fs.files).rows
    there = [path for path in habit(fs.fsmnt).files if path in rows and rows[path].kind == "file"]
    return sorted(there, key=lambda path: (-rows[path].mtime, path))
