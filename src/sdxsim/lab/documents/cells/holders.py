"""Disks and groups, which volumes lie on, and what is tried in each of their states."""

from .matrix import LATER, Matrix, states

# fmt: off

DISKS = Matrix(
    "A disk that is in no group",
    "Disk6 of Class1; Disk9 is not there yet.",
    "data", "Class1", ("Disk6", "Disk9", "Group4", "Volume8", "Volume9", "Stripe1"),
    states(
        ("undef",                            ()),
        ("single, no volume",                ("sdxattr -D -c Class1 -d Disk6 -a type=single",)),
        ("single, a volume running",         ("sdxattr -D -c Class1 -d Disk6 -a type=single",
                                              "sdxvolume -M -c Class1 -d Disk6 -v Volume9 -s 1048576")),
        ("single, a volume stopped",         ("sdxattr -D -c Class1 -d Disk6 -a type=single",
                                              "sdxvolume -M -c Class1 -d Disk6 -v Volume9 -s 1048576",
                                              "sdxvolume -F -c Class1 -v Volume9")),
        ("single, no volume, swapped out",   ("sdxattr -D -c Class1 -d Disk6 -a type=single",
                                              "sdxswap -O -c Class1 -d Disk6")),
        ("spare",                            ("sdxattr -D -c Class1 -d Disk6 -a type=spare",)),
        ("spare, in use",                    ("sdxdisk -R -c Class1 -d Spare1",
                                              "sdxattr -D -c Class1 -d Disk6 -a type=spare",
                                              "sdxsim fault disk Class1/Disk2 fail")),
        ("undef, failed",                    ("sdxsim fault disk Class1/Disk6 fail",)),
        ("undef, absent at boot",            ("sdxsim fault path Class1/Disk6", "init 6")),
    ),
    (
        "sdxdisk -R -c Class1 -d Disk6",
        "sdxdisk -C -c Class1 -g Group4 -d Disk6",
        "sdxdisk -C -c Class1 -g Stripe1 -d Disk6,Disk7 -a type=stripe",
        "sdxattr -D -c Class1 -d Disk6 -a name=Disk9",
        "sdxattr -D -c Class1 -d Disk6 -a type=single",
        "sdxattr -D -c Class1 -d Disk6 -a type=spare",
        "sdxattr -D -c Class1 -d Disk6 -a type=undef",
        "sdxvolume -M -c Class1 -d Disk6 -v Volume8 -s 2048",
        "sdxswap -O -c Class1 -d Disk6",
        "sdxswap -I -c Class1 -d Disk6",
        "sdxfix -D -c Class1 -d Disk6",
        "sdxfix -D -c Class1 -d Disk6 -e online",
        "sdxsim fault disk Class1/Disk6 replace",
    ),
)

_LEFT = "sdxdisk -R -c Class1 -d Spare1"
_LOWER = (_LEFT, "sdxdisk -C -c Class1 -g Low1 -d Disk6 -a type=concat")

GROUPS = Matrix(
    "A group",
    "Group9 is made of Disk6 and Disk7.",
    "data", "Class1", ("Group9", "Other", "Low1", "Top1", "Volume8", "Volume9", "Disk6", "Disk7"),
    states(
        ("not there",                   (_LEFT,)),
        ("a mirror, no volume",         (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7")),
        ("a mirror, a volume running",  (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7",
                                         "sdxvolume -M -c Class1 -g Group9 -v Volume9 -s 1048576"), LATER),
        ("a mirror, a volume stopped",  (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7",
                                         "sdxvolume -M -c Class1 -g Group9 -v Volume9 -s 1048576",
                                         "sdxsim clock advance 1h", "sdxvolume -F -c Class1 -v Volume9")),
        ("a stripe",                    (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7 -a type=stripe")),
        ("a concat",                    (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7 -a type=concat")),
        ("a switch",                    (_LEFT, "sdxdisk -C -c Class1 -g Group9 -d Disk6,Disk7"
                                         " -a type=switch,actdisk=Disk6")),
        ("in a higher mirror",          (*_LOWER, "sdxdisk -C -c Class1 -g Group9 -d Disk7 -a type=stripe",
                                         "sdxgroup -C -c Class1 -h Top1 -l Group9,Low1")),
        ("in a higher mirror with a volume", (*_LOWER, "sdxdisk -C -c Class1 -g Group9 -d Disk7 -a type=concat",
                                              "sdxgroup -C -c Class1 -h Top1 -l Group9,Low1",
                                              "sdxvolume -M -c Class1 -g Top1 -v Volume9 -s 1048576"), LATER),
    ),
    (
        "sdxdisk -C -c Class1 -g Group9 -d Disk6",
        "sdxdisk -D -c Class1 -g Group9 -d Disk7",
        "sdxgroup -C -c Class1 -h Top1 -l Group9",
        "sdxgroup -D -c Class1 -h Top1 -l Group9",
        "sdxgroup -R -c Class1 -g Group9",
        "sdxattr -G -c Class1 -g Group9 -a name=Other",
        "sdxattr -G -c Class1 -g Group9 -a actdisk=Disk7",
        "sdxvolume -M -c Class1 -g Group9 -v Volume8 -s 2048",
        "sdxvolume -R -c Class1 -v Volume9",
        "sdxproxy Join -c Class1 -m Group1 -p Group9",
        "sdxswap -O -c Class1 -d Disk7",
    ),
)
