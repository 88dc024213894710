"""sdxparam -G: the parameters as they are. Its table is ours, D.12 is not stored."""

from ..model.outcome import Outcome
from ..words.notes import Refusal
from ..words.parameters import PARAMETERS, value
from ..words.render import table
from ..words.views import columns


def show(lab, node, args, now):
    """All parameters, or those named."""
    named = args.get("param", list(PARAMETERS))
    for name in named:
        if name not in PARAMETERS:
            raise Refusal("param.name", param=name)
    return Outcome(lab, table(columns("param", True), [(name, value(node, name)) for name in named]))
