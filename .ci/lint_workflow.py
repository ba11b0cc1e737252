"""``snakemake --lint`` without the lints that do not fit this workflow, each with its reason."""

from snakemake import cli
from snakemake.linting.rules import RuleLinter

# "Specify a conda environment": environments are built by a rule of their own, from locks with hashes.
del RuleLinter.lint_missing_software_definition

# "Shell command directly uses variable": these hold how a job is started (the host's Python, the supervisor).
# As a parameter they would rerun everything when the checkout moves.
STARTERS = ("HOST", "HOST_STEP", "STEP", "PINNED")
outside_variables = RuleLinter.lint_not_used_params
RuleLinter.lint_not_used_params = lambda self, rule: (
    lint for lint in outside_variables(self, rule) if not any(f"variable {name} " in lint.title for name in STARTERS)
)

cli.main(["--lint"])
