"""Puts a reproduction together: the members' code, what is compared, and the two processes around it."""

import ast
import dataclasses
import functools
import pathlib
import subprocess
import sys

import jinja2

from host.judge.of_user import UNREPEATABLE
from host.reproduce import looks
from host.reproduce.comparison import Comparison
from host.reproduce.cut import Cut
from host.reproduce.header import header
from host.reproduce.linking import Impure
from host.reproduce.sources import CannotReproduce, has
from roundtrip import members

TEMPLATE = "reproduce.py.j2"
#: what is read as text (host.select.sources)
DEPENDS = (
    "host/reproduce/*.py.j2",
    "roundtrip/pieces/*.py",
    "roundtrip/describe.py",
    "roundtrip/describe_compile.py",
)
#: what the template imports
IMPORTED = {f"import {m}" for m in ("json", "os", "shutil", "subprocess", "sys", "tempfile", "traceback")}
IMPORTED |= {"import numpy as np"}
#: what stands for an attribute of ``rt`` that differs between the two processes
IN_EACH = {"rt.api": "API", "rt.version": "VERSION"}
NOT_ALONE = {
    "flask_server": "it starts the server that is a part of this project (scripts/serve.py)",
    "transfer_twin": "it needs a second model beside the cell's",
    "rescue": "it needs scripts/keras_rescue.py, a program of this project",
    "build_rescue": "it needs scripts/keras_rescue.py, a program of this project",
}


class Composer:
    """The parts of one reproduction.

    Parameters
    ----------
    verdict : dict
        The cell's verdict.json.
    claim : host.reproduce.claim.Claim
    sides : (host.reproduce.side.Side, host.reproduce.side.Side)
        The producer and the consumer.
    model : host.reproduce.trained.OfProject or OfUser
    settings : dict
        ``before`` and ``after``, in epochs; ``seconds``, the limit of a step.
    """

    def __init__(self, verdict, claim, sides, model, settings):
        self.verdict, self.claim, self.model = verdict, claim, model
        self.settings = {**settings, **model.epochs}
        self.producer, self.consumer = sides
        self.cell = verdict["cell"]
        self.format = members.member("formats", self.cell["format"])
        self.loader = members.member("loaders", self.cell["loader"])

    def text(self):
        """The file's text, formatted. Raises CannotReproduce."""
        for axis in ("loader", "use"):
            if self.cell[axis] in NOT_ALONE:
                raise CannotReproduce(f"{self.cell[axis]}: {NOT_ALONE[self.cell[axis]]}")
        try:
            return formatted(self._render(loaded_class=False))
        except Impure:
            return formatted(self._render(loaded_class=True))

    def _render(self, loaded_class):
        values = {**IN_EACH, **self.consumer.values, **self.model.values}
        cut = Cut(self._runtime(), self._modules(), values)
        cut.pure = not loaded_class
        parts = {**self._of_members(cut), **self._of_training(cut)}
        comparison = Comparison(self, cut, loaded_class)
        parts.update(comparison.parts())
        claim = dataclasses.replace(self.claim, facets=tuple(comparison.looked))
        definitions = cut.source()
        words = {node.id for node in ast.walk(ast.parse(definitions)) if isinstance(node, ast.Name)}
        return template(TEMPLATE).render(
            **parts,
            **self.settings,
            header=header(self.verdict, claim, self.producer, self.consumer, self._does_without()),
            producer=self.producer,
            consumer=self.consumer,
            across=self.producer != self.consumer,
            imports=sorted({statement for name, statement in cut.imports.items() if name in words} - IMPORTED),
            words=words,
            definitions=definitions,
            loaded_class=loaded_class,
        )

    def _runtime(self):
        """What of ``rt`` is the same in both processes."""
        if self.producer.api != self.consumer.api:
            return {}
        version = {"rt.version": self.producer.version} if self.producer.version == self.consumer.version else {}
        return {"rt.api": self.producer.api, **version}

    def _modules(self):
        """What ``ctx.module`` and ``ctx.modifier`` are."""
        return {
            "ctx.module": self.model.module,
            "ctx.modifier": f"roundtrip.modifiers.{self.cell['modifier']}",
        }

    def _of_members(self, cut):
        """Take the definitions of the cell's members."""
        parts, modifier = self.model.parts(cut), self._modules()["ctx.modifier"]
        modifies = {name: self.cell["modifier"] != "none" and has(modifier, name) for name in ("building", "modify")}
        for name in modifies:
            if modifies[name]:
                cut.add(modifier, name, name)
        fmt = f"roundtrip.formats.{self.cell['format']}"
        for name, as_name in (("save", "save"), ("callbacks", "callbacks"), ("fit", "fit_and_save")):
            if has(fmt, name):
                cut.add(fmt, name, as_name)
        cut.add(f"roundtrip.loaders.{self.cell['loader']}", "load", "load")
        return {**parts, **modifies, "saves": has(fmt, "save")}

    def _of_training(self, cut):
        """Take what trains the model; the format may save during that."""
        session, piece = self.producer.api == "tf1", looks.piece(self.producer)
        if session:
            cut.add(piece, "new_model", "new_model")
        cut.add(piece, "fit", "fit")
        if hasattr(self.format, "fit"):
            if UNREPEATABLE in self.verdict.get("traits", ()):
                raise CannotReproduce("the format saves during training, and that does not repeat")
            return {"session": session, "fits_itself": True, "fit_and_save": "fit_and_save(model, folder)"}
        callbacks = ["callbacks(folder)"] if hasattr(self.format, "callbacks") else []
        if self._rewrites():
            cut.add(self._modules()["ctx.modifier"], "callbacks", "rewriting_callbacks")
            callbacks.insert(0, "rewriting_callbacks()")
        given = f", {' + '.join(callbacks)}" if callbacks else ""
        return {"session": session, "fits_itself": False, "fit_and_save": f"fit(model, 0, EPOCHS{given})"}

    def _rewrites(self):
        """Whether the model's graph is rewritten: only where the loader does it again, for the code is long."""
        again = self.loader.REQUIRES_MODIFIER or "graph_rewrite" in self.loader.SUPPLIES
        return bool(again) and has(self._modules()["ctx.modifier"], "callbacks")

    def _does_without(self):
        return has(self._modules()["ctx.modifier"], "callbacks") and not self._rewrites()


@functools.cache
def template(name):
    text = pathlib.Path(__file__).with_name(name).read_text(encoding="utf-8")
    return jinja2.Template(text, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)


def formatted(text):
    """The text as ruff formats it."""
    ruff = pathlib.Path(sys.executable).with_name("ruff")
    command = [ruff, "format", "--isolated", "--line-length", "120", "--target-version", "py37", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise CannotReproduce(f"the file would be no Python: {done.stderr[-500:]}")
    return done.stdout
