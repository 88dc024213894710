"""Where the rule of a form is: the module named after the first part of its id.

Imported one by one, because a command pays for what it imports.
"""

# fmt: off
_MODULES = {  # a form's id, or its first part: module of rules
    "attr":          "attr",
    "attr.class":    "objectattr",
    "attr.disk":     "objectattr",
    "attr.group":    "objectattr",
    "attr.slice":    "detach",
    "class":         "klass",
    "config":        "config",
    "copy":          "synccopy",
    "disk":          "disk",
    "fix":           "fix",
    "group":         "group",
    "param":         "param",
    "proxy":         "proxy",
    "root":          "sysdisk",
    "shadowdisk":    "shadow",
    "shadowgroup":   "shadow",
    "shadowvolume":  "shadow",
    "slice":         "detach",
    "swap":          "swap",
    "volume":        "volume",
    "volume.make":   "makevolume",
    "volume.remove": "makevolume",
    "volume.resize": "makevolume",
}
# fmt: on


def rule_of(form_id):
    """The Rule of a form, or None when it has none (views)."""
    family = form_id if form_id in _MODULES else form_id.partition(".")[0]
    return rules_in(family).get(form_id) if family in _MODULES else None


def rules_in(family):
    """{form id: Rule} of the module that rules `family`."""
    return __import__(f"{__package__}.{_MODULES[family]}", fromlist=["RULES"]).RULES


def all_rules():
    """{form id: Rule} of all modules."""
    return {form_id: rule for family in sorted(_MODULES) for form_id, rule in rules_in(family).items()}
