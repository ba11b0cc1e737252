"""Environments: envs/<id>.yaml -> lock with hashes -> venv, with a test of its imports; or a Python of the user.

Needs: envs/{environment}.yaml, and envs/{environment}.lock where it is committed and fresh (`make locks`); for what the
       configuration brings, the files that host.environments.own has written when the workflow began.
Makes: results/environments/{environment}/environment.json: built, unbuildable or taken, and the installed packages
       (venv/ beside it, if it was built), and requirements.lock for this machine only, if no fresh lock is committed.

These rules never go to a scheduler. They run on the machine that started the run, which has a network, before the
first job is submitted.
"""

import re

#: the environments that are an interpreter of the user; there is nothing to build
TAKEN = "|".join(re.escape(id_) for id_, spec in ENVIRONMENTS.items() if "interpreter" in spec) or "-"


rule environment_lock:
    input:
        declared=lambda wildcards: ENVIRONMENTS[wildcards.environment]["file"],
    output:
        lock="results/environments/{environment}/requirements.lock",
    log:
        "results/environments/{environment}/lock.log",
    localrule: True
    params:
        python=named_interpreters,
    message:
        "resolve {input.declared} (`make locks` writes a lock to commit)"
    shell:
        "{HOST} host.environments.build lock {input.declared:q} --out {output.lock:q} --here --record-failure"
        " {params.python:q} 2> {log:q}"


rule environment_build:
    input:
        # a changed comment must not rebuild it: params has the relevant content
        declared=lambda wildcards: ancient(ENVIRONMENTS[wildcards.environment]["file"]),
        lock=lambda wildcards: ENVIRONMENTS[wildcards.environment]["lock"],
    output:
        stamp="results/environments/{environment}/environment.json",
        venv=directory("results/environments/{environment}/venv"),
    log:
        "results/environments/{environment}/build.log",
    wildcard_constraints:
        environment=f"(?!(?:{TAKEN})/)[^/]+",
    localrule: True
    threads: 2
    params:
        identity=lambda wildcards: ENVIRONMENTS[wildcards.environment]["identity"],
        python=named_interpreters,
    message:
        "build the environment {wildcards.environment}: once, 0.5 to 2 GB and some minutes"
    shell:
        "{HOST} host.environments.build build {input.declared:q} --lock {input.lock:q}"
        " --out {output.stamp:q} {params.python:q} 2> {log:q}"


rule environment_take:
    input:
        # written by each run; params has what counts
        found=lambda wildcards: ancient(ENVIRONMENTS[wildcards.environment]["file"]),
    output:
        stamp="results/environments/{environment}/environment.json",
    log:
        "results/environments/{environment}/take.log",
    wildcard_constraints:
        environment=TAKEN,
    localrule: True
    params:
        identity=lambda wildcards: ENVIRONMENTS[wildcards.environment]["identity"],
    message:
        "import what is installed in the environment {wildcards.environment}"
    shell:
        "{HOST} host.environments.taken {input.found:q} --out {output.stamp:q} 2> {log:q}"
