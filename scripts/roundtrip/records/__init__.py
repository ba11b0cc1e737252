"""The schema of each record; steps, judge, report and tests use the same schemas.

``reference.json``  the results of uninterrupted training (scripts/train.py)
``manifest.json``   the results of a save (scripts/save.py, scripts/bridge.py)
``observed.json``   the results of a load (scripts/load.py)
``verdict.json``    the verdict on a path (host.judge)

Each schema is JSON Schema (roundtrip.schema). The writer raises an error for a key that is not declared. Arrays are
in the ``.npz`` beside a record, and the record has an ARRAY entry for each.
"""

from roundtrip.records.parts import NOTES
from roundtrip.records.steps import MANIFEST, OBSERVATION, OUTCOMES, REFERENCE
from roundtrip.records.verdict import OUTCOMES_OF_A_PATH, VERDICT

__all__ = ["NOTES", "OUTCOMES", "OUTCOMES_OF_A_PATH"]

#: kind of record -> its schema
SCHEMAS = {
    "reference": REFERENCE,
    "manifest": MANIFEST,
    "observed": OBSERVATION,
    "verdict": VERDICT,
}
