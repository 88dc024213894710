"""sdxattr -V: each attribute, its condition, all or none in one call."""

import pytest
from conftest import ALL_PROXIES


def test_mode_changes_only_while_stopped(parted):
    parted.refused("sdxattr -V -c System -v Proot -a mode=rw", "object.active", object="Proot")
    parted.done("sdxvolume -F -c System -v Proot")
    assert parted.done("sdxattr -V -c System -v Proot -a mode=rw") == ""
    assert parted.volume("Proot").mode == "rw"
    assert parted.volume("root").mode == "rw"
    assert parted.volume("Pusr").mode == "ro"


def test_the_present_value_again_changes_nothing(parted):
    before = parted.lab
    parted.done("sdxattr -V -c System -v Proot -a lock=off,jrm=on")
    assert parted.lab is before


def test_lock_and_jrm_change_in_any_state(trial):
    trial.done("sdxattr -V -c System -v root -a jrm=off,lock=on")
    assert (trial.volume("root").jrm, trial.volume("root").lock) == (False, True)


def test_all_attributes_of_a_call_or_none(parted):
    parted.refused("sdxattr -V -c System -v Proot -a lock=on,mode=rw", "object.active", object="Proot")
    assert not parted.volume("Proot").lock


def test_a_renamed_proxy_stays_the_masters_proxy(parted):
    parted.done("sdxvolume -F -c System -v Proot")
    parted.done("sdxattr -V -c System -v Proot -a name=Proot-2")
    assert "Proot" not in parted.lab.classes["System"].volumes
    assert parted.lab.classes["System"].relations[0].pairs[0][:2] == ("root", "Proot-2")
    parted.done(f"sdxvolume -F -c System -v {ALL_PROXIES.replace('Proot', 'Proot-2')}")
    parted.done("sdxproxy Rejoin -c System -p Proxy1,Proxy2")
    parted.finish()
    assert parted.statuses("Proot-2") == ["STOP", "STOP"]


@pytest.mark.parametrize("taken", ["root", "Pusr", "Group1", "Proot1"])
def test_a_name_is_unique_in_the_class_across_kinds(parted, taken):
    parted.done("sdxvolume -F -c System -v Proot")
    parted.refused(f"sdxattr -V -c System -v Proot -a name={taken}", "object.taken", object=taken)


def test_the_physical_slice_stays_on_in_a_root_class(parted):
    parted.done("sdxvolume -F -c System -v Proot")
    parted.refused("sdxattr -V -c System -v Proot -a pslice=off", "volume.pslice", object="Proot")
    parted.done("sdxattr -V -c System -v Proot -a pslice=on")


def test_pjrm_off_makes_the_next_rejoin_copy_everything(parted):
    parted.refused("sdxattr -V -c System -v root -a pjrm=off", "proxy.not", object="root")
    parted.done("sdxattr -V -c System -v Proot -a pjrm=off")
    parted.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    blocks = {c.volume: c.blocks for c in parted.lab.copies}
    assert blocks["Proot"] == parted.volume("Proot").blocks
    assert blocks["Pusr"] < 1000


def test_pjrm_of_a_joined_proxy_is_refused(trial):
    trial.refused("sdxattr -V -c System -v Proot -a pjrm=off", "proxy.not_parted", object="Proot")


def test_attributes_are_refused_while_synchronization_copying_runs(parted):
    parted.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    parted.done("sdxproxy Rejoin -c System -p Proxy1")
    parted.refused("sdxattr -V -c System -v Proot -a mode=rw", "object.copying", object="Proot")
    parted.refused("sdxattr -V -c System -v root -a lock=on", "object.copying", object="root")


def test_a_background_copy_allows_mode_and_nothing_else(parted):
    parted.done("sdxproxy Update -c System -p Proxy1,Proxy2 -e instant")
    parted.done("sdxvolume -F -c System -v Proot")
    parted.done("sdxattr -V -c System -v Proot -a mode=rw")
    parted.refused("sdxattr -V -c System -v Proot -a lock=on", "object.copying", object="Proot")
    parted.refused("sdxattr -V -c System -v Proot -a mode=ro,lock=on", "object.copying", object="Proot")
