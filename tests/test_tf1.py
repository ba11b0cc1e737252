"""The TensorFlow 1 routes in the built environment: mutants of their artifacts are caught; the server by hand.

Needs results/environments/tf2.21 (`snakemake --cores 2 -- results/environments/tf2.21/environment.json`).
"""

import shutil
import subprocess

import pytest
from helpers.places import PYTHON, ROOT, needs_tensorflow
from helpers.steps import Steps, as_saved, python, warm

from host.dataset import main as write_dataset
from host.select.cells import Cell

RUNTIME = "tf2.21-tf1"
ARTIFACTS = ROOT / "artifacts"
FORMATS = ("saver_v2", "saver_max_to_keep", "frozen_graph", "saved_model_from_checkpoint")

pytestmark = needs_tensorflow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder with the reference of sum_threshold and the artifacts of FORMATS, and the steps that made them."""
    folder = tmp_path_factory.mktemp("tf1")
    assert write_dataset(["digits", "--out", str(folder / "digits.npz")]) == 0
    steps = Steps(RUNTIME, ["--model", "sum_threshold", "--data", folder / "digits.npz"])
    reference = steps.train(folder / "trained")
    for fmt in FORMATS:
        steps.save(fmt, reference, folder / fmt)
    return folder, steps


@pytest.fixture
def verdict_of(made, tmp_path):
    """A function: (format, loader, use, Python code that spoils the artifact in its folder) -> verdict."""
    folder, steps = made

    def run(fmt, loader, use, spoil=None):
        place = tmp_path / fmt
        shutil.copytree(folder / fmt, place)
        if spoil:
            (tmp_path / "spoil.py").write_text(spoil)
            warm("tensorflow", tmp_path / "spoil.py", cwd=place / "artifact")
            as_saved(place / "manifest.json")
        files = [folder / "trained" / "reference.json", place / "manifest.json"]
        files.append(steps.load(files, loader, use, tmp_path / "loaded"))
        cell = Cell(RUNTIME, "sum_threshold", "none", fmt, RUNTIME, loader, use)
        return steps.verdict(cell, files, tmp_path / "verdict.json")

    return run


START = "import tensorflow as tf; import numpy as np; v1 = tf.compat.v1; v1.disable_eager_execution()\n"

ONE_VARIABLE_LESS = (
    START
    + """
reader = tf.train.load_checkpoint('graph.ckpt')
values = {n: reader.get_tensor(n) for n in reader.get_variable_to_shape_map() if n != 'mixed/kernel'}
for name, value in values.items():
    v1.get_variable(name, initializer=value, use_resource=False)
with v1.Session() as session:
    session.run(v1.global_variables_initializer())
    v1.train.Saver().save(session, 'graph.ckpt', write_meta_graph=False)
"""
)

DATA_OF_ANOTHER_STEP = """
import shutil
shutil.copy('my_test_model-2000.data-00000-of-00001', 'my_test_model-5000.data-00000-of-00001')
"""

#: the index goes along: nothing is inconsistent, and only the values tell
CHECKPOINT_OF_ANOTHER_STEP = (
    DATA_OF_ANOTHER_STEP
    + """
shutil.copy('my_test_model-2000.index', 'my_test_model-5000.index')
"""
)

ONE_CONSTANT_ALTERED = (
    START
    + """
graph = v1.GraphDef.FromString(open('frozen_model.pb', 'rb').read())
(node,) = [n for n in graph.node if n.name == 'mixed/kernel']
value = tf.make_ndarray(node.attr['value'].tensor).copy()
value[3, 3] = np.nextafter(value[3, 3], np.float32(9))
node.attr['value'].tensor.CopyFrom(tf.make_tensor_proto(value))
open('frozen_model.pb', 'wb').write(graph.SerializeToString())
"""
)

SIGNATURE = (
    START
    + """
