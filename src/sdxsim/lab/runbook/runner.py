"""Running a runbook: each command on the stage, its exit status, output and prompt compared.

A comparison that fails does not end the run, for the lab's state is what it is; an exit status or a
prompt that is not as expected does, for then it is not.
"""

import time

from ...model.clock import LATEST
from ...model.queries import ends, halted, the_node
from ...model.record import Record
from ...model.status import FROZEN
from ...rules.copying import settle
from ..clockwork import spoken
from .dialect import OPENBOOT
from .expectation import lines_of, matches

TRIES = 10_000  # of a poll on a frozen clock, about; `every` is made longer if there were to be more

PASSED, FAILED, SKIPPED, UPDATED = "passed", "failed", "not run", "updated"


class Result(Record, fields="block step verdict why out err status seconds", defaults=("", (), (), 0, 0.0)):
    """What became of a step: `why` in a sentence if it failed, what it printed as lines, its exit status.

    `seconds` of the host's time.
    """

    __slots__ = ()

    def ends_the_run(self):
        """True when what follows could only fail too."""
        return self.verdict == FAILED and (not self.step.argv or self.status != self.step.status)


def run(book, stage, watch=lambda block, step: None):
    """The Results of every step of `book` on `stage`, in order; `watch` is told of each step before it runs."""
    results, over = [], False
    for block in book.blocks:
        for step in block.steps:
            if over:
                results.append(Result(block, step, SKIPPED))
                continue
            watch(block, step)
            begun = time.monotonic()
            result = _polled(stage, block, step) if block.until else _ran(stage, block, step)
            results.append(result._replace(seconds=time.monotonic() - begun))
            over = result.ends_the_run()
    return results


def _ran(stage, block, step):
    if not step.argv or step.prompt == OPENBOOT:
        wrong = _prompt(stage, step, block.node)
        if wrong or not step.argv:
            return Result(block, step, FAILED if wrong else PASSED, wrong, status=None)
    outcome = stage.execute(step.argv, block.node)
    out, err = lines_of(outcome.stdout), lines_of(outcome.stderr)
    why = _difference(step, out, err, outcome.status)
    return Result(block, step, FAILED if why else PASSED, why, out, err, outcome.status)


def _prompt(stage, step, name):
    """What is wrong with the prompt of the node of that name (None: the lab's first), or ""."""
    lab, _ = stage.look()
    if name and name not in lab.nodes:
        return ""  # the command itself says so
    node = the_node(lab, name)
    if (step.prompt == OPENBOOT) == halted(node):
        return ""
    return f"{node.name} is halted at the ok prompt" if halted(node) else f"{node.name} is up, not at the ok prompt"


def _difference(step, out, err, status):
    if status != step.status:
        return f"exit status {status}, expected {step.status}"
    if not matches(step.out, out):
        return "printed something else" if step.out else "printed something, but nothing is expected"
    if not matches(step.err, err, tolerant=False):
        return "printed something else on standard error" if step.err else "printed something on standard error"
    return ""


# -- polling ---------------------------------------------------------------------------------------------------------


def _polled(stage, block, step):
    lab, begun = stage.look()
    deadline, first = min(begun + block.until, max(begun, LATEST)), True
    while True:
        if lab.clock.mode == FROZEN:
            then = _worth_a_try(stage, block, step, deadline, first)
            if then > stage.look()[1]:
                stage.move_to(then)
        result, first = _ran(stage, block, step), False
        lab, now = stage.look()
        if result.verdict == PASSED:
            return result
        if now >= deadline:
            return result._replace(why=f"{result.why} (tried for {spoken(now - begun)} of virtual time)")
        if lab.clock.mode != FROZEN:
            time.sleep(max(1, min(block.every, deadline - now)) / 1000 / lab.clock.speed)


def _worth_a_try(stage, block, step, deadline, first):
    """The moment on a frozen clock at which the command matches, or changes something, or the deadline.

    Found on a look ahead in memory, so that however often is tried, the lab is moved there once. The
    present moment only on the `first` try.
    """
    ahead = stage.ahead()
    every = max(block.every, (deadline - ahead.look()[1]) // TRIES)
    if not first:
        _pass_time(ahead, step, every, deadline)
    while True:
        before, now = ahead.look()
        passed = _ran(ahead, block, step).verdict == PASSED
        if passed or now >= deadline or ahead.look()[0] is not before:
            return now
        _pass_time(ahead, step, every, deadline)


def _pass_time(stage, step, every, deadline):
    lab, now = stage.look()
    stage.move_to(min(deadline, _next_moment(lab, now, step, every) or deadline))


def _next_moment(lab, now, step, every):
    """When to try again on a frozen clock: when a copy ends, and every `every` ms if more can change by itself.

    None: nothing will change. A table of sdxinfo changes when a copy ends or a fault is due and not between,
    unless it shows how far the copy is; so an hour of polling costs a few tries. What shows the clock changes
    always.
    """
    coming = [end for end in map(ends, settle(lab, now).copies) if end is not None]
    coming += [at for at, *_ in lab.faults if at > now]
    still = step.argv[0] == "sdxinfo" and not any("long" in word for word in step.argv[1:])
    shows_time = step.argv[:2] in (["sdxsim", "clock"], ["sdxsim", "status"])
    return min([*coming, now + every] if shows_time or (coming and not still) else coming, default=None)
