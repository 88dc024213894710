"""The UFS fsck: what it prints about a file system, asks, repairs, and how it exits.

Source: solaris.md 1, which follows the OpenSolaris fsck of 2006 line by line. Here are no devices
and no labs: a Subject in, a Checked out; who opens devices and keeps what was repaired is
`commands.fsck`, and a boot.
"""

from ..model.calendar import stamp
from ..model.outcome import INTERRUPTED
from ..model.record import Record
from ..words.solaris import text
from . import condition, damage, defects, layout
from .answers import Answers, Unanswered

# exit statuses (solaris.md 1.2)
OKAY, BAD_PARAMETER, NEEDS_CHECK, MOUNTED, NO_STAT, REBOOT_NOW = 0, 1, 32, 33, 34, 35
ERRORS, SIGNAL, FATAL, ROOT_OKAY = 36, 37, 39, 40

YES, NO = "yes", "no"
CORE = ("/", "/usr")  # "magic" file systems: may be mounted read-only while they are checked


class Options(Record, fields="answer preen verbose force alternate", defaults=(None, False, False, False, None)):
    """How to check: `answer` YES, NO or None (ask), `alternate` superblock's sector."""

    __slots__ = ()


class Subject(Record, fields="name data blocks mount writable", defaults=(None, True)):
    """What is checked: `name` as printed, its FileSystem, its size in blocks, the node's Mount of it or None."""

    __slots__ = ()


class Checked(Record, fields="out status data repairs", defaults=(0,)):
    """What came of it; `data` is the very FileSystem if nothing changed, `repairs` counts what was written."""

    __slots__ = ()


class Asks(Exception):
    """(what is printed, the question at its end): the check goes on with an answer to it."""


class _Stopped(Exception):
    """The check ends here, with this status."""


class _Dialogue:
    """What is printed, from the last answer on, and the questions' answers."""

    def __init__(self, subject, options, answers):
        self.subject, self.preen = subject, options.preen
        self.answers = answers
        self.answer = options.answer  # NO as well once the device turns out not to be writable
        self.lines = []
        self.done = []  # defects that were put right
        self.cleared = []  # those among them that were cleared, though they might have been reconnected

    def say(self, id, **fields):
        self.lines.append(text(id, **fields))

    def warn(self, id, **fields):
        """A message which preening starts with the device's name, on each line."""
        message = text(id, **fields)
        if self.preen:
            message = "".join(f"{self.subject.name}: {line}" for line in message.splitlines(keepends=True))
        self.lines.append(message)

    def fatal(self, id, **fields):
        """A message at which preening stops."""
        self.warn(id, **fields)
        if self.preen:
            self.lines.append("\n")
            self.say("fsck.manually", device=self.subject.name)
            raise _Stopped(ERRORS)

    def ask(self, id, **fields):
        """True for yes. With nobody to answer the input ends, and with it fsck (status 39)."""
        question = text(id, **fields)
        self.lines.append(f"\n{question}? ")
        if self.answer is None:
            return self._answered(question)
        self.lines.append(f" {self.answer}\n\n")
        return self.answer == YES

    def _answered(self, question):
        """True when the line that was typed begins with y."""
        before = self.answers.given
        try:
            line = self.answers.to(question)
        except Unanswered:
            raise Asks("".join(self.lines), question) from None
        if self.answers.given > before:
            self.lines = []  # that was shown with the question
        self.lines.append("\n")
        if line is None or line is INTERRUPTED:
            raise _Stopped(SIGNAL if line is INTERRUPTED else FATAL)
        return line[:1] in ("y", "Y")


def check(subject, options, answers=None):
    """A whole check of what can be opened, or a preening one. Raises Asks when one of the Answers is missing."""
    dialogue = _Dialogue(subject, options, answers or Answers())
    try:
        status, data = _check(dialogue, subject, options)
    except _Stopped as stopped:
        left = tuple(d for d in subject.data.defects if d not in dialogue.done)
        repaired = condition.repaired(subject.data, left, dialogue.cleared) if dialogue.done else subject.data
        status, data = stopped.args[0], repaired
    if data == subject.data:
        return Checked("".join(dialogue.lines), status, subject.data)
    return Checked("".join(dialogue.lines), status, data, len(dialogue.done) + 1)


def _check(dialogue, subject, options):
    _mount_allows(dialogue, subject, options)
    _introduce(dialogue, subject, options)
    data = subject.data
    if data.type != "ufs" or (options.alternate and not layout.is_superblock(options.alternate, subject.blocks)):
        return _no_superblock(dialogue, subject, options), data
    discarded = options.alternate is not None and data.logging
    if condition.bad_log(data) and options.alternate is None:
        _discard_log(dialogue, subject)
        discarded = True
    if options.preen and condition.okay(data) and not options.force and options.alternate is None:
        dialogue.say("fsck.is", device=subject.name, state=condition.STATES[data.flag])
        return OKAY, data
    return _phases(dialogue, subject, options, discarded)


