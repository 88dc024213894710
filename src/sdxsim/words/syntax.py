"""Every form of every command: its SYNOPSIS as the guide prints it IS the parser's input.

A row: id, synopsis (with the guide's own line breaks), what it does, traits. `grammar` reads the
synopsis to match what was typed and to print usage; man pages and completion come from it too.
Order here is the order in the guide's appendix D. Evidence of the synopses: commands.md, one mark
a command in EVIDENCE below.
"""

from ..model.record import Record

READS, WRITES = "reads", "writes"


class Form(Record, fields="id synopsis summary trait"):
    """One form of a command. `trait`: READS or WRITES."""

    __slots__ = ()


# fmt: off
FORMS = tuple(Form(*row) for row in (
    ("class.remove", "sdxclass -R -c class", "Remove a class.", WRITES),

    ("disk.connect", """sdxdisk -C -c class -g group -d disk,...
          [-v num=volume:jrm[,num=volume:jrm,...]]
          [-a attribute=value[,attribute=value]] [-e delay=msec]""", "Connect disks to a group.", WRITES),
    ("disk.disconnect", "sdxdisk -D -c class -g group -d disk", "Disconnect a disk from a group.", WRITES),
    ("disk.make", """sdxdisk -M -c class [-a attribute=value[,attribute=value,...]]
          -d device=disk[:type][,device=disk [:type],... ] [-e chkps]""", "Register disks.", WRITES),
    ("disk.remove", "sdxdisk -R -c class -d disk", "Remove a disk from its class.", WRITES),

    ("group.connect", """sdxgroup -C -c class -h hgroup -l lgroup,...
          [-a attribute=value[,attribute=value]] [-e delay=msec]""", "Connect groups to a group.", WRITES),
    ("group.disconnect", "sdxgroup -D -c class -h hgroup -l lgroup", "Disconnect a group from a group.", WRITES),
    ("group.remove", "sdxgroup -R -c class -g group", "Remove a group.", WRITES),

    ("volume.stop", """sdxvolume -F -c class [-v volume,...]
            [-e {allnodes|node=node[:node:...]}]""", "Stop volumes.", WRITES),
    ("volume.make", """sdxvolume -M -c class {-g group|-d disk} -v volume -s size
            [-a attribute=value[,attribute=value]] [-e delay=msec]""", "Make a volume.", WRITES),
    ("volume.start", """sdxvolume -N -c class [-v volume,...]
            [-e [allnodes|node=node[:node:...]],
            delay=msec,mode=val,nosync,unlock]""", "Start volumes.", WRITES),
    ("volume.remove", "sdxvolume -R -c class -v volume", "Remove a volume.", WRITES),
    ("volume.resize", "sdxvolume -S -c class -v volume -s size", "Make a volume larger.", WRITES),

    ("slice.stop", "sdxslice -F -c class -s slice,...", "Stop detached slices.", WRITES),
    ("slice.make", "sdxslice -M -c class -d disk -v volume [-a attribute=value[,attribute=value]]",
     "Detach a slice of a mirror volume.", WRITES),
    ("slice.start", "sdxslice -N -c class -s slice,...", "Start detached slices.", WRITES),
    ("slice.remove", "sdxslice -R -c class {-d disk -v volume|-s slice} [-e delay=msec,waitsync]",
     "Attach a detached slice again.", WRITES),
    ("slice.take", "sdxslice -T -c class -s slice,...", "Take detached slices over from another node.", WRITES),

    ("info", "sdxinfo [-ACDGSV] [-c class] [-o object] [-e label,long]", "Show objects.", READS),
    ("info.io", "sdxinfo -I [-c class]", "Show I/O response time settings.", READS),

    ("attr.class", "sdxattr -C -c class -a attribute=value[,attribute=value,...]",
     "Change attributes of a class.", WRITES),
    ("attr.disk", "sdxattr -D -c class -d disk -a attribute=value[,attribute=value]",
     "Change attributes of a disk.", WRITES),
    ("attr.group", "sdxattr -G -c class -g group -a attribute=value[,attribute=value]",
     "Change attributes of a group.", WRITES),
    ("attr.slice", "sdxattr -S -c class -s slice -a attribute=value[,attribute=value]",
     "Change attributes of a detached slice.", WRITES),
    ("attr.volume", "sdxattr -V -c class -v volume -a attribute=value[,attribute=value,...]",
     "Change attributes of a volume.", WRITES),

    ("swap.in", "sdxswap -I -c class -d disk [-e delay=msec,nowaitsync]", "Put a swapped disk in.", WRITES),
    ("swap.out", "sdxswap -O -c class -d disk", "Make a disk exchangeable.", WRITES),

    ("fix.class", "sdxfix -C -c class", "Open a closed class again.", WRITES),
    ("fix.disk", "sdxfix -D -c class -d disk [-e online] [-x NoRdchk]", "Clear a disk's I/O error.", WRITES),
    ("fix.volume", "sdxfix -V -c class {-g group|-d disk} -v volume", "Make a slice of an INVALID volume valid.",
     WRITES),

    ("copy.start", "sdxcopy -B -c class -v volume,...[-e delay=msec,nowaitsync]", "Copy onto INVALID slices.", WRITES),
    ("copy.cancel", "sdxcopy -C -c class -v volume,...", "Cancel copying.", WRITES),
    ("copy.interrupt", "sdxcopy -I -c class -v volume,...", "Interrupt copying.", WRITES),
    ("copy.pace", "sdxcopy -P -c class -v volume,... -e delay=msec", "Change the pace of copying.", WRITES),

    ("root.make", "sdxroot -M -c class -d disk[,disk,...]", "Complete system disk mirroring.", WRITES),
    ("root.remove", "sdxroot -R -c class -d disk[,disk,...]", "Complete system disk unmirroring.", WRITES),

    ("param.get", "sdxparam -G [-p param,...]", "Show parameters.", READS),
    ("param.set", "sdxparam -S -p param=val[,param=val,...] [-e default]", "Set parameters.", WRITES),

    ("config.backup", "sdxconfig Backup -c class[-o outfile] [-e update]", "Save a class's configuration.", WRITES),
    ("config.remove_disks", """sdxconfig Convert -e remove[,update] -c class -d disk,...
          [-i infile] [-o outfile]""", "Take disks out of a saved configuration.", WRITES),
    ("config.remove_groups", """sdxconfig Convert -e remove[,update] -c class -g group,...
          [-i infile] [-o outfile]""", "Take groups out of a saved configuration.", WRITES),
    ("config.rename", """sdxconfig Convert -e rename[,update] -c class=classname
          [-i infile] [-o outfile]""", "Rename the class in a saved configuration.", WRITES),
    ("config.replace_disks", """sdxconfig Convert -e replace[,update] -c class -d disk=device[,disk=device,...]
          [-i infile] [-o outfile]""", "Change devices of disks in a saved configuration.", WRITES),
    ("config.replace_devices", """sdxconfig Convert -e replace[,update] -c class
          -p device=newdevice[,device=newdevice,...]
          [-i infile] [-o outfile]""", "Change device names in a saved configuration.", WRITES),
    ("config.remove", "sdxconfig Remove -c class[-e keepid]", "Remove a class with all its objects.", WRITES),
    ("config.restore", "sdxconfig Restore -c class -i infile [-e chkps,skipsync]", "Restore a configuration.", WRITES),

    ("proxy.break", "sdxproxy Break -c class -p proxy [-e force,restore]", "End a master's relation to a proxy.",
     WRITES),
    ("proxy.cancel", "sdxproxy Cancel -c class -p proxy", "End a copy session of a parted proxy.", WRITES),
    ("proxy.join", """sdxproxy Join -c class -m master -p proxy
         [-a mvol=pvol:jrm[:pslice][,mvol=pvol:jrm [:pslice],...]]
         [-e delay=msec,softcopy,syncmode,waitsync]""", "Relate a proxy to a master and copy.", WRITES),
    ("proxy.part", """sdxproxy Part -c class -p proxy,... [-a attribute=value]
         [-e instant,mode=val,unlock]""", "Part joined proxies from their masters.", WRITES),
    ("proxy.rejoin", """sdxproxy Rejoin -c class -p proxy,...
         [-e delay=msec,softcopy,waitsync]""", "Join parted proxies again and copy.", WRITES),
    ("proxy.rejoinrestore", """sdxproxy RejoinRestore -c class -p proxy,...
         [-e delay=msec,instant,nowaitsync,softcopy]""", "Join parted proxies again and copy back to the masters.",
     WRITES),
    ("proxy.relate", "sdxproxy Relate -c class -m master -p proxy", "Relate a proxy to a master without copying.",
     WRITES),
    ("proxy.restore", "sdxproxy Restore -c class -p proxy,... [-e instant,nowaitsync]",
     "Copy parted proxies back to their masters by the disk unit.", WRITES),
    ("proxy.root_m", "sdxproxy Root -c class -m master,... [-e boot]",
     "Make an alternative boot environment of masters.", WRITES),
    ("proxy.root_p", "sdxproxy Root -c class -p proxy,... [-e boot]",
     "Make an alternative boot environment of proxies.", WRITES),
    ("proxy.root_mp", "sdxproxy Root -c class -m master,... -p proxy,... [-e boot]",
     "Make an alternative boot environment of masters and proxies.", WRITES),
    ("proxy.swap", "sdxproxy Swap -c class -p proxy", "Exchange the slices of a master and its joined proxy.", WRITES),
    ("proxy.update", "sdxproxy Update -c class -p proxy,... [-e instant,nowaitsync]",
     "Copy masters onto parted proxies by the disk unit.", WRITES),

    ("shadowdisk.connect", "sdxshadowdisk -C -c class -g group -d disk,... [-a attribute=value[,attribute=value]]",
     "Connect shadow disks to a group.", WRITES),
    ("shadowdisk.disconnect", "sdxshadowdisk -D -c class -g group -d disk",
     "Disconnect a shadow disk from a group.", WRITES),
    ("shadowdisk.make", "sdxshadowdisk -M -c class -d device=disk[:type][,device=disk[:type],...]",
     "Register shadow disks.", WRITES),
    ("shadowdisk.remove", "sdxshadowdisk -R -c class -d disk", "Remove a shadow disk.", WRITES),
    ("shadowgroup.connect", "sdxshadowgroup -C -c class -h hgroup -l lgroup,... [-a attribute=value[,attribute=value]]",
     "Connect shadow groups to a group.", WRITES),
    ("shadowgroup.disconnect", "sdxshadowgroup -D -c class -h hgroup -l lgroup",
     "Disconnect a shadow group from a group.", WRITES),
    ("shadowgroup.remove", "sdxshadowgroup -R -c class -g group", "Remove a shadow group.", WRITES),
    ("shadowvolume.stop", "sdxshadowvolume -F -c class [-v volume,...]", "Stop shadow volumes.", WRITES),
    ("shadowvolume.make", "sdxshadowvolume -M -c class {-g group | -d disk} -v volume -s size",
     "Make a shadow volume.", WRITES),
    ("shadowvolume.start", "sdxshadowvolume -N -c class [-v volume,...] [-e mode=val]",
     "Start shadow volumes.", WRITES),
    ("shadowvolume.remove", "sdxshadowvolume -R -c class -v volume", "Remove a shadow volume.", WRITES),

    ("devinfo", "sdxdevinfo [-c class] [-d disk,...]", "Show physical devices.", READS),
    ("dcdown", "sdxdcdown [-c class]", "Show which classes are closed down.", READS),
))

