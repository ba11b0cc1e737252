"""Makes up the verdicts of a run, for tests of the report and to look at its page.

    PYTHONPATH=scripts:tests python -m helpers.verdicts FOLDER --cells 600

writes the results of a run into FOLDER (results/verified/.../verdict.json), and the inputs of the report: cells.json or
verdicts.txt and excluded.json, expectations.json, about.json. From there, with PYTHONPATH=scripts:

    python -m host.report --cells cells.json --expectations expectations.json --environments ENVS --out report
"""

import argparse
import json
import os
import random
from pathlib import Path

from host.report.not_run import chain_of
from host.select.cells import AXES

RUNTIMES = ("tf2.21-keras3", "tf2.21-keras2")
USES = ("inference", "evaluate", "resume", "resume_reseeded", "transfer_layers")
MODELS = (
    ("digit_mlp", "digit MLP, sequential, 784-512-dropout-10"),
    ("dense_regression", "functional Dense regression on 32 inputs"),
    ("functional_mlp", "784-64-64-10 MLP, functional"),
    ("subclassed_mlp", "784-64-64-10 MLP, subclassed, with get_config"),
    ("conv_batchnorm", "small conv net with BatchNorm"),
    ("custom_registered", "custom layer, loss and metric, registered"),
    ("custom_unregistered", "custom layer, loss and metric, not registered"),
    ("add_loss", "add_loss and add_metric"),
    ("shared_nested", "shared layer and nested model"),
    ("nested_lists", "layers held in nested lists"),
    ("bidirectional_lstm", "Bidirectional LSTM"),
    ("vocabulary", "StringLookup with a vocabulary, adapted normalisation"),
    ("two_in_two_out", "two inputs, two outputs, loss weights"),
    ("schedule_momentum", "learning-rate schedule, SGD with momentum"),
    ("attention", "MultiHeadAttention, also inside a custom layer"),
    ("frozen", "frozen layers whose trainable flag is flipped"),
    ("unicode_names", "unicode names: größe, 重み, <b>&amp;"),
)
KERAS = "https://keras.io/api/models/model_saving_apis/"
WHOLE = (
    "architecture", "weights", "non_trainable_state", "compile_config", "optimizer_config", "optimizer_state",
)  # fmt: skip
FORMATS = {
    "h5": ("whole model, .h5", WHOLE, ("load_model", "build_load_weights", "load_weights_by_name")),
    "keras_archive": ("whole model, .keras", WHOLE, ("load_model", "build_load_weights")),
    "weights_h5": ("weights, .weights.h5", WHOLE[1:3], ("build_load_weights", "load_weights_skip_mismatch")),
    "sharded_weights": ("weights in shards, .weights.json", WHOLE[1:3], ("build_load_weights",)),
    "saved_model": ("whole model, SavedModel", WHOLE, ("load_model", "tf_saved_model_load", "tfsm_layer")),
    "export": ("export() SavedModel", ("weights", "signatures"), ("tf_saved_model_load", "tfsm_layer")),
    "json_weights": ("to_json and weights", WHOLE[:3], ("model_from_json",)),
    "checkpoint": ("tf.train.Checkpoint", (*WHOLE[1:3], "optimizer_state"), ("checkpoint_restore",)),
    "model_checkpoint_best": ("ModelCheckpoint, best only", WHOLE, ("load_model", "latest_by_name")),
    "backup_and_restore": ("BackupAndRestore", (*WHOLE[1:3], "optimizer_state"), ("interrupted_fit",)),
}
BASE = ("architecture", "weights", "non_trainable_state", "rng_state", "optimizer_config", "optimizer_state")
PER_USE = {
    "inference": ("architecture", "weights", "predictions"),
    "evaluate": ("weights", "predictions", "evaluation"),
    "resume": (*BASE, "resume_trajectory"),
    "resume_reseeded": (*BASE[:3], *BASE[4:], "resume_trajectory"),
    "transfer_layers": ("weights", "predictions"),
}
TRACE = """Traceback (most recent call last):
  File "scripts/roundtrip/stage.py", line 71, in run
    body(ctx, record, at)
  File "scripts/load.py", line 29, in body
    loaded = loader.load(ctx, moved)
  File "site-packages/keras/src/legacy/saving/legacy_h5_format.py", line 133, in load_model_from_hdf5
    moved-{tag}/artifact/model.h5 <module> & "quoted"
ValueError: {message}"""


def facet(status, promised, rng, link=KERAS, **more):
    """One facet's facts."""
    differing = 0 if status in ("identical", "not_compared", "not_reached") else rng.randint(1, 6)
    numbers = status in ("close", "different")
    return {
        "status": status,
        "promised": promised,
        "link": link if promised else None,
        "compared": 0 if status.startswith("not_") else rng.choice((6, 8, 14)),
        "differing": differing,
        "max_ulp": rng.choice((1, 2, 3)) if status == "close" else float(10 ** rng.randint(4, 9)) if numbers else None,
        "max_abs": 1.2e-7 * rng.random() if status == "close" else rng.random() if numbers else None,
        "tolerance": "4 ULP" if status == "close" else None,
        "detail": [f"hidden/kernel: {i + 1} of 512 values differ" for i in range(differing)],
        "announced": [],
        **more,
    }


