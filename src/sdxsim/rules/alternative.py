"""sdxproxy Root: an alternative boot environment (guide 6.4.6 5-3).

The two files that bind a root file system to its volumes, /etc/vfstab and /etc/system, are rewritten
inside the named objects' own root file system, so that they can boot by themselves; their group
becomes root, as the page's note says. The running environment's files are not touched.
"""

from ..model.queries import (
    boot_paths,
    in_use,
    proxies_of_volume,
    relation_of_proxy,
    relation_of_volume,
    root_volume,
    with_node,
    with_volumes,
)
from ..model.status import PARTED, RO, ROOT
from ..solaris import condition, contents, files, nvram
from . import jrm
from .engine import note, refuses

EDITED = ("/etc/vfstab", "/etc/system")
WRITTEN_BLOCKS = 32  # by rewriting both files (ours)


def _volumes(environment):
    named = [v for _, volumes in environment.masters for v in volumes]
    return named + [v for proxy in environment.proxies for v in proxy.volumes]


def _new_root(environment):
    """The volume among those named that holds a root file system, or None."""
    return next((v for v in _volumes(environment) if _is_root(v)), None)


def _is_root(volume):
    return all(name in volume.data.files for name in EDITED)


def _renaming(asked, environment):
    """{volume that stands in the files: volume of the new environment that takes its part}."""
    names = {}
    for _, volumes in environment.masters:
        for master in volumes:
            names.update((pair.proxy, master.name) for _, pair in proxies_of_volume(asked.klass, master.name))
    for proxy in environment.proxies:
        names.update((pair.master, pair.proxy) for pair in proxy.relation.pairs)
    return names


# -- guards -------------------------------------------------------------------------------------------------------


@refuses("class.not_root")
def in_root_class(asked, _):
    return None if asked.klass.type == ROOT else {"class": asked.klass.name}


@refuses("proxy.in_group")
def proxies_whole(asked, environment):
    """A proxy volume inside a proxy group is never named alone."""
    inside = [p.name for p in environment.proxies if not p.relation and relation_of_volume(asked.klass, p.name)[0]]
    return inside[0] if inside else None


@refuses("proxy.is")
def masters_are_no_proxies(asked, environment):
    klass = asked.klass
    bad = [n for n, _ in environment.masters if relation_of_proxy(klass, n) or relation_of_volume(klass, n)[0]]
    return bad[0] if bad else None


@refuses("proxy.not")
def proxies_are_proxies(asked, environment):
    return next((p.name for p in environment.proxies if p.relation is None), None)


@refuses("proxy.not_parted")
def proxies_parted(asked, environment):
    return next((p.name for p in environment.proxies if p.relation.state != PARTED), None)


@refuses("object.copying")
def usable(asked, environment):
    """Nothing but background copies writes the objects (OPC need not be over: 6.4.6 5-3)."""
    names = {v.name for v in _volumes(environment)}
    busy = [c for c in asked.lab.copies if c.klass == asked.klass.name and not c.background]
    return next((c.volume for c in busy if c.volume in names), None)


@refuses("object.status")
def all_valid(asked, environment):
    bad = [v.name for v in _volumes(environment) if not v.valid]
    return {"object": bad[0], "status": "INVALID"} if bad else None


@refuses("proxy.no_root")
def holds_root(asked, environment):
    names = [name for name, _ in environment.masters] + [p.name for p in environment.proxies]
    return None if _new_root(environment) else names[0]


@refuses("proxy.roots")
def one_root(asked, environment):
    """An environment has one root file system; which of two was meant nobody could say."""
    roots = [v for v in _volumes(environment) if _is_root(v)]
    return roots[1].name if len(roots) > 1 else None


@refuses("volume.not_active")
def root_active(asked, environment):
    root = _new_root(environment)
    return None if asked.node.name in root.started else root.name


@refuses("volume.read_only")
def root_writable(asked, environment):
    root = _new_root(environment)
    return root.name if root.started[asked.node.name] == RO else None


@refuses("object.in_use")
def root_not_mounted(asked, environment):
    """It is mounted for a moment to write its files; those of the running environment are never touched."""
    root = _new_root(environment)
    return root.name if in_use(asked.lab, asked.klass.name, root.name) else None


@refuses("volume.unclean")
def root_clean(asked, environment):
    root = _new_root(environment)
    return None if condition.okay(root.data) else root.name


# fmt: off
GUARDS = (
    (in_root_class,       "recalled: 65"),
    (proxies_whole,       "seen: guide D.14 (Break); recalled: 85 the other words"),
    (proxies_are_proxies, "ours: the condition is inferred"),
    (masters_are_no_proxies, "ours: -m takes masters"),
    (proxies_parted,      "recalled: 65"),
    (usable,              "recalled: 65; seen: guide 6.4.6 5-3, OPC may still be copying"),
    (all_valid,           "seen: guide F.1.3, an INVALID volume cannot be used"),
    (holds_root,          "recalled: 65"),
    (one_root,            "ours: the condition is inferred"),
    (root_active,         "ours: 6.4.6 runs Root between -N and -F"),
    (root_writable,       "recalled: 65; 6.4.6 5-1 sets mode rw"),
    (root_not_mounted,    "ours: Root mounts it (inferred)"),
    (root_clean,          "recalled: 65; 6.4.6 5-2 runs fsck first"),
)
# fmt: on

# -- effect and what is said --------------------------------------------------------------------------------------


def define(asked, targets):
    """Rewrites the files of the new environment; with -e boot also the node's boot-device."""
    (environment,), klass, lab = targets, asked.klass, asked.lab
    root, names = _new_root(environment), _renaming(asked, environment)
    edited = {}
    for path in EDITED:
        old = root.data.files[path]
        text = files.rewrite(old.text, klass.name, names)
        edited[path] = old._replace(text=text, group="root", mtime=asked.now)
    lab = with_volumes(lab, klass.name, [root._replace(data=contents.changed(root.data, edited))])
    lab = jrm.written(lab, klass.name, root.name, WRITTEN_BLOCKS)
    if "boot" in asked.options:
        boot = {"boot-device": " ".join(boot_paths(lab, klass, root))}
        lab = with_node(lab, nvram.changed(lab.nodes[asked.node.name], **boot))
    return lab


def says_definitions(asked, before, after, targets):
    """The page's three lines."""
    current = asked.node.boot_path
    running = root_volume(before, asked.node)
    if running and running[0] in before.classes:
        klass = before.classes[running[0]]
        current = " ".join(boot_paths(before, klass, klass.volumes[running[1]]))
    new = " ".join(boot_paths(after, asked.klass, _new_root(targets[0])))
    said = "root.switched" if "boot" in asked.options else "root.completed"
    return [note(said, current=current, alternative=new)]
