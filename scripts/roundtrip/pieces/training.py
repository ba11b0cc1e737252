"""Train with Keras in a fixed order."""

from roundtrip.training import BATCH_SIZE


def fit(ctx, model, initial_epoch, epochs, callbacks=()):
    inputs, targets = ctx.data.train
    options = {"batch_size": BATCH_SIZE, "shuffle": False, "verbose": 0, "callbacks": list(callbacks)}
    return model.fit(inputs, targets, initial_epoch=initial_epoch, epochs=epochs, **options).history


def make_train_function(ctx, model):
    """Create the optimizer's variables, as fit does."""
    getattr(model, "_make_fit_function", model._make_train_function)()


def create_slots(ctx, model):
    """Create the optimizer's variables, as fit does; a restored checkpoint then assigns their values."""
    optimizer = model.optimizer
    if hasattr(optimizer, "_create_all_weights"):
        optimizer._create_all_weights(model.trainable_weights)
    elif hasattr(optimizer, "_create_slots"):
        _ = optimizer.iterations  # creates the counter
        getattr(optimizer, "_create_hypers", list)()
        optimizer._create_slots(model.trainable_weights)


def predict(ctx, model):
    return model.predict(ctx.data.test[0], batch_size=BATCH_SIZE, verbose=0)


def evaluate(rt, ctx, model):
    inputs, targets = ctx.data.test
    if rt.api != "keras2_graph" and rt.version >= (2, 2):
        return model.evaluate(inputs, targets, batch_size=BATCH_SIZE, verbose=0, return_dict=True)
    values = model.evaluate(inputs, targets, batch_size=BATCH_SIZE, verbose=0)
    return dict(zip(model.metrics_names, values if isinstance(values, list) else [values]))


def put_seeds_back(model, seeds):
    """Give the random layers the seeds that they had when the model was saved."""
    variables = [v for v in model.variables if v.path.endswith("seed_generator_state")]
    for variable, (_, _, value) in zip(variables, seeds):
        variable.assign(value)


def transfer_model(ctx, model):
    """A new model with the weights of the loaded one."""
    other = ctx.build()
    other.set_weights(model.get_weights())
    return other


def transfer_layers(ctx, model):
    """A new model with the weights of the loaded one, layer by layer."""
    other = ctx.build()
    for target, source in zip(other.layers, model.layers):
        target.set_weights(source.get_weights())
    return other
