"""Models that the user brings: what their steps are told of each, with a hash of every file that it depends on.

Needs: `models:` of the configuration.
Makes: results/subjects/{model}.json.
"""


rule subject:
    output:
        facts=subjects.FILE,
    log:
        "results/subjects/{model}.log",
    localrule: True
    params:
        described=lambda wildcards: MODELS[wildcards.model].described,
        file=laid_out("subject_{model}.json", lambda wildcards: MODELS[wildcards.model].described),
    message:
        "describe {wildcards.model}"
    shell:
        "cp {params.file:q} {output.facts:q} 2> {log:q}"
