"""The folder that a run works in: is it ours, can it be written, does another run live in it?

Snakemake locks what it makes by files in .snakemake/locks, which a run that is killed leaves behind; they do not say
whose they are. So each run also holds a lock of the kernel's (flock), which ends with its process, however it ends.
"""

import fcntl
import os
import socket
from pathlib import Path

from host.schemas import ConfigError

LOCKS = Path(".snakemake/locks")
HELD = Path(".snakemake/keras-roundtrip.lock")
#: the folders of the project that rules read
LINKED = "scripts"
READ = (LINKED, "envs", "config", "artifacts")


def settle(project, directory):
    """Raise ConfigError where the current folder is neither the project's nor one that ``--directory`` names.

    Every path of a rule is relative to the current folder. In one that ``--directory`` names, links stand for the
    folders of the project that the rules read; results, records and locks are that folder's own. A config/ of its own
    stays.
    """
    here = Path.cwd()
    if os.path.samefile(project, here):
        return
    if directory is None and not _is_linked(project):
        problem = f"Snakemake was started in {here}, and every path is relative to {project}"
        raise ConfigError("--directory", problem, f"Start it there, or add --directory '{project}', or another folder.")
    for name in READ:
        if not os.path.lexists(name):
            os.symlink(os.path.join(os.path.abspath(project), name), name)
    if not _is_linked(project):
        problem = f"{here / LINKED} is not the project's: the name is needed for a link to {project}/{LINKED}"
        raise ConfigError("--directory", problem, "Take another folder.")


def _is_linked(project):
    """Whether the current folder is one that ``--directory`` has named before."""
    return os.path.exists(LINKED) and os.path.samefile(LINKED, os.path.join(project, LINKED))


def refuse_unwritable(folder):
    """Raise ConfigError where results cannot be written."""
    there = Path(folder)
    if there.exists() and not there.is_dir():
        raise ConfigError(folder, "it is a file, and a folder is wanted", "Move it away.")
    if there.exists() and not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        raise ConfigError(folder, f"user {os.getuid()} may not write in it", "Change its owner or its mode.")


def refuse_no_cores(cores):
    """Raise ConfigError where no job could ever begin: Snakemake would wait for ever."""
    if cores == 0:
        raise ConfigError("--cores", "it is 0, so no job could ever begin", "Give 1 or more, or `all`.")


def hold(clean):
    """Hold this folder's lock as long as this process lives, together with every other run in it.

    With ``clean``, where no other run lives, what a killed one has left in Snakemake's own locks is removed. Returns
    the number of those files. What another machine's run has left stays, for not every network file system shows its
    flock here.
    """
    try:
        HELD.parent.mkdir(exist_ok=True)
        fd = os.open(HELD, os.O_RDWR | os.O_CREAT, 0o666)  # never closed; not inherited by what is started
        removed = _remove_stale(fd) if clean and _alone(fd) else 0
        fcntl.flock(fd, fcntl.LOCK_SH)
    except OSError:  # a file system without locks, or one that cannot be written: Snakemake says what it needs
        return 0
    return removed


def _alone(fd):
    """Whether no other process holds the lock; this one then holds it for itself."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_stale(fd):
    """Remove the locks that this machine's last run has left; the lock's file says which machine that was."""
    left, here = sorted(LOCKS.glob("*.lock")), socket.gethostname().encode()
    last = os.pread(fd, 256, 0)
    if left and last != here:
        return 0
    for path in left:
        path.unlink()
    os.truncate(fd, 0)
    os.pwrite(fd, here, 0)
    return len(left)
