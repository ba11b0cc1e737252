"""The workflow on a real SLURM of this machine's own: verdicts as of a local run, whatever happens to nodes and jobs.

`make test-slurm` runs this; a plain `make test` leaves it out, for it needs packages of the operating system.
"""

import collections
import contextlib
import csv
import os
import shutil
import subprocess
import sys
import time

import pytest
from slurm.cluster import Cluster
from test_end_to_end import PROJECT, copy_of_project

pytestmark = pytest.mark.skipif("SLURM_TESTS" not in os.environ, reason="`make test-slurm` runs these")

CONFIG = """
epochs: {before: 5, after: 1}
limits: {seconds: 120, memory_mb: 2500}
matrix:
  - producers: [tf2.21-keras3, tf2.21-keras2]
    models: [dense_regression]
    formats: [h5, keras_archive]
    loaders: [load_model]
    uses: [inference, resume]
  - producers: [tf2.21-keras2]
    models: [dense_regression]
    formats: [h5]
    loaders: [planted_memory]
    uses: [inference]
"""
PLANTED = '''"""Planted: eats memory."""

from roundtrip.loaders.load_model import APIS, GIVES, READS, RESTORES

TITLE = "planted"
__all__ = ["APIS", "GIVES", "READS", "RESTORES"]


def load(ctx, artifact):
    hoard = [bytearray(50_000_000) for _ in range(10_000)]
'''
CHAINS = 2
STAGES = ("trained", "saved", "loaded", "verified", "report", "shards")


@pytest.fixture(scope="module")
def cluster():
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, with the environment of the checkout."""
    environment = "results/environments/tf2.21"
    command = [sys.executable, "-m", "snakemake", "--cores", "2", f"{environment}/environment.json"]
    subprocess.run(command, cwd=PROJECT, check=True)
    folder = copy_of_project(tmp_path_factory.mktemp("project"))
    (folder / "config/config.yaml").write_text(CONFIG)
    (folder / "scripts/roundtrip/loaders/planted_memory.py").write_text(PLANTED)
    (folder / environment).parent.mkdir(parents=True)
    (folder / environment).symlink_to(PROJECT / environment)
    return folder


@pytest.fixture(scope="module")
def local(project):
    """{cell: outcome and verdict} of the run on one machine."""
    timed("local", lambda: snakemake(project, os.environ, "--cores", "2"))
    verdicts = verdicts_of(project)
    assert len(verdicts) == 9 and ("out_of_memory", "broken") in verdicts.values()
    return verdicts


@pytest.fixture
def fresh(project, local):
    """The copy without the results of any run."""
    for stage in STAGES:
        shutil.rmtree(project / "results" / stage, ignore_errors=True)
    return project


@contextlib.contextmanager
def running(folder, environment, *arguments):
    """Snakemake at work, while a block of code does something else; it must succeed."""
    command = [sys.executable, "-m", "snakemake", *arguments]
    with open(folder / "run.log", "w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield
        code = process.wait(900)
    except BaseException:
        process.terminate()
        process.wait(60)
        raise
    assert code == 0, (folder / "run.log").read_text()[-8000:]


def snakemake(folder, environment, *arguments):
    """Run Snakemake to its end."""
    with running(folder, environment, *arguments):
        pass


def timed(what, run):
    before = time.monotonic()
    run()
    print(f"{what}: {time.monotonic() - before:.0f} s")


def verdicts_of(folder):
    with open(folder / "results/report/summary.csv", newline="", encoding="utf-8") as f:
        return {tuple(c[a] for a in list(c)[:7]): (c["outcome"], c["verdict"]) for c in csv.DictReader(f)}


def states(cluster, before):
    """How many jobs have ended in which state since ``before``."""
    time.sleep(2)  # slurmctld writes the last one
    return collections.Counter(job["JobState"] for job in cluster.ended()[before:])


def test_a_chain_is_one_submission_and_the_verdicts_are_the_same(fresh, local, cluster):
    before = len(cluster.ended())
    timed("groups", lambda: snakemake(fresh, cluster.environment, "--profile", "profiles/slurm"))
    assert states(cluster, before) == {"COMPLETED": CHAINS}
    assert verdicts_of(fresh) == local


def test_a_shard_is_one_allocation_and_the_verdicts_are_the_same(fresh, local, cluster):
    environment = dict(
        cluster.environment,
        SNAKEMAKE=f"{os.path.dirname(sys.executable)}/snakemake",
        SBATCH="--cpus-per-task=2 --mem=7G --time=60",
    )
    before = len(cluster.ended())

    def run():
        subprocess.run(["profiles/slurm/shards.sh"], cwd=fresh, env=environment, check=True)
        wait(lambda: cluster.queue() == {}, "the shards' end", 900)

    timed("shards", run)
    assert states(cluster, before) == {"COMPLETED": CHAINS + 1}
    assert (fresh / "results/shards/tf2.21-keras2.txt").read_text() == "5 cells\n"
    assert verdicts_of(fresh) == local


def wait(condition, what, seconds=180):
    """Wait until a condition holds, and return what it gave."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"{what}: not after {seconds} s"
        time.sleep(0.3)
    return found


