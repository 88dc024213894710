"""A note: a message of the catalogue with what goes into its braces; and a refusal that carries one."""

from ..model.record import Record


class Note(Record, fields="id fields"):
    """Something to be said: a message's id and its fields."""

    __slots__ = ()


class Refusal(Exception):
    """The command is refused with `note`; `forms` are printed below it when the typing was wrong."""

    def __init__(self, note_id, forms=(), **fields):
        super().__init__(note_id, fields)
        self.note = Note(note_id, fields)
        self.forms = tuple(forms)
