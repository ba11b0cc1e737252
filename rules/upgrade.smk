"""The answer for an upgrade: the ways from an artifact of one runtime to another (`make upgrade`, docs/upgrade.md).

Needs: `upgrade` in the configuration; the verdicts of its direct ways and of its bridges.
Makes: results/report/upgrade.txt, results/report/upgrade.html and results/report/upgrade.json: the same answer.
"""

BRIDGES = upgrade.bridges(UPGRADE, RUNTIMES, MODELS)
STRAIGHT = [cell for cell in CELLS if UPGRADE and upgrade.answers(cell, UPGRADE)]

WAYS = {
    "question": UPGRADE,
    "environments": upgrade.environments(UPGRADE, ENVIRONMENTS),
    "verdicts": [paths.verdict(cell) for cell in STRAIGHT] + [paths.bridged_verdict(bridge) for bridge in BRIDGES],
}


localrules:
    list_ways,
    upgrade,


rule list_ways:
    output:
        ways="results/report/ways.json",
    log:
        "results/report/ways.log",
    params:
        **WAYS,
        file=laid_out("ways.json", lambda wildcards: WAYS),
    shell:
        "cp {params.file:q} {output.ways:q} 2> {log:q}"


rule upgrade:
    input:
        ways="results/report/ways.json",
        verdicts=WAYS["verdicts"],
    output:
        page="results/report/upgrade.html",
        text="results/report/upgrade.txt",
        data="results/report/upgrade.json",
    log:
        "results/report/upgrade.log",
    params:
        code=code("host/upgrade/__main__.py"),
    message:
        "write the answer for the upgrade"
    shell:
        "{HOST} host.upgrade --ways {input.ways:q} --out results/report 2>&1 | tee {log:q}"
