"""All verdicts of a question as ways: those with the same result together, the best first."""

import collections

from host.upgrade.results import gravity, result
from roundtrip import members

Way = collections.namedtuple("Way", ("via", "via_loader", "via_format", "consumer", "loader"))
#: kinds of ways, in the order in which they are preferred where they keep the same
STRAIGHT, BRIDGE, ELSEWHERE = KINDS = ("straight", "bridge", "elsewhere")
#: statuses that show nothing of a way
NO_ANSWER = ("unproved", "not_applicable", "not_run")


def kind(way, question):
    """Whether a way leads straight to the target, by a bridge, or into another runtime of its environment."""
    if way.via:
        return BRIDGE
    return STRAIGHT if way.consumer == question["to"] else ELSEWHERE


def ways(verdicts):
    """{Way: {model: (verdict's cell, result)}} of all verdicts."""
    by_way = {}
    for verdict in verdicts:
        way = Way(*(verdict["cell"].get(axis, "") for axis in Way._fields))
        by_way.setdefault(way, {})[verdict["cell"]["model"]] = result(verdict)
    return by_way


def groups(by_way, question):
    """[[(Way, {model: result})]]: ways into one runtime with the same result together; the best group and way first."""
    alike = {}
    for way, results in by_way.items():
        alike.setdefault((way.consumer, signature(results)), []).append((way, results))
    inside = [sorted(group, key=lambda entry: rank(*entry, question)) for group in alike.values()]
    return sorted(inside, key=lambda group: rank(*group[0], question))


def signature(results):
    """What makes the results of two ways the same."""
    keys = ("status", "loses", "wholly", "not_compared", "stage", "error")
    return tuple((model, *(str(r[key]) for key in keys)) for model, r in sorted(results.items()))


def rank(way, results, question):
    """The sort key of a way: models that keep everything, models that get something, what they lose, kind, simplicity.

    A way that leaves a model out, because its members do not fit the model, gives it nothing.
    """
    statuses = collections.Counter(r["status"] for r in results.values())
    lost = [sum(column) for column in zip(*map(gravity, results.values()), strict=True)]
    order = KINDS.index(kind(way, question))
    nothing = sum(statuses[status] for status in NO_ANSWER)
    return -statuses["works"], -statuses["loses"], nothing, lost, order, simplicity(way, question)


def simplicity(way, question):
    """The sort key of ways with the same result: trust, the fewest environments, least code, the shortest name."""
    loader = members.member("loaders", way.loader)
    target = question["to"].rpartition("-")[0]
    environments = {way.via.rpartition("-")[0], target} if way.via else {target}
    trusted = "trusted" in loader.WANTS
    rescues = [members.member("loaders", name).RESCUES for name in (way.via_loader, way.loader) if name]
    code = len(loader.SUPPLIES), sum(rescues), loader.BUILDS_OPTIMIZER
    return trusted, len(environments), *code, len(loader.TITLE), way
