"""A whole command without processes: settle -> match -> judge. Pure; `entry` is its process.

The runner, the console, the tests and every process call `execute`; there is no other way to do
anything to a lab.
"""

from .commands import STANDINS, standin
from .model.outcome import Outcome, Wait
from .model.queries import ends, halted, the_node
from .model.status import FROZEN
from .rules.copying import settle
from .words import render
from .words.notes import Note, Refusal
from .words.syntax import LATER, READS


def execute(lab, argv, now, node_name=None):
    """Outcome of the command `argv` (argv[0] its name) on `lab` at virtual time `now` (ms).

    The outcome's lab is the very object given when nothing is to be kept. A wait is over at once on
    a frozen clock, which moves to the end of the copies; on a running one it is the caller's.
    """
    command, words = argv[0], argv[1:]
    settled = settle(lab, now)
    node = the_node(settled, node_name)
    if halted(node) and command != "boot":
        return _halted(lab, command, node)
    if command in STANDINS:
        outcome = standin(command)(settled, node, words, now)
        return outcome._replace(lab=lab) if outcome.lab is settled else outcome
    try:
        outcome = _sdx(settled, node, command, words, now)
    except Refusal as refused:
        err, status = render.refusal(command, refused)
        return Outcome(lab, "", err, status)
    return outcome._replace(lab=lab) if outcome.lab is settled else outcome


def _halted(lab, command, node):
    note = Note("lab.halted", {"node": node.name})
    if command in STANDINS:
        text = render.line(command, note).partition(": ERROR: ")[2]
        return Outcome(lab, "", f"{command}: {text}", render.STATUS_ERROR)
    return Outcome(lab, "", render.line(command, note), render.STATUS_ERROR)


def _sdx(lab, node, command, words, now):
    from .words.grammar import match

    form, args = match(command, words)
    if form.trait == LATER:
        name = form.synopsis.split()[:2]
        raise Refusal("lab.not_simulated", form=" ".join(name))
    if form.trait == READS:
        from .commands.info import show

        return show(lab, node, args, now)
    from .rules.engine import Asked, judge
    from .rules.table import rule_of

    klass = lab.classes.get(args["class"])
    if klass is None or node.name not in klass.scope:
        raise Refusal("class.unknown", **{"class": args["class"]})
    judged = judge(rule_of(form.id), Asked(lab, klass, node, form.id, args, now))
    out, err = render.said(command, judged.notes)
    outcome = Outcome(judged.lab, out, err, render.STATUS_OK)
    if not judged.waits:
        return outcome
    done = render.said(command, [Note("copy.completed", {"object": name}) for name in judged.waits])[0]
    volumes = _volumes_of(judged.lab, klass.name, judged.waits)
    if judged.lab.clock.mode != FROZEN:
        return outcome._replace(waits=Wait(klass.name, volumes, done))
    copies = [c for c in judged.lab.copies if c.klass == klass.name and c.volume in volumes]
    end = max((ends(c) for c in copies), default=now)
    moved = judged.lab._replace(clock=judged.lab.clock._replace(virtual=end))
    return outcome._replace(lab=settle(moved, end), stdout=out + done)


def _volumes_of(lab, class_name, names):
    klass = lab.classes[class_name]
    relations = [r for r in klass.relations if r.proxy in names]
    return tuple(p.proxy for r in relations for p in r.pairs)
