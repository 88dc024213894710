"""The few files that a file system has where a scenario names none of them: those of a small Solaris 10 host.

By mount point; what a scenario gives stands over it. The texts are ours, in the shapes of passwd(4),
group(4), hosts(4) and their like. `generation` at the top of each is a marker: it tells at a glance
which state of a volume one is looking at, and the workload counts it up.
"""

from ...model.records import File
from ...solaris.habits import MARKER

_PASSWD = """\
root:x:0:0:Super-User:/:/sbin/sh
daemon:x:1:1::/:
bin:x:2:2::/usr/bin:
sys:x:3:3::/:
adm:x:4:4:Admin:/var/adm:
lp:x:71:8:Line Printer Admin:/usr/spool/lp:
nobody:x:60001:60001:NFS Anonymous Access User:/:
user1:x:101:10:First User:/home/user1:/bin/sh
app:x:201:10:Application:/opt/app:/bin/sh
"""
_GROUP = """\
root::0:
other::1:root
bin::2:root,daemon
sys::3:root,bin,adm
adm::4:root,daemon
lp::8:root,adm
staff::10:
nobody::60001:
"""
_RELEASE = """\
                       Solaris 10 6/06 s10s_u2wos_09a SPARC
           Copyright 2006 Sun Microsystems, Inc.  All Rights Reserved.
                             Assembled 09 June 2006
"""
_MESSAGES = """\
Oct  2 08:31:02 {node} genunix: [ID 540533 kern.notice] SunOS Release 5.10 Version Generic_118833-17 64-bit
Oct  2 08:31:04 {node} sfdsk: [ID 936769 kern.info] sfdsk0 at root
Oct  2 08:31:19 {node} syslogd: going on
"""

_SYS, _STAFF, _BIN = {"group": "sys"}, {"group": "staff"}, {"group": "bin"}

# {mount point: {path: (text, what is not as usual), or None for a directory}}
_FILES = {
    "/": {
        "/.profile": ("PATH=/usr/sbin:/usr/bin:/opt/app/bin\nexport PATH\n", {}),
        "/etc/default": None,
        "/etc/default/fs": ("LOCAL=ufs\n", {"group": "bin", "mode": 0o444}),
        "/etc/default/init": ("TZ=UTC\nCMASK=022\n", _SYS),
        "/etc/group": (_GROUP, _SYS),
        "/etc/hosts": ("127.0.0.1\tlocalhost\n{hosts}", _SYS),
        "/etc/nodename": ("{node}\n", {}),
        "/etc/opt": None,
        "/etc/opt/FJSVsdx": None,
        "/etc/opt/FJSVsdx/bin": None,
        "/etc/opt/FJSVsdx/bin/sdxdcdown": ('#!/bin/sh\nexec sdxdcdown "$@"\n', {"mode": 0o755}),
        "/etc/passwd": (_PASSWD, _SYS),
        "/etc/release": (_RELEASE, {"group": "sys", "mode": 0o444}),
        "/etc/shadow": ("root:*LK*:13423::::::\nuser1:*LK*:13423::::::\n", {"group": "sys", "mode": 0o400}),
    },
    "/usr": {
        "/bin": None,
        "/lib": None,
        "/sbin": None,
        "/share": None,
        "/lib/app": None,
        "/lib/app/app.conf": ("journal=/var/app/journal\nrecords=/opt/app/data/records\n", _BIN),
        "/share/motd": ("Welcome to {node}\n", _BIN),
    },
    "/var": {
        "/adm": None,
        "/adm/messages": (_MESSAGES, {}),
        "/app": None,
        "/app/journal": ("0000 journal opened\n", {"owner": "app", "group": "staff"}),
        "/log": None,
        "/log/syslog": ("Oct  2 08:31:19 {node} sendmail[231]: starting daemon\n", _SYS),
        "/spool": None,
        "/spool/cron": None,
        "/spool/cron/crontabs": None,
        "/spool/cron/crontabs/root": ("10 3 * * * /usr/sbin/logadm\n", {"group": "root", "mode": 0o600}),
        "/tmp": None,
    },
    "/home": {
        "/user1": None,
        "/user1/.profile": ("PATH=/usr/bin:/opt/app/bin\nexport PATH\n", {"owner": "user1", "group": "staff"}),
        "/user1/notes": ("call the field engineer on Monday\n", {"owner": "user1", "group": "staff"}),
    },
    "/opt": {
        "/app": None,
        "/app/bin": None,
        "/app/bin/app": ("#!/bin/sh\nexec tail -1 /opt/app/data/records\n", {"mode": 0o755, **_STAFF}),
        "/app/data": None,
        "/app/data/records": ("record 0\n", {"owner": "app", "group": "staff"}),
        "/app/etc": None,
        "/app/etc/app.conf": ("name=app\n", _STAFF),
    },
}
_OTHERS = {"/records": ("record 0\n", {"owner": "app", "group": "staff"})}


def skeleton(point, start, node, nodes):
    """{path: File} of a new file system of `node` that is mounted on `point`, as of virtual time `start`.

    `nodes`: the names of all, which know each other.
    """
    made = {"/lost+found": _directory(start, 0o700)}
    for path, row in {**_FILES.get(point, _OTHERS), MARKER: (f"{point} generation 1\n", {})}.items():
        made[path] = _directory(start) if row is None else File(_named(row[0], node, nodes), mtime=start, **row[1])
    return made


def _named(text, node, nodes):
    loghost = {node: "\tloghost"}
    rows = [f"192.168.1.{i + 1}\t{name}{loghost.get(name, '')}\n" for i, name in enumerate(nodes)]
    return text.replace("{node}", node).replace("{hosts}", "".join(rows))


def _directory(start, mode=0o755):
    return File("", mode, "root", "root", start, "dir")


def complete(files, directories, start):
    """`files` {path: File} with those directories, and every directory above a file; in the order of their names."""
    made = {path: _directory(start, 0o1777 if path.endswith("/tmp") else 0o755) for path in directories}
    made.pop("/", None)
    made.update(files)
    for path in list(made):
        above = path.rpartition("/")[0]
        while above and above not in made:
            made[above] = _directory(start)
            above = above.rpartition("/")[0]
    return dict(sorted(made.items()))
