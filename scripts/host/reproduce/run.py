"""Run a reproduction, and record whether it confirms its cell.

PYTHONPATH=scripts python -m host.reproduce.run --script FILE --expected 0|1 --python PYTHON [--consumer PYTHON]
    --seconds S --out JSON

Each process of the reproduction has the limits of a step. The record says ``confirmed``, ``not confirmed`` or ``not
run``, and has the output.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

#: characters of the output that are kept
KEPT = 8000
CONFIRMED, NOT_CONFIRMED, NOT_RUN = "confirmed", "not confirmed", "not run"


def run(script, pythons, expected, seconds):
    """{"result", "exit_code", "expected", "output", "seconds"} of a run; ``pythons`` are the two interpreters."""
    begin = time.time()
    command = [os.path.abspath(pythons[0]), os.path.abspath(script)]
    command += [os.path.abspath(python) for python in pythons[1:2]]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=os.path.dirname(os.path.abspath(script)),
        start_new_session=True,
        env=without_python(os.environ),
    )
    try:
        output, _ = process.communicate(timeout=seconds or None)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, code = process.communicate()[0], None
    return {
        "result": result_of(code, expected),
        "exit_code": code,
        "expected": expected,
        "output": last(output.decode("utf-8", "replace")),
        "seconds": round(time.time() - begin, 1),
    }


def result_of(code, expected):
    """What an exit code says: 0 no loss, 1 a loss, all else that the file could not be run."""
    if code == expected:
        return CONFIRMED
    return NOT_CONFIRMED if code in (0, 1) else NOT_RUN


def without_python(environment):
    """The environment without what belongs to the interpreter that starts the run."""
    return {k: v for k, v in environment.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}


def last(text):
    """The end of the output, without what TensorFlow prints at every start."""
    lines = [line for line in text.splitlines() if not START.intersection(line.split())]
    return "\n".join(lines)[-KEPT:]


START = {"absl::InitializeLog()", "oneDNN"}


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", required=True, metavar="FILE")
    parser.add_argument("--expected", type=int, required=True, choices=(0, 1))
    parser.add_argument("--python", required=True)
    parser.add_argument("--consumer", metavar="PYTHON")
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--out", required=True, metavar="JSON")
    args = parser.parse_args(argv)
    pythons = [args.python] + ([args.consumer] if args.consumer else [])
    facts = run(args.script, pythons, args.expected, args.seconds)
    pathlib.Path(args.out).write_text(json.dumps(facts, indent=1, sort_keys=True), encoding="utf-8")
    print(facts["output"])
    print(f"{facts['result']}: exit code {facts['exit_code']}, expected {args.expected}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
