"""List the ops of an environment's TensorFlow; or make host/judge/ops_since.json of such lists.

results/environments/<id>/venv/bin/python scripts/ops.py list 2.15 > 2.15.json
python scripts/ops.py merge 1.13.json 1.14.json ... > scripts/host/judge/ops_since.json
"""

import json
import sys


def ops():
    """The names of all ops that TensorFlow registers when it is imported."""
    import tensorflow  # noqa: F401 - registers the ops
    from tensorflow.core.framework import op_def_pb2

    try:
        from tensorflow.python.client import pywrap_tf_session as api

        listed = api.TF_GetAllOpList()
    except (ImportError, AttributeError):  # TensorFlow 1
        from tensorflow.python import pywrap_tensorflow as api

        listed = api.TF_GetAllOpList()
    found = op_def_pb2.OpList()
    found.ParseFromString(api.TF_GetBuffer(listed))
    return sorted(op.name for op in found.op)


def merged(paths):
    """{"releases": in order, "since": {release: the ops that it is the first to have}}; of the first release none."""
    lists = []
    for path in paths:
        with open(path) as f:
            lists.append(json.load(f))
    seen, since = set(lists[0]["ops"]), {}
    for one in lists[1:]:
        since[one["version"]] = sorted(set(one["ops"]) - seen)
        seen |= set(one["ops"])
    return {"releases": [one["version"] for one in lists], "since": since}


def main(argv):
    if argv[:1] == ["list"] and len(argv) == 2:
        content = {"version": argv[1], "ops": ops()}
    elif argv[:1] == ["merge"] and len(argv) > 2:
        content = merged(argv[1:])
    else:
        sys.stderr.write(__doc__)
        return 2
    json.dump(content, sys.stdout, separators=(",", ":"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
