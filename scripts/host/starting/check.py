"""One model of the user's, named on the command line: `make check MODEL=churn.py:build DATA=churn.npz`.

    PYTHONPATH=scripts python -m host.starting.check churn.py:build churn.npz --cores 2 ...

The rest of the arguments is Snakemake's. Paths are relative to the current folder.
"""

import json
import re
import sys
from pathlib import Path

from host.starting import run
from roundtrip import members


def configuration(build, data):
    """The ``models`` of a configuration with one model; its id is the name of its file."""
    name = re.sub(r"\W", "_", Path(build.rpartition(":")[0] or build).stem)
    id_ = f"my_{name}" if name in members.names("models") else name
    return {id_: {"build": build, **({"data": data} if data else {})}}


def main(argv):
    build, data, *rest = argv
    if not build:
        print("error: MODEL is empty. Write make check MODEL=file.py:function [DATA=file.npz]", file=sys.stderr)
        return 1
    return run.main(["--config", f"models={json.dumps(configuration(build, data))}", *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
