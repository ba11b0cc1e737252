"""What ``rescue`` can be told to do."""

#: what can be put back
PARTS = ("weights", "flags", "compile", "optimizer")


class Options(object):
    """What ``rescue`` is to do.

    Parameters
    ----------
    parts : iterable of str
        Which of PARTS to put back.
    dry_run : bool
        Change nothing; the report shows what would be done.
    damaged : bool
        Read what is left of a damaged file, and name the rest in the report.
    """

    def __init__(self, parts=PARTS, dry_run=False, damaged=False):
        self.parts, self.dry_run, self.damaged = tuple(parts), dry_run, damaged
        unknown = sorted(set(self.parts) - set(PARTS))
        if unknown:
            raise ValueError("parts has %s; they are %s" % (", ".join(unknown), ", ".join(PARTS)))
