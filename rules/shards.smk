"""A part of the matrix as one target, for one allocation of a scheduler each (docs/cluster.md).

A shard is the beginning of a path: ``tf2.21-keras3``, or ``tf2.21-keras3/mlp_functional``. What begins with
another producer or another model shares no file with it but environments and data, so shards can run at once.

Needs: every file of the cells whose path begins so.
Makes: results/shards/{shard}.txt: the number of cells.
"""


rule shard:
    input:
        shard_files,
    output:
        "results/shards/{shard}.txt",
    log:
        "results/shards/{shard}.log",
    wildcard_constraints:
        shard=r"[^/]+(/\w+){0,3}",
    localrule: True
    params:
        cells=lambda wildcards, input: sum(file.endswith("verdict.json") for file in input),
    message:
        "shard {wildcards.shard}: {params.cells} cells"
    shell:
        "echo {params.cells} cells > {output} 2> {log}"
