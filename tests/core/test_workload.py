"""sdxsim workload: what is written follows from the lab and from virtual time, and copies and fsck from what is written."""

import pytest
from conftest import MINUTE, Trial
from hypothesis import given, settings
from hypothesis import strategies as st

from sdxsim.lab.complaint import Misuse
from sdxsim.lab.labour import turned
from sdxsim.lab.scenarios import load
from sdxsim.rules.copying import settle
from sdxsim.store.document import Document, to_bytes

PROXIES = "sdxproxy Part -c System -p Proxy1,Proxy2"


def typed(trial, line):
    """The text of `sdxsim workload LINE`; the lab goes on from it."""
    trial.lab, text = turned(trial.lab, line.split(), trial.now)
    return text


def content(trial, volume, path):
    return trial.volume(volume).data.files[path].text


def changed(trial, minutes):
    """{proxy: blocks that a Rejoin would copy} so many minutes after Part."""
    trial.done(PROXIES)
    trial.advance(minutes * MINUTE)
    from sdxsim.rules.jrm import changed

    pairs = [p for r in trial.lab.classes["System"].relations for p in r.pairs]
    return {p.proxy: changed(trial.lab, "System", p, trial.now) for p in pairs}


def test_without_one_a_lab_is_as_busy_as_its_scenario_says(trial):
    before = trial.volume("var").data.files
    assert typed(trial, "show") == "as the scenario says\n"
    trial.advance(60 * MINUTE)
    assert trial.volume("var").data.files is before
    assert changed(trial, 10)["Pvar"] == 128 + 24_000


def test_a_busy_one_changes_what_the_scenario_changes_and_a_light_one_a_fifth(trial):
    light = Trial(trial.lab)
    assert typed(trial, "start busy") == "busy\n" and typed(light, "start") == "light\n"
    much, little = changed(trial, 10), changed(light, 10)
    assert much["Pvar"] == 128 + 24_000 and little["Pvar"] == 128 + 4_800
    assert much["Pusr"] == little["Pusr"] == 128


def test_stopped_nothing_changes_and_a_copy_is_clean(trial):
    typed(trial, "start busy")
    trial.advance(5 * MINUTE)
    assert typed(trial, "stop") == "stopped\n"
    before = trial.volume("var").data.files
    trial.advance(60 * MINUTE)
    assert trial.volume("var").data.files is before
    assert changed(trial, 10) == dict.fromkeys(["Proot", "Pusr", "Phome", "Pswap", "Pvar", "Popt"], 128)
    assert trial.volume("Pvar").data.defects == () == trial.volume("Proot").data.defects


def test_fsck_finds_as_much_as_was_being_written(trial):
    light = Trial(trial.lab)
    typed(trial, "start busy"), typed(light, "start light")
    for each, groups in ((trial, {0, 7}), (light, {0})):
        each.done(PROXIES)
        found = {d.facts["cg"] for d in each.volume("Proot").data.defects}
        assert found == groups


def test_files_and_markers_are_written_once_a_minute(trial):
    typed(trial, "start busy")
    trial.advance(MINUTE - 1)
    assert content(trial, "var", "/generation") == "/var generation 1\n"
    trial.advance(1)
    assert content(trial, "var", "/generation") == "/var generation 2\n"
    assert content(trial, "opt", "/app/data/records").splitlines()[1:] == [
        f"Oct  2 09:01:00 record {n}" for n in range(5, 10)
    ]
    trial.advance(300 * MINUTE)
    assert content(trial, "var", "/generation") == "/var generation 302\n"
    assert len(content(trial, "var", "/app/journal").splitlines()) == 200
    last = content(trial, "var", "/adm/messages").splitlines()[-1]
    assert last == "Oct  2 14:01:00 node1 app[201]: checkpoint 1509"


def test_a_parted_proxy_keeps_the_generation_of_its_moment(trial):
    typed(trial, "start")
    trial.advance(3 * MINUTE)
    trial.done(PROXIES)
    trial.advance(4 * MINUTE)
    assert content(trial, "home", "/generation") == "/home generation 8\n"
    assert content(trial, "Phome", "/generation") == "/home generation 4\n"


def test_a_copy_that_ends_holds_what_was_written_by_then(trial):
    typed(trial, "start")
    trial.done(PROXIES)
    trial.done("sdxvolume -F -c System -v Proot,Pusr,Phome,Pswap,Pvar,Popt")
    trial.done("sdxproxy Rejoin -c System -p Proxy2")
    trial.advance(30 * MINUTE)
    copied = content(trial, "Pvar", "/generation")
    assert copied == "/var generation 1\n", "it was copied within the first minute"


def test_nobody_works_in_single_user_mode_or_on_a_node_that_is_down(trial):
    typed(trial, "start")
    trial.done("shutdown -y -g0 -is")
    trial.advance(5 * MINUTE)
    assert content(trial, "var", "/generation") == "/var generation 1\n"
    trial.done("shutdown -y -g0 -i0")
    trial.advance(5 * MINUTE)
    trial.done("boot")
    trial.advance(MINUTE)
    assert content(trial, "var", "/generation") == "/var generation 2\n"


def test_what_people_did_to_its_files_is_left_as_it_is(trial):
    typed(trial, "start")
    data = trial.volume("var").data
    files = data.files.changed({"/app/journal": None, "/app": None, "/generation": None})
    klass = trial.lab.classes["System"]
    volume = klass.volumes["var"]._replace(data=data._replace(files=files))
    trial.lab = trial.lab._replace(classes={"System": klass._replace(volumes={**klass.volumes, "var": volume})})
    trial.advance(MINUTE)
    assert "/app/journal" not in trial.volume("var").data.files
    assert content(trial, "var", "/generation") == "/var generation 2\n"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400_000), max_size=8), st.sampled_from(["light", "busy"]))
def test_however_often_somebody_looks_the_same_comes_out(steps, level):
    lab = load("backing-up")
    now = lab.clock.virtual
    lab, _ = turned(lab, ["start", level], now)
    walked = lab
    for step in steps:
        now += step
        walked = settle(walked, now)
    assert to_bytes(Document(1, {}, walked)) == to_bytes(Document(1, {}, settle(lab, now)))


def test_works_on_plain_slices_too():
    trial = Trial(load("bare"))
    typed(trial, "start busy")
    trial.advance(2 * MINUTE)
    slices = settle(trial.lab, trial.now).devices["c0t4d0"].slices
    assert slices["3"].data.files["/generation"].text == "/var generation 3\n"
    assert slices["3"].wear == 2400


@pytest.mark.parametrize("words", ["begin", "start much", "start light more", "stop now", "show me"])
def test_what_is_not_understood_changes_nothing(trial, words):
    before = trial.bytes()
    with pytest.raises(Misuse, match="not understood"):
        typed(trial, words)
    assert trial.bytes() == before


def test_twice_the_same_changes_nothing(trial):
    for words in ("start light", "stop"):
        typed(trial, words)
        lab = trial.lab
        typed(trial, words)
        assert trial.lab is lab


def test_nobody_works_in_a_volume_that_holds_nothing():
    trial = Trial(load("data"))
    trial.done("sdxvolume -M -c Class1 -d Disk5 -v Empty1 -s 1048576")
    typed(trial, "start busy")
    volume = trial.volume("Empty1", "Class1")
    assert (volume.wear, volume.data.type) == (0, "none")
    assert trial.volume("Volume1", "Class1").wear > 0
