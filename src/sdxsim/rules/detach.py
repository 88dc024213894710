"""Rules of sdxslice: slices of mirror volumes detached, used by themselves, and attached again (guide D.5, A.2.24)."""

from ..model.queries import copies_onto, disks_under, find_slice, find_volume, in_use, with_volumes
from ..model.record import Record
from ..model.status import ENABLE, INVALID, MIRROR, NOUSE, SHARED, TEMP, TEMP_STOP, VALID
from ..words.notes import Refusal
from ..words.parameters import delay
from . import copying, jrm, related
from .engine import Rule, note, refuses
from .image import image

DETACHED = (TEMP, TEMP_STOP)


class Piece(Record, fields="name volume slice"):
    """A slice by its name DISK.VOLUME, with its Volume and Slice."""

    __slots__ = ()


# -- what is named ------------------------------------------------------------------------------------------------


def _piece(klass, name):
    found = find_slice(klass, name)
    if found is None:
        raise Refusal("object.unknown", object=name)
    return Piece(name, *found)


def by_disk(asked):
    """The slice of -d disk -v volume, or of -s."""
    if "slice" in asked.args:
        return [_piece(asked.klass, asked.args["slice"])]
    disk, volume = asked.args["disk"], asked.args["volume"]
    for name, kind in ((disk, asked.klass.disks), (volume, asked.klass.volumes)):
        if name not in kind:
            raise Refusal("object.unknown", object=name)
    return [_piece(asked.klass, f"{disk}.{volume}")]


def by_name(asked):
    """The slices of -s."""
    named = asked.args["slice"]
    return [_piece(asked.klass, name) for name in ([named] if isinstance(named, str) else named)]


# -- guards of -M -------------------------------------------------------------------------------------------------


@refuses("volume.not_mirror")
def of_a_mirror(asked, piece):
    group = asked.klass.groups.get(piece.volume.group)
    return None if group and group.type == MIRROR else piece.volume.name


@refuses("slice.no_pslice")
def physical(asked, piece):
    return None if piece.volume.pslice else piece.volume.name


@refuses("object.copying")
def nothing_copies(asked, piece):
    return piece.volume.name if copies_onto(asked.lab, asked.klass.name, piece.volume.name) else None


@refuses("object.status")
def valid(asked, piece):
    """What is detached holds good data."""
    good = piece.slice.status in VALID
    return None if good else {"object": piece.name, "status": piece.slice.status}


@refuses("object.only_valid")
def another_valid(asked, piece):
    others = [s for s in piece.volume.slices if s.member != piece.slice.member and s.status in VALID]
    return None if others else piece.name


# -- guards of what is detached -----------------------------------------------------------------------------------


@refuses("slice.not_detached")
def detached(asked, piece):
    return None if piece.slice.status in DETACHED else piece.name


@refuses("slice.elsewhere")
def owned(asked, piece):
    """Only the node that detached it, or took it over, may use it (guide D.5)."""
    owner = piece.slice.owner
    return None if owner == asked.node.name else {"object": piece.name, "node": owner}


@refuses("object.in_use")
def not_in_use(asked, piece):
    return piece.name if in_use(asked.lab, asked.klass.name, piece.name) else None


@refuses("class.not_shared")
def of_a_shared_class(asked, piece):
    return None if asked.klass.type == SHARED else {"class": asked.klass.name}


@refuses("object.status")
def volume_valid(asked, piece):
    """There is something good to copy from."""
    return None if piece.volume.valid else {"object": piece.volume.name, "status": INVALID}


@refuses("slice.active")
def stopped_for_mode(asked, piece):
    """The access mode changes only while the slice is stopped (recalled: 60)."""
    changes = asked.args["a"].get("mode", piece.slice.mode) != piece.slice.mode
    return piece.name if changes and piece.slice.status == TEMP else None


# -- effects ------------------------------------------------------------------------------------------------------


def _with(asked, lab, pieces, change):
    """The lab with each slice as `change(slice)` makes it; the same lab when that changes none."""
    for piece in pieces:
        volume = find_volume(lab, asked.klass.name, piece.volume.name)
        slices = tuple(change(s) if s.member == piece.slice.member else s for s in volume.slices)
        if slices != volume.slices:
            lab = with_volumes(lab, asked.klass.name, [volume._replace(slices=slices)])
    return lab


def detach(asked, targets):
    """The slice has the volume's content of this moment, and special files of its own."""
    (piece,), given = targets, asked.args.get("a", {})
    records = given.get("jrm", "on") == "on"
    content = image(asked.lab, asked.klass.name, piece.volume, asked.node, asked.now)
    begun = jrm.begun(asked.lab, asked.klass.name, piece.volume.name, asked.now)

    def change(s):
        return s._replace(
            status=TEMP, jrm=records, mode=given.get("mode", "rw"), owner=asked.node.name, data=content,
            tracking=begun if records else None,
        )  # fmt: skip

    return _with(asked, asked.lab, targets, change)


