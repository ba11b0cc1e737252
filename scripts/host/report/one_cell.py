"""The verdict on single cells, with its reason and its evidence: what a run shows that was asked for cells by name.

    PYTHONPATH=scripts python -m host.report.one_cell --cells JSON [--expectations YAML] [--environments DIR ...]

Each cell is read anew from its verdict.json. The report of all cells is not touched.
"""

import argparse
import sys

from host.environments import declared
from host.report import cells as cells_
from host.report import evidence, expectations, terminal, words
from host.select import paths, runtimes


def main(argv):
    args = _parser().parse_args(argv)
    entries = expectations.load(args.expectations) if args.expectations else []
    verdicts, *_ = cells_.read_cells(args.cells)
    style = terminal.Style(sys.stdout)
    known = runtimes.known(declared.load_all(args.environments))
    for cell in cells_.judge(verdicts, entries, known):
        sys.stdout.write(view(cell, style))
    return 0


def view(cell, style):
    """The cell as text."""
    head = f"{style.symbol(cell['verdict'])} {evidence.headline(cell)}"
    blocks = [
        [cell["path"], style.paint(words.printable(head), cell["verdict"])],
        _part("Lost", lost(cell)),
        _part("Not reached", not_reached(cell)),
        _part("Kept", kept(cell)),
        _part(f"Error at stage {cell.get('stage')}", evidence.error(cell)),
        _part("Messages", evidence.warnings(cell, evidence.SHOWN)),
        _part("Known issue", known(cell)),
        _part("Files", evidence.files(cell)),
        _part("More", more(cell)),
    ]
    text = "\n\n".join("\n".join(map(style.writable, block)) for block in blocks if block)
    return f"\n{text}\n"


def _part(title, lines):
    """A heading with its lines below it; nothing where there are none."""
    lines = [f"  {words.printable(line)}" for text in lines for line in text.split("\n")]
    return [f"{title}:", *lines] if lines else []


def lost(cell):
    """The facets that the use needs and that were lost, with their numbers."""
    for name in cell["lost"]:
        yield from evidence.facet(name, cell["facets"][name], evidence.SHOWN)


def not_reached(cell):
    """The facets that could not be compared because the path failed before, in one line."""
    names = [name for name in cell["gone"] if name not in cell["lost"]]
    return [", ".join(names)] if names else []


def kept(cell):
    """The facets that are there, in one line."""
    facets = cell.get("facets") or {}
    names = [name for name in words.FACETS if facets.get(name, {}).get("status") in words.KEPT]
    return [", ".join(names)] if names else []


def known(cell):
    """The expectation that speaks of the cell."""
    entry = cell["expectation"]
    return [text for text in (entry.get("reason"), entry.get("link")) if text] if entry else []


def more(cell):
    """Where everything is, and the commands for this cell."""
    chain = paths.chain(cell["path"].split("/"))
    yield f"all that was recorded: {chain[-1]}"
    yield f"log of the last step:  {chain[-2].rpartition('/')[0]}/step.log"
    yield f"run it again:          {cell['rerun']}"
    yield f"with Keras alone:      make reproduce CELL={cell['path']}"


def _parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", required=True, metavar="JSON", help="these cells, as the report's cells.json")
    parser.add_argument("--expectations", metavar="YAML", help="such as config/expectations.yaml (default: none)")
    parser.add_argument("--environments", nargs="+", default=["envs"], metavar="DIR", help="as of host.report")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
