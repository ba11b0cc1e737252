"""What of a model each facet compares: the expression in the reproduction, and the pieces that it needs."""

#: facet -> (expression, the definitions that it calls: (module, name))
VARIABLES = "roundtrip.pieces.variables"
DESCRIBED = {
    "architecture": ("architecture(model)", ("roundtrip.describe", "architecture")),
    "compile_config": ("compile_config(model)", ("roundtrip.describe_compile", "compile_config")),
    "optimizer_config": ("optimizer_config(model.optimizer)", ("roundtrip.describe", "optimizer_config")),
}
WEIGHTS = {
    "weights": "model.trainable_weights",
    "non_trainable_state": "[v for v in model.non_trainable_weights if hasattr(v, 'shape')]",
    "rng_state": "[v for v in model.variables if v.path.endswith('seed_generator_state')]",
}
ROLES = {"weights": "trainable", "non_trainable_state": "non_trainable", "optimizer_state": "optimizer"}


def look(facet, side, callable_only=False):
    """(expression, definitions) for a facet in an engine."""
    if facet == "predictions":
        call = "loaded.predict(TEST[0])" if callable_only else "predict(model)"
        return f"leaves({call})", [(VARIABLES, "leaves")] + ([] if callable_only else [predict(side)])
    if facet == "evaluation":
        expression = '[[name, "float64", value] for name, value in sorted(evaluate(model).items())]'
        return expression, [("roundtrip.pieces.training", "evaluate")]
    if facet in DESCRIBED:
        expression, definition = DESCRIBED[facet]
        return expression, [definition]
    if side.api == "tf1":
        return f'values(model, "{ROLES[facet]}")', [("roundtrip.pieces.session", "values")]
    name = "listed_in_graph" if side.graph else "listed"
    return f"{name}({WEIGHTS.get(facet) or optimizer_variables(side)})", [(VARIABLES, name)]


def final_state(side):
    """(expression, definitions) of the weights at the end of resumed training."""
    if side.api == "tf1":
        return 'values(model, "trainable")', [("roundtrip.pieces.session", "values")]
    name = "listed_in_graph" if side.graph else "listed"
    return f"{name}([v for v in model.weights if hasattr(v, 'shape')])", [(VARIABLES, name)]


def predict(side):
    return ("roundtrip.pieces.session" if side.api == "tf1" else "roundtrip.pieces.training", "predict")


def optimizer_variables(side):
    if side.api == "keras3":
        return "model.optimizer.variables if model.optimizer else []"
    if side.version < (1, 14):
        return "[model.optimizer.iterations] + model.optimizer.weights if model.optimizer else []"
    return "model.optimizer.variables() if model.optimizer else []"
