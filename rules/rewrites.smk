"""A table that shows after which loads a rewrite of the graph works, for the selected cells with such a modifier.

Needs: the verdicts of these cells; their references, and those of the same models without a modifier.
Makes: results/report/rewrites.md.
"""

from host.questions.rewrites import is_rewritten

REWRITTEN = [c for c in CELLS if is_rewritten(c)]
# each rewritten model's reference, and that of the same model without a modifier
REFERENCES = {c._replace(modifier=modifier) for c in REWRITTEN for modifier in (c.modifier, "none")}


rule rewrites:
    input:
        cells="results/report/cells.json",
        verdicts=[paths.verdict(cell) for cell in REWRITTEN],
        references=sorted({paths.chain(c)[0] for c in REFERENCES}),
    output:
        page="results/report/rewrites.md",
    log:
        "results/report/rewrites.log",
    localrule: True
    params:
        code=code("host/questions/rewrites.py"),
    message:
        "table of rewrites"
    shell:
        "{HOST} host.questions.rewrites --cells {input.cells:q} --out {output.page:q} > {log:q} 2>&1"
