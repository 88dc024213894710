"""A random walk over the commands and the clock: whatever happens, the lab stays a lab."""

import shlex

from conftest import MINUTE, Trial
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.model.queries import in_use, relation_of_volume
from sdxsim.model.status import COPY, JOINED, SLICE_STATUSES
from sdxsim.rules.copying import settle
from sdxsim.store.document import Document, from_bytes, to_bytes

LAB = load("backing-up")

proxies = st.sampled_from(["Proxy1", "Proxy2", "Proxy1,Proxy2"])
volumes = st.lists(
    st.sampled_from(["Proot", "Pusr", "Phome", "Pswap", "Pvar", "Popt", "root", "var"]), min_size=1, max_size=6
).map(",".join)
one = st.sampled_from(["Proot", "Phome", "Pvar", "root"])
attributes = st.sampled_from(["mode=rw", "mode=ro", "lock=on", "lock=off", "jrm=off", "pjrm=off", "mode=rw,lock=off"])
words = {
    "Part": st.sampled_from(["", "-e instant", "-e unlock", "-e mode=ro", "-a pjrm=off"]),
    "Rejoin": st.sampled_from(["", "-e softcopy", "-e waitsync", "-e delay=10"]),
    "Update": st.sampled_from(["", "-e instant", "-e nowaitsync"]),
    "Root": st.sampled_from(["", "-e boot"]),
}
single = st.sampled_from(["Proxy1", "Proxy2"])


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.trial = Trial(LAB)

    def type(self, line):
        before, image = self.trial.lab, self.trial.bytes()
        outcome = self.trial.tried(line)
        if outcome.status and not line.startswith(("fsck", "boot")):
            assert outcome.lab is before, line
            assert self.trial.bytes() == image, line
            assert (outcome.stderr or outcome.stdout).endswith("\n"), line  # the ok prompt has but one stream
        if line.startswith("sdx") and outcome.status == 0:
            assert outcome.stderr == "", line
        again = execute(before, shlex.split(line), before.clock.virtual)
        assert again == outcome, line  # nothing is left to chance

    @rule(word=st.sampled_from(sorted(words)), names=proxies, data=st.data())
    def proxy_words(self, word, names, data):
        self.type(f"sdxproxy {word} -c System -p {names} {data.draw(words[word])}")

    @rule(word=st.sampled_from(["Break", "Cancel"]), name=single, force=st.sampled_from(["", "-e force"]))
    def endings(self, word, name, force):
        self.type(f"sdxproxy {word} -c System -p {name} {force if word == 'Break' else ''}")

    @rule(letter=st.sampled_from("NF"), names=volumes, option=st.sampled_from(["", "-e unlock", "-e mode=ro"]))
    def start_and_stop(self, letter, names, option):
        self.type(f"sdxvolume -{letter} -c System -v {names} {option if letter == 'N' else ''}")

    @rule(name=one, given=attributes)
    def attribute(self, name, given):
        self.type(f"sdxattr -V -c System -v {name} -a {given}")

    @rule(name=one)
    def check(self, name):
        self.type(f"fsck -y /dev/sfdsk/System/rdsk/{name}")

    @rule(name=one)
    def mount_and_touch(self, name):
        self.type(f"mount -F ufs /dev/sfdsk/System/dsk/{name} /mnt")
        self.type("chgrp sys /mnt/etc/vfstab")

    @rule()
    def unmount(self):
        self.type("umount /mnt")

    @rule(target_disk=st.sampled_from([0, 2, 7]), single_user=st.sampled_from(["", "-s"]))
    def reboot(self, target_disk, single_user):
        self.type("sync")
        self.type("shutdown -y -g0 -i0")
        self.type(f"boot /pci@1f,4000/scsi@3/disk@{target_disk},0:a {single_user}")

    @rule(ms=st.sampled_from([1, 1000, 60_000, 250_000, 60 * MINUTE]))
    def time_passes(self, ms):
        before = {c.volume for c in self.trial.lab.copies}
        self.trial.advance(ms)
        assert {c.volume for c in self.trial.lab.copies} <= before

    @invariant()
    def names_and_statuses_are_known(self):
        klass = self.trial.lab.classes["System"]
        assert all(name == volume.name for name, volume in klass.volumes.items())
        names = [*klass.volumes, *klass.groups, *klass.disks]
        assert len(set(names)) == len(names)
        assert all(s.status in SLICE_STATUSES for v in klass.volumes.values() for s in v.slices)

    @invariant()
    def copy_is_shown_exactly_while_a_session_copies(self):
        lab = self.trial.lab
        written = {c.volume for c in lab.copies}
        for volume in lab.classes["System"].volumes.values():
            assert (volume.name in written) == any(s.status == COPY for s in volume.slices)

    @invariant()
    def what_is_mounted_runs_and_what_is_joined_does_not(self):
        lab, klass = self.trial.lab, self.trial.lab.classes["System"]
        for volume in klass.volumes.values():
            relation, _ = relation_of_volume(klass, volume.name)
            if in_use(lab, "System", volume.name):
                assert volume.started, volume.name
                assert volume.valid, volume.name
            if relation and relation.state == JOINED:
                assert not volume.started, volume.name
            if not volume.started:
                assert all(s.status != "ACTIVE" for s in volume.slices), volume.name
            if not volume.valid:
                assert not volume.started, volume.name

    @invariant()
    def it_is_written_and_read_back_and_settled_once(self):
        lab = self.trial.lab
        document = Document(1, {}, lab)
        assert from_bytes(to_bytes(document), "x") == document
        now = self.trial.now
        assert settle(settle(lab, now), now) == settle(lab, now)


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
