"""The verdict: what was promised, what came back, and whether a loss was announced. The first rule that applies."""

import dataclasses

from host.judge import facets
from host.judge.ending import NO_FAULT_OF_THE_PATH

FAILURES = {"refused": "raised", "crashed": "crashed", "timeout": "hung", "out_of_memory": "ran out of memory"}


@dataclasses.dataclass(frozen=True)
class Case:
    """What the rules look at.

    Parameters
    ----------
    ending : host.judge.ending.Ending
    contract : host.judge.contract.Contract
    results : dict
        facet -> host.judge.result.Result, its ``announced`` filled in.
    """

    ending: object
    contract: object
    results: dict

    @property
    def lost(self):
        """The facets that were lost, of those that decide."""
        decide = {*self.contract.relevant, *facets.owed()}
        return [f for f, result in self.results.items() if result.lost and f in decide]

    @property
    def purposes(self):
        """What the use is for, of what it rests on."""
        return [f for f in self.contract.relevant if f in facets.purposes()]

    @property
    def compared(self):
        """The facets that were compared, of those that the use rests on."""
        results = self.results
        return [f for f in self.contract.relevant if f in results and results[f].status != "not_compared"]

    @property
    def proved(self):
        """The facets that came out of the artifact intact."""
        return [f for f in self.contract.from_artifact if f in self.results and self.results[f].intact]

    def besides(self):
        """The promised facets that were lost before a failure: a first error must not hide a second loss."""
        return [f for f, result in self.results.items() if result.lost and f in self.contract.promised]


def decide(case):
    """(verdict, reason in a sentence) of a Case."""
    return next(filter(None, (rule(case) for rule in RULES)))


def _no_fault_of_the_path(case):
    ending = case.ending
    if ending.outcome not in NO_FAULT_OF_THE_PATH:
        return None
    verdict, reason = NO_FAULT_OF_THE_PATH[ending.outcome]
    return verdict, reason.format(message=((ending.error or {}).get("message") or "")[:300])


def _failed(case):
    """What the user's code supplies is no promise to read a file that nobody promised to read."""
    ending, contract = case.ending, case.contract
    if not ending.failed:
        return None
    expected = [f for f in contract.relevant if f in contract.must_run and f not in facets.owed()]
    if ending.stage == "use":
        expected = [f for f in expected if f in facets.shown_by_use()]
    words = f"It {FAILURES[ending.outcome]} at stage {ending.stage}"
    if not expected or not (contract.from_artifact & contract.must_run or ending.stage == "save"):
        return "not_promised", f"{words}; nothing had been promised here."
    besides = case.besides()
    also = f" Besides, of what was loaded, this was lost: {', '.join(besides)}." if besides else ""
    return "broken", f"{words}, though {', '.join(expected)} had been promised.{also}"


def _promise_broken(case):
    broken = [f for f in case.lost if f in case.contract.promised]
    if not broken:
        return None
    silent = [f for f in broken if not case.results[f].announced]
    named = ", ".join(_base(silent or broken))
    if silent:
        return "silent_loss", f"Wrong, though promised, and nothing was said: {named}."
    return "degraded", f"Lost, though promised, and announced by a warning: {named}."


def _base(names):
    """The facets without those that follow from others, where there are any."""
    return [f for f in names if f not in facets.derived()] or names


def _purpose_lost(case):
    """A loss that nobody promised: it decides where it is what the use is for, or where the purpose has no promise."""
    reached = [f for f in case.purposes if f in case.results]
    if case.lost and (set(reached) & set(case.lost) or not set(reached) <= set(case.contract.promised)):
        return "not_promised", f"Lost, and no documentation promises it: {', '.join(case.lost)}."
    return None


def _nothing_promised(case):
    if not case.proved and not set(case.contract.relevant) & set(case.contract.promised):
        return "not_promised", "Nothing that this use needs was promised."
    return None


def _unproved(case):
    wanted = [f for f in case.purposes if f in case.contract.promised]
    if not case.proved or not set(wanted) <= set(case.compared):
        return "unproved", "Nothing that came out of the artifact was compared: no proof either way."
    return None


def _kept(case):
    intact = [f for f in case.compared if f in case.contract.promised]
    if not intact:
        return "kept", f"Nothing was promised here, and all is intact: {', '.join(case.compared)}."
    return "kept", f"All that was promised is intact: {', '.join(intact)}."


RULES = (_no_fault_of_the_path, _failed, _promise_broken, _purpose_lost, _nothing_promised, _unproved, _kept)
