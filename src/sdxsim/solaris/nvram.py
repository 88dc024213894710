"""The NVRAM of a node: OpenBoot's variables and device aliases. One model for eeprom(1M), the ok prompt and GDS.

A Node's `nvram` holds what differs from the factory: {variable: text}, under "devalias" aliases that the
lab's scenario gave the machine, under "until-reset" those typed at the ok prompt. Sources: solaris.md 4.2
and 4.3, guide 6.3.3 and A.2.9.
"""

FACTORY = {  # as shipped (recalled: high; which of them a machine has differs)
    "auto-boot?": "true",
    "boot-command": "boot",
    "boot-device": "disk net",
    "boot-file": "",
    "diag-device": "net",
    "diag-file": "",
    "diag-level": "max",
    "diag-switch?": "false",
    "fcode-debug?": "false",
    "input-device": "keyboard",
    "local-mac-address?": "false",
    "nvramrc": "",
    "oem-banner": "",
    "oem-banner?": "false",
    "output-device": "screen",
    "screen-#columns": "80",
    "screen-#rows": "34",
    "scsi-initiator-id": "7",
    "security-mode": "none",
    "ttya-mode": "9600,8,n,1,-",
    "ttyb-mode": "9600,8,n,1,-",
    "use-nvramrc?": "false",
    "watchdog-reboot?": "false",
}
MODES = ("none", "command", "full")

_BUS = "/pci@1f,4000/scsi@3"
BUILT_IN = {
    "net": "/pci@1f,4000/network@1,1",
    "disk": f"{_BUS}/disk@0,0",
    "cdrom": f"{_BUS}/disk@6,0:f",
    "tape": f"{_BUS}/tape@4,0",
    **{f"disk{target}": f"{_BUS}/disk@{target},0" for target in range(7)},
}
SCENARIO, TYPED = "devalias", "until-reset"
_DEVICES, _DRIVERS = "/devices", ("sd@", "ssd@", "dad@")


def names(node):
    """The variables of the machine, those of the factory first."""
    return [*FACTORY, *(name for name in node.nvram if name not in FACTORY and name not in (SCENARIO, TYPED))]


def value(node, name):
    """The variable's value; None for one that this machine has not."""
    return node.nvram.get(name, FACTORY.get(name)) if name not in (SCENARIO, TYPED) else None


def valid(name, text):
    """True when the variable may have that value."""
    if name.endswith("?"):
        return text in ("true", "false")
    if name == "security-mode":
        return text in MODES
    if FACTORY.get(name, "").isdigit():
        return text.isascii() and text.isdigit()
    return True


def changed(node, /, **variables):
    """`node` with these variables; the value None is that of the factory."""
    kept = {name: text for name, text in {**node.nvram, **variables}.items() if text is not None}
    return node._replace(nvram=kept)


def script(node):
    """The lines of nvramrc."""
    return value(node, "nvramrc").splitlines()


def alias_of(line):
    """(alias, path) that a line of nvramrc defines, or None."""
    words = line.split()
    return (words[1], words[2]) if len(words) == 3 and words[0] == "devalias" else None


def aliases(node):
    """{alias: path}: the machine's own, those of nvramrc while it is used, and those typed since the last reset."""
    known = {**BUILT_IN, **node.nvram.get(SCENARIO, {})}
    if value(node, "use-nvramrc?") == "true":
        known.update(filter(None, map(alias_of, script(node))))
    return {**known, **node.nvram.get(TYPED, {})}


def resolved(node, name):
    """The full path of a device as typed: an alias, with or without a slice behind a colon, is replaced.

    GDS enters Solaris' names of its slices (guide 6.3.3); that OpenBoot's twin of one is meant is ours.
    """
    alias, colon, letter = name.partition(":")
    path = aliases(node).get(alias)
    if path is None:
        return name
    return openboot_path(path) if not colon else openboot_path(path).partition(":")[0] + colon + letter


def solaris_path(path):
    """The raw special file of a slice's OpenBoot path: /devices/...sd@0,0:a,raw (guide 6.3.3)."""
    return f"{_DEVICES}{path.replace('/disk@', '/sd@')},raw"


def openboot_path(path):
    """The OpenBoot path of a special file below /devices; any other path as it is (solaris.md 6)."""
    if not path.startswith(_DEVICES + "/"):
        return path
    parts = path[len(_DEVICES) :].removesuffix(",raw").split("/")
    for driver in _DRIVERS:
        if parts[-1].startswith(driver):
            parts[-1] = "disk@" + parts[-1][len(driver) :]
    return "/".join(parts)


def reset(node):
    """`node` after a reset: what was typed at the ok prompt is forgotten."""
    if TYPED not in node.nvram:
        return node
    return changed(node, **{TYPED: None})
