"""Compares two plain JSON values, and names each place that differs by its path."""

from host.judge.result import missing, not_compared, of_places


def compare_json(reference, observed):
    """The Result of comparing two plain JSON values."""
    if reference is None:
        return not_compared("nothing to compare: the reference has none")
    if observed is None:
        return missing()
    return of_places(differences(reference, observed), count_leaves(reference))


def differences(reference, observed, path=""):
    """Yield one line for each place where two JSON values differ."""
    if isinstance(reference, dict) and isinstance(observed, dict):
        for key in sorted(set(reference) | set(observed)):
            here = f"{path}.{key}" if path else key
            if key not in observed:
                yield f"{here}: missing, was {short(reference[key])}"
            elif key not in reference:
                yield f"{here}: {short(observed[key])}, was not there"
            else:
                yield from differences(reference[key], observed[key], here)
    elif isinstance(reference, list) and isinstance(observed, list) and len(reference) == len(observed):
        for i, (a, b) in enumerate(zip(reference, observed, strict=True)):
            yield from differences(a, b, f"{path}[{i}]")
    elif reference != observed or type(reference) is not type(observed):
        yield f"{path or 'value'}: {short(observed)}, was {short(reference)}"


def count_leaves(value):
    if isinstance(value, dict):
        return sum(map(count_leaves, value.values()))
    if isinstance(value, list):
        return sum(map(count_leaves, value))
    return 1


def short(value, limit=160):
    """A value as text, cut to ``limit`` characters."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
