"""Users and groups of the simulated host: passwd(4) and group(4) as shipped, and what a node's own files add.

A lab's files know their owners by name, the host's by number.
"""

from ..model.queries import find_volume, root_volume

# as shipped: {name: id} (solaris.md 3; recalled: high)
USERS = {
    "root": 0, "daemon": 1, "bin": 2, "sys": 3, "adm": 4, "uucp": 5, "nuucp": 9, "smmsp": 25, "listen": 37, "gdm": 50,
    "lp": 71, "webservd": 80, "nobody": 60001, "noaccess": 60002, "nobody4": 65534,
}  # fmt: skip
GROUPS = {
    "root": 0, "other": 1, "bin": 2, "sys": 3, "adm": 4, "uucp": 5, "mail": 6, "tty": 7, "lp": 8, "nuucp": 9,
    "staff": 10, "daemon": 12, "sysadmin": 14, "smmsp": 25, "gdm": 50, "webservd": 80, "nobody": 60001,
    "noaccess": 60002, "nogroup": 65534,
}  # fmt: skip


class Ids:
    """The numbers of a node's users and groups, and back."""

    def __init__(self, lab, node):
        self.users = {**USERS, **_listed(lab, node, "/etc/passwd")}
        self.groups = {**GROUPS, **_listed(lab, node, "/etc/group")}

    def of(self, file):
        """(uid, gid) of the File, () where its owner or group has no number."""
        own = _number(self.users, file.owner), _number(self.groups, file.group)
        return () if None in own else own

    def names(self, own):
        """(user, group) of (uid, gid): the number in digits of one that has no name."""
        return _name(self.users, own[0]), _name(self.groups, own[1])


def _number(known, name):
    if name in known:
        return known[name]
    return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else None


def _name(known, number):
    return next((name for name, n in known.items() if n == number), str(number))


def _listed(lab, node, path):
    """{name: id} of the lines of the running system's passwd or group; those that are none are left out."""
    place = root_volume(lab, node)
    volume = place and find_volume(lab, *place)
    file = volume and volume.data.files.get(path)
    rows = [line.split(":") for line in file.text.splitlines()] if file and file.kind == "file" else []
    good = [row for row in rows if len(row) > 2 and row[0] and _number({}, row[2]) is not None]
    return {row[0]: int(row[2]) for row in good}
