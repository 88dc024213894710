"""Completion: what is offered for the last word, and that the shells' scripts ask and pass it on."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import Trial

from sdxsim.lab import completion
from sdxsim.lab.cli import app
from sdxsim.lab.scenarios import load
from sdxsim.words.syntax import COMMANDS, FORMS

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def offered(lab, line, node=None):
    return completion.completed(lab, node, line.split(" "))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("sdxproxy Re", ["Rejoin", "RejoinRestore", "Relate", "Restore"]),
        ("sdxproxy Part -c ", ["System"]),
        ("sdxproxy Part -c System -p ", ["Proxy1", "Proxy2"]),
        ("sdxproxy Part -c System -p Proxy1,", ["Proxy1,Proxy2"]),
        ("sdxproxy Part -c System ", ["-p", "-a", "-e"]),
        ("sdxproxy Join -c System -p Gro", ["Group1", "Group2"]),
        ("sdxvolume -N -c System -v root,P", ["root,Proot", "root,Pusr", "root,Phome", "root,Pswap", "root,Pvar", "root,Popt"]),
        ("sdxvolume -N -c System -e mode=", ["mode=rw", "mode=ro"]),
        ("sdxvolume -N -c System -e nosync,node=", ["nosync,node=node1"]),
        ("sdxvolume -N -c System -v root -v ", ["root", "usr", "home", "swap", "var", "opt", "Proot", "Pusr", "Phome", "Pswap",
                                               "Pvar", "Popt"]),
        ("sdxattr -V -c System -v Proot -a mode=rw,lo", ["mode=rw,lock=on", "mode=rw,lock=off"]),
        ("sdxattr -V -c System -v Proot,", []),
        ("sdxinfo -S -o Root", ["Root1", "Root2"]),
        ("sdxproxy Join -c System -m Group1 -p Gro", ["Group2"]),
        ("sdxproxy Join -c System -m Group1 -p Proxy3 -a h", ["home="]),
        ("sdxproxy Join -c System -m Group1 -p Proxy3 -a home=P", []),
        ("sdxproxy Join -c System -m Group1 -p Proxy3 -a home=P:", ["home=P:on", "home=P:off"]),
        ("sdxproxy Join -c System -m Group1 -p Proxy3 -a home=P:on:o", ["home=P:on:on", "home=P:on:off"]),
        ("sdxproxy Root -c System -m ", ["Group1", "Group2"]),
        ("sdxslice -R -c System -s ", []),
        ("sdxdisk -M -c System -d ", []),
        ("sdxdisk -M -c System -d c9t1d0=D:s", ["c9t1d0=D:single", "c9t1d0=D:spare"]),
        ("sdxdisk -D -c System -g Group2 -d ", ["Var1", "Var2"]),
        ("sdxdisk -C -c System -g Group2 -d ", []),
        ("sdxattr -C -c System -a iot", ["iotimeout=on", "iotimeout=off"]),
        ("sdxattr -V -c System -v root -a n", ["name="]),
        ("sdxparam -G -p copy_", ["copy_concurrency", "copy_delay"]),
        ("sdxparam -S -p copy_c", ["copy_concurrency="]),
        ("sdxfix -D -c System -d Root1 -x ", ["NoRdchk"]),
        ("sdxsim fault disk System/Root", ["System/Root1", "System/Root2"]),
        ("sdxsim fault disk c0t0d0 rep", ["repair", "replace"]),
        ("sdxsim fault copy-source System Pr", ["Proot"]),
        ("sdxsim fault power ", ["node1", "--at"]),
        ("sdxsim shell --node ", ["node1"]),
        ("sdxsim clo", ["clock"]),
        ("sdxsim clock f", ["freeze"]),
        ("sdxsim init back", ["backing-up"]),
        ("sdxsim run backing-up-o", ["backing-up-opc"]),
        ("sdxnothing ", []),
    ],
)  # fmt: skip
def test_what_is_offered(line, wanted):
    assert offered(load("backing-up"), line) == wanted


def test_names_are_the_labs_own():
    trial = Trial(load("backing-up"))
    trial.done("sdxproxy Part -c System -p Proxy1")
    trial.done("sdxvolume -F -c System -v Pusr")
    trial.done("sdxattr -V -c System -v Pusr -a name=Backup")
    assert offered(trial.lab, "sdxvolume -N -c System -v B") == ["Backup"]
    assert offered(None, "sdxvolume -N -c System -v ") == []
    assert offered(trial.lab, "sdxvolume -N -c ", node="node9") == []


def test_of_the_class_that_was_typed():
    lab = load("data")
    assert offered(lab, "sdxvolume -F -c Class1 -v ") == ["Volume1", "Volume2", "Copy1", "Volume3"]
    assert offered(lab, "sdxvolume -Fc Class1 -v Copy1,") == ["Copy1,Volume1", "Copy1,Volume2", "Copy1,Volume3"]
    assert offered(lab, "sdxvolume -M -c Class1 -g ") == ["Group1", "Group2"]
    assert offered(lab, "sdxvolume -F -c Nosuch -v ") == []
    assert "root" in offered(lab, "sdxinfo -V -o ") and "Volume1" in offered(lab, "sdxinfo -V -o ")
    assert offered(lab, "sdxdisk -C -c Class1 -g G -d ") == ["Disk5", "Disk6", "Disk7"]
    assert offered(lab, "sdxdisk -C -c Class1 -g G -d Disk5 -a type=switch,act") == [
        f"type=switch,actdisk={name}" for name in lab.classes["Class1"].disks
    ]


def test_what_the_form_is_for():
    trial = Trial(load("bare"))
    trial.done("sdxdisk -M -c C -d c1t1d0=D1,c1t2d0=D2,c1t3d0=D3")
    for name in ("D1", "D2"):
        trial.done(f"sdxdisk -C -c C -g G{name} -d {name} -a type=concat")
    assert offered(trial.lab, "sdxgroup -C -c C -h Top -l ") == ["GD1", "GD2"]
    trial.done("sdxgroup -C -c C -h Top -l GD1")
    assert offered(trial.lab, "sdxgroup -C -c C -h Top -l ") == ["GD2"]
    assert offered(trial.lab, "sdxgroup -D -c C -h Top -l ") == ["GD1"]
    assert offered(trial.lab, "sdxconfig Convert -e replace -c C -d D1=c2t1") == ["D1=c2t1d0"]
    assert offered(trial.lab, "sdxswap -I -c C -d ") == []
    trial.done("sdxswap -O -c C -d D2")
    assert offered(trial.lab, "sdxswap -I -c C -d ") == ["D2"]
    cluster = Trial(load("cluster"))
    assert offered(cluster.lab, "sdxattr -C -c Class1 -a sc") == ["scope=node1:node2"]
    cluster.done("sdxvolume -N -c Class1 -v Volume1")
    cluster.done("sdxslice -M -c Class1 -d Disk2 -v Volume1")
    assert offered(cluster.lab, "sdxslice -R -c Class1 -s ") == ["Disk2.Volume1"]


def test_shadow_objects_are_offered_to_their_own_commands():
    lab = load("cluster")
    far = lab.classes["Local1"]._replace(name="Shadow1", scope=("node2",), shadow=True)
    lab = lab._replace(classes={**lab.classes, "Shadow1": far})
    assert offered(lab, "sdxshadowvolume -F -c ", node="node2") == ["Shadow1"]
    assert offered(lab, "sdxvolume -F -c ", node="node2") == ["Class1", "Local2"]
    assert offered(lab, "sdxinfo -c ", node="node2") == ["Class1", "Local2", "Shadow1"]
    lab = lab._replace(classes={**lab.classes, "Class1": lab.classes["Class1"]._replace(scope=("node1",))})
    assert offered(lab, "sdxshadowdisk -M -c S -d c1", node="node2")[0] == "c1t1d0="
    assert offered(lab, "sdxshadowdisk -M -c S -d c3", node="node2") == []


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.id)
def test_every_form_can_be_typed_with_tab_alone(form):
    """From the command's name on, each word and option of the form is among what is offered."""
    plan = completion.shape(form.synopsis)
    typed = [form.synopsis.split()[0]]
    for word in [plan.word] if plan.word else [*(f"-{flag}" for flag in plan.flags)]:
        assert word in offered(load("backing-up"), " ".join([*typed, ""])), typed
        typed.append(word)
    assert {f"-{letter}" for letter in plan.options} <= set(offered(load("backing-up"), " ".join([*typed, ""])))


