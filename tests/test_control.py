"""A trajectory in another runtime is compared with the control's, but only if the loaded state is intact."""

import numpy as np
import pytest
from conftest import Path

from host.judge import contract, records
from host.judge.verify import verify
from roundtrip.record import read_json, write_json
from roundtrip.records.seal import sealed


@pytest.fixture
def across(tmp_path):
    """A function: (spoil the observed path, spoil the control's trajectory) -> the facet resume_trajectory."""

    def run(spoil=lambda path: None, spoil_control=lambda values: values, control=True):
        reference, observed, other = Path(), Path(), Path()
        observed.trajectory = reference.trajectory + 0.01  # another runtime computes other values
        spoil(observed)
        other.trajectory = spoil_control(np.array(observed.trajectory))
        other.final_state = observed.final_state
        files = reference.write(tmp_path, "reference"), observed.write_manifest(tmp_path)
        (tmp_path / "control").mkdir()
        facts = read_json(other.write(tmp_path / "control", "reference"))
        path = observed.write(tmp_path, "observed")
        if control:
            arrays = dict(np.load(path.replace("json", "npz"))) | dict(np.load(tmp_path / "control" / "reference.npz"))
            np.savez(path.replace("json", "npz"), **arrays)
            more = {"control": facts["trajectory"], "control_state": facts["final_state"]}
            write_json(path, sealed({**read_json(path), **more}))
        across = contract.Path(observed.cell, ("2.21.0", "2.21.0"), "newer")
        verdict = verify(across, records.Files(*files, path))
        return verdict["facets"]["resume_trajectory"]

    return run


def test_the_control_s_trajectory_is_as_good_as_the_reference_s(across):
    found = across()
    assert found["status"] == "identical" and "compared with the producer's run" in found["detail"][0]


def test_without_a_control_the_reference_stands(across):
    assert across(control=False)["status"] == "different"


def test_leaving_the_control_too_is_a_loss(across):
    assert across(spoil_control=lambda values: values + 0.01)["status"] == "different"


@pytest.mark.parametrize("which", [1, 5, 7])
def test_the_control_excuses_nothing_where_a_weight_or_a_slot_did_not_come_back(across, which):
    def spoil(path):
        path.state[which]["value"] = path.state[which]["value"] + 1

    assert across(spoil)["status"] == "different"
