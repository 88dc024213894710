"""Live trees: what the volumes of a running node hold, as real files that any program can look at and edit.

The interface is `live.tree`:

    directory(path, node)   where: LAB/live/NODE, an ordinary directory. It shows the node's name space: the
                            tree of its root volume, and what is mounted at the mount points (/usr, /home,
                            /mnt ...), all as ordinary files, directories and symbolic links, no mounts.
                            On a node that is down it is empty. /dev and /proc are as the root volume has them.
    make(path)              from now on there are such directories, one a node, and they are as they should be
    end(path)               edits harvested, and they are taken away
    exists(path)            True when somebody made them. They exist only on demand: others pay one stat(2).
    harvest(path)           what people edited goes into the volumes it belongs to, one commit of its own
    show(path)              harvest, and then the directories are brought in line with the lab
    (harvest and show return sentences about what was left out, for standard error; they raise Trouble)

Who changes a lab need not call any of them: every turn (`turn.taken`), so every command and every verb of
the lab tool, harvests before it decides, and shows after it has changed the lab. `sdxsim shell` binds
its name space over `directory` and calls `harvest` when it is left.

What one may rely on. An edit is a difference between what stands there and what was last shown; it is
read without following a link and without leaving the directory. It becomes part of the volume as a
whole or not at all; until that commit the edited file stays as it is, so that a kill loses nothing. Edits
that cannot be taken (a read-only or a vanished mount, no space, a device or a pipe, too large) are told in a
sentence and, before anything else takes their place, kept in LAB/left. Owners and groups are those of
the lab, not of the host: new files are root's, chgrp of the lab changes them; permission bits are real.
"""