def test_the_verbs_are_the_lab_tools():
    groups = {group.name for group in app.registered_groups}
    commands = {c.name or c.callback.__name__ for c in app.registered_commands}
    assert set(completion.VERBS) == groups | commands
    (clock,) = (g.typer_instance for g in app.registered_groups if g.name == "clock")
    assert set(completion.VERBS["clock"]) == {c.callback.__name__ for c in clock.registered_commands}


@pytest.fixture
def asked(shell, tmp_path):
    """asked(shell's name, script): what the shell prints that has read its completion script before."""
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "sdxsim").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sdxsim sdxsim "$@"\n')
    (commands / "sdxsim").chmod(0o755)
    beside = tmp_path / "home/co/bin"  # as in a checkout that is not on PATH
    beside.mkdir(parents=True)
    shutil.copy(commands / "sdxsim", beside)

    def ask(name, more):
        if not shutil.which(name):
            pytest.skip(f"no {name} here")
        script = tmp_path / "script"
        before = "compdef() { : }\n" if name == "zsh" else ""  # which compinit brings
        script.write_text(before + shell.done(f"sdxsim completion {name}") + more)
        environ = {**shell.environ, "PATH": f"{commands}:/usr/bin:/bin"}
        ran = subprocess.run([name, str(script)], env=environ, capture_output=True, text=True)
        assert ran.stderr == ""
        return ran.stdout.split("\n")

    return ask


