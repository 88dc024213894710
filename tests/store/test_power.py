"""What a power cut leaves: on paper for every command, and on real file systems."""

import pytest
from faults import mutants, power, replay, workers
from tally import judged


@pytest.mark.long
@pytest.mark.parametrize("model", replay.MODELS)
def test_nothing_is_lost_in_any_pair_of_commands(scratch, model):
    counts, found = workers.tried(f"cuts of pairs, {model}", scratch)
    judged(f"power cuts on paper, {model}, all pairs", found, **counts)


@pytest.mark.long
@pytest.mark.parametrize("kind", power.KINDS)
def test_real_cuts_lose_nothing_that_was_acknowledged(tmp_path, request, kind):
    reason = power.why_not(kind)
    if reason:
        pytest.skip(reason)
    count = request.config.getoption("--cuts")
    acknowledged, found = power.cuts(kind, str(tmp_path), count)
    judged(f"real power cuts, {kind}", found, cuts=count, acknowledged=acknowledged)


@pytest.mark.long
@pytest.mark.parametrize("kind", power.KINDS)
@pytest.mark.parametrize("mutant", [m for m in mutants.MUTANTS if "fsync of" in m.what], ids=lambda mutant: mutant.what)
def test_real_cuts_tell_a_store_that_does_not_sync(tmp_path, monkeypatch, mutant, kind):
    reason = power.why_not(kind)
    if reason:
        pytest.skip(reason)
    mutants.put_in_place(mutant, monkeypatch)
    assert power.cuts(kind, str(tmp_path), 12)[1]
