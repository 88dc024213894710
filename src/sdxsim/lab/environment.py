"""One lab's environment: sh code that puts its commands first on PATH, and a shell that has them.

The commands are tiny scripts in the lab's own directory `bin`: the sdx commands, `sdxsim`, `fsck-sim`,
and the Solaris stand-ins under their real names. Those exist nowhere else, so that the host's `mount`
and its sisters are shadowed only where somebody asked for it. bin/ of a checkout will not do: it has a
`test`, which would hide test(1).
"""

import os
import shlex
import signal
import stat
import sys

from ..commands import PRIVATE
from ..live import fittings, tree
from ..model.record import Record
from ..store.commit import locked
from ..store.place import ROOT
from ..turn import harvested
from ..words.syntax import COMMANDS
from . import namespace
from .complaint import Complaint

NAMES = (*COMMANDS, "sdxsim", "fsck-sim", *PRIVATE)

_MAIN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "__main__.py")
_MODE = 0o755

# start-up files would bring back the host's PATH and prompt
PROMPT = "# "
_FISH = f"function fish_prompt; echo -n '{PROMPT}'; end; set -g fish_greeting"
_SHELLS = {"bash": ["--noprofile", "--norc"], "zsh": ["-f"], "fish": ["--no-config", "--init-command", _FISH]}


def directory(path):
    """Where the commands of the lab at `path` are."""
    return os.path.join(path, "bin")


def script(name, python=sys.executable, main=_MAIN):
    """The text of the command `name`: this Python and this package, whatever PATH says."""
    return f'#!/bin/sh\nexec {shlex.quote(python)} -I -S {shlex.quote(main)} {name} "$@"\n'


def refresh(path):
    """Writes the commands of the lab at `path`, those that are not as they should be. Raises Complaint, Trouble."""
    where = directory(path)
    stale = [name for name in NAMES if not _is_right(f"{where}/{name}", script(name))]
    if not stale:
        return
    try:
        with locked(path):
            os.makedirs(where, exist_ok=True)
            for name in stale:
                _write(f"{where}/{name}", script(name))
    except OSError as fault:
        raise Complaint(f"cannot write the lab's commands in {where}: {fault.strerror}") from fault


def _is_right(file, text):
    try:
        with open(file, "rb") as opened:
            same = opened.read(len(os.fsencode(text)) + 1) == os.fsencode(text)
            return same and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o111 == 0o111
    except OSError:
        return False


def _write(file, text):
    """Puts `text` in the place of `file` at once: somebody may be running it.

    Under the lock, so that the name in between can be the same each time, and what a killed process left
    of it is taken away by the next one.
    """
    new = f"{file}.new"
    try:
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
        with open(fd, "wb") as opened:
            opened.write(os.fsencode(text))
            os.fchmod(fd, _MODE)  # whatever the umask was
        os.replace(new, file)
    except BaseException:
        try:
            os.unlink(new)
        except OSError:
            pass
        raise


def _usable(path):
    where = directory(path)
    if ":" in where:
        raise Complaint(f"a directory with ':' in its name cannot stand on PATH: {where}",
                        hint="choose another with SDXSIM_STATE")  # fmt: skip
    return where


def code(path, node=None):
    """sh code for `eval`: exports SDXSIM_STATE and puts the lab's commands first on PATH, once.

    For a `node` SDXSIM_NODE is exported as well. Where they stand on PATH already they are moved to its
    front. No process is started for it, and no other name of the shell is left changed.
    """
    where = shlex.quote(_usable(path))
    return (
        f"SDXSIM_STATE={shlex.quote(path)} _sdxsim={where} _sdxsim_path=:${{PATH-}}:\n"
        "export SDXSIM_STATE\n"
        + (f"SDXSIM_NODE={shlex.quote(node)}\nexport SDXSIM_NODE\n" if node else "")
        + 'while case $_sdxsim_path in *:"$_sdxsim":*) ;; *) false ;; esac; do\n'
        '  _sdxsim_path=${_sdxsim_path%%:"$_sdxsim":*}:${_sdxsim_path#*:"$_sdxsim":}\n'
        "done\n"
        "_sdxsim_path=${_sdxsim_path#:}\n"
        "_sdxsim_path=${_sdxsim_path%:}\n"
        "PATH=$_sdxsim${_sdxsim_path:+:$_sdxsim_path}\n"
        "export PATH\n"
        "unset _sdxsim _sdxsim_path\n"
    )


def variables(path, environ, node=None):
    """A copy of `environ` with what `code` would set."""
    where = _usable(path)
    rest = [d for d in environ.get("PATH", os.defpath).split(":") if d != where]
    inside = {**environ, "SDXSIM_STATE": path, "PATH": ":".join([where, *rest])}
    return {**inside, "SDXSIM_NODE": node} if node else inside


