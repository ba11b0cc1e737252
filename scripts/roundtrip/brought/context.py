"""The context of a step that reads a brought artifact: there is no code of the model, but what the user names."""

import importlib.util
import os
import sys
import zlib

from roundtrip import runtime
from roundtrip.engines import engine
from roundtrip.loaders import Unfit
from roundtrip.subject.code import CodeError


class Context(object):
    """The runtime of a reading. Loaders get it as the first argument of ``read``.

    Attributes
    ----------
    rt : roundtrip.runtime.Runtime
    keras, tf, v1 : modules
    item : dict
        The artifact's entry in the configuration, resolved (host.select.brought).
    """

    def __init__(self, args, item):
        api = args.runtime.rpartition("-")[2]
        # a graph that somebody else made may hold random ops without a seed, which op determinism refuses to run
        self.rt = runtime.open_runtime(api, args.module, deterministic=False)
        self.engine = engine(self.rt)
        self.engine.start()
        self.keras, self.tf, self.v1, self.item = self.rt.keras, self.rt.tf, self.rt.v1, item
        # each route has its own seed, so that weights that are not from the file differ between routes
        self.rt.seed(zlib.crc32(("%s %s" % (args.loader, args.runtime)).encode("ascii")) % 1000000)

    def custom_objects(self):
        """{name: class or function} that the file of `custom_objects:` defines or imports by ``from``."""
        path = self.item.get("custom_objects")
        if not path:
            return {}
        found = vars(module_of(path))
        return {name: value for name, value in found.items() if not name.startswith("_") and callable(value)}

    def build(self):
        """The model that the function of `build:` returns."""
        path, _, function = self.item["build"].rpartition(":")
        module = module_of(path)
        try:
            model = getattr(module, function)()
        except Exception as error:
            raise of_user(path, error) from error
        if not isinstance(model, self.keras.Model):
            raise Unfit("%s gives a %s, which is no model of %s" % (function, type(model), self.keras.__name__))
        return model

    def capture(self, model):
        return self.engine.capture(model)

    def describe(self, model):
        return self.engine.describe(model)


def module_of(path):
    """The user's Python file as a module, with its folder first on the path. Raises CodeError with the user's line."""
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules and getattr(sys.modules[name], "__file__", None) == path:
        return sys.modules[name]
    sys.path.insert(0, os.path.dirname(path))
    try:
        spec = importlib.util.spec_from_file_location(name, path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except Exception as error:
        raise of_user(path, error) from error
    return module


def of_user(path, error):
    """The CodeError of an exception in the user's own code: the verdict user_code, as for a model of the user."""
    return CodeError("%s: %s: %s" % (line_in(path, error), type(error).__name__, error))


def line_in(path, error):
    """``file.py, line 12``: the last line of the user's file behind an exception."""
    trace, number = error.__traceback__, getattr(error, "lineno", None)
    while trace:
        if trace.tb_frame.f_code.co_filename == path:
            number = trace.tb_lineno
        trace = trace.tb_next
    return "%s, line %s" % (os.path.basename(path), number or "?")
