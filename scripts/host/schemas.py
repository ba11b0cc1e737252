"""Data files checked against a schema: defaults filled in, each error with the file, the key and the remedy."""

import copy
import difflib
import pathlib

import jsonschema
import yaml

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "config" / "schemas"


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
