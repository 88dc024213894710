"""Real images behind the volumes: an ext2 file system for each, in LAB/images/CLASS.VOLUME.img (`init --real-images`).

What a volume holds is the lab's tree; its image is made from that with `mke2fs -d`, and each recorded
defect is made in it with `debugfs`. When the lab's fsck has mended a volume, a real `e2fsck -fy` mends its image,
has to be content with it the second time, and what it then holds must be what the lab says. Messages stay
those of Solaris. Images follow from the lab: one that is missing is made again, and nothing is lost with it.

By content: `.HASH.img`, so that a copied volume has the very same one (a second name of the file).
"""

import os
import shutil
import subprocess

from ..model.records import File, Tree
from ..store import disk
from ..store.commit import locked
from ..store.lab import look
from ..store.objects import content_name, named
from ..store.trouble import Trouble
from .ground import Ground

IMAGES, WORK = "images", ".work"
MEGABYTES = 16  # of an image, and twice what it holds
TOOLS = ("mke2fs", "debugfs", "e2fsck")
_PLACES = ("/usr/sbin", "/sbin", "/usr/local/sbin")
_LOST = "/.lost"  # files that no directory will list, before their names are taken away
_SECONDS = 60


def tool(name):
    """The path of one of TOOLS. Raises Trouble: it is not there."""
    path = os.environ.get("PATH", os.defpath)
    found = shutil.which(name, path=os.pathsep.join([path, *_PLACES]))
    if not found:
        raise Trouble(f"real images need {', '.join(TOOLS)} of e2fsprogs 1.43 or later, and there is no {name}")
    return found


def needed():
    """Raises Trouble unless all of TOOLS are there."""
    for name in TOOLS:
        tool(name)


def follow(path, argv=()):
    """The images of the lab at `path` are as it says, after the command `argv`. Returns sentences. Raises Trouble."""
    needed()
    with locked(path):
        opened = look(path)
        opened.close()
        try:
            disk.make_directory(f"{path}/{IMAGES}")
            with Ground(f"{path}/{IMAGES}"):
                return _Images(path, argv[:1]).follow(opened.document.lab)
        except OSError as fault:
            raise Trouble(f"the images in {path}/{IMAGES} cannot be made: {fault.strerror}") from fault


def _held(lab):
    """{name of the image: FileSystem} of every volume and plain slice with a ufs."""
    held = {}
    for klass in lab.classes.values():
        for volume in klass.volumes.values():
            held[f"{klass.name}.{volume.name}.img"] = volume.data
    for device in lab.devices.values():
        for number, piece in device.slices.items():
            held[f"{device.name}s{number}.img"] = piece.data
    return {name: data for name, data in held.items() if data is not None and data.type == "ufs"}


def _key(data):
    """What the image of a file system is known by: its tree, and what is wrong with it."""
    damage = repr([(d.kind, sorted(d.facts.items())) for d in data.defects])
    return f".{content_name(f'{named(Tree.of(data.files))} {damage}'.encode())}.img"


