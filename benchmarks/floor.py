"""Steps in sequence in one process, each by its script's ``main``: no Snakemake, no isolation.

    python floor.py SCRIPTS < tasks.json

A task is {"module", "argv", "waits": a file that has to be there first, or null}. After each, a line of JSON on
standard output: {"module", "seconds"}. Runs inside an environment, too: Python 3.7 syntax.
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
    for task in json.load(sys.stdin):
        while task["waits"] and not os.path.exists(task["waits"]):
            time.sleep(0.01)
        begin = time.time()
        importlib.import_module(task["module"]).main(task["argv"])
        forget(task["argv"])
        said.write(json.dumps({"module": task["module"], "seconds": time.time() - begin}) + "\n")
        said.flush()


def forget(argv):
    """What a notebook does between two models: names count from one again, and graphs can be collected."""
    if "--module" in argv:
        keras = sys.modules.get(argv[argv.index("--module") + 1])
        if hasattr(keras, "backend"):
            keras.backend.clear_session()
        gc.collect()


if __name__ == "__main__":
    main(sys.argv[1])
