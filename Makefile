# Sets up and runs everything. `make help` lists the targets. CORES=8 and TARGETS=... are passed on to Snakemake.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := run

CORES ?= $(shell nproc 2>/dev/null || echo 2)
TARGETS ?=
TESTS ?=
# needed by the tests with TensorFlow, which would be skipped without it
TESTED := results/environments/tf2.21/environment.json results/data/digits.npz
BENCH ?=

BIN := .venv/bin
HOST := PYTHONPATH=scripts $(BIN)/python -m
# Snakemake, after checks whose messages Snakemake itself does not give
SNAKEMAKE := $(HOST) host.starting.run
# Verdicts are printed as they come; Snakemake's own lines on each job are in its log
QUIET := --quiet progress reason host
# Always use this environment, whatever environment is active in the caller's shell.
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

# uv from PATH, else from .uv, where pip installs it. Nothing is installed outside this directory.
UV := $(if $(shell command -v uv),uv,.uv/bin/uv)
NEED_UV := $(filter .uv/bin/uv,$(UV))

.PHONY: run
run: setup ## set up, then run what config/config.yaml selects: a few minutes (the default)
	$(SNAKEMAKE) --cores $(CORES) $(QUIET) $(TARGETS)

.PHONY: wide
wide: setup ## every model, every format and every loader of the newest Keras 3 and tf_keras (config/wide.yaml)
	$(SNAKEMAKE) --cores $(CORES) $(QUIET) --configfile config/wide.yaml -- $(TARGETS)

.PHONY: gate
gate: setup ## the same, and fail if anything bad is new, or anything not proved
	$(SNAKEMAKE) --cores $(CORES) $(QUIET) gate

DATA ?=
.PHONY: check
check: setup ## does your own model survive? MODEL=churn.py:build [DATA=churn.npz] (docs/your_model.md)
	$(HOST) host.starting.check '$(MODEL)' '$(DATA)' \
	  --cores $(CORES) $(QUIET) $(TARGETS)

FROM ?=
TO ?=
FORMAT ?=
USE ?=
MODEL ?=
VIA ?=
CONFIG ?=
.PHONY: upgrade
upgrade: setup ## the best way to take an artifact to another runtime: FROM=tf2.15-keras2 TO=tf2.21-keras3 FORMAT=h5 USE=resume [MODEL=a,b or churn.py:build DATA=churn.npz] [VIA=c,d] [CONFIG=mine.yaml]
	$(HOST) host.upgrade.ask --from '$(FROM)' --to '$(TO)' --format '$(FORMAT)' --use '$(USE)' \
	  --models '$(MODEL)' --data '$(DATA)' --via '$(VIA)' --cores $(CORES) $(QUIET) \
	  $(if $(CONFIG),--configfile $(CONFIG)) $(TARGETS)

OLDER ?= keras3.3-keras3
NEWER ?= keras3.14-keras3
CELL ?= dense_regression/none/h5/load_model/resume
BISECT ?=
.PHONY: bisect
bisect: setup ## the release that changed the verdict of a path: OLDER=keras3.3-keras3 NEWER=keras3.14-keras3 CELL=model/none/format/loader/use
	$(HOST) host.questions.bisect $(OLDER) $(NEWER) $(CELL) --cores $(CORES) $(BISECT)

REPRODUCED := $(if $(filter command environment,$(firstword $(origin CELL))),$(CELL),red)
.PHONY: reproduce
reproduce: setup ## write and run a file that shows a cell with Keras alone: CELL=producer/model/none/format/consumer/loader/use (else: every red cell) [CONFIG=mine.yaml]
	$(HOST) host.reproduce.ask '$(REPRODUCED)' --cores $(CORES) $(if $(CONFIG),--configfile $(CONFIG))

.PHONY: setup
setup: .venv/.synced ## install uv, and the host's environment in .venv

.PHONY: test
test: setup ## set up, then run the tests (TESTS="-k gate" selects some)
	$(SNAKEMAKE) --cores $(CORES) --quiet progress rules reason host -- $(TESTED)
	$(BIN)/python -m pytest -n $(CORES) --dist loadfile $(TESTS)

