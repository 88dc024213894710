"""boot, as typed at the ok prompt. Source: guide 6.4.6 6 and solaris.md 4.2 to 4.5."""

from ..model.outcome import Outcome
from ..model.queries import find_volume, halted, with_volumes
from ..model.status import MULTI_USER, SINGLE_USER
from ..rules import faults, reboot
from ..solaris import obp
from ..words.solaris import text

FAILED = 1  # exit status of a boot that leaves the node at ok (ours: the prompt has none)


def run(lab, node, words, now):
    """boot [device] [-s] [other arguments]; refused on a node that is not at the ok prompt."""
    if not halted(node):
        return Outcome(lab, "", text("boot.not_at_ok"), FAILED)
    asked = obp.request(words)
    paths = obp.paths(node, asked)
    path = next((p for p in paths if obp.opened(lab, node, p)), None)
    if path is None:
        return Outcome(lab, obp.refused(asked, paths[-1]), "", FAILED)
    lab, before = faults.identified(lab, node.name, now), lab
    started = obp.start(lab, node, *obp.opened(lab, node, path), asked.single, now)
    out = obp.introduced(asked, path) + started.out
    if started.failed:
        return Outcome(before, out, "", FAILED)
    for (class_name, volume_name), data in started.volumes.items():
        volume = find_volume(lab, class_name, volume_name)
        lab = with_volumes(lab, class_name, [volume._replace(data=data)])
    power = SINGLE_USER if asked.single else MULTI_USER
    full = path if ":" in path else f"{path}:a"
    return Outcome(reboot.come_up(lab, node.name, power, full, started.mounts, now), out)
