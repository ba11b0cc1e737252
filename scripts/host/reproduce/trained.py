"""The model that a reproduction trains: one of this project, or one that the user brings."""

import numpy as np

from host.reproduce import user_files
from host.reproduce.sources import CannotReproduce, has
from roundtrip import members, training
from roundtrip.record import read_json, read_record

#: what a user's model cannot do (roundtrip.subject.traits.LACKING) -> the facet that is not compared then
LACKING = {"no_predictions": "predictions", "no_evaluation": "evaluation"}


class OfProject:
    """A model of this project: its definitions are cut, and its data are made up.

    Attributes
    ----------
    module : str
        The module from which definitions are cut: ``ctx.module``.
    values : dict
        More expressions for attributes of ``ctx`` (host.reproduce.plain.VALUES).
    epochs : dict
        ``before`` and ``after`` where they are not those of the configuration.
    lacks : tuple of str
        The facets that are not compared because the model cannot do what they need.
    deterministic : bool
        Whether op determinism is on.
    """

    values, epochs, lacks, deterministic = {}, {}, (), True

    def __init__(self, name):
        self.member, self.module = members.member("models", name), f"roundtrip.models.{name}"

    def parts(self, cut):
        """Take the definitions; the template's variables."""
        for name, as_name in (("data", "data"), ("build", "build"), ("compile", "compile_model")):
            cut.add(self.module, name, as_name)
        if has(self.module, "custom_objects"):
            cut.add(self.module, "custom_objects", "custom_objects")
        return {
            "samples": self.member.SAMPLES,
            "batch_size": training.BATCH_SIZE,
            "first_call": self._call(cut),
            "compiles": True,
            "user": None,
        }

    def _call(self, cut):
        """The first call of a subclassed model, which creates its weights; None for other models."""
        if "subclassed" not in self.member.TRAITS:
            return None
        inputs, _ = self.member.data(np.zeros((2, 28, 28), "uint8"), np.zeros(2, "int64"))
        if isinstance(inputs, np.ndarray):
            return "model(TRAIN[0][:2])"
        cut.add("roundtrip.training", "first", "first")
        return "model(first(TRAIN[0], 2))"


class OfUser:
    """A model that the user brings: their files lie beside the reproduction, and the samples that the cell used.

    The attributes are those of OfProject.

    Parameters
    ----------
    subject, reference : path
        results/subjects/{model}.json, and the reference.json of the cell.
    modules : list
        The module that is Keras, of producer and consumer.
    folder : path
        That of the reproduction.
    """

    module = "roundtrip.pieces.user_model"

    def __init__(self, subject, reference, modules, folder):
        self.described, facts = read_json(subject), read_record(reference).get("subject", {})
        if "plan" not in facts:
            raise CannotReproduce("the user's model was not trained")
        self.facts, plan = facts, facts["plan"]
        self.epochs = {"before": plan["before"], "after": plan["after"]}
        self.lacks = tuple(LACKING[trait] for trait in facts["lacks"])
        self.deterministic = not facts["indeterminate"]
        self.values = {
            "ctx.module.made": "user_build",
            "ctx.module.folder": "CODE",
            "ctx.module.loss": repr(facts["loss"]),
        }
        self.train, self.test = user_files.write_data(reference, folder)
        copies = user_files.copy(self.described, modules, folder)
        self.producer, self.consumer = (copies[module] for module in modules)

    def parts(self, cut):
        """Take the definitions; the template's variables."""
        subclassed = "subclassed" in self.facts["traits"]
        cut.add(self.module, "build_and_call" if subclassed else "build", "build")
        cut.name(self.module, "compile", "compile_model")
        if self.facts["loss"]:
            cut.add(self.module, "compile", "compile_model")
        return {
            "samples": self.facts["plan"]["samples"],
            "batch_size": self.facts["plan"]["batch_size"],
            "first_call": None,
            "compiles": bool(self.facts["loss"]),
            "user": self,
        }

    @property
    def function(self):
        return self.described["build"][1]
