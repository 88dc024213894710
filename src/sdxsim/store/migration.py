"""Documents of older formats: what each next format changed, as a function on the parsed document.

The format grows by one when a document of before would be misread: a field renamed, moved or given
another meaning. A new field whose default says what was true before needs no new format. Reading
migrates in memory only; the next commit writes the present format.

    format 1    the first
"""

from .. import __version__
from .trouble import Damaged, Newer

STEPS = {}  # {format: function(content) -> content of the next format}, one for each below the present


def migrated(content, name, present):
    """`content` of a document of another format, as one of format `present`. Raises Newer, Damaged."""
    found = content["format"]
    if not isinstance(found, int) or found < min(STEPS, default=present):
        raise Damaged(f"{name} is damaged: {found} is no format of a document")
    if found > present:
        raise Newer(f"{name} has format {found}, of a newer sdxsim; this one, {__version__}, reads format {present}")
    for number in range(found, present):
        content = STEPS[number](content)
    return content
