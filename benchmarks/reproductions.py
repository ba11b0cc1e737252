"""Draw random red cells of a finished run, write and run a reproduction of each, and say which are confirmed.

    .venv/bin/python benchmarks/reproductions.py --results results --out /tmp/reproductions --number 30 --seed 1
    ... --match saved_model   only cells whose path holds this;  --verdicts kept   other verdicts;  --write-only

Exit code 1 where a cell is not confirmed.
"""

import argparse
import collections
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scripts"))

from host.reproduce.__main__ import written
from host.reproduce.run import run
from roundtrip import members

RED = "silent_loss,broken,crashed,timeout,out_of_memory"
MODELS = members.names("models")
SETTINGS = {"before": 10, "after": 2, "seconds": 300}


def cells(results, verdicts, match):
    """{path of a cell: its verdict}, sorted."""
    found = {}
    for file in sorted(pathlib.Path(results, "verified").rglob("verdict.json")):
        verdict = json.loads(file.read_text())
        path = "/".join(file.relative_to(pathlib.Path(results, "verified")).parts[:-1])
        if verdict["verdict"] in verdicts and match in path and verdict["cell"]["model"] in MODELS:
            found[path] = verdict
    return found


def tried(results, path, verdict, out, write_only):
    """(result, words) of one cell."""
    environments = [verdict["cell"][axis].rpartition("-")[0] for axis in ("producer", "consumer")]
    folders = [pathlib.Path(results, "environments", name) for name in dict.fromkeys(environments)]
    facts = [json.loads(pathlib.Path(results, "environments", e, "environment.json").read_text()) for e in environments]
    text, claim = written(verdict, facts, SETTINGS)
    folder = pathlib.Path(out, path)
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "reproduce.py"
    script.write_text(text)
    if "reason" in claim or write_only:
        return ("none", claim["reason"]) if "reason" in claim else ("written", f"{len(text.splitlines())} lines")
    record = run(script, [f / "venv/bin/python" for f in folders], claim, {"seconds": 900, "memory": 6000})
    (folder / "result.json").write_text(json.dumps(record, indent=1))
    words = " | ".join(record["output"].splitlines()[-3:])[-300:]
    return record["result"], f"{record['seconds']} s, {len(text.splitlines())} lines: {words}"


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", default="results")
    parser.add_argument("--out", required=True)
    parser.add_argument("--number", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--match", default="")
    parser.add_argument("--verdicts", default=RED)
    parser.add_argument("--write-only", action="store_true")
    args = parser.parse_args(argv)
    found = cells(args.results, args.verdicts.split(","), args.match)
    drawn = random.Random(args.seed).sample(sorted(found), min(args.number, len(found)))
    count = collections.Counter()
    for path in drawn:
        result, words = tried(args.results, path, found[path], args.out, args.write_only)
        count[result] += 1
        print(f"{result:14} {path}\n{'':14} {words}", flush=True)
    print(f"{len(drawn)} of {len(found)} cells: {dict(count)}")
    return 0 if set(count) <= {"confirmed", "written"} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
