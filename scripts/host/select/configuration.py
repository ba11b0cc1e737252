"""The configuration of a run: checks every id before a job starts, and resolves the blocks of the matrix."""

import collections
import functools
from pathlib import Path

from host.schemas import ConfigError, folder_of, load_yaml, place, validate
from host.select import pairs
from host.select.cells import AXES
from host.select.runtimes import newest, preferred
from host.select.selection import one, select
from roundtrip import members

OWN = "config/config.yaml"
REASONS = 5  # how many are said where nothing is left
#: what is tried of a model that the user brings, where the top of the configuration does not select
USUAL = {
    "modifiers": "none",
    "formats": [
        *(
            "keras_archive",
            "keras_directory",
            "h5",
            "saved_model",
            "weights_h5",
            "weights_sharded",
            "weights_checkpoint",
        ),
        *("tf_checkpoint", "checkpoint_manager", "backup_and_restore", "orbax", "export", "onnx", "litert"),
        *("json", "json_weights", "config", "serialized"),
    ],
    "loaders": [
        *("load_model", "load_model_custom_objects", "build_load_weights", "checkpoint_restore"),
        *("checkpoint_manager_restore", "backup_and_restore", "orbax", "saved_model_load", "tfsm_layer", "signature"),
        *("onnx_runtime", "litert_interpreter", "from_json", "from_json_weights", "from_config", "deserialize"),
    ],
    "uses": ["inference", "evaluate", "resume", "serve"],
}
SELECTABLE = ("models", "modifiers", "formats", "loaders", "uses")


def resolve(config, known_runtimes, file="config", models=None):
    """Validate the workflow's configuration and resolve its selections; returns the blocks of the matrix.

    Parameters
    ----------
    config : dict
    known_runtimes : dict
        {id: Runtime}, as returned by ``host.select.runtimes.known``.
    file : str or host.schemas.Files
    models : dict or None
        {id: host.select.subjects.Model} of the models that the user brings. Those that no block names get a block from
        the selections at the top of the configuration.

    Raises host.schemas.ConfigError, which suggests the most similar ids for an id or a glob that matches nothing.
    """
    validate(config, "config", file)
    models = models or {}
    sources = [(file, config["matrix"]), *included(config, file)]
    if not (any(blocks for _, blocks in sources) or config["artifacts"] or models):
        problem = "it has no block, and `models` and `artifacts` are empty as well"
        remedy = "Add a block; `- {}` selects all that the newest Keras 3 and tf_keras have."
        raise ConfigError(place(file, "matrix"), problem, remedy)
    blocks = [
        _block(block, known_runtimes, models, functools.partial(place, source, "matrix", number))
        for source, some in sources
        for number, block in enumerate(some)
    ]
    named = {model for block in blocks for model in block["models"]}
    rest = [model for model in models.values() if model not in named]
    return blocks + ([_of_user(config, rest, known_runtimes, file)] if rest else [])


def _block(block, known_runtimes, models, where):
    resolved = _runtimes(block, known_runtimes, where)
    for axis in SELECTABLE:
        chosen = block.get(axis, "none" if axis == "modifiers" else "all")
        resolved[axis] = _members(axis, chosen, models, where(axis))
    return resolved


def included(config, file):
    """[(path, blocks)] of the files that ``include`` names; their blocks belong to the matrix as well.

    Raises host.schemas.ConfigError where one is not there, or sets more than a matrix.
    """
    folder, sources = folder_of(file, "include"), []
    for number, name in enumerate(config["include"]):
        path = str(folder / name)
        content = load_yaml(path)
        extra = sorted(set(content) - {"matrix", "dataset"}) if isinstance(content, dict) else ["no mapping"]
        if extra or content.get("dataset", config["dataset"]) != config["dataset"]:
            problem = f"{path} holds {', '.join(extra) or 'another dataset'}, and only its matrix can be included"
            raise ConfigError(place(file, "include", number), problem, "Move that key to this file.")
        validate(content, "config", path)
        sources.append((path, content["matrix"]))
    return sources


def own_matrix(config, file):
    """Leave out the project's own matrix where a configuration brings a model or an artifact, and no matrix."""
    brings = config.get("models") or config.get("artifacts")
    if brings and file.holding("matrix") == OWN:
        config["matrix"] = []


