"""Find the release that changed the verdict of a path: a binary search over the versions of one package.

    PYTHONPATH=scripts python -m host.questions.bisect \
        keras3.3-keras3 keras3.14-keras3 dense_regression/none/h5/load_model/resume

The path is model/modifier/format/loader/use. The versions come from the package index. Their environments are written
to results/bisect on demand, from the file of a similar environment (host.environments.releases), and built like any
other. A version is skipped, and listed, if it cannot be installed, if its training does not repeat, or if it has no
such path (host.select.matrix).
"""

import argparse
import subprocess
import sys

from host.environments import releases
from host.environments.declared import load_all
from host.environments.interpreters import ROOT, Failed, UvMissing
from host.select import matrix, paths, runtimes
from host.select.cells import KINDS, Cell
from host.select.selection import one
from roundtrip import members
from roundtrip.record import read_json, write_atomic, write_json

FOLDER = "results/bisect/envs"
#: verdicts that tell nothing about the version
VOID = ("unbuildable", "not_reproducible", "unproved", "excluded")


def search(versions, probe):
    """(last version with the result of the first one, next version, {version: result}).

    ``probe(version)`` returns a value that can be compared, or None if the version has no result. The first and the
    last of ``versions`` are probed first. Raises Failed if they have the same result, or one has none.
    """
    results = {}
    for end in (versions[0], versions[-1]):
        results[end] = probe(end)
        if results[end] is None:
            raise Failed(f"{end}, one end of the range, gives no verdict")
    start = results[versions[0]]
    if results[versions[-1]] == start:
        raise Failed(f"{versions[0]} and {versions[-1]} give the same: {start}")
    low, high = 0, len(versions) - 1
    while True:
        untried = [i for i in range(low + 1, high) if results.get(versions[i], start) is not None]
        if not untried:
            return versions[low], versions[high], results
        middle = min(untried, key=lambda i: abs(2 * i - low - high))
        results[versions[middle]] = probe(versions[middle])
        if results[versions[middle]] is not None:
            low, high = (middle, high) if results[versions[middle]] == start else (low, middle)


def excluded(cell, known):
    """Why the matrix has no such cell with these runtimes, or None."""
    absent = sorted({cell.producer, cell.consumer} - set(known))
    if absent:
        return f"there is no runtime {' or '.join(absent)}"
    block = {kind: [getattr(cell, axis)] for axis, kind in KINDS.items()}
    cells, excluded_cells = matrix.expand(
        [{**block, "producers": [cell.producer], "consumers": {cell.producer: [cell.consumer]}}], known
    )
    return None if cells else excluded_cells[0]["reason"]


def comparable(verdict):
    """The parts of a verdict that versions are compared by: verdict, lost facets, type of error; None if VOID."""
    if verdict["verdict"] in VOID:
        return None
    lost = [n for n, f in verdict["facets"].items() if f["relevant"] and f["status"] in ("different", "missing")]
    return verdict["verdict"], tuple(sorted(lost)), (verdict.get("error") or {}).get("type")


class Prober:
    """Runs the path in one version after another.

    Parameters
    ----------
    templates : dict
        version -> the file that its environment is made from
    package, api : str
    path : str
        model/modifier/format/loader/use
    producer, consumer : str or None
        A fixed runtime; None: the runtime with the probed version.
    options : list of str
        Options of snakemake.
    """

    def __init__(self, templates, package, api, path, producer, consumer, options):
        self.templates, self.package, self.api, self.path = templates, package, api, path
        self.producer, self.consumer, self.options = producer, consumer, options
        self.verdicts = {}

    def __call__(self, version):
        here = f"{releases.write(self.templates[version], self.package, version, FOLDER)}-{self.api}"
        model, modifier, fmt, loader, use = self.path.split("/")
        cell = Cell(self.producer or here, model, modifier, fmt, self.consumer or here, loader, use)
        reason = excluded(cell, runtimes.known(load_all([ROOT / "envs", FOLDER])))
        self.verdicts[version] = {"verdict": "excluded", "reason": reason} if reason else self.run(cell)
        print(f"  {self.package} {version}: {in_a_line(self.verdicts[version])}", flush=True)
        return comparable(self.verdicts[version])

    def run(self, cell):
        """The cell's verdict."""
        file = paths.verdict(cell)
        command = [sys.executable, "-m", "snakemake", *self.options, "--quiet", "progress", "rules", "reason", "host"]
        configuration = [f"environments=[{FOLDER}]"]
        run = subprocess.run([*command, "--config", *configuration, "--", file], capture_output=True, text=True)
        if run.returncode:
            raise Failed(f"{file} was not made:\n{run.stderr[-2000:]}")
        return read_json(file)


