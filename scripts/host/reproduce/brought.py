"""The reproduction of a cell of an artifact that the user brings: a copy of it is loaded by the route, and used."""

import ast
import dataclasses
import os
import pathlib
import shutil

import numpy as np

from host.judge import agreement, held_against_file
from host.judge.brought import Judged
from host.judge.numbers import as_float
from host.reproduce.brought_header import header
from host.reproduce.compose import formatted, template
from host.reproduce.cut import Cut
from host.reproduce.sources import CannotReproduce
from host.select import user_code
from host.select.cells import Cell
from roundtrip.brought import stated
from roundtrip.loaders import only_path
from roundtrip.record import read_json, read_record

TEMPLATE = "brought.py.j2"
#: what the template imports
IMPORTED = {"import os", "import sys", "import traceback", "import numpy as np"}
PIECE = "roundtrip.pieces.brought"
#: facet -> the expression for its lines, and the definition that it calls
LOOKS = {
    "weights": ("weights_elsewhere(stated, loaded)", "weights_elsewhere"),
    "optimizer_state": ("optimizer_elsewhere(stated, loaded)", "optimizer_elsewhere"),
    "compile_config": ("not_compiled(loaded)", "not_compiled"),
    "predictions": ("list(disagreeing(EXPECTED, outputs(loaded, INPUTS), ALLOWED))", "disagreeing"),
}
#: of larger files of the artifact a hard link lies beside the reproduction, where the file system allows it
LARGE = 100_000_000
#: keys of the artifact's entry that a route reads
KEYS = ("signature", "outputs", "expected_names")


