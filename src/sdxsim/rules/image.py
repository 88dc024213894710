"""What a copy of a volume holds that is made at one moment: consistent only if nothing writes to it."""

from ..model.queries import live_mounts
from ..solaris import condition


def image(lab, class_name, volume, node, now):
    """The volume's content as a Part, an OPC copy or a detached slice has it; `node` is asked where nothing writes."""
    mounts = live_mounts(lab, class_name, volume.name)
    writing = [n for n, mount in mounts if "ro" not in mount.options.split(",")]
    busiest = writing[0] if writing else node
    synced = busiest.synced_at >= busiest.booted_at > 0
    return condition.image(volume.data, bool(writing), busiest.power, synced, now)
