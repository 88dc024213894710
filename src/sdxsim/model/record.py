"""What a record is: a tuple whose places have names.

Used as one of `collections.namedtuple`, and made without it: every command is a process of its own,
and that module brings six others and compiles a function for each record, a fifth of a whole command.
"""

try:
    from _collections import _tuplegetter as _place
except ImportError:  # another interpreter

    def _place(index, doc):
        return property(lambda record: record[index], doc=doc)


_new = tuple.__new__
_NEEDED = object()  # in the place of a default


class Record(tuple):
    """`class Point(Record, fields="x y", defaults=(0,))`: the last fields have the defaults."""

    __slots__ = ()

    def __init_subclass__(cls, fields, defaults=()):
        cls._fields = tuple(fields.split())
        needed = len(cls._fields) - len(defaults)
        cls._needed = frozenset(cls._fields[:needed])
        cls._field_defaults = dict(zip(cls._fields[needed:], defaults, strict=True))
        cls._blank = {**dict.fromkeys(cls._fields[:needed], _NEEDED), **cls._field_defaults}
        for index, name in enumerate(cls._fields):
            setattr(cls, name, _place(index, None))

    def __new__(cls, *values, **named):
        if not values:
            return cls._of(named)
        if not named and len(values) == len(cls._fields):
            return _new(cls, values)
        first = dict(zip(cls._fields, values, strict=False))
        if len(first) < len(values) or not first.keys().isdisjoint(named):
            raise TypeError(f"{cls.__name__} is {' '.join(cls._fields)}, not {values} and {named}")
        return cls._of({**first, **named})

    @classmethod
    def _of(cls, named):
        """The record of the fields in a dictionary; for many, it costs half of `cls(**named)`."""
        filled = {**cls._blank, **named}
        if len(filled) != len(cls._fields) or not cls._needed <= named.keys():
            raise TypeError(f"{cls.__name__} is {' '.join(cls._fields)}, not {' '.join(map(str, named))}")
        return _new(cls, filled.values())

    def _replace(self, **changed):
        """The same but for the fields named."""
        filled = {**dict(zip(self._fields, self, strict=True)), **changed}
        if len(filled) != len(self):
            raise TypeError(f"{type(self).__name__} is {' '.join(self._fields)}, not {' '.join(changed)}")
        return _new(type(self), filled.values())

    def __repr__(self):
        shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({shown})"

    def __getnewargs__(self):  # copy and pickle
        return tuple(self)
