"""docs/states.md: every operation in every state of what it acts on, by running the rules.

What related objects allow besides is printed from its table. `python -m sdxsim.lab.documents --write`
writes all of it.
"""

import shlex

from ...model import clock
from ...rules.copying import settle
from ...rules.related import CELLS
from ...words.messages import MESSAGES
from ...words.syntax import FORMS
from ..runbook.stage import InMemory
from ..scenarios import load
from .cells import MATRICES


class Told(Exception):
    """A step towards a state was refused."""


def _stage(lab, files):
    stage = InMemory(lab)
    stage.files = dict(files)
    return stage


def reached(scenario, state):
    """(stage, node) after the state's steps; a step `@NODE` has those behind it typed there. Raises Told."""
    lab = load(scenario)
    stage, node = _stage(lab._replace(clock=clock.freeze(lab.clock, lab.clock.wall)), {}), None
    for step in state.steps:
        if step.startswith("@"):
            node = step[1:]
            continue
        outcome = stage.execute(shlex.split(step), node)
        if outcome.status:
            raise Told(f"{state.name}: {step}: {outcome.stderr}")
    lab = stage.lab
    lab = lab._replace(clock=clock.advance(lab.clock, state.later, lab.clock.wall))
    return _stage(settle(lab, lab.clock.virtual), stage.files), node


# -- what is to be told -------------------------------------------------------------------------------------------


def facts(lab, matrix):
    """{what: how it is} of all that a matrix watches, in words."""
    klass = next((lab.classes[name] for name in (matrix.klass, *matrix.watched) if name in lab.classes), None)
    found = {f"node {node.name}": node.power for node in lab.nodes.values()}
    if klass is None:
        return found
    closed = [node for node in klass.scope if node in klass.closed]
    marks = [f"closed on {', '.join(closed)}"] if closed else []
    marks += [] if klass.hs else ["without hot spares"]
    found[f"class {klass.name}"] = " ".join([klass.type, ":".join(klass.scope), *marks])

    def watched(name):
        return not matrix.watched or name in matrix.watched

    for disk in klass.disks.values():
        if watched(disk.name):
            where = f"in {disk.group}" if disk.group else ""
            error = "I/O error" if disk.error else ""
            kind = klass.groups[disk.group].type if disk.group else disk.type
            found[f"disk {disk.name}"] = " ".join(w for w in (kind, disk.status, error, where) if w)
    for group in klass.groups.values():
        if watched(group.name):
            active = f", {group.actdisk} active" if group.actdisk else ""
            found[f"group {group.name}"] = f"{group.type} of {', '.join(group.members)}{active}"
    for relation in klass.relations:
        if watched(relation.proxy):
            found[f"proxy {relation.proxy}"] = f"{relation.state}, master {relation.master}"
    for volume in klass.volumes.values():
        if watched(volume.name):
            found |= _volume_facts(lab, klass, volume)
    return found


def _volume_facts(lab, klass, volume):
    on = [node for node in klass.scope if node in volume.started]
    status = "INVALID" if not volume.valid else "ACTIVE" if on else "STOP"
    if len(klass.scope) > 1 and on and volume.valid:
        status += f" on {', '.join(on)}"
    marks = [word for word, there in (("locked", volume.lock), ("no JRM", not volume.jrm)) if there]
    found = {f"volume {volume.name}": ", ".join([f"{status} {volume.mode}", f"{volume.blocks} blocks", *marks])}
    found[f"slices of {volume.name}"] = ", ".join(f"{s.member} {s.status}" for s in volume.slices)
    for copy in lab.copies:
        if (copy.klass, copy.volume) == (klass.name, volume.name):
            held = " interrupted" if copy.interrupted else ""
            pause = f", delay {copy.delay} ms" if copy.delay else ""
            found[f"copy onto {volume.name}"] = f"{copy.engine}, {copy.blocks} blocks of {copy.source}{pause}{held}"
    return found


def cell(stage, node, operation, matrix):
    """What the operation comes to: what is otherwise after it, "no change", or the refusal."""
    before = stage.lab
    outcome = stage.execute(shlex.split(operation), node)
    if outcome.status:
        said = (outcome.stderr or outcome.stdout).splitlines()[0]
        return f"refused ({outcome.status}): `{said}`"
    if stage.lab is before:
        return "no change"
    old, new = facts(before, matrix), facts(stage.lab, matrix)
    told = [f"{what}: {how}" for what, how in new.items() if old.get(what) != how]
    told += [f"{what}: none" for what in old if what not in new]
    return "; ".join(told) or "nothing of this changes"


def _tables():
    for matrix in MATRICES:
        yield from ("", f"## {matrix.heading}", "", matrix.about)
        for state in matrix.states:
            stage, node = reached(matrix.scenario, state)
            yield from ("", f"### {state.name}", "")
            yield "Now: " + "; ".join(f"{what}: {how}" for what, how in facts(stage.lab, matrix).items()) + "."
            yield from ("", "| operation | comes to |", "| --- | --- |")
            for operation in matrix.operations:
                yield f"| `{operation}` | {cell(_stage(stage.lab, stage.files), node, operation, matrix)} |"


def _related():
    """The table of `rules.related`, as it stands."""
    forms = {form.id: form for form in FORMS}
    yield from ("", "## What masters, proxies and what they lie on allow", "")
    yield from ("| form | on | refused with | evidence |", "| --- | --- | --- | --- |")
    for row in CELLS:
        head = " ".join(word for word in forms[row.form].synopsis.split()[:2] if not word.startswith("["))
        refusals = ", ".join(f"`{MESSAGES[guard.note_id][1]}`" for guard in row.guards) or "nothing: allowed"
        yield f"| `{head}` | {row.what} | {refusals} | {row.evidence} |"


def document():
    """docs/states.md."""
    lines = [
        "# States and operations",
        "",
        "Generated by running the rules over every cell: `python -m sdxsim.lab.documents --write`.",
        *_tables(),
        *_related(),
    ]
    return "\n".join(lines) + "\n"
