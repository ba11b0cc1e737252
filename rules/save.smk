"""Repeat the training in a fresh process, check that its state equals the reference's, and write each format.

Needs: the reference of the same model.
Makes: results/saved/{producer}/{model}/{modifier}/{format}/manifest.json and artifact/.
"""


rule save_artifact:
    input:
        environment=f"{paths.ENVIRONMENT}/environment.json",
        data=data_file,
        reference=f"{paths.TRAINED}/reference.json",
    output:
        facts=f"{paths.SAVED}/manifest.json",
        artifact=directory(f"{paths.SAVED}/artifact"),
    log:
        f"{paths.SAVED}/step.log",
    priority: 1  # finish chains before starting new ones, for early verdicts
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("save.py"),
        out=paths.SAVED,
        step=lambda wildcards: producer(wildcards).step,
        data=data_option,
        training=TRAINING,
    message:
        "save {wildcards.model} as {wildcards.format} on {wildcards.environment}-{wildcards.api}"
    shell:
        step("save.py", "manifest", f"{MODEL} --format {{wildcards.format}} --reference {{input.reference:q}}")
