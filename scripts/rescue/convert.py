"""A file of an older Keras as a ``.keras`` file that the newer one reads by itself."""

import contextlib
import importlib

from rescue.held import Unreadable
from rescue.layers import Refused
from rescue.restore import rescue


def load_and_rescue(path, keras=None, custom_objects=None, **options):
    """(model, Report): the model as Keras loads it, with what Keras left in the file put back.

    Where Keras cannot restore the compile arguments, the model is loaded without them, and they are put back too.

    Parameters
    ----------
    path : str
    keras : module, by default ``keras``
    custom_objects : dict
    options : what ``rescue`` takes beside

    Raises
    ------
    Refused, Unreadable, and what Keras raises where it makes no model of the file: build it with your code then.
    """
    keras = keras or importlib.import_module("keras")
    with _safely(keras):
        try:
            model = keras.models.load_model(path, custom_objects=custom_objects)
        except Exception:
            model = keras.models.load_model(path, custom_objects=custom_objects, compile=False)
    return model, rescue(model, path, custom_objects=custom_objects, **options)


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


ERRORS = (Refused, Unreadable)
