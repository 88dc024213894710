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
        ("sdxslice -R -c System -s Root1.", ["Root1.root", "Root1.usr", "Root1.home"]),
        ("sdxdisk -M -c System -d ", []),
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


def test_shadow_objects_are_offered_to_their_own_commands():
    lab = load("cluster")
    far = lab.classes["Local1"]._replace(name="Shadow1", scope=("node2",), shadow=True)
    lab = lab._replace(classes={**lab.classes, "Shadow1": far})
    assert offered(lab, "sdxshadowvolume -F -c ", node="node2") == ["Shadow1"]
    assert offered(lab, "sdxvolume -F -c ", node="node2") == ["Class1", "Local2"]
    assert offered(lab, "sdxinfo -c ", node="node2") == ["Class1", "Local2", "Shadow1"]
    lab = lab._replace(classes={**lab.classes, "Class1": lab.classes["Class1"]._replace(scope=("node1",))})
    assert offered(lab, "sdxshadowdisk -M -c S -d c1", node="node2")[0] == "c1t1d0"
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


def test_bash_gets_back_what_comes_behind_its_own_word_breaks(shell, tmp_path):
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "sdxsim").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sdxsim sdxsim "$@"\n')
    (commands / "sdxsim").chmod(0o755)
    script = shell.done("sdxsim completion bash")
    tab = """
        compopt() { :; }
        tab() { COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=(); _sdxsim; echo "${COMPREPLY[*]}" | tr '\\n' ' '; echo; }
        tab "sdxproxy Pa"; tab "sdxproxy Part -c System -p Proxy1,"
        tab "sdxattr -V -c System -v Proot -a lock=on,jrm="; tab "sdxvolume -N -c "
    """
    environ = {**shell.environ, "PATH": f"{commands}:/usr/bin:/bin"}
    ran = subprocess.run(["bash", "-c", script + tab], env=environ, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.split("\n") == ["Part ", "Proxy1,Proxy2 ", "on off ", "System ", ""]


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
