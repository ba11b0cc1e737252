"""Weights that two layers share, and one layer under two attributes, in a subclassed model.

Formats that follow attributes meet the same weights twice. They may write them twice, or write them once and must
then find the right place. After loading, both places must still share one variable.
"""

from roundtrip.models import once_per_keras, ops, tokens

TITLE = "tied embedding, one layer under two attributes"
APIS = {"keras3": "", "keras2": ">=2.0"}  # before, nothing registers a class
TRAITS = ("subclassed", "custom_registered", "shared")
OPTIMIZER = "Nadam"


def data(images, labels):
    codes = tokens(images)
    return codes[:, :-1], codes[:, -1].astype("int64")


@once_per_keras
def custom_objects(rt):
    layers, k = rt.keras.layers, ops(rt)

    @rt.register()
    class Tied(rt.keras.Model):
        def __init__(self, width=4, **kwargs):
            super().__init__(**kwargs)
            self.width = width
            self.embedding = layers.Embedding(16, width, name="embedding")
            self.first = layers.Dense(width, activation="tanh", name="first")
            self.second = layers.Dense(width, activation="tanh", name="second")
            self.again = self.first

        def call(self, codes):
            x = k.mean(self.embedding(codes), axis=1)
            x = self.again(self.second(self.first(x)))
            return k.matmul(x, k.transpose(self.embedding.embeddings))

        def get_config(self):
            return {"width": self.width, "name": self.name}

    return {"Tied": Tied}


def build(rt, inputs):
    return custom_objects(rt)["Tied"](12, name="tied_weights")


def compile(rt, model):
    keras = rt.keras
    model.compile(
        optimizer=keras.optimizers.Nadam(0.01, beta_1=0.85, beta_2=0.98, epsilon=1e-5),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, name="next_token"),
        metrics=[keras.metrics.SparseTopKCategoricalAccuracy(k=4, name="top4")],
    )
