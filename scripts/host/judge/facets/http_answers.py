"""The answers of a server over HTTP: right ones, clear refusals, none lost when it is told to stop."""

from host.judge.trees import compare_json

ORDER = 115
MEANING = "What a server answers over HTTP: results, alone and at once; refusals of wrong requests; the end."
MUST_BE = "equal"
SHOWN_BY_USE = True
PURPOSE = True


def compare(pair):
    if "http" not in pair.observed:
        return None
    return compare_json(pair.observed["http"]["expected"], pair.observed["http"]["found"])
