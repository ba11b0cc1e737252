"""How a step is ended, with all that it started."""

import _signal as signal
import os
import time

from warmstep import processes


def tell_where(job):
    """Let a hanging step's faulthandler write its stack to stderr; it dies of it, or is killed soon.

    Its processes are killed before it, since nobody finds them after; it is stopped meanwhile, for it may
    be waiting for one of them.
    """
    try:
        os.kill(job.pid, signal.SIGSTOP)
        for pid in set(processes.tree(job.pid)) - {job.pid}:
            os.kill(pid, signal.SIGKILL)
        os.kill(job.pid, signal.SIGABRT)
        os.kill(job.pid, signal.SIGCONT)
    except OSError:
        return
    job.wait(1)


def destroy(job):
    """Kill all processes of the step, whatever they are doing."""
    for _ in range(10):  # whoever left the process group is found by its parent, and may have forked meanwhile
        alive = processes.tree(job.pid)
        job.kill()
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        if not alive and job.wait(1):
            return
        time.sleep(0.001)


def sweep(marker):
    """Kill what the step started and left behind."""
    for pid in processes.marked(marker):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def die(number):
    """End this process by a signal."""
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # never reached: it killed the step
