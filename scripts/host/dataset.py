"""Datasets: 28 x 28 grey images of digits, written as an .npz with the keys of mnist.npz (uint8, 0 to 255).

    PYTHONPATH=scripts python -m host.dataset digits --out results/data/digits.npz
    PYTHONPATH=scripts python -m host.dataset mnist --out results/data/mnist.npz [--file mnist.npz]

Where the images came from is written beside it, as <out>.json.
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

#: as tf.keras.datasets.mnist.load_data has it: https://www.tensorflow.org/api_docs/python/tf/keras/datasets/mnist
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
KEYS = ("x_train", "y_train", "x_test", "y_test")
REMEDY = "Name a file that has them under `mnist:` in config/config.yaml, or use `dataset: digits`, which needs none."


class DatasetError(ValueError):
    """The images cannot be had; the message names the file and the remedy."""


def digits():
    """scikit-learn's bundled 8 x 8 images, 16 greys, each pixel drawn 3 x 3 within a border of 2.

    In their own order, in which every stretch holds all classes about equally often: 1,000 for training, 797
    for testing. https://scikit-learn.org/stable/datasets/toy_dataset.html#digits-dataset
    """
    from sklearn.datasets import load_digits

    bundle = load_digits()
    images = np.rint(bundle.images * (255 / 16)).astype(np.uint8)
    images = np.pad(images.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    labels = bundle.target.astype(np.uint8)
    arrays = dict(zip(KEYS, (images[:1000], labels[:1000], images[1000:], labels[1000:]), strict=True))
    return arrays, {"source": "sklearn.datasets.load_digits"}


def mnist(file=None):
    """The first 1,000 training and test images of MNIST, of a local file or downloaded.

    A file of other content than the published one will do if it has the same keys and shapes; the facts say so.
    """
    content = local(file) if file else download()
    sha256 = hashlib.sha256(content).hexdigest()
    arrays = checked(content, file or MNIST_URL)
    return arrays, {"source": str(file or MNIST_URL), "sha256": sha256, "published": sha256 == MNIST_SHA256}


def local_file(dataset, configured):
    """[path] of the user's own mnist.npz if the configuration names one and ``dataset`` wants it, else [].

    A path at which nothing lies is an error here: Snakemake would go on with what was once made of another file.
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
    """The bytes of ``url``, if they are what was published."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            content = response.read()
    except OSError as error:  # URLError is one
        raise DatasetError(f"{url}: cannot be downloaded ({getattr(error, 'reason', error)}). {REMEDY}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DatasetError(f"{url}: SHA-256 is {found}, {sha256} was expected: not used. {REMEDY}")
    return content


def checked(content, name, count=1000):
    """The first ``count`` images and labels of each part, once keys, shapes and types are right."""
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
            raise DatasetError(f"{name}: x_{part} is {x.dtype} {x.shape}, uint8 (n, 28, 28) is needed. {REMEDY}")
        if y.shape != x.shape[:1] or not np.issubdtype(y.dtype, np.integer) or not np.isin(y, range(10)).all():
            raise DatasetError(f"{name}: y_{part} is {y.dtype} {y.shape}, {len(x)} digits are needed. {REMEDY}")
        if len(x) < count:
            raise DatasetError(f"{name}: x_{part} has {len(x)} images, {count} are needed. {REMEDY}")
    return {key: array[:count].astype(np.uint8) for key, array in arrays.items()}


def write(out, arrays, facts):
    """Write the .npz and, beside it, what it is and where it came from."""
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
