"""Synopses read as forms: what was typed is matched against them; usage is printed from them.

The notation is the guide's. A leading word or upper-case flags choose the form; `-x value` is an
option with its value, `[...]` may be left out, `{...|...}` wants exactly one, `value,...` is a list
without blanks, `k=v` a pair, `[-ABC]` a cluster of flags. Options follow Unix getopt: any order,
flags may be written together, a value may follow its letter directly, `--` ends options; operands
are never taken.
"""

from ..model.names import NAME_LENGTH, well_spelled, well_spelled_slice
from ..model.record import Record
from ..model.status import DISK_TYPES
from .attributes import ATTRIBUTES, ON_OFF
from .notes import Refusal
from .syntax import ATTRIBUTES_OF, forms_of

# -- reading a synopsis ---------------------------------------------------------------------------------------


class Shape(Record, fields="word flags cluster options choices"):
    """A synopsis, read. `options` {letter: (value as printed, required)}; `choices` sets of letters."""

    __slots__ = ()

    @property
    def letters(self):
        """{letter: takes a value} of everything the form may carry."""
        return {**dict.fromkeys(self.flags + self.cluster, False), **dict.fromkeys(self.options, True)}


def _closing(text, at):
    """Where the bracket that opens at `at` closes."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "[{") - (text[i] in "]}")
        if not depth:
            return i
    raise ValueError(f"unclosed bracket: {text}")


def _value_end(text, at):
    """Where an option's printed value ends: before the next option, optional option or choice."""
    while at < len(text):
        if text[at] in "[{":
            if text[at + 1] == "-":
                return at
            at = _closing(text, at)
        elif text.startswith(" -", at) or text.startswith(" [-", at) or text.startswith(" {-", at):
            return at
        at += 1
    return at


def _options(text):
    """[(letter, printed value or "")] of a run of options."""
    found, at = [], 0
    while at < len(text):
        if text[at] != "-":
            at += 1
            continue
        letter, end = text[at + 1], _value_end(text, at + 2)
        found.append((letter, text[at + 2 : end].replace(" ", "")))
        at = end
    return found


_shapes = {}


def shape(synopsis):
    """The Shape of a synopsis, which is read once in a process."""
    if synopsis not in _shapes:
        _shapes[synopsis] = _shape(synopsis)
    return _shapes[synopsis]


def _shape(synopsis):
    text = " ".join(synopsis.split()[1:])
    word, _, rest = text.partition(" ")
    if text[:1] in "-[{":
        word, rest = "", text
    flags, cluster, options, choices, at = "", "", {}, [], 0
    while at < len(rest):
        if rest.startswith("[-", at):
            end = _closing(rest, at)
            letters = rest[at + 2 : end]
            if letters.isalpha() and letters.isupper():
                cluster = letters
            else:
                options.update((o, (v, False)) for o, v in _options(rest[at + 1 : end]))
            at = end
        elif rest.startswith("{-", at):
            end = _closing(rest, at)
            ways = [_options(way) for way in rest[at + 1 : end].replace(" | ", "|").split("|")]
            choices.append([frozenset(o for o, _ in way) for way in ways])
            options.update((o, (v, False)) for way in ways for o, v in way)
            at = end
        elif rest[at] == "-":
            end = _value_end(rest, at + 2)
            value = rest[at + 2 : end].replace(" ", "")
            if value:
                options[rest[at + 1]] = (value, True)
            else:
                flags += rest[at + 1]
            at = end - 1
        at += 1
    return Shape(word, flags, cluster, options, choices)


def keywords(printed):
    """({keyword: value as printed or None}, [sets of which at most one may stand], needed) of an -e value."""
    known, exclusive = {}, []
    for part in printed.replace("{", "[").split("["):
        group = part.partition("]")[0]
        if "|" in group:
            exclusive.append({way.partition("=")[0] for way in group.split("|")})
    plain = "".join(c for c in printed if c not in "[]{}").replace("|", ",")
    for keyword in plain.split(","):
        name, equals, value = keyword.partition("=")
        known[name] = value if equals else None
    needed = printed.partition("[")[0].strip(",") if "[," in printed else None
    return known, exclusive, needed


# -- what a printed value stands for: a check that answers with the note of its refusal, or None ----------------


def _name(word):
    if len(word) > NAME_LENGTH and well_spelled(word):
        return "name.long", {"string": word}
    return None if well_spelled(word) else ("name.letters", {"string": word})


def _object(word):
    return None if well_spelled_slice(word) else _name(word)