def node(cluster, name, state):
    """Set a node's state."""
    cluster.run("scontrol", "update", f"NodeName={name}", f"State={state}", "Reason=test")


def test_a_run_survives_scancel_drain_time_limit_and_a_node_that_fails(fresh, local, cluster):
    """Each fault meets a chain at work. What SLURM ended is tried again; the run completes as if nothing had been."""
    before = len(cluster.ended())
    with running(fresh, cluster.environment, "--profile", "profiles/slurm", "--retries", "2"):
        wait(lambda: len(set(cluster.running().values())) == CHAINS, "a chain on each node")
        first = cluster.running()
        cancelled, kept = first
        wait(lambda: list((fresh / "results/trained").glob("**/stage.txt")), "a training under way")

        node(cluster, first[kept], "drain")
        cluster.run("scancel", cancelled)
        again = wait(lambda: set(cluster.running()) - set(first), "the cancelled chain's second try").pop()
        assert cluster.running()[again] == first[cancelled]  # a drained node takes nothing new

        cluster.run("scontrol", "update", f"JobId={again}", "EndTime=now+1")
        third = wait(lambda: set(cluster.running()) - {*first, again}, "a third try after the time limit").pop()
        wait(lambda: kept not in cluster.running(), "the end of what ran on the drained node", 600)
        node(cluster, first[kept], "resume")

        assert cluster.running()[third] == first[cancelled]
        node(cluster, first[cancelled], "down")
        wait(lambda: cluster.running().get(third) == first[kept], "the same job on the other node")
        node(cluster, first[cancelled], "resume")
    ended = states(cluster, before)
    assert ended.pop("NODE_FAIL", 1) == 1  # some versions log a requeued job twice
    assert ended == {"CANCELLED": 1, "TIMEOUT": 1, "COMPLETED": CHAINS}
    assert verdicts_of(fresh) == local


def test_an_allocation_with_too_little_memory_is_ended_and_a_larger_one_succeeds(fresh, cluster):
    target = "tf2.21-keras3/dense_regression/none/h5/tf2.21-keras3/load_model/inference"
    before = len(cluster.ended())
    small = [
        f"{rule}:mem_mb=200 if attempt == 1 else 3500" for rule in ("train_model", "save_artifact", "load_artifact")
    ]
    snakemake(
        fresh,
        cluster.environment,
        f"results/verified/{target}/verdict.json",
        "--profile",
        "profiles/slurm",
        "--default-resources",
        "mem_mb=200",
        "runtime=5",
        "mpi=0",
        "--set-resources",
        *small,
    )
    ended = states(cluster, before)
    assert ended.pop("COMPLETED") == 1 and sum(ended.values()) == 1, ended
