"""Runs Snakemake and records what its process used: ``python measured_snakemake.py FACTS.json ARGUMENTS OF SNAKEMAKE``.

With MEASURED_PROFILE=FILE in the environment, cProfile's figures go there.
"""

import atexit
import json
import os
import resource
import sys
import time


def tell(path, pid):
    if os.getpid() == pid:
        own = resource.getrusage(resource.RUSAGE_SELF)
        facts = {"cpu_s": own.ru_utime + own.ru_stime, "peak_mb": own.ru_maxrss * 1024 / 1e6}
        with open(path, "w") as f:
            json.dump(facts, f)


if __name__ == "__main__":
    atexit.register(tell, sys.argv.pop(1), os.getpid())
    from snakemake.cli import main

    sys.argv[0] = "snakemake"
    if "MEASURED_PROFILE" in os.environ:
        import cProfile

        profiler = cProfile.Profile(time.process_time)  # others may be using the cores
        atexit.register(profiler.dump_stats, os.environ.pop("MEASURED_PROFILE"))
        profiler.runcall(main)
    main()
