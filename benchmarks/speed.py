"""What isolation costs: one matrix run warm, with one process a step, and in as few processes as can be.

    make bench        or        python benchmarks/speed.py [--matrix YAML] [--repeats N] [--cores N]

In turns, on the same cores, in a temporary copy of the project:
  warm   snakemake with runner=warm: every step is forked from an interpreter that has imported TensorFlow
  cold   snakemake with runner=plain: every step is a new interpreter
  floor  the same steps, one process for each runtime and one for the host, side by side; no Snakemake, no isolation
Prints medians, their ratios repeat by repeat, and where the time goes; writes results/benchmarks/speed.json. Where
others use the cores at the same time, seconds are theirs, too; processor seconds, of all processes, hardly are.
"""

import argparse
import collections
import itertools
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import workplace as wp
import yaml

sys.path.insert(0, str(wp.PROJECT / "scripts"))

from host import config, environment, matrix
from warmstep.supervise import FIXED

FACTS = {"train": "trained/**/reference.json", "save": "saved/**/manifest.json", "load": "loaded/**/observed.json"}
RULES = {"train": "train_model", "save": "save_artifact", "load": "load_artifact", "host.verify": "verify_path",
         "host.report.__main__": "report"}  # fmt: skip
#: a step's command as the dry run prints it: variables, interpreter, script or module, arguments
STEP = re.compile(
    r"^Shell command: (.*?) ?\S+ -I -S scripts/step\.py .* -- (\S+) (?:scripts/(\w+)\.py|-m (\S+)) (.*) > \S+ 2>&1$"
)


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument(
        "--matrix", default="benchmarks/speed.yaml", metavar="YAML", help="what to run (default %(default)s)"
    )
    p.add_argument("--repeats", type=int, default=3, metavar="N", help="how often each way is run (default 3)")
    p.add_argument("--cores", type=int, default=wp.cores(), metavar="N", help="for each way (default: all)")
    p.add_argument("--out", default="speed.json", metavar="NAME", help="in results/benchmarks (default %(default)s)")
    args = p.parse_args(argv)
    wp.adopt()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.cores])
    with wp.workplace() as place:
        facts = Benchmark(place, Path(args.matrix).resolve(), args.cores).run(args.repeats)
    wp.write(args.out, facts)
    print(text(facts))


