"""sync(1M): what was written in memory goes to the disks. Prints nothing, always succeeds."""

from ..model.outcome import Outcome
from ..model.queries import with_node


def run(lab, node, words, now):
    """Notes on the node when it was done; a copy of a file system made later is the better for it."""
    return Outcome(with_node(lab, node._replace(synced_at=now)))
