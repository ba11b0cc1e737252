"""A Keras model's configuration, as JSON: layers that carry code, modules that loading imports, declared sizes.

https://github.com/keras-team/keras/blob/master/keras/src/saving/serialization_lib.py
https://github.com/keras-team/keras/blob/master/keras/src/legacy/saving/serialization.py
"""

import json
import math

from host.inspection.files import Door

#: packages whose classes a configuration may name; importing another module runs it
KERAS = ("keras", "tf_keras", "tensorflow", "keras_hub", "keras_nlp", "keras_cv", "keras_rs")
#: class -> why it is a door
CLASSES = {
    "Lambda": "its function is Python bytecode in the file, which loading makes callable and calling runs",
    "__lambda__": "Python bytecode in the file, which loading makes callable",
    "TFOpLambda": "it calls a function of TensorFlow by the name in the file",
    "SlicingOpLambda": "it calls a function of TensorFlow by the name in the file",
    "TensorFlowOpLayer": "it runs an operation of TensorFlow that the file describes",
    "TorchModuleWrapper": "it holds a pickled PyTorch module, and unpickling runs code",
    "TFSMLayer": "it loads the SavedModel at the path in the file, and runs it",
    "JaxLayer": "it calls Python functions that the file names",
    "FlaxLayer": "it calls Python functions that the file names",
}
#: classes that Keras imports by another module's name; what they name is not run when it is loaded
HARMLESS_MODULES = (None, "", "builtins")
#: keys that name a file, which the layer reads when it is made
READS = ("vocabulary", "filepath", "file_path", "filename", "vocabulary_file", "proto", "merges")
#: keys whose numbers are sizes of arrays
SIZES = ("units", "filters", "input_dim", "output_dim", "num_heads", "key_dim", "value_dim", "max_tokens", "n",
         "target_shape", "shape", "batch_shape", "batch_input_shape", "input_shape", "size", "build_config",
         "num_tokens", "sequence_length", "depth_multiplier")  # fmt: skip
ITEM = 4  # bytes of a float32
#: bytes of a configuration that are looked at; Keras writes a few megabytes
LARGEST = 100_000_000


def recognizes(file):
    return file.ends(".json") or file.head.lstrip()[:1] == b"{" and b'"class_name"' in file.head


def look(file):
    yield from doors(json.loads(file.read(LARGEST)), file.name, file.limit)


def doors(value, where, limit):
    """The doors of a configuration, at any depth.

    Each list and object is looked at once: YAML can name one many times, or within itself.
    """
    pending, seen = [(value, where)], {}
    while pending:
        value, where = pending.pop()
        if isinstance(value, (list, dict)) and id(value) not in seen:
            seen[id(value)] = value  # kept, so that its id is not given to another
            if isinstance(value, list):
                pending += [(item, f"{where}[{number}]") for number, item in enumerate(value)][::-1]
            else:
                inside = [(key, parsed(key, item), f"{where}.{key}") for key, item in value.items()]
                yield from of_dict(value, inside, where, limit)
                pending += [(item, place) for _, item, place in inside][::-1]


def of_dict(value, inside, where, limit):
    """The doors of an object and its entries (key, value, where), without those at a greater depth."""
    if "class_name" in value:
        yield from of_object(value, where)
    for key, item, place in inside:
        if key in SIZES:
            yield from of_size(item, place, limit)
        if key in READS and isinstance(item, str) and item:
            yield Door("file that is read", place, f"making the layer reads {item[:200]}")


def parsed(key, item):
    """An entry; where it is JSON in JSON, what that holds."""
    if not (isinstance(item, str) and item[:1] in "{[" and key in ("metadata", "model_config", "config")):
        return item
    try:
        return json.loads(item)
    except ValueError:
        return item


def of_object(value, where):
    """The doors of what a configuration names by its class."""
    class_name, module = str(value["class_name"]), value.get("module")
    config = value.get("config")
    config = config if isinstance(config, dict) else {}
    named = f"{where} ({config['name']})" if isinstance(config.get("name"), str) else where
    short = class_name.rpartition(">")[2].rpartition(".")[2]
    if short in CLASSES:
        called = config.get("function", config.get("node_def"))
        words = f"{CLASSES[short]}: {called[:100]}" if isinstance(called, str) else CLASSES[short]
        yield Door(f"{short} layer" if short != "__lambda__" else "Lambda layer", named, words)
    if module not in HARMLESS_MODULES and str(module).partition(".")[0] not in KERAS:
        why = f"loading imports {module}, which runs that module, and takes {class_name} from it"
        yield Door("foreign module", named, why)
    elif value.get("registered_name") and ">" in str(value["registered_name"]):
        why = f"loading calls a class of the user's code, if it is given: {value['registered_name']}"
        yield Door("custom class", named, why)


def of_size(value, where, limit):
    """A door where the numbers declare an array that does not fit into memory."""
    numbers = [n for n in (value if isinstance(value, list) else [value]) if isinstance(n, (int, float)) and n > 0]
    if numbers and math.prod(numbers) * ITEM > limit:
        yield Door("shape bomb", where, f"it declares {value}, more than the memory limit of {limit:,} bytes")
