"""The matrix, worked out once at parse time, and what the other rule files share.

Requires: config/, envs/*.yaml, the members' metadata in scripts/roundtrip/.
Makes: no file; it defines CELLS, EXCLUDED, and the parts that every step's command is made of.
"""

import math
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir, "scripts")))

from host import schemas
from host.environments import build
from host.environments.declared import load_all
from host.questions import upgrade
from host.report import expectations
from host.select import brought, configuration, matrix, pairs, paths, runtimes
from host.select.cells import KINDS
from host.sources import code_hash
from snakemake.exceptions import WorkflowError


wildcard_constraints:
    environment=r"[^/]+",
    via_environment=r"[^/]+",
    via_api="keras3|keras2|keras2_graph|tf1",
    via_loader=r"\w+",
    via_format=r"\w+",
    consumer_environment=r"[^/]+",
    api="keras3|keras2|keras2_graph|tf1",
    consumer_api="keras3|keras2|keras2_graph|tf1",
    model=r"\w+",
    modifier=r"\w+",
    format=r"\w+",
    loader=r"\w+",
    use=r"\w+",


# what messages call the configuration: the command line's files are laid over the first
CONFIGURED = " + ".join(
    ["config/config.yaml", *(min(str(f), os.path.relpath(f), key=len) for f in workflow.overwrite_configfiles)]
)
try:
    schemas.validate(config, "config", CONFIGURED)
    ENVIRONMENTS = load_all(["envs", *config["environments"]])
    RUNTIMES = runtimes.known(ENVIRONMENTS)
    UPGRADE = upgrade.question(config, RUNTIMES, CONFIGURED)
    CELLS, EXCLUDED = matrix.expand(configuration.resolve(config, RUNTIMES, CONFIGURED), RUNTIMES)
    PRETRAINED = brought.resolve(config["pretrained"], RUNTIMES, CONFIGURED)
    PRETRAINED_CELLS = brought.cells(PRETRAINED, RUNTIMES)
    configuration.refuse_nothing(CELLS + PRETRAINED_CELLS, EXCLUDED, CONFIGURED)
    expectations.load(config["expectations"])
except ValueError as error:
    raise WorkflowError(str(error)) from None

DATASET = f"results/data/{config['dataset']}.npz"
HOST = f"PYTHONPATH={workflow.basedir}/scripts {sys.executable} -m"
TRAINING = f"--seed {config['seed']} --before {config['epochs']['before']} --after {config['epochs']['after']}"
# No device but the CPU: a second run must equal the first bit for bit. (One thread a step: the supervisor sees to it.)
PINNED = "CUDA_VISIBLE_DEVICES=-1"
# The supervisor: limits, and a result whatever happens. Not a parameter: how a step is run is no reason to rerun it.
STEP = (
    f"{sys.executable} -I -S scripts/step.py --runner {config['runner']}"
    f" --timeout {config['limits']['seconds']:g} --memory {config['limits']['memory_mb']}"
)
# The host's own small steps by the same way: NumPy is imported once.
HOST_STEP = (
    f"PYTHONPATH={workflow.basedir}/scripts {sys.executable} -I -S scripts/step.py --runner {config['runner']}"
    f" --preload numpy,packaging.specifiers,jsonschema -- {sys.executable} -m"
)


def memory(wildcards, attempt):
    """Megabytes to ask a scheduler for: the step's limit and what carries the step, more at each attempt.

    Above the step's own limit always, and so is ``minutes``: the supervisor is to be the one that ends the step,
    for then it is an outcome.
    """
    return attempt * (config["limits"]["memory_mb"] + 1000)


def minutes(wildcards, attempt):
    """Run time to ask a scheduler for."""
    return attempt * (math.ceil(config["limits"]["seconds"] / 60) + 1)


def producer(wildcards):
    """The runtime that writes."""
    return RUNTIMES[f"{wildcards.environment}-{wildcards.api}"]


def consumer(wildcards):
    """The runtime that reads."""
    return RUNTIMES[f"{wildcards.consumer_environment}-{wildcards.consumer_api}"]


def via(wildcards):
    """The runtime that reads, and saves again."""
    return RUNTIMES[f"{wildcards.via_environment}-{wildcards.via_api}"]


def named_interpreters(wildcards):
    """`--python` options: the interpreters that the user named for this environment's Pythons."""
    return build.interpreter_options(ENVIRONMENTS[wildcards.environment], config.get("pythons"))


def code(script, *kinds):
    """A params function: the hash of a stage's script and of the members that the job's wildcards name."""
    reads = "loader" in kinds and "host" not in script
    return lambda wildcards: code_hash(
        script,
        *([] if "host" in script else [paths.engine(wildcards.consumer_api if reads else wildcards.api)]),
        *(paths.member(kind, wildcards[axis]) for axis, kind in KINDS.items() if axis in kinds),
    )


def members_hash(script, engine=None, **named):
    """The same for a job whose wildcards have names of their own; ``named`` is {kind of member: wildcard}."""
    return lambda wildcards: code_hash(
        script,
        *([paths.engine(wildcards[engine])] if engine else []),
        *(paths.member(kind, wildcards[axis]) for kind, axis in named.items()),
    )


def shard_files(wildcards):
    """Every file of all cells whose path begins with the shard."""
    shard = tuple(wildcards.shard.split("/"))
    files = {file for cell in CELLS if cell[: len(shard)] == shard for file in paths.chain(cell)}
    files |= {paths.verdict(cell) for cell in PRETRAINED_CELLS if cell[: len(shard)] == shard}
    if not files:
        raise WorkflowError(f"No cell's path begins with {wildcards.shard}: nothing would be proved.")
    return sorted(files)
