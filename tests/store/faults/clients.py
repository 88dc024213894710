"""Clients that type commands at one lab at once, and are killed at random; what they saw.

The clock is the witness: `sdxsim clock advance Ns`, N typed once only, prints the sum of all that was
added so far, and `clock show` the sum a reader saw. What was applied, and in which order, is read from
the operations that the lab's documents name.
"""

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import namedtuple

from sdxsim.model.calendar import moment
from sdxsim.store.history import backwards, document
from sdxsim.store.lab import look

from .process import ran

LONGEST = 1000  # s that one command adds at most; the sum stays within a month


class Event(namedtuple("Event", "client seconds called returned status printed err")):
    """One command: what it added (0: a reader), when it was called and returned, its exit status, the sum printed."""

    __slots__ = ()

    @property
    def known(self):
        return self.status == 0


def operations(path):
    """The operations that made the lab at `path` what it is, oldest first: [(its number, argv)].

    The one place of this suite that knows how a history is kept.
    """
    found = []
    for kept in reversed(list(backwards(path))):
        assert kept.intact, kept
        found.append((kept.number, document(path, kept.number).op["argv"]))
    opened = look(path)
    opened.close()
    return [*found, (opened.document.seq, opened.document.op["argv"])]


def sum_shown(text, start):
    """How many seconds after `start` (ms) the clock stands that `sdxsim clock` printed."""
    date, clock = text.split(",")[0].split()[:2]
    year, month, day = map(int, date.split("-"))
    at = moment(start)
    hours, minutes, seconds = map(int, clock.split(":"))
    days = (_days(year, month, day)) - _days(at.year, at.month, at.day)
    return days * 86400 + (hours - at.hour) * 3600 + (minutes - at.minute) * 60 + seconds - at.second


def _days(year, month, day):
    import datetime

    return datetime.date(year, month, day).toordinal()


def together(path, clients, commands, seed, kills=0.3, processes=False):
    """(the clock before, [Event]) of that many clients, each typing that many commands.

    `processes`: real ones, started from nothing.

    Of the commands 30 in 100 read. `kills`: the share that is killed, at a random moment.
    """
    opened = look(path)
    opened.close()
    start = opened.document.lab.clock.virtual
    pipes = []
    for client in range(clients):
        out, into = os.pipe()
        if not os.fork():
            status = 1
            try:
                os.close(out)
                found = _client(path, client, clients, commands, random.Random(seed * 1000 + client), kills, processes, start)
                with os.fdopen(into, "wb") as file:
                    pickle.dump(found, file)
                status = 0
            finally:
                os._exit(status)
        os.close(into)
        pipes.append(out)
    events = []
    for out in pipes:
        with os.fdopen(out, "rb") as file:
            events += pickle.load(file)
    for _ in pipes:
        os.wait()
    return start, events


def _client(path, client, clients, commands, chance, kills, processes, start):
    events, typical = [], 0.01
    for n in range(commands):
        # no two commands of a history add the same
        seconds = 0 if chance.random() < 0.3 else 1 + client + clients * n
        argv = ["sdxsim", "clock", "show"] if not seconds else ["sdxsim", "clock", "advance", f"{seconds}s"]
        delay = chance.random() * 2 * typical if chance.random() < kills else None
        called = time.monotonic_ns()
        status, out, err = (_typed if processes else _forked)(argv, path, delay)
        returned = time.monotonic_ns()
        if status == 0:
            typical = (returned - called) / 1e9
        events.append(Event(client, seconds, called, returned, status, sum_shown(out, start) if status == 0 else None, err))
    return events


def _forked(argv, path, delay):
    """A fork of this process; the alarm that kills it is its own."""

    def prepare():
        if delay is not None:
            signal.setitimer(signal.ITIMER_REAL, max(delay, 1e-4))

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    run = ran(argv, path, prepare=prepare, clock=None)
    return run.status, run.out, run.err


def _typed(argv, path, delay):
    environ = {"PATH": "/usr/bin:/bin", "HOME": "/", "SDXSIM_STATE": str(path), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-m", "sdxsim", *argv], env=environ, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    try:
        out, err = process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return process.returncode, out, err


def violations(start, events, path, before):
    """Where the history is not linearizable. `before`: how many operations there were when it began."""
    found = []
    applied = operations(path)
    if [number for number, _ in applied] != list(range(1, len(applied) + 1)):
        found.append("the documents are not numbered one after another")
    order = [int(argv[3][:-1]) for _, argv in applied[before:] if argv[:3] == ["sdxsim", "clock", "advance"]]
    if len(order) != len(applied) - before:
        found.append("an operation nobody asked for")
    typed = {event.seconds: event for event in events if event.seconds}
    found += [f"{s}s was applied {order.count(s)} times" for s in set(order) if order.count(s) > 1]
    found += [f"{s}s was applied, and nobody typed it" for s in set(order) - typed.keys()]
    sums, place = {0: 0}, {}
    for position, seconds in enumerate(order, 1):
        place[seconds] = position
        sums[_last(sums) + seconds] = position
    for event in events:
        if "Traceback" in event.err:
            found.append(f"a traceback: {event.err[-300:]}")
        if event.status not in (0, -signal.SIGKILL, -signal.SIGALRM):
            found.append(f"{event.seconds}s failed: {event.status} {event.err}")
        if event.known and event.seconds and event.seconds not in place:
            found.append(f"{event.seconds}s was acknowledged and is lost")
        if event.known and event.printed not in sums:
            found.append(f"{event.seconds}s printed a sum that never was: {event.printed}")
        elif event.known and event.seconds and sums[event.printed] != place.get(event.seconds):
            found.append(f"{event.seconds}s printed another command's sum")
    return found + _out_of_order([e for e in events if e.known and e.printed in sums], sums)


def _last(sums):
    return next(reversed(sums))


def _out_of_order(events, sums):
    """Whatever returned before another was called stands before it (or with it, if either only read)."""
    found, newest = [], 0
    moments = [(e.called, 1, e) for e in events] + [(e.returned, 0, e) for e in events]
    floor = {}
    for _, is_call, event in sorted(moments, key=lambda m: m[:2]):
        if is_call:
            floor[id(event)] = newest
            continue
        position = sums[event.printed]
        if position < floor[id(event)] or (event.seconds and position == floor[id(event)]):
            found.append(f"client {event.client} saw {position}, others had seen {floor[id(event)]} before it began")
        newest = max(newest, position)
    return found


def latency(events):
    """(median, 99th percentile, longest) of what was not killed, in seconds."""
    took = sorted((e.returned - e.called) / 1e9 for e in events if e.known)
    return took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)], took[-1]
