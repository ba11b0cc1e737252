"""What the formats are called of which nobody knows what wrote them."""

TITLES = {
    "saved_model": "SavedModel with a Keras model",
    "export": "SavedModel of TensorFlow 2",
    "saved_model_builder": "SavedModel of TensorFlow 1",
    "frozen_graph": "frozen graph",
    "saver_v2": "checkpoint with its MetaGraph",
    "saver_v1": "checkpoint V1 with its MetaGraph",
    "saver_no_meta_graph": "checkpoint, variables by name",
    "tf_checkpoint": "checkpoint of objects",
    "h5": "Keras model, HDF5",
    "keras_archive": "Keras archive, .keras",
    "keras_directory": "Keras archive, unzipped",
    "json_weights": "architecture as JSON, and weights",
    "weights_h5": "weights alone, .weights.h5",
    "weights_h5_legacy": "weights alone, HDF5 of Keras 2",
    "litert": "TensorFlow Lite / LiteRT",
    "onnx": "ONNX",
}
