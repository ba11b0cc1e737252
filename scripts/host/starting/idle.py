"""A run that has nothing to do: Snakemake says so, and calls none of the workflow's hooks.

``onsuccess`` is called only after a job. What a user wants is the same in both cases: the result.
"""

import logging

from snakemake.common import NOTHING_TO_BE_DONE_MSG


class Idle(logging.Handler):
    """Calls a function once Snakemake has found nothing to do."""

    def __init__(self, show):
        super().__init__()
        self.show = show

    def emit(self, record):
        if record.getMessage() == NOTHING_TO_BE_DONE_MSG:
            self.show()
