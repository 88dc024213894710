"""What may be typed next: words, options, keywords and names of the lab's own objects.

Read off the synopses, like parsing and usage. `sdxsim complete WORDS...` prints the candidates for
the last word, one a line; the shells' scripts (`sdxsim completion bash`) ask it at each Tab, that which stands
beside the command that is typed, so it imports no typer. Nothing is ever complained of here: where there is
nothing to offer, nothing is.
"""

import itertools

from ..model.queries import above, sees, the_node
from ..model.record import Record
from ..model.status import SPARE, SWAP, TEMP, TEMP_STOP
from ..words.attributes import ATTRIBUTES, ON_OFF
from ..words.grammar import keywords, shape
from ..words.parameters import PARAMETERS
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
        found = _verb(lab, words[1:])
    elif command in COMMANDS:
        found = _sdx(lab, node_name, command, words[1:])
    else:
        found = []
    return [word for word in dict.fromkeys(found) if word.startswith(partial)]


def _verb(lab, words):
    if len(words) == 1:
        return VERBS
    takes = VERBS.get(words[0], ())
    if words[-2] == "--node":
        return lab.nodes if lab else ()
    if takes == "scenario":
        from .scenarios import names

        return ["--force", "--real-images", *(name for name, _ in names())]
    if takes == "runbook":
        from .runbook.shelf import names

        return ["--scenario", "--keep", "--junit", "--update", *names()]
    if words[0] == "fault" and len(words) > 2 and words[1] in takes:
        return _fault(lab, words[1:]) if lab else ()
    return takes


def _fault(lab, words):
    """What a fault names, and what it does to it."""
    kind, at = words[0], len(words) - 1
    labelled = [f"{klass.name}/{disk}" for klass in lab.classes.values() for disk in klass.disks]
    named = {
        "disk": ([*lab.devices, *labelled], ("fail", "io-error", "repair", "replace"), ("--size",)),
        "path": ([*lab.devices, *labelled], ("repair",)),
        "copy-source": (lab.classes, lab.classes[words[1]].volumes if words[1] in lab.classes else ()),
        "power": (lab.nodes,), "panic": (lab.nodes,), "comm": (lab.nodes, ("repair",)),
    }.get(kind, ())  # fmt: skip
    return [*(named[at - 1] if at <= len(named) else ()), "--at"]


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
            seen = Seen(lab, node_name, _typed(words[:-2]))
            return [v for form, printed in valued for v in _value(seen, form, letter, printed, words[-1])]
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


def _typed(words):
    """{letter: value} of the options before."""
    pairs = itertools.pairwise(words)
    return {word[-1]: value for word, value in pairs if word.startswith("-") and not value.startswith("-")}


class Seen(Record, fields="lab node_name typed"):
    """What there is to be named: the lab (or None), the node (or None), and {letter: value} typed before."""

    __slots__ = ()


def _value(seen, form, letter, printed, partial):
    """Candidates for an option's value, the part before the last comma kept."""
    kept, comma, item = partial.rpartition(",")
    kept += comma
    if comma and "," not in printed:
        return []
    if printed.startswith("attribute="):
        table = ATTRIBUTES.get(ATTRIBUTES_OF.get(form.id), {})
        return [kept + word for name, (values, _) in table.items() for word in _attribute(seen, form, name, values)]
    if letter in "ex":
        return [kept + word for word in _keyword(seen.lab, printed)]
    first = printed.replace("[,", ",").partition(",")[0].replace("[", "").replace("]", "")
    left_kind, pair, right = first.partition("=")
    left, equals, rest = item.partition("=")
    if pair and equals:
        before, _, _ = rest.rpartition(":")
        kinds = right.split(":")
        at = rest.count(":")
        found = names(seen, kinds[at], form.id) if at < len(kinds) else ()
        return [f"{kept}{left}={before + ':' if before else ''}{name}" for name in found]
    used = {word.partition("=")[0] for word in kept.split(",")}
    return [kept + name + pair for name in names(seen, left_kind, form.id) if name not in used]


