"""`sdxsim`: the verbs of the lab tool and their options. The only importer of typer.

What a verb does is in the module of its subject; here it is only asked for, printed and made an exit
status: 0, 1 when it did not work, 2 when it was not asked rightly, 3 when a change was made but its
durability or its report is in doubt, 130 after Ctrl-C.
"""

import os
import resource
import signal
import sys
from typing import Annotated

from .. import __version__
from ..live import tree
from ..model.status import FROZEN
from ..rules.copying import settle
from ..store.ground import caution
from ..store.place import place
from ..store.snapshots import listed
from ..store.trouble import Trouble, Uncertain
from . import (
    back,
    clockwork,
    completion,
    environment,
    labour,
    log,
    mishap,
    overview,
    scenarios,
    session,
    snapshot,
    usage,
    waiting,
)  # fmt: skip
from .complaint import FAILURE, INTERRUPTED, MISUSE, UNCERTAIN, Complaint, Misuse, shown
from .live import Live, bar
from .runbook import report, rewrite, runner, shelf, venue

try:
    import typer
except ImportError:  # the launchers start Python with -S: no site-packages until asked for
    import site

    site.main()
    import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]},
                  help="Make and lead labs of simulated Global Disk Services.",
                  epilog="'sdxsim init' makes a lab, 'sdxsim shell' enters it; 'sdxsim help COMMAND' tells more.",
                  )  # fmt: skip
clock = typer.Typer(rich_markup_mode=None, help="Virtual time: show it, stop it, move it.")
app.add_typer(clock, name="clock")
history = typer.Typer(rich_markup_mode=None, help="Earlier states of the lab: list them, go back to one.")
app.add_typer(history, name="history")
snapshots = typer.Typer(rich_markup_mode=None, help="Named states of the lab, kept until deleted.")
app.add_typer(snapshots, name="snapshot")


class _Verb(usage.Help, typer.core.TyperCommand):
    pass


_UsageError = typer.BadParameter.__mro__[1]  # typer does not export it, and has moved it more than once


def main(argv):
    """Runs `sdxsim ARGV`; returns the exit status."""
    for fd, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:  # Python found it closed; entry has opened something there
            setattr(sys, name, os.fdopen(fd, "w", closefd=False))
        getattr(sys, name).reconfigure(errors="backslashreplace")
    try:
        status = _asked(argv)
        sys.stdout.flush()
    except OSError as fault:
        _lose(1)
        if not isinstance(fault, BrokenPipeError):  # whoever read has had enough, no need to tell
            _tell(f"cannot write: {fault.strerror}")
        return FAILURE
    return status


def _asked(argv):
    try:
        return app(usage.asked(argv), prog_name="sdxsim", standalone_mode=False) or 0
    except Complaint as complaint:
        return _complained(complaint)
    except Trouble as trouble:
        return _complained(Complaint(str(trouble)))
    except Uncertain as doubt:
        return _complained(Complaint(str(doubt), status=UNCERTAIN))
    except _UsageError as error:
        sentence = error.format_message().strip().rstrip(".").split("\n")[0]
        about = error.ctx.command_path if error.ctx else "sdxsim"
        return _complained(Misuse(sentence[:1].lower() + sentence[1:], hint=f"'{about} --help' tells more"))
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as fault:
        if fault.filename is None:
            raise  # of the output, see main
        return _complained(Complaint(f"{os.fsdecode(fault.filename)}: {fault.strerror}"))
    except Exception as bug:
        if sys.flags.dev_mode:
            raise
        problem = f"{type(bug).__name__}: {bug}"
        return _complained(Complaint(f"this is a fault of sdxsim itself: {problem}", hint="python -X dev shows where"))


def _complained(complaint):
    sys.stdout.flush()
    _err(complaint.text())
    return complaint.status


def _say(text):
    sys.stdout.write(text)


def _report(text):
    """Says what was changed; that it cannot be said does not undo it."""
    try:
        _say(text)
        sys.stdout.flush()
    except OSError as fault:
        _lose(1)
        raise Complaint(f"the change was made, but not reported: {fault.strerror}", status=UNCERTAIN) from fault


def _lose(fd):
    os.dup2(os.open(os.devnull, os.O_WRONLY), fd)  # or Python tries once more when it ends


