"""A dozen ways to write the store wrongly, each of which a test has to notice.

A mutant is the source of a function with a few words changed, put in its place. Forks have it too.
"""

import inspect
import sys
import textwrap
from collections import namedtuple

from sdxsim import entry
from sdxsim.store import disk, document, lock, objects

FLOCK = ("fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass")


class Mutant(namedtuple("Mutant", "what killed_by changes")):
    """`killed_by`: the test (file::name) that notices it. `changes`: (owner, function, [(words, instead)])."""

    __slots__ = ()


# fmt: off
MUTANTS = [Mutant(*row) for row in (
    ("no lock", "test_together.py::test_eight_clients_and_random_kills",
     [(lock.Lock, "_taken_at_once", [FLOCK])]),
    ("the lock file is deleted on release", "test_locks.py::test_the_lock_is_the_same_file_for_ever",
     [(lock.Lock, "__exit__", [("self._release()", "self._release(), os.unlink(self.path)")])]),
    ("no fsync of the file", "test_every_command.py::test_no_disk_that_a_cut_may_leave_has_lost_anything",
     [(disk, "write_new", [("os.fsync(fd)", "pass")])]),
    ("no fsync of the directory", "test_every_command.py::test_no_disk_that_a_cut_may_leave_has_lost_anything",
     [(disk, "sync_directory", [("os.fsync(fd)", "pass")])]),
    ("no checksum", "test_damage.py::test_every_damage_to_the_document_is_noticed_and_the_newest_kept_one_is_offered",
     [(document, "verified", [("head + newline != _head(body)", "not newline")])]),
    ("a checksum without its header", "test_damage.py::test_no_flip_and_no_truncation_of_a_full_lab_is_read",
     [(document, "verified", [("head + newline != _head(body)", "head[:28] != _head(body)[:28]")])]),
    ("one temporary file for all, and no lock", "test_together.py::test_eight_clients_and_random_kills",
     [(lock.Lock, "_taken_at_once", [FLOCK]),
      (disk, "write_new", [("_NEW", "_NEW & ~os.O_EXCL | os.O_TRUNC")])]),
    ("success is printed before the commit", "test_every_command.py::test_killed_before_any_call_that_matters",
     [(entry, "_once", [("turn = taken(", "_write(1, decide(*seen(path), 0)[1].stdout); turn = taken(")]),
      (entry, "_told", [("_write(1, outcome.stdout)", "pass")])]),
    ("a failed fsync is tried again", "test_every_command.py::test_calls_that_fail",
     [(disk, "write_new", [("            os.fsync(fd)",
                            "            try: os.fsync(fd)\n            except OSError: os.fsync(fd)")])]),
    ("exists() asked before the old document is kept", "test_every_command.py::test_calls_that_fail",
     [(disk, "keep", [("    remove(name)\n", "    if not os.path.exists(path): return\n    remove(name)\n")])]),
    ("no fsync of the names of objects", "test_every_command.py::test_no_disk_that_a_cut_may_leave_has_lost_anything",
     [(objects, "_put", [('disk.sync_directory(f"{path}/{OBJECTS}")', "pass")])]),
    ("the hash of an object is not looked at", "test_objects.py::test_every_damage_to_an_object_is_noticed",
     [(objects, "_read", [("_hash(raw, person) != name", "False")])]),
)]
# fmt: on


def put_in_place(mutant, monkeypatch):
    """The mutant instead of the store, wherever it was imported to."""
    for owner, name, words in mutant.changes:
        real = getattr(owner, name)
        source = textwrap.dedent(inspect.getsource(real))
        for old, new in words:
            if inspect.isclass(owner):
                old, new = textwrap.dedent(old), textwrap.dedent(new)
            assert source.count(old) == 1, f"'{old}' is not once in {name}: the store has changed, so must the mutant"
            source = source.replace(old, new)
        made = {}
        exec(compile(source, f"<{mutant.what}>", "exec"), real.__globals__, made)
        monkeypatch.setattr(owner, name, made[name])
        for module in [m for n, m in sys.modules.items() if n.startswith(("sdxsim.", "faults.", "test_"))]:
            for alias in [a for a, value in vars(module).items() if value is real]:
                monkeypatch.setattr(module, alias, made[name])
