"""Measures how planning, running and disk space grow with the number of cells.

    make bench-scale       or       python benchmarks/scale.py [CELLS ...] [--run-up-to N] [--cores N] [--profile]

In a temporary copy of the project, synthetic models (copies of dense_regression) make a matrix of about so many cells
for each argument. Matrices of up to --run-up-to cells are run with benchmarks/stub_step.py instead of scripts/step.py,
that is without TensorFlow and supervisor: this measures Snakemake, our rules and the report. Larger ones are only
planned (a dry run). Prints a table and writes results/benchmarks/scale.json.
"""

import argparse
import json
import os
import pstats
import shutil
import subprocess
import sys
from pathlib import Path

import workplace as wp

RUNTIME = "tf2.21-keras3"
SELECTION = """
matrix:
  - producers: [{runtime}]
    models: {models}
    uses: [inference, resume]
"""
#: our own part of the parse, as rules/common.smk does it
PARSE = """
import json, sys, time
begin = time.perf_counter()
sys.path.insert(0, "scripts")
import pathlib, yaml
from host.select import runtimes
from host.select import configuration
from host.select import matrix, paths
from host.environments import declared
from host.report import expectations
from host.select.sources import code_hash
marks = {"imports": time.perf_counter()}
known = runtimes.known({p.stem: declared.load(p) for p in sorted(pathlib.Path("envs").glob("*.yaml"))})
marks["environments"] = time.perf_counter()
blocks = configuration.resolve(yaml.safe_load(open("config/wide.yaml")), known, "wide.yaml")
marks["configuration"] = time.perf_counter()
cells, excluded = matrix.expand(blocks, known)
marks["matrix"] = time.perf_counter()
verdicts = [paths.verdict(cell) for cell in cells]
marks["paths"] = time.perf_counter()
members = {(kind, getattr(cell, axis)) for cell in cells for axis, kind in KINDS.items()}
for kind, name in members:
    code_hash(paths.member(kind, name))
marks["hashes of members"] = time.perf_counter()
found = {"cells": len(cells), "saves": len({c[:4] for c in cells}), "models": len({c.model for c in cells})}
for name, now in marks.items():
    found[name], begin = now - begin, now
print(json.dumps(found))
"""


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("cells", nargs="*", type=int, default=[100, 1000, 10000], metavar="CELLS")
    p.add_argument("--run-up-to", type=int, default=10000, metavar="N", help="larger matrices are only planned")
    p.add_argument("--cores", type=int, default=wp.cores(), metavar="N")
    p.add_argument("--profile", action="store_true", help="say where the dry run's time goes (cProfile slows it)")
    p.add_argument("--arguments", default="", metavar="WORDS", help="more arguments for each snakemake")
    p.add_argument("--out", default="scale.json", metavar="NAME", help="in results/benchmarks (default %(default)s)")
    args = p.parse_args(argv)
    facts = {"machine": wp.machine(), "stub": True, "sizes": []}
    for cells in args.cells:
        with wp.workplace() as place:
            facts["sizes"].append(measure(place, cells, args))
        print(text(facts["sizes"][-1:]), file=sys.stderr, flush=True)
        wp.write(args.out, json.loads(json.dumps(facts), parse_float=lambda x: round(float(x), 3)))
    print(text(facts["sizes"]))


def measure(place, cells, args):
    prepare(place, 1)
    per_model = parse(place)["cells"]
    prepare(place, max(1, round(cells / per_model)))
    more = args.arguments.split()
    found = {"asked": cells, "parse": parse(place), "load": wp.load()}
    plan = place.snakemake("-n", "--quiet", "all", *more)
    found["dry_run"] = figures(plan)
    if args.profile:
        found["profile"] = profile(place, more)
    if cells <= args.run_up_to:
        found["run"] = figures(place.snakemake("--quiet", "all", *more, cores=args.cores))
        found["no_op"] = figures(place.snakemake("--quiet", "all", *more, cores=args.cores))
        jobs = place.jobs()
        found["jobs"] = len(jobs)
        report = [j for j in jobs if j["rule"] == "report"]
        found["report_s"] = report[0]["end"] - report[0]["begin"] if report else None
        found["metadata"] = size(place.folder / ".snakemake")
        found["results"] = size(*(place.folder / "results" / k for k in ("trained", "saved", "loaded", "verified")))
        found["report"] = size(place.folder / "results/report")
    return found