class Brought:
    """One cell of a brought artifact, as its reproduction sees it.

    Parameters
    ----------
    verdict : dict
    claim : host.reproduce.claim.Claim
    side : host.reproduce.side.Side
        The consumer.
    files : dict
        Paths: ``manifest``; ``observed``, a list of those of every cell of the artifact; ``folder``, that of the files
        beside the reproduction.
    """

    def __init__(self, verdict, claim, side, files):
        self.verdict, self.claim, self.side, self.folder = verdict, claim, side, pathlib.Path(files["folder"])
        self.cell, self.taken = Cell(**verdict["cell"]), pathlib.Path(files["manifest"]).parent
        self.item = read_json(str(self.taken / "item.json"))
        readings = [agreement.Reading(path) for path in files["observed"]]
        mine = next(r for r in readings if (r.consumer, r.loader, r.use) == tuple(self.cell[4:]))
        same_use = [r for r in readings if r.use == self.cell.use]
        self.judged = Judged(self.cell, self.item, read_record(files["manifest"])["brought"], mine, same_use)
        self.values, self.literals = {}, {"INPUTS": {}, "EXPECTED": {}, "ALLOWED": {}}

    def text(self):
        """The file's text; writes what lies beside it. Raises CannotReproduce."""
        facets = self._facets()
        self.claim = dataclasses.replace(self.claim, facets=tuple(facets))
        uses = self.claim.outcome is not None and self.claim.stage == "use"
        if uses or "predictions" in facets:
            self._take_inputs()
        if "predictions" in facets:
            self._take_expected()
        cut = self._cut(facets, uses)
        definitions = cut.source()
        words = {node.id for node in ast.walk(ast.parse(definitions)) if isinstance(node, ast.Name)}
        text = template(TEMPLATE).render(
            header=header(self),
            side=self.side,
            claim=self.claim,
            definitions=definitions,
            words=words,
            imports=sorted({s for name, s in cut.imports.items() if name in words} - IMPORTED),
            looks={facet: LOOKS[facet][0] for facet in facets},
            stated=any("stated" in LOOKS[facet][0] for facet in facets),
            uses=uses,
            fits=uses and self.cell.use == "resume",
            prepares=self._prepares(facets),
            path=self._copy_artifact(),
            code=self._copy_code(),
            item={key: self.item[key] for key in KEYS if self.item.get(key)},
            **self.literals,
        )
        np.savez_compressed(self.folder / "values.npz", **self.values)
        return formatted(text)

    def _facets(self):
        """The facets that are compared. Raises CannotReproduce where there is none, and no error either."""
        if self.claim.outcome:
            if self.claim.error == "Refused":
                raise CannotReproduce("it refused inputs that were tried, and which of them is not recorded")
            if self.claim.outcome == "crashed":
                raise CannotReproduce("it ends the process, and the file has no second one")
            return []
        shown = [facet for facet in self.claim.facets if facet in LOOKS and self._shows(facet)]
        if not shown:
            raise CannotReproduce(f"{', '.join(self.claim.facets)}: not comparable by a short file")
        return shown

    def _shows(self, facet):
        """Whether the short comparison of a facet sees what the judge saw."""
        detail = self.verdict["facets"][facet]["detail"]
        swapped = facet == "weights" and any("is not what" in line for line in detail)
        losses = facet == "compile_config" and any(line.startswith("losses") for line in detail)
        return not swapped and not losses

    def _prepares(self, facets):
        """The function that creates an older optimizer's variables after loading."""
        old = self.side.api == "keras2" and self.side.version < (2, 11)
        return "create_slots" if "optimizer_state" in facets and old else None

    def _cut(self, facets, uses):
        needs_file = self.item.get("custom_objects")
        modules = {"ctx.module": PIECE if needs_file else "roundtrip.pieces", "ctx.modifier": "roundtrip.modifiers.none"}
        values = {**self.side.values, "ctx.item": "ITEM", "ctx.build": "user_build", "ctx.module.file": "user_file"}
        cut = Cut({"rt.api": self.side.api, "rt.version": self.side.version}, modules, values)
        cut.pure = False
        cut.add(f"roundtrip.loaders.{self.cell.loader}", "read", "load")
        for name in sorted({LOOKS[facet][1] for facet in facets}):
            cut.add(PIECE, name, name)
        if uses or "predictions" in facets:
            cut.add(PIECE, "outputs", "outputs")
        if uses and self.cell.use == "resume":
            cut.add(PIECE, "fit_one_batch", "fit_one_batch")
        if self._prepares(facets):
            cut.add("roundtrip.pieces.training", "create_slots", "create_slots")
        if any("stated" in LOOKS[facet][0] for facet in facets):
            reader = stated.READERS[self.item["format"]].__name__
            if reader == "<lambda>":
                raise CannotReproduce(f"what a {self.verdict['titles']['format']} states is read by several functions")
            cut.add("roundtrip.brought.stated", reader, "read_stated")
        return cut

    def _take_inputs(self):
        """The inputs of the call; those of another route of the same artifact where this one's are not recorded."""
        readings = [self.judged.mine, *self.judged.readings]
        reading = next((r for r in readings if r.facts.get("inputs")), None)
        if reading is None:
            raise CannotReproduce("the inputs of the call that failed are not recorded")
        for entry in reading.facts["inputs"]:
            key, array = f"input_{len(self.values)}", reading.arrays[entry]
            self.values[key] = array
            text = array.dtype.kind == "U"
            if text and any("\ufffd" in x for x in array.ravel()):
                raise CannotReproduce("the inputs are bytes, which the record does not hold")
            self.literals["INPUTS"][entry["name"]] = f'VALUES["{key}"]' + (ENCODED if text else "")

    def _take_expected(self):
        """What the outputs are held against, under the names that the route gives them."""
        judged, mine = self.judged, self.judged.mine
        expected = agreement.given(self.item, self.taken)
        if expected is None:
            right = {r.id for r in judged.readings if r.loaded and held_against_file.weights(r).intact}
            expected, _ = agreement.majority(mine, judged.readings, judged.tolerance, right)
        observed = mine.values()
        for name, got in agreement.paired(expected, observed)[0].items():
            own = next((n for n, value in observed.items() if got is not None and value.array is got.array), name)
            key, wanted = f"expected_{len(self.values)}", expected[name]
            self.values[key] = as_float(wanted.array, wanted.dtype or "") if wanted.dtype == "bfloat16" else wanted.array
            self.literals["EXPECTED"][own] = f'VALUES["{key}"]'
            self.literals["ALLOWED"][own] = (wanted.dtype, *judged.tolerance.of(name, wanted.dtype))

    def _copy_artifact(self):
        """Copy the artifact; the path that the route gets, from the folder of the files."""
        source = self.taken / "artifact"
        left = shutil.ignore_patterns(".snakemake_timestamp")
        shutil.copytree(source, self.folder / "artifact", copy_function=copied, ignore=left)
        return os.path.relpath(only_path(str(self.folder / "artifact")), self.folder)

    def _copy_code(self):
        """Copy the user's code, and what it imports from beside it; {key: (folder, module, function)}."""
        found = {}
        for key in ("custom_objects", "build"):
            path, _, function = (self.item.get(key) or "").partition(":")
            if path:
                top = pathlib.Path(path).parent
                for file in user_code.closure(path):
                    target = self.folder / "user_code" / os.path.relpath(file, top)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)
                found[key] = (pathlib.Path(path).stem, function)
        return found


#: texts, as NumPy's objects
ENCODED = ".astype(object)"


def copied(source, target):
    """Copy a file, or make a hard link of a large one."""
    if os.path.getsize(source) > LARGE:
        try:
            return os.link(source, target)
        except OSError:  # another file system
            pass
    return shutil.copyfile(source, target)
