"""A venv outside the project, taken as it is: its cells are judged, and another version in it runs them again.

The venv is a copy of the one of tf2.21, as hard links; a small package is installed beside.
"""

import subprocess
import zipfile

import pytest
from helpers.places import PYTHON, needs_tensorflow
from helpers.project import SNAKEMAKE, copy_project, judged, linked, planned_jobs

from host.environments.interpreters import find_uv

pytestmark = needs_tensorflow

CONFIG = """
environment: {python: the venv/bin/python}
epochs: {before: 5, after: 1}
expectations: %s/versions.yaml
matrix:
  - producers: own-keras3
    models: [dense_regression]
    formats: [h5]
    loaders: [load_model]
    uses: [evaluate, resume]
"""
#: the finding of config/expectations.yaml on .h5 in Keras 3, for these versions alone
EXPECTATIONS = """
- match: {api: keras3, keras: ">=3.15", tensorflow: ">=2.21", format: h5, use: resume}
  verdict: broken
  message: Unknown variable
  facets: [optimizer_state]
  reason: The optimizer of a loaded .h5 is not built, so its slots are not restored.
  link: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/legacy/saving/legacy_h5_format.py#L175
  review: 2099-01-01
"""
NOTED = {"evaluate": ("kept", "none"), "resume": ("broken", "known")}
EVERYTHING = {"environment_take": 1, "train_model": 1, "save_artifact": 1, "load_artifact": 2, "verify_path": 2}


class Place:
    """A copy of the project, and a folder of the user's elsewhere, with a venv and a configuration in it."""

    def __init__(self, folder):
        self.project, self.theirs = folder / "project", folder / "of the user"
        copy_project(self.project)
        linked(PYTHON.parents[1], self.theirs / "the venv")
        self.python = self.theirs / "the venv/bin/python"
        (self.theirs / "mine.yaml").write_text(CONFIG % self.theirs)
        (self.theirs / "versions.yaml").write_text(EXPECTATIONS)

    def install(self, version):
        """Install a version of a small package, as a user would."""
        wheel, info = self.theirs / f"small-{version}-py3-none-any.whl", f"small-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("small.py", f"VERSION = '{version}'\n")
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: small\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", f"small.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
        command = [find_uv(), "pip", "install", "--quiet", "--offline", "--no-index", "--python", self.python, wheel]
        subprocess.run(command, check=True)

    def snakemake(self, *arguments):
        command = [*SNAKEMAKE, "--cores", "2", "--configfile", self.theirs / "mine.yaml", *arguments]
        run = subprocess.run(command, cwd=self.project, capture_output=True, text=True, timeout=900)
        assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-6000:]
        return run.stdout + run.stderr

    def planned(self, *arguments):
        """{rule: jobs} of a dry run, without those of the report."""
        jobs = planned_jobs(self.snakemake("-n", "--quiet", "rules", *arguments))
        return {rule: n for rule, n in jobs.items() if rule not in ("all", "total", "report", "rewrites")}

    def verdicts(self):
        """{use: (verdict, note)}; every cell is one of the user's environment."""
        rows = judged(self.project, "verdict", "note")
        assert {(cell[0], cell[4]) for cell in rows} == {("own-keras3", "own-keras3")}
        return {cell[6]: row for cell, row in rows.items()}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A Place in which the matrix has run once, with version 1.0 of the small package."""
    made = Place(tmp_path_factory.mktemp("own"))
    made.install("1.0")
    made.snakemake("--", "all", "gate")
    return made


def test_a_taken_venv_is_judged_and_nothing_is_built(place):
    assert place.verdicts() == NOTED
    made = {path.name for path in (place.project / "results/environments/own").iterdir()}
    assert made == {"environment.json", "site_packages.txt", "take.log"}
    assert '"small==1.0"' in (place.project / "results/environments/own/environment.json").read_text()


def test_what_stays_the_same_reruns_nothing(place):
    assert place.planned() == {}
    stray = next((place.theirs / "the venv/lib").glob("*/site-packages")) / "stray.py"
    stray.write_text("")
    try:
        assert place.planned() == {} and place.planned("--config", "runner=plain") == {}
    finally:
        stray.unlink()


def test_another_version_reruns_its_cells(place):
    place.install("2.0")
    assert place.planned() == EVERYTHING
    place.snakemake("--config", "runner=plain")
    assert place.planned() == {} and place.verdicts() == NOTED
    subprocess.run([find_uv(), "pip", "uninstall", "--quiet", "--python", place.python, "small"], check=True)
    assert place.planned() == EVERYTHING


def test_an_interpreter_that_is_gone_is_said_before_any_job(place):
    place.python.rename(place.python.with_name("aside"))
    try:
        with pytest.raises(AssertionError, match="mine.yaml, environment.python: there is no file .*/bin/python"):
            place.planned()
    finally:
        place.python.with_name("aside").rename(place.python)