def attach(asked, targets):
    """The volume is copied onto the slice: what has changed since, or everything when that is not known."""
    (piece,), klass = targets, asked.klass.name
    blocks = jrm.recorded(asked.lab, klass, piece.volume.name, piece.slice.tracking, asked.now)
    usable = all(d.status == ENABLE for d in disks_under(asked.klass, piece.slice.member))

    def change(s):
        status = INVALID if usable else NOUSE
        return s._replace(status=status, jrm=True, mode="rw", owner=None, data=None, tracking=None)

    lab = _with(asked, asked.lab, targets, change)
    if not usable:
        return lab
    wait = delay(asked.node, asked.options)
    return copying.resynchronize(lab, klass, piece.volume.name, [piece.slice.member], asked.now, wait, blocks)


def stop(asked, targets):
    return _with(asked, asked.lab, targets, lambda s: s._replace(status=TEMP_STOP))


def start(asked, targets):
    return _with(asked, asked.lab, targets, lambda s: s._replace(status=TEMP))


def take(asked, targets):
    """This node may use them from now on; what another recorded in its memory is lost (inferred)."""

    def change(s):
        if s.owner == asked.node.name:
            return s
        return s._replace(status=TEMP, owner=asked.node.name, tracking=None)

    return _with(asked, asked.lab, targets, change)


def set_attributes(asked, targets):
    """jrm and mode of a detached slice; a record begins with jrm=on and knows nothing of before: none is kept."""
    given = asked.args["a"]

    def change(s):
        records = given.get("jrm", "on" if s.jrm else "off") == "on"
        return s._replace(mode=given.get("mode", s.mode), jrm=records, tracking=s.tracking if records else None)

    return _with(asked, asked.lab, targets, change)


# -- what is said, and what is waited for -------------------------------------------------------------------------


def says_changes(asked, before, after, targets):
    """started / stopped / taken over, for each slice that it happened to."""
    said, klass, node = [], asked.klass.name, asked.node.name
    for piece in targets:
        _, now = find_slice(after.classes[klass], piece.name)
        ran, runs = piece.slice.status == TEMP and piece.slice.owner == node, now.status == TEMP
        if asked.form == "slice.take" and now.owner != piece.slice.owner:
            said.append(note("slice.taken", slice=piece.name))
        elif runs and not ran:
            said.append(note("slice.started", slice=piece.name, node=node, **{"class": klass}))
        elif ran and not runs:
            said.append(note("slice.stopped", slice=piece.name, node=node))
    return said


def waits(asked, after, targets):
    (piece,) = targets
    wanted = [(piece.volume.name, (piece.slice.member,))]
    return {piece.name: wanted} if "waitsync" in asked.options else {}


def says_waiting(asked, before, after, targets):
    return [note("copy.waiting", object=name) for name in waits(asked, after, targets)]


# -- the table ----------------------------------------------------------------------------------------------------
# fmt: off


def _mine(form_id):
    """The slice is of no master and no proxy, detached, and this node's."""
    return (*related.guards_for(form_id).items(),
            (detached,             "seen: guide D.5"),
            (owned,                "seen: guide D.5"))


RULES = {rule.form: rule for rule in (
    Rule("slice.make", by_disk,
         guards=(*related.guards_for("slice.make").items(),
                 (of_a_mirror,       "seen: guide D.5"),
                 (physical,          "seen: guide D.5"),
                 (valid,             "ours: the condition is inferred"),
                 (nothing_copies,    "ours: the condition is inferred"),
                 (another_valid,     "seen: guide D.5, multiplicity of two or more")),
         effect=(detach,             "seen: guide D.5; recalled: 90 (TEMP)"),
         says=says_changes),
    Rule("slice.remove", by_disk,
         guards=(*_mine("slice.remove"),
                 (not_in_use,        "seen: guide D.5"),
                 (volume_valid,      "ours: the condition is inferred"),
                 (nothing_copies,    "ours: one copy onto a volume at a time")),
         effect=(attach,             "seen: guide D.5, A.2.24 (JRM)"),
         says=says_waiting, waits=waits),
    Rule("slice.stop", by_name,
         guards=(*_mine("slice.stop"),
                 (not_in_use,        "seen: guide D.5")),
         effect=(stop,               "seen: guide D.5; recalled: 85 (TEMP-STOP)"),
         says=says_changes),
    Rule("slice.start", by_name,
         guards=_mine("slice.start"),
         effect=(start,              "seen: guide D.5"),
         says=says_changes),
    Rule("slice.take", by_name,
         guards=(*related.guards_for("slice.take").items(),
                 (of_a_shared_class, "seen: guide D.5"),
                 (detached,          "seen: guide D.5"),
                 (not_in_use,        "ours: the condition is inferred")),
         effect=(take,               "seen: guide D.5; recalled: 70 (TEMP here)"),
         says=says_changes),
    Rule("attr.slice", by_name,
         guards=(*_mine("attr.slice"),
                 (stopped_for_mode,  "recalled: 60")),
         effect=(set_attributes,     "seen: guide 2.1.5 (the attributes)")),
)}
# fmt: on
