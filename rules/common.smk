"""Compute the matrix once, when Snakemake parses the workflow.

Needs: config/, envs/*.yaml, the declarations of the members in scripts/roundtrip/.
Makes: no file, but the names that the rules share: RUNTIMES, MODELS, CELLS, EXCLUDED, ARTIFACTS, UPGRADE, and OWN:
       the environments that the user brings (host.environments.own). It writes what it works out of these below
       results/environments.
"""

import os

from host import schemas
from host.environments import own
from host.environments.declared import load_all
from host.report import expectations
from host.select import brought, configuration, matrix, pairs, paths, runtimes, subjects
from host.upgrade import question as upgrade


wildcard_constraints:
    environment=r"[^/]+",
    via_environment=r"[^/]+",
    via_api="keras3|keras2|keras2_graph|tf1",
    via_loader=r"\w+",
    via_format=r"\w+",
    consumer_environment=r"[^/]+",
    api="keras3|keras2|keras2_graph|tf1",
    consumer_api="keras3|keras2|keras2_graph|tf1",
    model=r"\w+",
    modifier=r"\w+",
    format=r"\w+",
    loader=r"\w+",
    use=r"\w+",


try:
    configuration.own_matrix(config, CONFIGURED)
    schemas.validate(config, "config", CONFIGURED)
    ENVIRONMENT_FOLDERS = configuration.environment_folders(config, CONFIGURED)
    OWN = own.Resolver(config, CONFIGURED, load_all(ENVIRONMENT_FOLDERS)).resolve(anew=workflow.is_main_process)
    ENVIRONMENT_FILES = [*ENVIRONMENT_FOLDERS, *OWN.files]
    ENVIRONMENTS = load_all(ENVIRONMENT_FILES)
    RUNTIMES = runtimes.known(ENVIRONMENTS, own=OWN.ids)
    MODELS = subjects.resolve(config, CONFIGURED)
    UPGRADE = upgrade.question(config, RUNTIMES, CONFIGURED, MODELS)
    CELLS, EXCLUDED = matrix.expand(configuration.resolve(config, RUNTIMES, CONFIGURED, MODELS), RUNTIMES)
    ARTIFACTS = brought.resolve(config, CONFIGURED)
    for more, into in zip(brought.cells(ARTIFACTS, config, RUNTIMES, CONFIGURED), (CELLS, EXCLUDED)):
        into += more
    configuration.refuse_nothing(CELLS, EXCLUDED, CONFIGURED)
    own.refuse_unused(OWN, RUNTIMES, CELLS, CONFIGURED)
    expectations.load(config["expectations"])
except ValueError as error:
    raise WorkflowError(str(error)) from None