def _tell(sentence):
    _err(f"sdxsim: {shown(sentence)}\n")


def _err(text):
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _lose(2)  # the exit status is all that is left


def _lab():
    """The place of the lab; says so if it is no good one."""
    path = place(os.environ)
    if warning := caution(path):
        _tell(f"warning: {warning}")
    return path


def _version(asked: bool):
    if asked:
        _say(f"sdxsim {__version__}\n")
        raise typer.Exit()


@app.callback()
def _sdxsim(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
):
    pass


# -- a lab -----------------------------------------------------------------------------------------------------------


_SCENARIO = f"A scenario's name, or the path of one; {venue.USUAL} if none is named."


@app.command(cls=_Verb)
def init(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help=_SCENARIO)] = venue.USUAL,
    force: Annotated[bool, typer.Option("--force", help="Replace the lab that is there.")] = False,
    images: Annotated[bool, typer.Option("--real-images", help="Keep ext2 images behind the volumes.")] = False,
):
    """Make a lab from a scenario.

    It is made at $SDXSIM_STATE, else at state/lab of the checkout, else in the XDG state directory.
    """
    session.at_present()
    path = _lab()
    argv = ["sdxsim", "init", scenario, *(["--force"] if force else []), *(["--real-images"] if images else [])]
    venue.made(path, scenario, argv, force, images)
    _report(f"lab '{shown(scenario)}' at {shown(path)}\n")


@app.command(cls=_Verb, name="scenarios")
def _scenarios():
    """List what a lab can be made from."""
    found = scenarios.names()
    width = max((len(name) for name, _ in found), default=0)
    _say("".join(f"{name:{width}}  {about}\n" for name, about in found))


_Node = Annotated[str | None, typer.Option(metavar="NODE", envvar="SDXSIM_NODE", help="The node, not the lab's first.")]


@app.command(cls=_Verb)
def status(json: Annotated[bool, typer.Option("--json", help="For programs.")] = False, node: _Node = None):
    """Show node, clock, classes, copies and mounts."""
    lab, now = session.seen(_lab())
    _say((overview.as_json if json else overview.as_text)(settle(lab, now), now, node))


@app.command(cls=_Verb)
def env(node: _Node = None):
    """Print sh code for eval "$(sdxsim env)".

    It exports SDXSIM_STATE, with --node SDXSIM_NODE too, and puts the lab's commands first on PATH: the sdx
    commands, and those of the simulated Solaris: fsck, mount, chgrp, shutdown, boot and others.
    """
    path = _entered(node)
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(environment.code(path, node)))  # the path's own bytes, whatever the locale


def _entered(node):
    """The path of the lab, with its commands in place and that node in it. Raises Misuse."""
    path = _lab()
    overview.known_node(session.seen(path)[0], node)
    environment.refresh(path)
    return path


@app.command(cls=_Verb)
def shell(
    commands: Annotated[str | None, typer.Option("-c", metavar="COMMANDS", help="Run them.")] = None,
    node: _Node = None,
    prefix: Annotated[bool, typer.Option("--prefix", help="Leave the host's paths alone.")] = False,
):
    """Start a shell with the lab's commands and the node's files.

    They stand at their paths: /etc/vfstab, /mnt, /dev/sfdsk. Where the host does not allow that, and with --prefix,
    they are in $SDXSIM_ROOT only.
    """
    path = _entered(node)
    if commands is None:
        _tell(f"a shell in the lab at {path}, 'exit' leaves it")
    if session.at() or not os.access(path, os.W_OK):  # nothing can be edited
        why = "SDXSIM_AT is set" if session.at() else "nothing can be written in the lab"
        _tell(f"paths are the host's here, and no files of the node are shown ({why})")
        environment.enter(path, os.environ, commands, node)
    name = node or next(iter(session.seen(path)[0].nodes))
    sys.stdout.flush()
    status = os.waitstatus_to_exitcode(environment.live(path, dict(os.environ), _tell, name, commands, node, prefix))
    if status < 0:
        _end_as(-status)
    raise typer.Exit(status)


