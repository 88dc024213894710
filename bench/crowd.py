"""Many writers at one lab at once: how long one of them waits for its command, from start to end of the process."""

import os
import pickle
import time

import labs
from rounds import Failed, spread

WRITERS, EACH = 16, 60


def crowd(place, words, environ, commits):
    """{what: seconds} of WRITERS processes, each typing EACH commands that change the lab at `place`.

    `words(volume, value)`: the command line; `commits()`: how many changes the lab has seen.
    """
    labs.put(place, labs.lab_of(WRITERS))
    before, begun = commits(), time.perf_counter()
    pipes = []
    for writer in range(1, WRITERS + 1):
        out, into = os.pipe()
        if not os.fork():
            _write(into, lambda turn, writer=writer: words(f"Volume{writer}", ("on", "off")[turn % 2]), environ)
        os.close(into)
        pipes.append(out)
    took = []
    for out in pipes:
        with os.fdopen(out, "rb") as file:
            took += pickle.load(file)
        os.wait()
    seconds = time.perf_counter() - begun
    if None in took or commits() - before != WRITERS * EACH:
        raise Failed(f"{WRITERS} writers: {took.count(None)} commands failed, {commits() - before} changes are there")
    took.sort()
    return {"p50": spread(took).median, "p99": took[len(took) * 99 // 100], "longest": took[-1], "all": seconds,
            "load": round(os.getloadavg()[0], 2)}  # fmt: skip


def _write(into, typed, environ):
    """One writer, a process that ends here; a command that failed took None."""
    took = []
    try:
        for turn in range(EACH):
            line = [str(word) for word in typed(turn)]
            begun = time.perf_counter()
            process = os.posix_spawn(line[0], line, environ)
            status = os.waitpid(process, 0)[1]
            took.append(None if status else time.perf_counter() - begun)
    finally:
        with os.fdopen(into, "wb") as file:
            pickle.dump(took, file)
        os._exit(0)
