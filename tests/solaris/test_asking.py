"""Questions of fsck and shutdown, answered one by one: what is asked, shown again, kept."""

import pytest
from tests.solaris.builder import NOW, build, data, holding

from sdxsim.execute import execute
from sdxsim.model.outcome import INTERRUPTED, Hang, Next, Question, Shell
from sdxsim.model.records import Defect
from sdxsim.model.status import MULTI_USER, OBP
from sdxsim.solaris import condition

RAW = "/dev/sfdsk/System/rdsk/{}"
PROOT, PVAR, PSWAP, USR = (RAW.format(name) for name in ("Proot", "Pvar", "Pswap", "usr"))
BLOCKS, EMPTY, RECONNECT = "CORRECT", "CLEAR", "RECONNECT"


class Sitting:
    """Somebody who types a command and answers what it asks, as a process lets them."""

    def __init__(self, lab, line, answers):
        """`answers`: a list of lines, or a function of the question."""
        self.lab, self.said, self.asked, self.status = lab, "", [], 0
        shell, lines = Shell(answers=()), None if callable(answers) else iter(answers)
        while True:
            outcome = execute(self.lab, line.split(), NOW, shell=shell)
            self.said += outcome.stdout
            if type(outcome.waits) is Question:
                assert outcome.lab is self.lab  # nothing is decided
                self.asked.append(outcome.waits.text)
                typed = answers(outcome.waits.text) if lines is None else next(lines)
                shell = shell._replace(answers=(*shell.answers, (outcome.waits.text, typed)))
                continue
            self.lab, self.status = outcome.lab, max(self.status, outcome.status)
            if type(outcome.waits) is not Next:
                return
            shell = shell._replace(answers=(), done=outcome.waits.done)


def yes(_):
    return "y"


# -- fsck --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [PROOT, PVAR])
def test_yes_to_everything_is_what_y_does(name):
    lab = build()
    by_option = execute(lab, ["fsck", "-y", name], NOW)
    sitting = Sitting(lab, f"fsck {name}", yes)
    assert sitting.lab == by_option.lab and sitting.status == by_option.status == 0
    assert sitting.said == by_option.stdout.replace("?  yes\n\n", "? \n")
    assert sitting.asked == [q.split("\n")[-1] for q in by_option.stdout.split("?  yes")[:-1]]


@pytest.mark.parametrize("typed", ["n", "", "no", "1", " y"])
def test_anything_else_is_no_and_changes_nothing(typed):
    lab = build()
    sitting = Sitting(lab, f"fsck {PVAR}", lambda _: typed)
    by_option = execute(lab, ["fsck", "-n", PVAR], NOW)
    assert sitting.status == by_option.status == 36
    assert data(sitting.lab, "Pvar") == data(lab, "Pvar")._replace(flag="FSACTIVE")
    assert sitting.said == by_option.stdout.replace(" (NO WRITE)", "").replace("?  no\n\n", "? \n")


def test_a_lost_file_is_cleared_by_who_does_not_want_it():
    lab = build()
    sitting = Sitting(lab, f"fsck {PVAR}", lambda question: "n" if question == RECONNECT else "Yes")
    after = data(sitting.lab, "Pvar")
    assert (sitting.status, after.defects, after.flag) == (0, (), "FSSTABLE")
    assert after.inodes == data(lab, "Pvar").inodes - 2  # the empty one too
    assert [path for path in after.files if "#" in path] == []
    kept = Sitting(lab, f"fsck {PVAR}", yes)
    assert len([path for path in data(kept.lab, "Pvar").files if "#" in path]) == 1


def test_what_was_left_keeps_it_from_being_mounted_and_is_found_again():
    lab = build()
    sitting = Sitting(lab, f"fsck {PVAR}", lambda question: "n" if question in (RECONNECT, EMPTY) else "y")
    assert sitting.status == 36 and "FILE SYSTEM WAS MODIFIED" in sitting.said
    assert [d.kind for d in data(sitting.lab, "Pvar").defects] == ["file.lost", "file.empty"]
    refused = execute(sitting.lab, ["mount", "/dev/sfdsk/System/dsk/Pvar", "/mnt"], NOW)
    assert refused.status == 32 and "is not okay" in refused.stderr
    again = Sitting(sitting.lab, f"fsck {PVAR}", yes)
    assert (again.asked, again.status) == ([RECONNECT, EMPTY], 0)


@pytest.mark.parametrize(("end", "status"), [(INTERRUPTED, 37), (None, 39)])
def test_who_stops_in_the_middle_keeps_what_was_put_right(end, status):
    lab = build()
    sitting = Sitting(lab, f"fsck {PVAR}", ["y", end])
    assert (sitting.status, len(sitting.asked)) == (status, 2)
    assert len(data(sitting.lab, "Pvar").defects) == len(data(lab, "Pvar").defects) - 1
    assert Sitting(sitting.lab, f"fsck {PVAR}", yes).asked[0] == sitting.asked[1]
    untouched = Sitting(lab, f"fsck {PVAR}", [end])
    assert untouched.status == status and untouched.lab is lab


