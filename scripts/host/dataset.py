"""Datasets: 28 x 28 grey images of digits (uint8, 0 to 255), written as an .npz with the keys of mnist.npz.

    PYTHONPATH=scripts python -m host.dataset digits --out results/data/digits.npz
    PYTHONPATH=scripts python -m host.dataset mnist --out results/data/mnist.npz [--file mnist.npz]

A JSON file beside it, with the same name, states where the images came from.
"""

import argparse
import hashlib
import io
import sys
import urllib.request
import zipfile
from pathlib import Path

import numpy as np

from roundtrip.record import write_atomic, write_json

#: the file that tf.keras.datasets.mnist.load_data downloads: https://www.tensorflow.org/api_docs/python/tf/keras/datasets/mnist
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
KEYS = ("x_train", "y_train", "x_test", "y_test")
REMEDY = "Set `mnist:` in config/config.yaml to a complete file, or use `dataset: digits`, which needs no file."


class DatasetError(ValueError):
    """The images are not available; the message names the file and the remedy."""


def digits():
    """scikit-learn's bundled images: 8 x 8 pixels in 16 greys, enlarged to 24 x 24 within a border of 2.

    The order is unchanged; every part of it has about equally many images of each class. 1,000 images are for
    training, 797 for testing. https://scikit-learn.org/stable/datasets/toy_dataset.html#digits-dataset
    """
    from sklearn.datasets import load_digits

    bundle = load_digits()
    images = np.rint(bundle.images * (255 / 16)).astype(np.uint8)
    images = np.pad(images.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    labels = bundle.target.astype(np.uint8)
    arrays = dict(zip(KEYS, (images[:1000], labels[:1000], images[1000:], labels[1000:]), strict=True))
    return arrays, {"source": "sklearn.datasets.load_digits"}


def mnist(file=None):
    """The first 1,000 training and test images of MNIST, from a local file or downloaded.

    A local file with other content is accepted if keys and shapes are the same; then ``published`` is False.
    """
    content = local(file) if file else download()
    sha256 = hashlib.sha256(content).hexdigest()
    arrays = checked(content, file or MNIST_URL)
    return arrays, {"source": str(file or MNIST_URL), "sha256": sha256, "published": sha256 == MNIST_SHA256}


def local_file(dataset, configured):
    """[path] of the user's mnist.npz if the configuration names one and ``dataset`` is mnist, else [].

    A path without a file raises DatasetError: Snakemake would use the results of an earlier file instead.
    """
    path = Path(configured).expanduser() if configured and dataset == "mnist" else None
    if path and not path.is_file():
        raise DatasetError(f"config, mnist: there is no file {path}. Correct the path, or leave it out to download.")
    return [str(path)] if path else []


def local(file):
    try:
        return Path(file).expanduser().read_bytes()
    except OSError as error:
        raise DatasetError(f"{file}: cannot be read ({error.strerror}). {REMEDY}") from None


def download(url=MNIST_URL, sha256=MNIST_SHA256):
    """The bytes of ``url``. Raises DatasetError if their SHA-256 differs from the published one."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            content = response.read()
    except OSError as error:  # URLError is one
        raise DatasetError(f"{url}: cannot be downloaded ({getattr(error, 'reason', error)}). {REMEDY}") from None
    actual = hashlib.sha256(content).hexdigest()
    if actual != sha256:
        raise DatasetError(f"{url}: SHA-256 is {actual}, expected {sha256}; the file is not used. {REMEDY}")
    return content


def checked(content, name, count=1000):
    """The first ``count`` images and labels of each part. Raises DatasetError if keys, shapes or types are wrong."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            missing = [key for key in KEYS if key not in file.files]
            if missing:
                raise DatasetError(f"{name}: has no {', '.join(missing)}. {REMEDY}")
            arrays = {key: file[key] for key in KEYS}
    except DatasetError:
        raise
    except (ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{name}: not an .npz file of arrays ({error}). {REMEDY}") from None
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if x.shape[1:] != (28, 28) or x.ndim != 3 or x.dtype != np.uint8:
            raise DatasetError(f"{name}: x_{part} is {x.dtype} {x.shape}, expected uint8 (n, 28, 28). {REMEDY}")
        if y.shape != x.shape[:1] or not np.issubdtype(y.dtype, np.integer) or not np.isin(y, range(10)).all():
            raise DatasetError(f"{name}: y_{part} is {y.dtype} {y.shape}, expected {len(x)} digits. {REMEDY}")
        if len(x) < count:
            raise DatasetError(f"{name}: x_{part} has {len(x)} images, expected at least {count}. {REMEDY}")
    return {key: array[:count].astype(np.uint8) for key, array in arrays.items()}


def write(out, arrays, facts):
    """Write the .npz, and a JSON file beside it with the shapes and the source."""
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    write_atomic(str(out), buffer.getvalue())
    facts = {**facts, "shapes": {key: list(array.shape) for key, array in arrays.items()}}
    write_json(str(Path(out).with_suffix(".json")), facts)


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", choices=["digits", "mnist"])
    parser.add_argument("--out", required=True, help="the .npz")
    parser.add_argument("--file", help="a local mnist.npz, instead of the download")
    args = parser.parse_args(argv)
    try:
        arrays, facts = mnist(args.file) if args.dataset == "mnist" else digits()
    except DatasetError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if facts.get("published") is False:
        print(f"{facts['source']} is not the published mnist.npz; its SHA-256 is {facts['sha256']}")
    write(args.out, arrays, facts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
