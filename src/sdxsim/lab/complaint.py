"""What the lab tool says when it cannot do what was asked: sentences for its user, never a traceback.

They start lower-case and have no full stop; whatever a user named is shown without control characters.
"""

FAILURE, MISUSE = 1, 2  # exit statuses: it did not work; it was not asked rightly
UNCERTAIN = 3  # the change was made, but that it outlives a power failure is not certain
INTERRUPTED = 130  # by Ctrl-C, as a shell reports it


class Complaint(Exception):
    """One sentence or several, a hint that helps on ("" for none), and the exit status they mean."""

    def __init__(self, *sentences, hint="", status=FAILURE):
        super().__init__(*sentences)
        self.sentences, self.hint, self.status = sentences, hint, status

    def text(self):
        """The lines to print, newlines included: `sdxsim: SENTENCE` each, then `hint: HINT`."""
        lines = [f"sdxsim: {shown(sentence)}\n" for sentence in self.sentences]
        return "".join(lines) + (f"hint: {shown(self.hint)}\n" if self.hint else "")


class Misuse(Complaint):
    """It was not asked rightly: exit status 2."""

    def __init__(self, *sentences, hint=""):
        super().__init__(*sentences, hint=hint, status=MISUSE)


def shown(text):
    """`text` with everything unprintable (control characters, bytes that are no UTF-8) written as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character):
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as surrogateescape carries it
        code -= 0xDC00
    return f"\\{code:03o}" if code < 256 else f"\\u{code:04x}"
