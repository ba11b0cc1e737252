"""Bidirectional recurrent layers over the rows of the image, with a custom backward layer and several merge modes.

Forward and backward weights have the same shape, so a swap raises no error. Bidirectional's config nests two layers.
"""

from roundtrip.models import steps

TITLE = "bidirectional LSTM"
APIS = {"keras3": "", "keras2": ">=1.15", "keras2_graph": ">=1.15"}
TRAITS = ("functional", "rnn")
OPTIMIZER = "Adam (clipvalue)"


def data(images, labels):
    return steps(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((7, 14), name="rows")
    x = layers.Bidirectional(
        layers.LSTM(
            8, recurrent_activation="hard_sigmoid", return_sequences=True, unit_forget_bias=False, name="forward"
        ),
        backward_layer=layers.LSTM(8, activation="softsign", return_sequences=True, go_backwards=True, name="backward"),
        merge_mode="mul",
        name="both_ways",
    )(x)
    x = layers.Bidirectional(layers.SimpleRNN(8, use_bias=False, name="second"), merge_mode="sum", name="summed")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="lstm_bidirectional")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6, clipvalue=0.5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
