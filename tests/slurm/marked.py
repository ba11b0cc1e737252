"""Processes known by variables of their environment; parent, group and session a job's process may leave."""

import contextlib
import os
import pathlib
import signal
import time


def find(mark):
    """The processes whose environment holds every variable of ``mark``."""
    wanted = {f"{name}={value}" for name, value in mark.items()}
    found = []
    for file in pathlib.Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted <= set(file.read_text(errors="replace").split("\0")):
                found.append(int(file.parent.name))
    return found


def kill(mark, seconds=20):
    """Kill them all, again until none is left. Raises RuntimeError where that does not help."""
    until = time.monotonic() + seconds
    while pids := find(mark):
        if time.monotonic() > until:
            raise RuntimeError(f"processes that cannot be killed: {pids}")
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