def test_each_of_several_file_systems_is_kept_before_the_next_is_asked_about():
    lab = build()
    both = Sitting(lab, f"fsck {PVAR} {PROOT}", yes)
    assert both.lab == execute(lab, ["fsck", "-y", PVAR, PROOT], NOW).lab
    left = Sitting(lab, f"fsck {PROOT} {PVAR}", ["y", INTERRUPTED])
    assert left.status == 37 and data(left.lab, "Proot").defects == ()
    assert data(left.lab, "Pvar") == data(lab, "Pvar")
    broken = Sitting(lab, f"fsck /nosuch {PROOT}", yes)
    assert (broken.status, data(broken.lab, "Proot").defects) == (34, ())
    assert Sitting(lab, "fsck", lambda _: "n").status == 33  # all of vfstab are mounted


def test_a_mounted_file_system_is_left_alone_by_who_says_no():
    lab = build()
    sitting = Sitting(lab, f"fsck {USR}", ["n"])
    assert sitting.status == 33 and sitting.lab is lab
    assert sitting.said.endswith("IS CURRENTLY MOUNTED READ/WRITE.\nCONTINUE? \nProgram terminated\n")
    assert "** Currently Mounted on /usr\n" in Sitting(lab, f"fsck {USR}", ["y"]).said


def test_a_wrong_state_flag_stays_for_who_says_no():
    lab = holding(build(), "Pvar", defects=(), flag="FSACTIVE")
    sitting = Sitting(lab, f"fsck {PVAR}", ["n"])
    assert (sitting.asked, sitting.status) == (["FILE SYSTEM STATE IN SUPERBLOCK IS WRONG; FIX"], 0)
    assert sitting.lab is lab
    assert data(Sitting(lab, f"fsck {PVAR}", ["y"]).lab, "Pvar").flag == "FSSTABLE"


def test_a_log_is_kept_by_who_does_not_discard_it():
    lab = holding(build(), "Proot", defects=(Defect("log.bad"),), flag=condition.LOG)
    sitting = Sitting(lab, f"fsck {PROOT}", ["n"])
    assert sitting.status == 39 and sitting.lab is lab


def test_swap_is_not_made_a_file_system():
    lab = build()
    cancelled = Sitting(lab, f"fsck {PSWAP}", yes)
    assert cancelled.status == 0 and cancelled.lab is lab and "running in YES mode" not in cancelled.said
    assert cancelled.said.endswith("superblock for the filesystem (see fsdb(1M)).\n")
    sitting = Sitting(lab, f"fsck {PSWAP}", ["n", "n", "y", "n"])
    assert sitting.status == 39 and sitting.lab is lab
    assert sitting.said.endswith(
        "CANCEL FILESYSTEM CHECK? \n"
        "fsck: a check with a superblock made up by mkfs is known to Solaris, but not simulated (sdxsim)\n"
    )


def test_an_answer_counts_for_its_own_question_only():
    """Somebody else has mended the file system between the question and the answer."""
    lab = build()
    shell = Shell(answers=())
    asked = execute(lab, ["fsck", PVAR], NOW, shell=shell).waits.text
    mended = execute(holding(lab, "Pvar", defects=(Defect("total.summary"),)), ["fsck", PVAR], NOW,
                     shell=shell._replace(answers=((asked, "y"),)))  # fmt: skip
    assert mended.status == 39 and mended.waits is None


def test_the_alternate_superblock_is_told_once():
    sitting = Sitting(build(), f"fsck -o b=32 {PVAR}", yes)
    assert sitting.said.count("Alternate super block location: 32.\n") == 1
    assert sitting.asked[-1] == "UPDATE STANDARD SUPERBLOCK" and sitting.status == 0


def test_a_lock_set_meanwhile_hangs_it():
    lab = execute(build(), ["lockfs", "-w", "/"], NOW).lab
    shell = Shell(answers=(("CORRECT", "y"),))
    assert execute(lab, ["fsck", PVAR], NOW, shell=shell).waits == Hang("/")


# -- shutdown ----------------------------------------------------------------------------------------------------------

ASKED = "Do you want to continue? (y or n):   "
FALSE = (
    "Broadcast Message from root (console) on node1 Sun Nov 22 10:00:00...\n"
    "False Alarm:  The system node1 will not be brought down.\nShutdown aborted.\n"
)


def test_shutdown_asks_and_y_brings_it_down():
    lab = build()
    sitting = Sitting(lab, "shutdown -g0 -i0", ["y"])
    assert sitting.asked == [ASKED] and sitting.lab.nodes["node1"].power == OBP
    assert sitting.said.replace(ASKED, "") == execute(lab, ["shutdown", "-y", "-g0", "-i0"], NOW).stdout


@pytest.mark.parametrize("typed", ["n", "yes", "Y", "", None])
def test_anything_but_y_is_a_false_alarm(typed):
    lab = build()
    sitting = Sitting(lab, "shutdown -g0 -i0", [typed])
    assert sitting.said.endswith(ASKED + FALSE) and sitting.status == 1 and sitting.lab is lab


def test_ctrl_c_ends_shutdown():
    lab = build()
    sitting = Sitting(lab, "shutdown -g0 -i0", [INTERRUPTED])
    assert (sitting.status, sitting.lab.nodes["node1"].power) == (130, MULTI_USER) and sitting.lab is lab