def test_bash_gets_back_what_comes_behind_its_own_word_breaks(asked):
    tab = """
        compopt() { :; }
        tab() { COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=(); _sdxsim; echo "${COMPREPLY[*]}" | tr '\\n' ' '; echo; }
        tab "sdxproxy Pa"; tab "sdxproxy Part -c System -p Proxy1,"
        tab "sdxattr -V -c System -v Proot -a lock=on,jrm="; tab "sdxvolume -N -c "
        compopt() { echo "compopt $1 $2"; }
        tab "sdxconfig Restore -c C -i "; tab "sdxdisk -M -c C -d Nosuch"
        PATH=/usr/bin:/bin; tab "sdxproxy Pa"; tab "$HOME/co/bin/sdxproxy Pa"; tab "~/co/bin/sdxproxy Pa"
    """
    words = ["Part ", "Proxy1,Proxy2 ", "on off ", "System ", "compopt -o default", " ", " ",
             " ", "Part ", "Part ", ""]  # fmt: skip
    assert asked("bash", tab) == words


def test_fish_asks_with_an_empty_word_and_with_a_begun_one(asked):
    tab = """
        complete -C 'sdxvolume -N -c System -v '; echo =; complete -C 'sdxvolume -N -c System -v Pu'; echo =
        complete -C 'sdxproxy Pa'; echo =; complete -C 'sdxdisk -R -c System -d Nosuch'
        set PATH /usr/bin /bin; complete -C 'sdxproxy Pa'; echo =; complete -C "$HOME/co/bin/sdxproxy Pa"
    """
    every = ["home", "opt", "Phome", "Popt", "Proot", "Pswap", "Pusr", "Pvar", "root", "swap", "usr", "var"]
    said = asked("fish", tab)
    assert (sorted(said[:12]), said[12:]) == (sorted(every), ["=", "Pusr", "=", "Part", "=", "=", "Part", ""])


def test_zsh_passes_on_what_is_offered_and_files_where_a_command_takes_them(asked):
    tab = """
        _files() { print FILES }
        compadd() { print -- "${(@)argv[4,-1]}" }
        tab() { words=("$@"); CURRENT=$#; _sdxsim }
        tab sdxproxy Part -c System -p ''; tab sdxconfig Restore -c C -i ''; tab sdxdisk -R -c System -d Nosuch
        PATH=/usr/bin:/bin; tab sdxproxy Pa; tab "$HOME/co/bin/sdxproxy" Pa; tab '~/co/bin/sdxproxy' Pa
    """
    assert asked("zsh", tab) == ["Proxy1 Proxy2", "FILES", "", "", "Part", "Part", ""]


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_the_other_shells_read_their_script(shell, name, tmp_path):
    script = shell.done(f"sdxsim completion {name}")
    assert all(command in script for command in (*COMMANDS, "sdxsim"))
    if not shutil.which(name):
        pytest.skip(f"no {name} here")
    (tmp_path / "script").write_text(script)
    assert subprocess.run([name, "-n", str(tmp_path / "script")], capture_output=True).stderr == b""


def test_another_shell_is_refused(shell):
    ran = shell.run("sdxsim completion tcsh")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no completion for 'tcsh'" in ran.stderr


def test_completing_without_a_lab_complains_of_nothing(shell):
    (shell.state / "state.json").unlink()
    assert shell.done("sdxsim complete sdxproxy Jo") == "Join\n"
    assert shell.done("sdxsim complete sdxproxy Part -c S") == ""
    assert shell.done("sdxsim complete") == ""
