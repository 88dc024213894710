"""A whole command without processes: settle -> match -> judge. Pure; `entry` is its process.

The runner, the console, the tests and every process call `execute`; there is no other way to do
anything to a lab.
"""

from .commands import OF_SHELLS, OPENBOOT, STANDINS, at_ok, hung_on, standin, view
from .model.outcome import Hang, Outcome, Wait
from .model.queries import ends, find_volume, halted, the_node
from .model.status import FROZEN, VALID
from .rules.copying import consequences, settle
from .words import render
from .words.notes import Note, Refusal
from .words.syntax import COMMANDS, READS


def execute(lab, argv, now, node_name=None, read=None, shell=None):
    """Outcome of the command `argv` (argv[0] its name) on `lab` at virtual time `now` (ms).

    The outcome's lab is the very object given when nothing is to be kept. A wait is over at once on
    a frozen clock, which moves to the end of the copies; on a running one it is the caller's. `read(path)`
    gives the text of a file that the command names (None: standard input) or raises OSError; what is to
    be written is in the outcome. `shell`: the Shell it was typed in, if any.
    """
    command, words = argv[0], argv[1:]
    settled = settle(lab, now)
    if node_name and node_name not in settled.nodes:
        return _spoken(lab, command, Note("lab.no_node", {"node": node_name, "nodes": ", ".join(settled.nodes)}))
    node = the_node(settled, node_name)
    if halted(node) or (command in OPENBOOT and command not in STANDINS):
        return _at_ok(lab, settled, node, argv, now)
    point = None
    if any(m.lock for m in node.mounts):
        point = hung_on(node, command, words, command in COMMANDS, shell.directory if shell else "/")
    if point:
        return _spoken(lab, command, Note("lab.hangs", {"point": point}))._replace(waits=Hang(point))
    if command in STANDINS:
        more = (shell,) if shell and command in OF_SHELLS else ()
        outcome = standin(command)(settled, node, words, now, *more)
        if outcome.lab is settled:
            return outcome._replace(lab=lab)
        return outcome._replace(lab=consequences(outcome.lab, now))
    try:
        outcome = _sdx(settled, node, command, words, now, read)
    except Refusal as refused:
        err, status = render.refusal(command, refused)
        return Outcome(lab, "", err, status)
    return outcome._replace(lab=lab) if outcome.lab is settled else outcome


def _at_ok(lab, settled, node, argv, now):
    """The Outcome of a word of the ok prompt; at it other commands are refused, and its words elsewhere."""
    if not halted(node):
        return _spoken(lab, argv[0], Note("lab.not_at_ok", {}))
    if argv[0] not in OPENBOOT:
        return _spoken(lab, argv[0], Note("lab.halted", {"node": node.name}))
    outcome = at_ok()(settled, node, argv, now)
    changed = outcome.lab is not settled
    return outcome._replace(lab=consequences(outcome.lab, now) if changed else lab)


def _spoken(lab, command, note):
    """The simulator's own refusal: stand-ins say it in the form of their kind."""
    if command in STANDINS or command in OPENBOOT:
        text = render.line(command, note).partition(": ERROR: ")[2]
        return Outcome(lab, "", f"{command}: {text}", render.STATUS_ERROR)
    return Outcome(lab, "", render.line(command, note), render.STATUS_ERROR)


def _sdx(lab, node, command, words, now, read):
    from .words.grammar import match

    form, args = match(command, words)
    if form.trait == READS:
        return view(form.id)(lab, node, args, now)
    from .rules.engine import Asked, judge
    from .rules.table import rule_of

    rule, klass = rule_of(form.id), lab.classes.get(args.get("class"))
    if "class" in args and not rule.makes_class:
        # shadow objects are outside all commands but sdxinfo and their own, which know no others
        shadow = command.startswith("sdxshadow")
        if klass is None or node.name not in klass.scope or klass.shadow != shadow:
            raise Refusal("class.unknown", **{"class": args["class"]})
    judged = judge(rule, Asked(lab, klass, node, form.id, args, now, read))
    if judged.lab is not lab:
        judged = judged._replace(lab=consequences(judged.lab, now))
    out, err = render.said(command, judged.notes)
    outcome = Outcome(judged.lab, out, err, render.STATUS_OK)
    if judged.text is not None and "outfile" in args:
        outcome = outcome._replace(written=((args["outfile"], judged.text, "update" in args.get("e", {})),))
    elif judged.text is not None:
        outcome = outcome._replace(stdout=judged.text + out)
    if not judged.waits:
        return outcome
    wait = Wait(command, node.name, klass.name, judged.waits)
    if judged.lab.clock.mode != FROZEN:
        return outcome._replace(waits=wait)
    end = max((ends(c) for c in _awaited(judged.lab, wait)), default=now)
    moved = settle(judged.lab._replace(clock=judged.lab.clock._replace(virtual=end)), end)
    more, worse, status = returned(moved, wait, end)
    return outcome._replace(lab=moved, stdout=out + more, stderr=err + worse, status=status)


def unwritten(outcome, command, path, reason):
    """The outcome when a file in it could not be written; `reason` None: it exists and must not be replaced."""
    note = Note("file.unwritable", {"file": path, "reason": reason})
    note = Note("file.exists", {"file": path}) if reason is None else note
    return outcome._replace(stdout="", stderr=render.line(command, note), status=render.STATUS_ERROR, written=())


def _awaited(lab, wait):
    meant = {(volume, member) for slices in wait.objects.values() for volume, members in slices for member in members}
    return [c for c in lab.copies if c.klass == wait.klass and any((c.volume, m) in meant for m in c.members)]


def returned(lab, wait, now):
    """(stdout, stderr, status) with which a waiting command returns at `now`, or None while it waits on.

    A copy that was cancelled, or whose node went down, is not one that completed.
    """
    lab = settle(lab, now)
    node = the_node(lab, wait.node)
    if halted(node):
        return "", render.line(wait.command, Note("lab.halted", {"node": node.name})), render.STATUS_ERROR
    if _awaited(lab, wait):
        return None
    notes = []
    for name, slices in wait.objects.items():
        whole = all(_is_copied(find_volume(lab, wait.klass, volume), members) for volume, members in slices)
        notes.append(Note("copy.completed" if whole else "copy.cancelled", {"object": name}))
    out, err = render.said(wait.command, notes)
    return out, err, render.STATUS_ERROR if err else render.STATUS_OK


def _is_copied(volume, members):
    left = {s.member: s.status for s in volume.slices} if volume else {}
    return all(left.get(member) in VALID for member in members)
