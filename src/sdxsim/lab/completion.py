"""What may be typed next: words, options, keywords and names of the lab's own objects.

Read off the synopses, like parsing and usage. `sdxsim complete WORDS...` prints the candidates for
the last word, one a line; the shells' scripts (`sdxsim completion bash`) ask it at each Tab, so it
imports no typer. Nothing is ever complained of here: where there is nothing to offer, nothing is.
"""

from ..model.queries import sees, the_node
from ..words.attributes import ATTRIBUTES
from ..words.grammar import keywords, shape
from ..words.syntax import ATTRIBUTES_OF, COMMANDS, forms_of

# the lab tool's verbs: what each takes, words or a kind of below
VERBS = {
    "init": "scenario",
    "scenarios": (),
    "clock": ("show", "freeze", "resume", "speed", "advance"),
    "wait": ("--timeout",),
    "status": ("--json", "--node"),
    "run": "runbook",
    "fault": ("disk", "path", "copy-source", "power", "panic", "comm", "list", "--size", "--at"),
    "workload": ("start", "stop", "show", "light", "busy"),
    "log": ("-n", "--json"),
    "undo": (),
    "history": ("list", "restore", "--json"),
    "snapshot": ("save", "list", "restore", "delete", "--json", "--force"),
    "env": ("--node",),
    "live": ("--node", "--end"),
    "shell": ("-c", "--node", "--prefix"),
    "console": ("--node",),
    "completion": ("bash", "zsh", "fish"),
}


def completed(lab, node_name, words):
    """The words that the last of `words` (words[0] is the command) can become; `lab` None when there is none."""
    command, partial = words[0], words[-1]
    if command == "sdxsim":
        found = _verb(words[1:])
    elif command in COMMANDS:
        found = _sdx(lab, node_name, command, words[1:])
    else:
        found = []
    return [word for word in dict.fromkeys(found) if word.startswith(partial)]


def _verb(words):
    if len(words) == 1:
        return VERBS
    takes = VERBS.get(words[0], ())
    if takes == "scenario":
        from .scenarios import names

        return ["--force", "--real-images", *(name for name, _ in names())]
    if takes == "runbook":
        from .runbook.shelf import names

        return ["--scenario", "--keep", "--junit", "--update", *names()]
    return takes


def _sdx(lab, node_name, command, words):
    plans = [(form, shape(form.synopsis)) for form in forms_of(command)]
    if any(plan.word for _, plan in plans):
        if len(words) == 1:
            return [plan.word for _, plan in plans]
        plans = [(form, plan) for form, plan in plans if plan.word == words[0]]
        words = words[1:]
    plans = _possible(plans, words[:-1])
    before = words[-2] if len(words) > 1 else ""
    if before.startswith("-"):
        letter = before[-1]
        valued = [(form, plan.options[letter][0]) for form, plan in plans if letter in plan.options]
        if valued:
            return [v for form, printed in valued for v in _value(lab, node_name, form, letter, printed, words[-1])]
    given = {letter for word in words[:-1] if word.startswith("-") for letter in word[1:]}
    return [
        f"-{letter}"
        for _, plan in plans
        for letter in (*plan.flags, *plan.options, *plan.cluster)
        if letter not in given
    ]


def _possible(plans, words):
    """The forms that what was typed so far can still become."""
    flags = {letter for _, plan in plans for letter in plan.flags}
    chosen = {w[1] for w in words if len(w) == 2 and w[0] == "-" and w[1] in flags}
    return [(form, plan) for form, plan in plans if chosen <= set(plan.flags)]


def _value(lab, node_name, form, letter, printed, partial):
    """Candidates for an option's value, the part before the last comma kept."""
    kept, comma, _ = partial.rpartition(",")
    kept += comma
    if comma and "," not in printed:
        return []
    if printed.startswith("attribute="):
        table = ATTRIBUTES.get(ATTRIBUTES_OF.get(form.id), {})
        return [kept + word for name, (values, _) in table.items() for word in _pair(name, values)]
    if letter in "ex":
        return [kept + word for word in _keyword(lab, printed)]
    used = set(kept.split(","))
    kind = printed.partition(",")[0].partition("=")[0].partition("[")[0]
    return [kept + name for name in names(lab, node_name, kind, form.id) if name not in used]


def _pair(name, values):
    return [f"{name}={value}" for value in values] if isinstance(values, tuple) else [f"{name}="]


