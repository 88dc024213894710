"""The words of a command line in a runbook: quoted as in sh, and an error where only a shell could help."""

import shlex

# what a shell would act upon; a runbook has no shell
_ACTIVE = {
    **dict.fromkeys("|&;<>()", "pipes, lists and redirections are not run"),
    **dict.fromkeys("$`", "variables and command substitution are not expanded"),
    **dict.fromkeys("*?[", "wildcards are not expanded"),
}
_QUOTED_ACTIVE = "$`"
_QUESTIONS = "eeprom "  # its variables end so (guide A.2.9); sh leaves alone what matches no file


def words(text):
    """The words of a command line, quoted as in sh. Raises ValueError for what only a shell could do."""
    quote, at, begins = "", 0, True
    while at < len(text):
        c = text[at]
        if c == "\\" and quote != "'":
            at += 1
        elif quote:
            if c == quote:
                quote = ""
            elif quote == '"' and c in _QUOTED_ACTIVE:
                raise ValueError(_ACTIVE[c])
        elif c in "'\"":
            quote = c
        elif c in _ACTIVE and not (c == "?" and text.startswith(_QUESTIONS)):
            raise ValueError(_ACTIVE[c])
        elif begins and c == "#":
            raise ValueError("comments are not part of a command")
        elif begins and c == "~":
            raise ValueError("~ is not expanded")
        begins = c in " \t"
        at += 1
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError("a quotation has no end, and a command stands on one line") from None
