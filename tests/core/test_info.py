"""sdxinfo: which rows each letter and -o show, and what stands in them."""

import pytest
from conftest import Trial

from sdxsim.lab.scenarios import load


def table(text, heading_starts="OBJ"):
    """Rows of the last table as lists of words."""
    lines = text.rstrip("\n").split("\n\n")[-1].split("\n")
    assert lines[0].startswith(heading_starts)
    assert set(lines[1]) == {"-", " "}
    return [line.split() for line in lines[2:]]


def names(rows, column=1):
    return [row[column] for row in rows]


def test_bare_and_a_print_all_five_tables_in_order(trial):
    bare = trial.done("sdxinfo")
    assert bare == trial.done("sdxinfo -A") == trial.done("sdxinfo -AS") == trial.done("sdxinfo -CDGSV")
    first_words = [block.split("\n")[2].split()[0] for block in bare.split("\n\n")]
    assert first_words == ["class", "disk", "group", "volume", "slice"]


def test_letters_combine_and_a_class_limits(trial):
    assert trial.done("sdxinfo -S -c System") == trial.done("sdxinfo -S")
    assert trial.done("sdxinfo -SD").count("OBJ") == 2
    trial.refused("sdxinfo -S -c Other", "class.unknown", **{"class": "Other"})


def test_the_class_table(trial):
    assert trial.done("sdxinfo -C") == (
        "OBJ    NAME    TYPE     SCOPE       SPARE\n"
        "------ ------- -------- ----------- -----\n"
        "class  System  root     (local)         0\n"
    )


def test_the_disk_table_long(trial):
    assert trial.done("sdxinfo -D -o Proot -e long") == (
        "OBJ    NAME    TYPE   CLASS   GROUP   DEVNAM  DEVBLKS  FREEBLKS DEVCONNECT       STATUS  E\n"
        "------ ------- ------ ------- ------- ------- -------- -------- ---------------- ------- -----\n"
        "disk   Proot1  mirror System  Proxy1  c0t2d0  17682084        * node1            ENABLE      0\n"
        "disk   Proot2  mirror System  Proxy1  c0t3d0  17682084        * node1            ENABLE      0\n"
    )


def test_the_group_of_a_volume(trial):
    assert trial.done("sdxinfo -G -o home").split("\n")[2] == (
        "group  Group1  System  Root1:Root2         17682084   883386     0"
    )


def test_the_volume_table_shows_the_groups_private_and_free_areas_and_blocks_add_up(trial):
    rows = table(trial.done("sdxinfo -V"))
    for group in ("Group1", "Group2", "Proxy1", "Proxy2"):
        mine = [row for row in rows if row[3] == group]
        assert [row[-1] for row in mine][-2:] == ["PRIVATE", "FREE"]
        assert sum(int(row[-2]) for row in mine) == 17_682_084
        at = 0
        for row in mine:
            assert int(row[-4]) == at
            at = int(row[-3]) + 1
            assert int(row[-3]) - int(row[-4]) + 1 == int(row[-2])


def test_o_volume_shows_it_and_the_areas_of_its_group(trial):
    rows = table(trial.done("sdxinfo -V -o usr"))
    assert names(rows) == ["usr", "*", "*"]
    assert [row[-1] for row in rows] == ["ACTIVE", "PRIVATE", "FREE"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-S -o Phome", [("Proot1", "Phome"), ("Proot2", "Phome")]),
        ("-S -o Proot2", [("Proot2", "Proot"), ("Proot2", "Pusr"), ("Proot2", "Phome")]),
        ("-S -o Proot1.Pusr", [("Proot1", "Pusr")]),
        ("-o Proot1.Pusr", [("Proot1", "Pusr")]),
    ],
)
def test_slices_of_the_object(trial, words, expected):
    assert [(row[3], row[4]) for row in table(trial.done(f"sdxinfo {words}"))] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-V -o Group2", ["swap", "var", "opt", "*", "*"]),
        ("-V -o Var1", ["swap", "var", "opt", "*", "*"]),
        ("-D -o Group2", ["Var1", "Var2"]),
        ("-D -o Var2", ["Var2"]),
        ("-G -o Var2", ["Group2"]),
        ("-C -o Var2", ["System"]),
        ("-o Group2", ["Group2"]),
        ("-o Var2", ["Var2"]),
        ("-o usr", ["usr"]),
        ("-o System", ["System"]),
        ("-D -o Proot1.Pusr", ["Proot1", "Proot2"]),
    ],
)
def test_objects_related_to_the_object(trial, words, expected):
    assert names(table(trial.done(f"sdxinfo {words}"))) == expected


def test_a_class_and_an_object_of_it_of_one_name_are_both_meant():
    data = Trial(load("data"))
    data.done("sdxvolume -M -c Class1 -d Disk5 -v Class1 -s 1")
    said = data.done("sdxinfo -o Class1").splitlines()
    assert [line.split()[:2] for line in said if line and line[0] in "cv"] == [["class", "Class1"], ["volume", "Class1"]]
    assert data.done("sdxinfo -V -o Class1") == data.done("sdxinfo -V -c Class1")


def test_an_unknown_object_is_refused(trial):
    trial.refused("sdxinfo -o nope", "object.unknown", object="nope")
    trial.refused("sdxinfo -S -o Proot1.root", "object.unknown", object="Proot1.root")
    trial.refused("sdxinfo -S -o x.y.z", "name.letters", string="x.y.z")


def test_label_changes_nothing(trial):
    assert trial.done("sdxinfo -A -e label") == trial.done("sdxinfo -A")
    assert trial.done("sdxinfo -A -e label,long") == trial.done("sdxinfo -A -e long")


def test_the_long_volume_table_tells_mode_and_relation(trial):
    def told(name):
        row = next(r for r in table(trial.done("sdxinfo -V -e long")) if r[1] == name)
        return row[6], row[7], row[10]  # MASTER, PROXY, MODE

    assert told("root") == ("*", "*", "rw")
    assert told("Proot") == ("root", "Join", "ro")
    trial.done("sdxproxy Part -c System -p Proxy1")
    assert told("Proot") == ("root", "Part", "ro")


def test_the_long_slice_table_tells_how_far_a_copy_is(trial):
    trial.done("sdxproxy Part -c System -p Proxy1")
    trial.done("sdxproxy Update -c System -p Proxy1 -e instant")
    trial.advance(100_000)
    row = table(trial.done("sdxinfo -S -o Phome -e long"))[0]
    assert row[7:] == ["COPY", "run", "2047996", "10485720", "0", "off", "OPC"]
    trial.finish()
    row = table(trial.done("sdxinfo -S -o Phome -e long"))[0]
    assert row[7:] == ["STOP", "*", "*", "*", "*", "off", "*"]
