"""Find the release in which what a path gives has changed: binary search over the versions of one package.

    PYTHONPATH=scripts python -m host.questions.bisect \
        keras3.3-keras3 keras3.14-keras3 dense_regression/none/h5/load_model/resume

The path is model/modifier/format/loader/use. The versions between are those that the package index has; their
environments are made on demand below results/bisect (host.environments.releases: otherwise as the newer runtime's,
or as the one in envs/ that their TensorFlow comes next to) and built as any other. A version that cannot be
installed, or whose training does not repeat, or that has no such path (host.select.matrix), is passed over, and named.
"""

import argparse
import subprocess
import sys

from host.environments import releases
from host.environments.declared import load_all
from host.environments.interpreters import ROOT, Failed
from host.select import matrix, paths, runtimes
from host.select.cells import KINDS, Cell
from roundtrip.record import read_json, write_atomic, write_json

FOLDER = "results/bisect/envs"
#: verdicts that say nothing of the version
VOID = ("unbuildable", "not_reproducible", "unproved", "excluded")


def search(versions, probe):
    """(the last version as the first is, the first that is not, {version: what it gives}).

    ``probe(version)`` gives anything that can be compared, None where the version says nothing. The ends of
    ``versions`` are probed first: raises Failed where they give the same, or nothing.
    """
    seen = {}
    for end in (versions[0], versions[-1]):
        seen[end] = probe(end)
        if seen[end] is None:
            raise Failed(f"{end}, an end of the range, gives no verdict")
    start = seen[versions[0]]
    if seen[versions[-1]] == start:
        raise Failed(f"{versions[0]} and {versions[-1]} give the same: {start}")
    low, high = 0, len(versions) - 1
    while True:
        untried = [i for i in range(low + 1, high) if seen.get(versions[i], start) is not None]
        if not untried:
            return versions[low], versions[high], seen
        middle = min(untried, key=lambda i: abs(2 * i - low - high))
        seen[versions[middle]] = probe(versions[middle])
        if seen[versions[middle]] is not None:
            low, high = (middle, high) if seen[versions[middle]] == start else (low, middle)


def excluded(cell, known):
    """Why the matrix of the runtimes ``known`` has no such cell, or None."""
    absent = sorted({cell.producer, cell.consumer} - set(known))
    if absent:
        return f"there is no runtime {' or '.join(absent)}"
    block = {kind: [getattr(cell, axis)] for axis, kind in KINDS.items()}
    found, left_out = matrix.expand(
        [{**block, "producers": [cell.producer], "consumers": {cell.producer: [cell.consumer]}}], known
    )
    return None if found else left_out[0]["reason"]


def given(verdict):
    """What a verdict says of a version: verdict, facets that were lost, kind of error; None where nothing."""
    if verdict["verdict"] in VOID:
        return None
    lost = [n for n, f in verdict["facets"].items() if f["relevant"] and f["status"] in ("different", "missing")]
    return verdict["verdict"], tuple(sorted(lost)), (verdict.get("error") or {}).get("type")


class Prober:
    """Runs the path on one version after another.

    Parameters
    ----------
    templates : dict, version -> the environment's file that it is put into
    package, api : str
    path : str, model/modifier/format/loader/use
    producer, consumer : a runtime that stays as it is at that end, None where the version is the searched one
    options : list of str, given to snakemake
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
        print(f"  {self.package} {version}: {said(self.verdicts[version])}", flush=True)
        return given(self.verdicts[version])

    def run(self, cell):
        """The cell's verdict."""
        file = paths.verdict(cell)
        command = [sys.executable, "-m", "snakemake", *self.options, "--quiet", "progress", "rules", "reason", "host"]
        configuration = [f"environments=[{FOLDER}]"]
        run = subprocess.run([*command, "--config", *configuration, "--", file], capture_output=True, text=True)
        if run.returncode:
            raise Failed(f"{file} was not made:\n{run.stderr[-2000:]}")
        return read_json(file)


def said(verdict):
    """A verdict in a line."""
    error = verdict.get("error") or {}
    words = " ".join((error.get("message") or "").split())[:160]
    return f"{verdict['verdict']}. {verdict['reason']}" + (f" {error['type']}: {words}" if words else "")


def report(package, path, last, first, prober):
    """The answer as text."""
    lines = [f"{path}", f"  until {package} {last}: {said(prober.verdicts[last])}"]
    lines += [f"  since {package} {first}: {said(prober.verdicts[first])}"]
    for version in (last, first):
        for name, facet in prober.verdicts[version]["facets"].items():
            if facet["relevant"] and facet["status"] in ("different", "missing"):
                lines += [f"    {version} {name}: {line}" for line in facet["detail"][:3]]
    void = [f"{v} ({prober.verdicts[v]['verdict']})" for v in sorted(prober.verdicts) if not given(prober.verdicts[v])]
    lines += [f"  passed over, they gave no verdict: {', '.join(void)}"] if void else []
    return "\n".join(lines) + "\n"


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("older", help="runtime at one end, e.g. keras3.3-keras3")
    parser.add_argument("newer", help="runtime at the other end, of the same api")
    parser.add_argument("path", help="model/modifier/format/loader/use")
    parser.add_argument("--producer", help="a runtime that writes whichever version reads")
    parser.add_argument("--consumer", help="a runtime that reads whichever version writes")
    parser.add_argument("--cores", default="2")
    args = parser.parse_args(argv)
    if args.path.count("/") != 4 or (args.producer and args.consumer):
        parser.error("a path is model/modifier/format/loader/use, and one end at least must be the searched version's")
    (old, api), (new, other) = (runtime.rsplit("-", 1) for runtime in (args.older, args.newer))
    if api != other:
        parser.error(f"{api} and {other} are two apis: there are no versions between them")
    files = [ROOT / "envs" / f"{id_}.yaml" for id_ in (old, new)]
    try:
        package, templates = releases.between(*files, api)
        versions = list(templates)
        print(f"{args.path}: {len(versions)} releases of {package}, {versions[0]} to {versions[-1]}", flush=True)
        options = ["--cores", args.cores]
        prober = Prober(templates, package, api, args.path, args.producer, args.consumer, options)
        last, first, _ = search(versions, prober)
    except Failed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    answer = report(package, args.path, last, first, prober)
    asked = [args.older, args.newer, args.producer, args.consumer, *args.path.split("/")]
    name = "results/bisect/" + "-".join(filter(None, asked))
    write_json(f"{name}.json", {str(v): d for v, d in prober.verdicts.items()})
    write_atomic(f"{name}.txt", answer.encode())
    print(f"{answer}Evidence: {name}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
