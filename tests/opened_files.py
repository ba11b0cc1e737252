"""Which files below a project's folder a process opens: planted as ``sitecustomize`` on the path of its interpreters.

Each process that PYTHON_TRACE_FOLDER is set for writes a line for each file that it opens, [its arguments, the path],
into a file there; what it starts writes into the same one. (A warm interpreter is given no variable but those that an
import may read; those that begin with PYTHON are among them.) Snakemake's own processes write nothing. Bytecode counts
as its source. https://docs.python.org/3/library/audit_events.html
"""

import json
import os
import sys


def install(traces, project):
    """Begin to write down what this process, its children and what it starts open below the folder ``project``."""

    def hook(event, arguments):
        if event != "open" or not isinstance(arguments[0], str):
            return
        path = source(os.path.abspath(arguments[0]))
        inside = path.startswith(project + os.sep) and not path.startswith(os.path.join(project, "results") + os.sep)
        if inside and os.path.isfile(path):  # what is opened relative to a descriptor looks as if it lay here
            # a child of a warm interpreter has got its client's variables anew, a process that it starts has its own
            name = os.environ.setdefault("TRACED_PROCESS", str(os.getpid()))
            line = json.dumps([list(getattr(sys, "argv", [])), os.path.relpath(path, project)])
            sink = os.open(os.path.join(traces, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(sink, line.encode() + b"\n")
            os.close(sink)

    sys.addaudithook(hook)


def source(path):
    """``a/__pycache__/b.cpython-312.pyc`` is made of ``a/b.py``."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":
        return path
    return os.path.join(os.path.dirname(folder), name.split(".")[0] + ".py")


if "PYTHON_TRACE_FOLDER" in os.environ and not any("snakemake" in os.path.basename(word) for word in sys.orig_argv):
    install(os.environ["PYTHON_TRACE_FOLDER"], os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
