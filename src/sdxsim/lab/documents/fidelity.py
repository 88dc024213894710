"""docs/fidelity.md: where everything a user sees comes from, counted and listed from the declarations."""

from ...rules.table import all_rules
from ...words import solaris
from ...words.attributes import ATTRIBUTES
from ...words.messages import MESSAGES
from ...words.parameters import PARAMETERS
from ...words.syntax import EVIDENCE, FORMS
from ...words.views import TABLES

MARKS = ("seen", "recalled", "ours")


def catalogue():
    """{kind of thing: [(name, what users see or meet, evidence)]}."""
    rules = all_rules()
    return {
        "GDS messages": [(i, m[1].split("\n")[0], m[2]) for i, m in MESSAGES.items()],
        "Solaris texts": [(i, t[0].split("\n")[0], t[1]) for i, t in solaris.TEXTS.items()],
        "sdxinfo columns": [(f"{k}.{c[0]}", f"width {c[1]}", c[4]) for k, cs in TABLES.items() for c in cs],
        "attributes": [(f"{k} {n}", str(a[0]), a[1]) for k, row in ATTRIBUTES.items() for n, a in row.items()],
        "parameters": [(n, f"{least} to {most}, {usual}", e) for n, (usual, least, most, e) in PARAMETERS.items()],
        "synopses": [(command, f"{_forms(command)} forms", evidence) for command, evidence in EVIDENCE.items()],
        "rule cells": [
            (f"{form}: {_name(function)}", getattr(function, "note_id", "effect"), evidence)
            for form, rule in rules.items()
            for function, evidence in (*rule.guards, rule.effect)
        ],
    }


def _forms(command):
    return sum(form.synopsis.split()[0] == command for form in FORMS)


def _name(function):
    return function.__name__.replace("_", " ")


def mark(evidence):
    """seen, recalled or ours."""
    return evidence.partition(":")[0]


def partly(evidence):
    """True when a part of it is less than the mark says: recalled, inferred or ours behind what is seen."""
    words = WEAKER.get(mark(evidence), ())
    return any(word in evidence for word in words)


WEAKER = {"seen": ("recalled", "ours", "inferred"), "recalled": ("ours", "inferred")}


def counts():
    """{kind: {mark: (number, how many of them in part)}}."""
    found = {}
    for kind, entries in catalogue().items():
        marked = {m: [evidence for _, _, evidence in entries if mark(evidence) == m] for m in MARKS}
        found[kind] = {m: (len(them), sum(map(partly, them))) for m, them in marked.items()}
    return found


def _told(number, in_part):
    return f"{number} ({in_part} in part)" if in_part else str(number)


def _cell(text):
    return text.replace("|", "\\|").replace("\n", " ").strip() or " "


def document():
    """docs/fidelity.md."""
    lines = [
        "# Fidelity",
        "",
        "What users see and meet, and where it comes from. Generated from the declarations:",
        "`python -m sdxsim.lab.documents --write`.",
        "",
        "* **seen**: a source shows it (the entry names the page).",
        "* **recalled**: known from experience with the product, not sourced; a number is confidence in per cent.",
        "* **ours**: coined here in the house style. Not the vendor's wording.",
        "* **in part**: the rest of the entry says what of it is less well known, recalled, inferred or ours.",
        "",
        "| | seen | recalled | ours |",
        "| --- | --: | --: | --: |",
    ]
    lines += [f"| {kind} | {' | '.join(_told(*c[m]) for m in MARKS)} |" for kind, c in counts().items()]
    lines += ["", f"All {len(FORMS)} command forms, those that are ours too, are simulated."]
    for kind, entries in catalogue().items():
        lines += ["", f"## {kind}", "", "| id | what | evidence |", "| --- | --- | --- |"]
        lines += [f"| {_cell(name)} | `{_cell(what)}` | {_cell(evidence)} |" for name, what, evidence in entries]
    return "\n".join(lines) + "\n"
