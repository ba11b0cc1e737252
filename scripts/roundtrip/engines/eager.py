"""Keras with eager execution: Keras 3, and Keras 2 since TensorFlow 2."""

from roundtrip import layer_names
from roundtrip.engines.keras import KerasEngine


class Engine(KerasEngine):
    def start(self):
        """Enable eager execution; TensorFlow 1 requires this before any other call.

        https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/enable_eager_execution
        """
        self.rt.v1.enable_eager_execution()

    def prepare(self, model):
        """Create the variables of an optimizer before Keras 2.11; a restored checkpoint then assigns their values.

        The first application of gradients creates them, and no public method creates them earlier:
        https://github.com/tensorflow/tensorflow/blob/v2.4.4/tensorflow/python/keras/optimizer_v2/optimizer_v2.py#L601
        """
        optimizer = getattr(model, "optimizer", None)
        if not hasattr(optimizer, "_create_slots"):
            return
        with self.rt.v1.name_scope(optimizer._name):
            if hasattr(optimizer, "_create_all_weights"):
                optimizer._create_all_weights(model.trainable_weights)
            else:
                optimizer.iterations  # noqa: B018 - creates the counter
                getattr(optimizer, "_create_hypers", list)()
                optimizer._create_slots(model.trainable_weights)

    def capture(self, model):
        """Also in eager mode, TensorFlow 1 builds a functional model in a graph and appends numbers to equal names."""
        captured = super(Engine, self).capture(model)
        return layer_names.named(model, captured) if self.rt.version < (2,) else captured
