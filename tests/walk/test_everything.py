"""A random walk over all commands, faults, boots and clock moves, from all kinds of labs.

Each walk is told by numbers alone (the start, and a form and a seed a step), so that hypothesis can
shorten it. SDXSIM_WALK_STEPS makes the walks of a run more (10,000 steps by default), SDXSIM_WALK_SEED
other ones.
"""

import os
import random
import re
from collections import Counter
from errno import ENOENT
from pathlib import Path

import hypothesis
import tally
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.store.faults import cases
from tests.store.faults.cases import CASES, LABS, lab_of
from tests.walk import laws
from tests.walk.typist import TABLE, Typist, any_form

from sdxsim.execute import execute
from sdxsim.lab.complaint import Complaint
from sdxsim.lab.mishap import met
from sdxsim.lab.scenarios import load
from sdxsim.model import clock
from sdxsim.model.outcome import Wait
from sdxsim.model.status import FROZEN, OBP
from sdxsim.rules.copying import settle
from sdxsim.words.grammar import match
from sdxsim.words.messages import ERROR, MESSAGES
from sdxsim.words.syntax import FORMS

STEPS = int(os.environ.get("SDXSIM_WALK_STEPS", "10000"))
SEED = int(os.environ.get("SDXSIM_WALK_SEED", "1"))
LENGTH = 100  # steps of a walk, at most
MINUTE = 60_000

SCENARIOS = ("backing-up", "bare", "cluster", "data", "mirrored", "single-user")
# what no shipped scenario has occasion for; but a thousand volumes, which are as slow as they are many
OTHERS = [str(p) for p in sorted(Path(cases.__file__).parents[2].glob("runbooks/**/*.json")) if "many" not in p.name]
STARTS = (*(f"{name}:" for name in (*SCENARIOS, *OTHERS)), *LABS, "closed", "erring", "lost", "elsewhere", "seen")
BY_HAND = [case for case in CASES if case.argv[0] not in ("sdxsim", "lockfs")]  # behind a lock nothing would happen
LINES = [case.line for case in BY_HAND if case.what != "config.restore"]
# a lab, and what is typed first: nothing, or what the lab was made for
OPENINGS = [(name, "") for name in STARTS] + [(case.lab, case.line) for case in BY_HAND]
TIMES = (1, 1000, MINUTE, 5 * MINUTE, 60 * MINUTE, 24 * 60 * MINUTE)
SEEDS = st.integers(0, 1 << 32)
TRIES = 3  # of a command that is refused
AGAIN = 0.1  # how often a command is typed a second time, which as a rule is one time too many
FAULTS = ("disk {} fail", "disk {} io-error", "disk {} repair", "disk {} replace", "path {}", "path {} repair")

# what each refusal looks like, whatever it names
SAYINGS = {
    note_id: re.compile(re.sub(r"\\{\w+\\}", "[^:]+", re.escape(text.partition("\n")[0])))
    for note_id, (severity, text, _) in MESSAGES.items() if severity == ERROR
}  # fmt: skip
CLASS1 = Path(cases.__file__).with_name("class1.table").read_text()
done, refused, said = Counter(), Counter(), Counter()
_labs = {}


