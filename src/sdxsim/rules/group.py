"""Rules of sdxgroup. What groups take and give is in `membership`."""

from ..model.queries import above, group_related, volumes_of_group
from . import membership as m
from .engine import Rule, note, refuses


def joining(asked):
    """The groups of -C: lower ones, and the higher one."""
    return m.joining(asked, asked.args["hgroup"], asked.args["lgroup"], asked.klass.groups)


def leaving(asked):
    """The groups of -D."""
    return m.leaving(asked, asked.args["hgroup"], asked.args["lgroup"], asked.klass.groups)


def group(asked):
    """The group of -R."""
    return [m.known_group(asked.klass, asked.args["group"])]


# -- guards of -R -------------------------------------------------------------------------------------------------


@refuses("object.connected")
def not_lower(asked, group):
    return group.name if above(asked.klass, group.name) else None


@refuses("object.exists")
def holds_no_volume(asked, group):
    held = volumes_of_group(asked.klass, group.name)
    return {"object": held[0].name, "holder": group.name} if held else None


@refuses("object.related")
def unrelated(asked, group):
    return group.name if group_related(asked.klass, group.name) else None


# -- what is said -------------------------------------------------------------------------------------------------


def says_connected(asked, before, after, targets):
    """The higher group if it is new, and each lower one."""
    (j,) = targets
    said = [] if j.group else [note("group.created", group=j.name)]
    return said + [note("group.connected", lgroup=name, hgroup=j.name) for name in j.members]


def says_disconnected(asked, before, after, targets):
    """The lower group, and the higher one if it is gone."""
    (target,), name = targets, targets[0].group.name
    said = [note("group.disconnected", lgroup=target.member, hgroup=name)]
    gone = name not in after.classes[asked.klass.name].groups
    return [*said, note("group.removed", group=name)] if gone else said


def says_removed(asked, before, after, targets):
    return [note("group.removed", group=targets[0].name)]


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off
RULES = {rule.form: rule for rule in (
    Rule("group.connect", joining,
         guards=((m.not_nested_in_root_class, "seen: guide A.1.10"),
                 (m.group_name_free,       "seen: guide A.1.1"),
                 (m.not_itself,            "ours"),
                 (m.members_unconnected,   "ours: a group is in one group"),
                 (m.attributes_fit,        "ours: an existing group keeps its attributes"),
                 (m.unrelated,             "seen: guide A.2.25"),
                 (m.members_unrelated,     "seen: guide A.2.25"),
                 (m.level_may_grow,        "seen: guide A.1.10"),
                 (m.kinds_fit,             "seen: guide D.3, A.1.10"),
                 (m.members_not_too_many,  "seen: guide 2.1.3"),
                 (m.lower_groups_empty,    "seen: guide D.3"),
                 (m.no_physical_slices,    "recalled: 75, nested volumes have none; ours: that it is refused"),
                 (m.stripe_empty,          "seen: guide A.1.10"),
                 (m.members_large_enough,  "ours: a mirror is as large as its smallest member (inferred)")),
         effect=(m.connect,                "seen: guide D.3"),
         says=says_connected),
    Rule("group.disconnect", leaving,
         guards=((m.is_member,             "ours: the condition is inferred"),
                 (m.unrelated,             "seen: guide A.2.25"),
                 (m.level_may_shrink,      "seen: guide A.1.10"),
                 (m.not_the_last_with_volumes, "seen: guide A.1.10"),
                 (m.last_of_concat,        "seen: guide A.1.10"),
                 (m.end_of_concat_empty,   "seen: guide A.1.10"),
                 (m.not_copied,            "recalled: 75"),
                 (m.not_detached,          "ours: the condition is inferred"),
                 (m.valid_elsewhere,       "seen: guide A.1.10")),
         effect=(m.disconnect,             "seen: guide A.1.10; recalled: 70 that the last takes the higher group"),
         says=says_disconnected),
    Rule("group.remove", group,
         guards=((not_lower,               "seen: guide A.1.10"),
                 (holds_no_volume,         "seen: guide A.1.10"),
                 (unrelated,               "seen: guide A.2.25")),
         effect=(m.remove,                 "seen: guide A.1.10; recalled: 85 that its disks are undefined then"),
         says=says_removed),
)}
# fmt: on
