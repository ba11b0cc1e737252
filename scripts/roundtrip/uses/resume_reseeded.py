"""Resume training after the reference's random seeds are restored by hand, to show whether anything else is missing.

No format promises the seeds of dropout, so a plain resume cannot repeat the uninterrupted training. Only this use
takes something from the reference: the values of the variables with the role ``rng``.
"""

import numpy as np

from roundtrip import state
from roundtrip.record import read_record
from roundtrip.uses import resume

TITLE = "resume, random seeds put back by hand"
APIS = {"keras3": ""}
NEEDS = resume.NEEDS
COMPARES = tuple(facet for facet in resume.COMPARES if facet != "rng_state")
REQUIRES = {"rng": "a model without random layers has no seeds to put back"}


def run(ctx, loaded, record):
    wanted = [e for e in read_record(ctx.reference)["state"] if e["role"] == "rng"]
    found = [v for _, role, v in state.variables(ctx.rt, loaded.model) if role == "rng"]
    if len(wanted) != len(found):
        raise ValueError("%d random seeds in the reference, %d in the loaded model" % (len(wanted), len(found)))
    with np.load(ctx.reference[: -len(".json")] + ".npz") as arrays:
        for entry, variable in zip(wanted, found):
            variable.assign(arrays[entry["key"]])
    resume.run(ctx, loaded, record)