def enter(path, environ, commands=None, node=None):
    """Becomes a shell in the lab's environment: an interactive one, or /bin/sh -c COMMANDS. Never returns.

    Raises Complaint when the shell cannot be started.
    """
    inside = variables(path, environ, node)
    if commands is not None:
        argv = ["/bin/sh", "-c", commands]
    else:
        shell = environ.get("SHELL") or "/bin/sh"
        argv = [shell, *_SHELLS.get(os.path.basename(shell), []), "-i"]
        inside["PS1"] = PROMPT
        inside.pop("ENV", None)  # the start-up file of sh and ksh
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # Python ignores them, and a shell would inherit that
    try:
        os.execve(argv[0], argv, inside)
    except OSError as fault:
        raise Complaint(f"cannot start {argv[0]}: {fault.strerror}") from fault


# -- a shell that shows files ----------------------------------------------------------------------------------------


class Doors(Record, fields="path environ shows"):
    """Ways for a process to become a shell in which the files of the node called `shows` are seen."""

    __slots__ = ()

    def prefixed(self, commands=None, node=None):
        """One to which they are in $SDXSIM_ROOT only. Never returns; raises Complaint."""
        enter(self.path, {**self.environ, ROOT: tree.directory(self.path, self.shows)}, commands, node)

    def real(self, commands=None, node=None, cwd=None):
        """One to which they stand at their paths, in the directory `cwd` of the host's, if it can be there.

        Never returns. Raises namespace.Cannot, after which this process should end, OSError and Complaint.
        """
        plan = self.plan()
        at = plan.inside(plan.lab)
        same = (plan.python, plan.main, at) == (sys.executable, _MAIN, self.path)
        scripts = None if same else {name: script(name, plan.python, plan.main) for name in NAMES}
        namespace.enter(plan, scripts, cwd or _here())
        inside = {**self.environ, ROOT: tree.directory(at, self.shows), "HOME": "/", "PWD": os.getcwd()}
        enter(at, inside, commands, node)

    def plan(self):
        """What the name space of such a shell is to be. Raises OSError."""
        return namespace.planned(self.path, self.shows, sys.executable, _MAIN)

    def why_not(self):
        """Why there are no real paths here, "" if there are: a process tries."""
        try:
            _, why = namespace.waited(lambda: self.real("exit 0"))
        except OSError as fault:
            return fault.strerror
        return why[1:]

    def excuse(self, why):
        """What to say where there are no real paths."""
        place = tree.directory(self.path, self.shows)
        return f"paths are the host's here ({why}): the files of {self.shows} are in ${ROOT}, {place}"


def _here():
    try:
        return os.getcwd()
    except FileNotFoundError:  # somebody took it away
        return "/"


def doors(path, environ, tell, shows, prefix=False):
    """The Doors to the node called `shows`, whose files are shown from now on, as far as they are not already.

    `tell` is given sentences for the user. Raises Complaint, Trouble.
    """
    try:
        if not prefix:
            fittings.make(path, namespace.links())
    except OSError as fault:
        raise Complaint(f"cannot show files in {path}/live: {fault.strerror}") from fault
    for sentence in tree.make(path):
        tell(sentence)
    return Doors(path, environ, shows)


def inside(path, environ, shows):
    """True for a process of a shell that shows that node's files at their paths already."""
    return environ.get(ROOT) == tree.directory(path, shows) and os.path.isdir(namespace.HOST)


def live(path, environ, tell, shows, commands=None, node=None, prefix=False):
    """Runs a shell in which the files of the node called `shows` stand at real paths; with `prefix`, or where
    that cannot be, they are in $SDXSIM_ROOT only. Returns its wait status.

    `commands` and `node` as in `enter`; `tell` is given sentences for the user. What was edited is harvested
    when it is left. Raises Complaint, Trouble.
    """
    if inside(path, environ, shows):
        enter(path, environ, commands, node)
    way = doors(path, environ, tell, shows, prefix)
    status, why = (None, "--prefix") if prefix else _at_real_paths(way, tell, commands, node)
    if status is None:
        tell(way.excuse(why))
        status, why = namespace.waited(lambda: way.prefixed(commands, node))
    if status is None:
        raise Complaint(why[1:])
    for sentence in harvested(path):
        tell(sentence)
    return status


def _at_real_paths(way, tell, commands, node):
    """(wait status, "") of a shell, (None, why) where the host has no such name spaces for us."""
    try:
        plan = way.plan()
    except OSError as fault:
        return None, fault.strerror
    for sentence in plan.notes:
        tell(sentence)
    status, why = namespace.waited(lambda: way.real(commands, node))
    if why.startswith("!"):
        raise Complaint(why[1:])
    return status, why[1:]
