"""The published results: made from a report, and held against a run of one's own.

    PYTHONPATH=scripts python -m host.report.published make      results/report -> results/published
    PYTHONPATH=scripts python -m host.report.published differ    what differs between the two

results/published/ is in the repository, so that a reader has the answers before installing anything: compatibility.json
with its schema, matrix.parquet, findings.json and environments.json. docs/published.md explains them.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import polars as pl

from host.environments import declared
from host.report import words
from host.report.answers import compatibility
from host.report.cells import read_json
from host.select.cells import AXES

FOLDER, REPORT = Path("results/published"), Path("results/report")
#: files that are copied from the report as they are
COPIED = ("compatibility.json", "matrix.parquet", "findings.json")
#: columns of matrix.parquet that are left out: long texts, which the report of a run has
DROPPED = ("detail", "announced")
#: the positions of the two runtimes in the path of a cell
ENDS = [AXES.index(axis) for axis in ("producer", "consumer")]
#: lines that are printed of each kind of difference
SHOWN = 20


def states(table):
    """{cell: (verdict, the facets that count as lost)} of a table like matrix.parquet."""
    lost = pl.col("status").is_in(words.GONE) & pl.col("relevant")
    grouped = table.group_by(AXES).agg(pl.col("verdict").first(), pl.col("facet").filter(lost).sort().alias("lost"))
    return {"/".join(row[axis] for axis in AXES): (row["verdict"], tuple(row["lost"])) for row in grouped.to_dicts()}


def states_of(cells):
    """The same of judged cells. A cell without facets has no row in a table, and is left out."""
    return {cell["path"]: (cell["verdict"], tuple(sorted(cell["gone"]))) for cell in cells if cell.get("facets")}


def differences(before, now):
    """What differs between two results of ``states``.

    Returns
    -------
    dict
        ``worse``, ``better`` and ``otherwise``, each a list of (cell, verdict before, verdict now, facets lost now);
        ``same``, ``here`` and ``there``: the number of cells that are the same, only here, only there.
    """
    common = sorted(set(before) & set(now))
    changed = [(cell, before[cell][0], now[cell][0], now[cell][1]) for cell in common if before[cell] != now[cell]]
    steps = {cell: words.severity(was) - words.severity(is_) for cell, was, is_, _ in changed}
    return {
        "worse": [change for change in changed if steps[change[0]] > 0],
        "better": [change for change in changed if steps[change[0]] < 0],
        "otherwise": [change for change in changed if not steps[change[0]]],
        "same": len(common) - len(changed),
        "here": len(set(now) - set(before)),
        "there": len(set(before) - set(now)),
    }


def since(now, folder=FOLDER):
    """The differences of a run's states from the published ones, with their ``date``; None where there are none."""
    if not (folder / "matrix.parquet").exists() or not (folder / "compatibility.json").exists():
        return None
    answers, before = read_json(folder / "compatibility.json"), states(pl.read_parquet(folder / "matrix.parquet"))
    stands_for = counterparts(now, before, answers["newest"])
    ours = {rename(cell, stands_for): cell for cell in now}
    found = differences(before, {theirs: now[cell] for theirs, cell in ours.items()})
    for kind in ("worse", "better", "otherwise"):
        found[kind] = [(ours[cell], *rest) for cell, *rest in found[kind]]
    return {"date": answers["made"]["date"], "stands_for": stands_for, **found}


def counterparts(now, before, newest):
    """{runtime that was not published: the newest published one of its api}: what a candidate is held against."""
    known, ours = ({path.split("/")[end] for path in some for end in ENDS} for some in (before, now))
    by_api = {runtime.rpartition("-")[2]: runtime for runtime in newest}
    apis = {runtime: runtime.rpartition("-")[2] for runtime in sorted(ours - known)}
    return {runtime: by_api[api] for runtime, api in apis.items() if api in by_api}


def rename(cell, names):
    """A cell's path with its runtimes renamed."""
    axes = cell.split("/")
    for end in ENDS:
        axes[end] = names.get(axes[end], axes[end])
    return "/".join(axes)


def make(report, folder, environments):
    """Write the published results from a report's folder."""
    answers = read_json(report / "compatibility.json")
    compatibility.validate(answers)
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if name.endswith(".parquet"):
            pl.read_parquet(report / name).drop(DROPPED).write_parquet(folder / name, compression_level=22)
        elif (report / name).exists():
            shutil.copyfile(report / name, folder / name)
    write(folder / "compatibility.schema.json", compatibility.schema())
    write(folder / "environments.json", versions(answers, environments))


def versions(answers, environments):
    """{environment: its Python and each package's exact version}, of the environments that the answers speak of."""
    known = declared.load_all(environments)
    used = sorted({runtime["id"].rpartition("-")[0] for runtime in answers["runtimes"]})
    return {
        id_: {"python": known[id_]["python"][0], "packages": dict(sorted(known[id_]["packages"].items()))}
        for id_ in used
        if id_ in known
    }


def write(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def lines(found):
    """The differences in words, for a terminal."""
    head = f"Since the published results of {found['date']}: {found['same']} cells are the same"
    yield f"{head}, {found['here']} are only here, {found['there']} only there."
    yield from (f"{runtime} is held against {other}." for runtime, other in found["stands_for"].items())
    for kind in ("worse", "otherwise", "better"):
        if found[kind]:
            yield f"{kind}: {len(found[kind])}"
        for cell, was, is_, lost in found[kind][:SHOWN]:
            lost = f" ({', '.join(lost)})" if lost else ""
            yield f"  {cell}: was {words.verdict(was).word}, is {words.verdict(is_).word}{lost}"
        if len(found[kind]) > SHOWN:
            yield f"  and {len(found[kind]) - SHOWN} more"


def differ(report, folder):
    """Print what differs. The exit code is 1 where anything is worse or otherwise than it was."""
    if not (report / "matrix.parquet").exists():
        sys.exit(f"{report}/matrix.parquet: there is no report. Run make first.")
    found = since(states(pl.read_parquet(report / "matrix.parquet")), folder)
    if found is None:
        sys.exit(f"{folder}: nothing is published there. `make published` makes it.")
    print("\n".join(lines(found)))
    return 1 if found["worse"] or found["otherwise"] else 0


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "differ"])
    parser.add_argument("--report", type=Path, default=REPORT, metavar="DIR", help=f"default: {REPORT}")
    parser.add_argument("--published", type=Path, default=FOLDER, metavar="DIR", help=f"default: {FOLDER}")
    parser.add_argument("--environments", nargs="+", default=["envs"], metavar="DIR", help="default: envs")
    args = parser.parse_args(argv)
    if args.what == "differ":
        return differ(args.report, args.published)
    make(args.report, args.published, args.environments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
