"""The files of Keras' saving library as bytes: zips, folders, shards and HDF5 files, also damaged ones."""

import io
import json
import os
import struct
import zipfile
import zlib

from rescue.held import Unreadable

#: what Keras' BackupAndRestore writes, and the copies that it restores from if the first is missing:
#: https://github.com/keras-team/keras/blob/v3.8.0/keras/src/callbacks/backup_and_restore.py#L97
ARCHIVE_BACKUPS = (
    ("latest.weights.h5", "training_metadata.json"),
    ("latest.weights.h5.bkp", "training_metadata.json.bkp"),
)

#: what h5py raises for a damaged file
ARCHIVE_ERRORS = (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError, MemoryError, struct.error)

#: the signature, flags, method, sizes and lengths in the local header of a zip's member
ZIP_LOCAL = struct.Struct("<4sHHHHHIIIHH")


def archive_problem(held, damaged, path, reason):
    """A part that cannot be read: an entry in ``held.damage``, or Unreadable."""
    if not damaged:
        raise Unreadable("%s: %s: %s" % (held.source, path, reason))
    held.damage.append((path, str(reason)))


def archive_zip_files(path, held, damaged):
    """{name: bytes} of a zip. Names written on Windows may have backslashes.

    A zip without its end (truncated) has no table of contents: its members are read one after the other.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            return {name.replace("\\", "/"): archive.read(name) for name in names}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        archive_problem(held, damaged, os.path.basename(path), error)
    with open(path, "rb") as file:
        return dict(_zip_members(file.read(), held))


def _zip_members(data, held):
    """(name, bytes) of each member whose local header is there, without a look at its checksum."""
    at = data.find(b"PK\x03\x04")
    while at >= 0 and at + ZIP_LOCAL.size <= len(data):
        _, _, flags, method, _, _, _, size, _, name_length, extra_length = ZIP_LOCAL.unpack_from(data, at)
        start = at + ZIP_LOCAL.size + name_length + extra_length
        name = data[at + ZIP_LOCAL.size : start - extra_length].decode("utf-8", "replace").replace("\\", "/")
        if flags & 8 or size == 0xFFFFFFFF:  # the size is stated after the contents, or in another field
            following = [data.find(mark, start) for mark in (b"PK\x07\x08", b"PK\x03\x04", b"PK\x01\x02")]
            size = min([end for end in following if end >= 0] or [len(data)]) - start
        if start + size > len(data):
            held.damage.append((name, "%d of its %d bytes are missing" % (start + size - len(data), size)))
        contents = data[start : start + size]
        yield name, contents if method == zipfile.ZIP_STORED else _inflated(contents)
        at = data.find(b"PK\x03\x04", start + size)


def _inflated(data):
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data)
    except zlib.error:
        return b""


def archive_bytes(folder, name, held, damaged):
    """The bytes of a file in a folder; None if it cannot be read."""
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()
    except OSError as error:
        archive_problem(held, damaged, name, error)


def archive_folder_files(folder, held, damaged):
    """{name: bytes} of an unzipped archive, or of the folder of BackupAndRestore."""
    names = set(os.listdir(folder))
    for weights, metadata in ARCHIVE_BACKUPS:
        if weights in names and "config.json" not in names:
            return _read_all(folder, sorted({weights, metadata} & names), held, damaged)
    listed = [n for n in names if n in ("config.json", "metadata.json") or archive_is_weights_name(n)]
    for where, _, files in os.walk(os.path.join(folder, "assets")):
        listed += [os.path.relpath(os.path.join(where, name), folder).replace("\\", "/") for name in files]
    files = _read_all(folder, sorted(listed), held, damaged)
    for name in [n for n in sorted(listed) if n.endswith(".weights.json")]:
        files.update(_read_all(folder, [n for n in archive_shards(files[name]) if n not in files], held, damaged))
    return files


def _read_all(folder, names, held, damaged):
    read = [(name, archive_bytes(folder, name, held, damaged)) for name in names]
    return {name: data for name, data in read if data is not None}


def archive_is_weights_name(name):
    return name.endswith((".weights.h5", ".weights.json"))


def archive_shards(index):
    """The names of the shards that a ``.weights.json`` lists, in order; [] if it lists none."""
    try:
        listed = json.loads(index.decode("utf-8"))["weight_map"].values()
    except (ValueError, KeyError, AttributeError, TypeError):
        return []
    names = []
    for value in listed:
        names += [os.path.basename(n) for n in (value if isinstance(value, list) else [value])]
    return sorted(set(names))


def archive_file_files(path, held, damaged):
    """{name: bytes} of a ``.weights.h5``, or of a ``.weights.json`` and the shards beside it."""
    folder, name = os.path.split(path)
    data = archive_bytes(folder, name, held, damaged)
    files = {} if data is None else {name: data}
    files.update(_read_all(folder, archive_shards(data or b""), held, damaged))
    return files


def archive_open_hdf5(data, name, held, damaged):
    """(file, length) of an HDF5 file in memory; (None, 0) if it cannot be opened.

    HDF5 opens no file that is shorter than its superblock states. A damaged file is filled up to that length:
    ``archive_value`` refuses what lies in the filling.
    """
    import h5py

    try:
        return h5py.File(io.BytesIO(data), "r"), len(data)
    except ARCHIVE_ERRORS as error:
        archive_problem(held, damaged, name, error)
    try:
        filling = b"\xff" * max(0, _stated_length(data) - len(data))
        return h5py.File(io.BytesIO(data + filling), "r"), len(data)
    except ARCHIVE_ERRORS:
        return None, 0


def _stated_length(data):
    """The end-of-file address in an HDF5 superblock, at most 64 times the length that is there.

    https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
    """
    if not data.startswith(b"\x89HDF\r\n\x1a\n"):
        return 0
    version = bytearray(data[8:9])[0]
    at = {0: 40, 1: 44}.get(version, 28)
    return min(struct.unpack_from("<Q", data, at)[0], 64 * len(data))


def archive_value(dataset, length):
    """The array of a dataset. Raises ValueError if it lies outside of the ``length`` bytes that are there."""
    at = dataset.id.get_offset()
    if at is not None and at + dataset.id.get_storage_size() > length:
        raise ValueError("it lies behind the end of the truncated file")
    return archive_bfloat16(dataset[()])


def archive_bfloat16(value):
    """Two opaque bytes are how HDF5 holds bfloat16; without ``ml_dtypes``, float32 of the same values."""
    import numpy as np

    value = np.asarray(value)
    if value.dtype.kind != "V" or value.dtype.itemsize != 2:
        return value
    bits = np.frombuffer(value.tobytes(), np.uint16).reshape(value.shape)
    try:
        import ml_dtypes
    except ImportError:
        return (bits.astype(np.uint32) << 16).view(np.float32)
    return bits.view(ml_dtypes.bfloat16)
