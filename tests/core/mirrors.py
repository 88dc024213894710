"""A lab for faults: tests/runbooks/mirrors.json in memory, with things that break."""

from pathlib import Path

from conftest import Trial

from sdxsim.lab.scenarios import load
from sdxsim.rules import faults
from sdxsim.rules.copying import settle

SCENARIO = Path(__file__).parent.parent / "runbooks" / "mirrors.json"


class Breaking(Trial):
    """A Trial on class Class1 in which things break."""

    def __init__(self, lab=None):
        super().__init__(lab or load(str(SCENARIO)))

    def fault(self, words):
        """Something breaks now."""
        before = settle(self.lab, self.now)
        assert faults.wrong(before, words.split()) == "", words
        self.lab = faults.struck(before, tuple(words.split()), self.now)
        assert settle(self.lab, self.now) == self.lab, words  # all that follows has followed
        return [note.id for note in faults.reported(before, self.lab)]

    def later(self, minutes, words):
        """Something will break."""
        coming = [*self.lab.faults, (self.now + minutes * 60_000, *words.split())]
        self.lab = self.lab._replace(faults=tuple(sorted(coming, key=lambda fault: fault[0])))

    def slices(self, volume, class_name="Class1"):
        """{member: status} of a volume."""
        return {s.member: s.status for s in self.volume(volume, class_name).slices}

    def disk(self, name):
        return settle(self.lab, self.now).classes["Class1"].disks[name]

    def klass(self, **fields):
        """Fields of Class1 replaced."""
        changed = self.lab.classes["Class1"]._replace(**fields)
        self.lab = self.lab._replace(classes={**self.lab.classes, "Class1": changed})

    def device(self, name, **fields):
        """Fields of a device replaced."""
        changed = self.lab.devices[name]._replace(**fields)
        self.lab = self.lab._replace(devices={**self.lab.devices, name: changed})

    def no_spares(self):
        self.klass(hs=False)
        return self

    def reboot(self):
        if self.lab.nodes["node1"].power != "obp":
            self.done("shutdown -y -g0 -i0")
        self.done("boot")