class Benchmark:
    def __init__(self, place, selection, cores):
        self.place, self.cores, self.machine = place, cores, wp.machine()
        shutil.copyfile(selection, place.folder / "config/config.yaml")
        known = matrix.runtimes({p.stem: environment.load(p) for p in sorted((wp.PROJECT / "envs").glob("*.yaml"))})
        blocks = config.resolve(yaml.safe_load(selection.read_text()), known, selection.name)
        self.cells, _ = matrix.expand(blocks, known)
        self.runtimes = sorted({r for c in self.cells for r in (c.producer, c.consumer)})
        place.share_environments(sorted({known[r].environment for r in self.runtimes}))
        self.preload = [known[r].preload for r in self.runtimes][0]
        self.python = known[self.runtimes[0]].python

    def run(self, repeats):
        place = self.place
        place.snakemake("results/data/digits.npz", cores=self.cores)  # the same for all: made once
        place.forget("data")
        planned = place.planned()
        if "environment_build" in planned:
            raise SystemExit("The copy would build an environment: its stamp is older than envs/*. Run `make` first.")
        tasks = steps(place.snakemake("-n", "--printshellcmds")["output"])
        small = self.small_steps()
        rounds, found = [], {}
        for number in range(repeats):
            seconds = {"load": wp.load()}
            for way in ("warm", "cold", "floor"):
                self.place.forget("data")
                before = wp.used()
                found[way] = self.floor(tasks) if way == "floor" else self.snakemake(way)
                found[way]["processor_s"] = seconds[f"{way}_processor"] = wp.used() - before
                found[way]["outcomes"] = outcomes(place.folder)
                seconds[way] = found[way]["seconds"]
                said = (
                    f"{number + 1}/{repeats} {way}: {seconds[way]:.1f} s, processor {found[way]['processor_s']:.1f} s"
                )
                print(said, file=sys.stderr, flush=True)
            rounds.append(seconds)
        return {**self.figures(rounds, found, planned), "small_steps": small, "breakdown": breakdown(found, self.cores)}

    def figures(self, rounds, found, planned):
        median = {way: statistics.median(r[way] for r in rounds) for way in rounds[0]}
        return {
            "machine": self.machine,
            "cells": len(self.cells),
            "steps": sum(planned.get(rule, 0) for rule in RULES.values()),
            "jobs": {rule: jobs for rule, jobs in planned.items() if rule not in ("total", "all")},
            "runtimes": self.runtimes,
            "repeats": [{k: round(v, 2) for k, v in r.items()} for r in rounds],
            **{f"{way}_s": round(seconds, 2) for way, seconds in median.items() if way != "load"},
            "ratios": {f"{one}/{other}{kind}": spread(r[one + kind] / r[other + kind] for r in rounds)
                       for kind in ("", "_processor") for one, other in (("cold", "warm"), ("warm", "floor"))},
            "agreement": {
                "cold": differing(found["warm"]["outcomes"], found["cold"]["outcomes"]),
                "floor": differing(found["warm"]["outcomes"], found["floor"]["outcomes"]),
            },
            "leftover_files": sum(1 for f in self.place.temporary.rglob("*") if f.is_file() and f.name != "facts.json"),
        }  # fmt: skip

    def snakemake(self, way):
        """A run through Snakemake from nothing; its facts, and those of its jobs."""
        runner = {"warm": "warm", "cold": "plain"}[way]
        run = self.place.snakemake("--quiet", "all", "--config", f"runner={runner}", cores=self.cores)
        jobs = self.place.jobs()
        shutil.copyfile(self.place.folder / "results/report/cells.json", self.place.temporary / "cells.json")
        return {
            "seconds": run["seconds"],
            "snakemake_cpu_s": run["cpu_s"],
            "before_first_job_s": min(j["begin"] for j in jobs) - run["begin"],
            "after_last_job_s": run["begin"] + run["seconds"] - max(j["end"] for j in jobs),
            "jobs": {r: spans(jobs, r) for r in sorted({j["rule"] for j in jobs})},
            "steps": inside(self.place.folder),
        }

    def floor(self, tasks):
        """All steps in sequence in one process per runtime (more where there are cores for it), and one of the host."""
        folder = self.place.folder
        (folder / "results/report").mkdir(parents=True)
        shutil.copyfile(self.place.temporary / "cells.json", folder / "results/report/cells.json")
        queues = collections.defaultdict(list)
        shards = max(1, self.cores // len({t["process"] for t in tasks}))
        for task in tasks:
            (folder / task["writes"]).parent.mkdir(parents=True, exist_ok=True)
            shard = sorted({t["model"] for t in tasks}).index(task["model"]) % shards
            queues[task["process"], shard].append(task)
        report = ["--cells", "results/report/cells.json", "--expectations", "config/expectations.yaml", "--out",
                  "results/report"]  # fmt: skip
        begin = time.perf_counter()
        running = [Sequence(folder, self.place.variables, queue) for queue in queues.values()]
        done = list(itertools.chain.from_iterable(s.finish() for s in running))
        last = {"process": (sys.executable, ()), "module": "host.report.__main__", "argv": report, "waits": None}
        done += Sequence(folder, self.place.variables, [last]).finish()
        seconds = time.perf_counter() - begin
        kinds = {RULES[m]: [d["seconds"] for d in done if d["module"] == m] for m in RULES}
        return {
            "seconds": seconds,
            "processes": len(running),
            "jobs": {rule: {"jobs": len(s), "seconds": sum(s)} for rule, s in kinds.items()},
            "steps": inside(folder),
            "started_again": sum(s.started_again for s in running),
        }

    def small_steps(self):
        """Seconds of a step that only imports what the runtime's steps import: what a process costs by each way."""
        modules = self.preload.split(",")
        step = [sys.executable, "-I", "-S", "scripts/step.py", "--preload", self.preload]
        command = ["--", self.python, "benchmarks/imports.py", *modules]

        def once(*options):
            begin = time.perf_counter()
            subprocess.run([*step, *options, *command], cwd=self.place.folder, env=self.place.variables, check=True,
                           capture_output=True)  # fmt: skip
            return time.perf_counter() - begin

        first = once("--runner", "warm")
        warm = [once("--runner", "warm") for _ in range(20)]
        cold = [once("--runner", "plain") for _ in range(5)]
        subprocess.run([sys.executable, "scripts/warm.py", "--stop"], cwd=self.place.folder,
                       env=self.place.variables, stdout=subprocess.DEVNULL, check=True)  # fmt: skip
        return {"warm_s": statistics.median(warm), "cold_s": statistics.median(cold), "first_warm_s": first}


class Sequence:
    """A process of floor.py with its tasks; where a task kills it, the rest goes on in a new one."""

    def __init__(self, folder, variables, tasks):
        self.folder, self.tasks, self.done, self.started_again = folder, tasks, [], 0
        self.variables = {**variables, **FIXED, "CUDA_VISIBLE_DEVICES": "-1", **dict(tasks[0]["process"][1])}
        self.start()

    def start(self):
        left = self.tasks[len(self.done) :]
        command = [self.tasks[0]["process"][0], "benchmarks/floor.py", str(self.folder / "scripts")]
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, cwd=self.folder, env=self.variables, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.said)  # fmt: skip
        self.process.stdin.write(json.dumps(left))
        self.process.stdin.close()

    def finish(self):
        """What was done: [{"module", "seconds"}]."""
        while True:
            self.done += map(json.loads, self.process.stdout)
            self.process.wait()
            if len(self.done) >= len(self.tasks):
                return self.done
            task = self.tasks[len(self.done)]
            if task["module"].startswith("host."):  # a step that kills its process is a result; the host's is not
                self.said.seek(0)
                raise SystemExit(f"floor: {task['module']} {shlex.join(task['argv'])}:\n{self.said.read()[-3000:]}")
            (self.folder / task["writes"]).write_text('{"outcome": "crashed", "diagnostics": [], "seconds": {}}')
            self.done.append({"module": task["module"], "seconds": 0.0})
            self.started_again += 1
            self.start()


