"""What is answered to a stand-in's questions: by who typed it, one line each, or by nobody."""

from ..model.outcome import Shell


class Unanswered(Exception):
    """The question that has to be asked now; its text is `args[0]`."""


class Answers:
    """The answers of a Shell, one after the other. `given` counts those that were used."""

    def __init__(self, shell=Shell()):
        self.lines = shell.answers
        self.given = 0

    def to(self, question):
        """The line typed, None for the end of the input, or INTERRUPTED. Raises Unanswered.

        An answer to another question is none: somebody changed the lab in between.
        """
        if self.lines is None:
            return None
        if self.given == len(self.lines):
            raise Unanswered(question)
        asked, line = self.lines[self.given]
        self.given += 1
        return line if asked == question else None
