"""What a run costs, said before its first job: cells, minutes and gigabytes."""

#: measured with warm interpreters on a quiet machine: 1,700 jobs of config/wide.yaml in 18 minutes on 2 cores
SECONDS_OF_A_JOB = 1.3
#: an environment, from packages that uv has in its cache; a first download takes as long as the network does
SECONDS_OF_A_BUILD, GIGABYTES_OF_A_BUILD = 60, 1.5
#: the files of a cell: a share of a reference and of an artifact, the observation and the verdict
GIGABYTES_OF_A_CELL = 0.0005


def sentence(cells, jobs, builds, cores, bridges=0):
    """``187 cells by 503 jobs: about 6 minutes on 2 cores, and 2 GB in results/ (1 environment is built).``

    ``cores`` is None where a cluster runs the jobs: then no minutes are said. ``bridges`` are those of an upgrade.
    """
    minutes = (jobs * SECONDS_OF_A_JOB + builds * SECONDS_OF_A_BUILD) / 60
    time = f" about {amount(minutes / cores, 'minute')} on {amount(cores, 'core')}, and" if cores else ""
    size = (cells + bridges) * GIGABYTES_OF_A_CELL + builds * GIGABYTES_OF_A_BUILD
    room = f"{size:.0f} GB" if size >= 1 else f"{max(1, size * 1000):.0f} MB"
    built = f" ({amount(builds, 'environment')} to build)" if builds else ""
    what = " and ".join(amount(n, word) for n, word in ((cells, "cell"), (bridges, "bridge")) if n)
    return f"{what} by {amount(jobs, 'job')}:{time} {room} in results/{built}."


def amount(number, word):
    """``1 core``, ``2 cores``; at least 1."""
    number = max(1, round(number))
    return f"{number:,} {word}{'' if number == 1 else 's'}"
