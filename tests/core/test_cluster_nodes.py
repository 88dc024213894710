"""Two nodes and three classes: which node sees what, takes a slice over, is cut off from the other (1.2, D.5, F.1.4)."""

import pytest
from conftest import MINUTE, Trial

from sdxsim.execute import execute
from sdxsim.lab import mishap
from sdxsim.lab.scenarios import load


class Two(Trial):
    """The scenario cluster, its commands typed on a node."""

    def on(self, node, line):
        outcome = execute(self.lab, line.split(), self.now, node)
        assert (outcome.status, outcome.stderr) == (0, ""), (line, outcome[1:])
        self.lab = outcome.lab
        return outcome.stdout

    def refused_on(self, node, line):
        before = self.lab
        outcome = execute(self.lab, line.split(), self.now, node)
        assert (outcome.status, outcome.stdout) == (1, ""), (line, outcome[1:])
        assert outcome.lab is before
        return outcome.stderr.splitlines()[0].partition(": ERROR: ")[2]

    def fault(self, words):
        self.lab, text = mishap.met(self.lab, words.split(), None, None, self.now)
        return text

    def rows(self, node, line):
        rows = [row.split() for row in self.on(node, line).splitlines() if row]
        return [row for row in rows if row[0] not in ("OBJ", "CLASS") and row[0].strip("-")]


@pytest.fixture
def two():
    return Two(load("cluster"))


# -- a detached slice belongs to a node -------------------------------------------------------------------------


@pytest.fixture
def detached(two):
    two.on("node1", "sdxslice -M -c Class1 -d Disk1 -v Volume1")
    return two


def status(two, node):
    return [row[-1] for row in two.rows(node, "sdxinfo -S -c Class1 -o Disk1.Volume1")]


def test_a_detached_slice_is_used_on_the_node_that_detached_it(detached):
    assert (status(detached, "node1"), status(detached, "node2")) == (["TEMP"], ["TEMP-STOP"])
    said = detached.refused_on("node2", "sdxslice -F -c Class1 -s Disk1.Volume1")
    assert said == "Disk1.Volume1: detached by node node1"
    detached.on("node2", "sdxslice -T -c Class1 -s Disk1.Volume1")
    assert (status(detached, "node1"), status(detached, "node2")) == (["TEMP-STOP"], ["TEMP"])
    assert detached.refused_on("node1", "sdxslice -R -c Class1 -s Disk1.Volume1").endswith("by node node2")


def test_a_slice_is_taken_over_from_a_node_that_is_stopped(detached):
    detached.on("node1", "shutdown -y -g0 -i0")
    assert status(detached, "node2") == ["TEMP-STOP"]
    assert detached.refused_on("node2", "sdxslice -R -c Class1 -s Disk1.Volume1").endswith("by node node1")
    detached.on("node2", "sdxslice -T -c Class1 -s Disk1.Volume1")
    assert status(detached, "node2") == ["TEMP"]
    detached.on("node1", "boot")
    assert (status(detached, "node1"), status(detached, "node2")) == (["TEMP-STOP"], ["TEMP"])
    detached.on("node2", "sdxslice -R -c Class1 -s Disk1.Volume1")
    copy = detached.lab.copies[0]
    assert copy.blocks == detached.volume("Volume1", "Class1").blocks  # nobody knows what had changed


def test_a_slice_that_is_in_use_there_is_not_taken_over(detached):
    detached.on("node1", "mount -F ufs -o ro /dev/sfdsk/Class1/dsk/Disk1.Volume1 /mnt")
    assert detached.refused_on("node2", "sdxslice -T -c Class1 -s Disk1.Volume1") == "Disk1.Volume1: in use"
    detached.fault("panic node1")  # what was mounted there is not any more
    detached.on("node2", "sdxslice -T -c Class1 -s Disk1.Volume1")


def test_a_stopped_slice_runs_again_after_a_boot_of_its_node_alone(detached):
    detached.on("node1", "sdxslice -F -c Class1 -s Disk1.Volume1")
    detached.on("node2", "shutdown -y -g0 -i6")
    assert status(detached, "node1") == ["TEMP-STOP"]
    detached.on("node1", "shutdown -y -g0 -i6")
    assert status(detached, "node1") == ["TEMP"]


# -- nodes that are stopped -------------------------------------------------------------------------------------


def test_a_volume_has_a_status_on_each_node(two):
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1,Volume2 -e node=node2")
    shown = "sdxinfo -V -c Class1 -o Volume2"
    assert [row[-1] for row in two.rows("node1", shown) if row[1] == "Volume2"] == ["STOP"]
    assert [row[-1] for row in two.rows("node2", shown) if row[1] == "Volume2"] == ["ACTIVE"]
    two.on("node2", "shutdown -y -g0 -i0")
    assert not two.volume("Volume2", "Class1").started
    two.on("node1", "sdxvolume -N -c Class1 -e allnodes")
    assert {name for v in two.lab.classes["Class1"].volumes.values() for name in v.started} == {"node1"}
    two.on("node2", "boot")
    assert list(two.volume("Volume2", "Class1").started) == ["node1", "node2"]