def _mount_allows(dialogue, subject, options):
    """Whether a mounted file system may be checked (solaris.md 1.7); silent for one that is not mounted."""
    mount = subject.mount
    if mount is None or (mount.point in CORE and not _mounted_rw(mount)):
        return
    message = "fsck.mounted_rw" if _mounted_rw(mount) else "fsck.mounted_ro"
    if options.preen:
        dialogue.warn(message if _mounted_rw(mount) else "fsck.mounted_preen", device=subject.name)
        dialogue.lines.append("\n")
        dialogue.say("fsck.manually", device=subject.name)
        raise _Stopped(MOUNTED)
    dialogue.say(message, device=subject.name)
    if options.answer == NO:
        dialogue.lines.append("\n")
    elif not dialogue.ask("ask.continue"):
        dialogue.say("fsck.terminated")
        raise _Stopped(MOUNTED)


def _mounted_rw(mount):
    return mount is not None and "ro" not in mount.options.split(",")


def _introduce(dialogue, subject, options):
    """The first line; a device that cannot be written is checked as with -n, whatever was typed."""
    if not subject.writable:
        dialogue.answer = NO
    if not options.preen:
        dialogue.say("fsck.device_nw" if dialogue.answer == NO else "fsck.device", device=subject.name)
    elif dialogue.answer == NO:
        dialogue.fatal("fsck.no_access")


def _no_superblock(dialogue, subject, options):
    """What is no UFS: fsck offers to look for one, and has to be told not to make one up."""
    sector = options.alternate or layout.STANDARD
    if options.preen:
        dialogue.say("fsck.superblock_p", device=subject.name, sector=sector)
        return FATAL
    dialogue.say("fsck.superblock", sector=sector)
    if options.alternate:
        return OKAY
    dialogue.ask("ask.mkfs")
    dialogue.ask("ask.newfs")
    dialogue.say("fsck.not_found")
    if not dialogue.ask("ask.generic_mkfs") and not dialogue.ask("ask.generic_newfs"):
        dialogue.say("fsck.must_use")
        return OKAY
    dialogue.say("fsck.calculated")
    if not dialogue.ask("ask.cancel"):
        dialogue.say("standin.not", command="fsck", what="a check with a superblock made up by mkfs")
        return FATAL
    dialogue.say("fsck.verify")
    if dialogue.answer == YES:
        dialogue.say("fsck.yes_mode", sector=layout.last_alternate(subject.blocks), device=subject.name)
    return OKAY


def _discard_log(dialogue, subject):
    dialogue.say("defect.log", device=subject.name)
    if dialogue.preen or not dialogue.ask("ask.log"):
        raise _Stopped(FATAL)


class _Findings:
    """What a run had to leave, and what it has been told."""

    def __init__(self, skipped):
        self.left = list(skipped)
        self.corrupt = self.reattached = False
        self.asked_summaries = None  # the answer, once there is one
        self.fixed_bitmaps = False
        self.somewhere = None  # is there a lost+found? once it was looked for


def _phases(dialogue, subject, options, discarded):
    data, mount = subject.data, subject.mount
    # on a good log the totals are only compared when checking is forced (solaris.md 1.5)
    trusted = data.logging and data.flag == condition.LOG and not discarded and not options.force
    skipped = [d for d in data.defects if trusted and d.kind == "total.summary"]
    findings = _Findings(skipped)
    dialogue.done += [d for d in data.defects if d.kind == "log.bad"]
    if not options.preen:
        dialogue.say("fsck.now_mounted" if mount else "fsck.last_mounted", point=data.fsmnt)
    for phase in defects.PHASES:
        if not options.preen:
            dialogue.say(f"fsck.phase{phase}")
        for defect in defects.of_phase(data.defects, phase):
            if defect not in skipped:
                _put_right(dialogue, findings, defect, options)
    if options.answer != NO and _mounted_rw(mount):
        findings.corrupt = True
    if findings.corrupt:
        dialogue.say("fsck.inconsistent")
    after = _after(data, findings, discarded, dialogue.cleared)
    modified, flagged = _write(dialogue, options, findings, after.flag != data.flag, discarded)
    if dialogue.answer == NO:
        after = data
    elif not flagged:
        after = after._replace(flag=data.flag)
    elif mount:
        after = after._replace(flag=data.flag, logging=data.logging)  # its kernel's, not fsck's
    _numbers(dialogue, after, options)
    return _conclude(dialogue, mount, findings, modified), after


