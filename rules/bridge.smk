"""Bridges: an artifact that one runtime wrote, loaded and saved again by another, read by a third.

Requires: an artifact's manifest, the reference that it is held against.
Makes: results/bridged/{...}/{format}/{via}/{via_loader}/{via_format}/manifest.json (and artifact/ beside it),
       results/bridged_loaded/{...}/{consumer}/{loader}/{use}/observed.json,
       results/bridged_verified/<same>/verdict.json
"""


rule save_again:
    input:
        environment=f"{paths.VIA_ENVIRONMENT}/environment.json",
        data=DATASET,
        manifest=f"{paths.SAVED}/manifest.json",
    output:
        facts=f"{paths.BRIDGED}/manifest.json",
    log:
        f"{paths.BRIDGED}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=members_hash("bridge.py", engine="via_api", models="model", loaders="via_loader", formats="via_format"),
        out=paths.BRIDGED,
        step=lambda wildcards: via(wildcards).step,
        training=TRAINING,
    message:
        "save {wildcards.model} {wildcards.format} again as {wildcards.via_format}"
        " on {wildcards.via_environment}-{wildcards.via_api}"
    shell:
        "{PINNED} {params.step[assignments]} {STEP}"
        " --out {params.out} --result manifest --preload {params.step[preload]}"
        " -- {params.step[python]} scripts/bridge.py {params.step[arguments]}"
        " --model {wildcards.model} --modifier {wildcards.modifier} --data {input.data} {params.training}"
        " --manifest {input.manifest} --loader {wildcards.via_loader} --format {wildcards.via_format}"
        " --out {params.out} > {log} 2>&1"


rule load_bridged:
    input:
        environment=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        data=DATASET,
        reference=f"{paths.TRAINED}/reference.json",
        manifest=f"{paths.BRIDGED}/manifest.json",
    output:
        facts=f"{paths.BRIDGED_LOADED}/observed.json",
    log:
        f"{paths.BRIDGED_LOADED}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=members_hash("load.py", engine="consumer_api", models="model", loaders="loader", uses="use"),
        out=paths.BRIDGED_LOADED,
        step=lambda wildcards: consumer(wildcards).step,
        training=TRAINING,
    message:
        "load {wildcards.model} {wildcards.via_format} by {wildcards.loader}, {wildcards.use}"
        " on {wildcards.consumer_environment}-{wildcards.consumer_api}"
    shell:
        "{PINNED} {params.step[assignments]} {STEP}"
        " --out {params.out} --result observed --preload {params.step[preload]}"
        " -- {params.step[python]} scripts/load.py {params.step[arguments]}"
        " --model {wildcards.model} --modifier {wildcards.modifier} --data {input.data} {params.training}"
        " --manifest {input.manifest} --reference {input.reference}"
        " --loader {wildcards.loader} --use {wildcards.use} --across --out {params.out} > {log} 2>&1"


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
        code=members_hash("host/judge/bridge.py", models="model", formats="via_format", loaders="loader", uses="use"),
        versions=lambda wildcards: [runtime(wildcards).version for runtime in (producer, via, consumer)],
        crossings=lambda wildcards: [
            pairs.crossing(*[runtime(wildcards) for runtime in half]) for half in ((producer, via), (via, consumer))
        ],
        bridge=paths.BRIDGED_CELL,
    message:
        "verify {params.bridge}"
    shell:
        "{HOST_STEP} host.judge.bridge {params.bridge} --versions {params.versions} --crossings {params.crossings}"
        " --reference {input.reference} --manifest {input.manifest} --bridge {input.bridge}"
        " --observed {input.observed} --out {output.verdict} > {log} 2>&1"
