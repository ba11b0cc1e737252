"""A small matrix in a copy of the project, to run with faults of the machine and without; and such faults."""

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from helpers.project import SNAKEMAKE, copy_with_environment, judged

CONFIG = """
epochs: {before: 5, after: 1}
matrix:
  - producers: [tf2.21-keras3, tf2.21-keras2]
    models: [dense_regression]
    formats: [keras_archive, h5]
    loaders: [load_model]
    uses: [evaluate]
"""
CELL = "tf2.21-keras3/dense_regression/none/h5/tf2.21-keras3/load_model/evaluate"
SAVED = "results/saved/tf2.21-keras3/dense_regression/none/h5"
LOADED = f"results/loaded/{CELL}"


class Project:
    """A copy of the project, and what a run that nothing disturbs gives in it."""

    def __init__(self, folder):
        self.folder = copy_with_environment(folder, CONFIG)
        assert self.run().returncode == 0
        self.undisturbed = self.verdicts()

    def run(self, *arguments):
        """Snakemake, to its end; what it printed is in ``stdout`` and ``stderr``."""
        command = [*SNAKEMAKE, "--cores", "2", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=600)

    def verdicts(self):
        """{cell: (verdict, facets lost)}."""
        return judged(self.folder, "verdict", "facets_lost")

    def forget(self, *folders):
        """Remove results, to be made again."""
        for folder in folders:
            shutil.rmtree(self.folder / "results" / folder, ignore_errors=True)

    def not_run(self):
        """{cell: reason} of the cells that the report says were not run; the others have the undisturbed verdict."""
        rows = judged(self.folder, "verdict", "facets_lost", "reason")
        assert set(rows) == set(self.undisturbed)
        for cell, row in rows.items():
            assert row[0] == "not_run" or row[:2] == self.undisturbed[cell], (cell, row)
        return {"/".join(cell): row[2] for cell, row in rows.items() if row[0] == "not_run"}

    def is_not_run(self, words, *arguments, cells=None):
        """Run with a fault: the run fails, so does its gate, and the report says why these cells were not run."""
        done = self.run(*arguments)
        assert done.returncode != 0, done.stdout[-3000:]
        if not (self.folder / "results/report/index.html").exists():  # Snakemake itself could not go on
            assert words in done.stderr, done.stderr[-3000:]
            return
        reasons = self.not_run()
        assert reasons and (cells is None or set(reasons) == cells), reasons
        assert any(words in reason for reason in reasons.values()), reasons
        gate = json.loads((self.folder / "results/report/gate.json").read_text())
        assert not gate["passed"] and gate["counts"]["not_run"] == len(reasons)

    def recovers(self):
        """The next run that nothing disturbs gives the undisturbed verdicts, without being told anything."""
        done = self.run()
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
        assert self.verdicts() == self.undisturbed


class NoMount(Exception):
    """This user may not mount a disk."""


@contextlib.contextmanager
def tmpfs(folder, options):
    """A small disk at a folder; its files are lost with it. Raises NoMount."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        raise NoMount(mounted.stderr.decode().strip())
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def writing_below(folder):
    """The processes whose standard error is captured in a folder: the step, and no supervisor."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if Path(os.readlink(f"/proc/{pid}/fd/2")) == (folder / "stderr.txt").resolve():
                yield int(pid)
