"""keras-roundtrip: does a TensorFlow/Keras model survive being saved and loaded?

snakemake --cores 2           runs what config/config.yaml selects and writes results/report/index.html
snakemake --cores 2 -- gate   the same, and fails where the report holds anything unexpected
"""

from snakemake.utils import min_version

min_version("9.0")


include: "rules/start.smk"


configfile: "config/config.yaml"


include: "rules/common.smk"
include: "rules/commands.smk"
include: "rules/functions.smk"
include: "rules/environments.smk"
include: "rules/data.smk"
include: "rules/subjects.smk"
include: "rules/train.smk"
include: "rules/save.smk"
include: "rules/load.smk"
include: "rules/verify.smk"
include: "rules/artifacts.smk"
include: "rules/bridge.smk"
include: "rules/upgrade.smk"
include: "rules/report.smk"
include: "rules/rewrites.smk"
include: "rules/reproduce.smk"
include: "rules/shards.smk"
include: "rules/result.smk"


rule all:
    default_target: True
    input:
        expand("results/report/{file}", file=REPORT),
        # each file by name: what was removed is made again, though the report may be younger
        sorted({file for cell in CELLS for file in paths.chain(cell) + paths.beside(cell)}),
        ["results/report/rewrites.md"] if REWRITTEN else [],
    message:
        "every path of the matrix is judged"


onstart:
    if not workflow.touch:
        withdraw_report()
        say_what_comes()
        if to_come():
            WATCHES.append(watch())
    for id_ in OWN.ids:
        logger.info(f"environment {id_}: {ENVIRONMENTS[id_]['title']}")
    # While the rate of submissions is limited (by default, 100 a second) each pass of Snakemake 9's scheduler orders
    # another pass for a second later, and each job that ends adds one more such chain: in the end the scheduler alone
    # keeps a core busy. On one machine there is no rate to limit.
    if workflow.local_exec and hasattr(workflow.scheduler, "job_rate_limiter"):
        workflow.scheduler.job_rate_limiter = None


# --touch makes nothing, so it shows nothing; without a job, Snakemake calls none of these (rules/result.smk)
onsuccess:
    end_watch()
    if not workflow.touch:
        show_result()
    shell("{sys.executable:q} scripts/warm.py --stop")


onerror:
    end_watch()
    shell("{sys.executable:q} scripts/warm.py --stop")
    if is_reported():
        report_what_there_is()
    show_result()
