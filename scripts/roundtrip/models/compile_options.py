"""Compile options that change how steps are run: jit_compile, steps_per_execution.

They do not change what the model computes, and some formats drop them without a warning. The comparison of compile
arguments shows the loss.
"""

from roundtrip.models import pixels

TITLE = "jit_compile and steps_per_execution"
APIS = {"keras3": ">=3.6", "keras2": ">=2.8"}  # 3.3 evaluates nothing with steps_per_execution
TRAITS = ("sequential", "compile_options")
OPTIMIZER = "Adam"
BACKENDS = ("tensorflow", "jax")  # PyTorch's takes one step an execution


def data(images, labels):
    return pixels(images), labels.astype("int64")


def build(rt, inputs):
    layers = rt.keras.layers
    return rt.keras.Sequential(
        [
            layers.Input((784,), name="pixels"),
            layers.Dense(20, activation="tanh", name="hidden"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="compile_options",
    )


def compile(rt, model):
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=True,
        steps_per_execution=3,
    )
