"""Puts back into a live model what a file holds: weights, the optimizer's variables, its class and arguments."""

from rescue.casting import cast
from rescue.compiled import differing_arguments, inner_stated, make_optimizer, stated_optimizer
from rescue.flags import differing_flags
from rescue.layers import Refused
from rescue.live import keras_of, live_assign, live_value, live_weights
from rescue.live_optimizer import (
    compiled_optimizer,
    create_slots,
    give_optimizer,
    live_slots,
    usable_optimizer,
)
from rescue.losses import compile_arguments
from rescue.match import match_weights
from rescue.options import Options
from rescue.place import Placing
from rescue.reading import read_held
from rescue.report import Report


def rescue(model, path, custom_objects=None, **options):
    """Put back into a model what a file holds and its loader left there.

    Parameters
    ----------
    model : Keras model
        With all its weights created: built by your code, or loaded by any loader.
    path : str
        ``.h5``, ``.keras``, ``.weights.h5``, ``.weights.json``, or the folder or prefix of a checkpoint or SavedModel.
    custom_objects : dict, {name: class or function} of your own optimizers, schedules, losses and metrics
    options : dry_run=True, damaged=True, parts=[...], see Options

    Returns
    -------
    Report

    Raises
    ------
    Refused : the file does not fit the model, or its parts could be confused. Nothing was changed.
    Unreadable : the file, or a part of it, cannot be read.
    """
    options = Options(**options)
    held = read_held(str(path), options.damaged)
    return _Rescue(model, held, options.parts, custom_objects, Report(str(path), options.dry_run)).run()


class _Rescue(object):
    """One rescue: first everything is matched, then everything is assigned, then everything is compared."""

    def __init__(self, model, held, parts, custom_objects, report):
        self.model, self.held, self.parts, self.objects = model, held, parts, custom_objects
        self.report, self.keras = report, keras_of(model)
        self.flags_before = []
        report.damage = held.damage

    def run(self):
        """Put everything back. Whatever it raises, the flags of the layers are then as they were."""
        try:
            return self._run()
        except Exception:
            for layer, flag in self.flags_before:
                layer.trainable = flag
            raise

    def _run(self):
        lives = live_weights(self.model)
        pairs = match_weights(self.held, lives, self.model)
        assignments = self._of_weights(pairs, lives) if "weights" in self.parts else []
        self._flags()
        optimizer = self._optimizer() if {"optimizer", "compile"} & set(self.parts) else None
        if optimizer is not None and "optimizer" in self.parts:
            assignments += self._of_optimizer(optimizer, pairs)
        if not self.report.dry_run:
            self._attach(optimizer)
            for variable, value in assignments:
                live_assign(variable, value)
            self._compare(assignments)
        return self.report

    def _of_weights(self, pairs, lives):
        """[(variable, value)] of the weights that are not right yet."""
        used = {id(weight) for weight, _ in pairs}
        paired = {id(live.variable) for _, live in pairs}
        self.report.unused += [w.path for w in self.held.weights if id(w) not in used]
        self.report.absent += ["%s/%s" % (w.layer, w.tail) for w in lives if id(w.variable) not in paired]
        listed = [("%s/%s" % (live.layer, live.tail), live.variable, w, "name") for w, live in pairs]
        return self._to_assign(listed)

    def _flags(self):
        """Freeze and unfreeze layers as the file says; this decides which weights the optimizer has slots for."""
        differing = differing_flags(self.model, self.held.config) if "flags" in self.parts else []
        for layer, flag in differing:
            self.report.changes.append("trainable of %s: %s, the file says %s" % (layer.name, layer.trainable, flag))
            if self.report.dry_run:
                self.report.notes.append("%s: slots are mapped as its present flag has them" % layer.name)
            else:
                self.flags_before.append((layer, layer.trainable))
                layer.trainable = flag

    def _to_assign(self, listed):
        """[(variable, value)] of (what, variable, entry of the file, how) where the values differ; fills the report."""
        assignments = []
        for what, variable, entry, how in listed:
            now = live_value(variable)
            value = cast(entry.value, now, entry.path)
            if now.tobytes() == value.tobytes():
                self.report.already.append(what)
            else:
                self.report.restored.append((what, entry.path, how))
                assignments.append((variable, value))
        return assignments

    def _optimizer(self):
        """The optimizer that the model is to have: its own, or a new one with the file's class and arguments."""
        stated, own = stated_optimizer(self.held), compiled_optimizer(self.model)
        if stated is None or "compile" not in self.parts:
            return usable_optimizer(self.model)
        notes = []
        wanted = make_optimizer(self.keras, stated, self.objects, notes)
        differing = ["the optimizer: none, the file says %s" % stated[0]]
        if own is not None:
            differing = differing_arguments(own, wanted)
        self.report.notes += notes
        if not differing:
            return usable_optimizer(self.model)
        self.report.changes += differing
        create_slots(wanted, self.model.trainable_weights)
        return wanted

    def _of_optimizer(self, optimizer, pairs):
        trainable = list(self.model.trainable_weights)
        slots = live_slots(optimizer, trainable)
        stated = inner_stated(stated_optimizer(self.held))
        name = stated[0] if stated else type(optimizer).__name__
        placing = Placing(self.held, pairs, slots, trainable, name)
        if placing.without_slots():
            self.report.notes.append("no slot of the file's optimizer has a place, so its step counter is left too")
            placing.forget()
        names = ["%s/%s" % (w.layer, w.tail) for w in live_weights(self.model)]
        places = {id(w.variable): name for w, name in zip(live_weights(self.model), names)}
        listed = []
        for slot in slots:
            key = (slot.slot, slot.weight, slot.depth)
            of = "" if slot.weight is None else " of " + places.get(id(trainable[slot.weight]), "?")
            if key in placing.values:
                variable, how = placing.values[key]
                listed.append(("optimizer: %s%s" % (slot.slot, of), slot.variable, variable, how))
            else:
                self._not_in_file(slot, of)
        self.report.unused += [v.path for v in placing.left]
        return self._to_assign(listed)

    def _not_in_file(self, slot, of):
        """A learning rate comes from the config where the file's Keras has no variable for it."""
        rate = slot.slot == "learning_rate" and stated_optimizer(self.held) is not None and "compile" in self.parts
        if not rate:
            self.report.absent.append("optimizer: %s%s" % (slot.slot, of))

    def _attach(self, optimizer):
        """Give the model its optimizer; a model that is not compiled is compiled with the file's losses and metrics."""
        if optimizer is None or optimizer is compiled_optimizer(self.model):
            return
        if compiled_optimizer(self.model) is None:
            arguments = compile_arguments(self.held, self.keras, self.objects, self.report.notes)
            if arguments is None:
                raise Refused("the model is not compiled, and the file states no loss: compile the model first")
            self.model.compile(optimizer=optimizer, **arguments)
            return
        give_optimizer(self.model, optimizer)

    @staticmethod
    def _compare(assignments):
        """Read everything again: what was assigned must be there bit for bit."""
        for variable, value in assignments:
            now = live_value(variable)
            if now.tobytes() != value.tobytes():
                raise RuntimeError("%r did not keep the value that was assigned to it" % (variable,))
