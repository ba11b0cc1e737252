"""Processes as /proc shows them: a step's own and all that it started, their memory, and who started this one."""

import _signal as signal
import os

PAGE = os.sysconf("SC_PAGE_SIZE")
#: the environment variable by which a step's processes are known
MARKER = "ROUNDTRIP_STEP"
SHELLS = ("sh", "bash", "dash", "zsh", "ksh")


def stat(pid):
    """(parent, process group, session, resident bytes) of a process; None where there is none alive."""
    try:
        with open(f"/proc/{pid}/stat", "rb", 0) as f:
            fields = f.read().rpartition(b")")[2].split()
    except OSError:
        return None
    if fields[0] in b"ZX":
        return None
    return int(fields[1]), int(fields[2]), int(fields[3]), int(fields[21]) * PAGE


def resident(pid):
    """Resident bytes of one process, 0 where there is none."""
    seen = stat(pid)
    return seen[3] if seen else 0


def tree(leader):
    """{pid: resident bytes} of the leader's group and session, and of the descendants that left them."""
    stats = {int(pid): stat(pid) for pid in os.listdir("/proc") if pid.isdigit()}
    stats = {pid: s for pid, s in stats.items() if s}
    members = {pid for pid, s in stats.items() if leader in (pid, s[1], s[2])}
    while True:
        more = {pid for pid, s in stats.items() if s[0] in members} - members
        if not more:
            return {pid: stats[pid][3] for pid in members}
        members |= more


def marked(marker):
    """The ids of the processes whose environment holds MARKER with this value: all that a step has started.

    However they left it: in a session of their own, or after the step itself was killed.
    """
    wanted = f"{MARKER}={marker}".encode()
    members = []
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                with open(f"/proc/{pid}/environ", "rb", 0) as f:
                    if wanted in f.read().split(b"\0"):
                        members.append(int(pid))
            except OSError:
                continue  # it ended, or is another user's
    return members


def ancestors():
    """(parent,) of this process; where the parent is a shell, which runs Snakemake's command, (parent, its parent)."""
    parent = os.getppid()
    try:
        with open(f"/proc/{parent}/comm") as f:
            return (parent, stat(parent)[0]) if f.read().strip() in SHELLS else (parent,)
    except (OSError, TypeError):
        return (parent,)


#: at the start of this process: were it asked later, a workflow that was killed meanwhile would not be missed
ORIGIN = ancestors()


def abandoned():
    """Whether who started this process has ended since. Under nohup a step lives on, and may."""
    return ancestors() != ORIGIN and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
