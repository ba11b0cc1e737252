"""The user's files inside a step (roundtrip.subject): how they are imported, what is noted, which data are made."""

import subprocess
import sys
import types

import numpy as np
import pytest
from helpers.places import SCRIPTS

from roundtrip import training
from roundtrip.subject import arrays, compiling, made_up, rehearsal
from roundtrip.subject.code import CodeError

#: runs in a process of its own, for it changes how Python imports
PROGRAM = """
import sys
sys.path.insert(0, {scripts!r})
from roundtrip.subject.code import Code, CodeError
from roundtrip.subject import chance
code = Code({keras!r}, "mine.yaml")
noted = chance.Noted(code)
try:
    print("RESULT", code.function({file!r}, {function!r})())
except CodeError as error:
    print("ERROR", error)
print("NOTED", noted.lines)
"""
KERAS = {
    "tf_keras": "name = 'tf_keras'\n",
    "keras": "name = 'keras'\n",
    "tensorflow/keras": "name = 'tensorflow.keras'\n",
}


@pytest.fixture
def run(tmp_path):
    """A function that writes files into a folder and calls a function of one, for a Keras; returns what it says."""
    site = tmp_path / "site"
    for name, text in KERAS.items():
        (site / name / "layers").mkdir(parents=True)
        (site / name / "__init__.py").write_text(text + "from . import layers\n")
        (site / name / "layers/__init__.py").write_text(text)
    (site / "tensorflow/__init__.py").write_text("")
    user = tmp_path / "user"

    def called(files, file="m.py", function="f", keras="keras"):
        for name, text in files.items():
            (user / name).parent.mkdir(parents=True, exist_ok=True)
            (user / name).write_text(text)
        before = sorted(user.rglob("*"))
        program = PROGRAM.format(scripts=str(SCRIPTS), keras=keras, file=str(user / file), function=function)
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": str(site)}, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert sorted(user.rglob("*")) == before, "something was written into the user's folder"
        return done.stdout

    return called


def test_a_file_imports_what_lies_beside_it(run):
    files = {"m.py": "import train\nfrom pack.a import x\n\ndef f():\n    return train.y + x\n", "train.py": "y = 1\n"}
    assert "RESULT 3" in run(
        {**files, "pack/__init__.py": "", "pack/a.py": "from .b import x\n", "pack/b.py": "x = 2\n"}
    )


def test_a_file_of_a_package_may_import_relatively(run):
    files = {
        "pack/__init__.py": "",
        "pack/m.py": "from .b import x\n\ndef f():\n    return x\n",
        "pack/b.py": "x = 2\n",
    }
    assert "RESULT 2" in run(files, file="pack/m.py")


def test_bytecode_that_another_python_left_is_not_read(run):
    """The source decides, whatever lies in __pycache__."""
    stale = f"__pycache__/m.{sys.implementation.cache_tag}.pyc"
    assert "RESULT 5" in run({"m.py": "def f():\n    return 5\n", stale: "nothing that Python can read"})


@pytest.mark.parametrize("keras", ["keras", "tf_keras", "tensorflow.keras"])
@pytest.mark.parametrize(
    "source",
    [
        "import keras\nname = keras.name",
        "import tf_keras as K\nname = K.name",
        "import os, keras\nname = keras.name",
        "import keras.layers\nname = keras.layers.name",
        "import keras.layers as L\nname = L.name",
        "from keras import layers\nname = layers.name",
        "from tf_keras.layers import name",
    ],
)
def test_the_name_keras_is_the_keras_that_is_tested(run, source, keras):
    assert f"RESULT {keras}" in run({"m.py": source + "\n\ndef f():\n    return name\n"}, keras=keras)


def test_a_package_that_imports_keras_is_left_as_it_is(run):
    files = {"m.py": "import hub\n\ndef f():\n    return hub.keras.name\n"}
    installed = {".venv/lib/site-packages/hub.py": "import keras\n"}
    path = "import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), '.venv/lib/site-packages'))\n"
    assert "RESULT keras" in run({"m.py": path + files["m.py"], **installed}, keras="tf_keras")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f():\n    return 1 / 0\n", "m.py line 2, in f: ZeroDivisionError"),
        ("import b\n\ndef f():\n    return b.g()\n", "b.py line 2, in g: KeyError: 'x'"),
        ("def f(:\n", "m.py line 1: SyntaxError"),
        ("x = 1\n", "m.py has no function f"),
        (
            "import einops\n",
            "line 1, in <module>: ModuleNotFoundError: No module named 'einops'. Add the package in mine.yaml",
        ),
        ("import cv2\n", "`environment: {requirements: [opencv-python-headless]}`"),
    ],
)
def test_an_error_is_told_with_the_users_line(run, source, message):
    assert message in run({"m.py": source, "b.py": "def g():\n    return {}['x']\n"})