def _end_as(number):
    """Ends by that signal, as what was waited for."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(number, signal.SIG_DFL) if number not in (signal.SIGKILL, signal.SIGSTOP) else None
    os.kill(os.getpid(), number)


@app.command(cls=_Verb, name="live")
def _live(
    end: Annotated[bool, typer.Option("--end", help="Take the directory away again.")] = False,
    node: _Node = None,
):
    """Print where a node's files can be edited.

    The directory shows what is mounted on the node as ordinary files; it is made if it is not there. Each
    command of the lab first takes over what was edited.
    """
    session.at_present()
    path = _lab()
    lab, _ = session.seen(path)
    overview.known_node(lab, node)
    for sentence in tree.end(path) if end else tree.make(path):
        _tell(sentence)
    if not end:
        _report(f"{shown(tree.directory(path, node or next(iter(lab.nodes))))}\n")


@app.command(cls=_Verb)
def console(node: _Node = None):
    """Sit at the console of a node.

    A root shell with the prompt '# ', from shutdown on the 'ok ' prompt, where 'boot' brings it up again. 'exit'
    or Ctrl-D ends it, at the ok prompt Ctrl-D.
    """
    session.at_present()
    path = _entered(node)
    from .console import run as sit

    sys.stderr.flush()
    raise typer.Exit(sit(path, os.environ, _tell, node))


@app.command(cls=_Verb, name="completion")
def _completion(shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", help="Which shell.")]):
    """Print a shell's completion script.

    For bash: eval "$(sdxsim completion bash)"
    """
    if shell not in completion.VERBS["completion"]:
        raise Misuse(f"no completion for '{shown(shell)}'", hint="there is bash, zsh and fish")
    _say(completion.script(shell))


# -- time ------------------------------------------------------------------------------------------------------------


def _turn(verb, *arguments):
    def change(lab, now, wall):
        changed = clockwork.turned(lab, verb, list(arguments), now, wall)
        then = now if changed is lab else changed.clock.virtual
        say = _say if changed is lab else _report
        return changed, (say, clockwork.line(changed.clock, then)), 0

    (say, line), _ = session.changed(_lab(), ["sdxsim", "clock", verb, *arguments], change)
    say(line)


@clock.command(cls=_Verb)
def show():
    """Show virtual time, and whether it goes on."""
    _turn("show")


@clock.command(cls=_Verb)
def freeze():
    """Stop virtual time."""
    _turn("freeze")


@clock.command(cls=_Verb)
def resume():
    """Let virtual time go on from where it is."""
    _turn("resume")


@clock.command(cls=_Verb)
def speed(x: Annotated[str, typer.Argument(metavar="X", help="A whole number.")]):
    """Let X seconds of virtual time go by in one of the host's."""
    _turn("speed", x)


@clock.command(cls=_Verb)
def advance(duration: Annotated[str, typer.Argument(metavar="DURATION", help="Such as 90s, 10m, 1h30m.")]):
    """Move virtual time ahead."""
    _turn("advance", duration)


@app.command(cls=_Verb)
def wait(
    timeout: Annotated[str | None, typer.Option(metavar="DURATION", help="In virtual time.")] = None,
):
    """Wait until nothing copies.

    A frozen clock is moved there. It is a failure when the timeout is over before, or when copies
    stand still because the node is halted.
    """
    session.at_present()
    path, most = _lab(), clockwork.duration(timeout) if timeout is not None else None
    argv = ["sdxsim", "wait", *(["--timeout", timeout] if timeout is not None else [])]
    while True:
        lab, _ = session.seen(path)
        done = None if lab.clock.mode == FROZEN else _watched(path, most)
        done = done or _moved(path, argv, most)
        if done:
            break
    say, said, status = done
    say(said)
    raise typer.Exit(status)


def _moved(path, argv, most):
    """(how to say it, sentence, status) after waiting on a frozen clock; None if it runs by now."""

    def change(lab, now, wall):
        if lab.clock.mode != FROZEN:
            return lab, None, 0
        waited, said, status = waiting.waited(lab, now, wall, most)
        return waited, (_say if waited is lab else _report, said), status

    answer, status = session.changed(path, argv, change)
    return answer and (*answer, status)


