"""Rules of sdxclass. Classes are made by sdxdisk -M."""

from ..model.status import KEEP
from .disk import without_labels
from .engine import Rule, note, refuses


def klass(asked):
    """The class itself."""
    return [asked.klass]


@refuses("object.exists")
def no_group_no_volume(asked, klass):
    left = [*klass.volumes, *klass.groups]
    return {"object": left[0], "holder": klass.name} if left else None


@refuses("class.panic")
def panic_off(asked, klass):
    return {"class": klass.name} if klass.iotimeout and klass.iotimeout[2] else None


def remove(asked, targets):
    """The class and all its disks go; the devices are free."""
    (klass,) = targets
    lab = without_labels(asked.lab, klass.disks.values())
    return lab._replace(classes={n: k for n, k in lab.classes.items() if n != klass.name})


def says_removed(asked, before, after, targets):
    """The devices that are open again, then the class."""
    (klass,) = targets
    said = [note("device.enabled", device=d.device) for d in klass.disks.values() if d.type != KEEP]
    return [*said, note("class.removed", **{"class": klass.name})]


# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("class.remove", klass,
         guards=((no_group_no_volume, "recalled: 85"),
                 (panic_off,          "seen: Linux 4.5 guide 7.15")),
         effect=(remove,              "recalled: 85; seen: Linux 4.1 E.4.3 (removed class)"),
         says=says_removed),
)}
# fmt: on
