"""Run ``snakemake --lint`` without the lints that do not fit this workflow."""

from snakemake import cli
from snakemake.linting.rules import RuleLinter

# "Specify a conda environment": a rule of this workflow builds the environments, from locks with hashes.
del RuleLinter.lint_missing_software_definition

# "Shell command directly uses variable": these variables hold the command that starts a job (the host's Python, the
# supervisor). As params they would rerun everything when the checkout moves.
STARTERS = ("HOST", "HOST_STEP", "STEP", "PINNED", "PYTHON", "PYTHONPATH")
outside_variables = RuleLinter.lint_not_used_params
RuleLinter.lint_not_used_params = lambda self, rule: (
    lint for lint in outside_variables(self, rule) if not any(f"variable {name} " in lint.title for name in STARTERS)
)

cli.main(["--lint"])
