"""Artifacts that the user brings: copied, read by each route in a fresh process, and judged.

Needs: `artifacts:` of the configuration; an environment for each consumer.
Makes: results/saved/brought/{id}/none/{format}/ manifest.json, item.json and artifact/,
       results/loaded/brought/{id}/.../observed.json and observed.npz, and a verdict for each of its cells.

An artifact that is not marked `trusted` is opened in a sandbox only, also to copy and to inspect it (docs/safety.md).
"""


rule take_artifact:
    output:
        facts=f"{paths.TAKEN}/manifest.json",
        item=f"{paths.TAKEN}/item.json",
        artifact=directory(f"{paths.TAKEN}/artifact"),
    log:
        f"{paths.TAKEN}/take.log",
    localrule: True
    params:
        code=code("host/brought/take.py"),
        files=lambda wildcards: brought.listing(ARTIFACTS[wildcards.model]),
        item=lambda wildcards: ARTIFACTS[wildcards.model],
        file=laid_out("{model}.json", lambda wildcards: ARTIFACTS[wildcards.model]),
        out=paths.TAKEN,
        sandbox=sandboxed(paths.TAKEN, lambda item, wildcards: [*brought.sources(item), laid_out_folder()]),
    message:
        "copy the artifact {wildcards.model}"
    shell:
        sandboxed_host_step("host.brought.take {params.file:q} --out {params.out:q}")


rule read_artifact:
    input:
        environment=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        manifest=f"{paths.TAKEN}/manifest.json",
        item=f"{paths.TAKEN}/item.json",
    output:
        facts=f"{paths.READ}/observed.json",
        arrays=f"{paths.READ}/observed.npz",
    log:
        f"{paths.READ}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("load.py --item"),
        out=paths.READ,
        step=lambda wildcards: consumer(wildcards).step,
        sandbox=sandboxed(
            paths.READ,
            lambda item, wildcards: [paths.TAKEN.format(**wildcards), *brought.needed(item, wildcards.loader)],
        ),
    message:
        "read {wildcards.model} by {wildcards.loader}, {wildcards.use}"
        " on {wildcards.consumer_environment}-{wildcards.consumer_api}"
    shell:
        step(
            "load.py",
            "observed",
            "--manifest {input.manifest:q} --item {input.item:q} --loader {wildcards.loader} --use {wildcards.use}",
            "{params.sandbox}",
        )
        # a step in a sandbox cannot remove a manifest, and names no file that the host removes
        + " || {{ code=$?; {HOST} host.brought.withdraw {input.manifest:q} >> {log:q} 2>&1; exit $code; }}"


rule judge_artifact:
    input:
        manifest=f"{paths.TAKEN}/manifest.json",
        item=f"{paths.TAKEN}/item.json",
        observed=lambda wildcards: [paths.chain(cell)[1] for cell in CELLS if cell[:2] == ("brought", wildcards.model)],
    output:
        verdict=f"{paths.JUDGED}/verdict.json",
    log:
        f"{paths.JUDGED}/verify.log",
    params:
        code=code("host/judge/brought.py"),
        versions=lambda wildcards: [consumer(wildcards).version, consumer(wildcards).tensorflow],
        cell=lambda wildcards, output: paths.cell(output.verdict),
    message:
        "judge {params.cell}"
    shell:
        "{HOST_STEP} host.judge.brought {params.cell:q} --manifest {input.manifest:q} --observed {input.observed:q}"
        " --versions {params.versions} --out {output.verdict:q} > {log:q} 2>&1"
