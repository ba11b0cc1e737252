"""Judge one path: compare the observation with the reference, facet by facet, and write verdict.json.

PYTHONPATH=scripts python -m host.judge.verify CELL --versions A B --crossing WORD
    --reference JSON --manifest JSON --observed JSON --out JSON
"""

import argparse
import sys

from host.judge import facets, of_user, records, unreached, verdict
from host.judge.alignment import Pair
from host.judge.contract import Contract, Path
from host.judge.ending import Ending
from host.judge.facets.files import explained
from host.judge.messages import announcing, relevant_messages
from host.select.cells import AXES, KINDS, Cell
from roundtrip.records.seal import KEY


def verify(path, files, cell=None):
    """The verdict of a path as plain JSON (roundtrip.records.VERDICT describes each key).

    Parameters
    ----------
    path : host.judge.contract.Path
    files : host.judge.records.Files
    cell : dict or None
        The axes that the records must state; None: those of the path's cell. A bridge has more.

    Raises host.judge.records.RecordError if a record belongs to another path.
    """
    cell = cell or path.cell._asdict()
    read = of_user.with_own_reference(records.Records.read(files, cell))
    contract, ending = Contract.of(path), of_user.ending(read, path) or Ending.of(read, path)
    messages = relevant_messages(ending.record["diagnostics"])
    results = facets.compare_all(Pair(read, path)) if ending.reached_use else {}
    if ending.failed:
        results = {**unreached.results(read, path, contract.relevant), **results}
    for facet, result in results.items():
        result.announced = announcing(facet, messages) if result.lost else []
    judged, reason = verdict.decide(verdict.Case(ending, contract, results))
    if path.brought:
        reason = " ".join([reason, *of_user.notes(read, path)])
    return {
        "cell": cell,
        "crossing": path.crossing,
        "verdict": judged,
        "reason": reason,
        "traits": sorted(path.traits),
        "records": {kind: getattr(read, kind)[KEY] for kind in ("reference", "manifest", "observed")},
        "promised": contract.promised,
        "facets": {f: _facet(f, results[f], contract, ending) for f in facets.every() if f in results},
        **_what_happened(ending, messages),
        **_evidence(read, path),
        "trajectory": _curves(read) if ending.reached_use else None,
    }


def _facet(facet, result, contract, ending):
    """A facet of verdict.json: its result and its promise.

    After a failure, all facets that the use rests on are relevant, directly or indirectly.
    """
    relevant = {*contract.relevant, *facets.owed()}
    if ending.failed:
        relevant |= {root for f in contract.relevant for root in facets.roots(f)}
    return {
        **result.to_json(),
        "promised": facet in contract.promised,
        "link": contract.promised.get(facet) or contract.withdrawn.get(facet),
        "relevant": facet in relevant,
    }


def _what_happened(ending, messages):
    warned = ending.outcome == "loaded" and messages
    return {
        "outcome": "loaded_with_warnings" if warned else ending.outcome,
        "stage": ending.stage,
        "error": ending.error,
        "warnings": messages,
    }


def _evidence(read, path):
    """What the report shows besides the facets: titles, files, notes, seconds of each step, memory."""
    seconds = {**read.manifest["seconds"], **read.observed["seconds"]}
    peaks = [step["usage"]["peak_mb"] for step in (read.manifest, read.observed) if "usage" in step]
    return {
        "titles": {axis: getattr(path, {"format": "fmt"}.get(axis, axis)).TITLE for axis in KINDS},
        "files": explained(read.manifest.get("files", ()), path.fmt),
        "notes": read.observed.get("notes", {}),
        "seconds": seconds,
        "peak_memory_mb": max(peaks, default=None),
    }


def _curves(read):
    """The batch logs of both runs; None if training was not resumed, or does not repeat."""
    if "trajectory" not in read.observed or "trajectory" not in read.reference:
        return None
    reference, observed = read.reference["trajectory"], read.observed["trajectory"]
    return {
        "names": reference["names"],
        "reference": read.arrays[0][reference].tolist(),
        "observed": read.arrays[1][observed].tolist(),
    }


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cell", help="/".join(AXES))
    for name in ("reference", "manifest", "observed", "out"):
        parser.add_argument(f"--{name}", required=True, metavar="JSON")
    parser.add_argument("--crossing", default="same", help="what lies between the two runtimes (see pairs.crossing)")
    parser.add_argument("--subject", metavar="JSON", help="of a model that the user brings")
    parser.add_argument("--versions", required=True, nargs=2, help="Keras versions of the producer and the consumer")
    args = parser.parse_args(argv)
    files = records.Files(args.reference, args.manifest, args.observed)

    def judge():
        brought = of_user.read(args.subject, files) if args.subject else None
        return verify(Path(Cell(*args.cell.split("/")), tuple(args.versions), args.crossing, brought=brought), files)

    return records.write_verdict(args.out, judge)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
