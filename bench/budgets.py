"""The budgets of the design, and whether a measurement meets them. Reported, never asserted."""

from collections import namedtuple

Budget = namedtuple("Budget", "name unit most then", defaults=(None,))
"""At most `most` of `unit`, then (the aim) `then`; of a rate at least."""

READER = Budget("sdxinfo on backing-up", "x python -c pass", 2.5, 2.0)
WRITER = Budget("a mutating command on backing-up", "x python -c pass", 6.0, 3.0)
SLICES = Budget("sdxinfo on 8,192 slices", "x python -c pass", 10.0)
LARGE = Budget("any command on 10,000 volumes", "s", 0.5)
RUNNER = Budget("the runner in process", "commands/s", 1000)
ALL = (READER, WRITER, SLICES, LARGE, RUNNER)


def verdict(budget, value):
    """What became of a budget, in words."""
    more = budget is RUNNER
    known = [limit for limit in (budget.most, budget.then) if limit is not None]
    kept = [value >= limit if more else value <= limit for limit in known]
    bound = "at least" if more else "at most"
    limits = ", then ".join(f"{limit:g}" for limit in known)
    word = "met" if all(kept) else ("met first, missed then" if kept[0] else "missed")
    return f"{word}: {bound} {limits} {budget.unit}"
