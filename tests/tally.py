"""What the fault suite tried: counted while it runs, told at the end of the run (see conftest)."""

ROWS = []  # (what, {noun: number}, violations)


def judged(what, violations, **numbers):
    """Counts an experiment and fails the test that made it when anything was violated."""
    violations = list(violations)
    ROWS.append((what, numbers, len(violations)))
    shown = "\n".join(violations[:12])
    assert not violations, f"{what}: {len(violations)} violations\n{shown}"


def lines():
    """One line an experiment, for the terminal."""
    width = max((len(what) for what, _, _ in ROWS), default=0)
    for what, numbers, violations in ROWS:
        told = ", ".join(f"{number:,} {noun.replace('_', ' ')}" for noun, number in numbers.items())
        yield f"{what:{width}}  {told}, {violations} violations"
