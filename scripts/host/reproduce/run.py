"""Run a reproduction within a step's limits, and record whether it confirms its cell.

PYTHONPATH=scripts python -m host.reproduce.run --script FILE --claim JSON --pythons PRODUCER CONSUMER
    --seconds S --memory MB --out JSON -- [OPTION OF scripts/step.py ...]

The record's ``result`` is one of RESULTS; ``output`` is what the file printed; where it did not
come to its end, with its messages.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

from roundtrip.record import read_json, write_json

#: what a run shows -> its meaning
RESULTS = {
    "confirmed": "the file shows what the verdict says",
    "not confirmed": "the file runs, and shows something else",
    "not run": "the file could not be run to its end",
    "none": "there is no file",
}
STEP = pathlib.Path(__file__).resolve().parents[2] / "step.py"
#: exit codes of scripts/step.py
TOO_LONG, TOO_MUCH_MEMORY = 124, 125
#: the outcome that a limit of the supervisor shows
LIMITS = {TOO_LONG: "timeout", TOO_MUCH_MEMORY: "out_of_memory"}
KEPT = 8000  # characters of the output


def run(script, pythons, claim, limits, supervised=()):
    """The record of a run.

    Parameters
    ----------
    script : path
    pythons : list
        The interpreters of producer and consumer.
    claim : dict
        The content of claim.json.
    limits : dict
        ``seconds`` and ``memory`` (MB) of the whole run; 0 for no limit.
    supervised : list of str
        More options of scripts/step.py: those of a sandbox.
    """
    if "reason" in claim:
        return {**claim, "result": "none", "output": "", "seconds": 0.0}
    begin = time.time()
    # absolute, but not resolved: the interpreter of a virtual environment is a link
    command = [os.path.abspath(path) for path in (pythons[0], script, *pythons[1:])]
    supervisor = [sys.executable, "-I", "-S", str(STEP), "--timeout", f"{limits['seconds']:g}"]
    supervisor += ["--memory", f"{limits['memory']:g}", *supervised, "--", *command]
    done = subprocess.run(
        supervisor,
        capture_output=True,
        cwd=pathlib.Path(script).resolve().parent,
        env=variables(),
    )
    result = result_of(done.returncode, claim)
    shown = done.stdout if result != "not run" else done.stdout + done.stderr  # TensorFlow's own messages and all
    return {
        **claim,
        "result": result,
        "observed": done.returncode,
        "output": shown.decode("utf-8", "replace")[-KEPT:],
        "seconds": round(time.time() - begin, 1),
    }


def variables():
    """The environment variables of a run; a user's files get no ``__pycache__`` beside them."""
    left = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    return {**left, "PYTHONDONTWRITEBYTECODE": "1"}


def result_of(code, claim):
    """What an exit code shows: 0 no loss, 1 a loss, all else that the file did not come to its end."""
    if code in LIMITS and LIMITS[code] == claim["outcome"]:
        return "confirmed"
    if code not in (0, 1):
        return "not run"
    return "confirmed" if code == claim["exit_code"] else "not confirmed"


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", required=True, metavar="FILE")
    parser.add_argument("--claim", required=True, metavar="JSON")
    parser.add_argument("--pythons", required=True, nargs="+", metavar="PYTHON")
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--memory", type=float, default=0, metavar="MB")
    parser.add_argument("--out", required=True, metavar="JSON")
    parser.add_argument("supervised", nargs="*", help="after --: more options of scripts/step.py")
    args = parser.parse_args(argv)
    pythons = list(dict.fromkeys(args.pythons))
    limits = {"seconds": args.seconds, "memory": args.memory}
    facts = run(args.script, pythons, read_json(args.claim), limits, args.supervised)
    write_json(args.out, facts)
    print(json.dumps(facts, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
