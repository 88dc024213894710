"""A random walk over faults, repairs, commands and boots: a fault never leaves contradictions."""

import shlex

from conftest import MINUTE
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.core.mirrors import Breaking

from sdxsim.execute import execute
from sdxsim.model.queries import disks_under, in_use, joined_proxy
from sdxsim.model.status import COPY, ENABLE, INVALID, NOUSE, SLICE_STATUSES, VALID
from sdxsim.rules import faults
from sdxsim.rules.copying import settle
from sdxsim.store.document import Document, from_bytes, to_bytes

LAB = Breaking().lab

DISKS = ["Disk1", "Disk2", "Disk3", "Disk4", "Disk5", "Disk6", "Proxy1", "Proxy2", "Alone", "Spare1", "Spare2"]
VOLUMES = ["Volume1", "Volume2", "Volume3", "Copy2", "Single1"]
disks = st.sampled_from(DISKS)
volumes = st.sampled_from(VOLUMES)


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.trial = Breaking(LAB)

    def type(self, line):
        before, image = self.trial.lab, self.trial.bytes()
        outcome = self.trial.tried(line)
        if outcome.status and line.startswith("sdx") and "was cancelled" not in outcome.stderr:
            if self.trial.lab is not before:  # it waited, and the node went down meanwhile
                assert "halted" in outcome.stderr, (line, outcome.stderr)
            else:
                assert self.trial.bytes() == image, line
        again = execute(before, shlex.split(line), before.clock.virtual)
        assert again == outcome, line

    @rule(disk=disks, word=st.sampled_from(["fail", "io-error", "repair", "repair", "replace", "replace 100"]))
    def a_disk(self, disk, word):
        self.trial.fault(f"disk Class1/{disk} {word}")

    @rule(disk=disks, word=st.sampled_from(["", " repair"]))
    def a_path(self, disk, word):
        self.trial.fault(f"path Class1/{disk}{word}")

    @rule(volume=volumes)
    def a_copy_source(self, volume):
        self.trial.fault(f"copy-source Class1 {volume}")

    @rule(disk=disks, minutes=st.sampled_from([1, 2, 60]))
    def later(self, disk, minutes):
        self.trial.later(minutes, f"disk Class1/{disk} fail")

    @rule(word=st.sampled_from(["power", "panic"]))
    def a_crash(self, word):
        self.trial.fault(word)
        self.type("boot")

    @rule()
    def a_reboot(self):
        self.type("shutdown -y -g0 -i0")
        self.type("boot")

    @rule(disk=disks, form=st.sampled_from(["-O", "-I", "-I -e nowaitsync"]), count=st.integers(1, 2))
    def swap(self, disk, form, count):
        letter, _, option = form.partition(" ")
        for _ in range(count):
            self.type(f"sdxswap {letter} -c Class1 -d {disk} {option}")

    @rule(disk=disks)
    def exchange(self, disk):
        self.type(f"sdxswap -O -c Class1 -d {disk}")
        self.trial.fault(f"disk Class1/{disk} replace")
        self.type(f"sdxswap -I -c Class1 -d {disk}")

    @rule(disk=disks, volume=volumes, option=st.sampled_from(["", "-e online", "-e online -x NoRdchk"]))
    def fix(self, disk, volume, option):
        self.type("sdxfix -C -c Class1")
        self.type(f"sdxfix -D -c Class1 -d {disk} {option}")
        self.type(f"sdxfix -V -c Class1 -d {disk} -v {volume}")
        self.type(f"sdxfix -V -c Class1 -g Lower1 -v {volume}")

    @rule(letter=st.sampled_from("NF"), volume=volumes)
    def start_and_stop(self, letter, volume):
        self.type(f"sdxvolume -{letter} -c Class1 -v {volume}")

    @rule(word=st.sampled_from(["Part", "Rejoin", "Rejoin -e waitsync", "Update", "Update -e instant", "Cancel"]))
    def proxy(self, word):
        word, _, option = word.partition(" ")
        self.type(f"sdxproxy {word} -c Class1 -p Copy2 {option}")

    @rule()
    def unmount(self):
        self.type("umount /data")

    @rule(ms=st.sampled_from([1, 1000, 60_000, 60 * MINUTE]))
    def time_passes(self, ms):
        self.trial.advance(ms)

    def klass(self):
        return self.trial.lab.classes["Class1"]

    @invariant()
    def what_volumes_and_slices_show_agrees(self):
        klass = self.klass()
        for volume in klass.volumes.values():
            shown = [s.status for s in volume.slices]
            assert set(shown) <= set(SLICE_STATUSES)
            assert volume.started or "ACTIVE" not in shown, volume.name
            assert volume.valid or not volume.started, volume.name
            assert volume.valid or not set(shown) & set(VALID), volume.name
            assert not volume.valid or set(shown) & {*VALID, COPY}, volume.name
            if joined_proxy(klass, volume.name):
                assert not volume.started, volume.name

    @invariant()
    def copy_is_shown_exactly_where_a_session_writes(self):
        written = [(c.volume, m) for c in self.trial.lab.copies for m in c.members if c.klass == "Class1"]
        assert len(set(written)) == len(written)
        shown = {(v.name, s.member) for v in self.klass().volumes.values() for s in v.slices if s.status == COPY}
        assert shown == set(written)
        for copy in self.trial.lab.copies:
            assert copy.members

    @invariant()
    def no_slice_is_good_on_a_disk_out_of_use(self):
        klass = self.klass()
        for volume in klass.volumes.values():
            for piece in volume.slices:
                usable = all(d.status == ENABLE for d in disks_under(klass, piece.member))
                if not usable and not klass.closed:
                    assert piece.status in (NOUSE, INVALID), (volume.name, piece)
                assert usable or piece.status != COPY
                assert not usable or piece.status != NOUSE, (volume.name, piece)

    @invariant()
    def mirrors_have_a_slice_for_each_member_and_spares_stand_where_they_say(self):
        klass = self.klass()
        for volume in klass.volumes.values():
            if volume.group:
                assert [s.member for s in volume.slices] == list(klass.groups[volume.group].members)
        for disk in klass.disks.values():
            if disk.standin:
                members = klass.groups[disk.group].members
                assert disk.name in members
                assert disk.standin in members
            elif disk.type == "spare":
                assert disk.group is None

    @invariant()
    def a_broken_disk_shows_it(self):
        lab, klass = self.trial.lab, self.klass()
        up = lab.nodes["node1"].power != "obp"
        for disk in klass.disks.values():
            device = lab.devices[disk.device]
            if up and not klass.closed and disk.status == ENABLE and (device.trouble or not device.present):
                assert disk.error, disk.name

    @invariant()
    def what_is_mounted_is_not_stopped_by_anybody(self):
        lab = self.trial.lab
        for volume in self.klass().volumes.values():
            if in_use(lab, "Class1", volume.name) and volume.valid:
                assert volume.started, volume.name

    @invariant()
    def it_is_written_and_read_back_and_settled_once(self):
        lab, now = self.trial.lab, self.trial.now
        document = Document(1, {}, lab)
        assert from_bytes(to_bytes(document), "x") == document
        assert settle(settle(lab, now), now) == settle(lab, now)
        if not lab.faults and not any(c for c in lab.copies if not c.paused):
            assert faults.settled(lab, now) == lab


TestFaultWalk = Walk.TestCase
TestFaultWalk.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
