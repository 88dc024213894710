"""Rules of sdxparam. Parameters are the node's and outlive a reboot (recalled: 70)."""

from ..model.queries import with_node
from ..words.grammar import decimal
from ..words.parameters import PARAMETERS
from .engine import Rule, refuses


def settings(asked):
    """[(parameter, value as typed)]."""
    return [(name, value) for name, (value,) in asked.args["p"]]


@refuses("param.name")
def known(asked, setting):
    return None if setting[0] in PARAMETERS else {"param": setting[0]}


@refuses("param.value")
def within_limits(asked, setting):
    name, value = setting
    _, least, most, _ = PARAMETERS[name]
    good = least <= decimal(value) <= most
    same = all(other == value for n, other in settings(asked) if n == name)
    return None if good and same else {"param": name, "val": value}


def put(asked, targets):
    """Sets the parameters; with -e default all others go back to their defaults."""
    params = {} if "default" in asked.options else dict(asked.node.params)
    params.update((name, int(value)) for name, value in targets)
    params = {name: value for name, value in params.items() if value != PARAMETERS[name][0]}
    if params == asked.node.params:
        return asked.lab
    return with_node(asked.lab, asked.node._replace(params=params))


# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("param.set", settings,
         guards=((known,         "ours: the condition is inferred"),
                 (within_limits, "recalled: 70")),
         effect=(put,            "recalled: 70")),
)}
# fmt: on
