"""The budgets of the design, and whether a measurement meets them. Reported, never asserted."""

from collections import namedtuple

Budget = namedtuple("Budget", "name unit most then needed", defaults=(None, ""))
"""At most `most` of `unit`, then (the aim) `then`; of a rate at least. `needed`: what would help where it is missed."""

_START = "a helper process that stays, or fewer modules to load (bench/startup, tests/house/test_imports.py)"
_SIZE = "a document a class instead of one a lab (docs/scale.md), or a faster processor: nearly all is JSON and records"

READER = Budget("sdxinfo on backing-up", "x python -c pass", 2.5, 2.0, _START)
WRITER = Budget("a mutating command on backing-up", "x python -c pass", 6.0, 3.0, f"a disk that syncs faster, {_START}")
SLICES = Budget("sdxinfo on 8,192 slices", "x python -c pass", 10.0, None, _SIZE)
LARGE = Budget("any command on 10,000 volumes", "s", 0.5, None, _SIZE)
CROWD = Budget("16 writers x 60 commands, p99", "s", 1.0, None, "more or quieter processors, or a faster disk")
RUNNER = Budget("the runner in process", "commands/s", 1000, None, "a quieter or faster processor: all of it is Python")
ALL = (READER, WRITER, SLICES, LARGE, CROWD, RUNNER)


def verdict(budget, value):
    """What became of a budget, in words: where it is missed by how much, and what would be needed."""
    more = budget is RUNNER
    known = [limit for limit in (budget.most, budget.then) if limit is not None]
    kept = [value >= limit if more else value <= limit for limit in known]
    bound = "at least" if more else "at most"
    limits = ", then ".join(f"{limit:g}" for limit in known)
    word = "met" if all(kept) else ("met first, missed then" if kept[0] else "missed")
    if all(kept):
        return f"{word}: {bound} {limits} {budget.unit}"
    limit = next(limit for limit, is_kept in zip(known, kept, strict=True) if not is_kept)
    by = f"by {abs(value - limit):.2f} ({abs(value - limit) / limit:.0%})"
    return f"{word}, {by}: {bound} {limits} {budget.unit}; needed: {budget.needed}"
