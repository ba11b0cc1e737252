"""A real SLURM on this machine alone, for as long as a test needs it.

python tests/slurm/cluster.py COMMAND...    run a command with the scheduler up, then take it down

munged, slurmctld and one slurmd for each node run in the foreground as children of this process, as the user who
runs it, with their own key, ports, sockets and state in a temporary folder. They listen on 127.0.0.1 only. No file
outside that folder is written: the executor plugin strips SLURM_* from the environment of its inner ``srun``, which
would then read /etc/slurm/slurm.conf; a ``srun`` that names the configuration stands first in PATH for it instead.
"""

import contextlib
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAMS = ("munged", "munge", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "sinfo", "scancel")
INSTALL = "apt-get install --no-install-recommends slurm-wlm munge"
SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin"
CONFIGURATION = """
ClusterName=roundtrip
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=10
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory,CR_LLN
SchedulerParameters=sched_interval=5,bf_interval=5,batch_sched_delay=1
SlurmdParameters=config_overrides
# No accounting database. What became of each job is in this file.
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.txt
# Memory without control groups: looked at every second.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill,NoShared
# Faults are noticed in seconds, not minutes.
SlurmctldTimeout=10
SlurmdTimeout=10
KillWait=2
OverTimeLimit=0
ReturnToService=2
MinJobAge=300
NodeName=DEFAULT CPUs={cpus} RealMemory={memory}
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


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
        if any(exception):
            print(f"The scheduler's logs are kept in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def configure(self):
        """Write key, slurm.conf and the ``srun`` that finds it; extend the environment."""
        ports = free_ports(1 + len(self.nodes))
        host = socket.gethostname().split(".")[0]
        where = f"NodeHostname={host} NodeAddr=127.0.0.1"
        nodes = "\n".join(f"NodeName={n} {where} Port={p}" for n, p in zip(self.nodes, ports[1:], strict=True))
        configuration = self.folder / "slurm.conf"
        configuration.write_text(
            CONFIGURATION.format(
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
        (self.folder / "bin").mkdir()
        srun = self.folder / "bin/srun"
        real = shutil.which("srun", path=self.environment["PATH"])
        srun.write_text(f'#!/bin/sh\nSLURM_CONF={configuration} exec {real} "$@"\n')
        srun.chmod(0o755)
        for name in [n for n in self.environment if n.startswith(("SLURM_", "SBATCH_", "SRUN_", "SQUEUE_"))]:
            del self.environment[name]
        self.environment["SLURM_CONF"] = str(configuration)
        self.environment["PATH"] = f"{srun.parent}:{self.environment['PATH']}"

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
        """Start a node's slurmd."""
        self.daemon(f"slurmd.{name}", "-D", "-N", name)

    def daemon(self, name, *options):
        """Start a daemon in the foreground, its output in a log."""
        program = shutil.which(name.split(".")[0], path=self.environment["PATH"])
        with open(self.folder / f"{name}.out", "ab") as log:
            self.daemons[name] = subprocess.Popen(
                [program, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment
            )

    def stop(self, name, number=signal.SIGTERM):
        """End one daemon, by its process."""
        process = self.daemons[name]
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

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

    def running(self):
        """{job: node} of the jobs that run."""
        return self.queue("--states=running")

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
