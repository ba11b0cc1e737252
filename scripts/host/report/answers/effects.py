"""What happens in one cell, for a reader who wants to resume, evaluate, predict or serve: it works, or what is lost.

A promise plays no part here: lost is lost. The promise is told beside it (``fields``).
"""

from typing import NamedTuple

from host.judge import facets
from host.report import words
from roundtrip import members

#: the four uses that people ask for -> how the question is asked
USES = {"resume": "resume training", "evaluate": "evaluate", "inference": "predict", "serve": "serve"}

FAILS, LOSES, RANDOM, WORKS = "fails", "loses", "random", "works"
#: the worst first
KINDS = (FAILS, LOSES, RANDOM, WORKS)

#: facet -> what its loss does; the first one that is lost names the effect
LOSS = {
    "weights": "loses weights",
    "non_trainable_state": "loses the state of layers",
    "graph_rewrite": "loses the rewritten graph",
    "optimizer_state": "loses the optimizer state",
    "optimizer_config": "changes the optimizer's arguments",
    "compile_config": "changes the loss or the metrics",
    "architecture": "changes the layers",
    "signatures": "changes the signatures",
    "predictions": "predicts other values",
    "evaluation": "evaluates to other values",
    "resume_trajectory": "trains differently",
    "http_answers": "answers with other values",
    "files": "leaves other files behind",
    "live_model": "changes the model that it saves",
    "rng_state": "restarts the random state",
}
#: stage -> use -> what fails
STAGES = {"train": "cannot be saved", "save": "cannot be saved", "load": "does not load"}
AT_USE = {
    "resume": "fails when training goes on",
    "evaluate": "fails at evaluation",
    "inference": "fails at prediction",
    "serve": "fails when it is called",
}
ENDED = {"crashed": "kills the process", "timeout": "does not end", "out_of_memory": "runs out of memory"}


class Effect(NamedTuple):
    """What happens in a cell.

    Parameters
    ----------
    kind : str
        One of KINDS.
    words : str
        What happens, as the end of a sentence: ``silently loses the optimizer state``.
    silent : bool
        Whether something is lost, and no message says so.
    promised : bool
        Whether the documentation promises what the use is for.
    """

    kind: str
    words: str
    silent: bool = False
    promised: bool = False


def effect(cell):
    """The Effect of a judged cell; None if the cell does not tell: it was not run, nothing was proved."""
    use = cell["cell"]["use"]
    if words.verdict(cell["verdict"]).kind == words.NO_PROOF or cell["verdict"] == "not_applicable":
        return None
    results = cell.get("facets") or {}
    promised = _promised(use, results)
    if _failed(cell):
        return Effect(FAILS, _failure(cell, use), promised=promised)
    lost = [f for f in cell["lost"] if f in LOSS]
    if not lost or words.verdict(cell["verdict"]).kind == words.GOOD:
        return Effect(WORKS, "works", promised=promised)
    return _loss(lost, results, promised)


def _promised(use, results):
    """Whether the documentation promises what the use is for, as far as the model has it."""
    purposes = [f for f in members.member("uses", use).COMPARES if f in facets.purposes()]
    concerned = [results[f] for f in purposes if f in results and results[f].get("status") != "not_compared"]
    return bool(concerned) and all(result.get("promised") for result in concerned)


def _failed(cell):
    return cell.get("stage") is not None and cell.get("outcome") not in ("loaded", "loaded_with_warnings")


def _failure(cell, use):
    if cell["outcome"] in ENDED:
        return ENDED[cell["outcome"]]
    return STAGES.get(cell["stage"]) or AT_USE.get(use, "fails in use")


def _loss(lost, results, promised):
    base = [f for f in lost if f not in facets.derived()] or lost
    if facets.first_lost(lost) == ["rng_state"]:
        return Effect(RANDOM, LOSS["rng_state"], promised=promised)
    silent = not any((results[f] or {}).get("announced") for f in lost)
    first = min(base, key=list(LOSS).index)
    return Effect(LOSES, f"silently {LOSS[first]}" if silent else f"{LOSS[first]}, and warns", silent, promised)
