"""What the Solaris stand-ins print: id -> (text, evidence). Literals only.

Texts are whole: a newline stands where the program prints one, and blanks at the end of a line are
the program's. Evidence: `seen: source` is the OpenSolaris source drop of October 2006, the code line
of Solaris 10 6/06 and later; `seen: PAGE` another page; `recalled` from experience, with how sure;
`ours` coined or composed here. All of it is marked in the notes this file was made from, sections 1-4.
"""

from ..model.names import visible

_SOURCE = "seen: source"

_INODE = "I={inode}  OWNER={owner} MODE={mode:o}\nSIZE={size} MTIME={mtime} "

# fmt: off
TEXTS = {
    # -- options, as getopt(3C) complains ----------------------------------------------------------------
    "getopt.illegal":     ("{command}: illegal option -- {letter}\n", "recalled: high"),
    "getopt.argument":    ("{command}: option requires an argument -- {letter}\n", "recalled: high"),

    # -- fsck: the wrapper -------------------------------------------------------------------------------
    "fsck.usage":         ("Usage:\n"
                           "fsck [-F FSType] [-V] [-m] [special ...]\n"
                           "fsck [-F FSType] [-V] [-y|Y|n|N] [-o specific_options] [special ...]\n", _SOURCE),
    "fsck.usage_ufs":     ("ufs usage: fsck [-F ufs] [-m] [-n] [-V] [-v] [-y] [-o p,b=#,w,f] [special ....]\n",
                           _SOURCE),
    "fsck.no_vfstab":     ("fsck: cannot open vfstab\n", _SOURCE),
    "fsck.types":         ("fsck: more than one fstype specified\n", _SOURCE),
    "fsck.type_long":     ("fsck: Fstype {type} exceeds 8 characters\n", _SOURCE),
    "fsck.type_unknown":  ("fsck: operation not applicable to FSType {type}\n", _SOURCE),
    "fsck.not_writeable": ("not writeable '{device}'\n", _SOURCE),
    "fsck.alternate":     ("Alternate super block location: {sector}.\n", _SOURCE),

    # -- fsck: what was named ----------------------------------------------------------------------------
    "fsck.no_stat":       ("fsck: could not stat {device}: No such file or directory\n", _SOURCE),
    "fsck.no_mountpoint": ("fsck: could not find mountpoint {device} in mnttab nor vfstab\n", _SOURCE),
    "fsck.no_open":       ("Can't open {device}: {error}\n",
                           "seen: source; that a stopped volume gives ENXIO is inferred"),
    "fsck.mounted_rw":    ("{device} IS CURRENTLY MOUNTED READ/WRITE.", _SOURCE),
    "fsck.mounted_ro":    ("{device} IS CURRENTLY MOUNTED READ/ONLY.", _SOURCE),
    "fsck.mounted_preen": ("{device} IS CURRENTLY MOUNTED.", _SOURCE),

    # -- fsck: lines in order ----------------------------------------------------------------------------
    "fsck.terminated":    ("Program terminated\n", _SOURCE),
    "fsck.device":        ("** {device}\n", _SOURCE),
    "fsck.device_nw":     ("** {device} (NO WRITE)\n", _SOURCE),
    "fsck.last_mounted":  ("** Last Mounted on {point}\n", _SOURCE),
    "fsck.now_mounted":   ("** Currently Mounted on {point}\n", _SOURCE),
    "fsck.phase1":        ("** Phase 1 - Check Blocks and Sizes\n", _SOURCE),
    "fsck.phase2":        ("** Phase 2 - Check Pathnames\n", _SOURCE),
    "fsck.phase3a":       ("** Phase 3a - Check Connectivity\n", _SOURCE),
    "fsck.phase3b":       ("** Phase 3b - Verify Shadows/ACLs\n", _SOURCE),
    "fsck.phase4":        ("** Phase 4 - Check Reference Counts\n", _SOURCE),
    "fsck.phase5":        ("** Phase 5 - Check Cylinder Groups\n", _SOURCE),
    "fsck.inconsistent":  ("FILESYSTEM MAY STILL BE INCONSISTENT.\n", _SOURCE),
    "fsck.log_discarded": ("Log was discarded, updating cyl groups\n", _SOURCE),
    "fsck.numbers":       ("{inodes} files, {used} used, {free} free ({frags} frags, {blocks} blocks,"
                           " {fragmentation:.1f}% fragmentation)\n", _SOURCE),
    "fsck.summary":       ("\n"
                           "Filesystem summary:\n"
                           "Inodes in use: {inodes}\n"
                           "Blocks in use: {used}\n"
                           "Total free fragments: {free}\n"
                           "Free fragments not in blocks: {frags}\n"
                           "Total free blocks: {blocks}\n"
                           "Fragment/block fragmentation: {fragmentation:.1f}%\n", _SOURCE),
    "fsck.modified":      ("\n***** FILE SYSTEM WAS MODIFIED *****\n", _SOURCE),
    "fsck.reattached":    ("ORPHANED DIRECTORIES REATTACHED; DIR LINK COUNTS MAY NOT BE CORRECT.\n", _SOURCE),
    "fsck.bad":           ("***** FILE SYSTEM IS BAD *****\n", _SOURCE),
    "fsck.rerun":         ("\n***** PLEASE RERUN FSCK *****\n", _SOURCE),
    "fsck.reboot":        ("\n***** REBOOT NOW *****\n", _SOURCE),

    # -- fsck: preening ----------------------------------------------------------------------------------
    "fsck.manually":      ("{device}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n", _SOURCE),
    "fsck.no_access":     ("(NO WRITE ACCESS)\n", _SOURCE),
    "fsck.is":            ("{device}: is {state}.\n", _SOURCE),
    "fsck.corrected":     (" (CORRECTED)\n", _SOURCE),
    "fsck.reconnected":   (" (RECONNECTED)\n", _SOURCE),
    "fsck.cleared":       (" (CLEARED)\n\n", _SOURCE),
    "fsck.adjusted":      (" (ADJUSTED)\n", _SOURCE),
    "fsck.again":         ("(CORRECTED)\n", _SOURCE),
    "fsck.correcting":    ("CORRECTING BAD CG SUMMARIES\n", _SOURCE),

    # -- fsck -m -----------------------------------------------------------------------------------------
    "fsck.sane":          ("ufs fsck: sanity check: {device} okay\n", _SOURCE),
    "fsck.unsure":        ("ufs fsck: sanity check: {device} needs checking\n", _SOURCE),
    "fsck.busy":          ("ufs fsck: sanity check: {device} already mounted\n", _SOURCE),
    "fsck.busy_core":     ("ufs fsck: sanity check:{device} already mounted read/write\n", _SOURCE),
    "fsck.no_device":     ("ufs fsck: sanity check failed: {device} not block or character device\n", _SOURCE),

    # -- fsck: what is no UFS ----------------------------------------------------------------------------
    "fsck.superblock":    ("BAD SUPERBLOCK AT BLOCK {sector}: MAGIC NUMBER WRONG\n", _SOURCE),
    "fsck.not_found":     ("SEARCH FOR ALTERNATE SUPERBLOCKS FAILED.\n", _SOURCE),
    "fsck.must_use":      ("SEARCH FOR ALTERNATE SUPERBLOCKS FAILED. YOU MUST USE THE -o b OPTION\n"
                           "TO FSCK TO SPECIFY THE LOCATION OF A VALID ALTERNATE SUPERBLOCK TO\n"
                           "SUPPLY NEEDED INFORMATION; SEE fsck(1M).\n", _SOURCE),
    "fsck.calculated":    ("CALCULATED GENERIC SUPERBLOCK WITH MKFS\n"
                           "If filesystem was created with manually-specified geometry, using\n"
                           "auto-discovered superblock may result in irrecoverable damage to\n"
                           "filesystem and user data.\n", _SOURCE),
    "fsck.verify":        ("Please verify that the indicated block contains a proper\n"
                           "superblock for the filesystem (see fsdb(1M)).\n", _SOURCE),
    "fsck.yes_mode":      ("\n"
                           "FSCK was running in YES mode.  If you wish to run in that mode using\n"
                           "the alternate superblock, run `fsck -y -o b={sector} {device}'.\n", _SOURCE),
    "fsck.superblock_p":  ("{device}: BAD SUPERBLOCK AT BLOCK {sector}: MAGIC NUMBER WRONG\n"
                           "{device}: USE AN ALTERNATE SUPERBLOCK TO SUPPLY NEEDED INFORMATION;\n"
                           "{device}: e.g. fsck [-F ufs] -o b=# [special ...] \n"
                           "{device}: where # is the alternate super block. SEE fsck_ufs(1M). \n"
                           "\n"
                           "{device}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n", _SOURCE),

    # -- fsck: questions ---------------------------------------------------------------------------------
    "ask.mkfs":           ("LOOK FOR ALTERNATE SUPERBLOCKS WITH MKFS", _SOURCE),
    "ask.newfs":          ("LOOK FOR ALTERNATE SUPERBLOCKS WITH NEWFS", _SOURCE),
    "ask.generic_mkfs":   ("USE GENERIC SUPERBLOCK FROM MKFS", _SOURCE),
    "ask.generic_newfs":  ("USE GENERIC SUPERBLOCK FROM NEWFS", _SOURCE),
    "ask.cancel":         ("CANCEL FILESYSTEM CHECK", _SOURCE),
    "ask.continue":       ("CONTINUE", _SOURCE),
    "ask.correct":        ("CORRECT", _SOURCE),
    "ask.create":         ("CREATE", _SOURCE),
    "ask.clear":          ("CLEAR", _SOURCE),
    "ask.remove":         ("REMOVE DIRECTORY ENTRY FROM I={parent}", "seen: illumos source"),
    "ask.reconnect":      ("RECONNECT", _SOURCE),
    "ask.adjust":         ("ADJUST", _SOURCE),
    "ask.summaries":      ("CORRECT BAD CG SUMMARIES", _SOURCE),
    "ask.fix":            ("FIX", _SOURCE),
    "ask.salvage":        ("SALVAGE", _SOURCE),
    "ask.log":            ("DISCARDING THE LOG MAY DISCARD PENDING TRANSACTIONS.\n"
                           "DISCARD THE LOG AND CONTINUE", _SOURCE),
    "ask.state":          ("FILE SYSTEM STATE IN SUPERBLOCK IS WRONG; FIX", _SOURCE),
    "ask.standard":       ("UPDATE STANDARD SUPERBLOCK", _SOURCE),

    # -- fsck: defects (which question follows, and in which phase: solaris.defects) ---------------------
    "defect.log":         ("Can't roll the log for {device}.\n", _SOURCE),
    "defect.blocks":      ("INCORRECT DISK BLOCK COUNT I={inode} ({found} should be {right})", _SOURCE),
    "defect.partial":     ("PARTIALLY ALLOCATED INODE I={inode}", _SOURCE),
    "defect.type":        ("UNKNOWN FILE TYPE 0{mode:o}  I={inode}", _SOURCE),
    "defect.unallocated": (f"UNALLOCATED  {_INODE}\nFILE={{name}}\n", "seen: illumos source"),
    "defect.unref_dir":   (f"UNREF DIR  {_INODE}", _SOURCE),
    "defect.unref_file":  (f"UNREF FILE  {_INODE}", _SOURCE),
    "defect.links":       (f"LINK COUNT FILE {_INODE} COUNT {{found}} SHOULD BE {{right}}", _SOURCE),
    "defect.dir_bitmap":  ("DIR BITMAP WRONG ", _SOURCE),
    "defect.file_bitmap": ("FILE BITMAP WRONG ", _SOURCE),
    "defect.frag_bitmap": ("FRAG BITMAP WRONG ", _SOURCE),
    "defect.dir_bit":     ("ALLOCATED DIR {bit} WAS MARKED FREE ON DISK\n", _SOURCE),
    "defect.file_bit":    ("ALLOCATED FILE {bit} WAS MARKED FREE ON DISK\n", _SOURCE),
    "defect.frag_bit":    ("ALLOCATED FRAG {bit} WAS MARKED FREE ON DISK\n", _SOURCE),
    "defect.total":       ("CORRECT GLOBAL SUMMARY", _SOURCE),
    "fixed.summary":      ("CORRECTED SUMMARY FOR CG {cg}\n", _SOURCE),
    "fsck.no_lost_found": ("NO lost+found DIRECTORY", _SOURCE),
    "fsck.created":       (" (CREATED)\n", "recalled: medium"),
    "fsck.sorry":         ("SORRY. CANNOT CREATE lost+found DIRECTORY\n", _SOURCE),
    "fsck.not_reconnected": ("Could not reconnect inode {inode}\n", _SOURCE),
    "fixed.unref_dir":    ("DIR I={inode} CONNECTED. PARENT WAS I={parent}\n\n", _SOURCE),

    # -- mount -------------------------------------------------------------------------------------------
    "mount.usage":        ("Usage:\n"
                           "mount [-v | -p]\n"
                           "mount [-F FSType] [-V] [current_options] [-o specific_options]\n"
                           "\t{{special | mount_point}}\n"
                           "mount [-F FSType] [-V] [current_options] [-o specific_options]\n"
                           "\tspecial mount_point\n"
                           "mount -a [-F FSType ] [-V] [current_options] [-o specific_options]\n"
                           "\t[mount_point ...]\n", _SOURCE),
    "mount.exclusive":    ("mount: -a, -p, and -v are mutually exclusive\n", _SOURCE),
    "mount.exclusive_O":  ("mount: -a and -O are mutually exclusive\n", _SOURCE),
    "mount.types":        ("mount: More than one FSType specified\n", _SOURCE),
    "mount.pv_arguments": ("mount: Cannot use -p and -v with arguments\n", _SOURCE),
    "mount.no_vfstab":    ("mount: Cannot open /etc/vfstab\n", _SOURCE),
    "mount.no_point":     ("mount: Mount point {point} does not exist.\n", _SOURCE),
    "mount.relative":     ("mount: Mount point {point} is not an absolute pathname.\n", _SOURCE),
    "mount.point_none":   ("mount: Mount point cannot be determined\n", _SOURCE),
    "mount.point_device": ("mount: mount point cannot be determined\n", _SOURCE),
    "mount.no_stat":      ("mount: cannot stat {point}\n", _SOURCE),
    "mount.special_none": ("mount: special cannot be determined\n", _SOURCE),
    "mount.type_unknown": ("mount: Operation not applicable to FSType {type}\n", _SOURCE),
    "mount.type_long":    ("mount: FSType {type} exceeds 8 characters\n", _SOURCE),
    "mount.no_entries":   ("mount: No valid entries found in /etc/vfstab\n", _SOURCE),
    "mount.no_entry":     ("mount: Warning: {point} not found in /etc/vfstab\n", _SOURCE),
    "mount.no_special":   ("mount: {special} or {point}, no such file or directory\n", _SOURCE),
    "mount.not_block":    ("mount: {special} not a block device\n", _SOURCE),
    "mount.no_device":    ("mount: {special} no such device\n",
                           "seen: source; that a stopped volume gives ENXIO is inferred"),
    "mount.not_directory": ("mount: {point} not a directory\n"
                            "\tor a component of {special} is not a directory\n", _SOURCE),
    "mount.io_error":     ("mount: I/O error\nmount: Cannot mount {special}\n",
                           "seen: source; that a volume whose disks do not answer gives EIO is ours"),
    "mount.not_ufs":      ("mount: {special} is not this fstype\n", _SOURCE),
    "mount.busy":         ("mount: {special} is already mounted or {point} is busy\n", _SOURCE),
    "mount.read_only":    ("mount: {special} write-protected\n",
                           "seen: source; that a volume of mode ro gives EROFS is inferred"),
    "mount.unclean":      ("mount: The state of {special} is not okay\n"
                           "\tand it was attempted to be mounted read/write\n", _SOURCE),
    "mount.run_fsck":     ("mount: Please run fsck and try again\n", _SOURCE),
    "mount.option":       ('mount: {special} on {point} - WARNING ignoring option "{option}"\n', _SOURCE),
    "mount.row":          ("{point} on {special} {flags} on {time}\n", _SOURCE),
    "mount.row_v":        ("{special} on {point} type {type} {flags} on {time}\n", _SOURCE),
    "mount.row_p":        ("{special} - {point} {type} - no {options}\n", _SOURCE),

    # -- umount ------------------------------------------------------------------------------------------
    "umount.usage":       ("Usage:\n"
                           "umount [-f] [-V] [-o specific_options] {{special | mount-point}}\n"
                           "umount -a [-f] [-V] [-o specific_options] [mount_point ...]\n", _SOURCE),
    "umount.busy":        ("umount: {name} busy\n",
                           "seen: source; that -f of what the system runs on is refused too is ours"),
    "umount.not_known":   ("umount: warning: {name} not in mnttab\n", _SOURCE),
    "umount.not_found":   ("umount: warning: {name} not found in /etc/mnttab\n", _SOURCE),
    "umount.not_mounted": ("umount: {name} not mounted\n", _SOURCE),
    "umount.no_such":     ("umount: {name} no such file or directory\n", _SOURCE),

    # -- chgrp -------------------------------------------------------------------------------------------
    "chgrp.usage":        ("usage:\n"
                           "\tchgrp [-fhR] group file ...\n"
                           "\tchgrp -R [-f] [-H|-L|-P] group file ...\n", _SOURCE),
    "chgrp.group":        ("chgrp: unknown group: {group}\n", _SOURCE),
    "chgrp.failed":       ("chgrp: {file}: {error}\n", _SOURCE),
    # errno texts; where they differ from other systems' they are Solaris'
    "error.ENOENT":       ("No such file or directory", _SOURCE),
    "error.ENXIO":        ("No such device or address", "recalled: high"),
    "error.EBUSY":        ("Device busy", "recalled: high"),
    "error.EIO":          ("I/O error", "recalled: high"),
    "error.ENOMEM":       ("Not enough space", "recalled: high"),
    "error.EINVAL":       ("Invalid argument", "recalled: high"),
    "error.ENOTTY":       ("Inappropriate ioctl for device", "recalled: high"),
    "error.EROFS":        ("Read-only file system", "recalled: high"),

    # -- newfs -------------------------------------------------------------------------------------------
    "newfs.usage":        ("usage: newfs [ -v ] [ mkfs-options ] raw-special-device\n"
                           "where mkfs-options are:\n"
                           "\t-N do not create file system, just print out parameters\n"
                           "\t-T configure file system for eventual growth to over a terabyte\n"
                           "\t-s file system size (sectors)\n"
                           "\t-b block size\n"
                           "\t-f frag size\n"
                           "\t-t tracks/cylinder\n"
                           "\t-c cylinders/group\n"
                           "\t-m minimum free space %\n"
                           "\t-o optimization preference (`space' or `time')\n"
                           "\t-r revolutions/minute\n"
                           "\t-i number of bytes per inode\n"
                           "\t-a number of alternates per cylinder\n"
                           "\t-C maxcontig\n"
                           "\t-d rotational delay\n"
                           "\t-n number of rotational positions\n", "recalled: middle"),
    "newfs.flag":         ("newfs: -{letter}: unknown flag\n", _SOURCE),
    "newfs.no_stat":      ("newfs: {device}: {error}\n", _SOURCE),
    "newfs.not_raw":      ("newfs: {device}: not a raw disk device\n", _SOURCE),
    "newfs.open":         ("{device}: {error}\n", "recalled: middle"),
    "newfs.small":        ("newfs: file system size must be at least {sectors} sectors\n", _SOURCE),
    "newfs.last_mounted": ("newfs: {device} last mounted as {point}\n", _SOURCE),
    "newfs.ask":          ("newfs: construct a new file system {device}: (y/n)? ", _SOURCE),
    "newfs.mounted":      ("{device} is mounted, can't mkfs\n", _SOURCE),
    "newfs.swap":         ("{device} is currently used by swap. Please see swap(1M).\n", "recalled: high"),
    "newfs.create":       ("{device}: cannot create: {error}\n", _SOURCE),
    "newfs.unallocated":  ("Warning: {sectors} sector(s) in last cylinder unallocated\n", "recalled: high"),
    "newfs.device":       ("{device}:\t{sectors} sectors in {cylinders} cylinders of {tracks} tracks,"
                           " {track} sectors\n", _SOURCE),
    "newfs.groups":       ("\t{size:.1f}MB in {groups} cyl groups ({cylinders} c/g, {group:.2f}MB/g, {inodes} i/g)\n",
                           "seen: source; how many i-nodes smaller file systems get is ours"),
    "newfs.backups":      ("super-block backups (for fsck -F ufs -o b=#) at:\n", _SOURCE),
    "newfs.initializing": ("Initializing cylinder groups:\n", _SOURCE),
    "newfs.last":         ("super-block backups for last 10 cylinder groups at:\n", _SOURCE),

    # -- dd ----------------------------------------------------------------------------------------------
    "dd.usage":           ("usage: dd [if=file] [of=file] [ibs=n|nk|nb|nxm] [obs=n|nk|nb|nxm]\n"
                           "\t   [bs=n|nk|nb|nxm] [cbs=n|nk|nb|nxm] [files=n] [skip=n]\n"
                           "\t   [iseek=n] [oseek=n] [seek=n] [count=n] [conv=[ascii]\n"
                           "\t   [,ebcdic][,ibm][,asciib][,ebcdicb][,ibmb]\n"
                           "\t   [,block|unblock][,lcase|ucase][,swab]\n"
                           "\t   [,noerror][,notrunc][,sync]]\n", "recalled: middle"),
    "dd.argument":        ('dd: bad argument: "{word}"\n', _SOURCE),
    "dd.number":          ('dd: argument out of range: "{word}"\n', "recalled: middle"),
    "dd.zero":            ("dd: buffer sizes cannot be zero\n", _SOURCE),
    "dd.open":            ("dd: {file}: open: {error}\n", _SOURCE),
    "dd.error":           ("{call}: {error}\n", _SOURCE),
    "dd.short":           ("dd: unexpected short write, wrote {wrote} bytes, expected {expected} bytes\n",
                           "recalled: high"),
    "dd.records":         ("{full}+{partial} records in\n"
                           "{whole}+{rest} records out\n", _SOURCE),
    "dd.elsewhere":       ("dd: {file}: only volumes, slices and the tape are simulated (sdxsim)\n",
                           "ours: the simulator's own"),
    "dd.in_use":          ("dd: {file}: is in use, and what writing below it makes of it is not simulated (sdxsim)\n",
                           "ours: the simulator's own"),

    # -- shutdown ----------------------------------------------------------------------------------------
    "shutdown.usage":     ("Usage: /usr/sbin/shutdown [ -y ] [ -g<grace> ] [ -i<initstate> ] [ message ]\n",
                           _SOURCE),
    "shutdown.grace":     ("/usr/sbin/shutdown: -g requires a numeric option\n", _SOURCE),
    "shutdown.not_for":   ("/usr/sbin/shutdown: Initstate {state} is not for system shutdown\n", _SOURCE),
    "shutdown.invalid":   ("/usr/sbin/shutdown: {state} is not a valid initstate\n", _SOURCE),
    "shutdown.started":   ("\nShutdown started.    {date}\n\n", _SOURCE),
    "shutdown.broadcast": ("Broadcast Message from root (console) on {node} {time}...\n",
                           "seen: source, which rings the bell three times before it"),
    "shutdown.soon":      ("The system {node} will be shut down in {left}\n{message}\n", _SOURCE),
    "shutdown.ask":       ("Do you want to continue? (y or n):   ", _SOURCE),
    "shutdown.false":     ("False Alarm:  The system {node} will not be brought down.\n", _SOURCE),
    "shutdown.aborted":   ("Shutdown aborted.\n", _SOURCE),
    "shutdown.changing":  ("Changing to init state {state} - please wait\n", _SOURCE),
    "shutdown.now":       ("THE SYSTEM {node} IS BEING SHUT DOWN NOW ! ! !\n"
                           "Log off now or risk your files being damaged\n{message}\n", _SOURCE),
    "down.coming":        ("svc.startd: The system is coming down.  Please wait.\n", _SOURCE),
    "down.services":      ("svc.startd: {services} system services are now being stopped.\n",
                           "seen: source; the number is ours"),
    "down.syslogd":       ("{time} {node} syslogd: going down on signal 15\n", _SOURCE),
    "down.down":          ("svc.startd: The system is down.\n", _SOURCE),
    "down.syncing":       ("syncing file systems... done\n", _SOURCE),
    "down.terminated":    ("Program terminated\n", "seen: Oracle E63388"),
    "down.panic":         ("panic[cpu0]/thread=180e000: a fault of the lab (sdxsim)\n\n",
                           "recalled: high for the form; the reason is the simulator's own"),
    "down.rebooting":     ("rebooting...\n", _SOURCE),
    "down.single":        ("svc.startd: The system is coming down for administration.  Please wait.\n"
                           "svc.startd: Killing user processes: done.\n", _SOURCE),

    # -- init, reboot, halt, uadmin ----------------------------------------------------------------------
    "init.usage":         ("Usage: init [0123456SsQqabc]\n", _SOURCE),
    "reboot.usage":       ("usage: {command} [-dlnq]{more}\n", "recalled: middle"),
    "uadmin.usage":       ("Usage: uadmin cmd fcn [mdep]\n", "recalled: low"),
    "uadmin.failed":      ("uadmin: {error}\n", "recalled: middle"),
    "standin.not":        ("{command}: {what} is known to Solaris, but not simulated (sdxsim)\n",
                           "ours: the simulator's own"),

    # -- lockfs ------------------------------------------------------------------------------------------
    "lockfs.usage":       ("usage: lockfs [-dfhnuw] [-c string] [-a] [file system ...]\n", _SOURCE),
    "lockfs.header":      ("Filesystem           Locktype   Comment\n", _SOURCE),
    "lockfs.row":         ("{point:<20} {kind:<10} {comment}\n", _SOURCE),
    "lockfs.failed":      ("{file}: {error}\n", _SOURCE),
    "lockfs.hard":        ("May be hard locked\n", _SOURCE),

    # -- df ----------------------------------------------------------------------------------------------
    "df.usage":           ("Usage: df [-F FSType] [-abeghklntVv] [-o FSType-specific_options]"
                           " [directory | block_device | resource ...]\n", "recalled: middle"),
    "df.k":               ("Filesystem            kbytes    used   avail capacity  Mounted on\n", _SOURCE),
    "df.h":               ("Filesystem             size   used  avail capacity  Mounted on\n", "recalled: high"),
    "df.special":         ("{special}\n", _SOURCE),
    "df.row":             ("{special:<20} {total:>7} {used:>7} {avail:>7} {capacity:>5}%    {point}\n",
                           "seen: source; the widths are those of the composed sample"),
    "df.row_h":           ("{special:<20} {total:>6} {used:>6} {avail:>6} {capacity:>5}%    {point}\n",
                           "recalled: high"),
    "df.plain":           ("{point:<18} ({special:<18}): {blocks:>7} blocks {free:>8} files\n", "recalled: middle"),
    "df.type_unknown":    ("df: operation not applicable to FSType {type}\n", "recalled: low"),
    "df.total":           ("                                  total: {blocks:>7} blocks {files:>8} files\n",
                           "recalled: middle"),
    "df.type":            ("{point:<18} : {type:<8}\n", "recalled: middle"),
    "df.b":               ("Filesystem             avail\n", "recalled: middle"),
    "df.e":               ("Filesystem             ifree\n", "recalled: middle"),
    "df.one":             ("{special:<20} {value:>7}\n", "recalled: middle"),
    "df.not_found":       ("df: ({name:<10}) not a block device, directory or mounted resource\n", "recalled: middle"),

    # -- swap --------------------------------------------------------------------------------------------
    "swap.usage":         ("Usage:\tswap -l\n"
                           "\tswap -s\n"
                           "\tswap -d <file name> [low block]\n"
                           "\tswap -a <file name> [low block] [nbr of blocks]\n", "recalled: middle"),
    "swap.header":        ("swapfile             dev    swaplo   blocks     free\n", _SOURCE),
    "swap.row":           ("{special:<19} {major:>2},{minor:<2} {low:>8} {blocks:>8} {free:>8}\n", _SOURCE),
    "swap.none":          ("No swap devices configured\n", _SOURCE),
    "swap.failed":        ("{file}: {error}\n", "recalled: high"),
    "swap.overlapping":   ("{file}: Overlapping swap files are not allowed\n", "recalled: middle"),
    "swap.summary":       ("total: {allocated}k bytes allocated + {reserved}k reserved = {used}k used,"
                           " {available}k available\n", _SOURCE),

    # -- who, uname --------------------------------------------------------------------------------------
    "who.usage":          ("\nUsage:\twho [-abdHlmpqrstTu] [am i] [utmp_like_file]\n", "recalled: low"),
    "who.run_level":      ("   .       run-level {level}  {time}     {level}      0  {before}\n", "recalled: high"),
    "who.boot":           ("   .       system boot  {time}\n", "recalled: high"),
    "who.header":         ("NAME       LINE         TIME\n", "recalled: high"),
    "who.count":          ("root\n# users=1\n", "recalled: high"),
    "who.row":            ("root       console      {time}\n", "recalled: high"),
    "uname.long":         ("System = {system}\n"
                           "Node = {node}\n"
                           "Release = {release}\n"
                           "KernelID = {version}\n"
                           "Machine = {machine}\n"
                           "BusType = <unknown>\n"
                           "Serial = <unknown>\n"
                           "Users = <unknown>\n"
                           "OEM# = 0\n"
                           "Origin# = 1\n"
                           "NumCPU = 2\n", "recalled: high; that there are two is that of the banner"),
    "uname.usage":        ("usage:\tuname [-snrvmapiX]\n\tuname [-S system_name]\n", "recalled: high"),

    # -- eeprom ------------------------------------------------------------------------------------------
    "eeprom.usage":       ("Usage: eeprom [-v] [-f prom-device] [variable[=value] ...]\n", _SOURCE),
    "eeprom.value":       ("{name}={value}\n", "seen: source, and guide A.2.9"),
    "eeprom.none":        ("{name}: data not available.\n", "seen: source, and guide A.2.9"),
    "eeprom.line":        ("{line}\n", "seen: guide 6.3.3"),
    "eeprom.old":         ("old:{name}={value}\n", _SOURCE),
    "eeprom.new":         ("new:{name}={value}\n", _SOURCE),
    "eeprom.invalid":     ("{name}: invalid property.\n", _SOURCE),
    "eeprom.bad_value":   ("{name}: invalid property value.\n", _SOURCE),

    # -- boot --------------------------------------------------------------------------------------------
    "boot.not_at_ok":     ("{command}: not found (it is a command of the ok prompt: shutdown -y -g0 -i0)\n",
                           "ours: sh says 'boot: not found'"),
    "boot.command":       ("Rebooting with command: {command}\n", "seen: guide 6.4.6 6-1"),
    "boot.device":        ("Boot device: {device}  File and args: {args}\n", "seen: guide 6.4.6 6-1"),
    "boot.evaluating":    ("Evaluating: {command}\n", "seen: guide 6.4.6 6-1"),
    "boot.no_label":      ("Bad magic number in disk label\nCan't open disk label package\n", "recalled: high"),
    "boot.cannot":        ("Can't open boot device\n", "seen: guide 6.4.6 6-1"),
    "boot.release":       ("SunOS Release 5.10 Version Generic_147147-26 64-bit\n",
                           "seen: source for the form; the version is ours"),
    "boot.copyright":     ("Copyright (c) 1983, 2013, Oracle and/or its affiliates. All rights reserved.\n",
                           "recalled: high"),
    "boot.driver":        ("sfdsk: driver started up\n",
                           "seen: guide E.2.3; that the console shows it is inferred"),
    "boot.milestone":     ('Booting to milestone "milestone/single-user:default".\n', _SOURCE),
    "boot.hostname":      ("Hostname: {node}\n", _SOURCE),
    "boot.single":        ("Requesting System Maintenance Mode\nSINGLE USER MODE\n", "seen: Oracle 817-1985"),
    "boot.checking":      ("checking ufs filesystems\n", _SOURCE),
    "boot.being_checked": ("The {point} file system ({device}) is being checked.\n", _SOURCE),
    "boot.unable":        ("\nWARNING - Unable to repair the {point} filesystem. Run fsck\n"
                           "manually (fsck -F ufs {device}).\n\n", _SOURCE),
    "boot.maintenance":   ("Requesting System Maintenance Mode\n"
                           "(See /lib/svc/share/README for more information.)\n", _SOURCE),
    "boot.no_login":      ("Console login service(s) cannot run\n", "recalled: high"),
    "boot.mountall":      ("svc:/system/filesystem/local:default: WARNING: /sbin/mountall -l failed:"
                           " exit status {status}\n", _SOURCE),
    "boot.not_mounted":   ("ERROR: svc:/system/filesystem/{service}:default failed to mount {point}"
                           " (see 'svcs -x' for details)\n", "seen: source; which service fails is inferred"),
    "boot.no_swap":       ("{device}: {error}\n", "ours: composed"),
    "boot.no_root":       ("Cannot mount root on {path} fstype ufs\n\n"
                           "panic[cpu0]/thread=180e000: vfs_mountroot: cannot mount root\n",
                           "seen: source for the first line; the panic is recalled: high, its thread ours"),

    # -- single-user mode --------------------------------------------------------------------------------
    "console.password":   ("\nRoot password for system maintenance (control-d to bypass): ", "seen: Oracle 817-1985"),
    "console.single":     ("single-user privilege assigned to /dev/console.\n"
                           "Entering System Maintenance Mode\n"
                           "\n"
                           "{time} su: 'su root' succeeded for root on /dev/console\n"
                           "Sun Microsystems Inc.   SunOS 5.10      Generic January 2005\n", "seen: Oracle 817-1985"),

    # -- the ok prompt -----------------------------------------------------------------------------------
    "obp.unknown":        ("{word} ?\n", "recalled: high"),
    "obp.not":            ("{word} is a word of OpenBoot, but not simulated (sdxsim)\n",
                           "ours: the simulator's own"),
    "obp.ethernet":       ("8:0:20:bc:61:4e\n", "recalled: middle; the address is the banner's"),
    "obp.usage":          ("Usage: {usage}\n", "recalled: low"),
    "obp.bad_value":      ("{name}: invalid value\n", "ours: OpenBoot's words are not known"),
    "obp.header":         ("Variable Name         Value                          Default Value\n\n",
                           "recalled: middle"),
    "obp.row":            ("{name:<21} {value:<30} {default}\n", "recalled: middle"),
    "obp.variable":       ("{name:<21} {value}\n", "seen: Oracle 817-5776"),
    "obp.more":           ("                      {line}\n", "recalled: middle"),
    "obp.alias":          ("{name:<24} {path}\n", "recalled: middle"),
    "obp.line":           ("{line}\n", "recalled: high"),
    "obp.choice":         ("{letter}) {path}\n", "seen: thegeekdiary"),
    "obp.select":         ("q) NO SELECTION\nEnter Selection, q to quit: q\n",
                           "seen: thegeekdiary; that q is always selected is ours"),
    "obp.target":         ("Target {target} \n", "recalled: high"),
    "obp.unit":           ("  Unit {lun}   Disk     FUJITSU MAP3367N SUN36G 0401\n",
                           "recalled: high; the drive is ours"),
    "obp.resetting":      ("Resetting ... \n\n", "recalled: high"),
    "obp.banner":         ("Sun Ultra 60 UPA/PCI (2 X UltraSPARC-II 450MHz), No Keyboard\n"
                           "OpenBoot 3.23, 1024 MB memory installed, Serial #12345678.\n"
                           "Ethernet address 8:0:20:bc:61:4e, Host ID: 80bc614e.\n\n\n\n",
                           "recalled: high for the form; the machine is ours"),
    "obp.version":        ("Release 3.23 Version 0 created 1999/07/12 16:00\n"
                           "OBP 3.23.0 1999/07/12 16:00\n", "recalled: low"),
    "obp.help":           ("Enter 'help command-name' or 'help category-name' for more help\n"
                           "(Use ONLY the first word of a category description)\n"
                           "Examples:  help select   -or-   help line\n"
                           "    Main categories are:\n"
                           "boot [device] [-s] : boot\n"
                           "printenv setenv set-default set-defaults : variables\n"
                           "devalias nvalias nvunalias : device aliases\n"
                           "show-devs show-disks probe-scsi : devices\n"
                           "banner .version reset-all : the machine\n",
                           "recalled: middle for the first four lines; the rest is ours"),
}
# fmt: on


def text(id, **fields):
    """The text of that id with its fields; what a user typed is never echoed raw. KeyError: no such id."""
    shown = {key: visible(value) if isinstance(value, str) else value for key, value in fields.items()}
    return TEXTS[id][0].format(**shown)
