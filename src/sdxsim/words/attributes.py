"""Attributes that sdxattr and others set: kind -> {name: (values, evidence)}.

`values` is a tuple of words, or the name of a check in `grammar.KINDS`. Source: guide D.7 (syntax),
2.1.4 (objects), commands.md 4.2 (what is recalled).
"""

ON_OFF = ("on", "off")

# fmt: off
ATTRIBUTES = {
    "volume": {
        "jrm":    (ON_OFF,       "seen: Linux 4.1 guide (key); recalled: any state"),
        "lock":   (ON_OFF,       "seen: 2.1.4, D.4"),
        "mode":   (("rw", "ro"), "seen: 6.4.6 5-1"),
        "name":   ("volume",     "recalled: 85"),
        "pjrm":   (("off",),     "recalled: 80, only off is accepted"),
        "pslice": (ON_OFF,       "seen: D.5 needs it; recalled: the rest"),
    },
    "part": {
        "pjrm":   (("off",),     "recalled: 80 (sdxproxy Part -a)"),
    },
}
# fmt: on
