"""Where a path ended, and whose fault that is. The earliest failure decides.

host.judge.of_user says which endings are the doing of a user's model.
"""

import dataclasses

#: outcomes of a failed step
FAILED = ("refused", "crashed", "timeout", "out_of_memory")
#: ending that is no fault of the path -> (verdict, reason)
NO_FAULT_OF_THE_PATH = {
    "unbuildable": ("unbuildable", "The environment could not be built: {message}"),
    "not_trained": ("not_reproducible", "Training failed, which is a fault of the harness: {message}"),
    "not_reproducible": (
        "not_reproducible",
        "The second training run did not reach the reference's state bit for bit: a fault of the harness.",
    ),
    "user_code": ("user_code", "The user's own code, or data: {message}"),
    "not_applicable": ("not_applicable", "Left out: {message}"),
    "not_rewritten": (
        "not_reproducible",
        "The reference's training step executed no node of the rewrite: the modifier had no effect.",
    ),
}


@dataclasses.dataclass(frozen=True)
class Ending:
    """Where a path ended.

    Parameters
    ----------
    outcome : str
        ``loaded``, one of FAILED, or a key of NO_FAULT_OF_THE_PATH.
    stage : str or None
        Where an error occurred: ``train``, ``save``, ``load`` or ``use``.
    record : dict
        The facts of the step in which the path ended.
    """

    outcome: str
    stage: str | None
    record: dict

    @property
    def error(self):
        return self.record.get("error")

    @property
    def failed(self):
        return self.outcome in FAILED

    @property
    def reached_use(self):
        """Whether a model was loaded, so that there is something to compare."""
        return self.stage in (None, "use") and self.outcome not in NO_FAULT_OF_THE_PATH

    @classmethod
    def of(cls, records, path):
        """The Ending of a Path with these Records.

        A failed save is a failure of the path. Training that fails or does not repeat bit for bit is our fault.
        """
        steps = (records.reference, records.manifest, records.observed)
        unbuildable = [step for step in steps if step["outcome"] == "unbuildable"]
        if unbuildable:
            return cls("unbuildable", None, unbuildable[0])
        if records.reference["outcome"] != "done":
            return cls("not_trained", "train", records.reference)
        if _switched_off(records.reference, path.modifier):
            return cls("not_rewritten", None, records.reference)
        if records.manifest["outcome"] != "done":
            return cls._at_save(records.manifest, path.fmt)
        if not records.manifest["reproducible"] and "own" not in records.manifest:
            return cls("not_reproducible", "save", records.manifest)
        return cls._at_load(records.observed)

    @classmethod
    def _at_save(cls, manifest, fmt):
        """A format that writes during fit (``callbacks``, ``fit``) fails at stage train, and that is a failed save."""
        stage = (manifest.get("error") or {}).get("stage") or "save"
        ours = stage == "open" or (stage == "train" and not fmt.WRITES_IN_FIT)
        return cls("not_trained", stage, manifest) if ours else cls(manifest["outcome"], "save", manifest)

    @classmethod
    def _at_load(cls, observed):
        if observed["outcome"] not in FAILED:
            return cls(observed["outcome"], None, observed)
        stage = (observed.get("error") or {}).get("stage") or "load"
        return cls(observed["outcome"], "load" if stage == "open" else stage, observed)


def _switched_off(reference, modifier):
    """Whether a modifier that rewrites graphs had no effect in the reference run."""
    return "rewrites" in modifier.TRAITS and not (reference.get("graph_rewrite") or {}).get("executed")
