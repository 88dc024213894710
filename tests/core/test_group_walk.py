"""A random walk over disks and groups: whatever is connected, sizes and slices are what the members make them."""

import shlex

from conftest import MINUTE, Trial
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sdxsim.lab.scenarios import load
from sdxsim.model.queries import above, lower_groups, members_for_volumes, volumes_of_group
from sdxsim.model.records import Slice, Volume
from sdxsim.model.sizes import areas, measured, single
from sdxsim.model.status import COPY, FREE, SINGLE
from sdxsim.rules.membership import HIERARCHIES, _chains
from sdxsim.store.document import Document, from_bytes, to_bytes

LAB = load("data")
DEVICES = [f"c{c}t{t}d0" for c in (3, 4) for t in (1, 2, 3, 4)]

disks = st.lists(st.sampled_from([f"D{n}" for n in range(8)]), min_size=1, max_size=3, unique=True).map(",".join)
groups = st.sampled_from(["G0", "G1", "G2", "G3"])
types = st.sampled_from(["", " -a type=mirror", " -a type=stripe,width=64", " -a type=concat", " -a type=switch"])


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.trial = Trial(LAB)
        kinds = ["undef"] * 6 + ["single", "spare"]
        listed = ",".join(f"{d}=D{n}:{kinds[n]}" for n, d in enumerate(DEVICES))
        self.trial.done(f"sdxdisk -M -c C -d {listed}")
        self.made = 0

    @property
    def klass(self):
        return self.trial.lab.classes.get("C")

    def type(self, line):
        before, image = self.trial.lab, self.trial.bytes()
        outcome = self.trial.tried(line)
        if outcome.status:
            assert outcome.lab is before, line
            assert self.trial.bytes() == image, line
            assert outcome.stderr.startswith(f"SDX:{shlex.split(line)[0]}: ERROR: "), line

    @rule(group=groups, names=disks, type=types)
    def connect(self, group, names, type):
        self.type(f"sdxdisk -C -c C -g {group} -d {names}{type}")

    @rule(group=groups, names=disks)
    def disconnect(self, group, names):
        self.type(f"sdxdisk -D -c C -g {group} -d {names.split(',')[0]}")

    @rule(high=groups, low=groups, type=types)
    def nest(self, high, low, type):
        self.type(f"sdxgroup -C -c C -h {high} -l {low}{type}")

    @rule(high=groups, low=groups)
    def free(self, high, low):
        self.type(f"sdxgroup -D -c C -h {high} -l {low}")

    @rule(group=groups)
    def remove(self, group):
        self.type(f"sdxgroup -R -c C -g {group}")

    @rule(group=groups, name=st.sampled_from(["G1", "G3", "H"]))
    def rename(self, group, name):
        self.type(f"sdxattr -G -c C -g {group} -a name={name}")

    @rule(group=groups, name=st.sampled_from(["D0", "D1", "D2"]))
    def switch(self, group, name):
        self.type(f"sdxattr -G -c C -g {group} -a actdisk={name}")

    @rule(name=st.sampled_from(["D0", "D6", "D7"]), type=st.sampled_from(["undef", "single", "spare"]))
    def disk_type(self, name, type):
        self.type(f"sdxattr -D -c C -d {name} -a type={type}")

    @rule(letter=st.sampled_from("NF"))
    def start_and_stop(self, letter):
        self.type(f"sdxvolume -{letter} -c C")

    @rule(group=groups, on_disk=st.booleans())
    def a_volume_is_made(self, group, on_disk):
        """As sdxvolume -M does it: in the first gap."""
        klass = self.klass
        holder = single(klass, klass.disks["D6"], self.trial.lab.devices[klass.disks["D6"].device])
        if on_disk and (klass.disks["D6"].type != SINGLE or klass.disks["D6"].group):
            return
        if not on_disk:
            if group not in klass.groups or above(klass, group):
                return
            holder = klass.groups[group]
        held = [v for v in klass.volumes.values() if holder.name in (v.group, v.slices[0].member)]
        gap = next((a for a in areas(holder, held) if a[2] == FREE and a[1] >= holder.unit), None)
        if gap is None:
            return
        members = members_for_volumes(holder)
        self.made += 1
        volume = Volume(
            f"V{self.made}", None if on_disk else group, gap[0], holder.unit,
            tuple(Slice("D6" if on_disk else m, "ACTIVE") for m in members), {"node1": "rw"},
        )  # fmt: skip
        klass = klass._replace(volumes={**klass.volumes, volume.name: volume})
        self.trial.lab = self.trial.lab._replace(classes={**self.trial.lab.classes, "C": klass})

    @rule()
    def time_passes(self):
        self.trial.advance(60 * MINUTE)

    @invariant()
    def groups_are_what_their_members_make_them(self):
        klass = self.klass
        for name, group in klass.groups.items():
            assert measured(klass, self.trial.lab.devices, name).groups[name] == group
            assert all(way in HIERARCHIES for way in _chains(klass, name)) or above(klass, name)
            assert group.members
        members = [m for g in klass.groups.values() for m in g.members]
        assert len(members) == len(set(members))
        for disk in klass.disks.values():
            assert disk.group == above(klass, disk.name)
            assert (disk.group is None) == (disk.name not in members)

    @invariant()
    def volumes_lie_in_their_groups_with_a_slice_on_each_member(self):
        klass, lower = self.klass, lower_groups(self.klass)
        for group in klass.groups.values():
            held = volumes_of_group(klass, group.name)
            assert not held or group.name not in lower
            assert sum(blocks for _, blocks, _ in areas(group, held)) == group.blocks
            for volume in held:
                assert tuple(s.member for s in volume.slices) == members_for_volumes(group)
        written = {(c.volume, m) for c in self.trial.lab.copies for m in c.members}
        shown = {(v.name, s.member) for v in klass.volumes.values() for s in v.slices if s.status == COPY}
        assert written == shown

    @invariant()
    def it_is_shown_written_and_read_back(self):
        self.trial.done("sdxinfo -A -e long")
        document = Document(1, {}, self.trial.lab)
        assert from_bytes(to_bytes(document), "x") == document


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
