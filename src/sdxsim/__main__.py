"""`python -m sdxsim NAME ...`, and what bin/NAME runs with -I -S: NAME is the command's name."""

import sys

_package = __file__.rpartition("/")[0]
_parent = _package.rpartition("/")[0]
if _parent not in sys.path:
    sys.path.insert(0, _parent)

from sdxsim.entry import process  # noqa: E402  the path comes first

process(sys.argv[1:])
