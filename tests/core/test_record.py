"""A record is used as a named tuple of `collections` is."""

import copy
import pickle
from collections import namedtuple

import pytest

from sdxsim.model.record import Record


class Point(Record, fields="x y z", defaults=(None, 3)):
    """A point."""

    __slots__ = ()


Model = namedtuple("Point", "x y z", defaults=(None, 3))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((1,), {}), ((1, 2), {}), ((1, 2, 4), {}), ((), {"x": 1}), ((1,), {"z": 2}), ((None,), {}), ((), {"z": 1, "y": 2, "x": 0}),
        ((), {}), ((1, 2, 3, 4), {}), ((1,), {"x": 1}), ((), {"y": 1}), ((1,), {"w": 1}), ((), {"x": 1, "w": 1}), ((1, 2, 3), {"w": 1}),
        ((1, 2, 3, 4), {"x": 1}),
    ],
)  # fmt: skip
def test_it_is_made_of_what_makes_a_named_tuple(values, named):
    try:
        expected = Model(*values, **named)
    except TypeError:
        with pytest.raises(TypeError):
            Point(*values, **named)
        return
    made = Point(*values, **named)
    assert made == expected
    assert repr(made) == repr(expected)
    assert (made.x, made.y, made.z) == tuple(made)
    assert type(made) is Point


def test_a_change_is_a_new_one():
    point = Point(1, 2)
    assert point._replace(z=0) == (1, 2, 0)
    assert type(point._replace()) is Point
    assert point == (1, 2, 3)
    with pytest.raises(TypeError):
        point._replace(w=1)
    with pytest.raises(AttributeError):
        point.x = 5
    with pytest.raises(AttributeError):
        point.w = 5


def test_it_knows_its_fields_and_can_be_copied():
    assert Point._fields == Model._fields
    assert Point._field_defaults == Model._field_defaults
    point = Point([1])
    for other in (copy.copy(point), copy.deepcopy(point), pickle.loads(pickle.dumps(point))):
        assert other == point
        assert type(other) is Point
    assert copy.deepcopy(point).x is not point.x


def test_more_defaults_than_fields_are_refused():
    with pytest.raises(ValueError):

        class Wrong(Record, fields="x", defaults=(1, 2)):
            pass
