"""Runs the steps of a path in the built environment, without the workflow: each a child of a warm interpreter."""

import json
import os
import subprocess
import sys

from helpers.places import PYTHON, ROOT, SCRIPTS
from roundtrip.artifact import listing
from roundtrip.record import read_json, write_json
from roundtrip.records.seal import sealed
from warmstep.supervise import FIXED

#: what rules and the supervisor give every step
PINNED = {"CUDA_VISIBLE_DEVICES": "-1", **FIXED}
#: runtime -> the options and the variables that a rule gives its steps
RUNTIMES = {
    "tf2.21-keras3": (["--runtime", "tf2.21-keras3", "--module", "keras"], {"TF_USE_LEGACY_KERAS": "0"}),
    "tf2.21-keras2": (["--runtime", "tf2.21-keras2", "--module", "tf_keras"], {"TF_USE_LEGACY_KERAS": "1"}),
    "tf2.21-keras2_graph": (["--runtime", "tf2.21-keras2_graph", "--module", "tf_keras"], {"TF_USE_LEGACY_KERAS": "1"}),
    "tf2.21-tf1": (["--runtime", "tf2.21-tf1", "--module", "tensorflow"], {}),
}


#: a warm interpreter ends by itself after so many seconds without a step
IDLE = 60


def python(*arguments, cwd=ROOT, **variables):
    """What the environment's Python prints; it must succeed."""
    return printed([str(PYTHON), *map(str, arguments)], cwd, **variables)


def warm(preload, *arguments, cwd=ROOT, **variables):
    """The same in a child of an interpreter that has these modules, as rules start a step: it imports nothing twice."""
    supervisor = [sys.executable, "-I", "-S", str(SCRIPTS / "step.py"), "--runner", "warm", "--preload", preload]
    return printed([*supervisor, "--idle", str(IDLE), "--", str(PYTHON), *map(str, arguments)], cwd, **variables)


def printed(command, cwd, **variables):
    """What a command prints; it must succeed."""
    environment = {**os.environ, **PINNED, **variables}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    return done.stdout


def as_saved(manifest):
    """State the files beside a manifest as those that the format wrote: what was spoilt is then no damaged disk."""
    facts = read_json(manifest)
    facts["files"] = listing(manifest.parent / "artifact")
    write_json(manifest, sealed(facts))


class Steps:
    """Runs the scripts of a checkout, or of a copy of it, on one runtime.

    Parameters
    ----------
    runtime : str
        A key of RUNTIMES.
    options : list
        The options that train, save and load share: model, data, epochs.
    scripts : Path
        The folder of the scripts.
    """

    def __init__(self, runtime, options=(), scripts=SCRIPTS):
        self.runtime, self.options, self.scripts = runtime, options, scripts

    def run(self, script, out, *more):
        """Run a script into a folder."""
        runtime, variables = RUNTIMES[self.runtime]
        preload = ",".join(dict.fromkeys(["tensorflow", runtime[runtime.index("--module") + 1]]))
        warm(preload, self.scripts / script, *runtime, *self.options, *more, "--out", out, **variables)

    def train(self, out, *more):
        """The path of the reference."""
        self.run("train.py", out, *more)
        return out / "reference.json"

    def save(self, fmt, reference, out, *more):
        """The path of the manifest; the artifact lies beside it."""
        self.run("save.py", out, "--format", fmt, "--reference", reference, *more)
        return out / "manifest.json"

    def load(self, files, loader, use, out, *more):
        """The path of the observation; ``files`` are the reference and the manifest."""
        reference, manifest = files
        self.run(
            "load.py", out, "--manifest", manifest, "--reference", reference, "--loader", loader, "--use", use, *more
        )
        return out / "observed.json"

    def verdict(self, cell, files, out):
        """The verdict of a cell, by the host's code beside the scripts; ``files``: reference, manifest, observation."""
        named = [word for pair in zip(("--reference", "--manifest", "--observed"), files, strict=True) for word in pair]
        command = [sys.executable, "-m", "host.judge.verify", "/".join(cell), "--versions", "2.21.0", "2.21.0"]
        environment = dict(os.environ, PYTHONPATH=str(self.scripts))
        subprocess.run([*command, "--crossing", "same", *named, "--out", out], env=environment, check=True)
        return json.loads(out.read_text())
