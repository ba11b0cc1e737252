"""Copy an artifact that the user brings to results/saved, under the names that every reader accepts.

    PYTHONPATH=scripts python -m host.brought.take ITEM.json --out DIR

Nothing of the artifact is run. Only the copy is read afterwards: whatever lay beside the user's file cannot help.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

from host import inspection
from host.brought import bounded, contents, detect
from host.brought.titles import TITLES
from host.inspection import files
from roundtrip import artifact, faults
from roundtrip.record import Record, read_json, write_json
from roundtrip.stage import fresh_folder

#: ``tensorflow_version`` and ``tensorflow_git_version`` of a MetaGraph: fields 5 and 6 of MetaInfoDef
#: https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/protobuf/meta_graph.proto
_VERSION = re.compile(rb"\x2a[\x05-\x18](\d+\.\d+\.\d+[\w.-]*?)\x32")

#: what lies beside the copy, and is read with it
BESIDE = ("item.json", "inputs.npz", "expected.npz")


def take(item, out):
    """Copy the files, and write ``manifest.json`` and ``item.json`` into the folder ``out``."""
    refuse_links(item)
    found = detect.Found(item["format"], {name: Path(file) for name, file in item["files"].items()}, item["note"])
    fresh_folder(out)
    folder = Path(out, "artifact")
    for name, file in found.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / name)
    for key in ("inputs", "expected"):
        if isinstance(item.get(key), str):
            shutil.copyfile(item[key], Path(out, f"{key}.npz"))
            item = {**item, key: f"{key}.npz"}
    write_json(str(Path(out, "item.json")), item)
    beside = [artifact.entry(out, name) for name in BESIDE if Path(out, name).exists()]
    record = Record(
        "manifest", {"producer": "brought", "model": item["id"], "modifier": "none", "format": item["format"]}
    )
    facts = {"outcome": "done", "reproducible": True, "strays": [], "diagnostics": [], "seconds": {}}
    facts["files"], facts["empty_folders"] = artifact.listing(str(folder)), artifact.empty_folders(str(folder))
    listed = inspection.inspect(folder, item["format"])
    record.facts.update(facts, brought={**about(found, listed), "beside": beside})
    record.write(out, "manifest")


def about(found, listed):
    """What the artifact states about itself (roundtrip.records.brought)."""
    stated = contents.stated(found.format, found.files)
    config, compiled = stated["config"], stated["compiled"]
    return {
        "title": TITLES[found.format],
        "note": found.note,
        "api": stated["api"],
        "version": tensorflow_version(found.files) or stated["version"],
        "traits": contents.traits(config, compiled),
        "layers": contents.layers(config),
        "compiled": compiled,
        "custom": sorted({*contents.foreign_classes(config), *contents.foreign_classes(compiled)}),
        "doors": listed,
        "sources": {name: str(path) for name, path in found.files.items()},
    }


def tensorflow_version(files):
    """The version of TensorFlow that a SavedModel or a MetaGraph states; None if there is none."""
    graphs = [path for name, path in files.items() if name.endswith(("saved_model.pb", ".meta"))]
    if not graphs:
        return None
    with bounded.mapped(Path(graphs[0])) as content:
        stated = _VERSION.search(content)
        version = stated[1].decode() if stated else None
        del stated  # it holds the mapped file
    return version


def refuse_links(item):
    """Raise NotRun where a link leads out of the artifact: what it leads to is none of a stranger's business."""
    out = {} if item["trusted"] else files.links_out(item["files"], item["roots"])
    for name, target in out.items():
        words = f"{name} is a link that leaves the artifact's folder, to {target}. Name the file itself, or mark the"
        raise faults.NotRun(f"{words} artifact `trusted: true` (docs/safety.md).")


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("item", metavar="JSON", help="the artifact's entry in the configuration, resolved")
    parser.add_argument("--out", required=True, metavar="DIR", help="made anew; what lay there is removed")
    args = parser.parse_args(argv)
    try:
        take(read_json(args.item), args.out)
    except faults.NotRun as error:
        print(f"not run: {error}", file=sys.stderr)
        faults.leave(args.out, None, str(error))
        return faults.EXIT_CODE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
