"""One line on a terminal that says how far something is; nothing at all where there is no terminal."""

import os

from .complaint import shown

BAR = 24  # characters


class Live:
    """A line on `stream` (a text stream) that is written again and again, and taken away at the end."""

    def __init__(self, stream):
        self.stream = stream
        self.there = stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def show(self, text):
        """Shows `text` in place of what stood there, cut to the terminal's width."""
        if self.there:
            self._write("\r" + shown(text)[: self._columns() - 1] + "\x1b[K")

    def clear(self):
        """Takes the line away."""
        if self.there:
            self._write("\r\x1b[K")

    def _write(self, text):
        try:
            self.stream.write(text)
            self.stream.flush()
        except OSError:
            self.there = False  # the terminal is gone; what is done goes on

    def _columns(self):
        try:
            return os.get_terminal_size(self.stream.fileno()).columns or 80
        except OSError:
            return 80


def bar(done):
    """`done`, 0 to 1, as a picture: [########----------------]  33%."""
    done = min(1.0, max(0.0, done))
    filled = int(done * BAR)
    return f"[{'#' * filled}{'-' * (BAR - filled)}] {done:4.0%}"
