"""Metrics with arguments, weighted metrics, two metrics of one class, and a loss with arguments.

Compile arguments come back by name, by config, or not at all. The evaluation shows which arguments were lost.
"""

from roundtrip.models import one_hot, pixels

TITLE = "metrics and loss with arguments, weighted metrics"
APIS = {"keras3": "", "keras2": ">=2.13"}
TRAITS = ("functional", "metric_arguments")
OPTIMIZER = "Adam (weight decay)"


def data(images, labels):
    return pixels(images), one_hot(labels)


def build(rt, inputs):
    layers = rt.keras.layers
    x = image = layers.Input((784,), name="pixels")
    x = layers.Dense(20, activation="tanh", name="hidden")(x)
    x = layers.Dense(10, activation="softmax", name="digit")(x)
    return rt.keras.Model(image, x, name="metric_arguments")


def compile(rt, model):
    m = rt.keras.metrics
    model.compile(
        optimizer=rt.keras.optimizers.Adam(0.01, beta_1=0.85, epsilon=1e-6, weight_decay=0.01),
        loss=rt.keras.losses.CategoricalFocalCrossentropy(alpha=0.6, gamma=1.5, label_smoothing=0.05, name="focal"),
        metrics=[
            m.TopKCategoricalAccuracy(k=2, name="top2"),
            m.TopKCategoricalAccuracy(k=4, name="top4"),
            m.AUC(thresholds=[0.15, 0.4, 0.85], curve="PR", summation_method="minoring", name="auc"),
            m.Precision(thresholds=0.3, class_id=3, name="precision_of_3"),
            m.Recall(thresholds=[0.2], top_k=2, name="recall_top2"),
            m.FBetaScore(average="macro", beta=1.7, threshold=0.35, name="f_beta"),
            m.MeanMetricWrapper(rt.keras.losses.kl_divergence, name="divergence"),
        ],
        weighted_metrics=[m.CategoricalCrossentropy(label_smoothing=0.2, name="smoothed"), "mean_squared_error"],
    )
