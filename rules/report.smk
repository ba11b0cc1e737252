"""The report: all cells on one page, the worst first; the same as tables; and the gate.

Needs: the verdict of every cell, config/expectations.yaml.
Makes: results/report/ index.html, summary.csv, matrix.parquet, junit.xml, gate.json, summary.txt.
"""

#: the other options of a command that makes the same cells; not in params, so that a file's new name reruns nothing
OPTIONS = " ".join(f"--configfile {os.path.relpath(file)}" for file in workflow.overwrite_configfiles)
REPORT = ["index.html", "summary.csv", "matrix.parquet", "junit.xml", "gate.json", "summary.txt"]


rule list_cells:
    output:
        cells="results/report/cells.json",
    log:
        "results/report/cells.log",
    localrule: True
    params:
        cells=["/".join(cell) for cell in CELLS + PRETRAINED_CELLS],
        excluded=EXCLUDED,
    run:
        from roundtrip.record import write_json

        write_json(output.cells, {"cells": params.cells, "excluded": params.excluded, "options": OPTIONS})


rule report:
    input:
        cells="results/report/cells.json",
        verdicts=[paths.verdict(cell) for cell in CELLS + PRETRAINED_CELLS],
        expectations=config["expectations"],
        page=sorted(Path("scripts/host/report/page").iterdir()),
    output:
        expand("results/report/{file}", file=REPORT),
    log:
        "results/report/report.log",
    localrule: True
    params:
        code=code("host/report/__main__.py"),
    message:
        "report"
    shell:
        "{HOST} host.report --cells {input.cells} --expectations {input.expectations} --out results/report > {log} 2>&1"


rule gate:
    input:
        gate="results/report/gate.json",
    log:
        "results/report/gate.log",
    localrule: True
    message:
        "gate"
    shell:
        "{HOST} host.report.gate --report {input.gate} 2>&1 | tee {log}"
