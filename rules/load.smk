"""Load each artifact in a fresh process of its consumer, and use it.

Needs: an artifact's manifest, the reference (which of its arrays need not be stored again).
Makes: results/loaded/{...}/{format}/{consumer}/{loader}/{use}/observed.json and observed.npz.
"""


rule load_artifact:
    input:
        environment=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        data=data_file,
        reference=f"{paths.TRAINED}/reference.json",
        manifest=f"{paths.SAVED}/manifest.json",
    output:
        facts=f"{paths.LOADED}/observed.json",
        arrays=f"{paths.LOADED}/observed.npz",
    log:
        f"{paths.LOADED}/step.log",
    priority: 2  # finish chains before starting new ones, for early verdicts
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("load.py"),
        out=paths.LOADED,
        step=lambda wildcards: consumer(wildcards).step,
        data=data_option,
        training=TRAINING,
        across=lambda wildcards: "" if producer(wildcards) is consumer(wildcards) else "--across",
    message:
        "load {wildcards.model} {wildcards.format} by {wildcards.loader}, {wildcards.use}"
        " on {wildcards.consumer_environment}-{wildcards.consumer_api}"
    shell:
        step(
            "load.py",
            "observed",
            f"{MODEL} --manifest {{input.manifest:q}} --reference {{input.reference:q}}"
            " --loader {wildcards.loader} --use {wildcards.use} {params.across}",
        )
