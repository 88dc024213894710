"""Where the lab is: $SDXSIM_STATE, else state/lab of a checkout, else the XDG state directory.

And where somebody stands who types in a shell that shows a node's files.
"""

import os

from .trouble import Trouble

ROOT = "SDXSIM_ROOT"  # the variable that says where the node's files are, whatever the paths
HOST = "/.host"  # all of the host, in a shell in which they stand at their paths


def checkout():
    """The top directory of the checkout this package runs from, or None when it is installed."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    top = os.path.dirname(os.path.dirname(package))
    is_checkout = os.path.basename(os.path.dirname(package)) == "src" and os.path.exists(f"{top}/bin/sdxsim")
    return top if is_checkout else None


def place(environ):
    """The lab's directory, absolute; it need not exist."""
    named = environ.get("SDXSIM_STATE")
    if named:
        return absolute(named, f"$SDXSIM_STATE '{named}'")
    top = checkout()
    if top:
        return f"{top}/state/lab"
    base = environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(base, "sdxsim", "lab")


def absolute(path, called):
    """`path` from the top of the file system. Raises Trouble: the current directory it begins at is gone."""
    try:
        return os.path.abspath(path)
    except FileNotFoundError:
        raise Trouble(f"the current directory is gone, {called} is found from there") from None


def standing(environ):
    """The node's directory in which this process stands; its / for one that stands anywhere else."""
    root = environ.get(ROOT)
    if not root:
        return "/"
    try:
        here = os.getcwd()
    except OSError:
        return "/"
    for top in (root, os.path.realpath(root)):
        if here == top or here.startswith(f"{top}/"):
            return here[len(top) :] or "/"
    return here if os.path.isdir(HOST) and not f"{here}/".startswith(f"{HOST}/") else "/"
