"""The workflow on a real SLURM on this machine: the same verdicts as a local run, whatever happens to nodes and jobs.

`make test-slurm` runs this. `make test` does not, because it needs packages of the operating system.
"""

import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.places import ROOT
from helpers.project import SNAKEMAKE, copy_with_environment, judged
from slurm import marked
from slurm.cluster import Cluster

pytestmark = pytest.mark.skipif("SLURM_TESTS" not in os.environ, reason="`make test-slurm` runs these")

CONFIG = """
epochs: {before: 5, after: 1}
limits: {seconds: 120, memory_mb: 2500}
matrix:
  - producers: [tf2.21-keras3]
    models: [dense_regression]
    formats: [h5, keras_archive]
    loaders: [load_model]
    uses: [resume]
  - producers: [tf2.21-keras2]
    models: [dense_regression]
    formats: [h5]
    loaders: [load_model, planted_memory]
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
CELL = "tf2.21-keras3/dense_regression/none/h5/tf2.21-keras3/load_model/resume"
TRY = 3500  # megabytes that a chain's first try asks for: the limit and 1,000
ETC = Path("/etc/slurm"), Path("/etc/munge")
STAGES = ("trained", "saved", "loaded", "verified", "report", "shards")


@pytest.fixture(scope="module")
def cluster():
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, with the environment of the checkout."""
    folder = copy_with_environment(tmp_path_factory.mktemp("project"), CONFIG)
    (folder / "scripts/roundtrip/loaders/planted_memory.py").write_text(PLANTED)
    return folder


@pytest.fixture(scope="module")
def local(project):
    """{cell: outcome and verdict} of the run on one machine."""
    timed("local", lambda: snakemake(project, os.environ, "--cores", "2"))
    verdicts = verdicts_of(project)
    assert sorted(outcome for outcome, _ in verdicts.values()) == ["loaded", "loaded", "out_of_memory", "refused"]
    return verdicts


@pytest.fixture
def fresh(project, local):
    """The copy without the results of any run."""
    for stage in STAGES:
        shutil.rmtree(project / "results" / stage, ignore_errors=True)
    return project


@contextlib.contextmanager
def running_snakemake(folder, environment, *arguments):
    """Snakemake at work, while a block of code does something else; it must succeed."""
    command = [*SNAKEMAKE, *arguments]
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
    with running_snakemake(folder, environment, *arguments):
        pass


def timed(what, run):
    before = time.monotonic()
    run()
    print(f"{what}: {time.monotonic() - before:.0f} s")


def verdicts_of(folder):
    return judged(folder, "outcome", "verdict")


def jobs_of(cluster, before):
    """(state, node, megabytes asked for) of each job that has ended since ``before``, in that order."""
    time.sleep(2)  # slurmctld writes the last one
    ended = cluster.ended()[before:]
    return [(job["JobState"], job["NodeList"], megabytes(job["Tres"])) for job in ended]


def megabytes(tres):
    number, unit = re.search(r"mem=([0-9.]+)([MG])", tres).groups()
    return float(number) * {"M": 1, "G": 1024}[unit]


