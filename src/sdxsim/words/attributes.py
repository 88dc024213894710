"""Attributes that sdxattr and others set: kind -> {name: (values, evidence)}.

`values` is a tuple of words, or the name of a check in `grammar.KINDS`. Source: guide D.7 (syntax),
2.1.4 (objects), commands.md 4.2 (what is recalled).
"""

ON_OFF = ("on", "off")
IO_SECONDS = 23  # of iotimeout when it gives none: Solaris 4.5 (guide 1.7)

# fmt: off
ATTRIBUTES = {
    "new class": {
        "type":      (("root", "local", "shared"), "seen: 2.1.1 (the types); recalled: 80 that local is the default"),
        "scope":     ("scope",            "recalled: 90"),
        "hs":        (ON_OFF,             "seen: 2.1.1 (meaning); recalled: 70 with -M"),
        "hsmode":    (("exbox", "bybox"), "seen: 2.1.1 (meaning); recalled: 70 with -M"),
        "iotimeout": ("iotimeout",        "seen: Linux 4.7 guide 6.12.1; recalled: 70 with -M"),
    },
    "class": {
        "name":      ("classname",        "recalled: 75"),
        "type":      (("local", "shared"), "recalled: 80"),
        "scope":     ("scope",            "seen: A.2.34 (its errors)"),
        "hs":        (ON_OFF,             "seen: 2.1.1 (meaning); recalled: 85 (key)"),
        "hsmode":    (("exbox", "bybox"), "seen: 2.1.1 (meaning); recalled: 80 (keys)"),
        "iotimeout": ("iotimeout",        "seen: Linux 4.7 guide 6.12.1"),
    },
    "disk": {
        "name":      ("disk",             "recalled: 85"),
        "type":      (("keep", "single", "spare", "undef"), "seen: 2.1.2 (the types)"),
    },
    "new group": {
        "type":      (("mirror", "stripe", "concat", "switch"), "seen: 2.1.3; recalled: 90 that mirror is the default"),
        "width":     ("width",            "recalled: 85, a power of two, 32 by default"),
        "actdisk":   ("disk",             "recalled: 85"),
    },
    "new higher group": {
        "type":      (("mirror", "stripe", "concat"), "seen: D.3; recalled: 85 that mirror is the default"),
        "width":     ("width",            "recalled: 85, a power of two, 32 by default"),
    },
    "group": {
        "name":      ("group",            "recalled: 85"),
        "actdisk":   ("disk",             "recalled: 85"),
    },
    "volume": {
        "jrm":    (ON_OFF,       "seen: Linux 4.1 guide (key); recalled: any state"),
        "lock":   (ON_OFF,       "seen: 2.1.4, D.4"),
        "mode":   (("rw", "ro"), "seen: 6.4.6 5-1"),
        "name":   ("volume",     "recalled: 85"),
        "pjrm":   (("off",),     "recalled: 80, only off is accepted"),
        "pslice": (ON_OFF,       "seen: D.5 needs it; recalled: the rest"),
    },
    "slice": {
        "jrm":    (ON_OFF,       "seen: 2.1.5; recalled: on is the default"),
        "mode":   (("rw", "ro"), "seen: 2.1.5; recalled: 50 that rw is the default"),
    },
    "new volume": {
        "jrm":    (ON_OFF,       "seen: Linux 4.1 guide (key)"),
        "pslice": (ON_OFF,       "seen: D.4"),
    },
    "part": {
        "pjrm":   (("off",),     "recalled: 80 (sdxproxy Part -a)"),
    },
}
# fmt: on
