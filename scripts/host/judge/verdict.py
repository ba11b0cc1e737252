"""The verdict of a path. The rules are tried in the order of RULES; the first one that applies decides."""

import dataclasses

from host.judge import facets, sentences
from host.judge.ending import NO_FAULT_OF_THE_PATH

#: failures that no missing promise excuses: each is a verdict of its own
ENDED = ("crashed", "timeout", "out_of_memory")


@dataclasses.dataclass(frozen=True)
class Case:
    """The facts that the rules read.

    Parameters
    ----------
    ending : host.judge.ending.Ending
    contract : host.judge.contract.Contract
    results : dict
        facet -> host.judge.result.Result, with ``announced`` filled in.
    """

    ending: object
    contract: object
    results: dict

    @property
    def lost(self):
        """The lost facets among those that decide: the relevant ones, and those that every format owes."""
        decide = {*self.contract.relevant, *facets.owed()}
        return [f for f, result in self.results.items() if result.lost and f in decide]

    @property
    def purposes(self):
        """The relevant facets that are the purpose of the use."""
        return [f for f in self.contract.relevant if f in facets.purposes()]

    @property
    def compared(self):
        """The relevant facets that were compared."""
        results = self.results
        return [f for f in self.contract.relevant if f in results and results[f].compared_at_all]

    @property
    def proved(self):
        """The facets that are stored in the artifact and are intact."""
        return [f for f in self.contract.from_artifact if f in self.results and self.results[f].intact]

    def lost_before_failure(self):
        """The promised facets that were lost before a failure: an error must not hide a loss that precedes it."""
        return [f for f, result in self.results.items() if result.lost and f in self.contract.promised]


def decide(case):
    """(verdict, reason) of a Case; the reason is a sentence."""
    return next(filter(None, (rule(case) for rule in RULES)))


def _no_fault_of_the_path(case):
    ending = case.ending
    if ending.outcome not in NO_FAULT_OF_THE_PATH:
        return None
    verdict, reason = NO_FAULT_OF_THE_PATH[ending.outcome]
    error = ending.error or {}
    words = ": ".join(filter(None, (error.get("line"), error.get("type")))) if "line" in error else ""
    message = error.get("message") or ""
    return verdict, reason.format(message=(f"{words}: {message}" if words and words not in message else message)[:500])


def _failed(case):
    """A failure is broken only if the artifact promised something; what the user's code supplies is no promise."""
    ending = case.ending
    if not ending.failed:
        return None
    stored, expected = _expected(case)
    if ending.outcome in ENDED:
        return ending.outcome, sentences.failure(ending, bool(expected))
    if not expected or not stored:
        return "not_promised_fails", sentences.failure(ending, False)
    return "broken", sentences.failure(ending, True, case.lost_before_failure())


def _expected(case):
    """(the promised facets that are stored in the artifact, those that the failure made impossible)."""
    stage, contract = case.ending.stage, case.contract
    if stage == "save":  # which runtime would have read the artifact does not matter
        return contract.from_artifact, [f for f in contract.relevant if f in contract.from_artifact]
    expected = [f for f in contract.relevant if f in contract.must_run and f not in facets.owed()]
    if stage == "use":
        expected = [f for f in expected if f in facets.shown_by_use()]
    return contract.from_artifact & contract.must_run, expected


def _promise_broken(case):
    broken = [f for f in case.lost if f in case.contract.promised]
    if not broken:
        return None
    silent = [f for f in broken if not case.results[f].announced]
    if silent:
        return "silent_loss", sentences.silent_loss(_base(silent))
    return "degraded", sentences.degraded(_base(broken))


def _base(names):
    """The facets without those that follow from others; all of them if there are no others."""
    return [f for f in names if f not in facets.derived()] or names


def _purpose_lost(case):
    """A loss without a promise decides if it concerns the use's purpose, or if that purpose is not promised."""
    reached = [f for f in case.purposes if f in case.results]
    if case.lost and (set(reached) & set(case.lost) or not set(reached) <= set(case.contract.promised)):
        return _lost_without_promise(case)
    return None


def _lost_without_promise(case):
    if facets.first_lost(case.lost) == ["rng_state"]:
        return "not_promised_random", sentences.ONLY_RANDOM_STATE
    return "not_promised_lost", sentences.lost(case.lost)


def _nothing_promised(case):
    """If nothing that the artifact stores is promised. Of what could not be compared, nothing is claimed."""
    if case.contract.from_artifact & set(case.contract.promised) or not case.compared:
        return None
    if case.lost:
        return _lost_without_promise(case)
    return "not_promised_there", sentences.there(case.compared)


def _unproved(case):
    wanted = [f for f in case.purposes if f in case.contract.promised]
    if not case.proved or not set(wanted) <= set(case.compared):
        return "unproved", sentences.UNPROVED
    return None


def _kept(case):
    return "kept", sentences.kept([f for f in case.compared if f in case.contract.promised])


RULES = (_no_fault_of_the_path, _failed, _promise_broken, _purpose_lost, _nothing_promised, _unproved, _kept)
