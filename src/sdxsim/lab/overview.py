"""What stands how in a lab, as text and as JSON: `sdxsim status`. The only importer of tabulate.

The JSON's shape, which scripts may rely on (more keys may come, none goes or changes its meaning):

    scenario            what the lab was made from
    node                {name, power: multi-user | single-user | obp, boot_path: OpenBoot path or ""}: the one
                        asked for, else the lab's first
    nodes               {name: power} of all
    cut_off             [names of nodes]: those that cannot communicate with the others
    boot_environment    {"/": special, "/usr": ..., "/var": ..., "swap": ...}: what the running system
                        stands on; empty while the node is halted
    clock               {now: virtual time in ISO 8601, mode: frozen | running, speed}
    classes             [{name, type, nodes, closed: {node: reason}, groups, disks, detached, relations}], of which
      groups            [{name, type, members, volumes: [{name, blocks, status, mode, slices: {member: status}}]}]
      disks             [{name, type, volumes: as those of groups}]: disks that hold volumes without a group
      detached          [{name, status, mode, owner}]: slices that a node has detached
      relations         [{master, proxy, kind: group | volume, state: joined | parted, pairs}], of which
        pairs           [{master, proxy, recorded, changed}]: `recorded` says that JRM keeps a record;
                        `changed` is how many blocks a Rejoin now would copy, null while joined
    copies              [{class, volume, source, blocks, copied, percent, engine: soft | OPC | EC,
                        purpose, background, paused, interrupted, begins: ISO 8601 or null unless it waits for
                        others, ends: ISO 8601 or null while it stands still}]
    mounts              [{special, point, type, options}], swap devices with point "-"
    broken              [{device, disk: CLASS/DISK or "", trouble}]: drives that do not work
    faults              [{at: ISO 8601, fault}]: those still to come
    workload            light, busy or stopped; null: as the scenario says

Blocks are of 512 bytes.
"""

import json

from ..commands.info import status_on
from ..model.queries import copied, device_parts, ends, halted, the_node, volumes_of_group
from ..model.status import OBP, PARTED
from ..rules import jrm
from . import mishap
from .clockwork import iso, line, shown_time
from .complaint import Misuse, shown

try:
    from tabulate import tabulate
except ImportError:  # the launchers start Python with -S: no site-packages until asked for
    import site

    site.main()
    from tabulate import tabulate

ENVIRONMENT = ("/", "/usr", "/var")  # what a system cannot run without, beside swap


def overview(lab, now, node=None):
    """The lab, settled at virtual time `now`, as plain values in the shape above, seen from a node. Raises Misuse."""
    node = known_node(lab, node)
    return {
        "scenario": lab.scenario,
        "node": {"name": node.name, "power": node.power, "boot_path": node.boot_path},
        "nodes": {other.name: other.power for other in lab.nodes.values()},
        "cut_off": [other.name for other in lab.nodes.values() if other.cut],
        "boot_environment": {} if halted(node) else _environment(node),
        "clock": {"now": iso(now), "mode": lab.clock.mode, "speed": lab.clock.speed},
        "classes": [_class(lab, klass, node, now) for klass in lab.classes.values()],
        "copies": [_copy(copy, now) for copy in lab.copies],
        "mounts": [
            {"special": m.special, "point": m.point, "type": m.type, "options": m.options} for m in node.mounts
        ],
        "broken": [{"device": name, "disk": disk, "trouble": what} for name, disk, what in mishap.broken(lab)],
        "faults": [{"at": iso(at), "fault": words} for at, words in mishap.pending(lab)],
        "workload": lab.workload and lab.workload.level,
    }


def known_node(lab, name):
    """The Node of that name, the lab's first for None or "". Raises Misuse."""
    if name and name not in lab.nodes:
        raise Misuse(f"no node '{shown(name)}' in this lab", hint=f"it has {', '.join(lab.nodes)}")
    return the_node(lab, name)


def _environment(node):
    found = {m.point: m.special for m in node.mounts if m.point in ENVIRONMENT}
    return found | {m.type: m.special for m in node.mounts if m.type == "swap"}


def _class(lab, klass, node, now):
    if node.name not in klass.scope:  # volumes run where the class is
        node = lab.nodes[klass.scope[0]]
    return {
        "name": klass.name,
        "type": klass.type,
        "nodes": list(klass.scope),
        "closed": klass.closed,
        "groups": [
            {
                "name": group.name,
                "type": group.type,
                "members": list(group.members),
                "volumes": [_volume(v, node) for v in volumes_of_group(klass, group.name)],
            }
            for group in klass.groups.values()
        ],
        "disks": [
            {"name": disk.name, "type": disk.type, "volumes": [_volume(v, node) for v in held]}
            for disk in klass.disks.values()
            if (held := [v for v in klass.volumes.values() if not v.group and v.slices[0].member == disk.name])
        ],
        "detached": [
            {"name": f"{s.member}.{v.name}", "status": s.status, "mode": s.mode, "owner": s.owner}
            for v in klass.volumes.values()
            for s in v.slices
            if s.owner
        ],
        "relations": [
            {
                "master": relation.master,
                "proxy": relation.proxy,
                "kind": relation.kind,
                "state": relation.state,
                "pairs": [_pair(lab, klass, relation, pair, now) for pair in relation.pairs],
            }
            for relation in klass.relations
        ],
    }


def _volume(volume, node):
    return {
        "name": volume.name,
        "blocks": volume.blocks,
        "status": status_on(volume, node.name),
        "mode": volume.mode,
        "slices": {s.member: s.status for s in volume.slices},
    }


