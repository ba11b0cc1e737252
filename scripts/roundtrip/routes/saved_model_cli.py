"""``saved_model_cli show --all`` and ``run --input_exprs``: the route parses the text that the tool prints."""

import json

from roundtrip.loaders import saved_model_cli
from roundtrip.routes import Reading

TITLE = "saved_model_cli show and run"
APIS = {"tf1": ""}
READS = ("saved_model",)
LINK = saved_model_cli.LINK


def run(ctx, path, wanted):
    signatures = saved_model_cli.parse_signatures(saved_model_cli.cli("show", "--dir", path, "--all"))
    chosen = signatures[wanted.signature]
    values = wanted.fill(chosen["inputs"])
    expressions = ";".join("%s=%s" % (name, json.dumps(value.tolist())) for name, value in sorted(values.items()))
    command = ["--tag_set", "serve", "--signature_def", wanted.signature, "--input_exprs", expressions]
    printed = saved_model_cli.cli("run", "--dir", path, *command)
    results = {n: saved_model_cli.parse_result(printed, n, dtype) for n, (_, dtype) in chosen["outputs"].items()}
    return Reading(signatures, results)
