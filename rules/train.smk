"""Train each model once without a break: the reference that everything is held against.

Requires: an environment, a dataset.
Makes: results/trained/{producer}/{model}/{modifier}/reference.json (and reference.npz beside it).
"""


rule train_model:
    input:
        environment=f"{paths.ENVIRONMENT}/environment.json",
        data=DATASET,
    output:
        facts=f"{paths.TRAINED}/reference.json",
    log:
        f"{paths.TRAINED}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("train.py", "model", "modifier"),
        out=paths.TRAINED,
        step=lambda wildcards: producer(wildcards).step,
        training=TRAINING,
    message:
        "train {wildcards.model} on {wildcards.environment}-{wildcards.api}"
    shell:
        "{PINNED} {params.step[assignments]} {STEP}"
        " --out {params.out} --result reference --preload {params.step[preload]}"
        " -- {params.step[python]} scripts/train.py {params.step[arguments]}"
        " --model {wildcards.model} --modifier {wildcards.modifier} --data {input.data} {params.training}"
        " --out {params.out} > {log} 2>&1"
