"""What a rescue did, or would do."""


class Report(object):
    """The result of ``rescue``.

    Attributes
    ----------
    source : str
    dry_run : bool, whether nothing was changed
    restored : list of (what, from, how)
        What came back: the variable of the model, where it lies in the file, and what tells that they belong together.
    already : list of str, what the model had right
    unused : list of str, what is in the file and fits nothing in the model
    absent : list of str, what the model has and the file does not hold; it stays as it was
    changes : list of str, the arguments of compile, and the flags, that were put back
    notes : list of str
    damage : list of (path, reason), what could not be read
    """

    def __init__(self, source, dry_run=False):
        self.source, self.dry_run = source, dry_run
        self.restored, self.already, self.unused, self.absent = [], [], [], []
        self.changes, self.notes, self.damage = [], [], []

    @property
    def complete(self):
        """Whether everything that the model has is now as the file says."""
        return not self.absent and not self.damage

    def __str__(self):
        verb = "would come back" if self.dry_run else "came back; each was read again and compared bit for bit"
        lines = ["%s: %d variables %s." % (self.source, len(self.restored), verb)]
        for what, origin, how in self.restored:
            lines.append("  %-44s from %s (by %s)" % (what, origin, how))
        lines += self._part("were right already", self.already, False)
        lines += self._part("arguments and flags put back", self.changes)
        lines += self._part("are in the file and fit nothing in the model", self.unused)
        lines += self._part("are not in the file, and stay as they were", self.absent)
        lines += self._part("could not be read", ["%s: %s" % pair for pair in self.damage])
        lines += self._part("notes", self.notes)
        return "\n".join(lines)

    @staticmethod
    def _part(title, items, listed=True):
        if not items:
            return []
        return ["%d %s%s" % (len(items), title, ":" if listed else ".")] + ["  " + item for item in items if listed]