def _watched(path, most):
    live, announced = Live(sys.stderr), []

    def show(done, now, end, copies):
        what = f"{copies} {'copy' if copies == 1 else 'copies'}"
        if live.there:
            live.show(f"{bar(done)}  {what}, {clockwork.spoken((end - now) // 1000 * 1000)} left")
        elif not announced:
            announced.append(True)
            _tell(f"waiting for {what} until {clockwork.shown_time(end)}")

    try:
        watched = waiting.watched(lambda: session.seen(path), most, show)
        return watched and (_say, *watched)
    finally:
        live.clear()


# -- faults ----------------------------------------------------------------------------------------------------------


@app.command(cls=_Verb)
def fault(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="What breaks, or list.")] = None,
    size: Annotated[str | None, typer.Option(metavar="BLOCKS", help="Of the drive that is put in.")] = None,
    at: Annotated[str | None, typer.Option(metavar="DURATION", help="Only then, in virtual time.")] = None,
):
    """Let something break, or list what is broken and will break.

    NAME is a device (c1t1d0) or CLASS/DISK; without NODE it is the lab's first.
    """
    if not words:
        raise Misuse("what breaks?", hint=mishap.USAGE)
    path = _lab()
    if words == ["list"] and size is None and at is None:
        _say(mishap.listing(*session.seen(path)))
        return

    def change(lab, now, wall):
        changed, text = mishap.met(lab, words, size, at, now)
        return changed, (_say if changed is lab else _report, text), 0

    options = [*(["--size", size] if size is not None else []), *(["--at", at] if at is not None else [])]
    (say, text), _ = session.changed(path, ["sdxsim", "fault", *words, *options], change)
    say(text)


@app.command(cls=_Verb, name="workload")
def _workload(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS")] = None,
):
    """Let people work on the running system, or nobody.

    It decides how fast volumes change, and so what a Rejoin copies and what fsck finds; and once a virtual
    minute files are written. Without it a lab is as busy as its scenario says.
    """
    words = words or []

    def change(lab, now, wall):
        changed, text = labour.turned(lab, words, now)
        return changed, (_say if changed is lab else _report, text), 0

    (say, text), _ = session.changed(place(os.environ), ["sdxsim", "workload", *words], change)
    say(text)


# -- what was done ---------------------------------------------------------------------------------------------------


def _number(text):
    """The number that was typed, or one as good if it is larger than there can be. Raises Misuse."""
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise Misuse(f"'{shown(text)}' is no number", hint="a whole number, 1 or more")
    return int(text) if len(text) < 19 else sys.maxsize


_Json = Annotated[bool, typer.Option("--json", help="For programs.")]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, - and _; 32 at most.")]


@app.command(cls=_Verb, name="log")
def _log(
    json: _Json = False,
    count: Annotated[str | None, typer.Option("-n", metavar="COUNT", help="The newest ones only.")] = None,
):
    """List the operations that made the lab what it is.

    SDXSIM_AT=N before a command that looks (sdxinfo, sdxsim status, sdxsim log) shows the lab as it was
    after operation N.
    """
    newest = None if count is None else _number(count)
    found = log.operations(_lab(), newest, session.at())
    _say((log.as_json if json else log.as_text)(found))


@app.command(cls=_Verb)
def undo(
    count: Annotated[str, typer.Argument(metavar="N", help="How many operations; 1 if none is named.")] = "1",
):
    """Take back the last operation, or the last N.

    The lab is what it was before; that is an operation as well, and can be undone.
    """
    number = _number(count)
    _report(back.undone(_lab(), ["sdxsim", "undo", *([str(number)] if number != 1 else [])], number))


@history.callback(invoke_without_command=True)
def _history(context: typer.Context, json: _Json = False):
    if context.invoked_subcommand is None:
        _list_history(json)
    elif json:
        raise Misuse("'--json' is an option of 'sdxsim history list'")


@history.command(cls=_Verb, name="list")
def _list_history(json: _Json = False):
    """List the earlier states that can be had back."""
    found = log.restorable(_lab())
    _say((log.history_as_json if json else log.history_as_text)(found))


@history.command(cls=_Verb, name="restore")
def _restore_history(named: Annotated[str, typer.Argument(metavar="N", help="An operation's number.")]):
    """Make the lab what it was after operation N.

    It works also when the lab is damaged; what is damaged is kept aside. It can be undone.
    """
    number = _number(named)
    _report(back.restored(_lab(), ["sdxsim", "history", "restore", str(number)], number))


