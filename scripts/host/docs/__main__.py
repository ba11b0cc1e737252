"""Write what is generated: tables of docs/ and README.md, from the code or results/published/, and keras_rescue.py.

    PYTHONPATH=scripts python -m host.docs [--check]

A page has the lines ``<!-- generated: NAME -->`` and ``<!-- end -->``. This program writes TABLES[NAME] between them.
The rest of the page is written by hand.
"""

import argparse
import functools
import pathlib
import re
import sys

from host.docs import catalogue, columns, joined, judged, kinds, published
from roundtrip import members

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
GENERATED = re.compile(r"(<!-- generated: ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
TABLES = {"models": catalogue.models, "formats": catalogue.formats, "loaders": catalogue.loaders}
TABLES.update(judged.TABLES)
TABLES.update(columns.TABLES)
TABLES.update(published.TABLES)
TABLES.update((f"kind {kind}", functools.partial(kinds.tables, kind)) for kind in members.KINDS)


def filled(text):
    """The text of a page with its tables written again. Raises KeyError if there is no table of a name."""
    return GENERATED.sub(lambda match: f"{match[1]}\n{TABLES[match[2]]()}\n{match[3]}", text)


def pages():
    """Every page that may hold such tables."""
    return [page for page in (DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))) if page.exists()]


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 where a table is not up to date"
    )
    args = parser.parse_args(argv)
    # first: the loaders import it, and a table is made of the loaders
    old = joined.TARGET.exists() and joined.TARGET.read_text("utf-8") == joined.joined()
    if not old:
        print(f"{joined.TARGET}: {'is not up to date: make docs' if args.check else 'written'}")
    if not old and not args.check:
        joined.write()
    stale = [page for page in pages() if filled(page.read_text("utf-8")) != page.read_text("utf-8")]
    for page in stale:
        print(f"{page.relative_to(DOCS.parent)}: {'is not up to date: make docs' if args.check else 'written'}")
        if not args.check:
            page.write_text(filled(page.read_text("utf-8")), "utf-8")
    return 1 if args.check and (stale or not old) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
