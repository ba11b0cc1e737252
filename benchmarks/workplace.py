"""A copy of the project in a temporary folder, in which benchmarks run Snakemake; and facts about the machine.

The copy has its own folders for warm interpreters and temporary files, so that it never uses or stops those of others.
"""

import contextlib
import ctypes
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))
from helpers.project import copy_environment, copy_project, planned_jobs  # noqa: E402

RESULTS = PROJECT / "results/benchmarks"
MEASURED = str(PROJECT / "benchmarks/measured_snakemake.py")
PR_SET_CHILD_SUBREAPER = 36


class Workplace:
    """The copy: ``folder``, ``variables`` (of the processes run in it), and how to run Snakemake there."""

    def __init__(self, folder):
        self.folder = folder
        self.temporary, self.sockets = folder.parent / "tmp", folder.parent / "warm"
        self.temporary.mkdir()
        self.sockets.mkdir(mode=0o700)
        self.variables = dict(os.environ, TMPDIR=str(self.temporary), KERAS_ROUNDTRIP_WARM_DIR=str(self.sockets))

    def share_environments(self, ids):
        """Copy built environments; one that the checkout lacks is built there first."""
        stamps = [f"results/environments/{name}/environment.json" for name in ids]
        missing = [stamp for stamp in stamps if not (PROJECT / stamp).is_file()]
        if missing:
            subprocess.run([sys.executable, "-m", "snakemake", "--cores", "all", *missing], cwd=PROJECT, check=True)
        for name in ids:
            copy_environment(name, self.folder)

    def snakemake(self, *arguments, cores=1, check=True):
        """Run it and return its facts: seconds, cpu_s and peak_mb of Snakemake's own process, begin, output."""
        facts = self.temporary / "facts.json"
        facts.unlink(missing_ok=True)
        command = [sys.executable, MEASURED, str(facts), "--cores", str(cores), *map(str, arguments)]
        begin, clock = time.time(), time.perf_counter()
        run = subprocess.run(command, cwd=self.folder, env=self.variables, capture_output=True, text=True)
        seconds = time.perf_counter() - clock
        if check and run.returncode:
            logs = sorted((self.folder / ".snakemake/log").glob("*.log"))
            said = run.stdout[-3000:] + run.stderr[-6000:] + (logs[-1].read_text()[-6000:] if logs else "")
            raise SystemExit(f"snakemake {' '.join(map(str, arguments))} failed:\n{said}")
        found = json.loads(facts.read_text()) if facts.exists() else {}
        return {**found, "seconds": seconds, "begin": begin, "output": run.stdout + run.stderr, "code": run.returncode}

    def planned(self, *arguments):
        """{rule: jobs} of a dry run."""
        return planned_jobs(self.snakemake("-n", "--quiet", "rules", *arguments)["output"])

    def jobs(self):
        """What Snakemake recorded of each job that ran: {"rule", "begin", "end"}."""
        found = {}
        for path in (self.folder / ".snakemake/metadata").rglob("*"):
            if path.is_file():
                record = json.loads(path.read_text())
                key = record["rule"], *(record.get("log") or [path.name])  # a job has a record for each output
                found[key] = {"rule": record["rule"], "begin": record["starttime"], "end": record["endtime"]}
        return list(found.values())

    def forget(self, *keep):
        """Remove all results but the environments and those kept, and Snakemake's memory of them."""
        shutil.rmtree(self.folder / ".snakemake", ignore_errors=True)
        for folder in (self.folder / "results").iterdir():
            if folder.name not in ("environments", *keep):
                shutil.rmtree(folder)


@contextlib.contextmanager
def workplace():
    """A Workplace, removed at the end with its warm interpreters."""
    with tempfile.TemporaryDirectory(prefix="keras-roundtrip-", ignore_cleanup_errors=True) as top:
        folder = Path(top, "project")
        copy_project(folder)
        place = Workplace(folder)
        try:
            yield place
        finally:
            stop = [sys.executable, "scripts/warm.py", "--stop"]
            subprocess.run(stop, cwd=folder, env=place.variables, stdout=subprocess.DEVNULL)


def adopt():
    """Have orphans become children of this process: warm interpreters, whose use could not be counted otherwise."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def used(wait=20.0):
    """Processor seconds of all processes that were started and have ended; waits for orphans that are about to."""
    until = time.monotonic() + wait
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] or time.monotonic() < until:
            time.sleep(0.01)
    total = resource.getrusage(resource.RUSAGE_CHILDREN)
    return total.ru_utime + total.ru_stime


def cores():
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def machine():
    """The facts about the machine that figures depend on; no names and no paths."""
    with open("/proc/cpuinfo") as f:
        model = re.search(r"^model name\s*:\s*(.*)$", f.read(), re.MULTILINE)
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": cores(),
        "processor": model[1] if model else platform.machine(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "python": platform.python_version(),
        "snakemake": metadata.version("snakemake"),
        "load_before": load(),
    }


def load():
    """The load average of the last minute: above zero before a benchmark, others were using the cores."""
    return round(os.getloadavg()[0], 2)


def write(name, facts):
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / name).write_text(json.dumps(facts, indent=1) + "\n")


def table(head, rows):
    """Text columns, the first to the left, numbers to the right."""
    cells = [
        [str(c) if isinstance(c, (str, int)) else "" if c is None else f"{c:.2f}" for c in r] for r in (head, *rows)
    ]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join(
        "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in cells
    )