def wait(condition, what, seconds=180):
    """Wait until a condition holds, and return what it gave."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"{what}: not after {seconds} s"
        time.sleep(0.3)
    return found


def at_work(cluster, job):
    """A job of the scheduler runs a step at this moment."""
    for pid in marked.find({**cluster.mark, "SLURM_JOB_ID": job}):
        with contextlib.suppress(OSError):
            if b"scripts/step.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
    return False


def test_a_chain_is_one_submission_and_the_verdicts_are_the_same(fresh, local, cluster):
    before = len(cluster.ended())
    timed("groups", lambda: snakemake(fresh, cluster.environment, "--profile", "profiles/slurm"))
    assert jobs_of(cluster, before) == [("COMPLETED", "node1", TRY)] * CHAINS
    assert verdicts_of(fresh) == local


def test_a_submit_command_does_as_well(fresh, local, cluster):
    """The command of docs/cluster.md."""
    page = (ROOT / "docs/cluster.md").read_text()
    command = re.search(r"snakemake (--profile profiles/slurm --executor cluster-generic .*?)\n *```", page, re.DOTALL)
    arguments = shlex.split(command[1].replace("\\\n", " "))
    before = len(cluster.ended())
    timed("cluster-generic", lambda: snakemake(fresh, cluster.environment, *arguments))
    assert jobs_of(cluster, before) == [("COMPLETED", "node1", TRY)] * CHAINS
    assert verdicts_of(fresh) == local


def test_a_shard_is_one_allocation_and_the_report_makes_up_for_one_that_is_killed(fresh, local, cluster):
    environment = dict(
        cluster.environment,
        SNAKEMAKE=f"{os.path.dirname(sys.executable)}/snakemake",
        SBATCH="--cpus-per-task=2 --mem=7G --time=60",
    )
    before = len(cluster.ended())

    def run():
        out = subprocess.run(
            ["profiles/slurm/shards.sh"], cwd=fresh, env=environment, check=True, stdout=subprocess.PIPE
        )
        killed, kept, report = [line.split() for line in out.stdout.decode().splitlines()]
        assert [killed[1], kept[1], report[1]] == ["tf2.21-keras2", "tf2.21-keras3", "report"]
        wait(lambda: at_work(cluster, killed[0]), "a step of the shard")
        cluster.run("scancel", killed[0])
        wait(lambda: cluster.queue() == {}, "the shards' end", 900)

    timed("shards", run)
    assert [state for state, *_ in jobs_of(cluster, before)] == ["CANCELLED", "COMPLETED", "COMPLETED"]
    assert (fresh / "results/shards/tf2.21-keras3.txt").read_text() == "2 cells\n"
    assert verdicts_of(fresh) == local


def test_a_run_survives_drain_scancel_time_limit_and_a_node_that_fails(fresh, local, cluster):
    """Each fault happens while a chain runs. A job that SLURM ended is tried again, and the run completes normally."""

    def node(name, state):
        cluster.run("scontrol", "update", f"NodeName={name}", f"State={state}", "Reason=test")

    def next_try(*earlier):
        job = wait(lambda: set(running()) - set(earlier), f"a try after {earlier}").pop()
        wait(lambda: at_work(cluster, job), f"a step of job {job}")
        return job

    def running():
        return cluster.queue("--states=running")

    before = len(cluster.ended())
    with running_snakemake(fresh, cluster.environment, "--profile", "profiles/slurm", "--retries", "2"):
        kept = next_try()
        first = next_try(kept)
        assert running() == {kept: "node1", first: "node1"}

        node("node1", "drain")
        cluster.run("scancel", first)
        second = next_try(kept, first)
        assert running()[second] == "node2"  # where nothing was sent before node1 was drained

        cluster.run("scontrol", "update", f"JobId={second}", "EndTime=now+1")
        third = next_try(kept, first, second)
        assert running()[third] == "node2"

        cluster.lose("node2")
        wait(lambda: third not in running(), "that the node is missed")
        node("node1", "resume")
        wait(lambda: running().get(third) == "node1", "the same submission on the other node")
        cluster.node("node2")
    ended = jobs_of(cluster, before)
    # what ran on the drained node ended there; more is asked for at each try, but not for one that SLURM requeued
    assert sorted(ended) == sorted(
        [
            ("COMPLETED", "node1", TRY),
            ("CANCELLED", "node1", TRY),
            ("TIMEOUT", "node2", 2 * TRY),
            ("NODE_FAIL", "node2", 3 * TRY),
            ("COMPLETED", "node1", 3 * TRY),
        ]
    )
    assert verdicts_of(fresh) == local


def test_an_allocation_with_too_little_memory_is_ended_and_a_larger_one_succeeds(fresh, local, cluster):
    before = len(cluster.ended())
    # less than a Snakemake needs: processes of steps, in sessions of their own, are not counted without control groups
    small = [f"{rule}:mem_mb=50 * 128 ** (attempt - 1)" for rule in ("train_model", "save_artifact", "load_artifact")]
    arguments = ["--profile", "profiles/slurm", "--default-resources", "mem_mb=50", "runtime=5", "mpi=0"]
    verdict = f"results/verified/{CELL}/verdict.json"
    snakemake(fresh, cluster.environment, verdict, *arguments, "--set-resources", *small)
    killed, completed = cluster.ended()[before:]
    assert (killed["ExitCode"], megabytes(killed["Tres"])) == ("0:9", 50)
    (log,) = (fresh / ".snakemake/slurm_logs").glob(f"**/{killed['JobId']}.log")
    assert "exceeded memory limit" in log.read_text()
    assert (completed["JobState"], megabytes(completed["Tres"])) == ("COMPLETED", 6400)
    found = json.loads((fresh / verdict).read_text())
    assert found["outcome"] == local[tuple(CELL.split("/"))][0]


def test_nothing_is_left_running_even_by_a_job_that_would_stay():
    """A SLURM that the machine already has is not touched: neither its configuration nor its daemons."""

    def daemons():
        found = set()
        for program in Path("/proc").glob("[0-9]*/exe"):  # a process that is dead, but not buried, has none
            with contextlib.suppress(OSError):
                if program.readlink().name.startswith(("munged", "slurm")):
                    found.add(program.parent.name)
        return found

    def configuration():
        return {file: file.stat().st_mtime_ns for etc in ETC for file in etc.glob("**/*")}

    before, configured = daemons(), configuration()
    with Cluster(nodes=1) as cluster:
        cluster.run("sbatch", "--output=/dev/null", "--wrap", "setsid sleep 3000 & sleep 3000", cwd=cluster.folder)
        wait(lambda: len(marked.find(dict(cluster.mark, SLURM_JOB_ID="1"))) >= 3, "the job's processes")
        assert len(daemons() - before) >= 4  # munged, slurmctld, slurmd, slurmstepd
    assert not marked.find(cluster.mark) and not cluster.folder.exists()
    assert daemons() <= before and configuration() == configured
