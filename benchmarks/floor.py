"""Runs steps in sequence in one process by calling each script's ``main``: no Snakemake, no isolation.

    python floor.py SCRIPTS < tasks.json

A task is {"module", "argv", "waits": a file that must exist first, or null}. After each task, it prints a line of JSON:
{"module", "seconds"}. Like a warm interpreter, it imports first, and then calls gc.freeze. It also runs inside
environments: Python 3.7 syntax.
"""

import gc
import importlib
import json
import os
import sys
import time


def main(scripts):
    sys.path[0] = scripts
    said, sys.stdout = sys.stdout, sys.stderr
    tasks = json.load(sys.stdin)
    for name in module_of(tasks[0]["argv"]):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    for task in tasks:
        while task["waits"] and not os.path.exists(task["waits"]):
            time.sleep(0.01)
        begin = time.time()
        importlib.import_module(task["module"]).main(task["argv"])
        forget(task["argv"])
        said.write(json.dumps({"module": task["module"], "seconds": time.time() - begin}) + "\n")
        said.flush()


def module_of(argv):
    """Import what the steps of an environment import; nothing for the host."""
    return ["tensorflow", argv[argv.index("--module") + 1]] if "--module" in argv else []


def forget(argv):
    """Clear the session, as a notebook does between two models: names start at one again, and graphs can be freed."""
    for name in module_of(argv)[1:]:
        if hasattr(sys.modules[name], "backend"):
            sys.modules[name].backend.clear_session()


if __name__ == "__main__":
    main(sys.argv[1])
