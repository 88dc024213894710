"""What was found, as a table for people."""

from rows import SECTIONS

from sdxsim.words.syntax import COMMANDS


def text(found):
    """The whole report."""
    lines = [
        "Python {python}, {machine}, load {load}, {date}, {rounds} rounds, labs in {labs}".format(**found["about"]),
        "ratio: to `python -c pass` in the same round; medians, and where the quiet and the slow tenth end",
        "",
        f"{'':58}{'':10}{'ms':>8}{'p10..p90':>16}{'ratio':>8}{'p10..p90':>14}",
    ]
    if found["about"]["busy"]:
        lines.insert(2, "more is running here than there are processors: the ratios hold, ms and seconds do not")
    section = ""
    for row in found["rows"]:
        here = SECTIONS.get(row["lab"], row["lab"])
        if here != section:
            section = here
            lines.append(f"{section}:")
        lines.append(f"  {row['name'][:56]:56}{row['kind']:10}{_cells(row['ms'], 1)}{_cells(row['ratio'], 2)}")
    lines += [f"  {one['name']:56}absent: {one['why']}" for one in found["absent"]]
    if found["runner"]:
        lines += ["", "runner, in process: {median:,.0f} commands/s ({p10:,.0f}..{p90:,.0f})".format(**found["runner"])]
        lines += [f"no row for {command}" for command in COMMANDS if not _has(found["rows"], command)]
    if found["crowd"]:
        told = "p50 {p50:.2f} s, p99 {p99:.2f} s, longest {longest:.2f} s, all in {all:.0f} s; load {load}"
        lines += ["", "16 writers x 60 commands at one lab: " + told.format(**found["crowd"])]
    lines.append("")
    lines += [f"{one['name']:34}{one['value']:8.2f}  {one['verdict']}  ({one['row']})" for one in found["budgets"]]
    return "\n".join(lines)


def _has(rows, command):
    return any(row["name"].split()[0] == command for row in rows)


def _cells(values, digits):
    middle, low, high = (f"{values[key]:.{digits}f}" for key in ("median", "p10", "p90"))
    return f"{middle:>8}{low + '..' + high:>{17 - digits}}"
