"""Artifacts that the user brings: every suitable route reads each one in a fresh process, and the routes are compared.

Needs: `pretrained:` of the configuration; an environment for each of its runtimes.
Makes: results/pretrained/{id}/{runtime}/{route}/observed.json, and verdicts beside those of the matrix.
"""

BROUGHT = {item["id"]: item for item in PRETRAINED}


rule pretrained_item:
    output:
        item="results/pretrained/{model}/item.json",
    log:
        "results/pretrained/{model}/item.log",
    localrule: True
    params:
        item=lambda wildcards: BROUGHT[wildcards.model],
        files=lambda wildcards: brought.listing(BROUGHT[wildcards.model]),
        file=laid_out("{model}.json", lambda wildcards: BROUGHT[wildcards.model]),
    shell:
        "cp {params.file:q} {output.item:q} 2> {log:q}"


rule pretrained_route:
    input:
        environment=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        item="results/pretrained/{model}/item.json",
    output:
        facts=f"{paths.ROUTE}/observed.json",
    log:
        f"{paths.ROUTE}/step.log",
    resources:
        mem_mb=memory,
        runtime=minutes,
    params:
        code=code("pretrained.py"),
        out=paths.ROUTE,
        step=lambda wildcards: consumer(wildcards).step,
    message:
        "read {wildcards.model} by {wildcards.loader} on {wildcards.consumer_environment}-{wildcards.consumer_api}"
    shell:
        step("pretrained.py", "observed", "--route {wildcards.loader} --item {input.item:q}")


rule pretrained_verdict:
    input:
        item="results/pretrained/{model}/item.json",
        observed=lambda wildcards: [
            f"results/pretrained/{cell.model}/{cell.consumer}/{cell.loader}/observed.json"
            for cell in PRETRAINED_CELLS
            if cell.model == wildcards.model
        ],
    output:
        verdict=f"{paths.ROUTE_VERIFIED}/verdict.json",
    log:
        f"{paths.ROUTE_VERIFIED}/verify.log",
    params:
        code=code("host/judge/brought.py"),
        cell=lambda wildcards, output: paths.cell(output.verdict),
    message:
        "judge {params.cell}"
    shell:
        "{HOST_STEP} host.judge.brought {params.cell:q} --item {input.item:q} --observed {input.observed:q}"
        " --out {output.verdict:q} > {log:q} 2>&1"
