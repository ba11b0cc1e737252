"""The first sentences of the answer: the way to take, or that there is none."""

from host.judge import facets
from host.judge import sentences as judged
from host.upgrade import sentences
from host.upgrade.ways import BRIDGE, ELSEWHERE, NO_ANSWER, kind
from roundtrip import members

#: no loss that a user sees in a model's numbers, and the only one of many models with dropout
RANDOM = facets.every()["rng_state"].NAME


class Recommendation:
    """Chooses the first sentences for the groups of a question.

    Parameters
    ----------
    groups : list
        As host.upgrade.ways.groups returns them.
    question : dict
    names : dict
        {id of a runtime: what it is called}.
    """

    def __init__(self, groups, question, names):
        self.groups, self.question, self.names, self.models = groups, question, names, question["models"]
        self.target = names[question["to"]]

    def made(self):
        """(case, sentences): the first case that applies."""
        return next(filter(None, (case(self) for case in CASES)))

    def keeping(self, group):
        """The models for which a group keeps everything."""
        return [m for m in self.models if group[0][1].get(m, {}).get("status") == "works"]

    def phrase(self, group):
        """What a user does on a way: ``Use tf_keras 2.21.0 (load_model)``."""
        way = group[0][0]
        title = members.member("loaders", way.loader).TITLE
        if kind(way, self.question) != BRIDGE:
            return f"Use {self.names[way.consumer]} ({title})"
        first = members.member("loaders", way.via_loader).TITLE
        again = members.member("formats", way.via_format).TITLE
        return (
            f"Go through {self.names[way.via]}: load it there ({first}), save it again ({again}), and read that in"
            f" {self.names[way.consumer]} ({title})"
        )

    def into_target(self):
        """What the target itself gives, where another runtime keeps more."""
        inside = [group for group in self.groups if group[0][0].consumer == self.question["to"]]
        results = list(inside[0][0][1].values()) if inside else []
        some = [result for result in results if result["status"] == "loses"]
        if some and len({sentences.of_result(result) for result in some}) == 1 and len(some) == len(self.models):
            return f"In {self.target} {gives(some[0])}"
        if some:
            return f"In {self.target} no way keeps everything."
        return f"No way into {self.target} works." if inside else f"No way leads into {self.target}."


def gives(result):
    """``you get the weights; the optimizer starts anew.``"""
    kept = sentences.names(result["keeps"])
    return f"{f'you get {kept}; ' if kept else ''}{sentences.means(result)}."


def everything(results):
    """``keeps everything``, or what could not be compared."""
    missing = sorted({name for result in results for name in result["not_compared"]})
    return f"keeps all that could be compared ({judged.names(missing)} could not)" if missing else "keeps everything"


def no_way(asked):
    if asked.groups:
        return None
    start, fmt = asked.names[asked.question["from"]], members.member("formats", asked.question["format"]).TITLE
    return "no_way", [
        f"There is no way to try: nothing in {asked.target} reads {fmt} of {start}, straight or by a bridge."
    ]


def nothing_shown(asked):
    results = [result for group in asked.groups for _, models in group for result in models.values()]
    if not {result["status"] for result in results} <= set(NO_ANSWER):
        return None
    if all(result["status"] == "not_run" for result in results):
        return "not_run", ["Nothing was run, so nothing is known.", results[0]["reason"]]
    return "unproved", ["Nothing was proved, so nothing is recommended.", results[0]["reason"]]


def kept(asked):
    best = asked.groups[0]
    if len(asked.keeping(best)) < len(asked.models):
        return None
    way, results = best[0]
    found = kind(way, asked.question)
    colon = ":" if found != BRIDGE else ". This way"
    subject = "it " if found != BRIDGE else ""
    first = f"{asked.phrase(best)}{colon} {subject}{everything(results.values())}."
    return found, [first, asked.into_target()] if found == ELSEWHERE else [first]


def disagree(asked):
    best = asked.groups[0]
    rest = [model for model in asked.models if model not in asked.keeping(best)]
    if len(rest) == len(asked.models):
        return None
    said = [f"No way keeps everything for all {len(asked.models)} models."]
    for group in asked.groups:
        here = [model for model in asked.keeping(group) if group is best or model in rest]
        if here:
            count = f"{len(asked.keeping(group))} of {len(asked.models)}"
            said.append(f"{asked.phrase(group)} for {sentences.listed(here)}: everything is kept there, for {count}.")
            rest = [model for model in rest if model not in here]
    if rest:
        said.append(f"For {sentences.listed(rest)} no way keeps everything.")
    return "disagree", said


def partly(asked):
    best = asked.groups[0]
    results = best[0][1]
    if not any(result["status"] == "loses" for result in results.values()):
        return None
    elsewhere = [asked.into_target()] if kind(best[0][0], asked.question) == ELSEWHERE else []
    if len(results) == len(asked.models) and all(result["loses"] == ["rng_state"] for result in results.values()):
        return "partly", [f"{asked.phrase(best)}: it keeps everything but the {RANDOM}, which starts anew.", *elsewhere]
    same = len({sentences.of_result(result) for result in results.values()}) == 1
    what = gives(next(iter(results.values()))) if same else sentences.of_models(results)
    return "partly", ["No way keeps everything.", f"{asked.phrase(best)}: {what}", *elsewhere]


def failing(asked):
    number = sum(len(group) for group in asked.groups)
    nearest = asked.groups[0]
    some = any(r["status"] in NO_ANSWER for group in asked.groups for _, models in group for r in models.values())
    first = "No way is known to work" if some else "No way works"
    tried = f"each of the {number} ways that were run fails" if number > 1 else "the only one that was run fails"
    return "none", [f"{first}: {tried}.", f"{asked.phrase(nearest)}: {sentences.of_models(nearest[0][1])}"]


#: what may be the case, tried in this order
CASES = (no_way, nothing_shown, kept, disagree, partly, failing)
