"""What a run shows at its end, whether it had anything to do or not: the summary of the report, or the cells' verdicts.

Needs: the report, or the verdicts of the cells that the command names.
Makes: results/reports/<configuration>/, the last report of each configuration, and results/reports/index.html: no
       outputs of a rule, for they outlive a run of another configuration. Defines ``show_result``.
"""

from host.starting import idle

KEPT = [*REPORT, "cells.json", *(["rewrites.md"] if REWRITTEN else [])]
#: the options of host.report by which cells are judged
JUDGED = "--expectations {config[expectations]:q} --environments {ENVIRONMENT_FILES:q}"


def is_reported():
    """Whether the command asked for the report, or for what is made of it."""
    return any(job.rule.name == "report" for job in workflow.dag.jobs)


def cells_by_name():
    """The cells whose verdicts are targets of the command."""
    files = {file for job in workflow.dag.targetjobs for file in job.output}
    return [cell for cell in CELLS if paths.verdict(cell) in files]


def show_result():
    """Print what the command asked for. A report is kept, so that a run of another configuration does not replace it."""
    if is_reported():
        shell("cat results/report/summary.txt")
        keep_report()
    elif cells := cells_by_name():
        file = laid_out("shown.json", lambda wildcards: {**list_of_cells(), "cells": ["/".join(c) for c in cells]})({})
        shell(f"{{HOST}} host.report.one_cell --cells {{file:q}} {JUDGED}")


def keep_report():
    """Copy the report to a folder of this configuration's. Where that cannot be, the run is none the worse for it."""
    shell(
        "{HOST} host.report.kept --report results/report --name {NAME:q} --options={OPTIONS:q} --file {KEPT:q} || true"
    )


def show_result_of_nothing_to_do():
    """What ``onsuccess`` would show. A dry run shows nothing, and ``--touch`` makes nothing."""
    if not (workflow.dryrun or workflow.touch or workflow.execution_settings.no_hooks):
        show_result()


if workflow.is_main_process:
    logger.addHandler(idle.Idle(show_result_of_nothing_to_do))