def prepare(place, models):
    """So many models, a stub for each step, and an environment that looks as if it had been built."""
    folder = place.folder
    source = (folder / "scripts/roundtrip/models/dense_regression.py").read_text()
    names = [f"synthetic_{i:05}" for i in range(models)]
    for name in names:
        (folder / f"scripts/roundtrip/models/{name}.py").write_text(source)
    (folder / "config/config.yaml").write_text(SELECTION.format(runtime=RUNTIME, models=json.dumps(names)))
    shutil.copyfile(folder / "benchmarks/stub_step.py", folder / "scripts/step.py")
    stamp = folder / "results/environments" / RUNTIME.rpartition("-")[0] / "environment.json"
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text('{"outcome": "built"}')


def parse(place):
    run = subprocess.run([sys.executable, "-c", PARSE], cwd=place.folder, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def figures(run):
    return {"seconds": run["seconds"], "cpu_s": run["cpu_s"], "peak_mb": run["peak_mb"]}


def size(*folders):
    """{"files", "mb"}, the latter as the disk has it: in whole blocks."""
    found = [os.lstat(Path(base, name)) for folder in folders for base, _, names in os.walk(folder) for name in names]
    return {"files": len(found), "mb": sum(s.st_blocks for s in found) * 512 / 1e6}


def profile(place, more):
    """Seconds of a dry run by owner of the code (own time of functions), and cumulative seconds of our functions."""
    place.variables["MEASURED_PROFILE"] = str(place.temporary / "profile")
    place.snakemake("-n", "--quiet", "all", *more)
    del place.variables["MEASURED_PROFILE"]
    stats = pstats.Stats(str(place.temporary / "profile")).stats
    own, entries = {}, {}
    for (file, _, name), (_, calls, inside, whole, _) in stats.items():
        whose = owner(file, str(place.folder))
        own[whose] = own.get(whose, 0.0) + inside
        if whose == "ours":
            key = f"{Path(file).name}:{name}"
            seen = entries.get(key, (0, 0.0))
            entries[key] = (seen[0] + calls, seen[1] + whole)
    largest = sorted(entries.items(), key=lambda e: -e[1][1])[:15]
    return {"by_code": dict(sorted(own.items(), key=lambda e: -e[1])[:10]),
            "ours": {k: {"calls": c, "seconds": s} for k, (c, s) in largest}}  # fmt: skip


def owner(file, project):
    if file.startswith(project) or file.endswith(".smk") or file.endswith("Snakefile"):
        return "ours"
    if "site-packages/" in file:
        return file.split("site-packages/")[1].split("/")[0]
    return Path(file).name if "/" in file else "built-in functions"


def text(sizes):
    rows = []
    for s in sizes:
        parsed = sum(v for k, v in s["parse"].items() if k not in ("cells", "saves", "models"))
        rows.append((
            str(s["parse"]["cells"]), s.get("jobs"), parsed, s["parse"]["matrix"],
            *(s["dry_run"][k] for k in ("seconds", "cpu_s", "peak_mb")),
            *(s[run][k] if run in s else None for run in ("run", "no_op") for k in ("seconds", "cpu_s")),
            s["run"]["peak_mb"] if "run" in s else None, s.get("report_s"),
            s["metadata"]["mb"] if "metadata" in s else None, s["metadata"]["files"] if "metadata" in s else None,
            s["results"]["files"] if "results" in s else None,
        ))  # fmt: skip
    head = ("cells", "jobs", "our parse s", "matrix s", "dry run s", "cpu", "MB", "run s", "cpu", "no-op s", "cpu",
            "run MB", "report s", "metadata MB", "its files", "result files")  # fmt: skip
    lines = [wp.table(head, rows)]
    for s in sizes:
        if "profile" in s:
            lines.append(f"\nprofile of the dry run of {s['parse']['cells']} cells, seconds by code:")
            lines += [f"  {v:8.2f}  {k}" for k, v in s["profile"]["by_code"].items()]
            lines.append("of ours, with what they call:")
            lines += [f"  {v['seconds']:8.2f}  {v['calls']:>8}  {k}" for k, v in s["profile"]["ours"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
