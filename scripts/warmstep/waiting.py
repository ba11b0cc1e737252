"""Waiting for a warm interpreter that is being started, as long as the workflow that wants it lives."""

import fcntl
import os
import signal
import time

from warmstep import processes
from warmstep.address import Unavailable
from warmstep.identity import identity

LIMIT = 180  # seconds that importing may take
LOOK = 0.5  # seconds between looks at who started us


def locked(path):
    """A descriptor that holds the lock file; one that was removed by its last holder does not count."""
    until = time.monotonic() + LIMIT
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if identity(path) == identity(fd):
                return fd
        except BlockingIOError:
            if time.monotonic() > until:
                raise Unavailable("another step has been starting it for too long") from None
            time.sleep(0.02)
        os.close(fd)
        end_if_abandoned()


def answered(poll):
    """Whether a server says within the limit how its import went."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        if poll.poll(LOOK * 1000):
            return True
        end_if_abandoned()
    return False


def end_if_abandoned():
    """Cancel this process as its workflow would have, where the workflow was killed: the next run must not meet it."""
    if processes.abandoned():
        os.kill(os.getpid(), signal.SIGTERM)
