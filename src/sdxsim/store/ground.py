"""What a lab stands on, as far as its user should be warned of it.

Only writers and the lab tool look: whoever reads gets a whole document anywhere.
"""

import os

# flock there may hold on one host only, or not at all; rename and fsync are another machine's word
_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs"}
_MOUNTS = "/proc/self/mountinfo"


def caution(path, mounts=None):
    """A sentence on what is unsafe about where the lab at `path` is, "" when there is nothing to say."""
    try:
        about = os.stat(path)
    except OSError:
        return ""
    said = []
    if about.st_uid != os.geteuid():
        said.append("it belongs to another user, who may not be able to read what you change")
    kind = "" if os.major(about.st_dev) else _kind(about.st_dev, mounts or _MOUNTS)
    if kind in _REMOTE:
        said.append(f"it is on {kind}, where locks may not hold and changes may be lost")
    return f"the lab at {path} is not safe: {'; '.join(said)}" if said else ""


def _kind(device, mounts):
    """The file system type of a device without a driver (major number 0: remote ones, tmpfs), "" if unknown."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open(mounts, "rb") as lines:
            for line in lines:
                # ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG ...] - TYPE SOURCE OPTIONS
                if line.split(b" ", 3)[2] == wanted.encode("ascii"):
                    return line.partition(b" - ")[2].split(b" ")[0].decode("ascii", "replace")
    except (OSError, IndexError):
        pass  # not this kernel's way of telling
    return ""
