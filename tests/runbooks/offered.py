"""What a form offers, and what of it a typed command used: each letter, each keyword, each attribute and its words.

Both read what the grammar reads, so that an option that is new is one that a transcript has to show.
"""

from sdxsim.words import grammar
from sdxsim.words.attributes import ATTRIBUTES
from sdxsim.words.syntax import ATTRIBUTES_OF


def options(form):
    """{"-e nosync", "-a mode=rw", "-v"}: everything that can be left out of a command of the form."""
    plan = grammar.shape(form.synopsis)
    chosen = {letter for ways in plan.choices for way in ways for letter in way}
    found = {f"-{letter}" for letter in plan.cluster}
    for letter, (printed, required) in plan.options.items():
        if letter in "ex":
            found |= {f"-{letter} {name}" for name in grammar.keywords(printed)[0]}
        elif printed.startswith("attribute="):
            for name, (values, _) in ATTRIBUTES[ATTRIBUTES_OF[form.id]].items():
                words = [""] if isinstance(values, str) else values
                found |= {f"-{letter} {name}={word}" for word in words}
        elif not required or letter in chosen:
            found |= {f"-{letter}"} | _tails(letter, printed)
        else:
            found |= _tails(letter, printed)
    return found


def _tails(letter, printed):
    """What a pair may have behind it: "-d =disk:type"."""
    first = printed.replace("[,", ",").partition(",")[0].replace("[", "").replace("]", "")
    kinds = first.partition("=")[2].split(":")
    return {f"-{letter} {n + 1} of {':'.join(kinds)}" for n in range(1, len(kinds))}


def used(form, args, argv):
    """Those of `options(form)` that the command line used; `args` are the grammar's."""
    plan = grammar.shape(form.synopsis)
    found = {f"-{letter}" for letter in args["letters"]}
    for letter, (printed, _) in plan.options.items():
        if letter in "ex":
            found |= {f"-{letter} {name}" for name in args.get(letter, ())}
        elif printed.startswith("attribute="):
            for name, value in args.get(letter, {}).items():
                values = ATTRIBUTES[ATTRIBUTES_OF[form.id]][name][0]
                found.add(f"-{letter} {name}=" + ("" if isinstance(values, str) else value))
        elif any(word.startswith(f"-{letter}") for word in argv):
            found.add(f"-{letter}")
            kinds = printed.replace("[,", ",").partition(",")[0].replace("[", "").replace("]", "").partition("=")[2]
            for _, parts in args.get(letter, ()) if "=" in printed else ():
                found |= {f"-{letter} {n + 1} of {kinds}" for n in range(1, len(parts))}
    return found & options(form)
