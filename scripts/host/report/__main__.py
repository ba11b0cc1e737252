"""Write the report on judged cells into a folder, and a short summary to the terminal.

    PYTHONPATH=scripts python -m host.report --cells results/report/cells.json \\
        --expectations config/expectations.yaml --out results/report

Writes index.html, summary.csv, matrix.parquet, compatibility.json, junit.xml, findings.json, gate.json and summary.txt.
The exit code is 0 whatever the verdicts are; `python -m host.report.gate` decides whether the run passes.
"""

import argparse
import datetime
import json
import sys
from pathlib import Path

from host.environments import declared
from host.findings.find import document, find
from host.report import cells as cells_
from host.report import expectations, html, junit, tables, terminal, upkeep
from host.report import gate as gate_
from host.report.answers import compatibility
from host.select import runtimes


def main(argv):
    args = _parser().parse_args(argv)
    if args.cells:
        verdicts, excluded, name = cells_.read_cells(args.cells)
    else:
        verdicts, name = cells_.read_verdicts(args.verdicts), ""
        excluded = cells_.read_json(args.excluded) if args.excluded else []
    entries = expectations.load(args.expectations) if args.expectations else []
    known = runtimes.known(declared.load_all(args.environments))
    cells = cells_.judge(verdicts, entries, known)
    about = cells_.read_json(args.about) if args.about else {}
    when = datetime.datetime.now().astimezone()
    gate = gate_.decide(cells, upkeep.problems(cells, when.date(), args.expectations))
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)

    tables.summary(cells).write_csv(out / "summary.csv")
    tables.matrix(cells).write_parquet(out / "matrix.parquet")
    junit.tree(cells, excluded, when).write(out / "junit.xml", encoding="utf-8", xml_declaration=True)
    (out / "gate.json").write_text(json.dumps(gate, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    answers = compatibility.data(cells, known, when, name)
    (out / "compatibility.json").write_text(compatibility.text(answers), encoding="utf-8")
    findings = find(cells)
    facts = document(cells, findings, when.date())
    (out / "findings.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    run = cells_.Run(cells, excluded, entries, gate, answers, findings)
    page = out / "index.html"
    page.write_text(html.render(run, about, when), encoding="utf-8")
    with open(out / "summary.txt", "w", encoding="utf-8") as f:
        f.write(terminal.summary(run, page, terminal.Style(f)))
    sys.stdout.write(terminal.summary(run, page, terminal.Style(sys.stdout)))
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m host.report", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--cells", metavar="JSON", help="the cells of the run, and those excluded")
    which.add_argument("--verdicts", metavar="LIST", help="instead: a text file with one verdict.json per line")
    parser.add_argument("--excluded", metavar="JSON", help="with --verdicts: the excluded cells, with reasons")
    parser.add_argument("--expectations", metavar="YAML", help="such as config/expectations.yaml (default: none)")
    parser.add_argument(
        "--environments", nargs="+", default=["envs"], metavar="DIR", help="environments' files (default: envs)"
    )
    parser.add_argument("--about", metavar="JSON", help="facts about the run to show (versions, machine), by key")
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder to write the report into")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
