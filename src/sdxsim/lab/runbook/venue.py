"""Which lab a runbook runs in: a throw-away one in memory, one's own on disk, or a fresh one that is kept."""

import contextlib
import os
import tempfile

from ...live import tree
from ...model import clock
from ...store.commit import create
from ...store.lab import look
from ...store.place import place
from ...store.trouble import NoLab, Trouble, Uncertain
from ...turn import wall
from .. import environment, session
from ..clockwork import turned
from ..complaint import UNCERTAIN, Complaint, Misuse
from ..scenarios import ScenarioError, load
from .stage import InMemory, OnDisk

USUAL = "backing-up"  # the scenario where none is named
_TO = {"frozen": "freeze", "running": "resume"}


def scenario(name):
    """The lab that the scenario called `name`, or at that path, begins with. Raises Misuse."""
    try:
        return load(name)
    except ScenarioError as error:
        raise Misuse(*error.complaints) from error


def made(path, name, argv, force=False, images=False):
    """Makes a lab at `path` from a scenario, its commands with it. Raises Misuse, Complaint, Trouble.

    `images`: with real images behind its volumes.

    With the lab made, a complaint is no failure any more: its status says that the change was made.
    """
    lab, at = scenario(name), wall()
    if images:
        from ...live.images import follow, needed

        needed()
    lab = lab._replace(clock=clock.at(lab.clock, lab.clock.virtual, at), images=images)
    if tree.exists(path):
        with contextlib.suppress(Trouble):  # of a lab that is damaged nothing can be harvested
            tree.harvest(path)
    try:
        create(path, lab, {"argv": argv, "at": lab.clock.virtual, "wall": at, "status": 0}, force)
    except Uncertain as doubt:
        raise Complaint(str(doubt), status=UNCERTAIN) from doubt
    try:
        tree.show(path)
        environment.refresh(path)
    except (Complaint, Trouble) as trouble:
        raise Complaint("the lab was made, but not all of its commands", str(trouble),
                        hint="'sdxsim env' makes them", status=UNCERTAIN) from trouble  # fmt: skip
    if images:
        try:
            follow(path)
        except Trouble as trouble:
            raise Complaint("the lab was made, but not its images", str(trouble), status=UNCERTAIN) from trouble


@contextlib.contextmanager
def stage_for(book, asked, keep, environ, tell):
    """The stage for `book`; `asked`: the scenario asked for or None; `tell(sentence)` says where it is.

    $SDXSIM_STATE names a lab of one's own: it is used, or made and kept; another scenario than its own
    is not put in its place, but gets a throw-away lab. `keep` without it: a new directory.
    """
    name = asked or _scenario_of(book)
    path = _own(environ, asked)
    if path is None and keep:
        path = _new_directory(environ)
    if path is None:
        yield InMemory(scenario(name), book.clock)
        return
    if _exists(path):
        tell(f"running in the lab at {path}")
    else:
        made(path, name, ["sdxsim", "run", book.name])
        tell(f"running in a new lab at {path}, which is kept")
    with _clock(path, book.clock):
        yield OnDisk(path)


def _scenario_of(book):
    named = book.scenario or USUAL
    return os.path.join(os.path.dirname(book.path), named) if "/" in named else named


def _own(environ, asked):
    if not environ.get("SDXSIM_STATE"):
        return None
    path = place(environ)
    return None if asked and _exists(path) else path


def _exists(path):
    try:
        look(path).close()
    except NoLab:
        return False
    return True


def _new_directory(environ):
    kept = os.path.join(os.path.dirname(place({**environ, "SDXSIM_STATE": ""})), "kept")
    try:
        os.makedirs(kept, exist_ok=True)
        return tempfile.mkdtemp(dir=kept, prefix="lab-")
    except OSError as fault:
        raise Complaint(f"cannot make a directory in {kept}: {fault.strerror}") from fault


@contextlib.contextmanager
def _clock(path, mode):
    """The clock of the lab at `path` is in `mode` meanwhile, and goes on as before afterwards."""
    before = _turn(path, mode)
    try:
        yield
    finally:
        if before != mode and session.seen(path)[0].clock.mode == mode:
            _turn(path, before)


def _turn(path, mode):
    """Sets the clock's mode; returns what it was."""
    before = session.seen(path)[0].clock.mode
    verb = _TO[mode]
    session.changed(
        path, ["sdxsim", "clock", verb], lambda lab, now, at: (turned(lab, verb, [], now, at), None, 0)
    )
    return before
