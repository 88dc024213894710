"""What a command came to: the lab after it, and what it says."""

from .record import Record


class Outcome(Record, fields="lab stdout stderr status waits written", defaults=("", "", 0, None, ())):
    """The whole of a command without processes.

    `lab` is the very same object when nothing changed. `waits` is None, or a Wait: the command
    returns only when copies have ended, and what it prints then. `written`: ((path, text, may replace),
    ...), files that the caller has to write; `execute.unwritten` is the outcome when that fails.
    """

    __slots__ = ()


class Hang(Record, fields="point"):
    """In the place of a Wait: the command hangs on the write-locked file system at `point`.

    Nothing was decided. Who can wait asks again; to others the outcome's error says why.
    """

    __slots__ = ()


class Wait(Record, fields="command node klass objects"):
    """`command`, typed on `node`, returns when nothing copies any more onto `objects` of class `klass`.

    They are {name: [(volume, members of its group whose slices are meant)]}. `execute.returned` tells
    when that is, and what it says then.
    """

    __slots__ = ()
