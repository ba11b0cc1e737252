"""Data: one .npz with the keys of mnist.npz, from which every model takes its samples.

Needs: for `mnist`, the file that `mnist:` in the configuration names, or the network; for `digits`, nothing.
Makes: results/data/{dataset}.npz (x_train, y_train, x_test, y_test), results/data/{dataset}.json (the source).
"""

from host.dataset import local_file


rule dataset:
    input:
        file=lambda wildcards: local_file(wildcards.dataset, config.get("mnist")),
    output:
        arrays="results/data/{dataset}.npz",
        facts="results/data/{dataset}.json",
    log:
        "results/data/{dataset}.log",
    wildcard_constraints:
        dataset="digits|mnist",
    localrule: True
    params:
        code=code("host/dataset.py"),
        file=lambda wildcards, input: [f"--file={file}" for file in input.file],
    message:
        "write the dataset {wildcards.dataset}"
    shell:
        "{HOST} host.dataset {wildcards.dataset} --out {output.arrays:q} {params.file:q} 2> {log:q}"
