"""The runbook dialect: Markdown read as commands with what they should print.

docs/runbooks.md describes it for those who write runbooks. Nothing here runs anything. Whatever is not
understood is an error with its line, never skipped: a runbook that runs nothing must not look like one
that passes.
"""

import itertools
import re

from ...commands import OPENBOOT as AT_OPENBOOT
from ...commands import STANDINS
from ...model.record import Record
from ...model.status import FROZEN, RUNNING
from ...words.syntax import COMMANDS
from ..clockwork import duration
from ..complaint import Misuse
from .expectation import elide
from .inside import HOME, VERBS
from .quoting import words

SHELL, OPENBOOT = "#", "ok"
OUTSIDE = "/etc/opt/FJSVsdx/bin/"  # the product's place that is not on PATH (guide F.1.4)
EVERY = 1000  # ms of virtual time between two tries of a poll, unless the block says otherwise


class Runbook(Record, fields="name path lines scenario clock about then blocks"):
    """A runbook as read. `lines` its text, `then` names of runbooks that follow it."""

    __slots__ = ()

    def commands(self):
        """Every command, in order, prompts that come back left out."""
        return [step for block in self.blocks for step in block.steps if step.argv]


class Block(Record, fields="heading line until every steps node", defaults=(None,)):
    """A console block below `heading`. `until` and `every` in ms, `until` None when it does not poll.

    `node`: where its commands are typed, None for the lab's first.
    """

    __slots__ = ()


class Step(Record, fields="line prompt text argv out err status first end"):
    """A command and what is expected of it: `out` and `err` lists of lines and ELISION, a `status`.

    Written in the lines `first` to `end` (exclusive, counted from 0) of the runbook; `line` counts
    from 1. `argv` empty: no command, but the prompt that has come back.
    """

    __slots__ = ()


# -- reading ---------------------------------------------------------------------------------------------------------

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*(.*)")
_INSIDE = re.compile(r"[ \t]*(?:(?:>|[*+-]|[0-9]+[.)])[ \t]*)+(`{3,}|~{3,})[ \t]*([^`]*)")  # a quotation, an item
_SESSIONS = (  # what others call such blocks
    "shell-session", "shellsession", "sh-session", "bash-session", "zsh-session", "ksh-session", "console-session",
    "terminal", "session",
)  # fmt: skip
_OUR_COMMAND = re.compile(r"\s*(?:# *(?:/\S*/)?sdx|ok boot)")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$")
_STATUS = re.compile(r"\? *([0-9]{1,3})")
_KEYS = ("scenario", "clock", "about", "then")


def parse(text, name, path):
    """The Runbook in `text`. Raises Misuse with every complaint, each `PATH:LINE: ...`."""
    reader = _Reader(text, path)
    head, at = reader.front_matter()
    blocks = reader.blocks(at)
    if not reader.complaints:
        if not blocks:
            reader.wrong(1, "no console block")
        elif not any(step.argv for block in blocks for step in block.steps):
            reader.wrong(blocks[0].line, "no command in any console block")
    if reader.complaints:
        raise Misuse(*reader.complaints)
    then = [word.strip() for word in head.get("then", "").split(",") if word.strip()]
    clock = head.get("clock", FROZEN)
    return Runbook(name, path, reader.lines, head.get("scenario"), clock, head.get("about", ""), then, blocks)


def _kind(info):
    """The kind of block that `info`, behind a fence, tells, as most readers of Markdown would take it."""
    return next(iter(re.findall(r"[^\s{}.,;:=]+", info.lower())), "")


