"""Words of OpenBoot's ok prompt: its variables, device aliases, what it shows. Source: solaris.md 4.2.

What a lab cannot do though OpenBoot can is said so; any other word is answered as OpenBoot does.
"""

from ..model.outcome import Outcome
from ..model.queries import sees, with_node
from ..solaris import nvram
from ..words.solaris import text
from . import NOT_SIMULATED, boot

UNKNOWN = 1  # exit status of what is not done (ours: the prompt has none)
LETTERS = "abcdefghijklmnop"  # that show-disks offers, q is for none


def run(lab, node, words, now):
    """The word and what is typed behind it."""
    word, arguments = words[0], words[1:]
    if word == "boot":
        return boot.run(lab, node, arguments, now)
    if word in NOT_SIMULATED:
        return Outcome(lab, "", text("obp.not", word=word), UNKNOWN)
    if word not in _WORDS:
        return _unknown(lab, word)
    return _WORDS[word](lab, node, arguments, now)


def _unknown(lab, word):
    return Outcome(lab, text("obp.unknown", word=word), "", UNKNOWN)


# -- variables -------------------------------------------------------------------------------------------


def _printenv(lab, node, arguments, now):
    if arguments:
        value = nvram.value(node, arguments[0])
        return _unknown(lab, arguments[0]) if value is None else Outcome(lab, _variable(arguments[0], value))
    rows = []
    for name in nvram.names(node):
        first = _lines(nvram.value(node, name))[0]
        rows.append(text("obp.row", name=name, value=first, default=nvram.FACTORY.get(name, "")).rstrip() + "\n")
    return Outcome(lab, text("obp.header") + "".join(rows))


def _variable(name, value):
    lines = _lines(value)
    more = "".join(text("obp.more", line=line) for line in lines[1:])
    return (text("obp.variable", name=f"{name} =", value=lines[0])).rstrip() + "\n" + more


def _lines(value):
    return value.removesuffix("\n").split("\n")


def _setenv(lab, node, arguments, now):
    if len(arguments) < 2:
        return Outcome(lab, text("obp.usage", usage="setenv option-name value"), "", UNKNOWN)
    name, value = arguments[0], " ".join(arguments[1:])
    if nvram.value(node, name) is None:
        return _unknown(lab, name)
    if not nvram.valid(name, value):
        return Outcome(lab, text("obp.bad_value", name=name), "", UNKNOWN)
    return Outcome(_with(lab, node, **{name: value}), _variable(name, value))


def _set_default(lab, node, arguments, now):
    if len(arguments) != 1:
        return Outcome(lab, text("obp.usage", usage="set-default option-name"), "", UNKNOWN)
    if nvram.value(node, arguments[0]) is None:
        return _unknown(lab, arguments[0])
    return Outcome(_with(lab, node, **{arguments[0]: None}))


def _set_defaults(lab, node, arguments, now):
    """All but nvramrc and what only the next reset forgets."""
    return Outcome(_with(lab, node, **{name: None for name in nvram.names(node) if name != "nvramrc"}))


def _with(lab, node, /, **variables):
    changed = nvram.changed(node, **variables)
    return lab if changed == node else with_node(lab, changed)


# -- aliases ---------------------------------------------------------------------------------------------


def _devalias(lab, node, arguments, now):
    known = nvram.aliases(node)
    if len(arguments) == 2:
        typed = {**node.nvram.get(nvram.TYPED, {}), arguments[0]: arguments[1]}
        return Outcome(_with(lab, node, **{nvram.TYPED: typed}))
    if not arguments:
        return Outcome(lab, "".join(text("obp.alias", name=name, path=path) for name, path in known.items()))
    if arguments[0] not in known or len(arguments) > 2:
        return _unknown(lab, arguments[0])
    return Outcome(lab, text("obp.alias", name=arguments[0], path=known[arguments[0]]))


def _nvalias(lab, node, arguments, now):
    if len(arguments) != 2:
        return Outcome(lab, text("obp.usage", usage="nvalias alias-name device-path"), "", UNKNOWN)
    lines = [*_others(node, arguments[0]), f"devalias {arguments[0]} {arguments[1]}"]
    return Outcome(_scripted(lab, node, lines, **{"use-nvramrc?": "true"}))


