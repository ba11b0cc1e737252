"""With ``--quiet progress`` the run prints a line for each verdict (host.report.watch), and none for each job.

Snakemake's own ``--quiet rules`` hides the errors of jobs too (snakemake/logging.py, DefaultFilter), and nothing hides
the lines of its scheduler. Its log in .snakemake/log keeps all of them.
"""

import logging

from snakemake_interface_logger_plugins.common import LogEvent

#: the events of a job that began, and the line of the scheduler that has no event
EVENTS, SCHEDULER = (LogEvent.JOB_INFO, LogEvent.JOB_STARTED), "Select jobs to execute..."


def hide_jobs(logger):
    """Have the terminal show no job that went well."""
    for handler in logger.handlers:
        if not isinstance(handler, logging.FileHandler):
            handler.addFilter(is_shown)


def is_shown(record):
    """Whether a record of Snakemake's log is more than a job that begins."""
    return getattr(record, "event", None) not in EVENTS and record.getMessage() != SCHEDULER