def start(name):
    if name not in _labs:
        lab = load(name[:-1]) if name.endswith(":") else lab_of(name)
        _labs[name] = lab._replace(clock=clock.at(lab.clock, lab.clock.virtual, 0)._replace(mode=FROZEN))
    return _labs[name]


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.lab, self.steps, self.files = None, 0, {TABLE: CLASS1}

    def begin(self, name, line=""):
        """At the lab of that name, where perhaps something is typed first."""
        self.lab = start(name)
        self.files |= {word: CLASS1 for word in line.split() if word.endswith(".table")}
        if line:
            outcome = self.type(line.split())
            assert outcome.status == 0 or not line.startswith("sdx"), (line, outcome.stderr)

    @property
    def now(self):
        return self.lab.clock.virtual

    def read(self, path):
        if path not in self.files:
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
        return self.files[path]

    def type(self, words, node=None):
        before, now = self.lab, self.now
        outcome = execute(before, words, now, node, self.read)
        self.lab = outcome.lab
        for path, text, _replace in outcome.written:
            self.files[path] = text
        if words[0].startswith("sdx"):
            self.judge(words, before, outcome)
        return outcome

    def judge(self, words, before, outcome):
        line, command = " ".join(words), words[0]
        assert outcome.status in (0, 1), line
        assert not isinstance(outcome.waits, Wait), line  # the clock stands still, so that a wait is over
        if outcome.status == 0:
            warned = all(said.startswith(f"SDX:{command}: WARNING: ") for said in outcome.stderr.splitlines())
            assert warned, (line, outcome.stderr)
            done[match(command, words[1:])[0].id] += 1
            return
        assert outcome.stderr.startswith(f"SDX:{command}: ERROR: "), (line, outcome.stderr)
        waited = outcome.lab is not before and ("cancelled" in outcome.stderr or "halted" in outcome.stderr)
        assert outcome.lab is before or waited, (line, outcome.stderr)
        first = outcome.stderr.splitlines()[0].partition(": ERROR: ")[2]
        said.update(note_id for note_id, form in SAYINGS.items() if form.fullmatch(first))

    def chance(self, seed):
        """Hypothesis likes small numbers, and the same ones again: each step has chances of its own all the same."""
        return random.Random(f"{seed} {self.steps}")

    def thought_of(self, rng, node):
        """(form, line) of what there is something for in the lab, as a rule."""
        lab = settle(self.lab, self.now)
        for _ in range(20):
            form, typist = any_form(rng), Typist(rng, lab, node, self.files[TABLE])
            words = typist.line(form)
            if not typist.lost or rng.random() < 0.02:
                break
        return form, words

    def pick(self, rng):
        """The node at which something is typed: mostly the first."""
        names = list(self.lab.nodes)
        return names[0] if rng.random() < 0.7 else rng.choice(names)

    # -- steps ------------------------------------------------------------------------------------------------

    def _command(self, seed):
        """A command of any form; what is refused is tried in other words a few times."""
        rng = self.chance(seed)
        node = self.pick(rng)
        if self.lab.nodes[node].power == OBP:
            self.type(["boot"], node)
        for _ in range(TRIES):
            form, words = self.thought_of(rng, node)
            outcome = self.type(words, node)
            refused[form] += outcome.status
            if outcome.status == 0 or self.lab.nodes[node].power == OBP:
                break
            self.the_lab_is_a_lab()
        if rng.random() < AGAIN and self.lab.nodes[node].power != OBP:
            self.the_lab_is_a_lab()
            refused[form] += self.type(words, node).status

    # hypothesis takes each rule as often as any other
    more_commands = rule(seed=SEEDS)(_command)
    and_more = rule(seed=SEEDS)(_command)
    and_yet_more = rule(seed=SEEDS)(_command)
    most_are_commands = rule(seed=SEEDS)(_command)

    @rule(line=st.sampled_from(LINES))
    def a_line_of_the_fault_suite(self, line):
        self.type(line.split())

    @rule(seed=SEEDS, ms=st.sampled_from((0, 0, 1000, 10 * MINUTE)))
    def a_fault(self, seed, ms):
        rng = self.chance(seed)
        lab, kind = settle(self.lab, self.now), rng.random()
        disks = [f"{k.name}/{d}" for k in lab.classes.values() if not k.shadow for d in k.disks]
        volumes = [f"{k.name} {v}" for k in lab.classes.values() for v in k.volumes]
        if kind < 0.1:
            words = rng.choice(("power", "panic"))
        elif kind < 0.2 and volumes:
            words = f"copy-source {rng.choice(volumes)}"
        elif kind < 0.3 and len(lab.nodes) > 1:
            words = f"comm {self.pick(rng)}{rng.choice(('', ' repair'))}"
        else:
            words = rng.choice(FAULTS).format(rng.choice(disks) if disks and kind < 0.9 else rng.choice(list(lab.devices)))
        try:
            self.lab, _ = met(self.lab, words.split(), None, f"{ms // 1000}s" if ms else None, self.now)
        except Complaint:
            pass  # such as of a volume that no copy writes

    @rule(seed=SEEDS)
    def a_boot(self, seed):
        rng = self.chance(seed)
        node = self.pick(rng)
        if self.lab.nodes[node].power != OBP:
            self.type(["shutdown", "-y", "-g0", rng.choice(("-i0", "-i6"))], node)
        devices = [d.path for d in self.lab.devices.values() if d.bootable and d.name.startswith("c0")]
        words = rng.choice((["boot"], ["boot"], ["boot", "-s"], ["boot", f"{rng.choice(devices)},0:a"]))
        self.type(words, node)
        if self.lab.nodes[node].power == OBP:
            self.type(["boot"], node)

    @rule(seed=SEEDS)
    def a_file_system(self, seed):
        rng = self.chance(seed)
        volumes = [(k.name, v) for k in self.lab.classes.values() for v in k.volumes]
        if not volumes:
            return
        klass, volume = rng.choice(volumes)
        block, raw = f"/dev/sfdsk/{klass}/dsk/{volume}", f"/dev/sfdsk/{klass}/rdsk/{volume}"
        node = self.pick(rng)
        for line in rng.sample((
            f"fsck -y {raw}", f"fsck -n {raw}", f"mount -F ufs {block} /mnt", f"mount -F ufs -o ro {block} /mnt",
            "umount /mnt", "chgrp sys /mnt/etc/vfstab", "sync",
        ), 3):  # fmt: skip
            self.type(line.split(), node)

    @rule(ms=st.sampled_from(TIMES))
    def time_passes(self, ms):
        before = settle(self.lab, self.now)
        self.lab = before._replace(clock=clock.advance(before.clock, ms, 0))
        self.lab = settle(self.lab, self.now)
        laws.time_joins_nothing(before, self.lab)

    # -- what holds -------------------------------------------------------------------------------------------

    @invariant()
    def the_lab_is_a_lab(self):
        if self.lab is None:
            return
        self.steps += 1
        laws.hold(self.lab, self.now)
        if self.steps % 10 == 0:
            laws.shown_and_kept(self.lab, self.now)


def walks_from(opening):
    """The walks that begin so."""

    class There(Walk):
        @initialize(opening=st.just(opening))
        def begins(self, opening):
            self.begin(*opening)

    return There


def test_whatever_is_done_the_lab_stays_a_lab():
    """Some 10,000 steps from all kinds of labs; in each that was prepared for a form, the form comes first."""
    done.clear(), refused.clear(), said.clear()
    share = -(-STEPS // len(OPENINGS))
    for number, opening in enumerate(OPENINGS):
        run_state_machine_as_test(
            hypothesis.seed(SEED * 1000 + number)(walks_from(opening)),
            settings=settings(
                max_examples=-(-share // LENGTH), stateful_step_count=min(share, LENGTH), deadline=None, database=None,
                phases=[Phase.generate], suppress_health_check=list(hypothesis.HealthCheck),
            ),
        )  # fmt: skip
    never = {form.id for form in FORMS} - set(done)
    assert not never, f"not once with success: {sorted(never)}"
    tally.judged("a random walk", (), steps=STEPS, commands_that_succeeded=sum(done.values()), forms=len(done),
                 refused=sum(refused.values()), refusals_of_the_catalogue=len(said))  # fmt: skip
