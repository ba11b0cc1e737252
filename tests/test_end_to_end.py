"""Runs a small matrix through Snakemake in a copy of the project, then tests what an edit reruns.

Builds the environment tf2.21 in the checkout if necessary, and shares it with the copy.
"""

import collections
import json
import os
import shutil
import signal
import subprocess
import time

import pytest
from helpers import user_models
from helpers.places import ROOT
from helpers.project import SNAKEMAKE, copy_with_environment, judged, planned_jobs, rows

import figures
from host.environments import build, declared
from host.select.cells import BRIDGE_AXES

CONFIG = """
epochs: {before: 5, after: 1}
matrix:
  - producers: [tf2.21-keras3, tf2.21-keras2]
    models: [dense_regression, digit_mlp]
    formats: [h5, keras_archive, keras_after_h5]
    loaders: [load_model]
    uses: [inference, resume]
"""
MODEL = "dense_regression"


def snakemake(folder, *arguments, check=True, **options):
    command = [*SNAKEMAKE, "--cores", "2", "--configfile", "small.yaml", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1500, **options)
    assert not check or run.returncode == 0, run.stdout[-4000:] + run.stderr[-8000:]
    return run.stdout + run.stderr


def planned(folder, *arguments):
    """{rule: number of jobs} of a dry run, without ``all``."""
    text = snakemake(folder, "-n", "--quiet", "rules", *arguments)
    return {rule: jobs for rule, jobs in planned_jobs(text).items() if rule not in ("all", "total")}


