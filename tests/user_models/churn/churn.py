import keras
from keras import layers
from layers_of_mine import Gate


def build():
    inputs = keras.Input((12,), name="features")
    x = layers.Dense(32, activation="relu")(inputs)
    x = Gate(1.5)(x)
    x = layers.Dropout(0.2)(x)
    outputs = layers.Dense(1, activation="sigmoid")(x)
    model = keras.Model(inputs, outputs)
    schedule = keras.optimizers.schedules.CosineDecay(1e-3, 1000)
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-4), "binary_crossentropy", metrics=["AUC"])
    return model
