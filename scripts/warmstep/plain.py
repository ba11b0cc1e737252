"""Runs a step in a new interpreter, in a session of its own."""

import _signal as signal
import os
import time

CANCEL = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


class Job:
    """A running step: ``pid`` leads its session and process group."""

    how = "plain"

    def __init__(self, command, environment, plan=None):
        # Cancelling must wait until the caller has the job and can kill it. SIGCHLD is blocked for wait().
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD, *CANCEL))
        self.pid = os.fork()
        if self.pid == 0:
            become(command, environment, plan)

    def wait(self, seconds):
        """Whether the step has ended. Waits at most so many seconds. It stays a zombie, so its id is not reused."""
        until = time.monotonic() + seconds
        while True:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
                return True
            remaining = until - time.monotonic()
            if remaining <= 0:
                return False
            signal.sigtimedwait((signal.SIGCHLD,), remaining)

    def kill(self):
        """Kill the step's process group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass

    def close(self):
        """Kill what the ended step left running, and reap the step; returns its status, as from waitpid."""
        self.kill()
        return os.waitpid(self.pid, 0)[1]


def become(command, environment, plan):
    """In the forked child: run the command in place of this process, in the sandbox of a plan. Never returns."""
    try:
        parent = os.getppid()
        os.setsid()
        die_with_parent(parent)
        for number in (signal.SIGPIPE, signal.SIGXFSZ, *CANCEL):
            signal.signal(number, signal.SIG_DFL)
        os.closerange(3, 65536)  # a step inherits only the standard streams, as from a warm interpreter
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if plan:
            from warmstep import sandbox

            sandbox.restrict(plan)
        os.execvpe(command[0], command, plan["variables"] if plan else environment)
    except BaseException as error:
        os.write(2, f"step: cannot run {command[0]}: {error}\n".encode())
    finally:
        os._exit(127)


def die_with_parent(parent):
    """Let the kernel kill this process when its parent dies: after SIGKILL, the parent cannot do it."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(127)
