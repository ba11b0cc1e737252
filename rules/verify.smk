"""Compare each observation with its reference, facet by facet.

Needs: reference, manifest and observation of a path.
Makes: results/verified/{...}/verdict.json.
"""


rule verify_path:
    input:
        reference=f"{paths.TRAINED}/reference.json",
        manifest=f"{paths.SAVED}/manifest.json",
        observed=f"{paths.LOADED}/observed.json",
    output:
        verdict=f"{paths.VERIFIED}/verdict.json",
    log:
        f"{paths.VERIFIED}/verify.log",
    priority: 3  # finish chains before starting new ones, for early verdicts
    params:
        code=code("host/judge/verify.py"),
        versions=lambda wildcards: [producer(wildcards).version, consumer(wildcards).version],
        crossing=lambda wildcards: pairs.crossing(producer(wildcards), consumer(wildcards)),
        cell=paths.CELL,
        subject=lambda wildcards: f"--subject {data_file(wildcards)}" if wildcards.model in MODELS else "",
    message:
        "verify {params.cell}"
    shell:
        "{HOST_STEP} host.judge.verify {params.cell:q} --versions {params.versions} --crossing {params.crossing}"
        " --reference {input.reference:q} --manifest {input.manifest:q}"
        " --observed {input.observed:q} {params.subject} --out {output.verdict:q} > {log:q} 2>&1"
