"""What a loader gives back: a Keras model, or a callable where the format keeps no more."""

from roundtrip import training


class Loaded(object):
    """A loaded artifact.

    Parameters
    ----------
    model : Keras model or None
    predict : callable or None
        From the test inputs to outputs, where there is no Keras model (a signature, say).
    callbacks : list
        Callbacks that belong to resuming (BackupAndRestore).
    initial_epoch : int or None
        Where resumed training starts counting; the epochs before where None.
    keep : object
        Kept referenced as long as this is (what ``tf.saved_model.load`` returned: functions taken from it
        hold it weakly).
    signatures : dict
        {signature: {"inputs": {name: [shape, dtype]}, "outputs": {...}}} of what keeps signatures.
    facts : dict
        What the loader noted, e.g. the restore status of a checkpoint (roundtrip.records.NOTES).
    """

    def __init__(
        self, model=None, predict=None, callbacks=(), initial_epoch=None, keep=None, signatures=None, facts=None
    ):
        self.model, self.callable, self.callbacks = model, predict, list(callbacks)
        self.initial_epoch, self.keep = initial_epoch, keep
        self.signatures, self.facts = signatures, facts or {}

    def observe(self, ctx, record):
        """Record what can be seen before any use: description and state."""
        if self.facts:
            record.facts["notes"] = self.facts
        if self.model is not None:
            record.facts["describe"] = ctx.describe(self.model)
            record.facts["state"] = record.state(ctx.capture(self.model))

    def predict(self, ctx):
        """(structure, leaves) of the outputs for the test inputs."""
        if self.model is not None and self.callable is None:
            return ctx.predict(self.model)
        return training.flatten(self.callable(ctx.data.test[0]))
