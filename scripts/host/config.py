"""Reading configuration: schema, defaults, and every id checked before a job starts."""

import copy
import difflib
import pathlib

import jsonschema
import yaml

from host import pairs
from roundtrip import members

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "config" / "schemas"
SELECTABLE = ("models", "modifiers", "formats", "loaders", "uses")


class ConfigError(ValueError):
    """Bad input; the message names the file, the key and the remedy."""


def _with_defaults(validator_class):
    """A validator that fills in the schema's ``default`` values while it validates."""
    check = validator_class.VALIDATORS["properties"]

    def properties(validator, wanted, instance, schema):
        if isinstance(instance, dict):
            for key, sub in wanted.items():
                if "default" in sub:
                    instance.setdefault(key, copy.deepcopy(sub["default"]))
        yield from check(validator, wanted, instance, schema)

    return jsonschema.validators.extend(validator_class, {"properties": properties})


def validate(value, schema, file):
    """Validate plain data against ``config/schemas/<schema>.schema.yaml``, filling in defaults in place.

    Raises ConfigError, which names the file, the key and, for a misspelt key, the nearest right one.
    """
    rules = yaml.safe_load((SCHEMAS / f"{schema}.schema.yaml").read_text())
    validator = _with_defaults(jsonschema.Draft202012Validator)(rules)
    error = next(iter(sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.path)))), None)
    if error is None:
        return value
    key = ".".join(map(str, error.absolute_path)) or "top level"
    hint = ""
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        for wrong in sorted(set(error.instance) - set(known)):
            hint += suggestion(wrong, known)
    raise ConfigError(f"{file}, {key}: {error.message}.{hint} What each key takes: {SCHEMAS.name}/{schema}.schema.yaml")


def suggestion(wrong, known):
    """`` Did you mean "x"?`` for the nearest known word, or the list of them."""
    near = difflib.get_close_matches(str(wrong), list(map(str, known)), 1, 0.5)
    return f' Did you mean "{near[0]}"?' if near else f" Known: {', '.join(sorted(map(str, known)))}."


def resolve(config, known_runtimes, file="config"):
    """Validate the workflow's configuration and resolve ``all``; returns the blocks of the matrix.

    Every id is checked; a misspelt one is answered with the nearest right one. Raises ConfigError.
    """
    validate(config, "config", file)
    if not config["matrix"] and not config["pretrained"]:
        raise ConfigError(f"{file}, matrix: it holds no block, and there is nothing in `pretrained` either.")
    blocks = []
    for number, block in enumerate(config["matrix"]):
        resolved = _runtimes(block, known_runtimes, f"{file}, matrix[{number}]")
        for axis in SELECTABLE:
            chosen = block.get(axis, ["none"] if axis == "modifiers" else "all")
            resolved[axis] = check(chosen, members.names(axis), f"{file}, matrix[{number}].{axis}")
        blocks.append(resolved)
    return blocks


def _runtimes(block, known, where):
    """``producers``, and ``consumers`` as {producer: [consumers]}: both of a block's ways to say who reads what."""
    if "pairs" in block and "consumers" in block:
        raise ConfigError(f"{where}: `consumers` and `pairs` both say who reads. Keep one of them.")
    chosen, named = block.get("pairs", "same"), isinstance(block.get("pairs"), list)
    if named and "producers" in block:
        raise ConfigError(f"{where}: `pairs` names the producers itself. Remove `producers`, or say a word in `pairs`.")
    if not named:
        check([chosen], list(pairs.WORDS), f"{where}.pairs")
    for i, pair in enumerate(chosen if named else ()):
        check(pair, list(known), f"{where}.pairs[{i}]")
    producers = list(dict.fromkeys(p for p, _ in chosen)) if named else block.get("producers", "all")
    producers = check(producers, list(known), f"{where}.producers")
    if "consumers" in block:
        readers = check(block["consumers"], list(known), f"{where}.consumers")
        return {"producers": producers, "consumers": {p: readers for p in producers}}
    found = pairs.consumers(chosen, producers, known)
    if not any(found.values()):
        raise ConfigError(f"{where}.pairs: there is no runtime that {chosen} could pair with {', '.join(producers)}.")
    return {"producers": producers, "consumers": found}


def check(chosen, known, where):
    """The ids that were chosen, ``all`` resolved; an unknown one is answered with the nearest known."""
    if chosen == "all":
        return list(known)
    for name in chosen:
        if name not in known:
            raise ConfigError(f'{where}: there is no "{name}".{suggestion(name, known)}')
    return list(chosen)


class Loader(yaml.SafeLoader):
    """YAML whose dates stay text, as the schemas expect them."""

    yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load_yaml(path):
    """Parse a YAML file. Raises ConfigError with file and line where it is malformed or absent."""
    try:
        return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}). Create it or name another file.") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
