"""Where the rule of a form is: the module named after the first part of its id.

Imported one by one, because a command pays for what it imports.
"""

_MODULES = ("attr", "proxy", "volume")


def rule_of(form_id):
    """The Rule of a form, or None when it has none (views, and what is not simulated yet)."""
    module = form_id.partition(".")[0]
    return rules_in(module).get(form_id) if module in _MODULES else None


def rules_in(module):
    """{form id: Rule} of one module of rules."""
    if module == "attr":
        from .attr import RULES
    elif module == "proxy":
        from .proxy import RULES
    else:
        from .volume import RULES
    return RULES


def all_rules():
    """{form id: Rule} of all modules."""
    return {form_id: rule for module in _MODULES for form_id, rule in rules_in(module).items()}
