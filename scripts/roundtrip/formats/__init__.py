"""Formats: each file writes an artifact in one way.

A contract holds in the same and in newer versions of an api, within one major version of TensorFlow (VERSIONS). It
never holds in older versions. ``CROSSES`` declares the other differences between writer and reader that a format
allows.
"""

import os

from roundtrip import kinds
from roundtrip import value_types as t

KIND = kinds.Kind(
    "format",
    [
        kinds.TITLE,
        kinds.apis(),
        kinds.Attribute(
            "LAYOUT",
            t.LAYOUT,
            kinds.OWN_ID,
            "the name of the artifact's layout, which loaders list in `READS`; several formats may share one",
        ),
        kinds.Attribute(
            "CARRIES",
            t.mapping(t.FACET, t.LINK),
            kinds.REQUIRED,
            "the facets that the documentation promises to save, each with the page",
        ),
        kinds.WITHDRAWS,
        kinds.Attribute(
            "CROSSES",
            t.mapping(t.word("crossing"), t.LINK),
            {},
            "the differences between writer and reader that the documentation allows, each with the page: another api "
            "(`keras2-keras3`), another `backend`",
        ),
        kinds.rejects("the models that it cannot save, with the reason"),
        kinds.REJECTS_IN,
        kinds.BACKENDS,
        kinds.PACKAGES,
        kinds.Attribute("FILES", t.mapping(t.GLOB, t.EXPLANATION), {}, "every file that it writes"),
        kinds.Attribute(
            "OPTIONAL_FILES", t.mapping(t.GLOB, t.EXPLANATION), {}, "files that it writes in some cases only"
        ),
        kinds.Attribute("EMPTY", t.mapping(t.GLOB, t.EXPLANATION), {}, "folders that must exist and be empty"),
        kinds.LINK,
        kinds.DEPENDENCIES,
    ],
    [
        kinds.Function("save", ("ctx", "model", "folder"), "writes the artifact"),
        kinds.Function("callbacks", ("ctx", "folder"), "returns the callbacks that write the artifact during fit"),
        kinds.Function("fit", ("ctx", "model", "folder"), "runs the epochs before, and writes the artifact meanwhile"),
        kinds.Function(
            "signatures",
            ("ctx", "model"),
            "returns the signatures that the artifact must have, if the saving code names them: "
            '{name: {"inputs": {argument: [shape, dtype]}, "outputs": ...}}',
        ),
    ],
    exactly_one=("save", "callbacks", "fit"),
)

SAVING_API = "https://keras.io/api/models/model_saving_apis/model_saving_and_loading/"
WEIGHTS_API = "https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/"
CONFIG_API = "https://keras.io/api/models/model_saving_apis/model_config_serialization/"
EXPORT_API = "https://keras.io/api/models/model_saving_apis/export/"
MODEL_CHECKPOINT = "https://keras.io/api/callbacks/model_checkpoint/"
GUIDE = "https://keras.io/guides/serialization_and_saving/"
GUIDE_KERAS2 = "https://www.tensorflow.org/guide/keras/save_and_serialize"
TUTORIAL = "https://www.tensorflow.org/tutorials/keras/save_and_load"
CHECKPOINT_GUIDE = "https://www.tensorflow.org/guide/checkpoint"
SAVED_MODEL_GUIDE = "https://www.tensorflow.org/guide/saved_model"
SAVE_MODEL_KERAS2 = "https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/saving/save_model"
LOAD_MODEL_KERAS2 = "https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/saving/load_model"
SAVE_WEIGHTS_KERAS2 = "https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/Model#save_weights"
#: "Code and data that worked with a previous minor release ... will continue to work unchanged."
VERSIONS = "https://www.tensorflow.org/guide/versions"
#: models of Keras 2 in the .keras format work in Keras 3; a .keras file is of no backend
KERAS_3 = "https://keras.io/keras_3/"
#: the files of Keras 2 that Keras 3 reads, and those that it refuses
KERAS_3_READS = "https://github.com/keras-team/keras/blob/v3.15.1/keras/src/saving/saving_api.py"

#: the facets of "the whole model": architecture, weights, compile arguments, optimizer with its state
WHOLE_MODEL = (
    "architecture",
    "weights",
    "non_trainable_state",
    "compile_config",
    "optimizer_config",
    "optimizer_state",
)
WEIGHTS = ("weights", "non_trainable_state")
CALLABLES = ("predictions", "signatures")

#: REJECTS of every format that writes during fit
DURING_FIT = {"ema": "the averages overwrite the weights when fit ends, after the last file is written"}


def promise(facets, link):
    """{facet: link} for several facets of one page."""
    return {facet: link for facet in facets}


def checkpoint_files(prefix):
    """{glob: explanation} of a TensorFlow checkpoint with this prefix (a glob itself, where numbered)."""
    return {
        "checkpoint": "a short text that names the latest checkpoint here and those still kept",
        prefix + ".index": "for each variable: in which data file its value lies, where, of what shape and type",
        # TensorFlow 1.14 and 1.15 write two: a shard for each device, and an optimizer's counters are put on the CPU
        prefix + ".data-0000?-of-0000?": "the variables' values, split into shards: for a small model one of one",
    }


def saved_model_files(folder="model"):
    """{glob: explanation} of what every SavedModel folder holds."""
    return {
        folder + "/saved_model.pb": "a protocol buffer: the graphs (functions), the signatures, the tree of objects",
        folder + "/variables/variables.index": "where each variable lies in the data file",
        folder + "/variables/variables.data-?????-of-?????": "the variables' values, a checkpoint; a file a device",
    }


#: files that a SavedModel has since some version, or for some models
SAVED_MODEL_EXTRAS = {
    "model/fingerprint.pb": "hashes that identify the SavedModel's content (TensorFlow 2.11 and newer)",
    "model/keras_metadata.pb": "Keras' own part: the layers' configs, compile arguments (TensorFlow 2.5 and newer)",
    "model/assets/*": "files that the graph reads, e.g. the vocabulary of a lookup layer",
}


def path(folder, name):
    """``folder/name``; formats write only into their folder."""
    return os.path.join(folder, name)
