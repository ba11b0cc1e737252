"""Puts a reproduction together: the members' code, what is compared, and the two processes around it."""

import builtins
import pathlib
import re
import subprocess
import sys

import jinja2

from host.reproduce import header, looks
from host.reproduce.claim import COMPARED, places
from host.reproduce.cut import Cut, Impure
from host.reproduce.sources import CannotReproduce, Place, has
from roundtrip import members, training

PIECES = "roundtrip.pieces"
#: modules of the standard library that the members' code may use
STANDARD = ("contextlib", "fnmatch", "functools", "io", "math", "random", "re", "zipfile")
USES = {
    "resume": "fit(model, EPOCHS, EPOCHS + MORE_EPOCHS)",
    "evaluate": "evaluate(model)",
    "inference": "predict(model)",
}
WORDS = {"resume": "training on", "evaluate": "evaluating", "inference": "predicting"}


class Composer:
    """The parts of one reproduction.

    Parameters
    ----------
    verdict : dict
        The cell's verdict.json.
    claim : host.reproduce.claim.Claim
    producer, consumer : host.reproduce.side.Side
    training : dict
        ``before`` and ``after``, in epochs; ``seconds``, the limit of a step.
    """

    def __init__(self, verdict, claim, sides, settings):
        self.verdict, self.claim, self.settings = verdict, claim, settings
        self.producer, self.consumer = sides
        self.cell = verdict["cell"]
        self.model = members.member("models", self.cell["model"])
        self.format = members.member("formats", self.cell["format"])
        self.loader = members.member("loaders", self.cell["loader"])
        self.pure = True

    @property
    def across(self):
        return self.producer != self.consumer

    def text(self):
        """The file's text, formatted."""
        try:
            return formatted(self._render())
        except Impure:
            self.pure = False
            return formatted(self._render())

    def _render(self):
        self.cut = Cut(self._runtime(), f"roundtrip.models.{self.cell['model']}", self.consumer.values)
        self.cut.pure = self.pure
        parts = {**self._members(), **self._training(), **self._comparison()}
        definitions = self.cut.source()
        template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True).from_string(
            pathlib.Path(__file__).with_name("reproduce.py.j2").read_text(encoding="utf-8")
        )
        words = set(re.findall(r"\w+", definitions + str(parts)))
        imports = sorted(self.cut.imports - ALREADY) + [f"import {m}" for m in STANDARD if m in words]
        return template.render(
            **parts,
            header=header.header(self.verdict, self.claim, self.producer, self.consumer),
            producer={**vars_of(self.producer), "tf": True},
            consumer=vars_of(self.consumer),
            across=self.across,
            imports=sorted(set(imports)),
            uses_v1="v1" in words,
            v1=self.producer.v1,
            start=self.producer.start,
            seed="\n    ".join(self.producer.seed),
            definitions=definitions,
            batch_size=training.BATCH_SIZE,
            loaded_class=not self.pure,
            session=self.producer.api == "tf1",
            **self.settings,
        )

    def _runtime(self):
        if (self.producer.api, self.producer.version) == (self.consumer.api, self.consumer.version):
            return {"rt.api": self.producer.api, "rt.version": self.producer.version}
        if self.producer.api == self.consumer.api:
            return {"rt.api": self.producer.api}
        return {}

    def _members(self):
        """The definitions of the cell's members."""
        model, cut = f"roundtrip.models.{self.cell['model']}", self.cut
        for name, as_name in (("data", "data"), ("build", "build"), ("compile", "compile_model")):
            cut.add(model, name, as_name)
        if has(model, "custom_objects"):
            cut.add(model, "custom_objects", "custom_objects")
        modifier = f"roundtrip.modifiers.{self.cell['modifier']}"
        if self.cell["modifier"] in ("lms", "tflms"):
            if self.claim.compares("graph_rewrite"):
                raise CannotReproduce("the rewrite of the graph is a part of this project")
            modifier = "roundtrip.modifiers.none"  # the header says so
        modified = {name: has(modifier, name) and modifier != "roundtrip.modifiers.none" for name in MODIFY}
        for name in MODIFY:
            if modified[name]:
                cut.add(modifier, name, name)
        module = f"roundtrip.formats.{self.cell['format']}"
        for name, as_name in (("save", "save"), ("callbacks", "callbacks"), ("fit", "fit_and_save")):
            if has(module, name):
                cut.add(module, name, as_name)
        cut.add(f"roundtrip.loaders.{self.cell['loader']}", "load", "load")
        subclassed = "subclassed" in self.model.TRAITS
        first = "TRAIN[0][:2]"
        return {**modified, "subclassed": subclassed, "first": first, "saves": has(module, "save"), "samples": self.model.SAMPLES}

    def _training(self):
        """How the model is trained; the format may save during that."""
        if self.producer.api == "tf1":
            self.cut.add(f"{PIECES}.session", "new_model", "new_model")
        self.cut.add(f"{PIECES}.{'session' if self.producer.api == 'tf1' else 'training'}", "fit", "fit")
        line = "fit(model, 0, EPOCHS)"
        if hasattr(self.format, "callbacks"):
            line = "fit(model, 0, EPOCHS, callbacks(folder))"
        if hasattr(self.format, "fit"):
            line = "fit_and_save(model, folder)"
        return {"fit_and_save": line, "plain_model": False}

    def _comparison(self):
        """What is compared, and where an error is expected."""
        claim, cut = self.claim, self.cut
        wanted = [f for f in claim.facets if f != "resume_trajectory"]
        if claim.outcome and claim.stage != "use":
            wanted = []
        resumes = "resume_trajectory" in claim.facets and not claim.outcome
        callable_only = not self.pure and "fit" not in self.loader.GIVES
        expressions, after = {}, {}
        for facet in wanted:
            if facet in looks.DESCRIBED:
                cut.keep(Place(*looks.DESCRIBED[facet][1]), places(self.verdict, facet))
            for side, found, only in ((self.producer, expressions, False), (self.consumer, after, callable_only)):
                expression, definitions = looks.look(facet, side, only)
                for module, name in definitions:
                    cut.add(module, name, name)
                found[facet] = (expression, COMPARED[facet])
        final = looks.final_state(self.consumer)
        compared = {COMPARED[f] for f in wanted} | ({"close"} if resumes else set())
        for name in sorted(compared):
            cut.add(f"{PIECES}.compare", name, name)
        for module, name in final[1] if resumes else ():
            cut.add(module, name, name)
        return {
            "looks": expressions,
            "looks_after": after,
            "resumes": resumes,
            "compares_resume": resumes,
            "final_state": final[0],
            "prepare": self._prepare(wanted),
            **self._failure(),
        }

    def _prepare(self, wanted):
        if "optimizer_state" not in wanted or self.consumer.api in ("keras3", "tf1"):
            return None
        name = "make_train_function" if self.consumer.graph else "create_slots"
        if not self.consumer.graph and self.consumer.version >= (2, 11):
            return None
        self.cut.add(f"{PIECES}.training", name, name)
        return name

    def _failure(self):
        """Where the file catches which error."""
        claim, use = self.claim, self.cell["use"]
        refused = claim.outcome in ("refused", "out_of_memory")
        at = claim.stage if refused else None
        in_fit = at == "save" and not hasattr(self.format, "save")
        known = claim.error and hasattr(builtins, claim.error)
        check = "" if known else f'\n        if type(error).__name__ != "{claim.error}":\n            raise'
        if at == "use" and use not in USES:
            raise CannotReproduce(f"the use {use} fails, which a reproduction cannot repeat yet")
        if at == "use" and use != "resume":
            self.cut.add(f"{PIECES}.{'session' if self.consumer.api == 'tf1' else 'training'}", {"evaluate": "evaluate", "inference": "predict"}[use], None)
        return {
            "fit_in_try": in_fit,
            "save_in_try": at == "save" and not in_fit,
            "load_in_try": at == "load",
            "use_in_try": at == "use",
            "use": USES.get(use),
            "use_word": WORDS.get(use),
            "error_class": (claim.error if known else "Exception") if refused else None,
            "error_check": check,
            "timeout": self.settings["seconds"] if claim.outcome == "timeout" else None,
            "crashes": claim.outcome == "crashed",
        }


MODIFY = ("building", "modify")
ALREADY = {f"import {m}" for m in ("json", "os", "shutil", "subprocess", "sys", "tempfile", "traceback")} | {
    "import numpy as np"
}


def vars_of(side):
    return {"variables": side.variables, "import_keras": side.import_keras, "tf": True}


def formatted(text):
    """The text as ruff formats it."""
    ruff = pathlib.Path(sys.executable).with_name("ruff")
    command = [ruff, "format", "--isolated", "--line-length", "120", "--target-version", "py37", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise CannotReproduce(f"the file would be no Python: {done.stderr[-500:]}\n{text}")
    return done.stdout
