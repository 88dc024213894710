"""A shared class on two nodes: where its volumes run, and what each node sees (commands.md 3; 1.2)."""

import pytest
from conftest import MINUTE, Trial

from sdxsim.execute import execute
from sdxsim.lab.scenarios import load
from sdxsim.model.records import Class, Copy, Device, Disk, Group, Mount, Node, Slice, Volume

SIZE = 65_536
BOTH = ("node1", "node2")


@pytest.fixture
def two():
    """backing-up with a second node, and class Shared of both: V1 of D1 and D2, V2 of D3."""
    lab = load("backing-up")
    disks = {
        name: Disk(name, f"c9t{name[1:]}d0", group=group) for name, group in (("D1", "G1"), ("D2", "G1"), ("D3", "G2"))
    }
    groups = {"G1": Group("G1", "mirror", ("D1", "D2"), 10 * SIZE, 32_768, ((0, SIZE),)),
              "G2": Group("G2", "mirror", ("D3",), 10 * SIZE, 32_768, ((0, SIZE),))}  # fmt: skip
    volumes = {"V1": Volume("V1", "G1", SIZE, SIZE, (Slice("D1", "STOP"), Slice("D2", "STOP")), wear=600),
               "V2": Volume("V2", "G2", SIZE, SIZE, (Slice("D3", "STOP"),))}  # fmt: skip
    klass = Class("Shared", "shared", BOTH, disks, groups, volumes)
    devices = {
        d.device: Device(d.device, f"/x/{d.name}", 10 * SIZE, 1, label=f"Shared/{d.name}") for d in disks.values()
    }
    nodes = {**lab.nodes, "node2": Node("node2", boot_path="/y:a")}
    return Trial(
        lab._replace(nodes=nodes, classes={**lab.classes, "Shared": klass}, devices={**lab.devices, **devices})
    )


def on(trial, node, line):
    """What the command printed on that node; it succeeded."""
    outcome = execute(trial.lab, line.split(), trial.now, node)
    assert (outcome.status, outcome.stderr) == (0, ""), line
    trial.lab = outcome.lab
    return outcome.stdout


def refused_on(trial, node, line):
    """The first line of a refusal on that node, which changed nothing."""
    outcome = execute(trial.lab, line.split(), trial.now, node)
    assert outcome.status == 1 and outcome.lab is trial.lab, line
    return outcome.stderr.splitlines()[0]


def test_a_volume_runs_where_it_was_started(two):
    assert "V1: started volume on node node2" in on(two, "node2", "sdxvolume -N -c Shared -v V1")
    assert "ACTIVE" in on(two, "node2", "sdxinfo -V -o V1")
    assert "STOP" in on(two, "node1", "sdxinfo -V -o V1")
    assert [s.status for s in two.volume("V1", "Shared").slices] == ["ACTIVE", "ACTIVE"]


def test_allnodes_and_node_name_where(two):
    said = on(two, "node1", "sdxvolume -N -c Shared -v V1 -e allnodes")
    assert said.count("started volume on node") == 2
    assert on(two, "node1", "sdxvolume -N -c Shared -v V1 -e allnodes") == ""
    assert on(two, "node1", "sdxvolume -F -c Shared -v V1 -e node=node2").startswith(
        "SDX:sdxvolume: INFO: V1: stopped volume on node node2\n"
    )
    assert two.volume("V1", "Shared").started == {"node1": "rw"}
    assert [s.status for s in two.volume("V1", "Shared").slices] == ["ACTIVE", "ACTIVE"]  # it still runs on node1
    on(two, "node1", "sdxvolume -F -c Shared -v V1")
    assert [s.status for s in two.volume("V1", "Shared").slices] == ["STOP", "STOP"]
    on(two, "node1", "sdxvolume -N -c Shared -v V1,V2 -e node=node1:node2,mode=ro")
    assert two.volume("V2", "Shared").started == {"node1": "ro", "node2": "ro"}


def test_nodes_that_are_not_there_or_down_are_refused(two):
    assert refused_on(two, "node1", "sdxvolume -N -c Shared -v V1 -e node=node3").endswith("node3: no such node")
    on(two, "node2", "shutdown -y -g0 -i0")
    assert refused_on(two, "node1", "sdxvolume -N -c Shared -v V1 -e node=node2").endswith("node2: not running")
    assert on(two, "node1", "sdxvolume -N -c Shared -v V1 -e allnodes").count("started") == 1
    assert "node node2 is halted" in refused_on(two, "node2", "sdxinfo")
    assert refused_on(two, "node3", "sdxinfo").endswith("no node node3 in this lab, which has node1, node2 (sdxsim)")


def test_a_volume_mounted_on_the_other_node_may_be_stopped_here_only(two):
    on(two, "node1", "sdxvolume -N -c Shared -v V1 -e allnodes")
    node2 = two.lab.nodes["node2"]
    mount = Mount("/dev/sfdsk/Shared/dsk/V1", "/mnt", "ufs", "rw")
    two.lab = two.lab._replace(nodes={**two.lab.nodes, "node2": node2._replace(mounts=(mount,))})
    assert refused_on(two, "node1", "sdxvolume -F -c Shared -v V1 -e allnodes").endswith("V1: in use")
    assert refused_on(two, "node2", "sdxvolume -F -c Shared -v V1").endswith("V1: in use")
    on(two, "node1", "sdxvolume -F -c Shared -v V1")


def test_root_and_local_classes_are_invisible_to_other_nodes(two):
    assert refused_on(two, "node2", "sdxinfo -S -c System").endswith("System: no such class")
    assert refused_on(two, "node2", "sdxvolume -N -c System -v Proot").endswith("System: no such class")
    assert "System" not in on(two, "node2", "sdxinfo")
    assert "node1:node2" in on(two, "node2", "sdxinfo -C")


def test_a_node_that_stops_loses_the_record_of_the_whole_class(two):
    on(two, "node1", "sdxproxy Join -c Shared -m V1 -p V2")
    two.finish()
    on(two, "node1", "sdxproxy Part -c Shared -p V2")
    on(two, "node1", "sdxvolume -F -c Shared -v V2")
    on(two, "node2", "shutdown -y -g0 -i0")
    on(two, "node1", "sdxproxy Rejoin -c Shared -p V2")
    assert two.lab.copies[0].blocks == SIZE


def test_a_copy_goes_on_while_a_node_of_the_class_is_up(two):
    copy = Copy("Shared", "V2", "V1", ("D3",), SIZE, two.now, rate=1000)
    two.lab = two.lab._replace(copies=(copy,))
    on(two, "node1", "shutdown -y -g0 -i0")
    assert [c.paused for c in two.lab.copies] == [False]
    on(two, "node2", "shutdown -y -g0 -i0")
    assert [c.paused for c in two.lab.copies] == [True]
    two.advance(10 * MINUTE)
    on(two, "node1", "boot")
    assert [(c.paused, c.since) for c in two.lab.copies] == [(False, two.now)]


def test_sdxdevinfo_shows_the_disks_that_the_node_sees():
    cluster = Trial(load("cluster"))
    rows = [line.split() for line in on(cluster, "node2", "sdxdevinfo").splitlines()[2:]]
    assert {row[0][:2] for row in rows} == {"c1", "c2", "c3"}
    assert {row[1] for row in rows} == {"*", "Local2", "Class1"}
