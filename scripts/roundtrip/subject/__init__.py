"""A model that the user brings: their own code, which knows nothing of this project, with the interface of a member.

``code``       imports the user's files, and writes nothing beside them
``chance``     notes the calls that no seed decides
``arrays``     the data that the user gives, split to train and to test
``made_up``    data that follow from the model's inputs, outputs and loss
``compiling``  compiles the model where its code does not
``names``      has the names that Keras makes up not depend on the number of builds
``rehearsal``  how long a batch takes, and whether training draws random numbers
``traits``     what contracts refer to, as the built model shows it
``beginning``  what a step does first: the user's code imported, data and plan chosen or taken from the reference
"""

import numpy as np

from roundtrip import state
from roundtrip.subject import chance, compiling, names
from roundtrip.subject.code import Code, CodeError

#: the packages that Keras itself lies in
KERAS = ("keras", "tf_keras", "tensorflow")
#: how much a weight that the code made is changed, so that one that does not come back is noticed
NUDGE = 0.05


class Subject(object):
    """The user's model, with the attributes and functions of a member of ``models`` that steps use.

    Parameters
    ----------
    described : dict
        The subject's file (host.select.subjects).
    rt : roundtrip.runtime.Runtime
    keras : str
        The module that is Keras in this runtime.

    Attributes
    ----------
    loss : str or None
        The loss with which this project compiles the model; None where the user's code compiles it.
    """

    APIS = {"keras3": "", "keras2": ""}
    TWIN = None

    def __init__(self, described, rt, keras):
        self.ID, self.described, self.keras = described["id"], described, keras
        self.code = Code(keras, described["named_in"])
        self.noted = chance.Noted(self.code)
        self.noted.watch_tensorflow(rt.tf)
        self.counters, self.loss = None, None

    def open(self):
        """Import the user's code. Raises CodeError."""
        self.made = self.code.function(*self.described["build"])

    def fresh(self, rt):
        """What must happen before each build."""
        self.counters = names.restart(rt, self.counters)

    def build(self, rt, inputs):
        model = self.made()
        if not isinstance(model, rt.keras.Model):
            problem = "build() returned a %s of %s, and a Model of %s is wanted"
            raise CodeError(problem % (type(model).__name__, type(model).__module__, self.keras))
        return model

    def randomise(self, rt, model, seed, assign=None):
        """Change the weights a little, by the seed; also those that the code makes alike each time."""
        kept = {id(v) for layer in state.flat_layers(model) if state.computed(layer) for v in layer.weights}
        for position, v in enumerate(state.weights_of(model)):
            value = state.to_numpy(v)
            if id(v) in kept or value.dtype.kind != "f":
                continue
            noise = np.random.RandomState([seed, position]).normal(0.0, NUDGE, value.shape)
            v.assign((value + np.where(value == 0, noise / 5, noise * np.abs(value))).astype(value.dtype))

    def compile(self, rt, model):
        """Compile as the code does, or as this project does where the code does not; not a second time."""
        if compiling.is_compiled(model):
            return
        if self.loss:
            compiling.compile_with(rt, model, self.loss)
        else:
            compiling.compile_like(rt, model, self.made(), self.custom_objects(rt))

    def custom_objects(self, rt):
        """{name: class or function} of all that a loader must be given: see is_of and extends_keras."""
        return objects_of(self.code.modules())


def objects_of(found):
    """{name: class or function} of what modules of the user define, and of what they import that extends Keras."""
    modules = {module.__name__: module for module in found}
    things = [thing for module in modules.values() for thing in vars(module).values() if hasattr(thing, "__name__")]
    return {t.__name__: t for t in things if is_of(t, modules) or extends_keras(t)}


def is_of(thing, modules):
    """Whether a class or function was defined in one of the user's modules, and not only imported there."""
    return callable(thing) and getattr(thing, "__module__", None) in modules


def extends_keras(thing):
    """Whether a class that the user's modules import extends Keras, but is not of it: a layer of another package."""
    if not isinstance(thing, type) or package(thing) in KERAS:
        return False
    return any(package(base) in KERAS for base in thing.__mro__)


def package(cls):
    """The package that a class is defined in."""
    return cls.__module__.partition(".")[0]
