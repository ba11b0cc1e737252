"""Run one step in a fresh process, with a time and a memory limit; a step that dies becomes a result.

    python scripts/step.py [--out DIR --result NAME] [--timeout S] [--memory MB] [--runner warm|plain]
                           [--preload MOD,MOD] [--idle S] -- PYTHON SCRIPT|-m MODULE ARGS...

With --result, a step that exits with code 0 and has written DIR/NAME.json has succeeded: exit code 0. One
that aborts, hangs or eats memory is killed with all that it started, DIR/NAME.json is written here with
the outcome crashed, timeout or out_of_memory and the evidence, and the exit code is 0 too: a path that
fails is a result. A step that gives up with an exit code before its first stage (a usage error, a member
that cannot be imported) is a fault of ours, no result: its exit code is passed on.
Without --result the exit code is passed on, and a death by signal; 124 after the time limit, 125 after
the memory limit.

    --timeout S      seconds of wall clock; 0, the default, for none
    --memory MB      10^6 bytes of resident memory of the step and all its processes; 0 for no limit
    --runner plain   a new interpreter (default); warm: a child forked from an interpreter that has imported
                     the --preload modules and nothing else (docs/warm.md)
    --idle S         seconds after which a warm interpreter that has nothing to do leaves (default 600)

SIGTERM, SIGINT and SIGHUP kill the step's processes, write nothing, and end this process likewise.
"""

import sys

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/")[0] or ".")  # python -I leaves the script's folder out
    from warmstep import supervise  # a module of its own, so that its bytecode is cached

    sys.exit(supervise.main(sys.argv[1:], __doc__))
