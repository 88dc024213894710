"""What has to hold after every fault.

A fresh look reads exactly the old or exactly the new lab; what claimed success is in place, and what
is in place is not called a failure; the next command that changes something works, and leaves the
very files that it leaves where nothing ever went wrong; nobody sees a traceback.
"""

import os
import shutil
from collections import namedtuple

from sdxsim.store import snapshots
from sdxsim.store.commit import commit, create, locked
from sdxsim.store.document import trees
from sdxsim.store.lab import look
from sdxsim.store.trouble import Damaged, NoLab, Trouble

from .cases import CASES, DAMAGED, NONE, lab_of
from .hook import ERR
from .process import BROKEN, ran

KNOWN = {"state.json", "history", "objects", "lock", "bin", "snapshots"}  # all that a lab's directory may hold
LEFT_BY_A_KILL = "state.json.new"  # and what a killed writer may leave in it until the next one comes
UNCERTAIN = 3  # exit status: the change was made, but its durability or its report is in doubt
NEXT = ["sdxsim", "clock", "advance", "1h"]  # changes any lab
COMMANDS = "bin"  # of these, which are the commands of the lab's PATH, `sdxsim env` makes what is missing


class Seen(namedtuple("Seen", "kind seq op lab")):
    """A lab as a fresh look finds it, without what the host's clock showed when it was made."""

    __slots__ = ()


def seen(path):
    """The Seen of the lab at `path`."""
    try:
        opened = look(str(path))
    except NoLab:
        return Seen(NONE, 0, None, None)
    except Damaged:
        return Seen(DAMAGED, 0, None, None)
    except Trouble as trouble:
        return Seen(str(trouble), 0, None, None)
    opened.close()
    document = opened.document
    try:
        for volume_tree in trees(document.lab):  # what volumes hold is there as well, whole
            for file in volume_tree.values():
                assert isinstance(file.text, str)
    except Trouble as trouble:
        return Seen(str(trouble), 0, None, None)
    op = {key: value for key, value in document.op.items() if key != "wall"}
    return Seen("lab", document.seq, op, document.lab._replace(clock=document.lab.clock._replace(wall=0)))


def tree(path):
    """{name: bytes, or None for a directory} of everything under `path`."""
    found = {}
    for place, directories, files in os.walk(path):
        inside = os.path.relpath(place, path)
        found.update({os.path.normpath(f"{inside}/{name}"): None for name in directories})
        for name in files:
            full = f"{place}/{name}"
            found[os.path.normpath(f"{inside}/{name}")] = _content(full)
    return found


def to_judge(tree_):
    """A tree without objects that nothing names: who is stopped may leave some, and they do no harm."""
    named = b"".join(content for name, content in tree_.items() if content and not name.startswith("objects"))
    named += b"".join(content for name, content in tree_.items() if content and name.rpartition("/")[2].encode() in named)
    return {
        name: content
        for name, content in tree_.items()
        if name != "objects" and (not name.startswith("objects/") or name.rpartition("/")[2].encode() in named)
    }


def _content(full):
    if os.path.islink(full) or not os.path.isfile(full):
        return b"(odd)"
    with open(full, "rb") as file:
        return file.read()


def planted(tree_, path):
    """Makes `path` that tree, and nothing else."""
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path, 0o700)
    for name, content in tree_.items():
        full = f"{path}/{name}"
        if content is None:
            os.makedirs(full, 0o700, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(full), 0o700, exist_ok=True)
            with open(full, "wb", opener=lambda name, flags: os.open(name, flags, 0o700)) as file:
                file.write(content)


def _fingerprint(path, there):
    """Tells labs apart by all that a command can find in their files, whose tree is `there`."""
    about = [(name, os.lstat(f"{path}/{name}")) for name in sorted(there)]
    numbers = {}  # inodes by the order in which they are met: second names are equal, whichever inode it is
    kinds = [(name, s.st_mode, numbers.setdefault(s.st_ino, len(numbers))) for name, s in about]
    return hash((tuple(kinds), tuple(there[name] for name, _ in about)))


class Next(namedtuple("Next", "failure after")):
    """What the next command came to: why it failed or "", and what it left, (Seen, tree)."""

    __slots__ = ()


