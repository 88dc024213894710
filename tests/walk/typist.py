"""Command lines that somebody might type at a lab: of any form, mostly sensible, now and then not.

What a synopsis asks for is read off the synopsis, as the grammar does; the names are the lab's own, and
mostly such as go together (`sense`).
"""

from tests.walk.sense import operands

from sdxsim.model.queries import sees
from sdxsim.model.status import KEEP, ROOT, SPARE, TEMP, TEMP_STOP
from sdxsim.words.attributes import ATTRIBUTES
from sdxsim.words.grammar import keywords, shape
from sdxsim.words.parameters import PARAMETERS
from sdxsim.words.syntax import ATTRIBUTES_OF, FORMS

SHAPES = {form.id: (form, shape(form.synopsis)) for form in FORMS}
SIZES = ("1", "32768", "40000", "100000", "1048576", "4000000", "20000000")
NAMES = tuple(f"N{n}" for n in range(1, 30))
TABLE = "table"  # the one file there is: what sdxconfig has put in it
SANE = 0.9  # how often what is named is what the form is for
SLIPS = 0.03  # how often a line is mistyped
VIEWS = ("info", "info.io", "param.get", "devinfo", "dcdown", "config.backup")  # typed less often: they change nothing


def any_form(rng):
    """The id of a form."""
    return rng.choices(list(SHAPES), [1 if form in VIEWS else 4 for form in SHAPES])[0]


