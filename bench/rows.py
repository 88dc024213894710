"""What bench/run runs: the labs, and on each of them the command lines. A table, and nothing else.

Each line's kind says what it has to do to the lab, and is checked: CHANGES adds one commit, the others
none; REFUSED exits with 1.
"""

from collections import namedtuple

import budgets

SHOWS, IDLE, REFUSED, CHANGES = "view", "no-op", "refusal", "mutating"

Line = namedtuple("Line", "lab kind typed budget before", defaults=(None, ()))
"""`typed`: one command line, or several that are run in turn. `before` each, not measured: command lines."""

JOINED, PARTED = "joined", "parted"  # two labs of the scenario backing-up, the second after its step 4-2
SLICES, TEN, THOUSAND, TEN_THOUSAND = "8,192 slices", "10 volumes", "1,000 volumes", "10,000 volumes"
SECTIONS = {JOINED: "backing-up", PARTED: "backing-up"}  # under which heading a lab's rows stand
SIZES = {SLICES: (1024, 8), TEN: (10, 2), THOUSAND: (1000, 2), TEN_THOUSAND: (10_000, 2)}  # volumes, ways

_REJOIN = (
    "sdxvolume -F -c System -v Proot,Pusr,Phome",
    "sdxproxy Rejoin -c System -p Proxy1 -e waitsync",
)
_LOCK = ("sdxattr -V -c Class1 -v Volume7 -a lock=on", "sdxattr -V -c Class1 -v Volume7 -a lock=off")

# fmt: off
LINES = (
    Line(JOINED, SHOWS,   "sdxinfo -S -c System", budgets.READER),
    Line(JOINED, SHOWS,   "sdxinfo -A -e long", budgets.READER),
    Line(JOINED, REFUSED, "sdxinfo -o Nosuch"),

    Line(JOINED, IDLE,    "sdxvolume -N -c System -v root"),
    Line(JOINED, REFUSED, "sdxvolume -F -c System -v root"),
    Line(PARTED, CHANGES, ("sdxvolume -F -c System -v Pswap", "sdxvolume -N -c System -v Pswap"), budgets.WRITER),

    Line(JOINED, IDLE,    "sdxattr -V -c System -v usr -a lock=off"),
    Line(JOINED, REFUSED, "sdxattr -V -c System -v Nosuch -a lock=on"),
    Line(JOINED, CHANGES, ("sdxattr -V -c System -v Proot -a lock=on", "sdxattr -V -c System -v Proot -a lock=off"),
         budgets.WRITER),

    Line(PARTED, REFUSED, "sdxproxy Part -c System -p Proxy2"),
    Line(PARTED, CHANGES, "sdxproxy Part -c System -p Proxy1", budgets.WRITER, _REJOIN),

    Line(JOINED, REFUSED, "sdxclass -R -c Nosuch"),
    Line(JOINED, REFUSED, "sdxdisk -R -c System -d Nosuch"),
    Line(JOINED, REFUSED, "sdxgroup -R -c System -g Nosuch"),
    Line(JOINED, REFUSED, "sdxslice -N -c System -s Nosuch.root"),
    Line(JOINED, REFUSED, "sdxcopy -C -c System -v Nosuch"),
    Line(JOINED, REFUSED, "sdxswap -O -c System -d Nosuch"),
    Line(JOINED, REFUSED, "sdxfix -D -c System -d Nosuch"),
    Line(JOINED, REFUSED, "sdxroot -R -c System -d Nosuch"),
    Line(JOINED, REFUSED, "sdxparam -G -p Nosuch"),
    Line(JOINED, REFUSED, "sdxconfig Restore -c Nosuch -i /nonexistent"),
    Line(JOINED, REFUSED, "sdxdevinfo -c Nosuch"),
    Line(JOINED, REFUSED, "sdxdcdown -c Nosuch"),
    Line(JOINED, REFUSED, "sdxshadowdisk -R -c Nosuch -d Nosuch"),
    Line(JOINED, REFUSED, "sdxshadowgroup -R -c Nosuch -g Nosuch"),
    Line(JOINED, REFUSED, "sdxshadowvolume -R -c Nosuch -v Nosuch"),

    Line(JOINED, SHOWS,   "mount -p"),
    Line(JOINED, CHANGES, "sync", budgets.WRITER),

    Line(SLICES, SHOWS,   "sdxinfo -S", budgets.SLICES),
    Line(TEN, CHANGES, _LOCK),
    Line(THOUSAND, CHANGES, _LOCK),
    Line(TEN_THOUSAND, CHANGES, _LOCK, budgets.LARGE),
    Line(TEN_THOUSAND, CHANGES, ("sdxvolume -F -c Class2", "sdxvolume -N -c Class2"), budgets.LARGE),
    Line(TEN_THOUSAND, IDLE,    "sdxvolume -N -c Class1 -v Volume7", budgets.LARGE),
    Line(TEN_THOUSAND, REFUSED, "sdxattr -V -c Class1 -v Nosuch -a lock=on", budgets.LARGE),
    Line(TEN_THOUSAND, SHOWS,   "sdxinfo -S", budgets.LARGE),
    Line(TEN_THOUSAND, SHOWS,   "sdxinfo -A -e long", budgets.LARGE),
)
# fmt: on

# what a command costs that has next to nothing to do
STARTUP = tuple(
    next(line for line in LINES if line.lab == JOINED and wanted in line.typed)
    for wanted in ("sdxinfo -S -c System", "sdxvolume -N -c System -v root", "sdxattr -V -c System -v Proot -a lock=on")
)
