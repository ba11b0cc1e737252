"""The report: all cells on one page, the worst first; the same as tables; and the gate.

Needs: the verdict of every cell, config/expectations.yaml.
Makes: results/report/ index.html, summary.csv, matrix.parquet, compatibility.json, junit.xml, findings.json, gate.json,
summary.txt.
"""

from host.starting import named

#: what else a command needs in order to make the same cells; no param, for another file's name reruns nothing
OPTIONS = named.options(workflow.overwrite_configfiles, workflow.config_settings.config)
#: what the report of this configuration is called, and kept as
NAME = named.name(workflow.overwrite_configfiles, workflow.config_settings.config)
#: the page of what is judged so far, and the processes that keep it (``watch``)
SO_FAR, WATCHES = "results/report/so_far.html", []
REPORT = [
    "index.html",
    "summary.csv",
    "matrix.parquet",
    "compatibility.json",
    "junit.xml",
    "findings.json",
    "gate.json",
]
REPORT += ["summary.txt"]


rule list_cells:
    output:
        cells="results/report/cells.json",
    log:
        "results/report/cells.log",
    localrule: True
    params:
        cells=["/".join(cell) for cell in CELLS],
        excluded=EXCLUDED,
        file=laid_out("cells.json", lambda wildcards: list_of_cells()),
    shell:
        "cp {params.file:q} {output.cells:q} 2> {log:q}"


rule report:
    input:
        cells="results/report/cells.json",
        verdicts=[paths.verdict(cell) for cell in CELLS],
        expectations=config["expectations"],
        page=sorted(Path("scripts/host/report/page").iterdir()),
        published=sorted(Path("results/published").glob("[cm]*")),
    output:
        shown_in_report("index.html", "Every cell, with its evidence"),
        shown_in_report("summary.csv", "Every cell, as a table"),
        shown_in_report("summary.txt", "What the terminal shows"),
        [f"results/report/{file}" for file in REPORT if file not in ("index.html", "summary.csv", "summary.txt")],
    log:
        "results/report/report.log",
    localrule: True
    params:
        code=code("host/report/__main__.py"),
        environments=ENVIRONMENT_FILES,
        reproduced=lambda wildcards: reproduced_when(),
    message:
        "report"
    shell:
        "{HOST} host.report --cells {input.cells:q} --expectations {input.expectations:q}"
        " --environments {params.environments:q} --out results/report > {log:q} 2>&1"


rule gate:
    input:
        gate="results/report/gate.json",
    log:
        "results/report/gate.log",
    localrule: True
    message:
        "gate"
    shell:
        "{HOST} host.report.gate --report {input.gate:q} 2>&1 | tee {log:q}"
