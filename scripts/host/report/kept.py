"""The reports of several configurations, side by side: each one's last report, and an index of them.

    PYTHONPATH=scripts python -m host.report.kept --report results/report --name wide --file FILE ... [--options TEXT]

copies the files of a report to results/reports/<name>/, and writes results/reports/index.html. A folder of a name holds
the files of its last report and made.json; folders inside it are left alone.
"""

import argparse
import datetime
import json
import os
import shutil
import sys
from pathlib import Path

import jinja2

from host.report import gate

#: what the folder of a report says of it: the options of its command, and when it was made
MADE = "made.json"
TEMPLATE = Path(__file__).parent / "page" / "reports.html.j2"


def keep(report, folder, files, options=""):
    """Copy these files of a report into a folder, each at once: no reader ever sees half a file.

    They are no hard links: a report may be written again in place, and this one must stay what it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = [file for file in files if (report / file).exists()]
    for file in there:
        new = folder / f"{file}.new"
        shutil.copy2(report / file, new)
        os.replace(new, folder / file)
    when = datetime.datetime.fromtimestamp((report / "gate.json").stat().st_mtime).astimezone()
    replace(folder / MADE, json.dumps({"options": options, "when": when.isoformat(timespec="seconds")}) + "\n")
    for path in folder.iterdir():
        if path.is_file() and path.name not in (*there, MADE):
            path.unlink()


def replace(path, text):
    """Write a text so that the file is the old one or the new one at any time."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def reports(folder):
    """What the index says of each report that is kept below a folder, the newest first."""
    found = []
    for path in folder.glob(f"*/{MADE}"):
        made = json.loads(path.read_text(encoding="utf-8"))
        answer = json.loads((path.parent / "gate.json").read_text(encoding="utf-8"))
        when = datetime.datetime.fromisoformat(made["when"])
        found.append({"name": path.parent.name, "options": made["options"], "when": when, **counted(answer)})
    return sorted(found, key=lambda report: report["when"], reverse=True)


def counted(answer):
    """The numbers of a report's gate.json for the index."""
    return {"cells": answer["cells"], "passed": answer["passed"], "sentence": gate.sentence(answer)}


def index(folder):
    """Write the index of the reports below a folder."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    replace(folder / "index.html", page.render(reports=reports(folder)))


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", required=True, type=Path, metavar="DIR", help="the report of the last run")
    parser.add_argument("--name", required=True, help="what its configuration is called by")
    parser.add_argument("--options", default="", help="what the command of the run needs beside `snakemake`")
    parser.add_argument("--file", required=True, nargs="+", help="the files to keep")
    args = parser.parse_args(argv)
    folder = args.report.with_name("reports")
    try:
        keep(args.report, folder / args.name, args.file, args.options)
        index(folder)
    except OSError as error:  # a full disk: the report itself is there
        print(f"error: the report is not kept in {folder / args.name}: {error}", file=sys.stderr)
        return 1
    print(f"Kept beside the reports of other configurations: {folder / args.name / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
