"""The judge of a model that the user brings: what was saved as the reference, endings that are theirs, its traits."""

import json

import numpy as np
import pytest
from conftest import Path as Correct

from host.judge import contract, of_user, records
from host.judge.verify import verify
from roundtrip.record import Record

SUBJECT = {"id": "churn", "title": "churn.py:build"}
VERSIONS = ("2.21.0", "2.21.0")


class Given(Correct):
    """The records of a correct path of a user's model."""

    def __init__(self):
        super().__init__()
        self.cell = self.cell._replace(model="churn")
        self.subject = {"traits": ["functional"], "written_for": ["tf_keras"], "config_gaps": [], "chance": []}
        self.own = False

    def files(self, folder, reference=None):
        """The records, with the reference of ``reference`` (its training may have given another state)."""
        paths = records.Files(
            (reference or self).write(folder, "reference"), self.write_manifest(folder), self.write(folder, "observed")
        )
        facts = json.loads((folder / "reference.json").read_text())
        facts.update((reference or self).changes, subject=self.subject)
        seal(folder / "reference.json", facts)
        return paths

    changes = {}

    def write_manifest(self, folder):
        record = Record("manifest", self.cell_of("manifest"))
        record.facts.update(self.manifest)
        if self.own:
            record.facts["own"] = {
                "state": record.state(self.state),
                "state_digest": "0",
                "describe": self.describe,
                "predictions": {"structure": 0, "leaves": [record.array(x) for x in self.predictions]},
                "evaluation": self.evaluation,
            }
        record.write(str(folder), "manifest")
        return str(folder / "manifest.json")


def seal(path, facts):
    facts.pop("checksum")
    from roundtrip.records.seal import sealed

    path.write_text(json.dumps(sealed(facts)))


@pytest.fixture
def judged(tmp_path):
    """A function that judges the records of a Given."""

    def run(given, reference=None):
        files = given.files(tmp_path, reference)
        (tmp_path / "subject.json").write_text(json.dumps(SUBJECT))
        brought = of_user.read(str(tmp_path / "subject.json"), files)
        return verify(contract.Path(given.cell, VERSIONS, brought=brought), files)

    return run


def trained_otherwise():
    """The records of a training that came to another state."""
    other = Given()
    for entry in other.state:
        entry["value"] = entry["value"] + np.ones_like(entry["value"])
    other.predictions = [x + 1 for x in other.predictions]
    return other


def unrepeatable():
    given = Given()
    given.manifest["reproducible"], given.own = False, True
    return given


def test_a_correct_path_is_kept(judged):
    verdict = judged(Given())
    assert verdict["verdict"] == "kept" and verdict["titles"]["model"] == "churn.py:build"
    assert verdict["traits"] == ["functional"]


def test_what_was_saved_is_the_reference_where_training_does_not_repeat(judged):
    verdict = judged(unrepeatable(), trained_otherwise())
    assert verdict["verdict"] == "kept", verdict["reason"]
    assert "does not repeat bit for bit" in verdict["reason"] and "without a trajectory" in verdict["reason"]
    assert "resume_trajectory" not in verdict["promised"] and verdict["trajectory"] is None
    assert verdict["facets"]["weights"]["status"] == "identical"


def test_a_loss_is_found_there_too(judged, tmp_path):
    given = unrepeatable()
    files = given.files(tmp_path, trained_otherwise())
    lost = unrepeatable()
    lost.state[1]["value"] = lost.state[1]["value"] * 1.5
    lost.write(tmp_path, "observed")
    (tmp_path / "subject.json").write_text(json.dumps(SUBJECT))
    brought = of_user.read(str(tmp_path / "subject.json"), files)
    verdict = verify(contract.Path(given.cell, VERSIONS, brought=brought), files)
    assert verdict["verdict"] == "silent_loss" and "weights" in verdict["reason"]


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda given: given.subject.update(chance=["m.py line 3 calls f"]), "m.py line 3 calls f"),
        (lambda given: given.state.reverse(), "made in another order: the order of a set or of hashes"),
        (lambda given: given.state.pop(), "builds other variables each time"),
        (lambda given: None, "threads, or a random op of a package"),
    ],
)
def test_the_cause_is_given(judged, spoil, cause):
    given = unrepeatable()
    spoil(given)
    assert cause in judged(given, trained_otherwise())["reason"]


def error(stage, kind="ValueError", **more):
    return {"stage": stage, "type": kind, "message": "wrong", "traceback": "", **more}


@pytest.mark.parametrize(
    ("written_for", "verdict"), [(["tf_keras"], "user_code"), (["keras"], "not_applicable"), ([], "user_code")]
)
def test_an_error_in_training_is_the_users_or_of_another_keras(judged, written_for, verdict):
    given = Given()
    given.subject = {"written_for": written_for}
    given.changes = {"outcome": "refused", "error": error("train", line="churn.py line 3, in f")}
    row = judged(given)
    assert row["verdict"] == verdict and "churn.py line 3, in f: ValueError: " in row["reason"]
    assert ("it runs with another Keras alone" in row["reason"]) == (verdict == "not_applicable")


@pytest.mark.parametrize(
    ("step", "stage", "kind", "verdict"),
    [
        ("manifest", "code", "CodeError", "user_code"),
        ("manifest", "save", "ValueError", "broken"),
        ("observed", "code", "CodeError", "user_code"),
        ("observed", "load", "CodeError", "user_code"),
        ("observed", "load", "ValueError", "broken"),
    ],
)
def test_an_error_of_a_later_step_is_the_users_only_in_their_code(judged, step, stage, kind, verdict):
    given = Given()
    if step == "manifest":
        given.manifest.update(outcome="refused", error=error(stage, kind))
        given.outcome = "not_reached"
    else:
        given.outcome, given.error = "refused", error(stage, kind)
    assert judged(given)["verdict"] == verdict


def test_what_a_member_rejects_is_left_out_once_training_has_shown_it(judged):
    given = Given()
    given.subject["traits"] = ["subclassed"]  # HDF5 of tf_keras takes no subclassed model
    verdict = judged(given)
    assert verdict["verdict"] == "not_applicable" and "NotImplementedError" in verdict["reason"]


def test_what_the_config_leaves_out_is_said(judged):
    given = Given()
    given.subject["config_gaps"] = ["Gate.get_config leaves out sharpness"]
    assert "Gate.get_config leaves out sharpness" in judged(given)["reason"]