# which row of words.attributes a form's -a takes
ATTRIBUTES_OF = {
    "disk.make": "new class", "disk.connect": "new group", "group.connect": "new higher group",
    "shadowdisk.connect": "new group", "shadowgroup.connect": "new higher group",
    "attr.class": "class", "attr.disk": "disk", "attr.group": "group", "attr.volume": "volume",
    "volume.make": "new volume", "slice.make": "slice", "attr.slice": "slice", "proxy.part": "part",
}

# where the synopses of a command were seen
EVIDENCE = {
    "sdxclass": "recalled: 85 (D.1 is not stored)",
    "sdxdisk": "seen: guide D.2",
    "sdxgroup": "seen: guide D.3",
    "sdxvolume": "seen: guide D.4",
    "sdxslice": "seen: guide D.5",
    "sdxinfo": "seen: guide D.6",
    "sdxattr": "seen: guide D.7",
    "sdxswap": "seen: guide D.8",
    "sdxfix": "seen: guide D.9",
    "sdxcopy": "seen: guide D.10",
    "sdxroot": "seen: guide D.11",
    "sdxparam": "recalled: 70 (D.12 is not stored)",
    "sdxconfig": "seen: guide D.13",
    "sdxproxy": "seen: guide D.14",
    "sdxshadowdisk": "recalled: 85 that it exists; ours: its forms, after sdxdisk",
    "sdxshadowgroup": "recalled: 85 that it exists; ours: its forms, after sdxgroup",
    "sdxshadowvolume": "seen: guide D.17",
    "sdxdevinfo": "ours: no page is stored, kept as a lab extra",
    "sdxdcdown": "seen: guide F.1.4 (its table); ours: that it takes -c",
}
# fmt: on

COMMANDS = tuple(EVIDENCE)


def forms_of(command):
    """The forms of one command, in the guide's order."""
    head = command + " "
    return [form for form in FORMS if form.synopsis.startswith(head)]