def _of_user(config, models, known_runtimes, file):
    """The block of the models that the user brings: what the top of the configuration selects."""
    block = {axis: config[axis] for axis in ("producers", "consumers", "pairs") if axis in config}
    if not isinstance(block.get("pairs"), list):
        block.setdefault("producers", newest(preferred(known_runtimes)))
    resolved = _runtimes(block, known_runtimes, functools.partial(place, file))
    for axis in set(SELECTABLE) - {"models"}:
        resolved[axis] = _members(axis, config.get(axis, USUAL[axis]), {}, place(file, axis))
    return dict(resolved, models=models)


def _members(axis, chosen, models, where):
    """The ids that a selection names; of the user's models, the models themselves."""
    if axis != "models":
        return select(chosen, members.names(axis), where)
    return [models.get(name, name) for name in select(chosen, [*members.names(axis), *models], where)]


def refuse_nothing(cells, excluded, file):
    """Raise host.schemas.ConfigError if there is no cell: the report would be green without a proof."""
    if not cells:
        nearest = sorted(excluded, key=_reached, reverse=True)
        counts = collections.Counter(row["reason"] for row in nearest).most_common()  # of equals, the nearest first
        reasons = "; ".join(reason + (f", {number} times" if number > 1 else "") for reason, number in counts[:REASONS])
        more = f"; further reasons: {len(counts) - REASONS}" if len(counts) > REASONS else ""
        problem = f"none of the selected cells can be run ({reasons}{more})"
        raise ConfigError(place(file, "matrix"), problem, "Select members that fit together.")


def environment_folders(config, file):
    """The folders of environments' files. Raises host.schemas.ConfigError where one is not there."""
    folders = config["environments"] if isinstance(config["environments"], list) else []
    for number, folder in enumerate(folders):
        if not Path(folder).is_dir():
            problem = f"there is no folder {folder} (looked for in {Path.cwd()})"
            raise ConfigError(place(file, "environments", number), problem, "Create it, or name another one.")
    return ["envs", *folders]


def _reached(row):
    """The number of the last axis that an excluded entry names: the higher, the nearer it was to a cell."""
    return max(number for number, axis in enumerate(AXES) if row[axis] != "*")


def _runtimes(block, known, where):
    """``producers``, and ``consumers`` as {producer: [consumers]}, from a block's ``consumers`` or ``pairs``.

    ``where(axis)`` is the file and the key, for messages; ``where()`` those of the block.
    """
    if "pairs" in block and "consumers" in block:
        raise ConfigError(where(), "`consumers` and `pairs` both select the readers", "Remove one of them.")
    if isinstance(block.get("pairs"), list):
        return _named_pairs(block, known, where)
    producers = select(block.get("producers") or _usual_producers(block, known), known, where("producers"))
    if "consumers" in block:
        consumers = select(block["consumers"], known, where("consumers"))
        return {"producers": producers, "consumers": {p: consumers for p in producers}}
    word = one(block.get("pairs", "same"), pairs.WORDS, where("pairs"))
    consumers = pairs.consumers(word, producers, known)
    if not any(consumers.values()):
        problem = f"{word} pairs no runtime with {', '.join(producers)}"
        raise ConfigError(where("pairs"), problem, "Select other producers, or use another word.")
    return {"producers": producers, "consumers": consumers}


def _usual_producers(block, known):
    """The runtimes that write where a block names none: the user's, else the newest; all, where versions are paired."""
    usual = preferred(known)
    return list(usual) if "pairs" in block or len(usual) < len(known) else newest(known)


def _named_pairs(block, known, where):
    """``producers`` and ``consumers`` from a list of pairs, whose ends are ids or globs."""
    if "producers" in block:
        problem = "a list of `pairs` already names the producers"
        raise ConfigError(where(), problem, "Remove `producers`, or use a word for `pairs`.")
    readers = {}
    for number, ends in enumerate(block["pairs"]):
        producers, consumers = (select(end, known, where("pairs", number)) for end in ends)
        for producer in producers:
            readers.setdefault(producer, {}).update(dict.fromkeys(consumers))
    return {"producers": list(readers), "consumers": {p: list(ids) for p, ids in readers.items()}}
