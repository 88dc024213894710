"""What keeps the slices of a mirror volume equal: copies onto those that have no good data."""

from ..model.queries import carriers, find_volume
from ..model.records import Slice
from ..model.status import ENABLE, INVALID, NOUSE
from . import copying
from .keep import mounted_plainly


def usable(klass, member):
    """True when every disk that slices on the member need can be used."""
    return all(d.status == ENABLE for d in carriers(klass, member))


def blank(klass, member):
    """A slice that holds nothing yet. On a disk out of use it is NOUSE, for `sdxswap -I` or a boot to copy."""
    return Slice(member, INVALID if usable(klass, member) else NOUSE, fresh=True)


def catch_up(lab, class_name, volume_names, now, delay=0, members=None):
    """Running volumes are copied onto their fresh slices (or those of `members`), where the disks are there.

    A stopped volume's wait for its start (guide A.2.34), and what the system runs on by its old slice for
    the boot that follows sdxroot (D.11). A slice that was good once, and is INVALID by an error, sdxfix -V
    or a cancelled copy, waits for sdxcopy -B, which F.1.1 prints and which would be refused meanwhile (D.10).
    """
    for name in volume_names:
        klass, volume = lab.classes[class_name], find_volume(lab, class_name, name)
        if not volume.valid or not volume.started:
            continue
        behind = [
            s.member
            for s in volume.slices
            if s.status == INVALID
            and s.fresh
            and (members is None or s.member in members)
            and usable(klass, s.member)
        ]
        if behind and not mounted_plainly(lab, class_name, name):
            lab = copying.resynchronize(lab, class_name, name, behind, now, delay)
    return lab
