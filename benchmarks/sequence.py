"""The floor: runs the commands of the workflow in sequence, in as few processes as the runtimes allow."""

import collections
import itertools
import json
import re
import shlex
import subprocess
import sys
import tempfile
import time

import workplace as wp

sys.path.insert(0, str(wp.PROJECT / "scripts"))

from warmstep.supervise import FIXED

CELLS = "results/report/cells.json"
#: a step's module -> its rule, in the order in which they need each other
RULES = {"train": "train_model", "save": "save_artifact", "load": "load_artifact", "host.judge.verify": "verify_path",
         "host.report.__main__": "report"}  # fmt: skip
RESULTS = {"train": "reference.json", "save": "manifest.json", "load": "observed.json"}
REPORT = ["--cells", CELLS, "--expectations", "config/expectations.yaml", "--out", "results/report"]
#: a step's command as the dry run prints it: variables, interpreter, script or module, arguments
STEP = re.compile(
    r"^Shell command: (.*?) ?\S+ -I -S scripts/step\.py .* -- (\S+) (?:scripts/(\w+)\.py|-m (\S+)) (.*) > ",
    re.MULTILINE,
)


def tasks(text):
    """The steps of a dry run's output, each after what it reads.

    ``process`` is (interpreter, variables): those that share it can run in one process.
    """
    found = []
    for variables, python, script, module, words in STEP.findall(text):
        argv = shlex.split(words)
        options = dict(itertools.pairwise(argv))
        host = not script
        api = () if host else (*(tuple(v.split("=", 1)) for v in variables.split()), ("API", options["--runtime"]))
        found.append({
            "process": (python, api),
            "module": module or script,
            "argv": argv,
            "model": "" if host else options["--model"],
            "waits": options.get("--observed") or options.get("--manifest") or options.get("--reference"),
            "writes": options["--out"] if host else f"{options['--out']}/{RESULTS[script]}",
        })  # fmt: skip
    return sorted(found, key=lambda task: list(RULES).index(task["module"]))


def run(place, tasks, cores):
    """Run the steps: one process for each runtime (more if there are cores), one for verdicts, then the report."""
    queues = collections.defaultdict(list)
    shards = max(1, cores // len({t["process"] for t in tasks}))
    models = sorted({t["model"] for t in tasks})
    for task in tasks:
        (place.folder / task["writes"]).parent.mkdir(parents=True, exist_ok=True)
        queues[task["process"], models.index(task["model"]) % shards].append(task)
    begin = time.perf_counter()
    running = [Sequence(place, queue) for queue in queues.values()]
    done = [d for sequence in running for d in sequence.finish()]
    report = {"process": (sys.executable, ()), "module": "host.report.__main__", "argv": REPORT, "waits": None}
    done += Sequence(place, [report]).finish()
    return {
        "seconds": time.perf_counter() - begin,
        "processes": len(running),
        "jobs": {rule: {"jobs": len(own), "seconds": sum(own)} for rule, own in (
            (rule, [d["seconds"] for d in done if d["module"] == module]) for module, rule in RULES.items())},
        "started_again": sum(s.started_again for s in running),
    }  # fmt: skip


class Sequence:
    """A process of floor.py with its tasks. If a task kills it, a new process runs the rest."""

    def __init__(self, place, tasks):
        self.place, self.tasks, self.done, self.started_again = place, tasks, [], 0
        self.variables = {**place.variables, **FIXED, "CUDA_VISIBLE_DEVICES": "-1", **dict(tasks[0]["process"][1])}
        self.start()

    def start(self):
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [self.tasks[0]["process"][0], "benchmarks/floor.py", str(self.place.folder / "scripts")],
            **{"cwd": self.place.folder, "env": self.variables, "text": True},
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.said},
        )
        self.process.stdin.write(json.dumps(self.tasks[len(self.done) :]))
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
            (self.place.folder / task["writes"]).write_text('{"outcome": "crashed", "diagnostics": [], "seconds": {}}')
            self.done.append({"module": task["module"], "seconds": 0.0})
            self.started_again += 1
            self.start()
