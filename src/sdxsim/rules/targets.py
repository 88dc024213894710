"""Which objects a form names: argument names resolved to records, or refused as unknown."""

from ..model.queries import relation_of_proxy, volumes_of_group
from ..model.record import Record
from ..words.notes import Refusal


class Proxy(Record, fields="name relation volumes"):
    """An object named with -p: `relation` None when it is no proxy as a whole; its Volumes."""

    __slots__ = ()


class Match(Record, fields="master proxy masters proxies by_group"):
    """A Join's two objects (Group or Volume records) and the Volumes in them."""

    __slots__ = ()


class Environment(Record, fields="masters proxies"):
    """The objects of a Root: [(name, Volumes)] for -m, [Proxy] for -p."""

    __slots__ = ()


def _known(klass, name):
    if name not in klass.groups and name not in klass.volumes:
        raise Refusal("object.unknown", object=name)
    return klass.groups.get(name) or klass.volumes[name]


def _contents(klass, name):
    return volumes_of_group(klass, name) if name in klass.groups else [klass.volumes[name]]


def volumes(asked):
    """The volumes named with -v, or all of the class."""
    named = asked.args.get("volume")
    if named is None:
        return list(asked.klass.volumes.values())
    named = named if isinstance(named, list) else [named]
    for name in named:
        if name not in asked.klass.volumes:
            raise Refusal("object.unknown", object=name)
    return [asked.klass.volumes[name] for name in named]


def proxies(asked):
    """The proxies named with -p."""
    named = asked.args.get("proxy", [])
    named = named if isinstance(named, list) else [named]
    for name in named:
        _known(asked.klass, name)
    return [Proxy(n, relation_of_proxy(asked.klass, n), _contents(asked.klass, n)) for n in named]


def match(asked):
    """The master and the proxy of a Join, as one target."""
    klass, master, proxy = asked.klass, asked.args["master"], asked.args["proxy"]
    by_group = master in klass.groups
    sides = _known(klass, master), _known(klass, proxy)
    return [Match(*sides, _contents(klass, master), _contents(klass, proxy), by_group)]


def environment(asked):
    """What a Root names, as one target."""
    masters = []
    for name in asked.args.get("master", []):
        _known(asked.klass, name)
        masters.append((name, _contents(asked.klass, name)))
    return [Environment(masters, proxies(asked))]