def _slice(word):
    if well_spelled(word):
        return "name.slice", {}
    return None if well_spelled_slice(word) else ("name.letters", {"string": word})


def decimal(word):
    """The decimal number that the word is, zeros in front of it or not; -1 when it is none, or immense."""
    digits = word.lstrip("0") or "0"
    return int(digits) if word.isascii() and word.isdigit() and len(digits) < 20 else -1


def _size(word):
    return None if 0 < decimal(word) < 10**15 else ("size.illegal", {"size": word})


def _choice(name, words):
    return lambda word: None if word in words else ("attribute.value", {"attribute": name, "value": word})


def _anything(word):
    return None


def _milliseconds(word):
    return None if 0 <= decimal(word) <= 1000 else ("usage.value", {"option": "delay", "value": word})


def _mode(word):
    return None if word in ("rw", "ro") else ("usage.value", {"option": "mode", "value": word})


def _width(word):
    number = decimal(word)
    good = 0 < number < 10**10 and number & (number - 1) == 0
    return None if good else ("attribute.value", {"attribute": "width", "value": word})


def _scope(word):
    return next((wrong for name in word.split(":") if (wrong := _name(name))), None)


def _iotimeout(word):
    """mode[:time[:panic]]: on or off, 1 to 9999 seconds (limits ours), on or off."""
    parts = word.split(":")
    good = len(parts) < 4 and all(part in ON_OFF for part in parts[::2])
    if good and len(parts) > 1:
        good = 0 < decimal(parts[1]) < 10_000
    return None if good else ("attribute.value", {"attribute": "iotimeout", "value": word})


KINDS = {
    "width": _width,
    "scope": _scope,
    "iotimeout": _iotimeout,
    **dict.fromkeys(("class", "classname", "group", "hgroup", "lgroup", "disk", "volume", "mvol", "pvol"), _name),
    **dict.fromkeys(("proxy", "master", "device", "newdevice", "node"), _name),
    "object": _object,
    "slice": _slice,
    "size": _size,
    "num": _choice("num", tuple("01234567")),
    "jrm": _choice("jrm", ON_OFF),
    "pslice": _choice("pslice", ON_OFF),
    "type": _choice("type", DISK_TYPES),
    "msec": _milliseconds,
    "val": _mode,
    **dict.fromkeys(("infile", "outfile", "param", "NoRdchk"), _anything),
}

# -- matching what was typed --------------------------------------------------------------------------------------


def _split(words, arity, plans):
    """Unix getopt: [(letter, value or None)]; refuses what no form of `plans` knows."""
    found, at = [], 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--" or not word.startswith("-") or word == "-":
            if word != "--" or at < len(words):
                raise Refusal("usage.syntax", _meant(plans, dict(found)))
            break
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter not in arity:
                raise Refusal("usage.option", _meant(plans, dict(found)), option="-" + letter)
            if not arity[letter]:
                found.append((letter, None))
                continue
            if not letters:
                if at == len(words):
                    raise Refusal("usage.argument", _meant(plans, dict(found)), option="-" + letter)
                letters, at = words[at], at + 1
            found.append((letter, letters))
            letters = ""
    return found


def _meant(plans, letters):
    """The forms whose flags are among the letters typed, when these are the same flags; else all of them."""
    flagged = [(form, plan) for form, plan in plans if plan.flags and set(plan.flags) <= letters.keys()]
    if len({plan.flags for _, plan in flagged}) == 1 and not flagged[0][1].cluster:
        return [form for form, _ in flagged]
    return [form for form, _ in plans]


def _check(kind, word, forms):
    if not word:
        raise Refusal("usage.syntax", forms)
    note_id_and_fields = KINDS[kind](word)
    if note_id_and_fields:
        note_id, fields = note_id_and_fields
        raise Refusal(note_id, forms if note_id.startswith("usage.") else (), **fields)
    return word


def _keywords(printed, value, forms):
    known, exclusive, needed = keywords(printed)
    chosen = {}
    for item in value.split(","):
        name, equals, given = item.partition("=")
        if name not in known or (known[name] is None) == bool(equals):
            raise Refusal("usage.option" if item else "usage.syntax", forms, option=item or "-e")
        if name in chosen and chosen[name] != (given if equals else True):
            raise Refusal("usage.syntax", forms)
        if equals:
            for part in given.split(":") if ":" in known[name] else [given]:
                _check(known[name].partition(":")[0], part, forms)
        chosen[name] = given if equals else True
    if (needed and needed not in chosen) or any(len(ways & chosen.keys()) > 1 for ways in exclusive):
        raise Refusal("usage.syntax", forms)
    return chosen


