"""How the verbs of the lab tool are called: the synopses that its man page has too, and help that is made of them.

Typer knows the options and what they are for; what it would print of arguments is not fit to be read.
"""

SYNOPSES = (
    "init [SCENARIO] [--force] [--real-images]",
    "scenarios",
    "clock show|freeze|resume",
    "clock speed X",
    "clock advance DURATION",
    "wait [--timeout DURATION]",
    "status [--json] [--node NODE]",
    "fault disk NAME fail|io-error|repair|replace [--size BLOCKS] [--at DURATION]",
    "fault path NAME [repair] [--at DURATION]",
    "fault copy-source CLASS VOLUME [--at DURATION]",
    "fault power|panic [NODE] [--at DURATION]",
    "fault comm NODE [repair] [--at DURATION]",
    "fault list",
    "workload start [light|busy]",
    "workload stop|show",
    "live [--end] [--node NODE]",
    "log [-n COUNT] [--json]",
    "undo [N]",
    "history [list] [--json]",
    "history restore N",
    "snapshot save NAME [--force]",
    "snapshot list [--json]",
    "snapshot restore|delete NAME",
    "run RUNBOOK [--scenario S] [--keep] [--junit FILE] [--update]",
    "env [--node NODE]",
    "shell [-c COMMANDS] [--node NODE] [--prefix]",
    "console [--node NODE]",
    "completion bash|zsh|fish",
)


def synopses(words):
    """The lines of SYNOPSES that begin with these words."""
    return [line for line in SYNOPSES if _begins(line.split(), words)]


def _begins(line, words):
    names = [set(word.strip("[]").split("|")) for word in line[: len(words)]]
    return len(names) == len(words) and all(word in alike for word, alike in zip(words, names, strict=True))


class Help:
    """Of a command of typer's: its synopses, what its arguments are, and its options."""

    def format_usage(self, ctx, formatter):
        """The synopses, one below the other."""
        first = "Usage: "
        for line in synopses(ctx.command_path.split()[1:]):
            formatter.write(f"{first:7}sdxsim {line}\n")
            first = ""

    def format_options(self, ctx, formatter):
        """Arguments and options, each with a line about it."""
        parameters = self.get_params(ctx)
        arguments = [(p.metavar, p.help) for p in parameters if p.param_type_name == "argument" and p.help]
        options = [p.get_help_record(ctx) for p in parameters if p.param_type_name == "option"]
        for heading, rows in (("Arguments", arguments), ("Options", [row for row in options if row])):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


def asked(argv):
    """`help VERB` is `VERB --help`."""
    return [*argv[1:], "--help"] if argv[:1] == ["help"] else argv
