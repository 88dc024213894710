"""sdxvolume -N and -F: what starts, what stops, what is refused with nothing changed."""

from conftest import ALL_PROXIES


def test_a_stopped_proxy_starts_and_says_so(parted):
    parted.done("sdxvolume -F -c System -v Proot")
    assert parted.statuses("Proot") == ["STOP", "STOP"]
    assert parted.done("sdxvolume -N -c System -v Proot") == (
        "SDX:sdxvolume: INFO: Proot: started volume on node node1\n"
        "        /dev/sfdsk/System/rdsk/Proot\n"
        "        /dev/sfdsk/System/dsk/Proot\n"
    )
    assert parted.statuses("Proot") == ["ACTIVE", "ACTIVE"]


def test_starting_a_running_volume_and_stopping_a_stopped_one_say_and_change_nothing(parted):
    before = parted.lab
    assert parted.done("sdxvolume -N -c System -v Proot") == ""
    assert parted.lab is before
    parted.done(f"sdxvolume -F -c System -v {ALL_PROXIES}")
    before = parted.lab
    assert parted.done(f"sdxvolume -F -c System -v {ALL_PROXIES}") == ""
    assert parted.lab is before


def test_a_volume_of_the_running_system_is_not_stopped(trial):
    for name in ("root", "usr", "var", "home", "opt", "swap"):
        trial.refused(f"sdxvolume -F -c System -v {name}", "object.in_use", object=name)


def test_without_v_all_volumes_of_the_class_are_meant(parted):
    parted.refused("sdxvolume -F -c System", "object.in_use", object="root")
    assert parted.done("sdxvolume -N -c System") == ""


def test_joined_proxies_are_neither_started_nor_stopped(trial):
    trial.refused("sdxvolume -N -c System -v Proot", "proxy.not_parted", object="Proot")
    trial.refused("sdxvolume -F -c System -v Proot", "proxy.not_parted", object="Proot")


def test_one_unknown_name_among_six_changes_none(parted):
    names = ALL_PROXIES.replace("Pswap", "Pswop")
    parted.refused(f"sdxvolume -F -c System -v {names}", "object.unknown", object="Pswop")


def test_one_volume_in_use_among_six_changes_none(parted):
    parted.refused(f"sdxvolume -F -c System -v {ALL_PROXIES},var", "object.in_use", object="var")


def test_a_locked_volume_starts_only_with_unlock(parted):
    parted.done("sdxvolume -F -c System -v Proot")
    parted.done("sdxattr -V -c System -v Proot -a lock=on")
    parted.refused("sdxvolume -N -c System -v Proot", "volume.locked", object="Proot")
    parted.done("sdxvolume -N -c System -v Proot -e unlock")
    assert parted.volume("Proot").lock
    assert parted.done("sdxvolume -N -c System -v Proot") == ""


def test_the_mode_asked_for_lasts_until_the_stop(parted):
    parted.done("sdxvolume -F -c System -v Proot")
    parted.refused("sdxvolume -N -c System -v Proot -e mode=rw", "volume.read_only", object="Proot")
    parted.done("sdxattr -V -c System -v Proot -a mode=rw")
    parted.done("sdxvolume -N -c System -v Proot -e mode=ro")
    assert parted.volume("Proot").started == {"node1": "ro"}
    assert parted.volume("Proot").mode == "rw"
    parted.done("sdxvolume -F -c System -v Proot")
    parted.done("sdxvolume -N -c System -v Proot")
    assert parted.volume("Proot").started == {"node1": "rw"}


def test_node_words_are_for_shared_classes(parted):
    parted.refused("sdxvolume -F -c System -v Proot -e allnodes", "class.not_shared", **{"class": "System"})
    parted.refused("sdxvolume -N -c System -v Proot -e node=node1", "class.not_shared", **{"class": "System"})


def test_unknown_class_and_volume(trial):
    trial.refused("sdxvolume -N -c Nope -v Proot", "class.unknown", **{"class": "Nope"})
    trial.refused("sdxvolume -N -c System -v proot", "object.unknown", object="proot")
    trial.refused("sdxvolume -N -c System -v Group1", "object.unknown", object="Group1")