def _attributes(form, printed, value, forms):
    table = ATTRIBUTES[ATTRIBUTES_OF[form.id]]
    items = value.split(",")
    if len(items) > 1 and "," not in printed:
        raise Refusal("usage.syntax", forms)
    chosen = {}
    for item in items:
        name, equals, given = item.partition("=")
        if not name or not equals or not given or name in chosen:
            raise Refusal("usage.syntax", forms)
        if name not in table:
            raise Refusal("attribute.name", attribute=name)
        values = table[name][0]
        if isinstance(values, str):
            _check(values, given, forms)
        elif given not in values:
            raise Refusal("attribute.value", attribute=name, value=given)
        chosen[name] = given
    return chosen


def _pairs(printed, value, forms):
    """`left=right[:more...]` items as [(left, [right, more...])], each part checked by its printed name."""
    first = printed.replace("[,", ",").partition(",")[0]
    left_kind, _, rest = first.partition("=")
    kinds = rest.replace("[", "").replace("]", "").split(":")
    needed = len(rest.partition("[")[0].split(":"))
    items = value.split(",")
    if len(items) > 1 and "," not in printed:
        raise Refusal("usage.syntax", forms)
    found = []
    for item in items:
        left, equals, right = item.partition("=")
        parts = right.split(":")
        if not equals or not needed <= len(parts) <= len(kinds):
            raise Refusal("usage.syntax", forms)
        _check(left_kind, left, forms)
        if left_kind not in ("param",):
            for kind, part in zip(kinds, parts, strict=False):
                _check(kind, part, forms)
        found.append((left, parts))
    return found


def _argument(form, letter, printed, value, forms):
    """(key, value) of one option: checked, and split where the synopsis prints a list."""
    if not value:
        raise Refusal("usage.syntax", forms)
    if letter in "ex":
        return letter, _keywords(printed, value, forms)
    if printed.startswith("attribute="):
        return letter, _attributes(form, printed, value, forms)
    if "=" in printed:
        return letter, _pairs(printed, value, forms)
    kind = printed.partition(",")[0].partition("[")[0]
    if "," in printed:
        names = [_check(kind, word, forms) for word in value.split(",")]
        return kind, list(dict.fromkeys(names))
    return kind, _check(kind, value, forms)


def _fits(plan, given):
    """True when the letters typed can be this form's."""
    letters = plan.letters
    if not given.keys() <= letters.keys() or not all(flag in given for flag in plan.flags):
        return False
    if not all(letter in given for letter, (_, required) in plan.options.items() if required):
        return False
    for ways in plan.choices:
        among = frozenset().union(*ways) & given.keys()
        if among not in ways:
            return False
    needed = keywords(plan.options["e"][0])[2] if "e" in plan.options else None
    return needed is None or needed in given["e"].split(",")


def match(command, words):
    """(Form, arguments) for what was typed behind a command's name.

    Arguments: each value under the word that the synopsis prints for it (`class`, `volume`), lists
    as lists without repeats, `-e` and `-a` under their letters, flags of a cluster under `letters`.
    Raises Refusal: with synopses when the typing is wrong, without when a value is.
    """
    forms = forms_of(command)
    plans = [(form, shape(form.synopsis)) for form in forms]
    if any(plan.word for _, plan in plans):
        if not words or not words[0]:
            raise Refusal("usage.syntax", forms)
        chosen = [(form, plan) for form, plan in plans if plan.word == words[0]]
        if not chosen:
            raise Refusal("usage.option", forms, option=words[0])
        words, plans = words[1:], chosen
        forms = [form for form, _ in plans]
    arity = {letter: takes for _, plan in plans for letter, takes in plan.letters.items()}
    typed = _split(words, arity, plans)
    given = dict(typed)
    forms = _meant(plans, given)
    valued = [letter for letter, value in typed if value is not None]
    if len(valued) > len(set(valued)):
        raise Refusal("usage.syntax", forms)  # an option twice: nothing says which one counts
    for form, plan in plans:
        if _fits(plan, given):  # at most one does: tests/words says so
            return form, _arguments(form, plan, given, forms)
    raise Refusal("usage.syntax", forms)


def _arguments(form, plan, given, forms):
    arguments = {"letters": "".join(letter for letter in plan.cluster if letter in given)}
    for letter, (printed, _) in plan.options.items():
        if letter in given:
            key, value = _argument(form, letter, printed, given[letter], forms)
            arguments[key] = value
    return arguments
