"""The whole answer as one dict, which text, page and JSON show (config/schemas/upgrade.schema.yaml)."""

from host.reproduce import sources
from host.upgrade import code, runtimes, sentences
from host.upgrade.recommend import Recommendation
from host.upgrade.results import STATUSES
from host.upgrade.ways import BRIDGE, ELSEWHERE, STRAIGHT, groups, kind, ways
from roundtrip import members

VERSION = "1.0"
#: at most so many ways are shown; the rest is folded
SHOWN = 5


def answer(question, verdicts, environments):
    """The answer as plain JSON.

    Parameters
    ----------
    question : dict
        As host.upgrade.question.question returns it.
    verdicts : list of dict
        Those of its straight ways and bridges.
    environments : dict
        {id: environment, as envs/ declares it} of every runtime in the question and the verdicts.
    """
    cells = [verdict["cell"] for verdict in verdicts]
    ids = {question["from"], question["to"], *(cell["consumer"] for cell in cells)}
    ids |= {cell["via"] for cell in cells if cell.get("via")}
    named = {id_: runtimes.described(id_, environments) for id_ in sorted(ids)}
    found = groups(ways(verdicts), question)
    describe = Describer(question, named, environments)
    case, said = Recommendation(found, question, {id_: facts["name"] for id_, facts in named.items()}).made()
    listed = [describe.group(group) for group in found]
    shown = [{**way, "code": describe.code(group)} for way, group in zip(listed[:SHOWN], found, strict=False)]
    return {
        "schema_version": VERSION,
        "question": describe.asked(),
        "answer": {"case": case, "sentences": said, "way": 0 if takes(shown) else None},
        "counts": counts(found, question),
        "runtimes": named,
        "ways": shown,
        "more": listed[SHOWN:],
    }


def takes(shown):
    """Whether the first way is one that a user can take: something comes back on it."""
    return bool(shown) and any(r["status"] in ("works", "loses") for r in shown[0]["models"].values())


def counts(found, question):
    """How many ways there are of each kind, and how many models each status has, over all ways."""
    every = [entry for group in found for entry in group]
    kinds = [kind(way, question) for way, _ in every]
    statuses = [result["status"] for _, results in every for result in results.values()]
    return {
        "ways": len(every),
        "kinds": {name: kinds.count(name) for name in (STRAIGHT, BRIDGE, ELSEWHERE)},
        "statuses": {name: statuses.count(name) for name in STATUSES},
    }


class Describer:
    """Describes the question and its ways.

    Parameters
    ----------
    question, environments : dict
    named : dict
        {id of a runtime: host.upgrade.runtimes.described}.
    """

    def __init__(self, question, named, environments):
        self.question, self.named, self.environments = question, named, environments

    def asked(self):
        question = self.question
        fmt, use = (members.member(f"{kind_}s", question[kind_]).TITLE for kind_ in ("format", "use"))
        start, end = (self.named[question[key]]["name"] for key in ("from", "to"))
        words = f"{sentences.capital(fmt)}, written by {start}: {use} in {end}"
        keys = ("from", "to", "format", "use", "models")
        return {**{key: question[key] for key in keys}, "words": words}

    def group(self, group):
        """A group of ways with the same result: the first one, and the titles of the others."""
        way, results = group[0]
        return {
            "title": self.title(way),
            "kind": kind(way, self.question),
            "steps": self.steps(way),
            "sentence": sentences.of_models(results),
            "keeps_everything_for": [model for model, r in sorted(results.items()) if r["status"] == "works"],
            "models": results,
            "same": [self.title(other) for other, _ in group[1:]],
            "code": None,
        }

    def title(self, way):
        last = f"{self.named[way.consumer]['name']}: {members.member('loaders', way.loader).TITLE}"
        if not way.via:
            return last
        again = members.member("formats", way.via_format).TITLE
        return f"{self.named[way.via]['name']}, saved again ({again}), then {last}"

    def steps(self, way):
        """[{"runtime", "loader", "format" that is read, "saves" again or None}] of a way."""
        last = {"runtime": way.consumer, "loader": way.loader, "format": self.question["format"], "saves": None}
        if not way.via:
            return [last]
        first = {**last, "runtime": way.via, "loader": way.via_loader, "saves": way.via_format}
        return [first, {**last, "format": way.via_format}]

    def code(self, group):
        """[{"runtime", "python", "pip", "lines" or None, "yours"}] of the first way's steps."""
        own = any(map(self.has_custom_objects, group[0][1]))
        return [self._step(step, own) for step in self.steps(group[0][0])]

    def _step(self, step, own):
        facts = self.named[step["runtime"]]
        writer = code.Writer(self.environments[facts["environment"]], facts["api"], own)
        if step["saves"]:
            lines = writer.saving_again(step["format"], step["loader"], step["saves"])
        else:
            lines = writer.loading(step["format"], step["loader"], self.question["use"])
        keys = {key: facts[key] for key in ("name", "python", "pip")}
        builds = ", ".join(self.question.get("builds", {}).values())
        return {"runtime": step["runtime"], **keys, "lines": lines, "yours": code.yours(lines or [], builds)}

    def has_custom_objects(self, model):
        """Whether a model has classes or functions of its own; one that the user brings may."""
        if model in members.names("models"):
            return sources.has(f"roundtrip.models.{model}", "custom_objects")
        return model in self.question.get("custom", [model])