class _Images:
    def __init__(self, path, command):
        self.path, self.top, self.said = path, f"{path}/{IMAGES}", []
        self.checks = command in (["fsck"], ["fsck-sim"], ["boot"])  # what mends file systems, by itself or underway
        self.work = f"{self.top}/{WORK}"

    def follow(self, lab):
        held = _held(lab)
        keys = {name: _key(data) for name, data in held.items()}
        for name, data in held.items():
            if not os.path.lexists(f"{self.top}/{keys[name]}"):
                self._make(name, data, keys[name])
            self._link(keys[name], name)
        wanted = {*keys, *keys.values()}
        for name in os.listdir(self.top):
            if name.endswith(".img") and name not in wanted:
                disk.remove(f"{self.top}/{name}")
        shutil.rmtree(self.work, ignore_errors=True)
        return tuple(self.said)

    def _link(self, key, name):
        try:
            if os.path.samestat(os.lstat(f"{self.top}/{key}"), os.lstat(f"{self.top}/{name}")):
                return
        except FileNotFoundError:
            pass
        disk.remove(f"{self.top}/.new")
        os.link(f"{self.top}/{key}", f"{self.top}/.new", follow_symlinks=False)
        os.rename(f"{self.top}/.new", f"{self.top}/{name}")

    def _make(self, name, data, key):
        """The image that a mended volume had, mended by e2fsck; else a new one."""
        shutil.rmtree(self.work, ignore_errors=True)
        os.mkdir(self.work, 0o700)
        new = f"{self.work}/new.img"
        # it had something wrong and has not any more: what stands there under its name is what was mended
        if self.checks and not data.defects and self._is_damaged(name):
            shutil.copyfile(f"{self.top}/{name}", new, follow_symlinks=False)
            wrong = self._mended(new, data)
            if wrong:
                self.said.append(f"e2fsck came to another result with {name}: {wrong}")
                os.unlink(new)
        if not os.path.exists(new):
            self._built(new, data)
        os.rename(new, f"{self.top}/{key}")

    def _is_damaged(self, name):
        file = f"{self.top}/{name}"
        return os.path.isfile(file) and not os.path.islink(file) and self._ran("e2fsck", "-fn", file)[0] != 0

    # -- making --

    def _built(self, new, data):
        tree = Tree.of(data.files)
        source = f"{self.work}/tree"
        os.mkdir(source, 0o700)
        size = self._planted(source, data, tree)
        with open(new, "xb") as file:
            file.truncate((MEGABYTES << 20) + (2 * size >> 20 << 20))
        self._must("mke2fs", "-q", "-F", "-t", "ext2", "-b", "1024", "-I", "256", "-d", source, new)
        commands = _commands(data, tree)
        if commands:
            self._must("debugfs", "-w", "-f", "-", new, given="\n".join([*commands, "quit", ""]))
        shutil.rmtree(source, ignore_errors=True)

    def _planted(self, source, data, tree):
        """The tree as files for mke2fs; names that no directory lists under _LOST. Returns its bytes."""
        total = 0
        with Ground(source) as ground, Ground(self.work) as workshop:
            for path in sorted(tree, key=lambda p: (p[0] == "#", p)):
                file = tree[path]
                at = path if path[0] == "/" else f"{_LOST}{path[1:]}"
                if at == "/lost+found":
                    continue  # mke2fs makes it
                if at.startswith("/lost+found/"):
                    ground.directory("/lost+found", 0o700)
                total += self._put(ground, workshop, at, file)
            for name in _gone(data, tree):
                total += self._put(ground, workshop, name, File())
        return total

    def _put(self, ground, workshop, at, file):
        if file.kind == "dir":
            ground.directory(at, file.mode & 0o777 | 0o700)
            return 4096
        if file.kind == "link":
            ground.link(at, file.text, workshop)
            return 1024
        raw = file.text.encode("utf-8", "surrogateescape")
        ground.file(at, file.mode & 0o777 | 0o400, raw, workshop)
        return len(raw) + 1024

    # -- mending --

    def _mended(self, new, data):
        """What is wrong with the image after e2fsck, "" when it holds what the lab says."""
        status, out = self._ran("e2fsck", "-fy", new)
        if status not in (0, 1):
            return f"it ended with {status}, {out.strip().splitlines()[-1:]}"
        if self._ran("e2fsck", "-fn", new)[0] != 0:
            return "it found something again"
        out_of_it = f"{self.work}/out"
        os.mkdir(out_of_it, 0o700)
        self._must("debugfs", "-R", f"rdump / {out_of_it}", new)
        found = _contents(out_of_it)
        shutil.rmtree(out_of_it, ignore_errors=True)
        wanted = {p: f.text.encode("utf-8", "surrogateescape") for p, f in data.files.items() if f.kind == "file"}
        named_ = [p for p in found.keys() | wanted.keys() if not p.startswith("/lost+found/")]
        differing = [p for p in named_ if found.get(p) != wanted.get(p)]
        lost = [sorted(c for p, c in each.items() if p.startswith("/lost+found/")) for each in (found, wanted)]
        if differing:
            return f"{sorted(differing)[0]} is not what it should be"
        return "" if lost[0] == lost[1] else "what is in lost+found is not what it should be"

    def _ran(self, name, *arguments, given=""):
        environ = {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL": "C", "MKE2FS_CONFIG": "/dev/null"}
        try:
            done = subprocess.run([tool(name), *arguments], input=given.encode("utf-8", "surrogateescape"),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ,
                                  timeout=_SECONDS, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Trouble(f"{name} did not end within {_SECONDS} s") from None
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def _must(self, name, *arguments, given=""):
        status, out = self._ran(name, *arguments, given=given)
        if status:
            last = " ".join(out.split())[-200:]
            raise Trouble(f"{name} ended with {status}: {last}")


def _contents(top):
    found = {}
    for at, _, files in os.walk(top):
        for name in files:
            full = f"{at}/{name}"
            if not os.path.islink(full):
                with open(full, "rb") as file:
                    found[f"{at[len(top):]}/{name}"] = file.read()
    return found


def _gone(data, tree):
    """Names of directory entries whose inode is not there, as far as an image can have them."""
    names = [d.facts["name"] for d in data.defects if d.kind == "entry.unallocated"]
    return [name for name in names if name not in tree and _typable(name) and name.rpartition("/")[0] in ("", *tree)]


def _typable(path):
    """True when debugfs can be told the path."""
    return path.isascii() and path.isprintable() and '"' not in path


def _commands(data, tree):
    """What debugfs does so that e2fsck finds what the lab's fsck will find; () for what ext2 has not (the log)."""
    made = [f'clri "{name}"' for name in _gone(data, tree)]
    for defect in data.defects:
        inode, path = defect.facts.get("inode"), defect.facts.get("path", "")
        if defect.kind in ("file.lost", "file.empty", "directory.lost") and f"#{inode}" in tree:
            made.append(f"unlink {_LOST}{inode}")
        elif defect.kind == "inode.blocks" and path in tree and _typable(path):
            made.append(f'set_inode_field "{path}" blocks {2 * defect.facts["found"] + 40}')
        elif defect.kind == "file.links" and path in tree and _typable(path):
            made.append(f'set_inode_field "{path}" links_count {defect.facts["found"]}')
        elif defect.kind == "cg.summary":
            made.append("set_bg 0 free_inodes_count 1")
        elif defect.kind == "cg.fragment_bitmap":
            made.append("setb 9000 2")
        elif defect.kind == "total.summary":
            made.append("ssv free_blocks_count 1234")
    if data.flag == "FSACTIVE" or data.defects:
        made.append("ssv state 0")
    return made
