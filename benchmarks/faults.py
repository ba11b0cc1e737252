"""Faults of the machine at random moments of a small matrix: is a verdict ever wrong, and does the next run recover?

    python benchmarks/faults.py [--kills 200] [--disks 50] [--seed 1]

A kill is a SIGKILL to a random process of the run: a step, a supervisor, a warm interpreter, or Snakemake itself. A
disk is a tmpfs of a random size at one of the result folders (this needs the right to mount). After each disturbed
run an undisturbed one must give the verdicts of a project that nothing ever disturbed. Ends with 1 if one does not.
"""

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("tests", "scripts")]

from helpers.faults import Project, tmpfs  # noqa: E402 - what lies beside this folder has to be found first
from helpers.project import SNAKEMAKE  # noqa: E402

STAGES = ("trained", "saved", "loaded")
KILLS_A_RUN = 5


def processes_in(folder):
    """The processes whose current folder is the project: Snakemake, its shells, supervisors, servers and steps."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/cwd").startswith(str(folder)) and int(pid) != os.getpid():
                yield int(pid)
        except OSError:
            continue  # it has ended


def forget(project, rng):
    """Remove the results of a random stage and of what follows it; returns the stage."""
    stage = rng.choice(STAGES)
    project.forget(*STAGES[STAGES.index(stage) :], "verified")
    return stage


def killed_run(project, rng, most):
    """A run some of whose processes are killed; returns how many."""
    forget(project, rng)
    command = [*SNAKEMAKE, "--cores", "2"]
    run = subprocess.Popen(command, cwd=project.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kills = 0
    while kills < most:
        time.sleep(rng.uniform(0.0, 3.0))
        if run.poll() is not None:
            break
        victims = [pid for pid in processes_in(project.folder) if pid != run.pid or rng.random() < 0.1]
        if victims:
            try:
                os.kill(rng.choice(victims), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                continue
    run.wait()
    subprocess.run([*SNAKEMAKE, "--unlock"], cwd=project.folder, capture_output=True, check=True)
    return kills


def run_on_a_small_disk(project, rng):
    """A run whose results of one stage do not fit, or just so."""
    stage = forget(project, rng)
    with tmpfs(project.folder / "results" / stage, f"size={rng.randrange(1, 60) * 4}k"):
        project.run()
        report = project.folder / "results/report/summary.csv"
        return project.not_run() if report.exists() else {}


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--disks", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    rng, reasons = random.Random(args.seed), collections.Counter()
    with tempfile.TemporaryDirectory(prefix="keras-roundtrip-") as folder:
        project = Project(Path(folder) / "project")
        kills = runs = 0
        while kills < args.kills:
            kills, runs = kills + killed_run(project, rng, min(KILLS_A_RUN, args.kills - kills)), runs + 1
            project.recovers()
            print(f"{kills} kills in {runs} runs: every verdict is the undisturbed one", flush=True)
        for number in range(args.disks):
            reasons.update(reason.split(":")[-1].strip()[:60] for reason in run_on_a_small_disk(project, rng).values())
            project.recovers()
            print(f"{number + 1} small disks: every verdict is the undisturbed one", flush=True)
    for reason, count in reasons.most_common():
        print(f"{count:6} cells not run: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
