"""What must hold before the configuration is read: the folder, the processors, the configuration's files.

Needs: config/config.yaml, and the files of --configfile.
Makes: no file, but CONFIGURED, what messages call the configuration by.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir, "scripts")))

from host.starting import folder, layers, quiet
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.settings.enums import Quietness

try:
    folder.settle(workflow.basedir, workflow.overwrite_workdir)
    folder.refuse_no_cores(workflow.resource_settings.cores)
    folder.refuse_unwritable("results")
    CONFIGURED = layers.read("config/config.yaml", workflow.overwrite_configfiles, workflow.config_settings.config)
except ValueError as error:
    raise WorkflowError(str(error)) from None

if not workflow.remote_exec and folder.hold(clean=workflow.is_main_process):
    logger.warning("A run was killed in this folder, and none lives in it: its lock is removed.")

if workflow.is_main_process and Quietness.PROGRESS in (workflow.output_settings.quiet or ()):
    quiet.hide_jobs(logger)
