"""getopt(3C): the stand-ins' options, in the order typed."""

from ..words.solaris import text


def unsimulated(command, found, letters):
    """What is said of the first option that Solaris knows and the simulator does not (`letters`), "" without one."""
    letter = next((letter for letter, _ in found if letter in letters), None)
    return text("standin.not", command=command, what=f"-{letter}") if letter else ""


class BadOption(Exception):
    """An option the command has not, or lacks its argument; the exception's text is getopt's line."""


def getopt(command, words, letters):
    """([(letter, argument or None)], operands). `letters` as for getopt(3C): `f` a flag, `o:` takes one.

    Options end at the first word that is none, or after `--`. Raises BadOption.
    """
    found, at = [], 0
    while at < len(words) and words[at].startswith("-") and words[at] != "-":
        word, at = words[at], at + 1
        if word == "--":
            break
        cluster = word[1:]
        while cluster:
            letter, cluster = cluster[0], cluster[1:]
            place = letters.find(letter) if letter != ":" else -1
            if place < 0:
                raise BadOption(text("getopt.illegal", command=command, letter=letter))
            if letters[place + 1 : place + 2] != ":":
                found.append((letter, None))
                continue
            if not cluster:
                if at == len(words):
                    raise BadOption(text("getopt.argument", command=command, letter=letter))
                cluster, at = words[at], at + 1
            found.append((letter, cluster))
            cluster = ""
    return found, list(words[at:])