@pytest.mark.parametrize("down", ["node1", "node2"])
@pytest.mark.parametrize("how", ["shutdown", "panic"])
def test_stopping_either_node_loses_what_proxies_record(two, down, how):
    """A node that is not there for any of it, too (guide 1.5.1)."""
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1")
    size = two.volume("Volume1", "Class1").blocks
    disk = next(d for d in two.lab.classes["Class1"].disks.values() if d.group is None and d.type == "undef")
    two.on("node1", f"sdxdisk -C -c Class1 -g Copies -d {disk.name}")
    two.on("node1", f"sdxvolume -M -c Class1 -g Copies -v Copy -s {size}")
    two.on("node1", "sdxvolume -F -c Class1 -v Copy")
    two.on("node1", "sdxproxy Join -c Class1 -m Volume1 -p Copy")
    two.finish()
    two.on("node1", "sdxproxy Part -c Class1 -p Copy")
    two.on("node1", "sdxvolume -F -c Class1 -v Copy")
    two.on(down, "shutdown -y -g0 -i0") if how == "shutdown" else two.fault(f"panic {down}")
    up = "node2" if down == "node1" else "node1"
    two.advance(10 * MINUTE)
    two.on(up, "sdxproxy Rejoin -c Class1 -p Copy")
    assert [c.blocks for c in two.lab.copies if c.volume == "Copy"] == [size]


# -- cut off from the other node --------------------------------------------------------------------------------


def test_a_node_that_is_cut_off_closes_its_shared_classes_and_keeps_its_own(two):
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1 -e allnodes")
    assert two.fault("comm node2").splitlines()[1:] == [
        "SDX:sdxservd: ERROR: Class1: closing down class, cluster communication failure"
    ]
    assert two.lab.classes["Class1"].closed == {"node2": "Comm"}
    shown = {row[0]: row[1:3] for row in two.rows("node2", "sdxdcdown")}
    assert shown["Class1"] == ["yes", "Comm"] and shown["Local2"] == ["no", "-"]
    assert two.rows("node1", "sdxdcdown -c Class1")[0][1:3] == ["no", "-"]
    assert two.refused_on("node2", "sdxvolume -F -c Class1 -v Volume1") == "Class1: closed down"
    two.on("node1", "sdxvolume -F -c Class1 -v Volume1")
    assert two.refused_on("node1", "sdxvolume -N -c Class1 -v Volume1 -e node=node2") == "Class1: closed down"
    assert two.on("node1", "sdxvolume -N -c Class1 -v Volume1 -e allnodes").count("started volume") == 1
    assert mishap.listing(two.lab, two.now) == "node2: no communication with the other nodes\n"


def test_it_is_opened_when_the_nodes_communicate_again(two):
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1 -e allnodes")
    two.fault("comm node2")
    assert two.refused_on("node2", "sdxfix -C -c Class1") == "Class1: cluster communication failure"
    assert two.refused_on("node1", "sdxfix -C -c Class1") == "Class1: not closed down"
    assert two.fault("comm node2") == "nothing changed\n"
    two.fault("comm node2 repair")
    assert two.lab.classes["Class1"].closed == {"node2": "Comm"}
    two.on("node2", "sdxfix -C -c Class1")
    assert list(two.volume("Volume1", "Class1").started) == ["node1"]  # ACTIVE before: STOP in a shared class
    assert two.lab.classes["Class1"].closed == {}


def test_a_boot_opens_it_only_if_they_communicate(two):
    two.fault("comm node2")
    two.on("node2", "shutdown -y -g0 -i6")
    assert two.lab.classes["Class1"].closed == {"node2": "Comm"}
    two.fault("comm node2 repair")
    two.on("node2", "shutdown -y -g0 -i6")
    assert two.lab.classes["Class1"].closed == {}


def test_the_last_node_that_is_up_goes_on_alone(two):
    two.on("node1", "shutdown -y -g0 -i0")
    two.fault("comm node2")
    assert two.lab.classes["Class1"].closed == {}
    two.on("node1", "boot")
    assert two.lab.classes["Class1"].closed == {"node2": "Comm"}


def test_copies_go_on_where_the_class_is_open(two):
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1")
    two.on("node1", "sdxslice -M -c Class1 -d Disk1 -v Volume1 -a jrm=off")
    two.on("node1", "sdxslice -R -c Class1 -d Disk1 -v Volume1")
    two.fault("comm node2")
    assert len(two.lab.copies) == 1
    two.fault("comm node1")  # nobody is left to go on with it
    assert two.lab.classes["Class1"].closed == {"node2": "Comm", "node1": "Comm"} and not two.lab.copies


