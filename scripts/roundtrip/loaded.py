"""The result of a loader: a Keras model, or a callable if the format holds no Keras model."""

from roundtrip import training


class Loaded(object):
    """A loaded artifact.

    Parameters
    ----------
    model : Keras model or None
    predict : callable or None
        Maps the test inputs to outputs, if there is no Keras model (e.g. a signature).
    callbacks : list
        Callbacks for resumed training (BackupAndRestore).
    initial_epoch : int or None
        The first epoch of resumed training; None means the number of epochs before.
    keep : object
        An object that must stay alive and is not used otherwise, e.g. the result of ``tf.saved_model.load``, to which
        its functions hold only weak references.
    server : object or None
        The running server, for the use ``serve_http`` (``http`` in the loader's GIVES).
    look : callable or None
        Reports how much of a rewritten graph is executed, for the use ``trace`` (``trace`` in the loader's GIVES).
    signatures : dict
        {signature: {"inputs": {name: [shape, dtype]}, "outputs": {...}}} of an artifact with signatures.
    takes, call : dict and callable, or None
        What ``read`` gives where there is no Keras model: {input: [shape, dtype]}, and a function that maps
        {input: array} to {output: array}.
    variables : dict or None
        {name: array} of the variables, if there is no Keras model.
    facts : dict
        Notes of the loader, e.g. the restore status of a checkpoint (roundtrip.records.NOTES).
    """

    #: the other attributes -> their defaults
    DEFAULTS = {
        "callbacks": (),
        "initial_epoch": None,
        "keep": None,
        "server": None,
        "look": None,
        "signatures": None,
        "takes": None,
        "call": None,
        "variables": None,
        "facts": {},
    }

    def __init__(self, model=None, predict=None, **given):
        unknown = sorted(set(given) - set(self.DEFAULTS))
        if unknown:
            raise TypeError("a loaded artifact has no %s" % ", ".join(unknown))
        self.model, self.callable = model, predict
        self.__dict__.update(self.DEFAULTS, **given)

    def observe(self, ctx, record):
        """Record the description and the state before any use."""
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
