"""Judge one cell: hold what was observed against the reference, facet by facet, and write verdict.json.

Reads reference.json (.npz), manifest.json and observed.json (.npz); needs NumPy and nothing else.
"""

import argparse
import fnmatch
import pathlib
import sys

import numpy as np

from host.judge import compare, verdict
from host.judge import facets as fct
from host.select.cells import AXES, KINDS, Cell
from host.select.matrix import traits
from host.select.runtimes import Api
from roundtrip import members
from roundtrip.record import read_json, write_json


def verify(cell, versions, reference_path, manifest_path, observed_path, crossing="same", within=None, across=None):
    """The verdict of a cell as plain JSON (docs/report.md says what each key is).

    Parameters
    ----------
    versions : those of the producer's and the consumer's Keras
    crossing : what lies between them (host.select.pairs.crossing); what was promised depends on both
    within : the facets that can have been promised at all, where an earlier artifact was read (host.judge.bridge)
    across : whether the reference is another runtime's than the consumer; as ``crossing`` says where None
    """
    across = crossing != "same" if across is None else across
    reference, manifest, observed = map(read_json, (reference_path, manifest_path, observed_path))
    producer, consumer = (Api(getattr(cell, a).rpartition("-")[2], v) for a, v in zip(AXES[::4], versions, strict=True))
    model, use = members.member("models", cell.model), members.member("uses", cell.use)
    fmt, loader = producer.member("formats", cell.format), consumer.member("loaders", cell.loader)
    modifier = members.member("modifiers", cell.modifier)
    facts = traits(model, modifier)
    promised, usable, carried = (
        {f: link for f, link in found.items() if within is None or f in within}
        for found in (
            fct.promised(fmt, loader, facts, crossing),
            fct.promised(fmt, loader, facts - {"rng"}, crossing),
            fct.promised(fmt, loader, facts),  # also where no page says that it can be carried there
        )
    )
    withdrawn = fct.withdrawn(fmt, loader, facts)
    result = {
        "cell": cell._asdict(),
        "titles": {axis: members.member(kind, getattr(cell, axis)).TITLE for axis, kind in KINDS.items()},
        "files": explained(manifest.get("files", []), fmt),
        "seconds": seconds(reference, manifest, observed),
        "crossing": crossing,
        "promised": promised,
        "facets": {},
        "trajectory": None,
    }
    outcome, stage, error, source = settle(reference, manifest, observed, members.member("formats", cell.format))
    if fct.switched_off(reference, modifier):
        outcome = "not_rewritten"
    messages = verdict.relevant_messages(source.get("diagnostics", []))
    result["error"], result["warnings"] = error, messages
    result["stage"], result["peak_memory_mb"] = stage, source.get("peak_memory_mb")
    if outcome in ("not_trained", "not_reproducible", "not_rewritten"):
        judged = ("not_reproducible", why_not_reproducible(outcome, error))
    elif outcome == "unbuildable":
        judged = ("unbuildable", f"The environment could not be built: {error['message']}")
    else:
        with np.load(pathlib.Path(reference_path).with_suffix(".npz")) as reference_npz:
            arrays = compare.Arrays(reference_npz), observed_arrays(observed_path, reference_npz)
            if stage in (None, "use"):
                result["facets"] = fct.compare_facets(
                    reference, manifest, observed, arrays, fmt, facts, across, loader.SUPPLIES
                )
                if "trajectory" in observed:
                    result["trajectory"] = curves(reference["trajectory"], observed["trajectory"], arrays)
        for name in use.COMPARES:
            if outcome in verdict.FAILED and name not in result["facets"]:
                result["facets"][name] = compare.not_compared("not reached")
        from_artifact = {f for f in carried if f not in fct.ALWAYS and f not in loader.SUPPLIES and f in use.COMPARES}
        judged = verdict.judge(
            outcome, stage, result["facets"], promised, set(usable), use.COMPARES, from_artifact, messages
        )
    for name, facet in result["facets"].items():
        facet["promised"] = name in promised
        facet["link"] = promised.get(name) or withdrawn.get(name)
        facet["relevant"] = name in use.COMPARES or name in fct.ALWAYS
        facet.setdefault("announced", [])
    result["outcome"] = "loaded_with_warnings" if outcome == "loaded" and messages else outcome
    result["verdict"], result["reason"] = judged
    return result


