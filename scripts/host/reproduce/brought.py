"""The reproduction of a cell of an artifact that the user brings: a copy of it is loaded by the route, and used."""

import ast
import dataclasses
import pathlib

import numpy as np

from host.judge import agreement
from host.judge.brought import Judged
from host.reproduce.brought_files import Arrays, copy_artifact, copy_code
from host.reproduce.brought_header import header
from host.reproduce.compose import formatted, template
from host.reproduce.cut import Cut
from host.reproduce.sources import CannotReproduce
from host.select.cells import Cell
from roundtrip.brought import stated
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
#: facet -> words of the judge on what its short comparison does not see
NOT_SEEN = {"weights": ("is not what",), "compile_config": ("losses",), "predictions": ("outputs, expected",)}
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
        self.arrays = Arrays()

    def text(self):
        """The file's text; writes what lies beside it. Raises CannotReproduce."""
        facets = self._facets()
        self.claim = dataclasses.replace(self.claim, facets=tuple(facets))
        uses = self.claim.outcome is not None and self.claim.stage == "use"
        if uses or "predictions" in facets:
            self.arrays.take_inputs(self.judged)
        if "predictions" in facets:
            self.arrays.take_expected(self.judged, self.taken)
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
            path=copy_artifact(self.taken, self.folder),
            code=copy_code(self.item, self.folder),
            item={key: self.item[key] for key in KEYS if self.item.get(key)},
            **self.arrays.literals,
        )
        np.savez_compressed(self.folder / "values.npz", **self.arrays.values)
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
        return not any(words in line for line in detail for words in NOT_SEEN.get(facet, ()))

    def _prepares(self, facets):
        """The function that creates an older optimizer's variables after loading."""
        old = self.side.api == "keras2" and self.side.version < (2, 11)
        return "create_slots" if "optimizer_state" in facets and old else None

    def _cut(self, facets, uses):
        needs_file = self.item.get("custom_objects")
        modules = {
            "ctx.module": PIECE if needs_file else "roundtrip.pieces",
            "ctx.modifier": "roundtrip.modifiers.none",
        }
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