from tensorflow.core.protobuf import saved_model_pb2
model = saved_model_pb2.SavedModel.FromString(open('model/saved_model.pb', 'rb').read())
signatures = model.meta_graphs[0].signature_def
{change}
open('model/saved_model.pb', 'wb').write(model.SerializeToString())
"""
)
ARGUMENT_RENAMED = SIGNATURE.format(
    change="inputs = signatures['serving_default'].inputs\n"
    "inputs['renamed'].CopyFrom(inputs['inputs_1']); del inputs['inputs_1']"
)
SIGNATURE_RENAMED = SIGNATURE.format(
    change="signatures['other'].CopyFrom(signatures['serving_default']); del signatures['serving_default']"
)


@pytest.mark.parametrize(
    ("fmt", "loader", "use"),
    [
        ("saver_v2", "import_meta_graph", "resume"),
        ("saver_max_to_keep", "checkpoint_variables", "resume"),
        ("frozen_graph", "import_graph_def", "inference"),
        ("saved_model_from_checkpoint", "saved_model_cli", "serve"),
    ],
)
def test_a_healthy_artifact_is_kept(verdict_of, fmt, loader, use):
    assert verdict_of(fmt, loader, use)["verdict"] == "kept"


@pytest.mark.parametrize(
    ("fmt", "loader", "use", "spoil", "verdict", "facet"),
    [
        ("saver_v2", "import_meta_graph", "resume", ONE_VARIABLE_LESS, "broken", None),
        ("saver_v2", "build_restore", "resume", ONE_VARIABLE_LESS, "broken", None),
        ("saver_v2", "checkpoint_variables", "inference", ONE_VARIABLE_LESS, "silent_loss", "weights"),
        ("saver_max_to_keep", "import_meta_graph", "resume", DATA_OF_ANOTHER_STEP, "broken", None),
        ("saver_max_to_keep", "import_meta_graph", "resume", CHECKPOINT_OF_ANOTHER_STEP, "silent_loss", "weights"),
        ("frozen_graph", "import_graph_def", "inference", ONE_CONSTANT_ALTERED, "silent_loss", "weights"),
        ("saved_model_from_checkpoint", "saved_model_loader", "serve", ARGUMENT_RENAMED, "silent_loss", "signatures"),
        ("saved_model_from_checkpoint", "saved_model_cli", "serve", ARGUMENT_RENAMED, "silent_loss", "signatures"),
        ("saved_model_from_checkpoint", "saved_model_loader", "serve", SIGNATURE_RENAMED, "broken", None),
    ],
)
def test_a_mutant_is_caught(verdict_of, fmt, loader, use, spoil, verdict, facet):
    found = verdict_of(fmt, loader, use, spoil)
    assert found["verdict"] == verdict, found["reason"]
    if facet:
        assert found["facets"][facet]["status"] == "different"


def test_the_server_answers_as_the_document_prints(made):
    """Start the server from a shell, send the requests of the documentation's curl lines, and stop it."""
    import urllib.request

    frozen = made[0] / "frozen_graph" / "artifact" / "frozen_model.pb"
    command = [str(PYTHON), "scripts/serve.py", "--frozen", str(frozen), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        url = server.stdout.readline().split()[-1]

        def post(body):
            request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
            return urllib.request.urlopen(request, timeout=60).read().decode()

        assert url.startswith("http://127.0.0.1:")
        assert post('{"x": [[0,1,2,3,4,5,6,7,8,9]]}') == '{"y": [[false]]}\n'
        both = '{"x": [[0,1,2,3,4,5,6,7,8,9],[5,5,5,5,5,5,5,5,5,5]]}'
        assert post(both) == '{"y": [[false], [true]]}\n'
        server.terminate()
        assert server.wait(60) == 0


def test_the_examples_artifacts_are_made_anew_byte_by_byte(tmp_path):
    python(ARTIFACTS / "make.py", "--out", tmp_path)
    committed = {p.relative_to(ARTIFACTS): p.read_bytes() for p in ARTIFACTS.rglob("*") if p.is_file()}
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert set(committed) - set(made) == {(ARTIFACTS / "make.py").relative_to(ARTIFACTS)}
    assert [path for path in made if made[path] != committed.get(path)] == []
    assert sum(map(len, made.values())) < 100_000
