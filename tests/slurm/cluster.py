"""A real SLURM on this machine alone, for as long as a test needs it.

PYTHONPATH=tests python -m slurm.cluster COMMAND...    run a command with the scheduler up, then take it down

munged, slurmctld and one slurmd for each node run in the foreground as children of this process, as the user who
runs it, with their own key, ports, sockets and state in a temporary folder. They listen on 127.0.0.1 only. No file
outside that folder is written. All that they start carries a mark in its environment, by which it is found and ended.
"""

import contextlib
import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from . import marked

PROGRAMS = ("munged", "munge", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "sinfo", "scancel", "setpriv")
INSTALL = "apt-get install --no-install-recommends slurm-wlm munge"
SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin"
CONFIGURATION = pathlib.Path(__file__).with_name("slurm.conf")


class Unavailable(Exception):
    """Why there can be no SLURM here."""


def free_ports(number):
    """So many ports of the loopback interface that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


class Cluster:
    """munged, slurmctld and ``nodes`` slurmd; a context manager.

    Parameters
    ----------
    nodes : int
    cpus, memory : int
        What each node says that it has: processors, and megabytes.
    """

    def __init__(self, nodes=2, cpus=4, memory=16000):
        self.environment = dict(os.environ, PATH=f"{os.environ['PATH']}:{SYSTEM}")
        absent = [p for p in PROGRAMS if not shutil.which(p, path=self.environment["PATH"])]
        if absent:
            raise Unavailable(f"not installed: {', '.join(absent)}. As root: {INSTALL}")
        self.nodes, self.cpus, self.memory = [f"node{n + 1}" for n in range(nodes)], cpus, memory
        self.daemons = {}

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="roundtrip-slurm-"))
        self.mark = {"ROUNDTRIP_CLUSTER": str(self.folder)}
        try:
            self.configure()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        for name in reversed(self.daemons):
            self.stop(name)
        # what the jobs have left: nobody else ends them now
        marked.kill(self.mark)
        if any(exception):
            print(f"The scheduler's logs are kept in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder)

    def configure(self):
        """Write key and slurm.conf; extend the environment."""
        ports = free_ports(1 + len(self.nodes))
        host = socket.gethostname().split(".")[0]
        where = f"NodeHostname={host} NodeAddr=127.0.0.1"
        nodes = "\n".join(f"NodeName={n} {where} Port={p}" for n, p in zip(self.nodes, ports[1:], strict=True))
        configuration = self.folder / "slurm.conf"
        configuration.write_text(
            CONFIGURATION.read_text().format(
                host=host,
                user=getpass.getuser(),
                folder=self.folder,
                ports=ports,
                cpus=self.cpus,
                memory=self.memory,
                nodes=nodes,
            )
        )
        key = self.folder / "munge.key"
        key.touch(0o600)
        key.write_bytes(os.urandom(128))
        (self.folder / "state").mkdir()
        for name in [n for n in self.environment if n.startswith(("SLURM_", "SBATCH_", "SRUN_", "SQUEUE_"))]:
            del self.environment[name]
        self.environment.update({"SLURM_CONF": str(configuration), **self.mark})

    def start(self):
        """Start the daemons; returns when every node is idle."""
        f = self.folder
        own = [f"--{what}-file={f}/munge.{what}" for what in ("key", "pid", "log", "seed")]
        self.daemon("munged", "--foreground", "--force", f"--socket={f}/munge.socket", *own)
        self.wait(lambda: self.run("munge", "-n", f"--socket={f}/munge.socket", check=False).returncode == 0, "munged")
        self.daemon("slurmctld", "-D", "-i")
        for name in self.nodes:
            self.node(name)
        self.wait(lambda: self.states() == dict.fromkeys(self.nodes, "idle"), "nodes")

    def node(self, name):
        """Start a node's slurmd. Its name is in the environment of all that it starts, as in that of its jobs."""
        self.daemon(f"slurmd.{name}", "-D", "-N", name, SLURMD_NODENAME=name)

    def daemon(self, name, *options, **variables):
        """Start a daemon in the foreground, its output in a log; it ends when this process is killed."""
        program = shutil.which(name.split(".")[0], path=self.environment["PATH"])
        with open(self.folder / f"{name}.out", "ab") as log:
            self.daemons[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", program, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**self.environment, **variables},
            )

    def stop(self, name):
        """End one daemon, by its process."""
        process = self.daemons[name]
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def lose(self, name):
        """A node fails as by a power cut: its slurmd and every process on it are gone at once."""
        process = self.daemons.pop(f"slurmd.{name}")
        process.kill()
        process.wait()
        marked.kill({**self.mark, "SLURMD_NODENAME": name})

    def wait(self, condition, what, seconds=60):
        """Wait until a condition holds. Raises RuntimeError with the ends of the logs."""
        until = time.monotonic() + seconds
        while not condition():
            dead = [name for name, p in self.daemons.items() if p.poll() is not None]
            if dead or time.monotonic() > until:
                logs = "".join(f"\n--- {p.name}\n{p.read_text()[-1500:]}" for p in sorted(self.folder.glob("*.out")))
                raise RuntimeError(f"{what}: {f'{dead} ended' if dead else f'not after {seconds} s'}{logs}")
            time.sleep(0.2)

    def run(self, *command, check=True, **options):
        """Run one of SLURM's commands."""
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=check, timeout=60, **options
        )

    def states(self):
        """{node: state}, e.g. ``idle``, ``mixed``, ``drained``."""
        out = self.run("sinfo", "--noheader", "--Node", "--format=%N %T", check=False).stdout
        return dict(line.split() for line in out.splitlines())

    def queue(self, *options):
        """{job: its node, or ""} of the jobs that have not ended."""
        out = self.run("squeue", "--noheader", "--format=%A|%N", *options).stdout
        return dict(line.split("|") for line in out.splitlines())

    def ended(self):
        """The jobs that have ended, as dictionaries (JobId, JobState, NodeList, ...), in order."""
        file = self.folder / "jobs.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]


def main(command):
    try:
        with Cluster() as cluster:
            return subprocess.run(command, env=cluster.environment).returncode
    except Unavailable as error:
        print(f"NO SLURM HERE: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
