"""MultiHeadAttention over the rows of the image, self and cross, with AdditiveAttention and Attention.

Query, key and value kernels have the same shape, so a swap raises no error. The layer's config does not list its
sublayers.
"""

from roundtrip.models import small

TITLE = "MultiHeadAttention, Attention, AdditiveAttention"
APIS = {"keras3": ">=3.8", "keras2": ">=2.10", "keras2_graph": ">=2.10"}  # 3.6 cannot attend over two axes
TRAITS = ("functional", "attention", "rng", "lr_schedule")
OPTIMIZER = "Adam"


def data(images, labels):
    return small(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    rows = layers.Input((14, 14), name="rows")
    own = layers.MultiHeadAttention(2, 6, value_dim=5, dropout=0.1, use_bias=False, name="own")(rows, rows)
    other = layers.MultiHeadAttention(2, 6, output_shape=14, name="other")(own, rows, own, use_causal_mask=True)
    dot = layers.Attention(use_scale=True, score_mode="concat", dropout=0.1, name="dot")([rows, other])
    additive = layers.AdditiveAttention(use_scale=True, dropout=0.1, name="additive")([other, rows])
    x = layers.Concatenate(axis=-1, name="all")([own, other, dot, additive])
    x = layers.GlobalAveragePooling1D(name="mean")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(rows, x, name="attention")


def compile(rt, model):
    optimizers = rt.keras.optimizers
    schedule = optimizers.schedules.PiecewiseConstantDecay([30, 74], [0.02, 0.01, 0.005], name="steps")
    model.compile(
        optimizer=optimizers.Adam(schedule, beta_1=0.85, beta_2=0.98, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
