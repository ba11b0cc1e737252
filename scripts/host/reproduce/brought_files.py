"""What lies beside the reproduction of a brought artifact: a copy, the user's code, inputs, expected outputs."""

import os
import pathlib
import shutil

from host.judge import agreement, held_against_file
from host.judge.numbers import as_float
from host.reproduce.sources import CannotReproduce
from host.select import user_code
from roundtrip.loaders import only_path

#: of larger files of the artifact a hard link lies beside the reproduction, where the file system allows it
LARGE = 100_000_000
#: texts, as NumPy's objects
ENCODED = ".astype(object)"


class Arrays:
    """The arrays of ``values.npz``, and the expressions for them.

    Attributes
    ----------
    values : dict
        {key: array} of the file.
    literals : dict
        ``INPUTS``, ``EXPECTED``: {name: expression}; ``ALLOWED``: {name: (dtype, relative, absolute)}.
    """

    def __init__(self):
        self.values, self.literals = {}, {"INPUTS": {}, "EXPECTED": {}, "ALLOWED": {}}

    def take_inputs(self, judged):
        """The inputs of the call; those of another route of the same artifact where this one's are not recorded."""
        readings = [judged.mine, *judged.readings]
        reading = next((r for r in readings if r.facts.get("inputs")), None)
        if reading is None:
            raise CannotReproduce("the inputs of the call that failed are not recorded")
        for entry in reading.facts["inputs"]:
            key, array = f"input_{len(self.values)}", reading.arrays[entry]
            self.values[key] = array
            text = array.dtype.kind == "U"
            if text and any("\ufffd" in x for x in array.ravel()):
                raise CannotReproduce("the inputs are bytes, which the record does not hold")
            self.literals["INPUTS"][entry["name"]] = f'VALUES["{key}"]' + (ENCODED if text else "")

    def take_expected(self, judged, folder):
        """What the outputs are held against, under the names that the route gives them."""
        mine = judged.mine
        expected = agreement.given(judged.item, folder)
        if expected is None:
            right = {r.id for r in judged.readings if r.loaded and held_against_file.weights(r).intact}
            expected, _ = agreement.majority(mine, judged.readings, judged.tolerance, right)
        observed = mine.values()
        for name, got in agreement.paired(expected, observed)[0].items():
            own = next((n for n, value in observed.items() if got is not None and value.array is got.array), name)
            key, wanted = f"expected_{len(self.values)}", expected[name]
            self.values[key] = (
                as_float(wanted.array, wanted.dtype or "") if wanted.dtype == "bfloat16" else wanted.array
            )
            self.literals["EXPECTED"][own] = f'VALUES["{key}"]'
            self.literals["ALLOWED"][own] = (wanted.dtype, *judged.tolerance.of(name, wanted.dtype))


def copy_artifact(taken, folder):
    """Copy the artifact; the path that the route gets, from the folder of the files."""
    source = taken / "artifact"
    left = shutil.ignore_patterns(".snakemake_timestamp")
    shutil.copytree(source, folder / "artifact", copy_function=copied, ignore=left)
    return os.path.relpath(only_path(str(folder / "artifact")), folder)


def copy_code(item, folder):
    """Copy the user's code, and what it imports from beside it; {key: (module, function)}, the key names its folder."""
    found = {}
    for key in ("custom_objects", "build"):
        path, _, function = (item.get(key) or "").partition(":")
        if path:
            top = pathlib.Path(path).parent
            for file in user_code.closure(path):
                target = folder / key / os.path.relpath(file, top)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
            found[key] = (pathlib.Path(path).stem, function)
    return found


def copied(source, target):
    """Copy a file, or make a hard link of a large one."""
    if os.path.getsize(source) > LARGE:
        try:
            return os.link(source, target)
        except OSError:  # another file system
            pass
    return shutil.copyfile(source, target)
