"""Bridges: one runtime writes an artifact, a second one loads it and saves it again, a third one reads the result.

Needs: an artifact's manifest, the reference that it is held against.
Makes: results/bridged/{...}/{format}/{via}/{via_loader}/{via_format}/manifest.json and artifact/,
       results/bridged_loaded/{...}/{consumer}/{loader}/{use}/observed.json,
       results/bridged_verified/<same>/verdict.json
"""


rule save_again:
    input:
        environment=f"{paths.VIA_ENVIRONMENT}/environment.json",
        data=data_file,
        manifest=f"{paths.SAVED}/manifest.json",
        # of a user's model: its data and its plan
        trained=lambda wildcards: f"{paths.TRAINED}/reference.json" if wildcards.model in MODELS else [],
    output:
        facts=f"{paths.BRIDGED}/manifest.json",
        artifact=directory(f"{paths.BRIDGED}/artifact"),
    log:
        f"{paths.BRIDGED}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("bridge.py"),
        out=paths.BRIDGED,
        step=lambda wildcards: via(wildcards).step,
        data=data_option,
        training=TRAINING,
        trained=lambda wildcards, input: f"--trained {input.trained}" if input.trained else "",
    message:
        "save {wildcards.model} {wildcards.format} again as {wildcards.via_format}"
        " on {wildcards.via_environment}-{wildcards.via_api}"
    shell:
        step(
            "bridge.py",
            "manifest",
            f"{MODEL} --manifest {{input.manifest:q}} {{params.trained}}"
            " --loader {wildcards.via_loader} --format {wildcards.via_format}",
        )


use rule load_artifact as load_bridged with:
    input:
        environment=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        data=data_file,
        reference=f"{paths.TRAINED}/reference.json",
        manifest=f"{paths.BRIDGED}/manifest.json",
    output:
        facts=f"{paths.BRIDGED_LOADED}/observed.json",
        arrays=f"{paths.BRIDGED_LOADED}/observed.npz",
    log:
        f"{paths.BRIDGED_LOADED}/step.log",
    params:
        out=paths.BRIDGED_LOADED,
        across="--across",
    message:
        "load {wildcards.model} {wildcards.via_format} by {wildcards.loader}, {wildcards.use}"
        " on {wildcards.consumer_environment}-{wildcards.consumer_api}"


rule verify_bridged:
    input:
        reference=f"{paths.TRAINED}/reference.json",
        manifest=f"{paths.SAVED}/manifest.json",
        bridge=f"{paths.BRIDGED}/manifest.json",
        observed=f"{paths.BRIDGED_LOADED}/observed.json",
    output:
        verdict=f"{paths.BRIDGED_VERIFIED}/verdict.json",
    log:
        f"{paths.BRIDGED_VERIFIED}/verify.log",
    params:
        code=code("host/judge/bridge.py"),
        versions=lambda wildcards: [runtime(wildcards).version for runtime in (producer, via, consumer)],
        crossings=lambda wildcards: [
            pairs.crossing(*[runtime(wildcards) for runtime in half]) for half in ((producer, via), (via, consumer))
        ],
        bridge=paths.BRIDGED_CELL,
        subject=lambda wildcards: f"--subject {data_file(wildcards)}" if wildcards.model in MODELS else "",
    message:
        "verify {params.bridge}"
    shell:
        "{HOST_STEP} host.judge.bridge {params.bridge:q} --versions {params.versions} --crossings {params.crossings}"
        " --reference {input.reference:q} --manifest {input.manifest:q} --bridge {input.bridge:q}"
        " --observed {input.observed:q} {params.subject} --out {output.verdict:q} > {log:q} 2>&1"
