"""sdxdcdown: which classes are closed down, and what is left of their configuration databases (guide F.1.4).

A class keeps at most eight copies of its database: NDB are valid and lie on the devices listed, NLDB are
lost (recalled: 80; read off the page's table). It changes nothing.
"""

from ..model.outcome import Outcome
from ..rules import closing
from ..words.notes import Refusal
from ..words.render import table
from ..words.views import columns


def show(lab, node, args, now):
    """A row for each class that the node shares; the last column is as wide as its longest cell."""
    shared = [k for k in lab.classes.values() if node.name in k.scope]
    if "class" in args:
        shared = [k for k in shared if k.name == args["class"]]
        if not shared:
            raise Refusal("class.unknown", **{"class": args["class"]})
    rows = [_row(lab, klass, node) for klass in shared]
    if not rows:
        return Outcome(lab)
    *others, last = columns("dcdown", False)
    widest = max(len(last[0]), *(len(row[-1]) for row in rows))
    return Outcome(lab, table((*others, (last[0], widest, *last[2:])), rows))


def _row(lab, klass, node):
    why = klass.closed.get(node.name)
    enabled = closing.enabled(klass)
    kept = min(closing.MOST_DATABASES, len(enabled))
    valid = [disk.device for disk in closing.accessible(lab, klass)][:kept]
    return (
        klass.name, "yes" if why else "no", why or "-", len(klass.disks), len(enabled),
        len(valid), kept - len(valid), ":".join(valid) or "-",
    )  # fmt: skip
