"""Judge how one route reads an artifact that the user brings, by the rules of all verdicts (host.judge.verdict).

There is no reference run. Outputs are held against the expectation in the configuration, else against what most routes
agree on; weights, optimizer and compile arguments against what the file itself states. What a route gives must be
right. That it gives anything at all is promised only where the format's contract covers the reader.

    PYTHONPATH=scripts python -m host.judge.brought CELL --manifest JSON --observed JSON [JSON ...] --versions A B
        --out JSON
"""

import argparse
import dataclasses
import pathlib
import sys

from host.judge import agreement, cause, facets, held_against_file, of_user, records, verdict
from host.judge.brought_path import BroughtPath
from host.judge.brought_verdict import DENIED, NONDETERMINISTIC, of_failure, to_json
from host.judge.contract import Contract, promises, withdrawals
from host.judge.ending import FAILED, Ending
from host.judge.messages import announcing, relevant_messages
from host.judge.result import not_compared, not_reached
from host.select.cells import AXES, Cell
from roundtrip import denial
from roundtrip.record import read_json


def judge(cell, files, versions):
    """The verdict of a cell as plain JSON (roundtrip.records.VERDICT).

    Parameters
    ----------
    cell : host.select.cells.Cell
    files : dict
        Paths: ``manifest``, and ``observed``, a list with those of every cell of the artifact.
    versions : (str, str)
        Of the consumer's Keras and TensorFlow.
    """
    manifest = records.read("manifest", files["manifest"])
    records.belongs(manifest, dict(list(cell._asdict().items())[:4]), files["manifest"])
    folder = pathlib.Path(files["manifest"]).parent
    records.refuse_changed(manifest, files["manifest"])
    item, about = read_json(str(folder / "item.json")), manifest["brought"]
    readings = [agreement.Reading(path) for path in files["observed"]]
    mine = next(r for r in readings if (r.consumer, r.loader, r.use) == tuple(cell[4:]))
    case = Judged(cell, item, about, mine, [r for r in readings if r.use == cell.use])
    case.conclude(BroughtPath.of(cell, about, versions), folder)
    return to_json(case, manifest)


