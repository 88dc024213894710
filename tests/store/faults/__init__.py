"""Faults on purpose: what breaks a command, and what has to hold afterwards.

Nothing here knows what a lab's history looks like: labs are read with `look`, made with `create` and
changed by commands, and trees are compared with those of the same commands undisturbed.
"""
