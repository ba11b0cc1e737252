"""The contract and the files of the formats of TensorFlow 1's Saver, and a fit that saves several times."""

import os

from roundtrip.formats import checkpoint_files, promise

SAVER = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/Saver"
IMPORT_META_GRAPH = "https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/import_meta_graph"

#: every variable, because Saver() saves all of them
VARIABLES = promise(("weights", "non_trainable_state", "optimizer_state"), SAVER)
#: and the graph, from which the documentation says training can be resumed
GRAPH_AND_VARIABLES = dict(
    VARIABLES, **promise(("architecture", "compile_config", "optimizer_config"), IMPORT_META_GRAPH)
)
META = "the MetaGraph, a protocol buffer: the whole graph (training too), its collections, how its Saver restores"
STEPS = tuple(1000 * n for n in range(1, 6))  # as in the documents; names must not depend on the configured epochs


def files(*prefixes, **also):
    """{file: explanation} of checkpoints with these prefixes; ``meta=`` lists those with a MetaGraph."""
    found = {}
    for prefix in prefixes:
        found.update(checkpoint_files(prefix))
    found.update({prefix + ".meta": META for prefix in also.get("meta", prefixes)})
    return found


def relative(folder):
    """The folder as a relative path, as a user in a working directory gives it.

    With an absolute path, the ``checkpoint`` file would hold absolute paths, and a copy of the folder would refer to
    the original (formats/saver_relative_paths.py).
    """
    return os.path.relpath(folder)


def saver(ctx, model, **options):
    with model.graph.as_default():
        return ctx.rt.v1.train.Saver(**options)


def save(ctx, model, folder, name="model.ckpt", options=(), **arguments):
    """``Saver(**options).save(session, folder/name, **arguments)``; returns the saver."""
    made = saver(ctx, model, **dict(options))
    with model.graph.as_default():
        made.save(model.session, os.path.join(relative(folder), name), **arguments)
    return made


def fit_and_save(ctx, model, save_step, times=5):
    """Run the epochs before in five equal parts and save ``times`` in all: ``save_step(1000)``, 2000, ..."""
    epochs = ctx.before // 5
    for part in range(5):
        ctx.fit(model, epochs * part, epochs * (part + 1))
        for number in range(times // 5):
            save_step(1000 * (part * (times // 5) + number + 1))
