"""Reads data files, checks them against a schema, fills in defaults. Errors name the file, the key and the remedy."""

import copy
import difflib
import pathlib

import jsonschema
import yaml

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "config" / "schemas"


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


def place(file, *keys):
    """``<file>, matrix[0].formats`` for ``file, "matrix", 0, "formats"``; only the file if there is no key."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return f"{file}, {text.removeprefix('.')}" if keys else str(file)


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
    hint = ""
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        for wrong in sorted(set(error.instance) - set(known)):
            hint += f"{suggestion(wrong, known)} "
    remedy = f"{hint}All keys and their values: {SCHEMAS.parent.name}/{SCHEMAS.name}/{schema}.schema.yaml."
    raise ConfigError(place(file, *error.absolute_path), error.message, remedy)


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
