"""What each record holds: the one declaration that steps, judge, report and tests write and read by.

``reference.json``  what training without a break gives (scripts/train.py)
``manifest.json``   what a save left (scripts/save.py, scripts/bridge.py)
``observed.json``   what a load gave (scripts/load.py)
``reading``         what a route gave of an artifact that the user brought (scripts/pretrained.py)
``verdict.json``    what the judge says of a path (host.judge)

Each is a schema in JSON Schema's words (roundtrip.schema). A key that is not declared is an error where it is
written. Arrays lie in the ``.npz`` beside a record; the record has their ARRAY entries.
"""

from roundtrip.records.parts import NOTES
from roundtrip.records.steps import MANIFEST, OBSERVATION, OUTCOMES, READING, REFERENCE
from roundtrip.records.verdict import OUTCOMES_OF_A_PATH, VERDICT

__all__ = ["NOTES", "OUTCOMES", "OUTCOMES_OF_A_PATH"]

#: kind of record -> its file's name, where that is another
FILES = {"reading": "observed"}
#: kind of record -> its schema
SCHEMAS = {
    "reference": REFERENCE,
    "manifest": MANIFEST,
    "observed": OBSERVATION,
    "reading": READING,
    "verdict": VERDICT,
}
