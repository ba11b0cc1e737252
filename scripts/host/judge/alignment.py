"""A reference and an observation side by side, under names and spellings that can be compared.

Within one runtime both are as they were recorded. Between two runtimes variables have other names (host.judge.names),
configs other spellings (host.judge.dialects), and integers other widths: all of that is settled here, once.
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
        The facts of the three records; those of the first and the last with each slot's name.
    arrays : (host.judge.numbers.Arrays, host.judge.numbers.Arrays)
        Of the reference and of the observation.
    """

    def __init__(self, records, path):
        self.path, self.across, self.arrays = path, path.across, records.arrays
        self.reference, self.manifest, self.observed = records.reference, records.manifest, records.observed
        if self.across:
            self.reference, self.observed = map(names.with_slots_named, (self.reference, self.observed))
        self._results = {}

    def result(self, facet):
        """The Result of a facet, worked out once; None where nothing of it was observed."""
        if facet not in self._results:
            self._results[facet] = facets.every()[facet].compare(self)
        return self._results[facet]

    @functools.cached_property
    def states(self):
        """(reference, observed, {role: notes}): the variables before resumed training; None where none were seen.

        Where weights were transferred to another model, they are judged where they arrived.
        """
        observed = self.observed.get("transferred_state") or self.observed.get("state")
        return None if observed is None else self.aligned(self.reference["state"], observed)

    def aligned(self, reference, observed):
        """Two lists of variables under the same names, and notes by role."""
        return names.aligned(reference, observed) if self.across else (reference, observed, {})

    def variables(self, role):
        """(reference, observed) of one role; a weight whose trainable flag flipped lies where the reference has it."""
        reference, observed, _ = self.states
        ours = [e for e in reference if e["role"] == role]
        own = {e["name"] for e in ours}
        elsewhere = {e["name"] for e in reference} - own
        theirs = [e for e in observed if e["name"] in own or (e["role"] == role and e["name"] not in elsewhere)]
        return ours, theirs

    def compare_role(self, role):
        """The Result of the variables of one role, which must be identical; None where none were seen."""
        if self.states is None:
            return None
        ours, theirs = self.variables(role)
        result = compare_states(ours, theirs, self.arrays, widths=not self.across)
        result.detail += self.states[2].get(role, ()) if ours else ()
        return result

    def descriptions(self, part):
        """(reference, observed, what the code says there or None) of a part of the description; None if unseen."""
        if "describe" not in self.observed:
            return None
        code = (self.observed.get("code") or {}).get(part)
        return self.reference["describe"][part], self.observed["describe"][part], code
