"""Hold what was observed against the reference, facet by facet.

Requires: reference, manifest and observation of a path.
Makes: results/verified/{...}/verdict.json.
"""


rule verify_path:
    input:
        reference=f"{paths.TRAINED}/reference.json",
        manifest=f"{paths.SAVED}/manifest.json",
        observed=f"{paths.LOADED}/observed.json",
    output:
        verdict=f"{paths.VERIFIED}/verdict.json",
    params:
        code=code("host/verify.py", "model", "format", "loader", "use"),
        cell=lambda wildcards, output: output.verdict.split("/", 2)[2].rsplit("/", 1)[0],
    message:
        "verify {params.cell}"
    shell:
        HOST + " host.verify {params.cell} --reference {input.reference} --manifest {input.manifest}"
        " --observed {input.observed} --out {output.verdict}"
