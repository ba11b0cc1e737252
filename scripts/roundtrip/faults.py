"""Faults of the machine, which are no doing of the path that meets them: the step is then *not run*.

A full disk, a used-up quota, no more descriptors, a disk that fails: whatever a library makes of these (an exception
of its own, a message, a crash), they say nothing of a format. Standard library only: the supervisor asks too.
"""

import errno
import json
import os
import re
import tempfile

from roundtrip import denial

#: the exit code of a step that was not run: sysexits.h calls it a temporary failure, to be tried again
EXIT_CODE = 75
#: the file that says why, beside where the record would be
FILE = "not_run.json"
ERRNOS = tuple(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "EROFS", "EIO", "ESTALE", "ENOMEDIUM")
)
#: what those are called where the number has been lost on the way (HDF5 and TensorFlow keep the words)
WORDS = re.compile("|".join(re.escape(os.strerror(number)) for number in ERRNOS), re.IGNORECASE)
#: bytes that can be written wherever a step can be run
PROBE = 4 << 20


class NotRun(Exception):
    """The step could not be run, by a fault of the machine or of ours; says why."""


def of_exception(error):
    """What an exception, or one behind it, says of the machine; None where it says nothing."""
    for cause in denial.behind(error):
        if isinstance(cause, NotRun):
            return str(cause)
        if isinstance(cause, OSError) and cause.errno in ERRNOS:
            return "%s: %s" % (type(cause).__name__, cause)
        text = of_text(str(cause))
        if text:
            return text
    return None


def of_text(text):
    """The line of a text that speaks of the machine; None where none does."""
    found = WORDS.search(text)
    if not found:
        return None
    begin, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    return text[begin : end if end >= 0 else None].strip()[:500]


def of_folders(*folders):
    """Why a few megabytes cannot be written into one of these folders; None where they can.

    Asked after a failure: a library that dies when the disk is full may say nothing of the disk.
    """
    for folder in folders:
        try:
            with tempfile.NamedTemporaryFile(dir=folder, prefix="probe-") as f:
                f.write(b"\1" * PROBE)
                f.flush()
                os.fsync(f.fileno())
        except OSError as error:
            return "%s: %s" % (folder, error.strerror or error)
    return None


def discard(path):
    """Remove a file that is no longer what a job has made, so that the next run makes it again."""
    try:
        os.remove(path)
    except OSError:
        pass  # it is gone already, or cannot be removed: the message has said so


def leave(folder, cell, reason):
    """Say in ``not_run.json`` why a step was not run; a disk that is full may not even take that."""
    content = json.dumps({"cell": cell, "reason": reason}, indent=1, sort_keys=True).encode("utf-8")
    temporary = os.path.join(folder, "%s.%d.tmp" % (FILE, os.getpid()))
    try:
        with open(temporary, "wb") as f:
            f.write(content)
        os.replace(temporary, os.path.join(folder, FILE))
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass
