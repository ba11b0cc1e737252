"""What a failed path did not come to: each facet that its use needs, and of which the reference has something.

A model without random layers has no seeds that could be lost. So the reference is compared with itself: what even that
cannot compare is nothing that the failure lost.
"""

import dataclasses

from host.judge import facets
from host.judge.alignment import Pair
from host.judge.result import not_compared, not_reached


def results(read, path, needed):
    """{facet: Result}, each ``not_reached`` or ``not_compared``, of the ``needed`` facets of a failed path.

    Parameters
    ----------
    read : host.judge.records.Records
    path : host.judge.contract.Path
    needed : iterable of str
    """
    observed = {"diagnostics": [], **read.reference}
    itself = dataclasses.replace(read, observed=observed, arrays=(read.arrays[0], read.arrays[0]))
    pair = Pair(itself, dataclasses.replace(path, crossing="same", reference_elsewhere=False))
    return {facet: _of(facet, pair.result(facet)) for facet in needed}


def _of(facet, with_itself):
    if with_itself is None and not facets.every()[facet].SHOWN_BY_USE:
        return not_compared("the reference has nothing of it")
    if with_itself is not None and with_itself.status == "not_compared":
        return with_itself
    return not_reached()
