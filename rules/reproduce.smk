"""A reproduction of a cell: one Python file that needs only Keras and NumPy, and what running it shows.

Only on demand (`make reproduce`, docs/reproduce.md): a reproduction trains and loads once more.

Needs: the cell's verdict, and the environments of its two runtimes; of what the user brings its records too.
Makes: results/reproduced/{cell}/ reproduce.py, claim.json (what it must show), result.json (what it showed); of what
       the user brings also files/, which the script needs.

The reproduction of an artifact that is not marked `trusted` runs in a sandbox (docs/safety.md).
"""

#: the processes of a reproduction, each of which may take as long as a step
PROCESSES = 3


rule write_reproduction:
    input:
        verdict=f"{paths.VERIFIED}/verdict.json",
        producer=f"{paths.ENVIRONMENT}/environment.json",
        consumer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
    output:
        script=f"{paths.REPRODUCED}/reproduce.py",
        claim=f"{paths.REPRODUCED}/claim.json",
    log:
        f"{paths.REPRODUCED}/write.log",
    localrule: True
    params:
        code=code("host/reproduce/__main__.py"),
        before=config["epochs"]["before"],
        after=config["epochs"]["after"],
        seconds=config["limits"]["seconds"],
        cell=paths.CELL,
        more="",
    message:
        "write the reproduction of {params.cell}"
    shell:
        "{HOST} host.reproduce --verdict {input.verdict:q} --producer {input.producer:q} --consumer {input.consumer:q}"
        " --before {params.before} --after {params.after} --seconds {params.seconds}"
        " --script {output.script:q} --claim {output.claim:q} {params.more} 2> {log:q}"


use rule write_reproduction as write_reproduction_of_user with:
    input:
        verdict=f"{paths.VERIFIED}/verdict.json",
        producer=f"{paths.ENVIRONMENT}/environment.json",
        consumer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        subject=subjects.FILE,
        reference=f"{paths.TRAINED}/reference.json",
    output:
        script=f"{paths.REPRODUCED}/reproduce.py",
        claim=f"{paths.REPRODUCED}/claim.json",
        files=directory(f"{paths.REPRODUCED}/files"),
    wildcard_constraints:
        model="|".join(MODELS) or "-",
    params:
        more=lambda wildcards, input: f"--subject {input.subject} --reference {input.reference}",


use rule write_reproduction as write_reproduction_of_brought with:
    input:
        verdict=f"{paths.JUDGED}/verdict.json",
        producer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        consumer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        manifest=f"{paths.TAKEN}/manifest.json",
        observed=lambda wildcards: [paths.chain(cell)[1] for cell in CELLS if cell[:2] == ("brought", wildcards.model)],
    output:
        script=f"{paths.REPRODUCED_BROUGHT}/reproduce.py",
        claim=f"{paths.REPRODUCED_BROUGHT}/claim.json",
        files=directory(f"{paths.REPRODUCED_BROUGHT}/files"),
    log:
        f"{paths.REPRODUCED_BROUGHT}/write.log",
    params:
        code=code("host/reproduce/__main__.py --manifest"),
        more=lambda wildcards, input: f"--manifest {input.manifest} --observed {' '.join(input.observed)}",
        cell=lambda wildcards, output: paths.cell(output.claim),


ruleorder: write_reproduction_of_user > write_reproduction


rule run_reproduction:
    input:
        script=f"{paths.REPRODUCED}/reproduce.py",
        claim=f"{paths.REPRODUCED}/claim.json",
        producer=f"{paths.ENVIRONMENT}/environment.json",
        consumer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
    output:
        result=f"{paths.REPRODUCED}/result.json",
    log:
        f"{paths.REPRODUCED}/run.log",
    resources:
        mem_mb=memory,
        runtime=lambda wildcards, attempt: PROCESSES * minutes(wildcards, attempt),
    params:
        code=code("host/reproduce/run.py"),
        seconds=PROCESSES * config["limits"]["seconds"],
        memory=config["limits"]["memory_mb"],
        pythons=lambda wildcards: f"{producer(wildcards).python} {consumer(wildcards).python}",
        cell=paths.CELL,
        supervised="",
    message:
        "run the reproduction of {params.cell}"
    shell:
        "{HOST} host.reproduce.run --script {input.script:q} --claim {input.claim:q} --pythons {params.pythons}"
        " --seconds {params.seconds} --memory {params.memory} --out {output.result:q} -- {params.supervised}"
        " > {log:q} 2>&1"


use rule run_reproduction as run_reproduction_of_brought with:
    input:
        script=f"{paths.REPRODUCED_BROUGHT}/reproduce.py",
        claim=f"{paths.REPRODUCED_BROUGHT}/claim.json",
        producer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
        consumer=f"{paths.CONSUMER_ENVIRONMENT}/environment.json",
    output:
        result=f"{paths.REPRODUCED_BROUGHT}/result.json",
    log:
        f"{paths.REPRODUCED_BROUGHT}/run.log",
    params:
        pythons=lambda wildcards: consumer(wildcards).python,
        supervised=reproduced_in_a_sandbox,
        cell=lambda wildcards, output: paths.cell(output.result),
