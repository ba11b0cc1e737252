"""The answers of a server over HTTP: correct results, clear refusals, and no lost answer when it is stopped."""

from host.judge.trees import compare_json

ORDER = 115
NAME = "answers over HTTP"
MEANING = "What a server answers over HTTP: results of single and concurrent requests, refusals, the shutdown."
MUST_BE = "equal"
SHOWN_BY_USE = True
PURPOSE = True


def compare(pair):
    if "http" not in pair.observed:
        return None
    return compare_json(pair.observed["http"]["expected"], pair.observed["http"]["found"])