def _attribute(seen, form, name, values):
    if isinstance(values, str):
        found = names(seen, "actdisk" if name == "actdisk" else values, form.id) if name != "name" else ()
        values = found or ("",)
    return [f"{name}={value}" for value in values]


def _keyword(lab, printed):
    known, _, _ = keywords(printed)
    values = {"val": ("rw", "ro"), "node": tuple(lab.nodes) if lab else ()}
    for word, value in known.items():
        ways = values.get(value.partition(":")[0], ("",)) if value else ()
        yield from [word] if value is None else [f"{word}={way}" for way in ways]


def names(seen, kind, form_id=""):
    """What stands in the lab for what a synopsis calls `kind`: names of objects, of the class typed if there is one."""
    lab = seen.lab
    if kind in _WORDS:
        return _WORDS[kind]
    if lab is None or (seen.node_name and seen.node_name not in lab.nodes):
        return []
    node = the_node(lab, seen.node_name)
    if kind == "scope":
        return [":".join(lab.nodes)] if len(lab.nodes) > 1 else []
    classes = [k for k in lab.classes.values() if node.name in k.scope]
    if form_id.startswith("shadow") or form_id not in ("", "info", "info.io"):  # sdxinfo alone knows both kinds
        classes = [k for k in classes if k.shadow == form_id.startswith("shadow")]
    if kind == "class":
        return [k.name for k in classes]
    if kind == "device" and form_id.startswith("shadow"):
        known = {d.device for k in lab.classes.values() if node.name in k.scope for d in k.disks.values()}
        return [d.name for d in lab.devices.values() if d.label and d.name not in known and sees(node, d)]
    if kind in ("device", "newdevice"):
        registered = {d.device for k in lab.classes.values() for d in k.disks.values()}
        return [d.name for d in lab.devices.values() if d.name not in registered and sees(node, d)]
    classes = [k for k in classes if k.name == seen.typed.get("c", k.name)]
    return [name for klass in classes for name in _KINDS.get(kind, lambda k, f, t: ())(klass, form_id, seen.typed)]


_WORDS = {"jrm": ON_OFF, "pslice": ON_OFF, "type": ("keep", "single", "spare", "undef"), "param": tuple(PARAMETERS),
          "num": tuple("01234567"), "iotimeout": ON_OFF, "NoRdchk": ("NoRdchk",)}  # fmt: skip


def _members(klass, name):
    return klass.groups[name].members if name in klass.groups else ()


def _disks(klass, form_id, typed):
    """Those that the form is for: outside groups to be connected, of the group named to be disconnected."""
    if form_id in ("disk.connect", "shadowdisk.connect"):
        return [d.name for d in klass.disks.values() if d.group is None and d.type != SPARE]
    if form_id in ("disk.disconnect", "shadowdisk.disconnect") and typed.get("g") in klass.groups:
        return [name for name in _members(klass, typed["g"]) if name in klass.disks]
    if form_id == "swap.in":
        return [d.name for d in klass.disks.values() if d.status == SWAP]
    return list(klass.disks)


def _lower(klass, form_id, typed):
    """Groups that are in none to be connected, those of the group named to be disconnected."""
    if form_id.endswith(".disconnect") and typed.get("h") in klass.groups:
        return [name for name in _members(klass, typed["h"]) if name in klass.groups]
    return [name for name in klass.groups if above(klass, name) is None and name != typed.get("h")]


def _proxies(klass, form_id, typed):
    """Join and Relate name what is no proxy yet, the other words what is one."""
    related = [r.proxy for r in klass.relations]
    if form_id in ("proxy.join", "proxy.relate"):
        return [name for name in (*klass.groups, *klass.volumes) if name not in related and name != typed.get("m")]
    return related


