"""Environments: envs/<id>.yaml -> lock with hashes -> venv, proved to import.

Needs: envs/{environment}.yaml, and envs/{environment}.lock where it is committed and fresh (`make locks`).
Makes: results/environments/{environment}/environment.json: built or unbuildable, and what was really installed
       (venv/ beside it), and requirements.lock where no fresh lock is committed, for this machine alone.

Never sent to a scheduler: it is done where the run was started, with its network, before the first job is submitted.
"""


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
        "resolving {input.declared} (`make locks` writes a lock to commit)"
    shell:
        "{HOST} host.environments.build lock {input.declared} --out {output.lock} --here --record-failure"
        " {params.python:q} 2> {log}"


rule environment_build:
    input:
        # a comment in it is no reason to build: what matters of it is in params
        declared=lambda wildcards: ancient(ENVIRONMENTS[wildcards.environment]["file"]),
        lock=lambda wildcards: ENVIRONMENTS[wildcards.environment]["lock"],
    output:
        stamp="results/environments/{environment}/environment.json",
    log:
        "results/environments/{environment}/build.log",
    localrule: True
    threads: 2
    params:
        identity=lambda wildcards: ENVIRONMENTS[wildcards.environment]["identity"],
        python=named_interpreters,
    message:
        "building the environment {wildcards.environment}"
    shell:
        "{HOST} host.environments.build build {input.declared} --lock {input.lock}"
        " --out {output.stamp} {params.python:q} 2> {log}"
