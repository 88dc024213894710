"""`sdxsim console`: the terminal of one node, a root shell until it goes down and then the ok prompt.

Lines of the shell are given to /bin/sh one by one, each to one of its own that begins where the last one
ended (directory, variables, umask, exit status), so that pipes, quoting and loops are a shell's, Ctrl-C ends
just what runs, and the prompt that follows is the one the node has by then. Words at the ok prompt, and what
Solaris asks in single-user mode, are answered here. Nothing is buffered; works with and without a terminal.
"""

import os
import re
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import termios
import time

from ..commands import OPENBOOT
from ..execute import execute
from ..model.calendar import short
from ..model.queries import halted, the_node
from ..model.status import SINGLE_USER
from ..rules.copying import settle
from ..store.lab import look
from ..turn import harvested
from ..words.solaris import text
from . import environment, namespace, session
from .complaint import INTERRUPTED, Complaint, shown

SHELL, MORE, OK = "# ", "> ", "ok "
GLANCE = 0.2  # seconds between two looks at whether the node is still up
PATIENCE = 5.0  # seconds that a command of a node that went down has to end by itself
_LONGEST = 100_000  # characters of what is kept from one line to the next: it goes into an argument
_SAID = {-signal.SIGINT: "\n", -signal.SIGQUIT: "Quit\n"}  # behind what the terminal shows of the key
_OTHER_LABS = ("undo", "history", "snapshot", "init")  # verbs that put another lab in the place of this one
STATE_FD = 9  # a shell says there where it ended; sh knows descriptors of one digit only


class _Changed(Exception):
    """The node went up or down while a line was typed."""


class _Over(Exception):
    """The session is over, with this exit status."""

    def __init__(self, status=0):
        super().__init__(status)
        self.status = status


def run(path, environ, tell, node_name=None):
    """Holds the session on a node of the lab at `path`; returns the exit status. `tell` is given sentences to say.

    Raises Trouble, Complaint.
    """
    console = _Console(path, environ, node_name)
    try:
        console.enter_by(tell)
        console.open()
        while True:
            try:
                console.turn()
            except KeyboardInterrupt:  # between two prompts
                pass
    except _Over as over:
        return over.status
    finally:
        console.terminal.close()
        console.harvest()


# -- the terminal ------------------------------------------------------------------------------------------------------


class _Terminal:
    """Standard input and output: lines typed, with editing and history on a terminal, and what is printed."""

    def __init__(self):
        self.there = os.isatty(0) and os.isatty(1)
        self.attributes = termios.tcgetattr(0) if self.there else None
        self.group = os.getpgrp()
        if self.there:
            import readline

            readline.parse_and_bind("set enable-bracketed-paste off")  # it would write around each prompt
            readline.parse_and_bind("tab: self-insert")
            sys.stdin.reconfigure(errors="surrogateescape")  # any bytes may be typed
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # or it stops when it takes the terminal back
            signal.signal(signal.SIGQUIT, signal.SIG_IGN)  # as a shell that people type in

    def close(self):
        """The terminal as it was found."""
        if self.there:
            self.take_back()

    def take_back(self):
        """After a command, whatever that did."""
        try:
            os.tcsetpgrp(0, self.group)
            termios.tcsetattr(0, termios.TCSADRAIN, self.attributes)
        except OSError:
            raise _Over(INTERRUPTED) from None  # it is gone

    def say(self, text):
        """Prints at once."""
        data = memoryview(text.encode("utf-8", "surrogateescape"))
        while data:
            data = data[os.write(1, data) :]

    def line(self, prompt, watch):
        """The line typed at the prompt; EOFError, KeyboardInterrupt, and what `watch()` raises meanwhile."""
        if not self.there:
            self.say(prompt)
            return self._read(watch)

        over = []  # readline may see signals again after one has raised, and nothing may be called then

        def look(_number, _frame):
            if not over:
                try:
                    watch()
                except BaseException:
                    over.append(True)
                    raise

        def interrupted(_number, _frame):
            over.append(True)
            raise KeyboardInterrupt

        signal.signal(signal.SIGINT, interrupted)
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, GLANCE, GLANCE)
        try:
            return input(prompt)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def secret(self, prompt):
        """A line that is not shown as it is typed; EOFError."""
        self.say(prompt)
        if not self.there:
            return self._read(lambda: None)
        hidden = list(self.attributes)
        hidden[3] &= ~termios.ECHO
        termios.tcsetattr(0, termios.TCSADRAIN, hidden)
        try:
            return self._read(lambda: None)
        finally:
            termios.tcsetattr(0, termios.TCSADRAIN, self.attributes)
            self.say("\n")

    def _read(self, watch):
        """Byte by byte, for what stands behind the line belongs to whoever reads next."""
        typed = b""
        while True:
            while not select.select([0], [], [], GLANCE)[0]:
                watch()
            byte = os.read(0, 1)
            if byte == b"\n" or (not byte and typed):
                return os.fsdecode(typed.removesuffix(b"\r").replace(b"\0", b""))
            if not byte:
                raise EOFError
            typed += byte


