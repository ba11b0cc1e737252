"""Measures the cost of submitting to a scheduler: the ways of docs/cluster.md with one matrix, on a local SLURM.

    make bench-cluster       or       python benchmarks/cluster.py [--models MODEL ...] [--repeats N] [WAY ...]

It runs in a temporary copy of the project. The scheduler is that of tests/slurm: one node with all processors. Prints a
table with one line for each way and repeat, and writes results/benchmarks/cluster.json.
"""

import argparse
import datetime
import subprocess
import sys
import time
from pathlib import Path

import workplace as wp

sys.path.insert(0, str(wp.PROJECT / "tests"))
from slurm.cluster import Cluster  # noqa: E402

SELECTION = """
epochs: {{before: 5, after: 1}}
limits: {{seconds: 120, memory_mb: 2500}}
matrix:
  - producers: [tf2.21-keras3, tf2.21-keras2]
    models: [{models}]
    formats: [h5, keras_archive]
    loaders: [load_model]
    uses: [inference, resume]
"""
PROFILE = ("-m", "snakemake", "--profile", "profiles/slurm")
SUBMIT = "sbatch --parsable --mem={resources.mem_mb} --time={resources.runtime} --cpus-per-task={threads}"
APART = ("train_model=a", "save_artifact=b", "load_artifact=c", "verify_path=d")
#: arguments of Python
WAYS = {
    "local": ("-m", "snakemake", "--cores", str(wp.cores())),
    "plugin": (*PROFILE, "--groups", *APART),
    "plugin-groups": PROFILE,
    "generic-groups": (*PROFILE, "--executor", "cluster-generic", "--cluster-generic-submit-cmd", SUBMIT),
    "shards": None,
}


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("ways", nargs="*", metavar="WAY", help=f"of {', '.join(WAYS)} (default: all)")
    p.add_argument("--models", nargs="+", default=["dense_regression"], metavar="MODEL")
    p.add_argument("--repeats", type=int, default=1, metavar="N")
    args = p.parse_args(argv)
    if unknown := set(args.ways) - set(WAYS):
        p.error(f"no such way: {', '.join(unknown)}")
    facts = {"machine": wp.machine(), "models": args.models, "runs": []}
    with wp.workplace() as place, Cluster(nodes=1, cpus=wp.cores()) as cluster:
        place.share_environments(["tf2.21"])
        (place.folder / "config/config.yaml").write_text(SELECTION.format(models=", ".join(args.models)))
        facts["jobs"] = place.planned()
        place.snakemake("results/data/digits.npz")
        for way in (args.ways or [*WAYS]) * args.repeats:
            facts["runs"].append(run(place, cluster, way))
            wp.write("cluster.json", facts)
    print(facts["jobs"])
    head = ("way", "submissions", "seconds", "s a submission", "load before")
    print(wp.table(head, [tuple(r.values()) for r in facts["runs"]]))


def run(place, cluster, way):
    """Run the matrix in one way, starting with only environment and data."""
    place.forget("data")
    variables = {**place.variables, **cluster.environment, "TMPDIR": str(place.temporary)}
    variables.pop("KERAS_ROUNDTRIP_WARM_DIR", None)  # a folder for each job of the scheduler, as it is used
    before, load, clock = len(cluster.ended()), wp.load(), time.perf_counter()
    if WAYS[way]:
        command = [sys.executable, *WAYS[way]]
    else:
        command = ["profiles/slurm/shards.sh"]
        variables |= {"SNAKEMAKE": str(Path(sys.executable).parent / "snakemake")}
        variables |= {"SBATCH": "--cpus-per-task=1 --mem=7G --time=60", "DEPTH": "1"}
    done = subprocess.run(command, cwd=place.folder, env=variables, capture_output=True, text=True)
    while cluster.queue():
        time.sleep(0.2)
    if done.returncode or not (place.folder / "results/report/gate.json").exists():
        raise SystemExit(f"{way}: {done.stdout[-2000:]}{done.stderr[-6000:]}")
    seconds = time.perf_counter() - clock
    time.sleep(2)  # the scheduler writes its last job
    spans = [span(job) for job in cluster.ended()[before:] if job["Name"] != "report"]
    mean = sum(spans) / len(spans) if spans else None
    return {"way": way, "submissions": len(spans), "seconds": seconds, "mean": mean, "load": load}


def span(job):
    """Seconds that a job of the scheduler ran."""
    begin, end = (datetime.datetime.fromisoformat(job[key]) for key in ("StartTime", "EndTime"))
    return (end - begin).total_seconds()


if __name__ == "__main__":
    main(sys.argv[1:])
