"""A file of an older Keras as a ``.keras`` file that the newer one reads by itself."""

import contextlib
import importlib

from rescue.held import Unreadable
from rescue.layers import Refused
from rescue.live import version_of_keras
from rescue.losses import states_compile
from rescue.reading import read_held
from rescue.restore import rescue
from rescue.stated_model import stated_model


class NotLoadable(Exception):
    """Keras makes no model of the file; the message has Keras' words and the remedy."""


ERRORS = (NotLoadable, Refused, Unreadable)


def load_and_rescue(path, keras=None, custom_objects=None, **options):
    """(model, Report): the model as Keras loads it, with what Keras left in the file put back.

    Where Keras cannot restore the compile arguments, or another major version wrote them, the model is loaded without
    them, and they are put back too: Keras 3 takes the name of a metric of Keras 2 for its function. Where Keras makes
    no model of the file, the model is built from the file's config.

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
    keras, notes = keras or importlib.import_module("keras"), []
    with _safely(keras):
        model = _load(path, keras, custom_objects, notes)
    report = rescue(model, path, custom_objects=custom_objects, **options)
    report.notes += notes
    return model, report


def _load(path, keras, custom_objects, notes):
    if not _is_of_another_major(read_held(str(path), True), keras):
        try:
            return keras.models.load_model(path, custom_objects=custom_objects)
        except Exception:  # it is tried again without what most often fails
            pass
    try:
        return keras.models.load_model(path, custom_objects=custom_objects, compile=False)
    except Exception as error:
        notes.append("load_model raises %s: the model was built from the file's config" % type(error).__name__)
        return _build(path, keras, custom_objects, error)


def _is_of_another_major(held, keras):
    """Whether the file states its compile arguments in the words of another major version of Keras."""
    stated = states_compile(held) and held.keras
    return bool(stated) and stated.split(".")[0] != version_of_keras(keras).split(".")[0]


def _build(path, keras, custom_objects, error):
    try:
        return stated_model(read_held(path), keras, custom_objects)
    except Refused as reason:
        raise NotLoadable(
            "%s %s makes no model of %s (%s: %s), and its config does not either (%s). Build the model with your own "
            "code: rescue(model, path), or --model"
            % (keras.__name__, version_of_keras(keras), path, type(error).__name__, _short(error), _short(reason))
        ) from error


def _short(error):
    return " ".join(str(error).split())[:300]


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
