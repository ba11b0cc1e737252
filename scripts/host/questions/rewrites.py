"""After which load does a rewrite of the graph still work? A table in Markdown, from the verdicts of all cells.

One row for each model, modifier and route, one column for each runtime: effective, partial or ineffective, with
the nodes executed in one training step, of those that the same runtime executes when it rewrites in fit.
"""

import argparse
import pathlib
import re
import sys

from host.select.cells import Cell
from roundtrip import members
from roundtrip.record import read_json, write_atomic

#: what a traced step recorded, in words
SAID = {"effective": "effective", "partial": "partial", "ineffective": "**ineffective**"}


def rows(verdicts):
    """{(model, modifier, use, route): {runtime: (effect, executed, expected, warnings)}} of what was compared."""
    found = {}
    for verdict in verdicts:
        cell, numbers = Cell(**verdict["cell"]), verdict["facets"].get("graph_rewrite", {}).get("rewrite")
        if numbers:
            route = f"{verdict['titles']['format']}; {verdict['titles']['loader']}"
            seen = tuple(numbers[key] for key in ("effect", "executed", "expected", "warnings"))
            found.setdefault((cell.model, cell.modifier, route, cell.use), {})[cell.consumer] = seen
    return found


def merged(found):
    """{(model, modifier, route): {runtime: text}}; uses that agree are one row, others are named."""
    table = {}
    for (model, modifier, route, use), by_runtime in found.items():
        for runtime, seen in by_runtime.items():
            table.setdefault((model, modifier, route), {}).setdefault(runtime, {}).setdefault(words(*seen), []).append(
                use
            )
    return {
        key: {r: "; ".join(text(w, uses, len(said)) for w, uses in said.items()) for r, said in by_runtime.items()}
        for key, by_runtime in table.items()
    }


def by_version(runtime):
    """tf2.4 before tf2.10: the numbers in a name as numbers."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", runtime)]


def words(effect, executed, expected, warnings):
    return f"{SAID[effect]} {executed}/{expected}" + (", warned" if warnings else "")


def text(said, uses, kinds):
    return said if kinds == 1 else f"{said} ({', '.join(sorted(uses))})"


def markdown(verdicts, unchanged):
    """The page."""
    table = merged(rows(verdicts))
    runtimes = sorted({r for by_runtime in table.values() for r in by_runtime}, key=by_version)
    lines = [
        "# Rewrites after loading",
        "",
        "Nodes executed in one training step, of those executed where the same runtime rewrites in fit; `warned`:",
        "TensorFlow said that a swapped edge was changed after a session had run it.",
        "",
        "| model | modifier | route | " + " | ".join(runtimes) + " |",
        "|---" * (3 + len(runtimes)) + "|",
    ]
    lines += [
        "| " + " | ".join([*key, *(by_runtime.get(r, "") for r in runtimes)]) + " |"
        for key, by_runtime in sorted(table.items())
    ]
    lines += [
        "",
        "## Training with and without",
        "",
        "| runtime | model | modifier | bit for bit |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {runtime} | {model} | {modifier} | {same} |" for (runtime, model, modifier), same in unchanged.items()
    ]
    return "\n".join(lines) + "\n"


TRAINING = ("trajectory_before", "state", "predictions", "evaluation", "trajectory", "final_state")


def unchanged(rewritten, plain):
    """Whether two references are the same: every batch's logs, every variable, predictions, evaluation."""
    differing = [part for part in TRAINING if values(rewritten.get(part)) != values(plain.get(part))]
    return "identical" if not differing else "**different**: " + ", ".join(differing)


def values(part):
    """The values in order, without their names.

    A variable's name may count how often a process has built a model, and a metric's depends on whether TensorFlow
    2's behaviour is on: IBM's package turns it off, and ``accuracy`` is called ``acc``.
    """
    if isinstance(part, list):
        return [values(entry) for entry in part]
    if isinstance(part, dict):
        return part["sha256"] if "sha256" in part else [values(part[name]) for name in sorted(part)]
    return part


def is_rewritten(cell):
    """Whether the cell's modifier rewrites the graph; others (``int8``) change the model in other ways."""
    return "rewrites" in members.member("modifiers", cell.modifier).TRAITS


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", required=True, metavar="JSON", help="the report's cells.json")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("results"))
    parser.add_argument("--out", required=True, metavar="MD")
    args = parser.parse_args(argv)
    cells = [Cell(*cell.split("/")) for cell in read_json(args.cells)["cells"]]
    cells = [cell for cell in cells if is_rewritten(cell)]  # of other cells no verdict need be there yet
    verdicts = [read_json(args.results.joinpath("verified", *cell, "verdict.json")) for cell in cells]
    pairs = {}
    for cell in sorted(cells, key=lambda cell: by_version(cell.producer)):
        trained = args.results / "trained" / cell.producer / cell.model
        rewritten = read_json(trained / cell.modifier / "reference.json")
        plain = trained / "none" / "reference.json"
        if rewritten.get("graph_rewrite") and plain.exists():
            pairs[cell.producer, cell.model, cell.modifier] = unchanged(rewritten, read_json(plain))
    write_atomic(args.out, markdown(verdicts, pairs).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
