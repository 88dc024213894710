"""Parameters that sdxparam shows and sets: name -> (default, least, most, evidence). D.12 is not stored."""

# fmt: off
PARAMETERS = {
    "copy_concurrency":       (8,  1, 1024, "recalled: 70"),
    "copy_delay":             (0,  0, 1000, "recalled: 70 (0 or 50)"),
    "proxy_copy_concurrency": (4,  1, 1024, "recalled: 70"),
    "proxy_copy_delay":       (0,  0, 1000, "recalled: 70"),
    "spare_copy_delay":       (50, 0, 1000, "recalled: 70"),
}
# fmt: on


def value(node, name):
    """What the parameter is on the node."""
    return node.params.get(name, PARAMETERS[name][0])


def delay(node, options, name="copy_delay"):
    """The delay of a copy in ms: that of -e delay=, else the parameter's."""
    return int(options["delay"]) if "delay" in options else value(node, name)
