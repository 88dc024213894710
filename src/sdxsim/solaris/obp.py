"""OpenBoot and the start of Solaris: what a boot device leads to, and what is then mounted.

Sources: guide 6.4.6 6 (the failing lines), solaris.md 4.2 to 4.5 and 5. A boot device is a disk and
a slice; the volume whose physical slice that is holds the root file system it starts from. Its
/etc/system names the volume that becomes root (without such a line it is the volume itself), and that
volume's /etc/vfstab what else is mounted. So an unchanged copy of a system disk boots the original.
"""


from ..model.queries import (
    LETTERS,
    PLAIN,
    boot_letter,
    copies_onto,
    find_volume,
    joined_proxy,
    place_of,
    sees,
    volumes_of_group,
)
from ..model.record import Record
from ..model.records import Mount
from ..model.status import RO
from ..words.solaris import text
from . import condition, devices, files, fsck, mounts, nvram

EARLY = ("/usr", "/var")  # mounted in single-user mode too, after /
MOUNT_FAILED = 32  # status of the UFS mount, which mountall -l passes on (inferred)
_PROGRAMS = ("kernel/", "platform/", "ufsboot", "cprboot")  # what is booted, not what from
_MISSED = {"/usr": "/usr", "/var": "/var/run"}  # what is not there when root has but an empty directory for them
_SERVICES = {"/": "root", "/usr": "usr", "/var": "minimal"}  # svc:/system/filesystem/... (recalled: high)


class Request(Record, fields="command device args single"):
    """A boot command: as typed, the device named (None: by boot-device), its other words, single user?"""

    __slots__ = ()


class Start(Record, fields="volumes mounts out failed maintenance", defaults=(False, False)):
    """What a kernel came to: {(class, volume): FileSystem as mounted}, the mounts, what it printed.

    `failed`: it did not come up at all. `maintenance`: it did not come further than that somebody must repair it.
    """

    __slots__ = ()


def request(words):
    """The Request of the words after `boot`."""
    device = words[0] if words and not words[0].startswith(("-", *_PROGRAMS)) else None
    args = " ".join(words[1:] if device else words)
    single = any(word.startswith("-") and "s" in word for word in words)
    return Request(" ".join(["boot", *words]), device, args, single)


def paths(node, asked):
    """The full device paths to try: the one asked for, or those of boot-device; aliases resolved."""
    names = [asked.device] if asked.device else nvram.value(node, "boot-device").split()
    return [nvram.resolved(node, name) for name in names] or [""]


def opened(lab, node, path):
    """(class, volume) whose physical slice can be booted at `path`, or None.

    A missing slice letter means a. Not opened are unknown or absent disks, disks without boot block,
    and slices that hold no root file system.
    """
    device, letter = _drive(lab, node, path)
    if device is None or not device.bootable:
        return None
    number = LETTERS.find(letter) if len(letter) == 1 else -1
    plain = device.slices.get(str(number))
    if plain and _boots(plain.data):
        return PLAIN, f"{device.name}s{number}"
    for klass in lab.classes.values():
        if node.name not in klass.scope:
            continue
        disk = next((d for d in klass.disks.values() if d.device == device.name), None)
        if disk is None or disk.group is None:
            continue
        for volume in volumes_of_group(klass, disk.group):
            if boot_letter(volume) == letter and _boots(volume.data):
                return klass.name, volume.name
    return None


def _drive(lab, node, path):
    """(the device that answers at that path of a slice or None, the slice's letter)."""
    disk_path, colon, letter = path.rpartition(":")
    if not colon:
        disk_path, letter = path, "a"
    found = next((d for d in lab.devices.values() if d.path == disk_path and sees(node, d)), None)
    return (found if found and found.present and found.trouble != "path" else None), letter


def _boots(data):
    """True for a root file system, whatever is the matter with its files."""
    return data.type == "ufs" and files.is_directory(data, "/etc")


def refused(lab, node, asked, path):
    """The lines of a boot device that cannot be opened (guide 6.4.6 6-1; no blank ends the second).

    Of a new drive, which nobody has labelled yet, OpenBoot says more.
    """
    device = text("boot.device", device=path, args=asked.args).rstrip() + "\n"
    drive, _ = _drive(lab, node, path)
    blank = drive and not (drive.bootable or drive.label or drive.slices)
    return (
        text("boot.command", command=asked.command)
        + device
        + (text("boot.no_label") if blank else "")
        + text("boot.evaluating", command=asked.command)
        + text("boot.cannot")
    )


def introduced(asked, path):
    """The lines of a boot device that was opened."""
    return text("boot.command", command=asked.command) + text("boot.device", device=path, args=asked.args)


# -- the kernel ------------------------------------------------------------------------------------------


def start(lab, node, class_name, volume_name, single, now):
    """The Start of a kernel from that volume: what it mounts in single-user or multi-user mode."""
    boot = _Boot(lab, node, single, now)
    return _started(boot, lambda: boot.run(class_name, volume_name))