class _Reader:
    def __init__(self, text, path):
        self.path, self.complaints = path, []
        self.lines = text.split("\n")  # not splitlines: a form feed does not end a line
        self.rows = [line.rstrip() for line in self.lines]
        self.rows[0] = self.rows[0].removeprefix("\ufeff")

    def wrong(self, line, what):
        self.complaints.append(f"{self.path}:{line}: {what}")

    def front_matter(self):
        """({key: value}, the row behind it)."""
        if self.rows[0] != "---":
            return {}, 0
        if "---" not in self.rows[1:]:
            self.wrong(1, "the front matter has no end, a line '---'")
            return {}, len(self.rows)
        found, end = {}, self.rows.index("---", 1)
        for at, row in enumerate(self.rows[1:end], 1):
            key, colon, value = row.partition(":")
            value = value.strip()
            if not row:
                continue
            if not colon or key not in _KEYS:
                self.wrong(at + 1, f"'{row}' is no front matter, which is {', '.join(_KEYS)}: VALUE")
            elif key in found:
                self.wrong(at + 1, f"'{key}' stands twice in the front matter")
            elif key == "clock" and value not in (FROZEN, RUNNING):
                self.wrong(at + 1, f"'{value}' is no clock, which is frozen or running")
            elif not value:
                self.wrong(at + 1, f"'{key}' has no value")
            found[key] = value
        return found, end + 1

    def blocks(self, at):
        found, heading = [], ""
        while at < len(self.rows):
            fence = _FENCE.fullmatch(self.rows[at])
            if fence and not (fence[2][0] == "`" and "`" in fence[3]):
                end = self._closing(at, fence)
                if end is None:
                    self.wrong(at + 1, "this block has no end")
                    return found
                if fence[3].split()[:1] == ["console"]:
                    found.append(self._block(heading, at, end, fence))
                elif self._looks_like_ours(fence[3], at, end):
                    self.wrong(at + 1, f"'{fence[3]}' is not read as a runbook, did you mean 'console'?")
                at = end
            else:
                inside = _INSIDE.fullmatch(self.rows[at])
                if inside and _kind(inside[2]) == "console":
                    self.wrong(at + 1, "a console block is not read inside a quotation or on an item's line")
                title = _HEADING.fullmatch(self.rows[at])
                heading = title[1] if title else heading
            at += 1
        return found

    def _looks_like_ours(self, info, at, end):
        kind = _kind(info)
        return kind == "console" or (kind in _SESSIONS and any(map(_OUR_COMMAND.match, self.rows[at + 1 : end])))

    def _closing(self, at, fence):
        least, mark = len(fence[2]), fence[2][0]
        for end in range(at + 1, len(self.rows)):
            row = self.rows[end].strip()
            if len(row) >= least and not row.strip(mark):
                return end
        return None

    def _block(self, heading, at, end, fence):
        until, every, node = self._options(at + 1, fence[3].split()[1:])
        steps = self._steps(at + 1, end, len(fence[1]))
        if until is not None and (len(steps) != 1 or not steps[0].argv or not (steps[0].out or steps[0].err)):
            self.wrong(at + 1, "a block with until= holds one command with what it prints")
        return Block(heading, at + 1, until, every, steps, node)

    def _options(self, line, words):
        given = {}
        for word in words:
            key, _, value = word.partition("=")
            if key not in ("until", "every", "node") or key in given or not value:
                self.wrong(line, f"'{word}' is not understood behind 'console'")
                continue
            if key == "node":
                given[key] = value
                continue
            try:
                given[key] = duration(value)
            except Misuse as misuse:
                self.wrong(line, misuse.sentences[0])
        if "every" in given and "until" not in given:
            self.wrong(line, "every= without until=")
        return given.get("until"), given.get("every", EVERY), given.get("node")

    def _steps(self, first, end, indent):
        """The steps in rows `first` to `end`."""
        starts = [i for i in range(first, end) if self._prompt(i, indent)]
        for i in range(first, starts[0] if starts else end):
            if self.rows[i].strip():
                self.wrong(i + 1, f"unknown prompt: {self.rows[i].strip()}")
        steps = []
        for start, stop in itertools.pairwise([*starts, end]):
            while stop > start + 1 and not self.rows[stop - 1].strip():
                stop -= 1
            steps.append(self._step(start, stop, indent))
        return steps

    def _row(self, i, indent):
        row = self.rows[i]
        return row[indent:] if not row[:indent].strip() else row.lstrip()

    def _prompt(self, i, indent):
        row = self._row(i, indent)
        return next((p for p in (SHELL, OPENBOOT) if row == p or row.startswith(p + " ")), None)

    def _step(self, start, stop, indent):
        prompt = self._prompt(start, indent)
        text = self._row(start, indent)[len(prompt) :].strip()
        line = start + 1
        argv = self._words(line, prompt, text) if text else []
        out, err, status = [], [], None
        for i in range(start + 1, stop):
            row = self._row(i, indent)
            if not text:
                self.wrong(i + 1, f"unknown prompt: {row}")
                break
            if row == "...":
                elide(out)
            elif row == "1>" or row.startswith("1> "):
                out.append(row[3:])
            elif row == "2>" or row.startswith("2> "):
                elide(err) if row == "2> ..." else err.append(row[3:])
            elif row == "?" or row.startswith("? "):
                number = _STATUS.fullmatch(row)
                if not number or int(number[1]) > 255:
                    self.wrong(i + 1, f"'{row}' is no exit status, which is ? 0 to ? 255 (an output line: 1> {row})")
                elif status is not None:
                    self.wrong(i + 1, "a second exit status")
                else:
                    status = int(number[1])
            else:
                out.append(row)
        return Step(line, prompt, text, argv, out, err, status or 0, start + 1, stop)

    def _words(self, line, prompt, text):
        try:
            argv = text.split() if prompt == OPENBOOT else words(text.removeprefix(OUTSIDE))
        except ValueError as fault:
            self.wrong(line, f"{fault}: {text}")
            return ["?"]
        if prompt == OPENBOOT:
            if argv[0] not in AT_OPENBOOT:
                self.wrong(line, f"unknown command at the ok prompt: {argv[0]}")
        elif argv[0] == "sdxsim":
            if argv[1:2] == [] or argv[1] not in VERBS:
                self.wrong(line, f"of sdxsim a runbook can only use {', '.join(VERBS)}: {text}")
        elif argv[0] not in COMMANDS and argv[0] not in STANDINS and argv != HOME:
            self.wrong(line, f"unknown command: {argv[0]} (commands of the host are never run)")
        return argv
