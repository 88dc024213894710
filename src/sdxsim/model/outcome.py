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


class Question(Record, fields="text"):
    """In the place of a Wait: the command asks, with what was said as far as that.

    Nothing was decided. Who can be asked runs it again with the answer in its Shell; it says then what
    follows the last answer.
    """

    __slots__ = ()


class Next(Record, fields="done"):
    """In the place of a Wait: `done` of the things named are dealt with, and kept; it is run again for the rest."""

    __slots__ = ()


class Shell(Record, fields="directory answers done", defaults=("/", None, 0)):
    """What a command has from where it was typed, beside its words.

    `directory`: the node's that it was typed in. `answers` to its questions so far, ((text, line or None for
    the end of the input or INTERRUPTED), ...), or None where nobody can be asked. `done`: see Next.
    """

    __slots__ = ()


INTERRUPTED = object()  # in the place of a line


class Wait(Record, fields="command node klass objects"):
    """`command`, typed on `node`, returns when nothing copies any more onto `objects` of class `klass`.

    They are {name: [(volume, members of its group whose slices are meant)]}. `execute.returned` tells
    when that is, and what it says then.
    """

    __slots__ = ()