def go_on(lab, node, now):
    """The Start of a node that goes from single-user, or maintenance, to multi-user mode."""
    boot = _Boot(lab, node, False, now)
    boot.mounts += node.mounts
    return _started(boot, boot.go_on)


def _started(boot, run):
    try:
        run()
    except _Maintenance as stopped:
        boot.keep_root()
        boot.say("boot.maintenance")
        if stopped.late:
            boot.say("boot.no_login")
        return Start(boot.volumes, tuple(boot.mounts), "".join(boot.lines), maintenance=True)
    except _Failed:
        return Start({}, (), "".join(boot.lines), failed=True)
    return Start(boot.volumes, tuple(boot.mounts), "".join(boot.lines))


class _Failed(Exception):
    """The kernel ends here."""


class _Maintenance(Exception):
    """Somebody has to repair something; `late` when all but the login service could be there."""

    def __init__(self, late):
        super().__init__(late)
        self.late = late


class _Boot:
    """One boot as it goes on: what was printed, checked and mounted so far."""

    def __init__(self, lab, node, single, now):
        self.lab, self.node, self.single, self.now = lab, node, single, now
        self.lines, self.mounts, self.volumes = [], [], {}
        self.root = None  # (class, volume) that the kernel has as /
        self.usable = lambda *place: usable(lab, node, *place)  # what this boot has started

    def say(self, id, **fields):
        self.lines.append(text(id, **fields))

    def run(self, class_name, volume_name):
        self.say("boot.release")
        self.say("boot.copyright")
        self.say("boot.driver")
        named = files.system_root(_file(self.lab, class_name, volume_name, files.SYSTEM))
        class_name, volume_name = named or (class_name, volume_name)
        if not usable(self.lab, self.node, class_name, volume_name):
            self.say("boot.no_root", path=files.root_path(class_name, volume_name))
            raise _Failed
        if self.single:
            self.say("boot.milestone")
        self.say("boot.hostname", node=self.node.name)
        self.root = class_name, volume_name
        self.all(self.entries())

    def go_on(self):
        """What of all that is not there yet; / once more if it was left as the kernel had it."""
        self.root = place_of(self.lab, next(m.special for m in self.mounts if m.point == "/"))
        self.usable = lambda *place: devices.served(self.lab, self.node, *place)
        entries = self.entries()
        for mount in [m for m in self.mounts if m.point == "/" and "ro" in m.options.split(",")]:
            self.mounts.remove(mount)
        there = {m.point for m in self.mounts}
        swap = any(m.type == "swap" for m in self.mounts)
        self.all([e for e in entries if e.point not in there or (e.type == "swap" and not swap)])

    def entries(self):
        """The entries of the root file system's vfstab; that of / is found, or somebody has to repair it."""
        found = find_volume(self.lab, *self.root).data.files.get(files.VFSTAB)
        entries = files.vfstab_entries(found.text) if found else []
        if not any(e.point == "/" for e in entries):
            if not found:
                self.say("mount.no_vfstab")
            self.say("boot.not_mounted", service=_SERVICES["/"], point="/")
            raise _Maintenance(late=False)
        return entries

    def keep_root(self):
        """/ stays mounted as the kernel did it, only to be read, where it came no further."""
        if not any(m.point == "/" for m in self.mounts):
            special, options = mounts.block_device(*self.root), mounts.ufs_options("ro")
            self.mounts.insert(0, Mount(special, "/", "ufs", options, self.now))

    def all(self, entries):
        """Swap and file systems of these entries, in the order in which Solaris gets to them."""
        for root in (e for e in entries if e.point == "/"):
            if any(m.point == "/" for m in self.mounts):
                continue
            block = root.special  # the kernel's root is what /etc/system names, whatever vfstab says of /
            if _place(self.lab, self.node, block) != self.root:
                block = mounts.block_device(*self.root)
            self.mount(root._replace(special=block, fsckdev=devices.raw_name(block)), core=True)
        for entry in entries:
            if entry.type == "swap" and entry.special.startswith("/dev/"):
                self.swap(entry)
        systems = [e for e in entries if e.type == "ufs" and e.point not in ("/", "-")]
        for point in EARLY:
            if not any(e.point == point for e in systems):
                self.need_not(point)
            for entry in (e for e in systems if e.point == point):
                self.mount(entry, core=True)
        if self.single:
            self.say("boot.single")
            return
        late = [e for e in systems if e.point not in EARLY and e.boot == "yes"]
        if any(e.fsckdev != "-" for e in late):
            self.say("boot.checking")
        for entry in late:
            self.mount(entry, core=False)

    def need_not(self, point):
        """Without an entry in vfstab what stands there is root's; where that is an empty directory the boot ends."""
        data = self.volumes.get(self.root) or find_volume(self.lab, *self.root).data
        empty = files.is_directory(data, point) and not any(path.startswith(f"{point}/") for path in data.files)
        if empty and not any(m.point == point for m in self.mounts):
            self.say("boot.not_mounted", service=_SERVICES[point], point=_MISSED[point])
            raise _Maintenance(late=False)

    def swap(self, entry):
        """Adds swap space; without the device the system runs on without it."""
        place = _place(self.lab, self.node, entry.special)
        error = self.error(place) or ("EROFS" if find_volume(self.lab, *place).mode == RO else None)
        if error:
            self.say("boot.no_swap", device=entry.special, error=text(f"error.{error}"))
        else:
            self.mounts.append(Mount(entry.special, "-", "swap", "rw", self.now))

    def error(self, place):
        """Why the device there cannot be opened, None if it can."""
        return "ENOENT" if place is None else None if self.usable(*place) else "ENXIO"

    def mount(self, entry, core):
        """Checks one file system and mounts it, or the boot ends in maintenance mode."""
        if entry.fsckdev != "-":
            self.check(entry, core)
        place = _place(self.lab, self.node, entry.special)
        options = mounts.ufs_options(entry.options)
        rw = "ro" not in options.split(",")
        if refusal := self.refusal(entry, place, rw):
            self.not_mounted(entry, core, refusal)
        self.volumes[place] = condition.mounted(self.data(place), entry.point, rw, "logging" in options.split(","))
        self.mounts.append(Mount(entry.special, entry.point, "ufs", options, self.now))

    def data(self, place):
        """The file system there, as it is by now."""
        return self.volumes.get(place) or find_volume(self.lab, *place).data

    def refusal(self, entry, place, rw):
        """The id of mount's text that refuses it, or None; in the order of mounts.REFUSALS."""
        if entry.point != "/":
            what = files.kind(self.lab, self.node._replace(mounts=tuple(self.mounts)), entry.point)
            if what != "directory":
                return "mount.not_directory" if what else "mount.no_point"
        if error := self.error(place):
            return {"ENOENT": "mount.no_special", "ENXIO": "mount.no_device"}[error]
        if rw and find_volume(self.lab, *place).mode == RO:
            return "mount.read_only"
        if any(m.point == entry.point or place_of(self.lab, m.special) == place for m in self.mounts):
            return "mount.busy"
        data = self.data(place)
        if data.type != "ufs":
            return "mount.not_ufs"
        return "mount.unclean" if rw and not condition.okay(data) else None

    def not_mounted(self, entry, core, refusal):
        """What mount says, and the service that asked it; the boot goes no further."""
        self.say(refusal, special=entry.special, point=entry.point)
        if refusal == "mount.unclean":
            self.say("mount.run_fsck")
        if core:
            self.say("boot.not_mounted", service=_SERVICES[entry.point], point=entry.point)
        else:
            self.say("boot.mountall", status=MOUNT_FAILED)
        raise _Maintenance(late=not core)

    def check(self, entry, core):
        """fsck -o p of the device to check, which the console shows if it was needed or mountall ran it."""
        place = _checked(self.lab, self.node, entry.fsckdev)
        if error := self.error(place):
            said = "fsck.no_stat" if error == "ENOENT" else "fsck.no_open"
            self.unable(entry, core, text(said, device=entry.fsckdev, error=text(f"error.{error}")), fsck.NO_STAT)
        volume, data = find_volume(self.lab, *place), self.data(place)
        if core and condition.okay(data):
            return
        subject = fsck.Subject(entry.fsckdev, data, volume.blocks, None, volume.mode != RO)
        checked = fsck.check(subject, fsck.Options(preen=True))
        if checked.status not in (fsck.OKAY, fsck.ROOT_OKAY):
            self.unable(entry, core, checked.out, checked.status)
        if core:
            self.say("boot.being_checked", point=entry.point, device=entry.fsckdev)
        self.lines.append(checked.out)
        self.volumes[place] = checked.data

    def unable(self, entry, core, message, status):
        """What is shown when a check fails; the boot goes no further."""
        if core:
            self.say("boot.being_checked", point=entry.point, device=entry.fsckdev)
        self.lines.append(message)
        if core:
            self.say("boot.unable", point=entry.point, device=entry.fsckdev)
        else:
            self.say("boot.mountall", status=status)
        raise _Maintenance(late=not core)


def usable(lab, node, class_name, volume_name):
    """True when a boot starts the volume: valid, not locked, no joined proxy, not being copied onto."""
    volume = find_volume(lab, class_name, volume_name)
    if class_name == PLAIN or volume is None:
        return volume is not None
    if node.name not in lab.classes[class_name].scope:
        return False
    if not devices.readable(lab, node, class_name, volume_name):
        return False
    overwritten = any(c.source != volume_name and not c.background for c in copies_onto(lab, class_name, volume_name))
    joined = joined_proxy(lab.classes[class_name], volume_name)
    return volume.valid and not volume.lock and not joined and not overwritten


def _place(lab, node, special):
    found = devices.special(lab, node, special)
    return place_of(lab, special) if found and not found.raw else None


def _checked(lab, node, device):
    """(class, volume) of what fsck is to check, by its raw or block device, or None."""
    return place_of(lab, device) if devices.special(lab, node, device) else None


def _file(lab, class_name, volume_name, path):
    volume = find_volume(lab, class_name, volume_name)
    return volume.data.files[path].text if volume and path in volume.data.files else ""
