"""``OrbaxCheckpoint``, a callback that writes a folder for each step with Google's Orbax: Keras 3.13 and newer."""

from roundtrip.formats import DURING_FIT, SAVING_API, WEIGHTS, WHOLE_MODEL, path, promise

LINK = "https://keras.io/guides/orbax_checkpoint/"

TITLE = "OrbaxCheckpoint"
APIS = {"keras3": ">=3.14"}
CARRIES = dict(promise(WHOLE_MODEL, SAVING_API), **promise(WEIGHTS + ("optimizer_state",), LINK))
REJECTS = DURING_FIT
PACKAGES = ("orbax-checkpoint",)
FILES = {
    "model/*/_CHECKPOINT_METADATA": "when the step of this number was written",
    "model/*/pytree/*": "every variable's values, in an OCDBT key-value store, and what is stored in it",
    "model/*/model_config/*": "the model's architecture and compile arguments, as JSON",
    "model/*/commit_success.txt": "the step was written to its end",
}
OPTIONAL_FILES = {"model/*/assets/*": "what layers keep in files, e.g. a vocabulary"}


def callbacks(ctx, folder):
    return [ctx.keras.callbacks.OrbaxCheckpoint(path(folder, "model"), save_on_background=False)]