def steps(text):
    """The floor's tasks: the workflow's own commands, producers before consumers."""
    tasks = []
    for found in filter(None, map(STEP.match, text.splitlines())):
        variables, python, script, module, argv = found.groups()
        argv = shlex.split(argv)
        options = dict(itertools.pairwise(argv))
        results = {"train": "reference.json", "save": "manifest.json", "load": "observed.json"}
        host = module is not None
        tasks.append({
            "process": (python, () if host else (*(tuple(v.split("=", 1)) for v in variables.split()),
                                                 ("api", options["--api"]))),
            "module": module or script,
            "argv": argv,
            "model": "" if host else options["--model"],
            "waits": options.get("--observed") or options.get("--manifest") or options.get("--reference"),
            "writes": options["--out"] if host else f"{options['--out']}/{results[script]}",
        })  # fmt: skip
    return sorted(tasks, key=lambda t: list(RULES).index(t["module"]))


def inside(folder):
    """What the steps say of themselves: {stage: {"steps", "seconds", "cpu_s", "parts"}}."""
    found = {}
    for stage, pattern in FACTS.items():
        facts = [json.loads(f.read_text()) for f in (folder / "results").glob(pattern)]
        parts = collections.Counter()
        for f in facts:
            parts.update({k: v for k, v in f.get("seconds", {}).items() if k != "total"})
        used = [f.get("usage", {}) for f in facts]
        found[stage] = {
            "steps": len(facts),
            "seconds": sum(f.get("seconds", {}).get("total", 0) for f in facts),
            "cpu_s": sum(u.get("user_seconds", 0) + u.get("system_seconds", 0) for u in used),
            "parts": dict(parts),
        }
    return found


def spans(jobs, rule):
    own = [j["end"] - j["begin"] for j in jobs if j["rule"] == rule]
    return {"jobs": len(own), "seconds": sum(own)}


def outcomes(folder):
    """{file: what must not depend on how it was run}: digests of states and arrays, outcomes, verdicts."""
    found = {}
    for pattern in (*FACTS.values(), "verified/**/verdict.json"):
        for path in (folder / "results").glob(pattern):
            found[str(path.relative_to(folder))] = sorted(map(repr, hashes(json.loads(path.read_text()))))
    return found


