"""Pairs a reference with an observation, so that the facets can compare them.

Within one runtime, both sides stay as they were recorded. Two runtimes differ in the names of variables
(host.judge.names), the spelling of configs (host.judge.dialects) and the width of integers. This module is the one
place that removes these differences.
"""

import functools

from host.judge import facets, names
from host.judge.states import compare_states


class Pair:
    """What the facets compare.

    Parameters
    ----------
    records : host.judge.records.Records
    path : host.judge.contract.Path

    Attributes
    ----------
    reference, manifest, observed : dict
        The facts of the three records. Between two runtimes, the optimizer slots of reference and observation are
        renamed so that each name tells its slot.
    arrays : (host.judge.numbers.Arrays, host.judge.numbers.Arrays)
        The arrays of the reference and of the observation.
    """

    def __init__(self, records, path):
        self.path, self.across, self.arrays = path, path.across, records.arrays
        self.reference, self.manifest, self.observed = records.reference, records.manifest, records.observed
        if self.across:
            self.reference, self.observed = map(names.with_slots_named, (self.reference, self.observed))
        self._results = {}

    def result(self, facet):
        """The Result of a facet, computed once; None if nothing of it was observed."""
        if facet not in self._results:
            self._results[facet] = facets.every()[facet].compare(self)
        return self._results[facet]

    @functools.cached_property
    def states(self):
        """(reference, observed, {role: notes}): the variables before resumed training; None if none were recorded.

        If the weights were transferred to another model, the variables of that model are compared.
        """
        observed = self.observed.get("transferred_state") or self.observed.get("state")
        return None if observed is None else self.aligned(self.reference["state"], observed)

    def aligned(self, reference, observed):
        """(reference, observed, {role: notes}): two lists of variables, renamed so that their names match."""
        return names.aligned(reference, observed) if self.across else (reference, observed, {})

    def variables(self, role):
        """(reference, observed): the variables of one role; if an observed role differs, the reference's counts."""
        reference, observed, _ = self.states
        ours = [e for e in reference if e["role"] == role]
        own = {e["name"] for e in ours}
        elsewhere = {e["name"] for e in reference} - own
        theirs = [e for e in observed if e["name"] in own or (e["role"] == role and e["name"] not in elsewhere)]
        return ours, theirs

    def compare_role(self, role):
        """The Result of the variables of one role, which must be identical; None if none were recorded."""
        if self.states is None:
            return None
        ours, theirs = self.variables(role)
        result = compare_states(ours, theirs, self.arrays, widths=not self.across)
        result.detail += self.states[2].get(role, ()) if ours else ()
        return result

    def descriptions(self, part):
        """(reference, observed, code): one part of the description; None if nothing was described.

        ``code`` is that part for the model that the code builds in the consumer, or None.
        """
        if "describe" not in self.observed:
            return None
        code = (self.observed.get("code") or {}).get(part)
        return self.reference["describe"][part], self.observed["describe"][part], code
