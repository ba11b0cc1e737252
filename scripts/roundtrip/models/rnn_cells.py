"""An RNN over stacked cells: GRU cells with both bias conventions, a simple and a custom cell, processed backwards.

Cells are layers inside a layer: their configs nest twice, and their weights are two levels down.
"""

from roundtrip.models import once_per_keras, ops, steps

TITLE = "RNN of stacked GRU, simple and custom cells"
APIS = {"keras3": "", "keras2": ">=2.0", "keras2_graph": ">=2.0"}  # before, nothing registers a class
TRAITS = ("functional", "rnn", "custom_registered")
OPTIMIZER = "RMSprop (momentum, centered)"


def data(images, labels):
    return steps(images), labels.astype("int64")


@once_per_keras
def custom_objects(rt):
    k = ops(rt)

    @rt.register()
    class LeakyCell(rt.keras.layers.Layer):
        def __init__(self, units=1, leak=0.0, **kwargs):
            super().__init__(**kwargs)
            self.units, self.leak = units, leak
            self.state_size = self.output_size = units

        def build(self, input_shape):
            self.kernel = self.add_weight(name="kernel", shape=(int(input_shape[-1]), self.units))
            self.built = True

        def call(self, x, states):
            state = self.leak * states[0] + k.tanh(k.matmul(x, self.kernel))
            return state, [state]

        def get_config(self):
            return dict(super().get_config(), units=self.units, leak=self.leak)

    return {"LeakyCell": LeakyCell}


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((7, 14), name="rows")
    cells = [
        layers.GRUCell(8, recurrent_activation="hard_sigmoid", reset_after=False, name="gru_before"),
        layers.GRUCell(8, activation="softsign", reset_after=True, name="gru_after"),
        layers.SimpleRNNCell(8, activation="softsign", name="simple_cell"),
        custom_objects(rt)["LeakyCell"](8, leak=0.6, name="leaky_cell"),
    ]
    x = layers.RNN(cells, go_backwards=True, name="stacked")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="rnn_cells")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.RMSprop(0.01, rho=0.85, momentum=0.3, epsilon=1e-5, centered=True),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
