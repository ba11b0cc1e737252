"""A part of the matrix as one target, for one allocation of a scheduler (docs/cluster.md).

A shard is the beginning of a path: ``tf2.21-keras3``, or ``tf2.21-keras3/mlp_functional``. Shards with different
producers or models share only environments and data, so they can run at the same time.

Needs: all files of the cells whose paths begin with the shard.
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
        "echo {params.cells} cells > {output:q} 2> {log:q}"
