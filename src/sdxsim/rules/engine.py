"""Rules and how they are judged.

A rule is a row: the form it rules, which objects the form names, the guards that must hold in this
order (the order decides which error is seen first), the effect, and what is said. All objects are
resolved first, then every guard is tried on each object, and only then does the effect happen, on
all of them at once: a command that names six volumes changes six or none (inferred: commands.md 1).
"""

from ..model.record import Record
from ..words.notes import Note, Refusal

REOPENING = "fix.class"  # the one operation of a closed class (guide D.9)

class Asked(Record, fields="lab klass node form args now read", defaults=(None,)):
    """What a guard and an effect may look at: the settled lab, the class, the node, the form's id, its arguments.

    `klass` is None for forms without a class, and for those that may make it (`Rule.makes_class`).
    `read(path)`: the text of a file that the form names, None for standard input; raises OSError.
    """

    __slots__ = ()

    @property
    def options(self):
        """The words of -e: {word: value or True}."""
        return self.args.get("e", {})


class Rule(
    Record, fields="form targets guards effect says waits makes_class gives", defaults=(None, None, False, None)
):
    """One row. `guards`: ((guard, evidence), ...); `effect`: (function, evidence).

    `says(asked, before, after, targets)` -> notes. `waits(asked, after, targets)` -> {object: [(volume,
    members)]}: the slices until nothing copies onto which the command waits, by the name it says.
    `makes_class`: the class named need not exist yet. `gives(asked, targets)` -> the text for the file
    that -o names, or standard output.
    """

    __slots__ = ()


def refuses(note_id):
    """Marks a guard with the message of its refusal.

    A guard takes (asked, target) and answers with what stands in the way: None when nothing does,
    else the name of the object (or the fields of the message).
    """

    def mark(guard):
        guard.note_id = note_id
        return guard

    return mark


class Judgement(Record, fields="lab notes waits text", defaults=(None,)):
    """What a rule came to: the lab after it (the same object if nothing changed), notes, waits, text given."""

    __slots__ = ()


def judge(rule, asked):
    """Applies `rule`, or raises Refusal with nothing changed."""
    if asked.klass and asked.node.name in asked.klass.closed and rule.form != REOPENING:
        raise Refusal("class.closed", **{"class": asked.klass.name})
    targets = rule.targets(asked)
    for target in targets:
        for guard, _ in rule.guards:
            hindrance = guard(asked, target)
            if hindrance is not None:
                fields = hindrance if isinstance(hindrance, dict) else {"object": hindrance}
                raise Refusal(guard.note_id, **fields)
    after = rule.effect[0](asked, targets)
    notes = rule.says(asked, asked.lab, after, targets) if rule.says else []
    waits = rule.waits(asked, after, targets) if rule.waits else {}
    return Judgement(after, notes, waits, rule.gives(asked, targets) if rule.gives else None)


def note(note_id, **fields):
    """A Note, briefly."""
    return Note(note_id, fields)