def settle(reference, manifest, observed, fmt):
    """(outcome, stage, error, the facts of the step where the path ended), the earliest failure first.

    A save that fails is the path's failure; training that fails, or that does not repeat bit for bit, is ours.
    A format that writes during fit (callbacks, its own fit) can fail nowhere else than in training.
    """
    for facts in (reference, manifest, observed):
        if facts["outcome"] == "unbuildable":
            return "unbuildable", None, facts["error"], facts
    if reference["outcome"] != "done":
        return "not_trained", "train", reference.get("error"), reference
    if manifest["outcome"] != "done":
        stage = (manifest.get("error") or {}).get("stage") or "save"
        writes_in_fit = hasattr(fmt, "callbacks") or hasattr(fmt, "fit")
        if stage == "open" or (stage == "train" and not writes_in_fit):
            return "not_trained", stage, manifest.get("error"), manifest
        return manifest["outcome"], "save", manifest.get("error"), manifest
    if not manifest["reproducible"]:
        return "not_reproducible", "save", None, manifest
    if observed["outcome"] in verdict.FAILED:
        stage = (observed.get("error") or {}).get("stage") or "load"
        return observed["outcome"], "load" if stage == "open" else stage, observed.get("error"), observed
    return observed["outcome"], None, None, observed


def why_not_reproducible(outcome, error):
    if outcome == "not_trained":
        return f"Training failed, which is a fault of the harness: {(error or {}).get('message', '')[:300]}"
    if outcome == "not_rewritten":
        return "The reference's training step executed nothing of the rewrite: the modifier had no effect."
    return "The second training run did not reach the reference's state bit for bit: a fault of the harness."


def observed_arrays(observed_path, reference_npz):
    """The observation's arrays; those that it left out lie in the reference, bit for bit."""
    npz = pathlib.Path(observed_path).with_suffix(".npz")
    own = dict(np.load(npz)) if npz.exists() else {}
    return compare.Arrays(own, reference_npz)


def explained(files, fmt):
    """The files with what the format says of each."""
    known = {**fmt.OPTIONAL_FILES, **fmt.FILES, "*": "not explained by the format: saving left it all the same"}
    return [
        dict(f, explanation=next(text for glob, text in known.items() if fnmatch.fnmatch(f["path"], glob)))
        for f in files
    ]


def seconds(reference, manifest, observed):
    """Seconds by step: training, saving, loading, using."""
    saved, loaded = manifest.get("seconds", {}), observed.get("seconds", {})
    found = {
        "train": saved.get("train"),
        "save": saved.get("save"),
        "load": loaded.get("load"),
        "use": loaded.get("use"),
    }
    return {k: v for k, v in {**found, "total": loaded.get("total")}.items() if v is not None}


def curves(reference, observed, arrays):
    """The batch logs of both runs, for the report's loss curves."""
    return {
        "names": reference["names"],
        "reference": arrays[0][reference].tolist(),
        "observed": arrays[1][observed].tolist(),
    }


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cell", help="/".join(AXES))
    for name in ("reference", "manifest", "observed", "out"):
        parser.add_argument(f"--{name}", required=True, metavar="JSON")
    parser.add_argument("--crossing", default="same", help="what host.select.pairs.crossing says of the two runtimes")
    parser.add_argument("--versions", required=True, nargs=2, help="of the producer's and the consumer's Keras")
    args = parser.parse_args(argv)
    cell = Cell(*args.cell.split("/"))
    write_json(args.out, verify(cell, args.versions, args.reference, args.manifest, args.observed, args.crossing))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
