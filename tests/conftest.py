"""Fixtures for all tests: the records of a synthetic, correct path (reference, manifest, observation)."""

import copy

import numpy as np
import pytest

from host.judge import contract, records
from host.judge.verify import verify
from host.select.cells import Cell
from roundtrip.record import Record

HEALTHY_CELL = Cell("tf2.21-keras2", "conv_batchnorm", "none", "h5", "tf2.21-keras2", "load_model", "resume")


class Path:
    """The three records of a path as plain values. A test may change them before they are written and judged."""

    def __init__(self):
        rng = np.random.default_rng(7)
        self.cell = HEALTHY_CELL
        self.state = [
            {"name": "conv/kernel", "role": "trainable", "value": rng.normal(size=(3, 3, 4, 4)).astype("float32")},
            {"name": "a/kernel", "role": "trainable", "value": rng.normal(size=(8, 8)).astype("float32")},
            {"name": "b/kernel", "role": "trainable", "value": rng.normal(size=(8, 8)).astype("float32")},
            {"name": "bn/moving_mean", "role": "non_trainable", "value": rng.normal(size=4).astype("float32")},
            {"name": "seed_generator_state", "role": "rng", "value": np.array([3, 9], "uint32")},
            {"name": "adam/iteration", "role": "optimizer", "value": np.array(70, "int64")},
            {"name": "adam/a_kernel_momentum", "role": "optimizer", "value": rng.normal(size=(8, 8)).astype("float32")},
            {
                "name": "adam/a_kernel_velocity",
                "role": "optimizer",
                "value": rng.uniform(size=(8, 8)).astype("float32"),
            },
        ]
        self.final_state = copy.deepcopy(self.state)
        self.predictions = [rng.uniform(size=(64, 10)).astype("float32")]
        self.evaluation = {"loss": 0.25, "accuracy": 0.9375}
        self.trajectory = rng.uniform(size=(14, 2))
        self.describe = {
            "architecture": {
                "class": "Functional",
                "config": {"name": "net", "layers": [{"name": "a", "units": 8, "activation": "relu"}]},
                "layers": [{"name": "a", "class": "Dense", "trainable": True, "dtype_policy": "float32"}],
                "trainable_weights": 3,
                "non_trainable_weights": 1,
            },
            "compile_config": {
                "loss": [{"name": "huber", "config": {"delta": 2.0}}],
                "metrics": [{"name": "accuracy", "config": None}, {"name": "mae", "config": {"dtype": "float32"}}],
                "weighted_metrics": [],
                "loss_weights": [0.5],
                "options": {"steps_per_execution": 2},
            },
            "optimizer_config": {"class": "Adam", "config": {"learning_rate": 0.002, "beta_1": 0.85}},
        }
        self.outcome, self.error, self.diagnostics = "loaded", None, []
        self.rewrite = None  # {"added", "executed"} where a modifier rewrites graphs
        self.manifest = {
            "outcome": "done",
            "seconds": {},
            "reproducible": True,
            "files": [{"path": "model.h5", "size": 10, "sha256": "0"}],
            "live": {"before": {"state": {"x": "1"}}, "after": {"state": {"x": "1"}}},
            "diagnostics": [],
        }
        self.signatures = None  # {"expected", "found"} where something is served
        self.stated = {}  # axes that the records state wrongly

    def cell_of(self, kind):
        """{axis: id} as a record of this kind states it."""
        reached = {"reference": 3, "manifest": 4, "observed": 7}[kind]
        return dict(list(self.cell._asdict().items())[:reached], **self.stated)

    def write(self, folder, kind, known=()):
        """Write the reference or the observation as a step would; returns its path."""
        observed, record = kind == "observed", Record(kind, self.cell_of(kind))
        facts = record.facts
        facts["state"] = record.state(self.state)
        facts["final_state"] = record.state(self.final_state)
        facts["describe"] = self.describe
        facts["predictions"] = {"structure": 0, "leaves": [record.array(x) for x in self.predictions]}
        facts["evaluation"] = self.evaluation
        facts["trajectory"] = dict(record.array(self.trajectory), names=["accuracy", "loss"])
        facts.update(outcome=self.outcome if observed else "done", diagnostics=self.diagnostics, seconds={})
        if self.error:
            facts["error"] = self.error
        if self.rewrite is not None:
            facts["graph_rewrite"] = self.rewrite
        if self.signatures is not None:
            facts["signatures"] = self.signatures
        record.write(str(folder), kind, known)
        return str(folder / f"{kind}.json")

    def write_manifest(self, folder):
        """Write the manifest; returns its path."""
        record = Record("manifest", self.cell_of("manifest"))
        record.facts.update(self.manifest)
        record.write(str(folder), "manifest")
        return str(folder / "manifest.json")


@pytest.fixture
def judged(tmp_path):
    """A function that calls spoil(path) on a correct path, judges the result and returns the verdict."""

    def run(spoil=lambda path: None, spoil_reference=lambda path: None, crossing="same"):
        reference, observed = Path(), Path()
        spoil_reference(reference)
        spoil(observed)
        reference.cell = observed.cell
        files = records.Files(
            reference.write(tmp_path, "reference"),
            observed.write_manifest(tmp_path),
            observed.write(tmp_path, "observed"),
        )
        result = verify(contract.Path(observed.cell, ("2.21.0", "2.21.0"), crossing), files)
        records.write("verdict", str(tmp_path / "verdict.json"), result)  # as the workflow does: only what is declared
        return result

    return run
