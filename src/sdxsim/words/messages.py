"""The message catalogue: id -> (severity, text, evidence). Literals only.

Printed as `SDX:command: SEVERITY: text` (guide E.4). House style of every text seen: the name of
the offending thing, a colon, a lower-case phrase, no full stop. INFO goes to standard output,
ERROR and WARNING to standard error (inferred from the table of the sister tool in F.3.1).
"""

INFO, WARNING, ERROR = "INFO", "WARNING", "ERROR"

# fmt: off
MESSAGES = {
    # -- information (guide E.4.3; the first seventeen were read in the Linux 4.1 edition) ------------------
    "copy.waiting":         (INFO,  "{object}: waiting for the completion of copying...",
                             "seen: Linux 4.1 E.4.3; that Update, Join and Rejoin print it is inferred"),
    "copy.completed":       (INFO,  "{object}: copying completed successfully",
                             "seen: Linux 4.1 E.4.3; that Update, Join and Rejoin print it is inferred"),
    "volume.started":       (INFO,  "{volume}: started volume on node {node}\n"
                                    "        /dev/sfdsk/{class}/rdsk/{volume}\n"
                                    "        /dev/sfdsk/{class}/dsk/{volume}",
                             "seen: Linux 4.1 E.4.3; that Part prints it too is inferred"),
    "volume.stopped":       (INFO,  "{volume}: stopped volume on node {node}",
                             "seen: Linux 4.1 E.4.3"),
    # the blank after the colon is the manual's
    "root.completed":       (INFO,  "completed definitions of alternative boot environment: \n"
                                    "current-boot-device={current}\n"
                                    "alternative-boot-device={alternative}",
                             "seen: guide 6.4.6 5-3 (its second current path lacks the leading slash: errata)"),
    "root.switched":        (INFO,  "completed definitions of switching boot environment: \n"
                                    "current-boot-device={current}\n"
                                    "new-boot-device={alternative}",
                             "recalled: medium (sdxproxy Root -e boot)"),
    # -- what was typed ---------------------------------------------------------------------------------------
    "usage.syntax":         (ERROR, "syntax error",
                             "recalled: low"),
    "usage.option":         (ERROR, "{option}: illegal option",
                             "ours: the variables option and usage exist in E.4"),
    "usage.argument":       (ERROR, "{option}: option requires an argument",
                             "ours: the variables option and usage exist in E.4"),
    "usage.value":          (ERROR, "{option}={value}: illegal option value",
                             "ours: modelled on the attribute and parameter messages"),
    "name.long":            (ERROR, "{string}: name too long",
                             "recalled: low"),
    "name.letters":         (ERROR, "{string}: name contains invalid character",
                             "ours: the rule is seen (guide A.1.1)"),
    "size.illegal":         (ERROR, "{size}: illegal size",
                             "ours: the variable size exists in E.4"),
    "attribute.name":       (ERROR, "{attribute}: illegal attribute name",
                             "ours: the variable attribute exists in E.4"),
    "attribute.value":      (ERROR, "{attribute}={value}: illegal attribute value",
                             "ours: the variables attribute and value exist in E.4"),
    # -- what was named ---------------------------------------------------------------------------------------
    "class.unknown":        (ERROR, "{class}: no such class",
                             "ours: after the seen text 'no such device'"),
    "object.unknown":       (ERROR, "{object}: no such object",
                             "ours: after the seen text 'no such device'"),
    "node.unknown":         (ERROR, "{node}: no such node",
                             "ours: after the seen text 'no such device'"),
    "object.taken":         (ERROR, "{object}: object names must be unique within a class",
                             "ours: parallel to the class message seen in A.2.34"),
    # -- what stands in the way -------------------------------------------------------------------------------
    "class.not_shared":     (ERROR, "{class}: not shared class",
                             "ours: -e allnodes and node= are for shared classes (commands.md 3.3)"),
    "class.not_root":       (ERROR, "{class}: not root class",
                             "ours: the rule is inferred from 6.4.6 (Root is for system disks)"),
    "object.in_use":        (ERROR, "{object}: in use",
                             "ours: the condition is seen in D.4"),
    "object.copying":       (ERROR, "{object}: copying in progress",
                             "ours: the condition is seen in D.4, D.10 and A.2.25"),
    "object.active":        (ERROR, "{object}: active volume exists",
                             "ours: the condition is seen for groups in D.7, for proxies inferred from 6.4.6"),
    "object.status":        (ERROR, "{object}: status {status}",
                             "ours: the condition is seen in F.1.3"),
    "object.related":       (ERROR, "{object}: related with master or proxy",
                             "ours: the restriction is seen in A.2.25"),
    "volume.locked":        (ERROR, "{object}: locked",
                             "ours: the lock attribute is seen in 2.1.4 and D.4"),
    "volume.read_only":     (ERROR, "{object}: access mode is ro",
                             "ours: the condition is recalled (rw start of a ro volume; Root writes)"),
    "volume.not_active":    (ERROR, "{object}: not active",
                             "ours: in 6.4.6 Root runs between -N and -F"),
    "volume.unclean":       (ERROR, "{object}: file system needs checking",
                             "ours: 6.4.6 runs fsck before Root"),
    "volume.slices":        (ERROR, "{object}: too many physical slices in {group}",
                             "ours: the limit (6) is seen in D.4"),
    "volume.pslice":        (ERROR, "{object}: physical slice cannot be turned off in root class",
                             "ours: root classes have no logical partitioning (A.2.9)"),
    "proxy.not":            (ERROR, "{object}: not proxy",
                             "ours: the condition is inferred"),
    "proxy.in_group":       (ERROR, "{object}: exists in proxy group",
                             "ours: the restriction is seen for Break in D.14"),
    "proxy.not_joined":     (ERROR, "{object}: not joined",
                             "ours: the condition is inferred"),
    "proxy.not_parted":     (ERROR, "{object}: not parted",
                             "ours: the condition is seen for volumes in A.2.25"),
    "proxy.no_session":     (ERROR, "{object}: no copy session exists",
                             "ours: the condition is inferred (Cancel ends sessions, A.2.25)"),
    "proxy.no_function":    (ERROR, "{object}: copy function of disk unit not available",
                             "ours: the condition is seen in A.2.23 (OPC words never fall back)"),
    "proxy.no_root":        (ERROR, "{object}: no root file system exists",
                             "ours: the condition is inferred (Root makes an environment bootable)"),
    "join.same":            (ERROR, "{object}: master and proxy must be different",
                             "ours: the rule is seen in A.1.11"),
    "join.kinds":           (ERROR, "{object}: master and proxy must both be volumes or both be groups",
                             "ours: the rule is seen in 2.2.1"),
    "join.by_group":        (ERROR, "{object}: only groups can be related in root class",
                             "ours: the rule is seen in the Linux guides, 2.3.12"),
    "join.type":            (ERROR, "{object}: not mirror nor single",
                             "ours: the rule is seen in A.1.11"),
    "join.empty":           (ERROR, "{object}: no volume exists",
                             "ours: the condition is inferred"),
    "join.full":            (ERROR, "{object}: volume exists",
                             "ours: the condition is recalled (Join makes the proxy group's volumes)"),
    "join.small":           (ERROR, "{object}: no enough space",
                             "recalled: low; the condition is recalled (titles of the Linux 4.2 page)"),
    "join.size":            (ERROR, "{object}: volume size differs from master",
                             "ours: the rule is seen in the Linux 4.2 page's titles"),
    "join.slices":          (ERROR, "{object}: too many slices of master and proxies",
                             "ours: the limit (32) is recalled"),
    # -- the simulator's own: each says (sdxsim) --------------------------------------------------------------
    "lab.not_simulated":    (ERROR, "{form}: not simulated yet (sdxsim)",
                             "ours: the simulator speaks for itself"),
    "lab.halted":           (ERROR, "node {node} is halted at the ok prompt, type 'boot' first (sdxsim)",
                             "ours: the simulator speaks for itself"),
    "lab.trouble":          (ERROR, "{trouble} (sdxsim)",
                             "ours: the simulator speaks for itself"),
}
# fmt: on


def severity(note_id):
    """INFO, WARNING or ERROR."""
    return MESSAGES[note_id][0]