def test_what_keras_lacks_is_no_missing_package(run):
    assert "environment" not in run({"m.py": "from keras import nothing\n"})


def test_a_module_that_python_has_already_is_said(run):
    assert "Python has a module types already. Rename the file" in run(
        {"types.py": "def f():\n    return 1\n"}, file="types.py"
    )


def test_a_function_finds_its_files_by_their_names(run):
    assert "RESULT words" in run({"m.py": "def f():\n    return open('words.txt').read()\n", "words.txt": "words"})


@pytest.mark.parametrize(
    ("call", "noted"),
    [
        ("np.random.default_rng().normal()", "m.py line 5 calls numpy.random.default_rng without a seed"),
        ("np.random.default_rng(7).normal()", None),
        ("np.random.normal()", None),
        ("os.urandom(4)", "calls os.urandom, which asks the machine's chance"),
        ("np.random.seed(int(time.time()))", "calls time.time, which asks the clock"),
    ],
)
def test_calls_that_no_seed_decides_are_noted_with_their_line(run, call, noted):
    said = run({"m.py": f"import os, time\nimport numpy as np\n\ndef f():\n    return {call}\n"})
    assert (noted in said) if noted else ("NOTED []" in said)


class Tensor:
    def __init__(self, name, shape, dtype="float32"):
        self.name, self.shape, self.dtype = name, shape, dtype


def model(*inputs, outputs=("out",), structure=None, layers=()):
    """What a functional model says of itself."""
    return types.SimpleNamespace(
        inputs=list(inputs),
        input=structure or list(inputs),
        output_names=list(outputs),
        output=None,
        layers=list(layers),
    )


TWO = model(Tensor("left:0", (None, 3)), Tensor("right", (None, 2), "int32"), outputs=("a", "b"))


def test_arrays_by_name_come_in_the_order_and_dtype_of_the_models_inputs():
    left, right = np.ones((4, 3)), np.ones((4, 2))
    given = {"x_right": right, "x_left": left, "y_b": right, "y_a": left}
    inputs, targets = arrays.assembled(given, TWO)
    assert [(x.shape, x.dtype.name) for x in inputs] == [((4, 3), "float32"), ((4, 2), "int32")]
    assert [y.shape for y in targets] == [(4, 3), (4, 2)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"x_left": np.ones(4), "x_wrong": np.ones(4)}, "differ in right, wrong"),
        ({"x": np.ones(4), "labels": np.ones(4)}, "the data have labels; the keys are"),
        ({"y": np.ones(4)}, "the data have no inputs"),
        ({"x": np.ones(4), "x_left": np.ones(4)}, "both `x` and `x_left`"),
        ({"x": [np.ones((4, 3)), np.ones((4, 2))], "y": np.ones(5)}, "different lengths: 4, 5"),
    ],
)
def test_data_that_do_not_fit_are_refused_in_words(given, message):
    with pytest.raises(CodeError, match=message):
        arrays.assembled(given, TWO)


def test_strings_are_objects_and_what_numpy_would_have_to_unpickle_is_refused(tmp_path):
    np.savez(tmp_path / "good.npz", x=np.array(["a", "bc"]))
    assert arrays.read_npz(tmp_path / "good.npz")["x"].dtype == object
    np.savez(tmp_path / "bad.npz", x=np.array([{"a": 1}], object))
    with pytest.raises(CodeError, match=r"bad\.npz cannot be read"):
        arrays.read_npz(tmp_path / "bad.npz")


@pytest.mark.parametrize(
    ("value", "keys"), [((1, 2), {"x", "y"}), (1, {"x"}), ({"x_a": 1, "y": 2}, {"x_a", "y"}), ({"a": 1, "b": 2}, {"x"})]
)
def test_a_function_may_return_arrays_in_four_ways(value, keys):
    assert set(arrays.given(value)) == keys
    with pytest.raises(CodeError, match="3 values"):
        arrays.given((1, 2, 3))


