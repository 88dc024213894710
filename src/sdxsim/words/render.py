"""Notes and rows -> text. The only place that knows how a message line and a table look."""

from ..model.names import visible
from .messages import INFO, MESSAGES

STATUS_OK, STATUS_ERROR = 0, 1  # guide: 0 on success, non-zero otherwise; 1 inferred


def line(command, note):
    """One note as printed, newline included: `SDX:command: SEVERITY: text`."""
    severity, text, _ = MESSAGES[note.id]
    fields = {key: visible(str(value)) for key, value in note.fields.items()}
    return f"SDX:{command}: {severity}: {text.format(**fields)}\n"


def said(command, notes):
    """(stdout, stderr) of some notes: INFO on one, the rest on the other."""
    out = "".join(line(command, note) for note in notes if MESSAGES[note.id][0] == INFO)
    err = "".join(line(command, note) for note in notes if MESSAGES[note.id][0] != INFO)
    return out, err


def refusal(command, refused):
    """(stderr, status) of a refusal; wrong typing shows the synopses below, indented by 8."""
    synopses = "".join(
        f"        {part}\n" for form in refused.forms for part in form.synopsis.split("\n")
    )
    return line(command, refused.note) + synopses, STATUS_ERROR


def is_information(text_line):
    """True for an INFO line of some sdx command (continuation lines are not known by themselves)."""
    return text_line.startswith("SDX:") and f": {INFO}: " in text_line


def table(columns, rows, places=None):
    """A table as sdxinfo prints it: headings, dashes, rows.

    Each column is (heading, width, right, ...): widths are constants of the format, longer values
    push the rest of their row to the right and are never cut; one blank between; none at the end.
    `places`: where in a row each column's value stands, when a row holds more than is shown.
    """
    shown = zip(columns, range(len(columns)) if places is None else places, strict=True)
    row_format = " ".join(f"{{{i}:{'>' if c[2] else ''}{c[1]}}}" for c, i in shown).format
    heading = " ".join(f"{c[0]:{c[1]}}" for c in columns)
    dashes = " ".join("-" * column[1] for column in columns)
    lines = [heading.rstrip(), dashes]
    lines += [row_format(*row).rstrip() for row in rows]
    return "\n".join(lines) + "\n"
