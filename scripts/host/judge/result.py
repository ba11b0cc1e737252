"""The result of comparing one facet: what was compared, how much of it differs, by how much, and where."""

import dataclasses

DETAILS = 12  # lines of detail that verdict.json keeps
#: statuses from best to worst; the first two are neither
STATUSES = ("not_reached", "not_compared", "identical", "close", "missing", "different")
LOST = ("different", "missing")
INTACT = ("identical", "close")


@dataclasses.dataclass
class Result:
    """The result of comparing one facet.

    Parameters
    ----------
    status : str
        One of STATUSES. ``close``: different bits, but within the tolerance. ``missing``: only the reference has it.
        ``not_reached``: the path failed before it could be compared.
    compared, differing : int
        How many variables, values or places were compared, and how many of them differ.
    max_ulp, max_abs : float or None
        The largest distance in units in the last place, and the largest difference; None if not computed.
    tolerance : str or None
        What counts as the same.
    detail : list of str
        The places that differ, and notes.
    rewrite : dict or None
        The numbers of the facet graph_rewrite (roundtrip.records.RESULT).
    announced : list of str
        The messages that announce the loss (host.judge.messages).
    """

    status: str
    compared: int = 0
    differing: int = 0
    max_ulp: float | None = None
    max_abs: float | None = None
    tolerance: str | None = None
    detail: list = dataclasses.field(default_factory=list)
    rewrite: dict | None = None
    announced: list = dataclasses.field(default_factory=list)

    @property
    def lost(self):
        return self.status in LOST

    @property
    def intact(self):
        return self.status in INTACT

    @property
    def compared_at_all(self):
        return self.lost or self.intact

    def to_json(self):
        """The result for verdict.json, with at most DETAILS lines of detail."""
        facts = dataclasses.asdict(self)
        more = len(self.detail) - DETAILS
        facts["detail"] = self.detail[:DETAILS] + ([f"and {more} more"] if more > 0 else [])
        return facts


def not_compared(why):
    return Result("not_compared", detail=[why])


def not_reached():
    """The Result of a facet that a failed path did not come to."""
    return Result("not_reached")


def missing(why="absent"):
    return Result("missing", 1, 1, detail=[why])


def of_places(places, compared):
    """The Result of a comparison that gives one line for each place that differs."""
    places = list(places)
    return Result("different" if places else "identical", compared, len(places), detail=places)
