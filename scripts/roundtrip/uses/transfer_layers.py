"""Transfer in memory: ``set_weights(get_weights())`` layer by layer into a model built from code."""

from roundtrip.uses import transfer_model

TITLE = "transfer, layer to layer"
NEEDS = ("layers",)
COMPARES = transfer_model.COMPARES


def run(ctx, loaded, record):
    model = ctx.build()
    if len(model.layers) != len(loaded.model.layers):
        raise ValueError(
            "%d layers in the code, %d in the loaded model" % (len(model.layers), len(loaded.model.layers))
        )
    for target, source in zip(model.layers, loaded.model.layers):
        target.set_weights(source.get_weights())
    transfer_model.show(ctx, model, record)
