"""The lab on disk. Knows documents, locks and commits; knows no rule.

A lab is a directory:

    state.json      the one truth: format, seq, the operation that made it, the lab; checksummed
    history/        the documents it replaced, by their seq: whole, or older ones in packs
    snapshots/      documents kept under a name, if there are any
    objects/        what volumes hold, by content hash; the documents name it
    live/           directories in which people see and edit it, once somebody asked (sdxsim.live)
    left/           edits of those that could not be taken, if there were any
    images/         ext2 images that follow from it, where they were asked for (sdxsim.live.images)
    lock            empty, never deleted; taken by writers only
    bin/            commands for this lab's PATH (lab.environment makes them)

Readers open state.json and take no lock. A writer's commit is one rename: before it nothing has
happened, after it everything has (rules R1 to R17 of the reliability notes; docs/reliability.md).
"""
