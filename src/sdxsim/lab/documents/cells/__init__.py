"""The cells of docs/states.md: what there is, in which states, and which operations are tried in each.

A state is the commands that lead to it from a scenario, so the document cannot show one that no
command leads to. `documents.states` runs and prints them, in this order.
"""

from .classes import CLASSES, TABLES
from .holders import DISKS, GROUPS
from .proxies import DATA_PROXY, SYSTEM_PROXY
from .shadows import SHADOWS
from .system import SYSTEM_DISKS
from .volumes import MIRROR_VOLUME, SHARED_VOLUME, STRIPE_VOLUME

MATRICES = (
    SYSTEM_PROXY, DATA_PROXY, MIRROR_VOLUME, STRIPE_VOLUME, SHARED_VOLUME, DISKS, GROUPS, CLASSES, TABLES,
    SYSTEM_DISKS, SHADOWS,
)  # fmt: skip
