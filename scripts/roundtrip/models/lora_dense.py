"""Layers with LoRA adapters of a given rank and alpha: the kernel is frozen and two small factors are trained.

The factors are weights beside the kernel. If saving merges them into the kernel, the predictions stay the same, but
resumed training trains other weights.
"""

from roundtrip.models import tokens

TITLE = "LoRA on Embedding, Dense and EinsumDense"
APIS = {"keras3": ">=3.10"}  # lora_alpha
EXCLUDED = {"keras2": "LoRA came with Keras 3"}
TRAITS = ("functional", "lora", "frozen")
OPTIMIZER = "Lamb"


def data(images, labels):
    return tokens(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    x = codes = layers.Input((14,), dtype="int32", name="codes")
    x = layers.Embedding(16, 8, lora_rank=2, lora_alpha=3, name="embedding")(x)
    x = layers.EinsumDense("abc,cd->abd", (14, 8), bias_axes="d", lora_rank=2, lora_alpha=5, name="einsum")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(24, activation="tanh", lora_rank=3, lora_alpha=4, name="lora_1")(x)
    x = layers.Dense(24, activation="tanh", lora_rank=3, lora_alpha=4, name="lora_2")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(codes, x, name="lora_dense")


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Lamb(0.02, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
