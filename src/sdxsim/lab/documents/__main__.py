"""`python -m sdxsim.lab.documents [--write]`: the generated files of a checkout, compared or written.

man/NAME.1m from man/prose/NAME.md, docs/fidelity.md, docs/states.md. They are committed; a test
compares them, so that they cannot drift.
"""

import sys
from pathlib import Path

from ...store.place import checkout
from . import fidelity, manual, states


def generated(top):
    """{path: text} of every generated file of the checkout at `top`."""
    made = {top / "docs" / "fidelity.md": fidelity.document(), top / "docs" / "states.md": states.document()}
    for prose in sorted((top / "man" / "prose").glob("*.md")):
        section = "1" if prose.stem == "sdxsim" else "1m"
        made[top / "man" / f"{prose.stem}.{section}"] = manual.page(prose.stem, prose.read_text(), section)
    return made


def main(argv):
    """Status 0 when all are as generated (or now written), 1 when some differ."""
    top = Path(checkout() or ".")
    stale = [
        (path, text)
        for path, text in generated(top).items()
        if not path.exists() or path.read_text() != text
    ]
    for path, text in stale:
        if "--write" in argv:
            path.write_text(text)
        print(("written: " if "--write" in argv else "not as generated: ") + str(path.relative_to(top)))
    return 0 if "--write" in argv or not stale else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