def verdict(producer, model, format_, consumer, loader, use, rng):
    """One cell, with an outcome that fits its axes."""
    title, promises, _ = FORMATS[format_]
    facets = {}
    for name in dict.fromkeys(BASE + PER_USE[use]):
        promised = name in promises or (name in ("predictions", "evaluation") and "architecture" in promises)
        status = "identical" if promised else rng.choice(("identical", "different", "missing", "not_compared"))
        facets[name] = facet(status, promised, rng)
    facets["rng_state"] = facet("different" if "load" in loader else "missing", False, rng)
    facets["live_model"] = facet("identical", True, rng)
    facets["predictions"] = facet(rng.choice(("identical", "identical", "close")), True, rng)
    found = {
        "cell": dict(zip(AXES, (producer, model, "none", format_, consumer, loader, use), strict=True)),
        "outcome": "loaded",
        "stage": None,
        "verdict": "kept",
        "reason": "Every promised facet came back with the same bits.",
        "facets": facets,
        "warnings": [],
        "error": None,
        "seconds": {"train": 1.1, "save": 0.2, "load": round(rng.random(), 3), "use": 0.4, "total": 4.2},
        "files": files(format_, rng),
        "trajectory": trajectory(model, rng, drift=0.0) if use.startswith("resume") else None,
        "peak_memory_mb": rng.choice((611.5, 702.25, None)),
        "titles": {"model": dict(MODELS).get(model), "format": title, "loader": loader.replace("_", " "), "use": use},
        "notes": {"keys_left": ["optimizer/_iterations"]} if format_ == "checkpoint" else {},
        "promised": {name: f["link"] for name, f in facets.items() if f["promised"]},
    }
    story(found, rng)
    for name, facts in found["facets"].items():
        facts["relevant"] = name in PER_USE[use] or name == "live_model"
    return found


def story(found, rng):
    """Change a kept cell into what its format really does, and sometimes into a fault."""
    cell, facets = found["cell"], found["facets"]
    format_, loader, use, model = cell["format"], cell["loader"], cell["use"], cell["model"]
    relevant = (*PER_USE[use], "live_model")
    lost = [n for n, f in facets.items() if n in relevant and f["status"] in ("different", "missing")]
    if lost:
        found.update(verdict="not_promised_lost", reason=f"Lost: {', '.join(lost)}. No documentation promises them.")
    if format_ == "h5" and loader == "load_model" and use.startswith("resume") and cell["producer"].endswith("keras3"):
        refuse(found, "Unknown variable: <Variable path=adam/momentum, shape=(784, 512)>", "use", rng)
    elif format_ == "saved_model" and loader == "load_model" and use.startswith("resume"):
        facets["optimizer_state"] = facet("different", True, rng)
        facets["resume_trajectory"] = facet("different", False, rng)
        found.update(verdict="silent_loss", reason="optimizer_state is promised, differs, and nothing was said.")
        found["trajectory"] = trajectory(model, rng, drift=0.12)
    elif format_ == "h5" and model == "add_loss":
        facets["architecture"] = facet("missing", True, rng, announced=["add_loss tensors are not saved in HDF5."])
        said = {"source": "python", "category": "UserWarning", "message": "add_loss is <not> saved & gone"}
        found["warnings"] = [said]
        found.update(verdict="degraded", outcome="loaded_with_warnings", reason="architecture was lost, as announced.")
    elif model == "custom_unregistered" and "load_model" in loader:
        refuse(found, "Unknown layer: 'Scale'. Use `custom_objects`; </script><b>bold</b>", "load", rng)
    elif format_ == "backup_and_restore" and model == "bidirectional_lstm":
        found.update(outcome="timeout", stage="load", verdict="broken", facets={}, trajectory=None)
        found["reason"] = "Loading was not done after 120 s."
    elif format_ == "model_checkpoint_best" and rng.random() < 0.04:
        found.update(outcome="crashed", stage="load", verdict="broken", facets={}, trajectory=None)
        found["reason"] = "The process died with signal 6 (SIGABRT)."
    elif format_ == "export" and use == "evaluate":
        found.update(verdict="unproved", reason="Nothing was compared.", facets={})


def refuse(found, message, stage, rng):
    """The cell ends in an exception."""
    trace = TRACE.format(tag=f"{rng.random():.8f}", message=message)
    found.update(
        outcome="refused",
        stage=stage,
        verdict="broken",
        reason=f"{'Training on' if stage == 'use' else 'Loading'} raised ValueError: {message}",
        error={"stage": stage, "type": "ValueError", "message": message, "traceback": trace},
        trajectory=None,
    )
    if stage == "load":
        use, facets = found["cell"]["use"], found["facets"]
        found["facets"] = {n: facet("not_reached", facets[n]["promised"], rng) for n in PER_USE[use]}


