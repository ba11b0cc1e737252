"""Measures the cost of isolation: one matrix with warm steps, with one process per step, and in few processes.

    make bench        or        python benchmarks/speed.py [--matrix YAML] [--repeats N] [--cores N]

It runs these in turn, on the same cores, in a temporary copy of the project:
  warm   snakemake with runner=warm: every step is forked from an interpreter that has imported TensorFlow
  cold   snakemake with runner=plain: every step is a new interpreter
  floor  the same steps, one process for each runtime and one for the host, side by side; no Snakemake, no isolation
Prints medians, ratios for each repeat, and where the time goes; writes results/benchmarks/speed.json. If other programs
use the cores at the same time, they increase the seconds, but hardly the processor seconds, those of its own processes.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import yaml

import figures
import sequence
import workplace as wp

sys.path.insert(0, str(wp.PROJECT / "scripts"))

from host.environments import declared
from host.select import configuration, matrix, runtimes

WAYS = ("warm", "cold", "floor")


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--matrix", default=str(wp.PROJECT / "benchmarks/speed.yaml"), metavar="YAML", help="what to run")
    p.add_argument("--repeats", type=int, default=3, metavar="N", help="how often each way is run (default 3)")
    p.add_argument("--cores", type=int, default=wp.cores(), metavar="N", help="for each way (default: all)")
    p.add_argument("--out", default="speed.json", metavar="NAME", help="in results/benchmarks (default %(default)s)")
    args = p.parse_args(argv)
    wp.adopt()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.cores])
    with wp.workplace() as place:
        facts = Benchmark(place, Path(args.matrix).resolve(), args.cores).run(args.repeats)
    wp.write(args.out, facts)
    print(figures.text(facts, WAYS))


class Benchmark:
    def __init__(self, place, selection, cores):
        self.place, self.cores, self.machine = place, cores, wp.machine()
        shutil.copyfile(selection, place.folder / "config/config.yaml")
        known = runtimes.known({p.stem: declared.load(p) for p in sorted((wp.PROJECT / "envs").glob("*.yaml"))})
        blocks = configuration.resolve(yaml.safe_load(selection.read_text()), known, selection.name)
        self.cells, _ = matrix.expand(blocks, known)
        self.runtimes = sorted({r for c in self.cells for r in (c.producer, c.consumer)})
        place.share_environments(sorted({known[r].environment for r in self.runtimes}))
        self.preload, self.python = known[self.runtimes[0]].preload, known[self.runtimes[0]].python

    def run(self, repeats):
        place = self.place
        place.snakemake("results/data/digits.npz", cores=self.cores)  # the same for all: made once
        place.forget("data")
        planned = place.planned()
        if "environment_build" in planned:
            raise SystemExit("The copy would build an environment: its stamp is older than envs/*. Run `make` first.")
        tasks = sequence.tasks(place.snakemake("-n", "--printshellcmds")["output"])
        small = self.small_steps()
        rounds = []
        for number in range(repeats):
            found = {way: self.measured(way, tasks) for way in WAYS}
            rounds.append({"load": wp.load(), **{way: found[way]["seconds"] for way in WAYS},
                           **{f"{way}_processor": found[way]["processor_s"] for way in WAYS}})  # fmt: skip
            print(f"{number + 1}/{repeats}", {k: round(v, 1) for k, v in rounds[-1].items()}, file=sys.stderr)
        return {
            "machine": self.machine,
            "cells": len(self.cells),
            "steps": len(tasks),
            "jobs": {rule: jobs for rule, jobs in planned.items() if rule not in ("total", "all")},
            "runtimes": self.runtimes,
            **figures.of_rounds(rounds, WAYS),
            "agreement": {way: figures.differing(found["warm"], found[way]) for way in WAYS[1:]},
            "leftover_files": sum(p.is_file() and p.suffix != ".json" for p in place.temporary.rglob("*")),
            "small_steps": small,
            "breakdown": figures.breakdown(found, self.cores),
        }

    def measured(self, way, tasks):
        """One run without earlier results; returns its facts."""
        self.place.forget("data")
        before = wp.used()
        found = self.floor(tasks) if way == "floor" else self.snakemake(way)
        return {
            **found,
            "processor_s": wp.used() - before,
            "steps": figures.inside(self.place.folder),
            "outcomes": figures.outcomes(self.place.folder),
        }

    def snakemake(self, way):
        runner = {"warm": "warm", "cold": "plain"}[way]
        run = self.place.snakemake("--quiet", "all", "--config", f"runner={runner}", cores=self.cores)
        jobs = self.place.jobs()
        shutil.copyfile(self.place.folder / sequence.CELLS, self.place.temporary / "cells.json")
        return {
            "seconds": run["seconds"],
            "snakemake_cpu_s": run["cpu_s"],
            "before_first_job_s": min(j["begin"] for j in jobs) - run["begin"],
            "after_last_job_s": run["begin"] + run["seconds"] - max(j["end"] for j in jobs),
            "jobs": {rule: figures.spans(jobs, rule) for rule in sorted({j["rule"] for j in jobs})},
        }

    def floor(self, tasks):
        listed = self.place.folder / sequence.CELLS
        listed.parent.mkdir(parents=True)
        shutil.copyfile(self.place.temporary / "cells.json", listed)
        return sequence.run(self.place, tasks, self.cores)

    def small_steps(self):
        """Seconds of a step that only imports what the runtime's steps import: the cost of a process in each way."""
        step = [sys.executable, "-I", "-S", "scripts/step.py", "--preload", self.preload]
        command = ["--", self.python, "benchmarks/imports.py", *self.preload.split(",")]
        options = {"cwd": self.place.folder, "env": self.place.variables, "check": True, "capture_output": True}

        def once(runner):
            begin = time.perf_counter()
            subprocess.run([*step, "--runner", runner, *command], **options)
            return time.perf_counter() - begin

        first = once("warm")
        warm, cold = [once("warm") for _ in range(20)], [once("plain") for _ in range(5)]
        subprocess.run([sys.executable, "scripts/warm.py", "--stop"], **options)
        return {"warm_s": statistics.median(warm), "cold_s": statistics.median(cold), "first_warm_s": first}


if __name__ == "__main__":
    main(sys.argv[1:])
