"""Tests whether many warm steps leak anything: processes, sockets, descriptors, files, memory.

    make bench-leaks     or     python benchmarks/leaks.py [--steps N] [--idle S]

It runs trivial steps, one after the other and four at a time, all forked from one warm interpreter of the host's Python
(with --python, also of an environment's). Then it kills a supervisor and its caller by SIGKILL; the interpreter must
end within its idle time. Exits with 1 if anything is left. Writes results/benchmarks/leaks.json.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import workplace as wp

STEP = """
import json, os, sys, tempfile
out = sys.argv[1]
with open(os.path.join(out, "stage.txt"), "w") as f:
    f.write("open")
with tempfile.NamedTemporaryFile() as f:
    f.write(b"x")
with open(os.path.join(out, "r.json"), "w") as f:
    json.dump({"outcome": "done"}, f)
os.remove(os.path.join(out, "stage.txt"))
"""


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--steps", type=int, default=2000, metavar="N")
    p.add_argument("--idle", type=float, default=5, metavar="S", help="the interpreter's idle time (default 5)")
    p.add_argument("--python", default=sys.executable, help="of an environment (default: the host's)")
    p.add_argument("--preload", default="json,tempfile", metavar="MODULES", help="e.g. tensorflow,keras")
    args = p.parse_args(argv)
    wp.adopt()
    with wp.workplace() as place:
        facts = {"machine": wp.machine(), "preload": args.preload, **Steps(place, args).run()}
    wp.write("leaks.json", facts)
    for key, value in facts.items():
        print(f"{key}: {value}")
    return 0 if facts["leaked"] == [] else 1


class Steps:
    def __init__(self, place, args):
        self.place, self.args = place, args
        self.script = place.temporary.parent / "step.py"
        self.script.write_text(STEP)

    def command(self, name, script=None):
        out = self.place.temporary.parent / "out" / name
        out.mkdir(parents=True, exist_ok=True)
        options = ["--runner", "warm", "--preload", self.args.preload, "--idle", str(self.args.idle),
                   "--out", str(out), "--result", "r"]  # fmt: skip
        step = [sys.executable, "-I", "-S", str(self.place.folder / "scripts/step.py"), *options]
        return [*step, "--", self.args.python, str(script or self.script), str(out)]

    def popen(self, name, **more):
        return subprocess.Popen(self.command(name), env=self.place.variables, stderr=subprocess.PIPE, **more)

    def at_once(self, names):
        """Run the steps in parallel; returns their messages, which are empty if all succeeded."""
        running = [self.popen(name) for name in names]
        return [said for p in running for said in p.communicate()[1:] if said or p.returncode]

    def run(self):
        trouble = self.at_once(["a"])
        server = self.server()
        before, begin = self.held(server), time.perf_counter()
        for _ in range(self.args.steps // 2):
            trouble += self.at_once(["a"])
        seconds = (time.perf_counter() - begin) / (self.args.steps // 2)
        for _ in range(self.args.steps // 8):
            trouble += self.at_once("abcd")
        time.sleep(0.5)
        after, same = self.held(server), self.server() == server
        killed, left = self.killed(server)
        leaked = [key for key in before if key != "resident_mb" and before[key] != after[key]]
        leaked += ["resident_mb"] if after["resident_mb"] > before["resident_mb"] + 5 else []
        leaked += ["steps that said something or failed"] if trouble else []
        leaked += [] if same else ["the interpreter was replaced"]
        leaked += [f"after SIGKILL: {left}"] if left else []
        return {
            "steps": self.args.steps,
            "seconds_a_step": round(seconds, 4),
            "before": before,
            "after": after,
            "idle_s": self.args.idle,
            "gone_s_after_sigkill": killed,
            "leaked": leaked,
        }

    def server(self):
        listed = subprocess.run([sys.executable, "scripts/warm.py", "--list"], cwd=self.place.folder,
                                env=self.place.variables, capture_output=True, text=True)  # fmt: skip
        return int(listed.stdout.split("\t")[0])

    def held(self, server):
        """Memory, descriptors and processes of the interpreter, and the files in the folders."""
        with open(f"/proc/{server}/statm") as f:
            resident = int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        out = self.place.temporary.parent / "out"
        return {
            "descriptors": len(os.listdir(f"/proc/{server}/fd")),
            "threads": len(os.listdir(f"/proc/{server}/task")),
            "processes": len(below(server)),
            "sockets_folder": sorted(p.suffix for p in self.place.sockets.iterdir()),
            "temporary_files": sorted(p.name for p in self.place.temporary.iterdir()),
            "result_files": sorted({p.name for p in out.rglob("*") if p.is_file()}),
            "resident_mb": round(resident, 1),
        }

    def killed(self, server):
        """Kill the caller and the supervisor of a running step; returns the seconds until the interpreter ended."""
        script = self.place.temporary.parent / "sleep.py"
        script.write_text("import time\ntime.sleep(600)\n")
        caller = "import subprocess, sys; subprocess.call(sys.argv[1:])"
        command = [sys.executable, "-c", caller, *self.command("k", script)]
        process = subprocess.Popen(command, env=self.place.variables, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while len(below(server)) < 1 and time.monotonic() < until:
            time.sleep(0.05)
        for pid in (process.pid, *below(process.pid)):
            os.kill(pid, signal.SIGKILL)
        process.wait()
        begin = time.monotonic()
        while alive(server) and time.monotonic() < begin + self.args.idle + 30:
            time.sleep(0.05)
        seconds = round(time.monotonic() - begin, 1)
        left = sorted(p.suffix for p in self.place.sockets.iterdir())
        return seconds, [*left, *(["the interpreter"] if alive(server) else []), *map(str, below(os.getpid()))]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def below(pid):
    """The living descendants of a process."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            parents[int(entry)] = int(fields[1])
    found, more = set(), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more}
        found |= more
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
