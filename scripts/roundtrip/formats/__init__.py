"""Formats: ways of writing an artifact. One file each.

A format declares

``TITLE``     what it is, in a line
``APIS``      {api: range of Keras versions that have it}
``LAYOUT``    what lies in the artifact, in the words that loaders read (several formats may share one)
``CARRIES``   {facet: link}: what its documentation promises to carry
``VOID_FOR``  {model trait: (facets, link)}: for which models the documentation withdraws the promise
``REJECTS``   {model trait: reason}: which models cannot be written so at all (their cells are excluded)
``PACKAGES``  what must be installed beside TensorFlow
``FILES``     {glob: explanation} of every file that it leaves; ``OPTIONAL_FILES`` of those it may leave

and defines ``save(ctx, model, folder)``, or ``callbacks(ctx, folder)`` where it writes during fit, or
``fit(ctx, model, folder)`` where it must run the epochs before itself.
"""

SAVING_API = "https://keras.io/api/models/model_saving_apis/model_saving_and_loading/"
WEIGHTS_API = "https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/"
GUIDE = "https://keras.io/guides/serialization_and_saving/"
GUIDE_KERAS2 = "https://www.tensorflow.org/guide/keras/save_and_serialize"

#: what "the whole model" means: architecture, weights, compile arguments, optimizer with its state
WHOLE_MODEL = (
    "architecture",
    "weights",
    "non_trainable_state",
    "compile_config",
    "optimizer_config",
    "optimizer_state",
)


def promise(facets, link):
    """{facet: link} for several facets of one page."""
    return {facet: link for facet in facets}
