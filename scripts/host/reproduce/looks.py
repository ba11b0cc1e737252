"""What of a model each facet compares: the expression in the reproduction, and the pieces that it needs."""

VARIABLES, TRAINING, SESSION = (f"roundtrip.pieces.{name}" for name in ("variables", "training", "session"))
#: facet -> (expression, the definition that it calls: (module, name))
DESCRIBED = {
    "architecture": ("architecture(model)", ("roundtrip.describe", "architecture")),
    "compile_config": ("compile_config(model)", ("roundtrip.describe_compile", "compile_config")),
    "optimizer_config": ("optimizer_config(model.optimizer)", ("roundtrip.describe", "optimizer_config")),
}
#: facet -> the variables of a Keras model
WEIGHTS = {
    "weights": "model.trainable_weights",
    "non_trainable_state": "[v for v in model.non_trainable_weights if hasattr(v, 'shape')]",
    "rng_state": "[v for v in model.variables if v.path.endswith('seed_generator_state')]",
}
#: facet -> the variables of a graph of TensorFlow 1 (roundtrip.engines.session.role)
ROLES = {"weights": "trainable", "non_trainable_state": "non_trainable", "optimizer_state": "optimizer"}


#: facets that exist in some apis alone, or are looked at in some alone
ONLY_IN = {"rng_state": ("keras3",), **dict.fromkeys(DESCRIBED, ("keras3", "keras2", "keras2_graph"))}


def shows(facet, lost, *sides):
    """Whether a reproduction can compare a facet between these sides.

    Two kinds of Keras spell a description in two ways, and so do two versions of one: of these only the entries that
    were lost can be compared. Two versions of TensorFlow also train with other rounding errors.
    """
    apis, versions = {side.api for side in sides}, {(side.version, side.tensorflow) for side in sides}
    if facet in DESCRIBED and (len(apis) > 1 or (len(versions) > 1 and not lost)):
        return False
    return apis <= set(ONLY_IN.get(facet, apis)) and (facet != "resume_trajectory" or len(versions) == 1)


def look(facet, side, callable_only=False):
    """(expression, definitions) for a facet in an engine."""
    if facet == "predictions":
        call = "loaded.predict(TEST[0])" if callable_only else "predict(model)"
        return f"leaves({call})", [(VARIABLES, "leaves")] + ([] if callable_only else [(piece(side), "predict")])
    if facet == "evaluation":
        expression = '[[name, "float64", value] for name, value in sorted(evaluate(model).items())]'
        return expression, [(piece(side), "evaluate")]
    if facet in DESCRIBED:
        expression, definition = DESCRIBED[facet]
        return expression, [definition]
    if side.api == "tf1":
        return f'values(model, "{ROLES[facet]}")', [(SESSION, "values")]
    name = "listed_in_graph" if side.graph else "listed"
    return f"{name}({WEIGHTS.get(facet) or optimizer_variables(side)})", [(VARIABLES, name)]


def final_state(side):
    """(expression, definitions) of the weights at the end of resumed training."""
    if side.api == "tf1":
        return 'values(model, "trainable")', [(SESSION, "values")]
    name = "listed_in_graph" if side.graph else "listed"
    return f"{name}([v for v in model.weights if hasattr(v, 'shape')])", [(VARIABLES, name)]


def piece(side):
    """The module of the pieces that train and run a model of this side."""
    return SESSION if side.api == "tf1" else TRAINING


def optimizer_variables(side):
    if side.api == "keras3":
        return "model.optimizer.variables if model.optimizer else []"
    if side.version < (1, 14):
        return "[model.optimizer.iterations] + model.optimizer.weights if model.optimizer else []"
    return "model.optimizer.variables() if model.optimizer else []"
