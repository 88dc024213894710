"""`python -m sdxsim NAME ...`, and what bin/NAME runs with -I -S: NAME is the command's name."""

import sys
from _signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal  # not `signal`, which loads enum

# Until everything is loaded nothing can have been done: Ctrl-C ends the process, without a word and without a traceback
_interrupts = getsignal(SIGINT) is default_int_handler
if _interrupts:
    signal(SIGINT, SIG_DFL)

_package = __file__.rpartition("/")[0]
_parent = _package.rpartition("/")[0]
if _parent not in sys.path:
    sys.path.insert(0, _parent)

from sdxsim.entry import process  # noqa: E402  the path comes first

if _interrupts:
    signal(SIGINT, default_int_handler)
process(sys.argv[1:])
