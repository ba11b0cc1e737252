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
        Kept referenced as long as this is, and used by nobody (what ``tf.saved_model.load`` returned: functions taken
        from it hold it weakly).
    server : object or None
        The running server, for the use that asks it over HTTP (``http`` of the loader's GIVES).
    look : callable or None
        What a step executes of a rewritten graph, for the use that traces (``trace`` of the loader's GIVES).
    signatures : dict
        {signature: {"inputs": {name: [shape, dtype]}, "outputs": {...}}} of what keeps signatures.
    facts : dict
        What the loader noted, e.g. the restore status of a checkpoint (roundtrip.records.NOTES).
    """

    #: attribute beside model and predict -> what holds where a loader says nothing
    DEFAULTS = {
        "callbacks": (),
        "initial_epoch": None,
        "keep": None,
        "server": None,
        "look": None,
        "signatures": None,
        "facts": {},
    }

    def __init__(self, model=None, predict=None, **given):
        unknown = sorted(set(given) - set(self.DEFAULTS))
        if unknown:
            raise TypeError("a loaded artifact has no %s" % ", ".join(unknown))
        self.model, self.callable = model, predict
        self.__dict__.update(self.DEFAULTS, **given)

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
