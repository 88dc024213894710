"""The few lines a table cannot say: sdxinfo, and the Solaris stand-ins.

Each stand-in's module offers `run(lab, node, words, now) -> Outcome`; DISPATCH names it, so that a
command imports no other's code.
"""

# what is typed -> module; these exist only inside a lab's environment, but for fsck-sim
STANDINS = {
    "fsck": "fsck",
    "fsck-sim": "fsck",
    "mount": "mount",
    "umount": "umount",
    "chgrp": "chgrp",
    "sync": "sync",
    "shutdown": "shutdown",
    "boot": "boot",
}

# form that only shows something -> (module, function(lab, node, args, now) -> Outcome)
VIEWS = {
    "info": ("info", "show"),
    "info.io": ("info", "show_io"),
    "param.get": ("param", "show"),
    "devinfo": ("devinfo", "show"),
    "dcdown": ("dcdown", "show"),
}

PRIVATE = tuple(name for name in STANDINS if name != "fsck-sim")


def standin(name):
    """The `run` function of a stand-in."""
    module = STANDINS[name]
    return __import__(f"{__package__}.{module}", fromlist=("run",)).run


def view(form_id):
    """The function of a form that only shows something."""
    module, function = VIEWS[form_id]
    return getattr(__import__(f"{__package__}.{module}", fromlist=(function,)), function)
