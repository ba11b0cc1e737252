"""Train each model once without interruption: the reference for all comparisons.

Needs: an environment, a dataset.
Makes: results/trained/{producer}/{model}/{modifier}/reference.json and reference.npz.
"""


rule train_model:
    input:
        environment=f"{paths.ENVIRONMENT}/environment.json",
        data=data_file,
    output:
        facts=f"{paths.TRAINED}/reference.json",
        arrays=f"{paths.TRAINED}/reference.npz",
    log:
        f"{paths.TRAINED}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("train.py"),
        out=paths.TRAINED,
        step=lambda wildcards: producer(wildcards).step,
        data=data_option,
        training=TRAINING,
    message:
        "train {wildcards.model} on {wildcards.environment}-{wildcards.api}"
    shell:
        step("train.py", "reference", MODEL)
