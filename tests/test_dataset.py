"""Datasets: what is written, and the errors for unsuitable files. Nothing is downloaded."""

import hashlib
import io
import json
import urllib.error

import numpy as np
import pytest

from host import dataset


def mnist_like(count=1000, **changes):
    """The bytes of an .npz as mnist.npz is; a change to None removes a key."""
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = np.zeros((count, 28, 28), np.uint8) + labels[:, None, None]
    arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels, **changes}
    buffer = io.BytesIO()
    np.savez(buffer, **{k: v for k, v in arrays.items() if v is not None})
    return buffer.getvalue()


def test_digits(tmp_path):
    out = tmp_path / "digits.npz"
    assert dataset.main(["digits", "--out", str(out)]) == 0
    with np.load(out) as written:
        arrays = {key: written[key] for key in dataset.KEYS}
    assert arrays["x_train"].shape == (1000, 28, 28) and arrays["x_test"].shape == (797, 28, 28)
    for part in ("train", "test"):
        images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
        assert images.dtype == labels.dtype == np.uint8
        assert images.max() == 255 and images.min() == 0
        assert not images[:, :2].any() and not images[:, :, -2:].any()
        counts = np.bincount(labels, minlength=10)
        assert counts.min() > 0.9 * counts.max()
    pixel = arrays["x_train"][0, 2:26, 2:26].reshape(8, 3, 8, 3)
    assert (pixel == pixel[:, :1, :, :1]).all()
    assert json.loads((tmp_path / "digits.json").read_text())["source"] == "sklearn.datasets.load_digits"


def test_writing_again_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        dataset.write(tmp_path / f"{name}.npz", *dataset.digits())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "a.npz", "b.json", "b.npz"]


def test_mnist_of_a_local_file(tmp_path, capsys):
    own, out = tmp_path / "own.npz", tmp_path / "mnist.npz"
    own.write_bytes(mnist_like(1200))
    assert dataset.main(["mnist", "--file", str(own), "--out", str(out)]) == 0
    with np.load(out) as written:
        assert {len(written[key]) for key in dataset.KEYS} == {1000}
    facts = json.loads(out.with_suffix(".json").read_text())
    assert facts["published"] is False
    assert facts["sha256"] == hashlib.sha256(own.read_bytes()).hexdigest()
    assert facts["sha256"] in capsys.readouterr().out


@pytest.mark.parametrize(
    "content, what",
    [
        (b"", "not an .npz"),
        (b"not an archive", "not an .npz"),
        (mnist_like()[:5000], "not an .npz"),
        (mnist_like(y_test=None), "has no y_test"),
        (mnist_like(999), "has 999 images, expected at least 1000"),
        (mnist_like(x_train=np.zeros((1000, 784), np.uint8)), "x_train is uint8 (1000, 784)"),
        (mnist_like(x_train=np.zeros((1000, 28, 28), np.float32)), "x_train is float32"),
        (mnist_like(y_train=np.zeros(10, np.uint8)), "y_train is uint8 (10,)"),
        (mnist_like(y_train=np.full(1000, 11)), "expected 1000 digits"),
        (mnist_like(y_train=np.array([object()] * 1000)), "not an .npz"),
    ],
)
def test_a_file_that_will_not_do(tmp_path, capsys, content, what):
    own, out = tmp_path / "own.npz", tmp_path / "mnist.npz"
    own.write_bytes(content)
    assert dataset.main(["mnist", "--file", str(own), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert str(own) in said and what in said and "`mnist:` in config/config.yaml" in said
    assert not out.exists()


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert dataset.main(["mnist", "--file", str(tmp_path / "none.npz"), "--out", str(tmp_path / "mnist.npz")]) == 1
    assert "No such file" in capsys.readouterr().err
    with pytest.raises(dataset.DatasetError, match="there is no file"):
        dataset.local_file("mnist", str(tmp_path / "none.npz"))
    assert dataset.local_file("digits", str(tmp_path / "none.npz")) == []
    assert dataset.local_file("mnist", None) == []


def test_no_network(tmp_path, capsys, monkeypatch):
    def urlopen(url, timeout):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(dataset.urllib.request, "urlopen", urlopen)
    assert dataset.main(["mnist", "--out", str(tmp_path / "mnist.npz")]) == 1
    said = capsys.readouterr().err
    assert dataset.MNIST_URL in said and "Name or service not known" in said and "`mnist:`" in said


def test_a_download_is_held_against_its_checksum(monkeypatch):
    content = mnist_like()
    monkeypatch.setattr(dataset.urllib.request, "urlopen", lambda url, timeout: io.BytesIO(content))
    with pytest.raises(dataset.DatasetError, match="the file is not used"):
        dataset.mnist()
    assert dataset.download(sha256=hashlib.sha256(content).hexdigest()) == content