def test_the_samples_to_test_are_none_of_those_to_train():
    data = arrays.split(np.arange(100), np.arange(100))
    assert not set(data.train[0]) & set(data.test[0]) and len(data.test[0]) == 25
    assert arrays.split(np.arange(1000), None).batches == 7


def test_a_model_that_takes_batches_of_one_size_gets_whole_ones():
    data = arrays.split(np.arange(100), None, 16)
    assert len(data.train[0]) % 16 == len(data.test[0]) % 16 == 0 and data.batch_size == 16
    with pytest.raises(CodeError, match="batches of 16"):
        arrays.split(np.arange(10), None, 16)


@pytest.mark.parametrize(
    ("seconds", "fixed", "plan"),
    [
        (0.0001, None, (200, 32, 10, 2)),  # fast: all of it
        (0.05, None, (96, 32, 10, 2)),  # fewer batches
        (0.2, None, (32, 32, 5, 1)),  # fewer epochs
        (2.0, None, (5, 5, 5, 1)),  # small batches
        (1000.0, None, (1, 1, 5, 1)),  # the least there is
        (2.0, 32, (32, 32, 5, 1)),  # the only batch that the model takes
    ],
)
def test_a_slow_model_gets_few_steps(seconds, fixed, plan):
    data = arrays.Prepared((np.zeros(200), None), (np.zeros(9), None), 32)
    ctx = types.SimpleNamespace(data=data, before=10, after=2)
    assert tuple(vars(rehearsal.plan(ctx, seconds, 60, fixed)).values()) == plan


class Embedding:
    def __init__(self, tensor, rows):
        self.input, self.input_dim = tensor, rows


@pytest.mark.parametrize(
    ("dtype", "embedding", "kind", "most"),
    [("float32", False, "f", None), ("float32", True, "i", 6), ("int64", False, "i", 9), ("bool", False, "b", 1)],
)
def test_inputs_that_are_made_up_follow_the_specification(dtype, embedding, kind, most):
    tensor = Tensor("x", (None, 5), dtype)
    layers = [Embedding(tensor, 7)] if embedding else []
    made = model(tensor, layers=layers)
    made._flatten_layers = lambda **_: layers
    values = made_up.drawn(made, made_up.specification(made), 50, 8)
    assert values.shape == (50, 5) and values.dtype.kind == kind
    assert most is None or values.max() <= most


@pytest.mark.parametrize(
    ("loss", "shape", "holds"),
    [
        ("sparsecategoricalcrossentropy", (4,), lambda y: y.max() < 3 and y.dtype.kind == "i"),
        ("categoricalcrossentropy", (4, 3), lambda y: (y.sum(1) == 1).all()),
        ("binarycrossentropy", (4, 3), lambda y: set(np.unique(y)) <= {0, 1}),
        ("poisson", (4, 3), lambda y: (y > 0).all()),
        ("meansquarederror", (4, 3), lambda y: (y < 0).any()),
    ],
)
def test_targets_that_are_made_up_follow_outputs_and_loss(loss, shape, holds):
    made = made_up.target(np.zeros((4, 3), "float32"), loss, 0)
    assert made.shape == shape and holds(made)


def test_containers_are_rebuilt():
    structure = {"dict": {"a": 0, "b": {"list": [1, {"tuple": [2]}]}}}
    assert made_up.rebuilt(structure, "xyz") == {"a": "x", "b": ["y", ("z",)]}


@pytest.mark.parametrize(
    ("targets", "width", "loss"), [(np.zeros(4, int), 3, "classes"), (np.zeros(4, int), 1, "mse"), (None, 3, "mse")]
)
def test_a_model_that_its_code_does_not_compile_gets_a_loss_that_fits(targets, width, loss):
    assert compiling.loss_for(types.SimpleNamespace(outputs=[Tensor("y", (None, width))]), targets) == loss


def test_a_metric_that_gives_an_array_is_kept_in_full():
    assert training.numbers({"loss": np.float32(0.5), "f1": np.array([0.25, 1.0])}) == {
        "loss": 0.5,
        "f1[0]": 0.25,
        "f1[1]": 1.0,
    }