# -- lines of sh -------------------------------------------------------------------------------------------------------

_UNFINISHED = re.compile(r"end of file|unterminated|unexpected EOF|EOF in|looking for matching|missing '\}'", re.I)
_HERE = re.compile(r"(?<![<0-9$])<<(-?)[ \t]*(?:'([^']+)'|\"([^\"]+)\"|\\?([A-Za-z_]\w*))")


def unfinished(typed, environ):
    """True when sh would ask for more lines: an open quote, loop, here-document or a backslash at the end."""
    if (len(typed) - len(typed.rstrip("\\"))) % 2:
        return True
    lines = typed.split("\n")
    for dash, *words in _HERE.findall(typed):
        end = "".join(words)
        if not any((line.lstrip("\t") if dash else line) == end for line in lines[1:]):
            return True
    try:
        sh = ["/bin/sh", "-n", "-c", typed]
        done = subprocess.run(sh, env=environ, capture_output=True, text=True, errors="replace")
    except OSError:
        return False  # too long; sh says so
    return done.returncode != 0 and bool(_UNFINISHED.search(done.stderr))


def script(typed, before, status):
    """What sh is given to run the lines: `before` is where the last one ended, `status` its exit status."""
    return (
        f"{before}\nset -a\n(exit {status})\n"
        f"eval {shlex.quote(typed)} {STATE_FD}>&-\n"
        "set -- $?\nset +a\nexport PWD OLDPWD\n"
        f'{{ export -p; echo "umask $(umask)"; }} >&{STATE_FD}\n'
        'exit "$1"\n'
    )


# -- the session -------------------------------------------------------------------------------------------------------


