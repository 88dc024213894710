"""Real power cuts: a file system on a loop device that is shut down under writers, without writing anything back.

The shutdown is the file system's own (ext4 and XFS share its ioctl): what was not on the device is gone,
as after a power failure.
"""

import contextlib
import errno
import fcntl
import os
import random
import shutil
import struct
import subprocess
import time

from sdxsim.store.commit import create
from sdxsim.store.lab import look
from sdxsim.store.trouble import Trouble

from .cases import lab_of
from .process import ran

SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32); 2: neither the data nor the log are flushed
NO_FLUSH = 2
# file system: (size, how it is made)
KINDS = {"ext4": ("128M", ["mkfs.ext4", "-q"]), "xfs": ("320M", ["mkfs.xfs", "-q"])}
WRITERS = 4


def why_not(kind):
    """Why power cannot be cut on that file system here, None when it can."""
    if os.geteuid():
        return "only root mounts file systems"
    tool = KINDS[kind][1][0]
    if not shutil.which(tool):
        return f"{tool} is not installed"
    if not os.path.exists("/dev/loop-control"):
        return "there are no loop devices"
    with open("/proc/filesystems") as file:
        if kind not in file.read().split():
            return f"the kernel has no {kind}"
    return None


@contextlib.contextmanager
def device(kind, top):
    """An image with that file system; yields (image, where to mount it)."""
    size, make = KINDS[kind]
    image, point = f"{top}/{kind}.img", f"{top}/{kind}"
    os.makedirs(point)
    with open(image, "wb") as file:
        file.truncate(int(size[:-1]) << 20)
    _do(*make, image)
    try:
        yield image, point
    finally:
        subprocess.run(["umount", point], capture_output=True)
        os.unlink(image)


def _do(*argv):
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode:
        raise OSError(errno.EIO, f"{' '.join(argv)}: {done.stderr.strip()}")


def mount(image, point):
    """Mounts it, from the device: whoever made a mount namespace meanwhile keeps the dead one alive for a while."""
    for _ in range(100):
        _do("mount", "-o", "loop", image, point)
        try:
            os.listdir(point)
            return
        except OSError:
            unmount(point)
            time.sleep(0.1)
    raise OSError(errno.EIO, f"{point} stays shut down")


def cut(point):
    """The power is gone."""
    fd = os.open(point, os.O_RDONLY)
    try:
        fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", NO_FLUSH))
    finally:
        os.close(fd)


def unmount(point):
    for _ in range(100):  # the dead writers' files are closed by and by
        if not subprocess.run(["umount", point], capture_output=True).returncode:
            return
        time.sleep(0.02)
    _do("umount", point)


def cuts(kind, top, count, seed=0):
    """Cuts the power `count` times under four writers: (how many commands were acknowledged, violations).

    Each writer adds a number of seconds of its own to the frozen clock again and again, so that the clock
    of the lab that is found afterwards tells how many were lost: it holds at least what was acknowledged,
    and at most that and one more of each writer.
    """
    chance, found, total = random.Random(seed), [], 0
    with device(kind, top) as (image, point):
        mount(image, point)
        lab = f"{point}/lab"
        create(lab, lab_of("joined"), {"argv": ["made"]})
        for number in range(count):
            if number % 10 == 9:  # a new one, so that its clock stays this side of the year 9999
                shutil.rmtree(lab)
                create(lab, lab_of("joined"), {"argv": ["made"]})
            before = _clock(lab)
            acknowledged, wrong = _cut_once(point, lab, chance.uniform(0.05, 0.4))
            found += [f"{kind}, cut {number}: {sentence}" for sentence in wrong]
            total += sum(before_it for before_it, _ in acknowledged)
            unmount(point)
            mount(image, point)
            try:
                added = _clock(lab) - before
            except Trouble as trouble:
                found.append(f"{kind}, cut {number}: {trouble}")
                shutil.rmtree(lab)
                create(lab, lab_of("joined"), {"argv": ["made"]})
                continue
            found += [f"{kind}, cut {number}: {sentence}" for sentence in _lost(added, acknowledged)]
            os.sync()
        unmount(point)
    return total, found


def _clock(lab):
    opened = look(lab)
    opened.close()
    return opened.document.lab.clock.virtual // 1000


def _lost(added, acknowledged):
    """Each writer counts in digits of its own: 1s, 1000s, 1000000s, 1000000000s."""
    for writer, (count, later) in enumerate(acknowledged):
        there = added // 1000**writer % 1000
        if not count <= there <= count + later + 1:
            yield f"of writer {writer}'s commands {count} were acknowledged and {there} are there"


def _cut_once(point, lab, after):
    """How many commands of each writer were acknowledged before the cut and after it, and what was wrong."""
    pipes, children = [], []
    for writer in range(WRITERS):
        out, into = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.close(out)
                while True:
                    run = ran(["sdxsim", "clock", "advance", f"{1000**writer}s"], lab, clock=None)
                    if run.status == 0:
                        os.write(into, b"+")
                    else:
                        os.write(into, b"T" if "Traceback" in run.err else b"")
                        break
            finally:
                os._exit(0)
        os.close(into)
        pipes.append(out)
        children.append(child)
    time.sleep(after)
    # Where power is really gone nobody lives to say more; here they do, and XFS answers an fsync of a directory
    # with success though it was shut down since the rename: what is said from now on may or may not be so.
    before = [_said_so_far(out) for out in pipes]
    cut(point)
    later = []
    for out, child in zip(pipes, children, strict=True):
        os.waitpid(child, 0)  # its next command fails
        later.append(os.read(out, 1 << 16))
        os.close(out)
    acknowledged = [(early.count(b"+"), late.count(b"+")) for early, late in zip(before, later, strict=True)]
    return acknowledged, ["a traceback" for said in (*before, *later) if b"T" in said]


def _said_so_far(out):
    os.set_blocking(out, False)
    try:
        return os.read(out, 1 << 16)
    except BlockingIOError:
        return b""
    finally:
        os.set_blocking(out, True)
