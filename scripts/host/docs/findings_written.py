"""Write docs/findings/ from a findings.json, and remove the pages of findings that it does not have.

PYTHONPATH=scripts python -m host.docs.findings_written [results/published/findings.json] [--out docs/findings]
"""

import argparse
import json
import pathlib
import sys

from host import schemas
from host.docs import findings as pages

ROOT = pathlib.Path(__file__).resolve().parents[3]
PUBLISHED, DOCS = ROOT / "results/published/findings.json", ROOT / "docs/findings"


def read(path):
    """A findings.json, checked against its schema. Raises host.schemas.ConfigError."""
    return schemas.validate(json.loads(pathlib.Path(path).read_text(encoding="utf-8")), "findings", str(path))


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("findings", nargs="?", default=PUBLISHED, type=pathlib.Path, metavar="JSON")
    parser.add_argument("--out", default=DOCS, type=pathlib.Path, metavar="DIR")
    args = parser.parse_args(argv)
    texts = pages.pages(read(args.findings))
    args.out.mkdir(parents=True, exist_ok=True)
    for file in args.out.glob("*.md"):
        if file.name not in texts:
            file.unlink()
    for name, text in texts.items():
        (args.out / name).write_text(text, encoding="utf-8")
    print(f"{args.out}: {len(texts) - 1} findings")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