@snapshots.command(cls=_Verb, name="save")
def _save(
    name: _Name,
    force: Annotated[bool, typer.Option("--force", help="Replace the snapshot of that name.")] = False,
):
    """Keep the lab as it is now, under a name."""
    argv = ["sdxsim", "snapshot", "save", name, *(["--force"] if force else [])]
    _report(snapshot.saved(_lab(), argv, name, force))


@snapshots.command(cls=_Verb, name="restore")
def _restore(name: _Name):
    """Make the lab what it was when NAME was saved. It can be undone."""
    _report(snapshot.restored(_lab(), ["sdxsim", "snapshot", "restore", name], name))


@snapshots.command(cls=_Verb, name="list")
def _list(json: _Json = False):
    """List the snapshots."""
    path = _lab()
    session.seen(path)
    _say((snapshot.as_json if json else snapshot.as_text)(listed(path)))


@snapshots.command(cls=_Verb, name="delete")
def _delete(name: _Name):
    """Delete a snapshot."""
    _report(snapshot.deleted(_lab(), name))


# -- runbooks --------------------------------------------------------------------------------------------------------


@app.command(cls=_Verb)
def run(
    runbook: Annotated[str, typer.Argument(metavar="RUNBOOK", help="A shipped one's name, or the path of one.")],
    scenario: Annotated[str | None, typer.Option(metavar="SCENARIO", help="Start from this one.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the lab, in a new directory.")] = False,
    junit: Annotated[str | None, typer.Option(metavar="FILE", help="Write JUnit's XML there.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Put expected output right in the runbook.")] = False,
):
    """Run a runbook and compare.

    Each command's exit status and output are compared with what the runbook shows. Exit status: 0 all as
    expected, 1 something differs, 2 the runbook or the lab cannot be used, or a file cannot be written. It
    runs in the lab at $SDXSIM_STATE if that is set (a fresh one is made if there is none), else in a
    throw-away lab.
    """
    try:
        passed = _run_all(runbook, scenario, keep, junit, update)
    except Trouble as trouble:
        raise Misuse(str(trouble)) from trouble
    except Complaint as complaint:
        if complaint.status == FAILURE:  # which is for what differs
            complaint.status = MISUSE
        raise
    raise typer.Exit(0 if passed else FAILURE)


def _run_all(runbook, scenario, keep, junit, update):
    """True when the runbook and those that follow it passed."""
    books = shelf.chain(runbook)
    if os.environ.get("SDXSIM_STATE"):
        session.at_present()
        _lab()
    ran = []
    for i, book in enumerate(books):
        # a runbook that follows another begins on a lab of its own
        environ = dict(os.environ) if i == 0 else {**os.environ, "SDXSIM_STATE": ""}
        with venue.stage_for(book, scenario if i == 0 else None, keep, environ, _tell) as stage:
            results = _run(book, stage)
        if update:
            text, results = rewrite.updated(book, results)
            if text is not None:
                rewrite.put(book, text)
                _say(rewrite.difference(book, text))
        _say("".join(report.failure(book, r) for r in results if r.verdict == runner.FAILED))
        _say(report.summary(book, results))
        sys.stdout.flush()
        ran.append((book, results))
    if junit is not None:
        _write(junit, report.junit(ran))
    return all(report.passed(results) for _, results in ran)


def _run(book, stage):
    live, number, headings = Live(sys.stderr), {id(b): i + 1 for i, b in enumerate(book.blocks)}, []

    def watch(block, step):
        if live.there:
            where = f"{book.name} {number[id(block)]}/{len(book.blocks)}"
            live.show(f"{where}  {block.heading}: {step.prompt} {step.text}")
        elif block.heading not in headings:
            headings.append(block.heading)
            sys.stderr.write(f"{book.name}: {shown(block.heading)}\n" if block.heading else "")

    try:
        return runner.run(book, stage, watch)
    finally:
        live.clear()


def _write(file, text):
    try:
        with open(file, "w", encoding="utf-8", errors="backslashreplace") as opened:
            opened.write(text)
    except OSError as fault:
        raise Complaint(f"cannot write {file}: {fault.strerror}") from fault