def copy_of_project(folder):
    """A copy with the environment and the small matrix as its configuration."""
    copy_with_environment(folder, CONFIG)
    (folder / "small.yaml").write_text(CONFIG)  # the command line's is laid over config/config.yaml
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in which the small matrix has run."""
    folder = copy_of_project(tmp_path_factory.mktemp("project"))
    (folder / "run.txt").write_text(snakemake(folder))
    return folder


def test_every_cell_is_judged_and_explained(project):
    cells = rows(project)
    assert len(cells) == 2 * 2 * 3 * 2
    assert not {"not_reproducible", "unproved", "unbuildable"} & {c["verdict"] for c in cells}
    assert json.loads((project / "results/report/gate.json").read_text())["passed"], cells


def test_each_verdict_was_printed_as_it_came_and_what_the_run_costs_before(project):
    text = (project / "run.txt").read_text()
    lines = [text.index(f" {c['producer']}/{c['model']}/none/{c['format']}/{c['consumer']}/") for c in rows(project)]
    assert len(set(lines)) == 12 and max(lines) < text.index("keras-roundtrip: 24 cells judged")
    assert "24 cells by " in text and "(24 of 24)" in text and not (project / "results/report/so_far.html").exists()


def verdict(project, api, model, fmt, use):
    runtime = f"tf2.21-{api}"
    path = f"results/verified/{runtime}/{model}/none/{fmt}/{runtime}/load_model/{use}/verdict.json"
    return json.loads((project / path).read_text())


def test_a_shard_is_a_target_of_its_cells_and_never_of_none(project):
    found = planned(project, "--forcerun", "train_model", "--", "results/shards/tf2.21-keras3/digit_mlp.txt")
    assert found == {"train_model": 1, "save_artifact": 3, "load_artifact": 6, "verify_path": 6, "shard": 1}
    assert "nothing would be proved" in snakemake(project, "-n", "results/shards/tf2.21-keras3/no.txt", check=False)


def test_keras_3_cannot_resume_from_h5(project):
    found = verdict(project, "keras3", "dense_regression", "h5", "resume")
    assert (found["verdict"], found["stage"]) == ("broken", "use")
    assert "Unknown variable" in found["error"]["message"]
    assert found["facets"]["weights"]["status"] == "identical"
    assert found["facets"]["optimizer_state"]["status"] == "different"


def test_saving_h5_first_spoils_the_keras_archive_after_it(project):
    found = verdict(project, "keras3", "dense_regression", "keras_after_h5", "resume")
    assert found["verdict"] in ("silent_loss", "degraded")
    assert any("RMSprop" in line and "Adam" in line for line in found["facets"]["optimizer_config"]["detail"])


@pytest.mark.parametrize("api", ["keras3", "keras2"])
def test_the_keras_archive_resumes_bit_for_bit(project, api):
    found = verdict(project, api, "dense_regression", "keras_archive", "resume")
    assert found["verdict"] == "kept"
    assert found["facets"]["resume_trajectory"]["status"] == "identical"
    assert found["facets"]["optimizer_state"]["compared"] > 2


@pytest.mark.parametrize(("api", "says"), [("keras3", "silent_loss"), ("keras2", "not_promised_random")])
def test_dropout_does_not_resume_by_the_keras_archive_which_promises_it_in_keras_3(project, api, says):
    found = verdict(project, api, "digit_mlp", "keras_archive", "resume")
    assert found["verdict"] == says
    assert found["facets"]["rng_state"]["status"] == "different"
    assert found["facets"]["optimizer_state"]["status"] == "identical"


def test_a_second_run_does_nothing(project):
    assert planned(project) == {}


@pytest.mark.parametrize(
    ("file", "jobs"),
    [
        # one format: 2 runtimes x 2 models, 2 uses each
        ("scripts/roundtrip/formats/keras_archive.py", {"save_artifact": 8, "load_artifact": 16, "verify_path": 16}),
        ("scripts/roundtrip/formats/keras_after_h5.py", {"save_artifact": 4, "load_artifact": 8, "verify_path": 8}),
        ("scripts/roundtrip/loaders/load_model.py", {"load_artifact": 24, "verify_path": 24}),
        ("scripts/roundtrip/uses/resume.py", {"load_artifact": 12, "verify_path": 12}),
        (
            "scripts/roundtrip/models/digit_mlp.py",
            {"train_model": 2, "save_artifact": 6, "load_artifact": 12, "verify_path": 12},
        ),
        ("scripts/host/judge/verdict.py", {"verify_path": 24}),
        ("scripts/host/report/terminal.py", {}),
        ("config/expectations.yaml", {}),
    ],
)
def test_an_edit_reruns_just_what_depends_on_it_and_its_undoing_nothing(project, file, jobs):
    path = project / file
    before, times = path.read_bytes(), path.stat()
    try:
        path.write_bytes(before + b"\n# edited\n")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # contents decide, not times
        if file.startswith("config"):
            os.utime(path)
        assert planned(project) == {**jobs, "report": 1}
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert planned(project) == {}


def test_other_limits_and_another_runner_rerun_nothing(project):
    (project / "other.yaml").write_text(CONFIG + "runner: plain\nlimits: {seconds: 99, memory_mb: 5000}\n")
    assert planned(project, "--configfile", "other.yaml") == {}


def test_one_process_a_step_gives_the_same_hash_for_hash(project, tmp_path):
    """Every state, array, outcome and verdict of the small matrix, warm and plain."""
    plain = copy_of_project(tmp_path / "plain")
    shutil.copytree(project / "results/data", plain / "results/data")
    snakemake(plain, "--config", "runner=plain")
    usage = json.loads(next(plain.glob("results/trained/**/reference.json")).read_text())["usage"]
    assert usage["user_seconds"] + usage["system_seconds"] > 1.5, "this step has not imported TensorFlow itself"
    seen = [figures.outcomes(folder) for folder in (project, plain)]
    assert len(seen[0]) == 4 + 12 + 24 + 24 and all(seen[0].values())
    assert seen[0] == seen[1]


def test_a_misspelt_id_is_answered_before_any_job(project):
    (project / "wrong.yaml").write_text(CONFIG.replace("keras_archive", "keras_archiv"))
    text = snakemake(project, "--configfile", "wrong.yaml", check=False)
    assert 'there is no "keras_archiv". Did you mean "keras_archive"?' in text
    assert "Traceback" not in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_is_completed_by_the_next(project, number, tmp_path):
    """What was half-written is made anew; the verdicts are the same."""
    expected = judged(project, "verdict")
    shutil.rmtree(project / "results/saved")
    shutil.rmtree(project / "results/loaded")
    assert planned(project) == {"save_artifact": 12, "load_artifact": 24, "verify_path": 24, "report": 1}
    command = [*SNAKEMAKE, "--cores", "2", "--configfile", "small.yaml"]
    run = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while time.monotonic() < until and len(list(project.glob("results/loaded/**/observed.json"))) < 2:
        time.sleep(0.1)
    assert run.poll() is None, "it ended before it could be killed"
    run.send_signal(number)
    run.wait(60)
    snakemake(project)
    assert judged(project, "verdict") == expected
    assert not list(project.glob("results/**/*.tmp")) and not list(project.glob("results/**/moved-*"))
    assert planned(project) == {}


def test_outcomes_of_loaders_that_abort_hang_and_eat_memory(project):
    """Planted loaders: each ends as its own outcome, and the rest of the matrix is unharmed."""
    planted = {
        "planted_abort": ("import os; os.abort()", "crashed"),
        "planted_hang": ("import time; time.sleep(3600)", "timeout"),
        "planted_memory": ("hoard = [bytearray(50_000_000) for _ in range(10_000)]", "out_of_memory"),
    }
    folder = project / "scripts/roundtrip/loaders"
    for name, (body, _) in planted.items():
        (folder / f"{name}.py").write_text(
            '"""Planted."""\n\nfrom roundtrip.loaders.load_model import APIS, GIVES, READS, RESTORES\n\n'
            f'TITLE = "{name}"\n'
            f"__all__ = ['APIS', 'GIVES', 'READS', 'RESTORES']\n\n\ndef load(ctx, artifact):\n    {body}\n"
        )
    (project / "planted.yaml").write_text(
        CONFIG.replace("[load_model]", f"[load_model, {', '.join(planted)}]")
        .replace("[dense_regression, digit_mlp]", "[dense_regression]")
        .replace("[h5, keras_archive, keras_after_h5]", "[keras_archive]")
        .replace("[inference, resume]", "[inference]")
        .replace("producers: [tf2.21-keras3, tf2.21-keras2]", "producers: [tf2.21-keras2]")
        + "limits: {seconds: 20, memory_mb: 2500}\n"
    )
    try:
        snakemake(project, "--configfile", "planted.yaml")
        outcomes = collections.Counter()
        for cell in rows(project):
            outcomes[cell["loader"], cell["outcome"], cell["verdict"]] += 1
        assert outcomes == {
            ("load_model", "loaded", "kept"): 1,
            **{(name, outcome, outcome): 1 for name, (_, outcome) in planted.items()},
        }
    finally:
        for name in planted:
            (folder / f"{name}.py").unlink()


def test_an_upgrade_is_answered_by_ways_that_were_run(project):
    """From tf_keras to Keras 3 in one environment: straight, and over bridges that end as verdicts with evidence."""
    question = "upgrade={from: tf2.21-keras2, to: tf2.21-keras3, format: h5, models: [dense_regression]}"
    said = snakemake(project, "--config", "matrix=[]", question, "--", "results/report/upgrade.html")
    answer = json.loads((project / "results/report/upgrade.json").read_text())
    bridged = [json.loads(f.read_text()) for f in (project / "results/bridged_verified").rglob("verdict.json")]
    assert answer["counts"]["kinds"]["bridge"] == len(bridged) > 5 and f"{len(bridged)} bridges by " in said
    assert not {v["verdict"] for v in bridged} & {"not_reproducible", "unbuildable"}
    # weights arrive by the bridges, and are compared; the slots arrive by keras_rescue alone, which needs no bridge
    by_format = {v["cell"]["via_format"]: v for v in bridged if v["outcome"].startswith("loaded")}
    assert by_format["weights_h5"]["facets"]["weights"]["status"] == "identical"
    assert answer["answer"]["case"] == "straight" and answer["ways"][0]["models"][MODEL]["loses"] == []
    assert "import keras_rescue" in str(answer["ways"][0]["code"])
    # each verdict is printed as it comes, a bridge's too; the answer is printed, and is in the file
    assert all("/".join(v["cell"][axis] for axis in BRIDGE_AXES) in said for v in bridged)
    assert (project / "results/report/upgrade.txt").read_text() in said


def test_an_upgrade_of_a_users_model_goes_over_bridges_too(project):
    """The bridge's runtime builds the model from the user's code, and takes its data from the reference."""
    theirs = user_models.copy(project.parent / "theirs")
    build = f"models={{churn: {{build: {theirs}/churn/churn.py:build, data: {theirs}/churn/churn.npz}}}}"
    question = (
        "upgrade={from: tf2.21-keras2, to: tf2.21-keras3, format: weights_h5, use: inference, via: tf2.21-keras2}"
    )
    snakemake(project, "--config", "matrix=[]", build, question, "--", "results/report/upgrade.html")
    answer = json.loads((project / "results/report/upgrade.json").read_text())
    ways = answer["ways"] + answer["more"]
    bridged = [way for way in ways if way["kind"] == "bridge" or any("saved again" in title for title in way["same"])]
    assert answer["question"]["models"] == ["churn"] and answer["counts"]["kinds"]["bridge"] > 5
    assert any(way["models"]["churn"]["status"] == "works" for way in bridged)
    assert answer["answer"]["case"] in ("straight", "bridge")


def test_an_environment_that_cannot_be_had_ends_as_verdicts_and_the_rest_runs(project):
    file = project / "envs/gone.yaml"
    file.write_text(
        'title: no such Python\npython: ["3.99"]\nrequirements: [tensorflow-cpu==2.15.1]\n'
        "apis: {keras2: {module: tensorflow.keras}}\n"
    )
    lock = build.header(declared.load(file)) + "tensorflow-cpu==2.15.1 \\\n    --hash=sha256:00\n"
    file.with_suffix(".lock").write_text(lock)
    config = "matrix: [{producers: [gone-keras2, tf2.21-keras2], models: [dense_regression], formats: [h5], "
    (project / "gone.yaml").write_text(config + "loaders: [load_model], uses: [inference]}]\n")
    path = os.pathsep.join([str(ROOT / ".uv/bin"), os.environ["PATH"]])
    snakemake(project, "--configfile", "gone.yaml", env=dict(os.environ, PATH=path))
    found = {c["producer"]: c for c in rows(project)}
    assert (found["gone-keras2"]["outcome"], found["gone-keras2"]["verdict"]) == ("unbuildable", "unbuildable")
    assert found["tf2.21-keras2"]["verdict"] == "kept"
    stamp = json.loads((project / "results/environments/gone/environment.json").read_text())
    assert "no Python 3.99 on this machine" in stamp["reason"]
