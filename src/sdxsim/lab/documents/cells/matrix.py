"""What a matrix of docs/states.md is made of."""

from ....model.record import Record


class Matrix(Record, fields="heading about scenario klass watched states operations"):
    """Something in `states` of a scenario, and `operations` tried in each.

    `watched`: the disks, groups, volumes and proxies of class `klass` that are told of.
    """

    __slots__ = ()


class State(Record, fields="name steps later", defaults=(0,)):
    """A state: its name, how it comes to be, and how many ms later it is looked at."""

    __slots__ = ()


LATER = 60 * 60_000  # ms after which nothing copies any more


def states(*rows):
    return tuple(State(*row) for row in rows)
