"""`--update`: a runbook's expected output put right in place, where a command printed something else.

Never blessed: an exit status that changed, a prompt, a poll that ran out. Those stay failures.
"""

import difflib
import os
import tempfile

from ..complaint import Complaint, Misuse, shown
from .dialect import parse
from .expectation import matches, written
from .report import corrected
from .runner import FAILED, UPDATED


def updated(book, results):
    """(the runbook's new text, results) with what could be put right UPDATED; text None: nothing could."""
    lines, fresh = list(book.lines), list(results)
    for i in reversed(range(len(results))):  # from the last, so that the lines before stay where they are
        result = results[i]
        if _can_be(result):
            step = result.step
            lines[step.first : step.end] = _as_written(book, step, written(*corrected(result), step.status))
            fresh[i] = result._replace(verdict=UPDATED)
    text = "\n".join(lines)
    if lines == book.lines or not _holds(book, text, fresh):
        return None, results
    return text, fresh


def _can_be(result):
    step = result.step
    return result.verdict == FAILED and step.argv and result.status == step.status and not result.block.until


def _as_written(book, step, rows):
    """The rows as lines of that block: its indentation, the file's line ends."""
    line = book.lines[step.line - 1].removeprefix("\ufeff")
    indent = line[: len(line) - len(line.lstrip())]
    end = "\r" if line.endswith("\r") else ""
    return [(indent + row if row else row) + end for row in rows]


def _holds(book, text, results):
    """True when the new text, read again, is the same runbook and expects what was printed."""
    try:
        again = parse(text, book.name, book.path)
    except Misuse:
        return False
    steps = [step for block in again.blocks for step in block.steps]
    if [s.text for s in steps] != [r.step.text for r in results]:
        return False
    return all(
        matches(step.out, list(r.out)) and matches(step.err, list(r.err), tolerant=False)
        for step, r in zip(steps, results, strict=True)
        if r.verdict == UPDATED
    )


def difference(book, text):
    """What --update changes in the file, as a unified diff."""
    before, after = book.lines, text.split("\n")
    found = difflib.unified_diff(before, after, book.path, f"{book.path} (updated)", lineterm="")
    return "".join(f"{shown(line.rstrip())}\n" for line in found)


def put(book, text):
    """Puts `text` in the place of the runbook's file, at once. Raises Complaint."""
    path = os.path.realpath(book.path)
    new = None
    try:
        with open(path, "rb") as opened:
            if opened.read() != "\n".join(book.lines).encode():
                raise Complaint(f"{book.path} was changed while it ran, it is not updated")
            mode = os.fstat(opened.fileno()).st_mode & 0o7777
        if not mode & 0o222 or not os.access(path, os.W_OK):  # the bits too: root may write whatever they say
            raise Complaint(f"{book.path} is read-only, it is not updated")
        fd, new = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".runbook-")
        with open(fd, "wb") as opened:
            opened.write(text.encode())
            opened.flush()
            os.fchmod(fd, mode)
            os.fsync(fd)
        os.replace(new, path)
    except OSError as fault:
        raise Complaint(f"cannot write {book.path}: {fault.strerror}") from fault
    finally:
        if new and os.path.exists(new):
            os.unlink(new)
