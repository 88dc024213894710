"""THE TABLE of inconsistencies a file system may have, and how fsck goes about each.

A `model.records.Defect` names a row and carries its facts: `inode`, `owner`, `mode`, `size`,
`mtime` (ms) and the like for what the message shows, `cg` for cylinder groups. The messages and
questions are in `words.solaris`; evidence here is for the behaviour.

Columns: `phase` in which it is found. `question` asked for it, when:
  EACH   every time, after the message
  FIRST  after the first message of that kind; later ones say they were corrected
  ONCE   once a run, without a message
`then` is said when it was put right, `declined` asked when the answer was no. `preen`: what -o p
adds to the message when it repairs silently, or None when it stops there. `corrupt`: left
unrepaired, the file system counts as bad (exit 36). `rerun`: fsck asks to be run again (exit 36).
"""

from ..model.record import Record


class Kind(
    Record,
    fields="phase message question asked preen corrupt evidence then declined rerun verbose",
    defaults=(None, None, False, None),
):
    """A row."""

    __slots__ = ()


EACH, FIRST, ONCE = "each", "first", "once"
BAD, FINE = True, False  # left unrepaired
SOURCE = "seen: source"
ILLUMOS = "seen: illumos source; that -o p stops at it is inferred"
OURS = "seen: source; that -o p stops at it is ours"
NO_NEWLINE = "seen: source, where -o p ends the message without a newline"

# fmt: off
KINDS = {
    # phase,  message,              question,        asked, -o p,               left, evidence
    "log.bad": Kind(
        "log", "defect.log",         "ask.log",       EACH,  None,               BAD,  SOURCE),
    "inode.blocks": Kind(
        "1",   "defect.blocks",      "ask.correct",   EACH,  "fsck.corrected",   FINE, SOURCE),
    "inode.partial": Kind(
        "1",   "defect.partial",     "ask.clear",     EACH,  None,               BAD,  SOURCE),
    "inode.type": Kind(
        "1",   "defect.type",        "ask.clear",     EACH,  None,               BAD,  SOURCE),
    "entry.unallocated": Kind(
        "2",   "defect.unallocated", "ask.remove",    EACH,  None,               BAD,  ILLUMOS),
    "directory.lost": Kind(
        "3a",  "defect.unref_dir",   "ask.reconnect", EACH,  None,               BAD,  OURS,
        then="fixed.unref_dir", rerun=True),
    "file.lost": Kind(
        "4",   "defect.unref_file",  "ask.reconnect", EACH,  "fsck.reconnected", BAD,  SOURCE,
        declined="ask.clear"),
    "file.empty": Kind(
        "4",   "defect.unref_file",  "ask.clear",     EACH,  "fsck.cleared",     BAD,  SOURCE),
    "file.links": Kind(
        "4",   "defect.links",       "ask.adjust",    EACH,  "fsck.adjusted",    FINE, SOURCE),
    "cg.summary": Kind(
        "5",   None,                 "ask.summaries", ONCE,  "fsck.correcting",  FINE, SOURCE,
        then="fixed.summary"),
    "cg.directory_bitmap": Kind(
        "5",   "defect.dir_bitmap",  "ask.fix",       FIRST, "fsck.again",       FINE, SOURCE,
        verbose="defect.dir_bit"),
    "cg.file_bitmap": Kind(
        "5",   "defect.file_bitmap", "ask.fix",       FIRST, "fsck.again",       FINE, SOURCE,
        verbose="defect.file_bit"),
    "cg.fragment_bitmap": Kind(
        "5",   "defect.frag_bitmap", "ask.fix",       FIRST, "fsck.again",       FINE, SOURCE,
        verbose="defect.frag_bit"),
    "total.summary": Kind(
        "5",   "defect.total",       "ask.salvage",   EACH,  "",                 BAD,  NO_NEWLINE),
}
# fmt: on

PHASES = ("1", "2", "3a", "3b", "4", "5")
_ROW = {kind: place for place, kind in enumerate(KINDS)}
_LAST = 1 << 40  # the superblock's totals are compared after all cylinder groups


def place(defect):
    """Where in its phase fsck comes upon the defect: by inode, or by cylinder group and then by row."""
    if defect.kind == "total.summary":
        return _LAST, 0
    return defect.facts.get("inode", defect.facts.get("cg", 0)), _ROW[defect.kind]


def of_phase(defects, phase):
    """The defects that are found in a phase, in the order in which fsck comes upon them."""
    return sorted((d for d in defects if KINDS[d.kind].phase == phase), key=place)
