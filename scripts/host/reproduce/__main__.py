"""Write the reproduction of a cell, and what it must show.

PYTHONPATH=scripts python -m host.reproduce --verdict JSON --producer JSON --consumer JSON --script FILE --claim FILE

``--producer`` and ``--consumer`` are the environments' environment.json. Where there is no reproduction, the claim says
why, and so does the script, which then ends with 2.
"""

import argparse
import dataclasses
import json
import pathlib
import shutil
import sys

from host.reproduce.brought import Brought
from host.reproduce.claim import claim_of
from host.reproduce.compose import Composer
from host.reproduce.side import Side
from host.reproduce.sources import CannotReproduce
from host.reproduce.trained import OfProject, OfUser
from roundtrip.record import write_json

#: the folder beside a reproduction with what it needs: the user's files, data
FILES = "files"
NONE = '"""There is no reproduction of this cell: {reason}"""\n\nimport sys\n\nprint(__doc__)\nsys.exit(2)\n'


def write(verdict, environments, settings, beside=None):
    """(text of the file, its Claim) for a verdict; ``environments`` are the producer's and the consumer's facts.

    ``beside``: paths, of a model that the user brings those of host.reproduce.trained.OfUser, of an artifact those of
    host.reproduce.brought.Brought.
    """
    make = of_brought if "manifest" in (beside or {}) else of_trained
    return make(verdict, environments, settings, beside)


def of_brought(verdict, environments, settings, files):
    side = Side(verdict["cell"]["consumer"].rpartition("-")[2], environments[-1], deterministic=False)
    made = Brought(verdict, claim_of(verdict), side, files)
    return made.text(), made.claim


def of_trained(verdict, environments, settings, user):
    claim = claim_of(verdict)
    apis = [verdict["cell"][axis].rpartition("-")[2] for axis in ("producer", "consumer")]
    sides = [Side(api, facts) for api, facts in zip(apis, environments, strict=True)]
    model = OfUser(modules=[s.module for s in sides], **user) if user else OfProject(verdict["cell"]["model"])
    sides = [dataclasses.replace(side, deterministic=model.deterministic) for side in sides]
    claim = claim.without(model.lacks)
    return Composer(verdict, claim, sides, model, settings).text(), claim


def written(verdict, environments, settings, beside=None):
    """(text of the file, facts for claim.json)."""
    judged = {"records": verdict.get("records"), "verdict": verdict["verdict"]}
    try:
        text, claim = write(verdict, environments, settings, beside)
    except CannotReproduce as error:
        reason = " ".join(str(error).split())
        return NONE.format(reason=reason.replace('"""', "'''")), {**judged, "reason": reason}
    return text, {**judged, "exit_code": claim.exit_code, "outcome": claim.outcome}


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("verdict", "producer", "consumer"):
        parser.add_argument(f"--{name}", required=True, metavar="JSON")
    for name in ("script", "claim"):
        parser.add_argument(f"--{name}", required=True, metavar="FILE")
    for name in ("subject", "reference"):
        parser.add_argument(f"--{name}", metavar="JSON", help="of a model that the user brings")
    parser.add_argument("--manifest", metavar="JSON", help="of an artifact that the user brings")
    parser.add_argument("--observed", nargs="+", metavar="JSON", help="of every cell of that artifact")
    parser.add_argument("--before", type=int, default=10, metavar="EPOCHS")
    parser.add_argument("--after", type=int, default=2, metavar="EPOCHS")
    parser.add_argument("--seconds", type=float, default=300, help="after which a cell that hangs is said to hang")
    args = parser.parse_args(argv)
    settings = {name: getattr(args, name) for name in ("before", "after", "seconds")}
    folder = pathlib.Path(args.script).with_name(FILES)
    given = {name: getattr(args, name) for name in ("subject", "reference", "manifest", "observed")}
    beside = {name: path for name, path in given.items() if path}
    if beside:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        beside["folder"] = folder
    text, claim = written(read(args.verdict), [read(args.producer), read(args.consumer)], settings, beside)
    pathlib.Path(args.script).write_text(text, encoding="utf-8")
    write_json(args.claim, claim)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
