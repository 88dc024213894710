"""sdxdevinfo: the physical disks of a node. No page of it is stored: a lab extra, its table is ours.

SLICES are the numbers of plain slices, what a keep disk's volumes can be made of.
"""

from ..model.outcome import Outcome
from ..model.queries import registered, sees
from ..words.notes import Refusal
from ..words.render import table
from ..words.views import columns

NONE = "*"


def show(lab, node, args, now):
    """All devices that the node sees; with -c those of a class's disks; with -d those of the disks named."""
    shared = {k.name: k for k in lab.classes.values() if node.name in k.scope and not k.shadow}
    if "class" in args and args["class"] not in shared:
        raise Refusal("class.unknown", **{"class": args["class"]})
    classes = [shared[args["class"]]] if "class" in args else list(shared.values())
    wanted = args.get("disk")
    for name in wanted or ():
        if not any(name in k.disks for k in classes):
            raise Refusal("object.unknown", object=name)
    rows = []
    for device in [device for device in lab.devices.values() if sees(node, device)]:
        place = registered(lab, device.name)
        if ("class" in args or wanted) and (place is None or place[0].name not in {k.name for k in classes}):
            continue
        if wanted and place[1].name not in wanted:
            continue
        names = (place[0].name, place[1].name) if place else (NONE, NONE)
        blocks = device.blocks if device.present else NONE
        slices = ",".join(sorted(device.slices)) or NONE
        rows.append((device.name, *names, blocks, device.cylinder, slices, device.path))
    return Outcome(lab, table(columns("device", True), rows) if rows else "")
