"""What a reproduction compares before saving and after loading, and which error it catches."""

import builtins

from host.reproduce import looks
from host.reproduce.claim import COMPARED, places
from host.reproduce.sources import CannotReproduce, Place

PIECES = "roundtrip.pieces"
#: use -> (what it is called, its statement, the piece that it needs)
USES = {
    "resume": ("training on", "fit(model, EPOCHS, EPOCHS + MORE_EPOCHS)", None),
    "resume_reseeded": ("training on", "fit(model, EPOCHS, EPOCHS + MORE_EPOCHS)", None),
    "evaluate": ("evaluating", "evaluate(model)", "evaluate"),
    "inference": ("predicting", "predict(model)", "predict"),
    "serve": ("predicting", "predict(model)", "predict"),
    "trace": ("predicting", "predict(model)", "predict"),
}
#: uses that go on with another model, and the piece that makes it
TRANSFERS = ("transfer_model", "transfer_layers")


class Comparison:
    """Takes what the comparison needs; ``parts()`` are the template's variables.

    Parameters
    ----------
    composer : host.reproduce.compose.Composer
    cut : host.reproduce.cut.Cut
    loaded_class : bool
        Whether the loader gives more than a Keras model.
    """

    def __init__(self, composer, cut, loaded_class):
        self.composer, self.cut, self.claim = composer, cut, composer.claim
        self.producer, self.consumer, self.use = composer.producer, composer.consumer, composer.cell["use"]
        self.callable_only = loaded_class and not {"fit", "evaluate"} & set(composer.loader.GIVES)
        self.looked = self._shown()
        self.resumes = "resume_trajectory" in self.looked and not self.claim.outcome

    def _shown(self):
        """The facets that are compared. Raises CannotReproduce where there is none, and no error either."""
        if self.claim.outcome and self.claim.stage != "use":
            return []
        sides = self.producer, self.consumer
        shown = [facet for facet in self.claim.facets if looks.shows(facet, self.claim.lost, *sides)]
        if not shown and not self.claim.outcome:
            apis = " and ".join(sorted({self.producer.api, self.consumer.api}))
            raise CannotReproduce(f"{', '.join(self.claim.facets)}: not comparable by a short file in {apis}")
        return shown

    def parts(self):
        names = [facet for facet in self.looked if facet != "resume_trajectory"]
        before, after = {}, {}
        for facet in names:
            if facet in looks.DESCRIBED:
                self.cut.keep(Place(*looks.DESCRIBED[facet][1]), places(self.composer.verdict, facet))
            before[facet] = self._look(facet, self.producer, False)
            after[facet] = self._look(facet, self.consumer, self.callable_only), COMPARED[facet]
        for name in sorted({COMPARED[f] for f in names} | ({"close"} if self.resumes else set())):
            self.cut.add(f"{PIECES}.compare", name, name)
        return {
            "looks": before,
            "looks_after": after,
            "resumes": self.resumes,
            "final_state": self._final_state() if self.resumes else None,
            "seeds": self._seeds(),
            "prepare": self._prepare(names),
            "transfer": self._transfer(),
            **self._failure(),
        }

    def _look(self, facet, side, callable_only):
        expression, definitions = looks.look(facet, side, callable_only)
        for module, name in definitions:
            self.cut.add(module, name, name)
        return expression

    def _final_state(self):
        expression, definitions = looks.final_state(self.consumer)
        for module, name in definitions:
            self.cut.add(module, name, name)
        return expression

    def _seeds(self):
        """The use that puts the random seeds back by hand needs their values."""
        if self.use != "resume_reseeded" or not self.looked:
            return None
        self.cut.add(f"{PIECES}.training", "put_seeds_back", "put_seeds_back")
        return self._look("rng_state", self.producer, False)

    def _prepare(self, names):
        """The function that creates an older optimizer's variables after loading."""
        side = self.consumer
        if "optimizer_state" not in names or side.api in ("keras3", "tf1"):
            return None
        if not side.graph and side.version >= (2, 11):
            return None
        name = "make_train_function" if side.graph else "create_slots"
        self.cut.add(f"{PIECES}.training", name, name)
        return name

    def _transfer(self):
        if self.use not in TRANSFERS:
            return None
        self.cut.add(f"{PIECES}.training", self.use, "transferred")
        return "transferred"

    def _failure(self):
        """Where the file catches which error."""
        claim = self.claim
        stage = claim.stage if claim.outcome in ("refused", "out_of_memory") else None
        during_fit = stage == "save" and not hasattr(self.composer.format, "save")
        known = bool(claim.error) and hasattr(builtins, claim.error)
        word, statement = self._used() if stage == "use" else (None, None)
        return {
            "fit_in_try": during_fit,
            "save_in_try": stage == "save" and not during_fit,
            "load_in_try": stage == "load",
            "use": statement,
            "use_word": word,
            "error_class": (claim.error if known else "Exception") if stage else None,
            "error_name": None if known else claim.error,
            "timeout": self.composer.settings["seconds"] if claim.outcome == "timeout" else None,
            "crashes": claim.outcome == "crashed",
        }

    def _used(self):
        """The word and the statement of a use that fails."""
        if self.use not in USES:
            raise CannotReproduce(f"the use {self.use} failed, and a reproduction does not repeat it")
        word, statement, piece = USES[self.use]
        if self.callable_only:
            return word, "loaded.predict(TEST[0])"
        if piece:
            self.cut.add(looks.piece(self.consumer), piece, piece)
        return word, statement