def _keyword(lab, printed):
    known, _, _ = keywords(printed)
    values = {"val": ("rw", "ro"), "node": tuple(lab.nodes) if lab else ()}
    for word, value in known.items():
        ways = values.get(value.partition(":")[0], ("",)) if value else ()
        yield from [word] if value is None else [f"{word}={way}" for way in ways]


def names(lab, node_name, kind, form_id=""):
    """The names of the lab's objects that a synopsis calls `kind`."""
    if lab is None or (node_name and node_name not in lab.nodes):
        return []
    node = the_node(lab, node_name)
    classes = [k for k in lab.classes.values() if node.name in k.scope]
    if form_id.startswith("shadow") or form_id not in ("", "info", "info.io"):  # sdxinfo alone knows both kinds
        classes = [k for k in classes if k.shadow == form_id.startswith("shadow")]
    if kind == "class":
        return [k.name for k in classes]
    if kind == "device" and form_id.startswith("shadow"):
        known = {d.device for k in lab.classes.values() if node.name in k.scope for d in k.disks.values()}
        return [d.name for d in lab.devices.values() if d.label and d.name not in known and sees(node, d)]
    if kind == "device":
        registered = {d.device for k in lab.classes.values() for d in k.disks.values()}
        return [d.name for d in lab.devices.values() if d.name not in registered and sees(node, d)]
    return [name for klass in classes for name in _KINDS.get(kind, lambda k, f: ())(klass, form_id)]


def _proxies(klass, form_id):
    """Join and Relate name what is no proxy yet, the other words what is one."""
    related = [r.proxy for r in klass.relations]
    if form_id in ("proxy.join", "proxy.relate"):
        return [name for name in (*klass.groups, *klass.volumes) if name not in related]
    return related


_KINDS = {
    "group": lambda klass, _: list(klass.groups),
    "hgroup": lambda klass, _: list(klass.groups),
    "lgroup": lambda klass, _: list(klass.groups),
    "disk": lambda klass, _: list(klass.disks),
    "volume": lambda klass, _: list(klass.volumes),
    "mvol": lambda klass, _: list(klass.volumes),
    "master": lambda klass, _: [*klass.groups, *klass.volumes],
    "proxy": _proxies,
    "slice": lambda klass, _: [f"{s.member}.{v.name}" for v in klass.volumes.values() for s in v.slices],
    "object": lambda klass, _: [*klass.disks, *klass.groups, *klass.volumes],
}

# -- the shells ------------------------------------------------------------------------------------------------

_ALL = (*COMMANDS, "sdxsim")


def script(shell):
    """The completion script of a shell: bash, zsh or fish."""
    if shell == "bash":
        return _bash()
    if shell == "zsh":
        return (
            f"#compdef {' '.join(_ALL)}\n"
            "_sdxsim() {\n"
            "    local -a found\n"
            '    found=("${(@f)$(sdxsim complete "${(@)words[1,CURRENT]}" 2>/dev/null)}")\n'
            "    compadd -S '' -- ${found:#}\n"
            "}\n"
            f"compdef _sdxsim {' '.join(_ALL)}\n"
        )
    asked = "sdxsim complete (commandline -opc) (commandline -ct | string collect --allow-empty)"
    return "".join(f"complete -c {name} -f -a '({asked})'\n" for name in _ALL)


def _bash():
    # bash breaks words at = and : too, and wants back only what comes behind the last of them
    return (
        "_sdxsim() {\n"
        "    local IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT} last\n"
        "    local -a typed\n"
        '    read -ra typed <<<"$line"\n'
        '    [[ $line == *[[:blank:]] ]] && typed+=("")\n'
        "    last=${typed[${#typed[@]}-1]}\n"
        "    IFS=$'\\n'\n"
        '    COMPREPLY=($(sdxsim complete "${typed[@]}" 2>/dev/null))\n'
        '    [[ $last == *[=:]* ]] && COMPREPLY=("${COMPREPLY[@]#"${last%"${last##*[=:]}"}"}")\n'
        "    [[ ${COMPREPLY[0]} == *[=,] || $last == *,* ]] && compopt -o nospace\n"
        "}\n"
        f"complete -F _sdxsim {' '.join(_ALL)}\n"
    )


def answer(environ, words):
    """What `sdxsim complete WORDS...` prints."""
    from ..store.place import place
    from ..store.trouble import Trouble
    from ..turn import seen

    if not words:
        return ""
    try:
        lab, _ = seen(place(environ))
    except Trouble:
        lab = None
    words = [words[0].rpartition("/")[2], *words[1:]]
    return "".join(f"{word}\n" for word in completed(lab, environ.get("SDXSIM_NODE"), words))
