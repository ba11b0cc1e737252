import keras


class Gate(keras.layers.Layer):
    def __init__(self, sharpness=1.0, **kwargs):
        super().__init__(**kwargs)
        self.sharpness = sharpness

    def build(self, input_shape):
        self.slope = self.add_weight(name="slope", shape=(input_shape[-1],), initializer="ones")

    def call(self, x):
        return x * keras.activations.sigmoid(self.sharpness * self.slope * x)

    def get_config(self):
        return {**super().get_config(), "sharpness": self.sharpness}
