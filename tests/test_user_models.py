"""Models that the user brings, from end to end: what is judged, whose fault an ending is, and what an edit reruns."""

import subprocess

import pytest
from helpers import user_models
from helpers.places import needs_tensorflow
from helpers.project import SNAKEMAKE, copy_with_environment, judged, planned_jobs, rows

pytestmark = [needs_tensorflow]


class Run:
    """A copy of the project in which the models of tests/user_models were judged."""

    def __init__(self, folder):
        self.user = user_models.copy(folder / "user")
        self.before = user_models.listing(self.user)
        self.folder = copy_with_environment(folder / "project", "matrix: [{models: dense_regression}]")
        done = self.snakemake()
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
        self.rows = {(row["producer"], row["model"]): row for row in rows(self.folder)}

    def snakemake(self, *arguments):
        command = [*SNAKEMAKE, "--cores", "2", "--configfile", str(self.user / "all.yaml"), *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=1500)

    def planned(self):
        """{rule: number of jobs} that a run would begin now."""
        return planned_jobs(self.snakemake("-n", "--quiet", "rules").stdout)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return Run(tmp_path_factory.mktemp("user_models"))


def test_it_runs_just_the_users_models_in_the_newest_keras_3_and_tf_keras(run):
    models = {"churn", "vae", "patches", "chance", "bug"}
    assert set(run.rows) == {(r, m) for r in ("tf2.21-keras3", "tf2.21-keras2") for m in models}


def test_nothing_is_written_into_the_users_folder(run):
    assert user_models.listing(run.user) == run.before


@pytest.mark.parametrize("runtime", ["tf2.21-keras3", "tf2.21-keras2"])
def test_a_model_with_a_layer_of_its_own_is_judged_in_both(run, runtime):
    row = run.rows[runtime, "churn"]
    assert row["outcome"].startswith("loaded")
    assert "weights" not in row["facets_lost"] and "optimizer_state" not in row["facets_lost"]
    assert row["verdict"] in ("kept", "not_promised_random", "silent_loss")  # the seeds of its dropout alone
    assert set(row["facets_lost"].split()) <= {"rng_state", "resume_trajectory"}


def test_a_model_that_gives_no_config_is_promised_nothing(run):
    row = run.rows["tf2.21-keras3", "vae"]
    assert row["verdict"] == "not_promised_fails" and "VAE.get_config raises NotImplementedError" in row["reason"]


def test_code_for_keras_3_alone_is_left_out_in_tf_keras_with_its_line(run):
    row = run.rows["tf2.21-keras2", "vae"]
    assert row["verdict"] == "not_applicable" and "another Keras alone: vae.py line 5" in row["reason"]


@pytest.mark.parametrize("runtime", ["tf2.21-keras3", "tf2.21-keras2"])
def test_what_does_not_repeat_is_said_and_the_rest_is_judged(run, runtime):
    row = run.rows[runtime, "chance"]
    assert row["verdict"] == "kept", row
    assert "odd.py line 12 calls numpy.random.default_rng without a seed" in row["reason"]


def test_an_error_in_the_users_code_is_theirs_with_its_line(run):
    row = run.rows["tf2.21-keras3", "bug"]
    assert row["verdict"] == "user_code" and "odd.py line 27, in bug: KeyError: 'last'" in row["reason"]


def test_a_missing_package_is_named_with_the_line_that_adds_it(run):
    row = run.rows["tf2.21-keras3", "patches"]
    assert row["verdict"] == "user_code"
    assert (
        "No module named 'einops'" in row["reason"]
        and "all.yaml: `environment: {requirements: [einops]}`" in row["reason"]
    )


def test_the_gate_fails_on_the_users_error_alone(run):
    done = run.snakemake("--", "gate")
    assert done.returncode != 0
    rows = judged(run.folder, "verdict", "note").values()
    assert {verdict for verdict, note in rows if note == "none"} <= {
        *("user_code", "not_applicable", "not_promised_random", "not_promised_fails", "kept")
    }
    assert {note for _, note in rows} <= {"none", "known"}


@pytest.mark.parametrize(
    ("file", "models"),
    [
        ("churn/churn.py", 1),
        ("churn/layers_of_mine.py", 1),
        ("churn/churn.npz", 1),
        ("vae/signals.csv", 1),
        ("odd/odd.py", 2),
    ],
)
def test_an_edit_reruns_the_cells_of_its_model(run, file, models):
    assert "train_model" not in run.planned()
    path = run.user / file
    content = path.read_bytes()
    try:
        path.write_bytes(content + b"\n")
        planned = run.planned()
    finally:
        path.write_bytes(content)
    assert planned["subject"] == models and planned["train_model"] == 2 * models
    assert planned["load_artifact"] == planned["verify_path"] == 2 * models