.PHONY: bench
bench: setup ## time of warm steps, of one process per step, and of one process for all (BENCH="--repeats 5")
	$(BIN)/python benchmarks/speed.py $(BENCH)

.PHONY: bench-scale
bench-scale: setup ## time of planning and running by the size of the matrix (BENCH="100 1000")
	$(BIN)/python benchmarks/scale.py $(BENCH)

.PHONY: bench-page
bench-page: setup ## the page's size and opening time in Chromium by the number of cells (BENCH="5000 100000"; needs results)
	$(BIN)/python benchmarks/page.py $(BENCH)

.PHONY: bench-leaks
bench-leaks: setup ## run 2,000 warm steps, and report leaked processes, files and memory
	$(BIN)/python benchmarks/leaks.py $(BENCH)

.PHONY: faults
faults: setup ## 200 kills and 50 full disks at random moments: is a verdict ever wrong? (BENCH="--kills 20 --disks 5")
	$(BIN)/python benchmarks/faults.py $(BENCH)

.PHONY: bench-cluster
bench-cluster: cluster ## time of each way to submit to a scheduler (BENCH="--repeats 2")
	$(BIN)/python benchmarks/cluster.py $(BENCH)

.PHONY: cluster
cluster: .venv/.cluster ## set up, with the plugin that submits to SLURM (docs/cluster.md)

.PHONY: test-slurm
test-slurm: cluster ## run the tests on a real SLURM, started for them (Debian: slurm-wlm, munge)
	tests/slurm/packages.sh
	$(SNAKEMAKE) --cores $(CORES) --quiet progress rules reason host -- $(TESTED)
	SLURM_TESTS=1 $(BIN)/python -m pytest -s tests/test_slurm.py $(TESTS)

.PHONY: lint
lint: setup ## ruff, snakefmt, snakemake --lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --line-length 120 --check Snakefile rules
	$(BIN)/python .ci/lint_workflow.py

.PHONY: docs
docs: setup ## write the tables of docs/ that are generated from the code, and docs/findings/ from results/published/
	$(HOST) host.docs
	$(HOST) host.docs.findings_written

.PHONY: published
published: setup ## run config/published.yaml (an hour or more), and write results/published/, its tables and pictures
	$(SNAKEMAKE) --cores $(CORES) $(QUIET) --configfile config/published.yaml -- $(TARGETS)
	$(HOST) host.report.published make
	$(MAKE) docs
	$(HOST) host.docs.pictures

.PHONY: since
since: setup ## what differs between results/report and results/published; exit code 1 where anything is worse
	$(HOST) host.report.published differ

.PHONY: pictures
pictures: setup ## draw the pictures of README.md and docs/ from results (docs/report.png needs Chromium)
	$(HOST) host.docs.pictures

.PHONY: locks
locks: setup ## make the locks again from pyproject.toml and envs/*.yaml (UPGRADE=--upgrade: newest versions)
	$(UV) lock $(UPGRADE)
	for file in envs/*.yaml; do $(HOST) host.environments.build lock "$$file" $(UPGRADE); done

.PHONY: clean-environments
clean-environments: ## remove the built environments; the next run builds them again
	rm -rf results/environments

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; \
	do printf '%-26s %s\n' "make $$target" "$$what"; done

# Compile bytecode here: where Python cannot write it (a setting, a read-only disk), each start would compile again.
SYNC = $(UV) sync --frozen --quiet --compile-bytecode

.venv/.synced: pyproject.toml uv.lock $(NEED_UV)
	$(SYNC)
	touch $@

.venv/.cluster: .venv/.synced
	$(SYNC) --group cluster
	touch $@

# 0.9.8 is the first version with --excludes, which the locks of the environments need.
.uv/bin/uv:
	@python3 -m venv .uv || { rm -rf .uv; echo 'error: Python 3 cannot make a venv here. Install its venv module' \
	  '(Debian, Ubuntu: apt install python3-venv) or uv (https://docs.astral.sh/uv), then run make again.' >&2; exit 1; }
	.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9.8'
	@touch $@