def _put_right(dialogue, findings, defect, options):
    """Reports one defect and repairs it or not, as the row of its kind says."""
    kind = defects.KINDS[defect.kind]
    facts = {k: stamp(v) if k == "mtime" else v for k, v in defect.facts.items()}
    message = kind.verbose if options.verbose and kind.verbose else kind.message
    if kind.asked == defects.ONCE:
        yes = _once(dialogue, findings, kind)
    elif kind.asked == defects.FIRST:
        dialogue.say(message, **facts)
        yes = options.preen or findings.fixed_bitmaps or dialogue.ask(kind.question)
        if options.preen or (findings.fixed_bitmaps and not options.verbose):
            dialogue.say(kind.preen)
        findings.fixed_bitmaps = yes
    elif options.preen:
        yes = True
        if kind.preen is None:
            dialogue.fatal(message, **facts)
        dialogue.warn(message, **facts)
        if kind.preen:
            dialogue.say(kind.preen)
        if defect.kind in damage.RECONNECTED:
            yes = _lost_and_found(dialogue, findings, facts["inode"])
    else:
        dialogue.say(message, **facts)
        yes = dialogue.ask(kind.question, **facts)
        if yes and defect.kind in damage.RECONNECTED:
            yes = _lost_and_found(dialogue, findings, facts["inode"])
        reconnected = yes
        if not yes and kind.declined:
            yes = dialogue.ask(kind.declined)
            dialogue.cleared += [defect] if yes else []
        if (kind.question == "ask.clear" and kind.phase == "4") or (kind.declined and not reconnected):
            dialogue.lines.append("\n")
    if yes and kind.then:
        dialogue.say(kind.then, **facts)
    (dialogue.done if yes else findings.left).append(defect)
    findings.reattached |= yes and kind.rerun
    findings.corrupt |= not yes and kind.corrupt


def _lost_and_found(dialogue, findings, inode):
    """True when there is a lost+found to put the inode into, or one may be made."""
    if findings.somewhere is None:
        findings.somewhere = damage.has_lost_and_found(dialogue.subject.data)
        if not findings.somewhere:
            dialogue.warn("fsck.no_lost_found")
            if dialogue.preen:
                dialogue.say("fsck.created")
            findings.somewhere = dialogue.preen or dialogue.ask("ask.create")
            if not findings.somewhere:
                dialogue.say("fsck.sorry")
    if not findings.somewhere:
        dialogue.say("fsck.not_reconnected", inode=inode)
    return findings.somewhere


def _once(dialogue, findings, kind):
    if findings.asked_summaries is None:
        if dialogue.preen:
            dialogue.say(kind.preen)
            findings.asked_summaries = True
        else:
            findings.asked_summaries = dialogue.ask(kind.question)
    return findings.asked_summaries


def _after(data, findings, discarded, cleared):
    """The file system as the run leaves it if it may write, the state flag included."""
    after = condition.repaired(data, tuple(d for d in data.defects if d in findings.left), cleared)
    sound = data.flag in (condition.CLEAN, condition.STABLE, condition.LOG) and not discarded
    flag = condition.ACTIVE if findings.corrupt else data.flag if sound else condition.STABLE
    return after._replace(flag=flag, logging=data.logging and not discarded)


def _write(dialogue, options, findings, new_flag, discarded):
    """Writes what is left to be written: (did it go through fsck's buffers? is the state flag written?).

    A wrong state flag is asked for only if nothing else is written, and does not go through them
    (solaris.md 1.3).
    """
    dirty = bool(dialogue.done) or options.alternate is not None
    flagged = True
    if new_flag and not dirty and not options.preen and not findings.corrupt:
        flagged = dialogue.ask("ask.state")
    if discarded and not options.preen:
        dialogue.say("fsck.log_discarded")
    writes = dialogue.answer != NO
    if options.alternate not in (None, layout.STANDARD) and writes and not options.preen:
        dialogue.ask("ask.standard")
    return dirty and writes, flagged


def _numbers(dialogue, data, options):
    free = data.frags + 8 * data.blocks
    size = data.used + free
    dialogue.warn(
        "fsck.summary" if options.verbose else "fsck.numbers",
        inodes=data.inodes,
        used=data.used,
        free=free,
        frags=data.frags,
        blocks=data.blocks,
        fragmentation=data.frags * 100 / size if size else 0,
    )


def _conclude(dialogue, mount, findings, modified):
    if modified:
        dialogue.say("fsck.modified")
    if findings.reattached:
        dialogue.say("fsck.reattached")
    if findings.corrupt:
        dialogue.say("fsck.bad")
    rerun = findings.corrupt or findings.reattached
    if rerun:
        dialogue.say("fsck.rerun")
    if mount and modified:
        if not dialogue.preen:
            dialogue.say("fsck.reboot")
        return REBOOT_NOW
    if findings.corrupt:
        return ERRORS
    if mount:
        return ROOT_OKAY
    return ERRORS if rerun else OKAY


def sanity(subject):
    """fsck -m: (stdout, stderr, status); looks at the flag only (solaris.md 1.8)."""
    name, mount = subject.name, subject.mount
    out = text("fsck.device", device=name)
    if subject.data.type != "ufs":
        out += text("fsck.superblock", sector=layout.STANDARD) + "\n" + text("fsck.manually", device=name)
        return out, "", FATAL
    if mount and mount.point not in CORE:
        return out, text("fsck.busy", device=name), MOUNTED
    if _mounted_rw(mount):
        return out, text("fsck.busy_core", device=name), MOUNTED
    if condition.okay(subject.data):
        return out, text("fsck.sane", device=name), OKAY
    return out, text("fsck.unsure", device=name), NEEDS_CHECK
