"""boot, as typed at the ok prompt. Source: guide 6.4.6 6 and solaris.md 4.2 to 4.5."""

from ..model.outcome import Outcome
from ..model.queries import find_volume, halted, with_node, with_volumes
from ..model.status import MULTI_USER, SINGLE_USER
from ..rules import faults, reboot
from ..solaris import nvram, obp
from ..words.solaris import text

FAILED = 1  # exit status of a boot that leaves the node at ok (ours: the prompt has none)
MAINTENANCE = 2  # of one that ends in maintenance mode: the node is up, but not as it was asked to be (ours)


def run(lab, node, words, now):
    """boot [device] [-s] [other arguments]; refused on a node that is not at the ok prompt."""
    if not halted(node):
        return Outcome(lab, "", text("boot.not_at_ok", command="boot"), FAILED)
    asked = obp.request(words)
    paths = obp.paths(node, asked)
    path = next((p for p in paths if obp.opened(lab, node, p)), None)
    if path is None:
        return Outcome(lab, obp.refused(lab, node, asked, paths[-1]), "", FAILED)
    lab, before = faults.identified(lab, node.name, now), lab
    started = obp.start(lab, node, *obp.opened(lab, node, path), asked.single, now)
    out = obp.introduced(asked, path) + started.out
    if started.failed:
        return Outcome(before, out, "", FAILED)
    power = SINGLE_USER if asked.single or started.maintenance else MULTI_USER
    full = path if ":" in path else f"{path}:a"
    lab = reboot.come_up(_holding(lab, started.volumes), node.name, power, full, started.mounts, now)
    lab = with_node(lab, nvram.reset(lab.nodes[node.name]))
    return Outcome(lab, out, "", MAINTENANCE if started.maintenance else 0)


def multi_user(lab, node, now):
    """From single-user or maintenance mode on to multi-user mode: what is not mounted yet is, as at a boot."""
    went = obp.go_on(lab, node, now)
    lab = _holding(reboot.counted(lab, now), went.volumes)
    node = lab.nodes[node.name]._replace(mounts=went.mounts)
    if went.maintenance:
        return Outcome(with_node(lab, node), went.out, "", MAINTENANCE)
    return Outcome(with_node(lab, node._replace(power=MULTI_USER)), went.out)


def _holding(lab, volumes):
    """`lab` with these file systems, {(class, volume): FileSystem}, in their volumes."""
    for (class_name, volume_name), data in volumes.items():
        volume = find_volume(lab, class_name, volume_name)
        lab = with_volumes(lab, class_name, [volume._replace(data=data)])
    return lab
