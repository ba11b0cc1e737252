"""The answer for an upgrade: the ways from an artifact of one runtime to another (`make upgrade`, docs/upgrade.md).

Needs: `upgrade` in the configuration; the verdicts of its direct ways and of its bridges.
Makes: results/report/upgrade.html, results/report/upgrade.txt.
"""

BRIDGES = upgrade.bridges(UPGRADE, RUNTIMES)
STRAIGHT = [cell for cell in CELLS if UPGRADE and upgrade.answers(cell, UPGRADE)]

WAYS = {
    "question": UPGRADE,
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
        straight=[paths.verdict(cell) for cell in STRAIGHT],
        bridges=[paths.bridged_verdict(bridge) for bridge in BRIDGES],
        page="scripts/host/report/page/upgrade.html.j2",
    output:
        page="results/report/upgrade.html",
        text="results/report/upgrade.txt",
    log:
        "results/report/upgrade.log",
    params:
        code=code("host/questions/upgrade_page.py"),
    message:
        "write the answer for the upgrade"
    shell:
        "{HOST} host.questions.upgrade_page --ways {input.ways:q} --out results/report 2>&1 | tee {log:q}"
