"""What can go wrong with a lab on disk, in a sentence each. `str()` of one is the sentence."""


class Trouble(Exception):
    """The lab cannot be used; nothing was changed."""


class NoLab(Trouble):
    """There is no lab at the place looked at."""


class Damaged(Trouble):
    """There is a document, and it is not whole."""


class Newer(Damaged):
    """There is a document, whole as it seems, of a format that only a newer sdxsim reads."""


class Uncertain(Exception):
    """The change exists, but that it outlives a power failure is not certain."""