class Judged:
    """One cell on its way to a verdict."""

    def __init__(self, cell, item, about, mine, readings):
        self.cell, self.item, self.about, self.mine, self.readings = cell, item, about, mine, readings
        self.tolerance = agreement.Tolerance(item.get("tolerance"))

    def conclude(self, path, folder):
        """Compare, and decide."""
        self.path, facts = path, self.mine.facts
        self.messages = relevant_messages(facts["diagnostics"])
        self.ending = self._ending()
        results = self._results(folder) if self.mine.loaded else {}
        if self.ending.failed:
            results = {**{f: not_reached() for f in path.use.COMPARES if f in held_against_file.HELD}, **results}
        for facet, result in results.items():
            result.announced = announcing(facet, self.messages) if result.lost else []
        self.results = {f: results[f] for f in facets.every() if f in results}
        self.cause = self._cause()
        self.contract = self._contract()
        self.verdict, self.reason = self._decide()

    def _ending(self):
        """Where the path ended; a failure while inputs were tried is one for want of inputs."""
        facts = self.mine.facts
        if facts["outcome"] == "denied":
            return Ending("denied", facts["error"]["stage"], facts)
        if facts["outcome"] == "loaded" and self._refused_what_others_take():
            error = {"stage": "use", "type": "Refused", "traceback": "", "message": facts["tried"][-1]["error"]}
            return Ending("refused", "use", {**facts, "error": error})
        if facts["outcome"] not in FAILED:
            return Ending(facts["outcome"], None, facts)
        stage = (facts.get("error") or {}).get("stage") or "load"
        if of_user.is_code(facts):
            return Ending("user_code", stage, facts)
        if stage == "inputs":
            return Ending("loaded", None, facts)
        return Ending(facts["outcome"], "load" if stage == "open" else stage, facts)

    def _refused_what_others_take(self):
        """Whether other routes run with made-up inputs that this one refused."""
        facts = self.mine.facts
        if "inputs_needed" not in facts or facts.get("inputs_are") != "made up":
            return False
        refused = [sorted(t["inputs"]) for t in facts.get("tried") or []]
        return any(r.outputs and sorted(r.inputs) in refused for r in self.readings)

    def _results(self, folder):
        mine, about = self.mine, self.about
        found = {
            "architecture": held_against_file.architecture(mine, about),
            "weights": held_against_file.weights(mine),
            "compile_config": held_against_file.compile_config(mine, about),
            "optimizer_config": held_against_file.optimizer_config(mine, about),
            "optimizer_state": held_against_file.optimizer_state(mine),
            "resume_trajectory": held_against_file.one_step(mine),
            "predictions": self._predictions(folder),
        }
        return {facet: result for facet, result in found.items() if result is not None}

    def _predictions(self, folder):
        mine = self.mine
        if mine.facts.get("inputs_needed"):
            return not_compared(f"inputs are needed: {mine.facts['inputs_needed']}")
        if not mine.outputs:
            return not_compared(mine.facts.get("not_called") or "this route runs no model")
        if not mine.steady:
            return not_compared(NONDETERMINISTIC.format(", ".join(mine.facts["not_repeated"])))
        expected = agreement.given(self.item, folder)
        if expected:
            return agreement.compare(expected, mine.values(), self.tolerance, "the given expectation", partly=True)
        right = {r.id for r in self.readings if r.loaded and held_against_file.weights(r).intact}
        expected, against = agreement.majority(mine, self.readings, self.tolerance, right)
        if expected is None:
            return not_compared(against)
        return agreement.compare(expected, mine.values(), self.tolerance, against)

    def _cause(self):
        """The host.judge.cause.Cause of a failure; None if there is none, or none is known."""
        if not self.ending.failed:
            return None
        given = bool(self.item.get("custom_objects"))
        models = not given and any(r.loaded and "layers" in r.facts for r in self.readings)
        return cause.of(self.ending.error, {**self.about, "custom_given": given}, models)

    def _contract(self):
        """What is promised: of a load that failed by the contract; of one that gave something, what it gives."""
        path, owed = self.path, facets.owed()
        at_home = promises(dataclasses.replace(path, crossing="same"))
        covered = {} if self.cause and self.cause.withdraws else promises(path)
        covered = {f: link for f, link in covered.items() if f not in owed}
        at_home = {f: link or path.loader.LINK for f, link in at_home.items() if f not in owed}
        compared = {f for f, result in self.results.items() if result.compared_at_all}
        given = {f: at_home.get(f) or path.loader.LINK for f in (*at_home, "predictions") if f in compared}
        given = given or {"predictions": path.loader.LINK}  # nothing could be compared: that is no proof
        if "resume_trajectory" in self.results and not compared & {"resume_trajectory", "optimizer_state"}:
            given["resume_trajectory"] = path.loader.LINK  # a step of fit ran, and from where is not known: no proof
        if self._agrees():
            given.pop("architecture", None)  # majors of Keras describe the same layers in their own ways
        return Contract(
            promised=covered if self.ending.failed else given,
            withdrawn=withdrawals(path),
            must_run=frozenset(covered),
            from_artifact=frozenset(f for f in {*at_home, "predictions"} if f in path.use.COMPARES),
            relevant=tuple(f for f in path.use.COMPARES if f != "architecture" or "architecture" in given),
        )

    def _agrees(self):
        """Whether weights or predictions are intact, and neither is lost."""
        found = [self.results[f] for f in ("weights", "predictions") if f in self.results]
        return any(r.intact for r in found) and not any(r.lost for r in found)

    def _decide(self):
        if self.ending.outcome == "denied":
            lines = self.ending.error["message"].strip().splitlines() or [self.ending.error["type"]]
            return "unproved", DENIED.format(next(filter(denial.speaks, lines), lines[0]).strip()[:300])
        changing = self.mine.facts.get("not_repeated")
        if self.ending.outcome == "loaded" and changing and not self.item.get("expected"):
            if not any(r.lost for f, r in self.results.items() if f in self.contract.relevant):
                return "nondeterministic", NONDETERMINISTIC.format(", ".join(changing))
        judged, reason = verdict.decide(verdict.Case(self.ending, self.contract, self.results))
        return judged, " ".join(filter(None, (reason, self._why(judged), self.about["note"])))

    def _why(self, judged):
        """The sentences after the reason: the cause, what was held against what, and what is missing for a proof."""
        if self.ending.failed:
            return of_failure(self)
        predictions = self.results.get("predictions")
        if predictions is None or "predictions" not in self.path.use.COMPARES:
            return ""
        if predictions.compared_at_all:
            return f"The outputs are held {predictions.detail[0]}." if predictions.detail else ""
        return f"Outputs: {predictions.detail[0]}."


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cell", help="/".join(AXES))
    parser.add_argument("--manifest", required=True, metavar="JSON")
    parser.add_argument("--observed", required=True, nargs="+", metavar="JSON", help="of every cell of the artifact")
    parser.add_argument("--versions", required=True, nargs=2, help="the consumer's versions of Keras and TensorFlow")
    parser.add_argument("--out", required=True, metavar="JSON")
    args = parser.parse_args(argv)
    cell, files = Cell(*args.cell.split("/")), {"manifest": args.manifest, "observed": args.observed}
    return records.write_verdict(args.out, lambda: judge(cell, files, tuple(args.versions)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
