"""A document that is not whole is refused, names what could take its place, and is never overwritten."""

import os
from itertools import islice

import pytest
from faults import damage
from faults.process import ran
from hypothesis import given, settings
from hypothesis import strategies as st
from tally import judged

from sdxsim.store.document import Document, from_bytes, to_bytes
from sdxsim.store.lab import STATE, look
from sdxsim.store.trouble import Damaged

WRITES = ["sdxattr", "-V", "-c", "System", "-v", "Pswap", "-a", "lock=on"]
READS = ["sdxinfo"]


class Place:
    """A small lab on disk whose documents can be broken and mended."""

    def __init__(self, top):
        self.path = f"{top}/lab"
        damage.with_history(self.path)
        self.state = f"{self.path}/{STATE}"
        # the newest kept document is whatever an intact history offers when the lab's own is gone
        self.whole = self.content(self.state)
        self.put(self.state, b"")
        self.newest = offer(self.path)
        self.kept = self.content(self.newest)
        self.put(self.newest, b"")
        self.older = offer(self.path)
        self.mend()

    def content(self, name):
        with open(name, "rb") as file:
            return file.read()

    def put(self, name, data):
        os.unlink(name)  # its other names keep what they have
        with open(name, "wb") as file:
            file.write(data)

    def mend(self):
        self.put(self.newest, self.kept)
        self.put(self.state, self.whole)


def offer(path):
    """The kept document that a damaged lab's refusal names."""
    with pytest.raises(Damaged) as refused:
        look(path)
    return damage.offer(str(refused.value))


@pytest.fixture
def place(scratch):
    return Place(scratch)


def swept(place, both=False, versions=damage.broken):
    """Every version of the lab's document in its place, or of it and the newest kept one: (how many, violations)."""
    count, found = 0, []
    kept = versions(place.kept) if both else None
    for what, data in versions(place.whole):
        count += 1
        place.put(place.state, data)
        intact = [place.newest, place.older]
        if both:
            as_well = next(kept, None)
            place.put(place.newest, as_well[1] if as_well else b"")
            intact = [place.older]
        wrong = damage.unnoticed(place.path, intact)
        if wrong:
            found.append(f"{what}: {wrong}")
    place.mend()
    return count, found


def test_every_damage_to_the_document_is_noticed_and_the_newest_kept_one_is_offered(place):
    """Each is noticed; what is then said, which does not depend on the damage, is looked at for every seventh."""
    count, found = 0, []
    for what, data in damage.broken(place.whole):
        count += 1
        found += [f"{what}: read"] if is_read(data) else []
    on_disk, more = swept(place, versions=lambda raw: islice(damage.broken(raw), 0, None, 7))
    judged("damaged documents", found + more, bytes=len(place.whole), damages=count, on_disk=on_disk)


def test_with_the_newest_kept_one_damaged_as_well_an_older_one_is_offered(place):
    count, found = swept(place, both=True, versions=lambda raw: islice(damage.broken(raw), 0, None, 35))
    judged("both documents damaged", found, damages=count)


def test_damage_to_the_newest_kept_document_disturbs_nobody(place):
    before, count, found = look(place.path), 0, []
    before.close()
    for what, data in [*islice(damage.broken(place.kept), 0, None, 40), *damage.foreign(place.kept)]:
        place.put(place.newest, data)
        count += 1
        opened = look(place.path)
        opened.close()
        if opened.document != before.document:
            found.append(what)
    run = ran(WRITES, place.path)
    judged("the newest kept document damaged", [*found, *([run.err] if run.status else [])], damages=count)


def is_read(data):
    try:
        from_bytes(data, "x")
    except Damaged:
        return False
    return True


def test_no_flip_and_no_truncation_of_a_full_lab_is_read():
    raw = to_bytes(Document(7, {"argv": ["sdxinfo"]}, damage.lab_of("ready")))
    count, found = 0, []
    for what, data in damage.broken(raw):
        count += 1
        found += [what] if is_read(data) else []
    judged("damage to a full lab", found, bytes=len(raw), damages=count)


def test_foreign_documents_are_refused_by_commands_in_a_line_and_left_as_they_are(place):
    documents = damage.foreign(place.whole)
    found = []
    for what, data in documents:
        for both in (False, True):
            place.put(place.state, data)
            if both:
                place.put(place.newest, data)
            wrong = damage.unnoticed(place.path, [place.older] if both else [place.newest, place.older])
            found += [f"{what}: {wrong}"] if wrong else []
            for argv in (READS, WRITES, ["sdxsim", "status"], ["sdxsim", "clock", "advance", "1s"]):
                run = ran(argv, place.path)
                if (run.status, run.out, run.err.count("\n")) != (1, "", 1) or "Traceback" in run.err:
                    found.append(f"{what}, {argv}: {run[:3]}")
            if place.content(place.state) != data:
                found.append(f"{what}: overwritten")
            place.mend()
    judged("foreign documents", found, documents=2 * len(documents), commands=8 * len(documents))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_mutation_of_a_document_is_read_as_another(data):
    raw = to_bytes(Document(7, {"argv": ["sdxinfo"]}, damage.small_lab()))
    at = data.draw(st.integers(0, len(raw)))
    until = data.draw(st.integers(at, min(len(raw), at + 40)))
    changed = raw[:at] + data.draw(st.binary(max_size=40)) + raw[until:]
    if changed != raw:
        with pytest.raises(Damaged):
            from_bytes(changed, "x")
