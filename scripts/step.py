"""Run one step in a fresh process, with a time and a memory limit. A step that dies becomes a result.

    python scripts/step.py [--out DIR --result NAME [--environment DIR]] [--timeout S] [--memory MB]
                           [--runner warm|plain] [--preload MOD,MOD] [--idle S]
                           [--sandbox DIR [--readable PATH]...] -- PYTHON SCRIPT|-m MODULE ARGS...

With --result, a step succeeds if it writes DIR/NAME.json and exits with code 0; then the exit code here is 0.
A step that aborts, hangs or exceeds its memory is killed with all processes that it started. Then this
program writes DIR/NAME.json with the outcome crashed, timeout or out_of_memory and the evidence, and the exit
code is 0 as well: a path that fails is a result. A step that exits with another code before its first stage
(a usage error, a member that cannot be imported) is no result but a fault of ours: its exit code is passed on.
Without --result, the step's exit code or signal is passed on; the exit code is 124 after the time limit, and
125 after the memory limit.

    --environment DIR  the folder of the environment that PYTHON is of, results/environments/<id>; where that is not
                     what was built or taken, the step is not run
    --sandbox DIR    the step cannot use the network, and can write into DIR alone (docs/safety.md); it can read the
                     environment, the system's libraries and each --readable PATH. Exit code 75 where that cannot be had
    --timeout S      seconds of wall clock; 0 (default) for no limit
    --memory MB      10^6 bytes of resident memory of the step and all its processes; 0 (default) for no limit
    --runner plain   a new interpreter (default); warm: a child forked from an interpreter that has imported
                     only the --preload modules (docs/warm.md)
    --idle S         seconds after which an idle warm interpreter ends (default 600)

SIGTERM, SIGINT and SIGHUP kill the step's processes and end this process by the same signal. Nothing is written.
"""

import sys

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/")[0] or ".")  # python -I leaves the script's folder out
    from warmstep import supervise  # a module of its own, so that its bytecode is cached

    sys.exit(supervise.main(sys.argv[1:], __doc__))
