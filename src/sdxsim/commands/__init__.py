"""The few lines a table cannot say: sdxinfo, and the Solaris stand-ins.

Each stand-in's module offers `run(lab, node, words, now) -> Outcome`, those OF_SHELLS with one parameter
more; STANDINS names it, so that a command imports no other's code.
"""

# what is typed -> module; these exist only inside a lab's environment, but for fsck-sim
STANDINS = {
    "fsck": "fsck",
    "fsck-sim": "fsck",
    "mount": "mount",
    "umount": "umount",
    "chgrp": "chgrp",
    "newfs": "newfs",
    "dd": "dd",
    "sync": "sync",
    "shutdown": "shutdown",
    "boot": "boot",
    "lockfs": "lockfs",
    "df": "df",
    "swap": "swap",
    "init": "init",
    "reboot": "reboot",
    "halt": "reboot.halt",
    "poweroff": "reboot.poweroff",
    "uadmin": "uadmin",
    "eeprom": "eeprom",
    "who": "who",
    "uname": "uname",
}
# those that get the Shell they were typed in as well: its directory counts, or they ask
OF_SHELLS = ("fsck", "fsck-sim", "mount", "umount", "chgrp", "newfs", "dd", "lockfs", "df", "shutdown")
ASKING = ("fsck", "fsck-sim", "shutdown", "newfs")
ON_TERMINALS = ("newfs",)  # those that ask only where standard input is a terminal
LOOKERS = ("df", "who", "uname")  # those that only ever look

# words of the ok prompt; they are no commands of the host, and `boot` is both only in a lab's environment
NOT_SIMULATED = (
    "nvedit", "nvstore", "nvquit", "nvrun", "show-nets", "show-tapes", "probe-ide", ".idprom", ".speed", "words", "dev",
    "device-end", "ls", "cd", "pwd", ".properties", "test", "test-all", "watch-clock", "watch-net", "eject", "password",
    "power-off", "go", "sync",
)  # fmt: skip
OPENBOOT = (
    *NOT_SIMULATED, "boot", "printenv", "setenv", "set-default", "set-defaults", "devalias", "nvalias", "nvunalias",
    "show-devs", "show-disks", "probe-scsi", "probe-scsi-all", "reset-all", "reset", "banner", ".version", ".enet-addr",
    "help",
)  # fmt: skip

# form that only shows something -> (module, function(lab, node, args, now) -> Outcome)
VIEWS = {
    "info": ("info", "show"),
    "info.io": ("info", "show_io"),
    "param.get": ("param", "show"),
    "devinfo": ("devinfo", "show"),
    "dcdown": ("dcdown", "show"),
}

PRIVATE = tuple(name for name in STANDINS if name != "fsck-sim")


def standin(name):
    """The function of a stand-in: its module's `run`, or the one named behind the module."""
    module, _, function = STANDINS[name].partition(".")
    return _function(module, function or "run")


def hung_on(node, command, words, of_gds, directory="/"):
    """The mount point of the write-locked file system that the command hangs on, or None; see `solaris.locks`."""
    from ..solaris.locks import hung_on

    return hung_on(node, command, words, of_gds, directory)


def at_ok():
    """The function of the words of the ok prompt; they come with the word itself."""
    return _function("openboot", "run")


def _function(module, function):
    return getattr(__import__(f"{__package__}.{module}", fromlist=(function,)), function)


def view(form_id):
    """The function of a form that only shows something."""
    return _function(*VIEWS[form_id])
