"""Run a function on a stranger's file in a process of its own, which cannot harm this one, nor hold it up.

Before the first job, Snakemake itself has to know what an artifact is. HDF5, zip and JSON tell, and a file can be made
to break what reads it, to fill memory, or to keep it busy. So a child reads: in the sandbox of the steps where this
machine has one (docs/safety.md), and always with limits of memory and time.
"""

import json
import os
import resource
import select
import signal
import sys
import time

from host.brought.bounded import Unsupported
from warmstep import rights, sandbox

#: seconds; bytes of memory beside what this process has already; bytes of the answer
SECONDS, MEMORY, ANSWER = 120, 1_000_000_000, 100_000_000
TRUST = "Get it anew, or look at it by `python -m host.inspection` (docs/safety.md)."
LINK = "If it is a link that leads elsewhere, name the file itself, or mark the artifact `trusted: true`."


def run(function, readable, seconds=SECONDS, memory=MEMORY):
    """What ``function()`` returns, as JSON keeps it. Raises Unsupported, whatever the file does to the function.

    Parameters
    ----------
    function : callable
    readable : list of str or None
        What it may read beside Python and its libraries; None: without a sandbox.
    """
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receive)
        _child(function, readable, memory, send)
    os.close(send)
    try:
        content = _received(receive, time.monotonic() + seconds)
    finally:
        os.close(receive)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    if content is None:
        raise Unsupported(f"what it states cannot be read in {seconds:g} seconds", TRUST)
    if len(content) > ANSWER:
        raise Unsupported(f"what it states is longer than {ANSWER:,} bytes", TRUST)
    try:
        answer = json.loads(content)
    except ValueError:
        ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "an end without an answer"
        raise Unsupported(f"reading what it states ended by {ended}", TRUST) from None
    if "problem" in answer:
        raise Unsupported(answer["problem"], answer["remedy"])
    return answer["value"]


def _received(descriptor, until):
    """What the child has sent, None where it takes too long; hardly more than ANSWER bytes."""
    content = bytearray()
    while len(content) <= ANSWER:
        ready, _, _ = select.select([descriptor], [], [], max(0, until - time.monotonic()))
        if not ready:
            return None
        part = os.read(descriptor, 1 << 20)
        if not part:
            return content
        content += part
    return content


def _child(function, readable, memory, send):
    """In the forked child: restrict it, answer, and end. Never returns."""
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        restrict(readable, memory)
        with os.fdopen(send, "wb") as f:
            f.write(json.dumps(_answer(function)).encode("utf-8"))
    finally:
        os._exit(0)


def restrict(readable, memory):
    """Limit this process for good: its memory, and what it may read; it may write nothing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open("/proc/self/status", encoding="ascii") as f:
        used = next((int(line.split()[1]) for line in f if line.startswith("VmData")), 0) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (used + memory, used + memory))
    if readable is not None and not sandbox.missing():
        python = [*rights.LIBRARIES, rights.SCRIPTS, *rights.interpreter(sys.executable)]
        sandbox.restrict({"read": [*rights.FACTS, *readable, *filter(None, sys.path)], "run": python, "write": []})


def _answer(function):
    """{"value"} of a function, or {"problem", "remedy"}."""
    try:
        return {"value": function()}
    except Unsupported as error:
        return {"problem": error.problem, "remedy": error.remedy}
    except MemoryError:
        return {"problem": f"reading what it states takes more than {MEMORY:,} bytes of memory", "remedy": TRUST}
    except RecursionError:
        return {"problem": "what it states is nested deeper than it can be read", "remedy": TRUST}
    except PermissionError as error:
        return {"problem": str(error), "remedy": LINK}
    except OSError as error:
        return {"problem": str(error), "remedy": "Check the file."}
    except Exception as error:  # libraries raise anything on what is made to break them
        words = str(error).strip().splitlines() or [""]
        return {"problem": f"what it states cannot be read ({type(error).__name__}: {words[0][:200]})", "remedy": TRUST}