def _masters(klass, form_id, typed):
    """Root names groups and volumes that are masters, Join and Relate those that may be."""
    related = [r.proxy for r in klass.relations]
    if form_id.startswith("proxy.root"):
        return [r.master for r in klass.relations]
    return [name for name in (*klass.groups, *klass.volumes) if name not in related and name != typed.get("p")]


def _slices(klass, form_id, typed):
    """Those that are detached: there is nothing to be done with the others by name."""
    all_of = [(v, s) for v in klass.volumes.values() for s in v.slices]
    return [f"{s.member}.{v.name}" for v, s in all_of if s.status in (TEMP, TEMP_STOP)]


_KINDS = {
    "group": lambda klass, form_id, typed: list(klass.groups),
    "hgroup": lambda klass, form_id, typed: list(klass.groups),
    "lgroup": _lower,
    "disk": _disks,
    "actdisk": lambda klass, form_id, typed: _members(klass, typed.get("g")) or klass.disks,
    "volume": lambda klass, form_id, typed: list(klass.volumes),
    "mvol": lambda klass, _, typed: [v.name for v in klass.volumes.values() if typed.get("m", v.group) == v.group],
    "master": _masters,
    "proxy": _proxies,
    "slice": _slices,
    "object": lambda klass, form_id, typed: [*klass.disks, *klass.groups, *klass.volumes],
}

# -- the shells ------------------------------------------------------------------------------------------------

_ALL = (*COMMANDS, "sdxsim")
FILES = ("sdxconfig", "sdxsim")  # take files too: where nothing else is offered, those of the shell's directory are


def script(shell):
    """The completion script of a shell: bash, zsh or fish."""
    if shell == "bash":
        return _bash()
    if shell == "zsh":
        return (
            f"#compdef {' '.join(_ALL)}\n"
            "_sdxsim() {\n"
            "    local -a found\n"
            "    local ask=sdxsim\n"
            "    [[ $words[1] == */* ]] && ask=${~words[1]:h}/sdxsim\n"
            '    found=("${(@f)$($ask complete "${(@)words[1,CURRENT]}" 2>/dev/null)}")\n'
            "    found=(${found:#})\n"
            f"    if (( ! $#found )) && [[ ${{words[1]:t}} == ({'|'.join(FILES)}) ]]; then _files; return; fi\n"
            "    compadd -S '' -- $found\n"
            "}\n"
            f"compdef _sdxsim {' '.join(_ALL)}\n"
        )
    asked = (
        "function _sdxsim\n"
        "    set -l words (commandline -opc)\n"
        "    set -l ask sdxsim\n"
        "    string match -q '*/*' -- $words[1]; and set ask (string replace -r '[^/]*$' sdxsim -- $words[1])\n"
        "    type -q $ask; and $ask complete $words (commandline -ct)\n"
        "end\n"
    )
    every = (f"complete -c {name} {'' if name in FILES else '-f '}-a '(_sdxsim)'\n" for name in _ALL)
    return asked + "".join(every)


def _bash():
    # bash breaks words at = and : too, and wants back only what comes behind the last of them
    return (
        "_sdxsim() {\n"
        "    local IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT} last ask=sdxsim\n"
        "    local -a typed\n"
        '    read -ra typed <<<"$line"\n'
        '    [[ $line == *[[:blank:]] ]] && typed+=("")\n'
        "    last=${typed[${#typed[@]}-1]}\n"
        "    [[ ${typed[0]} == */* ]] && ask=${typed[0]%/*}/sdxsim ask=${ask/#\\~\\//$HOME/}\n"
        "    IFS=$'\\n'\n"
        '    COMPREPLY=($("$ask" complete "${typed[@]}" 2>/dev/null))\n'
        f"    [[ ! $COMPREPLY && ${{typed[0]##*/}} == @({'|'.join(FILES)}) ]] && compopt -o default\n"
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
