"""A record's seal: a checksum over its facts, so that one that was changed since is noticed and is no evidence."""

import hashlib
import json

KEY = "checksum"


def checksum(facts):
    """SHA-256 over the facts as JSON, the seal itself left out."""
    rest = {key: value for key, value in facts.items() if key != KEY}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode("ascii")).hexdigest()


def sealed(facts):
    """The facts with their seal."""
    return dict(facts, **{KEY: checksum(facts)})


def is_whole(facts):
    """Whether the facts are those that were sealed."""
    return facts.get(KEY) == checksum(facts)