def hashes(value):
    """All digests, outcomes and verdicts in it, but not the hashes of files, which may carry times."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, (dict, list)):
            yield from hashes(inner) if key != "files" else ()
        elif key in ("sha256", "state_digest", "outcome", "verdict", "status", "reproducible"):
            yield key, inner


def differing(one, other):
    names = sorted(set(one) | set(other))
    return {"files": len(names), "differ": [name for name in names if one.get(name) != other.get(name)]}


def spread(values):
    values = sorted(values)
    found = {"min": values[0], "median": statistics.median(values), "max": values[-1]}
    return {k: round(v, 2) for k, v in found.items()}


def breakdown(found, cores):
    """The last repeat's core seconds, by way: what the steps took, and what was spent around them."""
    parts = {}
    for way, run in found.items():
        jobs = sum(j["seconds"] for j in run["jobs"].values())
        parts[way] = {k: v for k, v in run.items() if k != "outcomes"}
        parts[way]["core_seconds"] = cores * run["seconds"]
        parts[way]["outside_jobs"] = cores * run["seconds"] - jobs
    return json.loads(json.dumps(parts), parse_float=lambda x: round(float(x), 3))


def text(facts):
    """The figures as tables."""
    ways, breakdown = ("warm", "cold", "floor"), facts["breakdown"]
    machine = facts["machine"]
    lines = [f"{facts['cells']} cells, {facts['steps']} steps, {len(facts['runtimes'])} runtimes, {machine['cores']} cores"
             f" ({machine['processor']}), load before {machine['load_before']}", ""]  # fmt: skip
    columns = (*ways, *(f"{w}_processor" for w in ways), "load")
    lines.append(wp.table(("seconds", *(c.replace("_", " ") for c in columns)),
                          [(f"repeat {i + 1}", *(r[c] for c in columns)) for i, r in enumerate(facts["repeats"])]
                          + [("median", *(facts.get(f"{c}_s") for c in columns))]))  # fmt: skip
    lines += ["", wp.table(("ratio", "min", "median", "max"),
                           [(k.replace("_", " "), *(v[x] for x in ("min", "median", "max"))) for k, v in facts["ratios"].items()])]  # fmt: skip
    rows = []
    for rule in RULES.values():
        stage = next((k for k, v in RULES.items() if v == rule), None)
        jobs = [breakdown[w]["jobs"].get(rule, {"jobs": 0, "seconds": 0}) for w in ways]
        count = max(1, jobs[0]["jobs"])
        own = [breakdown[w]["steps"].get(stage, {}).get("seconds") for w in ways]
        rows.append((rule, jobs[0]["jobs"], *(j["seconds"] / count for j in jobs),
                     *(None if s is None else s / count for s in own)))  # fmt: skip
    lines += ["", "seconds a job as Snakemake sees it (floor: a call of main), and of it what the step says of itself",
              wp.table(("rule", "jobs", *ways, *(f"{w}: step" for w in ways)), rows)]  # fmt: skip
    rows = [("steps' own", *(sum(s["seconds"] for s in breakdown[w]["steps"].values()) for w in ways))]
    rows += [("other in jobs", *(sum(j["seconds"] for j in breakdown[w]["jobs"].values()) - rows[0][i + 1]
                                 for i, w in enumerate(ways)))]  # fmt: skip
    rows += [("outside jobs", *(breakdown[w]["outside_jobs"] for w in ways)),
             ("all", *(breakdown[w]["core_seconds"] for w in ways)),
             ("Snakemake's processor", *(breakdown[w].get("snakemake_cpu_s") for w in ways)),
             ("wall before first job", *(breakdown[w].get("before_first_job_s") for w in ways)),
             ("wall after last job", *(breakdown[w].get("after_last_job_s") for w in ways))]  # fmt: skip
    lines += ["", f"core seconds ({machine['cores']} cores x wall), last repeat", wp.table(("", *ways), rows)]
    small = facts["small_steps"]
    lines += ["", f"a step that only imports: warm {1000 * small['warm_s']:.0f} ms, cold {1000 * small['cold_s']:.0f} ms;"
              f" the first warm one, which starts the interpreter, {small['first_warm_s']:.1f} s"]  # fmt: skip
    for way, a in facts["agreement"].items():
        lines.append(
            f"{way} against warm: {len(a['differ'])} of {a['files']} results differ in a hash, outcome or verdict"
        )
    lines.append(f"temporary files left behind: {facts['leftover_files']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
