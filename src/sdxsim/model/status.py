"""The words a status may be, spelled as GDS prints them.

Plain strings: they are written to the lab's document and printed as they are.
"""

# slices and volumes (guide F.1.1, F.1.3, D.10; TEMP* and NOUSE are named in D.10)
ACTIVE = "ACTIVE"
STOP = "STOP"
INVALID = "INVALID"
# slices only
COPY = "COPY"
COPY_STOP = "COPY-STOP"
TEMP = "TEMP"
TEMP_STOP = "TEMP-STOP"
NOUSE = "NOUSE"
# areas of a group, printed in the volume table
PRIVATE = "PRIVATE"
FREE = "FREE"
# disks
ENABLE = "ENABLE"
DISABLE = "DISABLE"
SWAP = "SWAP"

SLICE_STATUSES = (ACTIVE, STOP, INVALID, COPY, COPY_STOP, TEMP, TEMP_STOP, NOUSE)
DISK_STATUSES = (ENABLE, DISABLE, SWAP)
VALID = (ACTIVE, STOP)  # a slice whose data is good (guide F.1.3)

# a proxy's relation to its master
JOINED = "joined"
PARTED = "parted"

# what a class, a disk and a group may be
ROOT, LOCAL, SHARED = "root", "local", "shared"
CLASS_TYPES = (ROOT, LOCAL, SHARED)
MIRROR, STRIPE, CONCAT, SWITCH = "mirror", "stripe", "concat", "switch"
GROUP_TYPES = (MIRROR, STRIPE, CONCAT, SWITCH)
KEEP, SINGLE, SPARE, UNDEF = "keep", "single", "spare", "undef"
DISK_TYPES = (KEEP, SINGLE, SPARE, UNDEF)

# what copies: the GDS driver, or the disk array (guide A.2.23)
SOFT, OPC, EC = "soft", "OPC", "EC"
ENGINES = (SOFT, OPC, EC)

# a node: at OpenBoot's ok prompt, in single-user mode, in multi-user mode
OBP, SINGLE_USER, MULTI_USER = "obp", "single-user", "multi-user"
POWERS = (OBP, SINGLE_USER, MULTI_USER)

RW, RO = "rw", "ro"
FROZEN, RUNNING = "frozen", "running"
