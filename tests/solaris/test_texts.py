"""The catalogue of the stand-ins' texts: every one is used, and says where it comes from."""

from pathlib import Path

import pytest

from sdxsim import __file__ as package_file
from sdxsim.solaris import defects
from sdxsim.words.solaris import TEXTS, text

PACKAGE = Path(package_file).parent
USERS = [*(PACKAGE / "solaris").glob("*.py"), *(PACKAGE / "commands").glob("*.py"), PACKAGE / "lab" / "console.py"]
COMPOSED = ("error.", "fsck.phase")  # ids put together where they are used


@pytest.mark.parametrize("id", TEXTS)
def test_every_text_is_used(id):
    assert id.startswith(COMPOSED) or any(f'"{id}"' in path.read_text() for path in USERS)


@pytest.mark.parametrize("id", TEXTS)
def test_every_text_says_where_it_comes_from(id):
    _, evidence = TEXTS[id]
    kind, colon, more = evidence.partition(": ")
    assert kind in ("seen", "recalled", "ours") and colon and more


def test_what_was_typed_is_never_echoed_raw():
    assert text("chgrp.group", group="\x1b[2J") == "chgrp: unknown group: \\033[2J\n"


def test_every_defect_kind_has_its_texts():
    for kind in defects.KINDS.values():
        for id in (kind.message, kind.question, kind.then, kind.declined, kind.verbose, kind.preen):
            assert id in TEXTS or not id