class Experiment:
    """One case: its lab on disk, made again as often as wanted, and what its undisturbed run comes to."""

    def __init__(self, case, top):
        self.case, self.top, self.lab = case, str(top), f"{top}/lab"
        self._start = self._prepared()
        self.fresh()
        self.old, self.old_tree = seen(self.lab), tree(self.lab)
        self.ran = self.run(before=lambda number, call: None)
        self.new, self.new_tree = seen(self.lab), tree(self.lab)
        assert self.new.kind == "lab", (case, self.ran)
        assert self.new.seq > self.old.seq, (case, self.ran)
        self.calls = self.ran.calls
        self._tried, self._looked, self.on_paper = {}, {}, {}
        self._after = {}  # what the next command leaves, after the old and after the new lab
        for which in ("new", "old"):
            if which == "old":
                self.fresh()
            assert self.next().status == 0, case
            self._after[which] = (seen(self.lab), to_judge(tree(self.lab)))

    def _prepared(self):
        shutil.rmtree(self.top, ignore_errors=True)
        os.makedirs(self.top)
        lab = lab_of(self.case.lab)
        if lab is None:
            return {}
        create(self.lab, lab, {"argv": ["prepared"]})
        opened = look(self.lab)
        if "snapshot" in self.case.argv:
            snapshots.save(self.lab, "kept", opened.document)
        with locked(self.lab):  # so that there is a history to begin with
            commit(self.lab, opened, lab._replace(soft_rate=lab.soft_rate + 1), {"argv": ["prepared", "more"]})
        opened.close()
        made = tree(self.lab)
        if self.case.lab == DAMAGED:
            made["state.json"] = made["state.json"][:-100]
        return made

    def fresh(self):
        """The lab as it was in the beginning; where there was none there is none."""
        shutil.rmtree(self.lab, ignore_errors=True)
        if self._start:
            planted(self._start, self.lab)

    def run(self, before=None, prepare=None):
        return ran(self.case.argv, self.lab, before, prepare)

    def next(self):
        """The next command that changes something; whoever has no lab, or a damaged one, makes one."""
        kind = seen(self.lab).kind
        if kind == "lab":
            done = ran(NEXT, self.lab)
            return ran(["sdxsim", "env"], self.lab) if COMMANDS in self.new_tree and not done.status else done
        return ran(["sdxsim", "init", *(["--force"] if kind == DAMAGED else [])], self.lab)

    def claims(self, run):
        """True when the command says that it did what it should."""
        return run.status == self.ran.status and (run.out, run.err) == (self.ran.out, self.ran.err)

    def violations(self, run, fault, killed=False, crippled=False):
        """What does not hold, a sentence each. `crippled`: cleaning up could not succeed either."""

        def wrong(sentence):
            found.append(f"{self.case.line}, {fault}: {sentence} (status {run.status}, {run.err.strip()[-200:]!r})")

        found = []
        there = tree(self.lab)
        now = self._seen(there)
        is_old, is_new = now == self.old, now == self.new
        if not is_old and not is_new:
            wrong(f"neither the old lab nor the new one: {now[:3]}")
            return found
        if "Traceback" in run.err or "fault of sdxsim" in run.err or run.status == BROKEN:
            wrong("a traceback")
        if is_old and self.claims(run):
            wrong("said to have succeeded, but the lab is the old one")
        if is_old and run.out and run.out == self.ran.out:
            wrong("reported what it has not done")
        if not killed:
            self._judge_ended(run, is_new, there, crippled, wrong)
        odd = {name.partition("/")[0] for name in there} - KNOWN - ({LEFT_BY_A_KILL} if killed or crippled else set())
        if odd:
            wrong(f"left {sorted(odd)}")
        if is_old and self.old.kind == DAMAGED and self.old_tree["state.json"] not in there.values():
            wrong("the damaged document is gone")
        what = self._what_comes_of(there)
        after = self._after["new" if is_new else "old"]
        if what.failure:
            wrong(f"the next command fails: {what.failure!r}")
        elif what.after != after:
            left, wanted = what.after[1], after[1]
            differing = sorted(n for n in left.keys() | wanted.keys() if left.get(n, "") != wanted.get(n, ""))
            wrong(f"the next command leaves other files: {differing[:5]}")
        return found

    def _seen(self, there):
        """The Seen of the lab as it is now, whose tree is `there`: read once for each that differs in its files."""
        key = _fingerprint(self.lab, there)
        if key not in self._looked:
            self._looked[key] = seen(self.lab)
        return self._looked[key]

    def _what_comes_of(self, there):
        """The Next of the lab as it is now, whose tree is `there`; tried once for each such lab, whatever led to it.

        Most faults leave one of a few: the same files, with the same permissions and the same second names.
        """
        key = _fingerprint(self.lab, there)
        if key not in self._tried:
            run = self.next()
            failure = run.err.strip() or f"status {run.status}"
            self._tried[key] = Next(failure, None) if run.status else Next("", (seen(self.lab), to_judge(tree(self.lab))))
        return self._tried[key]

    def _judge_ended(self, run, is_new, there, crippled, wrong):
        if run.status < 0:
            wrong("it was ended by a signal")
        if run.status == 0 and not self.claims(run):
            wrong("succeeded without saying all")
        if is_new and run.status not in (self.ran.status, UNCERTAIN):
            wrong("the change was made, and it is called a failure")
        if not is_new and run.status == UNCERTAIN:
            wrong("nothing was changed, and it is called a doubtful change")
        if run.status == 0 and to_judge(there) != to_judge(self.new_tree):
            wrong("succeeded, but not all was kept that is to be kept")
        mute = any(call.where == ERR and not call.done for call in run.calls)
        if run.status and run.status != self.ran.status and not run.err and not mute:
            wrong("failed without a word")


def experiments(top, cases=CASES):
    """An Experiment for each case, each in a directory of its own under `top`."""
    for i, case in enumerate(cases):
        yield Experiment(case, f"{top}/{i}")

