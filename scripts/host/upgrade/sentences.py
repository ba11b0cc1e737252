"""The sentences of a way: what it keeps, what it loses, how it fails."""

from host.judge import facets
from host.judge import sentences as judged
from host.upgrade.results import STATUSES

#: lost facet -> what that means for a user
MEANS = {
    "architecture": "the model has another architecture",
    "weights": "the weights are wrong",
    "non_trainable_state": "other state of the layers (averages, counters) is wrong",
    "predictions": "the predictions differ",
    "evaluation": "the evaluation differs",
    "optimizer_config": "the optimizer has other arguments",
    "optimizer_state": "a part of the optimizer's state is lost",
    "compile_config": "the loss or the metrics are others",
    "resume_trajectory": "training goes on in another way",
    "rng_state": "the random seeds start anew",
    "graph_rewrite": "the rewrite of the graph is lost",
    "signatures": "the signatures differ",
    "http_answers": "the server's answers differ",
    "files": "the artifact has not the files that it should have",
    "live_model": "saving changes the model that is being trained",
}
#: the same where nothing of the facet came back
MEANS_WHOLLY = {"optimizer_state": "the optimizer starts anew"}


def listed(items):
    """``a``, ``a and b``, ``a, b and c``."""
    items = list(items)
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)


def names(ids):
    """``the weights and the optimizer state``."""
    return listed(f"the {facets.every()[id_].NAME}" for id_ in ids)


def means(result):
    """What the losses of a result mean, in one clause."""
    return listed(MEANS_WHOLLY[n] if n in result["wholly"] and n in MEANS_WHOLLY else MEANS[n] for n in result["loses"])


def of_result(result):
    """The sentences of one model's result on a way."""
    return " ".join(filter(None, SENTENCES[result["status"]](result)))


def _works(result):
    what = f"Keeps everything: {names(result['keeps'])}." if result["keeps"] else "Keeps everything."
    return what, _code(result), _not_compared(result)


def _loses(result):
    kept = names(result["keeps"])
    losing = capital(means(result))
    silent = "" if result["announced"] else ", and no message says so"
    return f"Keeps {kept}." if kept else "", f"{losing}{silent}.", _code(result), _not_compared(result)


def _fails(result):
    before = f" Before that, this was lost: {judged.names(result['loses'])}." if result["loses"] else ""
    error = f" {': '.join(filter(None, (result['error'], result['message'])))}" if result["error"] else ""
    step = judged.AT.get(result["stage"], f"The stage {result['stage']}")
    return (f"{step} {judged.DOES.get(result['outcome'], 'fails')}.{before}{error}",)


def _nothing(result):
    return f"{capital(STATUSES[result['status']])}.", result["reason"]


def _code(result):
    return f"Your code supplies {names(result['from_code'])}." if result["from_code"] else ""


def _not_compared(result):
    return f"Not compared: {judged.names(result['not_compared'])}." if result["not_compared"] else ""


SENTENCES = {
    "works": _works,
    "loses": _loses,
    "fails": _fails,
    "unproved": _nothing,
    "not_applicable": _nothing,
    "not_run": _nothing,
}


def of_models(results):
    """The sentences of all models on a way; models with the same sentence together."""
    by_sentence = {}
    for model, result in sorted(results.items()):
        by_sentence.setdefault(of_result(result), []).append(model)
    if len(by_sentence) == 1:
        return next(iter(by_sentence))
    return " ".join(f"{listed(models)}: {sentence}" for sentence, models in by_sentence.items())


def capital(text):
    return text[:1].upper() + text[1:]


def amount(number, word):
    """``1 way``, ``2 ways``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
