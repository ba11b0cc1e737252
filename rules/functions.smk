"""The functions of the rules' ``input``, ``params`` and ``resources``.

Needs: the configuration, and what common.smk worked out of it.
Makes: no file, but ``code``, ``producer``, ``via``, ``consumer``, ``memory``, ``minutes``, ``named_interpreters`` and
       ``shard_files``.
"""

import math

from host.environments import build
from host.select.sources import step_hash


def code(script):
    """A params function: one hash of all that a script opens, members by the names in the job's wildcards."""
    return lambda wildcards: step_hash(script, wildcards)


def runtime_of(prefix=""):
    """A function: the runtime that the wildcards name, that of the consumer with the prefix ``consumer_``."""
    return lambda wildcards: RUNTIMES["-".join(wildcards[f"{prefix}{part}"] for part in ("environment", "api"))]


producer, via, consumer = runtime_of(), runtime_of("via_"), runtime_of("consumer_")


def memory(wildcards, attempt):
    """Megabytes to ask a scheduler for: the step's limit and what carries the step, more at each attempt.

    Always above the step's own limit, as ``minutes`` is: the supervisor is to be the one that ends the step, for then
    it is an outcome.
    """
    return attempt * (config["limits"]["memory_mb"] + 1000)


def minutes(wildcards, attempt):
    """Run time to ask a scheduler for."""
    return attempt * (math.ceil(config["limits"]["seconds"] / 60) + 1)


def named_interpreters(wildcards):
    """`--python` options: the interpreters that the user named for this environment's Pythons."""
    return build.interpreter_options(ENVIRONMENTS[wildcards.environment], config.get("pythons"))


def shard_files(wildcards):
    """Every file of all cells whose path begins with the shard."""
    shard = tuple(wildcards.shard.split("/"))
    files = {file for cell in CELLS if cell[: len(shard)] == shard for file in paths.chain(cell)}
    files |= {paths.verdict(cell) for cell in PRETRAINED_CELLS if cell[: len(shard)] == shard}
    if not files:
        raise WorkflowError(f"No cell's path begins with {wildcards.shard}: nothing would be proved.")
    return sorted(files)
