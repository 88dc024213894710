"""Where the rule of a form is: the module named after the first part of its id.

Imported one by one, because a command pays for what it imports.
"""

# fmt: off
_MODULES = {  # first part of a form's id: module of rules
    "attr":   "attr",
    "fix":    "fix",
    "proxy":  "proxy",
    "swap":   "swap",
    "volume": "volume",
}
# fmt: on


def rule_of(form_id):
    """The Rule of a form, or None when it has none (views, and what is not simulated yet)."""
    family = form_id.partition(".")[0]
    return rules_in(family).get(form_id) if family in _MODULES else None


def rules_in(family):
    """{form id: Rule} of the forms whose ids begin with `family`."""
    return __import__(f"{__package__}.{_MODULES[family]}", fromlist=["RULES"]).RULES


def all_rules():
    """{form id: Rule} of all modules."""
    return {form_id: rule for family in _MODULES for form_id, rule in rules_in(family).items()}
