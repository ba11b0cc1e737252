"""Repeat the training in a fresh process, prove that it reached the reference's state, write each format.

Requires: the reference of the same model.
Makes: results/saved/{producer}/{model}/{modifier}/{format}/manifest.json (and artifact/ beside it).
"""


rule save_artifact:
    input:
        environment=f"{paths.ENVIRONMENT}/environment.json",
        data=DATASET,
        reference=f"{paths.TRAINED}/reference.json",
    output:
        facts=f"{paths.SAVED}/manifest.json",
    log:
        f"{paths.SAVED}/step.log",
    priority: 1  # chains are finished before new ones begin: verdicts come early
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("save.py", "model", "modifier", "format"),
        out=paths.SAVED,
        step=lambda wildcards: producer(wildcards).step,
        training=TRAINING,
    message:
        "save {wildcards.model} as {wildcards.format} on {wildcards.environment}-{wildcards.api}"
    shell:
        "{PINNED} {params.step[assignments]} {STEP}"
        " --out {params.out} --result manifest --preload {params.step[preload]}"
        " -- {params.step[python]} scripts/save.py {params.step[arguments]}"
        " --model {wildcards.model} --modifier {wildcards.modifier} --data {input.data} {params.training}"
        " --format {wildcards.format} --reference {input.reference} --out {params.out} > {log} 2>&1"
