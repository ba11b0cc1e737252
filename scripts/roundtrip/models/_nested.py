"""Dense layers of one shape in lists of lists and in dicts, for nested_lists and nested_lists_in_layer."""


def define(rt, base, name):
    """A class on ``base`` (Model or Layer) that holds its sublayers in nested containers."""
    layers = rt.keras.layers

    def dense(label, activation="tanh"):
        return layers.Dense(12, activation=activation, name=label)

    class Nested(base):
        def __init__(self, depth=1, **kwargs):
            super().__init__(**kwargs)
            self.depth = depth
            self.entry = dense("entry", "relu")
            self.blocks = [[dense("block_%d_%d" % (i, j)) for j in range(2)] for i in range(depth)]
            self.branches = {"right": dense("right"), "left": [dense("left_0"), dense("left_1")]}
            self.deep = {"one": {"two": dense("one_two")}, "tuple": (dense("in_tuple"),)}

        def call(self, x):
            x = self.entry(x)
            for block in self.blocks:
                x = block[0](x) - 0.5 * block[1](x)
            left, right = self.branches["left"], self.branches["right"]
            x = left[1](left[0](x)) - 0.5 * right(x)
            return self.deep["one"]["two"](x) - 0.5 * self.deep["tuple"][0](x)

        def get_config(self):
            return {"depth": self.depth, "name": self.name}

    Nested.__name__ = Nested.__qualname__ = name
    return Nested


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.004, beta_1=0.85, epsilon=1e-6, clipnorm=1.5),
        loss=rt.keras.losses.CategoricalCrossentropy(label_smoothing=0.1, name="smoothed"),
        metrics=["categorical_accuracy"],
    )