def files(format_, rng):
    """What such a format leaves on disk."""
    kinds = {
        "h5": [("model.h5", "one HDF5 file: model_config and training_config (JSON), weights, optimizer_weights")],
        "checkpoint": [
            ("ckpt-1.index", "which tensor lies in which shard, at which offset, with its checksum"),
            ("ckpt-1.data-00000-of-00001", "the bytes of all tensors, shard 1 of 1"),
            ("checkpoint", "text: the latest checkpoint's name"),
        ],
        "saved_model": [
            ("model/saved_model.pb", "the graph, signatures and tags"),
            ("model/variables/variables.index", "which tensor lies where"),
            ("model/keras_metadata.pb", "the Keras configuration"),
        ],
    }
    chosen = kinds.get(format_, [("model.bin", "all of it in one file")])
    return [
        {"path": p, "size": rng.choice((83, 41_232, 4_915_200)), "sha256": f"{i:064x}", "explanation": text}
        for i, (p, text) in enumerate(chosen)
    ]


def trajectory(model, rng, drift):
    """Loss and accuracy over 64 batches; the observed run drifts from the reference by so much."""
    fixed = random.Random(model)
    reference = [[2.3 * 0.96**i + 0.05 * fixed.random(), min(0.99, 0.1 + i / 70)] for i in range(64)]
    observed = [[a + drift * 0.9**i * rng.random(), b - drift / 4] for i, (a, b) in enumerate(reference)]
    return {"names": ["loss", "accuracy"], "reference": reference, "observed": observed}


def verdicts(count, seed=0):
    """So many cells; all combinations first, then again with other modifiers."""
    rng = random.Random(seed)
    made = []
    for modifier in ("none", *(f"variant{i}" for i in range(99))):
        for producer in RUNTIMES:
            for model, _ in MODELS:
                for format_, (_, _, loaders) in FORMATS.items():
                    if format_ == "saved_model" and producer.endswith("keras3"):
                        continue
                    for loader in loaders:
                        for use in USES:
                            if use != "inference" and loader in ("tf_saved_model_load", "tfsm_layer"):
                                continue
                            found = verdict(producer, model, format_, producer, loader, use, rng)
                            found["cell"]["modifier"] = modifier
                            made.append(found)
        if len(made) >= count:
            return rng.sample(made, count)


NO_SAVED_MODEL = "saved_model needs keras2: Keras 3 writes no SavedModel <here> & now"
NO_SUBCLASS = "a subclassed model cannot be written as HDF5 by Keras 2"
EXCLUDED = [
    dict(zip(AXES, (*axes, "*", "*", "*"), strict=True), reason=reason)
    for axes, reason in (
        *(((RUNTIMES[0], model, "none", "saved_model"), NO_SAVED_MODEL) for model, _ in MODELS),
        ((RUNTIMES[1], "subclassed_mlp", "none", "h5"), NO_SUBCLASS),
    )
]
EXPECTATIONS = [
    {
        "match": {"format": "h5", "use": "resume", "api": "keras3"},
        "verdict": "broken",
        "message": "Unknown variable",
        "reason": "Keras 3 reads .h5 without the optimizer's variables built",
        "link": "https://github.com/keras-team/keras/issues/20000",
        "review": "2027-01-01",
    },
    {
        "match": {"format": "checkpoint", "model": "frozen"},
        "verdict": "silent_loss",
        "facets": ["optimizer_state"],
        "reason": "slots of frozen variables <were> left out & lost",
        "link": "https://example.org/a?b=1&c=2",
        "review": "2026-01-01",
    },
]
ABOUT = {"command": "snakemake --cores 2", "TensorFlow": "2.21.0", "Keras": "3.15.1", "Snakemake": "9.27.1", "seed": 1}


def write(folder, found, excluded=EXCLUDED):
    """Lay out the cells as a run does; returns the path of the list of verdicts."""
    folder = Path(folder)
    paths = []
    for v in found:
        *records, path = (folder / file for file in chain_of(tuple(v["cell"][axis] for axis in AXES)))
        for file in (*records, path):
            file.parent.mkdir(parents=True, exist_ok=True)
        for file in records:  # of which the report asks no more than whether the verdict is younger
            file.touch()
            os.utime(file, (1, 1))
        path.write_text(json.dumps(v), encoding="utf-8")
        paths.append(str(path))
    folder.mkdir(parents=True, exist_ok=True)
    run = {"cells": ["/".join(v["cell"][axis] for axis in AXES) for v in found], "excluded": excluded}
    for name, content in (("cells", run), ("excluded", excluded), ("expectations", EXPECTATIONS), ("about", ABOUT)):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    listing = folder / "verdicts.txt"
    listing.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    return listing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--cells", type=int, default=600)
    args = parser.parse_args()
    print(write(args.folder, verdicts(args.cells)))