def test_a_file_system_of_a_closed_class_gives_io_errors_on_that_node_only(two):
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1 -e allnodes")
    two.on("node2", "mount -F ufs -o ro /dev/sfdsk/Class1/dsk/Volume1 /mnt")
    two.fault("comm node2")
    outcome = execute(two.lab, ["fsck", "-n", "/dev/sfdsk/Class1/rdsk/Volume1"], two.now, "node2")
    assert (outcome.status, "I/O error" in outcome.stdout) == (34, True)
    two.advance(MINUTE)
    outcome = execute(two.lab, ["fsck", "-n", "/dev/sfdsk/Class1/rdsk/Volume1"], two.now, "node1")
    assert outcome.status == 0


def test_faults_of_nodes_are_told_apart(two):
    two.fault("power node2")
    assert [node.power == "obp" for node in two.lab.nodes.values()] == [False, True]
    two.fault("panic")
    assert [node.power == "obp" for node in two.lab.nodes.values()] == [True, True]


# -- sdxinfo of every kind of object ----------------------------------------------------------------------------

KINDS = {"C": "class", "D": "disk", "G": "group", "V": "volume", "S": "slice"}


def objects(two, node):
    """{kind: [(class, name)]} of what the node sees."""
    seen = [k for k in two.lab.classes.values() if node in k.scope]
    return {
        "class": [(k.name, k.name) for k in seen],
        "disk": [(k.name, d) for k in seen for d in k.disks],
        "group": [(k.name, g) for k in seen for g in k.groups],
        "volume": [(k.name, v) for k in seen for v in k.volumes],
        "slice": [(k.name, f"{s.member}.{v.name}") for k in seen for v in k.volumes.values() for s in v.slices],
    }


@pytest.mark.parametrize("node", ["node1", "node2"])
@pytest.mark.parametrize("kind", KINDS.values())
def test_the_named_object_and_no_other_without_a_letter(two, node, kind):
    for class_name, name in objects(two, node)[kind]:
        rows = two.rows(node, f"sdxinfo -c {class_name} -o {name}")
        assert rows, (class_name, name)
        for row in rows:
            shown = f"{row[3]}.{row[4]}" if row[0] == "slice" else row[1]
            assert shown == name
        assert kind in {row[0] for row in rows}


@pytest.mark.parametrize("node", ["node1", "node2"])
@pytest.mark.parametrize("letter", KINDS)
def test_every_letter_shows_the_objects_related_to_any_object(two, node, letter):
    """The class of an object is always related to it; nothing of another class is."""
    for kind, named in objects(two, node).items():
        for class_name, name in named:
            rows = two.rows(node, f"sdxinfo -{letter} -c {class_name} -o {name}")
            assert {row[0] for row in rows} <= {KINDS[letter]}, (kind, name)
            column = {"C": 1, "D": 3, "G": 2, "V": 2, "S": 1}[letter]
            assert {row[column] for row in rows} <= {class_name}
            if letter == "C":
                assert len(rows) == 1


def test_a_name_in_several_classes_is_shown_from_all_of_them(two):
    both = [k.name for k in two.lab.classes.values() if "node1" in k.scope and "Volume1" in k.volumes]
    assert len(both) == 2
    assert {row[2] for row in two.rows("node1", "sdxinfo -V -o Volume1") if row[1] == "Volume1"} == set(both)
    assert two.refused_on("node1", "sdxinfo -V -o Volume99") == "Volume99: no such object"


@pytest.mark.parametrize("node", ["node1", "node2"])
def test_a_is_all_letters_and_label_changes_nothing(two, node):
    assert two.on(node, "sdxinfo -A") == two.on(node, "sdxinfo -CDGSV") == two.on(node, "sdxinfo")
    assert two.on(node, "sdxinfo -AV") == two.on(node, "sdxinfo -A")
    for options in ("", " -c Class1", " -c Class1 -o Volume1"):
        assert two.on(node, f"sdxinfo -A{options} -e label") == two.on(node, f"sdxinfo -A{options}")
        assert two.on(node, f"sdxinfo -A{options} -e label,long") == two.on(node, f"sdxinfo -A{options} -e long")


def test_io_times_of_the_classes_that_are_open_on_the_node(two):
    two.on("node1", "sdxattr -C -c Class1 -a iotimeout=on:77:on")
    assert [row[0] for row in two.rows("node1", "sdxinfo -I")] == ["Class1", "Local1"]
    assert two.on("node2", "sdxinfo -I -c Class1") == (
        "CLASS   MODE TIME PANIC\n------- ---- ---- -----\nClass1   on    77   on\n"
    )
    two.fault("comm node2")
    assert two.on("node2", "sdxinfo -I -c Class1") == ""
    assert [row[0] for row in two.rows("node2", "sdxinfo -I")] == ["Local2"]


