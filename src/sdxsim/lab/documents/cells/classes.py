"""Classes and their configuration tables, and what is tried in each of their states."""

from .matrix import Matrix, states

# fmt: off

_CLOSED = tuple(f"sdxsim fault disk Class1/{d} fail" for d in ("Disk1", "Disk2", "Spare1", "Disk3", "Disk4", "Disk5"))
_EMPTY = ("sdxvolume -F -c Class1 -v Volume1,Volume2", "sdxvolume -R -c Class1 -v Volume1",
          "sdxvolume -R -c Class1 -v Volume2", "sdxgroup -R -c Class1 -g Group1")

CLASSES = Matrix(
    "A class",
    "Class1, shared by node1 and node2; seen from node1.",
    "cluster", "Class1", ("Class9", "Volume1", "Disk9"),
    states(
        ("open, volumes stopped",       ()),
        ("open, a volume running",      ("sdxvolume -N -c Class1 -v Volume1",)),
        ("open, no group",              _EMPTY),
        ("closed down",                 _CLOSED),
        ("closed down, disks repaired", (*_CLOSED, *(step.replace("fail", "repair") for step in _CLOSED))),
        ("local to node1",              ("sdxattr -C -c Class1 -a type=local",)),
    ),
    (
        "sdxclass -R -c Class1",
        "sdxattr -C -c Class1 -a name=Class9",
        "sdxattr -C -c Class1 -a type=local",
        "sdxattr -C -c Class1 -a type=shared,scope=node1:node2",
        "sdxattr -C -c Class1 -a hs=off",
        "sdxdisk -M -c Class1 -d c0t3d0=Disk9",
        "sdxfix -C -c Class1",
        "sdxvolume -N -c Class1 -v Volume1",
        "sdxdcdown -c Class1",
        "sdxconfig Backup -c Class1",
        "sdxconfig Remove -c Class1",
        "sdxconfig Remove -c Class1 -e keepid",
        "sdxsim fault comm node2",
    ),
)

TABLES = Matrix(
    "A configuration table",
    "The table was made of the local class Class1.",
    "cluster", "Local1", ("Local9", "Group1", "Volume1"),
    states(
        ("the class is there",    ("sdxconfig Backup -c Local1 -o table",)),
        ("the class is removed",  ("sdxconfig Backup -c Local1 -o table", "sdxvolume -F -c Local1 -v Volume1",
                                   "sdxconfig Remove -c Local1")),
    ),
    (
        "sdxconfig Backup -c Local1 -o table",
        "sdxconfig Backup -c Local1 -o table -e update",
        "sdxconfig Convert -e rename -c Local1=Local9 -i table -o other",
        "sdxconfig Convert -e replace -c Local1 -d Disk1=c0t3d0 -i table -o other",
        "sdxconfig Convert -e replace -c Local1 -p c0t1d0=c0t3d0 -i table -o other",
        "sdxconfig Convert -e remove -c Local1 -d Disk2 -i table -o other",
        "sdxconfig Convert -e remove -c Local1 -g Group1 -i table -o other",
        "sdxconfig Restore -c Local1 -i table",
        "sdxconfig Restore -c Local1 -i table -e skipsync",
        "sdxconfig Restore -c Local1 -i table -e chkps",
        "sdxconfig Restore -c Local9 -i table",
    ),
)