class _Console:
    def __init__(self, path, environ, node_name):
        self.path, self.environ, self.node_name = path, dict(environ), node_name
        self.become = lambda commands: environment.enter(self.path, self.environ, commands, self.node_name)
        self.harvest = lambda: None
        self.terminal = _Terminal()
        self.ended_at, self.status = "", 0  # of the last line of the shell
        self.power = self.stamp = None
        self.halted = self.moving = False

    def enter_by(self, tell):
        """Chooses how a line's shell sees the node's files: at their paths where the host allows that."""
        shows = the_node(session.seen(self.path)[0], self.node_name).name
        if environment.inside(self.path, self.environ, shows) or not os.access(self.path, os.W_OK):
            return
        way = environment.doors(self.path, self.environ, tell, shows)
        why = way.why_not()
        if why:
            tell(way.excuse(why))
            self.become = lambda commands: way.prefixed(commands, self.node_name)
        else:
            for sentence in way.plan().notes:
                tell(sentence)
            self.become = lambda commands: way.real(commands, self.node_name, cwd="/")  # root's home

        def harvest():
            for sentence in harvested(self.path):
                tell(sentence)

        self.harvest = harvest

    def open(self):
        """Notes how the node is found."""
        self.power = self.node().power

    def node(self):
        """The node as it is now."""
        lab, now = session.seen(self.path)
        return the_node(settle(lab, now), self.node_name)

    def turn(self):
        """One line, at the prompt that the node has."""
        try:
            if halted(self.node()):
                self.at_ok()
            else:
                self.at_shell()
        except KeyboardInterrupt:
            self.terminal.say("\n")
        except _Changed:
            self.terminal.say("\n" + self.cause())
        except EOFError:
            self.end_of_file()
        self.look_again()

    def watch(self):
        """Raises _Changed when the node is not any more what it was when its prompt was shown."""
        before = self.halted
        if (self.moving or _stamp(self.path) != self.stamp) and self.looked() != before:
            raise _Changed

    def looked(self):
        """True when the node is halted; notes when to look again."""
        self.stamp = _stamp(self.path)
        lab, now = session.seen(self.path)
        self.moving = bool(lab.faults)  # which come with time alone
        self.halted = halted(the_node(settle(lab, now), self.node_name))
        return self.halted

    def prompted(self, prompt):
        """A line typed at the prompt."""
        self.looked()
        return self.terminal.line(prompt, self.watch)

    def cause(self):
        """What the console shows when the node went down by itself, or by somebody else's command."""
        if not halted(self.node()):
            return ""
        opened = look(self.path)
        argv = list(opened.document.op.get("argv", ()))
        opened.close()
        if argv[:1] == ["sdxsim"] and argv[1:2] and argv[1] in _OTHER_LABS:  # nothing went down
            return f"sdxsim: {shown(' '.join(argv[1:]))}: {self.node().name} is halted in the lab as it is now\n"
        if argv[:1] != ["sdxsim"]:
            ids = ("down.coming", "down.down", "down.syncing", "down.terminated")
        else:
            ids = ("down.panic", "down.terminated") if "panic" in argv else ("obp.banner",)
        return "".join(text(id) for id in ids)

    # -- the ok prompt --

    def at_ok(self):
        words = self.prompted(OK).split()
        if not words:
            return
        word = words[0].lower()  # Forth does not tell them apart
        if word in OPENBOOT:
            self.executed([word, *words[1:]])
        else:
            self.terminal.say(text("obp.unknown", word=words[0]))

    def executed(self, argv):
        """A command without a process of its own, as the console types it."""

        def change(lab, now, _wall):
            outcome = execute(lab, argv, now, self.node_name)
            return outcome.lab, outcome, outcome.status

        outcome, _ = session.changed(self.path, argv, change)
        self.terminal.say(outcome.stdout + outcome.stderr)

    # -- the shell --

    def at_shell(self):
        typed = self.prompted(SHELL)
        while typed.strip() and unfinished(typed, self.environ):
            try:
                typed += "\n" + self.prompted(MORE)
            except EOFError:
                break  # sh says what is missing
        if typed.strip():
            self.shell(typed)

    def shell(self, typed):
        """Gives the lines to sh, waits, and notes where it ended."""
        with tempfile.TemporaryFile() as state:
            child = self.forked(script(typed, self.ended_at, self.status), state.fileno())
            self.status = self.awaited(child)
            state.seek(0)
            said = os.fsdecode(state.read())
        self.harvest()
        if said and len(said) < _LONGEST:
            self.ended_at = said + 'cd -- "$PWD"\n'
        elif not said and self.status < 128 and _leaves(typed):
            self.left()

    def forked(self, commands, state):
        child = os.fork()
        if child:
            return child
        try:
            os.setpgid(0, 0)
            if self.terminal.there:
                os.tcsetpgrp(0, os.getpid())
            os.dup2(state, STATE_FD)
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # /sbin/sh has no job control
            self.become(commands)
        except Complaint as complaint:
            os.write(2, complaint.text().encode())
        except (namespace.Cannot, OSError) as cannot:
            os.write(2, f"sdxsim: {cannot}\n".encode("utf-8", "backslashreplace"))
        finally:
            os._exit(126)

    def awaited(self, child):
        """The exit status of the child; what a node that went down still runs is ended."""
        deadline = None
        try:
            os.setpgid(child, child)  # whoever of both comes first
        except OSError:
            pass
        try:
            while not _ended(child, GLANCE):
                if deadline is None and halted(self.node()):
                    deadline = time.monotonic() + PATIENCE
                elif deadline is not None and time.monotonic() > deadline:
                    os.killpg(child, signal.SIGKILL)
        except KeyboardInterrupt:  # without a terminal there is no process group in front to get it
            os.killpg(child, signal.SIGINT)
        finally:
            _, status = os.waitpid(child, 0)
            if self.terminal.there:
                self.terminal.take_back()
        code = os.waitstatus_to_exitcode(status)
        if code in _SAID:
            self.terminal.say(_SAID[code])
        return code if code >= 0 else 128 - code

    def left(self):
        """The shell was left by `exit`."""
        if self.node().power == SINGLE_USER:
            self.on_to_multi_user()
        elif not halted(self.node()):
            raise _Over(self.status)

    def end_of_file(self):
        """Ctrl-D: in single-user mode on to multi-user mode; else the session is over."""
        if not self.terminal.there:
            raise _Over(self.status)
        self.terminal.say("\n")
        if self.node().power == SINGLE_USER:
            self.on_to_multi_user()
        else:
            raise _Over(self.status)

    # -- single-user mode --

    def look_again(self):
        """After each line: asks for the password when the node has come to single-user mode."""
        power, before = self.node().power, self.power
        self.power = power
        if power != before:
            self.ended_at, self.status = "", 0  # a shell of before went down with the system
        if power == SINGLE_USER and before != SINGLE_USER:
            self.log_in()

    def log_in(self):
        """sulogin: any password is root's (ours); Ctrl-D goes on to multi-user mode."""
        try:
            self.terminal.secret(text("console.password"))
        except EOFError:
            if not self.terminal.there:
                raise _Over(0) from None
            self.on_to_multi_user()
            return
        except KeyboardInterrupt:
            self.log_in()
            return
        _, now = session.seen(self.path)
        self.terminal.say(text("console.single", time=short(now), node=self.node().name))

    def on_to_multi_user(self):
        """The boot goes on; where something is still to be repaired, the password is asked for again."""
        self.executed(["init", "3"])
        self.power = self.node().power
        self.ended_at, self.status = "", 0
        if self.power == SINGLE_USER:
            self.log_in()


def _ended(child, seconds):
    """True when the child has ended, or does within that time."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(child)
        try:
            return bool(select.select([handle], [], [], seconds)[0])
        finally:
            os.close(handle)
    until = time.monotonic() + seconds
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _stamp(path):
    try:
        found = os.stat(os.path.join(path, "state.json"))
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


_LEAVES = re.compile(r"(?:^|[;&|({\s])(?:exit|exec)(?:$|[;&|)}\s])")


def _leaves(typed):
    """True when the lines may have left the shell on purpose, and not by a fault such as `. nosuchfile`."""
    return bool(_LEAVES.search(typed))
