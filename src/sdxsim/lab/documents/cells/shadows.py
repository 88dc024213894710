"""Shadow objects, and what is tried in each of their states."""

from .matrix import Matrix, State

# fmt: off

_SHADOW = ("sdxshadowdisk -M -c Shadow1 -d c1t1d0=Disk1,c2t1d0=Disk2",)
_SHADOWED = (*_SHADOW, "sdxshadowdisk -C -c Shadow1 -g Group1 -d Disk1,Disk2",
             "sdxshadowvolume -M -c Shadow1 -g Group1 -v Volume1 -s 8388608")

SHADOWS = Matrix(
    "Shadow objects",
    "node2 has no part in Class1, which is local to node1; Shadow1 is made on node2.",
    "cluster", "Shadow1", (),
    tuple(State(name, ("sdxattr -C -c Class1 -a type=local", "@node2", *steps)) for name, steps in (
        ("none",             ()),
        ("disks",            _SHADOW),
        ("a volume",         _SHADOWED),
        ("a volume running", (*_SHADOWED, "sdxshadowvolume -N -c Shadow1 -v Volume1")),
    )),
    (
        *_SHADOWED,
        "sdxshadowvolume -N -c Shadow1 -v Volume1",
        "sdxshadowvolume -N -c Shadow1 -v Volume1 -e mode=rw",
        "sdxshadowvolume -F -c Shadow1 -v Volume1",
        "sdxshadowvolume -R -c Shadow1 -v Volume1",
        "sdxshadowdisk -D -c Shadow1 -g Group1 -d Disk2",
        "sdxshadowdisk -R -c Shadow1 -d Disk2",
        "sdxshadowgroup -C -c Shadow1 -h Top1 -l Group1",
        "sdxshadowgroup -D -c Shadow1 -h Top1 -l Group1",
        "sdxshadowgroup -R -c Shadow1 -g Group1",
        "sdxvolume -N -c Shadow1 -v Volume1",
    ),
)
