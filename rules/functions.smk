"""The functions of the rules' ``input``, ``params`` and ``resources``, and of what follows a failed job.

Needs: the configuration, and what common.smk worked out of it.
Makes: no file, but ``code``, ``producer``, ``via``, ``consumer``, ``data_file``, ``data_option``, ``memory``, ``minutes``,
       ``named_interpreters``, ``sandboxed``, ``reproduced_in_a_sandbox``, ``shard_files``, ``laid_out``,
       ``shown_in_report``, ``list_of_cells``, ``withdraw_report``, ``say_what_comes``, ``watch``, ``end_watch`` and
       ``report_what_there_is``.
"""

import math
import subprocess

from host.environments import build
from host.starting import size
from host.select.sources import step_hash
from roundtrip.record import write_json


def code(script):
    """A params function: one hash of all files that a script opens; the job's wildcards name the members."""
    return lambda wildcards: step_hash(script, wildcards)


def runtime_of(prefix=""):
    """A function that returns the runtime named by the wildcards; the prefix ``consumer_`` selects the consumer."""
    return lambda wildcards: RUNTIMES["-".join(wildcards[f"{prefix}{part}"] for part in ("environment", "api"))]


producer, via, consumer = runtime_of(), runtime_of("via_"), runtime_of("consumer_")


def data_file(wildcards):
    """What a model takes its data from: the dataset, or the file of a user's model."""
    return subjects.FILE.format(**wildcards) if wildcards.model in MODELS else DATASET


def data_option(wildcards):
    """The option by which a step is told of that file."""
    return "--subject" if wildcards.model in MODELS else "--data"


def memory(wildcards, attempt):
    """The megabytes to request from a scheduler: the step's limit plus a margin, times the attempt.

    Both this and ``minutes`` are always above the step's own limits, so that the supervisor ends the step and records
    an outcome.
    """
    return attempt * (config["limits"]["memory_mb"] + 1000)


def minutes(wildcards, attempt):
    """The minutes of run time to request from a scheduler."""
    return attempt * (math.ceil(config["limits"]["seconds"] / 60) + 1)


def named_interpreters(wildcards):
    """The `--python` options: the interpreters that the user names for this environment."""
    return build.interpreter_options(ENVIRONMENTS[wildcards.environment], config.get("pythons"))


def sandboxed(folder, readable):
    """The supervisor's options for a step on an artifact, which writes into a folder and may read a list of paths."""
    return lambda wildcards: brought.sandbox(
        ARTIFACTS[wildcards.model], folder.format(**wildcards), readable(ARTIFACTS[wildcards.model], wildcards)
    )


def reproduced_in_a_sandbox(wildcards):
    """The supervisor's options for the reproduction of a brought artifact, which runs in its own folder.

    It writes into scratch/ alone, and may read what lies beside it and what its loader needs.
    """
    folder = os.path.abspath(paths.REPRODUCED_BROUGHT.format(**wildcards))
    item, environment = ARTIFACTS[wildcards.model], paths.CONSUMER_ENVIRONMENT.format(**wildcards)
    readable = [folder, *brought.needed(item, wildcards.loader)]
    options = shlex.join(["--environment", os.path.abspath(environment)])
    return f"{options} {brought.sandbox(item, f'{folder}/scratch', readable)}"


def shard_files(wildcards):
    """All files of the cells whose paths begin with the shard."""
    shard = tuple(wildcards.shard.split("/"))
    files = {file for cell in CELLS if cell[: len(shard)] == shard for file in paths.chain(cell)}
    if not files:
        raise WorkflowError(f"No cell's path begins with {wildcards.shard}: nothing would be proved.")
    return sorted(files)


def laid_out_folder():
    """The folder of the files that ``laid_out`` writes."""
    return ".snakemake/keras-roundtrip"


def laid_out(name, content):
    """The path of a file with the content, which a job then copies: a params function.

    Not by ``run:``, whose jobs Snakemake starts by a command in which the Snakefile's path is not quoted for a shell:
    https://github.com/snakemake/snakemake-interface-executor-plugins (utils.py, format_cli_value).
    """

    def write(wildcards):
        path = f"{laid_out_folder()}/{name.format(**wildcards)}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_json(path, content(wildcards))
        return path

    return write


def shown_in_report(file, title):
    """A file of the report that `snakemake --report` shows, with its caption."""
    caption = f"../docs/captions/{Path(file).stem}.{Path(file).suffix[1:]}.rst"
    return report(
        f"results/report/{file}", caption=caption, category="Verdicts", labels={"file": file, "content": title}
    )


def list_of_cells():
    """What the report is given of the run: its cells, what was left out, and what a command needs beside."""
    cells = ["/".join(cell) for cell in CELLS]
    return {"cells": cells, "excluded": EXCLUDED, "options": OPTIONS, "name": NAME}


def reproduced_when():
    """{result.json of a cell's reproduction: when it was made}: a new one makes the report again."""
    files = (Path(paths.reproduced(cell)) for cell in CELLS)
    return {str(file): file.stat().st_mtime for file in files if file.exists()}


def withdraw_report():
    """Before the first job: a run that Snakemake itself ends (a disk that takes no folder) leaves no older report."""
    Path(SO_FAR).unlink(missing_ok=True)
    for job in workflow.dag.needrun_jobs():
        if job.rule.name == "report":
            for file in job.output:
                Path(file).unlink(missing_ok=True)


def to_come():
    """The verdicts that this run makes."""
    verdicts = {paths.verdict(cell) for cell in CELLS} | {paths.bridged_verdict(bridge) for bridge in BRIDGES}
    return [file for job in workflow.dag.needrun_jobs() for file in job.output if file in verdicts]


def say_what_comes():
    """Before the first job: what the run costs, in cells, minutes and gigabytes."""
    names = [job.rule.name for job in workflow.dag.needrun_jobs()]
    cores, verdicts = workflow.cores if workflow.local_exec else None, to_come()
    bridges = len({paths.bridged_verdict(bridge) for bridge in BRIDGES}.intersection(verdicts))
    if verdicts:
        counts = len(verdicts) - bridges, len(names), names.count("environment_build"), cores, bridges
        print(size.sentence(*counts), file=sys.stderr, flush=True)


def watch():
    """Start the process that prints each verdict as it comes, and keeps the page of what is judged so far."""
    files = {}
    for name, content in (("to_come.json", to_come()), ("cells.json", list_of_cells())):
        files[name] = laid_out(name, lambda wildcards: content)({})
    options = ["--to-come", files["to_come.json"], "--cells", files["cells.json"], "--parent", str(os.getpid())]
    options += ["--expectations", config["expectations"], "--environments", *ENVIRONMENT_FILES, "--page", SO_FAR]
    os.makedirs(os.path.dirname(SO_FAR), exist_ok=True)
    command = [sys.executable, "-m", "host.report.watch", *options]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": f"{workflow.basedir}/scripts"})


def end_watch():
    """After the last job: the report stands for the page of what was judged so far."""
    for process in WATCHES:
        process.terminate()
        process.wait()
    Path(SO_FAR).unlink(missing_ok=True)


def report_what_there_is():
    """After a job has failed: the report of the cells that were judged, and why the others were not run."""
    os.makedirs("results/report", exist_ok=True)
    write_json("results/report/cells.json", list_of_cells())
    shell(
        "{HOST} host.report --cells results/report/cells.json --expectations {config[expectations]:q}"
        " --environments {ENVIRONMENT_FILES:q} --out results/report > /dev/null"
    )
