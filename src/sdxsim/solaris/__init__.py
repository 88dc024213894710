"""The simulated host, as far as GDS procedures touch it: what a file system holds and how whole it
is (`condition`, `defects`, `fsck`), where it is mounted (`mounts`), what is in it (`files`), which
special files there are (`devices`), what OpenBoot starts (`obp`).

Only data in, data and text out: what the commands of the same names decide is in `commands`.
"""
