"""Steps in sequence in one process, each by its script's ``main``: no Snakemake, no isolation.

    python floor.py SCRIPTS < tasks.json

A task is {"module", "argv", "waits": a file that has to be there first, or null}. After each, a line of JSON on
standard output: {"module", "seconds"}. Like a warm interpreter it imports first, and exempts what that made from
garbage collection. Runs inside an environment, too: Python 3.7 syntax.
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
    """What a step of an environment imports; nothing for the host's."""
    return ["tensorflow", argv[argv.index("--module") + 1]] if "--module" in argv else []


def forget(argv):
    """What a notebook does between two models: names count from one again, and graphs can be collected."""
    for name in module_of(argv)[1:]:
        if hasattr(sys.modules[name], "backend"):
            sys.modules[name].backend.clear_session()


if __name__ == "__main__":
    main(sys.argv[1])
