"""The disks that the system runs on, and what is tried in each of their states."""

from .matrix import LATER, Matrix, states

# fmt: off

_REGISTERED = ("sdxdisk -M -c System -a type=root -d c0t0d0=Root1:keep,c0t1d0=Root2,c0t4d0=Var1:keep,c0t5d0=Var2",)
_CONNECTED = (
    *_REGISTERED,
    "sdxdisk -C -c System -g Group1 -d Root1 -v 0=root:on,6=usr:on,7=home:on",
    "sdxdisk -C -c System -g Group1 -d Root2",
    "sdxdisk -C -c System -g Group2 -d Var1 -v 1=swap:off,3=var:on,4=opt:on",
    "sdxdisk -C -c System -g Group2 -d Var2",
)
_MIRRORED = (*_CONNECTED, "sdxroot -M -c System -d Root1,Var1", "init 6")

SYSTEM_DISKS = Matrix(
    "The disks that the system runs on",
    "c0t0d0 and c0t4d0 become Root1 and Var1 of root class System; root stands for their volumes.",
    "bare", "System", ("Root1", "Root2", "Group1", "root"),
    states(
        ("plain slices",                     ()),
        ("registered",                       _REGISTERED),
        ("connected, not booted from",       _CONNECTED),
        ("mirrored, copying",                _MIRRORED),
        ("mirrored",                         _MIRRORED, LATER),
        ("mirror disks disconnected",        (*_MIRRORED, "sdxsim clock advance 2h",
                                              "sdxdisk -D -c System -g Group1 -d Root2",
                                              "sdxdisk -D -c System -g Group2 -d Var2")),
        ("unmirrored, booted from slices",   (*_MIRRORED, "sdxsim clock advance 2h",
                                              "sdxdisk -D -c System -g Group1 -d Root2",
                                              "sdxdisk -D -c System -g Group2 -d Var2",
                                              "sdxroot -R -c System -d Root1,Var1", "init 6")),
    ),
    (
        *_REGISTERED,
        _CONNECTED[1],
        "sdxdisk -C -c System -g Group1 -d Root2",
        "sdxroot -M -c System -d Root1,Var1",
        "sdxroot -R -c System -d Root1,Var1",
        "sdxdisk -D -c System -g Group1 -d Root2",
        "sdxdisk -D -c System -g Group1 -d Root1",
        "sdxdisk -R -c System -d Root1",
        "sdxvolume -R -c System -v root",
        "sdxgroup -R -c System -g Group1",
        "sdxclass -R -c System",
        "sdxparam -S -p copy_delay=5",
        "init 6",
    ),
)
