"""Copies the project, runs Snakemake in the copy, and reads its report.

Built environments are copied as hard links. That is fast, and building one again in the copy does not change the
checkout's.
"""

import csv
import os
import re
import shutil
import subprocess
import sys

from helpers.places import ENVIRONMENT, ROOT

SNAKEMAKE = [sys.executable, "-m", "snakemake"]


def tracked():
    """The files that git tracks or would add, by their paths in the project."""
    command = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def copy_project(folder):
    """What git tracks or would add, as it is on disk."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def copy_environment(name, folder):
    """The checkout's built environment in a copy of the project, as hard links where the file system is the same."""
    built = ROOT / "results/environments" / name
    linked(built, folder / "results/environments" / name)
    older = min((built / made).stat().st_mtime for made in ("environment.json", "venv")) - 1
    for declared in folder.glob(f"envs/{name}.*"):
        os.utime(declared, (older, older))  # else Snakemake would build the environment anew


def linked(source, target):
    """Copy a folder as hard links where the file system is the same."""
    shutil.copytree(source, target, symlinks=True, copy_function=_link)


def _link(source, target):
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def copy_with_environment(folder, configuration):
    """A copy with this configuration and the environment of the tests, which is built first if necessary."""
    stamp = f"results/environments/{ENVIRONMENT}/environment.json"
    subprocess.run([*SNAKEMAKE, "--cores", "2", stamp], cwd=ROOT, check=True)
    copy_project(folder)
    copy_environment(ENVIRONMENT, folder)
    (folder / "config/config.yaml").write_text(configuration)
    return folder


def planned_jobs(text):
    """{rule: number of jobs} of what a dry run prints with ``--quiet rules``."""
    return {rule: int(jobs) for rule, jobs in re.findall(r"^(\w+)\s+(\d+)$", text, re.MULTILINE)}


def rows(folder):
    """The rows of the report's table, one for each cell."""
    with open(folder / "results/report/summary.csv", newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def judged(folder, *columns):
    """{axes of a cell: these columns of its row}."""
    return {tuple(list(row.values())[:7]): tuple(row[column] for column in columns) for row in rows(folder)}