def _pair(lab, klass, relation, pair, now):
    parted = relation.state == PARTED
    return {
        "master": pair.master,
        "proxy": pair.proxy,
        "recorded": pair.tracking is not None,
        "changed": jrm.changed(lab, klass.name, pair, now) if parted else None,
    }


def _copy(copy, now):
    done = copied(copy, now)
    return {
        "class": copy.klass,
        "volume": copy.volume,
        "source": copy.source,
        "blocks": copy.blocks,
        "copied": done,
        "percent": 100 * done // copy.blocks if copy.blocks else 100,
        "engine": copy.engine,
        "purpose": copy.purpose,
        "background": copy.background,
        "paused": copy.paused,
        "interrupted": copy.interrupted,
        "begins": iso(copy.since) if copy.since > now else None,
        "ends": None if ends(copy) is None else iso(ends(copy)),
    }


def as_json(lab, now, node=None):
    """The overview as JSON, newline included."""
    return json.dumps(overview(lab, now, node), indent=2) + "\n"


# -- for people ------------------------------------------------------------------------------------------------------


def _power(power):
    return "at the ok prompt" if power == OBP else power


def as_text(lab, now, node=None):
    """The same for people: what there is to say, one table a subject; a subject without rows is left out."""
    about = overview(lab, now, node)
    node = about["node"]
    booted = f", booted from {node['boot_path']}" if node["boot_path"] else ""
    runs_on = ", ".join(f"{point} is {_called(special)}" for point, special in about["boot_environment"].items())
    away = {name: ", cut off from the others" for name in about["cut_off"]}
    others = (item for item in about["nodes"].items() if item[0] != node["name"])
    others = "".join(f"          {name}, {_power(power)}{away.get(name, '')}\n" for name, power in others)
    parts = [
        f"scenario  {shown(about['scenario'])}\n"
        f"node      {node['name']}, {_power(node['power'])}{booted}{away.get(node['name'], '')}\n"
        f"{others}"
        f"runs on   {runs_on or 'nothing'}\n"
        f"clock     {line(lab.clock, now)}"
    ]
    for klass in about["classes"]:
        down = "".join(f", closed down on {name} ({why})" for name, why in klass["closed"].items())
        parts.append(f"class {klass['name']} ({klass['type']}) of {', '.join(klass['nodes'])}{down}\n")
        headings = ("GROUP", "TYPE", "MEMBERS", "VOLUME", "STATUS", "MODE", "SLICES")
        parts.append(table(headings, _group_rows(klass["groups"])))
        singles = [{**disk, "members": [disk["name"]]} for disk in klass["disks"]]
        headings = ("DISK", "TYPE", "VOLUME", "STATUS", "MODE", "SLICES")
        parts.append(table(headings, [(row[0], row[1], *row[3:]) for row in _group_rows(singles)]))
        slices = [(s["name"], s["status"], s["mode"], s["owner"]) for s in klass["detached"]]
        parts.append(table(("DETACHED SLICE", "STATUS", "MODE", "NODE"), slices))
        headings = ("MASTER", "PROXY", "STATE", "MASTER VOLUME", "PROXY VOLUME", "JRM", "BLOCKS TO COPY")
        parts.append(table(headings, _pair_rows(klass)))
    headings = ("COPIES ONTO", "FROM", "BLOCKS", "COPIED", "%", "BY", "ENDS")
    parts.append(table(headings, [_copy_row(c, e) for c, e in zip(lab.copies, about["copies"], strict=True)]))
    mounts = [(m["point"], m["special"], m["type"], m["options"]) for m in about["mounts"]]
    parts.append(table(("MOUNTED ON", "SPECIAL", "TYPE", "OPTIONS"), mounts))
    parts.append(table(("BROKEN", "DISK", "TROUBLE"), mishap.broken(lab)))
    parts.append(table(("COMING", "FAULT"), [(shown_time(at), words) for at, words in mishap.pending(lab)]))
    return "\n".join(part for part in parts if part)


def _called(special):
    parts = device_parts(special)
    return f"{parts[0]}/{parts[2]}" if parts else special


def table(headings, rows):
    """A table for people, numbers to the right; "" without rows."""
    numbers = ("BLOCKS", "COPIED", "%", "BLOCKS TO COPY", "NUMBER", "OPERATION", "BYTES")
    align = ["right" if heading in numbers else "left" for heading in headings]
    if not rows:
        return ""
    return tabulate(rows, headings, tablefmt="simple", colalign=align, disable_numparse=True) + "\n"


def _group_rows(groups):
    rows = []
    for group in groups:
        first = (group["name"], group["type"], " ".join(group["members"]))
        for volume in group["volumes"] or [None]:
            if volume is None:
                rows.append((*first, "-", "", "", ""))
                continue
            statuses = volume["slices"].values()
            rows.append((*first, volume["name"], volume["status"], volume["mode"], " ".join(statuses)))
            first = ("", "", "")
    return rows


def _pair_rows(klass):
    rows = []
    for relation in klass["relations"]:
        first = (relation["master"], relation["proxy"], relation["state"])
        for pair in relation["pairs"]:
            parted = pair["changed"] is not None
            record = ("recorded" if pair["recorded"] else "no record") if parted else "-"
            rows.append((*first, pair["master"], pair["proxy"], record, str(pair["changed"]) if parted else "-"))
            first = ("", "", "")
    return rows


def _copy_row(copy, about):
    end = "interrupted" if copy.interrupted else "paused" if copy.paused else shown_time(ends(copy))
    where = f"{about['class']}/{about['volume']}"
    numbers = (str(about["blocks"]), str(about["copied"]), str(about["percent"]))
    return (where, about["source"], *numbers, about["engine"], end)
