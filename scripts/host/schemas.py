"""Reads data files, checks them against a schema, fills in defaults. Errors name the file, the key and the remedy."""

import copy
import difflib
import math
import pathlib

import jsonschema
import yaml

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "config" / "schemas"


#: what messages call the last layer of a configuration
COMMAND_LINE = "--config"


class ConfigError(ValueError):
    """Invalid input, reported before any job starts: ``<file>, <key>: <what is wrong>. <what to do>``.

    Parameters
    ----------
    where : str
        The file and the key in it, as returned by ``place``.
    problem, remedy : str
        What is wrong; and a sentence that says what to do.
    """

    def __init__(self, where, problem, remedy):
        super().__init__(f"{where}: {problem}. {remedy}")


class Files:
    """The configuration files of a run, each laid over the ones before, and last the command line's ``--config``.

    Parameters
    ----------
    layers : dict
        {what messages call it: its content}, in order.
    """

    def __init__(self, layers):
        self.layers = layers

    def __str__(self):
        return " + ".join(self.layers)

    def holding(self, *keys):
        """The last file that has a key, given with those above it, which is the one that counts; all where none has."""
        return next((name for name in reversed(self.layers) if has(self.layers[name], keys)), str(self))

    def folder(self, *keys):
        """The folder that paths of a key's value are relative to: its file's; of the command line the current one."""
        name = self.holding(*keys)
        return pathlib.Path(name).parent if name in self.layers and name != COMMAND_LINE else pathlib.Path()


def has(value, keys):
    """Whether nested mappings have a key, given with those above it."""
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def place(file, *keys):
    """``<file>, matrix[0].formats`` of ``file, "matrix", 0, "formats"``; the file alone where there is no key.

    ``file`` is a path or Files, of which the one is named that holds the first key.
    """
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    name = file.holding(*_in_layers(file, keys)) if keys and isinstance(file, Files) else file
    return f"{name}, {text.removeprefix('.')}" if keys else str(name)


def folder_of(file, *keys):
    """The folder that paths of a key's value are relative to; ``file`` is a path or Files (Files.folder)."""
    return file.folder(*keys) if isinstance(file, Files) else pathlib.Path(file).parent


def _in_layers(files, keys):
    """The first keys that one layer has: two files may each hold a part of one mapping."""
    lengths = (n for n in range(len(keys), 1, -1) if any(has(layer, keys[:n]) for layer in files.layers.values()))
    return keys[: next(lengths, 1)]


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
    """Validate plain data against ``config/schemas/<schema>.schema.yaml``, and fill in defaults in place.

    Raises ConfigError, which names the file, the key and, for a misspelt key, the most similar valid one.
    """
    rules = yaml.safe_load((SCHEMAS / f"{schema}.schema.yaml").read_text())
    validator = _with_defaults(jsonschema.Draft202012Validator)(rules)
    error = next(iter(sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.path)))), None)
    if error is None:
        return value
    where, problem, remedy = _explained(error)
    remedy = f"{remedy} All keys and their values: {SCHEMAS.parent.name}/{SCHEMAS.name}/{schema}.schema.yaml."
    raise ConfigError(place(file, *where), problem, remedy.strip())


def _explained(error):
    """(keys, problem, remedy) of a violation of a schema."""
    keys = list(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        wrong = min((key for key in error.instance if key not in known), key=str)
        remedy = error.schema.get("replaced", {}).get(wrong) or f"{_inside(wrong, known)}{suggestion(wrong, known)}"
        return [*keys, str(wrong)], "there is no such key", remedy
    listed = error.validator == "type" and "array" in error.validator_value
    remedy = f"Write a list: {_as_list(error.instance)}." if listed else ""
    return keys, error.message, error.schema.get("remedy", remedy)


def _inside(key, known):
    """Where a key belongs that was written one level too high."""
    outer = [name for name, sub in known.items() if key in sub.get("items", {}).get("properties", {})]
    return f"It belongs into an entry of `{outer[0]}`. " if outer else ""


def _as_list(value):
    """A value as the only entry of a list, in YAML."""
    return yaml.safe_dump([value], default_flow_style=True, width=math.inf).strip()


def suggestion(wrong, known):
    """``Did you mean "x"?`` with the most similar known word, or a list of all known words."""
    return did_you_mean(difflib.get_close_matches(str(wrong), list(map(str, known)), 1, 0.5), known)


def did_you_mean(near, known):
    """``Did you mean "x" or "y"?`` with the words in ``near``; if there are none, a list of all known words."""
    quoted = [f'"{word}"' for word in near]
    return f"Did you mean {' or '.join(quoted)}?" if near else f"Known: {', '.join(sorted(map(str, known)))}."


class Loader(yaml.SafeLoader):
    """A YAML loader that keeps dates as text, as the schemas expect."""

    yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load_yaml(path):
    """Parse a YAML file. Raises ConfigError if it does not exist, or (with the line) if it is malformed."""
    try:
        return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader)
    except OSError as error:
        raise ConfigError(path, f"cannot be read ({error.strerror})", "Create it or name another file.") from error
    except yaml.YAMLError as error:
        raise ConfigError(path, f"not valid YAML: {error}", "Quote words that begin with * or !.") from error
