"""Faults at a file call of a command: killed there, an error there, a signal there."""

import errno
import itertools
import os
import signal

from .hook import ERR, OUT

ERRORS = ("EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EINTR", "EMFILE", "ENOMEM")
SYNCS = ("fsync", "fdatasync")


def points(experiment, every=False, alike=False):
    """The numbers of the calls worth a fault: those that change the disk, sync it, lock or speak; or every one.

    A lab's thirty commands in bin/ are written alike: of these the first and the last, unless `alike`.
    """
    calls = experiment.calls
    scripts = sorted({_script(c) for c in calls if _script(c)}, key=[_script(c) for c in calls].index)
    dull = set() if alike else set(scripts[1:-1])
    told = (*SYNCS, "flock")
    return [
        number
        for number, call in enumerate(calls, 1)
        if _script(call) not in dull and (every or call.changes or call.name in told or call.where in (OUT, ERR))
    ]


def _script(call):
    """Which command in bin/ a call is about, "" for none."""
    inside = (call.where or "").partition("/bin/")[2]
    return inside.partition(".")[0]


def killing(at):
    """A fault: dead before call number `at`."""

    def before(number, _call):
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return before


def failing(at, error, sticky=False, then=None):
    """A fault: call number `at` fails with that error; `sticky`: and every later one; `then`: and that one."""
    code = getattr(errno, error)

    def before(number, call):
        speaks = call.where in (OUT, ERR)
        if number == at:
            before.speaks = speaks
        if number in (at, then) or (sticky and number > at and speaks == before.speaks):
            raise OSError(code, os.strerror(code), call.where)

    return before


def signalled(at, number):
    """A fault: the process gets signal `number` before call number `at`."""

    def before(called, _call):
        if called == at:
            os.kill(os.getpid(), number)

    return before


def kills(experiment, every=False):
    """Kills the command at each point: (points tried, violations)."""
    found, tried = [], points(experiment, every, alike=every)
    for at in tried:
        experiment.fresh()
        run = experiment.run(killing(at))
        fault = f"killed before call {at} ({experiment.calls[at - 1]!r})"
        if run.status != -signal.SIGKILL:
            found.append(f"{experiment.case.line}, {fault}: it lives")
        found += experiment.violations(run, fault, killed=True)
    return len(tried), found


def sampled(experiment, offset=0):
    """[(at, error, sticky, then)]: half of the calls, the errors and kinds in turn.

    `offset` moves the turn on, so that the cases together have them all at each call.
    """
    tried, turn, telling = [], offset, points(experiment)
    for at in points(experiment, every=True):
        if (at + offset) % (2 if at in telling else 6):
            continue  # a failing read is one of few kinds, so fewer of them will do
        error = ERRORS[turn % len(ERRORS)]
        tried.append((at, error, turn // 3 % 2 == 1, None))
        if turn % 5 == 0:  # a pair: the clean-up after the first one fails as well
            tried.append((at, error, False, at + 1 + turn // 5 % 3))
        turn += 1
    return tried


def thorough(experiment):
    """[(at, error, sticky, then)]: every call, every error, once and for good; and all near pairs."""
    every = points(experiment, every=True)
    single = [(at, error, sticky, None) for at, error, sticky in itertools.product(every, ERRORS, (False, True))]
    return single + [(at, "EIO", False, at + more) for at in points(experiment) for more in (1, 2, 3, 4, 5)]


def errors(experiment, tries):
    """Lets calls fail: (faults tried, violations)."""
    found = []
    for at, error, sticky, then in tries:
        experiment.fresh()
        run = experiment.run(failing(at, error, sticky, then))
        call = experiment.calls[at - 1]
        more = " and from there on" if sticky else f" and call {then}" if then else ""
        fault = f"{error} at call {at} ({call!r}){more}"
        crippled = sticky or then is not None
        found += experiment.violations(run, fault, crippled=crippled)
        found += [f"{experiment.case.line}, {fault}: {sentence}" for sentence in _synced_again(run.calls)]
    return len(tries), found


def _synced_again(calls):
    """After a failed fsync the kernel may have dropped the data: one that then succeeds proves nothing."""
    failed = set()
    for call in calls:
        if call.name == "open" and call.creates and call.done:
            failed.discard(call.where)
        if call.name not in SYNCS:
            continue
        if call.where in failed:
            yield f"{call!r} is tried again"
        if not call.done:
            failed.add(call.where)


def signals(experiment, numbers, every=False):
    """Sends each signal before each call: (signals tried, violations)."""
    found, tried = [], list(itertools.product(points(experiment, every), numbers))
    for at, number in tried:
        experiment.fresh()
        run = experiment.run(signalled(at, number))
        fault = f"{signal.Signals(number).name} before call {at} ({experiment.calls[at - 1]!r})"
        died = run.status in (-number, 128 + number)
        found += experiment.violations(run, fault, killed=died)
        if not died and run.status != experiment.ran.status:
            found.append(f"{experiment.case.line}, {fault}: exit status {run.status}")
    return len(tried), found
