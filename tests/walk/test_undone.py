"""Whatever was done to a lab on disk, undo takes back; what was refused left its document as it was, to the byte.

The walks are those of `test_everything`, but each command is kept in a lab on disk, as a process keeps
it, and every so often the last few operations are undone, or an undo is.
"""

from pathlib import Path

import pytest
from tests.walk.test_everything import SEED, Walk

from sdxsim.execute import execute
from sdxsim.lab import back, session
from sdxsim.lab.complaint import Complaint
from sdxsim.lab.mishap import met
from sdxsim.store.commit import create
from sdxsim.store.lab import look
from sdxsim.turn import taken

STARTS = ("backing-up:", "bare:", "cluster:", "data:", "mirrored:", "opc", "joined_v", "nested", "detached", "switched")


class OnDisk(Walk):
    """A walk whose lab is at `path`; `was` has the lab after each of the operations that can be undone, oldest first."""

    def at(self, path):
        create(path, self.lab, {"argv": ["made"]})
        self.path = path
        self.was = [self.there()]
        return self

    def there(self):
        opened = look(self.path)
        opened.close()
        return opened.document.lab

    def raw(self):
        return Path(self.path, "state.json").read_bytes()

    def type(self, words, node=None):
        before, raw = self.lab, self.raw()

        def change(lab, now, at):
            outcome = execute(lab, words, now, node, self.read)
            return outcome.lab, outcome, outcome.status

        outcome = taken(self.path, words, change).answer
        for path, text, _replace in outcome.written:
            self.files[path] = text
        self.kept(raw)
        if words[0].startswith("sdx"):
            self.judge(words, before, outcome._replace(lab=before if outcome.lab == before else outcome.lab))
        return outcome

    def met(self, words):
        raw = self.raw()

        def change(lab, now, at):
            changed, said = met(lab, words.split(), None, None, now)
            return changed, said, 0

        try:
            session.changed(self.path, ["sdxsim", "fault", *words.split()], change)
        except Complaint:
            assert self.raw() == raw
        self.kept(raw)

    def kept(self, raw):
        self.lab = self.there()
        if self.raw() != raw:
            self.was.append(self.lab)

    def go_back(self, count):
        """Undoes `count` operations, as many as there are."""
        count = min(count, len(self.was) - 1)
        if not count:
            return
        back.undone(self.path, ["sdxsim", "undo", str(count)], count)
        self.lab = self.there()
        assert self.lab == self.was[-1 - count]
        self.was.append(self.lab)


@pytest.mark.parametrize("start", STARTS)
def test_undo_restores_the_lab_whatever_was_done(start, tmp_path):
    walk = OnDisk()
    walk.begin(start)
    walk.at(str(tmp_path / "lab"))
    changes = 0
    for step in range(100):
        rng = walk.chance(f"{SEED} {start} {step}")
        before = len(walk.was)
        if rng.random() < 0.1:
            disks = [f"{k.name}/{d}" for k in walk.lab.classes.values() if not k.shadow for d in k.disks]
            walk.met(f"disk {rng.choice(disks or list(walk.lab.devices))} {rng.choice(('fail', 'repair'))}")
        elif rng.random() < 0.1:
            walk.a_boot(step)
        else:
            walk._command(f"{SEED} {start} {step}")
        walk.steps += 1
        changes += len(walk.was) - before
        if rng.random() < 0.3:
            walk.go_back(rng.choice((1, 1, 2, 5)))
            if rng.random() < 0.5:
                walk.go_back(1)  # the undo
    assert changes > 10, "nothing was done that could have been undone"
