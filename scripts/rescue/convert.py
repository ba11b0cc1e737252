"""A file of an older Keras as a ``.keras`` file that the newer one reads by itself."""

import contextlib
import importlib

from rescue.held import Unreadable
from rescue.layers import Refused
from rescue.losses import states_compile
from rescue.reading import read_held
from rescue.restore import rescue


class NotLoadable(Exception):
    """Keras makes no model of the file; the message has Keras' words and the remedy."""


def load_and_rescue(path, keras=None, custom_objects=None, **options):
    """(model, Report): the model as Keras loads it, with what Keras left in the file put back.

    Where Keras cannot restore the compile arguments, or another major version wrote them, the model is loaded without
    them, and they are put back too: Keras 3 takes the name of a metric of Keras 2 for its function.

    Parameters
    ----------
    path : str
    keras : module, by default ``keras``
    custom_objects : dict
    options : what ``rescue`` takes beside

    Raises
    ------
    NotLoadable, Refused, Unreadable
    """
    keras = keras or importlib.import_module("keras")
    with _safely(keras):
        model = _loaded(path, keras, custom_objects, options.get("damaged", False))
    return model, rescue(model, path, custom_objects=custom_objects, **options)


def _loaded(path, keras, custom_objects, damaged):
    if _is_of_another_major(read_held(str(path), damaged), keras):
        return _not_compiled(path, keras, custom_objects)
    try:
        return keras.models.load_model(path, custom_objects=custom_objects)
    except Exception:
        return _not_compiled(path, keras, custom_objects)


def _is_of_another_major(held, keras):
    """Whether the file states its compile arguments in the words of another major version of Keras."""
    stated = states_compile(held) and held.keras
    return bool(stated) and stated.split(".")[0] != keras.__version__.split(".")[0]


def _not_compiled(path, keras, custom_objects):
    try:
        return keras.models.load_model(path, custom_objects=custom_objects, compile=False)
    except Exception as error:
        raise NotLoadable(
            "%s %s makes no model of %s (%s: %s). Build the model with your own code: rescue(model, path), or --model"
            % (keras.__name__, keras.__version__, path, type(error).__name__, " ".join(str(error).split())[:300])
        ) from error


def _safely(keras):
    """Keras 2 runs a Lambda layer's code from an HDF5 file unless it is told not to."""
    scope = getattr(getattr(keras, "saving", None), "SafeModeScope", None)
    if scope is None:
        with contextlib.suppress(ImportError, AttributeError):
            scope = importlib.import_module("tf_keras.src.saving.serialization_lib").SafeModeScope
    return scope(True) if scope is not None and keras.__name__ == "tf_keras" else _nothing()


@contextlib.contextmanager
def _nothing():
    yield


def convert(path, new, model=None, keras=None, custom_objects=None, **options):
    """Save as ``new`` the model of ``path``, with everything that the file holds. Returns the Report.

    Parameters
    ----------
    path : str
    new : str, ``*.keras``, or ``*.weights.h5`` for the weights alone
    model : Keras model or None
        Built by your code, where Keras makes no model of the file.
    keras : module, by default ``keras``; without effect where ``model`` is given
    """
    if model is None:
        model, report = load_and_rescue(path, keras, custom_objects, **options)
    else:
        report = rescue(model, path, custom_objects=custom_objects, **options)
    if report.dry_run:
        return report
    if new.endswith(".weights.h5"):
        model.save_weights(new)
    else:
        model.save(new)
    report.notes.append("saved as %s" % new)
    return report


ERRORS = (NotLoadable, Refused, Unreadable)
