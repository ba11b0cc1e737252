"""Write the result of an upgrade as a page and as a short text: which ways work, lose something, or fail.

    PYTHONPATH=scripts python -m host.questions.upgrade_page --ways results/report/ways.json --out results/report

A way works for a model if every facet that the use rests on is intact, promised or not.
"""

import argparse
import collections
import sys
from pathlib import Path

import jinja2

from host.report.cells import read_json
from roundtrip import members
from roundtrip.record import write_atomic

PAGE = Path(__file__).parents[1] / "report" / "page"
SHOWN = 6  # at most so many ways with the same result are in the text; the page has all
Way = collections.namedtuple("Way", ("via", "via_loader", "via_format", "consumer", "loader"))


def ways(verdicts):
    """[{"way", "steps", "models": {model: result}, "rank", "kind"}] of all verdicts, the best first."""
    by_way = {}
    for verdict in verdicts:
        cell = verdict["cell"]
        way = Way(*(cell.get(axis, "") for axis in Way._fields))
        by_way.setdefault(way, {})[cell["model"]] = result(verdict)
    listed = [{"way": way, "steps": steps(way), "models": models} for way, models in by_way.items()]
    for entry in listed:
        entry["rank"] = rank(entry)
        entry["kind"] = kind(entry)
    return sorted(listed, key=lambda entry: entry["rank"])


def result(verdict):
    """The result of one model on one way: ``status`` (works, loses, fails or unproved) and the evidence."""
    facets = verdict["facets"]
    lost = [n for n, f in facets.items() if f["relevant"] and f["status"] in ("different", "missing")]
    error = verdict.get("error") or {}
    if not verdict["outcome"].startswith("loaded"):
        status = "fails"
    elif verdict["verdict"] in ("unproved", "not_reproducible"):
        status = "unproved"
    else:
        status = "loses" if lost else "works"
    return {
        "status": status,
        "lost": lost,
        "compared": [n for n, f in facets.items() if f["relevant"] and f["status"] in ("identical", "close")],
        "details": {n: [line for line in facets[n]["detail"] if "as the code says" not in line][:4] for n in lost},
        "message": " ".join((error.get("message") or "").split())[:300],
        "outcome": verdict["outcome"],
        "verdict": verdict["verdict"],
        "reason": verdict["reason"],
        "warnings": len(verdict["warnings"]),
    }


def rank(entry):
    """The sort key of a way: failed models, lost facets, straight before bridge, length of the loader's id."""
    results = entry["models"].values()
    failed = sum(r["status"] in ("fails", "unproved") for r in results)
    return failed, sum(len(r["lost"]) for r in results), bool(entry["way"].via), len(entry["way"].loader), entry["way"]


def kind(entry):
    """The status of a way for all models together: the worst of their statuses."""
    order = ("works", "loses", "unproved", "fails")
    return max((r["status"] for r in entry["models"].values()), key=order.index)


def steps(way):
    """The steps of a way, in words."""
    title = members.member("loaders", way.loader).TITLE
    last = f"in {way.consumer}: {title}"
    if not way.via:
        return [last]
    again = members.member("formats", way.via_format).TITLE
    first = members.member("loaders", way.via_loader).TITLE
    return [f"in {way.via}: {first}, then save {again}", last]


def text(listed, question):
    """The result as a short text."""
    models = sorted({m for entry in listed for m in entry["models"]})
    bridges = sum(bool(entry["way"].via) for entry in listed)
    headings = {
        "Straight": [e for e in listed if not e["way"].via and e["way"].consumer == question["to"]],
        "Over a bridge": [e for e in listed if e["way"].via],
        "Elsewhere in the target's environment": [e for e in listed if e["way"].consumer != question["to"]],
    }
    lines = [
        f"{question['format']} of {question['from']}, to {question['use']} in {question['to']}"
        f" ({', '.join(models) or 'no model'}; {len(listed) - bridges} straight ways and {bridges} bridges were run)",
    ]
    for heading, group in headings.items():
        lines += ["", heading, *([f"  {line}" for line in _grouped(group)] or ["  none"])]
    return "\n".join(lines) + "\n"


WORDS = {"works": "keeps everything", "loses": "loses", "fails": "fails", "unproved": "gives no proof"}


def _grouped(group):
    """The lines of the text: ways with the same result under one heading."""
    headings = {}
    for entry in group:
        lost = sorted({name for r in entry["models"].values() for name in r["lost"]})
        failed = entry["models"].values() if entry["kind"] == "fails" else ()
        messages = sorted(r["message"][:90] for r in failed if r["message"])
        what = f"{WORDS[entry['kind']]}{' ' + ', '.join(lost) if entry['kind'] == 'loses' else ''}"
        headings.setdefault(what + "".join(f" ({message})" for message in messages[:1]), []).append(entry)
    for heading, entries in headings.items():
        yield f"{heading}:"
        for entry in entries[:SHOWN]:
            yield f"  - {'; '.join(entry['steps'])}"
        if len(entries) > SHOWN:
            yield f"  and {len(entries) - SHOWN} more"


def page(listed, question):
    """The page: one table, a row for each way and a column for each model."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    models = sorted({m for entry in listed for m in entry["models"]})
    css = (PAGE / "page.css").read_text(encoding="utf-8")
    answer = text(listed, question)
    return environment.get_template("upgrade.html.j2").render(
        question=question, ways=listed, models=models, css=css, answer=answer, words=WORDS
    )


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", required=True, metavar="JSON", help="the upgrade and the paths of its verdicts")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    args = parser.parse_args(argv)
    given = read_json(args.ways)
    question = given["question"]
    if not question:
        raise SystemExit("error: the configuration has no `upgrade`; see config/README.md.")
    listed = ways([read_json(path) for path in given["verdicts"]])
    answer = text(listed, question)
    write_atomic(str(args.out / "upgrade.txt"), answer.encode())
    write_atomic(str(args.out / "upgrade.html"), page(listed, question).encode())
    sys.stdout.write(f"{answer}\nPage: {args.out / 'upgrade.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