# -- disks and the nodes that see them --------------------------------------------------------------------------


def test_a_node_registers_the_devices_that_it_sees(two):
    assert two.refused_on("node2", "sdxdisk -M -c New -d c0t1d0=D") == "c0t1d0: no such device"
    assert two.refused_on("node1", "sdxdisk -M -c New -d c3t1d0=D") == "c3t1d0: no such device"


def one_node_disk(two):
    """Class1 with a disk Mine that node1 alone sees."""
    two.on("node1", "sdxvolume -F -c Local1")
    for volume in list(two.lab.classes["Local1"].volumes):
        two.on("node1", f"sdxvolume -R -c Local1 -v {volume}")
    for group in list(two.lab.classes["Local1"].groups):
        two.on("node1", f"sdxgroup -R -c Local1 -g {group}")
    device = next(iter(two.lab.classes["Local1"].disks.values())).device
    two.on("node1", "sdxclass -R -c Local1")
    two.on("node1", f"sdxdisk -M -c Class1 -d {device}=Mine")


def test_devconnect_names_the_nodes_that_see_the_disk(two):
    one_node_disk(two)
    rows = two.rows("node2", "sdxinfo -D -c Class1")
    assert {row[1]: row[7] for row in rows if row[1] in ("Mine", "Disk1")} == {"Mine": "node1", "Disk1": "node1:node2"}


def test_what_is_in_groups_of_a_shared_class_is_seen_by_all_its_nodes(two):
    """But for switch groups (D.2, seen)."""
    one_node_disk(two)
    said = "Mine: not connected to all nodes in class scope"
    assert two.refused_on("node1", "sdxdisk -C -c Class1 -g Group9 -d Mine") == said
    assert two.refused_on("node1", "sdxdisk -C -c Class1 -g Group1 -d Mine") == said
    two.on("node1", "sdxdisk -C -c Class1 -g Group9 -d Mine -a type=switch")
    two.on("node1", "sdxattr -C -c Class1 -a type=local")
    two.on("node1", "sdxattr -C -c Class1 -a type=shared,scope=node1:node2")
    two.on("node1", "sdxgroup -R -c Class1 -g Group9")
    two.on("node1", "sdxattr -C -c Class1 -a type=local")
    two.on("node1", "sdxdisk -C -c Class1 -g Group9 -d Mine")
    assert two.refused_on("node1", "sdxattr -C -c Class1 -a type=shared,scope=node1:node2") == said
    assert two.refused_on("node1", "sdxattr -C -c Class1 -a type=shared") == said
    said = "scope=node1: illegal attribute value"
    assert two.refused_on("node1", "sdxattr -C -c Class1 -a type=shared,scope=node1") == said


# -- what a node that was cut off had mounted --------------------------------------------------------------------


@pytest.fixture
def cut_off(two):
    """Volume1 is mounted on node2, which then cannot communicate any more; node1 takes it over."""
    two.on("node2", "sdxvolume -N -c Class1 -v Volume1")
    two.on("node2", "mount -F ufs /dev/sfdsk/Class1/dsk/Volume1 /data")
    two.fault("comm node2")
    two.on("node1", "sdxvolume -N -c Class1 -v Volume1")
    two.on("node1", "mount -F ufs -o nologging /dev/sfdsk/Class1/dsk/Volume1 /data")
    return two


def data(lab):
    return lab.classes["Class1"].volumes["Volume1"].data


def test_the_other_node_takes_over_what_it_had_mounted(cut_off):
    assert cut_off.refused_on("node1", "sdxvolume -F -c Class1 -v Volume1") == "Volume1: in use"
    assert "/data" in cut_off.on("node2", "mount")  # the mount stays
    line = ["mount", "-F", "ufs", "/dev/sfdsk/Class1/dsk/Volume1", "/opt"]
    assert execute(cut_off.lab, line, cut_off.now, "node1").status == 32


def test_what_is_left_over_there_writes_nothing_any_more(cut_off):
    cut_off.fault("comm node2 repair")
    cut_off.on("node2", "sdxfix -C -c Class1")
    held = data(cut_off.lab)
    assert held.flag == "FSACTIVE"
    regrouped = execute(cut_off.lab, ["chgrp", "sys", "/data/log"], cut_off.now, "node2")
    assert (regrouped.stderr, regrouped.status) == ("chgrp: /data/log: I/O error\n", 1)
    before = cut_off.lab
    cut_off.fault("panic node2")
    assert data(cut_off.lab) == held
    cut_off.lab = before
    cut_off.on("node2", "umount /data")
    assert data(cut_off.lab) == held
    cut_off.on("node1", "umount /data")
    assert data(cut_off.lab).flag == "FSCLEAN"
