"""Compare what was saved with what came back."""

import numpy as np


def identical(expected, observed):
    """A line for each variable that is missing or has other bits."""
    return ["%s: %s" % (name, words) for name, words in pairs(expected, observed, different)]


def close(expected, observed):
    """A line for each array that differs by more than computed values may."""
    return ["%s: %s" % (name, words) for name, words in pairs(expected, observed, apart)]


def pairs(expected, observed, compare):
    """Match arrays by name, the others by order, dtype and shape."""
    names = {entry[0] for entry in expected}
    by_name = {entry[0]: entry for entry in observed}
    others = [entry for entry in observed if entry[0] not in names]
    for name, dtype, values in expected:
        same = [o for o in others if o[1] == dtype and np.shape(o[2]) == np.shape(values)]
        match = by_name.get(name) or (same and others.pop(others.index(same[0])))
        words = compare((dtype, values), match[1:]) if match else "missing"
        if words:
            yield name, words
    for name, _, _ in others:
        yield name, "was not there"


def different(expected, observed):
    """How two arrays differ, bit for bit; None if they do not."""
    (dtype, a), (other, b) = expected, observed
    if dtype != other or np.shape(a) != np.shape(b):
        return "%s %s, expected %s %s" % (other, np.shape(b), dtype, np.shape(a))
    a, b = np.ravel(a), np.ravel(b)
    wrong = np.flatnonzero((a != b) & ((a == a) | (b == b)))
    if len(wrong):
        return "%d of %d values differ, the first is %s, expected %s" % (len(wrong), a.size, b[wrong[0]], a[wrong[0]])
    return None


def apart(expected, observed):
    """How two arrays differ by more than 1e-5 (16 bits: 1e-2) of the value and 1e-6 (1e-3); None if they do not."""
    (dtype, a), (_, b) = expected, observed
    relative, absolute = (1e-2, 1e-3) if "16" in dtype else (1e-5, 1e-6)
    numbers = dtype.startswith(("float", "bfloat"))
    if numbers and np.shape(a) == np.shape(b) and np.allclose(b, a, relative, absolute, equal_nan=True):
        return None
    return different(expected, observed)


def described(expected, observed, path=""):
    """A line for each place where two descriptions differ."""
    if isinstance(expected, dict) and isinstance(observed, dict):
        keys = sorted(set(expected) | set(observed))
        return [line for k in keys for line in described(expected.get(k), observed.get(k), "%s.%s" % (path, k))]
    if isinstance(expected, list) and isinstance(observed, list) and len(expected) == len(observed):
        both = enumerate(zip(expected, observed))
        return [line for i, (a, b) in both for line in described(a, b, "%s[%d]" % (path, i))]
    same = expected == observed and type(expected) is type(observed)
    return [] if same else ["%s: %r, expected %r" % (path.lstrip("."), observed, expected)]


def compiled(expected, observed):
    """Like described; a loss or a metric that one side gives by its name alone has no config to compare."""
    for kind in ("loss", "metrics", "weighted_metrics"):
        for a, b in zip((expected or {}).get(kind, ()), (observed or {}).get(kind, ())):
            if "name" in a and (a["name"].endswith("_" + b["name"]) or b["name"].endswith("_" + a["name"])):
                b["name"] = a["name"]  # Keras 2 puts an output's name before a metric's
            if a.get("config") is None or b.get("config") is None:
                a["config"] = b["config"] = None
    return described(expected, observed)
