"""What a run came to: diffs for people, a summary line, and JUnit's XML for machines."""

import difflib
from collections import Counter
from xml.sax.saxutils import escape, quoteattr

from ..complaint import shown
from .expectation import written
from .merging import merged
from .runner import FAILED, PASSED, SKIPPED, UPDATED


def corrected(result):
    """The step's expectation as it would have to be for what was printed: (out, err)."""
    step = result.step
    return merged(step.out, list(result.out)), merged(step.err, list(result.err), tolerant=False)


def failure(book, result):
    """Where and why a step failed, with the difference between what was expected and what was printed."""
    step = result.step
    lines = [f"{book.path}:{step.line}: {step.text or step.prompt}: {result.why}"]
    if step.argv and result.status is not None:
        before = written(step.out, step.err, step.status)
        after = written(*corrected(result), result.status)
        lines += difflib.unified_diff(before, after, "expected", "printed", lineterm="")
    return "".join(f"{shown(line)}\n" for line in lines)


def summary(book, results):
    """One line: backing-up: 41 commands, 41 passed."""
    of_commands = Counter(r.verdict for r in results if r.step.argv)
    prompts = sum(r.verdict == FAILED for r in results if not r.step.argv)
    total = sum(of_commands.values())
    parts = [f"{total} command{'' if total == 1 else 's'}", f"{of_commands[PASSED]} passed"]
    parts += [f"{of_commands[verdict]} {verdict}" for verdict in (UPDATED, FAILED, SKIPPED) if of_commands[verdict]]
    if prompts:
        parts.append(f"{prompts} prompt{'' if prompts == 1 else 's'} wrong")
    return f"{book.name}: {', '.join(parts)}\n"


def passed(results):
    """True when nothing is left that differs."""
    return all(result.verdict in (PASSED, UPDATED) for result in results)


# -- JUnit -----------------------------------------------------------------------------------------------------------


def junit(ran):
    """JUnit's XML of [(book, results)]: a test suite a runbook, a test case a step."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>"]
    for book, results in ran:
        parts.append(
            f"<testsuite name={_attribute(book.name)} tests=\"{len(results)}\""
            f" failures=\"{sum(r.verdict == FAILED for r in results)}\""
            f" skipped=\"{sum(r.verdict == SKIPPED for r in results)}\""
            f' errors="0" time="{sum(r.seconds for r in results):.3f}">'
        )
        parts += [_case(book, result) for result in results]
        parts.append("</testsuite>")
    return "\n".join([*parts, "</testsuites>", ""])


def _case(book, result):
    name = f"{result.step.line}: {result.step.text or result.step.prompt}"
    head = f'<testcase classname={_attribute(result.block.heading or book.name)} name={_attribute(name)}'
    head += f' time="{result.seconds:.3f}"'
    if result.verdict == FAILED:
        about = escape(_xml(failure(book, result)))
        return f"{head}><failure message={_attribute(result.why)}>{about}</failure></testcase>"
    if result.verdict == SKIPPED:
        return f"{head}><skipped/></testcase>"
    return f"{head}/>"


def _attribute(text):
    return quoteattr(_xml(text))


def _xml(text):
    """`text` without what XML 1.0 cannot hold: such characters are written as escapes."""
    return "".join(c if c in "\n\t" or c.isprintable() else shown(c) for c in text)