class Typist:
    """Somebody with a lab in front of them."""

    def __init__(self, rng, lab, node, table=""):
        self.rng, self.lab, self.node, self.table = rng, lab, node, table
        self.klass = None
        self.lost = False  # there was nothing in the lab that the line would have been for

    def line(self, form_id):
        """A line of that form: [word, ...]."""
        form, plan = SHAPES[form_id]
        together = self._together(form_id)
        wanted = {letter for letter, (_, required) in plan.options.items() if required} | together.keys()
        for letter, (_, required) in plan.options.items():
            often = 0.1 if together and letter in "av" else 0.9 if letter == "i" else 0.5
            wanted |= {letter} if not required and self.rng.random() < often else set()
        for ways in plan.choices:
            known = [way for way in ways if way <= together.keys()]
            wanted -= frozenset().union(*ways)
            wanted |= self.rng.choice(known or ways)
        if form_id == "disk.make" and self.klass is None:
            wanted |= {"a"}  # a class of its own kind is made
        words = [form.synopsis.split()[0], *([plan.word] if plan.word else []), *(f"-{flag}" for flag in plan.flags)]
        if plan.cluster:
            words.append("-" + "".join(sorted(set(self.rng.choices(plan.cluster, k=self.rng.randint(1, 3))))))
        for letter, (printed, _) in plan.options.items():
            if letter in wanted:
                words += [f"-{letter}", together.get(letter) or self._value(form_id, letter, printed)]
        return self._mistyped(words) if self.rng.random() < SLIPS else words

    def _mistyped(self, words):
        """The line with a slip in one of its words."""
        at = self.rng.randrange(1, len(words)) if len(words) > 1 else 0
        word = words[at]
        slip = self.rng.choice((
            [], [word, word], [word, "-z"], [word[:-1]], [word + ","], ["n" * 33], ["0"], ["_" + word], ["colour=blue"],
            [word.replace("=", "=x")],
        ))  # fmt: skip
        return [*words[:at], *slip, *words[at + 1 :]] if at else words

    def _together(self, form_id):
        """Operands that go together, in a class that has such; {} when each may be any."""
        self.klass = self._class(form_id)
        if self.rng.random() > SANE:
            return {}
        found = operands(form_id, self)
        others = [k for k in self.lab.classes.values() if self.node in k.scope and k is not self.klass]
        for klass in self.rng.sample(others, len(others)) if found is None else ():
            if klass.shadow == form_id.startswith("shadow"):
                before, self.klass = self.klass, klass
                found = operands(form_id, self)
                if found is not None:
                    return found
                self.klass = before
        self.lost = self.lost or found is None
        return found or {}

    # -- what there is ----------------------------------------------------------------------------------------

    def _some(self, sensible, others=()):
        """One of the sensible ones, or of all, or a name that nothing has."""
        everything = [*sensible, *others]
        self.lost = self.lost or not sensible
        if sensible and self.rng.random() < SANE:
            return self.rng.choice(sensible)
        return self.rng.choice(everything) if everything else "Nosuch"

    def _class(self, form_id):
        shadow = form_id.startswith("shadow")
        here = [k for k in self.lab.classes.values() if self.node in k.scope]
        mine = [k for k in here if k.shadow == shadow]
        if form_id in ("disk.make", "shadowdisk.make") and (not mine or self.rng.random() < 0.4):
            return None
        if form_id.startswith("config") and form_id not in ("config.backup", "config.remove"):
            return self.lab.classes.get(self._tabled())
        fits = {
            "config": lambda k: k.type != ROOT and not k.relations,
            "fix.class": lambda k: k.closed,
            "root": lambda k: k.type == ROOT,
            "proxy": lambda k: len(k.volumes) > 1 or k.relations,
            "class.remove": lambda k: not k.groups and not k.volumes,
            "group": lambda k: k.type != ROOT,
        }
        fit = fits.get(form_id) or fits.get(form_id.partition(".")[0]) or (lambda k: True)
        good = [k for k in mine if fit(k)]
        self.lost = self.lost or not good
        return self.rng.choice(good or here) if here else None

    def _tabled(self):
        """The name of the class in the table."""
        return next((line.split()[1] for line in self.table.splitlines() if line.startswith("class ")), "Class5")

    def new_name(self):
        """A name that the class does not have."""
        klass = self.klass
        return self.rng.choice([n for n in NAMES if not klass or n not in {*klass.disks, *klass.groups, *klass.volumes}])

    def _volumes(self, form_id):
        """(those that the form is for, the others)."""
        if self.klass is None:
            return [], []
        volumes, known = list(self.klass.volumes), self.klass.volumes
        copying = {c.volume for c in self.lab.copies if c.klass == self.klass.name}
        fits = {
            "volume.start": lambda v: not v.started,
            "shadowvolume.start": lambda v: not v.started,
            "volume.stop": lambda v: v.started,
            "shadowvolume.stop": lambda v: v.started,
            "volume.remove": lambda v: not v.started,
            "shadowvolume.remove": lambda v: not v.started,
            "attr.volume": lambda v: not v.started,
            "fix.volume": lambda v: not v.valid or any(s.status == "INVALID" for s in v.slices),
            "copy.start": lambda v: any(s.status in ("INVALID", "COPY-STOP") for s in v.slices),
            "copy.cancel": lambda v: v.name in copying,
            "copy.interrupt": lambda v: v.name in copying,
            "copy.pace": lambda v: v.name in copying,
            "slice.make": lambda v: v.pslice and len(v.slices) > 1,
        }.get(form_id, lambda v: True)
        good = [name for name in volumes if fits(known[name])]
        return good, [name for name in volumes if name not in good]

    def _disks(self, form_id):
        if self.klass is None:
            return [], []
        disks = list(self.klass.disks.values())
        fits = {
            "disk.connect": lambda d: d.group is None and d.type != SPARE,
            "shadowdisk.connect": lambda d: d.group is None,
            "disk.disconnect": lambda d: d.group is not None,
            "shadowdisk.disconnect": lambda d: d.group is not None,
            "disk.remove": lambda d: d.group is None,
            "shadowdisk.remove": lambda d: d.group is None,
            "attr.disk": lambda d: d.group is None,
            "swap.out": lambda d: d.group is not None and d.status != "SWAP",
            "swap.in": lambda d: d.status == "SWAP",
            "fix.disk": lambda d: d.error,
            "slice.make": lambda d: d.group is not None,
            "root.make": lambda d: d.type == KEEP,
            "root.remove": lambda d: d.type == KEEP,
            "volume.make": lambda d: d.type == "single",
            "shadowvolume.make": lambda d: d.type == "single",
        }.get(form_id, lambda d: True)
        good = [d.name for d in disks if fits(d)]
        return good, [d.name for d in disks if d.name not in good]

    def _groups(self):
        return list(self.klass.groups) if self.klass else []

    def _slices(self, form_id):
        if self.klass is None:
            return [], []
        found = {f"{s.member}.{v.name}": s.status for v in self.klass.volumes.values() for s in v.slices}
        out = [name for name, status in found.items() if status in (TEMP, TEMP_STOP)]
        return out, list(found)

    def _devices(self):
        taken = {d.device for k in self.lab.classes.values() for d in k.disks.values() if not k.shadow}
        node = self.lab.nodes[self.node]
        free = [d.name for d in self.lab.devices.values() if d.name not in taken and sees(node, d)]
        data = [name for name in free if not name.startswith("c0")]
        return data or free, [d for d in self.lab.devices]

    def _list(self, pick, most=3):
        return ",".join(dict.fromkeys(pick() for _ in range(self.rng.randint(1, most))))

    # -- values -----------------------------------------------------------------------------------------------

    def _value(self, form_id, letter, printed):
        if printed.startswith("attribute="):
            return self._attributes(form_id)
        if letter == "e" or printed == "NoRdchk":
            return self._keywords(printed)
        return getattr(self, f"_of_{letter}")(form_id, printed)

    def _keywords(self, printed):
        known, exclusive, needed = keywords(printed)
        chosen = [word for word in known if word == needed or self.rng.random() < 0.4]
        for ways in exclusive:
            both = [word for word in chosen if word in ways]
            chosen = [word for word in chosen if word not in both[1:]]
        values = {"msec": ("0", "5", "1000", "1001"), "val": ("rw", "ro"), "node": (*self.lab.nodes, "nobody")}
        words = []
        for word in chosen or [self.rng.choice(list(known))]:
            kind = known[word]
            value = self.rng.choice(values.get((kind or "").partition(":")[0], ("x",)))
            words.append(word if kind is None else f"{word}={value}")
        return ",".join(words)

    def _attributes(self, form_id):
        table = ATTRIBUTES[ATTRIBUTES_OF[form_id]]
        names = self.rng.sample(list(table), k=1 if self.rng.random() < 0.7 else min(2, len(table)))
        if form_id == "disk.make":
            names = ["type", *(name for name in names if name != "type")]
        given = []
        for name in names:
            values = table[name][0]
            if isinstance(values, str):
                free = {
                    "width": ("32", "64", "33"), "scope": (":".join(self.lab.nodes), self.node),
                    "iotimeout": ("on", "on:77:on", "off"), "disk": (*self._disks(form_id)[0], *NAMES),
                    "group": NAMES, "volume": NAMES, "classname": ("Class7", "Class8"),
                }  # fmt: skip
                values = free[values]
            given.append(f"{name}={self.rng.choice(values)}")
        return ",".join(given)

    def _of_c(self, form_id, printed):
        other = self._tabled() if form_id.startswith("config") else self.rng.choice(("Class5", "Class6"))
        name = self.klass.name if self.klass else other
        return f"{name}={self.rng.choice(('Class7', 'Class8'))}" if "=" in printed else name

    def _of_d(self, form_id, printed):
        disk = lambda: self._some(*self._disks(form_id))  # noqa: E731
        if printed.startswith("device="):
            return self._list(lambda: self._registered(form_id))
        if printed.startswith("disk="):
            return f"{disk()}={self._some(*self._devices())}"
        if form_id.startswith("root"):
            return ",".join(self._disks(form_id)[0] or ["Nosuch"])
        return self._list(disk) if "," in printed else disk()

    def _registered(self, form_id):
        if form_id.startswith("shadow"):
            seen = self.lab.devices.values()
            labelled = [f"{d.name}={d.label.partition('/')[2]}" for d in seen if d.label]
            return self._some(labelled, [f"{d}=N1" for d in self.lab.devices])
        kind = self.rng.choice(("", "", "", ":undef", ":single", ":spare", ":keep"))
        return f"{self._some(*self._devices())}={self.rng.choice(NAMES)}{kind}"

    def _of_g(self, form_id, printed):
        return self._some(self._groups(), NAMES if form_id.endswith("connect") else ())

    def _of_h(self, form_id, printed):
        return self._some([*self._groups(), *NAMES[:3]])

    def _of_l(self, form_id, printed):
        return self._list(lambda: self._some(self._groups()), 2)

    def _of_m(self, form_id, printed):
        if form_id.startswith("proxy.root"):
            return ",".join(dict.fromkeys(r.master for r in self.klass.relations)) if self.klass else "Nosuch"
        related = {r.proxy for r in self.klass.relations} if self.klass else set()
        volumes = [name for name in self._volumes(form_id)[0] if name not in related]
        return self._some(self._groups() + volumes, related)

    def _of_p(self, form_id, printed):
        if printed.startswith("device="):
            registered = [d.device for d in self.klass.disks.values()] if self.klass else []
            return f"{self._some(registered)}={self._some(*self._devices())}"
        if printed.startswith("param"):
            name = self.rng.choice(list(PARAMETERS))
            return f"{name}={self.rng.choice((1, 5, 1000, 5000))}" if "=" in printed else name
        relations = self.klass.relations if self.klass else ()
        if form_id in ("proxy.join", "proxy.relate"):
            taken = {r.proxy for r in relations} | {r.master for r in relations}
            return self._some([n for n in self._groups() + self._volumes(form_id)[0] if n not in taken], taken)
        wanted = "joined" if form_id in ("proxy.part", "proxy.swap") else "parted"
        good = [r.proxy for r in relations if r.state == wanted or form_id in ("proxy.break", "proxy.cancel")]
        if form_id.startswith("proxy.root") and good:
            return ",".join(good)
        pick = lambda: self._some(good, [r.proxy for r in relations])  # noqa: E731
        return self._list(pick, 2) if "," in printed else pick()

    def _of_a(self, form_id, printed):  # of Join
        volume = self._some(*self._volumes(form_id))
        return f"{volume}={self.rng.choice(NAMES)}:{self.rng.choice(('on', 'off'))}"

    def _of_v(self, form_id, printed):
        if printed.startswith("num="):
            return self._kept()
        if form_id in ("volume.make", "shadowvolume.make"):
            return self._some(NAMES, self._volumes(form_id)[0])
        pick = lambda: self._some(*self._volumes(form_id))  # noqa: E731
        return self._list(pick, 6) if "," in printed else pick()

    def _kept(self):
        """What -v of sdxdisk -C names: the slices of a keep disk."""
        keep = [d for d in (self.klass.disks.values() if self.klass else ()) if d.type == KEEP and d.group is None]
        return self.kept(keep[0]) if keep else "0=N1:on"

    def kept(self, disk):
        """The slices of that keep disk as volumes."""
        slices = self.lab.devices[disk.device].slices
        numbers = [n for n, piece in slices.items() if piece.tag not in ("backup", "private")]
        return ",".join(f"{n}={disk.name}v{n}:on" for n in numbers) or "0=N1:on"

    def _of_s(self, form_id, printed):
        if printed == "size":
            return self.rng.choice(SIZES)
        pick = lambda: self._some(*self._slices(form_id))  # noqa: E731
        return self._list(pick, 2) if "," in printed else pick()

    def _of_o(self, form_id, printed):
        if printed == "outfile":
            return TABLE
        return self._some([*self._groups(), *self._volumes(form_id)[0], *self._disks(form_id)[0]])

    def _of_i(self, form_id, printed):
        return TABLE
