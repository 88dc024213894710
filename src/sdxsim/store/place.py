"""Where the lab is: $SDXSIM_STATE, else state/lab of a checkout, else the XDG state directory."""

import os

from .trouble import Trouble


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