def _nvunalias(lab, node, arguments, now):
    if len(arguments) != 1:
        return Outcome(lab, text("obp.usage", usage="nvunalias alias-name"), "", UNKNOWN)
    lines = _others(node, arguments[0])
    if len(lines) == len(nvram.script(node)):
        return _unknown(lab, arguments[0])
    return Outcome(_scripted(lab, node, lines))


def _others(node, alias):
    return [line for line in nvram.script(node) if (nvram.alias_of(line) or ("",))[0] != alias]


def _scripted(lab, node, lines, /, **more):
    return _with(lab, node, nvramrc="".join(f"{line}\n" for line in lines) or None, **more)


# -- devices ---------------------------------------------------------------------------------------------

_OTHERS = ("/SUNW,UltraSPARC-II@0,0", "/SUNW,UltraSPARC-II@1,0", "/virtual-memory", "/memory@0,0", "/aliases",
           "/options", "/openprom", "/chosen", "/packages")  # fmt: skip


def _buses(lab, node):
    """The controllers of the disks that the node sees."""
    paths = (device.path.rpartition("/")[0] for device in lab.devices.values() if sees(node, device))
    return list(dict.fromkeys(path for path in paths if path))


def _show_devs(lab, node, arguments, now):
    shown = [*_OTHERS]
    for bus in _buses(lab, node):
        above = bus.rpartition("/")[0]
        shown += [path for path in (above, bus, f"{bus}/disk", f"{bus}/tape") if path and path not in shown]
    return Outcome(lab, "".join(text("obp.line", line=path) for path in shown))


def _show_disks(lab, node, arguments, now):
    """The list; the selection that is asked for is always none (ours)."""
    choices = zip(LETTERS, (f"{bus}/disk" for bus in _buses(lab, node)), strict=False)
    return Outcome(lab, "".join(text("obp.choice", letter=a, path=path) for a, path in choices) + text("obp.select"))


def _probe_scsi(lab, node, arguments, now):
    return Outcome(lab, _targets(lab, node, next(iter(_buses(lab, node)), "")))


def _probe_scsi_all(lab, node, arguments, now):
    buses = _buses(lab, node)
    return Outcome(lab, "".join(text("obp.line", line=bus) + _targets(lab, node, bus) + "\n" for bus in buses))


def _targets(lab, node, bus):
    """The drives that answer on a controller."""
    said = ""
    for device in lab.devices.values():
        parent, _, unit = device.path.rpartition("/disk@")
        if parent == bus and device.present and device.trouble != "path" and sees(node, device):
            target, _, lun = unit.partition(",")
            said += text("obp.target", target=target) + text("obp.unit", lun=lun)
    return said


# -- the machine -----------------------------------------------------------------------------------------


def _reset(lab, node, arguments, now):
    """The machine begins anew, and boots if its variables say so."""
    after = nvram.reset(node)
    lab = lab if after is node else with_node(lab, after)
    said = text("obp.resetting") + text("obp.banner")
    command = nvram.value(node, "boot-command").split()
    if nvram.value(node, "auto-boot?") != "true" or command[:1] != ["boot"]:
        return Outcome(lab, said)
    up = boot.run(lab, after, command[1:], now)
    return up._replace(stdout=said + up.stdout)


def _banner(lab, node, arguments, now):
    return Outcome(lab, text("obp.banner"))


def _version(lab, node, arguments, now):
    return Outcome(lab, text("obp.version"))


def _ethernet(lab, node, arguments, now):
    return Outcome(lab, text("obp.ethernet"))


def _help(lab, node, arguments, now):
    return Outcome(lab, text("obp.help"))


_WORDS = {
    "printenv": _printenv,
    "setenv": _setenv,
    "set-default": _set_default,
    "set-defaults": _set_defaults,
    "devalias": _devalias,
    "nvalias": _nvalias,
    "nvunalias": _nvunalias,
    "show-devs": _show_devs,
    "show-disks": _show_disks,
    "probe-scsi": _probe_scsi,
    "probe-scsi-all": _probe_scsi_all,
    "reset-all": _reset,
    "reset": _reset,
    "banner": _banner,
    ".version": _version,
    ".enet-addr": _ethernet,
    "help": _help,
}