def in_a_line(verdict):
    """A verdict in one line: verdict, reason and error."""
    error = verdict.get("error") or {}
    words = " ".join((error.get("message") or "").split())[:160]
    return f"{verdict['verdict']}. {verdict['reason']}" + (f" {error['type']}: {words}" if words else "")


def report(package, path, last, first, prober):
    """The result of the search as text."""
    lines = [f"{path}", f"  until {package} {last}: {in_a_line(prober.verdicts[last])}"]
    lines += [f"  since {package} {first}: {in_a_line(prober.verdicts[first])}"]
    for version in (last, first):
        for name, facet in prober.verdicts[version]["facets"].items():
            if facet["relevant"] and facet["status"] in ("different", "missing"):
                lines += [f"    {version} {name}: {line}" for line in facet["detail"][:3]]
    void = [v for v in sorted(prober.verdicts) if not comparable(prober.verdicts[v])]
    skipped = ", ".join(f"{v} ({prober.verdicts[v]['verdict']})" for v in void)
    lines += [f"  skipped, without a verdict: {skipped}"] if void else []
    return "\n".join(lines) + "\n"


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("older", help="runtime at one end, e.g. keras3.3-keras3")
    parser.add_argument("newer", help="runtime at the other end, of the same api")
    parser.add_argument("path", help="model/modifier/format/loader/use")
    parser.add_argument("--producer", help="a fixed runtime that writes; the searched versions only read")
    parser.add_argument("--consumer", help="a fixed runtime that reads; the searched versions only write")
    parser.add_argument("--cores", default="2")
    args = parser.parse_args(argv)
    if args.path.count("/") != 4 or (args.producer and args.consumer):
        parser.error("the path must be model/modifier/format/loader/use, with only one of --producer and --consumer")
    try:
        return bisect(args)
    except (Failed, UvMissing, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def checked(args):
    """The files of both ends' environments, and their api. Raises ValueError, Failed where one names what is not."""
    known = runtimes.known(load_all([ROOT / "envs"]))
    for name in ("older", "newer", "producer", "consumer"):
        if getattr(args, name):
            one(getattr(args, name), known, name.upper())
    for (axis, kind), chosen in zip(KINDS.items(), args.path.split("/"), strict=True):
        one(chosen, members.names(kind), f"CELL, {axis}")
    old, new = known[args.older], known[args.newer]
    if old.api != new.api:
        raise Failed(f"both runtimes must have the same api, not {old.api} and {new.api}")
    return [ROOT / "envs" / f"{end.environment}.yaml" for end in (old, new)], old.api


def bisect(args):
    """Search, print and write the answer."""
    files, api = checked(args)
    package, templates = releases.between(*files, api)
    versions = list(templates)
    print(f"{args.path}: {len(versions)} releases of {package}, {versions[0]} to {versions[-1]}", flush=True)
    prober = Prober(templates, package, api, args.path, args.producer, args.consumer, ["--cores", args.cores])
    last, first, _ = search(versions, prober)
    answer = report(package, args.path, last, first, prober)
    parts = [args.older, args.newer, args.producer, args.consumer, *args.path.split("/")]
    name = "results/bisect/" + "-".join(filter(None, parts))
    write_json(f"{name}.json", {str(v): d for v, d in prober.verdicts.items()})
    write_atomic(f"{name}.txt", answer.encode())
    print(f"{answer}Evidence: {name}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
