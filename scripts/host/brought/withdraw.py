"""Remove the manifest of a copy that is no longer what was taken, so that the next run copies the artifact anew.

    PYTHONPATH=scripts python -m host.brought.withdraw MANIFEST

A step in a sandbox cannot remove it, and what such a step says is not believed. So the host looks itself, after the
step has failed: it hashes the copy, and at most removes the file that its own command line names.
"""

import os
import sys

from roundtrip import faults
from roundtrip.artifact import changed, changed_beside
from roundtrip.record import read_record


def why(manifest):
    """How a copy differs from what was taken, in words; empty where it does not."""
    folder = os.path.dirname(manifest)
    try:
        facts = read_record(manifest)
    except faults.NotRun as error:
        return str(error)
    return ", ".join(filter(None, (changed(facts, os.path.join(folder, "artifact")), changed_beside(facts, folder))))


def main(argv):
    (manifest,) = argv
    reason = why(manifest)
    if reason:
        faults.discard(manifest)
        print(f"{manifest} is removed, and the next run copies the artifact again: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
