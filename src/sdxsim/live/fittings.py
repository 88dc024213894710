"""What a shell with real paths needs beside the files of a node: `LAB/live/.shell`, made when there first is one.

While it is there, the live tree of each node keeps the directories that are bound to real paths, on a node that is
down too (a bind follows the directory, not its name), and has links to what programs of the host look
for in /etc; both belong to no volume. And `.shell/NODE/{sfdsk,dsk,rdsk}` show the node's special files as empty
ordinary files, for no user may make device nodes.
"""

import json
import os

from ..model.names import well_spelled, well_spelled_slice
from ..model.queries import PLAIN, sees
from ..model.records import File
from ..model.status import TEMP, TEMP_STOP
from ..store import disk
from ..store.commit import locked
from .view import Shown

SHELL = ".shell"
KEPT = ("/etc", "/home", "/mnt", "/opt", "/var")  # directories that are always there
SLICES = 8
MODE = 0o440


def _directory(path):
    return f"{path}/live/{SHELL}"


def exist(path):
    """True when there has been a shell with real paths in the lab at `path`."""
    return os.path.isdir(_directory(path))


def make(path, links):
    """From now on the live trees of the lab at `path` have them; `links` {path: where it leads}.

    Raises OSError, Trouble.
    """
    if exist(path) and links == _links(path):
        return
    with locked(path):
        disk.make_directory(f"{path}/live")
        disk.make_directory(_directory(path))
        _write(path, "links", json.dumps(links).encode("ascii"))


def end(path):
    """They are taken away. Raises OSError."""
    if exist(path):
        for name in os.listdir(_directory(path)):
            if well_spelled(name) and os.path.isdir(f"{_directory(path)}/{name}"):
                _show_names(path, name, [])
                os.rmdir(f"{_directory(path)}/{name}")
        for name in os.listdir(_directory(path)):
            disk.remove(f"{_directory(path)}/{name}")
        os.rmdir(_directory(path))


def furnished(path, target):
    """`target` {path: Shown} with what such a shell needs, where nothing of the node has that name."""
    wanted = dict(target)
    for name in KEPT:
        wanted.setdefault(name, Shown(None, None, None))
    for name, to in _links(path).items():
        above = wanted.get(name.rpartition("/")[0])
        if above and (above.file is None or above.file.kind == "dir"):
            wanted.setdefault(name, Shown(File(to, 0o777, kind="link"), None, None))
    return dict(sorted(wanted.items()))


def _links(path):
    try:
        with open(f"{_directory(path)}/links", "rb") as file:
            return {str(name): str(to) for name, to in json.loads(file.read()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write(path, name, content):
    new = f"{_directory(path)}/{name}.new"
    disk.remove(new)
    disk.write_new(new, content)
    disk.replace(new, f"{_directory(path)}/{name}")


# -- special files --------------------------------------------------------------------------------------------------


def names(lab, node):
    """What /dev has on the node, without /dev/: directories end in /, and stand before what is in them."""
    found = ["sfdsk/", "dsk/", "rdsk/"]
    for klass in lab.classes.values():
        if klass.name == PLAIN or node.name not in klass.scope or not well_spelled(klass.name):
            continue
        detached = [f"{s.member}.{v.name}" for v in klass.volumes.values() for s in v.slices
                    if s.status in (TEMP, TEMP_STOP)]  # fmt: skip
        found.append(f"sfdsk/{klass.name}/")
        for kind in ("dsk", "rdsk"):
            found.append(f"sfdsk/{klass.name}/{kind}/")
            found += [f"sfdsk/{klass.name}/{kind}/{name}" for name in (*klass.volumes, *detached)]
    for device in lab.devices.values():
        if device.present and sees(node, device):
            found += [f"{kind}/{device.name}s{number}" for kind in ("dsk", "rdsk") for number in range(SLICES)]
    return [name for name in found if all(map(_fit, name.rstrip("/").split("/")))]


def _fit(name):
    return well_spelled(name) or well_spelled_slice(name)


def show_devices(path, lab, node):
    """The special files of the node are as they should be. Raises OSError."""
    _show_names(path, node.name, names(lab, node))


def _show_names(path, node, wanted):
    where, note = f"{_directory(path)}/{node}", f"{_directory(path)}/{node}.names"
    try:
        with open(note, encoding="ascii") as file:
            there = file.read().split("\n")
    except FileNotFoundError:
        there = []
    if there == wanted and os.path.isdir(where):
        return
    disk.make_directory(where)
    keep = set(wanted)
    # both are noted first: who is killed in between has made nothing that the next one does not know of
    _write(path, f"{node}.names", "\n".join([*wanted, *(name for name in there if name not in keep)]).encode("ascii"))
    for name in reversed(there):
        if name and name not in keep:
            _take(f"{where}/{name}")
    for name in wanted:
        if name.endswith("/"):
            if not os.path.isdir(f"{where}/{name}"):
                os.mkdir(f"{where}/{name}", 0o755)
        else:
            os.close(os.open(f"{where}/{name}", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, MODE))
    _write(path, f"{node}.names", "\n".join(wanted).encode("ascii"))


def _take(name):
    try:
        (os.rmdir if name.endswith("/") else os.unlink)(name)
    except OSError:
        pass  # somebody took it away, or put something in it
