"""A random walk over proxies of data volumes, in both directions: whatever happens, the lab stays a lab."""

import shlex
from pathlib import Path

from conftest import MINUTE, Trial
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.model.queries import copies_onto, in_use, members_for_volumes, relation_of_volume
from sdxsim.model.status import COPY, JOINED, SLICE_STATUSES, VALID
from sdxsim.rules.copying import settle
from sdxsim.store.document import Document, from_bytes, to_bytes

LAB = load(str(Path(__file__).parent.parent / "runbooks" / "proxies.json"))
ARRAY = LAB._replace(functions=("OPC", "EC"))

proxies = st.sampled_from(["Volume2", "Volume4", "Volume2,Volume4"])
single = st.sampled_from(["Volume2", "Volume4"])
volumes = st.sampled_from(["Volume1", "Volume2", "Volume4", "Volume1,Volume2", "Volume1,Volume2,Volume4"])
words = {
    "Part": st.sampled_from(["", "-e instant", "-a pjrm=off"]),
    "Rejoin": st.sampled_from(["", "-e softcopy", "-e waitsync"]),
    "RejoinRestore": st.sampled_from(["", "-e nowaitsync", "-e instant", "-e softcopy,delay=5,nowaitsync"]),
    "Restore": st.sampled_from(["", "-e nowaitsync", "-e instant"]),
    "Update": st.sampled_from(["", "-e nowaitsync", "-e instant"]),
}
endings = st.sampled_from(["Break", "Break -e force", "Break -e restore", "Break -e force,restore", "Cancel", "Swap"])


class DataWalk(RuleBasedStateMachine):
    lab = LAB

    def __init__(self):
        super().__init__()
        self.trial = Trial(self.lab)

    def type(self, line):
        before, image = self.trial.lab, self.trial.bytes()
        outcome = self.trial.tried(line)
        if outcome.status and not line.startswith("boot"):
            assert outcome.lab is before, line
            assert self.trial.bytes() == image, line
            assert outcome.stderr.endswith("\n"), line
        assert execute(before, shlex.split(line), before.clock.virtual) == outcome, line

    @rule(word=st.sampled_from(["Join", "Relate"]), proxy=single)
    def beginnings(self, word, proxy):
        self.type(f"sdxproxy {word} -c Class1 -m Volume1 -p {proxy}")

    @rule(word=st.sampled_from(sorted(words)), names=proxies, data=st.data())
    def proxy_words(self, word, names, data):
        self.type(f"sdxproxy {word} -c Class1 -p {names} {data.draw(words[word])}")

    @rule(word=endings, proxy=single)
    def words_of_one(self, word, proxy):
        word, _, options = word.partition(" ")
        self.type(f"sdxproxy {word} -c Class1 -p {proxy} {options}")

    @rule()
    def be_quiet(self):
        self.type("umount /mnt1")
        self.type("sdxvolume -F -c Class1")

    @rule(letter=st.sampled_from("NF"), names=volumes)
    def start_and_stop(self, letter, names):
        self.type(f"sdxvolume -{letter} -c Class1 -v {names}")

    @rule(name=st.sampled_from(["Volume1", "Volume2"]), owner=st.sampled_from(["sys", "root", "other"]))
    def mount_and_touch(self, name, owner):
        self.type(f"mount -F ufs /dev/sfdsk/Class1/dsk/{name} /mnt1")
        self.type(f"chgrp {owner} /mnt1/data")

    @rule()
    def reboot(self):
        self.type("shutdown -y -g0 -i0")
        self.type("boot")

    @rule(ms=st.sampled_from([1, 1000, 60_000, 250_000, 60 * MINUTE]))
    def time_passes(self, ms):
        self.trial.advance(ms)

    @invariant()
    def volumes_lie_in_their_groups_and_not_over_each_other(self):
        klass = self.trial.lab.classes["Class1"]
        for group in klass.groups.values():
            held = sorted((v for v in klass.volumes.values() if v.group == group.name), key=lambda v: v.first)
            for volume in held:
                assert [s.member for s in volume.slices] == list(members_for_volumes(group))
            ends = [v.first + v.blocks for v in held]
            assert all(end <= after.first for end, after in zip(ends, held[1:], strict=False))

    @invariant()
    def copy_is_shown_exactly_where_a_session_writes(self):
        lab = self.trial.lab
        written = {(c.volume, m) for c in lab.copies for m in c.members}
        shown = {(v.name, s.member) for v in lab.classes["Class1"].volumes.values() for s in v.slices if s.status == COPY}
        assert written == shown

    @invariant()
    def what_is_used_is_good_and_what_is_joined_or_overwritten_is_not_used(self):
        lab, klass = self.trial.lab, self.trial.lab.classes["Class1"]
        for volume in klass.volumes.values():
            relation, pair = relation_of_volume(klass, volume.name)
            normal = [c for c in copies_onto(lab, "Class1", volume.name) if not c.background]
            if in_use(lab, "Class1", volume.name):
                assert volume.started and volume.valid and not normal, volume.name
            if relation and relation.state == JOINED:
                assert not volume.started, volume.name
                assert pair.tracking is None
            if not volume.valid:
                assert not volume.started
                assert not any(s.status in VALID for s in volume.slices)
            if not volume.started:
                assert all(s.status != "ACTIVE" for s in volume.slices), volume.name
            assert all(s.status in SLICE_STATUSES for s in volume.slices)

    @invariant()
    def one_copy_writes_a_volume_and_none_is_both_ways(self):
        lab = self.trial.lab
        written = [c.volume for c in lab.copies]
        assert len(set(written)) == len(written)
        assert not set(written) & {c.source for c in lab.copies}

    @invariant()
    def joined_and_equal_proxies_hold_what_their_masters_hold_after_part(self):
        lab, klass = self.trial.lab, self.trial.lab.classes["Class1"]
        for relation in klass.relations:
            quiet = not any(c.klass == "Class1" for c in lab.copies) and not self.trial.lab.nodes["node1"].mounts[6:]
            if relation.state == JOINED and quiet:
                parted = execute(lab, f"sdxproxy Part -c Class1 -p {relation.proxy}".split(), lab.clock.virtual)
                assert parted.status == 0 or "INVALID" in parted.stderr
                volumes = parted.lab.classes["Class1"].volumes
                assert volumes[relation.proxy].data == volumes[relation.master].data

    @invariant()
    def it_is_written_and_read_back_and_settled_once(self):
        lab, now = self.trial.lab, self.trial.now
        assert from_bytes(to_bytes(Document(1, {}, lab)), "x") == Document(1, {}, lab)
        assert settle(settle(lab, now), now) == settle(lab, now)


class ArrayWalk(DataWalk):
    lab = ARRAY


TestDataWalk = DataWalk.TestCase
TestDataWalk.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestArrayWalk = ArrayWalk.TestCase
TestArrayWalk.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
