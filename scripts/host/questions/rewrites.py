"""Write a Markdown table of the routes after which a rewrite of the graph still works, from the verdicts of all cells.

There is one row for each model, modifier and route, and one column for each runtime. Each entry is effective, partial
or ineffective, with the number of nodes that one training step executes, and the number that the same runtime executes
if it rewrites the graph in fit.
"""

import argparse
import pathlib
import re
import sys

from host.select.cells import Cell
from roundtrip import members
from roundtrip.record import read_json, write_atomic

#: effect -> its word in the table
EFFECTS = {"effective": "effective", "partial": "partial", "ineffective": "**ineffective**"}


def rows(verdicts):
    """{(model, modifier, route, use): {runtime: (effect, executed, expected, warnings)}} of the cells compared."""
    table = {}
    for verdict in verdicts:
        cell, numbers = Cell(**verdict["cell"]), verdict["facets"].get("graph_rewrite", {}).get("rewrite")
        if numbers:
            route = f"{verdict['titles']['format']}; {verdict['titles']['loader']}"
            result = tuple(numbers[key] for key in ("effect", "executed", "expected", "warnings"))
            table.setdefault((cell.model, cell.modifier, route, cell.use), {})[cell.consumer] = result
    return table


def merged(results):
    """{(model, modifier, route): {runtime: text}}, with all uses in one row; uses are named if their results differ."""
    table = {}
    for (model, modifier, route, use), by_runtime in results.items():
        for runtime, result in by_runtime.items():
            uses = table.setdefault((model, modifier, route), {}).setdefault(runtime, {})
            uses.setdefault(words(*result), []).append(use)
    return {
        key: {r: "; ".join(text(w, uses, len(all_)) for w, uses in all_.items()) for r, all_ in by_runtime.items()}
        for key, by_runtime in table.items()
    }


def by_version(runtime):
    """A sort key that compares the numbers in a name as numbers: tf2.4 comes before tf2.10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", runtime)]


def words(effect, executed, expected, warnings):
    return f"{EFFECTS[effect]} {executed}/{expected}" + (", warned" if warnings else "")


def text(result, uses, kinds):
    return result if kinds == 1 else f"{result} ({', '.join(sorted(uses))})"


def markdown(verdicts, unchanged):
    """The page."""
    table = merged(rows(verdicts))
    runtimes = sorted({r for by_runtime in table.values() for r in by_runtime}, key=by_version)
    lines = [
        "# Rewrites after loading",
        "",
        "Nodes of the rewrite that one training step executes / that it executes if the same runtime rewrites in fit.",
        "`warned`: TensorFlow warned that an input of a swapped node was changed after a session had run it.",
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
    """Whether two references are the same, as text: the logs of all batches, variables, predictions, evaluation."""
    differing = [part for part in TRAINING if values(rewritten.get(part)) != values(plain.get(part))]
    return "identical" if not differing else "**different**: " + ", ".join(differing)


def values(part):
    """The values in order, without their names.

    The name of a variable may contain a count of the models that the process has built. The name of a metric depends on
    TensorFlow 2's behaviour: IBM's package turns it off, and then ``accuracy`` is called ``acc``.
    """
    if isinstance(part, list):
        return [values(entry) for entry in part]
    if isinstance(part, dict):
        return part["sha256"] if "sha256" in part else [values(part[name]) for name in sorted(part)]
    return part


def is_rewritten(cell):
    """Whether the cell's modifier rewrites the graph, unlike others (``int8``)."""
    return "rewrites" in members.member("modifiers", cell.modifier).TRAITS


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", required=True, metavar="JSON", help="the report's cells.json")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("results"))
    parser.add_argument("--out", required=True, metavar="MD")
    args = parser.parse_args(argv)
    cells = [Cell(*cell.split("/")) for cell in read_json(args.cells)["cells"]]
    cells = [cell for cell in cells if is_rewritten(cell)]  # the verdicts of other cells may not exist yet
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
