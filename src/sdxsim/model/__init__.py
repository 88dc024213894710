"""What exists in a lab: immutable records, the words for their states, and questions about them.

Nothing here reads a clock, a file or an environment, and nothing here decides what may happen
(that is `rules`). Sizes are in blocks of 512 bytes, times in milliseconds of virtual time since
1970-01-01 UTC unless a name says otherwise.
"""
