"""HDF5: what lies outside of the file or is not what it seems, and the configuration of the model in it.

https://docs.hdfgroup.org/hdf5/v1_14/_h5_d__u_g.html (external storage), _h5_l__u_g.html (links)
"""

import json

import h5py

from host.inspection import configs
from host.inspection.files import Door

SIGNATURE = b"\x89HDF\r\n\x1a\n"
#: attributes of a file of Keras that hold JSON
CONFIGS = ("model_config", "training_config", "metadata")
#: filters that are part of HDF5 and h5py; for any other, HDF5 loads a library from its folder of plug-ins
FILTERS = (1, 2, 3, 4, 5, 6, 32000)
#: a dataset that declares this many times the bytes that it has, and at least so many bytes
RATIO, LEAST = 1000, 100_000_000


def recognizes(file):
    return file.head.startswith(SIGNATURE) or file.ends(".h5", ".hdf5")


def look(file):
    with file.open() as raw, h5py.File(raw, "r") as f:
        yield from groups(f, file)
        for name in CONFIGS:
            if name in f.attrs:
                size = f.attrs.get_id(name).get_storage_size()
                if size > configs.LARGEST:
                    yield Door("not inspected", f"{file.name}: {name}", f"the attribute has {size:,} bytes")
                else:
                    yield from configs.doors(json.loads(f.attrs[name]), f"{file.name}: {name}", file.limit)


def groups(root, file):
    """The doors of all groups, each once by whatever links lead to it; no link out of the file is followed."""
    pending, seen = [root], set()
    while pending:
        here = pending.pop()
        identity = h5py.h5o.get_info(here.id).addr
        if identity not in seen:
            seen.add(identity)
            for name in here:
                where = f"{file.name}: {here.name.rstrip('/')}/{name}"
                link = here.get(name, getlink=True)
                if isinstance(link, h5py.HardLink):
                    child = here[name]
                    pending += [child] if isinstance(child, h5py.Group) else []
                    yield from dataset(child, file, where) if isinstance(child, h5py.Dataset) else ()
                else:
                    yield from of_link(link, where)


def of_link(link, where):
    """The door of a link that is no entry of the file itself."""
    if isinstance(link, h5py.ExternalLink):
        yield Door("external link", where, f"reading it opens {link.filename}")
    elif isinstance(link, h5py.SoftLink):
        yield Door("soft link", where, f"it leads to {link.path} in this file")


def dataset(array, file, where):
    for path, _, _ in array.external or ():
        yield Door("external storage", where, f"its values are read from {path}")
    if array.is_virtual:
        for source in array.virtual_sources():
            if source.file_name != ".":
                yield Door("virtual dataset", where, f"its values are read from {source.file_name}")
    if array.id.get_type().get_class() == h5py.h5t.REFERENCE:
        yield Door("references", where, "its values lead to other objects, of this file or of another")
    properties = array.id.get_create_plist()
    for number in range(properties.get_nfilters()):
        filter_ = properties.get_filter(number)[0]
        if filter_ not in FILTERS:
            yield Door("filter plug-in", where, f"reading it loads a library for the filter {filter_}")
    yield from declared(array, file, where)


def declared(array, file, where):
    """A door where a dataset declares more than fits into memory, or far more than the file holds."""
    size, stored = array.size * array.dtype.itemsize, array.id.get_storage_size()
    if size > file.limit or (size > LEAST and size > RATIO * stored and not array.external):
        yield Door("shape bomb", where, f"it declares {array.shape}, {size:,} bytes, of which {stored:,} are stored")
