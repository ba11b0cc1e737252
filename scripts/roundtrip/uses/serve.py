"""Serving: call the signature with the test inputs, as a server would that knows the names and nothing more."""

from roundtrip.uses import inference

TITLE = "serve"
NEEDS = ("signature",)
COMPARES = ("signatures", "predictions")


def run(ctx, loaded, record):
    record.facts["signatures"] = loaded.signatures
    inference.run(ctx, loaded, record)
